//! The plan as a value.

use super::filter::Filter;
use super::weigh::Weighed;
use crate::decide::policy::{Missing, Network};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Walls around one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// On what they stand.
    pub ground: Ground,
    /// What is masked, in this order.
    pub masks: Vec<Mask>,
    /// Real paths at and below which everything may be changed; elsewhere nothing is.
    pub scope: Vec<PathBuf>,
    /// The places that are read, if a task says so; everything else is not.
    pub reading: Option<Vec<PathBuf>>,
    /// Directories that are kept from being exchanged for others.
    pub pinned: Vec<PathBuf>,
    /// What is made read-only.
    pub read_only: Vec<PathBuf>,
    /// Control files of home within the scope, which are read and not written.
    pub sealed: Vec<PathBuf>,
    /// Control files that do not stand: what comes to stand there is put aside afterwards.
    pub watched: Vec<PathBuf>,
    /// Settings of git's that are looked at again afterwards.
    pub weighed: Vec<Weighed>,
    /// What was made for the command, and is taken away afterwards if it stayed empty.
    pub made: Vec<PathBuf>,
    /// What Landlock does; `None`: there is no Landlock.
    pub landlock: Option<Landlock>,
    /// Which calls of the kernel are refused.
    pub filter: Filter,
    /// How far the network reaches.
    pub network: Network,
    /// The working directory, to go back to by name: it may be masked.
    pub directory: PathBuf,
    /// Files of the ssh client's that it would refuse for their owner in a user namespace; see `mask`.
    pub ssh_settings: bool,
    /// What of the walls will not stand.
    pub missing: Vec<Missing>,
    /// The repository had more entries than are looked through.
    pub cut_short: bool,
}

/// On what the walls stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// Masks in a mount namespace.
    Mounts,
    /// Masks in a mount namespace in a user namespace, where the user is mapped to itself.
    UserNamespace {
        /// The user.
        user: u32,
        /// The group.
        group: u32,
    },
    /// No masks; a sentence says why. Landlock grants everything but the masks' paths.
    Carved(String),
    /// Nothing; a sentence says why.
    Nothing(String),
}

/// One thing that is made to refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// Its real path.
    pub path: PathBuf,
    /// What it is.
    pub shape: Shape,
    /// The credential's id, or `holdpoint` for its own.
    pub credential: String,
    /// Is it one of the repository's files? Landlock alone cannot refuse those.
    pub in_repository: bool,
}

/// What is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// A regular file.
    File,
    /// A directory with all that it holds.
    Directory,
    /// A socket.
    Socket,
    /// A device: somebody else's terminal.
    Device,
}

/// What Landlock does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landlock {
    /// The kernel's ABI.
    pub abi: u8,
    /// What is granted, when something is carved out; empty: everything.
    pub grants: Vec<Grant>,
    /// Where what is changed.
    pub writes: Vec<Grant>,
    /// The only ports to which TCP connects; `None`: all.
    pub ports: Option<BTreeSet<u16>>,
    /// Are signals and abstract sockets kept inside?
    pub scoped: bool,
}

/// One grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The path.
    pub path: PathBuf,
    /// How much.
    pub rights: Rights,
}

/// How much is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// Everything at and below it but changes.
    Reading,
    /// Listing it, and nothing else.
    Listing,
    /// Every change at and below it.
    Changing,
    /// Writing to what stands there.
    Opening,
}
