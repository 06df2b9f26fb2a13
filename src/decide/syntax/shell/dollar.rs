//! What `$`, `` ` ``, `<(` and `>(` begin.

use super::arithmetic::balanced;
use super::keyword::Keyword;
use super::pieces::{Pieces, Quoting};
use super::reader::{Read, Reader};
use crate::decide::syntax::tree::{Opacity, Piece, Script, Word};

impl Reader<'_> {
    /// Standing on `$`.
    pub(super) fn dollar(&mut self, quoting: Quoting, pieces: &mut Pieces) -> Read<()> {
        self.bump();
        let quoted = quoting.quotes();
        match self.peek() {
            Some(b'(') => {
                let piece = self.substitution(quoting)?;
                pieces.push(piece);
            }
            Some(b'{') => {
                let piece = self.deeper(|reader| reader.parameter(quoting))?;
                pieces.push(piece);
            }
            Some(b'[') => {
                let expression = self.bracket_arithmetic()?;
                pieces.push(Piece::Arithmetic { expression });
            }
            Some(b'\'') if !quoted => self.ansi_quoted(pieces)?,
            Some(b'"') if !quoted => self.double_quoted(pieces)?,
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                let name = self.identifier();
                // Braces come first: `$a{x,y}` is `$ax $ay`.
                let extended = !quoted && self.peek() == Some(b'{');
                pieces.push(if extended {
                    Piece::Opaque(Opacity::NotUnderstood)
                } else {
                    Piece::Variable { name, quoted }
                });
            }
            Some(byte) if byte.is_ascii_digit() || is_special(byte) => {
                self.bump();
                let name = char::from(byte).to_string();
                pieces.push(Piece::Variable { name, quoted });
            }
            Some(_) | None => pieces.text(quoting, "$"),
        }
        Ok(())
    }

    /// A name, after line continuations: bash removes them from inside names, too. It may be empty.
    pub(super) fn identifier(&mut self) -> String {
        let mut name = String::new();
        while let Some(byte) = self.peek()
            && (byte.is_ascii_alphanumeric() || byte == b'_')
        {
            name.push(char::from(byte));
            self.bump();
        }
        name
    }

    /// `$(…)` and `$((…))`, standing on the first parenthesis.
    fn substitution(&mut self, quoting: Quoting) -> Read<Piece> {
        let quoted = quoting.quotes();
        if !self.sees(b'(', b'(') {
            let script = self.deeper(Self::inner_script)?;
            return Ok(Piece::Command { script, quoted });
        }
        let start = self.at;
        if let Some(expression) = self.deeper(Self::double_parenthesis)? {
            return Ok(Piece::Arithmetic { expression });
        }
        let script = self.deeper(Self::inner_script)?;
        // bash counts parentheses to find the end before it knows that these are commands.
        if self.not_arithmetic.get(&start) == Some(&self.at) {
            Ok(Piece::Command { script, quoted })
        } else {
            Err(Opacity::NotUnderstood)
        }
    }

    /// `( … )` behind `$`, `<` or `>`.
    fn inner_script(&mut self) -> Read<Script> {
        self.expect(b'(')?;
        let outside = std::mem::take(&mut self.pending);
        self.substitutions += 1;
        let mut commands = Vec::new();
        let outcome = self.list(&mut commands);
        self.substitutions -= 1;
        outcome?;
        self.expect(b')')?;
        // bash 5.2 reads such a body after the line, bash 5.1 runs it as commands.
        if !self.pending.is_empty() {
            return Err(Opacity::NotUnderstood);
        }
        self.pending = outside;
        Ok(Script { commands })
    }

    /// `$[…]`, bash's old spelling of `$((…))`; standing on the bracket.
    fn bracket_arithmetic(&mut self) -> Read<Word> {
        self.bump();
        let start = self.at;
        let mut pieces = Pieces::default();
        self.deeper(|reader| reader.bracketed(b'[', b']', &mut pieces))?;
        if !balanced(self.slice(start, self.at), b'[', b']') {
            return Err(Opacity::NotUnderstood);
        }
        let word = Word { pieces: pieces.finish(), span: self.span(start) };
        self.bump();
        Ok(word)
    }

    /// `<(…)` and `>(…)`
    pub(super) fn process(&mut self, pieces: &mut Pieces) -> Read<()> {
        let reads = self.peek() == Some(b'<');
        self.bump();
        self.peek();
        let script = self.deeper(Self::inner_script)?;
        pieces.push(Piece::Process { script, reads });
        Ok(())
    }

    /// `${ …; }` and `${| …; }` of bash 5.3, standing behind the brace.
    pub(super) fn brace_substitution(&mut self, quoting: Quoting) -> Read<Piece> {
        self.eat(b'|');
        let script = self.body()?;
        self.expect_keyword(Keyword::Close)?;
        Ok(Piece::Command { script, quoted: quoting.quotes() })
    }

    /// `` `…` ``: bash takes some backslashes away and reads what is left as a text of its own, so mistakes in it are its own.
    pub(super) fn backquoted(&mut self, quoting: Quoting, pieces: &mut Pieces) -> Read<()> {
        let start = self.at;
        self.bump();
        let mut inner = String::new();
        loop {
            let run = self.at;
            let rest = self.text.as_bytes().get(run..).unwrap_or(&[]);
            let length = rest.iter().position(|byte| matches!(byte, b'`' | b'\\')).ok_or(Opacity::NotUnderstood)?;
            inner.push_str(self.slice(run, run + length));
            self.at = run + length;
            if self.byte(self.at) == Some(b'`') {
                self.bump();
                break;
            }
            self.bump();
            match self.byte(self.at) {
                // Before anything else, so that `\\` of what is left quotes what follows.
                Some(b'\n') => {
                    self.bump();
                    continue;
                }
                Some(b'$' | b'`' | b'\\') => {}
                Some(b'"') if quoting == Quoting::Double => {}
                Some(_) | None => inner.push('\\'),
            }
            inner.push_str(self.character().ok_or(Opacity::NotUnderstood)?);
        }
        let origin = self.span(start);
        let script = self.inside(&inner, 0, Some(origin)).script();
        pieces.push(Piece::Command { script, quoted: quoting.quotes() });
        Ok(())
    }
}

/// bash(1), Special Parameters, but for the digits.
pub(super) fn is_special(byte: u8) -> bool {
    matches!(byte, b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!')
}
