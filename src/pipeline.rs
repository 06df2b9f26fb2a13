//! The stair: from what was written to a verdict, and from a verdict to an outcome.
//!
//! Every door ends in [`judge`]: the shell, the prefix and `check` alike, so that they cannot disagree.

use crate::agent;
use crate::config::ConfigError;
use crate::config::facts::{self, Budget};
use crate::config::find::Search;
use crate::config::load::{Loaded, load_policy};
use crate::config::pack_file::{Packs, load_packs};
use crate::config::place::{Place, Sources};
use crate::config::{setting, wall};
use crate::confine::Guarded;
use crate::decide::action::control::{WRITE, writes_for};
use crate::decide::action::keyring::passes_for;
use crate::decide::action::owner::own_of;
use crate::decide::action::store;
use crate::decide::action::{self, Facts, Need, Reach, Reading, Setting, Verb};
use crate::decide::policy::{self, Verdict};
use crate::decide::syntax::{Script, shell};
use crate::exec::Launch;
use std::borrow::Cow;
use std::path::{Path, PathBuf};

mod carry;
mod environment;
mod remark;
mod rider;
mod scan;
mod task;
mod unwalled;
mod walls;
mod writing;

pub use carry::Ending;
use rider::Escort;
pub use rider::has_no_hook;
pub use scan::{Fix, Scanned, Standing};
pub use walls::Walls;

/// What is known before any command is read: who asks, where, and which policy applies.
pub struct World {
    /// The user and the user's places.
    pub place: Place,
    /// Where the command would run.
    pub setting: Setting,
    /// Whose policy applies.
    pub loaded: Loaded,
    /// The rules in force.
    pub packs: Packs,
    /// This process stands inside walls of our own already.
    pub inside: bool,
    /// The tasks in force, by name.
    pub tasks: Vec<String>,
    /// Variables that a command gets only if it may have them.
    pub guarded: Vec<Guarded>,
}

/// A script that was judged.
pub struct Judgement {
    /// The text that was read.
    pub text: String,
    /// What was found in it.
    pub reading: Reading,
    /// What was found out about the world for it.
    pub facts: Facts,
    /// What policy says.
    pub verdict: Verdict,
    /// Binds a person's answer to this text, these actions, this directory and user.
    pub digest: String,
}

/// Something that is to be run.
pub struct Job<'a> {
    /// The text that it would run, for the judge.
    pub text: &'a [u8],
    /// `$0` of the text and the parameters behind it.
    pub parameters: &'a [String],
    /// The program that runs it.
    pub launch: &'a Launch,
}

impl Judgement {
    /// The credentials that the command may read: those of which all its programs are users, and what a
    /// person let it read by name. A command that was not seen whole gets none.
    #[must_use]
    fn credentials_for_use(&self, approved: bool, escort: &Escort) -> Vec<String> {
        let mut passes: Vec<String> = Vec::new();
        if self.reading.seen_whole {
            if !matches!(escort, Escort::Rider(_) | Escort::Unarmed) && !self.reading.exposes {
                passes.extend(passes_for(&self.reading.programs).into_iter().map(str::to_owned));
                passes.extend(own_of(&self.reading.programs));
            }
            passes.extend(writes_for(&self.reading.programs));
            passes.extend(store::openings_of(&self.reading));
            passes.extend(
                store::is_made_of(&store::STOCK.system, &self.reading.programs).then(|| store::SYSTEM.to_owned()),
            );
        }
        if approved {
            let secrets = self.reading.actions.iter().filter(|action| action.verb == Verb::ReadSecret);
            passes.extend(secrets.flat_map(|action| action.names.iter().cloned()));
            let files = self.reading.actions.iter().filter(|action| changes_files(action));
            let settings = self.reading.actions.iter().any(|action| action.resource == KERNEL_SETTING);
            passes.extend(settings.then(|| "kernel.settings".to_owned()));
            passes.extend(files.flat_map(|action| action.names.iter().flat_map(|name| changes(name))));
        }
        passes
    }
}

/// What rules call a setting of the kernel's.
const KERNEL_SETTING: &str = "kernel setting";

/// Is what it hits files of this machine?
fn changes_files(action: &action::Action) -> bool {
    let by_verb = matches!(action.verb, Verb::Delete | Verb::Overwrite | Verb::Persist | Verb::Grant | Verb::Disable);
    by_verb && matches!(action.reach, Reach::File | Reach::Repo | Reach::Home | Reach::Host)
}

/// The passes of a path that a person let be changed: by writing to it, and by new files in its directory.
fn changes(name: &str) -> Vec<String> {
    if !name.starts_with('/') {
        return Vec::new();
    }
    // A pattern stands for names in one directory.
    let plain = name.find(['*', '?', '[']).and_then(|at| name.get(..at)).unwrap_or(name);
    vec![format!("{WRITE}{name}"), format!("{}{plain}", store::AROUND)]
}

impl World {
    /// Looks around.
    ///
    /// # Errors
    /// When there is no place for state, or a policy file may not be used or is broken.
    pub fn look() -> Result<World, ConfigError> {
        World::look_for(None)
    }

