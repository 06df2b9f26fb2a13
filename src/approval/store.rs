//! Files of the state directory: written whole or not at all, readable by their owner alone.

use super::{ApprovalError, Id};
use nix::fcntl::{Flock, FlockArg};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The longest file that is read. A command on an argument vector is at most 128 KiB (execve(2)), six times that escaped.
const LONGEST: u64 = 16 << 20;

/// How old a file must be before it is swept away although nobody can read what it is.
const STALE: Duration = Duration::from_secs(7 * 24 * 3600);

/// How the name of a file begins that is not yet whole.
const DRAFT: &str = "draft-";

/// Seconds since 1970; 0 for a clock before that, at which everything lies in the future and nothing is valid.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Makes a directory with mode 0700 below the state directory, if it is not there.
pub(super) fn make_directory(path: &Path) -> Result<(), ApprovalError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(fault) if fault.kind() != ErrorKind::AlreadyExists => Err(ApprovalError::at("written", path)(fault)),
        _ => Ok(()),
    }
}

/// Writes a file whole: a temporary one beside it, synchronised and renamed. Mode 0600.
pub(super) fn write(path: &Path, text: &str) -> Result<(), ApprovalError> {
    let written = || -> io::Result<()> {
        let directory = path.parent().ok_or(ErrorKind::InvalidInput)?;
        // Not by process id: two containers that share a home may have the same.
        let draft = format!("{DRAFT}{:016x}", getrandom::u64().map_err(io::Error::other)?);
        let temporary = directory.join(draft);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
        let whole = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        if let Err(fault) = whole.and_then(|()| fs::rename(&temporary, path)) {
            let _ = fs::remove_file(&temporary);
            return Err(fault);
        }
        File::open(directory)?.sync_all()
    };
    written().map_err(ApprovalError::at("written", path))
}

/// Reads a file; `None` where there is none. A symbolic link, a text that is no UTF-8 or too long is an error.
pub(super) fn read(path: &Path) -> Result<Option<String>, ApprovalError> {
    let read = || -> io::Result<String> {
        let file = OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path)?;
        if file.metadata()?.len() > LONGEST {
            return Err(ErrorKind::FileTooLarge.into());
        }
        let mut text = String::new();
        file.take(LONGEST).read_to_string(&mut text)?;
        Ok(text)
    };
    match read() {
        Ok(text) => Ok(Some(text)),
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(ApprovalError::at("read", path)(fault)),
    }
}

/// The inbox: `<id>.json` a request, `<id>.answer.json` its answer, `<id>.used.json` an answer that was used.
#[derive(Debug)]
pub(super) struct Store {
    directory: PathBuf,
}

impl Store {
    /// The inbox below a state directory, made if it is not there.
    pub(super) fn open(state: &Path) -> Result<Self, ApprovalError> {
        let directory = state.join("inbox");
        make_directory(&directory)?;
        Ok(Store { directory })
    }

    /// Keeps every other process out of the inbox until dropped (flock(2)).
    pub(super) fn lock(&self) -> Result<Flock<File>, ApprovalError> {
        let path = self.directory.join("lock");
        let fault = ApprovalError::at("locked", &path);
        let mut options = OpenOptions::new();
        let opened = options.write(true).create(true).truncate(false).mode(0o600).custom_flags(libc::O_NOFOLLOW);
        let locked = opened
            .open(&path)
            .and_then(|file| Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, errno)| errno.into()));
        locked.map_err(fault)
    }

    pub(super) fn request(&self, id: &Id) -> PathBuf {
        self.directory.join(format!("{id}.json"))
    }

    pub(super) fn answer(&self, id: &Id) -> PathBuf {
        self.directory.join(format!("{id}.answer.json"))
    }

    pub(super) fn used(&self, id: &Id) -> PathBuf {
        self.directory.join(format!("{id}.used.json"))
    }

    /// Every name in the inbox, once.
    pub(super) fn ids(&self) -> Result<Vec<Id>, ApprovalError> {
        let mut ids = Vec::new();
        for entry in fs::read_dir(&self.directory).map_err(ApprovalError::at("read", &self.directory))? {
            let name = entry.map_err(ApprovalError::at("read", &self.directory))?.file_name();
            ids.extend(name.to_str().and_then(|name| name.split('.').next()).and_then(Id::parse));
        }
        ids.sort();
        ids.dedup();
        Ok(ids)
    }

    /// Makes an answer a used one; `false` where another process was first. link(2) fails if the new name
    /// exists, so exactly one of two succeeds, and an answer that is put back later is not taken again.
    pub(super) fn use_up(&self, id: &Id) -> bool {
        let linked = fs::hard_link(self.answer(id), self.used(id)).is_ok();
        if linked {
            let _ = fs::remove_file(self.answer(id));
            let _ = fs::remove_file(self.request(id));
        }
        linked
    }

    /// Removes everything of one name.
    pub(super) fn remove(&self, id: &Id) {
        for path in [self.answer(id), self.request(id), self.used(id)] {
            // A file that cannot be removed is judged again by its expiry the next time.
            let _ = fs::remove_file(path);
        }
    }

    /// Was every file of this name left alone for a week?
    pub(super) fn is_stale(&self, id: &Id) -> bool {
        [self.answer(id), self.request(id), self.used(id)].iter().all(|path| is_stale(path) || !path.exists())
    }

    /// Removes drafts that a crash left behind.
    pub(super) fn sweep_drafts(&self) {
        for entry in fs::read_dir(&self.directory).into_iter().flatten().flatten() {
            if entry.file_name().to_str().is_some_and(|name| name.starts_with(DRAFT)) && is_stale(&entry.path()) {
                // What cannot be removed now is tried again the next time.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn is_stale(path: &Path) -> bool {
    let written = fs::symlink_metadata(path).and_then(|found| found.modified());
    written.is_ok_and(|time| time.elapsed().is_ok_and(|age| age >= STALE))
}
