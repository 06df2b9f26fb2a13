//! Here-documents: their bodies stand after the line that announces them.

use std::borrow::Cow;

use super::pieces::{Pieces, Quoting};
use super::placeholder;
use super::reader::{Read, Reader};
use crate::decide::syntax::tree::{Opacity, Piece, Word};

/// Whether a body is taken as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    /// A part of the delimiter was quoted: nothing in the body is active.
    Literal,
    /// As in `"…"`.
    Expanded,
}

/// An announced here-document.
pub(super) struct Pending {
    /// The place in [`Reader::bodies`] that waits for it.
    slot: usize,
    delimiter: String,
    body: Body,
    /// `<<-`
    strip_tabs: bool,
}

/// One line of a body.
struct Line<'t> {
    /// Without its newline; `\`+newline taken out where bash does it.
    text: Cow<'t, str>,
    /// Where the next line begins.
    next: usize,
}

impl Pending {
    /// A here-document that ends at `delimiter`, and the word that stands in the tree until its body is read.
    pub(super) fn new(reader: &mut Reader<'_>, delimiter: &Word, strip_tabs: bool) -> Read<(Self, Word)> {
        let (delimiter, body) = unquoted(delimiter)?;
        let slot = reader.bodies.len();
        reader.bodies.push(Word::default());
        Ok((Pending { slot, delimiter, body, strip_tabs }, placeholder::word(slot)))
    }
}

/// The delimiter after quote removal. bash expands nothing in it.
fn unquoted(word: &Word) -> Read<(String, Body)> {
    let mut text = String::new();
    let mut body = if word.pieces.is_empty() { Body::Literal } else { Body::Expanded };
    for piece in &word.pieces {
        match piece {
            // bash leaves the quotes in what looks like a pattern group or a substitution.
            Piece::Bare(part) if part.contains(['(', '`']) => return Err(Opacity::NotUnderstood),
            Piece::Bare(part) => text.push_str(part),
            Piece::Quoted(part) => {
                text.push_str(part);
                body = Body::Literal;
            }
            Piece::Variable { .. }
            | Piece::Parameter { .. }
            | Piece::Command { .. }
            | Piece::Process { .. }
            | Piece::Arithmetic { .. }
            | Piece::Opaque(_) => return Err(Opacity::NotUnderstood),
        }
    }
    Ok((text, body))
}

impl Reader<'_> {
    /// Reads the bodies of all announced here-documents, from here on.
    pub(super) fn read_bodies(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            let body = self.read_body(&pending);
            if let Some(slot) = self.bodies.get_mut(pending.slot) {
                *slot = body;
            }
        }
    }

    fn read_body(&mut self, pending: &Pending) -> Word {
        let start = self.at;
        let mut stripped = String::new();
        let mut end = self.text.len();
        while self.at < self.text.len() && self.looks() {
            let here = self.at;
            let line = self.line(pending.body);
            let text = if pending.strip_tabs { line.text.trim_start_matches('\t') } else { &line.text };
            if text == pending.delimiter {
                end = here;
                self.at = line.next;
                break;
            }
            if self.substitutions > 0
                && let Some(rest) = text.strip_prefix(&pending.delimiter)
                && rest.contains(')')
            {
                end = here;
                // In `$(…)` the line of the delimiter may go on with the `)`.
                if rest.trim_start_matches([' ', '\t']).starts_with(')') && matches!(line.text, Cow::Borrowed(_)) {
                    let newline = usize::from(self.byte(line.next.saturating_sub(1)) == Some(b'\n'));
                    self.at = line.next.saturating_sub(newline + rest.len());
                    break;
                }
                let span = self.range(start, end);
                self.at = self.text.len();
                return Word { pieces: vec![Piece::Opaque(Opacity::NotUnderstood)], span };
            }
            if pending.strip_tabs {
                let tabs = line.text.len() - text.len();
                stripped.push_str(self.slice(here + tabs, line.next));
            }
            self.at = line.next;
        }
        let text = if pending.strip_tabs { stripped.as_str() } else { self.slice(0, end) };
        let from = if pending.strip_tabs { 0 } else { start };
        let span = self.range(start, end);
        let pieces = match pending.body {
            Body::Literal => {
                let mut pieces = Pieces::default();
                pieces.quoted(text.get(from..).unwrap_or(""));
                pieces.finish()
            }
            Body::Expanded => {
                let origin = pending.strip_tabs.then_some(span);
                self.inside(text, from, origin).body_pieces()
            }
        };
        Word { pieces, span }
    }

    /// The line that begins here; it is not passed.
    fn line(&self, body: Body) -> Line<'_> {
        let rest = self.text.get(self.at..).unwrap_or("");
        let mut joins = false;
        let mut end = rest.len();
        let mut bytes = rest.bytes().enumerate();
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'\n' => {
                    end = at;
                    break;
                }
                b'\\' if body == Body::Expanded => joins |= bytes.next().is_some_and(|(_, next)| next == b'\n'),
                _ => {}
            }
        }
        let written = rest.get(..end).unwrap_or("");
        let text = if joins { Cow::Owned(without_continuations(written)) } else { Cow::Borrowed(written) };
        Line { text, next: self.at + end + usize::from(end < rest.len()) }
    }

    /// The pieces of a body that is expanded, to the end of the text.
    fn body_pieces(mut self) -> Vec<Piece> {
        if self.depth > super::DEEPEST {
            return vec![Piece::Opaque(Opacity::TooDeep)];
        }
        let mut pieces = Pieces::default();
        while let Some(byte) = self.peek() {
            let step = match byte {
                b'\\' => {
                    self.escaped_among(b"$`\\", &mut pieces);
                    Ok(())
                }
                b'$' => self.dollar(Quoting::Here, &mut pieces),
                b'`' => self.backquoted(Quoting::Here, &mut pieces),
                _ => {
                    self.literal_run(b"\\$`", &mut pieces);
                    Ok(())
                }
            };
            if let Err(opacity) = step {
                let opacity = if opacity == Opacity::Refused { Opacity::NotUnderstood } else { opacity };
                return vec![Piece::Opaque(opacity)];
            }
        }
        let mut pieces = pieces.finish();
        self.read_bodies();
        placeholder::fill_pieces(&mut pieces, &mut self.bodies);
        pieces
    }
}

/// A body's line with its continuations taken out. A backslash that is itself quoted continues nothing.
fn without_continuations(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut characters = written.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('\n') => {}
            Some(next) => text.extend(['\\', next]),
            None => text.push('\\'),
        }
    }
    text
}
