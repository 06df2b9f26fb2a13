//! Processes: making one, waiting for it, ending this one.

use nix::errno::Errno;
use nix::sched::{CloneFlags, clone};
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// On which side of a fork one stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In the old process, with the new one's id.
    Parent(i32),
    /// In the new process.
    Child,
}

/// Makes a copy of this process.
///
/// In a process with several threads only the calling one exists in the copy: what the child does before
/// exec must then not wait for a lock that another thread held.
///
/// # Errors
/// EAGAIN or ENOMEM (fork(2)).
pub fn fork() -> Result<Side, Errno> {
    // SAFETY: fork touches no memory of ours. Locks of other threads: see above; the C library
    // itself takes care of its own (its allocator can be used in the child).
    match Errno::result(unsafe { libc::fork() })? {
        0 => Ok(Side::Child),
        child => Ok(Side::Parent(child)),
    }
}

/// How much stack a borrowing child has. It is only taken from the machine as far as it is used.
const STACK: usize = 1024 * 1024;

/// Makes a process that borrows this one's memory, as vfork(2) does, and runs `child` in it. This process waits
/// until that has become another program or has ended, and so sees what it wrote. No page table is copied, which
/// takes longer than building walls.
///
/// `child` must end in exec or give the status to end with. If it panics the status is 126.
///
/// # Errors
/// EAGAIN or ENOMEM (clone(2)).
pub fn spawn_borrowing(child: &mut dyn FnMut() -> i32) -> Result<i32, Errno> {
    let mut stack = vec![0; STACK];
    let run = Box::new(|| {
        let status = catch_unwind(AssertUnwindSafe(&mut *child)).unwrap_or(126);
        end(status)
    });
    let flags = CloneFlags::CLONE_VM | CloneFlags::CLONE_VFORK;
    // SAFETY: with CLONE_VFORK this thread is suspended until the child execs or ends, so the two never touch
    // memory at the same time, and `stack`, `run` and what `child` borrows outlive the child's use of them. It has a stack of its
    // own. It leaves by exec or _exit only: no destructor of this process runs in it.
    unsafe { clone(run, &mut stack, flags, Some(libc::SIGCHLD)) }.map(nix::unistd::Pid::as_raw)
}

/// Ends this process at once: nothing is flushed and no exit function runs. For the child of a [`fork`].
pub fn end(code: i32) -> ! {
    // SAFETY: _exit does not return and touches no memory.
    unsafe { libc::_exit(code) }
}

/// What a child did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It ended with this status.
    Exited(i32),
    /// A signal ended it.
    Killed(i32),
    /// A signal stopped it.
    Stopped(i32),
}

/// Waits until this child has ended.
///
/// # Errors
/// ECHILD, as for [`poll`].
pub fn wait(child: i32) -> Result<Change, Errno> {
    let mut status = 0;
    // SAFETY: waitpid writes the status to an integer of ours.
    Errno::result(unsafe { libc::waitpid(child, &raw mut status, 0) })?;
    Ok(if libc::WIFSIGNALED(status) {
        Change::Killed(libc::WTERMSIG(status))
    } else {
        Change::Exited(libc::WEXITSTATUS(status))
    })
}

/// What has this child done since it was last asked about? `None`: nothing.
///
/// # Errors
/// ECHILD when it is no child of this process, or was waited for before.
pub fn poll(child: i32) -> Result<Option<Change>, Errno> {
    let mut found: MaybeUninit<libc::siginfo_t> = MaybeUninit::zeroed();
    let flags = libc::WEXITED | libc::WSTOPPED | libc::WNOHANG;
    let id = libc::id_t::try_from(child).map_err(|_| Errno::ECHILD)?;
    // SAFETY: waitid fills `found`, which is zeroed; with WNOHANG and nothing to tell si_pid stays 0
    // (waitid(2)), and si_status is read only when it is not.
    let (pid, code, status) = unsafe {
        Errno::result(libc::waitid(libc::P_PID, id, found.as_mut_ptr(), flags))?;
        let found = found.assume_init();
        (found.si_pid(), found.si_code, found.si_status())
    };
    if pid == 0 {
        return Ok(None);
    }
    Ok(match code {
        libc::CLD_EXITED => Some(Change::Exited(status)),
        libc::CLD_KILLED | libc::CLD_DUMPED => Some(Change::Killed(status)),
        libc::CLD_STOPPED => Some(Change::Stopped(status)),
        _ => None,
    })
}
