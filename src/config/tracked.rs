//! Does git track a path? Read from the index itself: git would take longer than the command.

use super::setting::git_directory;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The largest index that is read, in bytes: some two hundred thousand files.
const LARGEST: u64 = 32 * 1024 * 1024;

/// How far up from a path its repository is looked for.
const MOST_DIRECTORIES: usize = 64;

/// The indexes of the repositories that were asked about, each read once.
#[derive(Debug, Default)]
pub struct Tracked {
    /// By the root of the working tree; empty where there is none that can be read.
    indexes: RefCell<BTreeMap<PathBuf, Vec<u8>>>,
}

impl Tracked {
    /// Is this file, or something below this directory, in the index of the repository that it lies in: the nearest
    /// one above it, be that a worktree or a submodule?
    ///
    /// Versions 2 and 3 of the index hold each name in full, behind two bytes with its length (gitformat-index(5)). In
    /// version 4 names are compressed and not looked for: nothing counts as tracked there, the stricter answer for a wall.
    #[must_use]
    pub fn has(&self, path: &Path) -> bool {
        let above = path.ancestors().skip(1).take(MOST_DIRECTORIES);
        let Some(root) = above.into_iter().find(|at| fs::symlink_metadata(at.join(".git")).is_ok()) else {
            return false;
        };
        let Ok(name) = path.strip_prefix(root) else { return false };
        let name = name.as_os_str().as_bytes();
        let mut indexes = self.indexes.borrow_mut();
        let index = indexes.entry(root.to_owned()).or_insert_with(|| read_index(root).unwrap_or_default());
        !name.is_empty() && holds(index, name)
    }
}

fn read_index(root: &Path) -> Option<Vec<u8>> {
    let index = git_directory(root)?.join("index");
    let fits = fs::metadata(&index).is_ok_and(|found| found.is_file() && found.len() <= LARGEST);
    fits.then(|| fs::read(&index).ok()).flatten()
}

fn holds(index: &[u8], name: &[u8]) -> bool {
    let mut from = 12;
    while let Some(at) = index.get(from..).and_then(|rest| memchr::memmem::find(rest, name)).map(|at| at + from) {
        let length = at.checked_sub(2).and_then(|flags| index.get(flags..at)).and_then(|two| two.try_into().ok());
        let length = length.map_or(0, |two| usize::from(u16::from_be_bytes(two) & 0x0fff));
        match index.get(at + name.len()) {
            Some(0) if length == name.len().min(0x0fff) => return true,
            Some(b'/') if length > name.len() => return true,
            Some(_) | None => from = at + 1,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn what_git_tracks_is_told_from_what_it_does_not() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let root = directory.path();
        fs::create_dir_all(root.join("config/deep")).expect("directories");
        for name in [".env", "config/.env", "config/deep/key.pem", "other.env"] {
            fs::write(root.join(name), "x").expect("a file");
        }
        let git = |arguments: &[&str]| {
            let done = Command::new("git").arg("-C").arg(root).args(arguments).output().expect("git runs");
            assert!(done.status.success(), "{done:?}");
        };
        git(&["init", "-q"]);
        assert!(!Tracked::default().has(&root.join(".env")));
        git(&["add", "config", "other.env"]);
        let tracked = Tracked::default();
        assert!(!tracked.has(&root.join(".env")));
        assert!(tracked.has(&root.join("config/.env")));
        assert!(tracked.has(&root.join("config/deep")));
        assert!(!tracked.has(&root.join("config/dee")));
    }

    #[test]
    fn a_worktree_and_a_submodule_are_asked_by_their_own_index() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let (main, other) = (directory.path().join("main"), directory.path().join("other"));
        let git = |at: &Path, arguments: &[&str]| {
            let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"];
            let done = Command::new("git").arg("-C").arg(at).args(identity).args(arguments).output().expect("git runs");
            assert!(done.status.success(), "{done:?}");
        };
        for root in [&main, &other] {
            fs::create_dir(root).expect("a directory");
            git(root, &["init", "-q"]);
            fs::write(root.join("kept.env"), "x").expect("a file");
            git(root, &["add", "kept.env"]);
            git(root, &["commit", "-qm", "all"]);
        }
        git(&main, &["worktree", "add", "-q", "../tree"]);
        git(&main, &["submodule", "--quiet", "add", "../other", "part"]);
        let tracked = Tracked::default();
        for root in [directory.path().join("tree"), main.join("part"), main] {
            assert!(tracked.has(&root.join("kept.env")), "{root:?}");
            assert!(!tracked.has(&root.join("new.env")), "{root:?}");
        }
    }
}
