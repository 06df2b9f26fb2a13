//! Redis commands (redis.io, Commands): one a line, as redis-cli reads them.

use super::meta::span;
use super::{Query, Statement};
use crate::decide::syntax::GAP;

/// Commands whose second word says what they do.
const CONTAINERS: &[&str] = &[
    "config", "script", "function", "acl", "cluster", "client", "debug", "latency", "memory", "module", "object",
    "xgroup", "pubsub", "command", "sentinel", "slowlog",
];

/// The most words that are listed for one command.
const WORDS: usize = 64;

/// Reads commands, one a line. What changes data of a script (`EVAL`) is found in its strings: `redis.call('flushall')`.
#[must_use]
pub fn read_redis(text: &str) -> Vec<Statement> {
    // Over HTTP a command is a list, and several are a list of lists.
    if text.trim_start().starts_with('[') {
        return read_redis(&text.replace(['[', ']'], "\n").replace(',', " "));
    }
    let mut statements = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let place = span(offset, offset + line.trim_end().len());
        offset += line.len();
        let mut words = words(line);
        // `-1 FLUSHALL` and `5 PING` repeat a command.
        if words.first().is_some_and(|word| word.parse::<i64>().is_ok()) {
            words.remove(0);
        }
        let Some((head, rest)) = words.split_first() else { continue };
        if head.contains(GAP) {
            statements.push(Statement::Opaque { span: place });
            continue;
        }
        let mut verb = vec![head.to_lowercase()];
        let mut objects = rest;
        if let (true, Some((second, more))) = (CONTAINERS.contains(&verb.concat().as_str()), rest.split_first()) {
            verb.push(second.to_lowercase());
            objects = more;
        }
        if matches!(head.to_lowercase().as_str(), "eval" | "evalsha" | "eval_ro" | "fcall") {
            statements.extend(
                rest.first()
                    .into_iter()
                    .flat_map(|script| called(script))
                    .map(|verb| Statement::Query(Query { verb: vec![verb], span: place, ..Query::default() })),
            );
        }
        statements.push(Statement::Query(Query { verb, objects: objects.to_vec(), span: place, ..Query::default() }));
    }
    statements
}

/// The commands that a Lua script calls by a literal name.
fn called(script: &str) -> Vec<String> {
    let calls = script.split("call(").skip(1);
    let names = calls.filter_map(|rest| {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        Some(rest.get(1..)?.split_once(quote)?.0.to_lowercase())
    });
    names.take(WORDS).collect()
}

/// Words between blanks; quotes as in redis-cli, backslash escapes in double ones.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open: Option<char> = None;
    let mut begun = false;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (open, character) {
            (Some(quote), close) if quote == close => open = None,
            (Some('"'), '\\') => add(&mut words, &mut begun, characters.next()),
            (Some(_), inside) => add(&mut words, &mut begun, Some(inside)),
            (None, '\'' | '"') => {
                open = Some(character);
                add(&mut words, &mut begun, None);
            }
            (None, blank) if blank.is_whitespace() => begun = false,
            (None, plain) => add(&mut words, &mut begun, Some(plain)),
        }
    }
    words.truncate(WORDS);
    words
}

fn add(words: &mut Vec<String>, begun: &mut bool, character: Option<char>) {
    if !*begun {
        words.push(String::new());
        *begun = true;
    }
    if let Some(last) = words.last_mut() {
        last.extend(character);
    }
}
