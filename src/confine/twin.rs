//! Second ways to what is walled off, that do not go over its path: other mounts of its file system, and
//! the device on which it lies.

use super::mounted::{Mounted, other_paths, read};
use super::plan::Shape;
use super::target::Target;
use nix::sys::stat::{SFlag, lstat};
use nix::unistd::geteuid;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// Where containers and WSL show the machine's root once more: toolbox and distrobox, WSLg, and what
/// people choose for `docker run -v /:…`.
const ROOTS_AGAIN: [&str; 5] = ["/run/host", "/mnt/wslg/distro", "/host", "/hostfs", "/rootfs"];

/// What opening a block device is called in a plan.
const DEVICE: &str = "host.device";

/// How many devices below another one are followed (partition, LVM, encryption, RAID).
const DEEPEST: u8 = 4;

/// Adds the second ways. root can make mounts and read devices, so for root the table of mounts is read.
pub(super) fn add_twins(targets: &mut Vec<Target>) {
    let table =
        if geteuid().is_root() { read(&fs::read("/proc/self/mountinfo").unwrap_or_default()) } else { Vec::new() };
    let again: Vec<&Path> = ROOTS_AGAIN.iter().map(Path::new).filter(|root| root.is_dir()).collect();
    let known: BTreeSet<PathBuf> = targets.iter().map(|target| target.path.clone()).collect();
    let mut twins = Vec::new();
    for target in targets.iter() {
        let by_root = again.iter().filter_map(|root| Some(root.join(target.path.strip_prefix("/").ok()?)));
        let paths: BTreeSet<PathBuf> = by_root.chain(other_paths(&table, &target.path)).collect();
        twins.extend(paths.into_iter().filter(|path| !known.contains(path)).filter_map(|path| twin(target, path)));
    }
    targets.extend(twins);
    targets.extend(devices(&table));
}

/// The target under another path, if that leads to the same thing.
fn twin(target: &Target, path: PathBuf) -> Option<Target> {
    let found = lstat(&path).ok()?;
    ((found.st_dev, found.st_ino) == target.identity).then(|| Target { path, ..target.clone() })
}

/// The block devices that hold a mounted file system, and those on which they lie.
fn devices(table: &[Mounted]) -> Vec<Target> {
    let (without_number, numbered): (Vec<&Mounted>, Vec<&Mounted>) =
        table.iter().partition(|mounted| mounted.device.starts_with("0:"));
    let numbers: BTreeSet<&str> = numbered.iter().map(|mounted| mounted.device.as_str()).collect();
    let mut names = BTreeSet::new();
    for number in numbers {
        let link = fs::read_link(Path::new("/sys/dev/block").join(number));
        if let Some(name) = link.as_ref().ok().and_then(|link| link.file_name()) {
            below(name, DEEPEST, &mut names);
        }
    }
    // btrfs and others have no number of their own, but name their device.
    let sources: BTreeSet<&str> = without_number
        .iter()
        .map(|mounted| mounted.source.as_str())
        .filter(|source| source.starts_with("/dev/"))
        .collect();
    let by_source = sources.into_iter().filter_map(|source| fs::canonicalize(source).ok());
    let paths: BTreeSet<PathBuf> =
        names.into_iter().map(|name| Path::new("/dev").join(name)).chain(by_source).collect();
    paths.into_iter().filter_map(device).collect()
}

/// A device with those under it: the disk of a partition, the members of a volume.
fn below(name: &OsStr, depth: u8, names: &mut BTreeSet<std::ffi::OsString>) {
    if depth == 0 || !names.insert(name.to_owned()) {
        return;
    }
    let place = Path::new("/sys/class/block").join(name);
    if place.join("partition").exists()
        && let Some(disk) = fs::canonicalize(&place).ok().as_deref().and_then(Path::parent).and_then(Path::file_name)
    {
        below(disk, depth - 1, names);
    }
    for member in fs::read_dir(place.join("slaves")).into_iter().flatten().flatten() {
        below(&member.file_name(), depth - 1, names);
    }
}

fn device(path: PathBuf) -> Option<Target> {
    let found = lstat(&path).ok()?;
    let is_block = SFlag::from_bits_truncate(found.st_mode) & SFlag::S_IFMT == SFlag::S_IFBLK;
    is_block.then(|| Target {
        path,
        // For a mask it is what a file is: something to be opened.
        shape: Shape::File,
        credential: DEVICE.to_owned(),
        identity: (found.st_dev, found.st_ino),
        links: 1,
        in_repository: false,
    })
}
