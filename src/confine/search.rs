//! Going down the tree of known paths and the directories of the machine side by side.
//!
//! Where many names are known below a directory it is listed and the names are looked up, unless an earlier start did so and
//! the directory has not changed; where few are, they are asked for. So a home costs a handful of calls and not one for each
//! of some three hundred paths.

use super::memory::{Memory, Purpose, Seen};
use super::plan::Shape;
use super::request::Request;
use super::target::{Target, shape_of};
use super::terminal::Terminals;
use crate::decide::action::credential::{Branch, Credential, Kind};
use crate::decide::action::keyring::{counted, fitting, leads_on};
use crate::decide::action::owner::is_own;
use crate::sys::directory::{self, Listing};
use nix::errno::Errno;
use nix::sys::stat::{FileStat, SFlag, lstat, stat};
use nix::unistd::{AccessFlags, access, geteuid};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// From so many known names on, a directory is listed: what was listed is remembered, what was asked for is not.
const WORTH_LISTING: usize = 3;

/// What the ids of credentials that nobody knows begin with.
const UNKNOWN: &str = "unknown.";

/// So many entries of a directory are looked at: `/tmp` may hold any number.
pub(super) const MOST_ENTRIES: usize = 8192;

/// How much of a file is read to see what it holds.
const LONGEST_READ: u64 = 64 * 1024;

/// A search under way.
pub(super) struct Search<'a> {
    request: &'a Request<'a>,
    memory: &'a mut Memory<'static>,
    targets: Vec<Target>,
    seen: BTreeSet<PathBuf>,
    listing: Listing,
    terminals: OnceCell<Terminals>,
    user: u32,
    is_root: bool,
}

/// Where a possible credential was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// At a known path.
    Path,
    /// At the value of a variable: a file or socket only, for anybody may set a variable.
    Variable,
    /// In the repository.
    Repository,
}

