//! What hangs behind an operand: members, calls, indices.

use super::fold;
use super::reader::Reader;
use super::term::{Call, Named, Term};
use super::token::Kind;
use std::rc::Rc;

/// Methods that change the list they are called on.
const GROWS: &[&str] = &["append", "extend", "push", "concat", "insert", "unshift"];

/// Functions that call the one which their first argument names.
const CALLERS: &[&str] =
    &["array_map", "array_walk", "call_user_func", "call_user_func_array", "register_shutdown_function"];

impl Reader<'_, '_> {
    /// Follows members, calls and indices. `root` is the name with which it began.
    pub(super) fn behind(&mut self, mut term: Term, root: Option<&str>, start: usize) -> Term {
        let mut root = root.map(str::to_owned);
        loop {
            // A chain may go on in the next line: `\n  .then(…)`.
            if matches!(self.kind(0), Some(Kind::LineEnd)) && self.one_of_marks(1, &[".", "?.", "&.", "->"]) {
                self.at += 1;
            }
            let Some(token) = self.token(0) else { return self.bare_call(term, start) };
            match token.kind {
                Kind::Mark(mark) if self.lexis.members.contains(&mark) && !(mark == ":" && token.spaced) => {
                    if !self.member(&mut term, root.as_deref()) {
                        return term;
                    }
                }
                Kind::Mark("(") if !(token.spaced && self.lexis.indents && matches!(term, Term::Text(_))) => {
                    self.at += 1;
                    let outer = std::mem::replace(&mut self.yields, yielded_by(&term));
                    let (arguments, keywords) = self.arguments(")");
                    self.yields = outer;
                    term = self.call(term, arguments, keywords, start, root.as_deref());
                    root = None;
                }
                Kind::Mark("[") if !(token.spaced && self.lexis.bare) => {
                    self.at += 1;
                    term = self.index(&term, "]");
                }
                Kind::Mark("{") if self.lexis.trailing_if && self.is_block(&term) => {
                    self.at += 1;
                    self.yielded_block(&term);
                }
                Kind::Name("do") if self.lexis.trailing_if && self.is_mark(1, "|") => {
                    self.at += 1;
                    self.block_parameters(&term);
                    return term;
                }
                // Perl: `$ENV{HOME}`
                Kind::Mark("{") if self.lexis.sigils.contains('%') && !token.spaced && root.is_some() => {
                    self.at += 1;
                    if let (Some(Kind::Name(name)), true) = (self.kind(0), self.is_mark(1, "}")) {
                        self.at += 2;
                        term = fold::member(&term, name).unwrap_or(Term::Unknown);
                    } else {
                        term = self.index(&term, "}");
                    }
                }
                // JavaScript: $`rm -rf x`
                Kind::Text(written)
                    if !token.spaced
                        && self.lexis.quote_words.is_empty()
                        && matches!(term, Term::Name(_))
                        && !self.lexis.bare
                        && !self.lexis.redirects =>
                {
                    self.at += 1;
                    let text = self.text_of(&written, start);
                    term = self.call(term, vec![text], Vec::new(), start, None);
                }
                _ if self.lexis.bare
                    && matches!(term, Term::Name(_))
                    && self.is_function(start)
                    && self.begins_bare() =>
                {
                    let (arguments, keywords) = self.bare_arguments();
                    term = self.call(term, arguments, keywords, start, root.as_deref());
                    root = None;
                }
                Kind::Name(_)
                | Kind::Variable(_)
                | Kind::Number(_)
                | Kind::Text(_)
                | Kind::Mark(_)
                | Kind::Pattern
                | Kind::LineEnd => {
                    return self.bare_call(term, start);
                }
            }
        }
    }

    /// Ruby and Perl call a method that has no arguments without brackets.
    fn bare_call(&mut self, term: Term, start: usize) -> Term {
        let last = self.at.checked_sub(2).and_then(|at| self.tokens.get(at)).map(|token| token.kind);
        let method = matches!(last, Some(Kind::Mark(mark)) if self.lexis.members.contains(&mark));
        // Perl: `unlink` alone removes what `$_` names.
        let on_topic = matches!(&term, Term::Name(named) if matches!(&*named.path, "unlink" | "rmdir"));
        if on_topic && self.lexis.sigils.contains('%') && !self.one_of_marks(0, &["=>", "=", ","]) {
            return self.call(term, vec![Term::Unknown], Vec::new(), start, None);
        }
        if !(self.lexis.bare && method && self.lexis.trailing_if && matches!(term, Term::Name(_))) {
            return term;
        }
        let function = self.tokens.get(self.at.saturating_sub(1)).map(|token| token.kind);
        let lower = matches!(function, Some(Kind::Name(name)) if name.starts_with(|c: char| c.is_lowercase()));
        if lower && !self.one_of_marks(0, self.lexis.assigns) {
            return self.call(term, Vec::new(), Vec::new(), start, None);
        }
        term
    }

