//! The family of Lisp: a list is a call of its first word.

use super::super::{GAP, Span};
use super::Code;
use super::term::{Call, Named, Term};
use crate::decide::syntax::Patience;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How deep lists may stand in one another.
const DEEPEST: usize = 256;
/// The most calls that are noted.
const CALLS: usize = 20_000;
/// How many bytes of text are put together in all.
const BYTES: usize = 2 * 1024 * 1024;
/// Words that bind a name to the value behind it.
const BINDS: [&str; 8] = ["setq", "setf", "def", "define", "defvar", "defparameter", "defconst", "var"];
/// Words whose second word is a list of names and values.
const LETS: [&str; 7] = ["let", "let*", "letrec", "when-let", "if-let", "loop", "binding"];
/// Functions that put their texts together.
const JOINS: [&str; 7] = ["concat", "str", "string-append", "strcat", "concatenate", "..", "join"];
/// Functions that give back what they are given, for what is read here.
const SAME: [&str; 12] = [
    "file",
    "io/file",
    "clojure.java.io/file",
    "fs/path",
    "expand-file-name",
    "pathname",
    "string->path",
    "build-path",
    "parse-namestring",
    "probe-file",
    "fs/file",
    "identity",
];

/// Reads code.
pub(super) fn read(text: &str) -> Code {
    let end = (0..=super::LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let head = text.get(..end).unwrap_or_default();
    let mut reader = Reader {
        text: head,
        at: 0,
        patience: Patience::for_length(head.len()),
        code: Code::default(),
        names: BTreeMap::new(),
        bytes: 0,
    };
    reader.lists();
    reader.code.cut |= head.len() < text.len() || reader.patience.is_gone();
    reader.code
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    patience: Patience,
    code: Code,
    names: BTreeMap<String, Term>,
    bytes: usize,
}

/// A list that is not closed yet.
#[derive(Default)]
struct Open {
    /// Its first word, if that is a name.
    head: Option<String>,
    /// What stands behind it.
    items: Vec<Term>,
    /// Names among the items, where they stand; they may be bound.
    words: Vec<(usize, String)>,
    /// It is data: `'(…)`, `[…]`.
    quoted: bool,
    /// It holds names and values: the first list of a `let`.
    binds: bool,
}

impl<'a> Reader<'a> {
    fn lists(&mut self) {
        let mut open: Vec<Open> = Vec::new();
        let mut quote = false;
        while let Some(c) = self.next() {
            match c {
                '(' | '[' | '{' => {
                    if open.len() >= DEEPEST {
                        self.code.cut = true;
                        return;
                    }
                    let binds = open.last().is_some_and(|outer| {
                        let lets = outer.head.as_deref().is_some_and(|head| LETS.contains(&head));
                        outer.binds || lets && outer.items.is_empty()
                    });
                    let quoted = std::mem::take(&mut quote) || c != '(';
                    open.push(Open { quoted, binds, ..Open::default() });
                }
                ')' | ']' | '}' => {
                    let Some(list) = open.pop() else { continue };
                    let term = self.close(list);
                    self.put(&mut open, term, None);
                }
                '"' => {
                    let text = self.string();
                    let term = self.made(&text);
                    self.put(&mut open, term, None);
                }
                ';' => self.skip_to('\n'),
                '#' if self.rest().starts_with('|') => {
                    let rest = self.rest();
                    self.at += rest.find("|#").map_or(rest.len(), |end| end + 2);
                }
                // Characters: `#\"`, `\"`, `?"`.
                '\\' => drop(self.next()),
                '?' if self.rest().starts_with(['\\', '"', '(', ')', ';']) => {
                    if self.next() == Some('\\') {
                        self.next();
                    }
                }
                '\'' | '`' => quote = true,
                '#' | ',' | '@' | '~' | '^' => {}
                c if c.is_whitespace() => quote = false,
                _ => {
                    self.at -= c.len_utf8();
                    self.atom(&mut open);
                    quote = false;
                }
            }
        }
        while let Some(list) = open.pop() {
            let term = self.close(list);
            self.put(&mut open, term, None);
        }
    }

    /// A name or a number.
    fn atom(&mut self, open: &mut [Open]) {
        let rest = self.rest();
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '"' | ';' | '\'');
        let end = rest.find(ends).unwrap_or(rest.len()).max(1);
        let word = rest.get(..end).unwrap_or_default().to_owned();
        self.at += end;
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            self.put(open, Term::Number(word.as_str().into()), None);
        } else if !word.starts_with([':', '&', '?', '\\']) {
            let term = self.names.get(&word).cloned().unwrap_or(Term::Unknown);
            self.put(open, term, Some(word));
        }
    }

    /// Puts something into the innermost list.
    fn put(&mut self, open: &mut [Open], term: Term, word: Option<String>) {
        let Some(list) = open.last_mut() else { return };
        let first = list.head.is_none() && list.items.is_empty() && !list.quoted;
        match word {
            Some(word) if first => {
                list.head = Some(word);
                return;
            }
            Some(word) => list.words.push((list.items.len(), word)),
            None => {}
        }
        list.items.push(term);
    }

    fn bind(&mut self, name: &str, term: &Term) {
        let known = self.names.get(name).is_none_or(|before| before == term);
        if self.names.len() < CALLS {
            self.names.insert(name.to_owned(), if known { term.clone() } else { Term::Unknown });
        }
    }

    /// What a list stands for: a call that is noted, or what plain functions make of their arguments.
    fn close(&mut self, list: Open) -> Term {
        if list.binds {
            // `((x "a"))` or `[x "a" y "b"]`
            match (&list.head, list.items.last()) {
                (Some(head), Some(value)) => self.bind(head, value),
                _ => {
                    for (at, word) in &list.words {
                        if let Some(value) = list.items.get(at + 1) {
                            self.bind(word, value);
                        }
                    }
                }
            }
        }
        let Some(head) = list.head.filter(|_| !list.quoted) else { return Term::list(list.items) };
        if BINDS.contains(&head.as_str()) {
            for (at, word) in &list.words {
                if let Some(value) = list.items.get(at + 1) {
                    self.bind(word, value);
                }
            }
        }
        let name = head.rsplit('/').next().unwrap_or(&head);
        if matches!(name, "list" | "vector" | "quote" | "vec") {
            return Term::list(list.items);
        }
        if JOINS.contains(&name) {
            let text: String = list.items.iter().map(Term::shown).collect();
            return self.made(&text);
        }
        if SAME.contains(&head.as_str()) || SAME.contains(&name) {
            return list.items.into_iter().next_back().unwrap_or(Term::Unknown);
        }
        self.note(&head, list.items);
        Term::Unknown
    }

    fn note(&mut self, head: &str, items: Vec<Term>) {
        if self.code.calls.len() >= CALLS {
            self.code.cut = true;
            return;
        }
        let path = head.trim_start_matches("cl:").replace("::", ".").replace([':', '/'], ".");
        let function = Named { path: path.trim_matches('.').into(), on: None };
        self.code.calls.push(Rc::new(Call::new(function, items, Vec::new(), Span::default())));
    }

    fn made(&mut self, text: &str) -> Term {
        self.bytes = self.bytes.saturating_add(text.len());
        let unknown = text.chars().all(|c| c == GAP) && !text.is_empty();
        if unknown || text.len() > super::term::LONGEST || self.bytes > BYTES {
            Term::Unknown
        } else {
            Term::text(text)
        }
    }

    /// A string; its opening quote is read already.
    fn string(&mut self) -> String {
        let mut text = String::new();
        while let Some(c) = self.next() {
            match c {
                '"' => break,
                '\\' => {
                    let Some(next) = self.next() else { break };
                    text.push(match next {
                        'n' => '\n',
                        't' => '\t',
                        other => other,
                    });
                }
                other => text.push(other),
            }
        }
        text
    }

    /// What is not read yet; nothing, once it was looked at too often.
    fn rest(&self) -> &'a str {
        let seen = self.text.get(self.at..).filter(|_| self.patience.look());
        seen.unwrap_or_default()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn skip_to(&mut self, end: char) {
        let rest = self.rest();
        self.at += rest.find(end).unwrap_or(rest.len());
    }
}
