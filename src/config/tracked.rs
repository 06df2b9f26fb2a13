//! Does git track a path? Read from the index itself: git would take longer than the command.

use std::cell::OnceCell;
use std::fs;
use std::path::Path;

/// The largest index that is read, in bytes: some two hundred thousand files.
const LARGEST: u64 = 32 * 1024 * 1024;

/// The index of a repository, read when it is first asked about.
pub struct Index<'a> {
    root: &'a Path,
    text: OnceCell<Vec<u8>>,
}

impl<'a> Index<'a> {
    /// The index of the repository with this root.
    #[must_use]
    pub fn of(root: &'a Path) -> Index<'a> {
        Index { root, text: OnceCell::new() }
    }

    /// Is this file, or something below this directory, in the index?
    ///
    /// Versions 2 and 3 of the index hold each name in full, behind two bytes with its length (gitformat-index(5)). In
    /// version 4 names are compressed and not looked for: nothing counts as tracked there, the stricter answer for a wall.
    #[must_use]
    pub fn holds(&self, path: &Path) -> bool {
        let Ok(name) = path.strip_prefix(self.root) else { return false };
        let text = self.text.get_or_init(|| read(&self.root.join(".git/index")).unwrap_or_default());
        let name = std::os::unix::ffi::OsStrExt::as_bytes(name.as_os_str());
        !name.is_empty() && holds(text, name)
    }
}

fn read(index: &Path) -> Option<Vec<u8>> {
    let found = fs::metadata(index).ok()?;
    (found.is_file() && found.len() <= LARGEST).then(|| fs::read(index).ok())?
}

fn holds(index: &[u8], name: &[u8]) -> bool {
    let mut from = 12;
    while let Some(at) = index.get(from..).and_then(|rest| memchr::memmem::find(rest, name)).map(|at| at + from) {
        let length = at.checked_sub(2).and_then(|flags| index.get(flags..at)).and_then(|two| two.try_into().ok());
        let length = length.map_or(0, |two| usize::from(u16::from_be_bytes(two) & 0x0fff));
        match index.get(at + name.len()) {
            Some(0) if length == name.len().min(0x0fff) => return true,
            Some(b'/') if length > name.len() => return true,
            Some(_) | None => from = at + 1,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn what_git_tracks_is_told_from_what_it_does_not() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let root = directory.path();
        fs::create_dir_all(root.join("config/deep")).expect("directories");
        for name in [".env", "config/.env", "config/deep/key.pem", "other.env"] {
            fs::write(root.join(name), "x").expect("a file");
        }
        let git = |arguments: &[&str]| {
            let done = Command::new("git").arg("-C").arg(root).args(arguments).output().expect("git runs");
            assert!(done.status.success(), "{done:?}");
        };
        let is_tracked = |path: std::path::PathBuf| Index::of(root).holds(&path);
        git(&["init", "-q"]);
        assert!(!is_tracked(root.join(".env")));
        git(&["add", "config", "other.env"]);
        assert!(!is_tracked(root.join(".env")));
        assert!(is_tracked(root.join("config/.env")));
        assert!(is_tracked(root.join("config/deep")));
        assert!(!is_tracked(root.join("config/dee")));
    }
}
