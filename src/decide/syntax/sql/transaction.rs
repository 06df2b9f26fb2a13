//! What a transaction that is rolled back takes back with it.

use super::token::Token;
use super::{Dialect, Statement};
use std::ops::Range;

/// One step of a script, for the bounds of its transactions.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// Its statements among all that were found.
    pub(super) statements: Range<usize>,
    /// What it means for a transaction.
    pub(super) role: Role,
}

/// What a step means for the transaction around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It opens one.
    Begin,
    /// It ends it, and everything stays.
    Commit,
    /// It ends it, and nothing stays.
    Rollback,
    /// It works inside it.
    Inside,
    /// It may end it without saying so: definitions in MySQL, procedures, other files.
    Breaks,
}

/// The role of a statement.
pub(super) fn role(tokens: &[Token<'_>], dialect: Dialect) -> Role {
    let head = |words: &[&str]| tokens.first().is_some_and(|token| token.is_any(words));
    let second = |words: &[&str]| tokens.get(1).is_some_and(|token| token.is_any(words));
    let mode = [
        "transaction",
        "work",
        "tran",
        "isolation",
        "level",
        "read",
        "write",
        "committed",
        "uncommitted",
        "repeatable",
        "serializable",
        "only",
        "deferrable",
        "not",
        "immediate",
        "exclusive",
        "deferred",
        "concurrent",
        "with",
        "consistent",
        "snapshot",
    ];
    let rest = tokens.get(1..).unwrap_or_default();
    if head(&["begin", "start"])
        && (head(&["begin"]) || second(&["transaction"]))
        && rest.iter().all(|t| t.is_any(&mode) || t.is_sign(','))
    {
        return Role::Begin;
    }
    if head(&["commit", "end"]) {
        return Role::Commit;
    }
    if head(&["rollback", "abort"]) {
        return match rest {
            [] => Role::Rollback,
            [word] if word.is_any(&["transaction", "work", "tran"]) => Role::Rollback,
            _ if rest.iter().any(|t| t.is("to")) => Role::Inside,
            _ => Role::Breaks,
        };
    }
    let data =
        ["select", "insert", "update", "delete", "with", "savepoint", "release", "show", "explain", "values", "merge"];
    let definitions = ["create", "alter", "drop", "truncate", "grant", "revoke", "comment"];
    let transactional = matches!(dialect, Dialect::Postgres | Dialect::Sqlite | Dialect::Tsql);
    if head(&data) || (transactional && head(&definitions)) { Role::Inside } else { Role::Breaks }
}

/// Marks what is rolled back.
pub(super) fn mark(statements: &mut [Statement], steps: &[Step]) {
    let mut open: Option<Vec<Range<usize>>> = None;
    for step in steps {
        match step.role {
            Role::Begin => open = Some(Vec::new()),
            Role::Commit | Role::Breaks => open = None,
            Role::Inside => {
                if let Some(open) = &mut open {
                    open.push(step.statements.clone());
                }
            }
            Role::Rollback => {
                for range in open.take().unwrap_or_default() {
                    statements.get_mut(range).unwrap_or_default().iter_mut().for_each(roll_back);
                }
            }
        }
    }
}

fn roll_back(statement: &mut Statement) {
    let Statement::Query(query) = statement else { return };
    // What a SELECT calls may reach beyond the transaction (`dblink_exec`, `pg_terminate_backend`).
    let data = ["insert", "update", "delete", "merge", "create", "alter", "drop", "truncate", "grant", "revoke"];
    query.rolled_back = query.verb.first().is_some_and(|head| data.contains(&head.as_str()));
}
