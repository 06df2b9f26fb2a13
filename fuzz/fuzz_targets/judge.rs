//! Whole commands: whatever they say, the judge answers, and no wrapper makes the answer milder.

#![no_main]

use holdpoint_fuzz::{decide, with_word};

libfuzzer_sys::fuzz_target!(|text: &str| {
    // `bash -c -x` is an option and no text.
    if text.starts_with(['-', '+']) {
        return;
    }
    let bare = decide(text);
    for around in ["bash -c @", "sudo sh -c @", "env A=1 timeout 5 bash -c @", "eval @"] {
        let wrapped = decide(&with_word(around, text));
        assert!(wrapped >= bare, "{bare:?} became {wrapped:?} in {around}");
    }
});
