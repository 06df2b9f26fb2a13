//! Requests that wait in the state directory until a person answers from another terminal.

use super::desk::{Answer, Channel, Desk};
use super::reply::{Reply, Said};
use super::seal::{Kind, Secret};
use super::store::{Store, now, read, write};
use super::{ApprovalError, Id, Question, refusal};
use crate::decide::policy::Grant;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How many requests may wait at once: an agent that asks for more is not asking people any longer.
pub const MOST: usize = 200;

/// How often the inbox is looked at while a command waits.
const TICK: Duration = Duration::from_millis(120);

/// By how many seconds the clock may have been set back since a file was written.
const CLOCK_SLACK: u64 = 60;

/// The inbox as a channel.
pub struct Inbox<'a> {
    store: Store,
    secret: &'a Secret,
    wait: Duration,
    tell: &'a mut dyn FnMut(&str),
}

/// How a request stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// Nobody answered yet.
    Waiting,
    /// A person answered, and the answer is good.
    Said(Reply),
    /// An answer lies there that was not made with the secret, or comes from the future.
    Forged,
    /// It was used, or its time is over.
    Over,
}

/// What is known after one look.
enum Step {
    Answered(Answer),
    Filed(Id),
}

impl<'a> Inbox<'a> {
    /// Opens the inbox of a state directory.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn open(desk: &'a Desk<'_>, tell: &'a mut dyn FnMut(&str)) -> Result<Self, ApprovalError> {
        Ok(Inbox { store: Store::open(desk.state)?, secret: desk.secret, wait: desk.wait, tell })
    }

    /// Uses a yes that waits for the same digest, if there is one.
    ///
    /// # Errors
    /// Where the inbox cannot be read or locked.
    pub fn take_yes(&self, question: &Question) -> Result<Option<Answer>, ApprovalError> {
        let _lock = self.store.lock()?;
        let time = now();
        for request in requests(&self.store, self.secret)?.iter().filter(|one| same(one, question)) {
            if let State::Said(Reply { said: Said::Yes, .. }) = state(&self.store, self.secret, request, time) {
                return self.use_yes(request, time);
            }
        }
        Ok(None)
    }

    /// One look under the lock: an answer for the digest, or the request that waits for one.
    fn step(&self, question: &Question) -> Result<Step, ApprovalError> {
        let _lock = self.store.lock()?;
        let time = now();
        sweep(&self.store, self.secret, time)?;
        let (mut waiting, mut count) = (None, 0_usize);
        for request in requests(&self.store, self.secret)? {
            let stands = state(&self.store, self.secret, &request, time);
            count = count.saturating_add(usize::from(stands == State::Waiting));
            if !same(&request, question) {
                continue;
            }
            match stands {
                State::Waiting => waiting = Some(request.id),
                State::Said(Reply { said: Said::Yes, .. }) => {
                    if let Some(yes) = self.use_yes(&request, time)? {
                        return Ok(Step::Answered(yes));
                    }
                }
                State::Said(Reply { said: Said::No { because }, by, .. }) => {
                    return Ok(Step::Answered(Answer::No { because: told_no(&by, &because) }));
                }
                State::Forged => return Ok(Step::Answered(forged(&request.id))),
                State::Over => {}
            }
        }
        match waiting {
            Some(id) => Ok(Step::Filed(id)),
            None => self.file(question, count, time),
        }
    }

    /// Writes a request down.
    fn file(&self, question: &Question, waiting: usize, time: u64) -> Result<Step, ApprovalError> {
        if question.expires() <= time || question.asked.created > time.saturating_add(CLOCK_SLACK) {
            let because =
                "nobody answered before the request expired, or the clock was set; run the command again to ask again";
            return Ok(Step::Answered(Answer::No { because: because.to_owned() }));
        }
        if waiting >= MOST {
            return Err(ApprovalError::Full(waiting));
        }
        let path = self.store.request(&question.id);
        let text = self
            .secret
            .seal(Kind::Request, question)
            .ok_or_else(|| ApprovalError::at("written", &path)(std::io::ErrorKind::InvalidData.into()))?;
        write(&path, &text)?;
        Ok(Step::Filed(question.id.clone()))
    }

    /// Uses an answer up and reads it again from where nobody else can use it. `None` where another run was first.
    fn use_yes(&self, request: &Question, time: u64) -> Result<Option<Answer>, ApprovalError> {
        if !self.store.use_up(&request.id) {
            return Ok(None);
        }
        let reply = read(&self.store.used(&request.id))?.and_then(|text| self.secret.open(Kind::Answer, &text));
        Ok(match reply.filter(|reply: &Reply| is_good(reply, request, time)) {
            Some(Reply { said: Said::Yes, by, .. }) => {
                let grant = Grant { digest: request.asked.digest.clone(), channel: "inbox".to_owned(), by };
                Some(Answer::Once { grant, id: request.id.clone() })
            }
            _ => Some(forged(&request.id)),
        })
    }

    /// Has something happened to a request? Two calls of stat(2), without the lock.
    fn has_moved(&self, id: &Id) -> bool {
        self.store.answer(id).exists() || !self.store.request(id).exists()
    }
}

