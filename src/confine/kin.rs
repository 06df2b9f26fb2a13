//! Other working trees of the same repository: the main one, linked worktrees, and the project that a submodule belongs to.
//!
//! Work in one of them is work in all: an agent in a worktree has the main tree beside it, with its `.env`.

use std::fs;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// So many are searched for secrets.
const MOST: usize = 8;

/// The longest file with a path in it that is read.
const LONGEST: u64 = 4096;

/// The roots of the other working trees, by their real paths.
pub(super) fn kin(root: &Path) -> Vec<PathBuf> {
    let Some(own) = git_directory(root) else { return Vec::new() };
    let common = read_path(&own.join("commondir"), &own).unwrap_or_else(|| own.clone());
    let mut all = Vec::new();
    if common != root.join(".git") {
        all.extend(main_tree(&common));
    }
    let linked = fs::read_dir(common.join("worktrees")).into_iter().flatten().flatten();
    all.extend(linked.filter_map(|entry| {
        let mark = read_path(&entry.path().join("gitdir"), &entry.path())?;
        mark.parent().map(Path::to_owned)
    }));
    let mut real: Vec<PathBuf> = all.into_iter().filter_map(|path| path.canonicalize().ok()).collect();
    real.retain(|path| path != root && path.is_dir());
    real.sort();
    real.dedup();
    real.truncate(MOST);
    real
}

/// `.git` itself, or where it points to (gitrepository-layout(5)).
fn git_directory(root: &Path) -> Option<PathBuf> {
    let mark = root.join(".git");
    if mark.is_dir() {
        return Some(mark);
    }
    let text = read_start(&mark)?;
    root.join(text.trim_end().strip_prefix("gitdir: ")?).canonicalize().ok()
}

/// The working tree around a repository's directory: `shop` for `shop/.git` and for `shop/.git/modules/part`.
fn main_tree(common: &Path) -> Option<PathBuf> {
    let mark = common.ancestors().find(|at| at.file_name().is_some_and(|name| name == ".git"))?;
    mark.parent().map(Path::to_owned)
}

fn read_path(file: &Path, base: &Path) -> Option<PathBuf> {
    let text = read_start(file)?;
    base.join(text.trim_end()).canonicalize().ok()
}

fn read_start(path: &Path) -> Option<String> {
    let file = fs::OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path).ok()?;
    file.metadata().ok().filter(fs::Metadata::is_file)?;
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn working_trees_of_one_repository_know_one_another() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let at = room.path().canonicalize().expect("a real path");
        let (main, other) = (at.join("main"), at.join("other"));
        let git = |at: &Path, arguments: &[&str]| {
            let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"];
            let done = Command::new("git").arg("-C").arg(at).args(identity).args(arguments).output().expect("git runs");
            assert!(done.status.success(), "{done:?}");
        };
        for root in [&main, &other] {
            fs::create_dir(root).expect("a directory");
            git(root, &["init", "-q"]);
            git(root, &["commit", "-q", "--allow-empty", "-m", "first"]);
        }
        assert!(kin(&main).is_empty() && kin(&at).is_empty());
        git(&main, &["worktree", "add", "-q", "../tree"]);
        git(&main, &["submodule", "--quiet", "add", "../other", "part"]);
        assert_eq!(kin(&main), [at.join("tree")]);
        assert_eq!(kin(&at.join("tree")), std::slice::from_ref(&main));
        assert_eq!(kin(&main.join("part")), [main]);
    }
}
