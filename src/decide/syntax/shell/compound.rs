//! Compound commands, functions and coprocesses. Loops stand in `loops`.

use super::expression::is_expression;
use super::keyword::Keyword;
use super::list::command;
use super::reader::{Read, Reader};
use crate::decide::syntax::tree::{
    CaseArm, Command, CommandKind, Opacity, Piece, Redirect, RedirectKind, Script, Word,
};
use std::sync::Arc;

impl Reader<'_> {
    /// One command of a pipeline.
    pub(super) fn command(&mut self) -> Read<Command> {
        let start = self.joined(self.at);
        let Some(kind) = self.compound()? else { return self.simple() };
        let mut redirects = Vec::new();
        loop {
            self.blanks();
            match self.redirect()? {
                Some(redirect) => redirects.push(redirect),
                None => break,
            }
        }
        let mut made = command(kind, self.span(start));
        made.redirects = redirects;
        Ok(made)
    }

    /// A compound command, if one begins here.
    fn compound(&mut self) -> Read<Option<CommandKind>> {
        if self.peek() == Some(b'(') {
            return self.deeper(Self::parenthesis).map(Some);
        }
        let Some((keyword, end)) = self.keyword() else { return Ok(None) };
        let here = self.at;
        self.at = end;
        let kind = match keyword {
            Keyword::Case => self.deeper(Self::case)?,
            Keyword::Coproc => self.deeper(Self::coprocess)?,
            Keyword::For => self.deeper(Self::for_loop)?,
            Keyword::Function => self.deeper(Self::function_keyword)?,
            Keyword::If => self.deeper(Self::branches)?,
            Keyword::Select => self.deeper(Self::for_words)?,
            Keyword::Until | Keyword::While => self.deeper(Self::while_loop)?,
            Keyword::Open => self.deeper(Self::group)?,
            Keyword::Test => self.deeper(Self::condition)?,
            // Only before a pipeline is it reserved: in `a | time b` it is a program.
            Keyword::Time => {
                self.at = here;
                return Ok(None);
            }
            Keyword::Bang
            | Keyword::Do
            | Keyword::Done
            | Keyword::Elif
            | Keyword::Else
            | Keyword::Esac
            | Keyword::Fi
            | Keyword::In
            | Keyword::Then
            | Keyword::Close => return self.refuse(),
        };
        Ok(Some(kind))
    }

    /// Whether a compound command begins here.
    fn at_compound(&mut self) -> bool {
        self.peek() == Some(b'(')
            || self.keyword().is_some_and(|(keyword, _)| {
                !keyword.closes() && !matches!(keyword, Keyword::Bang | Keyword::Time | Keyword::In | Keyword::Coproc)
            })
    }

    /// `( … )` or `(( … ))`.
    fn parenthesis(&mut self) -> Read<CommandKind> {
        let start = self.at;
        if self.sees(b'(', b'(')
            && let Some(expression) = self.double_parenthesis()?
        {
            let computes = is_expression(&expression.pieces);
            let arithmetic = CommandKind::Arithmetic(vec![expression]);
            return if computes { Ok(arithmetic) } else { self.subshells_too(arithmetic, start) };
        }
        self.subshell()
    }

    /// `((rm -rf x))` is refused by bash when it runs it, and two subshells for dash and busybox: it is in the tree as both.
    fn subshells_too(&mut self, arithmetic: CommandKind, start: usize) -> Read<CommandKind> {
        let (text, span) = (self.slice(start, self.at), self.span(start));
        // Read twice, what is inside would be read twice for each of its own parentheses.
        if text.contains(['`', '<', '>']) || text.contains("$(") {
            return Err(Opacity::NotUnderstood);
        }
        let end = std::mem::replace(&mut self.at, start);
        match self.subshell() {
            Ok(subshell) => {
                let both = vec![command(arithmetic, span), command(subshell, span)];
                Ok(CommandKind::Group(Script { commands: both }))
            }
            // No shell can read it as commands either: nothing of it runs.
            Err(Opacity::Refused) => {
                self.at = end;
                Ok(arithmetic)
            }
            Err(opacity) => Err(opacity),
        }
    }

    /// `( … )`
    fn subshell(&mut self) -> Read<CommandKind> {
        self.bump();
        let script = self.body()?;
        if !self.eat(b')') {
            return self.refuse();
        }
        Ok(CommandKind::Subshell(script))
    }

    /// `{ … }`, behind the brace.
    fn group(&mut self) -> Read<CommandKind> {
        let script = self.body()?;
        self.expect_keyword(Keyword::Close)?;
        Ok(CommandKind::Group(script))
    }

    /// Behind `if` and `elif`.
    fn branches(&mut self) -> Read<CommandKind> {
        let condition = self.body()?;
        self.expect_keyword(Keyword::Then)?;
        let then = self.body()?;
        let here = self.at;
        let otherwise = if self.eat_keyword(Keyword::Elif) {
            let kind = self.deeper(Self::branches)?;
            Script { commands: vec![command(kind, self.span(here))] }
        } else if self.eat_keyword(Keyword::Else) {
            let script = self.body()?;
            self.expect_keyword(Keyword::Fi)?;
            script
        } else {
            self.expect_keyword(Keyword::Fi)?;
            Script::default()
        };
        Ok(CommandKind::If { condition, then, otherwise })
    }

    /// Behind `case`.
    fn case(&mut self) -> Read<CommandKind> {
        self.blanks();
        let subject = self.word()?;
        self.newlines();
        self.expect_keyword(Keyword::In)?;
        let mut arms = Vec::new();
        loop {
            self.newlines();
            if self.eat_keyword(Keyword::Esac) {
                return Ok(CommandKind::Case { subject, arms });
            }
            arms.push(self.arm()?);
            self.newlines();
            if self.sees(b';', b';') {
                self.bump_two();
                self.eat(b'&');
            } else if self.sees(b';', b'&') {
                self.bump_two();
            } else {
                self.expect_keyword(Keyword::Esac)?;
                return Ok(CommandKind::Case { subject, arms });
            }
        }
    }

    fn arm(&mut self) -> Read<CaseArm> {
        if self.eat(b'(') {
            self.blanks();
        }
        let mut patterns = vec![self.word()?];
        loop {
            self.blanks();
            if !self.eat(b'|') {
                break;
            }
            self.blanks();
            patterns.push(self.word()?);
        }
        self.expect(b')')?;
        let mut commands = Vec::new();
        self.list(&mut commands)?;
        Ok(CaseArm { patterns, body: Script { commands } })
    }

    /// Behind `function`.
    fn function_keyword(&mut self) -> Read<CommandKind> {
        self.blanks();
        let start = self.at;
        let word = self.word()?;
        // Without `extglob`, `function f+(rm)` is a function `f+` whose body runs `rm`.
        if self.slice(start, self.at).contains('(') {
            return Err(Opacity::NotUnderstood);
        }
        let name = self.name_of(&word);
        self.blanks();
        let here = self.at;
        if self.eat(b'(') {
            self.blanks();
            // `function f ( rm )` has a subshell for its body.
            if !self.eat(b')') {
                self.at = here;
            }
        }
        self.function(name)
    }

    /// A function's body, behind its name and parentheses.
    pub(super) fn function(&mut self, name: String) -> Read<CommandKind> {
        self.newlines();
        if self.peek().is_none() {
            return self.refuse();
        }
        // dash takes any command for a body.
        if !self.at_compound() {
            return Err(Opacity::NotUnderstood);
        }
        let body = Arc::new(self.deeper(Self::command)?);
        Ok(CommandKind::Function { name, body })
    }

    /// Behind `coproc`. A name may stand before a compound command only.
    fn coprocess(&mut self) -> Read<CommandKind> {
        self.blanks();
        let here = self.at;
        if !self.at_compound() {
            while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                self.bump();
            }
            let named = matches!(self.peek(), Some(b' ' | b'\t' | b'('));
            self.blanks();
            if !named || !self.at_compound() {
                self.at = here;
            }
        }
        let mut inner = self.command()?;
        inner.background = true;
        // What it reads comes through a pipe, from whoever writes there: `coproc sh; echo 'rm -rf x' >&"${COPROC[1]}"`.
        let pipe = Word { pieces: vec![Piece::Bare("63".to_owned())], span: inner.span };
        let reads = Redirect { descriptor: Some(0), kind: RedirectKind::Duplicate(pipe), span: inner.span };
        inner.redirects.insert(0, reads);
        Ok(CommandKind::Group(Script { commands: vec![inner] }))
    }
}
