//! Packs of rules, as a repository brings them.

#![no_main]

use holdpoint::config::pack_file::{beside_built_in, name_is_taken, parse_pack};
use holdpoint::decide::trial;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(pack) = parse_pack(text.to_owned(), "pack.yaml") {
        let _ = name_is_taken(&pack);
        let _ = trial::flaws_of_form(&pack, beside_built_in(pack));
    }
});
