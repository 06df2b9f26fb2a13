//! Text of other languages that a command line is given, and files that are run.

use super::expand::Argument;
use super::facts::FileFact;
use super::freight::Freight;
use super::line::Line;
use super::pack::{Language, Reads};
use super::run::{Called, GAP};
use super::scope::Scope;
use super::stream::Stream;
use super::value::{Part, Value};
use super::walk::Walk;
use crate::decide::syntax::Span;

/// Text that was found, and where.
struct Found {
    text: Value,
    span: Span,
    via: Option<String>,
}

/// So many bytes of text in another language cost as much as one command.
const FOREIGN: usize = 24;
/// What it costs to run a file, beside its text.
const FILE: usize = 12;

impl Walk<'_> {
    /// Reads what one place of a command line holds.
    pub(super) fn read_language(
        &mut self,
        reads: &'static Reads,
        called: Called<'_>,
        line: &Line<'_>,
        scope: &mut Scope,
        stdin: &Stream,
    ) {
        let span = called.all.first().map_or_else(Span::default, |word| word.span);
        if reads.unless_flag.iter().any(|flag| line.has_plain_flag(flag)) {
            return;
        }
        let behind;
        let line = match reads.subcommand {
            None => line,
            Some(subcommand) => {
                let Some(rest) = line.subcommand(&subcommand) else { return };
                behind = line.starting_at(rest);
                &behind
            }
        };
        let mut found: Vec<Found> =
            line.values(&reads.option).map(|text| Found { text: text.clone(), span, via: None }).collect();
        let files: Vec<Value> = line.values(&reads.file_option).cloned().collect();
        for file in files {
            found.extend(self.text_of_file(&file, span, scope));
        }
        let modules: Vec<Value> = line.values(&reads.module_option).cloned().collect();
        for (module, form) in modules.iter().zip(self.modules_of(reads.language).into_iter().cycle()) {
            let name = module.known().unwrap_or_default();
            found.extend(self.module_text(name, form, scope).map(|(path, text)| Found { text, span, via: Some(path) }));
        }
        let files: Vec<(Value, Span)> = line
            .operands
            .iter()
            .map(|operand| operand.argument)
            .filter_map(|word| {
                reads.file_mark.iter().find_map(|mark| Some((word.value.strip_prefix(mark)?, word.span)))
            })
            .collect();
        for (file, span) in files {
            found.extend(self.text_of_file(&file, span, scope));
        }
        let marked = |operand: &super::line::Operand<'_>| {
            let word = operand.argument;
            let text = reads.mark.iter().find_map(|mark| word.value.strip_prefix(mark))?;
            Some(Found { text, span: word.span, via: None })
        };
        found.extend(line.operands.iter().filter_map(marked));
        let by_option = !found.is_empty() || (!reads.option.is_empty() && line.values(&reads.option).next().is_some());
        if !by_option {
            self.find_in_operands(reads, line, scope, &mut found);
        }
        // A file that is named and was not read is no reason to take its input for code.
        let file = reads.file_operand.and_then(|at| line.operands.get(usize::from(at)));
        let by_file = file.is_some_and(|operand| !matches!(operand.argument.value.known(), Some("-" | "/dev/stdin")));
        if found.is_empty() && reads.stdin && !by_option && !by_file {
            self.find_in_stdin(reads, (stdin, scope), span, &mut found);
        }
        if reads.language == Language::Sql {
            found.iter_mut().for_each(|one| join_bare_words(&mut one.text, line));
        }
        for one in found {
            let named = one.via.is_some();
            // What the same command wrote is as new as what stands on its line.
            let filed = one.via.as_ref().is_some_and(|path| !scope.written.contains_key(path));
            let file = one.via.clone();
            if let Some(via) = one.via {
                self.via.push(via);
            }
            let outer = std::mem::replace(&mut self.filed, filed);
            self.in_file(file, |walk| walk.read_text(reads.language, &one.text, called, scope, one.span));
            self.filed = outer;
            if named {
                self.via.pop();
            }
        }
    }

    fn find_in_operands(&mut self, reads: &Reads, line: &Line<'_>, scope: &Scope, found: &mut Vec<Found>) {
        let operand = |at: u8| line.operands.get(usize::from(at)).map(|operand| operand.argument);
        if let Some(word) = reads.operand.and_then(operand) {
            found.push(Found { text: word.value.clone(), span: word.span, via: None });
        }
        if let (Some(from), Language::Redis) = (reads.operands_from, reads.language) {
            let words: Vec<&Value> = line.operands.iter().skip(usize::from(from)).map(|o| &o.argument.value).collect();
            if let Some(first) = line.operands.get(usize::from(from)) {
                found.push(Found { text: one_command(&words), span: first.argument.span, via: None });
            }
        } else if let Some(from) = reads.operands_from {
            for operand in line.operands.iter().skip(usize::from(from)) {
                let word = operand.argument;
                found.push(Found { text: word.value.clone(), span: word.span, via: None });
            }
        }
        if let Some(word) = reads.file_operand.and_then(operand) {
            let before = found.len();
            found.extend(self.text_of_file(&word.value, word.span, scope));
            // `node lib` is `lib.js` or `lib/index.js`.
            let name = word.value.known().filter(|name| found.len() == before && !matches!(*name, "-" | "/dev/stdin"));
            if let (Some(name), Some(form)) = (name, self.modules_of(reads.language)) {
                let path = if name.contains('/') { name.to_owned() } else { format!("./{name}") };
                let text = self.module_text(&path, form, scope).filter(|_| form.separator.is_none());
                found.extend(text.map(|(path, text)| Found { text, span: word.span, via: Some(path) }));
            }
        }
    }

    fn find_in_stdin(&mut self, reads: &Reads, (stdin, scope): (&Stream, &Scope), span: Span, found: &mut Vec<Found>) {
        match self.stream_text(stdin, scope) {
            Some(text) => found.push(Found { text, span, via: None }),
            None if stdin.inherited => {}
            None => {
                if !matches!(reads.language, Language::Awk | Language::Sed) {
                    let rule =
                        if stdin.flow.has(Freight::Network) { "shell.download.run" } else { "shell.stdin.unseen" };
                    self.unseen(rule, "Text from a pipe that was not seen would be run.", span);
                }
            }
        }
    }

    fn text_of_file(&mut self, file: &Value, span: Span, scope: &Scope) -> Option<Found> {
        if matches!(file.known(), Some("-" | "/dev/stdin")) {
            return None;
        }
        let path = self.absolute(file, scope)?;
        if let Some(text) = scope.written.get(&path).filter(|text| text.is_unknown()).cloned() {
            return Some(Found { text, span, via: Some(path) });
        }
        match self.file_text(&path, scope) {
            FileFact::Text(text) => {
                let via = (!path.starts_with("/dev/fd/")).then(|| path.clone());
                Some(Found { text: Value::literal(&text), span, via })
            }
            FileFact::Unread if path.starts_with("/dev/fd/") => {
                self.unseen("shell.stdin.unseen", "Text from a pipe that was not seen would be run.", span);
                None
            }
            FileFact::Missing => None,
            FileFact::Unread => {
                self.reading.seen_whole = false;
                None
            }
        }
    }

    /// Reads text of a language, in a scope of its own.
    pub(super) fn read_text(
        &mut self,
        language: Language,
        text: &Value,
        called: Called<'_>,
        scope: &mut Scope,
        span: Span,
    ) {
        if language != Language::Shell && !self.burn_for(text.known_length() / FOREIGN, span) {
            return;
        }
        if language == Language::Shell {
            let mut inner = scope.clone();
            inner.parameters = super::peel::values_of(called.words.get(1..)).into();
            if text.is_anything() {
                self.unseen("shell.text.unseen", "The text that would be run is not known before it runs.", span);
            } else {
                let outer = std::mem::replace(&mut self.of_bash_kind, false);
                self.text(&text.with_gaps(GAP), &mut inner, &Stream::inherited(), span);
                self.of_bash_kind = outer;
            }
        } else if matches!(language, Language::Sql | Language::Mongo | Language::Redis) {
            self.read_store(language, text, called, scope, span);
        } else {
            self.read_code(language, text, called, scope, span);
        }
    }

    /// A file that a shell is told to run.
    pub(super) fn shell_file(&mut self, file: &Argument, scope: &mut Scope, stdin: &Stream) -> Stream {
        let Some(path) = self.absolute(&file.value, scope) else {
            self.unseen("shell.text.unseen", "The name of the script is not known before it runs.", file.span);
            return Stream::default();
        };
        if let Some(text) = scope.written.get(&path).filter(|text| text.is_unknown()).cloned() {
            self.via.push(shown_path(&path));
            let output = self.evaluate(&text, scope, stdin, file.span);
            self.via.pop();
            return output;
        }
        if !self.burn_for(FILE, file.span) {
            return Stream::default();
        }
        match self.file_text(&path, scope) {
            FileFact::Text(text) => {
                self.via.push(shown_path(&path));
                let output = self.text(&text, scope, stdin, file.span);
                self.via.pop();
                output
            }
            FileFact::Missing => Stream::empty(),
            FileFact::Unread if path.starts_with("/dev/fd/") => {
                let rule = if self.flow.has(Freight::Network) { "shell.download.run" } else { "shell.stdin.unseen" };
                self.unseen(rule, "Text from a pipe that was not seen would be run.", file.span);
                Stream::default()
            }
            FileFact::Unread => {
                self.reading.seen_whole = false;
                Stream::default()
            }
        }
    }

    /// A program that is named by a path may be a script: its text says what it does.
    pub(super) fn script_file(&mut self, called: Called<'_>, scope: &mut Scope, stdin: &Stream) {
        const SYSTEM: [&str; 7] = ["/bin/", "/usr/", "/sbin/", "/opt/", "/lib/", "/snap/", "/nix/"];
        let Some(name) = called.all.first() else { return };
        let Some(path) = self.absolute(&name.value, scope) else { return };
        if SYSTEM.iter().any(|directory| path.starts_with(directory)) {
            return;
        }
        let written = scope.written.get(&path).cloned();
        let text = match self.file_text(&path, scope) {
            _ if written.as_ref().is_some_and(Value::is_unknown) => written.clone().unwrap_or_default().with_gaps(GAP),
            FileFact::Text(text) => text,
            FileFact::Missing => return,
            FileFact::Unread => {
                self.reading.seen_whole = false;
                return;
            }
        };
        let Some(language) = language_of(&text) else {
            self.reading.seen_whole = false;
            return;
        };
        self.via.push(path);
        let _ = stdin;
        let outer = std::mem::replace(&mut self.filed, written.is_none());
        let file = self.via.last().cloned();
        let whole = written.unwrap_or_else(|| Value::literal(&text));
        self.in_file(file, |walk| walk.read_text(language, &whole, called, scope, name.span));
        self.filed = outer;
        self.via.pop();
    }
}

