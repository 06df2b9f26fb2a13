//! What can go wrong while a person is asked.

use super::Id;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why there is no answer. None of these is a yes.
#[derive(Debug, Error)]
pub enum ApprovalError {
    /// A file or directory of the state directory could not be used.
    #[error(
        "The approval could not be {doing} at {path}: {source}. Check that the directory exists, is yours and has room (holdpoint doctor)."
    )]
    State {
        /// `read`, `written` …
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The kernel gave no random bytes.
    #[error("The kernel gave no random bytes for a request's name: {0}.")]
    Random(String),
    /// Too many requests wait.
    #[error(
        "{0} requests wait for an answer already, so no further one is filed. A person answers them: holdpoint pending."
    )]
    Full(usize),
    /// There is no such request, or no longer.
    #[error("There is no request {0} that waits: it was used, it has expired, or it never was. See holdpoint pending.")]
    NoRequest(Id),
    /// The name was not typed.
    #[error("Request {id} reaches far, so its name must be typed exactly: {name}. Give it at the prompt or by --name.")]
    NotTyped {
        /// The request.
        id: Id,
        /// What is to be typed, made safe to show.
        name: String,
    },
    /// The one who answers stands where an agent could.
    #[error("An answer cannot be given from here: {0}. Give it in a terminal of your own.")]
    Forbidden(String),
}

impl ApprovalError {
    /// For `map_err`: the fault of a path of the state directory.
    pub(super) fn at(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| ApprovalError::State { doing, path, source }
    }
}
