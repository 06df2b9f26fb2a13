//! What directories held when they were last listed, so that most need not be listed again.
//!
//! A start looks through the home, some places of the machine, and the directories of the repository. Listing them all took
//! two thirds of a start in a repository of a hundred directories. A directory's change time moves whenever a name in it is
//! made, removed or renamed, and nothing but the clock itself can set it (inode(7)), so what was worth a look is remembered
//! with that time.

use super::search::MOST_ENTRIES;
use crate::decide::action::keyring::DIGEST;
use crate::sys::directory::{Entry, Kind, Listing};
use nix::errno::Errno;
use nix::sys::stat::{FileStat, stat};
use nix::sys::statfs::statfs;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Changes when what is remembered, or what for, changes.
const FORM: u64 = 2;

/// A directory that was changed so recently may change again within one tick of the clock, which its times would not show
/// (the "racy git" problem). Kernels tick every 1 to 10 ms.
const TOO_FRESH: Duration = Duration::from_secs(2);

/// File systems of this machine, whose change times tell of every change (statfs(2)): ext4, xfs, btrfs, tmpfs, overlayfs, f2fs,
/// zfs, bcachefs. On a network others change directories, and times come late.
const OWN_CLOCK: [u64; 8] =
    [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x794C_7630, 0xF2F5_2010, 0x2FC1_2FC1, 0xCA45_1A4E];

/// What an earlier start saw.
#[derive(Debug)]
pub struct Memory<'a> {
    /// By purpose and path.
    listed: Vec<Listed<'a>>,
    has_news: bool,
    now: SystemTime,
}

/// One directory.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Listed<'a> {
    purpose: u64,
    #[serde(borrow)]
    path: Cow<'a, str>,
    stamp: Stamp,
    seen: Seen<'a>,
    #[serde(skip)]
    used: bool,
}

/// A directory as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    device: u64,
    inode: u64,
    changed: (i64, i64),
}

/// What was seen in a directory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen<'a> {
    /// What was worth a look.
    #[serde(borrow)]
    pub(super) kept: Vec<Kept<'a>>,
    /// How many entries were looked at.
    pub(super) entries: usize,
    /// There were more.
    pub(super) cut_short: bool,
}

/// An entry that was worth a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept<'a> {
    /// Its name, as bytes: it need not be text.
    #[serde(borrow)]
    pub(super) name: Cow<'a, [u8]>,
    /// What it is.
    pub(super) kind: Kind,
    /// Its inode's number.
    pub(super) inode: u64,
}

impl Kept<'_> {
    /// The name, for paths.
    pub(super) fn os_name(&self) -> &OsStr {
        OsStr::from_bytes(&self.name)
    }

    /// The name, for patterns. Bytes that are no text stand as U+FFFD, which `*` and `?` match.
    pub(super) fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.name)
    }
}

/// For what directories are listed, and which of their entries are worth a look. Two listings with the same number keep the
/// same entries of the same directory.
pub(super) struct Purpose<'f> {
    /// Tells it from others.
    pub(super) number: u64,
    /// So many entries are looked at.
    pub(super) most: usize,
    /// Is an entry worth a look?
    pub(super) keep: &'f mut dyn FnMut(&str, Entry<'_>) -> bool,
}

impl<'a> Memory<'a> {
    /// What an earlier start wrote down; nothing, if that cannot be read.
    #[must_use]
    pub fn recall(bytes: &'a [u8], now: SystemTime) -> Memory<'a> {
        let read: Option<(u64, Vec<Listed<'a>>)> = postcard::from_bytes(bytes).ok();
        let listed = read.filter(|(key, _)| *key == self::key()).map(|(_, listed)| listed).unwrap_or_default();
        Memory { listed, has_news: false, now }
    }

    /// What to write down for the next start; nothing, if it would see no more than this one did.
    #[must_use]
    pub fn news(&self) -> Option<Vec<u8>> {
        let listed: Vec<&Listed<'_>> = self.listed.iter().filter(|one| one.used).collect();
        self.has_news.then(|| postcard::to_allocvec(&(key(), listed)).ok()).flatten()
    }

    /// The entries of a directory that are worth a look.
    ///
    /// # Errors
    /// ENOENT, EACCES … when it cannot be listed.
    pub(super) fn see(&mut self, listing: &mut Listing, path: &Path, purpose: Purpose<'_>) -> Result<Seen<'a>, Errno> {
        let name = path.to_str().unwrap_or_default();
        // Before it is listed: what comes into it meanwhile changes the stamp of the next look.
        let found = stat(path)?;
        let stamp = Stamp::of(&found);
        let place = self.listed.binary_search_by(|one| (one.purpose, &*one.path).cmp(&(purpose.number, name)));
        if let Some(one) = place.ok().and_then(|place| self.listed.get_mut(place))
            && one.stamp == stamp
        {
            one.used = true;
            return Ok(one.seen.clone());
        }
        let number = purpose.number;
        let seen = list(listing, path, purpose)?;
        let is_known = seen.kept.iter().all(|kept| kept.kind != Kind::Unknown);
        if is_known && !name.is_empty() && stamp.is_settled(self.now) && has_own_clock(path) {
            let one = Listed { purpose: number, path: name.to_owned().into(), stamp, seen: seen.clone(), used: true };
            match place {
                Ok(place) => self.listed.splice(place..=place, [one]).for_each(drop),
                Err(place) => self.listed.insert(place, one),
            }
            self.has_news = true;
        }
        Ok(seen)
    }
}

fn list<'a>(listing: &mut Listing, path: &Path, purpose: Purpose<'_>) -> Result<Seen<'a>, Errno> {
    let mut seen = Seen::default();
    listing.read(path, |entry| {
        seen.entries += 1;
        // A name that is no text may be on a list all the same: an unknown dot entry is.
        if (purpose.keep)(&String::from_utf8_lossy(entry.name), entry) {
            seen.kept.push(Kept { name: entry.name.to_owned().into(), kind: entry.kind, inode: entry.inode });
        }
        seen.cut_short = seen.entries >= purpose.most.min(MOST_ENTRIES);
        !seen.cut_short
    })?;
    Ok(seen)
}

fn key() -> u64 {
    DIGEST ^ FORM
}

impl Stamp {
    fn of(found: &FileStat) -> Stamp {
        Stamp { device: found.st_dev, inode: found.st_ino, changed: (found.st_ctime, found.st_ctime_nsec) }
    }

