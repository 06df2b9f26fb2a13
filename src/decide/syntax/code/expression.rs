//! Expressions: operands, what hangs behind them, and the operators that put texts together.

use super::reader::Reader;
use super::term::{Call, Named, Term};
use super::token::Kind;
use super::{fold, fragment};

/// Words before an operand that say nothing about what it is.
const BEFORE: &[&str] = &[
    "await",
    "new",
    "return",
    "yield",
    "not",
    "typeof",
    "void",
    "delete",
    "throw",
    "raise",
    "assert",
    "echo",
    "print",
    "async",
    "export",
    "default",
    "else",
    "elif",
    "elsif",
    "elseif",
    "then",
    "do",
    "try",
    "finally",
    "with",
    "and",
    "or",
    "if",
    "unless",
    "while",
    "until",
    "when",
    "case",
    "begin",
    "ensure",
    "static",
    "public",
    "private",
    "protected",
    "global",
    "lambda",
    "go",
    "defer",
    "local",
    "final",
    "nonlocal",
    "in",
    "end",
    "next",
    "last",
    "die",
    "exit",
    "my",
    "our",
];

/// Words that end an expression.
pub(super) const BEHIND: &[&str] = &[
    "and",
    "or",
    "if",
    "unless",
    "while",
    "until",
    "for",
    "in",
    "is",
    "not",
    "as",
    "then",
    "do",
    "end",
    "else",
    "rescue",
    "instanceof",
    "of",
    "x",
    "eq",
    "ne",
    "cmp",
    "xor",
    "foreach",
    "satisfies",
];

impl Reader<'_, '_> {
    /// An expression. Operators have no precedence: what they put together is a text, or not known.
    pub(super) fn expression(&mut self) -> Term {
        self.deeper(|reader| {
            let mut left = reader.operand();
            while reader.operator(&mut left) {}
            left
        })
    }

    /// Reads one operator and what stands behind it. `false` if there is none.
    fn operator(&mut self, left: &mut Term) -> bool {
        let Some(kind) = self.kind(0) else { return false };
        match kind {
            Kind::Mark(mark) if self.lexis.redirects && self.redirected(mark, left) => true,
            Kind::Mark(mark) if self.lexis.joins.contains(&mark) => {
                self.at += 1;
                let right = self.behind_operator();
                *left = self.joined(left, &right);
                true
            }
            Kind::Mark("/") if matches!(left, Term::Path(_)) => {
                self.at += 1;
                let right = self.behind_operator();
                *left = fold::join_paths(&[left.clone(), right]).map_or(Term::Unknown, |path| Term::Path(path.into()));
                true
            }
            Kind::Mark("%") if matches!(left, Term::Text(_)) => {
                self.at += 1;
                let right = self.behind_operator();
                let values = right.items().map_or_else(|| vec![right.clone()], <[Term]>::to_vec);
                let text = fragment::percent(left.as_text().unwrap_or_default(), &values);
                *left = self.made(&text);
                true
            }
            Kind::Mark("||" | "??" | "&&") => self.alternative(left),
            Kind::Name("or" | "and") if self.lexis.indents => self.alternative(left),
            Kind::Name("if") if self.lexis.indents => {
                self.at += 1;
                self.expression();
                if self.is_name(0, "else") { self.alternative(left) } else { true }
            }
            Kind::Mark("?") => {
                self.at += 1;
                let first = self.expression();
                if self.is_mark(0, ":") {
                    self.at += 1;
                }
                let second = self.expression();
                *left = Term::one_of([first, second]);
                true
            }
            Kind::Mark(
                "-" | "*" | "/" | "%" | "==" | "!=" | "===" | "!==" | "<" | ">" | "<=" | ">=" | "=~" | "!~" | "**"
                | "//" | "&" | "^" | "<=>" | ">>" | ".." | "+" | "|>" | "<<" | ".",
            ) => {
                self.at += 1;
                let right = self.behind_operator();
                *left = if kind == Kind::Mark("<<") { self.joined(left, &right) } else { Term::Unknown };
                true
            }
            // `x |` ends a Ruby block's parameters; elsewhere it is an operator.
            Kind::Mark("|") if !self.lexis.trailing_if => {
                self.at += 1;
                self.behind_operator();
                *left = Term::Unknown;
                true
            }
            Kind::Text(_) if matches!(left, Term::Text(_)) => {
                let right = self.operand();
                *left = self.joined(left, &right);
                true
            }
            // awk puts texts together by writing them side by side.
            Kind::Name(name) if self.lexis.redirects && !BEHIND.contains(&name) && name != "getline" => {
                let right = self.operand();
                *left = self.joined(left, &right);
                true
            }
            Kind::Variable(_) | Kind::Text(_) if self.lexis.redirects => {
                let right = self.operand();
                *left = self.joined(left, &right);
                true
            }
            Kind::Name(_) | Kind::Variable(_) | Kind::Number(_) | Kind::Text(_) | Kind::Mark(_) | Kind::Pattern => {
                false
            }
            Kind::LineEnd => false,
        }
    }

