//! One simple command: which program it is, and who has something to say about it.

use super::expand::Argument;
use super::glob;
use super::line::{Grammar, Line};
use super::rules::Rules;
use super::scope::{Bound, Scope};
use super::stream::Stream;
use super::value::Value;
use super::walk::{PIECE, Walk};
use std::borrow::Cow;

/// What looking at one command costs, beside its words.
const COMMAND: usize = 3;
/// A directory's path that is longer than this costs more for each word.
const SHALLOW: usize = 512;
/// So many rules that a command is held against cost as much as looking at one word of it.
const RULES: usize = 2;
/// A command of more words than this is none that somebody typed: each further one costs more.
const MANY_WORDS: usize = 1_000;

/// What so many words cost.
pub(super) fn price(words: usize) -> usize {
    words + 2 * words.saturating_sub(MANY_WORDS)
}

/// A command whose name is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Called<'a> {
    /// The base name, without a version: `python` for `/usr/bin/python3.11`.
    pub(super) program: &'a str,
    /// The name as it was written.
    pub(super) path: &'a str,
    /// The words behind it.
    pub(super) words: &'a [Argument],
    /// The name and the words.
    pub(super) all: &'a [Argument],
    /// What it reads.
    pub(super) stdin: &'a Stream,
}

/// Does it only pass on, cut or count what it is given on standard input: `tail -5`, `wc -l`, `cat`?
fn stands_by(called: Called<'_>) -> bool {
    let is_short = |word: &str| {
        let rest = word.trim_start_matches(['-', '+']);
        (word.starts_with('-') && rest.len() <= 3 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            || (!rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    super::company::is_filter(called.program)
        && called.words.iter().all(|word| word.value.known().is_some_and(is_short))
}

impl Walk<'_> {
    /// A command with its expanded words and its own assignments.
    pub(super) fn run(
        &mut self,
        arguments: &[Argument],
        own: &[(String, Bound)],
        scope: &mut Scope,
        stdin: &Stream,
    ) -> Stream {
        let Some((name, words)) = arguments.split_first() else {
            return Stream::empty();
        };
        if own.is_empty() {
            return self.run_named(name, words, arguments, scope, stdin);
        }
        self.check_settings(own, name.value.known().map(program_name), name.span);
        self.run_variables(own, scope, name.span);
        let mut inner = scope.clone();
        for (variable, bound) in own {
            inner.set(variable, bound.clone());
            inner.carry(variable, &self.flow);
        }
        let output = self.run_named(name, words, arguments, &mut inner, stdin);
        let keeps = matches!(name.value.known(), Some("export" | "declare" | "typeset" | "local" | "readonly"));
        if !keeps {
            for (variable, _) in own {
                match scope.variable(variable, self.setting) {
                    Some(bound) => inner.set(variable, bound),
                    None => inner.forget(variable),
                }
            }
        }
        *scope = inner;
        output
    }

    fn run_named(
        &mut self,
        name: &Argument,
        words: &[Argument],
        all: &[Argument],
        scope: &mut Scope,
        stdin: &Stream,
    ) -> Stream {
        // Words are looked for in the directory, and a long one makes each of them long.
        let far = scope.directory.known_length().saturating_sub(SHALLOW) / PIECE;
        if !self.burn_for(COMMAND + price(all.len()) + far * all.len(), name.span) {
            return Stream::default();
        }
        let Some(path) = name.value.known() else {
            return self.run_unknown(name, words, scope, stdin);
        };
        // A job's number or name: what runs was started before.
        if path.starts_with('%') {
            return Stream::default();
        }
        if name.pattern {
            return self.run_pattern(path, name, words, scope, stdin);
        }
        let program = self.program_of(path, &name.value, scope);
        let called = Called { program: &program, path, words, all, stdin };
        if let Some(body) = scope.function(path) {
            return self.call_function(&body, called, scope, stdin);
        }
        if let Some(text) = scope.alias(path).cloned() {
            return self.call_alias(&text, called, scope, stdin);
        }
        if !stands_by(called) {
            self.note_program(&program);
        }
        self.note_guest(called, scope);
        self.note_exposure(called, scope);
        self.note_steering(scope);
        if let Some(output) = self.builtin(called, scope, stdin) {
            if matches!(called.program, "unset" | "export") {
                self.check_everywhere(called, scope);
            }
            return output;
        }
        self.note_writing(called, scope);
        let output = self.check_command(called, scope, stdin);
        self.note_line(called);
        output
    }

    /// The program's name, or that of the one of which the script made a copy under this name.
    fn program_of<'p>(&self, path: &'p str, name: &Value, scope: &Scope) -> Cow<'p, str> {
        let copied = path.contains('/').then(|| self.absolute(name, scope)).flatten();
        let from = copied.and_then(|path| scope.origin_of(&path).map(|copied| program_name(&copied.from).to_owned()));
        from.filter(|program| super::rules::is_known(program))
            .map_or_else(|| Cow::Borrowed(program_name(path)), Cow::Owned)
    }

    fn note_line(&mut self, called: Called<'_>) {
        const MOST: usize = 64;
        const LONGEST: usize = 200;
        let is_asked = self.rules.is_followed(called.program);
        if is_asked && self.lines.len() < MOST && called.all.len() <= LONGEST {
            let line = super::builtin::joined(called.all);
            self.lines.extend(line.known().filter(|line| line.len() <= LONGEST).map(str::to_owned));
        }
    }

    /// What a variable makes permitted programs run is one more program, and one that nobody permits.
    fn note_steering(&mut self, scope: &Scope) {
        if !scope.steers {
            return;
        }
        let project = self.setting.repository.iter().chain([&self.setting.directory]).cloned();
        let temporary = super::place::PLACES.temporary.iter().map(|place| place.0.to_owned());
        let set: Vec<&str> = super::variable::steering().filter(|name| scope.is_set_here(name)).collect();
        if set.is_empty() {
            return;
        }
        let writable: Vec<String> = project.chain(temporary).collect();
        for name in set {
            let value = match scope.variable(name, self.setting) {
                Some(Bound::Scalar(value)) => value.known().map(str::to_owned),
                Some(Bound::List(_)) => None,
                None => Some(String::new()),
            };
            let inherited = self.setting.environment.get(name).map_or("", String::as_str);
            if super::variable::steers(value.as_deref(), inherited, &writable) {
                self.note_program(&format!("{name}="));
            }
        }
    }

    /// Programs that read a repository's settings run what these name.
    fn note_guest(&mut self, called: Called<'_>, scope: &Scope) {
        if !super::rider::reads_settings(&[called.program]) {
            return;
        }
        match self.reading.guests.len() {
            0..super::guest::MOST_GUESTS => {
                let names_credential = &mut |directory: &str, word: &str| self.names_credential(directory, word);
                let guest = super::guest::guest(called, scope, names_credential);
                self.reading.guests.push(guest);
            }
            super::guest::MOST_GUESTS => self.reading.guests.push(super::Guest::crowd()),
            _ => {}
        }
    }

    fn note_program(&mut self, program: &str) {
        if self.noted.is_new_program(program) {
            self.reading.programs.push(program.to_owned());
        }
    }

    /// Everything that is not the shell's own: wrappers, rules, languages, scripts.
    fn check_command(&mut self, called: Called<'_>, scope: &mut Scope, stdin: &Stream) -> Stream {
        let mut output: Option<Stream> = None;
        for wrapper in Rules::wrappers(called.program) {
            if let Some(inner) = self.peel(wrapper, called, scope, stdin) {
                output = Some(inner);
            }
        }
        let rules = self.rules;
        for pack in rules.packs_for(called.program) {
            let span = called.all.first().map_or_else(Default::default, |word| word.span);
            if !self.burn_for(pack.rules.len() / RULES, span) {
                break;
            }
            let line = Line::parse(called.words, Grammar::of_pack(pack));
            self.check_rules(pack, called, &line, scope);
            self.run_recipes(pack, called, &line, scope);
            if let Some(aliases) = &pack.aliases {
                self.run_alias(aliases, called, &line, (scope, stdin));
            }
            for reads in pack.reads.iter() {
                self.read_language(reads, called, &line, scope, stdin);
            }
            self.note_carried(pack, called, &line, scope);
            self.note_left(pack, called, &line);
        }
        self.check_everywhere(called, scope);
        self.check_requests(called, scope, stdin);
        if called.path.contains('/') {
            self.script_file(called, scope, stdin);
        }
        let mut output = output.unwrap_or_else(|| self.output_of(called, scope, stdin));
        output.flow = output.flow.and(&self.flow).and(&stdin.flow);
        output
    }

    /// The program's name is not known: nothing can be said of what runs.
    fn run_unknown(&mut self, name: &Argument, words: &[Argument], scope: &mut Scope, stdin: &Stream) -> Stream {
        if self.lenient {
            self.reading.seen_whole = false;
        } else {
            self.unseen("shell.program.unseen", "The name of the program is not known before it runs.", name.span);
        }
        // `$UNKNOWN rm -rf /`: the variable may be empty.
        if let Some((next, rest)) = words.split_first()
            && name.many
            && next.value.known().is_some()
        {
            let words: Vec<Argument> = words.to_vec();
            self.run_named(next, rest, &words, scope, stdin);
        }
        Stream::unseen(self.flow.clone().and(&stdin.flow))
    }

    /// `/bin/r?` runs whatever the pattern finds: every program that a rule knows is tried.
    fn run_pattern(
        &mut self,
        path: &str,
        name: &Argument,
        words: &[Argument],
        scope: &mut Scope,
        stdin: &Stream,
    ) -> Stream {
        let base = path.rsplit('/').next().unwrap_or(path).to_owned();
        let mut candidates: Vec<&'static str> =
            self.rules.programs().filter(|known| glob::matches(&base, known)).collect();
        candidates.sort_unstable();
        candidates.dedup();
        self.unseen("shell.program.unseen", "The name of the program is a pattern.", name.span);
        for candidate in candidates.into_iter().take(40) {
            let literal = Argument::literal(candidate, name.span);
            let mut all = vec![literal.clone()];
            all.extend_from_slice(words);
            self.run_named(&literal, words, &all, &mut scope.clone(), stdin);
        }
        Stream::unseen(self.flow.clone())
    }

    /// An alias is text in the place of the name; it may not name itself.
    fn call_alias(&mut self, text: &str, called: Called<'_>, scope: &mut Scope, stdin: &Stream) -> Stream {
        let span = called.all.first().map_or_else(Default::default, |word| word.span);
        let mut inner = scope.clone();
        inner.forget_alias(called.path);
        let rest: Vec<Value> = called.words.iter().map(|word| word.value.clone()).collect();
        let text = join_text(text, &rest);
        let output = self.text(&text, &mut inner, stdin, span);
        inner.copy_aliases(scope);
        *scope = inner;
        output
    }
}

/// Shell text and behind it words, each quoted so that it is read as one word again. A gap becomes a
/// variable that nobody sets and that is never known.
pub(super) fn join_text(text: &str, words: &[Value]) -> String {
    let mut joined = text.to_owned();
    for word in words {
        joined.push(' ');
        joined.push_str(&quoted(word));
    }
    joined
}

fn quoted(word: &Value) -> String {
    match word.known() {
        Some(text) => shell_words::quote(text).into_owned(),
        None => word.with_gaps(GAP),
    }
}

/// How text of another shell writes down what is not known.
pub(super) const GAP: &str = "${__HOLDPOINT_UNKNOWN}";

/// The base name without a version: `/usr/bin/python3.11` is `python`, `r\m` never gets here.
pub(super) fn program_name(path: &str) -> &str {
    let base = path.rsplit('/').next().unwrap_or(path);
    let known = |name: &str| super::rules::is_known(name);
    if known(base) {
        return base;
    }
    let unversioned = base.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').trim_end_matches('-');
    if unversioned.len() > 1 && unversioned.len() < base.len() && known(unversioned) {
        return unversioned;
    }
    base
}

/// The grammar of programs of which nothing is known.
pub(super) const PLAIN: Grammar = Grammar::PLAIN;