    /// Is the name that begins at this token one that can be called? A variable is not called by a word behind it.
    fn is_function(&self, start: usize) -> bool {
        let last = self.tokens.get(self.at.saturating_sub(1)).map(|token| token.kind);
        let _ = start;
        matches!(last, Some(Kind::Name(_)))
    }

    /// `.name`, `->name`, `::name`, `?.[…]`
    fn member(&mut self, term: &mut Term, root: Option<&str>) -> bool {
        match self.kind(1) {
            Some(Kind::Name(name)) => {
                self.at += 2;
                let dotted = root.map(|root| format!("{root}.{name}"));
                let bound = dotted.filter(|_| matches!(term, Term::Name(_))).and_then(|path| self.lookup(&path));
                *term = bound.unwrap_or_else(|| fold::member(term, name).unwrap_or(Term::Unknown));
                true
            }
            // A method whose name is not known: `$obj->$method(…)`.
            Some(Kind::Variable(_)) => {
                self.at += 2;
                *term = fold::member(term, "…").unwrap_or(Term::Unknown);
                true
            }
            Some(Kind::Mark("(" | "[" | "{")) => {
                self.at += 1;
                true
            }
            _ => false,
        }
    }

    fn index(&mut self, term: &Term, close: &str) -> Term {
        let backwards = close == "]" && self.is_mark(0, "::") && self.is_mark(1, "-")
            || self.is_mark(0, ":") && self.is_mark(1, ":") && self.is_mark(2, "-");
        let at = self.at;
        let (items, _) = self.arguments(close);
        let plain = self.at == at + 2;
        match (term, items.first()) {
            (Term::Text(text), _) if backwards => {
                let text: String = text.chars().rev().collect();
                self.made(&text)
            }
            (Term::List(all), Some(Term::Number(number))) if plain => {
                number.parse::<usize>().ok().and_then(|at| all.get(at)).cloned().unwrap_or(Term::Unknown)
            }
            (Term::List(_), _) if !plain => term.clone(),
            (Term::Map(_), Some(key)) => key.known().and_then(|key| term.member(key)).cloned().unwrap_or(Term::Unknown),
            (Term::Name(named), Some(Term::Text(pattern))) if &*named.path == "Dir" => {
                Term::list(vec![Term::Text(Rc::clone(pattern))])
            }
            (Term::Name(_), Some(key)) => fold::member(term, key.as_text().unwrap_or("…")).unwrap_or(Term::Unknown),
            (Term::OneOf(_) | Term::List(_), _) => term.element(),
            _ => Term::Unknown,
        }
    }

    /// One call: noted, and folded where what it gives back can be known.
    fn call(
        &mut self,
        function: Term,
        arguments: Vec<Term>,
        keywords: Vec<(String, Term)>,
        start: usize,
        root: Option<&str>,
    ) -> Term {
        let named = match function {
            Term::Name(named) => named,
            Term::Result(call) => Named { path: format!("{}()", call.path).into(), on: None },
            Term::OneOf(all) => {
                // One of several functions: each may be the one.
                for one in all.iter().filter(|one| matches!(one, Term::Name(_))).take(8) {
                    self.call(one.clone(), arguments.clone(), keywords.clone(), start, None);
                }
                return Term::Unknown;
            }
            // PHP: `$f = 'unlink'; $f($x)`
            Term::Text(name) if self.lexis.tags => Named { path: name, on: None },
            Term::Text(_) | Term::Path(_) | Term::Number(_) | Term::List(_) | Term::Map(_) | Term::Unknown => {
                Named { path: "…".into(), on: None }
            }
        };
        self.grow(&named, &arguments, root);
        let folded = fold::call(&named, &arguments, &keywords);
        let call = self.note(Call::new(named, arguments, keywords, self.span_from(start)));
        self.passed_on(&call);
        match folded {
            Some(Term::Text(text)) => self.made(&text),
            Some(term) => term,
            None => Term::result(&call),
        }
    }

    /// `list.append(x)` changes what the name of the list stands for.
    fn grow(&mut self, named: &Named, arguments: &[Term], root: Option<&str>) {
        let method = named.path.rsplit('.').next().unwrap_or_default();
        let (Some(root), Some(Term::List(list)), true) = (root, named.on.as_deref(), GROWS.contains(&method)) else {
            return;
        };
        let mut items = list.to_vec();
        for argument in arguments {
            match argument.items().filter(|_| method != "append" && method != "push") {
                Some(more) => items.extend(more.iter().cloned()),
                None => items.push(argument.clone()),
            }
        }
        self.bind(root, Term::list(items));
    }

