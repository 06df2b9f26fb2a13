//! In a terminal: keys, job control, interactive shells.

use crate::fixture::{become_supervisor, until};
use holdpoint::sys::process::{self, Change, Side};
use holdpoint::sys::signal::send;
use nix::fcntl::{FcntlArg, OFlag, fcntl, open};
use nix::pty::{PtyMaster, grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::stat::Mode;
use nix::unistd::{Pid, dup2_stderr, dup2_stdin, dup2_stdout, getpid, setpgid, setsid, tcsetpgrp};
use std::io::{Read, Write};

/// A pseudo-terminal and the leader of the session on it.
struct Terminal {
    master: PtyMaster,
    leader: i32,
    seen: String,
}

impl Terminal {
    /// Starts a session whose leader runs this.
    fn start(lead: impl FnOnce()) -> Terminal {
        let master = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC).expect("a pseudo-terminal");
        grantpt(&master).expect("granted");
        unlockpt(&master).expect("unlocked");
        let name = ptsname_r(&master).expect("a name");
        let leader = match process::fork().expect("a child") {
            Side::Child => {
                // A terminal hangs up when the last descriptor of its other end is closed.
                drop(master);
                setsid().expect("a session");
                // The first terminal that a session's leader opens becomes the session's.
                let side =
                    || open(name.as_str(), OFlag::O_RDWR | OFlag::O_CLOEXEC, Mode::empty()).expect("the terminal");
                dup2_stdin(side()).expect("standard input");
                dup2_stdout(side()).expect("standard output");
                dup2_stderr(side()).expect("standard error");
                lead();
                process::end(99)
            }
            Side::Parent(leader) => leader,
        };
        fcntl(&master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).expect("set");
        Terminal { master, leader, seen: String::new() }
    }

    /// Waits until this was printed, behind what was waited for before.
    fn until(&mut self, text: &str) -> String {
        let (master, seen) = (&mut self.master, &mut self.seen);
        until(&format!("the terminal showed {text:?}"), || {
            let mut bytes = [0; 4096];
            if let Ok(length) = master.read(&mut bytes) {
                seen.push_str(&String::from_utf8_lossy(&bytes[..length]));
            }
            let end = seen.find(text)? + text.len();
            Some(seen.drain(..end).collect())
        })
    }

    fn press(&mut self, keys: &str) {
        self.master.write_all(keys.as_bytes()).expect("typed");
    }

    fn end(&mut self) -> Change {
        let (leader, master) = (self.leader, &mut self.master);
        until("the session's leader ended", || {
            // What is printed has to be taken, or the last writer waits.
            let _ = master.read(&mut [0; 4096]);
            process::poll(leader).expect("a child of ours")
        })
    }
}

const CTRL_C: &str = "\x03";
const CTRL_Z: &str = "\x1a";
const CTRL_BACKSLASH: &str = "\x1c";

#[test]
fn the_interrupt_key_reaches_the_command_once() {
    let mut terminal = Terminal::start(|| {
        become_supervisor(
            "/bin/bash",
            &["bash", "-c", "trap 'echo caught' INT; echo ready; read -t 1 x; read -t 1 x; echo over; exit 5"],
        )
    });
    terminal.until("ready");
    terminal.press(CTRL_C);
    let shown = terminal.until("over");
    assert_eq!(shown.matches("caught").count(), 1, "{shown}");
    assert_eq!(terminal.end(), Change::Exited(5));
}

#[test]
fn the_interrupt_and_quit_keys_end_the_command_and_the_supervisor_alike() {
    // Not bash itself: it ignores SIGQUIT (bash(1), SIGNALS), and would until it has become the other program.
    for (key, signal) in [(CTRL_C, libc::SIGINT), (CTRL_BACKSLASH, libc::SIGQUIT)] {
        let mut terminal =
            Terminal::start(|| become_supervisor("/bin/bash", &["bash", "-c", "ulimit -c 0; exec yes ready"]));
        terminal.until("ready");
        terminal.press(key);
        assert_eq!(terminal.end(), Change::Killed(signal));
    }
}

#[test]
fn a_command_can_read_from_the_terminal() {
    let mut terminal = Terminal::start(|| {
        become_supervisor("/bin/bash", &["bash", "-c", "tty -s && read -p 'name? ' name && echo \"hello $name\""])
    });
    terminal.until("name? ");
    terminal.press("Ada\n");
    terminal.until("hello Ada");
    assert_eq!(terminal.end(), Change::Exited(0));
}

