//! What the walk may know of the world, as values.

use super::environment::Environment;
use std::collections::BTreeMap;

/// Where and by whom a command would be run. All of it is given; nothing is looked up.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// The working directory, absolute.
    pub directory: String,
    /// The home directories: `$HOME` first, then the password entry's if it is another.
    pub homes: Vec<String>,
    /// The user's name.
    pub user: String,
    /// The environment in which the command would run, for the variables that it uses.
    pub environment: Environment,
    /// Variables that are set to something that is no text. Their values are not known; they are not unset.
    pub unreadable: std::collections::BTreeSet<String>,
    /// The repository's root, if the working directory lies in one.
    pub repository: Option<String>,
    /// Globs of files that the agent itself writes and sources before each command (a shell snapshot):
    /// they are not read, they hold what the user's own start-up files say.
    pub unread_sources: Vec<String>,
    /// The shell that would run it is none of bash's kind, or not known: zsh.
    pub other_shell: bool,
    /// `$0` of the text and the parameters behind it.
    pub parameters: Vec<String>,
    /// The branch that is checked out there.
    pub branch: Option<String>,
}

/// Something that the walk would like to know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// The text of a file, by absolute path.
    File(String),
    /// What stands at a path, and whether it could be brought back.
    Path(String),
    /// A value of git's configuration in a directory, such as `alias.st`.
    GitConfig {
        /// Where git would be run.
        directory: String,
        /// The key.
        key: String,
    },
    /// What git would lose.
    Keeping(Keeping),
    /// The current context that the first of these files names, of those that name one.
    CurrentContext(Vec<String>),
}

/// Finds out one thing, puts it among the facts and says whether it did.
pub type FindOut<'f> = dyn FnMut(&Need, &mut Facts) -> bool + 'f;

/// What would be lost by a command of git's, unless something else has it. Directories and paths are absolute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keeping {
    /// Tracked files give way to those of a commit: which of them differ from the last commit, and what else stands where
    /// the commit has files?
    Tracked {
        /// Where git would be run.
        directory: String,
        /// What is hit; everything where none is named.
        paths: Vec<String>,
        /// The commit; the last one where none is named.
        commit: Option<String>,
    },
    /// Files are removed that git does not track: which are there?
    Untracked {
        /// Where git would be run.
        directory: String,
        /// What is hit; everything below the directory where none is named.
        paths: Vec<String>,
        /// Those that git ignores too.
        ignored: bool,
    },
    /// A ref moves or goes: which of its commits has no other?
    Commits {
        /// Where git would be run.
        directory: String,
        /// The ref.
        of: String,
        /// What may have them too: commits, or where refs lie (`refs/remotes/`).
        by: Vec<String>,
    },
    /// The newest stash goes: which of its files do not stand in the working tree as it has them?
    Stash {
        /// Where git would be run.
        directory: String,
    },
}

/// The answer to a [`Keeping`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Kept {
    /// It could not be found out.
    #[default]
    Unknown,
    /// There is no such ref.
    Missing,
    /// These would be lost: paths, or refs. All else is kept.
    AllBut(Vec<String>),
}

/// The text of a file, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileFact {
    /// The whole text.
    Text(String),
    /// There is no such file.
    Missing,
    /// It is there but was not read: too large, not text, not permitted, or past the budget.
    Unread,
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PathState {
    /// Nothing.
    Missing,
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A device, socket or pipe.
    Special,
    /// It could not be found out.
    #[default]
    Unknown,
}

/// What is known of a path that would be hit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PathFact {
    /// What stands there.
    pub state: PathState,
    /// The path with symbolic links resolved, if that differs.
    pub real: Option<String>,
    /// Everything at or below it is tracked by git and unchanged.
    pub tracked_clean: bool,
    /// Something at or below it is tracked by git.
    pub tracked: bool,
    /// git ignores it.
    pub ignored: bool,
    /// A manifest beside it says what makes it again (`Cargo.toml` beside `target`).
    pub manifest_beside: bool,
    /// How many files it holds, if they were counted.
    pub files: Option<u64>,
    /// How many bytes, if they were counted.
    pub bytes: Option<u64>,
    /// The counting did not come to its end: there are at least so many.
    pub at_least: bool,
}

/// The answers to earlier needs.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Texts of files by absolute path.
    pub files: BTreeMap<String, FileFact>,
    /// Paths.
    pub paths: BTreeMap<String, PathFact>,
    /// git's configuration by directory and key; `None` where it has no such key.
    pub git_config: BTreeMap<(String, String), Option<String>>,
    /// Names of current contexts, by the files; `None` where none is named or could be read.
    pub contexts: BTreeMap<Vec<String>, Option<String>>,
    /// What git would lose.
    pub kept: BTreeMap<Keeping, Kept>,
}
