//! The form of a rule pack, as written in `rules/packs/*.yaml` and in a repository's own packs.
//!
//! `build.rs` includes this file: it reads the built-in packs when holdpoint is compiled and packs each of them
//! into bytes, so that no YAML is read on the way of a command (docs/design/0005). A [`Text`] points into those bytes. Other
//! lists are written down as Rust constants: [`Text`] and [`List`] print themselves as the expression that makes them.

use serde::{Deserialize, Serialize};

use super::call_form::{Aliases, CallWhen, Modules, Recipes, Takes};
use super::context_form::{ContextIs, Contexts};
use super::decode_form::Decodes;
pub use super::does_form::Does;
use super::freight::Freight;
use super::history_form::History;
pub use super::list::{List, Text, Trials};
pub use super::sql_form::{SqlClient, SqlWhen};

/// One file of rules about one program, service or kind of thing.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// The pack's name, the first part of its rules' ids.
    pub pack: Text,
    /// One sentence: what its rules are about.
    pub about: Text,
    /// The programs whose command lines it reads, by base name. Empty for packs about requests or SQL.
    #[serde(default, alias = "program")]
    pub programs: List<Text>,
    /// Options before or among the operands that take the next word as their value.
    #[serde(default)]
    pub options_with_value: List<Text>,
    /// Further options that take no value, so that what stands behind them is no value: `--allow-dirty`.
    #[serde(default)]
    pub switches: List<Text>,
    /// Long options have one dash (`-auto-approve`), so that short ones are never bundled.
    #[serde(default)]
    pub single_dash: bool,
    /// Operands `NAME=VALUE` that are options by another spelling: `of` for `dd of=FILE`.
    #[serde(default)]
    pub keywords: List<Text>,
    /// Options stand only in front of the operands: behind the first of these every word is one.
    #[serde(default)]
    pub options_first: bool,
    /// With one of these options the program does nothing but tell: `--dry-run`. `--help` is always one.
    #[serde(default)]
    pub only_tells: List<Text>,
    /// Where this program is given text in another language.
    #[serde(default)]
    pub reads: List<Reads>,
    /// Files of recipes of which this program runs some.
    #[serde(default)]
    pub recipes: List<Recipes>,
    /// Names of its own for command lines, as its configuration gives them.
    #[serde(default)]
    pub aliases: Option<Aliases>,
    /// Where its programs keep the name of the context that they work on.
    #[serde(default)]
    pub contexts: List<Contexts>,
    /// How its history is asked what it keeps.
    #[serde(default)]
    pub history: Option<History>,
    /// What is known of the SQL that it is given.
    #[serde(default)]
    pub sql: Option<SqlClient>,
    /// What commands print or keep that is worth following: secrets, private files, the environment.
    #[serde(default)]
    pub carries: List<Carries>,
    /// Command lines that print what their input was encoded from.
    #[serde(default)]
    pub decodes: List<Decodes>,
    /// Requests that carry text in another language.
    #[serde(default)]
    pub speaks: List<Speaks>,
    /// The languages whose calls `calls` and the rules about calls speak of.
    #[serde(default)]
    pub language: List<Language>,
    /// Where modules of the language stand.
    #[serde(default)]
    pub modules: Option<Modules>,
    /// What calls in inline code do with their arguments.
    #[serde(default)]
    pub calls: List<Takes>,
    /// The rules.
    #[serde(default)]
    pub rules: List<Rule>,
}

/// A kind of command whose output carries something. It says nothing by itself: rules ask where it goes
/// ([`When::flow`], [`HttpWhen::secret`]).
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Carries {
    /// Which command lines.
    pub when: When,
    /// What.
    pub what: Freight,
}

/// A request that carries text in another language: SQL over HTTP.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Speaks {
    /// Which requests.
    pub http: HttpWhen,
    /// Which language.
    pub language: Language,
    /// Members of the body and parameters of the query that are such text.
    #[serde(default)]
    pub field: List<Text>,
    /// The whole body is such text.
    #[serde(default)]
    pub body: bool,
}

