//! A yes for the rest of a terminal session.
//!
//! It is bound to the digest and to the session: the session leader's process id, the time at which that
//! process started, and the boot. A process id alone comes round again.

use super::desk::Desk;
use super::seal::Kind;
use super::store::{make_directory, now, read, write};
use super::{ApprovalError, Question};
use crate::decide::policy::Grant;
use crate::decide::shown::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::PathBuf;

/// A yes as it lies in the state directory, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    digest: String,
    session: Session,
    by: String,
    time: u64,
    expires: u64,
}

/// One terminal session of one boot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    leader: i32,
    started: u64,
    boot: String,
}

impl Session {
    /// The session of this process; `None` where it cannot be told, and then no yes holds for it: getsid(2) answers 0
    /// for a leader outside of this process's PID namespace.
    #[must_use]
    pub fn own() -> Option<Self> {
        let leader = nix::unistd::getsid(None).ok()?.as_raw();
        (leader > 0).then(|| Self::led_by(leader)).flatten()
    }

    /// The session whose leader this process is.
    pub(super) fn led_by(leader: i32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{leader}/stat")).ok()?;
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned();
        Some(Session { leader, started: start_time(&stat)?, boot })
    }
}

/// Field 22 of `/proc/PID/stat` (proc_pid_stat(5)), in clock ticks since boot. The name in field 2 may
/// hold spaces and parentheses, so the fields are counted behind the last `)`.
fn start_time(stat: &str) -> Option<u64> {
    let (_, behind) = stat.rsplit_once(')')?;
    behind.split_ascii_whitespace().nth(19)?.parse().ok()
}

/// Where a yes for this digest and session lies.
fn place(desk: &Desk<'_>, digest: &str, session: &Session) -> PathBuf {
    let name = Sha256::new()
        .chain_update(digest)
        .chain_update(format!("\n{}\n{}\n{}", session.leader, session.started, session.boot))
        .finalize();
    desk.state.join("session").join(format!("{}.json", hex(&name)))
}

/// Keeps a yes until the question's ttl is over.
///
/// # Errors
/// Where it cannot be written.
pub fn remember(desk: &Desk<'_>, session: &Session, question: &Question, grant: &Grant) -> Result<(), ApprovalError> {
    let directory = desk.state.join("session");
    make_directory(&directory)?;
    let unknown = || ApprovalError::at("written", &directory)(std::io::ErrorKind::NotFound.into());
    let time = now();
    sweep(&directory, question.asked.ttl);
    let path = place(desk, &grant.digest, session);
    let expires = time.saturating_add(question.asked.ttl);
    let remembered =
        Remembered { digest: grant.digest.clone(), session: session.clone(), by: grant.by.clone(), time, expires };
    write(&path, &desk.secret.seal(Kind::Session, &remembered).ok_or_else(unknown)?)
}

/// The yes that was given earlier in this session to the same digest. Anything broken is none.
#[must_use]
pub fn recall(desk: &Desk<'_>, session: &Session, question: &Question) -> Option<Grant> {
    let text = read(&place(desk, &question.asked.digest, session)).ok()??;
    let found: Remembered = desk.secret.open(Kind::Session, &text)?;
    let time = now();
    let good = found.digest == question.asked.digest
        && found.session == *session
        && found.time <= time.saturating_add(60)
        && time < found.expires;
    good.then_some(Grant { digest: found.digest, channel: "session".to_owned(), by: found.by })
}

/// Removes files that no ttl keeps alive any longer.
fn sweep(directory: &std::path::Path, ttl: u64) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let written = entry.metadata().and_then(|found| found.modified());
        if written.is_ok_and(|time| time.elapsed().is_ok_and(|age| age.as_secs() > ttl)) {
            // What stays is judged by its own expiry.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_time_is_read_behind_a_name_with_spaces_and_parentheses() {
        let behind = (3..=52).map(|field| field.to_string()).collect::<Vec<_>>().join(" ");
        for name in ["bash", "a b", "x) S 1 2 3 (y", ")"] {
            assert_eq!(start_time(&format!("12 ({name}) {behind}")), Some(22), "{name}");
        }
        assert_eq!(start_time("12 (bash) S 1"), None);
        assert_eq!(start_time(""), None);
    }

    #[test]
    fn a_session_is_told_by_its_leader_and_none_without_one_in_sight() {
        let leader = i32::try_from(std::process::id()).unwrap();
        let session = Session::led_by(leader).unwrap();
        assert_eq!((session.leader, session.boot.len()), (leader, 36));
        assert!(session.started > 0 || leader == 1, "{session:?}");
        let in_sight = nix::unistd::getsid(None).unwrap().as_raw() > 0;
        assert_eq!(Session::own().is_some(), in_sight, "a leader outside of the PID namespace is 0");
        assert_eq!(Session::led_by(i32::MAX), None);
    }
}
