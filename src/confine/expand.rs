//! Patterns of policy, and the paths that they stand for now.

use super::request::Request;
use crate::decide::action::credential::is_glob;
use crate::decide::action::glob::matches;
use crate::sys::directory::Listing;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// How many paths one pattern may stand for.
const MOST_PATHS: usize = 1024;

/// The paths that a pattern stands for: `~/…`, `/…`, or with a `/` inside, below the repository.
pub(super) fn expand(request: &Request<'_>, pattern: &str) -> Vec<PathBuf> {
    let below = |base: &Path, rest: &str| match base.canonicalize() {
        Ok(base) => follow(base, rest),
        Err(_) => Vec::new(),
    };
    if let Some(rest) = pattern.strip_prefix("~/") {
        return request.homes.iter().flat_map(|home| below(home, rest)).collect();
    }
    if let Some(rest) = pattern.strip_prefix('/') {
        return below(Path::new("/"), rest);
    }
    let root = request.repository.unwrap_or(request.directory);
    if is_name(pattern) { Vec::new() } else { below(root, pattern.trim_start_matches("./")) }
}

/// The patterns of policy that are one name, to be met anywhere in the repository.
pub(super) fn extra_names<'a>(request: &Request<'a>) -> Vec<&'a str> {
    request
        .deny
        .iter()
        .map(|pattern| pattern.strip_prefix("**/").unwrap_or(pattern))
        .filter(|name| is_name(name))
        .collect()
}

fn is_name(pattern: &str) -> bool {
    !pattern.trim_end_matches('/').trim_start_matches("**/").contains('/') && !pattern.starts_with('~')
}

fn follow(base: PathBuf, rest: &str) -> Vec<PathBuf> {
    let mut paths = vec![base];
    for name in rest.split('/').filter(|name| !name.is_empty() && *name != ".") {
        paths = if is_glob(name) {
            paths.iter().flat_map(|path| fitting(path, name, MOST_PATHS)).take(MOST_PATHS).collect()
        } else {
            paths.iter().map(|path| path.join(name)).collect()
        };
    }
    paths
}

/// The entries of a directory that a pattern fits, so many at most.
pub(super) fn fitting(directory: &Path, pattern: &str, most: usize) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let _ = Listing::default().read(directory, |entry| {
        if matches(pattern, &String::from_utf8_lossy(entry.name)) {
            found.push(directory.join(OsStr::from_bytes(entry.name)));
        }
        found.len() < most
    });
    found
}
