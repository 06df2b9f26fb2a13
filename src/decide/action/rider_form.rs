//! The form of `rules/riders.yaml`: what of a repository's settings runs nothing, and what is known of the rest.
//!
//! `build.rs` includes this file, reads the list when holdpoint is compiled and writes it down as constants.

use serde::{Deserialize, Serialize};

use super::pack::{List, Text};

/// The whole list.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Riders {
    /// The form's version; 1.
    pub version: u8,
    /// Programs that read a repository's settings.
    pub programs: List<Text>,
    /// Words of commands that write hooks themselves.
    pub plain: List<Text>,
    /// Subcommands of git's that need no credential.
    pub local: List<Text>,
    /// Subcommands of git's that run what they are told, or reach other repositories in ways of their own.
    pub never: List<Text>,
    /// Options, or beginnings of them, that make git read what another file names.
    pub including: List<Text>,
    /// Names of hooks.
    pub hooks: List<Text>,
    /// Globs of settings that run nothing.
    pub harmless: List<Text>,
    /// Globs of settings that are a repository's address.
    pub addresses: List<Text>,
    /// Globs of settings whose value is the name of a remote, or an address.
    pub remotes: List<Text>,
    /// Globs of settings whose value is a file that git reads, and may show.
    pub files: List<Text>,
    /// Variables that change which settings git reads.
    pub variables: List<Text>,
    /// Settings that name a program, with values that are known.
    pub known: List<Known>,
}

/// Settings whose values are known.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Known {
    /// Globs of settings.
    pub keys: List<Text>,
    /// Globs of values.
    pub values: List<Text>,
}
