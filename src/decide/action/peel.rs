//! Wrappers: programs that run the command they are given (`rules/wrappers.yaml`).

use super::builtin::joined;
use super::expand::Argument;
use super::facts::PathState;
use super::freight::Freight;
use super::glob;
use super::line::{Grammar, Line};
use super::pack::Text;
use super::run::{Called, GAP};
use super::scope::{Bound, Scope};
use super::stream::Stream;
use super::value::Value;
use super::walk::Walk;
use super::wrapper_form::{Form, Wrapper};
use crate::decide::syntax::Span;

/// What stands behind a wrapper's name.
#[derive(Clone, Copy)]
struct Behind<'l> {
    /// All of its words.
    line: &'l Line<'l>,
    /// The wrapper's own.
    own: &'l Line<'l>,
    /// How many of its operands are its subcommand.
    skipped: usize,
}

impl Walk<'_> {
    /// Walks what the wrapper runs. `None` if this entry does not apply or nothing is run.
    pub(super) fn peel(
        &mut self,
        wrapper: &'static Wrapper,
        called: Called<'_>,
        scope: &mut Scope,
        stdin: &Stream,
    ) -> Option<Stream> {
        let has_flags = called.words.iter().any(|word| word.value.known_start().starts_with('-'));
        let names = |subcommand: Text| super::likeness::is_among_words(&subcommand, called.words);
        if !wrapper.needs_flag.is_empty() && !has_flags
            || wrapper.subcommand.is_some_and(|subcommand| !names(subcommand))
        {
            return None;
        }
        let grammar = Grammar::of_options(wrapper.options_with_value);
        let line = Line::parse(called.words, grammar);
        let skipped = match wrapper.subcommand {
            Some(subcommand) => line.subcommand(&subcommand)?,
            None => 0,
        };
        let own_words = own_words(wrapper, called.words, skipped);
        let own = Line::parse(own_words, grammar);
        if wrapper.unless_flag.iter().any(|flag| own.has_plain_flag(flag))
            || !(wrapper.needs_flag.is_empty() || wrapper.needs_flag.iter().any(|flag| own.has_flag(flag)))
        {
            return None;
        }
        // What is piped into a remote shell is made here, and read here.
        let local = (wrapper.remote && !stdin.files.is_empty())
            .then(|| Stream { text: self.stream_text(stdin, scope), ..Stream::unseen(stdin.flow.clone()) });
        let stdin = local.as_ref().unwrap_or(stdin);
        let (remote, of_bash_kind) = (self.remote, self.of_bash_kind);
        self.remote |= wrapper.remote;
        if wrapper.form != Form::Words || wrapper.text_stdin || !wrapper.text_option.is_empty() {
            self.of_bash_kind = wrapper.of_bash_kind;
        }
        self.via.push(called.program.to_owned());
        let output = self.peel_options(wrapper, &line, scope, stdin);
        let behind = Behind { line: &line, own: &own, skipped };
        let output = self.peel_operands(wrapper, called, behind, scope, stdin).or(output);
        self.via.pop();
        (self.remote, self.of_bash_kind) = (remote, of_bash_kind);
        output
    }

    fn peel_options(
        &mut self,
        wrapper: &Wrapper,
        line: &Line<'_>,
        scope: &mut Scope,
        stdin: &Stream,
    ) -> Option<Stream> {
        let mut output = None;
        let texts: Vec<Value> =
            line.values(&wrapper.text_option).filter_map(|text| keyed_text(wrapper, text)).collect();
        let span = line.words.first().map_or_else(Default::default, |word| word.span);
        for mut text in texts {
            if let Some(prefix) = wrapper.text_prefix {
                let mut whole = Value::literal(&prefix);
                whole.append(&text);
                text = whole;
            }
            output = Some(self.evaluate(&text, &mut scope.clone(), stdin, span));
        }
        let files: Vec<Value> = line.values(&wrapper.file_option).cloned().collect();
        for value in files {
            let file = Argument { value, ..Argument::literal("", span) };
            self.shell_file(&file, &mut scope.clone(), stdin);
        }
        output
    }

    fn peel_operands(
        &mut self,
        wrapper: &'static Wrapper,
        called: Called<'_>,
        behind: Behind<'_>,
        scope: &mut Scope,
        stdin: &Stream,
    ) -> Option<Stream> {
        let words = if wrapper.stdin_flag.iter().any(|flag| behind.own.has_plain_flag(flag)) {
            Vec::new()
        } else if wrapper.after.is_empty() {
            let start = command_start(wrapper, called.words, behind.skipped).unwrap_or(called.words.len());
            vec![called.words.get(start..).unwrap_or_default()]
        } else {
            between(wrapper, called.words)
        };
        let found = super::narrow::found_by(called.words, &wrapper.narrowed_by)
            .or_else(|| super::narrow::found_somewhere(called.words, &wrapper.narrowed_by));
        // What links lead to lies anywhere.
        let follows = called.words.iter().any(|word| matches!(word.value.known(), Some("-L" | "-follow")));
        let mut output = None;
        for words in words {
            let written = match wrapper.placeholder {
                None => self.peel_words(wrapper, words, scope, stdin),
                Some(placeholder) => {
                    let put = |word| {
                        let word = with_placeholder(word, placeholder, found.as_ref());
                        Argument { found: word.found && !follows, ..word }
                    };
                    self.peel_words(wrapper, &words.iter().map(put).collect::<Vec<Argument>>(), scope, stdin)
                }
            };
            output = written.or(output);
        }
        self.peel_lines(wrapper, called, scope, stdin);
        let given = output.is_some() || behind.line.values(&wrapper.text_option).next().is_some();
        if wrapper.text_stdin && !given {
            output = self.peel_stdin(called, scope, stdin);
        }
        output
    }

    /// `xargs command`, `find -exec builtin`: what only a shell has by itself is no program, unless somebody installed one.
    fn is_no_program(&mut self, name: &Value) -> bool {
        const DIRECTORIES: [&str; 4] = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin"];
        let Some(name) = name.known().filter(|name| matches!(*name, "command" | "builtin")) else { return false };
        let mut missing = !self.remote;
        for directory in DIRECTORIES {
            let fact = self.path_fact(&format!("{directory}/{name}"));
            missing &= fact.is_some_and(|fact| fact.state == PathState::Missing);
        }
        missing
    }

    /// `!command` in the input of a program that lets one run commands between its own.
    fn peel_lines(&mut self, wrapper: &Wrapper, called: Called<'_>, scope: &Scope, stdin: &Stream) {
        if wrapper.line_after.is_empty() {
            return;
        }
        let span = called.all.first().map_or_else(Span::default, |word| word.span);
        let text = self.stream_text(stdin, scope).map(|text| text.with_gaps(GAP)).unwrap_or_default();
        for line in text.lines() {
            let command = wrapper.line_after.iter().find_map(|mark| line.trim_start().strip_prefix(mark.0));
            if let Some(command) = command {
                self.evaluate(&Value::literal(command), &mut scope.clone(), &Stream::empty(), span);
            }
        }
    }

    fn peel_words(
        &mut self,
        wrapper: &Wrapper,
        words: &[Argument],
        scope: &mut Scope,
        stdin: &Stream,
    ) -> Option<Stream> {
        let mut own = Vec::new();
        let mut words = words;
        while wrapper.assignments
            && let Some((first, rest)) = words.split_first()
            && let Some((name, value)) = first.value.split_once('=')
            && let Some(name) = name.known().filter(|name| is_name(name))
        {
            own.push((name.to_owned(), Bound::Scalar(value)));
            words = rest;
        }
        let first = words.first()?;
        match wrapper.form {
            Form::Words => {
                if wrapper.appends || wrapper.placeholder.is_some() {
                    if self.is_no_program(&first.value) {
                        return None;
                    }
                    // Single words out of a file, as in a loop, are no leak of it.
                    self.note_flow(&Stream::unseen(stdin.flow.clone().without(Freight::Contents)));
                }
                if wrapper.appends {
                    let mut words: Vec<Argument> = words.to_vec();
                    words.append(&mut stdin_words(stdin, first));
                    return self.deeper(first.span, |walk| walk.run(&words, &own, scope, &Stream::empty()));
                }
                self.deeper(first.span, |walk| walk.run(words, &own, scope, stdin))
            }
            Form::Joined => {
                let text = joined(words);
                Some(self.evaluate(&text, &mut scope.clone(), stdin, first.span))
            }
            Form::First => {
                let mut inner = scope.clone();
                inner.parameters = values_of(words.get(2..)).into();
                inner.name = words.get(1).and_then(|word| word.value.known()).unwrap_or("bash").to_owned().into();
                Some(self.evaluate(&first.value, &mut inner, stdin, first.span))
            }
            Form::Each => {
                for word in words {
                    self.evaluate(&word.value, &mut scope.clone(), stdin, word.span);
                }
                Some(Stream::default())
            }
            Form::Script => self.peel_script(words, scope, stdin),
            Form::Keyed | Form::Marked => {
                for text in announced(wrapper, words) {
                    self.evaluate(&text, &mut scope.clone(), stdin, first.span);
                }
                None
            }
            Form::Nothing => None,
        }
    }

    /// Variables whose values are commands that a program runs: `GIT_SSH_COMMAND='rm -rf x' git fetch`.
    pub(super) fn run_variables(&mut self, own: &[(String, Bound)], scope: &Scope, span: Span) {
        for (name, bound) in own.iter().filter(|(name, _)| super::rules::is_run(name)) {
            if let Bound::Scalar(text) = bound {
                self.via.push(name.clone());
                // `LESSOPEN='|command'`
                let text = text.strip_prefix("|").unwrap_or_else(|| text.clone());
                self.evaluate(&text, &mut scope.clone(), &Stream::inherited(), span);
                self.via.pop();
            }
        }
    }

    /// `bash x.sh a b`: the file's text with its parameters.
    fn peel_script(&mut self, words: &[Argument], scope: &mut Scope, stdin: &Stream) -> Option<Stream> {
        let first = words.first()?;
        if matches!(first.value.known(), Some("-" | "/dev/stdin")) {
            return None;
        }
        let mut inner = scope.clone();
        inner.parameters = values_of(words.get(1..)).into();
        Some(self.shell_file(first, &mut inner, stdin))
    }

    /// A shell that reads its commands from standard input: known text is read, what comes from a pipe is held.
    fn peel_stdin(&mut self, called: Called<'_>, scope: &mut Scope, stdin: &Stream) -> Option<Stream> {
        let span = called.all.first().map_or_else(Default::default, |word| word.span);
        match self.stream_text(stdin, scope) {
            Some(text) => Some(self.evaluate(&text, &mut scope.clone(), &Stream::empty(), span)),
            None if stdin.inherited => {
                self.reading.seen_whole = false;
                None
            }
            None => {
                let (rule, why) = if stdin.flow.has(Freight::Network) {
                    ("shell.download.run", "What comes from the network would be run without having been seen.")
                } else {
                    ("shell.stdin.unseen", "A shell would run text from a pipe that was not seen.")
                };
                self.unseen(rule, why, span);
                Some(Stream::default())
            }
        }
    }
}

