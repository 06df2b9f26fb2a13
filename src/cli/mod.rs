//! The front door: what was typed, and what is printed.
//!
//! The hot path, a shell that is given a text, is told apart by hand; everything else goes to clap.

pub mod args;

mod answer;
mod check;
mod demo;
mod doctor;
pub mod exit;
mod invocation;
mod list;
mod rules;
mod run;
mod scan;

pub use invocation::{Input, Invocation, ShellCall};

use crate::sys::signal;
use std::ffi::OsString;
use std::fmt::Display;

/// Does what the argument vector asks for; the result is the exit code.
#[must_use]
pub fn enter(argv: impl Iterator<Item = OsString>) -> i32 {
    match Invocation::read(argv) {
        Invocation::Shell(call) => run::run_as_shell(&call),
        Invocation::Run(arguments) if !asks_for_help(&arguments) => run::run_command(&arguments),
        Invocation::Check(arguments) if !asks_for_help(&arguments) => check::check(&arguments),
        Invocation::Run(arguments) => enter_cold(with_name("run", arguments)),
        Invocation::Check(arguments) => enter_cold(with_name("check", arguments)),
        Invocation::Hook { name, arguments } => run::run_hook(&name, &arguments),
        Invocation::Other(arguments) => enter_cold(arguments),
    }
}

fn asks_for_help(arguments: &[OsString]) -> bool {
    arguments.first().is_some_and(|first| first == "--help" || first == "-h")
}

fn with_name(name: &str, arguments: Vec<OsString>) -> Vec<OsString> {
    std::iter::once(OsString::from(name)).chain(arguments).collect()
}

/// The commands that nobody waits a millisecond for.
fn enter_cold(arguments: Vec<OsString>) -> i32 {
    let argv = std::iter::once(OsString::from("holdpoint")).chain(arguments);
    let matches = match args::command().try_get_matches_from(argv) {
        Ok(matches) => matches,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { exit::USAGE } else { 0 };
        }
    };
    if !matches!(matches.subcommand_name(), Some("demo")) {
        // `holdpoint log | head` ends as any program does whose reader has gone. The demo has children and a directory to clear away.
        signal::restore_default(libc::SIGPIPE);
    }
    match matches.subcommand() {
        Some(("pending", given)) => list::pending(given.get_flag("json")),
        Some(("approve", given)) => answer::approve(text(given, "id"), given.get_one::<String>("name").cloned()),
        Some(("deny", given)) => answer::deny(text(given, "id"), given.get_one::<String>("because").cloned()),
        Some(("trust", given)) => answer::trust(text(given, "path"), given),
        Some(("log", given)) => list::log(given),
        Some(("doctor", given)) => doctor::doctor(given.get_flag("json")),
        Some(("rules", given)) => rules::rules(given),
        Some(("scan", given)) => scan::scan(given),
        Some(("demo", _)) => demo::play(),
        Some((other, _)) => say_failure(&format!("{other} is declared and not built"), exit::FAILED),
        None => exit::USAGE,
    }
}

fn text<'m>(matches: &'m clap::ArgMatches, name: &str) -> &'m str {
    matches.get_one::<String>(name).map_or("", String::as_str)
}

/// Says on standard error that something failed, and gives the exit code back.
fn say_failure(error: &impl Display, code: i32) -> i32 {
    eprintln!("holdpoint: {error}");
    code
}
