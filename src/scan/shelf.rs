//! The files with tokens that a person had walled off, in holdpoint's state.
//!
//! `scan/paths` holds their paths, each ended by a NUL: all that a start reads. `scan/last` says when it was looked for them last,
//! for `doctor`. Both are written anew under another name and renamed.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// So many are remembered: each costs a start some microseconds.
const MOST: usize = 512;

/// The remembered files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    directory: PathBuf,
    /// Real paths, sorted.
    pub paths: Vec<PathBuf>,
}

/// When it was looked for tokens last, and how many lines could be read by commands then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// How long ago.
    pub ago: Duration,
    /// Lines with tokens in files that were open.
    pub open: usize,
}

/// The paths that are remembered below a state directory. A file that is not there is the usual case.
#[must_use]
pub fn remembered(state: &Path) -> Vec<PathBuf> {
    let text = fs::read(state.join("scan/paths")).unwrap_or_default();
    let paths = text.split(|byte| *byte == 0).filter(|path| path.first() == Some(&b'/'));
    paths.take(MOST).map(|path| PathBuf::from(std::ffi::OsString::from_vec(path.to_vec()))).collect()
}

impl Shelf {
    /// The shelf below a state directory.
    #[must_use]
    pub fn open(state: &Path) -> Shelf {
        Shelf { directory: state.join("scan"), paths: remembered(state) }
    }

    /// Adds paths; gives those that were not there yet.
    pub fn add(&mut self, paths: impl IntoIterator<Item = PathBuf>) -> Vec<PathBuf> {
        let mut added: Vec<PathBuf> = paths.into_iter().filter(|path| !self.paths.contains(path)).collect();
        added.sort();
        added.dedup();
        added.truncate(MOST.saturating_sub(self.paths.len()));
        self.paths.extend(added.iter().cloned());
        self.paths.sort();
        added
    }

    /// Takes paths out; gives those that were there.
    pub fn forget(&mut self, paths: &[PathBuf]) -> Vec<PathBuf> {
        let (gone, kept) = std::mem::take(&mut self.paths).into_iter().partition(|path| paths.contains(path));
        self.paths = kept;
        gone
    }

    /// Can no more be added?
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.paths.len() >= MOST
    }

    /// Writes the paths down.
    ///
    /// # Errors
    /// When the state directory cannot be written.
    pub fn keep(&self) -> io::Result<()> {
        let text: Vec<u8> = self.paths.iter().flat_map(|path| [path.as_os_str().as_bytes(), b"\0"].concat()).collect();
        self.write("paths", &text)
    }

    /// Writes down that it was looked for tokens now.
    ///
    /// # Errors
    /// When the state directory cannot be written.
    pub fn note(&self, now: SystemTime, open: usize) -> io::Result<()> {
        let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        self.write("last", format!("{seconds} {open}\n").as_bytes())
    }

    /// When it was looked for tokens last.
    #[must_use]
    pub fn last(&self, now: SystemTime) -> Option<Last> {
        let text = fs::read_to_string(self.directory.join("last")).ok()?;
        let (seconds, open) = text.trim_end().split_once(' ')?;
        let then = UNIX_EPOCH.checked_add(Duration::from_secs(seconds.parse().ok()?))?;
        Some(Last { ago: now.duration_since(then).unwrap_or_default(), open: open.parse().ok()? })
    }

    fn write(&self, name: &str, text: &[u8]) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.directory)?;
        let draft = self.directory.join(format!("{name}.{}", std::process::id()));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(draft, self.directory.join(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_on_the_shelf_is_remembered_once_until_it_is_forgotten() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let odd = PathBuf::from(std::ffi::OsString::from_vec(b"/home/ada/a\nb\xff".to_vec()));
        let mut shelf = Shelf::open(room.path());
        assert_eq!(shelf.add([odd.clone(), PathBuf::from("/a"), odd.clone()]).len(), 2);
        assert!(shelf.add([odd.clone()]).is_empty());
        shelf.keep().expect("written");
        assert_eq!(remembered(room.path()), [PathBuf::from("/a"), odd.clone()]);
        let mut again = Shelf::open(room.path());
        assert_eq!(again.forget(&[PathBuf::from("/a"), PathBuf::from("/never")]), [PathBuf::from("/a")]);
        again.keep().expect("written");
        assert_eq!(remembered(room.path()), [odd]);
    }

    #[test]
    fn the_last_look_is_remembered_with_what_was_open() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let shelf = Shelf::open(room.path());
        let now = UNIX_EPOCH + Duration::from_secs(1000);
        assert_eq!(shelf.last(now), None);
        shelf.note(now, 3).expect("written");
        let later = now + Duration::from_secs(50);
        assert_eq!(shelf.last(later), Some(Last { ago: Duration::from_secs(50), open: 3 }));
    }

    #[test]
    fn a_full_shelf_takes_no_more_and_says_so() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let mut shelf = Shelf::open(room.path());
        let many = (0..MOST + 9).map(|number| PathBuf::from(format!("/{number}")));
        assert_eq!(shelf.add(many).len(), MOST);
        assert!(shelf.is_full() && shelf.add([PathBuf::from("/one-more")]).is_empty());
    }
}
