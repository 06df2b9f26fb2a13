//! The shell's own commands that change what it knows (bash(1), SHELL BUILTIN COMMANDS).

use super::expand::Argument;
use super::facts::FileFact;
use super::freight::Freight;
use super::glob;
use super::run::{Called, GAP};
use super::scope::{Bound, Scope};
use super::stream::{Flow, Stream};
use super::value::Value;
use super::walk::Walk;
use crate::decide::syntax::Span;

/// The longest path of a directory in which somebody works.
const LONGEST_PATH: usize = 512;

impl Walk<'_> {
    /// Runs a builtin; `None` if it is none, or one that only prints.
    pub(super) fn builtin(&mut self, called: Called<'_>, scope: &mut Scope, stdin: &Stream) -> Option<Stream> {
        if called.path.contains('/') {
            return None;
        }
        if matches!(
            called.program,
            "unset"
                | "let"
                | "read"
                | "mapfile"
                | "readarray"
                | "declare"
                | "typeset"
                | "local"
                | "export"
                | "readonly"
        ) {
            called.words.iter().for_each(|word| self.check_subscript(&word.value, word.span));
        }
        match called.program {
            "cd" | "pushd" | "chdir" => self.change_directory(called.words, scope),
            "popd" => (scope.directory, scope.previous) = (Value::unknown().into(), Value::unknown().into()),
            "eval" => {
                let text = joined(called.words);
                // What is shown as the place is what is evaluated: the word `eval` alone says nothing.
                let span = around(called.words).unwrap_or_default();
                return Some(self.evaluate(&text, scope, stdin, span));
            }
            "source" | "." => self.source(called, scope, stdin),
            "alias" => set_aliases(called.words, scope),
            "unalias" => {
                called.words.iter().filter_map(|word| word.value.known()).for_each(|name| scope.forget_alias(name))
            }
            "unset" => called.words.iter().filter_map(|word| word.value.known()).for_each(|name| scope.unset(name)),
            "read" | "mapfile" | "readarray" | "getopts" | "let" => {
                set_unknown(called.words, scope);
                if called.program == "read"
                    && let Some((name, value)) = self.read_value(called.words, stdin)
                {
                    scope.set(&name, Bound::Scalar(value));
                }
                let flow = stdin.flow.clone().without(Freight::Contents);
                called.words.iter().filter_map(|word| word.value.known()).for_each(|name| scope.carry(name, &flow));
            }
            "printf" if called.words.first().is_some_and(|word| word.value.known() == Some("-v")) => {
                set_unknown(called.words.get(1..2).unwrap_or_default(), scope);
            }
            "set" | "export" | "declare" | "typeset" | "readonly" if called.words.iter().all(is_option) => {
                // Alone, or with nothing but `-p` and `-x`, they print every variable.
                let prints = called.words.is_empty() || called.program != "set";
                let freight = prints.then(|| Flow::of(Freight::Variables));
                return Some(Stream::unseen(freight.unwrap_or_default()));
            }
            "export" | "declare" | "typeset" if prints_variable(called.words) => return None,
            "set" => set_parameters(called.words, scope),
            "shift" => {
                let count = called.words.first().and_then(|word| word.value.known()?.parse().ok()).unwrap_or(1);
                let count = count.min(scope.parameters.len());
                scope.parameters.drain(..count);
            }
            "trap" => {
                if let Some(action) = called.words.iter().find(|word| !word.value.starts_with("-")) {
                    let text = action.value.with_gaps(GAP);
                    // It runs later: what is not set yet may be set by then.
                    let mut later = scope.clone();
                    later.blurred = true;
                    self.text(&text, &mut later, &Stream::inherited(), action.span);
                }
            }
            "export" | "declare" | "typeset" | "local" | "readonly" => self.declare(called.words, scope),
            _ => return None,
        }
        Some(Stream::empty())
    }

    /// `x='a[$(rm -rf src)]'`: where a number or the name of a variable is expected, bash runs what stands in the brackets.
    pub(super) fn check_subscript(&mut self, value: &Value, span: Span) {
        if value.known().is_some_and(|text| text.contains("[$(") || text.contains("[`")) {
            self.unseen("shell.text.subscript", "Text in brackets would be run as a command.", span);
        }
    }

    /// What `read` sets its one variable to: the whole of a here-document (`-d ''`), or what each line looks like.
    fn read_value(&self, words: &[Argument], stdin: &Stream) -> Option<(String, Value)> {
        let known: Vec<&str> = words.iter().map(|word| word.value.known()).collect::<Option<_>>()?;
        let raw = known.iter().any(|word| word.starts_with('-') && word.contains('r'));
        let whole = known.windows(2).any(|pair| matches!(pair, ["-d" | "-rd", ""]));
        let names: Vec<&&str> = known.iter().filter(|word| !word.is_empty() && !word.starts_with('-')).collect();
        let [name] = names.as_slice() else { return None };
        if let Some(each) = &stdin.each {
            return Some(((**name).to_owned(), each.clone()));
        }
        let text = stdin.text.as_ref()?.known().filter(|_| whole && stdin.files.is_empty() && !self.repeated)?;
        (raw || !text.contains('\\'))
            .then(|| ((**name).to_owned(), Value::literal(text.trim_matches([' ', '\t', '\n']))))
    }

    fn change_directory(&mut self, words: &[Argument], scope: &mut Scope) {
        let target = words.iter().find(|word| !matches!(word.value.known(), Some("-L" | "-P" | "-e" | "-@" | "--")));
        let before = scope.directory.clone();
        let directory = match target {
            None => match scope.variable("HOME", self.setting) {
                Some(Bound::Scalar(home)) => home,
                Some(Bound::List(_)) | None => Value::unknown(),
            },
            Some(word) if word.value.known() == Some("-") => Value::clone(&scope.previous),
            Some(word) => {
                let path = self.absolute(&word.value, scope).filter(|path| path.len() <= LONGEST_PATH);
                path.map_or_else(Value::unknown, |path| Value::literal(&path))
            }
        };
        scope.directory = directory.into();
        scope.previous = before;
    }

    /// Text that `eval` or a wrapper runs in this shell.
    pub(super) fn evaluate(&mut self, text: &Value, scope: &mut Scope, stdin: &Stream, span: Span) -> Stream {
        if text.is_anything() {
            if self.lenient {
                self.reading.seen_whole = false;
            } else {
                self.unseen("shell.text.unseen", "The text that would be run is not known before it runs.", span);
            }
            scope.blurred = true;
            return Stream::default();
        }
        self.text(&text.with_gaps(GAP), scope, stdin, span)
    }

    fn source(&mut self, called: Called<'_>, scope: &mut Scope, stdin: &Stream) {
        let mut words = called.words.iter().skip_while(|word| word.value.known() == Some("--"));
        let Some(file) = words.next() else { return };
        let Some(path) = self.absolute(&file.value, scope) else {
            self.unseen("shell.source.unseen", "The name of the sourced file is not known before it runs.", file.span);
            scope.blurred = true;
            return;
        };
        if self.setting.unread_sources.iter().any(|own| glob::matches(own, &path)) {
            self.reading.skipped = true;
            return;
        }
        let given = matches!(path.as_str(), "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0");
        if given && let Some(text) = self.stream_text(stdin, scope) {
            self.evaluate(&text, scope, &Stream::empty(), file.span);
            return;
        }
        let fact = if given { FileFact::Unread } else { self.file_text(&path, scope) };
        match fact {
            FileFact::Text(text) => {
                self.via.push(format!("source {path}"));
                self.text(&text, scope, stdin, file.span);
                self.via.pop();
            }
            FileFact::Missing => {}
            FileFact::Unread => {
                scope.blurred = true;
                if given || path.starts_with("/dev/fd/") {
                    self.unseen(
                        "shell.source.unseen",
                        "What is sourced comes from a pipe and was not seen.",
                        file.span,
                    );
                }
            }
        }
    }

    /// `export NAME=value` where the assignment came in by expansion: `export $x`.
    fn declare(&mut self, words: &[Argument], scope: &mut Scope) {
        for word in words {
            if let Some((name, value)) = word.value.split_once('=')
                && let Some(name) = name.known()
            {
                let own = [(name.to_owned(), Bound::Scalar(value.clone()))];
                self.check_settings(&own, None, word.span);
                self.run_variables(&own, scope, word.span);
                scope.carry(name, &self.flow);
                if !matches!(scope.variable(name, self.setting), Some(Bound::List(_))) {
                    scope.set(name, Bound::Scalar(value));
                }
            }
        }
    }
}

