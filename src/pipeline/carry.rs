//! From a verdict to an outcome: ask, wall in, run, record.

use super::environment::{Changes, prepare, remark};
use super::rider::{Escort, hook_variables};
use super::task::VARIABLE;
use super::{Job, Judgement, World};
use crate::agent;
use crate::approval::{self, Answer, Asked, Desk, Question, Secret, Standing, refusal};
use crate::config::memory;
use crate::config::rider::made_hook_directory;
use crate::config::secret::read_or_make_secret;
use crate::config::tracked::Tracked;
use crate::confine::{self, Width};
use crate::decide::action::Reading;
use crate::decide::action::control::WRITE;
use crate::decide::policy::{Decision, Enforcement, Network, Permit, Profile, Task, Verdict, Wall, profile_of};
use crate::decide::shown::Shown;
use crate::exec;
use crate::record::{self, Approved, Entry, Record};
use crate::scan::remembered;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It ran, and this is its status.
    Ran(i32),
    /// It was denied or refused; nothing ran.
    Denied,
    /// It is held, and nobody has answered yet; nothing ran.
    Waiting,
    /// holdpoint failed; nothing ran.
    Failed,
    /// The program could not be started: what a shell says then, 126 or 127.
    Unstarted(i32),
}

/// Why a command did not run, and the text for standard error.
pub(super) struct Refusal {
    text: String,
    ending: Ending,
    /// For the record.
    pub(super) because: String,
}

impl Refusal {
    fn failed(because: &dyn std::fmt::Display) -> Self {
        Refusal { text: format!("holdpoint: {because}\n"), ending: Ending::Failed, because: because.to_string() }
    }
}

/// A permit and who gave it, if a person did.
struct Allowed {
    permit: Permit,
    approved: Option<Approved>,
}

impl World {
    /// Judges a job and, if it may, runs it inside the walls. What is refused is told through
    /// `tell`, the only thing that is ever written.
    #[must_use]
    pub fn carry_out(&self, job: &Job<'_>, tell: &mut dyn FnMut(&str)) -> Ending {
        let judgement = self.judge(job.text, job.parameters);
        if self.inside {
            return self.carry_out_inside(&judgement, job, tell);
        }
        let id = record::draw_id().unwrap_or_default();
        let mut entry = self.entry(&id, &judgement);
        let allowed = match self.allow(&judgement, tell) {
            Ok(allowed) => allowed,
            Err(refusal) => return self.refuse(entry, &refusal, tell),
        };
        entry.approval.clone_from(&allowed.approved);
        let whole = self.judge_for_credentials(&judgement, job);
        let for_use = whole.as_ref().unwrap_or(&judgement);
        let escort = self.escort(for_use);
        let passes = self.passes(for_use, allowed.approved.is_some(), &escort);
        let mut seen = self.recall();
        let plan = match self.plan(&judgement.reading, &passes, &mut seen) {
            Ok(plan) => plan,
            Err(refusal) => return self.refuse(entry, &refusal, tell),
        };
        let withheld = self.withheld(&judgement, &passes, allowed.approved.is_some());
        entry.withheld = withheld.iter().map(|one| one.name.clone()).collect();
        if let Err(error) = self.write(Entry::Verdict(Box::new(entry)))
            && let Some(refusal) = unrecorded(&judgement.verdict, &error, tell)
        {
            tell(&refusal.text);
            return refusal.ending;
        }
        // By a secret that is closed to it, a holdpoint inside knows that it is inside: one that is not there tells nothing where Landlock
        // stands alone, and a hook of git's would not run.
        if !self.place.state.join("secret").exists() {
            let _ = read_or_make_secret(&self.place);
        }
        let covered = allowed.approved.is_some().then(|| (COVERED.to_owned(), Some("1".into())));
        let mut changes: Changes = covered.into_iter().collect();
        if !self.tasks.is_empty() {
            changes.push((VARIABLE.to_owned(), Some(self.tasks.join(",").into())));
        }
        if let Escort::Hooks(directory) = &escort {
            changes.extend(hook_variables(directory));
        }
        let launch = prepare(job.launch, &withheld, &changes);
        match exec::run(allowed.permit, &launch, || self.wall_in(&plan)) {
            Ok((outcome, enforcement)) => {
                let failed = outcome.status() != 0;
                let by_rider = escort.remark(&judgement).filter(|_| failed);
                let by_walls = || self.remark_walls(&judgement, &plan, &passes).filter(|_| failed);
                let by_scope = || super::writing::remark(&judgement, &plan, &self.loaded.policy).filter(|_| failed);
                let told = by_rider.or_else(|| remark(&judgement, &withheld, failed)).or_else(by_walls);
                let told = told.or_else(by_scope);
                told.iter().for_each(|line| tell(line));
                self.remark_unwalled(&enforcement).iter().for_each(|line| tell(line));
                if let Some(news) = seen.news() {
                    memory::keep(&self.place, &self.setting.directory, &news);
                }
                let aside = self.put_aside(&plan, tell);
                weigh(&plan, &judgement, tell);
                self.end(&id, &outcome, (&enforcement, aside), tell)
            }
            Err(error) => {
                plan.clear();
                tell(&format!("holdpoint: {error}\n"));
                Ending::Unstarted(error.status().into())
            }
        }
    }

