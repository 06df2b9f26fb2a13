//! Kinds of path that rules speak of.

use super::facts::Setting;
use super::keyring::{
    Whereabouts, could_be_credential, credential_at, holds_credentials, is_store, leads_to_credential,
};
use super::list::Text;
use super::place::{PLACES, Place, is_among, place_of};
use super::place_form::Whereabouts as Places;

/// A credential of `rules/credentials.yaml`, or a directory made for such.
pub(super) fn is_credential(path: &str, setting: &Setting) -> bool {
    // Another user's home, root's most of all, has the same places.
    let homes = home_of(path).map(|home| vec![home.to_owned()]).unwrap_or_default();
    let elsewhere = Whereabouts { homes: &homes, ..Whereabouts::default() };
    let whereabouts = whereabouts(setting);
    credential_at(path, &whereabouts).is_some()
        || credential_at(path, &elsewhere).is_some()
        || is_store(path, &elsewhere)
        || is_of_process(path)
        || is_store(path, &whereabouts)
        || (path.contains(['*', '?', '[']) && could_be_credential(path, &whereabouts))
}

/// A credential that lies in no repository, or a directory made for such.
pub(super) fn is_credential_outside(path: &str, setting: &Setting) -> bool {
    let whereabouts = Whereabouts { repository: None, ..whereabouts(setting) };
    credential_at(path, &whereabouts).is_some() || is_store(path, &whereabouts)
}

/// Could a credential that lies in no repository stand at or below this directory, which is absolute and normalised? A directory of
/// which that is not plain to see could.
pub(super) fn could_hold_credential(directory: &str, setting: &Setting) -> bool {
    leads_to_credential(directory, &whereabouts(setting))
}

/// A file through which the kernel's guards and settings are changed.
pub(super) fn is_kernel(path: &str) -> bool {
    is_among(&PLACES.kernel, path)
}

/// The home directory that a path lies in, by its text: `/root`, `/home/NAME`.
fn home_of(path: &str) -> Option<&str> {
    if path.starts_with("/root/") {
        return Some("/root");
    }
    let name = path.strip_prefix("/home/").or_else(|| path.strip_prefix("/Users/"))?;
    let length = name.find('/')?;
    path.get(..path.len() - name.len() + length)
}

/// The environment or memory of a process, where tokens lie.
fn is_of_process(path: &str) -> bool {
    let inside = path.strip_prefix("/proc/").and_then(|rest| rest.split_once('/'));
    inside.is_some_and(|(_, rest)| matches!(rest, "environ" | "mem" | "task/*/environ"))
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
    match place_of(path, setting) {
        Place::Home | Place::HomeItself => true,
        Place::Host => path.ends_with("/environ") || !is_among(&PLACES.public, path),
        Place::Sink | Place::Temporary | Place::Cache | Place::Project | Place::ProjectItself => false,
    }
}

/// A block device or a whole disk: `/dev/sda1`, `/dev/nvme0n1`, `/dev/mapper/x`.
pub(super) fn is_device(path: &str) -> bool {
    is_among(&PLACES.devices, path)
}

/// A file whose text runs later without being asked for.
pub(super) fn is_startup(path: &str, setting: &Setting) -> bool {
    lies_at(&PLACES.startup, path, setting)
}

/// holdpoint's own policy, state and binary.
pub(super) fn is_holdpoint(path: &str, setting: &Setting) -> bool {
    lies_at(&PLACES.own, path, setting)
}

fn lies_at(kind: &Places, path: &str, setting: &Setting) -> bool {
    let below = |home: &String| path.strip_prefix(home.as_str()).and_then(|rest| rest.strip_prefix('/'));
    let in_home = |rest: &str| {
        let inside = |own: &Text| rest.strip_prefix(own.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_among(&kind.home, rest) || kind.home.iter().any(inside)
    };
    let named = setting.homes.iter().filter_map(below).any(in_home)
        || is_among(&kind.machine, path)
        || is_among(&kind.anywhere, path);
    named && !is_among(&kind.but, path)
}
