//! The form of what packs say of a program that keeps history: how it is asked, and what its commands leave as it was.
//!
//! `build.rs` includes this file, as it does [`pack`](super::pack).

use serde::{Deserialize, Serialize};

use super::pack::{List, Text, When};

/// How a program's history is asked what it keeps.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct History {
    /// Options whose values name the directory in which it works, one below the other.
    #[serde(default)]
    pub directory_option: List<Text>,
    /// Options with which it works on another history or by other rules, so that nothing is known.
    #[serde(default)]
    pub elsewhere_option: List<Text>,
    /// Variables with which it does.
    #[serde(default)]
    pub elsewhere_variable: List<Text>,
    /// Options whose value is the commit whose files take the place of others.
    #[serde(default)]
    pub commit_option: List<Text>,
    /// Options with which ignored files are removed too.
    #[serde(default)]
    pub ignored_option: List<Text>,
    /// Commands behind which files and refs are what they were. Behind all others nothing is known.
    #[serde(default)]
    pub leaves_all: List<When>,
    /// Commands behind which no file is changed that was not, and none stands there that did not; refs may have moved.
    #[serde(default)]
    pub leaves_files: List<When>,
}

/// What the commands of a script so far have left as it was found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Left {
    /// Files and refs.
    #[default]
    All,
    /// No file is changed that was not, and none stands there that did not.
    Files,
    /// Nothing is known.
    Nothing,
}