    /// Inside our own walls they stand already, nobody can be asked and nothing can be recorded: what is
    /// allowed runs in place, what is held is refused.
    fn carry_out_inside(&self, judgement: &Judgement, job: &Job<'_>, tell: &mut dyn FnMut(&str)) -> Ending {
        let covered = self.setting.environment.contains_key(COVERED);
        let permit = if covered { self.judge(b"", &[]).verdict.permit() } else { judgement.verdict.permit() };
        match permit {
            Some(permit) => {
                let error = exec::replace(permit, job.launch);
                tell(&format!("holdpoint: {error}\n"));
                Ending::Unstarted(error.status().into())
            }
            None => {
                let because =
                    "it was met inside another command, where nobody can be asked; run it as a command of its own";
                tell(&self.question(judgement).map_or_else(|refusal| refusal.text, |q| refusal::refused(&q, because)));
                Ending::Denied
            }
        }
    }

    fn allow(&self, judgement: &Judgement, tell: &mut dyn FnMut(&str)) -> Result<Allowed, Refusal> {
        let verdict = &judgement.verdict;
        if let Some(permit) = verdict.permit() {
            return Ok(Allowed { permit, approved: None });
        }
        let question = self.question(judgement)?;
        if verdict.decision == Decision::Deny {
            let statement = verdict.findings.first().map_or("policy", |finding| finding.statement.as_str());
            let text = refusal::denied(&question, statement);
            return Err(Refusal { text, ending: Ending::Denied, because: "denied by policy".to_owned() });
        }
        self.ask(judgement, &question, tell)
    }

    fn ask(&self, judgement: &Judgement, question: &Question, tell: &mut dyn FnMut(&str)) -> Result<Allowed, Refusal> {
        let secret = read_or_make_secret(&self.place).map_err(|error| Refusal::failed(&error))?;
        let secret = Secret::new(secret);
        let wait = self.loaded.policy.approval().wait.unwrap_or(0);
        let desk = self.desk(&secret, Duration::from_secs(wait));
        let (grant, id) = match approval::ask(&desk, question, tell).map_err(|error| Refusal::failed(&error))? {
            Answer::Once { grant, id } | Answer::Session { grant, id } => (grant, id),
            Answer::No { because } => {
                let text = refusal::refused(question, &because);
                return Err(Refusal { text, ending: Ending::Denied, because });
            }
            Answer::Waiting { id } => {
                let text = refusal::waiting(question, &id, wait > 0);
                return Err(Refusal { text, ending: Ending::Waiting, because: format!("waiting: {id}") });
            }
        };
        let permit = judgement.verdict.release(&judgement.digest, &grant);
        let permit = permit.ok_or_else(|| Refusal::failed(&"the answer was for another command; nothing was run"))?;
        let approved = Approved { channel: grant.channel, by: grant.by, id: id.to_string() };
        Ok(Allowed { permit, approved: Some(approved) })
    }

    /// Where this process asks and answers.
    #[must_use]
    pub fn desk<'d>(&'d self, secret: &'d Secret, wait: Duration) -> Desk<'d> {
        let standing = match agent::label(|name| self.setting.environment.get(name).map(String::as_str)) {
            _ if self.inside => Standing::Inside,
            Some(label) => Standing::Agent(label.to_owned()),
            None => Standing::Open,
        };
        Desk { state: &self.place.state, secret, standing, user: &self.place.user, wait }
    }

    fn question(&self, judgement: &Judgement) -> Result<Question, Refusal> {
        let ttl = self.loaded.policy.approval().ttl.unwrap_or(0);
        let asked = Asked {
            digest: judgement.digest.clone(),
            command: judgement.text.clone(),
            inner: agent::inner_command(&judgement.text),
            directory: self.setting.directory.clone(),
            user: self.place.user.clone(),
            agent: self.agent().map(str::to_owned),
            created: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
            ttl,
        };
        Question::draw(asked, &judgement.verdict, &judgement.facts).map_err(|error| Refusal::failed(&error))
    }

