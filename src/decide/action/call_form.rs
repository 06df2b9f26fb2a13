//! The form of what packs say of calls in inline code, and of files of recipes.
//!
//! `build.rs` includes this file, as it does [`pack`](super::pack).

use serde::{Deserialize, Serialize};

use super::pack::{List, Text};

/// A condition on one call in inline code, and which of its arguments are hit.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields, default)]
pub struct CallWhen {
    /// Dotted names, globs: `shutil.rmtree`, `fs.rm*`, `*.unlink`.
    pub name: List<Text>,
    /// Globs for the first argument; what is not known fits none.
    pub argument: List<Text>,
    /// Globs, one of which some argument or keyword (`method=DELETE`) matches.
    pub any_argument: List<Text>,
    /// Globs that no argument or keyword matches.
    pub no_argument: List<Text>,
    /// The arguments (counted from 0) that are hit; the first where none is given.
    pub at: List<u8>,
    /// All arguments are hit.
    pub every: bool,
    /// Keywords whose values are hit too.
    pub keyword: List<Text>,
    /// The object that the call is a method of is hit.
    pub receiver: bool,
}

/// What a call does with its arguments, where that is something which is judged by itself.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Takes {
    /// Dotted names, globs. The first entry that fits a call is the one that counts.
    pub name: List<Text>,
    /// What the argument is.
    #[serde(rename = "as")]
    pub taken: Taken,
    /// The arguments (counted from 0) that are it; the first where none is given.
    #[serde(default)]
    pub at: List<u8>,
    /// Keywords whose values are it.
    #[serde(default)]
    pub keyword: List<Text>,
    /// The object that the call is a method of is it.
    #[serde(default)]
    pub receiver: bool,
    /// Globs, one of which some argument or keyword matches: `shell=True`.
    #[serde(default)]
    pub needs: List<Text>,
    /// Where a file is opened: the argument that says how (`w`).
    #[serde(default)]
    pub mode: Option<u8>,
    /// Where a file is written: the argument that is its text.
    #[serde(default)]
    pub text: Option<u8>,
    /// Where a command is run: keywords that say in which directory, and what its standard input is.
    #[serde(default)]
    pub directory: List<Text>,
    /// See `directory`.
    #[serde(default)]
    pub input: List<Text>,
    /// Where a command is run: what it reads is written by code that is not followed.
    #[serde(default)]
    pub piped: bool,
    /// Where SQL is run: calls whose first argument is the database's file.
    #[serde(default)]
    pub database: List<Text>,
    /// Where a request is sent: its method, if nothing else says it.
    #[serde(default)]
    pub method: Option<Text>,
    /// The argument that is the method. Keywords `method` and `type` always are.
    #[serde(default)]
    pub method_at: Option<u8>,
    /// The argument that is the body.
    #[serde(default)]
    pub body_at: Option<u8>,
    /// What is no whole URL is a path of the host that the object was made for.
    #[serde(default)]
    pub base: bool,
    /// The URL must be written with a scheme: for names that other things have too (`*.delete`).
    #[serde(default)]
    pub absolute: bool,
}

/// What an argument is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Taken {
    /// Text that a shell runs.
    ShellText,
    /// A command's words, in lists or one by one; a single text is read as a shell reads it.
    CommandWords,
    /// Code of the same language.
    SameCode,
    /// A file of code of the same language.
    CodeFile,
    /// The name of a module of the same language.
    Module,
    /// SQL.
    SqlText,
    /// A file that is read.
    ReadFile,
    /// A file that is replaced.
    WriteFile,
    /// A file that is written to at its end.
    AppendFile,
    /// A file that is opened: the mode says how.
    OpenFile,
    /// What is written into a file that was opened: the object is the file.
    Contents,
    /// A directory or file that is made.
    MadePath,
    /// The new working directory.
    WorkingDirectory,
    /// The URL of a request.
    RequestUrl,
}

/// Where the modules of a language stand, as far as they lie beside the code that names them.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Modules {
    /// What stands between the parts of a name: `.`. Without it a name is a path.
    #[serde(default)]
    pub separator: Option<Text>,
    /// What stands behind the name's path: `.py`, `/__init__.py`. The first file that is there is the module.
    pub suffix: List<Text>,
    /// Globs of names that are files here and no packages: `./*`. Any name where none is given.
    #[serde(default)]
    pub local: List<Text>,
    /// A variable with directories in which modules are looked for: `PYTHONPATH`.
    #[serde(default)]
    pub path: Option<Text>,
}

/// A file of recipes (a Makefile, the scripts of `package.json`), and which of them a command line names.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Recipes {
    /// How the file is written.
    pub form: RecipeForm,
    /// Only these of the pack's programs (globs).
    #[serde(default)]
    pub program: List<Text>,
    /// The file's names: the first that is there is the one.
    pub file: List<Text>,
    /// Leading operands behind which the recipes' names stand: `run`.
    #[serde(default)]
    pub subcommand: Option<Text>,
    /// Recipes that are run whatever else the command line says: `test`, or a package's own `prepare`.
    #[serde(default)]
    pub name: List<Text>,
    /// Options whose value is text that stands in front of the file's: `make --eval TEXT`.
    #[serde(default)]
    pub text_option: List<Text>,
    /// Options that name the recipes: `tox -e NAME`.
    #[serde(default)]
    pub name_option: List<Text>,
    /// In JSON the member that holds the scripts; in tables their sections, where `*` is a task's name.
    #[serde(default)]
    pub table: List<Text>,
    /// In tables the keys whose values are run: `cmd`.
    #[serde(default)]
    pub text_key: List<Text>,
    /// Every operand names a recipe, and none is an argument of another: `run-s a b`.
    #[serde(default)]
    pub each: bool,
    /// It applies only where the command line has no operands: `yarn`.
    #[serde(default)]
    pub bare: bool,
    /// Options that name the file.
    #[serde(default)]
    pub file_option: List<Text>,
    /// Options that name the directory where the file is.
    #[serde(default)]
    pub directory_option: List<Text>,
    /// The file may stand in a directory above as well.
    #[serde(default)]
    pub upward: bool,
    /// Without a name nothing is run.
    #[serde(default)]
    pub named_only: bool,
    /// With one of these options nothing is run: `--dry-run`.
    #[serde(default)]
    pub unless_flag: List<Text>,
}

/// How a file of recipes is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecipeForm {
    /// A Makefile.
    Makefile,
    /// A justfile.
    Justfile,
    /// `package.json`.
    PackageJson,
    /// `composer.json`.
    ComposerJson,
    /// `Taskfile.yml`.
    Taskfile,
    /// A Rakefile.
    Rakefile,
    /// Tables with tasks, in TOML or INI.
    Table,
    /// Python with a function for each task.
    PythonTasks,
    /// JavaScript with a function for each task.
    JavascriptTasks,
}

/// A program whose configuration may give a command line of its own, or of the shell, a name.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Aliases {
    /// The program.
    pub program: Text,
    /// What the keys of such names begin with: `alias.`.
    pub key: Text,
    /// Options that set a key for one command: `-c alias.x=…`.
    pub option: List<Text>,
    /// Options that name the directory whose configuration counts.
    pub directory_option: List<Text>,
    /// The program's own subcommands, which cannot be renamed.
    pub own: List<Text>,
}
