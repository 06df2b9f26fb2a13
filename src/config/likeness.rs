//! Are files on the disk those of git's index?

use super::git::{Git, Stamp};
use std::collections::HashMap;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The most files that are compared by their contents, where their times say nothing.
const MOST_HASHED: usize = 256;
/// The most bytes of such files.
const MOST_HASHED_BYTES: u64 = 8 * 1024 * 1024;

/// Whether files on the disk are those of the index, told by times and size, and where these differ by contents.
///
/// git's own comparison is not used: it runs the filters that the repository names.
pub(super) struct Likeness {
    index: HashMap<PathBuf, Stamp>,
    to_hash: Vec<(PathBuf, String)>,
    bytes: u64,
    differing: Vec<PathBuf>,
}

impl Likeness {
    pub(super) fn new(index: HashMap<PathBuf, Stamp>) -> Likeness {
        Likeness { index, to_hash: Vec::new(), bytes: 0, differing: Vec::new() }
    }

    /// The files of the index.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.index.keys().cloned().collect()
    }

    /// Notes a file that was found, by its path from the root.
    pub(super) fn meet(&mut self, path: &Path, found: &Metadata) {
        match self.index.get(path) {
            Some(stamp) if is_as_added(stamp, found) => {}
            Some(stamp)
                if found.is_file() && stamp.mode.starts_with("100") && is_executable(found) == stamp.is_program() =>
            {
                self.bytes = self.bytes.saturating_add(found.len());
                self.to_hash.push((path.to_owned(), stamp.object.clone()));
            }
            Some(_) | None => self.differing.push(path.to_owned()),
        }
    }

    /// The files that were met and are not as in the index; `None` if that would be too much work.
    pub(super) fn differing(mut self, git: &Git, root: &Path) -> Option<Vec<PathBuf>> {
        if self.to_hash.len() > MOST_HASHED || self.bytes > MOST_HASHED_BYTES {
            return None;
        }
        if !self.to_hash.is_empty() {
            let paths: Vec<&Path> = self.to_hash.iter().map(|(path, _)| path.as_path()).collect();
            let hashed = git.hash(root, &paths).filter(|hashed| hashed.len() == paths.len())?;
            let changed = hashed.iter().zip(&self.to_hash).filter(|(own, (_, object))| *own != object);
            self.differing.extend(changed.map(|(_, (path, _))| path.clone()));
        }
        Some(self.differing)
    }
}

impl Stamp {
    fn is_program(&self) -> bool {
        self.mode == "100755"
    }
}

fn is_executable(found: &Metadata) -> bool {
    found.mode() & 0o100 != 0
}

/// The file has not been touched since it was added. Times without fractions are too coarse to tell.
fn is_as_added(stamp: &Stamp, found: &Metadata) -> bool {
    let links = stamp.mode == "120000" && found.is_symlink();
    let files = stamp.mode.starts_with("100") && found.is_file();
    // git keeps the lower 32 bits of numbers and sizes (gitformat-index(5)).
    let low = |number: u64| number & u64::from(u32::MAX);
    (links || files)
        && stamp.changed == (found.ctime(), found.ctime_nsec())
        && stamp.modified == (found.mtime(), found.mtime_nsec())
        && found.ctime_nsec() != 0
        && low(stamp.inode) == low(found.ino())
        && low(stamp.size) == low(found.len())
}
