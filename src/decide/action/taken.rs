//! What calls carry that is judged by itself: shell text, commands, SQL, files, requests, code.

use super::Verb;
use super::call::{Places, has_argument};
use super::call_form::{Taken, Takes};
use super::database::Store;
use super::expand::Argument;
use super::facts::FileFact;
use super::foreign::{Inline, names};
use super::freight::Freight;
use super::pack::{Language, Pack};
use super::request::Request;
use super::rewrite::Contents;
use super::scope::Scope;
use super::statement::queries_of;
use super::stream::Stream;
use super::value::Value;
use super::walk::Walk;
use crate::decide::syntax::code::{Call, Term};
use crate::decide::syntax::sql;

impl Walk<'_> {
    /// Judges what a call takes, by the first entry of a pack that fits. `true` if one did.
    pub(super) fn take(
        &mut self,
        pack: &'static Pack,
        call: &Call,
        inline: &mut Inline<'_>,
        scope: &mut Scope,
    ) -> bool {
        let fitting = pack.calls.iter().find(|takes| {
            takes.name.iter().any(|pattern| names(pattern, &call.path))
                && (takes.needs.is_empty() || has_argument(call, &takes.needs))
        });
        let Some(takes) = fitting else { return false };
        let every = takes.taken == Taken::CommandWords && takes.at.is_empty() && !takes.receiver;
        let places = Places { at: takes.at, keyword: takes.keyword, receiver: takes.receiver, every };
        let mut terms: Vec<Term> = places.terms(call).into_iter().cloned().collect();
        if matches!(takes.taken, Taken::ShellText | Taken::SqlText | Taken::SameCode) {
            terms.iter_mut().for_each(|term| self.put_file_text(term, pack, inline, scope));
        }
        match takes.taken {
            Taken::ShellText => {
                let texts: Vec<Value> = terms.iter().flat_map(|term| self.texts_of(term)).collect();
                texts.iter().for_each(|text| self.run_shell(text, (takes, call), inline, scope));
            }
            Taken::CommandWords => self.run_words(&terms, (takes, call), inline, scope),
            Taken::SameCode | Taken::CodeFile => self.run_code(&terms, takes.taken, inline, scope),
            Taken::Module => {
                if let Some(modules) = &pack.modules {
                    self.import(&terms, modules, inline, scope);
                }
            }
            Taken::SqlText => self.run_sql(&terms, (takes, call), inline, scope),
            Taken::RequestUrl => self.send_request(&terms, (takes, call), inline, scope),
            Taken::WorkingDirectory => {
                let word = terms.first().map_or_else(Value::unknown, |term| self.word_of(term));
                let directory = self.absolute(&word, scope).map_or_else(Value::unknown, |path| Value::literal(&path));
                scope.directory = directory.into();
            }
            Taken::Contents => self.note_contents(&terms, (takes, call), inline, scope),
            Taken::ReadFile | Taken::WriteFile | Taken::AppendFile | Taken::OpenFile | Taken::MadePath => {
                self.open_files(&terms, (takes, call), inline, scope);
            }
        }
        true
    }

    /// `exec(open('x.py').read())`, `db.execute(Path('x.sql').read_text())`: what is read from a file stands for its text.
    fn put_file_text(&mut self, term: &mut Term, pack: &Pack, inline: &Inline<'_>, scope: &Scope) {
        let Term::Result(call) = term else { return };
        let reads =
            |takes: &&Takes| takes.taken == Taken::ReadFile && takes.name.iter().any(|name| names(name, &call.path));
        let file = match pack.calls.iter().find(reads) {
            Some(takes) if takes.receiver => call.on.as_deref().cloned(),
            Some(_) => call.arguments.first().cloned(),
            None if call.path.ends_with("open.read") => call.on.as_deref().cloned(),
            None => None,
        };
        let word = file.and_then(|file| self.words_of(&file, inline.span).into_iter().next());
        let Some(path) = word.and_then(|word| self.absolute(&word.value, scope)) else { return };
        if let FileFact::Text(text) = self.file_text(&path, scope) {
            *term = Term::text(&text);
        }
    }

    /// A text, or each of several possible ones.
    fn texts_of(&self, term: &Term) -> Vec<Value> {
        term.choices().unwrap_or(std::slice::from_ref(term)).iter().map(|item| self.word_of(item)).collect()
    }

    fn run_shell(&mut self, text: &Value, (takes, call): (&Takes, &Call), inline: &Inline<'_>, scope: &mut Scope) {
        if text.is_anything() {
            self.unseen_code(inline.span);
            return;
        }
        let stdin = self.input_of(takes, call);
        let mut inner = self.scope_of(takes, call, scope);
        // Perl: `open F, "|rm -rf x"`, `open F, "rm -rf x|"`.
        let bare = text.known().filter(|_| takes.piped).map(|text| Value::literal(text.trim_matches('|')));
        let text = bare.as_ref().unwrap_or(text);
        let outer = std::mem::replace(&mut self.lenient, self.filed);
        self.evaluate(text, &mut inner, &stdin, inline.span);
        self.lenient = outer;
        keep_files(scope, inner);
    }

    /// `['rm', '-rf', 'x']`, `'rm', ['-rf', 'x']`, or a single text.
    fn run_words(&mut self, terms: &[Term], (takes, call): (&Takes, &Call), inline: &Inline<'_>, scope: &mut Scope) {
        if let [only] = terms
            && !matches!(only, Term::List(_))
        {
            let texts = self.texts_of(only);
            texts.iter().for_each(|text| self.run_shell(text, (takes, call), inline, scope));
            return;
        }
        let mut words: Vec<Argument> = Vec::new();
        for term in terms {
            let items = term.items().unwrap_or(std::slice::from_ref(term));
            words.extend(items.iter().map(|item| self.word_for_command(item, inline)));
        }
        let Some(first) = words.first() else { return };
        if first.value.known().is_none() {
            self.unseen_code(inline.span);
            return;
        }
        let stdin = self.input_of(takes, call);
        let mut inner = self.scope_of(takes, call, scope);
        self.deeper(inline.span, |walk| walk.run(&words, &[], &mut inner, &stdin));
        keep_files(scope, inner);
    }

    fn word_for_command(&self, term: &Term, inline: &Inline<'_>) -> Argument {
        let many = matches!(term, Term::Unknown | Term::Name(_) | Term::Result(_) | Term::List(_));
        Argument { value: self.word_of(term), many, ..Argument::literal("", inline.span) }
    }

    fn input_of(&self, takes: &Takes, call: &Call) -> Stream {
        let input = takes.input.iter().find_map(|name| call.keyword(name));
        let given = input.map(|term| Stream::of(self.word_of(term)));
        given.unwrap_or_else(|| if takes.piped { Stream::default() } else { Stream::inherited() })
    }

    fn scope_of(&self, takes: &Takes, call: &Call, scope: &Scope) -> Scope {
        let mut inner = scope.clone();
        if let Some(directory) = takes.directory.iter().find_map(|name| call.keyword(name)) {
            let word = self.word_of(directory);
            let directory = self.absolute(&word, scope).map_or_else(Value::unknown, |path| Value::literal(&path));
            inner.directory = directory.into();
        }
        inner
    }

    fn run_code(&mut self, terms: &[Term], taken: Taken, inline: &Inline<'_>, scope: &mut Scope) {
        for text in terms.iter().flat_map(|term| self.texts_of(term)).collect::<Vec<_>>() {
            let mut text = text;
            let mut file = self.origin.file.clone();
            if taken == Taken::CodeFile {
                let Some(path) = self.absolute(&text, scope) else { continue };
                match self.file_text(&path, scope) {
                    FileFact::Text(known) => text = Value::literal(&known),
                    FileFact::Missing => continue,
                    FileFact::Unread => {
                        self.reading.seen_whole = false;
                        continue;
                    }
                }
                file = Some(path);
            }
            self.in_file(file, |walk| {
                walk.deeper(inline.span, |walk| {
                    walk.read_code(inline.language, &text, inline.called, scope, inline.span);
                })
            });
        }
    }

    /// SQL that code gives to a database.
    fn run_sql(&mut self, terms: &[Term], (takes, call): (&Takes, &Call), inline: &Inline<'_>, scope: &Scope) {
        let database = database_of(takes, call).and_then(|name| self.words_of(&name, inline.span).into_iter().next());
        let store = Store::of_file(database);
        for text in terms.iter().flat_map(|term| self.texts_of(term)).collect::<Vec<_>>() {
            if text.is_anything() {
                self.reading.seen_whole = false;
                continue;
            }
            let statements = sql::read(&text.with_gaps("…"));
            let queries = queries_of(&statements);
            self.check_queries(&queries, inline.called.program, (&store, scope), inline.span);
            for statement in &statements {
                // What is put together where the code is run is how programs are written.
                let opaque = matches!(statement, sql::Statement::Opaque { .. });
                if opaque && (self.filed || queries.len() + 1 < statements.len()) {
                    self.reading.seen_whole = false;
                } else {
                    self.run_statement(statement, (Language::Sql, inline.called), scope, inline.span);
                }
            }
        }
    }

    fn send_request(&mut self, terms: &[Term], (takes, call): (&Takes, &Call), inline: &Inline<'_>, scope: &Scope) {
        let url = terms.first().and_then(|term| term.as_text()).map_or_else(|| "…".to_owned(), str::to_owned);
        let url = call.keyword("url").filter(|_| takes.at.is_empty() && url == "…").map_or(url, Term::shown);
        if takes.absolute && !url.contains("://") {
            return;
        }
        let url = if takes.base && !url.contains("://") { based(call, &url) } else { url };
        let written = ["method", "type"].iter().find_map(|name| call.keyword(name));
        let written = written.or_else(|| call.arguments.get(usize::from(takes.method_at?)));
        let method = match written {
            Some(term) => term.shown(),
            None => takes.method.map_or_else(|| "GET".to_owned(), |method| method.to_string()),
        };
        let mut request = Request::to(&method, &url);
        let headers = call.keyword("headers");
        if let Some(Term::Map(pairs)) = headers {
            request.headers = pairs.iter().map(|(name, value)| (name.shown().to_lowercase(), value.shown())).collect();
        }
        let body = ["json", "body", "data", "content", "params"].iter().find_map(|name| call.keyword(name));
        let body = body.or_else(|| call.arguments.get(usize::from(takes.body_at?)));
        if let Some(body) = body {
            let text = body.as_text().map_or_else(|| body.as_json(), str::to_owned);
            request = request.with_body(&text);
        }
        let flow = self.flow.clone();
        request.secret = flow.has(Freight::Secret) || flow.has(Freight::Variables);
        request.outside = flow.has(Freight::Private);
        request.variables = flow.variables;
        self.check_request(&request, inline.span);
        self.check_spoken(&request, inline.called, scope, inline.span);
        self.flow.add(Freight::Network);
    }

    /// Files that are read, written, made or opened in a mode.
    fn open_files(
        &mut self,
        terms: &[Term],
        (takes, call): (&Takes, &Call),
        inline: &mut Inline<'_>,
        scope: &mut Scope,
    ) {
        let taken = if takes.taken == Taken::OpenFile { opened(takes, call) } else { takes.taken };
        let mut words: Vec<Argument> = terms.iter().flat_map(|term| self.words_of(term, inline.span)).collect();
        if let (true, Some(text)) = (words.is_empty(), takes.mode.and_then(|at| call.arguments.get(usize::from(at)))) {
            // Perl: `open(F, '>name')`
            let name =
                self.word_of(text).known().map(|name| name.trim_start_matches(['<', '>', '+', '&', ' ']).to_owned());
            words.extend(name.map(|name| Argument::literal(&name, inline.span)));
        }
        for word in words.iter().filter(|word| !word.pattern) {
            let path = self.absolute(&word.value, scope);
            match (taken, path) {
                (Taken::MadePath, Some(path)) => scope.note_made_if_missing([path]),
                (Taken::WriteFile, Some(path)) => {
                    let text = takes.text.and_then(|at| call.arguments.get(usize::from(at)));
                    let text = text.map_or_else(Value::unknown, |text| self.word_of(text));
                    if inline.edits.contains(&path) {
                        self.append_to(&word.value, inline.span, scope);
                    } else {
                        self.overwrite(&word.value, Contents::of_text(&text), inline.span, scope);
                    }
                    scope.note_made_if_missing([path.clone()]);
                    scope.written.insert(path, text);
                }
                (Taken::AppendFile, Some(path)) => {
                    self.append_to(&word.value, inline.span, scope);
                    scope.note_made_if_missing([path]);
                }
                (_, Some(path)) => {
                    self.check_opened(&path, &[Verb::ReadSecret], inline.span);
                    let flow = self.flow_of_file(&path, scope);
                    self.flow = std::mem::take(&mut self.flow).and(&flow);
                    inline.edits.insert(path);
                }
                (_, None) => {}
            }
        }
    }

    /// `open('x', 'w').write('…')`: what the file holds then.
    fn note_contents(
        &mut self,
        terms: &[Term],
        (takes, call): (&Takes, &Call),
        inline: &Inline<'_>,
        scope: &mut Scope,
    ) {
        let text = takes.text.and_then(|at| call.arguments.get(usize::from(at)));
        let text = text.map_or_else(Value::unknown, |text| self.word_of(text));
        let words: Vec<Argument> = terms.iter().flat_map(|term| self.words_of(term, inline.span)).collect();
        for path in words.iter().filter_map(|word| self.absolute(&word.value, scope)).collect::<Vec<_>>() {
            let Some(before) = scope.written.get_mut(&path) else { continue };
            if before.is_anything() {
                *before = text.clone();
            } else {
                before.append(&text);
            }
        }
    }
}

