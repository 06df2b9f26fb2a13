//! Running: as a shell, and as a prefix.

use super::exit;
use super::invocation::{Input, ShellCall};
use crate::config::shell::find_shell;
use crate::decide::syntax::shell;
use crate::exec::Launch;
use crate::pipeline::{Job, World, has_no_hook};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The longest script on standard input that is read before it runs: one byte more than the judge reads, so that a
/// longer one is held and never judged by its beginning.
const LONGEST_INPUT: usize = shell::LONGEST + 1;

/// Takes the place of a shell: judges what it would run, then runs the real one with the same arguments.
#[must_use]
pub(super) fn run_as_shell(call: &ShellCall) -> i32 {
    run_shell_for(call, None)
}

fn run_shell_for(call: &ShellCall, task: Option<&str>) -> i32 {
    let mut world = match World::look_for(task) {
        Ok(world) => world,
        Err(error) => return super::say_failure(&error, exit::FAILED),
    };
    world.setting.other_shell = !matches!(call.shell, "bash" | "sh");
    let shells = world.loaded.policy.shells();
    let program = match find_shell(call.shell, &shells, Path::new("/proc/self/exe")) {
        Ok(program) => program,
        Err(error) => return super::say_failure(&error, exit::FAILED),
    };
    let (text, parameters) = text_of(call);
    let arguments = std::iter::once(&call.name).chain(&call.arguments);
    run(&world, &text, &parameters, Launch::new(&program, arguments))
}

/// Runs a hook of a repository, in walls that close around what git was given.
#[must_use]
pub(super) fn run_hook(name: &str, arguments: &[OsString]) -> i32 {
    if has_no_hook(name) {
        return 0;
    }
    match World::look() {
        Ok(world) => exit::code_of(world.run_hook(name, arguments, &mut |line| eprint!("{line}"))),
        Err(error) => super::say_failure(&error, exit::FAILED),
    }
}

/// `holdpoint run [--] COMMAND…` and `holdpoint run -c TEXT`.
#[must_use]
pub(super) fn run_command(arguments: &[OsString]) -> i32 {
    let (task, mut words) = match task_of(arguments) {
        Ok(told) => told,
        Err(what) => return usage(what),
    };
    let task = task.as_deref();
    match words.first().map(|word| word.as_bytes()) {
        Some(b"-c") => {
            let mut call = vec![OsString::from("-c")];
            call.extend(words.iter().skip(1).cloned());
            return run_shell_for(&ShellCall::read("bash", OsString::from("bash"), call), task);
        }
        Some(b"--") => words = words.get(1..).unwrap_or_default(),
        Some([b'-', ..]) => return usage("run takes --task NAME, -c TEXT, or a command"),
        Some(_) | None => {}
    }
    let Some(name) = words.first() else {
        return usage("run needs a command: holdpoint run -- COMMAND");
    };
    let Some(program) = find_program(name) else {
        eprintln!("holdpoint: {}: command not found", crate::decide::shown::Shown(&name.to_string_lossy()));
        return 127;
    };
    let world = match World::look_for(task) {
        Ok(world) => world,
        Err(error) => return super::say_failure(&error, exit::FAILED),
    };
    run(&world, &quote(words), &[], Launch::new(&program, words))
}

/// `--task NAME` or `--task=NAME` in front, and the words behind it.
fn task_of(words: &[OsString]) -> Result<(Option<String>, &[OsString]), &'static str> {
    const NAMELESS: &str = "--task needs the name of a task";
    let Some((first, rest)) = words.split_first() else { return Ok((None, words)) };
    if first == "--task" {
        let (name, rest) = rest.split_first().ok_or(NAMELESS)?;
        return Ok((Some(name.to_str().ok_or(NAMELESS)?.to_owned()), rest));
    }
    match first.to_str().and_then(|first| first.strip_prefix("--task=")) {
        Some("") => Err(NAMELESS),
        Some(name) => Ok((Some(name.to_owned()), rest)),
        None => Ok((None, words)),
    }
}

fn run(world: &World, text: &[u8], parameters: &[String], launch: Result<Launch, std::ffi::NulError>) -> i32 {
    match launch {
        Ok(launch) => {
            let ending = world.carry_out(&Job { text, parameters, launch: &launch }, &mut |line| eprint!("{line}"));
            exit::code_of(ending)
        }
        Err(_) => usage("an argument holds a NUL"),
    }
}

fn usage(what: &str) -> i32 {
    eprintln!("holdpoint: {what}; see holdpoint run --help");
    exit::FAILED
}

/// What a shell would run, as text with parameters.
fn text_of(call: &ShellCall) -> (Vec<u8>, Vec<String>) {
    match &call.input {
        Input::Text { text, parameters } => {
            (text.as_bytes().to_vec(), parameters.iter().map(|word| word.to_string_lossy().into_owned()).collect())
        }
        Input::File { path, parameters } => {
            let mut words = vec![OsString::from(call.shell), OsString::from("--"), path.clone()];
            words.extend(parameters.iter().cloned());
            (quote(&words), Vec::new())
        }
        Input::Stream => (read_ahead().unwrap_or_default(), Vec::new()),
        Input::Nothing => (Vec::new(), Vec::new()),
    }
}

/// The rest of standard input where it is a file, without moving its offset. What comes from a pipe or a
/// terminal cannot be seen before it runs: there the walls stand alone.
fn read_ahead() -> io::Result<Vec<u8>> {
    let file = File::open("/proc/self/fd/0")?;
    if !file.metadata()?.is_file() {
        return Ok(Vec::new());
    }
    let offset = nix::unistd::lseek(io::stdin(), 0, nix::unistd::Whence::SeekCur).unwrap_or(0);
    let mut text = vec![0; LONGEST_INPUT];
    let mut length = 0;
    while let Some(rest) = text.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, offset.unsigned_abs() + length as u64)? {
            0 => break,
            read => length += read,
        }
    }
    text.truncate(length);
    Ok(text)
}

/// Words as shell text that gives the same words again.
fn quote(words: &[OsString]) -> Vec<u8> {
    let mut text = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            text.push(b' ');
        }
        match word.to_str() {
            Some(word) => text.extend_from_slice(shell_words::quote(word).as_bytes()),
            // Not UTF-8: the judge holds it.
            None => text.extend_from_slice(word.as_bytes()),
        }
    }
    text
}

/// A program by its name, as execvp(3) looks for it.
fn find_program(name: &OsStr) -> Option<PathBuf> {
    if name.as_bytes().contains(&b'/') {
        return Some(PathBuf::from(name));
    }
    let path = std::env::var_os("PATH").unwrap_or_else(|| OsString::from("/usr/local/bin:/usr/bin:/bin"));
    path.as_bytes()
        .split(|byte| *byte == b':')
        .map(|part| directory(part).join(name))
        .find(|path| path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0))
}

fn directory(part: &[u8]) -> PathBuf {
    if part.is_empty() { PathBuf::from(".") } else { PathBuf::from(OsString::from_vec(part.to_vec())) }
}