impl<'a> Search<'a> {
    pub(super) fn new(request: &'a Request<'a>, memory: &'a mut Memory<'static>) -> Search<'a> {
        let user = geteuid();
        Search {
            request,
            memory,
            targets: Vec::new(),
            seen: BTreeSet::new(),
            listing: Listing::default(),
            terminals: OnceCell::new(),
            user: user.as_raw(),
            is_root: user.is_root(),
        }
    }

    pub(super) fn finish(self) -> Vec<Target> {
        self.targets
    }

    pub(super) fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// Follows a branch below a directory, which is given by its real path.
    pub(super) fn follow(&mut self, branch: &'static Branch, directory: &Path) {
        if branch.of_root && !self.is_root {
            return;
        }
        let by_name = || -> Vec<Met> {
            let names = branch.below.0.iter();
            names.map(|below| (below, directory.join(below.name.0), directory::Kind::Unknown)).collect()
        };
        let met = if branch.globs.is_empty() && branch.rest.is_empty() && branch.below.len() < WORTH_LISTING {
            by_name()
        } else {
            match self.see(directory, u64::from(branch.number), &mut |name, _| leads_on(branch, name)) {
                Ok(seen) => (seen.kept.iter())
                    .flat_map(|kept| {
                        fitting(branch, &kept.text())
                            .map(|below| (below, directory.join(kept.os_name()), kept.kind))
                            .collect::<Vec<_>>()
                    })
                    .collect(),
                // What may not be listed may be gone through by name all the same.
                Err(Errno::EACCES) => by_name(),
                Err(_) => Vec::new(),
            }
        };
        for (below, path, kind) in met {
            self.meet(below, path, kind);
        }
    }

    /// What a directory holds that is worth a look.
    pub(super) fn see(
        &mut self,
        directory: &Path,
        number: u64,
        keep: &mut dyn FnMut(&str, directory::Entry<'_>) -> bool,
    ) -> Result<Seen<'static>, Errno> {
        self.remember(directory, Purpose { number, most: MOST_ENTRIES, keep })
    }

    /// [`see`](Self::see), with a limit of the purpose's own.
    pub(super) fn remember(&mut self, directory: &Path, purpose: Purpose<'_>) -> Result<Seen<'static>, Errno> {
        self.memory.see(&mut self.listing, directory, purpose)
    }

    fn meet(&mut self, branch: &'static Branch, path: PathBuf, kind: directory::Kind) {
        let Some((path, kind, found)) = settle(path, kind) else { return };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut whole = false;
        for credential in branch.ends.iter().filter_map(|place| counted(*place, &name)) {
            whole |= self.weigh(&path, found, credential, Origin::Path);
        }
        let leads_on = !branch.below.is_empty() || !branch.globs.is_empty();
        if leads_on && !whole && kind == directory::Kind::Directory {
            self.follow(branch, &path);
        }
    }

    /// Takes a path up if it is a credential that stands and is not passed. Says whether it did.
    pub(super) fn consider(&mut self, path: &Path, credential: &Credential, origin: Origin) -> bool {
        self.weigh(path, None, credential, origin)
    }

    /// [`consider`](Self::consider), where it may be known already what stands there.
    fn weigh(&mut self, path: &Path, known: Option<FileStat>, credential: &Credential, origin: Origin) -> bool {
        if self.is_passed(credential.id.0, path) {
            return false;
        }
        let resolved = known.map(|found| (path.to_owned(), found)).or_else(|| resolve(path));
        let Some((path, found)) = resolved else { return false };
        let Some(shape) = shape_of(&found) else { return false };
        let fits = match (credential.kind, shape) {
            (Kind::Socket, Shape::Socket | Shape::Device) | (Kind::File, Shape::File) => true,
            // A shared connection of ssh's lies among its keys.
            (Kind::File, Shape::Directory | Shape::Socket) => origin != Origin::Variable,
            // A history that is a link to `/dev/null` must not take `/dev/null` away.
            (Kind::File, Shape::Device) | (Kind::Socket, Shape::File | Shape::Directory) => false,
        };
        let holds = shape != Shape::File || credential.holds.is_empty() || holds_one(&path, &credential.holds);
        if !fits || !holds || self.is_passed(credential.id.0, &path) || self.is_out_of_reach(&path, &found) {
            return false;
        }
        self.take(path, &found, shape, (credential.id.0, origin))
    }

    /// Takes up a path that policy denies, whatever it is.
    pub(super) fn deny(&mut self, path: &Path, origin: Origin) {
        let Some((path, found)) = resolve(path) else { return };
        if let Some(shape) = shape_of(&found).filter(|shape| *shape != Shape::Device) {
            self.take(path, &found, shape, ("policy.deny", origin));
        }
    }

    /// Takes up a file in which a token was found. What git tracks by now is left to it, as everywhere.
    pub(super) fn found(&mut self, path: &Path) {
        const FOUND: &str = "scan.found";
        let Some((path, found)) = resolve(path) else { return };
        let Some(shape) = shape_of(&found).filter(|shape| *shape == Shape::File) else { return };
        if self.is_passed(FOUND, &path) || self.is_out_of_reach(&path, &found) || (self.request.tracked)(&path) {
            return;
        }
        let origin = if self.is_kept_in_home(&path) { Origin::Path } else { Origin::Repository };
        self.take(path, &found, shape, (FOUND, origin));
    }

    /// Does it lie in a home itself, or in one of its hidden directories? Where Landlock stands alone, new files cannot be
    /// made beside it: in a directory of documents or of a project that would be too much.
    fn is_kept_in_home(&self, path: &Path) -> bool {
        let below = self.request.homes.iter().find_map(|home| path.strip_prefix(home.canonicalize().ok()?).ok());
        let first = below.and_then(|rest| rest.components().next());
        let hidden = first.is_some_and(|first| first.as_os_str().as_bytes().starts_with(b"."));
        hidden || below.is_some_and(|rest| rest.components().count() == 1)
    }

    /// Takes up a second name of something that was found.
    pub(super) fn alias(&mut self, path: &Path, credential: &str) {
        if let Some((path, found)) = resolve(path) {
            self.take(path, &found, Shape::File, (credential, Origin::Repository));
        }
    }

    fn take(&mut self, path: PathBuf, found: &FileStat, shape: Shape, (id, origin): (&str, Origin)) -> bool {
        if !self.seen.insert(path.clone()) {
            return true;
        }
        self.targets.push(Target {
            path,
            shape,
            credential: id.to_owned(),
            identity: (found.st_dev, found.st_ino),
            links: found.st_nlink,
            in_repository: origin == Origin::Repository,
        });
        true
    }

    /// Can this user not read it anyway? Nothing inside the walls gives a user more rights.
    fn is_out_of_reach(&self, path: &Path, found: &FileStat) -> bool {
        const OTHERS_READ: u32 = 0o004;
        if shape_of(found) == Some(Shape::Device) {
            let reaches = |flag| access(path, flag).is_ok();
            let is_open = reaches(AccessFlags::R_OK) || reaches(AccessFlags::W_OK);
            return !is_open || self.terminals.get_or_init(Terminals::of_this_process).has(found);
        }
        !self.is_root
            && SFlag::from_bits_truncate(found.st_mode) & SFlag::S_IFMT == SFlag::S_IFREG
            && found.st_mode & OTHERS_READ == 0
            && access(path, AccessFlags::R_OK).is_err()
            && access(path, AccessFlags::W_OK).is_err()
            && found.st_uid != self.user
    }

    /// Is the credential passed to this command, by its id or by its path?
    fn is_passed(&self, id: &str, path: &Path) -> bool {
        if self.request.kept.iter().any(|kept| kept == path) {
            return false;
        }
        self.request.passes.iter().any(|pass| match pass.strip_prefix("~/") {
            Some(rest) => self.request.homes.iter().any(|home| path.starts_with(home.join(rest))),
            None if pass.starts_with('/') => path.starts_with(pass),
            None if id.starts_with(UNKNOWN) => {
                pass == id || path.file_name().is_some_and(|name| is_own(pass, &name.to_string_lossy()))
            }
            None => pass == id,
        })
    }
}

