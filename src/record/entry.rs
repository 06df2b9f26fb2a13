//! The lines of the record as values.

use super::redact::redact;
use crate::decide::action::Verb;
use crate::decide::policy::{self, Decision};
use crate::decide::shown::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How much of a command's text a line keeps, in bytes. Its whole text is known by its hash.
const TEXT: usize = 8 * 1024;
/// How many findings a line keeps, and names of one.
const FINDINGS: usize = 32;
const NAMES: usize = 16;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub enum Entry {
    /// What was decided, before anything ran.
    Verdict(Box<Verdict>),
    /// How it ended.
    Outcome(Outcome),
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Joins verdict and outcome: see [`draw_id`].
    pub id: String,
    /// The command's text, with secrets taken out and cut to 8 KiB.
    pub command: String,
    /// The SHA-256 of the whole text as it stood, in hexadecimal.
    pub command_sha256: String,
    /// The working directory.
    pub directory: String,
    /// Who ran it.
    pub user: String,
    /// Which agent, by its marker.
    pub agent: Option<String>,
    /// What was decided.
    pub decision: Decision,
    /// `observe`: what would have been decided.
    pub observed: Option<Decision>,
    /// The rules that did not allow.
    pub rules: Vec<String>,
    /// What was found, as far as it was not simply allowed.
    pub findings: Vec<Finding>,
    /// The statements of policy that decided.
    pub statements: Vec<String>,
    /// The yes that let a held command through.
    pub approval: Option<Approved>,
    /// Variables that were kept out of its environment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
    /// Why it did not run, where it did not: `waiting`, or a person's words.
    pub refused: Option<String>,
}

/// One finding in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// What is done.
    pub verb: Verb,
    /// To what kind of thing.
    pub resource: String,
    /// Which ones.
    pub names: Vec<String>,
    /// What policy said.
    pub decision: Decision,
}

/// Who let a held command through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// `terminal`, `session`, `inbox`
    pub channel: String,
    /// Who.
    pub by: String,
    /// The request's name.
    pub id: String,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The verdict's id.
    pub id: String,
    /// The exit status, unless a signal ended it.
    pub exit: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// How long it ran, in milliseconds.
    pub duration_ms: u64,
    /// Which walls stood: `full`, `partial, without …`, `none: …`.
    pub enforcement: String,
    /// Control files that it made, and that were moved away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aside: Vec<String>,
}

impl Verdict {
    /// A verdict line with what the judge knows: decision, rules, findings, statements, and the command's text with
    /// secrets taken out. The rest is the caller's to fill in. `command` is the part of the text that is kept for
    /// people: all of it, or what an agent packed into a form of its own.
    #[must_use]
    pub fn of(id: &str, text: &str, command: &str, verdict: &policy::Verdict) -> Self {
        let told = || verdict.findings.iter().filter(|finding| finding.decision > Decision::Allow);
        let mut statements: Vec<String> = told().map(|finding| finding.statement.clone()).collect();
        statements.sort();
        statements.dedup();
        Verdict {
            id: id.to_owned(),
            command: cut(redact(command)),
            command_sha256: hex(&Sha256::digest(text)),
            directory: String::new(),
            user: String::new(),
            agent: None,
            decision: verdict.decision,
            observed: verdict.observed,
            rules: verdict.rules().into_iter().map(str::to_owned).collect(),
            findings: told().take(FINDINGS).map(Finding::of).collect(),
            statements,
            approval: None,
            withheld: Vec::new(),
            refused: None,
        }
    }
}

impl Finding {
    fn of(found: &policy::Finding) -> Self {
        let action = &found.action;
        Finding {
            rule: action.rule.clone(),
            verb: action.verb,
            resource: action.resource.clone(),
            names: action.names.iter().take(NAMES).map(|name| cut(redact(name))).collect(),
            decision: found.decision,
        }
    }
}

impl Entry {
    /// What joins a verdict with its outcome.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Entry::Verdict(verdict) => &verdict.id,
            Entry::Outcome(outcome) => &outcome.id,
        }
    }
}

/// A fresh id: 64 random bits in hexadecimal; `None` where the kernel gives none.
#[must_use]
pub fn draw_id() -> Option<String> {
    getrandom::u64().ok().map(|bits| format!("{bits:016x}"))
}

/// A text cut to what a line keeps, at a character's end.
fn cut(mut text: String) -> String {
    if text.len() > TEXT {
        text.truncate(text.floor_char_boundary(TEXT));
        text.push('…');
    }
    text
}
