//! Namespaces of this process.

use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use std::fs;
use std::io;

/// Gives this process a mount namespace of its own.
///
/// # Errors
/// EPERM without CAP_SYS_ADMIN, ENOSPC at the limit of `user.max_mnt_namespaces`.
pub fn enter_mount_namespace() -> Result<(), Errno> {
    unshare(CloneFlags::CLONE_NEWNS)
}

/// Gives this process a user namespace and a mount namespace in it, in one step: both or none.
///
/// # Errors
/// EPERM, ENOSPC or EUSERS when user namespaces are restricted (user_namespaces(7)).
pub fn enter_user_namespace() -> Result<(), Errno> {
    unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS)
}

/// Maps one user and one group to themselves in the user namespace that was just entered.
///
/// Mapped to itself, and not to 0, the user keeps its name inside, and the capabilities
/// vanish at the next exec.
///
/// # Errors
/// When a map may not be written.
pub fn map_to_itself(user: u32, group: u32) -> io::Result<()> {
    // A group map may be written without privilege only once setgroups(2) is denied (user_namespaces(7)).
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
    fs::write("/proc/self/gid_map", format!("{group} {group} 1"))
}
