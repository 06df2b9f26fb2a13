//! What the machine is able to do.

use crate::sys::capability::{self, SYS_ADMIN};
use crate::sys::landlock;
use nix::unistd::{getegid, geteuid};
use std::fs;

/// What the kernel and the user's privileges allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ability {
    /// The effective user.
    pub user: u32,
    /// The effective group.
    pub group: u32,
    /// Can mounts be changed, and how?
    pub mounts: Grounds,
    /// Landlock's ABI; 0: there is none.
    pub landlock: u8,
}

/// On which grounds mounts can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grounds {
    /// With CAP_SYS_ADMIN: a mount namespace is enough.
    Privilege,
    /// In a user namespace.
    UserNamespace,
    /// Not at all; a sentence says why.
    None(String),
}

impl Ability {
    /// Looks at the machine, with four small reads. User namespaces are not tried out here: if one is refused all the same,
    /// [`Plan::enforce`](super::Plan::enforce) falls back.
    #[must_use]
    pub fn look() -> Ability {
        Ability {
            user: geteuid().as_raw(),
            group: getegid().as_raw(),
            mounts: look_at_mounts(),
            landlock: landlock::abi(),
        }
    }
}

fn look_at_mounts() -> Grounds {
    if capability::effective().has(SYS_ADMIN) {
        return Grounds::Privilege;
    }
    let number = |path: &str| fs::read_to_string(path).ok().and_then(|text| text.trim().parse::<u64>().ok());
    if number("/proc/sys/user/max_user_namespaces") == Some(0) {
        return Grounds::None("user namespaces are switched off (user.max_user_namespaces is 0)".into());
    }
    // Debian's and Arch's own switch.
    if number("/proc/sys/kernel/unprivileged_userns_clone") == Some(0) {
        return Grounds::None("user namespaces are closed to users (kernel.unprivileged_userns_clone is 0)".into());
    }
    // Ubuntu since 23.10: the namespace is given, but without capabilities, unless AppArmor knows the program.
    if number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == Some(1) && is_unknown_to_apparmor() {
        return Grounds::None(
            "AppArmor gives user namespaces without capabilities (kernel.apparmor_restrict_unprivileged_userns is 1)"
                .into(),
        );
    }
    Grounds::UserNamespace
}

/// `unconfined`, without a profile's name in front, is what every program is that has no profile.
fn is_unknown_to_apparmor() -> bool {
    fs::read_to_string("/proc/self/attr/current")
        .map_or(true, |profile| profile.trim_end_matches(['\n', '\0']) == "unconfined")
}
