//! Whether a statement speaks of an action, and how surely.
//!
//! Unknown is never permission: where the name, the branch or the user is not known, a statement
//! that allows says nothing, and one that holds or denies holds.

use super::statement::{Condition, Statement};
use super::verdict::Decision;
use crate::decide::action::glob;
use crate::decide::action::{Action, Setting};

/// How surely a statement speaks of an action. A condition is as sure as its least sure key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It speaks of something else.
    No,
    /// Something it asks for is not known.
    Possible,
    /// It speaks of this.
    Certain,
}

impl From<bool> for Fit {
    fn from(fits: bool) -> Fit {
        if fits { Fit::Certain } else { Fit::No }
    }
}

/// How surely the statement speaks of the action.
pub(super) fn fit(statement: &Statement, action: &Action, setting: &Setting) -> Fit {
    let when: &Condition = &statement.when;
    let plain = has(&when.verb, &action.verb)
        && has(&when.reach, &action.reach)
        && has(&when.reversal, &action.reversal)
        && (when.rule.is_empty() || any(&when.rule, &action.rule))
        && (when.resource.is_empty() || any(&when.resource, &action.resource));
    Fit::from(plain)
        .min(fit_names(statement, action, setting))
        .min(fit_branch(&when.branch, setting))
        .min(fit_user(&when.user, setting))
}

fn has<T: PartialEq>(wanted: &[T], own: &T) -> bool {
    wanted.is_empty() || wanted.contains(own)
}

fn any(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| glob::matches(pattern, text))
}

/// A permission must cover everything that is hit; for a prohibition one hit is enough.
fn fit_names(statement: &Statement, action: &Action, setting: &Setting) -> Fit {
    let patterns = &statement.when.name;
    if patterns.is_empty() {
        return Fit::Certain;
    }
    if action.names.is_empty() {
        return Fit::Possible;
    }
    let patterns: Vec<String> = patterns.iter().flat_map(|p| place(p, setting)).collect();
    match statement.decision {
        Decision::Allow => action.names.iter().all(|name| is_covered(&patterns, name, setting)).into(),
        Decision::Hold | Decision::Deny => action
            .names
            .iter()
            .any(|name| any(&patterns, name) || any(&patterns, &normalise(name, &setting.directory)))
            .into(),
    }
}

/// Is everything that the name may stand for within the patterns?
///
/// `build/../src` is within `build/*` only as text, so a name that climbs is compared by where it ends;
/// and `*` as a name may be any file, so that a pattern with `?` or `[…]` does not cover it.
fn is_covered(patterns: &[String], name: &str, setting: &Setting) -> bool {
    let open = name.contains(['*', '?', '[', '{', '$', '`']);
    let climbs = name.split('/').any(|part| part == "..");
    patterns.iter().filter(|pattern| !open || !pattern.contains(['?', '['])).any(|pattern| {
        (!climbs && glob::matches(pattern, name)) || glob::matches(pattern, &normalise(name, &setting.directory))
    })
}

/// The pattern with `~/` as each home and `./` as the repository's root.
fn place(pattern: &str, setting: &Setting) -> Vec<String> {
    if let Some(rest) = pattern.strip_prefix("~/") {
        return setting.homes.iter().map(|home| format!("{}/{rest}", home.trim_end_matches('/'))).collect();
    }
    if let Some(rest) = pattern.strip_prefix("./") {
        let root = setting.repository.as_deref().unwrap_or(&setting.directory);
        return vec![format!("{}/{rest}", root.trim_end_matches('/'))];
    }
    vec![pattern.to_owned()]
}

/// The name as an absolute path without `.`, `..` and doubled slashes; symbolic links are not followed.
fn normalise(name: &str, directory: &str) -> String {
    let whole = if name.starts_with('/') { name.to_owned() } else { format!("{directory}/{name}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

fn fit_branch(patterns: &[String], setting: &Setting) -> Fit {
    match (&setting.branch, &setting.repository) {
        _ if patterns.is_empty() => Fit::Certain,
        (Some(branch), _) => any(patterns, branch).into(),
        // A detached head, or one that could not be read, may be at any branch.
        (None, Some(_)) => Fit::Possible,
        (None, None) => Fit::No,
    }
}

fn fit_user(patterns: &[String], setting: &Setting) -> Fit {
    if patterns.is_empty() {
        Fit::Certain
    } else if setting.user.is_empty() {
        Fit::Possible
    } else {
        any(patterns, &setting.user).into()
    }
}
