//! What stands on this machine, tried out: for `doctor`.

use super::ability::{Ability, Grounds};
use super::mask::refuses;
use super::plan::{Ground, Plan};
use super::{Request, Width};
use crate::decide::policy::{Enforcement, Network};
use crate::sys::namespace::{self, Beside};
use crate::sys::process::{self, Change, Side};
use nix::errno::Errno;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::time::SystemTime;

/// What was tried, and how it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The kernel's release.
    pub kernel: String,
    /// What the machine is able to do.
    pub ability: Ability,
    /// On what the walls stand here.
    pub ground: Ground,
    /// What stood around a planted secret; or why nothing did.
    pub stood: Result<Enforcement, String>,
    /// Was the planted secret refused? It counts only what was tried.
    pub canary_refused: bool,
}

/// Plants a secret in a directory of the caller's, builds walls around a child as for a command, and
/// lets the child try to read it.
///
/// # Errors
/// When the secret cannot be planted.
pub fn probe(room: &Path) -> std::io::Result<Probe> {
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned();
    let mut ability = Ability::look();
    if let Some(why) = find_refusal(&ability)? {
        ability.mounts = Grounds::None(why);
    }
    let home = room.join("canary");
    fs::create_dir_all(home.join(".aws"))?;
    let canary = home.join(".netrc");
    fs::write(&canary, "planted, and worth nothing\n")?;
    let tried = in_child(&home, &canary, &ability);
    let _ = fs::remove_dir_all(&home);
    let (ground, stood, canary_refused) = tried?;
    Ok(Probe { kernel, ability, ground, stood, canary_refused })
}

/// Why the kernel refuses the namespace that [`Ability::look`] expects of it: a `chroot`, a container's filter and a limit of
/// an outer namespace stand in no file. Tried in a child, which ends at once.
fn find_refusal(ability: &Ability) -> std::io::Result<Option<String>> {
    let enter = match ability.mounts {
        Grounds::Privilege => namespace::enter_mount_namespace,
        Grounds::UserNamespace => namespace::enter_user_namespace,
        Grounds::None(_) => return Ok(None),
    };
    match process::fork()? {
        Side::Child => process::end(enter(Beside::Nothing).err().map_or(0, |errno| errno as i32)),
        Side::Parent(child) => Ok(match process::wait(child)? {
            Change::Exited(0) => None,
            Change::Exited(code) => Some(format!("namespaces are refused here ({})", Errno::from_raw(code))),
            Change::Killed(signal) => Some(format!("asking for a namespace ends in signal {signal} here")),
            Change::Stopped(_) => None,
        }),
    }
}

type Tried = (Ground, Result<Enforcement, String>, bool);

fn in_child(home: &Path, canary: &Path, ability: &Ability) -> std::io::Result<Tried> {
    let homes = [home.to_owned()];
    let request = Request {
        homes: &homes,
        repository: None,
        directory: home,
        environment: &|_| None,
        tracked: &|_| false,
        own: super::Own::default(),
        passes: &[],
        programs: &[],
        tasks: &[],
        width: Width::Tools,
        network: Network::Open,
        deny: &[],
        found: &[],
        kept: &[],
    };
    let plan = super::plan_on(&request, ability, &mut super::Memory::recall(&[], SystemTime::now()))
        .map_err(std::io::Error::other)?;
    let (stood, refused) = behind(&plan, |stood| (stood, refuses(canary)))?;
    Ok((plan.ground, stood, refused))
}

/// Builds a plan's walls around a child, and brings what it found out there. It is told what stood, or why nothing did.
///
/// # Errors
/// When there is no child, or it says nothing.
pub(super) fn behind<T: Serialize + DeserializeOwned>(
    plan: &Plan,
    attempt: impl FnOnce(Result<Enforcement, String>) -> T,
) -> std::io::Result<T> {
    let (mut reader, mut writer) = std::io::pipe()?;
    match process::fork()? {
        Side::Child => {
            let found = attempt(plan.enforce().map_err(|fault| fault.to_string()));
            let _ = writer.write_all(&serde_json::to_vec(&found).unwrap_or_default());
            process::end(0)
        }
        Side::Parent(child) => {
            drop(writer);
            let mut answer = Vec::new();
            reader.read_to_end(&mut answer)?;
            process::wait(child)?;
            serde_json::from_slice(&answer).map_err(std::io::Error::other)
        }
    }
}
