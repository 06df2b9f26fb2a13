//! What inline code does: every call in it against what the packs say of its language's calls.

use super::expand::Argument;
use super::glob;
use super::likeness::possibly;
use super::pack::{Language, Pack};
use super::run::Called;
use super::scope::Scope;
use super::topic::Topic;
use super::value::Value;
use super::walk::Walk;
use crate::decide::syntax::code::{self, Code, Lexis, Term};
use crate::decide::syntax::{GAP, Span};
use std::collections::BTreeSet;

/// One text of code that is being read.
pub(super) struct Inline<'a> {
    pub(super) language: Language,
    /// The command that was given it.
    pub(super) called: Called<'a>,
    pub(super) span: Span,
    /// Paths that it read before: to write one of these again is to edit it.
    pub(super) edits: BTreeSet<String>,
}

/// So many words of the command line are known in the code. Each costs as much as a command, for each text.
const GIVEN: usize = 64;
/// How many bytes of arguments are looked at in one text.
const BYTES: usize = 4 * 1024 * 1024;

impl Walk<'_> {
    /// Reads code of a language that a command is given.
    pub(super) fn read_code(
        &mut self,
        language: Language,
        text: &Value,
        called: Called<'_>,
        scope: &mut Scope,
        span: Span,
    ) {
        if text.is_anything() {
            self.unseen_code(span);
            return;
        }
        if !self.burn_for(called.words.len().min(GIVEN), span) {
            return;
        }
        let source = text.with_gaps("…");
        let Some(code) = code_of(language, &source, &self.given_to(called)) else { return };
        if code.cut {
            self.unseen("code.text.long", "It is too long, or nested too deep, to be read to its end.", span);
        }
        let packs: Vec<&'static Pack> =
            self.rules.packs_about(Topic::Call).filter(|pack| pack.language.contains(&language)).collect();
        let anchor = self.anchor.unwrap_or(span);
        let outer = (self.anchor.replace(anchor), self.flow.clone());
        let mut inner = scope.clone();
        let mut inline = Inline { language, called, span, edits: BTreeSet::new() };
        let mut bytes = 0usize;
        let live = self.live_calls(&code);
        for call in &live {
            // A long text that many calls are given would be copied for each of them.
            let given = call.arguments.iter().filter_map(Term::as_text).map(str::len).sum::<usize>();
            bytes = bytes.saturating_add(given);
            if !self.burn(span) {
                break;
            }
            if bytes > BYTES {
                self.unseen("code.text.long", "It is too long, or nested too deep, to be read to its end.", span);
                break;
            }
            for pack in &packs {
                if self.take(pack, call, &mut inline, &mut inner) {
                    break;
                }
            }
            for rule in packs.iter().flat_map(|pack| pack.rules.iter()) {
                self.check_call(rule, call, &inline, &inner);
            }
            // Behind the rules about the call itself.
            self.note_moving_call(call);
        }
        (self.anchor, self.flow) = outer;
        scope.made = inner.made;
        scope.made_if_missing = inner.made_if_missing;
        scope.written = inner.written;
    }

    /// Text that would be run is not known. In a file that was there before, that is how programs are written; on
    /// a command line it is how something is hidden.
    pub(super) fn unseen_code(&mut self, span: Span) {
        if self.filed {
            self.reading.seen_whole = false;
        } else {
            self.unseen("code.text.unseen", "Code would be run that is not known before it runs.", span);
        }
    }

    /// What a term is as a word of a command line. `~` stands for the home.
    pub(super) fn word_of(&self, term: &Term) -> Value {
        let text = match term {
            Term::Text(text) | Term::Path(text) | Term::Number(text) => text,
            Term::List(_) | Term::Map(_) | Term::OneOf(_) | Term::Name(_) | Term::Result(_) | Term::Unknown => {
                return Value::unknown();
            }
        };
        let home = self.setting.homes.first().filter(|_| &**text == "~" || text.starts_with("~/"));
        match (home, text.strip_prefix('~')) {
            (Some(home), Some(rest)) => super::statement::gaps(&format!("{home}{rest}")),
            _ => super::statement::gaps(text),
        }
    }

    /// A term as words: each of a list, each of several possible ones.
    pub(super) fn words_of(&self, term: &Term, span: Span) -> Vec<Argument> {
        match term {
            Term::List(items) | Term::OneOf(items) => {
                items.iter().take(64).flat_map(|item| self.words_of(item, span)).take(256).collect()
            }
            Term::Result(call) if call.on.is_none() && call.path.ends_with("open") => {
                // A file object is as good as the file's name.
                call.arguments.first().map(|name| self.words_of(name, span)).unwrap_or_default()
            }
            Term::Text(_)
            | Term::Path(_)
            | Term::Number(_)
            | Term::Map(_)
            | Term::Name(_)
            | Term::Result(_)
            | Term::Unknown => {
                let value = self.word_of(term);
                let pattern = value.known().is_some_and(|text| text.contains(['*', '?', '[']));
                vec![Argument { value, pattern, ..Argument::literal("", span) }]
            }
        }
    }
}

