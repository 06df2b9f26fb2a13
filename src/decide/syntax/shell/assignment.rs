//! Assignments (bash(1), PARAMETERS), before a command and as operands of `declare` and its kin.

use super::pieces::Pieces;
use super::reader::{Read, Reader, is_metacharacter};
use crate::decide::syntax::tree::{Assigned, Assignment, Opacity, Piece, Simple, Word};

/// What may stand where a command begins.
pub(super) enum Head {
    Assignment(Assignment),
    Word(Word),
}

/// Builtins whose operands are assignments.
const DECLARE: [&str; 5] = ["declare", "export", "local", "readonly", "typeset"];

impl Reader<'_> {
    /// An assignment if one begins here, else a word.
    pub(super) fn head(&mut self) -> Read<Head> {
        let start = self.joined(self.at);
        self.at = start;
        let name = self.identifier();
        if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
            self.at = start;
            return self.word().map(Head::Word);
        }
        if let Some(append) = self.equals() {
            return self.assigned(start, name, append).map(Head::Assignment);
        }
        if self.peek() != Some(b'[') {
            self.at = start;
            return self.word().map(Head::Word);
        }
        let Some(index) = self.subscript()? else { return Err(Opacity::NotUnderstood) };
        match self.equals() {
            Some(append) => {
                let from = self.at;
                let value = self.rest_of_word(Pieces::default(), from)?;
                let value = Assigned::Element { index, value };
                Ok(Head::Assignment(Assignment {
                    name,
                    value,
                    append: append == Equals::Append,
                    span: self.span(start),
                }))
            }
            None => {
                let mut pieces = Pieces::default();
                pieces.bare(&name);
                pieces.bare("[");
                pieces.extend(&index.pieces);
                pieces.bare("]");
                self.rest_of_word(pieces, start).map(Head::Word)
            }
        }
    }

    /// `name=(…)` as an operand. Nothing is passed if it is not one.
    pub(super) fn array_operand(&mut self) -> Read<Option<Assignment>> {
        let start = self.joined(self.at);
        self.at = start;
        let name = self.identifier();
        let named = !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit());
        if named
            && let Some(append) = self.equals()
            && self.peek() == Some(b'(')
        {
            return self.assigned(start, name, append).map(Some);
        }
        self.at = start;
        Ok(None)
    }

    /// Passes `=` or `+=`.
    fn equals(&mut self) -> Option<Equals> {
        if self.eat(b'=') {
            Some(Equals::Set)
        } else if self.sees(b'+', b'=') {
            self.bump_two();
            Some(Equals::Append)
        } else {
            None
        }
    }

    /// Behind `name=`.
    fn assigned(&mut self, start: usize, name: String, equals: Equals) -> Read<Assignment> {
        let value = if self.peek() == Some(b'(') {
            let words = self.deeper(Self::array)?;
            // In `a=(1)#b` the word goes on, and `#` begins no comment.
            if self.peek().is_some_and(|byte| !is_metacharacter(byte)) {
                return Err(Opacity::NotUnderstood);
            }
            Assigned::Array(words)
        } else {
            let from = self.at;
            Assigned::Scalar(self.rest_of_word(Pieces::default(), from)?)
        };
        Ok(Assignment { name, value, append: equals == Equals::Append, span: self.span(start) })
    }

    /// `( … )` behind `name=`.
    fn array(&mut self) -> Read<Vec<Word>> {
        self.bump();
        let mut words = Vec::new();
        loop {
            self.newlines();
            match self.peek() {
                None => return Err(Opacity::NotUnderstood),
                Some(b')') => {
                    self.bump();
                    return Ok(words);
                }
                Some(b'[') => self.keyed(&mut words)?,
                Some(_) => words.push(self.element()?),
            }
        }
    }

    /// `[key]=value` in an array; the key is kept only if something in it may run.
    fn keyed(&mut self, words: &mut Vec<Word>) -> Read<()> {
        let start = self.at;
        let Some(key) = self.subscript()? else { return Err(Opacity::NotUnderstood) };
        if self.equals().is_some() {
            if key.pieces.iter().any(|piece| !matches!(piece, Piece::Bare(_) | Piece::Quoted(_))) {
                words.push(key);
            }
            let from = self.at;
            words.push(self.rest_of_element(Pieces::default(), from)?);
            return Ok(());
        }
        let mut pieces = Pieces::default();
        pieces.bare("[");
        pieces.extend(&key.pieces);
        pieces.bare("]");
        words.push(self.rest_of_element(pieces, start)?);
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Equals {
    Set,
    Append,
}

/// Whether this is the name of a builtin whose operands are assignments.
pub(super) fn declares(name: &Word) -> bool {
    if let [Piece::Bare(text)] = name.pieces.as_slice() {
        return DECLARE.contains(&text.as_str());
    }
    let mut text = String::new();
    for piece in &name.pieces {
        if let Piece::Bare(part) | Piece::Quoted(part) = piece {
            text.push_str(part);
        } else {
            return false;
        }
    }
    DECLARE.contains(&text.as_str())
}

/// Adds the operands of a declaration that spell assignments, quoted or not, to the assignments.
pub(super) fn declare(simple: &mut Simple) {
    if !simple.words.first().is_some_and(declares) {
        return;
    }
    let arrays = std::mem::take(&mut simple.assignments);
    let mut scalars = Vec::new();
    for word in simple.words.iter().skip(1) {
        if !arrays.iter().any(|array| array.span == word.span) {
            scalars.extend(spelled(word));
        }
    }
    simple.assignments = arrays;
    simple.assignments.extend(scalars);
}

/// The assignment that a word spells.
fn spelled(word: &Word) -> Option<Assignment> {
    let mut before = String::new();
    for (index, piece) in word.pieces.iter().enumerate() {
        let (Piece::Bare(text) | Piece::Quoted(text)) = piece else { return None };
        let Some((left, right)) = text.split_once('=') else {
            before.push_str(text);
            continue;
        };
        before.push_str(left);
        let append = before.ends_with('+');
        let name = before.trim_end_matches('+').to_owned();
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return None;
        }
        let mut pieces = Pieces::default();
        if matches!(piece, Piece::Quoted(_)) && !right.is_empty() {
            pieces.quoted(right);
        } else {
            pieces.bare(right);
        }
        pieces.extend(word.pieces.get(index + 1..).unwrap_or(&[]));
        let value = Assigned::Scalar(Word { pieces: pieces.finish(), span: word.span });
        return Some(Assignment { name, value, append, span: word.span });
    }
    None
}

/// An array assignment as the one word that its builtin is given.
pub(super) fn as_word(assignment: &Assignment) -> Word {
    let mut pieces = Pieces::default();
    pieces.bare(&assignment.name);
    pieces.bare(if assignment.append { "+=" } else { "=" });
    match &assignment.value {
        Assigned::Scalar(word) => pieces.extend(&word.pieces),
        Assigned::Array(words) => {
            pieces.quoted("(");
            for (index, word) in words.iter().enumerate() {
                if index > 0 {
                    pieces.quoted(" ");
                }
                pieces.extend(&word.pieces);
            }
            pieces.quoted(")");
        }
        Assigned::Element { index, value } => {
            pieces.bare("[");
            pieces.extend(&index.pieces);
            pieces.bare("]=");
            pieces.extend(&value.pieces);
        }
    }
    Word { pieces: pieces.finish(), span: assignment.span }
}
