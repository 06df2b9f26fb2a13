//! Statements: what is imported and assigned, so that names can be known where they are called.

use super::body::{Body, MAIN};
use super::lexis::Lexis;
use super::term::{Call, LONGEST, Named, Term};
use super::token::{Kind, Token, tokens};
use super::{Code, Span};
use crate::decide::syntax::Patience;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How deep brackets, blocks and texts may stand in one another.
const DEEPEST: u32 = 48;
/// The most calls that are noted.
const CALLS: usize = 20_000;
/// How many bytes of text may be put together in all.
const BYTES: usize = 4 * 1024 * 1024;

/// What a name is bound to, and how deep in blocks that was said.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    pub(super) term: Term,
    place: Place,
}

/// Where in the blocks of a text a statement stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Place {
    level: usize,
    /// How many blocks ended before, and how many functions began.
    block: usize,
    function: usize,
}

/// What all readers of one text and the texts in its strings share.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) names: BTreeMap<String, Bound>,
    pub(super) calls: Vec<Rc<Call>>,
    pub(super) depth: u32,
    bytes: usize,
    blocks: usize,
    functions: usize,
    /// Something was not read.
    pub(super) cut: Cell<bool>,
    /// The functions in whose bodies the reader stands, innermost last.
    pub(super) bodies: Vec<Body>,
    /// The class that was begun last.
    pub(super) class: Option<Rc<str>>,
}

pub(super) struct Reader<'a, 'n> {
    pub(super) lexis: &'a Lexis,
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) at: usize,
    patience: Patience,
    /// Where the text stands in the outermost one.
    pub(super) offset: usize,
    pub(super) notes: &'n mut Notes,
    pub(super) braces: usize,
    /// The column of the last statement.
    pub(super) indent: usize,
    /// `print` stands before, in a language where `>` then writes.
    pub(super) printing: bool,
    /// What a function among the arguments of the call that is being read is given.
    pub(super) yields: Term,
    /// The name of the function that begins next.
    pub(super) naming: Option<String>,
    /// What is read stands in a string of another text: its lines say nothing about that one's blocks.
    pub(super) nested: bool,
}

