//! What a person is asked: a value that can be shown, stored and bound to one command.

use super::{ApprovalError, Id};
use crate::decide::action::{Facts, Reach, Reversal, Verb};
use crate::decide::policy::explain::count_loss;
use crate::decide::policy::{Finding, Verdict, must_type};
use crate::decide::shown::Shown;
use serde::{Deserialize, Serialize};

/// The longest name that is asked to be typed, in characters; beyond it the request's id is.
const TYPEABLE: usize = 80;

/// The command that is held, and where it would run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Binds the answer: of actions, text, directory and user.
    pub digest: String,
    /// The text as it would run. Hostile.
    pub command: String,
    /// The part that the agent's model wrote, where an agent packs it into a form of its own.
    pub inner: Option<String>,
    /// The working directory. Hostile.
    pub directory: String,
    /// Who would run it.
    pub user: String,
    /// Which agent asks, by its marker: a label and no proof.
    pub agent: Option<String>,
    /// When, in seconds since 1970.
    pub created: u64,
    /// How many seconds the question, and a yes that was not used, stay good.
    pub ttl: u64,
}

/// One thing that would be lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// The rule that saw it.
    pub rule: String,
    /// What is done.
    pub verb: Verb,
    /// To what kind of thing.
    pub resource: String,
    /// Which ones. Hostile.
    pub names: Vec<String>,
    /// How far it reaches.
    pub reach: Reach,
    /// Whether it can be taken back.
    pub reversal: Reversal,
    /// How much, where it was counted: `312 files, 4.1 MiB`.
    pub amount: Option<String>,
    /// What is lost by it, in a sentence.
    pub why: String,
    /// A safer way.
    pub instead: Option<String>,
    /// The part of the text that does it. Hostile.
    pub excerpt: String,
    /// Through what it was reached. Hostile.
    pub via: Vec<String>,
    /// The statement of policy that holds it.
    pub statement: String,
    /// What that statement says, for people; may be empty.
    pub because: String,
}

/// Everything that a person is told and may answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its name.
    pub id: Id,
    /// The command.
    pub asked: Asked,
    /// What would be lost, the strictest first; never empty for a held command.
    pub losses: Vec<Loss>,
    /// The rules that did not allow.
    pub rules: Vec<String>,
    /// The name that a person must type before a yes counts, raw; `Some("")` where a name must be typed and none is known.
    pub must_type: Option<String>,
}

/// What is to be typed before a yes counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed<'a> {
    /// This name, exactly.
    Name(&'a str),
    /// The request's id, because the name is unknown, too long, or has characters that cannot be seen.
    Id(&'a str),
}

impl Typed<'_> {
    /// Was it typed? The raw text is compared: a name that merely looks the same is another.
    #[must_use]
    pub fn matches(&self, typed: &str) -> bool {
        match self {
            Typed::Name(name) => typed == *name,
            Typed::Id(id) => Id::parse(typed).is_some_and(|read| read.as_str() == *id),
        }
    }

    /// What to show a person; free of hidden characters by construction.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Typed::Name(text) | Typed::Id(text) => text,
        }
    }
}

impl Question {
    /// The question that a held verdict puts.
    ///
    /// # Errors
    /// [`ApprovalError::Random`] where no name can be drawn.
    pub fn draw(asked: Asked, verdict: &Verdict, facts: &Facts) -> Result<Self, ApprovalError> {
        let losses = verdict.told().into_iter().map(|finding| Loss::of(finding, &asked.command, facts)).collect();
        let rules = verdict.rules().into_iter().map(str::to_owned).collect();
        Ok(Question { id: Id::draw()?, asked, losses, rules, must_type: must_type(verdict) })
    }

    /// What must be typed before a yes counts, if anything.
    #[must_use]
    pub fn to_type(&self) -> Option<Typed<'_>> {
        let name = self.must_type.as_deref()?;
        let plain = !name.is_empty()
            && name == name.trim()
            && name.chars().count() <= TYPEABLE
            && Shown(name).to_string() == name;
        Some(if plain { Typed::Name(name) } else { Typed::Id(self.id.as_str()) })
    }

    /// The part of the shown command that does it, if it is not all of it. Where an agent packs the command into a
    /// form of its own, a part that lies outside of the command says nothing.
    #[must_use]
    pub fn excerpt<'a>(&self, loss: &'a Loss) -> Option<&'a str> {
        let shown = self.asked.inner.as_deref().unwrap_or(&self.asked.command);
        Some(loss.excerpt.as_str()).filter(|part| !part.is_empty() && *part != shown && shown.contains(part))
    }

    /// When the question ends, in seconds since 1970.
    #[must_use]
    pub fn expires(&self) -> u64 {
        self.asked.created.saturating_add(self.asked.ttl)
    }
}

impl Loss {
    /// What a finding would lose. `text` is what its action's span points into.
    #[must_use]
    pub fn of(finding: &Finding, text: &str, facts: &Facts) -> Self {
        let action = &finding.action;
        let (start, end) = (action.span.start as usize, action.span.end as usize);
        Loss {
            rule: action.rule.clone(),
            verb: action.verb,
            resource: action.resource.clone(),
            names: action.names.clone(),
            reach: action.reach,
            reversal: action.reversal,
            amount: count_loss(action, facts),
            why: action.why.clone(),
            instead: action.instead.clone(),
            excerpt: text.get(start..end).unwrap_or_default().to_owned(),
            via: action.via.clone(),
            statement: finding.statement.clone(),
            because: finding.because.clone(),
        }
    }
}
