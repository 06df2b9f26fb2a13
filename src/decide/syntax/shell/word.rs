//! Words and their quotes (bash(1), QUOTING).

use super::ansi;
use super::arithmetic::Veil;
use super::pieces::{Pieces, Quoting};
use super::reader::{Read, Reader, is_metacharacter};
use crate::decide::syntax::tree::{Opacity, Piece, Word};

/// Which unquoted characters a word may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Up to a metacharacter.
    Plain,
    /// The same in `name=(…)`, but without the groups of `extglob`: if it is off, bash complains about the line and goes
    /// on with the next, wherever that is. `a=(@(x) "` newline `rm -rf x` newline `")` runs `rm`.
    Element,
    /// The right side of `=~`: `|` and matched parentheses belong to it.
    Expression,
}

impl Reader<'_> {
    /// A word, which must begin here.
    pub(super) fn word(&mut self) -> Read<Word> {
        self.word_from(Pieces::default(), Extent::Plain)
    }

    /// A word of an array.
    pub(super) fn element(&mut self) -> Read<Word> {
        self.word_from(Pieces::default(), Extent::Element)
    }

    /// The rest of a word of an array.
    pub(super) fn rest_of_element(&mut self, mut pieces: Pieces, start: usize) -> Read<Word> {
        self.run(Extent::Element, &mut pieces)?;
        Ok(Word { pieces: pieces.finish(), span: self.span(start) })
    }

    /// The right side of `=~`.
    pub(super) fn expression_word(&mut self) -> Read<Word> {
        self.word_from(Pieces::default(), Extent::Expression)
    }

    fn word_from(&mut self, mut pieces: Pieces, extent: Extent) -> Read<Word> {
        let start = self.joined(self.at);
        self.at = start;
        self.run(extent, &mut pieces)?;
        if self.at == start {
            return Err(Opacity::NotUnderstood);
        }
        Ok(Word { pieces: pieces.finish(), span: self.span(start) })
    }

    /// The rest of a word of which some was read before. It may be empty.
    pub(super) fn rest_of_word(&mut self, mut pieces: Pieces, start: usize) -> Read<Word> {
        self.run(Extent::Plain, &mut pieces)?;
        Ok(Word { pieces: pieces.finish(), span: self.span(start) })
    }

    fn run(&mut self, extent: Extent, pieces: &mut Pieces) -> Read<()> {
        while let Some(byte) = self.peek() {
            match byte {
                b'<' | b'>' if self.second() == Some(b'(') => self.process(pieces)?,
                b'|' if extent == Extent::Expression => {
                    self.bump();
                    pieces.bare("|");
                }
                b'(' if extent == Extent::Expression => self.parenthesized(pieces)?,
                _ if is_metacharacter(byte) => return Ok(()),
                b'?' | b'*' | b'+' | b'@' | b'!' if extent != Extent::Element && self.opens_group() => {
                    pieces.bare(self.character().unwrap_or(""));
                    self.at = self.joined(self.at);
                    self.parenthesized(pieces)?;
                }
                _ => self.unquoted(byte, pieces)?,
            }
        }
        Ok(())
    }

    /// Whether `?(`, `*(`, `+(`, `@(` or `!(` stands here: `extglob` may be on. Empty parentheses are those of a
    /// function, whose name may end so.
    fn opens_group(&mut self) -> bool {
        let open = self.joined(self.at + 1);
        self.byte(open) == Some(b'(') && self.byte(self.joined(open + 1)) != Some(b')')
    }

    /// `( … )` in a pattern or regular expression: blanks and operators are ordinary in it.
    fn parenthesized(&mut self, pieces: &mut Pieces) -> Read<()> {
        let mut open = 0_u32;
        loop {
            let Some(byte) = self.peek() else { return Err(Opacity::NotUnderstood) };
            match byte {
                b'<' | b'>' if self.second() == Some(b'(') => self.process(pieces)?,
                _ if is_metacharacter(byte) => {
                    self.bump();
                    pieces.bare(char::from(byte).encode_utf8(&mut [0; 4]));
                    match byte {
                        b'(' => open += 1,
                        b')' if open <= 1 => return Ok(()),
                        b')' => open -= 1,
                        _ => {}
                    }
                }
                _ => self.unquoted(byte, pieces)?,
            }
        }
    }

    /// What begins with `byte`, which is not a metacharacter, outside of quotes.
    fn unquoted(&mut self, byte: u8, pieces: &mut Pieces) -> Read<()> {
        match byte {
            b'\\' => self.backslash(pieces),
            b'\'' => self.single_quoted(pieces)?,
            b'"' => self.double_quoted(pieces)?,
            b'$' => self.dollar(Quoting::Bare, pieces)?,
            b'`' => self.backquoted(Quoting::Bare, pieces)?,
            _ => {
                let start = self.at;
                self.pass_ordinary();
                pieces.bare(self.slice(start, self.at));
            }
        }
        Ok(())
    }

    /// Passes one character and the letters that follow it.
    fn pass_ordinary(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let bytes = rest.as_bytes().get(first..).unwrap_or(&[]);
        let ordinary = |byte: &u8| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'-' | b'_' | b'.' | b'/' | b'=' | b',' | b':' | b'%' | b'^')
                || !byte.is_ascii()
        };
        self.at += first + bytes.iter().take_while(|byte| ordinary(byte)).count();
    }

    /// A backslash outside of quotes. Line continuations have been passed.
    pub(super) fn backslash(&mut self, pieces: &mut Pieces) {
        self.bump();
        pieces.quoted(self.character().unwrap_or("\\"));
    }

    /// A backslash where only some characters can be quoted by it: `"…"` and arithmetic.
    pub(super) fn escaped(&mut self, pieces: &mut Pieces) {
        self.escaped_among(b"$`\"\\", pieces);
    }

    /// A backslash that quotes one of these and is an ordinary character before others.
    pub(super) fn escaped_among(&mut self, quotable: &[u8], pieces: &mut Pieces) {
        self.bump();
        match self.byte(self.at) {
            Some(byte) if quotable.contains(&byte) => {}
            Some(_) | None => pieces.quoted("\\"),
        }
        pieces.quoted(self.character().unwrap_or(""));
    }

    /// `'…'`
    pub(super) fn single_quoted(&mut self, pieces: &mut Pieces) -> Read<()> {
        self.bump();
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or("");
        let length = rest.find('\'').ok_or(Opacity::Refused)?;
        pieces.quoted(self.slice(start, start + length));
        self.at = start + length + 1;
        Ok(())
    }

    /// `$'…'`, standing on the quote.
    pub(super) fn ansi_quoted(&mut self, pieces: &mut Pieces) -> Read<()> {
        match self.ansi_text()? {
            Some(text) => pieces.quoted(&text),
            None => pieces.push(Piece::Opaque(Opacity::NotText)),
        }
        Ok(())
    }

    /// The decoded text of `$'…'`, standing on the quote. `None` if it is not UTF-8.
    pub(super) fn ansi_text(&mut self) -> Read<Option<String>> {
        self.bump();
        let start = self.at;
        loop {
            match self.byte(self.at) {
                Some(b'\'') => break,
                Some(b'\\') => {
                    self.bump();
                    self.character().ok_or(Opacity::NotUnderstood)?;
                }
                Some(_) => {
                    self.character();
                }
                None => return Err(Opacity::NotUnderstood),
            }
        }
        let text = ansi::decode(self.slice(start, self.at));
        self.bump();
        Ok(text)
    }

    /// `"…"`
    pub(super) fn double_quoted(&mut self, pieces: &mut Pieces) -> Read<()> {
        self.bump();
        if self.peek() == Some(b'"') {
            pieces.quoted("");
        }
        loop {
            match self.peek().ok_or(Opacity::Refused)? {
                b'"' => {
                    self.bump();
                    return Ok(());
                }
                b'\\' => self.escaped(pieces),
                b'$' => self.dollar(Quoting::Double, pieces)?,
                b'`' => self.backquoted(Quoting::Double, pieces)?,
                _ => self.literal_run(b"\"\\$`", pieces),
            }
        }
    }

    /// Passes text up to one of these bytes, as quoted text.
    pub(super) fn literal_run(&mut self, stops: &[u8], pieces: &mut Pieces) {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or(&[]);
        self.at += rest.iter().position(|byte| stops.contains(byte)).unwrap_or(rest.len());
        pieces.quoted(self.slice(start, self.at));
    }

    /// An operand of `${…}`, up to its end or one of `stops`; neither is passed.
    pub(super) fn operand(&mut self, quoting: Quoting, stops: &[u8]) -> Read<Word> {
        let start = self.joined(self.at);
        let mut pieces = Pieces::default();
        let mut veil = Veil::default();
        loop {
            let byte = self.peek().ok_or(Opacity::NotUnderstood)?;
            let veiled = quoting.quotes() && veil.covers(self)?;
            match byte {
                b'$' if quoting == Quoting::Double && !veiled && self.dollar_quote(&mut pieces)? => {}
                b'$' => self.dollar(quoting, &mut pieces)?,
                b'`' => self.backquoted(quoting, &mut pieces)?,
                _ if veiled => self.plain(&mut pieces),
                b'}' => break,
                _ if stops.contains(&byte) => break,
                b'"' => self.double_quoted(&mut pieces)?,
                b'\\' if quoting.quotes() => self.escaped_among(b"$`\"\\}", &mut pieces),
                b'<' | b'>' if self.second() == Some(b'(') => self.process_in_operand(quoting, &mut pieces)?,
                _ if quoting.quotes() => self.plain(&mut pieces),
                _ if is_metacharacter(byte) => {
                    self.bump();
                    pieces.bare(char::from(byte).encode_utf8(&mut [0; 4]));
                }
                // One character at a time: a stop may follow.
                b'\\' | b'\'' => self.unquoted(byte, &mut pieces)?,
                _ => pieces.bare(self.character().unwrap_or("")),
            }
        }
        Ok(Word { pieces: pieces.finish(), span: self.span(start) })
    }

    /// bash before 5.2 looks for the `}` of `${…}` without seeing `<(…)`, but runs it if there are no quotes around. Braces
    /// and quotes in it are not worth a guess.
    fn process_in_operand(&mut self, quoting: Quoting, pieces: &mut Pieces) -> Read<()> {
        if quoting.quotes() {
            return Err(Opacity::NotUnderstood);
        }
        let start = self.at;
        self.process(pieces)?;
        if self.slice(start, self.at).contains(['}', '\'', '"', '\\']) { Err(Opacity::NotUnderstood) } else { Ok(()) }
    }

    /// The name that a word spells, for loops and functions.
    pub(super) fn name_of(&self, word: &Word) -> String {
        match word.pieces.as_slice() {
            [Piece::Bare(name)] => name.clone(),
            [..] => {
                let mut name = String::new();
                for piece in &word.pieces {
                    if let Piece::Bare(text) | Piece::Quoted(text) = piece {
                        name.push_str(text);
                    }
                }
                name
            }
        }
    }
}
