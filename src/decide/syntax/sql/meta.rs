//! The clients' own commands: psql(1) backslash commands, the dot commands of sqlite3(1) and duckdb, the named commands of
//! mysql(1), and those of sqlcmd, cqlsh, snowsql and sqlplus.

use super::psql;
use super::token::line_length;
use super::{Dialect, Query, Span, Statement};

/// A client's command that was read.
#[derive(Debug)]
pub(super) struct Command {
    /// Its length in bytes.
    pub(super) length: usize,
    /// What it does.
    pub(super) statements: Vec<Statement>,
    /// What it means for the statement before it.
    pub(super) effect: Effect,
}

/// What a command means for the statements around it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    Nothing,
    /// The statement before it is ended and sent.
    End,
    /// The statement before it is sent, and its result is run.
    Generate,
    /// Statements are ended by this from now on.
    Delimiter(String),
}

/// Where in a text one looks for a command.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Whose commands there may be.
    pub(super) client: Dialect,
    /// By whose rules the text is read now.
    pub(super) pass: Dialect,
    /// No statement has begun.
    pub(super) start: bool,
    /// Only blanks stand before it on its line.
    pub(super) fresh: bool,
}

impl Place {
    fn may_be_tsql(self) -> bool {
        matches!(self.client, Dialect::Tsql | Dialect::Any)
    }
}

/// Reads the command at the start of `rest`, which stands at `at` in the text.
pub(super) fn read(rest: &str, at: usize, place: Place) -> Option<Command> {
    let first = rest.chars().next()?;
    let mut writer = Writer { at, length: 0, statements: Vec::new() };
    let effect = match first {
        '\\' if place.pass == Dialect::Mysql => read_mysql(rest, &mut writer),
        '\\' if place.pass == Dialect::Postgres => psql::read(rest, &mut writer),
        '.' if place.start && place.fresh && place.pass == Dialect::Sqlite => read_dot(rest, &mut writer),
        ':' | '!' if place.start && place.fresh && place.may_be_tsql() => read_sqlcmd(rest, place, &mut writer),
        '@' if place.start && place.fresh && place.client == Dialect::Any => {
            let line = writer.take_line(rest);
            writer.include(line.trim_start_matches('@'));
            Some(Effect::Nothing)
        }
        'a'..='z' | 'A'..='Z' if place.start || place.fresh => read_word(rest, place, &mut writer),
        _ => None,
    }?;
    Some(Command { length: writer.length, statements: writer.statements, effect })
}

/// Collects what a command does.
pub(super) struct Writer {
    at: usize,
    pub(super) length: usize,
    statements: Vec<Statement>,
}

impl Writer {
    /// Takes the whole line and returns it without blanks at its ends.
    pub(super) fn take_line<'a>(&mut self, rest: &'a str) -> &'a str {
        self.length = line_length(rest);
        rest.get(..self.length).unwrap_or(rest).trim()
    }

    fn span(&self) -> Span {
        span(self.at, self.at + self.length)
    }

    pub(super) fn shell(&mut self, text: &str) {
        let (text, span) = (text.trim().to_owned(), self.span());
        if !text.is_empty() {
            self.statements.push(Statement::Shell { text, span });
        }
    }

    pub(super) fn include(&mut self, file: &str) {
        let (file, span) = (plain(file), self.span());
        if !file.is_empty() {
            self.statements.push(Statement::Include { file, span });
        }
    }

    pub(super) fn output(&mut self, file: &str) {
        let (file, span) = (plain(file), self.span());
        if !file.is_empty() && !["stdout", "stderr", "off", "on", "pstdout"].contains(&file.as_str()) {
            self.statements.push(Statement::Output { file, span });
        }
    }

    /// `|command` or a file that is written.
    pub(super) fn sink(&mut self, argument: &str) {
        let argument = argument.trim();
        match argument.trim_matches(['"', '\'']).strip_prefix('|') {
            Some(command) => self.shell(command),
            None => self.output(argument),
        }
    }

    pub(super) fn opaque(&mut self) {
        let span = self.span();
        self.statements.push(Statement::Opaque { span });
    }

    pub(super) fn query(&mut self, verb: &[&str], object: &str) {
        let objects = if object.is_empty() { Vec::new() } else { vec![plain(object)] };
        let verb = verb.iter().map(|word| (*word).to_owned()).collect();
        self.statements.push(Statement::Query(Query { verb, objects, span: self.span(), ..Query::default() }));
    }
}

/// A span of the text; both ends are cut to what a span can hold.
pub(super) fn span(start: usize, end: usize) -> Span {
    Span { start: u32::try_from(start).unwrap_or(u32::MAX), end: u32::try_from(end).unwrap_or(u32::MAX) }
}

fn plain(argument: &str) -> String {
    argument.trim().trim_end_matches(';').trim().trim_matches(['"', '\'']).to_owned()
}

/// The first word of a line and what follows it.
fn first_word(line: &str) -> (&str, &str) {
    line.split_once(char::is_whitespace).map_or((line, ""), |(word, rest)| (word, rest.trim()))
}

