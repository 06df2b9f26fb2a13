//! Trials of the reading, written as one line for each statement that is found.

mod client;
mod condition;
mod disguise;
mod statement;
mod store;

use super::{Dialect, Query, Statement, read_as};

/// What was found, one line each: `drop table a b`, `delete t all`, `! shell`, `< include`, `> output`, `?`.
/// What is only defined or rolled back is left out.
fn found(text: &str, dialect: Dialect) -> Vec<String> {
    read_as(text, dialect).iter().filter_map(line).collect()
}

fn line(statement: &Statement) -> Option<String> {
    Some(match statement {
        Statement::Query(query) if query.deferred || query.rolled_back => return None,
        Statement::Query(query) => line_of(query),
        Statement::Shell { text, .. } => format!("! {text}"),
        Statement::Include { file, .. } => format!("< {file}"),
        Statement::Output { file, .. } => format!("> {file}"),
        Statement::Opaque { .. } => "?".to_owned(),
    })
}

fn line_of(query: &Query) -> String {
    let mut line = query.verb.join(" ");
    for object in &query.objects {
        line.push(' ');
        line.push_str(object);
    }
    if matches!(query.verb.first().map(String::as_str), Some("delete" | "update")) {
        line.push_str(if query.selective { " some" } else { " all" });
    }
    line
}

/// Every text must give exactly these lines.
#[track_caller]
fn expect(dialect: Dialect, cases: &[(&str, &[&str])]) {
    for (text, lines) in cases {
        assert_eq!(found(text, dialect), *lines, "{dialect:?}: {text}");
    }
}

/// Every text must give this line among others.
#[track_caller]
fn expect_among(dialect: Dialect, cases: &[(&str, &str)]) {
    for (text, line) in cases {
        let found = found(text, dialect);
        assert!(found.iter().any(|one| one == line), "{dialect:?}: {text}\n  wanted {line:?}\n  found {found:?}");
    }
}

/// No text may give a line that begins with one of these words.
#[track_caller]
fn expect_none(dialect: Dialect, words: &[&str], texts: &[&str]) {
    for text in texts {
        let found = found(text, dialect);
        let bad = found.iter().find(|line| words.iter().any(|word| line.starts_with(word)));
        assert_eq!(bad, None, "{dialect:?}: {text}\n  found {found:?}");
    }
}
