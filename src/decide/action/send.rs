//! HTTP requests that a command line sends, against the rules.

use super::facts::FileFact;
use super::freight::Freight;
use super::pack::{PathKind, Rule, Speaks};
use super::request::{self, Given, Request};
use super::rewrite::Contents;
use super::run::Called;
use super::scope::Scope;
use super::stream::{Flow, Stream};
use super::target::Hit;
use super::topic::Topic;
use super::value::Value;
use super::walk::Walk;
use crate::decide::syntax::Span;

impl Walk<'_> {
    /// Reads the requests of a client's command line and checks them. `true` if the program is a client.
    pub(super) fn check_requests(&mut self, called: Called<'_>, scope: &mut Scope, stdin: &Stream) {
        if !request::is_client(called.program) {
            return;
        }
        let words: Vec<Value> = called.words.iter().map(|word| word.value.clone()).collect();
        let span = called.all.first().map_or_else(Span::default, |first| Span {
            start: first.span.start,
            end: called.all.last().map_or(first.span.end, |last| last.span.end),
        });
        let input = self.stream_text(stdin, scope);
        let requests = {
            let mut file = |name: &Value| self.request_file(name, scope);
            request::read(called.program, &words, &mut Given { stdin: input.as_ref(), file: &mut file })
        };
        let piped = stdin.files.iter().any(|path| self.is_path_of_kind(PathKind::Credential, path));
        let flow = self.flow.clone().and(&stdin.flow);
        let secret = piped || flow.has(Freight::Secret) || flow.has(Freight::Variables);
        for mut request in requests {
            self.check_files_of(&request, span, scope);
            request.secret = secret;
            request.variables.clone_from(&flow.variables);
            request.outside = flow.has(Freight::Private)
                || request.reads.iter().any(|file| self.is_outside(file, scope))
                || stdin.files.iter().any(|path| self.is_outside(&Value::literal(path), scope));
            self.check_request(&request, span);
            self.check_spoken(&request, called, scope, span);
            // What came from the network is not known when it is run.
            for file in request.writes.iter().chain(&request.saves).filter(|file| file.known() != Some("-")) {
                if let Some(path) = self.absolute(file, scope) {
                    scope.written.insert(path, Value::unknown());
                }
            }
        }
        self.flow.add(Freight::Network);
    }

    /// Does the file lie outside the project and outside temporary places?
    fn is_outside(&self, file: &Value, scope: &Scope) -> bool {
        self.absolute(file, scope).is_some_and(|path| super::kind::is_outside(&path, self.setting))
    }

    /// What the contents of a file carry.
    pub(super) fn flow_of_file(&mut self, path: &str, scope: &Scope) -> Flow {
        let mut flow = scope.carried_by(path).cloned().unwrap_or_default();
        if path.starts_with("/dev/") {
            return flow;
        }
        flow.add(Freight::Contents);
        if self.is_path_of_kind(PathKind::Credential, path) {
            flow.add(Freight::Secret);
        }
        if super::kind::is_outside(path, self.setting) {
            flow.add(Freight::Private);
        }
        flow
    }

    /// A file that a request sends or is configured by.
    fn request_file(&mut self, name: &Value, scope: &Scope) -> Option<String> {
        let path = self.absolute(name, scope)?;
        match self.file_text(&path, scope) {
            FileFact::Text(text) => Some(text),
            FileFact::Missing | FileFact::Unread => None,
        }
    }

    /// One request against every rule about requests.
    pub(super) fn check_request(&mut self, request: &Request, span: Span) {
        if !self.burn(span) {
            return;
        }
        let rules: Vec<&'static Rule> = self
            .rules
            .packs_about(Topic::Request)
            .flat_map(|pack| pack.rules.iter())
            .filter(|rule| rule.when.http.is_some_and(|when| request::http_matches(&when, request)))
            .collect();
        for rule in rules {
            let hit = Hit { names: request.names(), reach: rule.does.reach, reversal: rule.does.reversal };
            self.report(rule, hit, span);
        }
    }

    /// Text of another language that a request carries: SQL over HTTP.
    pub(super) fn check_spoken(&mut self, request: &Request, called: Called<'_>, scope: &Scope, span: Span) {
        let all: Vec<&'static Speaks> =
            self.rules.packs_about(Topic::Request).flat_map(|pack| pack.speaks.iter()).collect();
        for speaks in all.into_iter().filter(|speaks| request::http_matches(&speaks.http, request)) {
            let named = request.fields.iter().chain(&request.query);
            let fields = named.filter(|(name, _)| speaks.field.iter().any(|field| **field == **name));
            let mut texts: Vec<&str> = fields.map(|(_, text)| text.as_str()).take(64).collect();
            if speaks.body {
                texts.extend(request.body.as_deref());
            }
            for text in texts {
                self.read_store(speaks.language, &super::statement::gaps(text), called, scope, span);
            }
        }
    }

    /// What a request sends or prints is read, and what it writes is overwritten.
    fn check_files_of(&mut self, request: &Request, span: Span, scope: &Scope) {
        for file in &request.reads {
            let Some(path) = self.absolute(file, scope) else { continue };
            if self.is_path_of_kind(PathKind::Credential, &path) {
                self.flow.add(Freight::Secret);
                self.push(super::Action {
                    verb: super::Verb::Send,
                    resource: "credential".to_owned(),
                    names: vec![path, request.host.clone()],
                    reach: super::Reach::Account,
                    reversal: super::Reversal::Never,
                    rule: "http.credential.send".to_owned(),
                    why: "Sends a credential file over the network.".to_owned(),
                    instead: None,
                    span: self.anchor.unwrap_or(span),
                    via: self.via.clone(),
                });
            }
        }
        for file in request.writes.iter().filter(|file| file.known() != Some("-")) {
            self.overwrite(file, Contents::Printed, span, scope);
        }
    }
}
