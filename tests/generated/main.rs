//! Completions and the man page come from the one definition of the command line, the schemas from the types that read rules
//! and policy, the pages in `docs/rules/` from the packs. These tests fail when the files differ from what they are made
//! from; `HOLDPOINT_UPDATE=1 cargo test --test generated` writes them anew.

mod page;
#[allow(clippy::wildcard_enum_match_arm)] // syn's enums are open.
mod schema;

use clap_complete::Shell;
use std::fs;
use std::path::Path;

fn completion(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut holdpoint::cli::args::command(), "holdpoint", &mut out);
    out
}

/// The page for `holdpoint`, and behind it a section for each command.
fn man_page() -> Vec<u8> {
    let mut out = Vec::new();
    let mut command = holdpoint::cli::args::command().disable_help_subcommand(true);
    command.build();
    let page = clap_mangen::Man::new(command.clone()).date("").source("holdpoint").manual("User Commands");
    let parts = [
        page.render_title(&mut out),
        page.render_name_section(&mut out),
        page.render_synopsis_section(&mut out),
        page.render_options_section(&mut out),
    ];
    parts.into_iter().collect::<Result<Vec<()>, _>>().expect("a page can be written to memory");
    out.extend_from_slice(b".SH COMMANDS\n");
    for part in command.get_subcommands().filter(|part| part.get_name() != "help") {
        describe(part, &mut out);
    }
    page.render_extra_section(&mut out).expect("a page can be written to memory");
    out
}

fn describe(command: &clap::Command, out: &mut Vec<u8>) {
    let usage = command.clone().render_usage().to_string();
    let line = usage.trim_start_matches("Usage: ").replace('\\', "\\e").replace('-', "\\-");
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    out.extend_from_slice(format!(".TP\n\\fB{line}\\fR\n{}.\n", escape(&about)).as_bytes());
    for argument in command.get_arguments().filter(|argument| argument.get_id() != "help") {
        let Some(help) = argument.get_help() else { continue };
        let name = argument.get_long().map_or_else(|| argument.get_id().to_string(), |long| format!("--{long}"));
        out.extend_from_slice(format!(".br\n\\fB{}\\fR: {}.\n", escape(&name), escape(&help.to_string())).as_bytes());
    }
    if let Some(after) = command.get_after_help() {
        out.extend_from_slice(format!(".br\n{}\n", escape(&after.to_string())).as_bytes());
    }
    for part in command.get_subcommands().filter(|part| part.get_name() != "help") {
        describe(part, out);
    }
}

/// groff_man(7): a backslash and a hyphen-minus are written with a backslash.
fn escape(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-").replace('\n', "\n.br\n")
}

#[test]
fn completions_and_man_page_are_those_of_the_command_line() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let files = [
        ("holdpoint.bash", completion(Shell::Bash)),
        ("_holdpoint", completion(Shell::Zsh)),
        ("holdpoint.fish", completion(Shell::Fish)),
        ("holdpoint.1", man_page()),
    ];
    for (name, wanted) in files {
        keep(&directory.join(name), &wanted);
    }
}

/// Compares a file with what it should be, or writes it when asked to.
fn keep(path: &Path, wanted: &[u8]) {
    if std::env::var_os("HOLDPOINT_UPDATE").is_some_and(|value| value == "1") {
        fs::create_dir_all(path.parent().expect("a directory")).expect("it can be made");
        fs::write(path, wanted).expect("it can be written");
    }
    let found = fs::read(path).unwrap_or_default();
    let path = path.display();
    assert!(found == wanted, "{path} is not what it is made from: HOLDPOINT_UPDATE=1 cargo test --test generated");
}

#[test]
fn every_command_is_in_the_page_and_in_each_completion() {
    let command = holdpoint::cli::args::command();
    for part in command.get_subcommands().map(|part| part.get_name()) {
        for (where_to, text) in [
            ("bash", completion(Shell::Bash)),
            ("zsh", completion(Shell::Zsh)),
            ("fish", completion(Shell::Fish)),
            ("the man page", man_page()),
        ] {
            assert!(String::from_utf8_lossy(&text).contains(part), "{part} is missing for {where_to}");
        }
    }
}
