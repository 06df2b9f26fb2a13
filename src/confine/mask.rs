//! Masks: what is bound over a credential so that it refuses.
//!
//! The mask of a file is the environment of process 1, that of a directory its `fdinfo`: a file and a directory,
//! as what they cover, that the kernel opens only to who may inspect that process (proc(5),
//! ptrace(2) "Ptrace access mode checking"). Inside the walls nobody may, root included: Landlock's
//! domain forbids it, and so does the lack of process 1's capabilities. So a credential neither looks empty
//! nor absent: `test -f` says yes and open says EACCES, for reading and for writing.
//! Tried on Linux 6.18; the result is checked on every run all the same.

use super::carve::is_carved;
use super::error::ConfineError;
use super::plan::{Ground, Mask, Plan, Shape};
use super::ssh;
use crate::decide::action::store::STOCK;
use crate::sys::mount::{self, Refuse};
use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use std::io;
use std::path::{Path, PathBuf};

const REFUSING_FILE: &str = "/proc/1/environ";
const REFUSING_DIRECTORY: &str = "/proc/1/fdinfo";
/// A mount that refuses devices refuses this one, to everybody (mount(8) `nodev`). It is not `/dev/null`, to which
/// `diff` would compare it by inode and find no difference.
const DEVICE: &str = "/dev/full";

/// Binds all masks of a plan, and makes the rest of it read-only.
pub(super) fn put_up(plan: &Plan) -> Result<(), ConfineError> {
    // Without Landlock root might be allowed to look at process 1, if that has lost capabilities itself.
    let by_process = plan.landlock.is_some() && Path::new(REFUSING_FILE).exists();
    if plan.landlock.is_none() {
        keep_to_scope(plan)?;
    }
    for path in &plan.pinned {
        stand(mount::bind(path, path), "keeping in its place", path)?;
    }
    // First, so that masks inside of these directories lie on top.
    for path in &plan.sealed {
        make_read_only(path)?;
    }
    for mask in &plan.masks {
        let done = match (mask.shape, by_process) {
            (Shape::Directory, _) => mount::bind(Path::new(REFUSING_DIRECTORY), &mask.path),
            (Shape::File | Shape::Socket | Shape::Device, true) => mount::bind(Path::new(REFUSING_FILE), &mask.path),
            (Shape::File | Shape::Socket | Shape::Device, false) => mount::bind(Path::new(DEVICE), &mask.path)
                .and_then(|()| mount::restrict(&mask.path, Refuse::WritingAndDevices)),
        };
        stand(done, "masking", &mask.path)?;
    }
    for path in &plan.read_only {
        make_read_only(path)?;
    }
    if plan.ssh_settings {
        ssh::own_settings()?;
    }
    Ok(())
}

/// Without Landlock everything is mounted read-only but copies of what may be written, which are taken beforehand.
fn keep_to_scope(plan: &Plan) -> Result<(), ConfineError> {
    let root = Path::new("/");
    if plan.scope.iter().any(|place| place == root) {
        return Ok(());
    }
    let opened = STOCK.opened.iter().map(|place| Path::new(place.0));
    let mut copies = Vec::new();
    for path in plan.scope.iter().map(PathBuf::as_path).chain(opened) {
        match mount::copy_tree(path) {
            Ok(copy) => copies.push((path, copy)),
            Err(errno) => stand(Err(errno), "copying the mount of", path)?,
        }
    }
    stand(mount::restrict_all(root, Refuse::Writing), "making read-only", root)?;
    for (path, copy) in copies {
        stand(mount::attach(&copy, path), "keeping writable", path)?;
    }
    Ok(())
}

fn make_read_only(path: &Path) -> Result<(), ConfineError> {
    let done = mount::bind(path, path).and_then(|()| mount::restrict(path, Refuse::Writing));
    stand(done, "making read-only", path)
}

/// What went away since it was found needs no mask.
fn stand(done: Result<(), Errno>, what: &str, path: &Path) -> Result<(), ConfineError> {
    match done {
        Ok(()) | Err(Errno::ENOENT) => Ok(()),
        Err(errno) => Err(ConfineError::step(format!("{what} {}", path.display()))(io::Error::from(errno))),
    }
}

/// Tries to open the first mask of each shape: a wall that does not refuse must not be called one.
pub(super) fn prove(plan: &Plan) -> Result<(), ConfineError> {
    for shape in [Shape::File, Shape::Directory] {
        let masks = plan.masks.iter().filter(|mask| mask.shape == shape && stands_on(&plan.ground, mask));
        for path in masks.filter_map(|mask| witness(&plan.ground, mask)).take(1) {
            if !refuses(&path) {
                return Err(ConfineError::Open { path });
            }
        }
    }
    let masked = |path: &PathBuf| plan.masks.iter().any(|mask| path.starts_with(&mask.path));
    if let Some(path) = plan.sealed.iter().find(|path| !masked(path) && path.is_file())
        && opens_for_writing(path)
    {
        return Err(ConfineError::Open { path: path.clone() });
    }
    Ok(())
}

/// Opens for appending and writes nothing.
pub(super) fn opens_for_writing(path: &Path) -> bool {
    let flags = OFlag::O_WRONLY | OFlag::O_APPEND | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC | OFlag::O_NOCTTY;
    open(path, flags, Mode::empty()).is_ok()
}

/// Can this ground refuse this at all? What cannot be carved is told as missing.
fn stands_on(ground: &Ground, mask: &Mask) -> bool {
    match ground {
        Ground::Mounts | Ground::UserNamespace { .. } => true,
        Ground::Carved(_) => is_carved(mask),
        Ground::Nothing(_) => false,
    }
}

/// What is tried of a mask. Landlock alone lets a directory be listed, for it must let those above be; there
/// a file in it is tried, if it has one.
pub(super) fn witness(ground: &Ground, mask: &Mask) -> Option<PathBuf> {
    match (ground, mask.shape) {
        (Ground::Carved(_), Shape::Directory) => {
            let entries = std::fs::read_dir(&mask.path).ok()?.flatten();
            entries.map(|entry| entry.path()).find(|path| path.is_file())
        }
        _ => Some(mask.path.clone()),
    }
}

/// Does opening fail? It may have gone away, too.
pub(super) fn refuses(path: &Path) -> bool {
    let flags = OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC | OFlag::O_NOCTTY;
    open(path, flags, Mode::empty()).is_err()
}