    fn alternative(&mut self, left: &mut Term) -> bool {
        self.at += 1;
        let right = self.expression();
        *left = Term::one_of([left.clone(), right]);
        true
    }

    fn behind_operator(&mut self) -> Term {
        while matches!(self.kind(0), Some(Kind::LineEnd)) {
            self.at += 1;
        }
        self.deeper(Self::operand)
    }

    /// awk: `print x > "file"`, `print x | "command"`, `"command" | getline`.
    fn redirected(&mut self, mark: &'static str, left: &Term) -> bool {
        let command = mark == "|" || mark == "|&";
        if command && self.is_name(1, "getline") {
            let start = self.at;
            self.at += 2;
            self.call_to(Named { path: "|".into(), on: None }, vec![left.clone()], start);
            return true;
        }
        if mark == "<" && matches!(self.kind(1), Some(Kind::Text(_))) {
            let start = self.at;
            self.at += 1;
            let file = self.behind_operator();
            self.call_to(Named { path: "<".into(), on: None }, vec![file], start);
            return true;
        }
        if !(command || matches!(mark, ">" | ">>")) || !self.printing {
            return false;
        }
        let start = self.at;
        self.at += 1;
        let mut target = self.behind_operator();
        while matches!(self.kind(0), Some(Kind::Text(_) | Kind::Variable(_) | Kind::Name(_))) {
            let right = self.operand();
            target = self.joined(&target, &right);
        }
        self.call_to(Named { path: if command { "|" } else { mark }.into(), on: None }, vec![target], start);
        true
    }

    pub(super) fn call_to(&mut self, function: Named, arguments: Vec<Term>, start: usize) -> Term {
        let call = self.note(Call::new(function, arguments, Vec::new(), self.span_from(start)));
        Term::result(&call)
    }

    /// Two terms put together.
    pub(super) fn joined(&mut self, left: &Term, right: &Term) -> Term {
        match (left, right) {
            (Term::List(left), Term::List(right)) => Term::list(left.iter().chain(right.iter()).cloned().collect()),
            (Term::List(left), _) => Term::list(left.iter().chain(std::iter::once(&right.clone())).cloned().collect()),
            (Term::Number(_), Term::Number(_)) => Term::Unknown,
            (Term::OneOf(each), other) if each.len() <= 8 => {
                let joined: Vec<Term> = each.iter().map(|one| self.joined(one, other)).collect();
                Term::one_of(joined)
            }
            (Term::Text(_) | Term::Path(_), Term::OneOf(each)) if each.len() <= 8 => {
                let joined: Vec<Term> = each.iter().map(|one| self.joined(left, one)).collect();
                Term::one_of(joined)
            }
            _ => {
                let text = left.shown() + &right.shown();
                if text.chars().all(|c| c == super::super::GAP) { Term::Unknown } else { self.made(&text) }
            }
        }
    }

