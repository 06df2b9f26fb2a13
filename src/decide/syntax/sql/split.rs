//! A text to statements: where each ends, and which lines are the client's.

use super::meta::{self, Effect};
use super::token::{self, Kind, Quoting, Token};
use super::{Dialect, Statement};
use crate::decide::syntax::Patience;

/// One step of a script.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// A statement's tokens, never empty.
    Tokens {
        /// The tokens.
        tokens: Vec<Token<'a>>,
        /// Its result is run as SQL (`\gexec`).
        generated: bool,
    },
    /// What a client's command does.
    Direct(Vec<Statement>),
}

/// Which text is read, and by whose rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// The dialect by whose rules it is read now.
    pub(super) dialect: Dialect,
    /// Whose client commands are read; `None`: text inside a string, which no client reads.
    pub(super) client: Option<Dialect>,
}

/// Cuts a text into its pieces.
pub(super) fn split(source: Source<'_>) -> Vec<Piece<'_>> {
    let mut splitter = Splitter {
        source,
        quoting: Quoting::of(source.dialect),
        at: 0,
        fresh: true,
        delimiter: None,
        body: Body::default(),
        tokens: Vec::new(),
        pieces: Vec::new(),
        copies: true,
    };
    let patience = Patience::for_length(source.text.len());
    while patience.look() && splitter.step() {}
    splitter.finish(false);
    splitter.pieces
}

struct Splitter<'a> {
    source: Source<'a>,
    quoting: Quoting,
    at: usize,
    /// Only blanks since the line began.
    fresh: bool,
    /// What ends a statement in the place of `;`.
    delimiter: Option<String>,
    body: Body,
    tokens: Vec<Token<'a>>,
    pieces: Vec<Piece<'a>>,
    /// There may be further ends of COPY data.
    copies: bool,
}

/// Is the statement a routine's definition, in whose body `;` ends nothing?
#[derive(Debug, Default)]
struct Body {
    routine: bool,
    batch: bool,
    depth: u32,
}

impl<'a> Splitter<'a> {
    fn rest(&self) -> &'a str {
        self.source.text.get(self.at..).unwrap_or_default()
    }

    /// Reads one blank, command or token. `false` at the end.
    fn step(&mut self) -> bool {
        let rest = self.rest();
        if rest.is_empty() {
            return false;
        }
        if self.delimiter.as_deref().is_some_and(|delimiter| rest.starts_with(delimiter)) {
            self.at += self.delimiter.as_deref().map_or(1, str::len);
            self.finish(false);
            return true;
        }
        if self.command(rest) {
            return true;
        }
        let blank = token::skip_blank(rest, self.quoting);
        if blank > 0 {
            self.fresh |= rest.starts_with(['\n', '\r']);
            self.at += blank;
            return true;
        }
        let (kind, length) = token::measure(rest, self.quoting);
        let raw = rest.get(..length.max(1)).unwrap_or(rest);
        let token = Token { kind, raw, start: self.at };
        self.at += raw.len();
        self.fresh = false;
        if token.is_sign(';') && !self.holds_semicolon() {
            self.finish(false);
        } else {
            self.body.note(self.source.dialect, self.tokens.as_slice(), &token);
            self.tokens.push(token);
        }
        true
    }

    fn holds_semicolon(&self) -> bool {
        self.delimiter.is_some() || self.body.batch || self.body.depth > 0
    }

    /// Reads a client's command, if one stands here.
    fn command(&mut self, rest: &'a str) -> bool {
        let Some(client) = self.source.client else { return false };
        let place = meta::Place { client, pass: self.source.dialect, start: self.tokens.is_empty(), fresh: self.fresh };
        let Some(command) = meta::read(rest, self.at, place) else { return false };
        self.at += command.length.max(1);
        match command.effect {
            Effect::Nothing => {}
            Effect::End => self.finish(false),
            Effect::Generate => self.finish(true),
            // Without a word behind it the client complains and goes on with the one it had.
            Effect::Delimiter(delimiter) if delimiter.is_empty() => {}
            Effect::Delimiter(delimiter) => self.delimiter = (delimiter != ";").then_some(delimiter),
        }
        if !command.statements.is_empty() {
            self.pieces.push(Piece::Direct(command.statements));
        }
        true
    }

    /// Ends the statement.
    fn finish(&mut self, generated: bool) {
        self.body = Body::default();
        let tokens = std::mem::take(&mut self.tokens);
        if tokens.is_empty() {
            return;
        }
        let copies = is_copy_from_stdin(&tokens) && self.copies && self.source.dialect == Dialect::Postgres;
        self.pieces.push(Piece::Tokens { tokens, generated });
        if copies && self.source.client.is_some() {
            self.skip_copied();
        }
    }

    /// Skips the rows behind `copy … from stdin` up to `\.`. A row that reads as a statement is read as one: another
    /// client than psql would stop at the COPY, and go on with what looked like rows.
    fn skip_copied(&mut self) {
        let rest = self.rest();
        let Some(end) = rest.find("\n\\.") else {
            self.copies = false;
            return;
        };
        let rows = rest.get(..end).unwrap_or_default();
        let mut offset = self.at;
        for row in rows.split_inclusive('\n') {
            let word = row.split_whitespace().next().unwrap_or_default();
            if !row.contains('\t')
                && ["drop", "delete", "truncate", "alter"].iter().any(|w| word.eq_ignore_ascii_case(w))
            {
                let mut tokens = lex(row, self.quoting);
                tokens.iter_mut().for_each(|token| token.start += offset);
                self.pieces.push(Piece::Tokens { tokens, generated: false });
            }
            offset += row.len();
        }
        self.at += end + 3;
    }
}

