//! Appending a line that names the line before it.

use super::entry::Entry;
use super::time::Moment;
use crate::decide::shown::hex;
use nix::fcntl::{Flock, FlockArg};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use thiserror::Error;

/// What the very first line names as the line before it.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// How much is read at a time while the last line is looked for; most lines are shorter.
const CHUNK: u64 = 4096;

/// Why a line was not written.
#[derive(Debug, Error)]
pub enum RecordError {
    /// A file or directory could not be used.
    #[error(
        "The record could not be {doing} at {path}: {source}. Nothing that cannot be undone runs without a record; \
         make room, or check that the directory is yours."
    )]
    File {
        /// `opened`, `locked`, `written`, `read`
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The entry has no JSON form. It cannot happen with the entries of this module.
    #[error("The record's entry could not be written as JSON: {0}.")]
    Form(#[from] serde_json::Error),
}

impl RecordError {
    pub(super) fn at(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| RecordError::File { doing, path, source }
    }
}

/// A line with its time and the hash of the line before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) time: String,
    #[serde(flatten)]
    pub(super) entry: Entry,
    pub(super) previous: String,
}

/// The record of one state directory.
#[derive(Debug, Clone)]
pub struct Record {
    directory: PathBuf,
}

impl Record {
    /// The record below a state directory, made with mode 0700 if it is not there.
    ///
    /// # Errors
    /// Where the directory cannot be made.
    pub fn open(state: &Path) -> Result<Self, RecordError> {
        let directory = state.join("record");
        match DirBuilder::new().mode(0o700).create(&directory) {
            Err(fault) if fault.kind() != ErrorKind::AlreadyExists => Err(RecordError::at("opened", &directory)(fault)),
            _ => Ok(Record { directory }),
        }
    }

    /// The directory of its files.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Appends one line, in one write, after the last line of the newest file; `time` says which month's file is begun.
    ///
    /// # Errors
    /// Where the line is not there, whole, afterwards.
    pub fn append(&self, entry: &Entry, time: SystemTime) -> Result<(), RecordError> {
        let _lock = self.lock()?;
        let moment = Moment::of(time);
        // A clock that was set back must not put a line before lines that were written earlier.
        let newest = months(&self.directory)?.pop();
        let wanted = format!("{}.jsonl", moment.month());
        let name = newest.as_ref().filter(|newest| **newest > wanted).unwrap_or(&wanted);
        let path = self.directory.join(name);
        let file = open(&path, OpenOptions::new().read(true).append(true).create(true))?;
        let mut last = last_line(&file).map_err(RecordError::at("read", &path))?;
        if last.bytes.is_empty()
            && let Some(earlier) = newest.filter(|newest| *newest < wanted)
        {
            let path = self.directory.join(earlier);
            let file = open(&path, OpenOptions::new().read(true))?;
            last.bytes = last_line(&file).map_err(RecordError::at("read", &path))?.bytes;
        }
        let line = Line { time: moment.text(), entry: entry.clone(), previous: last.hash() };
        let text = serde_json::to_string(&line)?;
        // A line that an earlier crash tore stays as it is, and is found by `verify`.
        let start = if last.torn { "\n" } else { "" };
        write_whole(&file, format!("{start}{text}\n").as_bytes()).map_err(RecordError::at("written", &path))
    }

    /// Keeps other writers out until dropped (flock(2)). One lock for all months, so that the step from one file to the
    /// next is in order too.
    fn lock(&self) -> Result<Flock<File>, RecordError> {
        let path = self.directory.join("lock");
        let file = open(&path, OpenOptions::new().write(true).create(true).truncate(false))?;
        Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, errno)| RecordError::at("locked", &path)(errno.into()))
    }
}

fn open(path: &Path, options: &mut OpenOptions) -> Result<File, RecordError> {
    options.mode(0o600).custom_flags(libc::O_NOFOLLOW).open(path).map_err(RecordError::at("opened", path))
}

/// The names of the record's files, oldest first.
pub(super) fn months(directory: &Path) -> Result<Vec<String>, RecordError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(RecordError::at("read", directory))? {
        let name = entry.map_err(RecordError::at("read", directory))?.file_name();
        names.extend(name.into_string().ok().filter(|name| is_month(name)));
    }
    names.sort();
    Ok(names)
}

/// `2026-11.jsonl`
fn is_month(name: &str) -> bool {
    let Some(month) = name.strip_suffix(".jsonl") else { return false };
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    month.split_once('-').is_some_and(|(year, month)| digits(year, 4) && digits(month, 2))
}

/// The last line of a file.
struct Last {
    /// Without its newline; empty for an empty file.
    bytes: Vec<u8>,
    /// It has no newline: whoever wrote it did not come to its end.
    torn: bool,
}

impl Last {
    fn hash(&self) -> String {
        if self.bytes.is_empty() { GENESIS.to_owned() } else { hash(&self.bytes) }
    }
}

/// The SHA-256 of a line without its newline.
pub(super) fn hash(line: &[u8]) -> String {
    hex(&Sha256::digest(line))
}

/// Reads a file's last line from its end.
fn last_line(file: &File) -> io::Result<Last> {
    let length = file.metadata()?.len();
    let mut window = CHUNK;
    loop {
        let start = length.saturating_sub(window);
        let mut bytes = vec![0; usize::try_from(length - start).map_err(|_| ErrorKind::FileTooLarge)?];
        file.read_exact_at(&mut bytes, start)?;
        let torn = bytes.pop_if(|last| *last == b'\n').is_none() && length > 0;
        match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => return Ok(Last { bytes: bytes.split_off(at.saturating_add(1)), torn }),
            None if start == 0 => return Ok(Last { bytes, torn }),
            None => window = window.saturating_mul(8),
        }
    }
}

/// Writes a line in one call. If only a part of it fits, that part is taken off again: half a line is none.
fn write_whole(mut file: &File, line: &[u8]) -> io::Result<()> {
    let before = file.metadata()?.len();
    let written = loop {
        match file.write(line) {
            Err(fault) if fault.kind() == ErrorKind::Interrupted => {}
            other => break other?,
        }
    };
    if written == line.len() {
        return Ok(());
    }
    // Should this fail as well, the torn line stays and is found by `verify`.
    let _ = file.set_len(before);
    Err(ErrorKind::StorageFull.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_an_error() {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        assert_eq!(write_whole(&full, b"line\n").unwrap_err().kind(), ErrorKind::StorageFull);
    }

    #[test]
    fn the_last_line_is_found_however_long_it_is() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("lines");
        for length in [0, 1, 4094, 4095, 4096, 4097, 50_000] {
            let long = "x".repeat(length);
            for (text, torn) in
                [(format!("a\n{long}\n"), false), (format!("a\n{long}"), length > 0), (format!("{long}\n"), false)]
            {
                fs::write(&path, &text).unwrap();
                let last = last_line(&File::open(&path).unwrap()).unwrap();
                assert_eq!((last.bytes.len(), last.torn), if text == "a\n" { (1, false) } else { (length, torn) });
            }
        }
    }

    #[test]
    fn only_months_are_files_of_the_record() {
        assert!(is_month("2026-11.jsonl"));
        for other in ["lock", "2026-11.jsonl.gz", "2026-1.jsonl", "x026-11.jsonl", "../2026-11.jsonl"] {
            assert!(!is_month(other), "{other}");
        }
    }
}
