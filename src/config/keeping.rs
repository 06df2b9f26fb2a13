//! What git would lose: files that differ from the last commit or are not tracked, commits that no other ref has.
//!
//! Nothing of the repository runs ([`super::git`]), the work is bounded, and in doubt the answer is that nothing is known.

use super::facts::Budget;
use super::find::repository_root;
use super::git::Git;
use super::likeness::Likeness;
use crate::decide::action::{Keeping, Kept, Setting};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The most files that are told; more are not counted up, and then nothing is known.
const MOST_TOLD: usize = 64;
/// The most tracked files that are looked at.
const MOST_FILES: usize = 100_000;

/// Answers a question about what git keeps.
pub(super) fn find_kept(asked: &Keeping, setting: &Setting, budget: &mut Budget) -> Kept {
    let mut missing = false;
    let found = Budget::spend(&mut budget.git, |until| match asked {
        Keeping::Tracked { directory, paths, commit } => {
            Tree::open(directory, until)?.changed(paths, commit.as_deref().unwrap_or("HEAD"))
        }
        Keeping::Untracked { directory, paths, ignored } => {
            let git = Git::as_run_by(setting, until);
            Tree::open(directory, until)?.untracked(&git, paths, *ignored)
        }
        Keeping::Commits { directory, of, by } => {
            let tree = Tree::open(directory, until)?;
            missing = of.starts_with("refs/") && tree.git.is_missing(&tree.root, of);
            tree.lonely(of, by)
        }
        Keeping::Stash { directory } => Tree::open(directory, until)?.not_applied(),
    });
    match found {
        Some(names) if names.len() <= MOST_TOLD => Kept::AllBut(names),
        Some(_) | None if missing => Kept::Missing,
        Some(_) | None => Kept::Unknown,
    }
}

/// The working tree in which a directory lies.
struct Tree {
    git: Git,
    /// Where git is run, resolved.
    directory: PathBuf,
    root: PathBuf,
    until: Instant,
}

impl Tree {
    /// `None` where git would take another directory for the root: its configuration can name one.
    fn open(directory: &str, until: Instant) -> Option<Tree> {
        let directory = fs::canonicalize(directory).ok()?;
        let root = repository_root(&directory)?.to_owned();
        let git = Git::alone(until);
        let own = git.top_level(&directory)?;
        (own == root).then_some(Tree { git, directory, root, until })
    }

    /// A path from the root, which is `.`; `None` for what lies elsewhere, or behind a link.
    fn inner(&self, path: &str) -> Option<PathBuf> {
        let above = Path::new(path).parent().unwrap_or(Path::new("/"));
        let place = match Path::new(path).file_name() {
            Some(name) => fs::canonicalize(above).ok()?.join(name),
            None => PathBuf::from(path),
        };
        let inner = place.strip_prefix(&self.root).ok()?;
        Some(if inner.as_os_str().is_empty() { PathBuf::from(".") } else { inner.to_owned() })
    }

    fn inner_paths(&self, paths: &[String]) -> Option<Vec<PathBuf>> {
        match paths {
            [] => Some(vec![PathBuf::from(".")]),
            paths => paths.iter().map(|path| self.inner(path)).collect(),
        }
    }

    fn tell(&self, paths: impl IntoIterator<Item = PathBuf>) -> Vec<String> {
        paths.into_iter().take(MOST_TOLD + 1).map(|path| self.root.join(path).to_string_lossy().into_owned()).collect()
    }

    /// Tracked files that are not as in the last commit, and what else stands where a commit has files.
    fn changed(&self, paths: &[String], commit: &str) -> Option<Vec<String>> {
        let mut lost = Vec::new();
        for inner in self.inner_paths(paths)? {
            if !self.git.is_committed(&self.root, &inner) {
                // Staged work: which of it git alone knows.
                return None;
            }
            lost.extend(self.edited(&inner)?);
            if !matches!(commit, "HEAD" | "@") {
                let commit = self.git.resolve(&self.root, commit)?;
                lost.extend(self.in_the_way(&commit, &inner)?);
            }
        }
        Some(self.tell(lost))
    }

