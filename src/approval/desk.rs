//! The desk where a question is put: which channel is asked, and in which order.

use super::inbox::Inbox;
use super::terminal::Terminal;
use super::{ApprovalError, Id, Question, Secret, session};
use crate::decide::policy::Grant;
use std::path::Path;
use std::time::Duration;

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Answer {
    /// A person said yes to this one run.
    Once {
        /// The yes.
        grant: Grant,
        /// The request's name.
        id: Id,
    },
    /// A person said yes for the rest of the terminal session.
    Session {
        /// The yes.
        grant: Grant,
        /// The request's name.
        id: Id,
    },
    /// No: a person said so, or something went wrong.
    No {
        /// Why, for the agent. Hostile only as far as the person who wrote it.
        because: String,
    },
    /// Nobody answered yet; the request waits in the inbox.
    Waiting {
        /// The request's name.
        id: Id,
    },
}

/// A way to reach a person.
pub trait Channel {
    /// Puts the question.
    ///
    /// # Errors
    /// Where the channel itself failed; that is no yes.
    fn ask(&mut self, question: &Question) -> Result<Answer, ApprovalError>;
}

/// Where the process that asks or answers stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Neither an agent's marker nor holdpoint's walls are around it.
    Open,
    /// An agent's marker is set: the terminal, if there is one, may be the agent's own.
    Agent(String),
    /// holdpoint's walls stand around it: whoever types here is being judged.
    Inside,
}

impl Standing {
    /// Why nobody can answer from here, if so.
    #[must_use]
    pub fn objection(&self) -> Option<String> {
        match self {
            Standing::Open => None,
            Standing::Agent(label) => Some(format!("the environment is that of an agent ({label})")),
            Standing::Inside => Some("this process runs inside holdpoint's walls".to_owned()),
        }
    }
}

/// What approval needs of the world.
#[derive(Debug, Clone)]
pub struct Desk<'a> {
    /// The state directory.
    pub state: &'a Path,
    /// The approving secret.
    pub secret: &'a Secret,
    /// Where this process stands.
    pub standing: Standing,
    /// Who answers here: the name of the user.
    pub user: &'a str,
    /// How long a request in the inbox is waited for.
    pub wait: Duration,
}

/// Finds an answer: a yes for this session, a yes that waits in the inbox, the terminal where a person sits at it, or else
/// the inbox. `tell` is called with the text for the agent as soon as a request is filed, and before it is waited for.
///
/// # Errors
/// When the state directory cannot be used, or too many requests wait. That is no yes.
pub fn ask(desk: &Desk<'_>, question: &Question, tell: &mut dyn FnMut(&str)) -> Result<Answer, ApprovalError> {
    if desk.standing == Standing::Inside {
        let because = "it was asked from inside holdpoint's walls, where nobody can be asked; run it outside of them";
        return Ok(Answer::No { because: because.to_owned() });
    }
    let session = session::Session::own();
    if let Some(grant) = session.as_ref().and_then(|session| session::recall(desk, session, question)) {
        return Ok(Answer::Session { grant, id: question.id.clone() });
    }
    let mut inbox = Inbox::open(desk, tell)?;
    let Some(mut terminal) = Terminal::open(desk) else {
        return inbox.ask(question);
    };
    if let Some(yes) = inbox.take_yes(question)? {
        return Ok(yes);
    }
    let answer = terminal.ask(question)?;
    let Answer::Session { grant, id } = answer else { return Ok(answer) };
    match session {
        Some(session) => session::remember(desk, &session, question, &grant)?,
        // The yes was given; where the session cannot be told it holds for this run.
        None => return Ok(Answer::Once { grant, id }),
    }
    Ok(Answer::Session { grant, id })
}
