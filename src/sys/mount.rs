//! Mounts in the mount namespace of this process.

use nix::errno::Errno;
use nix::mount::{MsFlags, mount};
use std::ffi::CString;
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
            0,
            &raw const attributes,
            size_of::<Attributes>(),
        )
    };
    Errno::result(result).map(drop)
}
