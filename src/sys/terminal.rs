//! The controlling terminal: open it, ask whether it is ours to read, read one line from it.

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::termios::{self, FlushArg, InputFlags, LocalFlags, OutputFlags, SetArg, Termios};
use nix::unistd;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;

/// The longest line that is read, in bytes; the kernel's own line buffer holds 4096 (termios(3), canonical mode).
const LINE: usize = 4096;

/// Opens the controlling terminal for reading and writing (tty(4)).
///
/// # Errors
/// `ENXIO` where the process has none, as after setsid(2).
pub fn open_controlling() -> io::Result<File> {
    OpenOptions::new().read(true).write(true).custom_flags(libc::O_NOCTTY).open("/dev/tty")
}

/// Is this process in the terminal's foreground process group (tcgetpgrp(3))? A background process that read
/// from it would be stopped by SIGTTIN.
#[must_use]
pub fn in_foreground(terminal: &File) -> bool {
    unistd::tcgetpgrp(terminal).is_ok_and(|group| group == unistd::getpgrp())
}

/// Throws away what was typed and not yet read (tcflush(3), `TCIFLUSH`).
///
/// # Errors
/// `EIO` and `ENOTTY` as in the manual page.
pub fn flush_input(terminal: &File) -> io::Result<()> {
    Ok(termios::tcflush(terminal, FlushArg::TCIFLUSH)?)
}

/// The terminal in line mode with echo, as a shell leaves it for its commands; dropping it restores what was before.
///
/// A program in the same terminal may have left it raw (a full-screen agent does).
#[derive(Debug)]
pub struct LineMode<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> LineMode<'a> {
    /// Sets line mode (termios(3)).
    ///
    /// # Errors
    /// When the settings cannot be read or written: it is not a terminal, or it was hung up.
    pub fn set(terminal: &'a File) -> io::Result<Self> {
        let before = termios::tcgetattr(terminal)?;
        let mut line = before.clone();
        line.local_flags |=
            LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ECHOE | LocalFlags::ECHOK | LocalFlags::ISIG;
        line.input_flags |= InputFlags::ICRNL;
        line.output_flags |= OutputFlags::OPOST | OutputFlags::ONLCR;
        termios::tcsetattr(terminal, SetArg::TCSANOW, &line)?;
        Ok(LineMode { terminal, before })
    }
}

impl Drop for LineMode<'_> {
    fn drop(&mut self) {
        // A terminal that was hung up has no settings left to restore.
        let _ = termios::tcsetattr(self.terminal, SetArg::TCSANOW, &self.before);
    }
}

/// SIGINT, SIGTERM, SIGHUP and SIGQUIT as something to read (signalfd(2)) and not as an end, for this thread
/// and until dropped. So no signal can leave the terminal in another mode than it was found in.
#[derive(Debug)]
pub struct HeldSignals {
    before: SigSet,
    arrivals: SignalFd,
}

impl HeldSignals {
    /// Blocks the four signals and opens the descriptor that tells of them.
    ///
    /// # Errors
    /// When the process has no descriptor left.
    pub fn hold() -> io::Result<Self> {
        let set: SigSet = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT].into_iter().collect();
        let arrivals = SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
        let before = set.thread_swap_mask(nix::sys::signal::SigmaskHow::SIG_BLOCK)?;
        Ok(HeldSignals { before, arrivals })
    }
}

impl Drop for HeldSignals {
    fn drop(&mut self) {
        // Setting a mask that the kernel gave us cannot fail.
        let _ = self.before.thread_set_mask();
    }
}

/// Reads one line, without its newline, from a terminal in line mode.
///
/// # Errors
/// `Interrupted` when one of the held signals came (Ctrl-C is one), `UnexpectedEof` for Ctrl-D on an empty line or
/// a hang-up, `InvalidData` for a line that is no UTF-8 or too long, and whatever poll(2) and read(2) report.
pub fn read_line(terminal: &File, signals: &HeldSignals) -> io::Result<String> {
    let mut line = Vec::new();
    loop {
        wait(terminal, signals)?;
        let mut bytes = [0; LINE];
        let count = match unistd::read(terminal, &mut bytes) {
            Err(Errno::EINTR) => continue,
            other => other?,
        };
        line.extend(bytes.iter().take(count));
        if line.pop_if(|last| *last == b'\n').is_some() {
            return String::from_utf8(line).map_err(|fault| io::Error::new(io::ErrorKind::InvalidData, fault));
        }
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line.len() >= LINE {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
}

/// Waits until there is something to read, or a held signal, which is an error.
fn wait(terminal: &File, signals: &HeldSignals) -> io::Result<()> {
    loop {
        let mut watched = [
            PollFd::new(signals.arrivals.as_fd(), PollFlags::POLLIN),
            PollFd::new(terminal.as_fd(), PollFlags::POLLIN),
        ];
        match poll(&mut watched, PollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            other => other?,
        };
        let [signal, input] = watched.map(|one| one.revents().is_some_and(|events| !events.is_empty()));
        if signal {
            // Taken off the queue, so that it does not end the process when the mask is restored: it was the answer.
            while let Ok(Some(_)) = signals.arrivals.read_signal() {}
            return Err(io::ErrorKind::Interrupted.into());
        }
        if input {
            return Ok(());
        }
    }
}