impl Body {
    fn note(&mut self, dialect: Dialect, before: &[Token<'_>], token: &Token<'_>) {
        let head = before.first().is_some_and(|head| head.is_any(&["create", "alter"]));
        match dialect {
            Dialect::Any | Dialect::Postgres => {
                self.routine |= head && before.len() < 5 && token.is_any(&["function", "procedure"]);
                let opens = token.is("atomic") && before.last().is_some_and(|last| last.is("begin"));
                self.count(opens, token);
            }
            Dialect::Sqlite => {
                self.routine |= head && before.len() < 4 && token.is("trigger");
                self.count(token.is("begin"), token);
            }
            Dialect::Tsql => {
                self.batch |= head && before.len() < 4 && token.is_any(&["proc", "procedure", "function", "trigger"]);
            }
            Dialect::Mysql => {}
        }
    }

    fn count(&mut self, opens: bool, token: &Token<'_>) {
        if self.routine && (opens || (self.depth > 0 && token.is("case"))) {
            self.depth += 1;
        } else if token.is("end") {
            self.depth = self.depth.saturating_sub(1);
        }
    }
}

/// All tokens of a text in which no statement ends.
fn lex(text: &str, quoting: Quoting) -> Vec<Token<'_>> {
    let (mut tokens, mut at) = (Vec::new(), 0);
    let patience = Patience::for_length(text.len());
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty() && patience.look()) {
        let blank = token::skip_blank(rest, quoting);
        if blank == 0 {
            let (kind, length) = token::measure(rest, quoting);
            let raw = rest.get(..length.max(1)).unwrap_or(rest);
            tokens.push(Token { kind, raw, start: at });
            at += raw.len();
        } else {
            at += blank;
        }
    }
    tokens
}

fn is_copy_from_stdin(tokens: &[Token<'_>]) -> bool {
    tokens.first().is_some_and(|head| head.is("copy"))
        && tokens.windows(2).any(|pair| matches!(pair, [from, stdin] if from.is("from") && stdin.is("stdin")))
        && tokens.iter().all(|token| token.kind != Kind::Gap)
}
