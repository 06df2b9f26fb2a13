//! Redirections (bash(1), REDIRECTION).

use super::heredoc::Pending;
use super::reader::{Read, Reader};
use crate::decide::syntax::tree::{Opacity, Piece, Redirect, RedirectKind, Word};

/// What an operator does with the word behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Read,
    Write,
    Append,
    ReadWrite,
    WriteBoth,
    AppendBoth,
    DuplicateInput,
    DuplicateOutput,
    HereDocument,
    HereString,
}

impl Reader<'_> {
    /// A redirection, if one begins here. Nothing is passed if not.
    pub(super) fn redirect(&mut self) -> Read<Option<Redirect>> {
        let start = self.joined(self.at);
        self.at = start;
        let descriptor = match self.byte(start) {
            Some(b'<' | b'>' | b'&') => None,
            Some(b'0'..=b'9') => match self.descriptor() {
                Some(descriptor) => Some(descriptor),
                None => return Ok(None),
            },
            Some(b'{') if self.pass_variable() => None,
            Some(_) | None => return Ok(None),
        };
        let Some(operator) = self.redirect_operator() else {
            self.at = start;
            return Ok(None);
        };
        self.redirect_word(start, descriptor, operator).map(Some)
    }

    /// Passes digits directly before `<` or `>`. bash takes a number over 2³¹ for a word.
    fn descriptor(&mut self) -> Option<u32> {
        let start = self.at;
        let digits = self.identifier();
        let before_operator = matches!(self.peek(), Some(b'<' | b'>')) && self.second() != Some(b'(');
        match digits.parse::<i32>() {
            Ok(number) if before_operator => u32::try_from(number).ok(),
            Ok(_) | Err(_) => {
                self.at = start;
                None
            }
        }
    }

    /// Passes `{name}` directly before `<` or `>`: the shell chooses a descriptor and stores its number.
    fn pass_variable(&mut self) -> bool {
        let start = self.at;
        self.bump();
        let name = self.identifier();
        let named = !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit());
        if named && self.peek() == Some(b'[') {
            self.bump();
            while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                self.bump();
            }
            if !self.eat(b']') {
                self.at = start;
                return false;
            }
        }
        if named && self.eat(b'}') && matches!(self.peek(), Some(b'<' | b'>')) && self.second() != Some(b'(') {
            return true;
        }
        self.at = start;
        false
    }

    fn redirect_operator(&mut self) -> Option<Operator> {
        let first = self.peek()?;
        let second = self.second();
        let (operator, two) = match (first, second) {
            (b'<' | b'>', Some(b'(')) => return None,
            (b'<', Some(b'<')) => {
                self.bump_two();
                return Some(if self.eat(b'<') { Operator::HereString } else { Operator::HereDocument });
            }
            (b'<', Some(b'&')) => (Operator::DuplicateInput, true),
            (b'<', Some(b'>')) => (Operator::ReadWrite, true),
            (b'<', _) => (Operator::Read, false),
            (b'>', Some(b'>')) => (Operator::Append, true),
            (b'>', Some(b'|')) => (Operator::Write, true),
            (b'>', Some(b'&')) => (Operator::DuplicateOutput, true),
            (b'>', _) => (Operator::Write, false),
            (b'&', Some(b'>')) => {
                self.bump_two();
                return Some(if self.eat(b'>') { Operator::AppendBoth } else { Operator::WriteBoth });
            }
            _ => return None,
        };
        if two {
            self.bump_two()
        } else {
            self.bump()
        }
        Some(operator)
    }

    fn redirect_word(&mut self, start: usize, descriptor: Option<u32>, operator: Operator) -> Read<Redirect> {
        let strip = operator == Operator::HereDocument && self.eat(b'-');
        self.blanks();
        if self.lacks_word() {
            return self.refuse();
        }
        let word = self.word()?;
        let kind = match operator {
            Operator::Read => RedirectKind::Read(word),
            Operator::Write => RedirectKind::Write(word),
            Operator::Append => RedirectKind::Append(word),
            Operator::ReadWrite => RedirectKind::ReadWrite(word),
            Operator::WriteBoth => RedirectKind::WriteBoth(word),
            Operator::AppendBoth => RedirectKind::AppendBoth(word),
            Operator::DuplicateInput => RedirectKind::Duplicate(word),
            // `1>&file` opens the file for both, as `&>file` does; so may `>&$x`.
            Operator::DuplicateOutput if matches!(descriptor, None | Some(1)) && !names_descriptor(&word) => {
                RedirectKind::WriteBoth(expanded_twice(word)?)
            }
            Operator::DuplicateOutput => RedirectKind::Duplicate(word),
            Operator::HereString => RedirectKind::HereString(word),
            Operator::HereDocument => {
                let (pending, placeholder) = Pending::new(self, &word, strip)?;
                self.pending.push(pending);
                RedirectKind::HereDocument(placeholder)
            }
        };
        // `<&3` is `0<&3`.
        let descriptor = descriptor.or((operator == Operator::DuplicateInput).then_some(0));
        Ok(Redirect { descriptor, kind, span: self.span(start) })
    }
}

impl Reader<'_> {
    /// Whether no word can begin here.
    fn lacks_word(&mut self) -> bool {
        match self.peek() {
            None => true,
            Some(b'<' | b'>') => self.second() != Some(b'('),
            Some(byte) => super::reader::is_metacharacter(byte),
        }
    }
}

/// The word of `>&word` where it is no descriptor. bash expands it, sees that it is none, and expands the result again:
/// `>&'$(rm -rf x)'` runs `rm`, and `>&$x` whatever `x` spells.
fn expanded_twice(mut word: Word) -> Read<Word> {
    let mut known = true;
    for piece in &word.pieces {
        match piece {
            Piece::Bare(text) | Piece::Quoted(text) if text.contains(['$', '`', '<', '>']) => {
                return Err(Opacity::NotUnderstood);
            }
            Piece::Bare(_) | Piece::Quoted(_) => {}
            Piece::Variable { .. }
            | Piece::Parameter { .. }
            | Piece::Command { .. }
            | Piece::Process { .. }
            | Piece::Arithmetic { .. }
            | Piece::Opaque(_) => known = false,
        }
    }
    if !known {
        word.pieces.push(Piece::Opaque(Opacity::NotUnderstood));
    }
    Ok(word)
}

/// `2`, `-` and `2-`
fn names_descriptor(word: &Word) -> bool {
    let mut text = String::new();
    for piece in &word.pieces {
        match piece {
            Piece::Bare(part) | Piece::Quoted(part) => text.push_str(part),
            Piece::Variable { .. }
            | Piece::Parameter { .. }
            | Piece::Command { .. }
            | Piece::Process { .. }
            | Piece::Arithmetic { .. }
            | Piece::Opaque(_) => return false,
        }
    }
    let digits = text.strip_suffix('-').unwrap_or(&text);
    !text.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
