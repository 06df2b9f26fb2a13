//! Files of the project that are written anew: what stands there is what the same hand, or the same program, wrote before.
//!
//! Agents write files the way people save them, over and over, and only what is committed is clean. So somebody is asked where what
//! stood there would be lost: where little takes the place of much, where a copy of something else does, or where a program's
//! output comes onto what no program printed.

use super::check::hit_words;
use super::does_form::Target;
use super::facts::{PathFact, PathState};
use super::line::{Line, Operand};
use super::pack::Rule;
use super::place::{PLACES, Place, is_among, place_of};
use super::run::Called;
use super::scope::Scope;
use super::stream::Stream;
use super::target::Hit;
use super::value::Value;
use super::walk::Walk;
use super::{Reversal, Verb};

/// A file of so few bytes is a version or a name, which is written anew to change it.
const SMALL: u64 = 64;
/// New text of a file has at least this part of the old one's length; what is shorter empties it.
const PART: u64 = 4;
/// What programs print is kept by nobody as long as it is not large: what is, took long to make.
const LARGE: u64 = 1 << 20;

/// With what a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contents {
    /// With text of which so many bytes stand in the command.
    Text(u64),
    /// With its own text, worked on.
    Own,
    /// With what a program prints.
    Printed,
    /// With something that stands elsewhere, or it is not known with what.
    Other,
}

impl Contents {
    /// What a stream brings.
    pub(super) fn of(stream: &Stream) -> Self {
        match &stream.text {
            Some(text) => Self::of_text(text),
            None if stream.files.is_empty() && !stream.inherited => Contents::Printed,
            None => Contents::Other,
        }
    }

    /// What a word of code brings; what is not known was computed.
    pub(super) fn of_text(text: &Value) -> Self {
        if text.is_anything() { Contents::Printed } else { Contents::Text(text.known_length() as u64) }
    }
}

impl Walk<'_> {
    /// Is nothing lost that somebody would miss, when this file of the project is written anew?
    pub(super) fn is_rewritten(&mut self, path: &str, contents: Contents) -> bool {
        if self.remote || contents == Contents::Other || place_of(path, self.setting) != Place::Project {
            return false;
        }
        let Some(fact) = self.path_fact(path) else { return false };
        fact.state == PathState::File
            && fact.real.is_none()
            && !super::kind::is_credential(path, self.setting)
            && is_spared(path, &fact, contents)
    }

    /// The same for all that a command writes to: `tee FILE`, `mv NEW FILE`.
    pub(super) fn rewrites(
        &mut self,
        (rule, hit): (&Rule, &Hit),
        (called, line, rest): (Called<'_>, &Line<'_>, &[Operand<'_>]),
        scope: &Scope,
    ) -> bool {
        if rule.does.verb != Verb::Overwrite || hit.reversal < Reversal::Never || !rule.does.known_only {
            return false;
        }
        let contents: Vec<Contents> = if rule.does.target == Target::Paths {
            vec![Contents::of(called.stdin); hit.names.len()]
        } else if rule.does.target == Target::LastPath {
            let words = hit_words(&rule.does, line, rest);
            let [source, _] = words.as_slice() else { return false };
            let Some(source) = self.absolute(&source.value, scope) else { return false };
            hit.names.iter().map(|path| self.contents_of(&source, path, scope)).collect()
        } else {
            return false;
        };
        !hit.names.is_empty()
            && hit.names.iter().zip(contents).all(|(path, contents)| self.is_rewritten(path, contents))
    }

    /// With what a file is written that takes the text of one that the script itself wrote: `jq . x > y && mv y x`.
    fn contents_of(&self, source: &str, target: &str, scope: &Scope) -> Contents {
        if !scope.made.iter().any(|made| made == source) {
            return Contents::Other;
        }
        match scope.written.get(source) {
            Some(text) if !text.is_anything() => Contents::of_text(text),
            _ if scope.is_named(target) => Contents::Own,
            _ => Contents::Printed,
        }
    }
}

fn is_spared(path: &str, fact: &PathFact, contents: Contents) -> bool {
    let Some(bytes) = fact.bytes.filter(|_| !fact.at_least) else { return false };
    match contents {
        Contents::Text(length) => bytes <= SMALL && length > 0 || length.saturating_mul(PART) >= bytes,
        Contents::Own => true,
        Contents::Printed => {
            let name = path.rsplit('/').next().unwrap_or(path);
            bytes <= LARGE && !fact.tracked && is_among(&PLACES.printed, name)
        }
        Contents::Other => false,
    }
}
