//! On which terms a held command may be released.

use super::verdict::{Decision, Finding, Verdict};
use crate::decide::action::Reach;

/// The name that a person must type to say yes, where a single word is too easily said.
///
/// For home, host, environment and account: the first name of the held action that reaches farthest, raw, or an empty one
/// where no name is known. Whoever asks decides what is typed in the place of a name that is empty or cannot be typed.
#[must_use]
pub fn must_type(verdict: &Verdict) -> Option<String> {
    let held = verdict.findings.iter().filter(|f| f.decision > Decision::Allow && is_wide(f.action.reach));
    // `max_by_key` gives the last of equals; the first is what the person reads first.
    let widest: &Finding = held.rev().max_by_key(|f| f.action.reach)?;
    Some(widest.action.names.first().cloned().unwrap_or_default())
}

fn is_wide(reach: Reach) -> bool {
    match reach {
        Reach::Home | Reach::Host | Reach::Environment | Reach::Account => true,
        Reach::File | Reach::Repo | Reach::Service => false,
    }
}
