//! The form of `rules/scope.yaml`: where commands write.
//!
//! `build.rs` includes this file as well.

use serde::Deserialize;

use super::list::{List, Text};

/// The whole file.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Stock {
    /// The form's version; 1.
    pub version: u8,
    /// Directories for temporary files.
    pub temporary: List<Text>,
    /// Variables that name a further one.
    pub temporary_variables: List<Text>,
    /// What stands there is opened for writing.
    pub opened: List<Text>,
    /// What every tool keeps.
    pub caches: List<Text>,
    /// No ground to work on, with all below.
    pub never: List<Text>,
    /// No ground to work on, but for what lies below.
    pub shallow: List<Text>,
    /// Variables that move a place.
    pub moves: List<Shift>,
    /// What tools keep for themselves.
    pub stores: List<Store>,
    /// Programs whose work is the system.
    pub system: List<Text>,
    /// Programs that may stand before or beside those.
    pub bearers: List<Text>,
    /// Programs that run others with more rights than the user has.
    pub raising: List<Text>,
    /// Programs that change a repository's own settings in passing: globs.
    pub git: List<Text>,
    /// Settings of a repository that make git run something: globs over `key=value`.
    pub steering: List<Text>,
    /// None of these all the same.
    pub steering_but: List<Text>,
    /// Command lines that need more.
    pub lines: List<Needy>,
    /// What command lines write.
    pub writers: List<Writes>,
}

/// A variable that moves a place.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Shift {
    /// The variable.
    pub variable: Text,
    /// What it moves.
    pub place: Text,
}

/// What one kind of tools keeps.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Store {
    /// A name for messages.
    pub id: Text,
    /// Written by every command.
    #[serde(default)]
    pub shared: List<Text>,
    /// Written by commands in which one of the programs takes part.
    #[serde(default)]
    pub own: List<Text>,
    /// Single files of the same kind.
    #[serde(default)]
    pub files: List<Text>,
    /// Variables whose value is such a place, written by every command.
    #[serde(default)]
    pub variables: List<Text>,
    /// What is missing is not made.
    #[serde(default)]
    pub only_standing: bool,
    /// Globs.
    #[serde(default)]
    pub programs: List<Text>,
}

/// A command line that needs more than the scope.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Needy {
    /// The command is made of these alone.
    pub programs: List<Text>,
    /// Words of one line.
    pub words: List<Text>,
    /// A file that is replaced by a new one beside it.
    #[serde(default)]
    pub around: Option<Text>,
    /// The number of the operand that is a directory to be made.
    #[serde(default)]
    pub makes: Option<u8>,
}

/// What a command line writes.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Writes {
    /// By these programs.
    pub programs: List<Text>,
    /// Words that the line has.
    #[serde(default)]
    pub words: List<Text>,
    /// Globs; one of the line's words is such an option.
    #[serde(default)]
    pub if_flag: List<Text>,
    /// Which operands are written.
    #[serde(default)]
    pub operands: Which,
    /// Options whose value is written.
    #[serde(default)]
    pub options: List<Text>,
    /// Keywords whose value is written: `of=FILE`.
    #[serde(default)]
    pub keywords: List<Text>,
}

/// Which operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// None of them.
    #[default]
    Nothing,
    /// All.
    All,
    /// The last.
    Last,
}
