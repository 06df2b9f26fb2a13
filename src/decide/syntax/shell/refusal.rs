//! Texts that bash refuses for certain, so that nothing of them runs.
//!
//! bash and its kin read a whole line before they run anything of it, and a mistake in the line throws all of it away.
//! What this parser does not understand is no mistake for that: it may be a construct that it does not know. So only a few
//! faults count, those at which no shell of the kind can go on: an operator or closing word where a command must begin, a
//! redirection without a word, a quote or parenthesis that nothing closes.
//!
//! And they count in plain texts only. The reader has to stand exactly where the shell would stand, so whatever bash, dash
//! and their settings read differently (`$'…'`, `${…}`, `[[`, `((`, arrays, backquotes, here-documents, further lines, aliases)
//! leaves a text unread, which holds.

use super::reader::{Read, Reader};
use crate::decide::syntax::tree::Opacity;

/// What shells of bash's kind do not read alike.
const READ_DIFFERENTLY: [&str; 11] = ["\n", "\r", "`", "$'", "$\"", "${", "$[", "<<", "[[", "((", "=("];

/// Words with which it may be read otherwise.
const WORDS: [&str; 5] = ["alias", "coproc", "function", "select", "shopt"];

impl Reader<'_> {
    /// What a fault means at which no shell can go on. Inside of a text that stands in another one it means nothing: what is
    /// around it may run.
    pub(super) fn settle(&self, fault: Opacity) -> Opacity {
        match fault {
            Opacity::Refused if self.origin.is_none() && is_plain(self.text) => Opacity::Refused,
            Opacity::Refused | Opacity::NotUnderstood => Opacity::NotUnderstood,
            Opacity::TooLong | Opacity::TooDeep | Opacity::NotText => fault,
        }
    }

    /// A fault at which no shell can go on.
    pub(super) fn refuse<T>(&self) -> Read<T> {
        Err(Opacity::Refused)
    }
}

fn is_plain(text: &str) -> bool {
    let text = text.trim_end_matches('\n');
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    !READ_DIFFERENTLY.iter().any(|form| text.contains(form)) && !words.any(|word| WORDS.contains(&word))
}
