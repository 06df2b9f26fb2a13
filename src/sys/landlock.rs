//! The one question that the `landlock` crate does not answer.

/// Landlock's ABI as the kernel tells it; 0: it is not there, or switched off (landlock_create_ruleset(2)).
#[must_use]
pub fn abi() -> u8 {
    const VERSION: libc::c_uint = 1;
    // SAFETY: with this flag the call takes no attributes and touches no memory.
    let abi =
        unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<libc::c_void>(), 0usize, VERSION) };
    u8::try_from(abi).unwrap_or(0)
}
