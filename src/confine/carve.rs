//! Without masks: what Landlock grants so that the credentials are what is left.
//!
//! Landlock only grants. So on the way from the root to each credential every other entry is granted, and of
//! the directories on the way only their listing. The same goes for the places that may be written, where something within is kept.
//! A file made later in one of those directories is not granted: that is why the repository is never carved.

use super::plan::{Grant, Ground, Mask, Plan, Rights, Shape};
use crate::decide::action::store::STOCK;
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
    let mut grants = Vec::new();
    let everything = vec![PathBuf::from("/")];
    for place in plan.reading.as_ref().unwrap_or(&everything) {
        grant_around(&denied, place, Rights::Reading, &mut grants);
    }
    // What of the repository is read-only is not carved: its directory must take new files.
    let kept: Vec<&Path> = denied.iter().copied().chain(plan.sealed.iter().map(PathBuf::as_path)).collect();
    let mut writes = Vec::new();
    if let Some(landlock) = &mut plan.landlock {
        for grant in &landlock.writes {
            if grant.rights == Rights::Changing {
                grant_around(&kept, &grant.path, Rights::Changing, &mut writes);
            } else {
                writes.push(grant.clone());
            }
        }
        landlock.writes = writes;
        landlock.grants = grants;
    }
}

/// Can Landlock alone refuse it? What lies in the repository has to stay among new files, so has what lies in a temporary directory
/// (`/tmp/krb5cc_0`); sockets are connected to, and terminals lie among new ones.
pub(super) fn is_carved(mask: &Mask) -> bool {
    !matches!(mask.shape, Shape::Socket | Shape::Device) && !mask.in_repository && !is_temporary(&mask.path)
}

/// Does it lie directly in a directory in which everybody makes files all the time?
pub(super) fn is_temporary(path: &Path) -> bool {
    STOCK.temporary.iter().any(|place| path.parent() == Some(Path::new(place.0)))
}

/// Everything on the machine but these paths, as directories and files beside them.
pub(super) fn siblings(kept: &[PathBuf]) -> Vec<PathBuf> {
    let kept: Vec<&Path> = kept.iter().map(PathBuf::as_path).collect();
    let mut grants = Vec::new();
    grant_around(&kept, Path::new("/"), Rights::Changing, &mut grants);
    grants.into_iter().map(|grant| grant.path).collect()
}

/// Grants everything below a directory but what is kept. Recursion is as deep as the deepest kept path.
fn grant_around(kept: &[&Path], directory: &Path, rights: Rights, grants: &mut Vec<Grant>) {
    if kept.contains(&directory) {
        return;
    }
    if !kept.iter().any(|path| path.starts_with(directory)) {
        grants.push(Grant { path: directory.to_owned(), rights });
        return;
    }
    if rights == Rights::Reading {
        grants.push(Grant { path: directory.to_owned(), rights: Rights::Listing });
    }
    let mut entries: Vec<PathBuf> = Vec::new();
    let _ = Listing::default().read(directory, |entry| {
        // A link is followed to what it names, which is granted or denied on its own.
        if entry.kind != Kind::Link {
            entries.push(directory.join(OsStr::from_bytes(entry.name)));
        }
        true
    });
    for entry in entries {
        grant_around(kept, &entry, rights, grants);
    }
}
