//! Shell text, valid or not: a tree or something opaque, at once.

#![no_main]

use holdpoint::decide::syntax::shell;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    drop(shell::read_bytes(bytes));
});
