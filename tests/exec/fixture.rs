//! A supervisor in a process of its own.

use holdpoint::decide::policy::{Decision, Enforcement, Verdict};
use holdpoint::exec::{self, ExecError, Launch, Outcome};
use holdpoint::sys::process::{self, Change, Side};
use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use nix::unistd::{dup2_stderr, dup2_stdin, dup2_stdout};
use std::convert::Infallible;
use std::fs;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Runs a program under the supervisor, in this process.
pub(crate) fn supervise(program: &str, arguments: &[&str]) -> Result<Outcome, ExecError> {
    let verdict = Verdict { decision: Decision::Allow, findings: Vec::new(), observed: None };
    let launch = Launch::new(program, arguments).expect("no NUL");
    let no_walls = || Ok::<_, Infallible>(Enforcement::None("a test".into()));
    exec::run(verdict.permit().expect("an allowed verdict"), &launch, no_walls).map(|(outcome, _)| outcome)
}

/// Runs a program under the supervisor and ends as that does. For a forked child.
pub(crate) fn become_supervisor(program: &str, arguments: &[&str]) -> ! {
    // Who starts the tests in the background or by nohup ignores these, and no shell can trap what it was given ignored.
    for signal in [libc::SIGINT, libc::SIGQUIT, libc::SIGHUP] {
        holdpoint::sys::signal::restore_default(signal);
    }
    match supervise(program, arguments) {
        Ok(outcome) => process::end(outcome.mirror()),
        Err(fault) => process::end(i32::from(fault.status())),
    }
}

/// A supervisor that runs, with its output in a file.
pub(crate) struct Running {
    pub(crate) supervisor: i32,
    room: tempfile::TempDir,
}

impl Running {
    /// Starts bash with this text under a supervisor.
    pub(crate) fn bash(text: &str) -> Running {
        Running::start("/bin/bash", &["bash", "-c", text])
    }

    pub(crate) fn start(program: &str, arguments: &[&str]) -> Running {
        let room = tempfile::tempdir().expect("a temporary directory");
        let output = room.path().join("output");
        fs::write(&output, "").expect("a file");
        let supervisor = match process::fork().expect("a child") {
            Side::Child => {
                redirect(&output);
                become_supervisor(program, arguments)
            }
            Side::Parent(supervisor) => supervisor,
        };
        Running { supervisor, room }
    }

    pub(crate) fn output(&self) -> String {
        fs::read_to_string(self.room.path().join("output")).expect("the output")
    }

    /// Waits until the command has printed this.
    pub(crate) fn until(&self, text: &str) -> String {
        until(&format!("the command printed {text:?}"), || Some(self.output()).filter(|output| output.contains(text)))
    }

    pub(crate) fn end(&self) -> Change {
        process::wait(self.supervisor).expect("a status")
    }
}

fn redirect(output: &Path) {
    let writable =
        || open(output, OFlag::O_WRONLY | OFlag::O_APPEND | OFlag::O_CLOEXEC, Mode::empty()).expect("a file");
    dup2_stdout(writable()).expect("standard output");
    dup2_stderr(writable()).expect("standard error");
    dup2_stdin(nothing()).expect("standard input");
}

fn nothing() -> OwnedFd {
    open("/dev/null", OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty()).expect("/dev/null")
}

/// Asks until there is an answer. It gives up loudly after a long time: a test that hangs tells nothing.
pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let patience = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(patience.elapsed() < Duration::from_secs(60), "it never came about that {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Is the process gone, or dead and not yet waited for?
pub(crate) fn is_gone(process: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_none_or(|(_, behind)| behind.trim_start().starts_with(['Z', 'X']))
}

/// What bash prints when it is started without a supervisor.
pub(crate) fn bare_bash(text: &str) -> std::process::Output {
    std::process::Command::new("/bin/bash").args(["-c", text]).output().expect("bash runs")
}

/// A path below a fresh directory that is kept until the end of the test process.
pub(crate) fn fresh_path(name: &str) -> PathBuf {
    tempfile::tempdir().expect("a temporary directory").keep().join(name)
}