/// One fact about a kind of command.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `pack.noun.verb`, never reused.
    pub id: Text,
    /// When it applies. Every key that is given must hold.
    pub when: When,
    /// What the command does then.
    pub does: Does,
    /// What would be lost, for the person who is asked.
    pub why: Text,
    /// A safer command or way, for the agent.
    #[serde(default)]
    pub instead: Option<Text>,
    /// Trials: commands to which the rule applies.
    #[serde(default)]
    pub holds: Trials,
    /// Trials: commands to which it does not.
    #[serde(default)]
    pub passes: Trials,
}

/// The conditions of a rule. Lists are alternatives unless said otherwise; patterns are globs (`*`, `?`, `[…]`) over one word.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields, default)]
pub struct When {
    /// Only these of the pack's programs (globs).
    pub program: List<Text>,
    /// Leading operands: words of globs, `|` between alternatives: `"volume rm|remove"`.
    pub subcommand: List<Text>,
    /// At least one of these options stands: `-f` (in a bundle too), `--force`, `-delete`, `--force=*`.
    pub any_flag: List<Text>,
    /// All of these stand.
    pub all_flags: List<Text>,
    /// None of these stands.
    pub no_flag: List<Text>,
    /// At least one operand behind the subcommand matches.
    pub any_arg: List<Text>,
    /// No operand behind the subcommand matches.
    pub no_arg: List<Text>,
    /// At least one word of the whole command line matches, options and operands alike.
    pub any_word: List<Text>,
    /// No word of the whole command line matches.
    pub no_word: List<Text>,
    /// The first operand names another owner than the user who runs it: `root:root`, not `$USER:`.
    pub to_another: bool,
    /// Operands are compared without regard to case.
    pub ignore_case: bool,
    /// At least so many operands behind the subcommand.
    pub min_args: Option<u8>,
    /// At most so many operands behind the subcommand.
    pub max_args: Option<u8>,
    /// An option has a value that matches; every entry must hold.
    pub option: List<OptionIs>,
    /// A variable of this name (glob) is set before the command or exported.
    pub sets: List<Text>,
    /// A variable has this value where the command runs, `AWS_PROFILE=prod*`: set before it, exported or inherited.
    pub with: List<Text>,
    /// No variable has this value where the command runs, `RAILS_ENV=test`, as far as that is certain.
    pub without: List<Text>,
    /// No earlier command of the same script matches (globs over its words): `git stash apply`.
    pub not_after: List<Text>,
    /// The branch that is checked out is one of these (globs).
    pub branch: List<Text>,
    /// The context that its program works on is one of these, where the pack's `contexts` say how that is found out.
    pub context: Option<ContextIs>,
    /// An operand is a path of this kind.
    pub path: Option<PathKind>,
    /// Its words or its standard input carry one of these.
    pub flow: List<Freight>,
    /// Its words carry one of these.
    pub word_flow: List<Freight>,
    /// `true`: what it prints is shown, and does not go on into a pipe, a file or a substitution.
    pub shown: Option<bool>,
    /// `true`: its standard input is what the whole script was given, and no pipe, file or here-document.
    pub inherits: Option<bool>,
    /// An SQL statement that the program is given.
    pub sql: Option<SqlWhen>,
    /// An HTTP request that is sent.
    pub http: Option<HttpWhen>,
    /// A call in inline code.
    pub call: Option<CallWhen>,
}

/// `{ name: [-X, --request], is: [DELETE] }`
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct OptionIs {
    /// The option's spellings.
    pub name: List<Text>,
    /// Globs for its value, compared without regard to case.
    #[serde(default)]
    pub is: List<Text>,
    /// Globs that its value must not match.
    #[serde(default)]
    pub is_not: List<Text>,
}

/// Kinds of path that an operand may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathKind {
    /// A credential of `rules/credentials.yaml`, or a directory made for such.
    Credential,
    /// A directory with credentials somewhere below it: home itself, `/etc`.
    AboveCredential,
    /// A file outside the project and outside temporary places that is the user's or the system's own affair.
    Outside,
    /// A block device (`/dev/sda`).
    Device,
    /// A file that runs later: shell start-up files, hooks, cron, systemd units, agents' settings.
    Startup,
    /// A file through which the kernel's guards and settings are changed: `/proc/sys/…`.
    Kernel,
    /// holdpoint's own files.
    Holdpoint,
    /// A file that exists now.
    Existing,
    /// A system's directory or file, or home itself.
    System,
}

