//! `${…}` (bash(1), Parameter Expansion).

use super::dollar::is_special;
use super::pieces::{Pieces, Quoting};
use super::reader::{Read, Reader};
use crate::decide::syntax::tree::{Opacity, Piece, Word};

/// A parameter as it is named in braces.
struct Named {
    name: String,
    /// The place and pieces of what stands in brackets behind it.
    subscript: Option<Word>,
    /// Name and brackets as written.
    written: String,
}

impl Reader<'_> {
    /// Standing on the brace of `${`.
    pub(super) fn parameter(&mut self, quoting: Quoting) -> Read<Piece> {
        self.bump();
        match self.peek() {
            Some(b' ' | b'\t' | b'\n' | b'|') => return self.brace_substitution(quoting),
            Some(b'#') => {
                if let Some(piece) = self.length(quoting)? {
                    return Ok(piece);
                }
            }
            Some(b'!') => {
                if let Some(piece) = self.indirection(quoting)? {
                    return Ok(piece);
                }
            }
            Some(_) => {}
            None => return Err(Opacity::NotUnderstood),
        }
        let Some(named) = self.named()? else { return self.bad_substitution(quoting) };
        self.operation(named, quoting)
    }

    /// What bash reads, but refuses when it comes to it.
    fn bad_substitution(&mut self, quoting: Quoting) -> Read<Piece> {
        self.operand(quoting, b"")?;
        self.expect(b'}')?;
        Ok(Piece::Opaque(Opacity::NotUnderstood))
    }

    /// A name, number or special parameter, with its subscript.
    fn named(&mut self) -> Read<Option<Named>> {
        let start = self.joined(self.at);
        let name = match self.peek() {
            Some(byte) if byte.is_ascii_digit() => {
                let mut digits = String::new();
                while let Some(byte) = self.peek()
                    && byte.is_ascii_digit()
                {
                    digits.push(char::from(byte));
                    self.bump();
                }
                digits
            }
            Some(byte) if is_special(byte) => {
                self.bump();
                char::from(byte).to_string()
            }
            Some(_) | None => self.identifier(),
        };
        if name.is_empty() {
            return Ok(None);
        }
        let subscript = if name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
            self.subscript()?
        } else {
            None
        };
        let written = if subscript.is_some() { self.slice(start, self.at).to_owned() } else { name.clone() };
        Ok(Some(Named { name, subscript, written }))
    }

    /// `[…]`, if it stands here.
    pub(super) fn subscript(&mut self) -> Read<Option<Word>> {
        if !self.eat(b'[') {
            return Ok(None);
        }
        let start = self.at;
        let mut pieces = Pieces::default();
        self.deeper(|reader| reader.bracketed(b'[', b']', &mut pieces))?;
        let word = Word { pieces: pieces.finish(), span: self.span(start) };
        self.bump();
        Ok(Some(word))
    }

    /// `${#name}`. `None`, and nothing passed, if `#` itself is the parameter.
    fn length(&mut self, quoting: Quoting) -> Read<Option<Piece>> {
        let here = self.at;
        self.bump();
        match self.peek() {
            Some(byte) if is_special(byte) => {
                self.bump();
                if self.eat(b'}') {
                    let name = char::from(byte).to_string();
                    return Ok(Some(Piece::Parameter {
                        name,
                        operator: "length",
                        operands: Vec::new(),
                        quoted: quoting.quotes(),
                    }));
                }
                self.at = here;
                Ok(None)
            }
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'_' => {
                let Some(named) = self.named()? else { return self.bad_substitution(quoting).map(Some) };
                if !self.eat(b'}') {
                    return self.bad_substitution(quoting).map(Some);
                }
                Ok(Some(made(named, "length", Vec::new(), quoting)))
            }
            Some(_) | None => {
                self.at = here;
                Ok(None)
            }
        }
    }

    /// `${!name}` and its kin. `None`, and nothing passed, if `!` itself is the parameter.
    fn indirection(&mut self, quoting: Quoting) -> Read<Option<Piece>> {
        let here = self.at;
        self.bump();
        match self.peek() {
            Some(byte) if is_special(byte) => {
                self.bump();
                if self.eat(b'}') {
                    let name = char::from(byte).to_string();
                    return Ok(Some(Piece::Parameter {
                        name,
                        operator: "!",
                        operands: Vec::new(),
                        quoted: quoting.quotes(),
                    }));
                }
                self.at = here;
                return Ok(None);
            }
            Some(byte) if byte.is_ascii_alphanumeric() || byte == b'_' => {}
            Some(_) | None => {
                self.at = here;
                return Ok(None);
            }
        }
        let Some(named) = self.named()? else { return self.bad_substitution(quoting).map(Some) };
        if self.eat(b'}') {
            let keys = matches!(named.subscript.as_ref().map(|word| word.pieces.as_slice()), Some([Piece::Quoted(text)]) if text == "@" || text == "*");
            return Ok(Some(made(named, if keys { "keys" } else { "!" }, Vec::new(), quoting)));
        }
        if matches!(self.peek(), Some(b'*' | b'@')) && self.second() == Some(b'}') {
            let name = format!("{}{}", named.name, self.character().unwrap_or(""));
            self.bump_brace();
            return Ok(Some(Piece::Parameter {
                name,
                operator: "keys",
                operands: Vec::new(),
                quoted: quoting.quotes(),
            }));
        }
        let indirect = match self.operation(named, quoting)? {
            Piece::Parameter { name, operands, quoted, .. } => {
                Piece::Parameter { name, operator: "!", operands, quoted }
            }
            other @ (Piece::Bare(_)
            | Piece::Quoted(_)
            | Piece::Variable { .. }
            | Piece::Command { .. }
            | Piece::Process { .. }
            | Piece::Arithmetic { .. }
            | Piece::Opaque(_)) => other,
        };
        Ok(Some(indirect))
    }

    fn bump_brace(&mut self) {
        self.peek();
        self.bump();
    }

    /// Behind the parameter.
    fn operation(&mut self, named: Named, quoting: Quoting) -> Read<Piece> {
        let Some(byte) = self.peek() else { return Err(Opacity::NotUnderstood) };
        if byte == b'}' {
            self.bump();
            return Ok(match &named.subscript {
                Some(_) => made(named, "[", Vec::new(), quoting),
                None => Piece::Variable { name: named.name, quoted: quoting.quotes() },
            });
        }
        let Some(operator) = self.operator(byte) else { return self.bad_substitution(quoting) };
        let mut operands = Vec::new();
        match operator {
            ":" => {
                operands.push(self.operand(Quoting::Double, b":")?);
                if self.eat(b':') {
                    operands.push(self.operand(Quoting::Double, b"")?);
                }
            }
            "/" | "//" => self.replacement(quoting, &mut operands)?,
            "#" | "##" | "%" | "%%" | "^" | "^^" | "," | ",," => operands.push(self.pattern(quoting, b"")?),
            _ => operands.push(self.operand(quoting, b"")?),
        }
        self.expect(b'}')?;
        Ok(made(named, operator, operands, quoting))
    }

    /// Passes the operator that begins with `byte`.
    fn operator(&mut self, byte: u8) -> Option<&'static str> {
        let second = self.second();
        let (single, double) = match byte {
            b'#' => ("#", "##"),
            b'%' => ("%", "%%"),
            b'/' => ("/", "//"),
            b'^' => ("^", "^^"),
            b',' => (",", ",,"),
            b'-' => return self.pass_operator("-"),
            b'=' => return self.pass_operator("="),
            b'?' => return self.pass_operator("?"),
            b'+' => return self.pass_operator("+"),
            // `~` changes the case of letters; bash does not document it.
            b'@' | b'~' => return self.pass_operator("@"),
            b':' => {
                let operator = match second {
                    Some(b'-') => ":-",
                    Some(b'=') => ":=",
                    Some(b'?') => ":?",
                    Some(b'+') => ":+",
                    Some(_) | None => return self.pass_operator(":"),
                };
                self.bump_two();
                return Some(operator);
            }
            _ => return None,
        };
        if second == Some(byte) {
            self.bump_two();
            return Some(double);
        }
        self.pass_operator(single)
    }

    fn pass_operator(&mut self, operator: &'static str) -> Option<&'static str> {
        self.bump();
        Some(operator)
    }

    /// A pattern. Quotes in it quote, whatever is around; only a here-document does not know `$'…'`.
    fn pattern(&mut self, quoting: Quoting, stops: &[u8]) -> Read<Word> {
        let start = self.at;
        let word = self.operand(Quoting::Bare, stops)?;
        let uncertain = quoting == Quoting::Here && self.slice(start, self.at).contains("$'");
        if uncertain { Err(Opacity::NotUnderstood) } else { Ok(word) }
    }

    /// Pattern and replacement. The replacement is quoted as what is around it, the pattern by its own quotes.
    fn replacement(&mut self, quoting: Quoting, operands: &mut Vec<Word>) -> Read<()> {
        operands.push(self.pattern(quoting, b"/")?);
        let replacement = if self.eat(b'/') { self.operand(quoting, b"")? } else { Word::default() };
        operands.push(replacement);
        Ok(())
    }
}

/// The finished piece. A subscript is an operand by itself where it is all there is; else it stays in the name, and is an
/// operand as well if something in it runs.
fn made(named: Named, operator: &'static str, mut operands: Vec<Word>, quoting: Quoting) -> Piece {
    let quoted = quoting.quotes();
    let Some(subscript) = named.subscript else {
        return Piece::Parameter { name: named.name, operator, operands, quoted };
    };
    if matches!(operator, "[" | "keys") {
        return Piece::Parameter { name: named.name, operator, operands: vec![subscript], quoted };
    }
    if !subscript.pieces.iter().all(|piece| matches!(piece, Piece::Quoted(_))) {
        operands.push(subscript);
    }
    Piece::Parameter { name: named.written, operator, operands, quoted }
}