    fn agent(&self) -> Option<&'static str> {
        agent::label(|name| self.setting.environment.get(name).map(String::as_str))
    }

    /// What earlier starts here saw of directories.
    pub(super) fn recall(&self) -> confine::Memory<'static> {
        let remembered = memory::recall(&self.place, &self.setting.directory).unwrap_or_default();
        confine::Memory::recall(remembered, SystemTime::now())
    }

    /// What the command may have: by policy, by its programs, by a person's yes.
    pub(super) fn passes(&self, judgement: &Judgement, approved: bool, escort: &Escort) -> Vec<String> {
        let mut passes = self.loaded.policy.credentials().pass;
        passes.extend(self.loaded.policy.writable().into_iter().map(|path| format!("{WRITE}{path}")));
        passes.extend(judgement.credentials_for_use(approved, escort));
        // A task that names its credentials has no others. Where it writes is limited by itself.
        for allowed in self.loaded.policy.tasks().filter_map(|(_, task)| task.credentials.as_ref()) {
            passes.retain(|pass| allowed.contains(pass) || pass.starts_with("write") || pass.contains("scope."));
        }
        passes
    }

    pub(super) fn plan(
        &self,
        reading: &Reading,
        passes: &[String],
        memory: &mut confine::Memory<'static>,
    ) -> Result<confine::Plan, Refusal> {
        let deny = self.loaded.policy.credentials().deny;
        let closed = self.place.own_directories();
        let mut read_only: Vec<PathBuf> = self.loaded.repository_files();
        read_only.extend_from_slice(&self.packs.repository);
        read_only.extend(self.place.system_directory().map_err(|error| Refusal::failed(&error))?);
        let repository = self.setting.repository.as_deref().map(Path::new);
        let (tracked, found) = (Tracked::default(), remembered(&self.place.state));
        read_only.extend(made_hook_directory(&self.place));
        let kept = self.keys_of_the_agent(passes);
        let tasks: Vec<&Task> = self.loaded.policy.tasks().map(|(_, task)| task).collect();
        let request = confine::Request {
            homes: &self.place.homes,
            repository,
            directory: Path::new(&self.setting.directory),
            environment: &|name| std::env::var_os(name),
            tracked: &|path| tracked.has(path),
            own: confine::Own { closed: &closed, read_only: &read_only },
            passes,
            programs: &reading.programs,
            width: if profile_of(&self.loaded.policy) == Profile::Strict { Width::Work } else { Width::Tools },
            tasks: &tasks,
            network: self.loaded.policy.network(),
            deny: &deny,
            found: &found,
            kept: &kept,
        };
        confine::plan(&request, memory).map_err(|error| Refusal::failed(&error))
    }

    /// A plan for a hook that git runs inside: it closes what git was given.
    pub(super) fn narrower_plan(&self) -> Result<confine::Plan, String> {
        let credentials = self.loaded.policy.credentials();
        let closed = self.place.own_directories();
        let tracked = Tracked::default();
        let request = confine::Request {
            homes: &self.place.homes,
            repository: self.setting.repository.as_deref().map(Path::new),
            directory: Path::new(&self.setting.directory),
            environment: &|name| std::env::var_os(name),
            tracked: &|path| tracked.has(path),
            own: confine::Own { closed: &closed, read_only: &[] },
            passes: &credentials.pass,
            programs: &[],
            width: Width::Work,
            tasks: &[],
            network: Network::Open,
            deny: &credentials.deny,
            found: &[],
            kept: &[],
        };
        confine::narrow(&request).map_err(|error| error.to_string())
    }

    /// The key files that stay closed to a command that may use them, because it may use the ssh agent, which holds them.
    fn keys_of_the_agent(&self, passes: &[String]) -> Vec<PathBuf> {
        let both = [KEYS, AGENT].iter().all(|id| passes.iter().any(|pass| pass == id));
        let socket = std::env::var_os("SSH_AUTH_SOCK").filter(|socket| both && !socket.is_empty());
        socket.map(|socket| confine::held_keys(Path::new(&socket), &self.place.homes)).unwrap_or_default()
    }

    /// Builds the walls, in the process that becomes the command. A wall that policy requires and that does not
    /// stand is a refusal.
    fn wall_in(&self, plan: &confine::Plan) -> Result<Enforcement, String> {
        let enforcement = plan.enforce().map_err(|error| error.to_string())?;
        match self.loaded.policy.required().into_iter().find(|wall| !enforcement.has(*wall)) {
            None => Ok(enforcement),
            Some(wall) => Err(missing_wall(wall, &enforcement)),
        }
    }

    fn entry(&self, id: &str, judgement: &Judgement) -> record::Verdict {
        let text = judgement.text.as_str();
        let mut entry = record::Verdict::of(id, text, &agent::lasting_text(text), &judgement.verdict);
        entry.directory.clone_from(&self.setting.directory);
        entry.user.clone_from(&self.place.user);
        entry.agent = self.agent().map(str::to_owned);
        entry
    }

    fn refuse(&self, mut entry: record::Verdict, refusal: &Refusal, tell: &mut dyn FnMut(&str)) -> Ending {
        entry.refused = Some(refusal.because.clone());
        tell(&refusal.text);
        if let Err(error) = self.write(Entry::Verdict(Box::new(entry))) {
            tell(&format!("holdpoint: {error}\n"));
        }
        refusal.ending
    }

    /// Takes away what the command put where its text would run later, and says so.
    fn put_aside(&self, plan: &confine::Plan, tell: &mut dyn FnMut(&str)) -> Vec<String> {
        let mut names = Vec::new();
        for (path, moved) in confine::put_aside(&plan.watched, &self.place.state.join("aside")) {
            let name = Shown(&path.to_string_lossy()).to_string();
            let way = format!("a person can let commands write it by `scope: {{ write: [{name}] }}` in the policy");
            tell(&match moved {
                Ok(place) => {
                    let place = Shown(&place.to_string_lossy()).to_string();
                    format!(
                        "holdpoint: {name} would run later, outside of the walls; it was moved to {place}. {way}.\n"
                    )
                }
                Err(error) => {
                    format!(
                        "holdpoint: {name} was made, runs later outside of the walls, and could not be moved away: {error}.\n"
                    )
                }
            });
            names.push(name);
        }
        names
    }

    fn end(
        &self,
        id: &str,
        outcome: &exec::Outcome,
        (walls, aside): (&Enforcement, Vec<String>),
        tell: &mut dyn FnMut(&str),
    ) -> Ending {
        let (code, signal) = match outcome.end {
            exec::End::Code(code) => (Some(code), None),
            exec::End::Signal(number) => (None, Some(number)),
        };
        let duration_ms = u64::try_from(outcome.duration.as_millis()).unwrap_or(u64::MAX);
        let line = Entry::Outcome(record::Outcome {
            id: id.to_owned(),
            exit: code,
            signal,
            duration_ms,
            enforcement: walls.to_string(),
            aside,
        });
        if let Err(error) = self.write(line) {
            tell(&format!("holdpoint: {error}\n"));
        }
        Ending::Ran(outcome.mirror())
    }

    fn write(&self, entry: Entry) -> Result<(), String> {
        self.place.open_state().map_err(|error| error.to_string())?;
        let record = Record::open(&self.place.state).map_err(|error| error.to_string())?;
        record.append(&entry, SystemTime::now()).map_err(|error| error.to_string())
    }
}

