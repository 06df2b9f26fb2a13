//! How much lies below a path.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The most entries that are counted.
const MOST_ENTRIES: u64 = 200_000;

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Census {
    /// Everything that is no directory.
    pub(super) files: u64,
    /// Their bytes.
    pub(super) bytes: u64,
    /// Something was not counted: time was up, a directory could not be read, another file system begins.
    pub(super) cut_short: bool,
}

/// Counts what lies at and below a path, without following links, and shows each file to `visit`.
pub(super) fn count(path: &Path, found: &Metadata, until: Instant, visit: &mut dyn FnMut(&Path, &Metadata)) -> Census {
    let mut census = Census::default();
    if !found.is_dir() {
        census.add(path, found, visit);
        return census;
    }
    let mut entries: u64 = 0;
    let mut open: Vec<PathBuf> = vec![path.to_owned()];
    while let Some(directory) = open.pop() {
        let Ok(listed) = fs::read_dir(&directory) else {
            census.cut_short = true;
            continue;
        };
        for entry in listed {
            entries += 1;
            if entries > MOST_ENTRIES || Instant::now() >= until {
                census.cut_short = true;
                return census;
            }
            let Some((path, own)) = entry.ok().and_then(|e| Some((e.path(), e.metadata().ok()?))) else {
                census.cut_short = true;
                continue;
            };
            if !own.is_dir() {
                census.add(&path, &own, visit);
            } else if own.dev() == found.dev() {
                open.push(path);
            } else {
                census.cut_short = true;
            }
        }
    }
    census
}

impl Census {
    fn add(&mut self, path: &Path, found: &Metadata, visit: &mut dyn FnMut(&Path, &Metadata)) {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(found.len());
        visit(path, found);
    }
}
