//! Code on command lines, in every language that is read.

#![no_main]

use holdpoint_fuzz::{decide, with_word};

libfuzzer_sys::fuzz_target!(|text: &str| {
    for program in [
        "python3 -c @",
        "node -e @",
        "perl -e @",
        "ruby -e @",
        "php -r @",
        "lua -e @",
        "awk @",
        "sed @",
        "Rscript -e @",
    ] {
        let _ = decide(&with_word(program, text));
    }
});