/// Private keys of ssh, and the agent that signs with them.
const KEYS: &str = "ssh.keys";
const AGENT: &str = "socket.ssh-agent";

/// Set for commands that a person let through: what they start through a search path is not asked about again. It is
/// no permission: only a nested holdpoint reads it, inside walls, where `/bin/bash` is one name away.
const COVERED: &str = "HOLDPOINT_COVERED";

/// Takes out of git's settings what the command planted there, and what was made for it and stayed empty.
fn weigh(plan: &confine::Plan, judgement: &Judgement, tell: &mut dyn FnMut(&str)) {
    plan.clear();
    for planted in plan.weighed.iter().filter_map(|weighed| weighed.weigh(&judgement.text)) {
        let path = Shown(&planted.path.to_string_lossy()).to_string();
        let keys = Shown(&planted.keys.join(", ")).to_string();
        let done = match planted.taken_out {
            Ok(()) => "taken out again; a person can set it with git".to_owned(),
            Err(error) => format!("and could not be taken out: {error}; look at it before you use git there"),
        };
        tell(&format!(
            "holdpoint: {keys} in {path} makes git run or reach something later, outside of the walls; it was {done}.\n"
        ));
    }
}

/// What cannot be recorded may run only if everything it does can be taken back.
fn unrecorded(verdict: &Verdict, error: &str, tell: &mut dyn FnMut(&str)) -> Option<Refusal> {
    if verdict.decision == Decision::Allow && verdict.is_reversible() {
        tell(&format!("holdpoint: {error} The command runs, because nothing that it does is irreversible.\n"));
        return None;
    }
    let because = format!("{error} Nothing was run.");
    Some(Refusal::failed(&because))
}

fn missing_wall(wall: Wall, enforcement: &Enforcement) -> String {
    let wall = wall.label();
    format!(
        "policy requires the wall around {wall}, which does not stand here ({enforcement}); holdpoint doctor says why"
    )
}
