//! The form of what a rule says that a command does, and where the command line names what it hits.
//!
//! `build.rs` includes this file as well.

use super::effect::{Reach, Reversal, Verb};
use super::list::{List, Text};
use serde::{Deserialize, Serialize};

/// What a command does when a rule applies.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Does {
    /// What is done.
    pub verb: Verb,
    /// To what kind of thing: `remote-ref`, `file`, `volume`, `table` …
    pub resource: Text,
    /// How far it reaches at least; paths and hosts may raise it.
    pub reach: Reach,
    /// Whether it can be taken back; facts about the target may make it milder where `target` is `paths`.
    pub reversal: Reversal,
    /// Which words name what is hit.
    #[serde(default)]
    pub target: Target,
    /// Options whose values name what is hit, in place of the operands where one of them stands.
    #[serde(default)]
    pub named_by: List<Text>,
    /// Options that narrow the targets to names: `-name` of a search.
    #[serde(default)]
    pub narrowed_by: List<Text>,
    /// Of a target whose name is not known nothing is said, unless it lies in a system's directory: most of what
    /// `cp` and `mv` write to is new.
    #[serde(default)]
    pub known_only: bool,
    /// A target `HOST:PATH` lies on another machine (rsync(1)): nothing is known of it but its name.
    #[serde(default)]
    pub other_machines: bool,
}

/// Where a command line names what it hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The operands behind the subcommand are names, shown to the person.
    #[default]
    Operands,
    /// The operands are paths: temporary, regenerable and recoverable ones are told apart by facts.
    Paths,
    /// Only the last operand is a path that is hit (`mv`, `cp`, `ln`); in a directory, what has the others' names.
    LastPath,
    /// All but the last operand are paths that are hit.
    PathsButLast,
    /// The operands are paths; without any it is the working directory (`find -delete`).
    PathsOrHere,
    /// The working directory's repository.
    Repository,
    /// Nothing on the command line names it.
    Unnamed,
    /// The working tree's tracked files; an operand is the commit whose files take their place.
    Tree,
    /// Tracked files at and below the operands; what stands before `--`, or is no path, is the commit whose files take their place.
    TreePaths,
    /// Files that are not tracked, at and below the operands or the working directory.
    Untracked,
    /// Commits of the branch that is checked out; the operand is where it goes.
    Moved,
    /// The operands are branches.
    Branches,
    /// The operands are working trees of this history, whole.
    Trees,
    /// The newest stash.
    Stash,
}