    /// Looks around for a command of this task.
    ///
    /// # Errors
    /// As for [`World::look`]; and when policy has no such task.
    pub fn look_for(task: Option<&str>) -> Result<World, ConfigError> {
        let place = Place::find(&Sources::real())?;
        let setting = setting::read_setting(&place, &current_directory()?, std::env::vars_os())?;
        let setting = with_sources(setting);
        let inside = wall::cannot_read_state(&place);
        let (mut loaded, packs) = load(&place, Path::new(&setting.directory), inside)?;
        let tasks = task::choose(&mut loaded, &setting, task, inside)?;
        let mut world = World { place, setting, loaded, packs, inside, tasks, guarded: Vec::new() };
        world.guard_variables();
        Ok(world)
    }

    /// The same world from another directory.
    ///
    /// # Errors
    /// As for [`World::look`].
    pub fn from_directory(&self, directory: &Path) -> Result<World, ConfigError> {
        let setting = setting::read_setting(&self.place, directory, std::env::vars_os())?;
        let setting = with_sources(setting);
        let (mut loaded, packs) = load(&self.place, directory, self.inside)?;
        let tasks = task::choose(&mut loaded, &setting, None, self.inside)?;
        let place = self.place.clone();
        let mut world = World { place, setting, loaded, packs, inside: self.inside, tasks, guarded: Vec::new() };
        world.guard_variables();
        Ok(world)
    }

    /// Judges a text: reads it, finds out on the way what the reading wants to know, and asks policy.
    #[must_use]
    pub fn judge(&self, text: &[u8], parameters: &[String]) -> Judgement {
        // Most commands have no parameters, and an environment is not copied for them.
        let mut setting = Cow::Borrowed(&self.setting);
        if setting.parameters != parameters {
            setting.to_mut().parameters = parameters.to_vec();
        }
        self.judge_in(text, &setting)
    }

    /// Where the command would get credentials and a file was left out that an agent sources before each command, the same with that
    /// file read: it may make anything of a program's name. It takes a while, so it is not done for every command.
    fn judge_for_credentials(&self, judgement: &Judgement, job: &Job<'_>) -> Option<Judgement> {
        let reading = &judgement.reading;
        if !(reading.skipped && reading.seen_whole) || passes_for(&reading.programs).is_empty() {
            return None;
        }
        let mut setting = self.setting.clone();
        setting.parameters = job.parameters.to_vec();
        setting.unread_sources.clear();
        let mut whole = self.judge_in(job.text, &setting);
        whole.reading.seen_whole &= whole.verdict.decision <= judgement.verdict.decision;
        Some(whole)
    }

    fn judge_in(&self, text: &[u8], setting: &Setting) -> Judgement {
        let mut facts = Facts::default();
        let reading = or_broken_off(|| self.read(&shell::read_bytes(text), setting, &mut facts));
        // Bytes that are no text are written out, so that two such commands never have one digest.
        let text = match std::str::from_utf8(text) {
            Ok(text) => text.to_owned(),
            Err(_) => text.escape_ascii().to_string(),
        };
        let verdict = policy::judge(&reading, &self.loaded.policy, setting);
        let lasting = agent::lasting_text(&text);
        let digest = policy::digest(&reading, &facts, &lasting, &setting.directory, &setting.user);
        Judgement { text, reading, facts, verdict, digest }
    }

    fn read(&self, script: &Script, setting: &Setting, facts: &mut Facts) -> Reading {
        let mut budget = Budget::default();
        let mut find_out = |need: &Need, facts: &mut Facts| facts::answer(need, setting, facts, &mut budget);
        let reading = action::read_asking(script, setting, facts, self.packs.rules, &mut find_out);
        // What nobody could find out is held.
        if reading.needs.is_empty() { reading } else { action::give_up(reading) }
    }
}

/// The reading, or a hold where the reader panics: a fault of ours must neither run a command nor end a batch.
fn or_broken_off(read: impl FnOnce() -> Reading) -> Reading {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).unwrap_or_else(|_| action::broken_off())
}

/// The setting with the files that agents source themselves.
fn with_sources(mut setting: Setting) -> Setting {
    for home in &setting.homes {
        setting.unread_sources.extend(agent::SOURCED.iter().map(|glob| format!("{home}/{glob}")));
    }
    setting
}

fn load(place: &Place, directory: &Path, inside: bool) -> Result<(Loaded, Packs), ConfigError> {
    let search = Search {
        system: PathBuf::from("/etc/holdpoint/policy.yaml"),
        config: place.config.clone(),
        directory: directory.to_owned(),
        uid: place.uid,
        administrator: 0,
        inside,
    };
    Ok((load_policy(&search, &place.state)?, load_packs(&search, &place.state)?))
}

/// The working directory by the kernel's word, and not by `$PWD`, which an agent may set.
fn current_directory() -> Result<PathBuf, ConfigError> {
    std::env::current_dir().map_err(|error| ConfigError::State { path: PathBuf::from("."), error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::policy::{Decision, Policy};

    #[test]
    fn a_reader_that_panics_holds_the_command() {
        let reading = or_broken_off(|| panic!("as if a reader had a fault"));
        let verdict = policy::judge(&reading, &Policy::default(), &Setting::default());
        assert_eq!(verdict.decision, Decision::Hold);
        assert!(!reading.seen_whole);
    }
}
