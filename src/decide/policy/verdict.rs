//! The judgement and the permission that follows from it.

use crate::decide::action::{Action, Reversal};
use serde::{Deserialize, Serialize};

/// What may be done. The strictest of several is their maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Run it.
    Allow,
    /// Run it when a person has said yes.
    Hold,
    /// Do not run it, whoever asks.
    Deny,
}

/// One action with what policy says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What would be done.
    pub action: Action,
    /// What policy says.
    pub decision: Decision,
    /// The statement that decided: the layer it came from and its id, `user: no-force`, `default: irreversible`.
    pub statement: String,
    /// Why it decided so, in a sentence for people; empty if the statement does not say.
    pub because: String,
}

/// What the judge says of a whole script.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Verdict {
    /// The strictest of the findings.
    pub decision: Decision,
    /// Everything that was found, the strictest first.
    pub findings: Vec<Finding>,
    /// `observe`: what would have been decided, when the profile only records.
    pub observed: Option<Decision>,
}

/// Proof that running was permitted. It can be made in this module only, and running consumes it.
#[derive(Debug)]
#[must_use]
pub struct Permit {
    _private: (),
}

/// A person's yes to a verdict, made by a channel that the agent cannot answer.
///
/// The rooms of approval make it; the judge alone turns it into a [`Permit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The digest of what was asked: actions, text, directory, user.
    pub digest: String,
    /// How it was given: `terminal`, `inbox`.
    pub channel: String,
    /// Who gave it.
    pub by: String,
}

impl Decision {
    /// The decision as policy and the record write it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Decision::Allow => "allow",
            Decision::Hold => "hold",
            Decision::Deny => "deny",
        }
    }
}

impl Verdict {
    /// The permission to run, if the verdict allows it as it stands.
    #[must_use]
    pub fn permit(&self) -> Option<Permit> {
        (self.decision == Decision::Allow).then_some(Permit { _private: () })
    }

    /// The permission to run after a person said yes. A denial cannot be released, and a
    /// grant for another digest is none.
    #[must_use]
    pub fn release(&self, digest: &str, grant: &Grant) -> Option<Permit> {
        (self.decision != Decision::Deny && grant.digest == digest).then_some(Permit { _private: () })
    }

    /// Can everything that was found be taken back?
    #[must_use]
    pub fn is_reversible(&self) -> bool {
        self.findings.iter().all(|finding| finding.action.reversal < Reversal::Never)
    }

    /// The rules of what is told, each once, in order.
    #[must_use]
    pub fn rules(&self) -> Vec<&str> {
        let mut rules: Vec<&str> = Vec::new();
        for finding in self.told() {
            if !rules.contains(&finding.action.rule.as_str()) {
                rules.push(&finding.action.rule);
            }
        }
        rules
    }
}
