//! What can be wrong with places and policy, each as a sentence with a next step.

use std::io;
use std::path::PathBuf;

/// Why policy, state or a shell could not be had. Each message says where and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is no home directory.
    #[error("holdpoint found no home directory for user {uid}. Set HOME to a directory that this user owns.")]
    NoHome {
        /// The user.
        uid: u32,
    },
    /// The state directory cannot be made or read.
    #[error("holdpoint cannot use its state directory {path:?}: {error}. Make it writable, or set XDG_STATE_HOME.")]
    State {
        /// The directory or file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The state directory is another user's.
    #[error("The state directory {path:?} belongs to user {owner}. Set XDG_STATE_HOME to a directory of your own.")]
    StateOfAnother {
        /// The directory.
        path: PathBuf,
        /// Its owner.
        owner: u32,
    },
    /// A file in the state directory is not what holdpoint wrote.
    #[error("{path:?} is not as holdpoint wrote it: {fault}. Remove it; holdpoint makes another.")]
    Tampered {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        fault: &'static str,
    },
    /// A policy file is there but cannot be used.
    #[error("The policy file {path:?} {fault}. {remedy}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong, as the end of a sentence.
        fault: String,
        /// What to do.
        remedy: String,
    },
    /// A policy file's text is wrong; the report has a caret under the fault.
    #[error("{0}")]
    Broken(String),
    /// The working directory has no name that could be judged.
    #[error(
        "The working directory {path:?} has a name that is not UTF-8, so that no path in it can be judged. Go to another directory."
    )]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// A task was chosen that no layer of policy has.
    #[error("Policy has no task `{name}`, so nothing is run: it would have had more than was meant. {known}")]
    NoTask {
        /// Its name.
        name: String,
        /// A sentence with those that there are.
        known: String,
    },
    /// No real shell was found.
    #[error(
        "holdpoint found no {name} to run. Name one in /etc/holdpoint/policy.yaml: shells: {{ {name}: /path/to/{name} }}."
    )]
    NoShell {
        /// Which shell.
        name: String,
    },
    /// A shell that policy names cannot be used.
    #[error("Policy names {path:?} as {name}, but it {fault}. Correct `shells:` in the policy file.")]
    BadShell {
        /// Which shell.
        name: String,
        /// The path.
        path: PathBuf,
        /// What is wrong, as the end of a sentence.
        fault: &'static str,
    },
}
