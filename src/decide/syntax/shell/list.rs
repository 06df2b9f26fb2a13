//! Lists, and-or lists and pipelines.

use super::keyword::Keyword;
use super::reader::{Read, Reader};
use crate::decide::syntax::tree::{Command, CommandKind, Joint, Piece, Redirect, RedirectKind, Script, Word};

impl Reader<'_> {
    /// A list of commands, up to what can only end one: the text's end, `)`, `;;`, `}`, `done` and so on. What ends it is
    /// not passed, so that whoever opened the list sees whether it is the right one.
    pub(super) fn list(&mut self, commands: &mut Vec<Command>) -> Read<()> {
        loop {
            self.newlines();
            if self.at_close() {
                return Ok(());
            }
            let command = self.and_or()?;
            commands.push(command);
            self.blanks();
            match self.peek() {
                Some(b';') if self.at_close() => return Ok(()),
                Some(b';') => self.bump(),
                Some(b'&') => {
                    self.bump();
                    if let Some(command) = commands.last_mut() {
                        command.background = true;
                    }
                }
                Some(b'\n') => {}
                Some(_) | None if self.at_close() => return Ok(()),
                Some(_) | None => return self.refuse(),
            }
        }
    }

    /// A list that must not be empty.
    pub(super) fn body(&mut self) -> Read<Script> {
        let mut commands = Vec::new();
        self.list(&mut commands)?;
        if commands.is_empty() { self.refuse() } else { Ok(Script { commands }) }
    }

    /// Whether a list ends here.
    fn at_close(&mut self) -> bool {
        match self.peek() {
            None | Some(b')') => true,
            Some(b';') => matches!(self.second(), Some(b';' | b'&')),
            Some(_) => self.keyword().is_some_and(|(keyword, _)| keyword.closes()),
        }
    }

    fn and_or(&mut self) -> Read<Command> {
        let start = self.joined(self.at);
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.blanks();
            let joint = if self.sees(b'&', b'&') {
                Joint::And
            } else if self.sees(b'|', b'|') {
                Joint::Or
            } else {
                break;
            };
            self.bump_two();
            self.newlines();
            rest.push((joint, self.pipeline()?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        let end = rest.last().map_or(first.span, |(_, last)| last.span).end;
        let mut span = self.span(start);
        span.end = end;
        Ok(command(CommandKind::AndOr { first: Box::new(first), rest }, span))
    }

    /// A pipeline, with the `!` and `time` that stand before it.
    fn pipeline(&mut self) -> Read<Command> {
        let start = self.joined(self.at);
        let mut prefixed = false;
        loop {
            if self.eat_keyword(Keyword::Bang) {
                self.blanks();
            } else if self.eat_keyword(Keyword::Time) {
                self.blanks();
                self.time_options();
            } else {
                break;
            }
            prefixed = true;
        }
        if !prefixed {
            return self.piped();
        }
        let empty = matches!(self.peek(), None | Some(b'\n' | b';' | b')' | b'&'));
        let commands = if empty { Vec::new() } else { vec![self.piped()?] };
        let span = self.span(start);
        Ok(command(CommandKind::Group(Script { commands }), span))
    }

    /// `-p` and `--` behind `time`.
    fn time_options(&mut self) {
        for option in [b'p', b'-'] {
            if !self.sees(b'-', option) {
                continue;
            }
            let here = self.at;
            self.bump_two();
            match self.peek() {
                None => {}
                Some(byte) if super::reader::is_metacharacter(byte) => self.blanks(),
                Some(_) => self.at = here,
            }
        }
    }

    fn piped(&mut self) -> Read<Command> {
        let start = self.joined(self.at);
        let first = self.command()?;
        if !self.at_pipe() {
            return Ok(first);
        }
        let mut commands = vec![first];
        while self.at_pipe() {
            if self.second() == Some(b'&') {
                let here = self.at;
                self.bump_two();
                let redirect = self.errors_too(here);
                if let Some(last) = commands.last_mut() {
                    last.redirects.push(redirect);
                }
            } else {
                self.bump();
            }
            self.newlines();
            commands.push(self.command()?);
        }
        let mut span = self.span(start);
        span.end = commands.last().map_or(span.end, |last| last.span.end);
        Ok(command(CommandKind::Pipeline(commands), span))
    }

    /// Whether another stage of a pipeline follows.
    fn at_pipe(&mut self) -> bool {
        self.blanks();
        self.peek() == Some(b'|') && self.second() != Some(b'|')
    }

    /// `a |& b` is `a 2>&1 | b`.
    fn errors_too(&self, start: usize) -> Redirect {
        let span = self.span(start);
        let word = Word { pieces: vec![Piece::Bare("1".to_owned())], span };
        Redirect { descriptor: Some(2), kind: RedirectKind::Duplicate(word), span }
    }
}

/// A command without redirections.
pub(super) fn command(kind: CommandKind, span: crate::decide::syntax::tree::Span) -> Command {
    Command { kind, redirects: Vec::new(), span, background: false }
}
