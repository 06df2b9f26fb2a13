//! Where does git keep the repository at work? Beside the work tree, or elsewhere, and then only where the other side says so too.
//!
//! `.git` may be a file that names a directory, and anybody can write such a file. A worktree's directory names
//! the worktree, and a submodule's the submodule: both stand where a command that wrote the file could not write.

use super::request::Request;
use super::setting::{self, value_of};
use super::weigh::Weighed;
use crate::decide::action::control::WRITE;
use crate::decide::action::rider::hooks;
use crate::decide::action::store::{STOCK, is_made_of, takes_part};
use crate::sys::directory::{Kind, Listing};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// How many submodules' directories are looked for, and how deep: their names may have slashes.
const MOST_MODULES: usize = 32;
const DEEPEST_MODULE: usize = 4;

/// What git keeps of the repository at work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Repository {
    /// Directories outside of the work tree, to be written by git.
    pub(super) elsewhere: Vec<PathBuf>,
    /// What names a program, or leads to what does, and is not to be changed.
    pub(super) kept: Vec<PathBuf>,
    /// Hooks' directories that do not stand.
    pub(super) absent: Vec<PathBuf>,
    /// Files of settings that may change in passing, and are looked at again when the command ends.
    pub(super) weighed: Vec<Weighed>,
    /// Directories in which something is kept, and that must not be exchanged.
    pub(super) pinned: Vec<PathBuf>,
}

/// Looks for it, by real paths.
pub(super) fn look(request: &Request<'_>) -> Repository {
    let mut found = Repository::default();
    let Some(root) = request.repository.and_then(|root| root.canonicalize().ok()) else { return found };
    let mark = root.join(".git");
    let Ok(kind) = fs::symlink_metadata(&mark) else { return found };
    let by_git = takes_part(&STOCK.git, request.programs);
    if kind.is_dir() {
        if !is_made_of(&STOCK.git, request.programs) && !is_passed(request, &mark) {
            found.pinned.push(mark.clone());
        }
        found.take(request, &mark, by_git);
        modules(&mark.join("modules"), DEEPEST_MODULE, &mut |module| found.take(request, module, by_git));
        return found;
    }
    let Some((own, common)) = kind.is_file().then(|| directories(&mark)).flatten() else { return found };
    found.kept.push(mark);
    for name in ["commondir", "gitdir"] {
        found.kept.extend(Some(own.join(name)).filter(|path| path.is_file()));
    }
    found.take(request, &own, by_git);
    if common != own {
        found.take(request, &common, by_git);
    }
    found.elsewhere = vec![own, common];
    found
}

impl Repository {
    /// Where nothing can be made read-only: what comes to run something is taken out when the command ends.
    pub(super) fn look_again(&mut self) {
        for path in &self.kept {
            if path.is_dir() {
                let missing = hooks().map(|name| path.join(name)).filter(|hook| fs::symlink_metadata(hook).is_err());
                self.absent.extend(missing);
            } else {
                self.weighed.extend(Weighed::note(path.clone()));
            }
        }
    }

    fn take(&mut self, request: &Request<'_>, directory: &Path, by_git: bool) {
        let hooks = directory.join("hooks");
        if !is_passed(request, &hooks) {
            if hooks.is_dir() { self.kept.push(hooks) } else { self.absent.push(hooks) }
        }
        for name in ["config", "config.worktree"] {
            let path = directory.join(name);
            let stands = fs::symlink_metadata(&path).is_ok_and(|found| found.is_file());
            if is_passed(request, &path) {
                continue;
            }
            if by_git || !stands { self.weighed.extend(Weighed::note(path)) } else { self.kept.push(path) }
        }
    }
}

/// Does policy, a program's own right or a person's yes let this be written? `./.git/hooks` means those of worktrees and submodules too.
fn is_passed(request: &Request<'_>, path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let places = request.passes.iter().filter_map(|pass| pass.strip_prefix(WRITE));
    places.into_iter().any(|place| {
        let own = place.strip_prefix("./").unwrap_or(place).strip_prefix(".git/").or((place == "./.git").then_some(""));
        own.is_some_and(|own| own.is_empty() || OsStr::new(own) == name)
            || path.starts_with(place)
            || Path::new(place).starts_with(path)
    })
}

/// The git directory that a `.git` file names, and the one that it shares with the repository; both say that it is so.
fn directories(mark: &Path) -> Option<(PathBuf, PathBuf)> {
    let root = mark.parent()?;
    let text = setting::read(mark)?;
    let own = root.join(text.trim_end().strip_prefix("gitdir: ")?).canonicalize().ok()?;
    if let Some(back) = setting::read(&own.join("gitdir")) {
        let back = own.join(back.trim_end()).canonicalize().ok()?;
        let common = own.join(setting::read(&own.join("commondir"))?.trim_end()).canonicalize().ok()?;
        // `REPOSITORY/worktrees/NAME` (gitrepository-layout(5)).
        let is_inside = own.parent().and_then(Path::parent) == Some(&common);
        return (back == mark && is_inside && is_git_directory(&common)).then_some((own, common));
    }
    let text = setting::read(&own.join("config"))?;
    let tree = own.join(value_of(&text, "core.worktree")?).canonicalize().ok()?;
    (tree == root && is_git_directory(&own)).then(|| (own.clone(), own))
}

fn is_git_directory(path: &Path) -> bool {
    path.join("HEAD").is_file() && path.join("objects").is_dir() && path.join("refs").is_dir()
}

/// The git directories of submodules below one for all.
fn modules(directory: &Path, depth: usize, see: &mut impl FnMut(&Path)) {
    fn look(directory: &Path, depth: usize, left: &mut usize, see: &mut impl FnMut(&Path)) {
        let mut below: Vec<PathBuf> = Vec::new();
        let _ = Listing::default().read(directory, |entry| {
            if matches!(entry.kind, Kind::Directory | Kind::Unknown) {
                below.push(directory.join(OsStr::from_bytes(entry.name)));
            }
            true
        });
        for path in below {
            if *left == 0 {
                return;
            }
            if path.join("HEAD").is_file() {
                *left -= 1;
                see(&path);
                look(&path.join("modules"), depth, left, see);
            } else if depth > 1 {
                look(&path, depth - 1, left, see);
            }
        }
    }
    if directory.is_dir() {
        look(directory, depth, &mut MOST_MODULES.clone(), see);
    }
}
