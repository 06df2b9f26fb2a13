//! Namespaces of this process.

use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use std::fs;
use std::io;

/// What comes with a mount namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// A network namespace, in which there is a loopback interface alone, and that is down.
    Network,
}

impl Beside {
    fn flags(self) -> CloneFlags {
        match self {
            Beside::Nothing => CloneFlags::empty(),
            Beside::Network => CloneFlags::CLONE_NEWNET,
        }
    }
}

/// Gives this process a mount namespace of its own.
///
/// # Errors
/// EPERM without CAP_SYS_ADMIN, ENOSPC at the limit of `user.max_mnt_namespaces`.
pub fn enter_mount_namespace(with: Beside) -> Result<(), Errno> {
    unshare(CloneFlags::CLONE_NEWNS | with.flags())
}

/// Gives this process a user namespace and a mount namespace in it, in one step: both or none.
///
/// # Errors
/// EPERM, ENOSPC or EUSERS when user namespaces are restricted (user_namespaces(7)).
pub fn enter_user_namespace(with: Beside) -> Result<(), Errno> {
    unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS | with.flags())
}

/// Brings up the loopback interface of this process's network namespace (netdevice(7)).
///
/// # Errors
/// EPERM without CAP_NET_ADMIN there.
pub fn raise_loopback() -> Result<(), Errno> {
    use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};
    use std::os::fd::AsRawFd;
    let any = socket(AddressFamily::Inet, SockType::Datagram, SockFlag::SOCK_CLOEXEC, None)?;
    // SAFETY: all bytes of `ifreq` may be zero: it is names, numbers and addresses.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (place, byte) in request.ifr_name.iter_mut().zip(b"lo") {
        *place = byte.cast_signed() as libc::c_char;
    }
    request.ifr_ifru.ifru_flags = libc::IFF_UP as libc::c_short;
    // SAFETY: the request is the structure that SIOCSIFFLAGS reads, and outlives the call.
    Errno::result(unsafe { libc::ioctl(any.as_raw_fd(), libc::SIOCSIFFLAGS as _, &raw const request) }).map(drop)
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
