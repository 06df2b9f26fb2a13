//! Arithmetic: kept as a word, for the substitutions inside it (bash(1), ARITHMETIC EVALUATION).

use super::pieces::{Pieces, Quoting};
use super::reader::{Read, Reader};
use crate::decide::syntax::tree::{Opacity, Word};

/// A stretch between single quotes where they do not quote, but do hide brackets from bash's search for the end.
///
/// bash looks for the end of `$((…))`, `a[…]` and `"${…}"` as if `'` quoted, and then expands what is between as if it did
/// not: `$(( '$(rm -rf x)' ))` runs `rm`.
#[derive(Default)]
pub(super) struct Veil {
    end: Option<usize>,
}

impl Veil {
    /// Looks at the next byte; must be called before it is passed. True inside the quotes and on both of them.
    pub(super) fn covers(&mut self, reader: &Reader<'_>) -> Read<bool> {
        match self.end {
            Some(end) if reader.at > end => Err(Opacity::NotUnderstood),
            Some(end) => {
                if reader.at == end {
                    self.end = None;
                }
                Ok(true)
            }
            None if reader.byte(reader.at) == Some(b'\'') => {
                let rest = reader.text.as_bytes().get(reader.at + 1..).unwrap_or(&[]);
                let length = rest.iter().position(|&byte| byte == b'\'').ok_or(Opacity::NotUnderstood)?;
                self.end = Some(reader.at + 1 + length);
                Ok(true)
            }
            None => Ok(false),
        }
    }
}

impl Reader<'_> {
    /// `((…))`, standing before it. `None`, and nothing passed, if it is two open parentheses of commands instead.
    pub(super) fn double_parenthesis(&mut self) -> Read<Option<Word>> {
        let start = self.at;
        if self.not_arithmetic.contains_key(&start) {
            return Ok(None);
        }
        let (pending, bodies) = (self.pending.len(), self.bodies.len());
        if let Some(word) = self.try_arithmetic()? {
            return Ok(Some(word));
        }
        self.not_arithmetic.insert(start, self.at);
        self.at = start;
        self.pending.truncate(pending);
        self.bodies.truncate(bodies);
        Ok(None)
    }

    /// `None` if the inner parenthesis is not closed by `))`; then the outer one's end is passed, as bash counts it.
    fn try_arithmetic(&mut self) -> Read<Option<Word>> {
        self.bump_two();
        let start = self.at;
        let mut pieces = Pieces::default();
        self.bracketed(b'(', b')', &mut pieces)?;
        let end = self.at;
        self.bump();
        if self.eat(b')') {
            if !balanced(self.slice(start, end), b'(', b')') {
                return Err(Opacity::NotUnderstood);
            }
            return Ok(Some(Word { pieces: pieces.finish(), span: self.range(start, end) }));
        }
        self.bracketed(b'(', b')', &mut pieces)?;
        self.bump();
        Ok(None)
    }

    /// Text up to the bracket that closes it; that bracket is not passed.
    pub(super) fn bracketed(&mut self, open: u8, close: u8, pieces: &mut Pieces) -> Read<()> {
        let mut nested = 0_u32;
        let mut veil = Veil::default();
        loop {
            let Some(byte) = self.peek() else { return Err(Opacity::NotUnderstood) };
            let veiled = veil.covers(self)?;
            match byte {
                b'$' if !veiled && self.dollar_quote(pieces)? => {}
                b'$' => {
                    let start = self.at;
                    self.dollar(Quoting::Double, pieces)?;
                    // In arithmetic bash counts the brackets in `${…}` as well.
                    if self.byte(self.joined(start + 1)) == Some(b'{')
                        && !balanced(self.slice(start, self.at), open, close)
                    {
                        return Err(Opacity::NotUnderstood);
                    }
                }
                b'`' => self.backquoted(Quoting::Double, pieces)?,
                _ if veiled => self.plain(pieces),
                b'"' => self.double_quoted(pieces)?,
                b'\\' => self.escaped(pieces),
                // A subscript of an array's element in `a=([<(rm)]=x)` or of a plain word is expanded so, others are not.
                b'<' | b'>' if close == b']' && self.second() == Some(b'(') => return Err(Opacity::NotUnderstood),
                // bash looks for the end of `${a[…]}` first: `${a[}` is all there is.
                b'}' if close == b']' => return Err(Opacity::NotUnderstood),
                _ if byte == close && nested == 0 => return Ok(()),
                _ => {
                    nested = nested + u32::from(byte == open) - u32::from(byte == close);
                    self.plain(pieces);
                }
            }
        }
    }

    /// `$'…'` and `$"…"` in arithmetic and in `"${…}"`. bash decodes the first and then expands what it decoded:
    /// `"${x:-$'\x24(rm)'}"` runs `rm`. So it is followed only if nothing in the result could be active. Of the second, the
    /// `$` is passed.
    pub(super) fn dollar_quote(&mut self, pieces: &mut Pieces) -> Read<bool> {
        match self.second() {
            Some(b'\'') => {
                self.bump();
                self.peek();
                let text = self.ansi_text()?.ok_or(Opacity::NotText)?;
                if text.contains(['\\', '$', '`', '"', '\'', '(', ')', '{', '}', '[', ']']) {
                    return Err(Opacity::NotUnderstood);
                }
                pieces.quoted(&text);
                Ok(true)
            }
            Some(b'"') => {
                self.bump();
                Ok(true)
            }
            Some(_) | None => Ok(false),
        }
    }

    /// One character without a meaning of its own.
    pub(super) fn plain(&mut self, pieces: &mut Pieces) {
        pieces.quoted(self.character().unwrap_or(""));
    }
}

/// Whether every bracket outside of quotes has its partner. bash makes sure of it, by counting, before it takes `$((…))`
/// for arithmetic; where the count fails it runs the text as commands.
pub(super) fn balanced(text: &str, open: u8, close: u8) -> bool {
    let plainly = || closes(text.bytes(), open, close);
    match without_quotes(text.as_bytes()) {
        Some((outside, true)) => closes(outside.into_iter(), open, close),
        // Quotes in substitutions in quotes: it is not worth following which are which.
        Some((outside, false)) => closes(outside.into_iter(), open, close) && plainly(),
        None => false,
    }
}

fn closes(bytes: impl Iterator<Item = u8>, open: u8, close: u8) -> bool {
    let mut depth = 0_u32;
    for byte in bytes {
        if byte == open {
            depth += 1;
        } else if byte == close {
            let Some(less) = depth.checked_sub(1) else { return false };
            depth = less;
        }
    }
    depth == 0
}

/// What stands outside of quotes, and whether that is certain. `None` if a quote does not end.
fn without_quotes(bytes: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut outside = Vec::with_capacity(bytes.len());
    let mut certain = true;
    let mut bytes = bytes.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'\'' => drop(bytes.position(|byte| byte == b'\'')?),
            b'"' => loop {
                match bytes.next()? {
                    b'"' => break,
                    b'\\' => drop(bytes.next()),
                    b'$' | b'`' => certain = false,
                    _ => {}
                }
            },
            _ => outside.push(byte),
        }
    }
    Some((outside, certain))
}
