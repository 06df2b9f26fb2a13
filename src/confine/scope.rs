//! Where may the command write? Real paths of what stands now: the repository, temporary directories, and the stores of tools
//! as `rules/scope.yaml` lists them.

use super::expand::expand;
use super::git::Repository;
use super::memory::Memory;
use super::request::{Request, Width};
use super::standing::Look;
use super::task::{self, rooted};
use crate::decide::action::control::WRITE;
use crate::decide::action::list::{List, Text};
use crate::decide::action::store::{AROUND, MAKES, SHARED, STOCK, SYSTEM, stores_of};
use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::stat::fstat;
use std::borrow::Cow;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Where a command may write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Scope {
    /// Real paths at and below which everything may be changed; none lies below another.
    pub(super) places: Vec<PathBuf>,
    /// Files elsewhere that were handed down open for writing, as standard output is: `/dev/stdout` opens them again.
    pub(super) handed: Vec<PathBuf>,
    /// What was made for the command, the deepest last.
    pub(super) made: Vec<PathBuf>,
}

impl Scope {
    /// No limit.
    pub(super) fn everywhere() -> Scope {
        Scope { places: vec![PathBuf::from("/")], ..Scope::default() }
    }

    /// Does this path lie in it?
    pub(super) fn holds(&self, path: &Path) -> bool {
        self.places.iter().any(|place| path.starts_with(place))
    }
}

/// Looks for what stands of the scope, and makes what its tools will look for.
pub(super) fn settle(
    request: &Request<'_>,
    homes: &[PathBuf],
    git: &Repository,
    memory: &mut Memory<'static>,
) -> Scope {
    let moved = STOCK.moves.iter().filter_map(|shift| Some((shift.place.0, variable(request, shift.variable.0)?)));
    let mut ground = Ground { request, homes, moved: moved.collect(), found: Vec::new(), made: Vec::new() };
    if request.passes.iter().any(|pass| pass == SYSTEM) {
        let mut made = Vec::new();
        let places = task::writing(request, Scope::everywhere().places, &mut made);
        return Scope { places, made, ..Scope::default() };
    }
    ground.take_temporary();
    ground.take_work(git);
    ground.take_passed();
    if request.width == Width::Tools {
        ground.take_caches();
        ground.take_shared(memory);
        ground.take_stores();
    }
    let Ground { found, mut made, .. } = ground;
    let places = task::writing(request, without_nested(found), &mut made);
    Scope { places, made, handed: handed_down() }
}

/// The same places, without those that lie below another.
pub(super) fn without_nested(mut found: Vec<PathBuf>) -> Vec<PathBuf> {
    found.sort();
    let mut places: Vec<PathBuf> = Vec::new();
    for path in found {
        // Sorted by components, what lies below a place comes right behind it.
        if !places.last().is_some_and(|above| path.starts_with(above)) {
            places.push(path);
        }
    }
    places
}

fn handed_down() -> Vec<PathBuf> {
    let writable = |descriptor: BorrowedFd<'_>| {
        let mode = fcntl(descriptor, FcntlArg::F_GETFL).unwrap_or(0) & libc::O_ACCMODE;
        let is_file = fstat(descriptor).is_ok_and(|found| found.st_mode & libc::S_IFMT == libc::S_IFREG);
        mode != libc::O_RDONLY && is_file
    };
    let all = [(1, writable(io::stdout().as_fd())), (2, writable(io::stderr().as_fd()))];
    let open = all.into_iter().filter(|(_, writable)| *writable);
    open.filter_map(|(number, _)| fs::read_link(format!("/proc/self/fd/{number}")).ok()).collect()
}

struct Ground<'a> {
    request: &'a Request<'a>,
    /// Real paths.
    homes: &'a [PathBuf],
    /// Places that variables move, as the list names them, and where to.
    moved: Vec<(&'static str, PathBuf)>,
    found: Vec<PathBuf>,
    made: Vec<PathBuf>,
}

