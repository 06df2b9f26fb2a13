//! How long a file and a function may be, what a file may be called, and where `unsafe` may stand.

use crate::source::{Source, read_below};
use std::fs;
use std::path::Path;

const LONGEST_FILE: usize = 500;
const LONGEST_FUNCTION: usize = 80;

/// Names that say nothing about what a file answers for.
const EMPTY_WORDS: [&str; 28] = [
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "shared",
    "base",
    "core",
    "manager",
    "handler",
    "processor",
    "controller",
    "service",
    "engine",
    "runtime",
    "types",
    "models",
    "data",
    "info",
    "do",
    "handle",
    "process",
    "get",
    "new",
    "old",
    "legacy",
    "simple",
];
/// A process is the kernel's noun, a simple command the shell grammar's: as a verb and as praise they say nothing.
const NOUNS: [&str; 2] = ["process", "simple"];

fn all() -> Vec<Source> {
    let sources = read_below(&["src", "tests", "benches", "build"]);
    assert!(sources.len() > 50, "the sources were not found: {} files", sources.len());
    sources
}

/// The functions of a file: name, first line, and how many lines from `fn` to the closing brace.
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let starts_word = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let name: String = code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if !starts_word || name.is_empty() {
            continue;
        }
        if let Some(length) = body_length(&code[at..]) {
            found.push((name, code[..at].matches('\n').count() + 1, length));
        }
    }
    found
}

/// Lines from here to the end of the body; `None` for a declaration without one.
fn body_length(code: &str) -> Option<usize> {
    let (mut braces, mut brackets) = (0_usize, 0_usize);
    for (at, letter) in code.char_indices() {
        match letter {
            ';' if braces == 0 && brackets == 0 => return None,
            '[' | '(' => brackets += 1,
            ']' | ')' => brackets = brackets.saturating_sub(1),
            '{' => braces += 1,
            '}' if braces == 1 => return Some(code[..at].matches('\n').count() + 1),
            '}' => braces = braces.saturating_sub(1),
            _ => {}
        }
    }
    None
}

#[test]
fn no_file_is_longer_than_five_hundred_lines() {
    let long: Vec<String> = all()
        .iter()
        .map(|source| (source.text.lines().count(), source.path.display()))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "asking for another room:\n{}", long.join("\n"));
}

#[test]
fn no_function_is_longer_than_eighty_lines() {
    let mut lengths = Vec::new();
    let mut long = Vec::new();
    for source in all() {
        for (name, line, length) in functions(&source.code) {
            lengths.push(length);
            if length > LONGEST_FUNCTION {
                long.push(format!("{}:{line}: `{name}` has {length} lines", source.path.display()));
            }
        }
    }
    lengths.sort_unstable();
    let at = |part: usize| lengths.get(lengths.len() * part / 100).copied().unwrap_or_default();
    println!("{} functions; median {} lines, nine in ten within {}", lengths.len(), at(50), at(90));
    assert!(lengths.len() > 200, "the functions were not found: {}", lengths.len());
    assert!(long.is_empty(), "asking for a second function:\n{}", long.join("\n"));
}

#[test]
fn functions_are_measured_with_their_signature_and_without_declarations() {
    let code =
        "trait T { fn declared(&self) -> [u8; 2]; }\npub fn two(\n    a: u8,\n) {\n    loop {}\n}\nfn one() {}\n";
    let found = functions(code);
    assert_eq!(found, [("two".to_owned(), 2, 5), ("one".to_owned(), 7, 1)]);
}

#[test]
fn file_names_say_what_they_answer_for() {
    let mut faults = Vec::new();
    for source in read_below(&["src", "tests", "benches"]) {
        for part in source.path.with_extension("").iter() {
            let part = part.to_string_lossy();
            let empty = part.split('_').any(|word| EMPTY_WORDS.contains(&word) && !NOUNS.contains(&&*part));
            if empty {
                faults.push(source.path.display().to_string());
            }
        }
    }
    assert!(faults.is_empty(), "names that say nothing: {faults:?}");
}

#[test]
fn unsafe_stands_only_in_the_cellar_and_each_with_its_reason() {
    let mut faults = Vec::new();
    for source in read_below(&["src"]) {
        let in_cellar = source.path.starts_with("src/sys");
        for (number, line) in source.code.lines().enumerate() {
            let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            if !words.clone().any(|word| word == "unsafe") {
                continue;
            }
            let place = format!("{}:{}", source.path.display(), number + 1);
            if !in_cellar {
                faults.push(format!("{place}: unsafe outside src/sys"));
            } else if !has_reason(&source.text, number) {
                faults.push(format!("{place}: unsafe without a // SAFETY: comment above it"));
            }
        }
        if source.text.contains("allow(unsafe_code)") && source.path != Path::new("src/lib.rs") {
            faults.push(format!(
                "{}: unsafe code is allowed in src/lib.rs for `sys`, nowhere else",
                source.path.display()
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Does a `SAFETY:` comment stand on this line, or in the lines above up to the statement's start?
fn has_reason(text: &str, number: usize) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    lines[number.saturating_sub(8)..=number].iter().any(|line| line.contains("SAFETY:") || line.contains("# Safety"))
}

#[test]
fn the_judgement_denies_what_reads_or_writes_the_world() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let contract = fs::read_to_string(root.join("src/decide/mod.rs")).expect("the contract of decide");
    for lint in ["clippy::disallowed_methods", "clippy::disallowed_types", "clippy::disallowed_macros"] {
        assert!(contract.contains(lint), "src/decide/mod.rs does not deny {lint}");
    }
    for source in read_below(&["src/decide"]) {
        assert!(!source.code.contains("allow(clippy::disallowed"), "{}", source.path.display());
    }
}
