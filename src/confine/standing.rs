//! Which of many paths below homes stand? Each directory on the way is listed once, so that what is not there costs nothing.

use crate::sys::directory::Listing;
use nix::errno::Errno;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Directories that were listed.
pub(super) struct Standing<'a> {
    homes: &'a [PathBuf],
    /// Their names; `None`: nobody may list it. By text, for paths are compared name by name.
    listed: BTreeMap<OsString, Option<BTreeSet<OsString>>>,
    listing: Listing,
}

impl<'a> Standing<'a> {
    pub(super) fn below(homes: &'a [PathBuf]) -> Standing<'a> {
        Standing { homes, listed: BTreeMap::new(), listing: Listing::default() }
    }

    /// Does something stand there? `None`: it lies in no home, or in a directory that nobody may list.
    pub(super) fn stands(&mut self, path: &Path) -> Option<bool> {
        let home = self.homes.iter().find(|home| path.starts_with(home))?;
        let mut directory = home.clone();
        for name in path.strip_prefix(home).unwrap_or(Path::new("")) {
            if !self.names(&directory)?.contains(name) {
                return Some(false);
            }
            directory.push(name);
        }
        Some(true)
    }

    /// Something was made there.
    pub(super) fn forget(&mut self, path: &Path) {
        self.listed.retain(|directory, _| !path.starts_with(Path::new(directory)));
    }

    fn names(&mut self, directory: &Path) -> Option<&BTreeSet<OsString>> {
        if !self.listed.contains_key(directory.as_os_str()) {
            let mut names = BTreeSet::new();
            let read = self.listing.read(directory, |entry| {
                names.insert(OsStr::from_bytes(entry.name).to_owned());
                true
            });
            let names = match read {
                Ok(()) | Err(Errno::ENOENT | Errno::ENOTDIR) => Some(names),
                Err(_) => None,
            };
            self.listed.insert(directory.as_os_str().to_owned(), names);
        }
        self.listed.get(directory.as_os_str())?.as_ref()
    }
}
