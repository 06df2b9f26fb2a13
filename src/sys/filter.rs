//! Filters of system calls (seccomp(2)).

use nix::errno::Errno;

/// One instruction of the classic filter machine: `struct sock_filter` of <linux/filter.h>.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instruction {
    /// What it does.
    pub code: u16,
    /// How many instructions are jumped over if its test holds.
    pub on_true: u8,
    /// And if it does not.
    pub on_false: u8,
    /// What it works with.
    pub value: u32,
}

/// Puts this thread, and all that it will start, behind a filter. Processor mitigations are left as they are: before Linux 5.16
/// a filter would have slowed everything down (`SECCOMP_FILTER_FLAG_SPEC_ALLOW`).
///
/// # Errors
/// EACCES without `no_new_privs` or CAP_SYS_ADMIN, EINVAL or ENOSYS where the kernel has no filters.
pub fn install(program: &[Instruction]) -> Result<(), Errno> {
    #[repr(C)]
    struct Program {
        length: u16,
        instructions: *const Instruction,
    }
    let length = u16::try_from(program.len()).map_err(|_| Errno::EINVAL)?;
    let program = Program { length, instructions: program.as_ptr() };
    // SAFETY: `program` has the layout of `struct sock_fprog`, points to as many instructions as it says, and outlives the
    // call, which copies it.
    let result = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::c_long::from(libc::SECCOMP_SET_MODE_FILTER),
            libc::SECCOMP_FILTER_FLAG_SPEC_ALLOW,
            &raw const program,
        )
    };
    Errno::result(result).map(drop)
}
