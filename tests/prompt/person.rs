//! The person's side: a pseudo terminal, what was seen on it, and what is typed.

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::poll::{PollFd, PollFlags, poll};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::panic::catch_unwind;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A case: its name, and what is done.
pub(crate) type Case = (&'static str, fn());

/// How long anything is waited for before the test gives up. Nothing depends on how long it takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Plays one case and prints what came of it.
pub(crate) fn play((name, act): &Case) -> bool {
    let passed = catch_unwind(act).is_ok();
    println!("test {name} ... {}", if passed { "ok" } else { "FAILED" });
    passed
}

/// One run of the asker, with the person's end of its terminal.
pub(crate) struct Seat {
    master: Option<File>,
    seen: Arc<Mutex<String>>,
    /// Up to where the screen was read by `wait_for`.
    read: usize,
    watch: Option<JoinHandle<()>>,
    closed: Arc<AtomicBool>,
    child: Child,
    state: tempfile::TempDir,
}

impl Seat {
    /// Starts the asker with a controlling terminal.
    pub(crate) fn take(wishes: &[&str]) -> Self {
        Self::start(&["--ctty"], wishes)
    }

    /// Starts the asker in a session without a terminal, its output on one all the same.
    pub(crate) fn take_without_terminal(wishes: &[&str]) -> Self {
        Self::start(&[], wishes)
    }

    fn start(options: &[&str], wishes: &[&str]) -> Self {
        let state = tempfile::tempdir().unwrap();
        let pty = nix::pty::openpty(None, None).unwrap();
        // An asker that held the person's end would never be hung up.
        for end in [&pty.master, &pty.slave] {
            fcntl(end, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).unwrap();
        }
        let slave = || Stdio::from(pty.slave.try_clone().unwrap());
        let mut command = Command::new("setsid");
        command.args(options).arg(std::env::current_exe().unwrap()).arg("ask").arg(state.path()).args(wishes);
        let child = command.stdin(slave()).stdout(Stdio::null()).stderr(slave()).spawn();
        let child = child.expect("these tests need setsid of util-linux");
        drop(command);
        drop(pty.slave);
        let master = File::from(pty.master);
        let seen = Arc::new(Mutex::new(String::new()));
        let closed = Arc::new(AtomicBool::new(false));
        let (screen, stop, end) = (Arc::clone(&seen), Arc::clone(&closed), master.try_clone().unwrap());
        let watch = Some(std::thread::spawn(move || watch(end, &screen, &stop)));
        Seat { master: Some(master), seen, read: 0, watch, closed, child, state }
    }

    /// Everything that stood on the screen so far.
    pub(crate) fn seen(&self) -> String {
        self.seen.lock().unwrap().clone()
    }

    /// Waits until a text appears behind what was waited for before.
    pub(crate) fn wait_for(&mut self, text: &str) {
        let began = Instant::now();
        loop {
            let seen = self.seen();
            if let Some(at) = seen[self.read..].find(text) {
                self.read += at + text.len();
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{text:?} never appeared: {seen:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The word behind the last place of a text on the screen, once it stands there whole.
    pub(crate) fn word_behind(&self, text: &str) -> String {
        loop {
            let seen = self.seen();
            let behind = seen.rsplit_once(text).unwrap().1;
            if let Some((word, _)) = behind.split_once(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
                return word.to_owned();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn type_text(&mut self, text: &str) {
        self.master.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// Lets an asker go on that waits before it asks.
    pub(crate) fn let_go(&self) {
        fs::write(self.state.path().join("go"), "").unwrap();
    }

    /// Closes the person's end: the kernel hangs the terminal up.
    pub(crate) fn hang_up(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        self.watch.take().unwrap().join().unwrap();
        self.master = None;
    }

    /// What the asker wrote down at its end.
    pub(crate) fn result(&mut self) -> String {
        let began = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(began.elapsed() < PATIENCE, "the asker does not end: {:?}", self.seen());
            std::thread::sleep(Duration::from_millis(5));
        }
        fs::read_to_string(self.state.path().join("result"))
            .unwrap_or_else(|fault| panic!("{fault}; on the screen: {:?}", self.seen()))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Copies what appears on the screen until the last process has closed its end (`EIO`), or the person's is to be closed.
fn watch(mut end: File, screen: &Mutex<String>, stop: &AtomicBool) {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    while !stop.load(Ordering::Relaxed) {
        let mut watched = [PollFd::new(end.as_fd(), PollFlags::POLLIN)];
        if poll(&mut watched, 20_u8).is_ok_and(|count| count == 0) {
            continue;
        }
        let Ok(count @ 1..) = end.read(&mut chunk) else { return };
        bytes.extend_from_slice(&chunk[..count]);
        *screen.lock().unwrap() = String::from_utf8_lossy(&bytes).into_owned();
    }
}
