//! The form of what packs say of contexts: which of several places a client works on, when its command line does not say.
//!
//! `build.rs` includes this file, as it does [`pack`](super::pack).

use serde::{Deserialize, Serialize};

use super::pack::{List, Text};

/// Where clients keep the name of their current context.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Contexts {
    /// The programs that read it, by base name.
    #[serde(alias = "program")]
    pub programs: List<Text>,
    /// Options whose value names the file.
    #[serde(default)]
    pub file_option: List<Text>,
    /// A variable with files' names, separated by colons.
    #[serde(default)]
    pub variable: Option<Text>,
    /// The file below home, where neither is given.
    pub file: Text,
}

/// `{ is: [prod], is_not: [nonprod] }`
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct ContextIs {
    /// Globs for the current context's name.
    pub is: List<Text>,
    /// Globs that it must not match.
    #[serde(default)]
    pub is_not: List<Text>,
}