/// The path that a variable holds.
fn variable(request: &Request<'_>, name: &str) -> Option<PathBuf> {
    (request.environment)(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

impl Ground<'_> {
    fn variable(&self, name: &str) -> Option<PathBuf> {
        variable(self.request, name)
    }

    /// Is this no ground to work on? Home and what holds it, the machine's own directories.
    fn is_wide(&self, path: &Path) -> bool {
        let named = |list: &List<Text>| list.iter().any(|own| path == Path::new(own.0));
        let below = |list: &List<Text>| list.iter().any(|own| path.starts_with(own.0));
        named(&STOCK.shallow) || below(&STOCK.never) || self.homes.iter().any(|home| home.starts_with(path))
    }

    fn take_temporary(&mut self) {
        let named: Vec<PathBuf> = STOCK.temporary_variables.iter().filter_map(|name| self.variable(name)).collect();
        let named = named.iter().filter_map(|path| path.canonicalize().ok()).filter(|path| !self.is_wide(path));
        let named: Vec<PathBuf> = named.collect();
        self.found.extend(named);
        self.found.extend(STOCK.temporary.iter().filter_map(|path| Path::new(path.0).canonicalize().ok()));
    }

    /// The repository, with its git directory where that lies elsewhere. Without one, the working directory, but for a hidden
    /// directory of home: those hold settings.
    fn take_work(&mut self, git: &Repository) {
        let root = self.request.repository.and_then(|root| root.canonicalize().ok()).filter(|root| !self.is_wide(root));
        if let Some(root) = root {
            self.found.push(root);
            self.found.extend(git.elsewhere.iter().cloned());
            return;
        }
        let hidden = |path: &Path| {
            let rest = self.homes.iter().find_map(|home| path.strip_prefix(home).ok());
            rest.and_then(|rest| rest.iter().next()).is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
        };
        let directory = self.request.directory.canonicalize().ok();
        self.found.extend(directory.filter(|path| !self.is_wide(path) && !hidden(path)));
    }

    /// What policy, a program's own right or a person's yes adds.
    fn take_passed(&mut self) {
        for pass in self.request.passes {
            if let Some(place) = pass.strip_prefix(WRITE) {
                self.found
                    .extend(expand(self.request, &rooted(place)).iter().filter_map(|path| path.canonicalize().ok()));
            }
            if let Some(file) = pass.strip_prefix(AROUND) {
                let paths = expand(self.request, file);
                // What does not stand yet is made in the nearest directory that does, but nothing at the root.
                let standing = paths.iter().filter_map(|path| path.ancestors().skip(1).find(|above| above.is_dir()));
                let standing =
                    standing.filter_map(|path| path.canonicalize().ok()).filter(|path| path.parent().is_some());
                self.found.extend(standing);
            }
            if let Some(directory) = pass.strip_prefix(MAKES).map(PathBuf::from) {
                if directory.is_absolute() && make(&directory) {
                    self.made.push(directory.clone());
                }
                // A directory that was there before is none that the command makes.
                if self.made.last() == Some(&directory) {
                    self.found.extend(directory.canonicalize());
                }
            }
        }
    }

    /// What every tool keeps: made when it is missing, and left then, for the next command would make it again.
    fn take_caches(&mut self) {
        for place in self.places(&STOCK.caches) {
            if !self.holds(&place.path) && self.is_of_home(&place.path) {
                make(&place.path);
            }
            self.take(&place);
        }
        let usual = PathBuf::from(format!("/run/user/{}", nix::unistd::geteuid()));
        let runtime =
            self.variable("XDG_RUNTIME_DIR").filter(|path| path.starts_with("/run/user") || !self.is_wide(path));
        self.found.extend([Some(usual), runtime].into_iter().flatten().filter(|path| path.is_dir()));
    }

    /// What tools share.
    fn take_shared(&mut self, memory: &mut Memory<'static>) {
        let stays = |place: &&Text| self.shifted(place.0).is_none();
        let stays: Cow<'_, [Text]> =
            if self.moved.is_empty() { Cow::Borrowed(&SHARED) } else { SHARED.iter().filter(stays).copied().collect() };
        let mut look = Look::new(memory);
        self.homes.iter().for_each(|home| look.below_home(home, &stays));
        let found = look.finish().into_iter().filter(|one| {
            let is_astray = one.is_linked && self.was_led_astray(one.listed, &one.path);
            !self.is_wide(&one.path) && !is_astray
        });
        let found: Vec<PathBuf> = found.map(|one| one.path).collect();
        self.found.extend(found);
        let moved = SHARED.iter().filter_map(|place| Some((self.shifted(place.0)?, Some(place.0))));
        let named = STOCK.stores.iter().flat_map(|store| store.variables.iter());
        let named = named.filter_map(|name| Some((self.variable(name)?, None)));
        let more: Vec<Place> = moved.chain(named).map(|(path, listed)| Place { path, listed }).collect();
        more.iter().for_each(|place| self.take(place));
    }

    /// What the programs keep that take part.
    fn take_stores(&mut self) {
        for store in stores_of(self.request.programs) {
            for place in self.places(&store.own).into_iter().chain(self.places(&store.shared)) {
                if store.only_standing { self.take(&place) } else { self.take_or_make(&place) }
            }
            for place in self.places(&store.files) {
                self.take_or_make_file(&place);
            }
        }
    }

    /// The paths that a list stands for here.
    fn places(&self, list: &List<Text>) -> Vec<Place> {
        list.iter().flat_map(|path| self.place(path.0)).collect()
    }

    fn place(&self, path: &'static str) -> Vec<Place> {
        self.paths(path).into_iter().map(|real| Place { path: real, listed: Some(path) }).collect()
    }

    /// The path in each home, or where a variable moves it.
    fn paths(&self, path: &str) -> Vec<PathBuf> {
        let Some(rest) = path.strip_prefix("~/") else { return vec![PathBuf::from(path)] };
        let moved = self.shifted(path);
        moved.map_or_else(|| self.homes.iter().map(|home| home.join(rest)).collect(), |moved| vec![moved])
    }

    /// Where a variable moves the path.
    fn shifted(&self, path: &str) -> Option<PathBuf> {
        self.moved.iter().find_map(|(place, to)| {
            let inner = path.strip_prefix(place).filter(|inner| inner.is_empty() || inner.starts_with('/'))?;
            Some(to.join(inner.trim_start_matches('/')))
        })
    }

    /// Is it granted by now?
    fn holds(&self, path: &Path) -> bool {
        self.found.iter().any(|found| path.starts_with(found))
    }

    fn take(&mut self, place: &Place) {
        let path = &place.path;
        if self.holds(path) {
            return;
        }
        let led_astray =
            |real: &Path| place.listed.is_some_and(|listed| path != real && self.was_led_astray(listed, real));
        let real = path.canonicalize().ok().filter(|real| !self.is_wide(real) && !led_astray(real));
        self.found.extend(real);
    }

    /// A link leads where its maker wants. `~/.cache` may lie on another disk, but inside of a store commands make links.
    fn was_led_astray(&self, listed: &str, real: &Path) -> bool {
        let all = STOCK.stores.iter().flat_map(|store| store.shared.iter().chain(store.own.iter()));
        let around = all.filter(|store| store.0 != listed && Path::new(listed).starts_with(store.0));
        let Some(around) = around.min_by_key(|store| store.len()) else { return false };
        let inner = Path::new(listed).strip_prefix(around.0).unwrap_or(Path::new(""));
        let leads_to = |store: PathBuf| store.canonicalize().is_ok_and(|store| store.join(inner) == real);
        !self.paths(around.0).into_iter().any(leads_to)
    }

    fn take_or_make(&mut self, place: &Place) {
        if self.holds(&place.path) {
            return;
        }
        if self.is_of_home(&place.path) && make(&place.path) {
            self.made.push(place.path.clone());
        }
        self.take(place);
    }

    fn take_or_make_file(&mut self, place: &Place) {
        let path = &place.path;
        if self.is_of_home(path) && path.parent().is_some_and(Path::is_dir) && fs::symlink_metadata(path).is_err() {
            let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
            self.made.extend(made.ok().map(|_| path.clone()));
        }
        self.take(place);
    }

    /// Is it the user's to make, in a home that stands or where a variable says?
    fn is_of_home(&self, path: &Path) -> bool {
        self.moved.iter().any(|(_, to)| path.starts_with(to)) || self.homes.iter().any(|home| path.starts_with(home))
    }
}

/// A place that may be written.
struct Place {
    path: PathBuf,
    /// As the list names it.
    listed: Option<&'static str>,
}

pub(super) fn make(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err() && DirBuilder::new().recursive(true).mode(0o755).create(path).is_ok()
}

/// Takes away what was made for the command and stayed empty.
pub(super) fn clear(made: &[PathBuf]) {
    for path in made.iter().rev() {
        if path.is_dir() {
            let _ = fs::remove_dir(path);
        } else if fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() == 0) {
            let _ = fs::remove_file(path);
        }
    }
}
