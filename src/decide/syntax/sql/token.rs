//! Text to tokens: comments, strings, quoted names, and where the dialects disagree about them.

use super::{Dialect, GAP};
use std::borrow::Cow;

/// What the dialects disagree about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quoting {
    /// A backslash hides the next character of a string.
    pub(super) backslash: bool,
    /// `#` begins a comment.
    pub(super) hash: bool,
    /// `--` begins a comment only before a space.
    pub(super) spaced_dashes: bool,
    /// Comments nest.
    pub(super) nested: bool,
    /// `$tag$ … $tag$` is a string.
    pub(super) dollar: bool,
    /// `/*! … */` is code.
    pub(super) executable: bool,
}

impl Quoting {
    /// The rules of one dialect; of PostgreSQL where it is not known.
    pub(super) fn of(dialect: Dialect) -> Self {
        let none = Quoting {
            backslash: false,
            hash: false,
            spaced_dashes: false,
            nested: false,
            dollar: false,
            executable: false,
        };
        match dialect {
            Dialect::Any | Dialect::Postgres => Quoting { nested: true, dollar: true, ..none },
            Dialect::Mysql => Quoting { backslash: true, hash: true, spaced_dashes: true, executable: true, ..none },
            Dialect::Sqlite => none,
            Dialect::Tsql => Quoting { nested: true, ..none },
        }
    }
}

/// The longest bracketed name or template, in characters: a mark that is never closed costs no more than this.
const NAME: usize = 200;

/// The kinds of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A bare word: keyword, name, `@variable`, `:parameter`.
    Word,
    /// A quoted name: `"…"` (a string in MySQL), `` `…` ``, `[…]`.
    Name,
    /// A string.
    Text,
    /// A number.
    Number,
    /// One character of punctuation.
    Sign,
    /// Text that is not known.
    Gap,
}

/// One token: what was written, with its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// Its kind.
    pub(super) kind: Kind,
    /// As written.
    pub(super) raw: &'a str,
    /// First byte.
    pub(super) start: usize,
}

impl<'a> Token<'a> {
    /// The byte after the last.
    pub(super) fn end(&self) -> usize {
        self.start + self.raw.len()
    }

    /// Is it this bare word, without regard to case?
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.raw.eq_ignore_ascii_case(word)
    }

    /// Is it one of these bare words?
    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        self.kind == Kind::Word && words.iter().any(|word| self.raw.eq_ignore_ascii_case(word))
    }

    /// Is it this sign?
    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign && self.raw.starts_with(sign)
    }

    /// Can it be a name?
    pub(super) fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Name | Kind::Gap)
    }

    /// Can it be a string in some dialect?
    pub(super) fn is_text(&self) -> bool {
        self.kind == Kind::Text || (self.kind == Kind::Name && self.raw.starts_with('"'))
    }

    /// What stands between the quotes, with doubled and escaped characters made single.
    pub(super) fn content(&self) -> Cow<'a, str> {
        match self.kind {
            Kind::Word | Kind::Number | Kind::Sign | Kind::Gap => Cow::Borrowed(self.raw),
            Kind::Name if self.raw.starts_with('{') => Cow::Borrowed(self.raw),
            Kind::Name | Kind::Text => Cow::Owned(unquote(self.raw)),
        }
    }
}

/// Takes the quotes off a string or name. Prefixes (`E`, `N`) and dollar tags go as well.
fn unquote(raw: &str) -> String {
    if raw.starts_with('$') {
        let tag = raw.get(1..).and_then(|rest| rest.find('$')).map_or(0, |at| at + 2);
        let end = raw.len().checked_sub(tag).filter(|end| *end >= tag).unwrap_or(raw.len());
        return raw.get(tag..end).unwrap_or_default().to_owned();
    }
    let from = raw.find(['\'', '"', '`', '[']).unwrap_or(0);
    let quoted = raw.get(from..).unwrap_or_default();
    let mut characters = quoted.chars();
    let close = match characters.next() {
        Some('[') => ']',
        Some(other) => other,
        None => return String::new(),
    };
    let mut text = String::with_capacity(quoted.len());
    while let Some(character) = characters.next() {
        if character == close {
            match characters.next() {
                Some(next) if next == close => text.push(close),
                _ => break,
            }
        } else if character == '\\' && close != ']' {
            match characters.next() {
                Some(next @ ('\'' | '"' | '`' | '\\')) => text.push(next),
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(next) => text.extend(['\\', next]),
                None => text.push('\\'),
            }
        } else {
            text.push(character);
        }
    }
    text
}

/// How many bytes of white space and comments stand at the start of `rest`.
pub(super) fn skip_blank(rest: &str, quoting: Quoting) -> usize {
    let Some(first) = rest.chars().next() else { return 0 };
    if first.is_whitespace() || first.is_control() || first == '\u{FEFF}' {
        return first.len_utf8();
    }
    if first == '#' && quoting.hash {
        return line_length(rest);
    }
    if let Some(behind) = rest.strip_prefix("--") {
        let spaced = behind.chars().next().is_none_or(|c| c.is_whitespace() || c.is_control());
        return if spaced || !quoting.spaced_dashes { line_length(rest) } else { 0 };
    }
    if rest.starts_with("/*") {
        return skip_comment(rest, quoting);
    }
    if quoting.executable && rest.starts_with("*/") { 2 } else { 0 }
}

