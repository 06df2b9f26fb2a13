//! Checked layers as JSON in the state directory, so that no YAML is read on the way of a command.
//!
//! Confined commands can neither read nor write the state directory; an entry that others could have written
//! is not believed. The cache only saves time: whatever is wrong with it, the YAML is read.

use super::find::PolicyFile;
use super::place::make_private;
use crate::decide::policy::Document;
use crate::decide::shown::hex;
use crate::sys::map;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, File, Metadata};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file that was changed so recently may be changed again within one tick of the file system's clock, which its
/// times would not show (the "racy git" problem). Kernels tick every 1 to 10 ms, some file systems every 2 s.
const TOO_FRESH: Duration = Duration::from_secs(2);
/// The largest entry, in bytes.
const LARGEST_ENTRY: u64 = 4 * 1024 * 1024;

/// The cache of one user.
pub(super) struct Cache<'a> {
    /// The state directory.
    pub(super) state: &'a Path,
    /// The user.
    pub(super) uid: u32,
    /// The time.
    pub(super) now: SystemTime,
    /// Can nobody but this user have written what is kept?
    is_own: bool,
}

/// What was read from one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    key: Key,
    /// SHA-256 of the text, in hexadecimal.
    pub(super) digest: String,
    /// What the text says, checked.
    pub(super) document: Document,
}

/// A file as it was. A change that keeps all of this cannot be made without root's rights, which `ctime` costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Key {
    holdpoint: String,
    path: PathBuf,
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Key {
    fn of(path: &Path, found: &Metadata) -> Key {
        Key {
            holdpoint: env!("CARGO_PKG_VERSION").to_owned(),
            path: path.to_owned(),
            device: found.dev(),
            inode: found.ino(),
            size: found.len(),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        }
    }
}

impl Entry {
    pub(super) fn new(path: &Path, found: &Metadata, digest: String, document: Document) -> Entry {
        Entry { key: Key::of(path, found), digest, document }
    }
}

impl<'a> Cache<'a> {
    pub(super) fn of(state: &'a Path, uid: u32, now: SystemTime) -> Cache<'a> {
        let is_own = fs::metadata(state).is_ok_and(|found| found.uid() == uid && found.mode() & 0o022 == 0);
        Cache { state, uid, now, is_own }
    }

    /// The entry for a file as it is now, if there is one that can be believed.
    pub(super) fn read(&self, file: &PolicyFile) -> Option<Entry> {
        let entry: Entry = serde_json::from_slice(&self.believed(&self.place_of(&file.path))?).ok()?;
        (entry.key == Key::of(&file.path, &file.found)).then_some(entry)
    }

    /// What was kept in bytes for a file as it is now, if there is something that can be believed: its front, and the bytes
    /// behind it. They live as long as the process.
    pub(super) fn read_packed<T: Deserialize<'static>>(&self, file: &PolicyFile) -> Option<(T, &'static [u8])> {
        // Most packs are not about the command, and then nothing but their front is looked at.
        let (stored, _) = self.open(&self.place_packed(&file.path))?;
        let bytes = map::bytes_of(&stored).ok()?;
        let ((key, front), rest): ((Key, T), &'static [u8]) = postcard::take_from_bytes(bytes).ok()?;
        (key == Key::of(&file.path, &file.found)).then_some((front, rest))
    }

    /// Keeps bytes for a file that was `found` so, if it can.
    pub(super) fn write_packed<T: Serialize>(&self, path: &Path, found: &Metadata, front: &T, bytes: &[u8]) {
        let key = Key::of(path, found);
        if self.is_settled(&key)
            && let Ok(mut text) = postcard::to_allocvec(&(&key, front))
        {
            text.extend_from_slice(bytes);
            let _ = self.put(&self.place_packed(path), &text);
        }
    }

    /// Bytes that were kept under the digest of what they are about. They live as long as the process.
    pub(super) fn read_bytes(&self, room: &str, digest: &str) -> Option<&'static [u8]> {
        Some(self.believed(&self.place_named(room, digest))?.leak())
    }

    /// Keeps bytes under the digest of what they are about, if it can, and the newest `most` of the room alone.
    pub(super) fn write_bytes(&self, room: &str, digest: &str, bytes: &[u8], most: usize) {
        let place = self.place_named(room, digest);
        if self.put(&place, bytes).is_some() {
            thin_out(place.parent().unwrap_or(self.state), most);
        }
    }

    /// What stands in a file that nobody but this user can have written.
    fn believed(&self, path: &Path) -> Option<Vec<u8>> {
        let (stored, length) = self.open(path)?;
        // Room for all of it at once, and for a byte more, by which the end is known without a second try.
        let mut text = Vec::with_capacity(length + 1);
        stored.take(LARGEST_ENTRY).read_to_end(&mut text).ok()?;
        Some(text)
    }

    /// A file that nobody but this user can have written, and its length.
    fn open(&self, path: &Path) -> Option<(File, usize)> {
        if !self.is_own {
            return None;
        }
        let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
        let stored = fs::OpenOptions::new().read(true).custom_flags(flags).open(path).ok()?;
        let found = stored.metadata().ok()?;
        let believed = found.is_file() && found.uid() == self.uid && found.mode() & 0o022 == 0;
        let length = Some(found.len()).filter(|length| believed && *length <= LARGEST_ENTRY);
        Some((stored, usize::try_from(length?).ok()?))
    }

