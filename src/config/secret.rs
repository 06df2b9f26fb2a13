//! The secret with which approvals are signed: 32 random bytes that no command inside the walls can read.

use super::error::ConfigError;
use super::place::Place;
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

/// The secret's length in bytes.
pub const SECRET_LENGTH: usize = 32;

/// Reads the secret of this user, and makes it at first use.
///
/// # Errors
/// When the state directory cannot be used, or the file there is not a private one of this user.
pub fn read_or_make_secret(place: &Place) -> Result<[u8; SECRET_LENGTH], ConfigError> {
    place.open_state()?;
    let path = place.state.join("secret");
    let failed = |error| ConfigError::State { path: path.clone(), error };
    match read(&path, place.uid) {
        Err(ConfigError::State { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
            make(&path).map_err(failed)?;
            read(&path, place.uid)
        }
        other => other,
    }
}

fn read(path: &Path, uid: u32) -> Result<[u8; SECRET_LENGTH], ConfigError> {
    let failed = |error| ConfigError::State { path: path.to_owned(), error };
    let tampered = |fault| Err(ConfigError::Tampered { path: path.to_owned(), fault });
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
    let file = fs::OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(failed)?;
    let found = file.metadata().map_err(failed)?;
    if !found.is_file() {
        return tampered("it is no regular file");
    }
    if found.uid() != uid || found.mode() & 0o077 != 0 {
        return tampered("others may read or change it");
    }
    let mut bytes = Vec::new();
    file.take(SECRET_LENGTH as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    match <[u8; SECRET_LENGTH]>::try_from(bytes) {
        Ok(secret) => Ok(secret),
        Err(_) => tampered("it has the wrong length"),
    }
}

/// Writes a new secret under another name and links it into place, so that no reader meets half of it and of
/// two who make it at once one wins and both read the same.
fn make(path: &Path) -> io::Result<()> {
    let mut bytes = [0; SECRET_LENGTH];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    // Not by process id: two containers that share a home may have the same.
    let draft = path.with_extension(format!("draft-{:016x}", getrandom::u64().map_err(io::Error::other)?));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    let _ = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn place(room: &tempfile::TempDir) -> Place {
        let uid = nix::unistd::geteuid().as_raw();
        let state = room.path().join("state/holdpoint");
        Place { uid, user: String::new(), homes: Vec::new(), config: room.path().join("config"), state }
    }

    #[test]
    fn the_secret_is_made_once_and_is_private() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let place = place(&room);
        let first = read_or_make_secret(&place).expect("made");
        assert_eq!(read_or_make_secret(&place).expect("read"), first);
        assert_ne!(first, [0; SECRET_LENGTH]);
        assert_eq!(fs::metadata(place.state.join("secret")).expect("there").mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&place.state).expect("listed").count(), 1);
    }

    #[test]
    fn a_secret_that_others_can_read_or_that_was_cut_is_refused() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let place = place(&room);
        read_or_make_secret(&place).expect("made");
        let path = place.state.join("secret");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("opened up");
        assert!(matches!(read_or_make_secret(&place), Err(ConfigError::Tampered { .. })));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("closed");
        fs::write(&path, "short").expect("cut");
        assert!(matches!(read_or_make_secret(&place), Err(ConfigError::Tampered { .. })));
    }

    #[test]
    fn threads_that_make_the_secret_at_once_read_the_same() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let place = place(&room);
        let all: Vec<_> = std::thread::scope(|scope| {
            let readers: Vec<_> = (0..4).map(|_| scope.spawn(|| read_or_make_secret(&place))).collect();
            readers.into_iter().filter_map(|r| r.join().ok()?.ok()).collect()
        });
        assert_eq!(all.len(), 4);
        assert!(all.iter().all(|one| Some(one) == all.first()));
    }
}
