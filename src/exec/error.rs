//! Why nothing ran.

use thiserror::Error;

/// Why the program was not started. Whatever it is, nothing of it has run.
#[derive(Debug, Error)]
pub enum ExecError {
    /// A process could not be made.
    #[error("no process could be started: {0}")]
    Fork(nix::errno::Errno),
    /// The walls could not be built, or could not be proved to stand.
    #[error("the walls could not be built, so the command was not run: {0}")]
    Walls(String),
    /// The program could not be executed.
    #[error("{program} could not be executed: {errno}")]
    Program {
        /// Its path.
        program: String,
        /// The kernel's answer.
        errno: nix::errno::Errno,
    },
    /// The child ended before it could report.
    #[error("the process that was to become the command ended before it started: {0}")]
    Lost(String),
}

impl ExecError {
    /// The status with which a shell would answer: 127 for a program that is not there, 126 otherwise
    /// (POSIX, Shell Command Language, 2.8.2).
    #[must_use]
    pub fn status(&self) -> u8 {
        match self {
            ExecError::Program { errno: nix::errno::Errno::ENOENT, .. } => 127,
            ExecError::Fork(_) | ExecError::Walls(_) | ExecError::Program { .. } | ExecError::Lost(_) => 126,
        }
    }
}
