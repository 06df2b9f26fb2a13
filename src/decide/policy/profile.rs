//! The built-in table: what is decided about an effect that no statement mentions.
//!
//! Undo before ask. A person is asked only about what cannot be taken back, so the first question is
//! always the reversal. The rows stand in [`rule_on`], and the first that fits decides.

use super::statement::Profile;
use super::verdict::Decision;
use crate::decide::action::{Action, Reach, Reversal, Verb};

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ruling {
    pub(super) decision: Decision,
    /// The row's name, for the record: `irreversible`.
    pub(super) name: &'static str,
    /// Why the row decides so, for people.
    pub(super) reason: &'static str,
}

const fn row(decision: Decision, name: &'static str, reason: &'static str) -> Ruling {
    Ruling { decision, name, reason }
}

const GUARD: Ruling = row(
    Decision::Deny,
    "guard",
    "A guard that those it watches may take down is none: holdpoint's own files are not theirs.",
);
const UNSEEN: Ruling = row(Decision::Hold, "unseen", "What was not understood is not known to be harmless.");
const REGENERABLE: Ruling = row(Decision::Allow, "regenerable", "The tools that made it make it again.");
const EXPOSURE: Ruling =
    row(Decision::Hold, "exposure", "Nothing that is kept brings back a secret, an access or a message that is out.");
const IRREVERSIBLE: Ruling = row(Decision::Hold, "irreversible", "It cannot be taken back.");
const PUBLISHED_HISTORY: Ruling =
    row(Decision::Hold, "history-rewrite", "Version control has it, but others must be told where.");
const KEPT: Ruling = row(Decision::Allow, "kept", "Version control or holdpoint has a copy.");
const REMOTE: Ruling = row(Decision::Hold, "remote", "Only the service that lost it can restore it.");
const REMOTE_REMOVAL: Ruling = row(
    Decision::Hold,
    "remote-removal",
    "A restore by the service takes time, and costs what came after the last backup.",
);
const REMOTE_NEAR: Ruling =
    row(Decision::Allow, "remote-near", "The service restores it, and nobody else is hit meanwhile.");
const REMOTE_FAR: Ruling =
    row(Decision::Hold, "remote-far", "The service restores it, but others are hit until it has.");

/// What kind of harm a verb does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Harm {
    /// Something is gone or changed; a copy brings it back.
    Loss,
    /// Something with its contents is gone, and what a service restores is older than what was lost.
    Removal,
    /// Something is out, opened, planted or unknown; a copy brings nothing back.
    Exposure,
}

fn harm_of(verb: Verb) -> Harm {
    match verb {
        Verb::Delete | Verb::Overwrite | Verb::RewriteHistory | Verb::Stop | Verb::Publish => Harm::Loss,
        Verb::Drop | Verb::Destroy => Harm::Removal,
        Verb::Send | Verb::ReadSecret | Verb::Grant | Verb::Persist => Harm::Exposure,
        Verb::Escalate | Verb::RunUnseen | Verb::Disable => Harm::Exposure,
    }
}

/// Is something gone or changed, and nothing out, opened or planted?
pub(super) fn is_loss(verb: Verb) -> bool {
    matches!(harm_of(verb), Harm::Loss | Harm::Removal)
}

