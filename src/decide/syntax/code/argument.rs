//! What stands between brackets: arguments by place and by name, the entries of maps.

use super::expression::BEHIND;
use super::reader::Reader;
use super::term::Term;
use super::token::Kind;

impl Reader<'_, '_> {
    /// The entries of a map up to its closing brace.
    pub(super) fn map(&mut self) -> Term {
        let mut entries = Vec::new();
        while self.kind(0).is_some() {
            let before = self.at;
            match self.kind(0) {
                Some(Kind::Mark("}")) => {
                    self.at += 1;
                    break;
                }
                Some(Kind::LineEnd | Kind::Mark("," | ";" | "...")) => self.at += 1,
                Some(Kind::Name(name)) if self.one_of_marks(1, &[":", "=>"]) => {
                    self.at += 2;
                    let value = self.named_expression(name);
                    entries.push((Term::text(name), value));
                }
                Some(Kind::Name(name)) if self.one_of_marks(1, &[",", "}"]) => {
                    self.at += 1;
                    let value = self.lookup(name).unwrap_or(Term::Unknown);
                    entries.push((Term::text(name), value));
                }
                _ => {
                    let key = self.expression();
                    if self.one_of_marks(0, &[":", "=>", "="]) {
                        self.at += 1;
                        let value = self.expression();
                        entries.push((key, value));
                    }
                }
            }
            if self.at == before {
                self.at += 1;
            }
        }
        Term::map(entries)
    }

    /// Arguments up to the closing bracket, by place and by name.
    pub(super) fn arguments(&mut self, close: &str) -> (Vec<Term>, Vec<(String, Term)>) {
        let (mut items, mut named) = (Vec::new(), Vec::new());
        // `print ($1 > 5)` compares.
        let printing = std::mem::take(&mut self.printing);
        while self.kind(0).is_some() {
            let before = self.at;
            match self.kind(0) {
                Some(Kind::Mark(mark)) if mark == close => {
                    self.at += 1;
                    break;
                }
                Some(Kind::LineEnd | Kind::Mark("," | ";")) => self.at += 1,
                Some(Kind::Name("for")) if self.lexis.indents => {
                    // A comprehension: what it goes through.
                    self.at += 1;
                    while !matches!(self.kind(0), None | Some(Kind::Name("in") | Kind::LineEnd)) {
                        self.at += 1;
                    }
                    self.at += 1;
                    self.expression();
                }
                Some(Kind::Mark("=" | ":" | "=>")) => self.at += 1,
                Some(_) => self.argument(&mut items, &mut named),
                None => break,
            }
            if self.at == before {
                self.at += 1;
            }
        }
        self.printing = printing;
        (items, named)
    }

    fn argument(&mut self, items: &mut Vec<Term>, named: &mut Vec<(String, Term)>) {
        if let Some(Kind::Name(name)) = self.kind(0)
            && self.one_of_marks(1, self.lexis.keyword)
        {
            self.at += 2;
            let value = self.expression();
            named.push((name.to_owned(), value));
            return;
        }
        let spread = self.one_of_marks(0, &["*", "..."]);
        let term = self.expression();
        if self.is_mark(0, "=>") && self.lexis.keyword.contains(&"=>") {
            self.at += 1;
            let value = self.expression();
            named.push((term.shown(), value));
            return;
        }
        match term.items().filter(|_| spread) {
            Some(inner) => items.extend(inner.iter().cloned()),
            None => items.push(term),
        }
    }

    /// Arguments without brackets, up to the end of the statement.
    pub(super) fn bare_arguments(&mut self) -> (Vec<Term>, Vec<(String, Term)>) {
        let (mut items, mut named) = (Vec::new(), Vec::new());
        loop {
            self.argument(&mut items, &mut named);
            if !self.is_mark(0, ",") {
                return (items, named);
            }
            self.at += 1;
            while matches!(self.kind(0), Some(Kind::LineEnd)) {
                self.at += 1;
            }
        }
    }

    /// Does an argument of a call without brackets stand here?
    pub(super) fn begins_bare(&self) -> bool {
        let Some(token) = self.token(0) else { return false };
        match token.kind {
            Kind::Text(_) | Kind::Variable(_) | Kind::Number(_) => true,
            Kind::Name(name) => token.spaced && !BEHIND.contains(&name) && !self.one_of_marks(1, self.lexis.assigns),
            Kind::Mark("\\" | "[") => token.spaced && !self.lexis.redirects,
            Kind::Mark(":" | "*") => {
                let next = self.token(1);
                token.spaced
                    && next.is_some_and(|next| {
                        !next.spaced && matches!(next.kind, Kind::Name(_) | Kind::Variable(_) | Kind::Text(_))
                    })
            }
            // Perl: `unlink <*.db>`
            Kind::Mark("<") => {
                let next = self.token(1);
                token.spaced && self.lexis.sigils.contains('%') && next.is_some_and(|next| !next.spaced)
            }
            Kind::Mark(_) | Kind::Pattern | Kind::LineEnd => false,
        }
    }
}