/// The command in an option's value: all of it, or what stands behind one of the keys.
fn keyed_text(wrapper: &Wrapper, value: &Value) -> Option<Value> {
    if wrapper.text_key.is_empty() {
        return behind(wrapper, value);
    }
    let (key, text) = value.split_once('=').or_else(|| value.split_once(' '))?;
    let key = key.known()?.trim();
    let fits = wrapper.text_key.iter().any(|known| glob::matches_ignoring_case(known, key));
    if fits { behind(wrapper, &text) } else { None }
}

/// The shell texts among the words: behind a key, or behind a mark in the same word.
fn announced(wrapper: &Wrapper, words: &[Argument]) -> Vec<Value> {
    let marked = |word: &Argument| wrapper.text_after.iter().find_map(|mark| word.value.strip_prefix(mark));
    if wrapper.form == Form::Marked {
        return words.iter().filter_map(marked).collect();
    }
    let is_key = |word: &Argument| {
        let key = word.value.known();
        key.is_some_and(|key| wrapper.text_key.iter().any(|known| glob::matches_ignoring_case(known, key)))
    };
    let pairs = words.iter().zip(words.iter().skip(1)).filter(|(key, _)| is_key(key));
    pairs.filter_map(|(_, text)| behind(wrapper, &text.value)).collect()
}

