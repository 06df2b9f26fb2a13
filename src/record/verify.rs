//! Is the record as it was written?

use super::chain::{GENESIS, Line, RecordError, hash, months};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use thiserror::Error;

/// A record whose chain holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many lines there are.
    pub lines: usize,
    /// The first line is the record's very first. If not, earlier files were taken away.
    pub from_the_start: bool,
    /// The SHA-256 of the last line. Kept elsewhere, it also shows that lines were cut off at the end, which the chain alone cannot.
    pub head: String,
}

/// Where and how the chain breaks.
#[derive(Debug, Error)]
pub enum Fault {
    /// A line does not follow the one before it.
    #[error(
        "{file}:{line}: this line does not follow the one before it: that one was changed, or lines between them were \
         removed or moved. Compare with a copy of the record."
    )]
    Broken {
        /// The file's name.
        file: String,
        /// The line's number, from 1.
        line: usize,
    },
    /// A line is no entry.
    #[error("{file}:{line}: this is no line of a record: it was changed, or its writing was cut off by a crash.")]
    NoEntry {
        /// The file's name.
        file: String,
        /// The line's number, from 1.
        line: usize,
    },
    /// The files could not be read.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// Follows the chain through all files of a record's directory.
///
/// # Errors
/// The first [`Fault`] that is met.
pub fn verify(directory: &Path) -> Result<Verified, Fault> {
    let mut verified = Verified { lines: 0, from_the_start: true, head: GENESIS.to_owned() };
    for name in months(directory)? {
        let path = directory.join(&name);
        let file = File::open(&path).map_err(RecordError::at("read", &path))?;
        for (index, line) in BufReader::new(file).split(b'\n').enumerate() {
            let line = line.map_err(RecordError::at("read", &path))?;
            verified.follow(&line, &name, index.saturating_add(1))?;
        }
    }
    Ok(verified)
}

impl Verified {
    fn follow(&mut self, bytes: &[u8], file: &str, line: usize) -> Result<(), Fault> {
        let entry: Line = serde_json::from_slice(bytes).map_err(|_| Fault::NoEntry { file: file.to_owned(), line })?;
        if self.lines == 0 {
            self.from_the_start = entry.previous == GENESIS;
        } else if entry.previous != self.head {
            return Err(Fault::Broken { file: file.to_owned(), line });
        }
        self.lines = self.lines.saturating_add(1);
        self.head = hash(bytes);
        Ok(())
    }
}
