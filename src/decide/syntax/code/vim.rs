//! Vim's commands: lines that run a shell, and expressions with calls.

use super::super::Span;
use super::term::{Call, Named, Term};
use super::{Code, lexis, reader};
use std::rc::Rc;

/// What may stand in front of a command.
const BEFORE: [&str; 12] = [
    "silent!",
    "silent",
    "sil!",
    "sil",
    "noautocmd",
    "keepjumps",
    "bufdo",
    "argdo",
    "windo",
    "tabdo",
    "verbose",
    "exe",
];

/// Reads commands, one on each line.
pub(super) fn read(text: &str) -> Code {
    let mut code = reader::read(text, &lexis::VIM, &[]);
    for line in text.lines() {
        let Some(command) = shell_command(line) else { continue };
        let function = Named { path: "!".into(), on: None };
        code.calls.push(Rc::new(Call::new(function, vec![Term::text(command)], Vec::new(), Span::default())));
    }
    code
}

/// The text behind `:!`, `:silent !`, `:%!`, `:r !`, `:w !`, `:terminal`.
fn shell_command(line: &str) -> Option<&str> {
    let mut rest = line.trim_start_matches([':', ' ', '\t']);
    for _ in 0..8 {
        let word = rest.split([' ', '\t']).next().unwrap_or_default();
        if word.is_empty() || !BEFORE.contains(&word) {
            break;
        }
        rest = rest.get(word.len()..).unwrap_or_default().trim_start();
    }
    let range = rest.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '%' | ',' | '.' | '$' | '\'' | '<' | '>' | '+' | '-')
    });
    for word in ["read", "r", "write", "w", "terminal", "term", "te", ""] {
        let Some(behind) = range.strip_prefix(word) else { continue };
        let behind = behind.trim_start();
        if word.starts_with("te") && !behind.is_empty() && behind.len() < range.len() - word.len() {
            return Some(behind);
        }
        if let Some(command) = behind.strip_prefix('!').filter(|command| !command.is_empty()) {
            return Some(command);
        }
    }
    None
}
