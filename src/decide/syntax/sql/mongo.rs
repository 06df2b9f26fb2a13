//! The mongo shell's JavaScript: which methods of a database and its collections are called.
//!
//! No interpreter: a chain of names with dots, brackets and calls is a receiver, its last name before a parenthesis the method.

use super::meta::span;
use super::{Query, Statement};
use crate::decide::syntax::GAP;
use crate::decide::syntax::Patience;

/// How far into a call's arguments one looks.
const ARGUMENTS: usize = 400;

/// Reads the calls of a script. The verb is the method in lower case (`dropdatabase`), the object its receiver
/// (`db.users`), and `selective` whether the first argument is a filter that is not empty. Of `runCommand({drop: 'x'})` the
/// first key is the second word of the verb.
#[must_use]
pub fn read_mongo(text: &str) -> Vec<Statement> {
    let mut statements = Vec::new();
    if text.trim_start().starts_with(GAP) {
        statements.push(Statement::Opaque { span: span(0, text.len()) });
    }
    let (mut at, mut chain, mut begin) = (0, String::new(), 0);
    let patience = Patience::for_length(text.len());
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty() && patience.look()) {
        let Some(first) = rest.chars().next() else { break };
        let mut length = first.len_utf8();
        match first {
            '\'' | '"' | '`' => {
                let (inside, consumed) = string(rest, first);
                length = consumed;
                // `db['users']` and `db.getCollection('users')` name a collection.
                if chain.ends_with(['[', '(']) {
                    chain.push_str(inside);
                }
            }
            '/' if rest.starts_with("//") => length = rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => length = rest.find("*/").map_or(rest.len(), |end| end + 2),
            '(' => {
                let call = Call { chain: &chain, arguments: rest.get(1..).unwrap_or_default(), start: begin, end: at };
                statements.extend(call.statement());
                chain.push('(');
            }
            '.' | '[' => chain.push(first),
            ')' | ']' => chain.push(first),
            c if c.is_whitespace() => {}
            c if c.is_alphanumeric() || matches!(c, '_' | '$' | GAP) => {
                length =
                    rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | GAP))).unwrap_or(rest.len());
                if !chain.ends_with(['.', '[', '(']) {
                    chain.clear();
                }
                if chain.is_empty() {
                    begin = at;
                }
                chain.push_str(rest.get(..length).unwrap_or_default());
            }
            _ => chain.clear(),
        }
        if chain.len() > 1000 {
            chain.clear();
        }
        at += length;
    }
    if patience.is_gone() {
        statements.push(Statement::Opaque { span: span(0, text.len()) });
    }
    statements
}

/// A quoted text and its length with quotes.
fn string(rest: &str, quote: char) -> (&str, usize) {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == quote {
            return (rest.get(1..at).unwrap_or_default(), at + 1);
        }
    }
    (rest.get(1..).unwrap_or_default(), rest.len())
}

struct Call<'a> {
    chain: &'a str,
    arguments: &'a str,
    start: usize,
    end: usize,
}

impl Call<'_> {
    fn statement(&self) -> Option<Statement> {
        // `db['users']['drop']()` calls by a string.
        let chain = self.chain.trim_end_matches(']');
        let method = chain.rsplit(['.', '(', '[', ']']).next().filter(|method| !method.is_empty())?;
        let receiver = chain.strip_suffix(method).unwrap_or_default().trim_end_matches(['.', '(', '[']);
        let place = span(self.start, self.end);
        let window: String = self.arguments.chars().take(ARGUMENTS).filter(|c| !c.is_whitespace()).collect();
        if method == "load" {
            let file = window.trim_start_matches(['\'', '"', '`']).split(['\'', '"', '`']).next().unwrap_or_default();
            return Some(Statement::Include { file: file.to_owned(), span: place });
        }
        let mut verb = vec![method.to_lowercase()];
        if matches!(verb.concat().as_str(), "runcommand" | "admincommand") {
            let key = window.trim_start_matches(['{', '"', '\'']).split(['"', '\'', ':', ',', '}']).next();
            verb.extend(key.map(str::to_lowercase));
        }
        // `{}` and nothing at all are every document.
        let filter = window.strip_prefix('{').map_or(window.as_str(), |inside| inside);
        let selective = !filter.starts_with(['}', ')']) && !filter.is_empty();
        let objects = if receiver.is_empty() { Vec::new() } else { vec![receiver.to_owned()] };
        Some(Statement::Query(Query { verb, objects, selective, span: place, ..Query::default() }))
    }
}