/// From the first of these words to the last.
fn around(words: &[Argument]) -> Option<Span> {
    let spans = || words.iter().map(|word| word.span);
    Some(Span { start: spans().map(|span| span.start).min()?, end: spans().map(|span| span.end).max()? })
}

fn is_option(word: &Argument) -> bool {
    word.value.starts_with("-") || word.value.starts_with("+")
}

/// `declare -p NAME` prints, and sets nothing.
fn prints_variable(words: &[Argument]) -> bool {
    words.first().and_then(|word| word.value.known()).is_some_and(|flags| flags.starts_with('-') && flags.contains('p'))
}

/// The words joined by blanks, as `eval` does.
pub(super) fn joined(words: &[Argument]) -> Value {
    let mut text = Value::default();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            text.push_known(" ");
        }
        text.append(&word.value);
    }
    text
}

fn set_aliases(words: &[Argument], scope: &mut Scope) {
    for word in words {
        if let Some((name, text)) = word.value.known().and_then(|text| text.split_once('=')) {
            scope.set_alias(name, text);
        }
    }
}

fn set_unknown(words: &[Argument], scope: &mut Scope) {
    for name in words.iter().filter_map(|word| word.value.known()) {
        let name = name.split(['=', '+', '[']).next().unwrap_or(name);
        if !name.starts_with('-') {
            scope.set_unknown(name);
        }
    }
    scope.set_unknown("REPLY");
    scope.set_unknown("MAPFILE");
}

fn set_parameters(words: &[Argument], scope: &mut Scope) {
    let mut words = words.iter();
    let options = words.by_ref().find(|word| word.value.known() == Some("--") || !word.value.starts_with("-"));
    match options {
        Some(word) if word.value.known() == Some("--") => {
            scope.parameters = words.map(|word| word.value.clone()).collect::<Vec<_>>().into();
        }
        Some(first) => {
            scope.parameters =
                std::iter::once(first).chain(words).map(|word| word.value.clone()).collect::<Vec<_>>().into();
        }
        None => {}
    }
}
