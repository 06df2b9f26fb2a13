//! GraphQL documents, with variables and without.

#![no_main]

use holdpoint::decide::syntax::graphql;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (document, variables) = text.split_once('\0').unwrap_or((text, ""));
    let _ = graphql::read(document, None, None);
    let _ = graphql::read(document, Some(variables), Some("Q"));
});
