//! Functions' bodies: which function a call stands in.

use super::reader::Reader;
use super::term::Term;
use super::token::Kind;
use std::rc::Rc;

/// A function's body that is being read.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) name: Rc<str>,
    /// The column of the line on which it begins: a line that begins no deeper stands behind it.
    indent: usize,
    /// How many braces are open around it, in a language of braces.
    level: usize,
    /// It is read as one, and ended by whoever reads it.
    enclosed: bool,
}

/// What runs only where the file is the program itself and no module.
pub(super) const MAIN: &str = "__main__";
/// Functions that make an object, or are called with it.
const CONSTRUCTORS: [&str; 7] =
    ["__init__", "__new__", "__call__", "__enter__", "constructor", "initialize", "__construct"];
/// Words with brackets and a block that define nothing.
const NO_METHOD: [&str; 9] = ["catch", "switch", "with", "if", "while", "for", "else", "elseif", "synchronized"];

impl Reader<'_, '_> {
    /// Reads the body of a function that has a name, if one was said for it.
    pub(super) fn inside(&mut self, name: Option<String>, inner: impl FnOnce(&mut Self)) {
        let Some(name) = name else { return inner(self) };
        let depth = self.notes.bodies.len();
        self.notes.bodies.push(Body { name: name.as_str().into(), indent: 0, level: 0, enclosed: true });
        inner(self);
        self.notes.bodies.truncate(depth);
    }

    /// The body of a function begins: it ends with its brace, or the first line that begins no deeper than this one.
    pub(super) fn begin_body(&mut self, name: &str) {
        let (indent, level) = (self.indent, self.braces);
        // What makes an object is called by the name of its class.
        let class = self.notes.class.clone().filter(|_| CONSTRUCTORS.contains(&name));
        let name = class.unwrap_or_else(|| name.into());
        self.notes.bodies.push(Body { name, indent, level, enclosed: false });
    }

    /// `class A(B, C=d):`, `class A extends B {`
    pub(super) fn class(&mut self) {
        self.at += 1;
        if let Some(Kind::Name(name)) = self.kind(0) {
            self.notes.class = Some(name.into());
            self.at += 1;
        }
        if self.is_mark(0, "(") {
            self.at += 1;
            self.arguments(")");
        }
    }

    fn has_braces(&self) -> bool {
        !self.lexis.indents && !self.lexis.bare
    }

    /// Bodies that end before a statement, or with the brace that closes.
    pub(super) fn end_bodies(&mut self, indent: usize, closes: bool) {
        let fresh = self.at == 0 || matches!(self.tokens.get(self.at - 1).map(|t| t.kind), Some(Kind::LineEnd));
        let (opens, ends_line) = (self.is_mark(0, "{"), matches!(self.kind(0), Some(Kind::LineEnd)));
        let (has_braces, braces, nested) = (self.has_braces(), self.braces, self.nested);
        let ended = |body: &Body| {
            if body.enclosed || nested {
                false
            } else if has_braces {
                body.level >= braces && (closes || fresh && !opens)
            } else {
                fresh && body.indent >= indent && !ends_line
            }
        };
        while self.notes.bodies.last().is_some_and(ended) {
            self.notes.bodies.pop();
        }
    }

    /// `name(…) {` at the beginning of a statement, in a language of braces, defines a method.
    pub(super) fn begin_method(&mut self) {
        if !self.has_braces() {
            return;
        }
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let Some(token) = before.filter(|token| token.kind == Kind::Mark(")")) else { return };
        let end = u32::try_from(self.offset + token.end).unwrap_or(u32::MAX);
        let Some(call) = self.notes.calls.last().filter(|call| call.span.end == end).cloned() else { return };
        if !call.path.contains('.') && !NO_METHOD.contains(&&*call.path) {
            self.notes.calls.pop();
            self.begin_body(&call.path);
        }
    }

    /// Does a function begin here, as a value?
    fn begins_function(&self) -> bool {
        match self.kind(0) {
            Some(Kind::Name("function")) => true,
            Some(Kind::Name("async")) => matches!(self.kind(1), Some(Kind::Name(_) | Kind::Mark("("))),
            Some(Kind::Name(_)) => self.is_mark(1, "=>") && self.lexis.keyword.is_empty(),
            Some(Kind::Mark("(")) => self.lexis.keyword.is_empty() && self.is_arrow(),
            _ => false,
        }
    }

    /// An expression that is given a name: a function's body is then that function's.
    pub(super) fn named_expression(&mut self, name: &str) -> Term {
        if self.begins_function() {
            self.naming = Some(name.rsplit('.').next().unwrap_or(name).to_owned());
        }
        let term = self.expression();
        self.naming = None;
        term
    }
}
