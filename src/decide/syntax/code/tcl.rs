//! Tcl: commands of words. A word in braces may be a script of its own, and is read as one.

use super::super::{GAP, Span};
use super::Code;
use super::term::{Call, Named, Term};
use crate::decide::syntax::Patience;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How deep scripts may stand in one another.
const DEEPEST: u32 = 32;
/// The most calls that are noted.
const CALLS: usize = 20_000;
/// How many bytes are read in all: what stands in braces is read once for each pair of them.
const BYTES: usize = 2 * 1024 * 1024;
/// The longest value of a variable.
const LONGEST: usize = 64 * 1024;
/// Commands whose first word says what they do.
const ENSEMBLES: [&str; 9] = ["file", "namespace", "interp", "dict", "string", "package", "clock", "chan", "zipfs"];
/// Commands whose words, put together, are a script.
const EVALUATES: [&str; 7] = ["eval", "uplevel", "subst", "after", "catch", "try", "time"];

/// Commands that take what stands in braces for a text.
const TEXTS: [&str; 20] = [
    "puts",
    "set",
    "append",
    "lappend",
    "list",
    "string",
    "regexp",
    "regsub",
    "error",
    "format",
    "variable",
    "package",
    "send_user",
    "send_log",
    "array",
    "dict",
    "lsort",
    "lindex",
    "split",
    "join",
];

