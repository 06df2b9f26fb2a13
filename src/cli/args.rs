//! What can be typed. This file declares only; `run` and `check` are read by hand before clap is asked.

use clap::{Arg, ArgAction, Command, value_parser};
use std::path::PathBuf;

/// The definition from which help, completions and the man page are made.
#[must_use]
pub fn command() -> Command {
    Command::new("holdpoint")
        .version(env!("CARGO_PKG_VERSION"))
        .about("The shell that a coding agent gets: it reads each command, holds what cannot be undone, and walls off credentials.")
        .after_help(
            "As a shell:  holdpoint-bash -c TEXT (and sh, zsh; or holdpoint -c TEXT)\n\
             Exit codes:  126 denied, 75 held and still waiting, 125 holdpoint failed; otherwise the command's own.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([run(), check(), pending(), approve(), deny(), trust(), log(), doctor(), scan(), rules(), demo()])
}

fn run() -> Command {
    Command::new("run")
        .about("Run a command behind the judge and inside the walls")
        .arg(
            Arg::new("task")
                .long("task")
                .value_name("NAME")
                .help("A task of the policy, which narrows what the command may do"),
        )
        .arg(Arg::new("text").short('c').value_name("TEXT").help("Shell text for bash"))
        .arg(Arg::new("command").value_name("COMMAND").num_args(1..).trailing_var_arg(true).allow_hyphen_values(true))
}

fn check() -> Command {
    Command::new("check")
        .about("Say what would be decided about a text, and why; run nothing")
        .after_help("Exit codes:  0 allow, 10 hold, 11 deny, 2 usage.")
        .arg(Arg::new("text").value_name("TEXT"))
        .arg(flag("json", "Print the verdict as one JSON object"))
        .arg(flag("walls", "Say too what it could read and write, and which credentials it would get"))
        .arg(flag("batch", "Read JSON lines {\"id\",\"command\",\"cwd\"?} and answer each with a line"))
}

fn pending() -> Command {
    Command::new("pending").about("List the commands that wait for an answer").arg(flag("json", "Print JSON lines"))
}

fn approve() -> Command {
    Command::new("approve")
        .about("Say yes to a command that waits, for one run")
        .arg(Arg::new("id").required(true).value_name("ID"))
        .arg(
            Arg::new("name")
                .long("name")
                .value_name("NAME")
                .help("The name that must be typed, where there is no terminal"),
        )
}

fn deny() -> Command {
    Command::new("deny")
        .about("Say no to a command that waits")
        .arg(Arg::new("id").required(true).value_name("ID"))
        .arg(Arg::new("because").long("because").value_name("TEXT").help("Why; the agent reads it"))
}

fn trust() -> Command {
    Command::new("trust")
        .about("Let a repository's policy file loosen as well as tighten, until it is edited")
        .arg(Arg::new("path").value_name("PATH").default_value("."))
        .arg(flag("revoke", "Take the trust back"))
        .arg(flag("list", "List what is trusted"))
}

fn log() -> Command {
    Command::new("log")
        .about("Show the record, the newest last")
        .arg(
            Arg::new("count")
                .short('n')
                .value_name("N")
                .value_parser(value_parser!(usize))
                .default_value("20")
                .help("How many commands"),
        )
        .arg(flag("json", "Print the record's own lines"))
        .arg(flag("verify", "Check that no line was changed, removed or moved"))
}

fn doctor() -> Command {
    Command::new("doctor")
        .about("Say what stands on this machine, what does not, and why")
        .arg(flag("json", "Print one JSON object"))
}

fn scan() -> Command {
    Command::new("scan")
        .about("Find files that hold tokens, by line and kind and never by value, and wall them off")
        .after_help(
            "Without PATH: the repository, or the working directory, and the home. What git ignores is looked at too.\n\
             Exit codes:  0 no command can read a token, 1 some can, 2 usage.",
        )
        .arg(Arg::new("path").value_name("PATH").num_args(0..).value_parser(value_parser!(PathBuf)))
        .arg(flag("fix", "Wall off the files that were found, for every later command").conflicts_with("forget"))
        .arg(flag("forget", "Let commands read these files again"))
        .arg(flag("json", "Print one JSON object"))
}

fn rules() -> Command {
    let file = || Arg::new("file").value_name("FILE").help("A pack file; otherwise every pack that applies here");
    Command::new("rules")
        .about("Show, try and write rules")
        .subcommand_required(true)
        .subcommand(Command::new("list").about("All rules, a line each"))
        .subcommand(Command::new("show").about("One rule").arg(Arg::new("id").required(true).value_name("ID")))
        .subcommand(Command::new("test").about("Try rules with their own trials").arg(file()))
        .subcommand(Command::new("lint").about("Look for flaws in the form of rules").arg(file()))
        .subcommand(
            Command::new("new")
                .about("Print a pack to begin with")
                .arg(Arg::new("name").required(true).value_name("NAME").help("The pack's name, and its program's")),
        )
        .subcommand(Command::new("schema").about("Print a JSON Schema, for editors that complete what is typed").arg(
            Arg::new("of").value_name("WHAT").value_parser(["pack", "policy"]).default_value("pack").help("Of what"),
        ))
}

fn demo() -> Command {
    Command::new("demo")
        .about("Build and play the nine-second incident on this machine, with nothing simulated but the cloud")
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}
