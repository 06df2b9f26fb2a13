//! Code of a repository that would ride along with git's credentials: what is done about it.
//!
//! Settings that make git run something take the credentials away from the command. Hooks are run by holdpoint itself, in
//! walls that close around what git was given.

use super::environment::with_variables;
use super::{Ending, Judgement, World};
use crate::config::reach::Made;
use crate::config::rider::{hook_directory, is_absent, is_large_file_hook, is_partial, put_back, rider_with, texts_of};
use crate::confine::{Guarded, guarded};
use crate::decide::action::keyring::{Whereabouts, credential_at, holds_credentials, is_store};
use crate::decide::action::rider::{is_plain, reads_settings};
use crate::decide::shown::Shown;
use crate::exec::{self, Launch};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Says, inside, at which place among git's settings in the environment the directory of hooks stands.
const PLACE: &str = "HOLDPOINT_HOOKS";
/// How many settings the environment has (git-config(1), "ENVIRONMENT").
const COUNT: &str = "GIT_CONFIG_COUNT";

/// What rides along with a command's credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Escort {
    /// Nothing.
    Nobody,
    /// Nothing, for it needs no credential.
    Unarmed,
    /// The repository's hooks, which holdpoint runs from this directory.
    Hooks(PathBuf),
    /// Something that the repository's settings name, or that is not known: the command gets no credential.
    Rider(String),
}

impl World {
    /// Looks for what would ride along.
    pub(super) fn escort(&self, judgement: &Judgement) -> Escort {
        let reading = &judgement.reading;
        if !reading.seen_whole || !reads_settings(&reading.programs) {
            return Escort::Nobody;
        }
        let is_unarmed = !reading.guests.is_empty() && reading.guests.iter().all(|guest| guest.local);
        if is_unarmed && !is_partial(Path::new(&self.setting.directory)) {
            return Escort::Unarmed;
        }
        if is_plain(&judgement.text) {
            return Escort::Rider("a command that writes hooks".to_owned());
        }
        if reading.writes_blindly {
            return Escort::Rider("a file whose name is not known beforehand".to_owned());
        }
        let made = Made::by(&reading.guests);
        for guest in &reading.guests {
            if let Some(fault) = &guest.fault {
                return Escort::Rider(fault.clone());
            }
            if guest.directory.is_none() {
                return Escort::Rider("a directory that is not known beforehand".to_owned());
            }
            if let Some(rider) = rider_with(guest, &made, &|real| self.is_closed(real)) {
                return Escort::Rider(rider);
            }
        }
        match hook_directory(&self.place) {
            Ok(directory) => Escort::Hooks(directory),
            Err(error) => Escort::Rider(error.to_string()),
        }
    }

    /// Is this real path a credential, or a directory with some in it?
    fn is_closed(&self, real: &Path) -> bool {
        let Some(path) = real.to_str() else { return true };
        let whereabouts =
            Whereabouts { homes: &self.setting.homes, repository: None, environment: Some(&self.setting.environment) };
        credential_at(path, &whereabouts).is_some()
            || is_store(path, &whereabouts)
            || (real.is_dir() && holds_credentials(path, &whereabouts))
    }

    /// Runs a hook of the repository that git is in, in walls that close around what git was given.
    #[must_use]
    pub fn run_hook(&self, name: &str, arguments: &[OsString], tell: &mut dyn FnMut(&str)) -> Ending {
        let Some(hook) = find_hook(name) else { return Ending::Ran(0) };
        // What is allowed inside walls is what nothing would be asked of.
        let Some(permit) = self.judge(b"", &[]).verdict.permit() else { return Ending::Denied };
        if is_large_file_hook(&hook, name) {
            // Its own text is not run: it may be another by now.
            let words = ["env", "git", "lfs", name].map(OsString::from);
            let Ok(mut launch) = Launch::new("/usr/bin/env", words.iter().chain(arguments)) else {
                return Ending::Failed;
            };
            launch.environment = Some(with_variables(&[], &unset_hooks()));
            let error = exec::replace(permit, &launch);
            tell(&format!("holdpoint: {error}\n"));
            return Ending::Unstarted(error.status().into());
        }
        let plan = match self.narrower_plan() {
            Ok(plan) => plan,
            Err(because) => {
                tell(&format!(
                    "holdpoint: the hook {name} was not run: {because}; git's --no-verify goes without it\n"
                ));
                return Ending::Failed;
            }
        };
        let words = std::iter::once(hook.clone().into_os_string()).chain(arguments.iter().cloned());
        let Ok(mut launch) = Launch::new(&hook, words) else { return Ending::Failed };
        let secrets = self.secrets();
        launch.environment = Some(with_variables(&secrets.iter().collect::<Vec<&Guarded>>(), &unset_hooks()));
        let directory = Path::new(&self.setting.directory);
        let before = texts_of(directory);
        let ending = match exec::run(permit, &launch, || plan.enforce()) {
            Ok((outcome, _)) => Ending::Ran(outcome.mirror()),
            Err(error) => {
                tell(&format!("holdpoint: {error}\n"));
                Ending::Unstarted(error.status().into())
            }
        };
        for path in put_back(directory, &before) {
            let path = path.to_string_lossy().into_owned();
            tell(&format!(
                "holdpoint: the hook {name} made git run something by {}; it was put back, for git has credentials now\n",
                Shown(&path)
            ));
        }
        ending
    }