/// The backslash commands of mysql(1): one letter each.
fn read_mysql(rest: &str, writer: &mut Writer) -> Option<Effect> {
    let letter = rest.chars().nth(1)?;
    writer.length = 1 + letter.len_utf8();
    if !matches!(letter, '!' | '.' | 'T' | 'P' | 'd' | 'u') {
        return Some(if matches!(letter, 'g' | 'G') { Effect::End } else { Effect::Nothing });
    }
    let behind = rest.get(writer.length..).unwrap_or_default();
    let line = behind.get(..line_length(behind)).unwrap_or_default();
    writer.length += line.len();
    let line = line.trim();
    match letter {
        '!' => writer.shell(line),
        '.' => writer.include(line),
        'T' => writer.output(line),
        'P' => writer.shell(line),
        'd' => return Some(Effect::Delimiter(line.to_owned())),
        _ => {}
    }
    Some(Effect::Nothing)
}

/// The dot commands of sqlite3 that reach beyond SQL. A name may be cut short: `.sh` is `.shell`.
const DOTTED: &[&str] = &[
    "shell", "system", "read", "restore", "output", "once", "open", "import", "load", "backup", "save", "clone",
    "archive", "log", "trace", "excel",
];

fn read_dot(rest: &str, writer: &mut Writer) -> Option<Effect> {
    let name = rest.get(1..)?;
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let (name, argument) = first_word(writer.take_line(name));
    writer.length += 1;
    let lower = name.to_ascii_lowercase();
    let full = DOTTED.iter().find(|full| full.starts_with(&lower)).copied().unwrap_or_default();
    match full {
        "shell" | "system" => writer.shell(argument),
        "read" | "import" => {
            let bare = argument.trim_start_matches(['"', '\'']);
            match bare.strip_prefix('|') {
                Some(command) => {
                    writer.shell(command.trim_end_matches(['"', '\'']));
                    writer.opaque();
                }
                None if full == "read" => writer.include(argument),
                None => {}
            }
        }
        "restore" => writer.query(&[".restore"], argument),
        "load" => writer.query(&[".load"], argument),
        "open" if argument.contains("-new") => writer.query(&[".open", "--new"], first_word(argument).1),
        "archive" => writer.query(&[".archive", first_word(argument).0], first_word(argument).1),
        "output" | "once" | "backup" | "save" | "clone" | "log" | "trace" => {
            writer.sink(argument.rsplit_once("-- ").map_or(argument, |(_, file)| file));
        }
        _ => {}
    }
    Some(Effect::Nothing)
}

/// sqlcmd's `:r file`, `:!! cmd`, `!!cmd`, `:out file`; snowsql's and sqlplus's `!…`.
fn read_sqlcmd(rest: &str, place: Place, writer: &mut Writer) -> Option<Effect> {
    let line = rest.get(..line_length(rest)).unwrap_or(rest).trim();
    if let Some(command) = line.strip_prefix(":!!").or_else(|| line.strip_prefix("!!")) {
        writer.take_line(rest);
        writer.shell(command);
        return Some(Effect::Nothing);
    }
    let (word, argument) = first_word(line.get(1..).unwrap_or_default());
    let word = word.to_ascii_lowercase();
    if line.starts_with(':') {
        writer.take_line(rest);
        match word.as_str() {
            "r" => writer.include(argument),
            "out" | "error" | "perftrace" => writer.output(argument),
            "setvar" | "connect" | "on" | "listvar" | "exit" | "quit" | "reset" | "serverlist" | "xml" | "ed"
            | "list" => {}
            _ => return None,
        }
        return Some(Effect::Nothing);
    }
    if place.client != Dialect::Any || word.starts_with('=') {
        return None;
    }
    writer.take_line(rest);
    match word.as_str() {
        "source" | "load" => writer.include(argument),
        "system" => writer.shell(argument),
        "spool" => writer.output(argument),
        "set" | "quit" | "exit" | "define" | "options" | "variables" | "queries" | "connect" | "print" | "result" => {}
        _ => writer.shell(line.get(1..).unwrap_or_default()),
    }
    Some(Effect::Nothing)
}

/// Commands that are words at the start of a line.
fn read_word(rest: &str, place: Place, writer: &mut Writer) -> Option<Effect> {
    // Short, so that a long line of statements is not read to its end for each of them.
    let word_length = rest.bytes().take(10).take_while(u8::is_ascii_alphabetic).count();
    let word = rest.get(..word_length)?.to_ascii_lowercase();
    let behind = rest.get(word_length..).unwrap_or_default();
    if word == "go" && place.fresh {
        let line = behind.get(..line_length(behind)).unwrap_or_default().trim();
        writer.length = 2 + line_length(behind);
        return line.bytes().all(|b| b.is_ascii_digit()).then_some(Effect::End);
    }
    if !place.start || !behind.starts_with([' ', '\t']) {
        return None;
    }
    let known = match word.as_str() {
        "system" | "source" | "tee" | "pager" | "delimiter" => place.pass == Dialect::Mysql,
        "host" | "spool" | "capture" => place.client == Dialect::Any,
        _ => false,
    };
    if !known {
        return None;
    }
    let argument = writer.take_line(behind);
    writer.length += word_length;
    match word.as_str() {
        "system" | "pager" => writer.shell(argument.trim_end_matches(';')),
        "source" => writer.include(argument),
        "tee" | "spool" | "capture" => writer.output(argument),
        "host" => writer.shell(argument),
        "delimiter" => return Some(Effect::Delimiter(first_word(argument).0.to_owned())),
        _ => {}
    }
    Some(Effect::Nothing)
}
