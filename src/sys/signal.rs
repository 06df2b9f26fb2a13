//! Signals: waiting for them with their sender, sending them, and what they do.

use nix::errno::Errno;
use std::mem::MaybeUninit;

/// A signal that was waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// Its number.
    pub signal: i32,
    /// Who sent it.
    pub sender: Sender,
}

/// Who sent a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// The kernel: the terminal's keys, a hang-up, a child's change (`si_code` is not that of kill(2)).
    Kernel,
    /// A process, by kill(2), tgkill(2) or sigqueue(3).
    Process(i32),
}

/// A set of signals.
#[derive(Clone, Copy)]
pub struct Set(libc::sigset_t);

impl Set {
    /// Every signal that another may send and that can be waited for: all but KILL, STOP and those
    /// that a fault of the process itself raises.
    #[must_use]
    pub fn all_but_faults() -> Set {
        let mut set = MaybeUninit::uninit();
        // SAFETY: sigfillset and sigdelset write to the set they are given, which is ours; after
        // sigfillset it is initialised.
        let mut set = unsafe {
            libc::sigfillset(set.as_mut_ptr());
            set.assume_init()
        };
        for fault in
            [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGTRAP, libc::SIGSYS, libc::SIGABRT]
        {
            // SAFETY: as above.
            unsafe { libc::sigdelset(&raw mut set, fault) };
        }
        Set(set)
    }

    /// A set of one.
    #[must_use]
    pub fn of(signal: i32) -> Set {
        let mut set = MaybeUninit::uninit();
        // SAFETY: sigemptyset initialises the set, sigaddset adds to it or fails without touching it.
        unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            libc::sigaddset(set.as_mut_ptr(), signal);
            Set(set.assume_init())
        }
    }

    /// Blocks these signals in this thread and gives the mask that was in force.
    pub fn block(&self) -> Set {
        self.change(libc::SIG_BLOCK)
    }

    /// Unblocks these signals in this thread and gives the mask that was in force.
    pub fn unblock(&self) -> Set {
        self.change(libc::SIG_UNBLOCK)
    }

    /// Makes this the mask of the thread.
    pub fn set_mask(&self) {
        self.change(libc::SIG_SETMASK);
    }

    fn change(&self, how: i32) -> Set {
        let mut before = MaybeUninit::zeroed();
        // SAFETY: pthread_sigmask reads our set and writes the old mask to memory of ours; it fails only for
        // an unknown `how`, and the zeroed set is a valid one then.
        unsafe {
            libc::pthread_sigmask(how, &raw const self.0, before.as_mut_ptr());
            Set(before.assume_init())
        }
    }

    /// Waits for one of these signals, which must be blocked.
    pub fn wait(&self) -> Received {
        loop {
            let mut found: MaybeUninit<libc::siginfo_t> = MaybeUninit::zeroed();
            // SAFETY: sigwaitinfo reads our set and fills `found`, which is zeroed and of its type. si_pid is
            // read only for the codes for which the kernel sets it (sigaction(2)).
            let received = unsafe {
                let signal = libc::sigwaitinfo(&raw const self.0, found.as_mut_ptr());
                (signal > 0).then(|| {
                    let found = found.assume_init();
                    let by_process = matches!(found.si_code, libc::SI_USER | libc::SI_TKILL | libc::SI_QUEUE);
                    let sender = if by_process { Sender::Process(found.si_pid()) } else { Sender::Kernel };
                    Received { signal, sender }
                })
            };
            if let Some(received) = received {
                return received;
            }
        }
    }
}

/// Sends a signal to a process, or with a negative number to a group; 0 only asks whether it could be sent.
///
/// # Errors
/// ESRCH, EPERM or EINVAL (kill(2)).
pub fn send(process: i32, signal: i32) -> Result<(), Errno> {
    // SAFETY: kill touches no memory.
    Errno::result(unsafe { libc::kill(process, signal) }).map(drop)
}

/// Is the signal ignored?
#[must_use]
pub fn is_ignored(signal: i32) -> bool {
    let mut action: MaybeUninit<libc::sigaction> = MaybeUninit::zeroed();
    // SAFETY: with no new action sigaction only writes the present one to `action`, which is zeroed.
    unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) == 0
            && action.assume_init().sa_sigaction == libc::SIG_IGN
    }
}

/// Lets the signal do what it does by default.
pub fn restore_default(signal: i32) {
    // SAFETY: SIG_DFL runs no code of ours.
    unsafe { libc::signal(signal, libc::SIG_DFL) };
}

/// Ignores the signal.
pub fn ignore(signal: i32) {
    // SAFETY: SIG_IGN runs no code of ours.
    unsafe { libc::signal(signal, libc::SIG_IGN) };
}
