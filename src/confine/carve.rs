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
    let read_only: Vec<&Path> = plan.read_only.iter().map(PathBuf::as_path).collect();
    let mut grants = Vec::new();
    grant_around(Path::new("/"), &denied, &read_only, &mut grants);
    if let Some(landlock) = &mut plan.landlock {
        landlock.grants = grants;
    }
}

/// Can Landlock alone refuse it? What lies in the repository has to stay among new files, and sockets are connected to.
pub(super) fn is_carved(mask: &Mask) -> bool {
    mask.shape != Shape::Socket && !mask.in_repository
}

/// Grants everything below a directory but what is denied. Recursion is as deep as the deepest denied path.
fn grant_around(directory: &Path, denied: &[&Path], read_only: &[&Path], grants: &mut Vec<Grant>) {
    let below: Vec<&Path> = denied.iter().copied().filter(|path| path.starts_with(directory)).collect();
    if below.is_empty() {
        let rights = if read_only.contains(&directory) { Rights::Reading } else { Rights::Everything };
        grants.push(Grant { path: directory.to_owned(), rights });
        return;
    }
    if below.contains(&directory) {
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
        grant_around(&entry, &below, read_only, grants);
    }
}
