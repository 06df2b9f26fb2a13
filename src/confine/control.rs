//! Home's control files: those that stand are read and not written, those that do not stand are watched for.

use super::expand::fitting;
use super::request::Request;
use super::scope::Scope;
use crate::decide::action::control::{WRITE, controls, controls_of_repository, is_made_outside};
use crate::decide::action::credential::is_glob;
use crate::decide::action::store::{AROUND, STOCK, takes_part};
use nix::sys::stat::{FileStat, SFlag, lstat};
use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What was found of control files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Controls {
    /// Real paths of those that stand.
    pub(super) sealed: Vec<PathBuf>,
    /// Real paths of those of the repository, which is never carved.
    pub(super) in_repository: Vec<PathBuf>,
    /// Those that do not stand.
    pub(super) watched: Vec<PathBuf>,
}

/// Looks for control files in the user's homes. What lies outside of the scope is kept by that alone.
pub(super) fn look(request: &Request<'_>, scope: &Scope) -> Controls {
    let mut found = Controls::default();
    for home in request.homes.iter().filter_map(|home| home.canonicalize().ok()) {
        let mut parents = Parents::default();
        let written = written_below(&home, scope);
        for place in controls() {
            if !written.iter().any(|written| reaches(written, place)) {
                continue;
            }
            let path = home.join(place);
            if is_glob(place) {
                for path in matching(&path) {
                    found.take(request, &home, path);
                }
            } else if parents.stand_above(&path) {
                found.take(request, &home, path);
            } else if !is_passed(request, &home, &path) {
                found.watched.push(path);
            }
        }
    }
    in_repository(request, &mut found);
    found.sealed.sort();
    found.sealed.dedup();
    found
}

/// What of a home is written, by paths below it; the empty path is the whole of it. As text, for each control file is compared
/// with each, and what is no text is compared by its beginning.
fn written_below<'a>(home: &Path, scope: &'a Scope) -> Vec<Cow<'a, str>> {
    let below = |written: &'a PathBuf| match written.strip_prefix(home) {
        Ok(below) => Some(below.to_string_lossy()),
        Err(_) => home.starts_with(written).then_some(Cow::Borrowed("")),
    };
    scope.places.iter().filter_map(below).collect()
}

/// Does one of two paths lie at or below the other?
fn reaches(one: &str, other: &str) -> bool {
    let lies_below = |path: &str, above: &str| {
        path.strip_prefix(above).is_some_and(|rest| above.is_empty() || rest.is_empty() || rest.starts_with('/'))
    };
    lies_below(one, other) || lies_below(other, one)
}

/// Agents' settings in the repository, and in the working directory below. Those that do not stand are watched for, but for what
/// the agent itself makes, outside, when its user says "always" while a command runs.
fn in_repository(request: &Request<'_>, found: &mut Controls) {
    let Some(root) = request.repository else { return };
    let by_git = takes_part(&STOCK.git, request.programs);
    let mut parents = Parents::default();
    let mut bases = vec![root];
    bases.extend(Some(request.directory).filter(|directory| *directory != root));
    for (base, place) in bases.into_iter().flat_map(|base| controls_of_repository().map(move |place| (base, place))) {
        let path = base.join(place);
        let passed = request.passes.iter().filter_map(|pass| pass.strip_prefix(WRITE));
        if passed.into_iter().any(|passed| is_repository_s(passed, place) || path.starts_with(passed)) {
            continue;
        }
        if parents.stand_above(&path) && lstat(&path).is_ok() {
            let kept = path.canonicalize().ok().filter(|real| real.is_file() || real.is_dir());
            found.in_repository.extend(kept.filter(|_| !(by_git && (request.tracked)(&path))));
        } else if !is_made_outside(place) && !by_git {
            found.watched.push(path);
        }
    }
}

/// `./.claude` means what lies below it in the repository.
fn is_repository_s(passed: &str, place: &str) -> bool {
    passed.strip_prefix("./").is_some_and(|passed| Path::new(place).starts_with(passed))
}

/// Directories that were asked for: many control files lie in few of them, and most of those are not there.
#[derive(Default)]
struct Parents(Vec<(PathBuf, bool)>);

impl Parents {
    fn stand_above(&mut self, path: &Path) -> bool {
        let Some(parent) = path.parent() else { return true };
        if let Some((_, stands)) = self.0.iter().find(|(known, _)| known == parent) {
            return *stands;
        }
        let stands = lstat(parent).is_ok();
        self.0.push((parent.to_owned(), stands));
        stands
    }
}

impl Controls {
    fn take(&mut self, request: &Request<'_>, home: &Path, path: PathBuf) {
        if is_passed(request, home, &path) {
            return;
        }
        match lstat(&path) {
            Err(_) => self.watched.push(path),
            Ok(found) => self.sealed.extend(settle(request, path, &found)),
        }
    }
}

/// The real path of a file or directory; devices are left alone. A dotfile that is a link into the repository is edited there: that
/// is the work itself.
fn settle(request: &Request<'_>, path: PathBuf, found: &FileStat) -> Option<PathBuf> {
    match SFlag::from_bits_truncate(found.st_mode) & SFlag::S_IFMT {
        SFlag::S_IFREG | SFlag::S_IFDIR => Some(path),
        SFlag::S_IFLNK => {
            let is_work = |real: &PathBuf| request.repository.is_some_and(|root| real.starts_with(root));
            path.canonicalize().ok().filter(|real| (real.is_file() || real.is_dir()) && !is_work(real))
        }
        _ => None,
    }
}

fn is_passed(request: &Request<'_>, home: &Path, path: &Path) -> bool {
    let writes = request.passes.iter().filter_map(|pass| pass.strip_prefix(WRITE).or(pass.strip_prefix(AROUND)));
    writes.into_iter().any(|place| match place.strip_prefix("~/") {
        Some(rest) => path.starts_with(home.join(rest)),
        None => path.starts_with(place),
    })
}

fn matching(pattern: &Path) -> Vec<PathBuf> {
    let name = pattern.file_name().and_then(|name| name.to_str());
    pattern.parent().zip(name).map_or_else(Vec::new, |(directory, name)| fitting(directory, name, usize::MAX))
}

/// Moves what came to stand at watched paths during a command into a directory that commands cannot reach, so that it
/// does not run later. Gives each path with where it lies now, or why it could not be moved.
pub fn put_aside(watched: &[PathBuf], into: &Path) -> Vec<(PathBuf, io::Result<PathBuf>)> {
    let mut parents = Parents::default();
    let stands = |path: &&PathBuf| parents.stand_above(path) && lstat(path.as_path()).is_ok();
    let appeared: Vec<&PathBuf> = watched.iter().filter(stands).collect();
    appeared.into_iter().map(|path| (path.clone(), move_into(path, into))).collect()
}

fn move_into(path: &Path, into: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(into)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let free = (1..1000).map(|number| into.join(format!("{name}.{number}"))).find(|place| lstat(place).is_err());
    let place = free.ok_or_else(|| io::Error::other("too many files lie there already"))?;
    fs::rename(path, &place).map(|()| place)
}
