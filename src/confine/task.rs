//! What a task leaves of writing and reading. It takes from what the command would have had, and adds nothing.

use super::carve::siblings;
use super::expand::expand;
use super::git::Repository;
use super::request::Request;
use super::scope::{Scope, make, without_nested};
use crate::decide::action::store::STOCK;
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// A path of policy that is not rooted lies below the repository, even if it is one name.
pub(super) fn rooted(path: &str) -> Cow<'_, str> {
    if path == "~" {
        return Cow::Borrowed("~/");
    }
    if path.starts_with(['~', '/']) || path.starts_with("./") {
        Cow::Borrowed(path)
    } else {
        format!("./{path}").into()
    }
}

/// The places that are written: of each task's list what lies within, and temporary directories. A directory that ends in `/` is made.
pub(super) fn writing(request: &Request<'_>, mut places: Vec<PathBuf>, made: &mut Vec<PathBuf>) -> Vec<PathBuf> {
    for list in request.tasks.iter().filter_map(|task| task.write.as_ref()) {
        let mut left: Vec<PathBuf> = temporary().filter(|path| within(path, &places)).collect();
        for pattern in list {
            for path in expand(request, &rooted(pattern)) {
                if pattern.ends_with('/') && within(&real_of(&path), &places) && make(&path) {
                    made.push(path.clone());
                }
                let Ok(real) = path.canonicalize() else { continue };
                if within(&real, &places) {
                    left.push(real);
                } else {
                    left.extend(places.iter().filter(|place| place.starts_with(&real)).cloned());
                }
            }
        }
        places = without_nested(left);
    }
    places
}

/// The places that are read, if a task says so: what is written, the lists' paths, git's own files, the stores of tools, and
/// of the machine what is nobody's home.
pub(super) fn reading(
    request: &Request<'_>,
    homes: &[PathBuf],
    scope: &Scope,
    git: &Repository,
) -> Option<Vec<PathBuf>> {
    let lists: Vec<&Vec<String>> = request.tasks.iter().filter_map(|task| task.read.as_ref()).collect();
    let (first, others) = lists.split_first()?;
    let real = |list: &[String]| -> Vec<PathBuf> {
        let paths = list.iter().flat_map(|pattern| expand(request, &rooted(pattern)));
        paths.filter_map(|path| path.canonicalize().ok()).collect()
    };
    let mut named = real(first);
    for list in others {
        let list = real(list);
        let both =
            named.iter().filter(|path| within(path, &list)).chain(list.iter().filter(|path| within(path, &named)));
        named = both.cloned().collect();
    }
    let root = request.repository.unwrap_or(request.directory);
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let mut places = siblings(&private(&root, homes));
    places.extend(named);
    places.extend(scope.places.iter().cloned());
    places.extend(git.elsewhere.iter().cloned());
    places.push(root.join(".git"));
    let stores = STOCK.stores.iter().flat_map(|store| store.shared.iter().chain(store.own.iter()));
    let settings = ["~/.gitconfig", "~/.config/git"];
    let all = stores.chain(STOCK.caches.iter()).map(|place| place.0).chain(settings);
    let below_home = all.filter_map(|place| place.strip_prefix("~/"));
    places
        .extend(below_home.flat_map(|rest| homes.iter().map(move |home| home.join(rest))).filter(|path| path.exists()));
    Some(without_nested(places))
}

/// What belongs to somebody: homes, the repository, and where else people keep their work.
fn private(root: &Path, homes: &[PathBuf]) -> Vec<PathBuf> {
    const KEPT: [&str; 6] = ["/home", "/root", "/srv", "/mnt", "/media", "/Users"];
    let all = KEPT.iter().map(PathBuf::from).chain(homes.iter().cloned()).chain([root.to_owned()]);
    without_nested(all.filter(|path| path.parent().is_some()).collect())
}

fn temporary() -> impl Iterator<Item = PathBuf> {
    STOCK.temporary.iter().filter_map(|path| Path::new(path.0).canonicalize().ok())
}

fn within(path: &Path, places: &[PathBuf]) -> bool {
    places.iter().any(|place| path.starts_with(place))
}

/// The real path of what need not stand yet.
fn real_of(path: &Path) -> PathBuf {
    standing_of(path).map_or_else(|| path.to_owned(), |(_, real)| real)
}

/// What of a path stands, and the real path of all of it.
pub(super) fn standing_of(path: &Path) -> Option<(&Path, PathBuf)> {
    let (above, real) = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)))?;
    Some((above, real.join(path.strip_prefix(above).unwrap_or(Path::new("")))))
}
