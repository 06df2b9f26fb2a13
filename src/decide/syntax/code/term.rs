//! What an expression is, as far as it can be known without running it.

use std::rc::Rc;

use super::super::{GAP, Span};

/// The most parts that one term may have, and how deep they may stand in one another. What is larger is not known.
const LARGEST: u32 = 1024;
const DEEPEST: u8 = 24;
/// The longest text, in bytes.
pub(super) const LONGEST: usize = 64 * 1024;

/// A term. [`GAP`] stands for text that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A text.
    Text(Rc<str>),
    /// An object that stands for a path: `Path('x')`.
    Path(Rc<str>),
    /// A number as it was written.
    Number(Rc<str>),
    /// A list or tuple.
    List(Many<Term>),
    /// A dictionary or object literal.
    Map(Many<(Term, Term)>),
    /// One of these: what a loop goes through, what branches leave.
    OneOf(Many<Term>),
    /// A name to which nothing was assigned: a module, a function, a constant.
    Name(Named),
    /// What a call gave back.
    Result(Rc<Call>),
    /// Nothing is known of it.
    Unknown,
}

/// Several terms, with their number and depth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Many<T> {
    items: Rc<[T]>,
    size: u32,
    depth: u8,
}

impl<T> std::ops::Deref for Many<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.items
    }
}

/// A dotted name, and the object of which it is a member, where that is more than a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// `os.remove`; `Path.unlink` for a member of a path object; `sqlite3.connect.execute`.
    pub path: Rc<str>,
    /// The object.
    pub on: Option<Rc<Term>>,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The function's dotted name, aliases resolved.
    pub path: Rc<str>,
    /// The object whose method it is, where that is more than a name.
    pub on: Option<Rc<Term>>,
    /// Arguments by place.
    pub arguments: Vec<Term>,
    /// Arguments by name.
    pub keywords: Vec<(String, Term)>,
    /// Where it stands.
    pub span: Span,
    /// The function in whose body it stands, by its own name. It runs when that is called, and not before.
    pub inside: Option<Rc<str>>,
    size: u32,
    depth: u8,
}

impl Call {
    /// A call with its measures.
    pub(super) fn new(function: Named, arguments: Vec<Term>, keywords: Vec<(String, Term)>, span: Span) -> Call {
        let parts = arguments.iter().chain(keywords.iter().map(|(_, value)| value)).chain(function.on.as_deref());
        let (size, depth) = measure(parts);
        Call { path: function.path, on: function.on, arguments, keywords, span, inside: None, size, depth }
    }

    /// An argument by name: written as a keyword, or a member of an object literal among the arguments.
    #[must_use]
    pub fn keyword(&self, name: &str) -> Option<&Term> {
        let own = self.keywords.iter().find(|(own, _)| own == name).map(|(_, value)| value);
        own.or_else(|| self.arguments.iter().find_map(|argument| argument.member(name)))
    }
}

fn measure<'t>(parts: impl Iterator<Item = &'t Term>) -> (u32, u8) {
    let (size, depth) = parts
        .map(Term::measure)
        .fold((1u32, 0u8), |(size, depth), (part, deep)| (size.saturating_add(part), depth.max(deep)));
    (size, depth.saturating_add(1))
}

impl Term {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Term {
        Term::Text(text.into())
    }

    /// A plain name.
    pub(super) fn name(path: &str) -> Term {
        Term::Name(Named { path: path.into(), on: None })
    }

    fn measure(&self) -> (u32, u8) {
        match self {
            Term::Text(_) | Term::Path(_) | Term::Number(_) | Term::Unknown => (1, 1),
            Term::List(items) | Term::OneOf(items) => (items.size, items.depth),
            Term::Map(items) => (items.size, items.depth),
            Term::Name(named) => named.on.as_deref().map_or((1, 1), |on| {
                let (size, depth) = on.measure();
                (size.saturating_add(1), depth.saturating_add(1))
            }),
            Term::Result(call) => (call.size, call.depth),
        }
    }

    /// A list, for names that are known from outside.
    #[must_use]
    pub fn list_of(items: Vec<Term>) -> Term {
        Term::list(items)
    }

    /// A list, or nothing known if it is too large.
    pub(super) fn list(items: Vec<Term>) -> Term {
        let (size, depth) = measure(items.iter());
        let many = Many { items: items.into(), size, depth };
        if size > LARGEST || depth > DEEPEST { Term::Unknown } else { Term::List(many) }
    }

