//! The kernel's calls that a filter speaks of, by architecture. Numbers never change once given (syscalls(2)).

/// A calling convention with numbers of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Convention {
    /// 64-bit x86.
    X86,
    /// 32-bit x86, which a 64-bit kernel answers too.
    X86Small,
    /// 64-bit ARM.
    Arm,
    /// 32-bit ARM, which a 64-bit kernel may answer too.
    ArmSmall,
}

impl Convention {
    /// What the kernel calls it (`AUDIT_ARCH_…`, <linux/audit.h>).
    pub(super) fn mark(self) -> u32 {
        match self {
            Convention::X86 => 0xC000_003E,
            Convention::X86Small => 0x4000_0003,
            Convention::Arm => 0xC000_00B7,
            Convention::ArmSmall => 0x4000_0028,
        }
    }
}

/// A call with its number in each convention, in their order; -1: it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Call(pub(super) [i16; 4]);

impl Call {
    pub(super) fn number(self, convention: Convention) -> Option<u32> {
        let [x86, x86_small, arm, arm_small] = self.0;
        let number = match convention {
            Convention::X86 => x86,
            Convention::X86Small => x86_small,
            Convention::Arm => arm,
            Convention::ArmSmall => arm_small,
        };
        u32::try_from(number).ok()
    }
}

pub(super) const IOCTL: Call = Call([16, 54, 29, 54]);
pub(super) const CLONE: Call = Call([56, 120, 220, 120]);
pub(super) const CLONE3: Call = Call([435; 4]);
pub(super) const UNSHARE: Call = Call([272, 310, 97, 337]);
pub(super) const SETNS: Call = Call([308, 346, 268, 375]);
pub(super) const PERSONALITY: Call = Call([135, 136, 92, 136]);
pub(super) const BPF: Call = Call([321, 357, 280, 386]);
pub(super) const PERF_EVENT_OPEN: Call = Call([298, 336, 241, 364]);

/// `add_key`, `request_key`, `keyctl`.
pub(super) const KEYRINGS: [Call; 3] =
    [Call([248, 286, 217, 309]), Call([249, 287, 218, 310]), Call([250, 288, 219, 311])];

/// `io_uring_setup`, `io_uring_enter`, `io_uring_register`.
pub(super) const RINGS: [Call; 3] = [Call([425; 4]), Call([426; 4]), Call([427; 4])];

/// `mount`, the old and the new `umount`, `pivot_root`, and the mount calls of Linux 5.2 and later: `open_tree`, `move_mount`, `fsopen`,
/// `fsconfig`, `fsmount`, `fspick`, `mount_setattr`, `open_tree_attr`.
pub(super) const MOUNTS: [Call; 12] = [
    Call([165, 21, 40, 21]),
    Call([-1, 22, -1, -1]),
    Call([166, 52, 39, 52]),
    Call([155, 217, 41, 218]),
    Call([428; 4]),
    Call([429; 4]),
    Call([430; 4]),
    Call([431; 4]),
    Call([432; 4]),
    Call([433; 4]),
    Call([442; 4]),
    Call([467; 4]),
];

/// `init_module`, `finit_module`, `delete_module`, `kexec_load`, `kexec_file_load`.
pub(super) const KERNEL_CODE: [Call; 5] = [
    Call([175, 128, 105, 128]),
    Call([313, 350, 273, 379]),
    Call([176, 129, 106, 129]),
    Call([246, 283, 104, 347]),
    Call([320, -1, 294, 401]),
];

/// `open_by_handle_at`, `userfaultfd`.
pub(super) const SIDE_DOORS: [Call; 2] = [Call([304, 342, 265, 371]), Call([323, 374, 282, 388])];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_this_machine_are_those_of_the_c_library() {
        #[cfg(target_arch = "x86_64")]
        let convention = Convention::X86;
        #[cfg(target_arch = "aarch64")]
        let convention = Convention::Arm;
        let pairs: &[(Call, libc::c_long)] = &[
            (IOCTL, libc::SYS_ioctl),
            (CLONE, libc::SYS_clone),
            (CLONE3, libc::SYS_clone3),
            (UNSHARE, libc::SYS_unshare),
            (SETNS, libc::SYS_setns),
            (PERSONALITY, libc::SYS_personality),
            (BPF, libc::SYS_bpf),
            (PERF_EVENT_OPEN, libc::SYS_perf_event_open),
            (KEYRINGS[0], libc::SYS_add_key),
            (KEYRINGS[1], libc::SYS_request_key),
            (KEYRINGS[2], libc::SYS_keyctl),
            (RINGS[0], libc::SYS_io_uring_setup),
            (RINGS[1], libc::SYS_io_uring_enter),
            (RINGS[2], libc::SYS_io_uring_register),
            (MOUNTS[0], libc::SYS_mount),
            (MOUNTS[2], libc::SYS_umount2),
            (MOUNTS[3], libc::SYS_pivot_root),
            (MOUNTS[4], libc::SYS_open_tree),
            (MOUNTS[5], libc::SYS_move_mount),
            (MOUNTS[6], libc::SYS_fsopen),
            (MOUNTS[7], libc::SYS_fsconfig),
            (MOUNTS[8], libc::SYS_fsmount),
            (MOUNTS[9], libc::SYS_fspick),
            (MOUNTS[10], libc::SYS_mount_setattr),
            (KERNEL_CODE[0], libc::SYS_init_module),
            (KERNEL_CODE[1], libc::SYS_finit_module),
            (KERNEL_CODE[2], libc::SYS_delete_module),
            (KERNEL_CODE[3], libc::SYS_kexec_load),
            (KERNEL_CODE[4], libc::SYS_kexec_file_load),
            (SIDE_DOORS[0], libc::SYS_open_by_handle_at),
            (SIDE_DOORS[1], libc::SYS_userfaultfd),
        ];
        for (call, number) in pairs {
            assert_eq!(call.number(convention).map(i64::from), Some(*number), "{call:?}");
        }
    }
}