/// The row of the table that fits. `Observe` has the table of `Default`: it asks what would have been.
///
/// ```text
/// harm      reversal           reach           default   strict
/// disable holdpoint itself                     deny      deny
/// run-unseen                                             hold
/// any       regenerable                        allow     allow
/// exposure  other                              hold      hold
/// any       none                               hold      hold
/// rewrite   history            repo or wider   allow     hold
/// any       history, snapshot                  allow     allow
/// removal   remote                             hold      hold
/// loss      remote             file, repo      allow     hold
/// loss      remote             wider           hold      hold
/// ```
pub(super) fn rule_on(action: &Action, profile: Profile) -> Ruling {
    let strict = profile == Profile::Strict;
    if action.verb == Verb::Disable && action.resource == "holdpoint" {
        return GUARD;
    }
    if strict && action.verb == Verb::RunUnseen {
        return UNSEEN;
    }
    let rewrite = action.verb == Verb::RewriteHistory && action.reach >= Reach::Repo;
    match (action.reversal, harm_of(action.verb)) {
        (Reversal::Regenerable, _) => REGENERABLE,
        (_, Harm::Exposure) => EXPOSURE,
        (Reversal::Never, _) => IRREVERSIBLE,
        (Reversal::History, _) if strict && rewrite => PUBLISHED_HISTORY,
        (Reversal::History | Reversal::Snapshot, _) => KEPT,
        (Reversal::Remote, _) if strict => REMOTE,
        (Reversal::Remote, Harm::Removal) => REMOTE_REMOVAL,
        (Reversal::Remote, Harm::Loss) if action.reach <= Reach::Repo => REMOTE_NEAR,
        (Reversal::Remote, Harm::Loss) => REMOTE_FAR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(verb: Verb, reach: Reach, reversal: Reversal) -> Action {
        Action {
            verb,
            resource: "thing".into(),
            names: Vec::new(),
            reach,
            reversal,
            rule: "a.b.c".into(),
            why: String::new(),
            instead: None,
            span: crate::decide::action::Span::default(),
            via: Vec::new(),
        }
    }

    fn decide(verb: Verb, reach: Reach, reversal: Reversal) -> (Decision, Decision) {
        let action = act(verb, reach, reversal);
        (rule_on(&action, Profile::Default).decision, rule_on(&action, Profile::Strict).decision)
    }

    use Decision::{Allow, Hold};

    #[test]
    fn what_the_tools_make_again_is_allowed() {
        assert_eq!(decide(Verb::Delete, Reach::Repo, Reversal::Regenerable), (Allow, Allow));
        assert_eq!(decide(Verb::RunUnseen, Reach::Repo, Reversal::Regenerable), (Allow, Hold));
    }

    #[test]
    fn what_is_gone_for_good_is_held() {
        assert_eq!(decide(Verb::Delete, Reach::File, Reversal::Never), (Hold, Hold));
        assert_eq!(decide(Verb::Drop, Reach::Service, Reversal::Never), (Hold, Hold));
    }

    #[test]
    fn a_copy_does_not_bring_back_a_secret() {
        assert_eq!(decide(Verb::ReadSecret, Reach::File, Reversal::Snapshot), (Hold, Hold));
        assert_eq!(decide(Verb::Grant, Reach::File, Reversal::History), (Hold, Hold));
    }

    #[test]
    fn a_stop_is_held_when_others_feel_it() {
        assert_eq!(decide(Verb::Stop, Reach::Repo, Reversal::Remote), (Allow, Hold));
        assert_eq!(decide(Verb::Stop, Reach::Service, Reversal::Remote), (Hold, Hold));
    }

    #[test]
    fn a_rented_thing_is_held_though_it_can_be_restored() {
        assert_eq!(decide(Verb::Destroy, Reach::Repo, Reversal::Remote), (Hold, Hold));
        assert_eq!(decide(Verb::Delete, Reach::Environment, Reversal::Remote), (Hold, Hold));
    }

    #[test]
    fn strict_holds_a_rewrite_of_history() {
        assert_eq!(decide(Verb::RewriteHistory, Reach::Repo, Reversal::History), (Allow, Hold));
        assert_eq!(decide(Verb::RewriteHistory, Reach::File, Reversal::History), (Allow, Allow));
    }

    #[test]
    fn holdpoint_itself_is_not_taken_down() {
        let mut action = act(Verb::Disable, Reach::Home, Reversal::Regenerable);
        action.resource = "holdpoint".into();
        assert_eq!(rule_on(&action, Profile::Observe).decision, Decision::Deny);
    }
}
