//! What a command reads: files by name, streams, redirections.

use super::Verb;
use super::facts::{FileFact, Need};
use super::freight::Freight;
use super::scope::Scope;
use super::stream::{Flow, Stream};
use super::value::Value;
use super::walk::Walk;
use crate::decide::syntax::Span;

impl Walk<'_> {
    /// The text of a file, if it is known; otherwise it is asked for.
    pub(super) fn file_text(&mut self, path: &str, scope: &Scope) -> FileFact {
        if let Some(text) = super::process::text_of(path) {
            return text;
        }
        if let Some(written) = scope.written.get(path) {
            return written.known().map_or(FileFact::Unread, |text| FileFact::Text(text.to_owned()));
        }
        if self.remote {
            return FileFact::Unread;
        }
        let path = self.standing(path, scope);
        match self.file_fact(path) {
            Some(fact) => {
                let fact = fact.clone();
                if matches!(fact, FileFact::Text(_)) && !self.reading.consulted.iter().any(|known| known == path) {
                    self.reading.consulted.push(path.to_owned());
                }
                fact
            }
            None => FileFact::Missing,
        }
    }

    fn file_fact(&mut self, path: &str) -> Option<&FileFact> {
        if !self.facts.files.contains_key(path) {
            self.need(Need::File(path.to_owned()));
        }
        self.facts.files.get(path)
    }

    /// The file whose text a path has: that of which it is a copy, unless there was none to copy or something stood there.
    fn standing<'p>(&mut self, path: &'p str, scope: &'p Scope) -> &'p str {
        let Some(copied) = scope.origin_of(path) else { return path };
        let deciding = if copied.replaces { copied.from.as_str() } else { path };
        let Some(fact) = self.file_fact(deciding) else { return &copied.from };
        let there = *fact != FileFact::Missing;
        if there == copied.replaces { &copied.from } else { path }
    }

    /// The text of a stream, with its files read. `None` if it is not known.
    pub(super) fn stream_text(&mut self, stream: &Stream, scope: &Scope) -> Option<Value> {
        if stream.files.is_empty() {
            return stream.text.clone();
        }
        let mut text = Value::default();
        for path in &stream.files {
            match self.file_text(path, scope) {
                FileFact::Text(known) => text.push_known(&known),
                FileFact::Missing => {}
                FileFact::Unread => return None,
            }
        }
        Some(text)
    }

    /// `< file`
    pub(super) fn read_from(&mut self, file: &Value, span: Span, scope: &Scope) -> Stream {
        let path = self.absolute(file, scope);
        if let Some(path) = &path {
            self.check_opened(path, &[Verb::ReadSecret], span);
        }
        match path {
            Some(path) if matches!(path.as_str(), "/dev/stdin" | "/dev/tty") => Stream::inherited(),
            Some(path) if super::redirect::is_connection(&path) => Stream::unseen(Flow::of(Freight::Network)),
            Some(path) => {
                let flow = self.flow_of_file(&path, scope);
                Stream::of_files(vec![path], flow)
            }
            None => Stream::default(),
        }
    }
}
