//! Without masks: what Landlock grants so that the credentials are what is left.
//!
//! Landlock only grants. So on the way from the root to each credential every other entry is granted, and of
//! the directories on the way only their listing. A file made later in one of those is not
//! granted: that is why the repository is never carved.

use super::plan::{Grant, Ground, Mask, Plan, Rights, Shape};
use crate::sys::directory::{Kind, Listing};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Draws the grants of a plan whose ground is [`Ground::Carved`].
pub(super) fn carve(plan: &mut Plan) {
    if !matches!(plan.ground, Ground::Carved(_)) {
        return;
    }
    let denied: Vec<&Path> = plan.masks.iter().filter(|mask| is_carved(mask)).map(|mask| mask.path.as_path()).collect();
    let sealed: Vec<&Path> = plan.sealed.iter().map(PathBuf::as_path).collect();
    let read_only: Vec<&Path> = plan.read_only.iter().map(PathBuf::as_path).collect();
    let mut grants = Vec::new();
    let kept = Kept { denied, sealed, read_only };
    kept.grant_around(Path::new("/"), Rights::Everything, &mut grants);
    if let Some(landlock) = &mut plan.landlock {
        landlock.grants = grants;
    }
}

/// Can Landlock alone refuse it? What lies in the repository has to stay among new files, and sockets are connected to.
pub(super) fn is_carved(mask: &Mask) -> bool {
    mask.shape != Shape::Socket && !mask.in_repository
}

/// What is kept from a command, at and below some directory.
struct Kept<'a> {
    denied: Vec<&'a Path>,
    /// What may be read.
    sealed: Vec<&'a Path>,
    /// The same, but no directory is carved for it: the repository must take new files.
    read_only: Vec<&'a Path>,
}

impl Kept<'_> {
    /// Grants everything below a directory but what is kept. Recursion is as deep as the deepest kept path.
    fn grant_around(&self, directory: &Path, rights: Rights, grants: &mut Vec<Grant>) {
        if self.denied.contains(&directory) {
            return;
        }
        let is_sealed = self.sealed.contains(&directory) || self.read_only.contains(&directory);
        let rights = if is_sealed { Rights::Reading } else { rights };
        let below = |all: &[&Path]| all.iter().any(|path| path.starts_with(directory));
        let is_whole = !below(&self.denied) && (rights == Rights::Reading || !below(&self.sealed));
        if is_whole {
            grants.push(Grant { path: directory.to_owned(), rights });
            return;
        }
        grants.push(Grant { path: directory.to_owned(), rights: Rights::Listing });
        let mut entries: Vec<PathBuf> = Vec::new();
        let _ = Listing::default().read(directory, |entry| {
            // A link is followed to what it names, which is granted or denied on its own.
            if entry.kind != Kind::Link {
                entries.push(directory.join(OsStr::from_bytes(entry.name)));
            }
            true
        });
        for entry in entries {
            self.grant_around(&entry, rights, grants);
        }
    }
}
