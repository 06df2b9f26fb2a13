//! Capabilities of this process (capabilities(7)).

use nix::errno::Errno;

/// A set of capabilities, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities(pub u64);

impl Capabilities {
    /// A set of these.
    #[must_use]
    pub const fn of(numbers: &[u32]) -> Capabilities {
        let mut bits = 0;
        let mut at = 0;
        while at < numbers.len() {
            bits |= 1 << numbers[at];
            at += 1;
        }
        Capabilities(bits)
    }

    /// These and those.
    #[must_use]
    pub const fn with(self, others: Capabilities) -> Capabilities {
        Capabilities(self.0 | others.0)
    }

    /// Is this one in the set?
    #[must_use]
    pub const fn has(self, number: u32) -> bool {
        self.0 & (1 << number) != 0
    }

    fn numbers(self) -> impl Iterator<Item = u32> {
        (0..u64::BITS).filter(move |number| self.has(*number))
    }
}

/// `CAP_DAC_READ_SEARCH`: open_by_handle_at(2).
pub const DAC_READ_SEARCH: u32 = 2;
/// `CAP_NET_ADMIN`
pub const NET_ADMIN: u32 = 12;
/// `CAP_NET_RAW`
pub const NET_RAW: u32 = 13;
/// `CAP_SYS_MODULE`
pub const SYS_MODULE: u32 = 16;
/// `CAP_SYS_RAWIO`: /dev/mem, /proc/kcore.
pub const SYS_RAWIO: u32 = 17;
/// `CAP_SYS_PTRACE`
pub const SYS_PTRACE: u32 = 19;
/// `CAP_SYS_ADMIN`
pub const SYS_ADMIN: u32 = 21;
/// `CAP_SYS_BOOT`: kexec.
pub const SYS_BOOT: u32 = 22;
/// `CAP_SYS_TIME`: the clock, by which directories' changes are told.
pub const SYS_TIME: u32 = 25;
/// `CAP_MKNOD`
pub const MKNOD: u32 = 27;
/// `CAP_MAC_OVERRIDE`
pub const MAC_OVERRIDE: u32 = 32;
/// `CAP_MAC_ADMIN`
pub const MAC_ADMIN: u32 = 33;
/// `CAP_PERFMON`: recent kernels (seen on 6.18) let it read other processes' memory maps and environment, past the checks of ptrace.
pub const PERFMON: u32 = 38;
/// `CAP_BPF`
pub const BPF: u32 = 39;
/// `CAP_CHECKPOINT_RESTORE`: map_files, other processes' exe links.
pub const CHECKPOINT_RESTORE: u32 = 40;

#[repr(C)]
struct Header {
    version: u32,
    pid: i32,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Half {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}

/// `_LINUX_CAPABILITY_VERSION_3`: two halves.
const VERSION: u32 = 0x2008_0522;

fn read() -> Result<[Half; 2], Errno> {
    let header = Header { version: VERSION, pid: 0 };
    let mut halves = [Half::default(); 2];
    // SAFETY: header and halves have the layout of version 3 (capget(2)) and outlive the call.
    Errno::result(unsafe { libc::syscall(libc::SYS_capget, &raw const header, halves.as_mut_ptr()) })?;
    Ok(halves)
}

/// The capabilities that are in force; none if they cannot be read.
#[must_use]
pub fn effective() -> Capabilities {
    read()
        .map_or(Capabilities(0), |[low, high]| Capabilities(u64::from(low.effective) | u64::from(high.effective) << 32))
}

/// Gives these capabilities up for good: for this process and for all that it will start.
///
/// # Errors
/// EPERM without CAP_SETPCAP.
pub fn give_up(capabilities: Capabilities) -> Result<(), Errno> {
    for number in capabilities.numbers() {
        // SAFETY: PR_CAPBSET_READ and PR_CAPBSET_DROP take a number and touch no memory. EINVAL: this kernel
        // does not know the capability. What is gone already needs no privilege.
        let stands = unsafe { libc::prctl(libc::PR_CAPBSET_READ, libc::c_ulong::from(number), 0, 0, 0) };
        if stands == 1 {
            // SAFETY: as above.
            Errno::result(unsafe { libc::prctl(libc::PR_CAPBSET_DROP, libc::c_ulong::from(number), 0, 0, 0) })?;
        }
    }
    let mut halves = read()?;
    for (half, bits) in halves.iter_mut().zip([capabilities.0 as u32, (capabilities.0 >> 32) as u32]) {
        half.effective &= !bits;
        half.permitted &= !bits;
        half.inheritable &= !bits;
    }
    let header = Header { version: VERSION, pid: 0 };
    // SAFETY: as in `read`. Ambient capabilities fall with the permitted and inheritable ones.
    Errno::result(unsafe { libc::syscall(libc::SYS_capset, &raw const header, halves.as_ptr()) }).map(drop)
}
