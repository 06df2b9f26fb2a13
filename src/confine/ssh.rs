//! The ssh client's system settings in a user namespace.
//!
//! ssh refuses to read an included file that belongs neither to root nor to the user. In the
//! namespace root's files belong to nobody, so that any file in `/etc/ssh/ssh_config.d`, as Fedora and newer
//! Debian have, would end every connection ("Bad owner or permissions"). The user gets a copy in memory.

use super::error::ConfineError;
use crate::sys::mount::{self, Refuse};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const PLACE: &str = "/etc/ssh/ssh_config.d";

/// How deep one file may include another.
const DEEPEST: u8 = 4;

/// Replaces the directory by a copy that belongs to the user, if it has any file.
pub(super) fn own_settings() -> Result<(), ConfineError> {
    let place = Path::new(PLACE);
    let files: Vec<PathBuf> = fs::read_dir(place).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    let copies: Vec<(PathBuf, String)> =
        files.into_iter().filter_map(|path| Some((path.clone(), flatten(&path, DEEPEST)?))).collect();
    if copies.is_empty() {
        return Ok(());
    }
    let step = |error: io::Error| ConfineError::step(format!("copying {PLACE} for the ssh client"))(error);
    mount::mount_memory(place, "mode=755,size=256k").map_err(|errno| step(errno.into()))?;
    for (path, text) in copies {
        fs::write(path, text).map_err(step)?;
    }
    mount::restrict(place, Refuse::Writing).map_err(|errno| step(errno.into()))
}

/// A file's text with the files that it includes by a plain path in their place (ssh_config(5), "Include").
fn flatten(path: &Path, depth: u8) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let mut flat = String::with_capacity(text.len());
    for line in text.lines() {
        let included = line.trim_start().strip_prefix("Include ").map(str::trim).filter(|path| path.starts_with('/'));
        let inner = included.filter(|_| depth > 0).and_then(|path| flatten(Path::new(path), depth - 1));
        flat.push_str(inner.as_deref().unwrap_or(line));
        flat.push('\n');
    }
    Some(flat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn included_files_stand_in_the_place_of_their_line() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let (outer, inner) = (room.path().join("50-system.conf"), room.path().join("policy.config"));
        fs::write(&inner, "Ciphers aes256-ctr\n").expect("a file");
        fs::write(&outer, format!("Match final all\n  Include {}\nSendEnv LANG\n", inner.display())).expect("a file");
        let flat = flatten(&outer, DEEPEST).expect("a text");
        assert_eq!(flat, "Match final all\nCiphers aes256-ctr\n\nSendEnv LANG\n");
    }

    #[test]
    fn a_file_that_includes_itself_ends() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let path = room.path().join("loop.conf");
        fs::write(&path, format!("Include {}\n", path.display())).expect("a file");
        assert!(flatten(&path, DEEPEST).is_some());
    }
}
