//! What would git reach, besides what its settings name by address: repositories on this machine by a plain name, and files that it
//! would read and show.
//!
//! A repository on this machine has hooks of its own, and git runs them here without the variables of its caller: not in the walls
//! for hooks. So a name counts only if the settings say that it is elsewhere.

use super::find::repository_root;
use crate::decide::action::Guest;
use crate::decide::action::rider::{Setting, is_elsewhere, is_file, names_remote};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Hooks of a repository that is pushed to (githooks(5)).
const OF_RECEIVERS: [&str; 7] = [
    "pre-receive",
    "update",
    "proc-receive",
    "post-receive",
    "post-update",
    "push-to-checkout",
    "reference-transaction",
];

/// Where git looked for remotes before there were settings for it (gitrepository-layout(5)).
const LEGACY: [&str; 2] = ["remotes", "branches"];

/// Where in a git directory files lie whose text git reads and shows.
const SHOWN: [&str; 6] = ["", "info", "objects/info", "rebase-merge", "rebase-apply", "sequencer"];

/// What is known where a command's git works.
pub(super) struct Ground<'a> {
    /// The directory that it works in.
    pub(super) directory: &'a Path,
    /// Its settings with the files that they stand in.
    pub(super) settings: &'a [(PathBuf, Setting)],
    /// Git's own directories.
    pub(super) git: &'a [PathBuf],
    /// What the whole command makes.
    pub(super) made: &'a Made,
    /// Is this real path closed to commands?
    pub(super) is_closed: &'a dyn Fn(&Path) -> bool,
}

/// What a command's calls of git make before others of them run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// Does one make a repository?
    repository: bool,
    /// The names of remotes that are added, with an address elsewhere.
    remotes: Vec<String>,
}

impl Made {
    /// What these calls make.
    #[must_use]
    pub fn by(guests: &[Guest]) -> Made {
        Made {
            repository: guests.iter().any(|guest| guest.makes),
            remotes: guests.iter().filter_map(|guest| guest.adds.clone()).collect(),
        }
    }
}

impl Ground<'_> {
    /// The first thing that would ride along, as a sentence's subject.
    pub(super) fn look(&self, guest: &Guest) -> Option<String> {
        self.legacy().or_else(|| self.of_settings()).or_else(|| self.of_names(guest)).or_else(|| self.of_links(guest))
    }

    fn legacy(&self) -> Option<String> {
        let places = self.git.iter().flat_map(|git| LEGACY.map(|name| git.join(name)));
        let mut entries = places.flat_map(|place| fs::read_dir(place).into_iter().flatten().flatten());
        entries.next().map(|entry| entry.path().display().to_string())
    }

    /// Settings that name a remote without an address elsewhere, or a file that is closed.
    fn of_settings(&self) -> Option<String> {
        let is_astray = |setting: &Setting| {
            (names_remote(&setting.key) && !self.is_settled(&setting.value))
                || (is_file(&setting.key) && self.leads_to_closed(&setting.value))
        };
        let (path, setting) = self.settings.iter().find(|(_, setting)| is_astray(setting))?;
        Some(format!("{} ({}:{})", setting.key, path.display(), setting.line))
    }

    fn of_names(&self, guest: &Guest) -> Option<String> {
        let first = guest.repositories.first().filter(|name| self.made.repository && !self.is_known(name));
        let stands = || guest.repositories.iter().find(|name| !self.is_known(name) && self.stands(name));
        first.or_else(stands).cloned()
    }

    /// Links that lead to what is closed: among the words that git is told, and where it reads by itself.
    fn of_links(&self, guest: &Guest) -> Option<String> {
        let word = guest.words.iter().find(|word| self.leads_to_closed(word));
        let link = || {
            let places = self.git.iter().flat_map(|git| SHOWN.map(|name| git.join(name)));
            let entries = places.flat_map(|place| fs::read_dir(place).into_iter().flatten().flatten());
            let mut links = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink()));
            let link = links.find(|entry| entry.path().canonicalize().is_ok_and(|real| (self.is_closed)(&real)));
            link.map(|entry| entry.path().display().to_string())
        };
        word.cloned().or_else(link)
    }

    /// Is it an address elsewhere, or the name of something that has one?
    fn is_settled(&self, name: &str) -> bool {
        match name {
            "" => true,
            // The repository itself: then its own hooks for what is pushed to it would run.
            "." => !self.has_hooks_of_receivers(),
            _ => {
                is_elsewhere(name)
                    || self.is_known(name)
                    || !(name.contains(['/', ':'])
                        || name.starts_with(['.', '~'])
                        || self.made.repository
                        || self.stands(name))
            }
        }
    }

    fn is_known(&self, name: &str) -> bool {
        let key = format!("remote.{name}.url");
        is_elsewhere(name)
            || self.made.remotes.iter().any(|made| made == name)
            || self.settings.iter().any(|(_, setting)| setting.key == key)
    }

    fn has_hooks_of_receivers(&self) -> bool {
        let moved = self.settings.iter().filter(|(_, setting)| setting.key == "core.hookspath");
        let moved = moved.flat_map(|(_, setting)| self.bases().map(|base| base.join(&setting.value)));
        let own = self.git.iter().map(|git| git.join("hooks"));
        let mut places = own.chain(moved);
        places.any(|place| OF_RECEIVERS.iter().any(|name| fs::symlink_metadata(place.join(name)).is_ok()))
    }

    /// Does a repository, or something that looks like one, stand under this name?
    fn stands(&self, name: &str) -> bool {
        let mut places = self.bases().flat_map(|base| [base.join(name), base.join(format!("{name}.git"))]);
        places.any(|place| place.join(".git").exists() || place.join("HEAD").exists() || is_mark(&place))
    }

    fn leads_to_closed(&self, written: &str) -> bool {
        let written = match written.strip_prefix("~/") {
            Some(rest) => std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default().join(rest),
            None => PathBuf::from(written),
        };
        let mut places = self.bases().chain(self.git.iter().cloned()).map(|base| base.join(&written));
        places.any(|place| place.canonicalize().is_ok_and(|real| (self.is_closed)(&real)))
    }

    /// The directory, and the root of its working tree: git goes there.
    fn bases(&self) -> impl Iterator<Item = PathBuf> + use<> {
        [Some(self.directory.to_owned()), repository_root(self.directory).map(Path::to_owned)].into_iter().flatten()
    }
}

/// A file that names a git directory: `gitdir: PATH`.
fn is_mark(path: &Path) -> bool {
    let mut start = [0; 7];
    let opened = fs::metadata(path).is_ok_and(|found| found.is_file()).then(|| fs::File::open(path));
    opened.is_some_and(|file| file.is_ok_and(|mut file| file.read_exact(&mut start).is_ok())) && &start == b"gitdir:"
}
