//! What the process was given at its start, before Rust's own start-up changed it.
//!
//! The standard library ignores SIGPIPE and opens `/dev/null` in the place of closed standard descriptors
//! before `main` (library/std/src/sys/pal/unix). The command must find what holdpoint found, so
//! it is noted down earlier, from `.init_array`.

use std::sync::atomic::{AtomicU8, Ordering};

const PIPE_IGNORED: u8 = 1 << 3;

/// Bits 0 to 2: the descriptor was closed. Bit 3: SIGPIPE was ignored.
static GIVEN: AtomicU8 = AtomicU8::new(0);

extern "C" fn note() {
    let mut given = 0;
    for descriptor in 0..3 {
        // SAFETY: F_GETFD reads a flag of a descriptor number and touches no memory.
        if unsafe { libc::fcntl(descriptor, libc::F_GETFD) } == -1 {
            given |= 1 << descriptor;
        }
    }
    if super::signal::is_ignored(libc::SIGPIPE) {
        given |= PIPE_IGNORED;
    }
    GIVEN.store(given, Ordering::Relaxed);
}

// SAFETY: the loader calls every entry of `.init_array` once, as a C function, before `main` (System V gABI,
// "Initialization and Termination Functions"); `note` needs nothing that Rust's start-up would set up.
#[used]
#[unsafe(link_section = ".init_array")]
static NOTE: extern "C" fn() = note;

/// Was SIGPIPE ignored when the process was started?
#[must_use]
pub fn pipe_was_ignored() -> bool {
    GIVEN.load(Ordering::Relaxed) & PIPE_IGNORED != 0
}

/// The standard descriptors that were closed when the process was started.
pub fn closed_descriptors() -> impl Iterator<Item = i32> {
    let given = GIVEN.load(Ordering::Relaxed);
    (0..3).filter(move |descriptor| given & (1 << descriptor) != 0)
}