impl Channel for Inbox<'_> {
    fn ask(&mut self, question: &Question) -> Result<Answer, ApprovalError> {
        let began = Instant::now();
        let mut told = None;
        loop {
            let id = match self.step(question)? {
                Step::Answered(answer) => return Ok(answer),
                Step::Filed(id) => id,
            };
            // Where nothing is waited for, the caller's last word follows at once, and says the same.
            if !self.wait.is_zero() && told.as_ref() != Some(&id) {
                (self.tell)(&refusal::held(question, &id, self.wait));
                told = Some(id.clone());
            }
            while !self.has_moved(&id) {
                let left = self.wait.saturating_sub(began.elapsed());
                if left.is_zero() {
                    return Ok(Answer::Waiting { id });
                }
                sleep(left.min(TICK));
            }
        }
    }
}

/// The same command at the same place by the same user: one answer serves both.
fn same(one: &Question, other: &Question) -> bool {
    one.asked.digest == other.asked.digest
}

fn told_no(by: &str, because: &str) -> String {
    if because.is_empty() { format!("{by} said no") } else { format!("{by} said no: {because}") }
}

fn forged(id: &Id) -> Answer {
    let because =
        format!("the answer to request {id} was not made with this machine's approving secret, so it counts as no");
    Answer::No { because }
}

/// Every request of the inbox that was made with the secret, oldest first.
pub(super) fn requests(store: &Store, secret: &Secret) -> Result<Vec<Question>, ApprovalError> {
    let mut found = Vec::new();
    for id in store.ids()? {
        // A request that cannot be read is none: the command is asked about anew.
        let text = read(&store.request(&id)).ok().flatten();
        found.extend(text.and_then(|text| secret.open(Kind::Request, &text)).filter(|one: &Question| one.id == id));
    }
    found.sort_by_key(|one| one.asked.created);
    Ok(found)
}

/// How a request stands at a time.
pub(super) fn state(store: &Store, secret: &Secret, request: &Question, time: u64) -> State {
    if store.used(&request.id).exists() || request.asked.created > time.saturating_add(CLOCK_SLACK) {
        return State::Over;
    }
    let waiting = time < request.expires();
    let reply = match read(&store.answer(&request.id)) {
        Ok(None) if waiting => return State::Waiting,
        Ok(None) => return State::Over,
        Ok(Some(text)) => secret.open::<Reply>(Kind::Answer, &text),
        // Something lies there that is no file of ours.
        Err(_) => None,
    };
    match reply {
        Some(reply) if is_good(&reply, request, time) => State::Said(reply),
        Some(reply) if time >= reply.expires => State::Over,
        _ if waiting => State::Forged,
        _ => State::Over,
    }
}

/// Does an answer belong to this request, and is it neither from the future nor expired?
fn is_good(reply: &Reply, request: &Question, time: u64) -> bool {
    reply.id == request.id
        && reply.digest == request.asked.digest
        && reply.time <= time.saturating_add(CLOCK_SLACK)
        && time < reply.expires
}

/// Removes what is over. A used answer stays until it would have expired, so that it cannot be put back.
fn sweep(store: &Store, secret: &Secret, time: u64) -> Result<(), ApprovalError> {
    store.sweep_drafts();
    for id in store.ids()? {
        let request = read(&store.request(&id)).ok().flatten();
        let request = request.and_then(|text| secret.open::<Question>(Kind::Request, &text));
        let used = read(&store.used(&id)).ok().flatten().and_then(|text| secret.open::<Reply>(Kind::Answer, &text));
        let over = match (&request, &used) {
            (_, Some(used)) => time >= used.expires,
            (Some(request), None) => request.expires() <= time && state(store, secret, request, time) == State::Over,
            (None, None) => store.is_stale(&id),
        };
        if over {
            store.remove(&id);
        }
    }
    Ok(())
}
