//! Looking for tokens in a text: by their form, beside telling names, in addresses, and private keys.

use super::form::Catalogue;
use super::key;
use super::named;
use std::collections::BTreeSet;
use std::ops::Range;

#[cfg(test)]
mod tests;

/// So many are told of one file.
const MOST_FINDINGS: usize = 64;

/// A token in a text. Its value is kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The line, from 1.
    pub line: usize,
    /// What it looks like.
    pub kind: String,
    /// How many bytes it has.
    pub length: usize,
}

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    /// It belongs to tests or documentation, where tokens are made up.
    pub(super) quiet: bool,
    /// It is source code: a value is a text in quotes.
    pub(super) code: bool,
}

/// What was found where; the value lies at the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Met {
    pub(super) at: Range<usize>,
    pub(super) kind: String,
}

/// Knows what tokens look like.
pub(super) struct Reader {
    pub(super) catalogue: Catalogue,
    /// For each byte the forms that may begin with it: token and form by their places.
    begins: Vec<Vec<(usize, usize)>>,
}

impl Reader {
    /// # Errors
    /// When the list that is built in is not well formed.
    pub(super) fn new() -> Result<Reader, String> {
        let catalogue = Catalogue::built_in()?;
        let begins = (0..=u8::MAX)
            .map(|byte| {
                let forms = catalogue.tokens.iter().enumerate().flat_map(|(place, token)| {
                    token.forms.iter().enumerate().map(move |(form, shape)| (place, form, shape))
                });
                forms.filter(|(_, _, shape)| shape.begins_with(byte)).map(|(place, form, _)| (place, form)).collect()
            })
            .collect();
        Ok(Reader { catalogue, begins })
    }

    /// The tokens of a text, in the order of its lines.
    pub(super) fn read(&self, text: &[u8], manner: Manner) -> Vec<Finding> {
        let mut met = self.tokens(text, manner);
        met.extend(key::private_keys(text, manner));
        let taken: Vec<Range<usize>> = met.iter().map(|one| one.at.clone()).collect();
        let is_new = |one: &Met| !taken.iter().any(|at| at.start < one.at.end && one.at.start < at.end);
        met.extend(named::addresses(&self.catalogue, text, manner).into_iter().filter(is_new));
        met.extend(named::values(&self.catalogue, text, manner).into_iter().filter(is_new));
        met.sort_by_key(|one| one.at.start);
        met.truncate(MOST_FINDINGS);
        let (mut line, mut counted) = (1, 0);
        let findings: BTreeSet<Finding> = met
            .into_iter()
            .map(|one| {
                let passed = text.get(counted..one.at.start).unwrap_or_default();
                line += memchr::memchr_iter(b'\n', passed).count();
                counted = one.at.start;
                Finding { line, kind: one.kind, length: one.at.len() }
            })
            .collect();
        findings.into_iter().collect()
    }

    fn tokens(&self, text: &[u8], manner: Manner) -> Vec<Met> {
        let mut met = Vec::new();
        let mut at = 0;
        let mut before = b' ';
        while let Some(byte) = text.get(at) {
            let begins = !is_word(before) || is_escape(text, at);
            before = *byte;
            if begins && let Some((length, kind)) = self.token_at(text, at, manner) {
                met.push(Met { at: at..at + length, kind });
                at += length;
                before = b'x';
            } else {
                at += 1;
            }
        }
        met
    }

    fn token_at(&self, text: &[u8], at: usize, manner: Manner) -> Option<(usize, String)> {
        let rest = text.get(at..)?;
        self.begins.get(usize::from(*rest.first()?))?.iter().find_map(|(place, form)| {
            let token = self.catalogue.tokens.get(*place)?;
            let (length, lead) = token.forms.get(*form)?.fit(rest)?;
            let whole = rest.get(..length)?;
            let own = String::from_utf8_lossy(whole.get(lead..)?);
            let made_up = (token.weak && manner.quiet)
                || token.unless.iter().any(|text| own.contains(text.as_str()))
                || is_dull(&self.catalogue, &own)
                || distinct(own.as_bytes()) < FEWEST;
            (!made_up).then(|| (length, token.kind.clone()))
        })
    }
}

/// A token has at least so many different characters.
const FEWEST: usize = 7;

fn distinct(bytes: &[u8]) -> usize {
    bytes.iter().collect::<BTreeSet<_>>().len()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Stands `\n`, `\t` or the like before it, in a text inside a text?
fn is_escape(text: &[u8], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| text.get(at));
    before(2) == Some(&b'\\') && before(1).is_some_and(|byte| b"ntr".contains(byte))
}

/// Does it say of itself that nobody needs to keep it: `xxxx`, `your-token`, the same character many times?
pub(super) fn is_dull(catalogue: &Catalogue, value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let repeats = bytes.chunk_by(|a, b| a == b).any(|run| run.len() >= 8);
    let counts_up = bytes.chunk_by(|a, b| a.checked_add(1) == Some(*b)).any(|run| run.len() >= 7);
    repeats || counts_up || catalogue.dull.iter().any(|part| lower.contains(part.as_str()))
}
