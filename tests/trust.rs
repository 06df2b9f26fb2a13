//! `holdpoint trust`: a person at a terminal may say yes, and nobody else.

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

const HOLDPOINT: &str = env!("CARGO_BIN_EXE_holdpoint");
const LOOSE: &str = "version: 1\nstatements:\n  - { id: scratch, decision: allow, when: { verb: drop } }\n";

/// A home with a repository in it whose policy file loosens.
struct World {
    room: tempfile::TempDir,
}

impl World {
    fn build() -> World {
        let room = tempfile::tempdir().expect("a temporary directory");
        fs::create_dir_all(room.path().join("app/.git")).expect("a repository");
        fs::write(room.path().join("app/.holdpoint.yaml"), LOOSE).expect("written");
        World { room }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", self.room.path());
        command.current_dir(self.room.path().join("app"));
        command
    }

    /// Runs holdpoint with a controlling terminal on which `typed` is answered to the question. Gives what was seen there.
    fn run_at_terminal(&self, arguments: &[&str], variables: &[(&str, &str)], typed: &str) -> String {
        let pty = nix::pty::openpty(None, None).expect("a terminal");
        for end in [&pty.master, &pty.slave] {
            fcntl(end, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).expect("closed on exec");
        }
        let slave = || Stdio::from(pty.slave.try_clone().expect("another descriptor"));
        let mut command = self.command("setsid");
        command.args(["--ctty", "--wait", HOLDPOINT]).args(arguments).envs(variables.iter().copied());
        let child = command.stdin(slave()).stdout(slave()).stderr(slave()).spawn();
        let mut child = child.expect("these tests need setsid of util-linux");
        drop((command, pty.slave));
        let mut master = File::from(pty.master);
        let mut seen = String::new();
        let mut answered = false;
        let mut bytes = [0; 4096];
        // Reading ends with EIO when the last process has closed its end.
        while let Ok(count @ 1..) = master.read(&mut bytes) {
            seen.push_str(&String::from_utf8_lossy(&bytes[..count]));
            if !answered && seen.contains("Type yes: ") {
                answered = true;
                master.write_all(typed.as_bytes()).expect("typed");
            }
        }
        child.wait().expect("ended");
        seen
    }

    fn list(&self) -> String {
        let output = self.command(HOLDPOINT).args(["trust", "--list"]).output().expect("run");
        String::from_utf8(output.stdout).expect("text")
    }

    fn file(&self) -> PathBuf {
        self.room.path().join("app/.holdpoint.yaml").canonicalize().expect("there")
    }
}

#[test]
fn a_person_is_shown_what_would_be_loosened_and_a_yes_holds_until_an_edit() {
    let world = World::build();
    let seen = world.run_at_terminal(&["trust"], &[], "yes\n");
    assert!(seen.contains("scratch: runs without a question: verb drop"), "{seen}");
    assert!(seen.contains("Trusted."), "{seen}");
    assert_eq!(world.list(), format!("{}  in force\n", world.file().display()));
    fs::write(world.file(), format!("{LOOSE}# edited\n")).expect("edited");
    assert!(world.list().contains("dropped"), "{}", world.list());
    let revoked = world.command(HOLDPOINT).args(["trust", "--revoke"]).output().expect("run");
    assert!(revoked.status.success());
    assert_eq!(world.list(), "");
}

#[test]
fn any_other_word_trusts_nothing() {
    let world = World::build();
    let seen = world.run_at_terminal(&["trust"], &[], "y\n");
    assert!(seen.contains("Nothing was trusted."), "{seen}");
    assert_eq!(world.list(), "");
}

#[test]
fn an_agents_variable_ends_it_before_the_question() {
    let world = World::build();
    let seen = world.run_at_terminal(&["trust"], &[("CLAUDECODE", "1")], "yes\n");
    assert!(seen.contains("An agent's variable is set"), "{seen}");
    assert!(!seen.contains("Type yes"), "{seen}");
    assert_eq!(world.list(), "");
}

#[test]
fn without_a_terminal_there_is_no_question() {
    let world = World::build();
    let output =
        world.command("setsid").args(["--wait", HOLDPOINT, "trust"]).stdin(Stdio::null()).output().expect("run");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("No person can be asked"), "{said}");
    assert_eq!(world.list(), "");
}

#[test]
fn a_command_under_holdpoint_cannot_give_trust_even_with_a_terminal() {
    let world = World::build();
    let seen = world.run_at_terminal(&["run", "-c", &format!("'{HOLDPOINT}' trust; true")], &[], "yes\n");
    assert!(!seen.contains("Trusted."), "{seen}");
    assert_eq!(world.list(), "");
    let named = ["under holdpoint", "inside its own walls", "held", "denied", "refused"];
    assert!(named.iter().any(|word| seen.contains(word)), "it says why: {seen}");
}