    /// The secret variables that git was given.
    fn secrets(&self) -> Vec<Guarded> {
        let own = [Some(self.setting.directory.as_str()), self.setting.repository.as_deref()];
        let own: Vec<&str> = own.into_iter().flatten().collect();
        guarded(std::env::vars_os(), &own, &self.loaded.policy.variables())
    }
}

/// Is it plain to see that the repository has no such hook? git asks for some of them many times in one command.
#[must_use]
pub fn has_no_hook(name: &str) -> bool {
    if ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_PARAMETERS"]
        .iter()
        .any(|name| std::env::var_os(name).is_some())
    {
        return false;
    }
    let git = std::env::var_os("GIT_DIR").map_or_else(|| PathBuf::from(".git"), PathBuf::from);
    let homes = ["HOME", "XDG_CONFIG_HOME"].map(|name| std::env::var_os(name).map(PathBuf::from));
    let [home, config] = homes;
    let global = [
        home.as_ref().map(|home| home.join(".gitconfig")),
        config.or(home.map(|home| home.join(".config"))).map(|config| config.join("git/config")),
    ];
    is_absent(&git, name, &global.into_iter().flatten().collect::<Vec<PathBuf>>())
}

/// The variables that make git look for hooks in holdpoint's directory.
pub(super) fn hook_variables(directory: &Path) -> Vec<(String, Option<OsString>)> {
    let count: usize = std::env::var(COUNT).ok().and_then(|count| count.parse().ok()).unwrap_or(0);
    vec![
        (COUNT.to_owned(), Some((count + 1).to_string().into())),
        (format!("GIT_CONFIG_KEY_{count}"), Some("core.hooksPath".into())),
        (format!("GIT_CONFIG_VALUE_{count}"), Some(directory.into())),
        (PLACE.to_owned(), Some(count.to_string().into())),
    ]
}

/// The same taken back: what a hook starts looks for hooks where the repository has them, in walls that are narrow already.
fn unset_hooks() -> Vec<(String, Option<OsString>)> {
    let Some(count) = std::env::var(PLACE).ok().and_then(|place| place.parse::<usize>().ok()) else {
        return Vec::new();
    };
    vec![
        (COUNT.to_owned(), (count > 0).then(|| count.to_string().into())),
        (format!("GIT_CONFIG_KEY_{count}"), None),
        (format!("GIT_CONFIG_VALUE_{count}"), None),
        (PLACE.to_owned(), None),
    ]
}

/// The hook that git would run, if holdpoint's directory were not in its place.
fn find_hook(name: &str) -> Option<PathBuf> {
    let mut git = Command::new("git");
    git.args(["rev-parse", "--git-path", "hooks"]).stdin(Stdio::null()).stderr(Stdio::null());
    for (name, value) in unset_hooks() {
        match value {
            Some(value) => git.env(name, value),
            None => git.env_remove(name),
        };
    }
    let told = git.output().ok().filter(|told| told.status.success())?;
    let directory = String::from_utf8(told.stdout).ok()?;
    let hook = Path::new(directory.trim_end_matches('\n')).join(name);
    let found = hook.metadata().ok()?;
    let runs = std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o111 != 0;
    (found.is_file() && runs).then(|| std::path::absolute(&hook).unwrap_or(hook))
}

impl Escort {
    /// What is said when a command failed that asked another machine for something and got no credential, because of what
    /// would have ridden along.
    pub(super) fn remark(&self, judgement: &Judgement) -> Option<String> {
        let asked = judgement.reading.guests.iter().any(|guest| guest.asks);
        match self {
            Escort::Rider(rider) if asked => {
                let rider = Shown(rider).cut(200);
                Some(format!(
                    "holdpoint: git got no credential for this command, because {rider} would run or be used with it; take \
                     that out, or run the command in a terminal of your own.\n"
                ))
            }
            Escort::Rider(_) | Escort::Hooks(_) | Escort::Unarmed | Escort::Nobody => None,
        }
    }
}
