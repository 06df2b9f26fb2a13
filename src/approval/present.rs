//! What a person reads before they answer. Everything in it that an agent wrote goes through [`Shown`].

use super::{Loss, Question};
use crate::decide::action::{Reach, Reversal};
use crate::decide::shown::Shown;
use std::fmt::Write;

/// How many lines and characters of a command are shown; what was found in it is shown apart, wherever it stands.
const LINES: usize = 24;
const COLUMNS: usize = 400;
/// How many names of one kind are listed.
const NAMES: usize = 6;
/// How many losses are listed.
const LOSSES: usize = 8;

/// The question in lines of text, without colour.
#[must_use]
pub fn describe(question: &Question) -> String {
    let asked = &question.asked;
    let mut out = String::new();
    let agent = asked.agent.as_deref().map(|label| format!(", asked by {}", Shown(label))).unwrap_or_default();
    let place = Shown(&asked.directory).cut(COLUMNS);
    let _ = writeln!(out, "holdpoint holds this command ({}, in {place}{agent}):\n", Shown(&asked.user));
    tell_command(&mut out, asked.inner.as_deref().unwrap_or(&asked.command));
    for loss in question.losses.iter().take(LOSSES) {
        tell_loss(&mut out, question, loss);
    }
    let more = question.losses.len().saturating_sub(LOSSES);
    if more > 0 {
        let _ = writeln!(out, "\n  and {more} more of the same or a milder kind");
    }
    out
}

fn tell_command(out: &mut String, command: &str) {
    let mut lines = command.trim_end_matches('\n').split('\n');
    for line in lines.by_ref().take(LINES) {
        let _ = writeln!(out, "  │ {}", Shown(line).cut(COLUMNS));
    }
    let more = lines.count();
    if more > 0 {
        let _ = writeln!(out, "  │ … and {more} more lines");
    }
}

fn tell_loss(out: &mut String, question: &Question, loss: &Loss) {
    let _ = writeln!(out, "\n  {}: {}", Shown(&loss.rule), Shown(&loss.why));
    let mut row = |label: &str, text: &str| {
        let _ = writeln!(out, "    {label:<9} {text}");
    };
    if let Some(excerpt) = question.excerpt(loss) {
        row("where", &Shown(excerpt).cut(COLUMNS));
    }
    if !loss.via.is_empty() {
        let via: Vec<String> = loss.via.iter().map(|step| Shown(step).cut(NAMED)).collect();
        row("through", &via.join(" › "));
    }
    row("what", &names(loss));
    row("reach", reach(loss.reach));
    row("how much", &loss.amount.as_deref().map_or_else(|| "not counted".to_owned(), |text| Shown(text).to_string()));
    row("back?", reversal(loss.reversal));
    let held_by =
        if loss.because.is_empty() { loss.statement.clone() } else { format!("{}: {}", loss.statement, loss.because) };
    row("held by", &Shown(&held_by).cut(COLUMNS));
    if let Some(instead) = &loss.instead {
        row("instead", &Shown(instead).cut(COLUMNS));
    }
}

/// How long one name may be.
const NAMED: usize = 120;

fn names(loss: &Loss) -> String {
    let mut text = loss.resource.clone();
    let named: Vec<String> = loss.names.iter().take(NAMES).map(|name| Shown(name).cut(NAMED)).collect();
    if !named.is_empty() {
        let _ = write!(text, " {}", named.join(", "));
    }
    let more = loss.names.len().saturating_sub(NAMES);
    if more > 0 {
        let _ = write!(text, " and {more} more");
    }
    Shown(&text).to_string()
}

fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::File => "some files",
        Reach::Repo => "the repository or project",
        Reach::Home => "the home directory",
        Reach::Host => "the whole machine",
        Reach::Service => "a service that others may use",
        Reach::Environment => "a whole environment",
        Reach::Account => "a whole account",
    }
}

/// Whether it can be taken back, as a sentence.
pub(super) fn reversal(reversal: Reversal) -> &'static str {
    match reversal {
        Reversal::Regenerable => "yes: the tools that made it make it again",
        Reversal::History => "yes: version control has it",
        Reversal::Snapshot => "yes: holdpoint keeps a copy",
        Reversal::Remote => "perhaps: the service that loses it may be able to restore it",
        Reversal::Never => "no, it cannot be taken back",
    }
}