/// Reads a script. `given` are variables that are known from outside.
pub(super) fn read(text: &str, given: &[(&str, Term)]) -> Code {
    let end = (0..=super::LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let head = text.get(..end).unwrap_or_default();
    let mut reader = Reader { code: Code::default(), names: BTreeMap::new(), depth: 0, bytes: 0 };
    for (name, term) in given {
        let words = term.items().map(|items| items.iter().map(Term::shown).collect::<Vec<_>>().join(" "));
        reader.names.insert((*name).to_owned(), words.unwrap_or_else(|| term.shown()));
    }
    reader.code.cut = head.len() < text.len();
    reader.script(head);
    reader.code
}

struct Reader {
    code: Code,
    /// Values of variables, with gaps.
    names: BTreeMap<String, String>,
    depth: u32,
    bytes: usize,
}

/// One word of a command.
struct Written {
    text: String,
    /// It stood in braces: nothing in it was substituted yet.
    braced: bool,
}

impl Reader {
    /// Reads commands; what the last one gives back, as far as that is known.
    fn script(&mut self, text: &str) -> String {
        self.bytes = self.bytes.saturating_add(text.len());
        if self.depth >= DEEPEST || self.bytes > BYTES || self.code.calls.len() > CALLS {
            self.code.cut = true;
            return GAP.to_string();
        }
        self.depth += 1;
        let mut cursor = Cursor { text, at: 0, patience: Patience::for_length(text.len()) };
        let mut value = GAP.to_string();
        while cursor.peek().is_some() && !self.code.cut {
            let words = self.command(&mut cursor);
            if !words.is_empty() {
                value = self.run(&words);
            }
        }
        self.code.cut |= cursor.patience.is_gone();
        self.depth -= 1;
        value
    }

    /// The words of the next command.
    fn command(&mut self, cursor: &mut Cursor<'_>) -> Vec<Written> {
        let mut words = Vec::new();
        loop {
            cursor.skip_blanks();
            match cursor.peek() {
                None => return words,
                Some('\n' | ';') => {
                    cursor.next();
                    return words;
                }
                Some('#') if words.is_empty() => cursor.skip_comment(),
                Some(_) => {
                    let spread = cursor.rest().starts_with("{*}") && cursor.rest().len() > 3;
                    if spread {
                        cursor.at += 3;
                    }
                    let word = self.word(cursor);
                    if spread {
                        let parts = word.text.split_whitespace();
                        words.extend(parts.map(|part| Written { text: part.to_owned(), braced: false }));
                    } else {
                        words.push(word);
                    }
                }
            }
        }
    }

    fn word(&mut self, cursor: &mut Cursor<'_>) -> Written {
        match cursor.peek() {
            Some('{') => Written { text: cursor.enclosed('{', '}').to_owned(), braced: true },
            Some('"') => {
                cursor.next();
                let text = self.substituted(cursor, |c| c == '"');
                cursor.next();
                Written { text, braced: false }
            }
            _ => Written { text: self.substituted(cursor, |c| c.is_whitespace() || c == ';'), braced: false },
        }
    }

    /// Text with variables, commands and backslashes, up to where `ends` says.
    fn substituted(&mut self, cursor: &mut Cursor<'_>, ends: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(c) = cursor.peek().filter(|c| !ends(*c)) {
            match c {
                '\\' => {
                    cursor.next();
                    match cursor.next() {
                        Some('n' | 'r' | '\n') => text.push(' '),
                        Some('t') => text.push('\t'),
                        Some('x' | 'u' | 'U') => text.push(cursor.digits(16)),
                        Some(digit @ '0'..='7') => {
                            cursor.at -= digit.len_utf8();
                            text.push(cursor.digits(8));
                        }
                        Some(other) => text.push(other),
                        None => {}
                    }
                }
                '[' => {
                    let inner = cursor.enclosed('[', ']').to_owned();
                    let value = self.script(&inner);
                    self.grow(&mut text, &value);
                }
                '$' => {
                    cursor.next();
                    let value = cursor.variable().map(|name| self.names.get(name).cloned());
                    match value {
                        Some(value) => self.grow(&mut text, &value.unwrap_or_else(|| GAP.to_string())),
                        None => text.push('$'),
                    }
                }
                other => {
                    cursor.next();
                    text.push(other);
                }
            }
        }
        text
    }

    fn grow(&mut self, text: &mut String, more: &str) {
        self.bytes = self.bytes.saturating_add(more.len());
        if text.len() + more.len() > LONGEST || self.bytes > BYTES {
            self.code.cut = true;
        } else {
            text.push_str(more);
        }
    }

    fn run(&mut self, words: &[Written]) -> String {
        let Some((name, rest)) = words.split_first() else { return String::new() };
        let texts: Vec<&str> = rest.iter().map(|word| word.text.as_str()).collect();
        match (name.text.as_str(), texts.as_slice()) {
            ("set" | "variable", [variable, value]) => self.bind(variable, (*value).to_owned()),
            ("append" | "lappend", [variable, more @ ..]) => {
                let before = self.names.get(*variable).cloned().unwrap_or_default();
                let joint = if name.text == "append" || before.is_empty() { "" } else { " " };
                self.bind(variable, before + joint + &more.join(joint));
            }
            ("foreach" | "lmap", [variable, list, ..]) => {
                let one = (list.split_whitespace().count() == 1).then(|| list.trim().to_owned());
                self.bind(variable, one.unwrap_or_else(|| GAP.to_string()));
            }
            _ => {}
        }
        if EVALUATES.contains(&name.text.as_str()) && rest.iter().any(|word| !word.braced) {
            let from = usize::from(name.text == "after").min(texts.len());
            let text = texts.get(from..).unwrap_or_default().join(" ");
            self.script(&text);
        }
        let texts_only = TEXTS.contains(&name.text.as_str());
        for word in rest.iter().filter(|word| word.braced && !texts_only) {
            let text = word.text.clone();
            self.script(&text);
        }
        self.value_of(&name.text, &texts)
    }

    /// What a command gives back, where that is plain. Others are calls.
    fn value_of(&mut self, name: &str, words: &[&str]) -> String {
        let last = || words.last().map_or_else(|| GAP.to_string(), |word| (*word).to_owned());
        match (name, words) {
            ("list" | "concat" | "subst", words) => words.join(" "),
            ("glob", _) => last(),
            ("file", ["join", parts @ ..]) => parts.join("/"),
            ("file", ["normalize" | "nativename" | "tail", ..]) => last(),
            ("set", [_, _]) => last(),
            ("set", [variable]) => self.names.get(*variable).cloned().unwrap_or_else(|| GAP.to_string()),
            ("pwd", []) => ".".to_owned(),
            _ => {
                self.note_command(name, words);
                GAP.to_string()
            }
        }
    }

    fn bind(&mut self, name: &str, value: String) {
        // What is said inside of a block may or may not come true.
        let open = self.depth > 1 && self.names.get(name).is_some_and(|before| *before != value);
        let value = if open || value.len() > LONGEST { GAP.to_string() } else { value };
        if self.names.len() < CALLS {
            self.names.insert(name.to_owned(), value);
        }
    }

    fn note_command(&mut self, name: &str, words: &[&str]) {
        let path = name.trim_start_matches("::").replace("::", ".");
        match (path.as_str(), words) {
            (ensemble, [first, rest @ ..]) if ENSEMBLES.contains(&ensemble) => {
                let operands: Vec<&str> = rest.iter().copied().filter(|word| !word.starts_with('-')).collect();
                self.note(&format!("{ensemble}.{first}"), &operands);
            }
            ("exec", words) => {
                let own = words.iter().position(|word| !word.starts_with('-') || *word == "--").unwrap_or(words.len());
                let words = words.get(own..).unwrap_or_default();
                let words = words.strip_prefix(&["--"]).unwrap_or(words);
                words.split(|word| matches!(*word, "|" | "|&")).for_each(|command| self.note_piped(command));
            }
            ("open", [file, ..]) if file.starts_with('|') => {
                self.note("open.pipe", &[file.trim_start_matches('|')]);
            }
            ("send" | "exp_send", words) => {
                let text = words.last().copied().unwrap_or_default();
                if !text.contains(GAP) {
                    self.note("send", &[text]);
                }
            }
            (path, words) => self.note(path, words),
        }
    }

    /// One command of a pipeline, with its redirections as calls of their own.
    fn note_piped(&mut self, words: &[&str]) {
        let mut own: Vec<&str> = Vec::new();
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            let target =
                word.strip_prefix("2>").or_else(|| word.strip_prefix('>')).map(|rest| rest.trim_start_matches('>'));
            match target {
                Some(target) if target.starts_with(['@', '&']) => {}
                Some("") => self.note("exec.out", &[words.next().unwrap_or_default()]),
                Some(target) => self.note("exec.out", &[target]),
                None => own.push(word),
            }
        }
        self.note("exec", &own);
    }

    fn note(&mut self, path: &str, words: &[&str]) {
        if self.code.calls.len() >= CALLS {
            self.code.cut = true;
            return;
        }
        let arguments = words.iter().map(|word| Term::text(word)).collect();
        let function = Named { path: path.into(), on: None };
        self.code.calls.push(Rc::new(Call::new(function, arguments, Vec::new(), Span::default())));
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
    patience: Patience,
}

