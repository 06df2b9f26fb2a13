//! Answering from another terminal: what `holdpoint pending`, `approve` and `deny` call.

use super::desk::{Desk, Standing};
use super::inbox::{State, requests, state};
use super::seal::Kind;
use super::store::{Store, now, write};
use super::{ApprovalError, Id, Question};
use crate::decide::shown::Shown;
use serde::{Deserialize, Serialize};

/// What a person says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// It may run, once.
    Yes,
    /// It may not.
    No {
        /// Why, for the agent; may be empty.
        because: String,
    },
}

/// An answer as it lies in the inbox, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The request.
    pub id: Id,
    /// What the request was bound to.
    pub digest: String,
    /// Yes or no.
    pub said: Said,
    /// Who said it.
    pub by: String,
    /// When, in seconds since 1970.
    pub time: u64,
    /// Until when it may be used.
    pub expires: u64,
}

/// A request of the inbox, and what was said to it so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The request.
    pub question: Question,
    /// The answer that was not used yet, if there is one.
    pub reply: Option<Reply>,
}

/// Every request that waits for an answer or for its answer to be used, oldest first.
///
/// # Errors
/// Where the inbox cannot be read.
pub fn list(desk: &Desk<'_>) -> Result<Vec<Pending>, ApprovalError> {
    let store = Store::open(desk.state)?;
    let _lock = store.lock()?;
    let time = now();
    let mut pending = Vec::new();
    for question in requests(&store, desk.secret)? {
        match state(&store, desk.secret, &question, time) {
            State::Waiting | State::Forged => pending.push(Pending { question, reply: None }),
            State::Said(reply) => pending.push(Pending { question, reply: Some(reply) }),
            State::Over => {}
        }
    }
    Ok(pending)
}

/// Answers a request. An earlier answer that was not used is replaced: a person may think again.
///
/// `typed` is what a person typed where [`Question::to_type`] asks for it; a no needs nothing.
///
/// # Errors
/// From inside the walls or an agent's environment, for an unknown or expired request, for a name that was not
/// typed, and where the answer cannot be written.
pub fn answer(desk: &Desk<'_>, id: &Id, said: Said, typed: Option<&str>) -> Result<Question, ApprovalError> {
    if let Some(objection) = desk.standing.objection() {
        return Err(ApprovalError::Forbidden(objection));
    }
    let store = Store::open(desk.state)?;
    let _lock = store.lock()?;
    let time = now();
    let missing = || ApprovalError::NoRequest(id.clone());
    let question = requests(&store, desk.secret)?.into_iter().find(|one| one.id == *id).ok_or_else(missing)?;
    if state(&store, desk.secret, &question, time) == State::Over {
        return Err(missing());
    }
    if said == Said::Yes
        && let Some(wanted) = question.to_type()
        && !typed.is_some_and(|typed| wanted.matches(typed))
    {
        return Err(ApprovalError::NotTyped { id: id.clone(), name: Shown(wanted.text()).to_string() });
    }
    let expires = time.saturating_add(question.asked.ttl);
    let reply =
        Reply { id: id.clone(), digest: question.asked.digest.clone(), said, by: desk.user.to_owned(), time, expires };
    let path = store.answer(id);
    let sealed = desk.secret.seal(Kind::Answer, &reply);
    let text = sealed.ok_or_else(|| ApprovalError::at("written", &path)(std::io::ErrorKind::InvalidData.into()))?;
    write(&path, &text)?;
    Ok(question)
}

/// The request of a name, to be shown before it is answered.
///
/// # Errors
/// Where there is none that waits.
pub fn find(desk: &Desk<'_>, id: &Id) -> Result<Question, ApprovalError> {
    let found = list(desk)?.into_iter().find(|one| one.question.id == *id);
    found.map(|one| one.question).ok_or_else(|| ApprovalError::NoRequest(id.clone()))
}

impl Desk<'_> {
    /// May an answer be given from here?
    #[must_use]
    pub fn may_answer(&self) -> bool {
        self.standing == Standing::Open
    }
}
