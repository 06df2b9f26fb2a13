//! One statement's tokens to its verb and its objects.

use super::condition;
use super::meta::span;
use super::segment::OBJECTS;
use super::token::{Kind, Token};
use super::{GAP, Query};
use crate::decide::syntax::Patience;

/// The most functions that are named for one statement.
const CALLS: usize = 64;

/// Words behind a verb that change nothing about what it does.
const NOISE: &[&str] =
    &["if", "exists", "not", "concurrently", "only", "ignore", "low_priority", "quick", "force", "online", "top"];

/// Words that end a list of names.
const ENDS: &[&str] = &[
    "where",
    "set",
    "using",
    "cascade",
    "restrict",
    "returning",
    "limit",
    "order",
    "with",
    "on",
    "to",
    "from",
    "add",
    "drop",
    "alter",
    "rename",
    "modify",
    "change",
    "output",
    "values",
    "select",
    "when",
    "purge",
    "restart",
    "continue",
    "join",
    "inner",
    "left",
    "right",
    "cross",
    "sync",
    "default",
    "then",
    "end",
    "begin",
    "by",
    "for",
];

/// Describes a statement. An alteration of several things gives one for each of them. `None` if it could not be read to its end.
pub(super) fn describe(tokens: &[Token<'_>]) -> Option<Vec<Query>> {
    let from = tokens.iter().position(|token| !(token.is_sign('(') || token.is_sign(';'))).unwrap_or(tokens.len());
    let tokens = tokens.get(from..).unwrap_or_default();
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return Some(Vec::new()) };
    let place = span(first.start, last.end());
    let calls = calls(tokens);
    let mut cursor = Cursor { tokens, at: 1, patience: Patience::for_length(tokens.len()) };
    let mut queries = read_head(first, &mut cursor);
    for query in &mut queries {
        query.span = place;
        query.calls.clone_from(&calls);
    }
    (!cursor.patience.is_gone()).then_some(queries)
}

fn read_head(first: &Token<'_>, cursor: &mut Cursor<'_, '_>) -> Vec<Query> {
    if first.kind != Kind::Word || first.raw.contains(GAP) {
        return vec![Query::default()];
    }
    let head = first.raw.to_lowercase();
    match head.as_str() {
        "drop" | "undrop" => vec![read_drop(&head, cursor)],
        "truncate" => vec![read_truncate(cursor)],
        "delete" => vec![read_delete(cursor)],
        "update" => vec![read_update(cursor)],
        "alter" => read_alter(cursor),
        "create" => vec![read_create(cursor)],
        "copy" => vec![read_copy(cursor)],
        "merge" => vec![read_merge(cursor)],
        "insert" | "replace" => vec![read_insert(&head, cursor)],
        "exec" | "execute" | "call" | "perform" => vec![read_call(cursor)],
        "pragma" => vec![read_pragma(cursor)],
        "select" => vec![read_select(cursor)],
        _ => vec![read_words(head, cursor)],
    }
}

/// Reads tokens one after another.
struct Cursor<'s, 'a> {
    tokens: &'s [Token<'a>],
    at: usize,
    patience: Patience,
}

impl<'s, 'a> Cursor<'s, 'a> {
    /// What is not read yet; nothing, once it was looked at too often.
    fn rest(&self) -> &'s [Token<'a>] {
        let seen = self.tokens.get(self.at..).filter(|_| self.patience.look());
        seen.unwrap_or_default()
    }

    fn peek(&self) -> Option<&'s Token<'a>> {
        self.rest().first()
    }

    fn sees(&self, words: &[&str]) -> bool {
        self.peek().is_some_and(|token| token.is_any(words))
    }

    fn skip(&mut self, words: &[&str]) {
        while self.sees(words) {
            self.at += 1;
        }
    }

    /// Takes a bare word, in lower case.
    fn word(&mut self) -> Option<String> {
        let token = self.peek().filter(|token| matches!(token.kind, Kind::Word | Kind::Gap))?;
        self.at += 1;
        Some(token.raw.to_lowercase())
    }

    /// Takes one name with its dots.
    fn name(&mut self) -> Option<String> {
        self.skip(NOISE);
        let mut name = String::new();
        while let Some(token) = self.peek() {
            let part = token.is_name() || token.kind == Kind::Text || (!name.is_empty() && token.is_sign('*'));
            if !part || (name.is_empty() && token.is_any(ENDS)) {
                break;
            }
            name.push_str(&token.content());
            self.at += 1;
            let mut dots = 0;
            while self.peek().is_some_and(|next| next.is_sign('.')) {
                name.push('.');
                self.at += 1;
                dots += 1;
            }
            if dots == 0 {
                break;
            }
        }
        (!name.is_empty()).then_some(name)
    }

    /// Takes names between commas. Aliases and argument lists are skipped.
    fn names(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        while let Some(name) = self.name() {
            names.push(name);
            let mut depth = 0_usize;
            while let Some(token) = self.peek() {
                match token.raw {
                    "(" => depth += 1,
                    ")" => depth = depth.saturating_sub(1),
                    _ if depth == 0 && (token.is_sign(',') || token.is_any(ENDS)) => break,
                    _ => {}
                }
                self.at += 1;
            }
            if !self.peek().is_some_and(|token| token.is_sign(',')) {
                break;
            }
            self.at += 1;
        }
        names
    }

    /// Moves behind the first of these words that stands outside parentheses.
    fn find(&mut self, words: &[&str]) -> bool {
        let mut depth = 0_usize;
        for (offset, token) in self.rest().iter().enumerate() {
            match token.raw {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ if depth == 0 && token.is_any(words) => {
                    self.at += offset + 1;
                    return true;
                }
                _ => {}
            }
        }
        false
    }
}