    /// Ruby: `x.send(:rm_rf, "a")` is `x.rm_rf("a")`.
    fn sent(&mut self, call: &Rc<Call>) {
        let sends = ["send", "public_send", "__send__"];
        let Some((on, method)) = call.path.rsplit_once('.').filter(|_| self.lexis.trailing_if) else { return };
        let name = match call.arguments.first() {
            Some(Term::Name(named)) => named.path.to_string(),
            Some(term) => term.known().unwrap_or_default().to_owned(),
            None => String::new(),
        };
        if name.is_empty() || !sends.contains(&method) {
            return;
        }
        let rest = call.arguments.get(1..).unwrap_or_default().to_vec();
        let path = format!("{on}.{name}");
        self.note(Call::new(Named { path: path.into(), on: call.on.clone() }, rest, Vec::new(), call.span));
    }

    /// A function that is given to another one is called by it: `map(os.remove, names)`, `names.forEach(fs.unlinkSync)`.
    fn passed_on(&mut self, call: &Rc<Call>) {
        self.sent(call);
        // `.then(eval)`: what comes is not known.
        if let [Term::Name(named)] = call.arguments.as_slice()
            && matches!(&*named.path, "eval" | "exec")
        {
            self.note(Call::new(named.clone(), vec![Term::Unknown], Vec::new(), call.span));
        }
        // PHP names functions by texts.
        if let (true, Some(name)) = (CALLERS.contains(&&*call.path), call.arguments.first().and_then(Term::known)) {
            let rest = call.arguments.iter().skip(1);
            let rest = rest.map(|term| if term.items().is_some() { term.element() } else { term.clone() }).collect();
            let function = Named { path: name.replace("::", ".").into(), on: None };
            self.note(Call::new(function, rest, Vec::new(), call.span));
            return;
        }
        let place = call
            .arguments
            .iter()
            .position(|argument| matches!(argument, Term::Name(named) if named.path.contains('.')));
        let by_name = call.keyword("target").or_else(|| call.keyword("func")).cloned();
        let (function, mut rest) = match (place, by_name) {
            (_, Some(Term::Name(named))) => {
                let given = call.keyword("args").cloned();
                let given = match given {
                    Some(Term::List(items)) => items.to_vec(),
                    Some(other) => vec![other],
                    None => Vec::new(),
                };
                (named, given)
            }
            (Some(place), _) => {
                let Some(Term::Name(named)) = call.arguments.get(place) else { return };
                (named.clone(), call.arguments.get(place + 1..).unwrap_or_default().to_vec())
            }
            (None, _) => return,
        };
        if rest.is_empty()
            && let Some(on) = call.on.as_deref()
        {
            let element = on.element();
            if element != Term::Unknown {
                rest.push(element);
            }
        }
        if rest.is_empty() {
            return;
        }
        let rest =
            rest.into_iter().map(|term| if matches!(term, Term::List(_)) { term.element() } else { term }).collect();
        self.note(Call::new(function, rest, call.keywords.clone(), call.span));
    }

    /// Does a block follow a Ruby call? `{ |x| … }` does; a hash does not stand there.
    fn is_block(&self, term: &Term) -> bool {
        !self.lexis.sigils.contains('%') && (self.is_mark(1, "|") || matches!(term, Term::Result(_)))
    }

    fn yielded_block(&mut self, term: &Term) {
        if self.is_mark(0, "|") {
            self.at -= 1;
            self.block_parameters(term);
        }
        self.deeper(|reader| {
            reader.block();
            Term::Unknown
        });
    }

    /// `{ |x| …` or `do |x| …`: the first parameter is an element of what the method was called on.
    fn block_parameters(&mut self, term: &Term) {
        self.at += 1;
        let element = match term {
            Term::Name(named) => named.on.as_deref().map_or(Term::Unknown, Term::element),
            Term::Result(call) => {
                let on = call.on.as_deref().map_or(Term::Unknown, Term::element);
                // `Dir.glob('x') { |f| … }`
                if on == Term::Unknown { fold::yielded(call) } else { on }
            }
            Term::List(_) | Term::OneOf(_) => term.element(),
            Term::Text(_) | Term::Path(_) | Term::Number(_) | Term::Map(_) | Term::Unknown => Term::Unknown,
        };
        let mut first = Some(element);
        while let Some(kind) = self.kind(0) {
            self.at += 1;
            match kind {
                Kind::Name(name) => self.bind(name, first.take().unwrap_or(Term::Unknown)),
                Kind::Mark("|") if first.is_none() => break,
                Kind::LineEnd => break,
                Kind::Variable(_) | Kind::Number(_) | Kind::Text(_) | Kind::Mark(_) | Kind::Pattern => {}
            }
        }
    }
}

/// What a function that is given to this one is called with: an element, or with `then` the object itself.
fn yielded_by(term: &Term) -> Term {
    if let Term::Name(Named { path, on: None }) = term {
        return path.strip_suffix(".then").map_or(Term::Unknown, Term::name);
    }
    receiver(term).element()
}

/// The object whose method a term is.
fn receiver(term: &Term) -> Term {
    let Term::Name(named) = term else { return term.clone() };
    named.on.as_deref().cloned().unwrap_or(Term::Unknown)
}