/// Reads a text.
pub(super) fn read(text: &str, lexis: &Lexis, given: &[(&str, Term)]) -> Code {
    let mut notes = Notes::default();
    for (name, term) in given {
        notes.names.insert((*name).to_owned(), Bound { term: term.clone(), place: Place::default() });
    }
    let end = (0..=super::LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let head = text.get(..end).unwrap_or_default();
    notes.cut.set(head.len() < text.len());
    for (offset, part) in parts(head, lexis) {
        Reader::over(part, offset, lexis, &mut notes).statements();
    }
    Code { calls: notes.calls, cut: notes.cut.get() }
}

/// The code in a text: all of it, or what stands between tags.
fn parts<'a>(text: &'a str, lexis: &Lexis) -> Vec<(usize, &'a str)> {
    if !lexis.tags || !text.contains("<?") {
        return vec![(0, text)];
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((_, inner)) = rest.split_once("<?") {
        let start = text.len() - inner.len();
        let skip = if inner.starts_with("php") { 3 } else { usize::from(inner.starts_with('=')) };
        let end = inner.find("?>").unwrap_or(inner.len());
        parts.push((start + skip, inner.get(skip..end).unwrap_or_default()));
        rest = inner.get(end..).unwrap_or_default();
    }
    parts
}

impl<'a, 'n> Reader<'a, 'n> {
    pub(super) fn over(text: &'a str, offset: usize, lexis: &'a Lexis, notes: &'n mut Notes) -> Self {
        let (tokens, whole) = tokens(text, lexis);
        notes.cut.set(notes.cut.get() || !whole);
        Reader {
            patience: Patience::for_length(tokens.len()),
            lexis,
            tokens,
            at: 0,
            offset,
            notes,
            braces: 0,
            indent: 0,
            printing: false,
            yields: Term::Unknown,
            naming: None,
            nested: false,
        }
    }

    pub(super) fn kind(&self, ahead: usize) -> Option<Kind<'a>> {
        self.token(ahead).map(|token| token.kind)
    }

    /// The token that stands so far ahead. Every look is one of those that this text may have.
    pub(super) fn token(&self, ahead: usize) -> Option<Token<'a>> {
        if !self.patience.look() {
            self.notes.cut.set(true);
            return None;
        }
        self.tokens.get(self.at + ahead).copied()
    }

    pub(super) fn is_mark(&self, ahead: usize, mark: &str) -> bool {
        matches!(self.kind(ahead), Some(Kind::Mark(own)) if own == mark)
    }

    pub(super) fn one_of_marks(&self, ahead: usize, marks: &[&str]) -> bool {
        matches!(self.kind(ahead), Some(Kind::Mark(own)) if marks.contains(&own))
    }

    pub(super) fn is_name(&self, ahead: usize, name: &str) -> bool {
        matches!(self.kind(ahead), Some(Kind::Name(own)) if own == name)
    }

    pub(super) fn span_from(&self, start: usize) -> Span {
        let from = self.tokens.get(start).map_or(0, |token| token.start);
        let to = self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(from, |token| token.end);
        let number = |at: usize| u32::try_from(self.offset + at).unwrap_or(u32::MAX);
        Span { start: number(from), end: number(to.max(from)) }
    }

    /// Goes one bracket deeper. What is too deep is not read, and nothing behind it.
    pub(super) fn deeper(&mut self, inner: impl FnOnce(&mut Self) -> Term) -> Term {
        if self.notes.depth >= DEEPEST {
            self.notes.cut.set(true);
            self.at = self.tokens.len();
            return Term::Unknown;
        }
        self.notes.depth += 1;
        let term = inner(self);
        self.notes.depth -= 1;
        term
    }

    /// A text that was put together, if there is fuel for it.
    pub(super) fn made(&mut self, text: &str) -> Term {
        self.notes.bytes = self.notes.bytes.saturating_add(text.len());
        if text.len() > LONGEST || self.notes.bytes > BYTES { Term::Unknown } else { Term::text(text) }
    }

    pub(super) fn note(&mut self, mut call: Call) -> Rc<Call> {
        call.inside = self.notes.bodies.last().map(|body| Rc::clone(&body.name));
        let call = Rc::new(call);
        if self.notes.calls.len() < CALLS {
            self.notes.calls.push(Rc::clone(&call));
        } else {
            self.notes.cut.set(true);
        }
        call
    }

    /// What a name is bound to.
    pub(super) fn lookup(&self, name: &str) -> Option<Term> {
        self.notes.names.get(name).map(|bound| bound.term.clone())
    }

    fn place(&self) -> Place {
        let indent = self.tokens.get(self.at.min(self.tokens.len().saturating_sub(1))).map_or(0, |token| token.indent);
        let level = self.braces + if self.lexis.indents || self.lexis.bare { indent } else { 0 };
        Place { level, block: self.notes.blocks, function: self.notes.functions }
    }

    /// Binds a name. What is said deeper inside of blocks, or in one of several, may or may not come true.
    pub(super) fn bind(&mut self, name: &str, term: Term) {
        let place = self.place();
        if self.notes.names.len() >= CALLS {
            self.notes.cut.set(true);
            return;
        }
        let bound = match self.notes.names.remove(name) {
            Some(before) if is_open(before.place, place) => {
                Bound { term: Term::one_of([before.term, term]), place: before.place }
            }
            Some(_) | None => Bound { term, place },
        };
        self.notes.names.insert(name.to_owned(), bound);
    }

    /// Reads to the end.
    pub(super) fn statements(&mut self) {
        while self.kind(0).is_some() {
            let before = self.at;
            self.statement();
            if self.at == before {
                self.at += 1;
            }
        }
    }

    /// Reads a block up to the brace that closes it; the opening one is read already.
    pub(super) fn block(&mut self) {
        let outer = self.braces;
        self.braces += 1;
        while self.kind(0).is_some() {
            if self.is_mark(0, "}") && self.braces == outer + 1 {
                self.at += 1;
                break;
            }
            let before = self.at;
            self.statement();
            if self.at == before {
                self.at += 1;
            }
        }
        self.braces = outer;
        self.notes.blocks += 1;
    }

    fn statement(&mut self) {
        let indent = self.token(0).map_or(0, |token| token.indent);
        if indent < std::mem::replace(&mut self.indent, indent) {
            self.notes.blocks += 1;
        }
        self.end_bodies(indent, false);
        match self.kind(0) {
            Some(Kind::Mark("{")) => {
                self.begin_method();
                self.braces += 1;
                self.at += 1;
            }
            Some(Kind::Mark("}")) => {
                self.braces = self.braces.saturating_sub(1);
                self.end_bodies(indent, true);
                self.notes.blocks += 1;
                self.printing = false;
                self.at += 1;
            }
            Some(Kind::LineEnd | Kind::Mark(";")) => {
                self.printing = false;
                self.at += 1;
            }
            Some(Kind::Name(name)) if self.keyword(name) => {}
            Some(Kind::Name(_) | Kind::Variable(_)) if self.assignment() => {}
            Some(
                Kind::Name(_) | Kind::Variable(_) | Kind::Number(_) | Kind::Text(_) | Kind::Mark(_) | Kind::Pattern,
            ) => {
                let term = self.expression();
                if self.is_name(0, "as") && self.lexis.indents {
                    self.at += 1;
                    if let Some(Kind::Name(name)) = self.kind(0) {
                        self.bind(name, term);
                        self.at += 1;
                    }
                }
            }
            None => {}
        }
    }

    /// Statements that begin with a word of their own. `true` if something was read.
    fn keyword(&mut self, name: &str) -> bool {
        match name {
            "import" | "from" => self.import(name),
            "for" | "foreach" => {
                self.at += 1;
                self.loop_head();
                true
            }
            "def" | "function" | "sub" | "fn" | "func" if !self.one_of_marks(1, &[".", "="]) => {
                self.at += 1;
                self.definition();
                true
            }
            "if" if self.is_name(1, "__name__") || self.is_name(2, "require") && self.is_name(4, "main") => {
                self.begin_body(MAIN);
                false
            }
            "class" if matches!(self.kind(1), Some(Kind::Name(_))) => {
                self.class();
                true
            }
            "include" | "include_once" | "require" | "require_once" if self.lexis.tags && !self.is_mark(1, "(") => {
                let start = self.at;
                self.at += 1;
                let file = self.expression();
                self.call_to(Named { path: name.into(), on: None }, vec![file], start);
                true
            }
            "do" if self.lexis.sigils.contains('%') && matches!(self.kind(1), Some(Kind::Text(_))) => {
                let start = self.at;
                self.at += 1;
                let file = self.expression();
                self.call_to(Named { path: name.into(), on: None }, vec![file], start);
                true
            }
            "export" if self.is_mark(1, "*") => self.import("import"),
            "const" | "let" | "var" | "my" | "our" | "local" => {
                self.at += 1;
                if self.is_mark(0, "{") {
                    self.destructuring();
                }
                true
            }
            "print" | "printf" if self.lexis.redirects => {
                self.at += 1;
                self.printing = true;
                true
            }
            _ => false,
        }
    }

    /// `def f(a, b='x')`: its parameters are not known inside.
    fn definition(&mut self) {
        self.notes.functions += 1;
        let mut own = None;
        while let Some(kind) = self.kind(0) {
            match kind {
                Kind::Name(name) => own = Some(name),
                Kind::Mark("." | "*" | ":" | "::") => {}
                Kind::Mark(_) | Kind::Variable(_) | Kind::Number(_) | Kind::Text(_) | Kind::Pattern | Kind::LineEnd => {
                    break;
                }
            }
            self.at += 1;
            if self.is_mark(0, ":") && self.lexis.indents {
                break;
            }
        }
        if let Some(name) = own {
            self.begin_body(name);
        }
        if self.is_mark(0, "(") {
            self.at += 1;
            self.parameters();
        }
    }

    /// Parameters up to the closing bracket.
    pub(super) fn parameters(&mut self) {
        let mut depth = 1usize;
        // Only the first name behind a comma is a parameter: `p: Path` does not bind `Path`.
        let mut fresh = true;
        while let Some(kind) = self.kind(0) {
            match kind {
                Kind::Mark("(" | "[" | "{") => depth += 1,
                Kind::Mark(")" | "]" | "}") => depth -= 1,
                Kind::Mark(",") => fresh = true,
                Kind::Name(name) | Kind::Variable(name) if fresh => {
                    fresh = false;
                    self.bind(name, Term::Unknown);
                }
                Kind::Mark(":" | "=") => fresh = false,
                Kind::Name(_) | Kind::Variable(_) | Kind::Number(_) | Kind::Text(_) => {}
                Kind::Mark(_) | Kind::Pattern | Kind::LineEnd => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
    }

    /// `x = …`, `x += …`, `a.b = …`, `x: T = …`. `true` if there was one.
    fn assignment(&mut self) -> bool {
        let Some(Kind::Name(first) | Kind::Variable(first)) = self.kind(0) else { return false };
        let mut name = first.to_owned();
        let mut ahead = 1;
        while self.one_of_marks(ahead, self.lexis.members) && ahead < 9 {
            let Some(Kind::Name(member)) = self.kind(ahead + 1) else { break };
            name.push('.');
            name.push_str(member);
            ahead += 2;
        }
        if self.is_mark(ahead, ":") && self.lexis.indents && matches!(self.kind(ahead + 1), Some(Kind::Name(_))) {
            let annotated = self.kind(ahead + 2);
            ahead += if matches!(annotated, Some(Kind::Mark("="))) { 2 } else { 0 };
        }
        let appends = self.one_of_marks(ahead, &["+=", ".="]);
        if !appends && !self.one_of_marks(ahead, self.lexis.assigns) {
            return false;
        }
        self.at += ahead + 1;
        while self.one_of_marks(0, &["\\"]) {
            self.at += 1;
        }
        // `a = b = 'x'`
        let chained = self.at;
        let nested = matches!(self.kind(0), Some(Kind::Name(_) | Kind::Variable(_))) && self.is_mark(1, "=");
        let term = if nested {
            let inner = self.kind(0);
            self.deeper(|reader| {
                reader.assignment();
                Term::Unknown
            });
            match inner {
                Some(Kind::Name(inner) | Kind::Variable(inner)) if self.at > chained => {
                    self.lookup(inner).unwrap_or(Term::Unknown)
                }
                _ => Term::Unknown,
            }
        } else {
            self.named_expression(&name)
        };
        let term = if appends {
            let before = self.lookup(&name).unwrap_or(Term::Unknown);
            self.joined(&before, &term)
        } else {
            term
        };
        self.bind(&name, term);
        true
    }
}

/// May what was bound there still hold here, beside what is bound here?
fn is_open(before: Place, now: Place) -> bool {
    before.level < now.level
        || before.level == now.level && now.level > 0 && before.function == now.function && before.block != now.block
}
