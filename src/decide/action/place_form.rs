//! The form of `rules/places.yaml`: what lies where.
//!
//! `build.rs` includes this file as well.

use serde::Deserialize;

use super::list::{List, Text};

/// The whole file.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Places {
    /// Directories for temporary files.
    pub(crate) temporary: List<Text>,
    /// What is written there is not kept anywhere: globs.
    pub(crate) sinks: List<Text>,
    /// Caches, globs below home.
    pub(crate) caches: List<Text>,
    /// Directories that the system itself needs.
    pub(crate) system: List<Text>,
    /// What describes the machine to everyone: globs.
    pub(crate) public: List<Text>,
    /// Files through which the kernel's guards and settings are changed: globs.
    pub(crate) kernel: List<Text>,
    /// Block devices: globs.
    pub(crate) devices: List<Text>,
    /// Names of what build tools make: globs over one component of a path.
    pub(crate) output: List<Text>,
    /// Names of what programs write while they run: globs over one component of a path.
    pub(crate) scratch: List<Text>,
    /// Names that only tools give, to what they make again without being told: globs over one component of a path.
    pub(crate) leftovers: List<Text>,
    /// Names that people give to what a program printed: globs over the last component of a path.
    pub(crate) printed: List<Text>,
    /// Names of databases that are there for tests: globs.
    pub(crate) test_databases: List<Text>,
    /// Hosts that are this machine, or run beside it: globs.
    pub(crate) near_hosts: List<Text>,
    /// What a program that broke off leaves behind: globs over the whole path.
    pub(crate) stale: List<Text>,
    /// Files whose text runs later.
    pub(crate) startup: Whereabouts,
    /// What walls make of start-up files.
    pub(crate) control: Control,
    /// holdpoint's own files.
    pub(crate) own: Whereabouts,
}

/// Files of one kind, in home and elsewhere.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Whereabouts {
    /// Below a home directory: globs, and what lies below a path that is written out.
    pub(crate) home: List<Text>,
    /// Whole paths: globs.
    pub(crate) machine: List<Text>,
    /// In any repository or home: globs.
    pub(crate) anywhere: List<Text>,
    /// None of the kind all the same: globs.
    #[serde(default)]
    pub(crate) but: List<Text>,
}

/// What walls make of home's start-up files.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Control {
    /// Those that stay open, as they stand among the start-up files.
    pub(crate) open: List<Text>,
    /// Those of a repository, below its root.
    pub(crate) repository: List<Text>,
    /// Among these, what an agent makes by itself while a command runs.
    pub(crate) made: List<Text>,
    /// Who may write what.
    pub(crate) writers: List<Writer>,
}

/// A place below home, and the programs that it belongs to.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub(crate) struct Writer {
    /// Below home.
    pub(crate) place: Text,
    /// A command made of these alone may write there.
    pub(crate) programs: List<Text>,
}