/// A path of the host that the call's object was made for: `HTTPSConnection("host").request("GET", "/x")`.
fn based(call: &Call, path: &str) -> String {
    let mut on = call.on.as_deref();
    while let Some(Term::Result(made)) = on {
        let base = made.keyword("baseURL").or_else(|| made.keyword("prefixUrl")).or_else(|| made.arguments.first());
        if let Some(host) = base.and_then(Term::as_text).filter(|host| host.contains('.') || host.contains("://")) {
            let scheme = if host.contains("://") { "" } else { "https://" };
            return format!("{scheme}{}/{}", host.trim_end_matches('/'), path.trim_start_matches('/'));
        }
        on = made.on.as_deref();
    }
    format!("https://…/{}", path.trim_start_matches('/'))
}

/// How a file is opened: by its mode's letters, in any of the languages.
fn opened(takes: &Takes, call: &Call) -> Taken {
    let mode = call.keyword("mode").or_else(|| call.keyword("flag")).or_else(|| call.keyword("flags"));
    let mode = mode.or_else(|| call.arguments.get(usize::from(takes.mode?)));
    let Some(mode) = mode.and_then(Term::as_text) else { return Taken::ReadFile };
    let mode = mode.trim();
    if mode.starts_with(">>") || mode.contains('a') {
        Taken::AppendFile
    } else if mode.starts_with('>') || mode.contains('w') {
        Taken::WriteFile
    } else {
        Taken::ReadFile
    }
}

/// The file of the database that a connection is to: the first argument of the call that made it.
fn database_of(takes: &Takes, call: &Call) -> Option<Term> {
    let mut on = call.on.clone();
    for _ in 0..16 {
        match on.as_deref()? {
            Term::Result(made) if takes.database.iter().any(|name| names(name, &made.path)) => {
                return made.arguments.first().cloned();
            }
            Term::Result(made) => on = made.on.clone(),
            Term::Name(named) => on = named.on.clone(),
            Term::Text(_) | Term::Path(_) | Term::Number(_) | Term::List(_) => return None,
            Term::Map(_) | Term::OneOf(_) | Term::Unknown => return None,
        }
    }
    None
}

/// Files that a command inside wrote or made stay.
fn keep_files(scope: &mut Scope, inner: Scope) {
    scope.made = inner.made;
    scope.made_if_missing = inner.made_if_missing;
    scope.written = inner.written;
}