/// The text behind what announces a command, if that has to stand there.
fn behind(wrapper: &Wrapper, text: &Value) -> Option<Value> {
    if wrapper.text_after.is_empty() {
        return Some(text.clone());
    }
    let written = text.with_gaps(GAP);
    let begins = |mark: &Text| written.find(mark.0).map(|at| at + mark.0.len());
    let at = wrapper.text_after.iter().filter_map(begins).min()?;
    // The gap is written as a variable of which nothing is known; so it is read again.
    written.get(at..).map(Value::literal)
}

/// The words of the wrapper itself: `sudo tar -l` is not `sudo -l`.
fn own_words<'w>(wrapper: &Wrapper, words: &'w [Argument], skipped: usize) -> &'w [Argument] {
    let is_after =
        |word: &Argument| word.value.known().is_some_and(|text| wrapper.after.iter().any(|one| **one == *text));
    let end = match (wrapper.form, wrapper.after.is_empty()) {
        (Form::Nothing, _) => None,
        (_, true) => command_start(wrapper, words, skipped),
        (_, false) => words.iter().position(is_after),
    };
    end.and_then(|end| words.get(..end)).unwrap_or(words)
}

/// Where the wrapped command begins among the words, behind options, a subcommand and fixed operands.
fn command_start(wrapper: &Wrapper, words: &[Argument], skipped: usize) -> Option<usize> {
    if wrapper.seeks {
        let known = |word: &Argument| {
            let program = word.value.known().map(super::run::program_name);
            program.is_some_and(super::rules::is_known)
        };
        return words.iter().position(known);
    }
    let mut wanted = skipped + usize::from(wrapper.skip);
    let mut rest = words.iter().enumerate();
    while let Some((index, word)) = rest.next() {
        let start = word.value.known_start();
        if start == "--" && word.value.known().is_some() {
            return Some(index + 1 + wanted);
        }
        if start.len() > 1 && start.starts_with('-') {
            if takes_next(wrapper, &word.value) {
                rest.next();
            }
            continue;
        }
        if wanted == 0 {
            return Some(index);
        }
        let assigns = wrapper.assignments && word.value.split_once('=').is_some();
        wanted -= usize::from(!assigns);
    }
    None
}

