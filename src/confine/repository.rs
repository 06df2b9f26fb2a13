//! Secrets in the repository, by name, and second names of credentials.
//!
//! The walk is bounded: it goes from the root and from the working directory downwards, the nearest
//! directories first, leaves out what tools make and fetch, and stops at a number of directories and
//! entries. That it stopped is told.

use super::expand::extra_names;
use super::kin::kin;
use super::memory::{Kept, Purpose};
use super::plan::Shape;
use super::request::Request;
use super::search::{Origin, Search};
use super::survey::Grounds;
use crate::decide::action::glob::matches;
use crate::decide::action::keyring::{Entry, in_repository_by_name};
use crate::sys::directory::{self, Kind};
use nix::sys::stat::lstat;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// How deep below the root, and below the working directory.
const DEPTH: usize = 4;
/// How many directories are read.
const MOST_DIRECTORIES: usize = 128;
/// How many entries are looked at.
const MOST_ENTRIES: usize = 8192;
/// How many files of a walled directory are looked for under second names.
const MOST_HIDDEN: usize = 64;

/// Numbers of what directories are listed for; those of the trees' branches are below.
const OF_REPOSITORIES: u64 = 1 << 63;
const HIDDEN: u64 = 1 << 62;

/// Directories that tools make or fetch, or that hold keys made for tests: nobody keeps a secret there.
const PASSED_OVER: [&str; 36] = [
    ".git",
    ".hg",
    ".svn",
    ".jj",
    "node_modules",
    "bower_components",
    "target",
    "vendor",
    ".venv",
    "venv",
    "site-packages",
    "__pycache__",
    ".tox",
    ".nox",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "dist",
    "build",
    "out",
    ".next",
    ".nuxt",
    ".svelte-kit",
    ".turbo",
    ".parcel-cache",
    ".cache",
    ".gradle",
    ".idea",
    "Pods",
    "DerivedData",
    "coverage",
    "fixtures",
    "testdata",
    "test-fixtures",
    "third_party",
    ".yarn",
];

/// How the walk went.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Something was not looked at.
    pub(super) cut_short: bool,
    /// Files with more names than were found.
    pub(super) unfound_links: Vec<PathBuf>,
}

/// A directory to be read: its path, its names below the root, and how deep it may still go.
struct Step {
    path: PathBuf,
    names: Vec<String>,
    depth: usize,
}

/// Walks through the repository, or the working directory where there is none.
pub(super) fn walk<'a>(request: &'a Request<'a>, ground: &'a Grounds, search: &mut Search<'a>) -> Walked {
    let hidden = hidden_inodes(search);
    let mut walk = Walk { ground, extra: extra_names(request), hidden, met: Vec::new(), aliases: Vec::new() };
    let cut_short = walk.go(search);
    let (met, aliases) = (walk.met, walk.aliases);
    for (path, credential) in met {
        match credential {
            _ if (request.tracked)(&path) => {}
            Some(credential) => drop(search.consider(&path, credential, Origin::Repository)),
            None => search.deny(&path, Origin::Repository),
        }
    }
    for (path, credential) in aliases {
        search.alias(&path, &credential);
    }
    Walked { cut_short, unfound_links: unfound(search) }
}

struct Walk<'a> {
    ground: &'a Grounds,
    extra: Vec<&'a str>,
    hidden: BTreeMap<u64, (PathBuf, String)>,
    met: Vec<(PathBuf, Option<&'static crate::decide::action::credential::Credential>)>,
    aliases: Vec<(PathBuf, String)>,
}

