//! Why no walls.

use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why the walls could not be drawn or built. The command must not run then.
#[derive(Debug, Error)]
pub enum ConfineError {
    /// The working directory is a credential, or lies in one.
    #[error(
        "the working directory {} belongs to the credential {credential}, which is walled off; go elsewhere, or let policy pass {credential}",
        directory.display()
    )]
    DirectoryWalled {
        /// The working directory.
        directory: PathBuf,
        /// The credential's id.
        credential: String,
    },
    /// One of holdpoint's own directories cannot be made.
    #[error("{} cannot be made, so that nothing keeps it from the command: {error}", path.display())]
    Own {
        /// The directory.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The network cannot be walled off as policy says.
    #[error("policy limits the network, which cannot be done here: {why}; nothing was run")]
    Network {
        /// Why.
        why: String,
    },
    /// A task limits reading, and there is no Landlock.
    #[error("the task limits what is read, which cannot be done here: the kernel has no Landlock; nothing was run")]
    Reading,
    /// A step of building failed.
    #[error("{step} failed: {error}")]
    Step {
        /// What was tried, with its path.
        step: String,
        /// Why.
        error: io::Error,
    },
    /// A wall was built but does not refuse.
    #[error("{} can still be opened behind its mask; please report this with the output of holdpoint doctor", path.display())]
    Open {
        /// What could be opened.
        path: PathBuf,
    },
}

impl ConfineError {
    pub(super) fn step(step: impl Into<String>) -> impl FnOnce(io::Error) -> ConfineError {
        let step = step.into();
        move |error| ConfineError::Step { step, error }
    }
}