/// A condition on one HTTP request.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields, default)]
pub struct HttpWhen {
    /// Methods, in capitals.
    pub method: List<Text>,
    /// Host globs, without port.
    pub host: List<Text>,
    /// Hosts to leave out.
    pub no_host: List<Text>,
    /// Path globs; `*` stays within one segment, `**` crosses them.
    pub path: List<Text>,
    /// Paths to leave out.
    pub no_path: List<Text>,
    /// Ports.
    pub port: List<u16>,
    /// Headers `name=value`, globs; names in lower case.
    pub header: List<Text>,
    /// Parameters of the query or of a form, `name=value`, globs.
    pub query: List<Text>,
    /// Keys of a JSON body, at any depth, or of a form, globs.
    pub body_key: List<Text>,
    /// Members of a JSON body, at any depth, or of a form, `name=value`, globs.
    pub body: List<Text>,
    /// `true`: something that was read from a secret, or a credential file, is sent.
    pub secret: Option<bool>,
    /// Variables of the environment whose values are in it, by name (globs).
    pub variable: List<Text>,
    /// `true`: a local file is sent that lies outside the project and outside temporary places.
    pub outside: Option<bool>,
    /// The GraphQL operation: `query`, `mutation`, `subscription`, or `unseen` where the document is not known.
    pub operation: List<Text>,
    /// Fields that a GraphQL operation selects at its root, globs without regard to case.
    pub field: List<Text>,
    /// Words of such a field's name: `delete` is one of `volumeDelete` and `delete_users`, none of `deletedUsers`.
    pub field_word: List<Text>,
}

/// A place on a command line where text of another language stands.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Reads {
    /// Which language.
    pub language: Language,
    /// Options whose value is such text.
    #[serde(default)]
    pub option: List<Text>,
    /// Options whose value names a file of such text.
    #[serde(default)]
    pub file_option: List<Text>,
    /// Options whose value names a module of such text: `python -m NAME`.
    #[serde(default)]
    pub module_option: List<Text>,
    /// The operand (counted from 0) that is such text.
    #[serde(default)]
    pub operand: Option<u8>,
    /// That operand and all behind it.
    #[serde(default)]
    pub operands_from: Option<u8>,
    /// The operand (counted from 0) that names a file of such text.
    #[serde(default)]
    pub file_operand: Option<u8>,
    /// Operands that begin with one of these are such text behind it: `vim +TEXT`.
    #[serde(default)]
    pub mark: List<Text>,
    /// Operands that begin with one of these name a file of such text behind it: `sqlplus @FILE`.
    #[serde(default)]
    pub file_mark: List<Text>,
    /// Standard input is such text when no option or operand gave it.
    #[serde(default)]
    pub stdin: bool,
    /// Leading operands behind which the others are counted: `run`.
    #[serde(default)]
    pub subcommand: Option<Text>,
    /// With one of these options the operands and standard input are something else: `-m`.
    #[serde(default)]
    pub unless_flag: List<Text>,
}

/// Languages that are read behind a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// POSIX shell and bash.
    Shell,
    /// SQL of any dialect, with the client's own backslash and dot commands.
    Sql,
    /// Python.
    Python,
    /// JavaScript and TypeScript.
    Javascript,
    /// Perl.
    Perl,
    /// Ruby.
    Ruby,
    /// PHP.
    Php,
    /// Lua.
    Lua,
    /// awk programs.
    Awk,
    /// sed scripts.
    Sed,
    /// R.
    R,
    /// Tcl and expect.
    Tcl,
    /// Emacs Lisp, Common Lisp, Scheme, Clojure and their kin.
    Lisp,
    /// Julia.
    Julia,
    /// Elixir.
    Elixir,
    /// Erlang.
    Erlang,
    /// Java, Groovy, Kotlin, Scala and their kin.
    Jvm,
    /// Octave and MATLAB.
    Octave,
    /// OCaml, Haskell and their kin.
    Functional,
    /// AppleScript.
    Applescript,
    /// Vim's own commands.
    Vim,
    /// The mongo shell's JavaScript.
    Mongo,
    /// Redis commands, one a line.
    Redis,
    /// Makefiles: `operand` names targets.
    Make,
}
