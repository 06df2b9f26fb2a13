//! Kinds of path that rules speak of.

use super::facts::Setting;
use super::glob;
use super::keyring::{Whereabouts, could_be_credential, credential_at, holds_credentials, is_store};
use super::place::{Place, place_of};

/// A credential of `rules/credentials.yaml`, or a directory made for such.
pub(super) fn is_credential(path: &str, setting: &Setting) -> bool {
    let whereabouts = whereabouts(setting);
    credential_at(path, &whereabouts).is_some()
        || is_store(path, &whereabouts)
        || (path.contains(['*', '?', '[']) && could_be_credential(path, &whereabouts))
}

/// A directory with credentials somewhere below it.
pub(super) fn is_above_credential(path: &str, setting: &Setting) -> bool {
    holds_credentials(path, &whereabouts(setting))
}

fn whereabouts(setting: &Setting) -> Whereabouts<'_> {
    Whereabouts {
        homes: &setting.homes,
        repository: setting.repository.as_deref().or(Some(&setting.directory)),
        environment: Some(&setting.environment),
    }
}

/// What is the user's or the system's own affair: it lies outside the project, temporary places and caches, and does
/// not describe the machine to everyone.
pub(super) fn is_outside(path: &str, setting: &Setting) -> bool {
    const PUBLIC: [&str; 12] = [
        "/dev/*",
        "/proc/[a-z]*",
        "/sys/*",
        "/usr/*",
        "/bin/*",
        "/lib*",
        "/sbin/*",
        "/etc/*release",
        "/etc/*_version",
        "/etc/timezone",
        "/etc/localtime",
        "/etc/mime.types",
    ];
    match place_of(path, setting) {
        Place::Home | Place::HomeItself => true,
        Place::Host => path.ends_with("/environ") || !PUBLIC.iter().any(|pattern| glob::matches(pattern, path)),
        Place::Sink | Place::Temporary | Place::Cache | Place::Project | Place::ProjectItself => false,
    }
}

/// A block device or a whole disk: `/dev/sda1`, `/dev/nvme0n1`, `/dev/mapper/x`.
pub(super) fn is_device(path: &str) -> bool {
    const DEVICES: [&str; 10] = [
        "/dev/sd[a-z]*",
        "/dev/hd[a-z]*",
        "/dev/vd[a-z]*",
        "/dev/xvd[a-z]*",
        "/dev/nvme*",
        "/dev/mmcblk*",
        "/dev/disk*",
        "/dev/mapper/*",
        "/dev/md*",
        "/dev/loop[0-9]*",
    ];
    DEVICES.iter().any(|pattern| glob::matches(pattern, path))
        || path.starts_with("/dev/rdisk")
        || path.starts_with("/dev/dm-")
}

/// A file whose text runs later without being asked for.
pub(super) fn is_startup(path: &str, setting: &Setting) -> bool {
    const IN_HOME: [&str; 24] = [
        ".bashrc",
        ".bash_profile",
        ".bash_login",
        ".bash_logout",
        ".profile",
        ".zshrc",
        ".zprofile",
        ".zshenv",
        ".zlogin",
        ".zlogout",
        ".config/fish/*",
        ".ssh/authorized_keys",
        ".ssh/rc",
        ".ssh/config",
        ".config/systemd/user/*",
        ".config/autostart/*",
        ".claude/settings*.json",
        ".claude/hooks/*",
        ".codex/config.toml",
        ".codex/hooks.json",
        ".gemini/settings.json",
        ".cursor/hooks.json",
        ".gitconfig",
        ".config/git/*",
    ];
    const ANYWHERE: [&str; 16] = [
        "/etc/profile*",
        "/etc/bash.bashrc",
        "/etc/cron*",
        "/var/spool/cron/*",
        "/etc/systemd/system/*",
        "/etc/rc.local",
        "/etc/init.d/*",
        "/etc/ld.so.preload",
        "/etc/sudoers*",
        "/etc/passwd",
        "/etc/shadow",
        "/etc/pam.d/*",
        "/lib/systemd/system/*",
        "/etc/environment",
        "/etc/ssh/sshd_config*",
        "/root/.ssh/authorized_keys",
    ];
    let in_home = setting.homes.iter().any(|home| {
        path.strip_prefix(home.as_str())
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|rest| IN_HOME.iter().any(|pattern| glob::matches(pattern, rest)))
    });
    let in_project = path.contains("/.git/hooks/") && !path.ends_with(".sample")
        || path.ends_with("/.git/config")
        || path.contains("/.claude/settings")
        || path.contains("/.claude/hooks/");
    in_home || in_project || ANYWHERE.iter().any(|pattern| glob::matches(pattern, path))
}

/// holdpoint's own policy, state and binary.
pub(super) fn is_holdpoint(path: &str, setting: &Setting) -> bool {
    let own = ["/.config/holdpoint", "/.local/state/holdpoint", "/.local/lib/holdpoint", "/.local/bin/holdpoint"];
    path.starts_with("/etc/holdpoint")
        || path.ends_with("/.holdpoint.yaml")
        || setting.homes.iter().any(|home| {
            path.strip_prefix(home.as_str()).is_some_and(|rest| {
                own.iter().any(|directory| rest == *directory || rest.starts_with(&format!("{directory}/")))
            })
        })
}
