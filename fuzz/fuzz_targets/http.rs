//! The command lines of HTTP clients.

#![no_main]

use holdpoint_fuzz::{decide, with_word};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = decide(&format!("curl {text}"));
    let _ = decide(&with_word("curl -X POST -d @ https://api.example.com/graphql", text));
    let _ = decide(&with_word("gh api graphql -f query=@", text));
});
