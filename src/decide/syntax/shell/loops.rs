//! `for`, `select`, `while` and `until`.

use super::keyword::Keyword;
use super::reader::{Read, Reader};
use crate::decide::syntax::tree::{CommandKind, Opacity, Script, Word};

impl Reader<'_> {
    /// Behind `while` and `until`.
    pub(super) fn while_loop(&mut self) -> Read<CommandKind> {
        let condition = self.body()?;
        self.expect_keyword(Keyword::Do)?;
        let body = self.body()?;
        self.expect_keyword(Keyword::Done)?;
        Ok(CommandKind::Loop { condition, body })
    }

    /// Behind `for`.
    pub(super) fn for_loop(&mut self) -> Read<CommandKind> {
        self.blanks();
        if !self.sees(b'(', b'(') {
            return self.for_words();
        }
        let Some(expression) = self.double_parenthesis()? else { return Err(Opacity::NotUnderstood) };
        self.blanks();
        self.eat(b';');
        let body = self.do_group()?;
        Ok(CommandKind::ForArithmetic { expressions: vec![expression], body })
    }

    /// Behind `for` and `select`: a name and words.
    pub(super) fn for_words(&mut self) -> Read<CommandKind> {
        self.blanks();
        let word = self.word()?;
        let variable = self.name_of(&word);
        self.blanks();
        let words = if self.eat(b';') {
            None
        } else {
            self.newlines();
            if self.eat_keyword(Keyword::In) { Some(self.loop_words()?) } else { None }
        };
        let body = self.do_group()?;
        Ok(CommandKind::For { variable, words, body })
    }

    fn loop_words(&mut self) -> Read<Vec<Word>> {
        let mut words = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                Some(b';') => {
                    self.bump();
                    return Ok(words);
                }
                Some(b'\n') | None => return Ok(words),
                Some(_) => words.push(self.word()?),
            }
        }
    }

    /// `do … done` or `{ … }`.
    fn do_group(&mut self) -> Read<Script> {
        self.newlines();
        let closing = if self.eat_keyword(Keyword::Do) {
            Keyword::Done
        } else {
            self.expect_keyword(Keyword::Open)?;
            Keyword::Close
        };
        let body = self.body()?;
        self.expect_keyword(closing)?;
        Ok(body)
    }
}
