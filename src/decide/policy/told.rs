//! What a person is told of a verdict: every fact once.

use super::profile::is_loss;
use super::verdict::{Decision, Finding, Verdict};
use crate::decide::action::{Action, Reach, Reversal, Span};
use std::collections::BTreeMap;

/// With so many findings of one place a further one is compared. Behind that each is told.
const COMPARED: usize = 32;

impl Verdict {
    /// The findings that stop the command. Rules of several packs see the same loss in one command: that an object is
    /// removed, and that what it stood for is. Each has been judged by now; the heaviest is told.
    #[must_use]
    pub fn told(&self) -> Vec<&Finding> {
        let mut told: Vec<&Finding> = Vec::new();
        let mut at_place: BTreeMap<Span, Vec<usize>> = BTreeMap::new();
        for finding in self.findings.iter().filter(|finding| finding.decision > Decision::Allow) {
            let near = at_place.entry(finding.action.span).or_default();
            let is_same =
                |at: &&usize| told.get(**at).is_some_and(|other| is_same_loss(&other.action, &finding.action));
            let same = near.iter().take(COMPARED).find(is_same).copied();
            match same.and_then(|at| told.get_mut(at)) {
                None => {
                    near.push(told.len());
                    told.push(finding);
                }
                Some(other) if heaviness(finding) > heaviness(other) => *other = finding,
                Some(_) => {}
            }
        }
        told
    }
}

fn is_same_loss(one: &Action, other: &Action) -> bool {
    let holds = |names: &[String], all: &[String]| all.iter().all(|name| names.contains(name));
    let same_names = || holds(&one.names, &other.names) || holds(&other.names, &one.names);
    is_loss(one.verb) && is_loss(other.verb) && one.span == other.span && one.via == other.via && same_names()
}

fn heaviness(finding: &Finding) -> (Decision, Reversal, Reach) {
    (finding.decision, finding.action.reversal, finding.action.reach)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::action::{Span, Verb};

    fn finding(rule: &str, verb: Verb, reach: Reach, names: &[&str]) -> Finding {
        Finding {
            action: Action {
                verb,
                resource: "thing".into(),
                names: names.iter().map(|name| (*name).to_owned()).collect(),
                reach,
                reversal: Reversal::Never,
                rule: rule.into(),
                why: String::new(),
                instead: None,
                span: Span::default(),
                via: Vec::new(),
            },
            decision: Decision::Hold,
            statement: String::new(),
            because: String::new(),
        }
    }

    fn told(findings: Vec<Finding>) -> Vec<String> {
        let verdict = Verdict { decision: Decision::Hold, findings, observed: None };
        verdict.told().into_iter().map(|finding| finding.action.rule.clone()).collect()
    }

    #[test]
    fn a_loss_that_two_rules_see_is_told_once_and_as_the_heavier() {
        let object = finding("object", Verb::Delete, Reach::Service, &["ns", "prod"]);
        let store = finding("store", Verb::Destroy, Reach::Environment, &["prod"]);
        assert_eq!(told(vec![object, store]), ["store"]);
    }

    #[test]
    fn losses_of_different_things_are_both_told() {
        let one = finding("a", Verb::Drop, Reach::Service, &["users"]);
        let other = finding("b", Verb::Drop, Reach::Service, &["orders"]);
        assert_eq!(told(vec![one, other]), ["a", "b"]);
    }

    #[test]
    fn what_is_opened_or_shown_is_told_beside_a_loss() {
        let loss = finding("loss", Verb::Delete, Reach::File, &["x"]);
        let secret = finding("secret", Verb::ReadSecret, Reach::Home, &["x"]);
        assert_eq!(told(vec![loss, secret]), ["loss", "secret"]);
    }
}