    fn operand(&mut self) -> Term {
        for _ in 0..64 {
            match self.kind(0) {
                Some(Kind::Name("async")) if self.is_async_arrow() => self.at += 1,
                Some(Kind::Mark(
                    "!" | "-" | "+" | "~" | "\\" | "&" | "*" | "**" | "..." | "@" | "++" | "--" | "?" | "$" | "<-",
                )) => {
                    self.at += 1;
                }
                Some(Kind::Name(name)) if BEFORE.contains(&name) && !self.one_of_marks(1, &["(", ".", "=", ","]) => {
                    self.at += 1;
                }
                Some(Kind::Name("if" | "while" | "not" | "return" | "unless" | "elsif" | "and" | "or" | "await")) => {
                    self.at += 1;
                }
                _ => break,
            }
        }
        let start = self.at;
        let Some(kind) = self.kind(0) else { return Term::Unknown };
        let (term, root) = match kind {
            Kind::Text(written) => {
                self.at += 1;
                let term = self.text_of(&written, start);
                // Adjacent strings are one.
                (term, None)
            }
            Kind::Number(number) => {
                self.at += 1;
                (Term::Number(number.into()), None)
            }
            Kind::Pattern => {
                self.at += 1;
                (Term::Unknown, None)
            }
            Kind::Name("function") => return self.function(),
            Kind::Name(name) | Kind::Variable(name) => {
                self.at += 1;
                if self.is_mark(0, "=>") && self.lexis.keyword.is_empty() {
                    // `x => …`
                    let yields = self.yields.clone();
                    self.bind(name, yields);
                    return self.arrow();
                }
                let term = self.lookup(name).unwrap_or_else(|| Term::name(name));
                (term, Some(name))
            }
            Kind::Mark("(") => match self.bracketed() {
                Some(term) => (term, None),
                None => return self.arrow(),
            },
            Kind::Mark("[") => {
                self.at += 1;
                let (items, _) = self.arguments("]");
                (Term::list(items), None)
            }
            Kind::Mark("{") => {
                self.at += 1;
                (self.map(), None)
            }
            Kind::Mark(":") if self.lexis.keyword.contains(&":") => {
                self.at += 1;
                let text = match self.kind(0) {
                    Some(Kind::Name(name)) => {
                        self.at += 1;
                        Term::text(name)
                    }
                    _ => Term::Unknown,
                };
                (text, None)
            }
            Kind::Mark(_) | Kind::LineEnd => return Term::Unknown,
        };
        self.behind(term, root, start)
    }

    /// `( … )`: one expression, several, or the parameters of an arrow function (`None`).
    fn bracketed(&mut self) -> Option<Term> {
        if self.lexis.keyword.is_empty() && self.is_arrow() {
            let yields = self.yields.clone();
            let first = self.kind(1);
            self.at += 1;
            self.parameters();
            if let Some(Kind::Name(name)) = first {
                self.bind(name, yields);
            }
            return None;
        }
        self.at += 1;
        let (mut items, _) = self.arguments(")");
        Some(if items.len() == 1 { items.pop().unwrap_or(Term::Unknown) } else { Term::list(items) })
    }

    /// Does the bracket that opens here close before `=>`? Looked for within reach only.
    pub(super) fn is_arrow(&self) -> bool {
        let mut depth = 0usize;
        for ahead in 0..48 {
            match self.kind(ahead) {
                Some(Kind::Mark("(" | "[" | "{")) => depth += 1,
                Some(Kind::Mark(")" | "]" | "}")) => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return self.is_mark(ahead + 1, "=>");
                    }
                }
                None => return false,
                Some(_) => {}
            }
        }
        false
    }

    /// `async (a, b) => …`
    fn is_async_arrow(&mut self) -> bool {
        if !self.is_mark(1, "(") || !self.lexis.keyword.is_empty() {
            return false;
        }
        self.at += 1;
        let found = self.is_arrow();
        self.at -= 1;
        found
    }

    /// Behind the parameters of an arrow function: `=> { … }` or `=> expression`.
    fn arrow(&mut self) -> Term {
        if self.is_mark(0, "=>") {
            self.at += 1;
        }
        let name = self.naming.take();
        self.inside(name, Self::body);
        Term::Unknown
    }

    fn body(&mut self) {
        if self.is_mark(0, "{") {
            self.at += 1;
            self.deeper(|reader| {
                reader.block();
                Term::Unknown
            });
        } else {
            self.expression();
        }
    }

    /// `function name(a, b) { … }` where an operand stands.
    fn function(&mut self) -> Term {
        self.at += 1;
        while let Some(Kind::Name(_) | Kind::Mark("*")) = self.kind(0) {
            if let (Some(Kind::Name(own)), None) = (self.kind(0), &self.naming) {
                self.naming = Some(own.to_owned());
            }
            self.at += 1;
        }
        if self.is_mark(0, "(") {
            self.at += 1;
            let (yields, first) = (self.yields.clone(), self.kind(0));
            self.parameters();
            if let Some(Kind::Name(name) | Kind::Variable(name)) = first {
                self.bind(name, yields);
            }
        }
        if self.is_mark(0, "{") {
            let name = self.naming.take();
            self.inside(name, Self::body);
        }
        Term::Unknown
    }
}