    fn is_settled(&self, now: SystemTime) -> bool {
        let (Ok(seconds), Ok(nanoseconds)) = (u64::try_from(self.changed.0), u32::try_from(self.changed.1)) else {
            return false;
        };
        let changed = UNIX_EPOCH.checked_add(Duration::new(seconds, nanoseconds));
        changed.and_then(|at| now.duration_since(at).ok()).is_some_and(|age| age > TOO_FRESH)
    }
}

fn has_own_clock(path: &Path) -> bool {
    // One C library has signed numbers here, the other unsigned ones.
    let kind = statfs(path).ok().and_then(|found| u64::try_from(found.filesystem_type().0).ok());
    kind.is_some_and(|kind| OWN_CLOCK.contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    /// What a look at a directory sees, and whether the directory was listed for it.
    fn look(memory: &mut Memory<'_>, path: &Path) -> (Vec<String>, bool) {
        let mut listed = false;
        let purpose = Purpose {
            number: 7,
            most: 100,
            keep: &mut |name, _| {
                listed = true;
                name.starts_with('.')
            },
        };
        let seen = memory.see(&mut Listing::default(), path, purpose).expect("a directory");
        let mut names: Vec<String> = seen.kept.iter().map(|kept| kept.text().into_owned()).collect();
        names.sort();
        (names, listed)
    }

    fn later() -> SystemTime {
        SystemTime::now() + Duration::from_secs(3600)
    }

    /// A start that sees a directory, and what it writes down.
    fn remember(path: &Path) -> Vec<u8> {
        let mut memory = Memory::recall(&[], later());
        look(&mut memory, path);
        memory.news().expect("something to write down: is the temporary directory on a file system of this machine?")
    }

    fn room() -> tempfile::TempDir {
        let room = tempfile::tempdir().expect("a temporary directory");
        fs::write(room.path().join(".known"), "").expect("written");
        fs::write(room.path().join("other"), "").expect("written");
        room
    }

    #[test]
    fn a_directory_that_has_not_changed_is_not_listed_again() {
        let room = room();
        let bytes = remember(room.path());
        let mut memory = Memory::recall(&bytes, later());
        assert_eq!(look(&mut memory, room.path()), (vec![".known".to_owned()], false));
        assert!(memory.news().is_none());
    }

    #[test]
    fn what_is_made_removed_or_renamed_is_seen() {
        type Change = fn(&Path);
        let changes: [(Change, &[&str]); 5] = [
            (|room| fs::write(room.join(".made"), "").expect("made"), &[".known", ".made"]),
            (|room| fs::hard_link(room.join("other"), room.join(".link")).expect("linked"), &[".known", ".link"]),
            (|room| symlink("other", room.join(".link")).expect("linked"), &[".known", ".link"]),
            (|room| fs::remove_file(room.join(".known")).expect("removed"), &[]),
            (|room| fs::rename(room.join("other"), room.join(".other")).expect("renamed"), &[".known", ".other"]),
        ];
        for (change, names) in changes {
            let room = room();
            let bytes = remember(room.path());
            std::thread::sleep(Duration::from_millis(20));
            change(room.path());
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(look(&mut Memory::recall(&bytes, later()), room.path()), (names, true));
        }
    }

    #[test]
    fn another_directory_in_its_place_is_seen_whatever_its_times() {
        let (room, other) = (room(), tempfile::tempdir().expect("a temporary directory"));
        let inner = room.path().join("inner");
        fs::create_dir(&inner).expect("made");
        let bytes = remember(&inner);
        fs::remove_dir(&inner).expect("removed");
        fs::write(other.path().join(".planted"), "").expect("written");
        let kept = fs::metadata(room.path()).and_then(|found| found.modified()).expect("a time");
        fs::rename(other.path(), &inner).expect("put in its place");
        fs::File::open(&inner).and_then(|file| file.set_modified(kept)).expect("the time is set");
        assert_eq!(look(&mut Memory::recall(&bytes, later()), &inner), (vec![".planted".to_owned()], true));
    }

    #[test]
    fn a_directory_that_was_changed_just_now_is_not_remembered() {
        let room = room();
        let mut memory = Memory::recall(&[], SystemTime::now());
        look(&mut memory, room.path());
        assert!(memory.news().is_none());
    }

    #[test]
    fn what_others_change_on_a_network_or_in_the_kernel_is_not_remembered() {
        let mut memory = Memory::recall(&[], later());
        look(&mut memory, Path::new("/proc/self"));
        assert!(memory.news().is_none());
    }

    #[test]
    fn another_list_of_credentials_forgets() {
        let room = room();
        let mut bytes = remember(room.path());
        *bytes.first_mut().expect("a key") ^= 1;
        assert_eq!(look(&mut Memory::recall(&bytes, later()), room.path()), (vec![".known".to_owned()], true));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>) {
            let mut memory = Memory::recall(&bytes, later());
            let _ = memory.see(&mut Listing::default(), Path::new("/"), Purpose { number: 0, most: 9, keep: &mut |_, _| true });
        }
    }
}
