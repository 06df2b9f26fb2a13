//! Rust source with its comments and literals blanked out, so that what is left can be searched for words.

use std::fs;
use std::path::{Path, PathBuf};

/// One file of the crate.
pub(crate) struct Source {
    /// From the crate's root: `src/decide/shown.rs`.
    pub(crate) path: PathBuf,
    /// What stands in it.
    pub(crate) text: String,
    /// The same, with comments and literals replaced by blanks. Lines stay where they are.
    pub(crate) code: String,
}

/// Every Rust file below these directories of the crate.
pub(crate) fn read_below(directories: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    directories.iter().for_each(|directory| collect(&root.join(directory), &mut paths));
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source file is text");
        let path = path.strip_prefix(root).expect("below the root").to_owned();
        Source { path, code: blank(&text), text }
    };
    paths.into_iter().map(read).collect()
}

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for path in entries.map(|entry| entry.expect("a directory entry").path()) {
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// Replaces comments, strings and characters by blanks, and keeps every line's end.
pub(crate) fn blank(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        match literal_end(&letters, at) {
            Some(end) => {
                out.extend(letters[at..end].iter().map(|letter| if *letter == '\n' { '\n' } else { ' ' }));
                at = end;
            }
            None => {
                out.push(letters[at]);
                at += 1;
            }
        }
    }
    out
}

/// Where the comment or literal ends that begins here; `None` if none does.
fn literal_end(letters: &[char], at: usize) -> Option<usize> {
    let behind_word = at > 0 && (letters[at - 1].is_alphanumeric() || letters[at - 1] == '_');
    match letters[at..] {
        ['/', '/', ..] => Some(find(letters, at, |rest| rest[0] == '\n')),
        ['/', '*', ..] => Some(block_end(letters, at)),
        ['"', ..] => Some(string_end(letters, at + 1)),
        ['b' | 'c', '"', ..] if !behind_word => Some(string_end(letters, at + 2)),
        ['r', '"' | '#', ..] if !behind_word => raw_end(letters, at + 1),
        ['b' | 'c', 'r', '"' | '#', ..] if !behind_word => raw_end(letters, at + 2),
        ['\'', '\\', ..] => Some(find(letters, at + 3, |rest| rest[0] == '\'') + 1),
        ['\'', _, '\'', ..] => Some(at + 3),
        _ => None,
    }
}

fn find(letters: &[char], from: usize, is_end: impl Fn(&[char]) -> bool) -> usize {
    (from..letters.len()).find(|at| is_end(&letters[*at..])).unwrap_or(letters.len())
}

fn block_end(letters: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0);
    while at < letters.len() {
        match letters[at..] {
            ['/', '*', ..] => (at, depth) = (at + 2, depth + 1),
            ['*', '/', ..] if depth == 1 => return at + 2,
            ['*', '/', ..] => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
    }
    at
}

fn string_end(letters: &[char], from: usize) -> usize {
    let mut at = from;
    while at < letters.len() && letters[at] != '"' {
        at += if letters[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(letters.len())
}

fn raw_end(letters: &[char], from: usize) -> Option<usize> {
    let hashes = letters[from..].iter().take_while(|letter| **letter == '#').count();
    if letters.get(from + hashes) != Some(&'"') {
        return None; // `r#type` is a name.
    }
    let closed = |rest: &[char]| rest[0] == '"' && rest.iter().skip(1).take_while(|l| **l == '#').count() >= hashes;
    Some((find(letters, from + hashes + 1, closed) + 1 + hashes).min(letters.len()))
}

#[test]
fn only_code_is_left() {
    let text =
        "a /* \"x /* y */ */ b // use crate::z\nc(\"d \\\" // \", 'e', '\\'', r#\"f\"g\"#, b\"h\", 'i: loop {}) r#type";
    let code = blank(text);
    assert_eq!(code.lines().count(), text.lines().count());
    assert_eq!(code.split_whitespace().collect::<Vec<_>>().join(" "), "a b c( , , , , , 'i: loop {}) r#type");
}
