//! The policy that applies in a directory, as a value.

use super::cache::{Cache, Entry};
use super::error::ConfigError;
use super::find::{PolicyFile, Search, find_files};
use super::layer::read_document;
use super::trust::is_trusted;
use crate::decide::policy::{Layer, Origin, Policy};
use crate::decide::shown::hex;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The policy that applies, and what could not be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The layers, the farthest first. The built-in table needs none.
    pub policy: Policy,
    /// Policy files that are closed to this process because it runs inside holdpoint's walls.
    pub skipped: Vec<PathBuf>,
}

impl Loaded {
    /// The repository's own policy files: what runs may read them and not change them.
    #[must_use]
    pub fn repository_files(&self) -> Vec<PathBuf> {
        let own = |layer: &&Layer| layer.origin == Origin::Repository;
        self.policy.layers.iter().filter(own).map(|layer| PathBuf::from(&layer.path)).collect()
    }
}

/// Reads every policy file that applies, through the cache in the state directory where that can be used.
///
/// # Errors
/// When a file may not be used or is broken: the command is refused then, because what the file
/// would have forbidden is not known.
pub fn load_policy(search: &Search, state: &Path) -> Result<Loaded, ConfigError> {
    let cache = Cache::of(state, search.uid, SystemTime::now());
    let found = find_files(search)?;
    let mut layers = Vec::new();
    for mut file in found.files {
        let entry = match cache.read(&file) {
            Some(entry) => entry,
            None => read_fresh(&mut file, &cache)?,
        };
        let trusted = file.origin != Origin::Repository || is_trusted(state, search.uid, &file.path, &entry.digest);
        let path = file.path.to_string_lossy().into_owned();
        layers.push(Layer { origin: file.origin, trusted, path, document: entry.document });
    }
    Ok(Loaded { policy: Policy { layers }, skipped: found.skipped })
}

fn read_fresh(file: &mut PolicyFile, cache: &Cache<'_>) -> Result<Entry, ConfigError> {
    let (text, found) = file.read()?;
    let document = read_document(&text, &file.path.to_string_lossy(), file.origin)?;
    let entry = Entry::new(&file.path, &found, digest_of(&text), document);
    cache.write(&entry);
    Ok(entry)
}

/// SHA-256 of a policy file's text, in hexadecimal.
pub(super) fn digest_of(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}
