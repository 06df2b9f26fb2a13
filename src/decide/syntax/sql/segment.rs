//! One statement's tokens to the statements inside it: in a CTE, behind `then`, behind another without a semicolon.

use super::token::{Kind, Token};

/// What happens to the statements inside a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Frame {
    /// They run.
    Runs,
    /// They are planned only (`explain` without `analyze`) or are words of another kind (`grant`).
    Never,
    /// They run when this name is called: a routine's body, a prepared statement.
    WhenCalled(String),
}

/// Words that open a block in PL/pgSQL, T-SQL and their kin; a statement may follow at once.
const OPENERS: &[&str] = &["begin", "then", "else", "loop", "do", "atomic", "also", "instead"];

/// Words with which a statement begins that changes something.
const HEADS: &[&str] = &[
    "drop", "truncate", "delete", "update", "alter", "execute", "exec", "perform", "call", "merge", "vacuum", "grant",
    "revoke", "shutdown", "kill", "replace", "create", "copy",
];

/// Kinds of object that are dropped. What is dropped in the middle of a statement must be one of them.
pub(super) const OBJECTS: &[&str] = &[
    "table",
    "tables",
    "database",
    "schema",
    "keyspace",
    "column",
    "view",
    "index",
    "user",
    "role",
    "login",
    "tablespace",
    "collection",
    "owned",
    "measurement",
    "materialized",
    "foreign",
    "external",
    "temporary",
    "temp",
    "partition",
    "sequence",
    "type",
    "extension",
    "function",
    "procedure",
    "trigger",
    "server",
    "catalog",
    "warehouse",
    "share",
    "stage",
    "stream",
    "task",
    "pipe",
    "publication",
    "subscription",
    "dictionary",
    "snapshot",
];

/// What happens to the statements inside.
pub(super) fn frame(tokens: &[Token<'_>]) -> Frame {
    let word = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| token.is_any(words));
    if word(0, &["explain", "describe", "desc"]) {
        let analyzes = tokens.iter().skip(1).take(12).take_while(|t| !t.is_any(HEADS) && !t.is("select"));
        return if analyzes.into_iter().any(|t| t.is_any(&["analyze", "analyse"])) {
            Frame::Runs
        } else {
            Frame::Never
        };
    }
    if word(0, &["grant", "revoke", "comment", "show", "help"]) {
        return Frame::Never;
    }
    if word(0, &["create", "alter"]) {
        let kinds = ["function", "procedure", "proc", "trigger", "rule", "package"];
        let routine = tokens.iter().take(6).position(|token| token.is_any(&kinds));
        return routine.map_or(Frame::Runs, |at| Frame::WhenCalled(caller(tokens, at)));
    }
    if word(0, &["prepare"]) && !word(1, &["transaction"]) {
        return Frame::WhenCalled(name_at(tokens, 1));
    }
    Frame::Runs
}

