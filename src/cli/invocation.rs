//! How holdpoint was called: as a shell, as a prefix, or with a command of its own.

use crate::decide::action::rider::hooks;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// What an argument vector asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invocation {
    /// Take the place of a shell.
    Shell(ShellCall),
    /// `holdpoint run …`, whose words are read by hand: clap would cost a tenth of a millisecond.
    Run(Vec<OsString>),
    /// `holdpoint check …`, likewise.
    Check(Vec<OsString>),
    /// A hook of git's, run by its name from holdpoint's own directory of hooks.
    Hook {
        /// `pre-push`
        name: String,
        /// What git tells it.
        arguments: Vec<OsString>,
    },
    /// Anything else: left to clap.
    Other(Vec<OsString>),
}

/// A call in the place of a shell. The arguments go to the real one unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellCall {
    /// Which shell: `bash`, `sh` or `zsh`.
    pub shell: &'static str,
    /// `argv[0]` as given: a leading `-` asks for a login shell.
    pub name: OsString,
    /// Everything behind it.
    pub arguments: Vec<OsString>,
    /// What the shell would run.
    pub input: Input,
}

/// Where a shell takes its commands from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// `-c TEXT name args…`
    Text {
        /// The text.
        text: OsString,
        /// `$0` and the parameters behind it.
        parameters: Vec<OsString>,
    },
    /// A script file with its parameters.
    File {
        /// The file.
        path: OsString,
        /// `$1` and on.
        parameters: Vec<OsString>,
    },
    /// Standard input: `-s`, or nothing at all. A person's terminal, a pipe, or a program that types.
    Stream,
    /// `--version`, `--help`: nothing runs.
    Nothing,
}

impl Invocation {
    /// Reads an argument vector.
    #[must_use]
    pub fn read(mut argv: impl Iterator<Item = OsString>) -> Self {
        let name = argv.next().unwrap_or_else(|| OsString::from("holdpoint"));
        let arguments: Vec<OsString> = argv.collect();
        if let Some(name) = hook_of(&name) {
            return Invocation::Hook { name, arguments };
        }
        if let Some(shell) = shell_of(&name) {
            return Invocation::Shell(ShellCall::read(shell, name, arguments));
        }
        match arguments.first().map(|first| first.as_bytes()) {
            Some(b"run") => Invocation::Run(arguments.into_iter().skip(1).collect()),
            Some(b"check") => Invocation::Check(arguments.into_iter().skip(1).collect()),
            Some(first) if is_shell_option(first) => {
                Invocation::Shell(ShellCall::read("bash", OsString::from("bash"), arguments))
            }
            // An agent that is given a prefix passes the whole text as its one argument.
            Some(first) if arguments.len() == 1 && first.iter().any(u8::is_ascii_whitespace) => {
                let mut with_option = vec![OsString::from("-c")];
                with_option.extend(arguments);
                Invocation::Shell(ShellCall::read("bash", OsString::from("bash"), with_option))
            }
            Some(_) | None => Invocation::Other(arguments),
        }
    }
}

/// The hook that this path stands for: `…/holdpoint-hooks/pre-push`.
fn hook_of(name: &OsStr) -> Option<String> {
    let path = Path::new(name);
    let own = path.parent()?.file_name()? == "holdpoint-hooks";
    let name = path.file_name()?.to_str()?;
    (own && hooks().any(|hook| hook == name)).then(|| name.to_owned())
}

/// The shell that this name stands for, by its base name: agents see `holdpoint-bash`, a search path finds `bash`.
fn shell_of(name: &OsStr) -> Option<&'static str> {
    let base = name.as_bytes().rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    match base.strip_prefix(b"-").unwrap_or(base) {
        b"bash" | b"holdpoint-bash" => Some("bash"),
        b"sh" | b"holdpoint-sh" => Some("sh"),
        b"zsh" | b"holdpoint-zsh" => Some("zsh"),
        _ => None,
    }
}

/// `-c`, `-lc`, `--norc`: options of a shell, and none of ours.
fn is_shell_option(first: &[u8]) -> bool {
    match first {
        b"-h" | b"-V" | b"--help" | b"--version" => false,
        [b'-', b'-', ..] => matches!(first, b"--norc" | b"--noprofile" | b"--login" | b"--posix"),
        [b'-', letters @ ..] => {
            !letters.is_empty() && letters.iter().all(|letter| b"abcefhiklmnoprstuvxBCEHPT".contains(letter))
        }
        _ => false,
    }
}

impl ShellCall {
    /// Reads a shell's arguments as far as needed to find what it would run (bash(1), OPTIONS and ARGUMENTS).
    #[must_use]
    pub fn read(shell: &'static str, name: OsString, arguments: Vec<OsString>) -> Self {
        let input = find_input(&arguments);
        ShellCall { shell, name, arguments, input }
    }
}

