//! The form of `rules/wrappers.yaml`: programs that run other commands.
//!
//! `build.rs` includes this file as well.

use serde::{Deserialize, Serialize};

use super::pack::{List, Text};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct WrapperFile {
    /// All wrappers. A program may stand in several: each is tried.
    pub wrappers: List<Wrapper>,
    /// Variables whose value is a command that other programs run: `GIT_SSH_COMMAND`, `PAGER`.
    pub variables: List<Text>,
    /// Command lines, globs, whose output is made to be evaluated and sets nothing but their own variables and
    /// functions: `ssh-agent -s`, `direnv hook bash`.
    pub evaluable: List<Text>,
}

/// One way in which a program is given a command.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Wrapper {
    /// Base names.
    pub programs: List<Text>,
    /// Leading operands that must stand: `exec`, `compose exec|run`.
    #[serde(default)]
    pub subcommand: Option<Text>,
    /// Options that take the next word as their value.
    #[serde(default)]
    pub options_with_value: List<Text>,
    /// One of these options must stand for this entry to apply.
    #[serde(default)]
    pub needs_flag: List<Text>,
    /// With one of these options it runs nothing: `command -v`, `sudo -l`.
    #[serde(default)]
    pub unless_flag: List<Text>,
    /// `NAME=value` words before the command are assignments (`env`, `sudo`).
    #[serde(default)]
    pub assignments: bool,
    /// How many operands stand before the command: `timeout 5 cmd`, `ssh host cmd`.
    #[serde(default)]
    pub skip: u8,
    /// The command begins behind one of these words: `--`, `-exec`.
    #[serde(default)]
    pub after: List<Text>,
    /// It ends before one of these words: `;`, `+`.
    #[serde(default)]
    pub until: List<Text>,
    /// How many values its options take is not known: the command begins with the first word that names a program which
    /// rules know.
    #[serde(default)]
    pub seeks: bool,
    /// What the words of the command are.
    #[serde(default)]
    pub form: Form,
    /// Options whose value is shell text: `su -c TEXT`, `git rebase --exec TEXT`.
    #[serde(default)]
    pub text_option: List<Text>,
    /// The texts of those options are `KEY=TEXT`, and only these keys' are commands: `-o ProxyCommand=TEXT`.
    #[serde(default)]
    pub text_key: List<Text>,
    /// The command stands in the text behind the first of these: `vim -c ':!TEXT'`, `expect -c 'spawn TEXT'`.
    #[serde(default)]
    pub text_after: List<Text>,
    /// What stands in front of the text before it is read: `git ` for an alias.
    #[serde(default)]
    pub text_prefix: Option<Text>,
    /// Lines of standard input that begin with one of these are shell text: `!` for `ed` and `ftp`.
    #[serde(default)]
    pub line_after: List<Text>,
    /// Options whose value names a file of shell text that is run first: `bash --rcfile FILE -i`.
    #[serde(default)]
    pub file_option: List<Text>,
    /// Standard input is shell text, when nothing else was given: `sh`, `ssh host`, `at`.
    #[serde(default)]
    pub text_stdin: bool,
    /// With one of these options the operands are parameters, and standard input is the text: `bash -s -- x`.
    #[serde(default)]
    pub stdin_flag: List<Text>,
    /// Words that the command receives besides: none, or some that are not known (`xargs`).
    #[serde(default)]
    pub appends: bool,
    /// This word stands for something unknown in the command: `{}`.
    #[serde(default)]
    pub placeholder: Option<Text>,
    /// Options of the wrapper that say what the placeholder's names look like: `-name` of `find`.
    #[serde(default)]
    pub narrowed_by: List<Text>,
    /// The text is read by bash or a shell that refuses what bash refuses.
    #[serde(default)]
    pub of_bash_kind: bool,
    /// The command runs on another machine or in another file system.
    #[serde(default)]
    pub remote: bool,
}

/// What the words behind a wrapper are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A command's words: `sudo rm -rf x`.
    #[default]
    Words,
    /// Words that are joined by blanks and read as shell text: `ssh host 'rm -rf x'`, `watch`, `eval`.
    Joined,
    /// The first word alone is shell text; those behind it are its parameters: `bash -c TEXT name args`.
    First,
    /// Each word by itself is shell text: `concurrently 'a' 'b'`.
    Each,
    /// The first operand names a file of shell text; those behind it are its parameters: `bash x.sh`.
    Script,
    /// The operand behind one of [`text_key`](Wrapper::text_key) is shell text: `git config core.pager TEXT`.
    Keyed,
    /// Every word that begins with one of [`text_after`](Wrapper::text_after) is shell text behind it: `vim +!TEXT`.
    Marked,
    /// No operand is a command; only options or standard input are.
    Nothing,
}
