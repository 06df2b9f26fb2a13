//! What the walls remember of the directories that they looked through, kept in the state directory.

use super::cache::Cache;
use super::place::Place;
use crate::decide::shown::hex;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::time::SystemTime;

/// The room of the cache.
const ROOM: &str = "directories";

/// For so many working directories.
const MOST: usize = 256;

/// What was kept for commands in a working directory. It is an opaque value of the walls' own.
#[must_use]
pub fn recall(place: &Place, directory: &str) -> Option<&'static [u8]> {
    cache(place).read_bytes(ROOM, &name_of(directory))
}

/// Keeps it for the next command, if it can: without it, only time is lost.
pub fn keep(place: &Place, directory: &str, bytes: &[u8]) {
    cache(place).write_bytes(ROOM, &name_of(directory), bytes, MOST);
}

fn cache(place: &Place) -> Cache<'_> {
    Cache::of(&place.state, place.uid, SystemTime::now())
}

fn name_of(directory: &str) -> String {
    hex(&Sha256::digest(Path::new(directory).as_os_str().as_encoded_bytes()))
}