    /// Files that are not as in the index.
    fn edited(&self, inner: &Path) -> Option<Vec<PathBuf>> {
        let mut likeness = Likeness::new(self.git.list_index(&self.root, inner)?);
        let paths = likeness.paths();
        if paths.len() > MOST_FILES {
            return None;
        }
        for path in paths {
            if Instant::now() >= self.until {
                return None;
            }
            match fs::symlink_metadata(self.root.join(&path)) {
                Ok(found) => likeness.meet(&path, &found),
                // A deleted file comes back.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(_) => return None,
            }
        }
        likeness.differing(&self.git, &self.root)
    }

    /// What is not tracked, and stands where a commit has a file: git replaces it without a word.
    fn in_the_way(&self, commit: &str, inner: &Path) -> Option<Vec<PathBuf>> {
        let added = self.git.list_added(&self.root, commit, inner)?;
        if added.len() > MOST_FILES {
            return None;
        }
        let mut standing = Vec::new();
        for path in added {
            match fs::symlink_metadata(self.root.join(&path)) {
                Ok(_) => standing.push(path),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                // A file stands where a directory is to be.
                Err(_) => return None,
            }
        }
        Some(standing)
    }

    /// What git does not track. `git` reads the user's configuration too: it may say what is ignored.
    fn untracked(&self, git: &Git, paths: &[String], ignored: bool) -> Option<Vec<String>> {
        // A history without a commit keeps nothing: what comes to stand there is not known.
        self.git.resolve(&self.root, "HEAD")?;
        let inner = match paths {
            [] => vec![self.inner(self.directory.to_str()?)?],
            paths => self.inner_paths(paths)?,
        };
        let mut found = Vec::new();
        for path in inner {
            found.extend(git.list_others(&self.root, &path, ignored)?);
        }
        Some(self.tell(found))
    }

    /// The ref, if its last commit cannot be reached from any of the others.
    fn lonely(&self, of: &str, by: &[String]) -> Option<Vec<String>> {
        let commit = self.git.resolve(&self.root, of)?;
        for other in by {
            let has = match other.ends_with('/') {
                true => self.git.is_below(&self.root, &commit, other)?,
                // The branch that is checked out has its own commits only until it is another one.
                false if other == "HEAD" && self.git.branch(&self.root).as_deref() == Some(of) => false,
                false => self.git.is_ancestor(&self.root, &commit, &self.git.resolve(&self.root, other)?)?,
            };
            if has {
                return Some(Vec::new());
            }
        }
        Some(vec![of.to_owned()])
    }

    /// Files that the newest stash has, and the working tree has not as they are there.
    fn not_applied(&self) -> Option<Vec<String>> {
        let part = |name: &str| self.git.resolve(&self.root, name);
        let (stash, base, index) = (part("refs/stash")?, part("refs/stash^1")?, part("refs/stash^2")?);
        let worked = self.git.list_changes(&self.root, &base, &stash)?;
        let staged = self.git.list_changes(&self.root, &base, &index)?;
        // Staged in another state than the one in the working tree: it stands nowhere else.
        if staged.iter().any(|change| !worked.contains(change)) {
            return None;
        }
        let mut wanted = worked;
        if let Some(others) = part("refs/stash^3") {
            wanted.extend(self.git.list_files(&self.root, &others)?);
        }
        if wanted.len() > MOST_TOLD || wanted.iter().any(|(_, object)| object.is_none()) {
            return None;
        }
        let paths: Vec<&Path> = wanted.iter().map(|(path, _)| path.as_path()).collect();
        if paths.iter().any(|path| !fs::symlink_metadata(self.root.join(path)).is_ok_and(|found| found.is_file())) {
            return None;
        }
        let own = if paths.is_empty() { Vec::new() } else { self.git.hash(&self.root, &paths)? };
        let differing = own.iter().zip(&wanted).filter(|(own, (_, object))| object.as_ref() != Some(*own));
        let differing: Vec<PathBuf> = differing.map(|(_, (path, _))| path.clone()).collect();
        (own.len() == wanted.len()).then(|| self.tell(differing))
    }
}
