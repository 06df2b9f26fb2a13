//! A verdict in words, for the person who answers for it.
//!
//! Whatever came from the command is hostile text, a file's name too: all of it goes through [`Shown`].

use super::verdict::{Finding, Verdict};
use crate::decide::action::{Action, Facts, Reversal};
use crate::decide::shown::Shown;
use std::fmt;

/// How many findings are told; the rest is counted.
const FINDINGS_TOLD: usize = 6;
/// How many names of one finding are told.
const NAMES_TOLD: usize = 8;
/// The longest name, in characters.
const LONGEST_NAME: usize = 120;
/// The longest text of a command or sentence, in characters.
const LONGEST_TEXT: usize = 2000;

/// One line of an explanation: what it tells, and the telling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it tells: `lost`, `comes back`, `safer`.
    pub label: &'static str,
    /// The telling, safe to show.
    pub text: String,
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.label, self.text)
    }
}

fn line(label: &'static str, text: impl Into<String>) -> Line {
    Line { label, text: text.into() }
}

fn clean(text: &str) -> String {
    Shown(text).cut(LONGEST_TEXT)
}

/// The lines for the person: the command, what would be lost, how much, whether it comes back, what is safer.
///
/// `facts` are what was found out about the paths that would be hit.
#[must_use]
pub fn for_person(verdict: &Verdict, text: &str, facts: &Facts) -> Vec<Line> {
    let mut lines = vec![line("command", clean(text))];
    let (stopped, more) = stopping(verdict);
    for finding in stopped {
        let action = &finding.action;
        lines.push(line("would", sum_up(action)));
        if let Some(part) = part_of(text, action) {
            lines.push(line("at", clean(part)));
        }
        if !action.via.is_empty() {
            lines.push(line("through", clean(&action.via.join(" → "))));
        }
        push_sentence(&mut lines, "lost", &action.why);
        if let Some(amount) = count_loss(action, facts) {
            lines.push(line("how much", amount));
        }
        lines.push(line("comes back", comeback(action.reversal)));
        if let Some(instead) = &action.instead {
            push_sentence(&mut lines, "safer", instead);
        }
        let decided = format!("{} ({}) {}", clean(&action.rule), clean(&finding.statement), clean(&finding.because));
        lines.push(line("rule", decided.trim_end()));
    }
    push_more(&mut lines, more);
    lines
}

/// The findings that are told, and how many more there are. When nothing is stopped, as under
/// `observe`, those that would have been.
fn stopping(verdict: &Verdict) -> (impl Iterator<Item = &Finding>, usize) {
    let stopped = verdict.told();
    let more = stopped.len().saturating_sub(FINDINGS_TOLD);
    (stopped.into_iter().take(FINDINGS_TOLD), more)
}

fn push_more(lines: &mut Vec<Line>, more: usize) {
    if more > 0 {
        lines.push(line("more", format!("{more} further findings; `holdpoint check --json` lists them all.")));
    }
}

fn push_sentence(lines: &mut Vec<Line>, label: &'static str, text: &str) {
    if !text.is_empty() {
        lines.push(line(label, clean(text)));
    }
}

/// `delete files (home): ~/notes, ~/photos, and 3 more`
fn sum_up(action: &Action) -> String {
    let mut told: Vec<String> = action.names.iter().take(NAMES_TOLD).map(|n| Shown(n).cut(LONGEST_NAME)).collect();
    if action.names.len() > NAMES_TOLD {
        told.push(format!("and {} more", action.names.len() - NAMES_TOLD));
    }
    let colon = if told.is_empty() { "" } else { ": " };
    let resource = Shown(&action.resource).cut(LONGEST_NAME);
    format!("{} {resource} ({}){colon}{}", action.verb.label(), action.reach.label(), told.join(", "))
}

/// The part of the text at which the action stands, if it is not the whole.
fn part_of<'t>(text: &'t str, action: &Action) -> Option<&'t str> {
    let range = usize::try_from(action.span.start).ok()?..usize::try_from(action.span.end).ok()?;
    let part = text.get(range)?.trim();
    (!part.is_empty() && part != text.trim()).then_some(part)
}

fn comeback(reversal: Reversal) -> &'static str {
    match reversal {
        Reversal::Regenerable => "yes: the tools that made it make it again",
        Reversal::History => "yes: version control has it",
        Reversal::Snapshot => "yes: holdpoint keeps a copy",
        Reversal::Remote => "perhaps: the service that lost it may restore it",
        Reversal::Never => "no",
    }
}

/// How much an action would hit, as far as it is known: `3 names, 1204 files, 18.3 MiB`.
#[must_use]
pub fn count_loss(action: &Action, facts: &Facts) -> Option<String> {
    let known: Vec<_> = action.names.iter().filter_map(|name| facts.paths.get(name)).collect();
    let missing = action.names.len() - known.len() + known.iter().filter(|fact| fact.at_least).count();
    let files = sum_all(known.iter().map(|fact| fact.files), missing);
    let bytes = sum_all(known.iter().map(|fact| fact.bytes), missing);
    let mut told = Vec::new();
    if action.names.len() > 1 {
        told.push(format!("{} names", action.names.len()));
    }
    if let Some((least, files)) = files {
        told.push(format!("{least}{}", plural(files, "file")));
    }
    if let Some((least, bytes)) = bytes {
        told.push(format!("{least}{}", in_units(bytes)));
    }
    (!told.is_empty()).then(|| told.join(", "))
}

/// The sum of what is known, with `at least ` before it when something is missing.
fn sum_all(counts: impl Iterator<Item = Option<u64>>, missing: usize) -> Option<(&'static str, u64)> {
    let mut missing = missing;
    let mut sum: Option<u64> = None;
    for count in counts {
        match count {
            Some(count) => sum = Some(sum.unwrap_or(0).saturating_add(count)),
            None => missing += 1,
        }
    }
    sum.map(|sum| (if missing == 0 { "" } else { "at least " }, sum))
}

fn plural(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// Bytes for people, in powers of 1024.
fn in_units(bytes: u64) -> String {
    let mut rest = bytes;
    let mut tenths = 0;
    let mut unit = "bytes";
    for larger in ["KiB", "MiB", "GiB", "TiB"] {
        if rest < 1024 {
            break;
        }
        tenths = rest % 1024 * 10 / 1024;
        rest /= 1024;
        unit = larger;
    }
    if unit == "bytes" { plural(bytes, "byte") } else { format!("{rest}.{tenths} {unit}") }
}
