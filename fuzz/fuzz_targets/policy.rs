//! Policy files: read or refused with a report, and what only tightens never loosens.

#![no_main]

use holdpoint::config::layer::read_document;
use holdpoint::decide::policy::Origin;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for origin in [Origin::Repository, Origin::User, Origin::System] {
        let _ = read_document(text, "policy.yaml", origin).map_err(|error| error.to_string());
    }
});
