//! Descriptors that this process was given.

use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

/// The open directories of this process, with the paths by which the kernel knows them.
///
/// # Errors
/// When `/proc` cannot be read.
pub fn directories() -> std::io::Result<Vec<(i32, PathBuf)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc/self/fd")? {
        let entry = entry?;
        let Some(number) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
        // The descriptor by which this directory is read is closed again: its path is then no more.
        if entry.path().is_dir()
            && let Ok(path) = std::fs::read_link(entry.path())
        {
            found.push((number, path));
        }
    }
    found.retain(|(_, path)| !path.starts_with("/proc/") || path.file_name() != Some("fd".as_ref()));
    Ok(found)
}

/// Opens the directory at a path in the place of an open one, with the same flags.
///
/// # Errors
/// When it cannot be opened; the descriptor is as it was then.
pub fn reopen(descriptor: i32, path: &Path) -> Result<(), Errno> {
    // SAFETY: F_GETFL and F_GETFD read flags of a descriptor number and touch no memory.
    let (flags, own) = unsafe { (libc::fcntl(descriptor, libc::F_GETFL), libc::fcntl(descriptor, libc::F_GETFD)) };
    let kept = OFlag::from_bits_truncate(Errno::result(flags)?) & (OFlag::O_PATH | OFlag::O_NOATIME);
    let close = if own & libc::FD_CLOEXEC != 0 { libc::O_CLOEXEC } else { 0 };
    let opened = open(path, OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC | kept, Mode::empty())?;
    // SAFETY: dup3 closes one descriptor number and makes it another; the caller gives it up.
    Errno::result(unsafe { libc::dup3(opened.as_raw_fd(), descriptor, close) }).map(drop)
}

/// Closes a descriptor by its number.
pub fn close(descriptor: i32) {
    let _ = nix::unistd::close(descriptor);
}
