//! Something that was found and is to be walled off.

use super::control::Controls;
use super::git::Repository;
use super::plan::Shape;
use super::scope::Scope;
use nix::sys::stat::{FileStat, SFlag};
use std::path::PathBuf;

/// A credential that exists, by its real path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The path with every link resolved.
    pub(super) path: PathBuf,
    /// What it is.
    pub(super) shape: Shape,
    /// The credential's id.
    pub(super) credential: String,
    /// Device and inode.
    pub(super) identity: (u64, u64),
    /// How many names it has.
    pub(super) links: u64,
    /// Does it lie in the repository, or is it a secret of it?
    pub(super) in_repository: bool,
}

/// All that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Credentials, each path once.
    pub(super) targets: Vec<Target>,
    /// Credentials with further names that were not found.
    pub(super) unfound_links: Vec<PathBuf>,
    /// Control files of home.
    pub(super) controls: Controls,
    /// Where the command may write.
    pub(super) scope: Scope,
    /// Where the command may read, if a task says so.
    pub(super) reading: Option<Vec<PathBuf>>,
    /// What git keeps.
    pub(super) git: Repository,
    /// The working directory, by its real path.
    pub(super) directory: PathBuf,
    /// holdpoint's own directories, real paths.
    pub(super) closed: Vec<PathBuf>,
    /// holdpoint's own files, real paths.
    pub(super) read_only: Vec<PathBuf>,
    /// Was the repository too large to be looked through?
    pub(super) cut_short: bool,
}

/// The shape of what can be walled off. Pipes and block devices are left alone.
pub(super) fn shape_of(found: &FileStat) -> Option<Shape> {
    match SFlag::from_bits_truncate(found.st_mode) & SFlag::S_IFMT {
        SFlag::S_IFREG => Some(Shape::File),
        SFlag::S_IFDIR => Some(Shape::Directory),
        SFlag::S_IFSOCK => Some(Shape::Socket),
        SFlag::S_IFCHR => Some(Shape::Device),
        _ => None,
    }
}
