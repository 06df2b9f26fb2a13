//! What is there to be walled off? All input of the plan happens here.

use super::control;
use super::error::ConfineError;
use super::expand::expand;
use super::git;
use super::memory::Memory;
use super::own;
use super::repository;
use super::request::Request;
use super::scope;
use super::search::{Origin, Search, is_below_another};
use super::target::Found;
use super::task;
use super::twin::add_twins;
use crate::decide::action::keyring::{BELOW_HOME, BELOW_ROOT, BELOW_RUNTIME, KEYRING, branch_at};
use crate::decide::action::paths_in;
use nix::unistd::geteuid;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// How many homes root is kept out of.
const MOST_HOMES: usize = 16;

pub(super) fn survey<'a>(request: &'a Request<'a>, memory: &'a mut Memory<'static>) -> Result<Found, ConfineError> {
    let (closed, read_only) = own::stand(request)?;
    let directory = request.directory.canonicalize().unwrap_or_else(|_| request.directory.to_owned());
    let ground = Grounds { homes: homes(request, &directory), root: root(request, &directory), directory };
    let mut search = Search::new(request, &mut *memory);
    for home in &ground.homes {
        search.follow(&BELOW_HOME, home);
    }
    for runtime in runtimes() {
        search.follow(&BELOW_RUNTIME, &runtime);
    }
    search.follow(&BELOW_ROOT, Path::new("/"));
    follow_variables(request, &ground, &mut search);
    for pattern in request.deny {
        let origin = if pattern.starts_with(['~', '/']) { Origin::Path } else { Origin::Repository };
        for path in expand(request, pattern) {
            search.deny(&path, origin);
        }
    }
    for path in request.found {
        search.found(path);
    }
    let walked = repository::walk(request, &ground, &mut search);
    let mut targets = search.finish();
    targets.retain(|target| !closed.iter().any(|own| target.path.starts_with(own)));
    let nested: Vec<bool> = targets.iter().map(|target| is_below_another(target, &targets)).collect();
    let mut keep = nested.into_iter().map(|nested| !nested);
    targets.retain(|_| keep.next().unwrap_or(true));
    add_twins(&mut targets);
    targets.sort_by(|a, b| a.path.cmp(&b.path));
    let (unfound_links, cut_short) = (walked.unfound_links, walked.cut_short);
    let git = git::look(request);
    let homes = own_homes(request);
    let scope = scope::settle(request, &homes, &git, memory);
    let reading = task::reading(request, &homes, &scope, &git);
    let controls = control::look(request, &scope);
    Ok(Found {
        targets,
        controls,
        scope,
        git,
        reading,
        unfound_links,
        directory: ground.directory,
        closed,
        read_only,
        cut_short,
    })
}

/// Real paths of where the search goes.
pub(super) struct Grounds {
    /// Homes.
    pub(super) homes: Vec<PathBuf>,
    /// The repository's root, or the working directory where there is none.
    pub(super) root: PathBuf,
    /// The working directory.
    pub(super) directory: PathBuf,
}

/// A path with links resolved. What a real path begins with is real itself, and need not be asked about.
fn real(path: &Path, known: &Path) -> Option<PathBuf> {
    if known.starts_with(path) { Some(path.to_owned()) } else { path.canonicalize().ok() }
}

fn root(request: &Request<'_>, directory: &Path) -> PathBuf {
    request.repository.and_then(|root| real(root, directory)).unwrap_or_else(|| directory.to_owned())
}

/// The homes to search, by their real paths. root can read everybody's, so root is kept out of everybody's.
fn homes(request: &Request<'_>, directory: &Path) -> Vec<PathBuf> {
    let mut homes: Vec<PathBuf> = request.homes.to_vec();
    if geteuid().is_root() {
        let text = fs::read_to_string("/etc/passwd").unwrap_or_default();
        homes.extend(text.lines().filter_map(home_of_a_person).take(MOST_HOMES));
    }
    let mut real: Vec<PathBuf> = homes.iter().filter_map(|home| real(home, directory)).collect();
    real.retain(|home| home.as_path() != Path::new("/"));
    real.sort();
    real.dedup();
    real
}

/// The user's own homes, by their real paths.
fn own_homes(request: &Request<'_>) -> Vec<PathBuf> {
    request.homes.iter().filter_map(|home| home.canonicalize().ok()).filter(|home| home.parent().is_some()).collect()
}

/// `name:x:uid:gid:comment:home:shell` (passwd(5)); people's numbers begin at 1000 (login.defs(5)).
fn home_of_a_person(line: &str) -> Option<PathBuf> {
    let mut fields = line.split(':');
    let number: u32 = fields.nth(2)?.parse().ok()?;
    let home = fields.nth(2)?;
    ((1000..65534).contains(&number) && home.starts_with('/')).then(|| PathBuf::from(home))
}

/// The runtime directories: the user's own, or for root everybody's.
fn runtimes() -> Vec<PathBuf> {
    let user = geteuid();
    if !user.is_root() {
        return vec![PathBuf::from(format!("/run/user/{user}"))];
    }
    let entries = fs::read_dir("/run/user").into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn follow_variables(request: &Request<'_>, ground: &Grounds, search: &mut Search<'_>) {
    let value = |name: &str| (request.environment)(name).filter(|value| !value.is_empty());
    for shift in KEYRING.moves.iter() {
        let moved = value(shift.variable.0).map(PathBuf::from).filter(|path| path.is_absolute());
        if let (Some(branch), Some(Ok(place))) = (branch_at(shift.place.0), moved.map(|path| path.canonicalize())) {
            // A store that is a credential whole is one wherever it lies, unless all work would lie in it.
            let is_wide =
                ground.directory.starts_with(&place) || ground.homes.iter().any(|home| home.starts_with(&place));
            let mut whole =
                branch.ends.iter().filter(|_| !is_wide).filter_map(|end| KEYRING.credentials.0.get(usize::from(*end)));
            if !whole.any(|credential| search.consider(&place, credential, Origin::Path)) {
                search.follow(branch, &place);
            }
        }
    }
    for credential in KEYRING.credentials.iter() {
        for variable in credential.variables.iter() {
            let Some(value) = value(variable.0) else { continue };
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            for path in paths_in(&text).filter_map(|path| Path::new(path).canonicalize().ok()) {
                search.consider(&path, credential, Origin::Variable);
            }
        }
    }
}
