//! The one judge: every door asks here, and nowhere else is it decided.
//!
//! Layers speak from far to near: the built-in table, then the system's, the user's and the repository's
//! statements. Within one layer the strictest statement that speaks of an action wins. A trusted layer
//! replaces what came before it; one that is not trusted can only tighten. A script is judged as
//! its worst action.
//!
//! **What cannot be loosened.** The system's file belongs to root, who answers for the machine; a user, and
//! an agent that writes as this user, does not. So what the system denies stays denied, whatever nearer
//! layers say. The built-in denial, that holdpoint is not taken down, yields to the system's file only.
//! `observe` is a loosening too: it lets everything through except denials from farther away than the
//! layer that asked for it.

use super::condition::{Fit, fit};
use super::profile::rule_on;
use super::statement::{Layer, Origin, Policy, Profile, Statement};
use super::task::Task;
use super::verdict::{Decision, Finding, Verdict};
use crate::decide::action::keyring::stands_beside;
use crate::decide::action::{Action, Reach, Reading, Reversal, Setting, Span, Verb};

/// Judges what was read. Pure and total: the same three values always give the same verdict.
pub fn judge(reading: &Reading, policy: &Policy, setting: &Setting) -> Verdict {
    let stance = stance_of(policy);
    let unseen = (stance.table == Profile::Strict && !reading.seen_whole).then(unseen_part);
    let mut judged: Vec<Judged> = (reading.actions.iter().chain(unseen.iter()))
        .map(|action| judge_action(action, policy, setting, stance.table))
        .collect();
    judged.extend(policy.tasks().flat_map(|(name, task)| judge_programs(name, task, reading)));
    let strictest = judged.iter().map(|j| j.finding.decision).max().unwrap_or(Decision::Allow);
    let fixed = judged.iter().filter(|j| stance.observing.is_some_and(|by| j.fixed_by.is_some_and(|o| o < by)));
    let (decision, observed) = match stance.observing {
        Some(_) => (fixed.map(|j| j.finding.decision).max().unwrap_or(Decision::Allow), Some(strictest)),
        None => (strictest, None),
    };
    judged.sort_by_key(|j| std::cmp::Reverse(j.finding.decision));
    Verdict { decision, findings: judged.into_iter().map(|j| j.finding).collect(), observed }
}

/// What all layers together say of everything that no statement mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stance {
    /// Which table: `Default` or `Strict`.
    table: Profile,
    /// The layer that asked to observe only.
    observing: Option<Origin>,
}

fn stance_of(policy: &Policy) -> Stance {
    let mut stance = Stance { table: Profile::Default, observing: None };
    for layer in &policy.layers {
        match (layer.document.profile, layer.trusted) {
            (None, _) | (Some(Profile::Observe), false) => {}
            (Some(Profile::Observe), true) => stance.observing = Some(layer.origin),
            (Some(table), true) => stance = Stance { table, observing: None },
            (Some(table), false) => stance = Stance { table: stance.table.max(table), observing: None },
        }
    }
    stance
}

/// The profile that is in force: the nearest trusted layer's, or a stricter one of a layer that is not trusted.
#[must_use]
pub fn profile_of(policy: &Policy) -> Profile {
    let stance = stance_of(policy);
    if stance.observing.is_some() { Profile::Observe } else { stance.table }
}

struct Judged {
    finding: Finding,
    /// The layer whose denial no nearer layer can loosen.
    fixed_by: Option<Origin>,
}

fn judge_action(action: &Action, policy: &Policy, setting: &Setting, table: Profile) -> Judged {
    let ruling = rule_on(action, table);
    let denied = ruling.decision == Decision::Deny;
    let origin = if denied { "built-in" } else { table.label() };
    let mut judged = Judged {
        finding: Finding {
            action: action.clone(),
            decision: ruling.decision,
            statement: format!("{origin}: {}", ruling.name),
            because: ruling.reason.to_owned(),
        },
        fixed_by: denied.then_some(Origin::BuiltIn),
    };
    for layer in &policy.layers {
        let said = hear(layer, action, setting);
        if let Some(statement) = said.certain {
            judged.apply(layer, statement, statement.decision);
        }
        if let Some(statement) = said.possible {
            judged.tighten(layer, statement, Decision::Hold);
        }
    }
    judged
}

