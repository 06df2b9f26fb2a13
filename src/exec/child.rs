//! Between fork and exec.

use super::error::ExecError;
use super::launch::Launch;
use crate::decide::policy::Enforcement;
use crate::sys::{process, signal, startup};
use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::unistd::{execv, execve, getppid};
use std::fmt::Display;

/// What the child has to say.
pub(super) enum Report {
    /// It ended before it could say anything.
    Nothing,
    /// The walls stand, and nothing has failed since.
    Stands(Enforcement),
    /// The program was not started.
    Failed(ExecError),
}

/// What of the parent's has to be put back as it was.
pub(super) struct Before {
    /// The parent, before the fork.
    pub(super) parent: i32,
    /// The mask of blocked signals.
    pub(super) mask: signal::Set,
    /// Was SIGCHLD ignored?
    pub(super) child_signal_ignored: bool,
}

/// Builds the walls, puts signals back, and becomes the program. If it comes back, `report` says why.
///
/// The process borrows its parent's memory, so that what it reports is seen there.
pub(super) fn become_program<E: Display>(
    launch: &Launch,
    before: &Before,
    report: &mut Report,
    before_exec: impl FnOnce() -> Result<Enforcement, E>,
) {
    match before_exec() {
        Ok(enforcement) => *report = Report::Stands(enforcement),
        Err(fault) => {
            *report = Report::Failed(ExecError::Walls(fault.to_string()));
            return;
        }
    }
    die_with_parent(before.parent);
    restore(before);
    let result = match &launch.environment {
        None => execv(&launch.program, &launch.arguments),
        Some(environment) => execve(&launch.program, &launch.arguments, environment),
    };
    let Err(errno) = result;
    let program = launch.program.to_string_lossy().into_owned();
    *report = Report::Failed(ExecError::Program { program, errno });
}

/// Set last: a change of credentials, such as entering a user namespace, takes it back (prctl(2)).
fn die_with_parent(parent: i32) {
    let _ = prctl::set_pdeathsig(Signal::SIGKILL);
    // The parent may have died before: then no signal will come.
    if getppid().as_raw() != parent {
        process::end(126);
    }
}

fn restore(before: &Before) {
    if before.child_signal_ignored {
        signal::ignore(libc::SIGCHLD);
    }
    undo_startup();
    before.mask.set_mask();
}

/// Takes back what Rust's start-up changed: SIGPIPE, and standard descriptors that were closed.
pub(super) fn undo_startup() {
    if !startup::pipe_was_ignored() {
        signal::restore_default(libc::SIGPIPE);
    }
    for descriptor in startup::closed_descriptors() {
        let _ = nix::unistd::close(descriptor);
    }
}
