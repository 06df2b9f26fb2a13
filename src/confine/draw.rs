//! From what was found and what the machine is able to do, the plan. No masks are dropped here without a word.

use super::ability::{Ability, Grounds};
use super::carve::{self, is_temporary};
use super::error::ConfineError;
use super::filter::Filter;
use super::plan::{Grant, Ground, Landlock, Mask, Plan, Rights, Shape};
use super::request::Request;
use super::scope::Scope;
use super::target::Found;
use crate::decide::action::store::STOCK;
use crate::decide::policy::{Missing, Network};
use std::path::{Path, PathBuf};

/// What stands for holdpoint's own places in a mask.
pub(super) const OWN: &str = "holdpoint";

/// The pass that lets a command signal processes outside, such as a server that an earlier one started.
const SIGNALS: &str = "process.signals";

/// The pass that lets root change settings of the kernel.
const KERNEL: &str = "kernel.settings";

/// The credential whose pass means that the ssh client runs.
const SSH: &str = "ssh.keys";

/// Through these root lets the kernel start a program outside, or end the machine (core(5), kernel's
/// admin-guide/binfmt-misc, admin-guide/sysrq). They need no capability, only the user's number.
/// What limits namespaces would take the masks away from the next command; caches and the network (`vm`, `net`) are left.
const KERNEL_DOORS: [&str; 6] = [
    "/proc/sys/kernel",
    "/proc/sys/user",
    "/proc/sys/fs",
    "/proc/sys/fs/binfmt_misc",
    "/proc/sysrq-trigger",
    "/sys/kernel/uevent_helper",
];

/// The Landlock ABI that knows of truncation (Linux 6.2).
const TRUNCATION: u8 = 3;

/// The Landlock ABI that knows of ports (Linux 6.7).
const PORTS: u8 = 4;

pub(super) fn draw(request: &Request<'_>, ability: &Ability, mut found: Found) -> Result<Plan, ConfineError> {
    let masks = masks(&found);
    let directory = found.directory.clone();
    let around = masks.iter().find(|mask| mask.shape == Shape::Directory && directory.starts_with(&mask.path));
    if let Some(mask) = around {
        return Err(ConfineError::DirectoryWalled { directory, credential: mask.credential.clone() });
    }
    let ground = ground(ability);
    check_network(&request.network, &ground, ability)?;
    if let Ground::Carved(_) = ground {
        found.git.look_again();
    }
    if found.reading.is_some() && ability.landlock == 0 {
        return Err(ConfineError::Reading);
    }
    let is_passed = |id: &str| request.passes.iter().any(|pass| pass == id);
    let mut read_only = found.read_only.clone();
    read_only.extend(found.controls.in_repository.iter().chain(&found.git.kept).cloned());
    // What lies outside of the scope is kept by Landlock; in `/proc` what stands is written.
    let is_open = |path: &Path| ability.landlock == 0 || found.scope.holds(path) || path.starts_with("/proc");
    read_only.retain(|path| is_open(path));
    if ability.user == 0 && matches!(ground, Ground::Mounts | Ground::UserNamespace { .. }) {
        let is_approved = |door: &Path| {
            is_passed(KERNEL)
                || found.scope.places.iter().any(|place| place.parent().is_some() && place.starts_with(door))
        };
        let doors = KERNEL_DOORS.map(PathBuf::from).into_iter();
        read_only.extend(doors.filter(|door| is_open(door) && !is_approved(door)));
    }
    let mut plan = Plan {
        ssh_settings: is_passed(SSH) && matches!(ground, Ground::UserNamespace { .. }),
        landlock: (ability.landlock > 0).then(|| Landlock {
            abi: ability.landlock,
            grants: found
                .reading
                .iter()
                .flatten()
                .map(|path| Grant { path: path.clone(), rights: Rights::Reading })
                .collect(),
            writes: writes(&found.scope),
            ports: match &request.network {
                Network::Ports(ports) => Some(ports.clone()),
                Network::Open | Network::None => None,
            },
            scoped: !is_passed(SIGNALS),
        }),
        network: request.network.clone(),
        filter: Filter::with_passes(request.passes),
        missing: missing(&ground, ability, &found),
        ground,
        masks,
        read_only,
        scope: found.scope.places,
        reading: found.reading.clone(),
        pinned: found.git.pinned,
        sealed: found.controls.sealed,
        watched: [found.controls.watched, found.git.absent].concat(),
        weighed: found.git.weighed,
        made: found.scope.made,
        directory,
        cut_short: found.cut_short,
    };
    carve::carve(&mut plan);
    Ok(plan)
}

