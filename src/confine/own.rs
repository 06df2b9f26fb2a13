//! holdpoint's own places, which a command may neither read nor change.

use super::error::ConfineError;
use super::request::Request;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// The real paths of the closed directories, made where they are missing, and of the read-only files.
///
/// A missing directory would be the command's to make: with a policy, or an approval, of its own.
pub(super) fn stand(request: &Request<'_>) -> Result<(Vec<PathBuf>, Vec<PathBuf>), ConfineError> {
    let mut closed: Vec<PathBuf> = Vec::new();
    for path in request.own.closed {
        closed.extend(real(path)?);
    }
    closed.sort();
    closed.dedup();
    let mut read_only: Vec<PathBuf> =
        request.own.read_only.iter().filter_map(|path| path.canonicalize().ok()).collect();
    read_only.sort();
    read_only.dedup();
    Ok((closed, read_only))
}

fn real(path: &Path) -> Result<Option<PathBuf>, ConfineError> {
    match path.canonicalize() {
        Ok(real) => return Ok(Some(real)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        // What this process may not even look at, the command may not either.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(None),
        Err(error) => return Err(ConfineError::Own { path: path.to_owned(), error }),
    }
    // XDG Base Directory Specification: directories that are missing are made with 0700.
    match DirBuilder::new().recursive(true).mode(0o700).create(path).and_then(|()| path.canonicalize()) {
        Ok(real) => Ok(Some(real)),
        // /etc/holdpoint is not this user's to make, and so not the command's.
        Err(error) if is_out_of_reach(&error) => Ok(None),
        Err(error) => Err(ConfineError::Own { path: path.to_owned(), error }),
    }
}

fn is_out_of_reach(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}
