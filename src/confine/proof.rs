//! The walls of this machine, tried from inside: for `doctor`.
//!
//! A wall that was built is not yet one that holds. What a command would be kept from is attempted here, in a child behind the
//! walls of a real command, and what could be had is told by name.

use super::mask::{opens_for_writing, refuses, witness};
use super::plan::{Mask, Plan, Shape};
use super::probe::behind;
use crate::decide::policy::Enforcement;
use nix::unistd::{AccessFlags, access};
use serde::{Deserialize, Serialize};
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

/// Directories of the machine that root, and often others, could write without walls.
const OF_THE_MACHINE: [&str; 5] = ["/etc", "/opt", "/usr/local/bin", "/usr/local/lib", "/var/lib"];

/// What was attempted from inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// What stood; or why nothing did.
    pub stood: Result<Enforcement, String>,
    /// How many credentials and sockets were tried.
    pub secrets: usize,
    /// Those that could be opened or connected to.
    pub open: Vec<PathBuf>,
    /// How many places outside of the scope, and control files, were tried.
    pub places: usize,
    /// Those that could be written.
    pub written: Vec<PathBuf>,
}

/// Builds a plan's walls around a child, which tries every credential that the plan masks, and to write outside of the scope.
/// What it writes is one empty file for each place, which is taken away again.
///
/// # Errors
/// When there is no child, or it says nothing.
pub fn prove(plan: &Plan, homes: &[PathBuf]) -> io::Result<Proof> {
    let places = places(plan, homes);
    behind(plan, |stood| attempt(plan, &places, stood))
}

/// Directories outside of the scope that this user could write without walls.
fn places(plan: &Plan, homes: &[PathBuf]) -> Vec<PathBuf> {
    let all = homes.iter().cloned().chain(OF_THE_MACHINE.map(PathBuf::from));
    let real = all.filter_map(|place| place.canonicalize().ok());
    let is_outside = |place: &PathBuf| !plan.scope.iter().any(|scope| place.starts_with(scope));
    let mut places: Vec<PathBuf> =
        real.filter(is_outside).filter(|place| access(place, AccessFlags::W_OK).is_ok()).collect();
    places.sort();
    places.dedup();
    places
}

fn attempt(plan: &Plan, places: &[PathBuf], stood: Result<Enforcement, String>) -> Proof {
    let open = plan.masks.iter().filter(|mask| is_open(plan, mask)).map(|mask| mask.path.clone()).collect();
    let files: Vec<&PathBuf> = plan.sealed.iter().chain(&plan.read_only).filter(|path| path.is_file()).collect();
    let files = files.into_iter().filter(|path| !plan.masks.iter().any(|mask| path.starts_with(&mask.path)));
    let files: Vec<&PathBuf> = files.collect();
    let written = places.iter().filter(|place| makes_a_file(place)).cloned();
    let opened = files.iter().filter(|path| opens_for_writing(path)).map(|path| (*path).clone());
    let written: Vec<PathBuf> = written.chain(opened).collect();
    Proof { stood, secrets: plan.masks.len(), open, places: places.len() + files.len(), written }
}

fn is_open(plan: &Plan, mask: &Mask) -> bool {
    match mask.shape {
        // Opening a socket fails without any wall (open(2), ENXIO).
        Shape::Socket => UnixStream::connect(&mask.path).is_ok(),
        Shape::File | Shape::Directory | Shape::Device => {
            witness(&plan.ground, mask).is_some_and(|path| !refuses(&path))
        }
    }
}

fn makes_a_file(place: &Path) -> bool {
    let path = place.join(format!(".holdpoint-proof-{}", std::process::id()));
    let made = OpenOptions::new().write(true).create_new(true).open(&path).is_ok();
    if made {
        let _ = fs::remove_file(&path);
    }
    made
}
