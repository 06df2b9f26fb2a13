//! Private keys in text.

use super::reader::{Manner, Met};

const BEGIN: &[u8] = b"-----BEGIN ";
const PRIVATE: &[u8] = b"PRIVATE KEY";
const END: &[u8] = b"-----END ";
const PUTTY: &[u8] = b"PuTTY-User-Key-File-";

/// The longest name between `BEGIN` and `PRIVATE KEY`.
const LONGEST_NAME: usize = 40;
/// So far behind the first line a line of the key must stand: encrypted keys have headers.
const HEADERS: usize = 400;
/// The shortest line of a key. Code that looks for keys names their first line, and has none.
const SHORTEST_LINE: usize = 40;

/// Private keys with something in them. Those of tests are made for them.
pub(super) fn private_keys(text: &[u8], manner: Manner) -> Vec<Met> {
    let mut met = Vec::new();
    if manner.quiet {
        return met;
    }
    for at in memchr::memmem::find_iter(text, BEGIN) {
        let name_at = at + BEGIN.len();
        let name = text.get(name_at..).unwrap_or_default();
        let name = name.get(..LONGEST_NAME.min(name.len())).unwrap_or_default();
        let Some(length) = memchr::memmem::find(name, PRIVATE) else { continue };
        if name.get(..length).is_some_and(|before| before.contains(&b'-')) {
            continue;
        }
        let body = text.get(name_at + length + PRIVATE.len()..).unwrap_or_default();
        let end = memchr::memmem::find(body, END).unwrap_or(body.len());
        let body = body.get(..end).unwrap_or_default();
        if has_key_line(body.get(..HEADERS.min(body.len())).unwrap_or_default()) {
            let end = name_at + length + PRIVATE.len() + body.len();
            met.push(Met { at: at..end, kind: "private key".to_owned() });
        }
    }
    if text.starts_with(PUTTY) {
        met.push(Met { at: 0..text.len(), kind: "private key".to_owned() });
    }
    met
}

fn has_key_line(body: &[u8]) -> bool {
    let in_line = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    body.chunk_by(|a, b| in_line(a) == in_line(b))
        .any(|run| run.len() >= SHORTEST_LINE && run.first().is_some_and(in_line))
}