/// How many bytes of a comment (or only of its opening, where what follows is code) stand at the start of `rest`.
fn skip_comment(rest: &str, quoting: Quoting) -> usize {
    if quoting.executable && (rest.starts_with("/*!") || rest.starts_with("/*M!")) {
        let opening = rest.find('!').map_or(2, |at| at + 1);
        let digits = rest.get(opening..).map_or(0, |r| r.bytes().take_while(u8::is_ascii_digit).count());
        return opening + digits;
    }
    let mut depth = 0_usize;
    let mut bytes = rest.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        let next = bytes.peek().map(|(_, byte)| *byte);
        if byte == b'/' && next == Some(b'*') && (depth == 0 || quoting.nested) {
            depth += 1;
            bytes.next();
        } else if byte == b'*' && next == Some(b'/') {
            depth = depth.saturating_sub(1);
            bytes.next();
            if depth == 0 {
                return at + 2;
            }
        }
    }
    rest.len()
}

/// The bytes up to the end of the line, without it.
pub(super) fn line_length(rest: &str) -> usize {
    rest.find(['\n', '\r']).unwrap_or(rest.len())
}

/// The kind and length of the token at the start of `rest`, which is no blank.
pub(super) fn measure(rest: &str, quoting: Quoting) -> (Kind, usize) {
    let Some(first) = rest.chars().next() else { return (Kind::Sign, 0) };
    match first {
        '\'' => (Kind::Text, quoted_length(rest, '\'', quoting.backslash)),
        '"' => (Kind::Name, quoted_length(rest, '"', quoting.backslash)),
        '`' => bracketed(rest, '`'),
        '[' => bracketed(rest, ']'),
        '$' if quoting.dollar => dollar_length(rest).map_or_else(|| word(rest, quoting), |length| (Kind::Text, length)),
        '0'..='9' => (Kind::Number, number_length(rest)),
        '{' if rest.starts_with("{{") => template(rest, "}}"),
        '{' if rest.starts_with("{%") => template(rest, "%}"),
        c if is_word_start(c) => word(rest, quoting),
        c => (Kind::Sign, c.len_utf8()),
    }
}

fn is_word_start(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | '@' | '$' | '#') || (!c.is_ascii() && !c.is_whitespace())
}

fn is_word_part(c: char) -> bool {
    is_word_start(c) || c.is_alphanumeric()
}

/// A bare word, or a string behind a prefix letter (`E'…'`).
fn word(rest: &str, quoting: Quoting) -> (Kind, usize) {
    let length = rest.find(|c| !is_word_part(c) || (c == '#' && quoting.hash)).unwrap_or(rest.len());
    let (text, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
    if behind.starts_with('\'') && ["e", "n", "x", "b", "r"].iter().any(|p| text.eq_ignore_ascii_case(p)) {
        let escapes = quoting.backslash || text.eq_ignore_ascii_case("e");
        return (Kind::Text, length + quoted_length(behind, '\'', escapes));
    }
    if !text.is_empty() && text.chars().all(|c| c == GAP) {
        return (Kind::Gap, length);
    }
    // `$` that begins no word is a sign.
    if length == 0 { (Kind::Sign, 1) } else { (Kind::Word, length) }
}

/// The length of a quoted run with its quotes; to the end of the text if it is not closed.
fn quoted_length(rest: &str, quote: char, backslash: bool) -> usize {
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\' && backslash {
            characters.next();
        } else if character == quote {
            if characters.peek().is_some_and(|(_, next)| *next == quote) {
                characters.next();
            } else {
                return at + quote.len_utf8();
            }
        }
    }
    rest.len()
}

/// A name in backticks or brackets. Where these quote nothing, the text between them is code: what could hide a
/// statement is therefore no name.
fn bracketed(rest: &str, close: char) -> (Kind, usize) {
    let ends = |c: &char| *c == close || matches!(c, ';' | '\n' | '\'' | '"' | '[' | '`');
    match rest.char_indices().skip(1).take(NAME).find(|(_, c)| ends(c)) {
        Some((at, character)) if character == close && at > 1 => (Kind::Name, at + 1),
        Some(_) | None => (Kind::Sign, 1),
    }
}

/// `$tag$ … $tag$`
fn dollar_length(rest: &str) -> Option<usize> {
    let tag_length = rest.get(1..)?.find(|c: char| !(c.is_alphanumeric() || c == '_'))? + 2;
    let tag = rest.get(..tag_length).filter(|tag| tag.ends_with('$'))?;
    if tag.get(1..2).is_some_and(|c| c.starts_with(|c: char| c.is_ascii_digit())) {
        return None; // `$1$` is a parameter and a sign
    }
    let body = rest.get(tag_length..)?;
    Some(body.find(tag).map_or(rest.len(), |at| at + tag_length * 2))
}

fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    if bytes.get(1).is_some_and(|b| matches!(b, b'x' | b'X')) && bytes.first() == Some(&b'0') {
        let digits = bytes.iter().skip(2).take_while(|b| b.is_ascii_hexdigit()).count();
        return 2 + digits;
    }
    let mut length = bytes.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    if bytes.get(length).is_some_and(|b| matches!(b, b'e' | b'E')) {
        let sign = usize::from(bytes.get(length + 1).is_some_and(|b| matches!(b, b'+' | b'-')));
        let digits = bytes.iter().skip(length + 1 + sign).take_while(|b| b.is_ascii_digit()).count();
        if digits > 0 {
            length += 1 + sign + digits;
        }
    }
    length
}

/// `{{ … }}` of a template on one line: a word of its own.
fn template(rest: &str, close: &str) -> (Kind, usize) {
    let mut window = rest.char_indices().skip(2).take(NAME).take_while(|(_, c)| !matches!(c, '\n' | '{'));
    let end = window.find(|(at, _)| rest.get(*at..).is_some_and(|r| r.starts_with(close)));
    end.map_or((Kind::Sign, 1), |(at, _)| (Kind::Name, at + close.len()))
}
