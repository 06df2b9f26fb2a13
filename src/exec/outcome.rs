//! How it ended.

use crate::sys::{process, signal};
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// With this status.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

/// What there is to say of a command that ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// When it was started.
    pub started: SystemTime,
    /// How long it ran.
    pub duration: Duration,
    /// The largest resident size of one of its processes, in KiB, of those that were waited for.
    pub largest_resident: u64,
}

impl Outcome {
    /// Ends as the command ended: gives the status to exit with, or, where a signal ended
    /// the command, dies by the same signal, so that a shell above sees no difference.
    ///
    /// It dumps no core: the command has, if it was to.
    #[must_use]
    pub fn mirror(&self) -> i32 {
        match self.end {
            End::Code(code) => code,
            End::Signal(number) => {
                let _ = nix::sys::resource::setrlimit(nix::sys::resource::Resource::RLIMIT_CORE, 0, 0);
                let _ = nix::sys::prctl::set_dumpable(false);
                signal::restore_default(number);
                let _ = signal::send(own_id(), number);
                signal::Set::of(number).unblock();
                // Not reached for a signal that ends a process; a shell's number for it otherwise.
                128 + number
            }
        }
    }

    /// The outcome in a shell's numbers: the status, or 128 and the signal.
    #[must_use]
    pub fn status(&self) -> i32 {
        match self.end {
            End::Code(code) => code,
            End::Signal(number) => 128 + number,
        }
    }
}

fn own_id() -> i32 {
    nix::unistd::getpid().as_raw()
}

impl From<process::Change> for Option<End> {
    fn from(change: process::Change) -> Self {
        match change {
            process::Change::Exited(code) => Some(End::Code(code)),
            process::Change::Killed(number) => Some(End::Signal(number)),
            process::Change::Stopped(_) => None,
        }
    }
}
