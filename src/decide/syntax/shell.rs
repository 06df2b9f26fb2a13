//! Shell text to our tree: bash's grammar (bash(1), SHELL GRAMMAR) by recursive descent.
//!
//! One pass, without backtracking that could repeat itself: the time is linear in the text for a given nesting, and the
//! nesting is limited. What is not understood ends in an [`Opaque`](CommandKind::Opaque) command that covers the rest of the
//! text, because bash, too, runs the lines before a mistake. The reasons for reading it ourselves are in
//! `docs/design/0002-shell-parser.md`.

mod ansi;
mod arithmetic;
mod assignment;
mod compound;
mod condition;
mod dollar;
mod expression;
mod heredoc;
mod keyword;
mod list;
mod loops;
mod parameter;
mod pieces;
mod placeholder;
mod reader;
mod redirect;
mod refusal;
mod simple;
mod word;

use super::tree::{Command, CommandKind, Opacity, Script, Span};
use reader::Reader;

/// The longest text that is read, in bytes. What is longer is opaque: nobody types half of what Linux passes in one
/// argument (128 KiB, `MAX_ARG_STRLEN`), and whoever approves it could not read it either.
pub const LONGEST: usize = 64 * 1024;

/// How deep constructs may stand in each other. What is deeper is opaque. People write less than ten; the tree's depth
/// and the stack of everyone who walks it are bounded by this.
pub const DEEPEST: u32 = 64;

/// Reads shell text. Total: what is not understood is an opaque command.
#[must_use]
pub fn read(text: &str) -> Script {
    if text.len() > LONGEST {
        return opaque(Opacity::TooLong, text.len());
    }
    if text.contains('\0') {
        return opaque(Opacity::NotText, text.len());
    }
    Reader::whole(text).script()
}

/// Reads shell text that may not be UTF-8. If it is not, nothing of it is known.
#[must_use]
pub fn read_bytes(bytes: &[u8]) -> Script {
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text),
        Err(_) => opaque(Opacity::NotText, bytes.len()),
    }
}

/// A script of which nothing is known.
fn opaque(opacity: Opacity, length: usize) -> Script {
    let span = Span { start: 0, end: u32::try_from(length).unwrap_or(u32::MAX) };
    Script { commands: vec![unknown(opacity, span)] }
}

/// A command of which nothing is known.
fn unknown(opacity: Opacity, span: Span) -> Command {
    Command { kind: CommandKind::Opaque(opacity), redirects: Vec::new(), span, background: false }
}
