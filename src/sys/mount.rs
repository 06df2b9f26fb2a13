//! Mounts in the mount namespace of this process.

use nix::errno::Errno;
use nix::mount::{MsFlags, mount};
use std::ffi::CString;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

const NOTHING: Option<&str> = None;

/// Lets mounts made outside appear here, but none made here appear outside, for the whole tree.
///
/// # Errors
/// See mount(2).
pub fn stop_propagation() -> Result<(), Errno> {
    mount(NOTHING, "/", NOTHING, MsFlags::MS_REC | MsFlags::MS_SLAVE, NOTHING)
}

/// Makes `source` appear at `target` as well. Both exist and are both directories or both not.
///
/// # Errors
/// See mount(2).
pub fn bind(source: &Path, target: &Path) -> Result<(), Errno> {
    mount(Some(source), target, NOTHING, MsFlags::MS_BIND, NOTHING)
}

/// Mounts an empty file system in memory.
///
/// # Errors
/// See mount(2).
pub fn mount_memory(target: &Path, options: &str) -> Result<(), Errno> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(Some("tmpfs"), target, Some("tmpfs"), flags, Some(options))
}

/// A copy of what is mounted at and below a directory, not yet mounted anywhere.
///
/// # Errors
/// ENOSYS before Linux 5.2, otherwise see open_tree(2).
pub fn copy_tree(path: &Path) -> Result<OwnedFd, Errno> {
    let name = CString::new(path.as_os_str().as_bytes()).map_err(|_| Errno::EINVAL)?;
    let flags = libc::OPEN_TREE_CLONE | libc::OPEN_TREE_CLOEXEC | libc::AT_RECURSIVE.cast_unsigned();
    // SAFETY: the path ends in NUL and outlives the call.
    let result = unsafe { libc::syscall(libc::SYS_open_tree, libc::AT_FDCWD, name.as_ptr(), flags) };
    let number = Errno::result(result)?;
    let number = i32::try_from(number).map_err(|_| Errno::EBADF)?;
    // SAFETY: the kernel has just given this descriptor to us alone.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// Mounts such a copy.
///
/// # Errors
/// See move_mount(2).
pub fn attach(tree: &OwnedFd, target: &Path) -> Result<(), Errno> {
    const FROM_DESCRIPTOR: libc::c_uint = 0x4;
    let name = CString::new(target.as_os_str().as_bytes()).map_err(|_| Errno::EINVAL)?;
    // SAFETY: both paths end in NUL and outlive the call.
    let result = unsafe {
        libc::syscall(
            libc::SYS_move_mount,
            tree.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_FDCWD,
            name.as_ptr(),
            FROM_DESCRIPTOR,
        )
    };
    Errno::result(result).map(drop)
}

/// What a mount is made to refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refuse {
    /// Every change.
    Writing,
    /// Every change and every use of a device.
    WritingAndDevices,
}

/// `struct mount_attr` of <linux/mount.h>.
#[repr(C)]
struct Attributes {
    set: u64,
    clear: u64,
    propagation: u64,
    user_namespace: u64,
}

/// Makes the mount at `target` refuse. Other attributes stay as they are, which a remount could not
/// promise: in a user namespace it must name those that are locked.
///
/// # Errors
/// ENOSYS before Linux 5.12, otherwise see mount_setattr(2).
pub fn restrict(target: &Path, refuse: Refuse) -> Result<(), Errno> {
    set_attributes(target, refuse, 0)
}

/// [`restrict`] for everything that is mounted at and below a directory.
///
/// # Errors
/// As for [`restrict`].
pub fn restrict_all(target: &Path, refuse: Refuse) -> Result<(), Errno> {
    set_attributes(target, refuse, libc::AT_RECURSIVE)
}

fn set_attributes(target: &Path, refuse: Refuse, flags: libc::c_int) -> Result<(), Errno> {
    const READ_ONLY: u64 = 0x1;
    const NO_DEVICES: u64 = 0x4;
    let set = match refuse {
        Refuse::Writing => READ_ONLY,
        Refuse::WritingAndDevices => READ_ONLY | NO_DEVICES,
    };
    let path = CString::new(target.as_os_str().as_bytes()).map_err(|_| Errno::EINVAL)?;
    let attributes = Attributes { set, clear: 0, propagation: 0, user_namespace: 0 };
    // SAFETY: the path ends in NUL, `attributes` has the layout and size that the call is told, and
    // both outlive it.
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            libc::AT_FDCWD,
            path.as_ptr(),
            flags,
            &raw const attributes,
            size_of::<Attributes>(),
        )
    };
    Errno::result(result).map(drop)
}
