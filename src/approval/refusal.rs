//! What the agent reads on standard error.
//!
//! A model that reads "denied" looks for another way to the same end. So each text says who can let it through, what to do
//! instead, and that other ways lead to the same place. The form is stable; at most eight lines.

use super::{Id, Question};
use crate::decide::shown::Shown;
use std::fmt::Write;
use std::time::Duration;

/// How many characters of one part are repeated.
const PART: usize = 300;

/// The command waits for a person: said when the request is filed or found, before it is waited for.
#[must_use]
pub fn held(question: &Question, id: &Id, wait: Duration) -> String {
    let mut out = first(question, "held");
    tell_instead(&mut out, question);
    tell_how(&mut out, question, id);
    let _ = writeln!(out, "  now: waiting up to {} s for the answer; nothing has run so far", wait.as_secs().max(1));
    out
}

/// Nobody answered in time. The process ends with 75 (`EX_TEMPFAIL`, sysexits.h). Where [`held`] was said before, only the end
/// of it is.
#[must_use]
pub fn waiting(question: &Question, id: &Id, was_told: bool) -> String {
    let mut out = if was_told {
        format!("holdpoint: still held: {} (request {id})\n", rule(question))
    } else {
        let mut out = first(question, "held");
        tell_instead(&mut out, question);
        tell_how(&mut out, question, id);
        out
    };
    let _ = writeln!(
        out,
        "  now: nobody has answered and nothing was run. Tell the person; after their yes, run the same command again, unchanged"
    );
    let _ = writeln!(
        out,
        "  do not retry another way: every way to the same effect is held; the person sees this one already"
    );
    out
}

fn tell_how(out: &mut String, question: &Question, id: &Id) {
    let minutes = question.asked.ttl.div_ceil(60);
    let _ = writeln!(
        out,
        "  to allow: a person runs  holdpoint approve {id}  in a terminal of their own, within {minutes} min"
    );
}

/// A person said no, or the asking failed.
#[must_use]
pub fn refused(question: &Question, because: &str) -> String {
    let mut out = format!("holdpoint: refused: {} — {}; nothing was run\n", rule(question), Shown(because).cut(PART));
    tell_instead(&mut out, question);
    let _ = writeln!(
        out,
        "  do not retry another way: the answer is about the effect and not about the wording; ask the person what they want instead"
    );
    out
}

/// Policy denies it: nobody can let it through.
#[must_use]
pub fn denied(question: &Question, statement: &str) -> String {
    let mut out = first(question, "denied");
    tell_instead(&mut out, question);
    let _ = writeln!(
        out,
        "  decided by: policy ({}); no approval releases it, only a person who changes the policy",
        Shown(statement).cut(PART)
    );
    let _ = writeln!(
        out,
        "  do not retry another way: every way to the same effect is denied; tell the person, and go on without it"
    );
    out
}

fn first(question: &Question, word: &str) -> String {
    let why = question.losses.first().map_or("it could not be told what this would do", |loss| loss.why.as_str());
    let mut out = format!("holdpoint: {word}: {} — {}\n", rule(question), Shown(why).cut(PART));
    let others: Vec<&str> = question.rules.iter().skip(1).map(String::as_str).collect();
    if !others.is_empty() {
        let _ = writeln!(out, "  also: {}", Shown(&others.join(", ")).cut(PART));
    }
    if let Some(excerpt) = question.losses.first().and_then(|loss| question.excerpt(loss)) {
        let _ = writeln!(out, "  where: {}", Shown(excerpt).cut(PART));
    }
    out
}

fn rule(question: &Question) -> String {
    question.rules.first().map_or_else(|| "unknown".to_owned(), |rule| Shown(rule).to_string())
}

fn tell_instead(out: &mut String, question: &Question) {
    if let Some(instead) = question.losses.iter().find_map(|loss| loss.instead.as_deref()) {
        let _ = writeln!(out, "  instead: {}", Shown(instead).cut(PART));
    }
}