impl Walk<'_> {
    /// Says whether something was left out.
    fn go(&mut self, search: &mut Search<'_>) -> bool {
        let number = self.number();
        let mut queue: VecDeque<Step> = starts(self.ground);
        let mut seen: BTreeSet<PathBuf> = queue.iter().map(|step| step.path.clone()).collect();
        let (mut directories, mut entries) = (0, 0);
        while let Some(step) = queue.pop_front() {
            directories += 1;
            let mut below: Vec<OsString> = Vec::new();
            let held = search.see(&step.path, number, &mut |name, entry| self.is_worth_a_look(&step, name, entry));
            let held = held.unwrap_or_default();
            entries += held.entries;
            for kept in &held.kept {
                self.look_at(&step, kept, &mut below);
            }
            if entries >= MOST_ENTRIES || directories >= MOST_DIRECTORIES {
                return true;
            }
            if step.depth > 0 {
                for name in below {
                    let path = step.path.join(&name);
                    if seen.insert(path.clone()) {
                        let names = step.names.iter().cloned().chain([name.to_string_lossy().into_owned()]).collect();
                        queue.push_back(Step { path, names, depth: step.depth - 1 });
                    }
                }
            }
        }
        false
    }

    /// What is worth a look depends on this much beside the directory's path.
    fn number(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.ground.root, &self.extra, &self.hidden).hash(&mut hasher);
        hasher.finish() | OF_REPOSITORIES
    }

    fn is_worth_a_look(&self, step: &Step, name: &str, entry: directory::Entry<'_>) -> bool {
        match kind_of(entry.kind) {
            Some(Entry::Directory) => !PASSED_OVER.contains(&name),
            Some(Entry::File) => {
                in_repository_by_name(&step.names, name, Entry::File).next().is_some()
                    || self.is_extra(name)
                    || self.hidden.contains_key(&entry.inode)
            }
            None => false,
        }
    }

    fn is_extra(&self, name: &str) -> bool {
        self.extra.iter().any(|pattern| matches(pattern.trim_end_matches('/'), name))
    }

    fn look_at(&mut self, step: &Step, kept: &Kept<'_>, below: &mut Vec<OsString>) {
        let Some(kind) = kind_of(kept.kind) else { return };
        let (name, text) = (kept.os_name(), kept.text());
        for credential in in_repository_by_name(&step.names, &text, kind) {
            self.met.push((step.path.join(name), Some(credential)));
        }
        if self.is_extra(&text) {
            self.met.push((step.path.join(name), None));
        }
        if kind == Entry::Directory {
            below.push(name.to_owned());
        } else if let Some((source, credential)) = self.hidden.get(&kept.inode) {
            let path = step.path.join(name);
            if is_same_file(source, &path) {
                self.aliases.push((path, credential.clone()));
            }
        }
    }
}

fn kind_of(kind: Kind) -> Option<Entry> {
    match kind {
        Kind::Directory => Some(Entry::Directory),
        Kind::File | Kind::Link | Kind::Unknown => Some(Entry::File),
        Kind::Socket | Kind::Block | Kind::Other => None,
    }
}

/// The root, and every directory from there to the working directory. A home or the root of the
/// machine is looked at but not walked through: it is no project.
fn starts(ground: &Grounds) -> VecDeque<Step> {
    let Grounds { homes, root, directory } = ground;
    let is_wide = root.parent().is_none() || homes.iter().any(|home| home.starts_with(root));
    let depth = if is_wide { 0 } else { DEPTH };
    let mut queue = VecDeque::from([Step { path: root.clone(), names: Vec::new(), depth }]);
    let mut names = Vec::new();
    let mut path = root.clone();
    for name in directory.strip_prefix(root).unwrap_or(Path::new("")) {
        path = path.join(name);
        names.push(name.to_string_lossy().into_owned());
        let depth = if path == *directory { DEPTH } else { 0 };
        queue.push_back(Step { path: path.clone(), names: names.clone(), depth });
    }
    if !is_wide {
        queue.extend(kin(root).into_iter().map(|path| Step { path, names: Vec::new(), depth: DEPTH }));
    }
    queue
}

/// The inodes of all files that are walled off so far, with those in walled directories at first hand.
fn hidden_inodes(search: &mut Search<'_>) -> BTreeMap<u64, (PathBuf, String)> {
    let mut hidden = BTreeMap::new();
    for target in search.targets().to_vec() {
        match target.shape {
            Shape::File if target.links > 1 => {
                hidden.insert(target.identity.1, (target.path, target.credential));
            }
            Shape::Directory => {
                let purpose =
                    Purpose { number: HIDDEN, most: MOST_HIDDEN, keep: &mut |_, entry| entry.kind == Kind::File };
                for kept in search.remember(&target.path, purpose).unwrap_or_default().kept {
                    hidden.insert(kept.inode, (target.path.join(kept.os_name()), target.credential.clone()));
                }
            }
            Shape::File | Shape::Socket | Shape::Device => {}
        }
    }
    hidden
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (lstat(one), lstat(other)) {
        (Ok(one), Ok(other)) => (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino),
        _ => false,
    }
}

/// Files with more names than were taken up.
fn unfound(search: &Search<'_>) -> Vec<PathBuf> {
    let names = |identity| search.targets().iter().filter(|target| target.identity == identity).count() as u64;
    let files = search.targets().iter().filter(|target| target.shape == Shape::File && target.links > 1);
    files.filter(|target| names(target.identity) < target.links).map(|target| target.path.clone()).collect()
}
