//! Simple commands and function definitions.

use super::assignment::{self, Head};
use super::list::command;
use super::reader::{Read, Reader, is_metacharacter};
use crate::decide::syntax::tree::{Command, CommandKind, Opacity, Piece, Redirect, Simple, Word};

/// How many declarations may stand in the operands of others. Their operands are in the tree twice, as words and as
/// assignments, so the tree doubles with each: `export a=$(export a=$(…))`.
const DECLARATIONS: u32 = 4;

/// Builtins whose operands the grammar lets be `name=(…)`: bash's `ASSIGNMENT_BUILTIN`, `eval` and `let`.
const TAKE_ARRAYS: [&str; 8] = ["alias", "declare", "eval", "export", "let", "local", "readonly", "typeset"];

/// What has been read of a simple command.
#[derive(Default)]
struct Draft {
    simple: Simple,
    redirects: Vec<Redirect>,
    takes_arrays: bool,
}

impl Reader<'_> {
    /// A simple command, or a function definition.
    pub(super) fn simple(&mut self) -> Read<Command> {
        let start = self.joined(self.at);
        let mut draft = Draft::default();
        let declarations = self.declarations;
        let mut end = start;
        loop {
            self.blanks();
            if let Some(redirect) = self.redirect()? {
                draft.redirects.push(redirect);
                end = self.at;
                continue;
            }
            match self.peek() {
                None => break,
                Some(b'(') => {
                    let kind = self.definition(&draft)?;
                    return Ok(command(kind, self.span(start)));
                }
                Some(byte)
                    if is_metacharacter(byte) && !(matches!(byte, b'<' | b'>') && self.second() == Some(b'(')) =>
                {
                    break;
                }
                Some(_) => self.part(&mut draft)?,
            }
            end = self.at;
        }
        self.declarations = declarations;
        let Draft { mut simple, redirects, .. } = draft;
        if simple.words.is_empty() && simple.assignments.is_empty() && redirects.is_empty() {
            return self.refuse();
        }
        assignment::declare(&mut simple);
        let span = self.range(start, end);
        Ok(Command { kind: CommandKind::Simple(simple), redirects, span, background: false })
    }

    /// One word or assignment.
    fn part(&mut self, draft: &mut Draft) -> Read<()> {
        if draft.simple.words.is_empty() {
            match self.head()? {
                Head::Assignment(assignment) => draft.simple.assignments.push(assignment),
                Head::Word(word) => {
                    self.note_declaration(&word, draft)?;
                    draft.simple.words.push(word);
                }
            }
        } else if draft.takes_arrays
            && let Some(assignment) = self.array_operand()?
        {
            draft.simple.words.push(assignment::as_word(&assignment));
            draft.simple.assignments.push(assignment);
        } else {
            draft.simple.words.push(self.word()?);
        }
        Ok(())
    }

    fn note_declaration(&mut self, name: &Word, draft: &mut Draft) -> Read<()> {
        draft.takes_arrays =
            matches!(name.pieces.as_slice(), [Piece::Bare(name)] if TAKE_ARRAYS.contains(&name.as_str()));
        if draft.takes_arrays || assignment::declares(name) {
            self.declarations += 1;
        }
        if self.declarations > DECLARATIONS { Err(Opacity::TooDeep) } else { Ok(()) }
    }

    /// `name () …`, standing on the parenthesis.
    fn definition(&mut self, draft: &Draft) -> Read<CommandKind> {
        let [name] = draft.simple.words.as_slice() else { return self.refuse() };
        if !draft.simple.assignments.is_empty() || !draft.redirects.is_empty() {
            return Err(Opacity::NotUnderstood);
        }
        let name = self.name_of(name);
        self.bump();
        self.blanks();
        if !self.eat(b')') {
            return self.refuse();
        }
        self.deeper(|reader| reader.function(name))
    }
}