impl<'a> Cursor<'a> {
    /// What is not read yet; nothing, once it was looked at too often.
    fn rest(&self) -> &'a str {
        let seen = self.text.get(self.at..).filter(|_| self.patience.look());
        seen.unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn skip_blanks(&mut self) {
        while let Some(c) = self.peek() {
            if self.rest().starts_with("\\\n") {
                self.at += 2;
            } else if c.is_whitespace() && c != '\n' {
                self.next();
            } else {
                return;
            }
        }
    }

    fn skip_comment(&mut self) {
        while let Some(c) = self.peek().filter(|c| *c != '\n') {
            self.next();
            if c == '\\' {
                self.next();
            }
        }
    }

    /// What stands between a bracket and the one that closes it, with those inside counted.
    fn enclosed(&mut self, open: char, close: char) -> &'a str {
        self.next();
        let start = self.at;
        let mut depth = 1usize;
        while let Some(c) = self.next() {
            match c {
                '\\' => drop(self.next()),
                c if c == open => depth += 1,
                c if c == close => {
                    depth -= 1;
                    if depth == 0 {
                        return self.text.get(start..self.at - close.len_utf8()).unwrap_or_default();
                    }
                }
                _ => {}
            }
        }
        self.text.get(start..).unwrap_or_default()
    }

    /// The name behind `$`.
    fn variable(&mut self) -> Option<&'a str> {
        if self.peek() == Some('{') {
            return Some(self.enclosed('{', '}'));
        }
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
        let name = rest.get(..end).filter(|name| !name.is_empty())?;
        self.at += end;
        // An element of an array is not followed.
        if self.peek() == Some('(') {
            self.enclosed('(', ')');
            return Some("(");
        }
        Some(name.trim_start_matches("::"))
    }

    /// A character by its number.
    fn digits(&mut self, base: u32) -> char {
        let mut number = 0u32;
        let most = if base == 8 { 3 } else { 4 };
        for _ in 0..most {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(base)) else { break };
            number = number * base + digit;
            self.at += 1;
        }
        char::from_u32(number).unwrap_or(GAP)
    }
}