/// What is called in a text; `None` for languages whose calls nobody reads.
fn code_of(language: Language, text: &str, given: &[(&str, Term)]) -> Option<Code> {
    let lexis: &Lexis = match language {
        Language::Python => &code::PYTHON,
        Language::Javascript => &code::JAVASCRIPT,
        Language::Perl => &code::PERL,
        Language::Ruby => &code::RUBY,
        Language::Php => &code::PHP,
        Language::Lua => &code::LUA,
        Language::R => &code::R,
        Language::Awk => &code::AWK,
        Language::Julia => &code::JULIA,
        Language::Elixir => &code::ELIXIR,
        Language::Erlang => &code::ERLANG,
        Language::Jvm => &code::JVM,
        Language::Octave => &code::OCTAVE,
        Language::Functional => &code::FUNCTIONAL,
        Language::Applescript => &code::APPLESCRIPT,
        Language::Sed => return Some(code::read_sed(text)),
        Language::Tcl => return Some(code::read_tcl(text, given)),
        Language::Lisp => return Some(code::read_lisp(text)),
        Language::Vim => return Some(code::read_vim(text)),
        Language::Shell | Language::Sql | Language::Mongo | Language::Redis | Language::Make => return None,
    };
    Some(code::read(text, lexis, given))
}

impl Walk<'_> {
    /// What is known to code from outside: its arguments, and where it stands.
    fn given_to(&self, called: Called<'_>) -> Vec<(&'static str, Term)> {
        let mut given = arguments_of(called);
        if let Some(file) = &self.origin.file {
            let directory = file.rsplit_once('/').map_or("/", |(directory, _)| directory);
            given.extend(["__DIR__", "__dirname", "__dir__"].map(|name| (name, Term::text(directory))));
            given.extend(["__FILE__", "__file__", "__filename"].map(|name| (name, Term::text(file))));
        }
        given
    }
}

/// What the program is given on its command line, under the names that languages have for it.
fn arguments_of(called: Called<'_>) -> Vec<(&'static str, Term)> {
    let words: Vec<Term> = called
        .words
        .iter()
        .skip_while(|word| word.value.starts_with("-"))
        .take(GIVEN)
        .map(|word| Term::text(&word.value.with_gaps("…")))
        .collect();
    let behind = Term::list_of(words.get(1..).unwrap_or_default().to_vec());
    let all = Term::list_of(words.clone());
    let mut node = vec![Term::text("node")];
    node.extend(words);
    vec![("sys.argv", all.clone()), ("process.argv", Term::list_of(node)), ("ARGV", behind), ("argv", all)]
}

/// Does a call's name fit? One whose end is not known could be any that begins so.
pub(super) fn names(pattern: &str, path: &str) -> bool {
    if glob::begins_otherwise(pattern, path) {
        return false;
    }
    match path.split_once(GAP) {
        None => glob::matches(pattern, path),
        // `fs[x](…)`: a member of that module. Of `x[y](…)` nothing is known.
        Some((start, _)) => start.ends_with('.') && pattern.starts_with(start) && possibly(pattern, &start_of(start)),
    }
}

fn start_of(text: &str) -> Value {
    let mut value = Value::literal(text);
    value.push_unknown();
    value
}
