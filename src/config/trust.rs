//! Which repositories' policy files a person trusts to loosen.
//!
//! A pin binds the file's real path to the digest of its text, in the state directory, where no confined
//! command reaches. Any edit and any move drops the trust, without anyone having to notice them.

use super::error::ConfigError;
use super::find::{REPOSITORY_FILE, locate, repository_root};
use super::layer::{LARGEST, read_document};
use super::load::digest_of;
use super::place::{Place, make_private};
use super::wall::{ancestor_supervisor, inside_walls};
use crate::decide::policy::{Document, Origin};
use crate::decide::shown::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

pub use super::ceremony::{Ask, describe, give_trust};

/// One pin: this text at this place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The file's place: the real path of its directory, and its name.
    pub path: PathBuf,
    /// SHA-256 of its text, in hexadecimal.
    pub digest: String,
    /// When a person said yes, in seconds since 1970.
    pub at: u64,
}

/// Why trust was not given.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The question was asked from inside the walls.
    #[error("holdpoint gives no trust inside its own walls. Run `holdpoint trust` in a terminal of your own.")]
    InsideWalls,
    /// An ancestor process is holdpoint.
    #[error(
        "This shell runs under holdpoint (process {0}), so an agent may be typing. Run `holdpoint trust` in a terminal of your own."
    )]
    UnderSupervisor(u32),
    /// An agent's marker is set in the environment.
    #[error("An agent's variable is set in this environment ({0}). Run `holdpoint trust` in a terminal of your own.")]
    AgentMarked(String),
    /// Nobody can be asked.
    #[error("No person can be asked: standard input is no terminal. Run `holdpoint trust` in a terminal of your own.")]
    NoTerminal,
    /// No file was found.
    #[error(
        "There is no {REPOSITORY_FILE} in {0:?} or above it in its repository. Name the file: holdpoint trust PATH."
    )]
    NoFile(PathBuf),
    /// The file or the store cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The conversation broke off.
    #[error("The answer could not be read: {0}. Nothing was trusted.")]
    Unanswered(io::Error),
}

/// Who asks for trust, as far as the machine can tell. Each field is found out by the caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asker {
    /// [`inside_walls`]
    pub inside_walls: bool,
    /// [`ancestor_supervisor`]
    pub supervisor: Option<u32>,
    /// The agent whose variable is set in the environment.
    pub marker: Option<String>,
    /// Standard input and `/dev/tty` are a terminal.
    pub at_terminal: bool,
}

impl Asker {
    /// Finds out who asks. `marker` is the agent whose variable is set in the environment.
    #[must_use]
    pub fn find(place: &Place, marker: Option<String>) -> Asker {
        let terminal = fs::File::open("/dev/tty").is_ok_and(|tty| tty.is_terminal());
        Asker {
            inside_walls: inside_walls(place),
            supervisor: ancestor_supervisor(),
            marker,
            at_terminal: io::stdin().is_terminal() && terminal,
        }
    }
}

/// Whether this asker may give trust at all.
///
/// # Errors
/// When it may be an agent. A marker can be unset and a terminal be made by `script`; the walls and
/// the ancestors cannot, which is why they are asked first.
pub fn check_asker(asker: &Asker) -> Result<(), TrustError> {
    match asker {
        Asker { inside_walls: true, .. } => Err(TrustError::InsideWalls),
        Asker { supervisor: Some(process), .. } => Err(TrustError::UnderSupervisor(*process)),
        Asker { marker: Some(name), .. } => Err(TrustError::AgentMarked(name.clone())),
        Asker { at_terminal: false, .. } => Err(TrustError::NoTerminal),
        Asker { at_terminal: true, .. } => Ok(()),
    }
}

/// A repository's policy file that a person is asked to trust, as it was read. The pin is for this text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its place: the real path of its directory, and its name.
    pub path: PathBuf,
    /// What it says.
    pub document: Document,
    digest: String,
}

/// Reads the file that is to be trusted: a path to it, or the directory that has it or lies below it.
///
/// # Errors
/// When there is none, or it is broken.
pub fn read_candidate(path: &Path) -> Result<Candidate, TrustError> {
    let path = find_candidate(path)?;
    let text = read_text(&path).map_err(|error| ConfigError::Unusable {
        path: path.clone(),
        fault: format!("cannot be read: {error}"),
        remedy: "Nothing was trusted.".to_owned(),
    })?;
    let document = read_document(&text, &path.to_string_lossy(), Origin::Repository)?;
    Ok(Candidate { digest: digest_of(&text), path, document })
}

/// The whole text of a policy file: a part of it would be another policy.
fn read_text(path: &Path) -> io::Result<String> {
    let file = fs::OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut text = String::new();
    file.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST { Err(io::Error::other("it is larger than 256 KiB")) } else { Ok(text) }
}

