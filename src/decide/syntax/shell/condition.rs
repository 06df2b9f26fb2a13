//! `[[ … ]]`: only its words matter, for the substitutions inside them.

use super::reader::{Read, Reader, is_metacharacter};
use crate::decide::syntax::tree::{CommandKind, Opacity, Piece, Word};

impl Reader<'_> {
    /// Behind `[[`.
    ///
    /// The expression's shape is not checked: what bash would refuse never runs, so it does no harm to have read it.
    pub(super) fn condition(&mut self) -> Read<CommandKind> {
        let mut words: Vec<Word> = Vec::new();
        let mut regular_expression = false;
        loop {
            self.newlines();
            match self.peek() {
                None => return Err(Opacity::NotUnderstood),
                Some(b'(' | b')') if !regular_expression => self.bump(),
                Some(b'<' | b'>') if self.second() != Some(b'(') => self.bump(),
                Some(b'&') if self.second() == Some(b'&') => self.bump_two(),
                Some(b'|') if self.second() == Some(b'|') && !regular_expression => self.bump_two(),
                Some(b']') if self.closes_condition() => {
                    self.bump_two();
                    return if words.is_empty() { Err(Opacity::NotUnderstood) } else { Ok(CommandKind::Test(words)) };
                }
                Some(_) => {
                    let word = if regular_expression { self.expression_word()? } else { self.word()? };
                    regular_expression = matches!(word.pieces.as_slice(), [Piece::Bare(text)] if text == "=~");
                    words.push(word);
                    continue;
                }
            }
            regular_expression = false;
        }
    }

    /// Whether `]]` stands here as a word of its own.
    fn closes_condition(&mut self) -> bool {
        if !self.sees(b']', b']') {
            return false;
        }
        let end = self.joined(self.joined(self.at + 1) + 1);
        self.byte(end).is_none_or(is_metacharacter)
    }
}