fn verb(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn query(verb: Vec<String>, objects: Vec<String>) -> Query {
    Query { verb, objects, ..Query::default() }
}

fn read_drop(head: &str, cursor: &mut Cursor<'_, '_>) -> Query {
    let mut words = verb(&[head]);
    cursor.skip(NOISE);
    while words.len() < 4 {
        let kind = cursor.peek().is_some_and(|token| {
            token.kind == Kind::Gap || token.is_any(OBJECTS) || (words.len() == 1 && token.kind == Kind::Word)
        });
        // `drop table role`: a kind behind a full kind is a name.
        let full = words.len() > 1 && !words.last().is_some_and(|last| is_modifier(last));
        if !kind || full {
            break;
        }
        let Some(word) = cursor.word() else { break };
        words.push(word);
    }
    cursor.skip(&["by"]);
    query(words, cursor.names())
}

fn is_modifier(word: &str) -> bool {
    matches!(word, "materialized" | "foreign" | "external" | "temporary" | "temp" | "drop" | "unique" | "public")
}

fn read_truncate(cursor: &mut Cursor<'_, '_>) -> Query {
    let mut words = verb(&["truncate"]);
    while cursor.sees(&["table", "database", "schema", "all", "tables", "partition", "foreign", "cluster"])
        && words.len() < 3
    {
        let Some(word) = cursor.word() else { break };
        words.push(word);
    }
    cursor.skip(&["from"]);
    query(words, cursor.names())
}

fn read_delete(cursor: &mut Cursor<'_, '_>) -> Query {
    let mut objects = Vec::new();
    cursor.skip(NOISE);
    while !cursor.sees(&["from", "where"]) && cursor.peek().is_some_and(|t| t.is_name()) {
        let names = cursor.names();
        // `delete t set …`: a word that ends a list of names is none itself.
        if names.is_empty() {
            break;
        }
        objects.extend(names);
    }
    if cursor.sees(&["from"]) {
        cursor.at += 1;
        objects.extend(cursor.names());
    }
    let selective = condition::selects(cursor.rest(), &objects);
    Query { verb: verb(&["delete"]), objects, selective, ..Query::default() }
}

fn read_update(cursor: &mut Cursor<'_, '_>) -> Query {
    cursor.skip(&["or", "rollback", "abort", "replace", "fail"]);
    let objects = cursor.names();
    let selective = condition::selects(cursor.rest(), &objects);
    Query { verb: verb(&["update"]), objects, selective, ..Query::default() }
}

/// `alter table t drop column c, add d int`: one for each action.
fn read_alter(cursor: &mut Cursor<'_, '_>) -> Vec<Query> {
    let mut stem = verb(&["alter"]);
    cursor.skip(NOISE);
    stem.extend(cursor.word());
    while stem.last().is_some_and(|last| is_modifier(last) || last == "default" || last == "event") {
        let Some(word) = cursor.word() else { break };
        stem.push(word);
    }
    let objects: Vec<String> =
        if stem.iter().any(|word| word == "system") { Vec::new() } else { cursor.name().into_iter().collect() };
    let mut queries: Vec<Query> = Vec::new();
    loop {
        let mut words = stem.clone();
        let mut named = objects.clone();
        read_alteration(&mut words, &mut named, cursor);
        let selective = condition::selects(cursor.rest(), &objects);
        queries.push(Query { verb: words, objects: named, selective, ..Query::default() });
        if !skip_to_comma(cursor) || queries.len() >= CALLS {
            return queries;
        }
    }
}

fn read_alteration(words: &mut Vec<String>, objects: &mut Vec<String>, cursor: &mut Cursor<'_, '_>) {
    let Some(action) = cursor.word() else { return };
    let drops = action == "drop";
    words.push(action);
    cursor.skip(NOISE);
    let kinds = [
        "column",
        "constraint",
        "partition",
        "index",
        "primary",
        "foreign",
        "check",
        "key",
        "default",
        "not",
        "identity",
        "expression",
        "period",
        "subpartition",
        "detached",
        "feature",
        "file",
        "member",
        "value",
        "attribute",
        "table",
    ];
    if drops && !cursor.sees(&kinds) {
        // The word COLUMN may be left out.
        words.push("column".to_owned());
        objects.extend(cursor.names());
        return;
    }
    if drops {
        words.extend(cursor.word());
        objects.extend(cursor.names());
        return;
    }
    while words.len() < 7 {
        let Some(word) = cursor.word() else { break };
        words.push(word);
    }
}

/// Moves behind the next comma outside parentheses; an action that is nothing but a further name is skipped.
fn skip_to_comma(cursor: &mut Cursor<'_, '_>) -> bool {
    let mut depth = 0_usize;
    while let Some(token) = cursor.peek() {
        cursor.at += 1;
        match token.raw {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

fn read_create(cursor: &mut Cursor<'_, '_>) -> Query {
    let mut words = verb(&["create"]);
    while words.len() < 5 {
        let full = words.last().is_some_and(|last| OBJECTS.contains(&last.as_str()) && !is_modifier(last));
        if full || !cursor.peek().is_some_and(|token| token.kind == Kind::Word) {
            break;
        }
        let Some(word) = cursor.word() else { break };
        words.push(word);
    }
    query(words, cursor.name().into_iter().collect())
}

/// `copy t to program 'cmd'`, `copy t from stdin`, `copy (…) to 'file'`
fn read_copy(cursor: &mut Cursor<'_, '_>) -> Query {
    let mut words = verb(&["copy"]);
    let objects = cursor.names();
    if let Some(way) = cursor.rest().iter().position(|token| token.is_any(&["to", "from"])) {
        let behind = cursor.rest().get(way..).unwrap_or_default();
        words.extend(behind.first().map(|token| token.raw.to_lowercase()));
        let target = behind.get(1).filter(|token| token.is_any(&["program", "stdin", "stdout"]));
        words.push(target.map_or_else(|| "file".to_owned(), |token| token.raw.to_lowercase()));
    }
    query(words, objects)
}

fn read_merge(cursor: &mut Cursor<'_, '_>) -> Query {
    cursor.skip(&["into"]);
    let objects = cursor.names();
    let deletes =
        cursor.rest().windows(2).any(|pair| matches!(pair, [then, delete] if then.is("then") && delete.is("delete")));
    let words: &[&str] = if deletes { &["merge", "delete"] } else { &["merge"] };
    query(verb(words), objects)
}

fn read_insert(head: &str, cursor: &mut Cursor<'_, '_>) -> Query {
    let mut words = verb(&[head]);
    cursor.skip(NOISE);
    if cursor.sees(&["overwrite"]) {
        words.extend(cursor.word());
    }
    cursor.skip(&["or", "replace", "ignore", "into", "table", "local", "directory", "delayed", "high_priority"]);
    query(words, cursor.name().into_iter().collect())
}

fn read_call(cursor: &mut Cursor<'_, '_>) -> Query {
    let mut words = verb(&["exec"]);
    cursor.skip(&["immediate"]);
    let name = cursor.name().unwrap_or_default();
    words.extend(name.to_lowercase().rsplit('.').next().filter(|last| !last.is_empty()).map(str::to_owned));
    query(words, vec![name].into_iter().filter(|name| !name.is_empty()).collect())
}

/// `pragma main.writable_schema = on`: the name without its schema, then the value.
fn read_pragma(cursor: &mut Cursor<'_, '_>) -> Query {
    let mut words = verb(&["pragma"]);
    let name = cursor.name().unwrap_or_default().to_lowercase();
    words.extend(name.rsplit('.').next().map(str::to_owned));
    let value = cursor.rest().iter().find(|token| !token.is_sign('=') && !token.is_sign('('));
    words.extend(value.map(|token| token.content().to_lowercase()));
    query(words, Vec::new())
}

fn read_select(cursor: &mut Cursor<'_, '_>) -> Query {
    let mut words = verb(&["select"]);
    if cursor.find(&["into"]) {
        words.push("into".to_owned());
        if cursor.sees(&["outfile", "dumpfile"]) {
            words.extend(cursor.word());
        }
        return query(words, cursor.name().into_iter().collect());
    }
    query(words, Vec::new())
}

/// A statement of no known form: up to four bare words, and the name behind them.
fn read_words(head: String, cursor: &mut Cursor<'_, '_>) -> Query {
    let mut words = vec![head];
    while words.len() < 4 {
        if matches!(words.last().map(String::as_str), Some("on" | "to" | "from" | "into")) {
            break;
        }
        let Some(word) = cursor.word() else { break };
        words.push(word);
    }
    query(words, cursor.name().into_iter().collect())
}

/// Functions that are called: a name before an opening parenthesis.
fn calls(tokens: &[Token<'_>]) -> Vec<String> {
    let mut calls = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        let [name, open] = pair else { continue };
        if !(open.is_sign('(') && name.is_name()) || calls.len() >= CALLS {
            continue;
        }
        let mut call = name.content().to_lowercase();
        let schema = at.checked_sub(2).and_then(|from| tokens.get(from..at));
        if let Some([schema, dot]) = schema
            && dot.is_sign('.')
            && schema.is_name()
        {
            call = format!("{}.{call}", schema.content().to_lowercase());
        }
        if !calls.contains(&call) {
            calls.push(call);
        }
    }
    calls
}