/// What calls the routine whose kind stands at `at`: its name, or writing to the table it watches (`on t`).
fn caller(tokens: &[Token<'_>], at: usize) -> String {
    if !tokens.get(at).is_some_and(|kind| kind.is_any(&["trigger", "rule"])) {
        return name_at(tokens, at + 1);
    }
    let behind = tokens.get(at..).unwrap_or_default();
    let table = behind.windows(2).take(24).position(|pair| {
        let [on, table] = pair else { return false };
        on.is_any(&["on", "to"]) && !table.is_any(&["insert", "update", "delete", "select"])
    });
    table.map_or_else(String::new, |on| format!("on {}", name_at(behind, on + 1)))
}

/// The last part of the name at `at`, in lower case.
pub(super) fn name_at(tokens: &[Token<'_>], at: usize) -> String {
    let mut last = String::new();
    let mut rest =
        tokens.get(at..).unwrap_or_default().iter().skip_while(|token| token.is_any(&["if", "not", "exists"]));
    while let Some(token) = rest.next() {
        last = token.content().to_lowercase();
        if !rest.next().is_some_and(|next| next.is_sign('.')) {
            break;
        }
    }
    last
}

/// Cuts the tokens at every place where a statement begins. The first cut begins at 0; a cut ends where the next begins or
/// where the parenthesis around it closes.
pub(super) fn cut<'s, 'a>(tokens: &'s [Token<'a>]) -> Vec<&'s [Token<'a>]> {
    let starts: Vec<usize> = (1..tokens.len()).filter(|at| begins(tokens, *at)).collect();
    let mut cuts = Vec::with_capacity(starts.len() + 1);
    let mut start = 0;
    for end in starts.into_iter().chain([tokens.len()]) {
        let mut rest = tokens.get(start..end).unwrap_or_default();
        while !rest.is_empty() {
            let (inside, behind) = rest.split_at_checked(closing(rest)).unwrap_or((rest, &[]));
            if !inside.is_empty() {
                cuts.push(inside);
            }
            rest = behind.get(1..).unwrap_or_default();
        }
        start = end;
    }
    cuts
}

/// Where the parenthesis closes that was opened before these tokens.
fn closing(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        if token.is_sign('(') {
            depth += 1;
        } else if token.is_sign(')') {
            if depth == 0 {
                return at;
            }
            depth -= 1;
        }
    }
    tokens.len()
}

/// Does a statement begin at `at`, which is not the first token?
fn begins(tokens: &[Token<'_>], at: usize) -> bool {
    let (Some(token), Some(before)) = (tokens.get(at), tokens.get(at.saturating_sub(1))) else { return false };
    if before.is_sign(';') {
        return true;
    }
    if token.kind != Kind::Word || !token.is_any(HEADS) {
        return false;
    }
    if before.is_sign('.') || before.is_any(&["on", "for", "of", "or", "before", "after", "grant", "revoke"]) {
        return false;
    }
    let behind = tokens.get(at + 1..).unwrap_or_default();
    let next = |words: &[&str]| behind.first().is_some_and(|next| next.is_any(words));
    if token.is("update") {
        return is_update(behind);
    }
    if token.is_any(&["exec", "execute"]) {
        return executes(behind.first());
    }
    if before.is_any(OPENERS) {
        return behind.first().is_some_and(|next| next.is_name() && !next.is("when"));
    }
    if token.is_any(&["drop", "alter"]) {
        return next(OBJECTS) && !is_alteration(tokens, before, behind);
    }
    (token.is("delete") && next(&["from"])) || (token.is("truncate") && next(&["table"]))
}

/// `alter table t drop column c`, `alter publication p drop table t`: an action of the statement, and no statement.
fn is_alteration(tokens: &[Token<'_>], before: &Token<'_>, behind: &[Token<'_>]) -> bool {
    let actions = ["column", "index", "partition", "type", "view", "foreign"];
    tokens.first().is_some_and(|head| head.is("alter"))
        && (before.is_sign(',')
            || behind.first().is_some_and(|next| next.is_any(&actions))
            || tokens.get(1).is_some_and(|kind| kind.is_any(&["publication", "extension"])))
}

/// `update name [as alias] set`
fn is_update(behind: &[Token<'_>]) -> bool {
    let set = behind.iter().take(8).position(|token| token.is("set"));
    set.is_some_and(|at| at > 0) && behind.first().is_some_and(|token| token.is_name() && !token.is("of"))
}

/// `exec` of a string, a variable or a known procedure; not `grant execute on`, `trigger … execute function f()`.
fn executes(next: Option<&Token<'_>>) -> bool {
    next.is_some_and(|next| {
        let named = next.raw.to_ascii_lowercase();
        next.is_text()
            || next.is_sign('(')
            || next.is("immediate")
            || next.is("format")
            || ["@", "sp_", "xp_"].iter().any(|start| named.starts_with(start))
    })
}