    /// Keeps an entry if it can: without it, only time is lost.
    pub(super) fn write(&self, entry: &Entry) {
        if self.is_settled(&entry.key) {
            let _ = self.try_write(entry);
        }
    }

    fn is_settled(&self, key: &Key) -> bool {
        let (seconds, nanoseconds) = key.changed.max(key.modified);
        let (Ok(seconds), Ok(nanoseconds)) = (u64::try_from(seconds), u32::try_from(nanoseconds)) else { return false };
        let changed = UNIX_EPOCH.checked_add(Duration::new(seconds, nanoseconds));
        changed.and_then(|at| self.now.duration_since(at).ok()).is_some_and(|age| age > TOO_FRESH)
    }

    fn try_write(&self, entry: &Entry) -> Option<()> {
        self.put(&self.place_of(&entry.key.path), &serde_json::to_vec(entry).ok()?)
    }

    fn put(&self, path: &Path, text: &[u8]) -> Option<()> {
        make_private(path.parent()?, self.uid).ok()?;
        let draft = path.with_extension(format!("draft-{:016x}", getrandom::u64().ok()?));
        let written = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)
            .and_then(|mut file| file.write_all(text))
            .and_then(|()| fs::rename(&draft, path));
        if written.is_err() {
            let _ = fs::remove_file(&draft);
        }
        written.ok()
    }

    fn place_of(&self, path: &Path) -> PathBuf {
        self.place_in("policy", path).with_extension("json")
    }

    fn place_packed(&self, path: &Path) -> PathBuf {
        self.place_in("pack", path).with_extension("packed")
    }

    fn place_named(&self, room: &str, name: &str) -> PathBuf {
        self.state.join("cache").join(room).join(format!("{name}.json"))
    }

    fn place_in(&self, room: &str, path: &Path) -> PathBuf {
        self.state.join("cache").join(room).join(hex(&Sha256::digest(path.as_os_str().as_encoded_bytes())))
    }
}

/// Removes the older half of a directory's files where there are more than so many.
fn thin_out(room: &Path, most: usize) {
    let entries = fs::read_dir(room).into_iter().flatten().flatten();
    let mut files: Vec<(SystemTime, PathBuf)> =
        entries.filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()))).collect();
    if files.len() > most {
        files.sort();
        for (_, path) in files.iter().take(files.len() / 2) {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::find::{Search, find_files};
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    struct World {
        room: tempfile::TempDir,
        uid: u32,
    }

    impl World {
        fn build() -> World {
            let room = tempfile::tempdir().expect("a temporary directory");
            fs::write(room.path().join(".holdpoint.yaml"), "version: 1\n").expect("written");
            World { room, uid: nix::unistd::geteuid().as_raw() }
        }

        fn file(&self) -> PolicyFile {
            let search = Search {
                system: self.room.path().join("none"),
                config: self.room.path().join("none"),
                directory: self.room.path().into(),
                uid: self.uid,
                administrator: 0,
                inside: false,
            };
            find_files(&search).expect("found").files.remove(0)
        }

        /// An hour from now no file is fresh.
        fn cache<'a>(&self, state: &'a Path) -> Cache<'a> {
            Cache::of(state, self.uid, SystemTime::now() + Duration::from_secs(3600))
        }

        fn state(&self) -> PathBuf {
            let state = self.room.path().join("state");
            make_private(&state, self.uid).expect("a state directory");
            state
        }

        fn entry(&self) -> Entry {
            let file = self.file();
            Entry::new(&file.path, &file.found, "d".into(), Document { version: Some(1), ..Document::default() })
        }
    }

    #[test]
    fn an_entry_is_found_again_until_the_file_changes() {
        let world = World::build();
        let (state, entry) = (world.state(), world.entry());
        let cache = world.cache(&state);
        assert_eq!(cache.read(&world.file()), None);
        cache.write(&entry);
        assert_eq!(cache.read(&world.file()), Some(entry));
        fs::write(world.room.path().join(".holdpoint.yaml"), "version: 2\n").expect("rewritten");
        assert_eq!(cache.read(&world.file()), None);
    }

    #[test]
    fn a_file_that_was_changed_just_now_is_not_kept() {
        let world = World::build();
        let state = world.state();
        let cache = Cache { now: SystemTime::now(), ..world.cache(&state) };
        cache.write(&world.entry());
        assert_eq!(world.cache(&state).read(&world.file()), None);
    }

    #[test]
    fn an_entry_that_is_broken_or_that_others_could_have_written_is_not_believed() {
        let world = World::build();
        let state = world.state();
        let cache = world.cache(&state);
        cache.write(&world.entry());
        let path = cache.place_of(&world.file().path);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o622)).expect("opened up");
        assert_eq!(cache.read(&world.file()), None);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("closed");
        assert!(cache.read(&world.file()).is_some());
        fs::set_permissions(&state, fs::Permissions::from_mode(0o777)).expect("opened up");
        assert_eq!(world.cache(&state).read(&world.file()), None);
        fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).expect("closed");
        fs::write(&path, "{").expect("broken");
        assert_eq!(cache.read(&world.file()), None);
        cache.write(&world.entry());
        assert!(cache.read(&world.file()).is_some());
    }

    #[test]
    fn without_a_state_directory_nothing_is_kept_and_nothing_fails() {
        let world = World::build();
        fs::write(world.room.path().join("state"), "a file in the way").expect("written");
        let state = world.room.path().join("state");
        world.cache(&state).write(&world.entry());
        assert_eq!(world.cache(&state).read(&world.file()), None);
    }
}
