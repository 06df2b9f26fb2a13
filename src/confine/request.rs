//! What the caller knows of a command that is to be walled in.

use crate::decide::policy::{Network, Task};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The facts from which a plan is drawn.
pub struct Request<'a> {
    /// The user's home directories.
    pub homes: &'a [PathBuf],
    /// The repository's root, if the working directory lies in one.
    pub repository: Option<&'a Path>,
    /// The working directory.
    pub directory: &'a Path,
    /// A variable of the command's environment.
    pub environment: &'a dyn Fn(&str) -> Option<OsString>,
    /// Is this file, or something below this directory, tracked by the repository? It is asked about
    /// possible secrets only. What is tracked is not masked: that would confuse git and hide nothing.
    pub tracked: &'a dyn Fn(&Path) -> bool,
    /// holdpoint's own places.
    pub own: Own<'a>,
    /// Credentials that this command may use: ids of `rules/credentials.yaml`, or paths.
    pub passes: &'a [String],
    /// The programs that take part, by base name, as far as the judge has seen them.
    pub programs: &'a [String],
    /// How much of the machine beside the repository may be written.
    pub width: Width,
    /// The tasks in force: each narrows what is written and read.
    pub tasks: &'a [&'a Task],
    /// How far the network reaches.
    pub network: Network,
    /// Further paths to wall off: `~/…`, `/…`, or names and paths below the repository; globs allowed.
    pub deny: &'a [String],
    /// Files in which tokens were found, and which a person had walled off.
    pub found: &'a [PathBuf],
    /// Real paths that stay walled off although their id is passed: keys that the ssh agent holds.
    pub kept: &'a [PathBuf],
}

/// How much of the machine beside the repository and temporary directories may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// What tools keep for themselves as well (`rules/scope.yaml`).
    Tools,
    /// Nothing.
    Work,
}

/// holdpoint's own places.
#[derive(Debug, Clone, Copy, Default)]
pub struct Own<'a> {
    /// Directories that the command may neither read nor change: state and policy. Those of the
    /// user are made when they are missing, for a wall needs something to stand on.
    pub closed: &'a [PathBuf],
    /// Files that the command may read but not change: a repository's `.holdpoint.yaml`.
    pub read_only: &'a [PathBuf],
}
