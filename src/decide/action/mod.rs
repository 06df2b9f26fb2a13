//! What would it do? From a [`Script`](crate::decide::syntax::Script) to [`Action`]s.
//!
//! The walk follows assignments, `cd`, functions, pipes and substitutions as far as they are known,
//! peels wrappers (`sudo`, `xargs`, `bash -c` …), and asks the packs what each command line does.
//! It reads nothing: what it would like to know of the world it names as a [`Need`], and whoever called it puts the answer among the
//! [`Facts`], at once or before it reads again.

pub mod call_form;
pub mod client_form;
pub mod company;
pub mod context_form;
pub mod control;
pub mod credential;
pub mod decode_form;
pub mod does_form;
pub mod effect;
pub mod freight;
pub mod glob;
pub mod history_form;
pub mod keyring;
pub mod list;
pub mod pack;
pub mod request;
pub mod rider;
pub mod rider_form;
pub mod sql_form;
pub mod store;
pub mod store_form;
pub mod topic;
pub mod variable;
pub mod variable_form;
pub mod wrapper_form;

mod absent;
mod alias;
mod array;
mod aside;
mod assignment;
mod beside;
mod brace;
mod builtin;
mod call;
mod check;
mod compiled;
mod context;
mod database;
mod decode;
mod environment;
mod expand;
mod facts;
mod foreign;
mod forked;
mod guest;
mod history;
mod input;
mod kind;
mod label;
mod language;
mod likeness;
mod line;
mod matcher;
mod module;
mod moved;
mod narrow;
mod noted;
mod opaque;
mod output;
pub mod owner;
mod parameter;
mod parts;
mod peel;
mod place;
mod place_form;
mod process;
mod recipe;
mod recursion;
mod redirect;
mod rewrite;
mod rules;
mod run;
mod scope;
mod send;
mod statement;
mod stream;
mod taken;
mod target;
mod tilde;
mod value;
mod walk;
mod writing;

pub use beside::{About, Beside};
pub use effect::{Reach, Reversal, Verb};
pub use environment::{Environment, paths_in};
pub use facts::{Facts, FileFact, FindOut, Keeping, Kept, Need, PathFact, PathState, Setting};
pub use guest::Guest;
pub use parts::Parts;
pub use rules::Rules;
pub use value::{Part, Value};

pub use crate::decide::syntax::Span;

use crate::decide::syntax::Script;

/// One effect of a command.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Action {
    /// What is done.
    pub verb: Verb,
    /// To what kind of thing.
    pub resource: String,
    /// Which ones, where they are known: paths, names, hosts. Hostile text: show it by `Shown`.
    pub names: Vec<String>,
    /// How far it reaches.
    pub reach: Reach,
    /// Whether it can be taken back.
    pub reversal: Reversal,
    /// The rule that saw it: `git.push.force`.
    pub rule: String,
    /// What would be lost.
    pub why: String,
    /// A safer way.
    pub instead: Option<String>,
    /// Where it stands in the text that was typed.
    pub span: Span,
    /// Through what it was reached, outermost first: `sudo`, `bash -c`, `./cleanup.sh`.
    pub via: Vec<String>,
}

/// All that was read from one script.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// The effects, in the order in which they were met.
    pub actions: Vec<Action>,
    /// The programs that would be started, by base name, in order and without repeats; wrappers too.
    pub programs: Vec<String>,
    /// Calls of programs that read a repository's settings.
    pub guests: Vec<Guest>,
    /// `true` if every command of the script was seen and its program is known.
    /// A credential is only given to a script that was seen whole.
    pub seen_whole: bool,
    /// A file that an agent sources itself was not read ([`Setting::unread_sources`]). What it makes of a program's name is not known.
    pub skipped: bool,
    /// A program is told to work on a credential.
    pub exposes: bool,
    /// Something is redirected to a file whose name is not known.
    pub writes_blindly: bool,
    /// What the walk would like to know. Empty when the reading is final.
    pub needs: Vec<Need>,
    /// Files whose text was used: path and what [`FileFact`] said of it.
    pub consulted: Vec<String>,
    /// Paths that its words say are written.
    pub writes: Vec<String>,
    /// Passes that its lines need, and the programs of which alone the command must be made then.
    pub openings: Vec<(String, Option<Vec<&'static str>>)>,
    /// What the walk cost, in steps of about the same size; at most [`MOST_STEPS`].
    pub steps: u32,
}

/// When a walk has cost so much it gives up, which is a hold.
pub const MOST_STEPS: u32 = walk::FUEL;

/// Walks a script and says what it would do, as far as the facts tell.
#[must_use]
pub fn read(script: &Script, setting: &Setting, facts: &Facts, rules: Rules) -> Reading {
    read_asking(script, setting, &mut facts.clone(), rules, &mut |_, _| false)
}

/// The same, with somebody who finds out what is missing among the facts as soon as it is needed. Read again with the facts as they
/// are then, the script says the same.
#[must_use]
pub fn read_asking<'f>(
    script: &Script,
    setting: &'f Setting,
    facts: &'f mut Facts,
    rules: Rules,
    find_out: &'f mut FindOut<'f>,
) -> Reading {
    let mut walk = walk::Walk::new(setting, facts, rules, find_out);
    walk.script(script, &mut scope::Scope::at(setting), &stream::Stream::inherited());
    walk.reading
}

/// Ends a reading whose wishes never end: what is left unread is held.
#[must_use]
pub fn give_up(mut reading: Reading) -> Reading {
    reading.needs.clear();
    hold_unread(
        reading,
        ("shell.text.endless", "It runs files that run files, and so on, farther than is followed."),
        "Run the innermost command directly.",
    )
}

/// What is read of a script when the reader itself failed: nothing, and that is held.
#[must_use]
pub fn broken_off() -> Reading {
    hold_unread(
        Reading::default(),
        ("shell.text.broken", "holdpoint failed while it read this text; that is a fault of holdpoint's."),
        "Write it in another way, and report the text to holdpoint's developers.",
    )
}

fn hold_unread(mut reading: Reading, (rule, why): (&str, &str), instead: &str) -> Reading {
    reading.seen_whole = false;
    reading.actions.push(Action {
        verb: Verb::RunUnseen,
        resource: "command".to_owned(),
        names: Vec::new(),
        reach: Reach::Repo,
        reversal: Reversal::Never,
        rule: rule.to_owned(),
        why: why.to_owned(),
        instead: Some(instead.to_owned()),
        span: Span::default(),
        via: Vec::new(),
    });
    reading
}
