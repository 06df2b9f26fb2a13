//! Secrets in the repository, by name, and second names of credentials.
//!
//! The walk is bounded: it goes from the root and from the working directory downwards, the nearest
//! directories first, leaves out what tools make and fetch, and stops at a number of directories and
//! entries. That it stopped is told.

use super::expand::extra_names;
use super::plan::Shape;
use super::request::Request;
use super::search::{Origin, Search};
use super::survey::Grounds;
use crate::decide::action::glob::matches;
use crate::decide::action::keyring::{Entry, in_repository_by_name};
use crate::sys::directory::{self, Kind, Listing};
use nix::sys::stat::lstat;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

/// How deep below the root, and below the working directory.
const DEPTH: usize = 3;
/// How many directories are read.
const MOST_DIRECTORIES: usize = 128;
/// How many entries are looked at.
const MOST_ENTRIES: usize = 8192;
/// How many files of a walled directory are looked for under second names.
const MOST_HIDDEN: usize = 64;

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
    let cut_short = walk.go();
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
    fn go(&mut self) -> bool {
        let mut listing = Listing::default();
        let mut queue: VecDeque<Step> = starts(self.ground);
        let mut seen: BTreeSet<PathBuf> = queue.iter().map(|step| step.path.clone()).collect();
        let (mut directories, mut entries) = (0, 0);
        while let Some(step) = queue.pop_front() {
            directories += 1;
            let mut below: Vec<String> = Vec::new();
            let _ = listing.read(&step.path, |entry| {
                entries += 1;
                self.look_at(&step, entry, &mut below);
                entries < MOST_ENTRIES
            });
            if entries >= MOST_ENTRIES || directories >= MOST_DIRECTORIES {
                return true;
            }
            if step.depth > 0 {
                for name in below {
                    let path = step.path.join(&name);
                    if seen.insert(path.clone()) {
                        let names = step.names.iter().cloned().chain([name]).collect();
                        queue.push_back(Step { path, names, depth: step.depth - 1 });
                    }
                }
            }
        }
        false
    }

    fn look_at(&mut self, step: &Step, entry: directory::Entry<'_>, below: &mut Vec<String>) {
        let Ok(name) = std::str::from_utf8(entry.name) else { return };
        let kind = match entry.kind {
            Kind::Directory => Entry::Directory,
            Kind::File | Kind::Link | Kind::Unknown => Entry::File,
            Kind::Socket | Kind::Block | Kind::Other => return,
        };
        if kind == Entry::Directory && PASSED_OVER.contains(&name) {
            return;
        }
        for credential in in_repository_by_name(&step.names, name, kind) {
            self.met.push((step.path.join(name), Some(credential)));
        }
        if self.extra.iter().any(|pattern| matches(pattern.trim_end_matches('/'), name)) {
            self.met.push((step.path.join(name), None));
        }
        if kind == Entry::Directory {
            below.push(name.to_owned());
        } else if let Some((source, credential)) = self.hidden.get(&entry.inode) {
            let path = step.path.join(name);
            if is_same_file(source, &path) {
                self.aliases.push((path, credential.clone()));
            }
        }
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
    queue
}

/// The inodes of all files that are walled off so far, with those in walled directories at first hand.
fn hidden_inodes(search: &Search<'_>) -> BTreeMap<u64, (PathBuf, String)> {
    let mut hidden = BTreeMap::new();
    let mut listing = Listing::default();
    for target in search.targets() {
        match target.shape {
            Shape::File if target.links > 1 => {
                hidden.insert(target.identity.1, (target.path.clone(), target.credential.clone()));
            }
            Shape::Directory => {
                let mut left = MOST_HIDDEN;
                let _ = listing.read(&target.path, |entry| {
                    left -= 1;
                    if entry.kind == Kind::File {
                        let path =
                            target.path.join(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(entry.name));
                        hidden.insert(entry.inode, (path, target.credential.clone()));
                    }
                    left > 0
                });
            }
            Shape::File | Shape::Socket => {}
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
