//! The parent: it waits, passes signals on, stops and goes on with the command, and touches nothing else.

use super::child::{Before, Report, become_program};
use super::error::ExecError;
use super::launch::Launch;
use super::outcome::{End, Outcome};
use crate::decide::policy::{Enforcement, Permit};
use crate::sys::process::{self, Change};
use crate::sys::signal::{self, Received, Sender, Set};
use nix::sys::resource::{UsageWho, getrusage};
use nix::unistd::{Pid, getpgid, getpgrp, tcgetpgrp, tcsetpgrp};
use std::fmt::Display;
use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::time::{Instant, SystemTime};

/// Runs a program and waits for its end.
///
/// `before_exec` is called in the child, when it is all but the program: it builds the walls. The child borrows this process's memory until then. This process
/// should have one thread. It must not have waited for children of its own with SIGCHLD ignored.
///
/// # Errors
/// When the program was not started; nothing of it has run then.
pub fn run<E: Display>(
    permit: Permit,
    launch: &Launch,
    before_exec: impl FnOnce() -> Result<Enforcement, E>,
) -> Result<(Outcome, Enforcement), ExecError> {
    drop(permit);
    let signals = Set::all_but_faults();
    let before = Before {
        parent: nix::unistd::getpid().as_raw(),
        mask: signals.block(),
        child_signal_ignored: signal::is_ignored(libc::SIGCHLD),
    };
    // With SIGCHLD ignored the kernel would not keep the child's status for us (wait(2)).
    signal::restore_default(libc::SIGCHLD);
    let (started, clock) = (SystemTime::now(), Instant::now());
    let mut report = Report::Nothing;
    let mut before_exec = Some(before_exec);
    let spawned = process::spawn_borrowing(&mut || {
        if let Some(before_exec) = before_exec.take() {
            become_program(launch, &before, &mut report, before_exec);
        }
        126
    });
    let child = spawned.inspect_err(|_| before.mask.set_mask()).map_err(ExecError::Fork)?;
    let ended = Watch { child, signals }.until_end();
    before.mask.set_mask();
    let enforcement = match report {
        Report::Stands(enforcement) => enforcement,
        Report::Failed(error) => return Err(error),
        Report::Nothing => return Err(ExecError::Lost(format!("{ended:?}"))),
    };
    let end = ended.ok_or_else(|| ExecError::Lost("its status was taken by someone else".into()))?;
    let largest_resident = getrusage(UsageWho::RUSAGE_CHILDREN).map_or(0, |usage| usage.max_rss().unsigned_abs());
    Ok((Outcome { end, started, duration: clock.elapsed(), largest_resident }, enforcement))
}

/// A child that is watched.
struct Watch {
    child: i32,
    signals: Set,
}

impl Watch {
    /// Waits. `None`: somebody else has waited for the child.
    fn until_end(&self) -> Option<End> {
        loop {
            match process::poll(self.child) {
                Err(_) => return None,
                Ok(Some(Change::Exited(code))) => return Some(End::Code(code)),
                Ok(Some(Change::Killed(number))) => return Some(End::Signal(number)),
                Ok(Some(Change::Stopped(number))) => self.stop_as_well(number),
                Ok(None) => self.pass_on(self.signals.wait()),
            }
        }
    }

    /// Passes a signal on if it was sent to this process alone.
    fn pass_on(&self, received: Received) {
        match (received.signal, received.sender) {
            (libc::SIGCHLD, _) => {}
            (libc::SIGCONT, _) => self.go_on(),
            // The terminal's keys and changes reach the whole group, the command included.
            (
                libc::SIGINT | libc::SIGQUIT | libc::SIGTSTP | libc::SIGTTIN | libc::SIGTTOU | libc::SIGWINCH,
                Sender::Kernel,
            ) => {}
            // `kill 0` in the command.
            (_, Sender::Process(sender)) if sender == self.child => {}
            (number, Sender::Kernel | Sender::Process(_)) => drop(signal::send(self.child, number)),
        }
    }

    /// The command was stopped: this process stops by the same signal, so that the shell above notices.
    fn stop_as_well(&self, number: i32) {
        let own = nix::unistd::getpid().as_raw();
        let _ = signal::send(own, number);
        if number != libc::SIGSTOP {
            // It is delivered, and stops this process, when it is unblocked. In an orphaned group the
            // kernel discards it (signal(7)); then there is nobody to notice.
            Set::of(number).unblock();
            Set::of(number).block();
        }
        self.go_on();
    }

    /// This process was told to go on: so is the command, with the terminal if it held that.
    fn go_on(&self) {
        if !self.is_stopped() {
            return;
        }
        let group = getpgid(Some(Pid::from_raw(self.child))).unwrap_or_else(|_| getpgrp());
        if group == getpgrp() {
            let _ = signal::send(self.child, libc::SIGCONT);
            return;
        }
        // An interactive shell has a group of its own. `fg` gave the terminal to ours.
        if let Ok(terminal) = OpenOptions::new().read(true).write(true).custom_flags(libc::O_NOCTTY).open("/dev/tty")
            && tcgetpgrp(&terminal) == Ok(getpgrp())
        {
            let _ = tcsetpgrp(&terminal, group);
        }
        let _ = signal::send(-group.as_raw(), libc::SIGCONT);
    }

    /// The state stands behind the name's last `)` (proc_pid_stat(5)).
    fn is_stopped(&self) -> bool {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child)).unwrap_or_default();
        stat.rsplit_once(')').is_some_and(|(_, behind)| behind.trim_start().starts_with('T'))
    }
}