/// A known name that a directory may hold: where it leads, its path, and its kind.
type Met = (&'static Branch, PathBuf, directory::Kind);

/// An entry by its real path, with its kind and, if it was asked for, what stands there.
pub(super) type Settled = (PathBuf, directory::Kind, Option<FileStat>);

/// The real path and kind of an entry; `None` where there is nothing.
pub(super) fn settle(path: PathBuf, kind: directory::Kind) -> Option<Settled> {
    match kind {
        directory::Kind::Link => settle_found(path.canonicalize().ok()?),
        directory::Kind::Unknown => {
            let found = lstat(&path).ok()?;
            match shape_of(&found) {
                Some(shape) => Some((path, kind_of(shape), Some(found))),
                None => settle_found(path.canonicalize().ok()?),
            }
        }
        directory::Kind::File
        | directory::Kind::Directory
        | directory::Kind::Socket
        | directory::Kind::Block
        | directory::Kind::Other => Some((path, kind, None)),
    }
}

fn settle_found(path: PathBuf) -> Option<Settled> {
    let found = stat(&path).ok()?;
    Some((path, kind_of(shape_of(&found)?), Some(found)))
}

fn kind_of(shape: Shape) -> directory::Kind {
    match shape {
        Shape::Directory => directory::Kind::Directory,
        Shape::File | Shape::Socket => directory::Kind::File,
        Shape::Device => directory::Kind::Other,
    }
}

/// The real path of something and what it is. The path is real but for its last name.
fn resolve(path: &Path) -> Option<(PathBuf, FileStat)> {
    let found = lstat(path).ok()?;
    if shape_of(&found).is_some() {
        return Some((path.to_owned(), found));
    }
    let real = path.canonicalize().ok()?;
    let found = stat(&real).ok()?;
    Some((real, found))
}

/// Has the file a line with one of these texts, whose value is not left to the environment (`${…}`)?
///
/// A file that cannot be read does not count: neither can the command read it. One that is too long counts.
fn holds_one(path: &Path, texts: &[crate::decide::action::pack::Text]) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let mut bytes = Vec::new();
    if file.take(LONGEST_READ + 1).read_to_end(&mut bytes).is_err() {
        return false;
    }
    bytes.len() as u64 > LONGEST_READ
        || bytes.split(|byte| *byte == b'\n').any(|line| {
            let has = |text: &[u8]| line.windows(text.len()).any(|window| window == text);
            !has(b"${") && texts.iter().any(|text| has(text.as_bytes()))
        })
}

/// Is this a path below a directory that is walled off already?
pub(super) fn is_below_another(target: &Target, all: &[Target]) -> bool {
    all.iter().any(|other| {
        other.shape == Shape::Directory
            && other.path != target.path
            && target.path.starts_with(&other.path)
            && target.path.as_os_str().as_bytes() != other.path.as_os_str().as_bytes()
    })
}
