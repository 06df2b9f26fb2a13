//! Are we inside walls of our own making? Whoever is must not approve, trust or read the secret.

use super::place::Place;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

/// How many ancestors are looked at; deeper chains of processes are not met outside of tests.
const MOST_ANCESTORS: usize = 256;

/// Is this process inside holdpoint's walls? It is if a secret stands that it may not open.
///
/// Landlock and masks outlive `setsid` and the death of ancestors, so that this holds for daemons too. All places
/// where state may lie are tried, because a command inside the walls may move one by a variable. It is
/// only good for refusing: whoever plants an unreadable `secret` in a place that holdpoint does not use refuses himself.
#[must_use]
pub fn inside_walls(place: &Place) -> bool {
    place.own_directories().iter().any(|directory| is_refused(&directory.join("secret")))
}

/// Is the secret of the state directory that is in use closed to this process?
///
/// This one may loosen: policy files that are closed too are then passed over. It cannot be feigned from inside the
/// walls, which keep the state directory out of reach.
#[must_use]
pub fn cannot_read_state(place: &Place) -> bool {
    is_refused(&place.state.join("secret"))
}

fn is_refused(secret: &Path) -> bool {
    // O_NONBLOCK: a mask may be a pipe, which must refuse and not wait.
    let opened = fs::OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOFOLLOW).open(secret);
    match opened {
        // A device in its place is a mask as well (`/dev/null` bound over it).
        Ok(file) => file.metadata().is_ok_and(|found| !found.is_file()),
        Err(error) => matches!(error.raw_os_error(), Some(libc::EACCES | libc::EPERM | libc::ENXIO)),
    }
}

/// The nearest ancestor that runs holdpoint, if one does.
///
/// It is known by its executable's device and inode, and by its name where the file was replaced by an
/// upgrade meanwhile. Ancestors of other users cannot be asked and are passed over.
#[must_use]
pub fn ancestor_supervisor() -> Option<u32> {
    let own = identify(Path::new("/proc/self/exe")).ok()?;
    let mut process = std::os::unix::process::parent_id();
    for _ in 0..MOST_ANCESTORS {
        if process <= 1 {
            return None;
        }
        let exe = format!("/proc/{process}/exe");
        if identify(Path::new(&exe)).is_ok_and(|id| id == own) || is_named_as_ours(Path::new(&exe)) {
            return Some(process);
        }
        process = parent_of(process)?;
    }
    None
}

fn identify(path: &Path) -> io::Result<(u64, u64)> {
    fs::metadata(path).map(|found| (found.dev(), found.ino()))
}

/// The link of a running file that was replaced reads `/usr/bin/holdpoint (deleted)` (proc_pid_exe(5)).
fn is_named_as_ours(exe: &Path) -> bool {
    let Ok(target) = fs::read_link(exe) else { return false };
    let name = target.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.strip_suffix(" (deleted)").unwrap_or(name) == "holdpoint"
}

/// The parent's id: the fourth field of `/proc/PID/stat`, counted behind the name's last `)` (proc_pid_stat(5)).
fn parent_of(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, behind_name) = stat.rsplit_once(')')?;
    behind_name.split_ascii_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn place(state: PathBuf) -> Place {
        Place { uid: 0, user: String::new(), homes: Vec::new(), config: state.join("config"), state }
    }

    #[test]
    fn a_secret_that_can_be_read_or_is_not_there_means_no_walls() {
        let room = tempfile::tempdir().expect("a temporary directory");
        assert!(!inside_walls(&place(room.path().into())));
        fs::write(room.path().join("secret"), "x").expect("a secret");
        assert!(!inside_walls(&place(room.path().into())));
    }

    #[test]
    fn a_device_or_a_link_in_the_place_of_the_secret_is_a_wall_or_none() {
        let room = tempfile::tempdir().expect("a temporary directory");
        std::os::unix::net::UnixListener::bind(room.path().join("secret")).expect("a socket");
        // Opening a socket gives ENXIO (open(2)), as some masks do.
        assert!(inside_walls(&place(room.path().into())));
    }

    #[test]
    fn the_parent_of_this_process_is_read_from_proc() {
        assert_eq!(parent_of(std::process::id()), Some(std::os::unix::process::parent_id()));
    }
}