/// The leader is a small shell: it starts one job in a group of its own, in the foreground, and says how that fares.
fn lead_one_job(text: &str) {
    // Taking the terminal back from the background must not stop this shell.
    holdpoint::sys::signal::ignore(libc::SIGTTOU);
    let job = match process::fork().expect("a child") {
        Side::Child => {
            let own = getpid();
            setpgid(own, own).expect("a group");
            tcsetpgrp(std::io::stdin(), own).expect("the terminal");
            holdpoint::sys::signal::restore_default(libc::SIGTTOU);
            become_supervisor("/bin/bash", &["bash", "-c", text])
        }
        Side::Parent(job) => job,
    };
    let group = Pid::from_raw(job);
    let _ = setpgid(group, group);
    loop {
        match until("the job changed", || process::poll(job).expect("a child")) {
            Change::Stopped(signal) => {
                tcsetpgrp(std::io::stdin(), getpid()).expect("the terminal");
                // Not println!, which the test harness would keep to itself.
                writeln!(std::io::stdout(), "job stopped by {signal}").expect("said");
                let mut line = String::new();
                std::io::stdin().read_line(&mut line).expect("a line");
                tcsetpgrp(std::io::stdin(), group).expect("the terminal");
                send(-job, libc::SIGCONT).expect("the job is there");
            }
            Change::Exited(code) => process::end(code),
            Change::Killed(signal) => process::end(128 + signal),
        }
    }
}

#[test]
fn the_stop_key_stops_the_job_and_it_goes_on_in_the_foreground() {
    let mut terminal = Terminal::start(|| {
        lead_one_job("echo ready; for i in 1 2 3 4 5; do sleep 0.1; done; read -p 'more? ' x; echo \"got $x\"; exit 6")
    });
    terminal.until("ready");
    terminal.press(CTRL_Z);
    terminal.until(&format!("job stopped by {}", libc::SIGTSTP));
    terminal.press("fg\n");
    terminal.until("more? ");
    terminal.press("yes\n");
    terminal.until("got yes");
    assert_eq!(terminal.end(), Change::Exited(6));
}

#[test]
fn a_command_that_stops_itself_stops_the_job() {
    let mut terminal = Terminal::start(|| lead_one_job("echo ready; kill -STOP $$; echo awake; exit 7"));
    terminal.until(&format!("job stopped by {}", libc::SIGSTOP));
    terminal.press("fg\n");
    terminal.until("awake");
    assert_eq!(terminal.end(), Change::Exited(7));
}

#[test]
fn an_interactive_shell_has_working_job_control() {
    let mut terminal = Terminal::start(|| become_supervisor("/bin/bash", &["bash", "--norc", "--noprofile", "-i"]));
    terminal.press("PS1='$((6*7))> '\n");
    terminal.until("42> ");
    terminal.press("sleep 61\n");
    terminal.until("sleep 61");
    std::thread::sleep(std::time::Duration::from_millis(200));
    terminal.press(CTRL_Z);
    terminal.until("Stopped");
    terminal.press("jobs\n");
    terminal.until("sleep 61");
    terminal.press("fg\n");
    terminal.until("sleep 61");
    std::thread::sleep(std::time::Duration::from_millis(200));
    terminal.press(CTRL_C);
    terminal.press("echo $?\n");
    terminal.until("130");
    terminal.press("exit 3\n");
    assert_eq!(terminal.end(), Change::Exited(3));
}

#[test]
fn an_interactive_shell_that_suspends_itself_comes_back_with_the_terminal() {
    let mut terminal = Terminal::start(|| lead_one_job("exec bash --norc --noprofile -i"));
    terminal.press("PS1='$((6*7))> '\n");
    terminal.until("42> ");
    terminal.press("suspend\n");
    terminal.until(&format!("job stopped by {}", libc::SIGSTOP));
    terminal.press("fg\n");
    terminal.press("echo $((7*7)) back\n");
    terminal.until("49 back");
    terminal.press("exit 8\n");
    assert_eq!(terminal.end(), Change::Exited(8));
}

#[test]
fn a_terminal_that_hangs_up_ends_an_interactive_shell() {
    let mut terminal = Terminal::start(|| become_supervisor("/bin/bash", &["bash", "--norc", "--noprofile", "-i"]));
    terminal.press("PS1='$((6*7))> '\n");
    terminal.until("42> ");
    let leader = terminal.leader;
    drop(terminal.master);
    let end = until("the session's leader ended", || process::poll(leader).expect("a child of ours"));
    assert!(matches!(end, Change::Killed(libc::SIGHUP) | Change::Exited(_)), "{end:?}");
}