/// What one layer says of one action.
#[derive(Default)]
struct Said<'a> {
    /// The strictest statement that surely speaks of it.
    certain: Option<&'a Statement>,
    /// A statement that holds or denies, and may speak of it.
    possible: Option<&'a Statement>,
}

fn hear<'a>(layer: &'a Layer, action: &Action, setting: &Setting) -> Said<'a> {
    let mut said = Said::default();
    for statement in &layer.document.statements {
        match fit(statement, action, setting) {
            Fit::No => {}
            Fit::Possible if statement.decision == Decision::Allow => {}
            Fit::Possible => said.possible = said.possible.or(Some(statement)),
            Fit::Certain if said.certain.is_some_and(|s| s.decision >= statement.decision) => {}
            Fit::Certain => said.certain = Some(statement),
        }
    }
    said
}

impl Judged {
    /// Lets a statement that surely speaks of the action decide, as far as its layer may.
    fn apply(&mut self, layer: &Layer, statement: &Statement, decision: Decision) {
        let may_loosen = layer.trusted && self.fixed_by.is_none_or(|by| may_unfix(layer.origin, by));
        if !may_loosen {
            self.tighten(layer, statement, decision);
            return;
        }
        self.fixed_by = (decision == Decision::Deny && fixes(layer.origin)).then_some(layer.origin);
        self.put(layer, statement, decision);
    }

    /// Lets a statement decide only if that is stricter.
    fn tighten(&mut self, layer: &Layer, statement: &Statement, decision: Decision) {
        if decision > self.finding.decision {
            if decision == Decision::Deny && fixes(layer.origin) {
                self.fixed_by = Some(layer.origin);
            }
            self.put(layer, statement, decision);
        }
    }

    fn put(&mut self, layer: &Layer, statement: &Statement, decision: Decision) {
        self.finding.decision = decision;
        self.finding.statement = format!("{}: {}", layer.origin.label(), statement.id);
        self.finding.because = statement.why.clone().unwrap_or_default();
    }
}

/// Whether denials of this layer stand against nearer layers.
fn fixes(origin: Origin) -> bool {
    match origin {
        Origin::BuiltIn | Origin::System => true,
        Origin::User | Origin::Repository | Origin::Task => false,
    }
}

/// Whether a layer may loosen what another one fixed: the system's file the built-in denial, nothing else.
fn may_unfix(layer: Origin, by: Origin) -> bool {
    layer == Origin::System && by == Origin::BuiltIn
}

/// What a task that names its programs says of others. No layer loosens it: whoever chose the task wanted no more.
fn judge_programs(name: &str, task: &Task, reading: &Reading) -> Option<Judged> {
    let allowed = task.programs.as_ref()?;
    let is_allowed = |program: &&String| allowed.contains(program) || stands_beside(program);
    let others: Vec<String> = reading.programs.iter().filter(|program| !is_allowed(program)).cloned().collect();
    let (decision, because) = match (others.is_empty(), reading.seen_whole) {
        (true, true) => return None,
        (true, false) => (Decision::Hold, "what it runs was not seen whole, so it may run other programs"),
        (false, _) => (Decision::Deny, "the task has no need of it; choose another task, or none"),
    };
    let action = Action {
        rule: "holdpoint.task.program".into(),
        names: others,
        why: format!("Runs a program that the task {name} does not name."),
        instead: None,
        ..unseen_part()
    };
    let finding =
        Finding { action, decision, statement: format!("task {name}: programs"), because: because.to_owned() };
    Some(Judged { finding, fixed_by: Some(Origin::BuiltIn) })
}

/// What `strict` puts for the part of a script that was not seen.
fn unseen_part() -> Action {
    Action {
        verb: Verb::RunUnseen,
        resource: "command".into(),
        names: Vec::new(),
        reach: Reach::Repo,
        reversal: Reversal::Never,
        rule: "holdpoint.command.unseen".into(),
        why: "Runs something whose text could not be read beforehand.".into(),
        instead: Some("Write the command out in full, without computed program names.".into()),
        span: Span::default(),
        via: Vec::new(),
    }
}