fn masks(found: &Found) -> Vec<Mask> {
    let own = found.closed.iter().map(|path| Mask {
        path: path.clone(),
        shape: if path.is_dir() { Shape::Directory } else { Shape::File },
        credential: OWN.to_owned(),
        in_repository: false,
    });
    let others = found.targets.iter().map(|target| Mask {
        path: target.path.clone(),
        shape: target.shape,
        credential: target.credential.clone(),
        in_repository: target.in_repository,
    });
    own.chain(others).collect()
}

/// What Landlock lets be changed, and where it lets files be opened for writing.
fn writes(scope: &Scope) -> Vec<Grant> {
    let places = scope.places.iter().map(|path| Grant { path: path.clone(), rights: Rights::Changing });
    let opened = STOCK.opened.iter().map(|path| PathBuf::from(path.0)).chain(scope.handed.iter().cloned());
    let opened = opened.filter(|path| !scope.holds(path));
    places.chain(opened.map(|path| Grant { path, rights: Rights::Opening })).collect()
}

fn ground(ability: &Ability) -> Ground {
    match &ability.mounts {
        Grounds::Privilege => Ground::Mounts,
        Grounds::UserNamespace => Ground::UserNamespace { user: ability.user, group: ability.group },
        Grounds::None(why) if ability.landlock > 0 => Ground::Carved(why.clone()),
        Grounds::None(why) => Ground::Nothing(format!("{why}, and the kernel has no Landlock")),
    }
}

/// What policy says of the network stands, or nothing runs: it was asked for by name.
fn check_network(network: &Network, ground: &Ground, ability: &Ability) -> Result<(), ConfineError> {
    match (network, ground) {
        (Network::Open, _) | (Network::None, Ground::Mounts | Ground::UserNamespace { .. }) => Ok(()),
        (Network::None, Ground::Carved(why) | Ground::Nothing(why)) => Err(ConfineError::Network { why: why.clone() }),
        (Network::Ports(_), _) if ability.landlock >= PORTS => Ok(()),
        (Network::Ports(_), _) => Err(ConfineError::Network {
            why: format!("ports are limited by Landlock's ABI {PORTS}, here is {}", ability.landlock),
        }),
    }
}

/// The parts of the wall that will not stand on this ground.
pub(super) fn missing(ground: &Ground, ability: &Ability, found: &Found) -> Vec<Missing> {
    let mut missing = Vec::new();
    if let Ground::Carved(_) = ground {
        missing.extend(not_carved(
            found.targets.iter().map(|target| (target.path.as_path(), target.shape)),
            has_read_only(found),
        ));
    }
    if !found.unfound_links.is_empty() {
        missing.push(Missing::HardLinks);
    }
    if ability.landlock == 0 {
        missing.push(Missing::Processes);
    }
    if ability.landlock == 0 && !matches!(ground, Ground::Mounts | Ground::UserNamespace { .. }) {
        missing.push(Missing::Scope);
    }
    if (1..TRUNCATION).contains(&ability.landlock) {
        missing.push(Missing::Truncation);
    }
    if ability.landlock < 6 {
        missing.extend([Missing::AbstractSockets, Missing::Signals]);
    }
    missing
}

fn has_read_only(found: &Found) -> bool {
    !(found.read_only.is_empty() && found.controls.in_repository.is_empty() && found.git.kept.is_empty())
}

/// What Landlock cannot carve out: secrets in the repository, whose directories must take new files; sockets; and
/// single files that may be read but not changed.
pub(super) fn not_carved<'a>(all: impl IntoIterator<Item = (&'a Path, Shape)>, has_read_only: bool) -> Vec<Missing> {
    // Secrets that are made later are readable on this ground, so that part is missing even where none was found.
    let mut missing = vec![Missing::RepositorySecrets];
    for (path, shape) in all {
        match shape {
            Shape::Socket | Shape::Device => missing.push(Missing::Sockets),
            Shape::File | Shape::Directory if is_temporary(path) => missing.push(Missing::Credentials),
            Shape::File | Shape::Directory => {}
        }
    }
    if has_read_only {
        missing.push(Missing::OwnFiles);
    }
    missing.sort();
    missing.dedup();
    missing
}