    /// A map, or nothing known if it is too large.
    pub(super) fn map(items: Vec<(Term, Term)>) -> Term {
        let (size, depth) = measure(items.iter().flat_map(|(key, value)| [key, value]));
        let many = Many { items: items.into(), size, depth };
        if size > LARGEST || depth > DEEPEST { Term::Unknown } else { Term::Map(many) }
    }

    /// One of several; equal ones count once.
    pub(super) fn one_of(items: impl IntoIterator<Item = Term>) -> Term {
        let mut all: Vec<Term> = Vec::new();
        for item in items {
            let inner = item.choices().map_or_else(|| vec![item.clone()], <[Term]>::to_vec);
            // Those of one choice differ already.
            if all.is_empty() {
                all = inner;
                continue;
            }
            for one in inner {
                if all.len() < 64 && !all.contains(&one) {
                    all.push(one);
                }
            }
        }
        if all.len() == 1 {
            return all.pop().unwrap_or(Term::Unknown);
        }
        if all.is_empty() || all.len() >= 64 {
            return Term::Unknown;
        }
        let (size, depth) = measure(all.iter());
        let many = Many { items: all.into(), size, depth };
        if size > LARGEST || depth > DEEPEST { Term::Unknown } else { Term::OneOf(many) }
    }

    /// What a call gives back, or nothing known if the chain is too long.
    pub(super) fn result(call: &Rc<Call>) -> Term {
        if call.size > LARGEST || call.depth > DEEPEST { Term::Unknown } else { Term::Result(Rc::clone(call)) }
    }

    /// Whatever is one element of it.
    #[must_use]
    pub fn element(&self) -> Term {
        match self {
            Term::List(items) => Term::one_of(items.iter().cloned()),
            Term::Map(items) => Term::one_of(items.iter().map(|(key, _)| key.clone())),
            Term::OneOf(items) => Term::one_of(items.iter().map(Term::element)),
            Term::Text(_) | Term::Path(_) | Term::Number(_) | Term::Name(_) | Term::Result(_) | Term::Unknown => {
                Term::Unknown
            }
        }
    }

    /// The items of a list.
    #[must_use]
    pub fn items(&self) -> Option<&[Term]> {
        if let Term::List(items) = self { Some(items) } else { None }
    }

    /// The terms of which it is one.
    #[must_use]
    pub fn choices(&self) -> Option<&[Term]> {
        if let Term::OneOf(items) = self { Some(items) } else { None }
    }

    /// The member of a map.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Term> {
        let Term::Map(items) = self else { return None };
        items.iter().rev().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value)
    }

    /// Its text, with gaps, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Term::Text(text) | Term::Path(text) => Some(text),
            Term::Number(_)
            | Term::List(_)
            | Term::Map(_)
            | Term::OneOf(_)
            | Term::Name(_)
            | Term::Result(_)
            | Term::Unknown => None,
        }
    }

    /// Its text if all of it is known.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        self.as_text().filter(|text| !text.contains(GAP))
    }

    /// As a part of a text: what is no text is a gap.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Term::Text(text) | Term::Path(text) | Term::Number(text) => text.to_string(),
            Term::List(_) | Term::Map(_) | Term::OneOf(_) | Term::Name(_) | Term::Result(_) | Term::Unknown => {
                GAP.to_string()
            }
        }
    }

    /// As JSON, for the bodies of requests.
    #[must_use]
    pub fn as_json(&self) -> String {
        let mut json = String::new();
        self.write_json(&mut json);
        json
    }

    fn write_json(&self, json: &mut String) {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        if json.len() > LONGEST {
            return;
        }
        match self {
            Term::Text(text) | Term::Path(text) => json.push_str(&quoted(text)),
            Term::Number(text) => json.push_str(text),
            Term::List(items) => {
                json.push('[');
                for (index, item) in items.iter().enumerate() {
                    json.push_str(if index > 0 { "," } else { "" });
                    item.write_json(json);
                }
                json.push(']');
            }
            Term::Map(items) => {
                json.push('{');
                for (index, (key, value)) in items.iter().enumerate() {
                    json.push_str(if index > 0 { "," } else { "" });
                    json.push_str(&quoted(&key.shown()));
                    json.push(':');
                    value.write_json(json);
                }
                json.push('}');
            }
            Term::Name(named) => json.push_str(match &*named.path {
                "True" | "true" => "true",
                "False" | "false" => "false",
                "None" | "null" | "nil" => "null",
                _ => "\"…\"",
            }),
            Term::OneOf(_) | Term::Result(_) | Term::Unknown => json.push_str("\"…\""),
        }
    }
}