/// Does this option word take the next word as its value? The last letter of a bundle may: `-nu root`.
fn takes_next(wrapper: &Wrapper, word: &Value) -> bool {
    let Some(text) = word.known() else { return false };
    if wrapper.options_with_value.iter().any(|option| **option == *text) {
        return true;
    }
    if text.starts_with("--") {
        return false;
    }
    let takes = |letter: char| {
        wrapper
            .options_with_value
            .iter()
            .any(|option| option.0.strip_prefix('-') == Some(letter.encode_utf8(&mut [0; 4])))
    };
    let letters = text.get(1..).unwrap_or("");
    letters
        .char_indices()
        .find(|(_, letter)| takes(*letter))
        .is_some_and(|(at, letter)| at + letter.len_utf8() == letters.len())
}

/// The runs of words behind each of the `after` words and before an `until` word.
fn between<'w>(wrapper: &Wrapper, words: &'w [Argument]) -> Vec<&'w [Argument]> {
    let is =
        |list: &[Text], word: &Argument| word.value.known().is_some_and(|text| list.iter().any(|one| **one == *text));
    let mut runs = Vec::new();
    let mut from = None;
    for (index, word) in words.iter().enumerate() {
        match from {
            None if is(&wrapper.after, word) => from = Some(index + 1),
            Some(start) if is(&wrapper.until, word) => {
                runs.push(words.get(start..index).unwrap_or_default());
                from = None;
            }
            Some(_) | None => {}
        }
    }
    if let Some(start) = from {
        runs.push(words.get(start..).unwrap_or_default());
    }
    runs
}

/// A word with the wrapper's placeholder (`{}`) as a gap, or as what is known of the names that are put there.
fn with_placeholder(word: &Argument, placeholder: Text, found: Option<&Value>) -> Argument {
    let Some(text) = word.value.known().filter(|text| text.contains(placeholder.0)) else { return word.clone() };
    let mut value = Value::default();
    for (index, piece) in text.split(placeholder.0).enumerate() {
        if index > 0 {
            match found {
                Some(found) => value.append(found),
                None => value.push_unknown(),
            }
        }
        value.push_known(piece);
    }
    let whole = text == placeholder.0 && found.is_some_and(|found| found.known_start().ends_with('/'));
    Argument { value, found: whole, ..word.clone() }
}

/// What `xargs` appends: the words of its input where they are known.
fn stdin_words(stdin: &Stream, like: &Argument) -> Vec<Argument> {
    let text = stdin.text.as_ref().and_then(Value::known).filter(|text| text.len() < 4096);
    let words: Vec<Argument> =
        text.into_iter().flat_map(str::split_whitespace).map(|word| Argument::literal(word, like.span)).collect();
    if words.is_empty() {
        let value = stdin.each.clone().unwrap_or_else(Value::unknown);
        return vec![Argument { value, many: true, ..Argument::literal("", like.span) }];
    }
    words
}

/// The values of words that become parameters.
pub(super) fn values_of(words: Option<&[Argument]>) -> Vec<Value> {
    words.unwrap_or_default().iter().map(|word| word.value.clone()).collect()
}

fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