fn find_candidate(path: &Path) -> Result<PathBuf, TrustError> {
    let none = || TrustError::NoFile(path.to_owned());
    if path.is_file() {
        return locate(path).map_err(|_| none());
    }
    let real = fs::canonicalize(path).map_err(|_| none())?;
    let top = repository_root(&real).unwrap_or(&real);
    let mut upwards = real.ancestors().take_while(|at| at.starts_with(top)).map(|at| at.join(REPOSITORY_FILE));
    upwards.find(|file| file.is_file()).ok_or_else(none)
}

/// Pins the candidate's text at its place.
///
/// # Errors
/// When the store cannot be written.
pub fn pin(place: &Place, candidate: &Candidate, at: u64) -> Result<(), ConfigError> {
    let pin = Pin { path: candidate.path.clone(), digest: candidate.digest.clone(), at };
    place.open_state()?;
    let store = place.state.join("trust");
    make_private(&store, place.uid)?;
    let path = place_of(&place.state, &pin.path, &pin.digest);
    let failed = |error| ConfigError::State { path: path.clone(), error };
    let text = serde_json::to_vec(&pin).map_err(io::Error::from).map_err(failed)?;
    let opened = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
    opened.and_then(|mut file| file.write_all(&text).and_then(|()| file.sync_all())).map_err(failed)
}

/// Removes every pin of a file, whatever its text was. Gives how many there were.
///
/// # Errors
/// When the store cannot be read or written.
pub fn revoke(place: &Place, path: &Path) -> Result<usize, ConfigError> {
    let file = if path.is_dir() { path.join(REPOSITORY_FILE) } else { path.to_owned() };
    // A directory that is gone has no real path any more; its pins have the one it had.
    let real = locate(&file).unwrap_or(file);
    let own: Vec<Pin> = list_pins(place)?.into_iter().filter(|pin| pin.path == real).collect();
    for pin in &own {
        let path = place_of(&place.state, &pin.path, &pin.digest);
        fs::remove_file(&path).map_err(|error| ConfigError::State { path, error })?;
    }
    Ok(own.len())
}

/// All pins, by path.
///
/// # Errors
/// When the store cannot be read.
pub fn list_pins(place: &Place) -> Result<Vec<Pin>, ConfigError> {
    let store = place.state.join("trust");
    let failed = |error| ConfigError::State { path: store.clone(), error };
    let entries = match fs::read_dir(&store) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(failed)?,
    };
    let mut pins: Vec<Pin> = entries.filter_map(|entry| read_pin(&entry.ok()?.path(), place.uid)).collect();
    pins.sort_by(|one, other| (&one.path, one.at).cmp(&(&other.path, other.at)));
    Ok(pins)
}

/// Whether a file's current text stands under this pin.
#[must_use]
pub fn is_current(pin: &Pin) -> bool {
    read_text(&pin.path).is_ok_and(|text| digest_of(&text) == pin.digest)
}

/// Whether a person trusted this text at this place.
pub(super) fn is_trusted(state: &Path, uid: u32, path: &Path, digest: &str) -> bool {
    let private = |at: &Path| fs::metadata(at).is_ok_and(|found| found.uid() == uid && found.mode() & 0o022 == 0);
    private(state)
        && private(&state.join("trust"))
        && read_pin(&place_of(state, path, digest), uid).is_some_and(|pin| pin.path == path && pin.digest == digest)
}

fn read_pin(path: &Path, uid: u32) -> Option<Pin> {
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
    let file = fs::OpenOptions::new().read(true).custom_flags(flags).open(path).ok()?;
    let found = file.metadata().ok()?;
    if !found.is_file() || found.uid() != uid || found.mode() & 0o022 != 0 {
        return None;
    }
    serde_json::from_reader(file.take(64 * 1024)).ok()
}

fn place_of(state: &Path, path: &Path, digest: &str) -> PathBuf {
    let mut sum = Sha256::new();
    let path = path.as_os_str().as_encoded_bytes();
    sum.update((path.len() as u64).to_be_bytes());
    sum.update(path);
    sum.update(digest.as_bytes());
    state.join("trust").join(hex(&sum.finalize()) + ".json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_be_an_agent_gets_no_trust() {
        let person = Asker { at_terminal: true, ..Asker::default() };
        assert!(check_asker(&person).is_ok());
        let cases = [
            (Asker { inside_walls: true, ..person.clone() }, "inside its own walls"),
            (Asker { supervisor: Some(7), ..person.clone() }, "process 7"),
            (
                Asker { marker: Some("CLAUDECODE".into()), ..person.clone() },
                "variable is set in this environment (CLAUDECODE)",
            ),
            (Asker { at_terminal: false, ..person }, "no terminal"),
        ];
        for (asker, sign) in cases {
            let message = check_asker(&asker).expect_err("refused").to_string();
            assert!(message.contains(sign), "{message}");
        }
    }
}