/// `psql -c DROP TABLE users`: the quotes were forgotten. What was meant is read.
fn join_bare_words(text: &mut Value, line: &Line<'_>) {
    let bare = text.known().is_some_and(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic()));
    if bare {
        for operand in &line.operands {
            text.push_known(" ");
            text.append(&operand.argument.value);
        }
    }
}

/// redis-cli: the operands are the words of one command. Quoted, so that they stay words.
fn one_command(words: &[&Value]) -> Value {
    let mut text = Value::default();
    for word in words {
        text.push_known(" \"");
        for part in &word.parts {
            match part {
                Part::Known(known) => text.push_known(&known.replace('\\', "\\\\").replace('"', "\\\"")),
                Part::Unknown => text.push_unknown(),
            }
        }
        text.push_known("\"");
    }
    text
}

/// A process substitution's text is not shown as a path.
fn shown_path(path: &str) -> String {
    if path.starts_with("/dev/fd/") { "<(…)".to_owned() } else { path.to_owned() }
}

/// The language of a script by its first line (execve(2), Interpreter scripts). Without `#!` a shell runs it.
pub(super) fn language_of(text: &str) -> Option<Language> {
    let Some(line) = text.strip_prefix("#!") else {
        return Some(Language::Shell);
    };
    let line = line.lines().next()?;
    let interpreter = line
        .split_whitespace()
        .map(|word| word.rsplit('/').next().unwrap_or(word))
        .find(|word| !word.starts_with('-') && *word != "env" && !word.contains('='))?;
    let name = interpreter.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    match name {
        "sh" | "bash" | "dash" | "zsh" | "ksh" | "ash" => Some(Language::Shell),
        "python" | "pypy" => Some(Language::Python),
        "node" | "nodejs" | "deno" | "bun" | "tsx" | "ts-node" => Some(Language::Javascript),
        "perl" => Some(Language::Perl),
        "ruby" => Some(Language::Ruby),
        "php" => Some(Language::Php),
        "lua" => Some(Language::Lua),
        "awk" | "gawk" | "mawk" => Some(Language::Awk),
        "Rscript" => Some(Language::R),
        "tclsh" | "wish" | "expect" => Some(Language::Tcl),
        "emacs" | "sbcl" | "guile" | "racket" | "bb" | "clojure" | "fennel" => Some(Language::Lisp),
        "julia" => Some(Language::Julia),
        "elixir" => Some(Language::Elixir),
        "groovy" | "kotlin" | "scala" | "amm" | "kscript" => Some(Language::Jvm),
        "octave" => Some(Language::Octave),
        "ocaml" | "runghc" | "runhaskell" => Some(Language::Functional),
        "osascript" => Some(Language::Applescript),
        "make" => Some(Language::Make),
        "psql" => Some(Language::Sql),
        _ => None,
    }
}