fn find_input(arguments: &[OsString]) -> Input {
    let (mut text_follows, mut stream) = (false, false);
    let mut rest = arguments.iter();
    let mut operands: Vec<OsString> = Vec::new();
    while let Some(argument) = rest.next() {
        match argument.as_bytes() {
            b"--version" | b"--help" => return Input::Nothing,
            b"--" | b"-" => {
                operands.extend(rest.cloned());
                break;
            }
            b"--rcfile" | b"--init-file" => drop(rest.next()),
            [b'-', b'-', ..] => {}
            [b'-' | b'+', letters @ ..] if !letters.is_empty() => {
                text_follows |= argument.as_bytes().starts_with(b"-") && letters.contains(&b'c');
                stream |= letters.contains(&b's');
                // `-o` and `-O` take a name each, behind the whole bundle.
                for _ in letters.iter().filter(|letter| matches!(letter, b'o' | b'O')) {
                    rest.next();
                }
            }
            _ => {
                operands.push(argument.clone());
                operands.extend(rest.cloned());
                break;
            }
        }
    }
    let mut operands = operands.into_iter();
    match operands.next() {
        Some(text) if text_follows => Input::Text { text, parameters: operands.collect() },
        Some(path) if !stream => Input::File { path, parameters: operands.collect() },
        // `-c` without a text: the shell itself says what is wrong.
        Some(_) | None if text_follows => Input::Nothing,
        Some(_) | None => Input::Stream,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Invocation {
        Invocation::read(words.iter().map(OsString::from))
    }

    fn text_of(words: &[&str]) -> Option<String> {
        match read(words) {
            Invocation::Shell(ShellCall { input: Input::Text { text, .. }, .. }) => text.into_string().ok(),
            Invocation::Shell(_)
            | Invocation::Run(_)
            | Invocation::Check(_)
            | Invocation::Hook { .. }
            | Invocation::Other(_) => None,
        }
    }

    #[test]
    fn the_text_is_found_in_every_form_that_agents_use() {
        for form in [
            &["bash", "-c", "T"][..],
            &["/x/holdpoint-bash", "-c", "-l", "T"],
            &["sh", "-l", "-c", "T"],
            &["bash", "-lc", "T"],
            &["-bash", "-i", "-c", "T"],
            &["zsh", "-ilc", "T"],
            &["bash", "--norc", "--noprofile", "-c", "T"],
            &["bash", "-o", "pipefail", "-ec", "T", "name", "1"],
            &["bash", "-eo", "pipefail", "-c", "T"],
            &["bash", "--rcfile", "F", "-c", "--", "T"],
            &["bash", "+H", "-c", "T"],
            &["holdpoint", "-c", "T"],
            &["/abs/holdpoint", "-lc", "T"],
        ] {
            assert_eq!(text_of(form).as_deref(), Some("T"), "{form:?}");
        }
        assert_eq!(text_of(&["holdpoint", "source S && eval 'x'"]).as_deref(), Some("source S && eval 'x'"));
    }

    #[test]
    fn a_hook_is_told_by_the_directory_that_it_is_run_from() {
        let hook = read(&["/home/ada/.local/state/holdpoint-hooks/pre-push", "origin", "url"]);
        assert_eq!(hook, Invocation::Hook { name: "pre-push".into(), arguments: vec!["origin".into(), "url".into()] });
        for other in ["/x/holdpoint-hooks/bash", "/x/hooks/pre-push", "pre-push"] {
            assert!(!matches!(read(&[other]), Invocation::Hook { .. }), "{other}");
        }
    }

    #[test]
    fn what_is_no_text_is_a_file_a_stream_or_nothing() {
        let input = |words: &[&str]| match read(words) {
            Invocation::Shell(call) => Some(call.input),
            Invocation::Run(_) | Invocation::Check(_) | Invocation::Hook { .. } | Invocation::Other(_) => None,
        };
        assert_eq!(
            input(&["bash", "x.sh", "-c"]),
            Some(Input::File { path: "x.sh".into(), parameters: vec!["-c".into()] })
        );
        assert_eq!(input(&["bash", "-s", "a"]), Some(Input::Stream));
        assert_eq!(input(&["bash", "-i"]), Some(Input::Stream));
        assert_eq!(input(&["bash"]), Some(Input::Stream));
        assert_eq!(input(&["bash", "--version"]), Some(Input::Nothing));
        assert_eq!(input(&["bash", "-c"]), Some(Input::Nothing));
    }

    #[test]
    fn our_own_commands_are_no_shell() {
        assert_eq!(read(&["holdpoint", "pending"]), Invocation::Other(vec!["pending".into()]));
        assert_eq!(read(&["holdpoint", "--version"]), Invocation::Other(vec!["--version".into()]));
        assert!(matches!(read(&["holdpoint", "run", "--", "ls"]), Invocation::Run(_)));
        assert!(matches!(read(&["holdpoint", "check", "ls"]), Invocation::Check(_)));
    }
}
