//! What a command does to the world, in the words that policy speaks.
//!
//! Included by `build.rs` as well, so that packs are read with the same definitions.

use serde::{Deserialize, Serialize};

/// What is done. Ordered by nothing: policy names verbs, it does not compare them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Files, objects or records are removed.
    Delete,
    /// Contents are replaced.
    Overwrite,
    /// Commits or refs are replaced or made unreachable.
    RewriteHistory,
    /// A database, schema, table, column or collection is removed or emptied.
    Drop,
    /// A machine, volume, cluster, project or other rented thing is removed.
    Destroy,
    /// Something that runs is ended or made unreachable.
    Stop,
    /// Something is made public or withdrawn from the public.
    Publish,
    /// Local data leaves the machine.
    Send,
    /// A secret is read or printed.
    ReadSecret,
    /// Access is given or widened.
    Grant,
    /// Something is planted that will run later.
    Persist,
    /// More privilege is taken.
    Escalate,
    /// Something runs whose text was not seen.
    RunUnseen,
    /// A guard is switched off or changed: holdpoint itself, a firewall, an audit log.
    Disable,
}

/// How far the effect reaches. Ordered from near to far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// A single file or a few.
    File,
    /// The repository or the working directory's project.
    Repo,
    /// The user's home.
    Home,
    /// The machine.
    Host,
    /// One service that others may use: a database, a queue, a container.
    Service,
    /// A whole environment: a cluster, a namespace, a project in a cloud.
    Environment,
    /// An account, an organisation, a registry's name.
    Account,
}

/// Whether it can be taken back. Ordered from easy to never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub enum Reversal {
    /// It can be made again by the tools that made it: build output, caches, temporary files.
    Regenerable,
    /// Version control has it.
    History,
    /// holdpoint keeps it.
    Snapshot,
    /// The service that lost it can restore it.
    Remote,
    /// It cannot.
    #[serde(rename = "none")]
    Never,
}
