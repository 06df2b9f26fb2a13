//! Where and by whom a command would be run, as the value that the judgement takes.

use super::error::ConfigError;
use super::find::repository_root;
use super::place::Place;
use crate::decide::action::Setting;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The longest `HEAD` or `.git` file that is read, in bytes.
const LONGEST_HEAD: u64 = 4096;

/// Builds the setting of a command that would run in a directory with an environment.
///
/// # Errors
/// When the directory's name is no UTF-8: then no relative path could be told from another.
pub fn read_setting(
    place: &Place,
    directory: &Path,
    environment: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Setting, ConfigError> {
    let here = directory.to_str().ok_or_else(|| ConfigError::Directory { path: directory.to_owned() })?;
    let root = repository_root(directory);
    let mut setting = Setting {
        directory: here.to_owned(),
        homes: place.homes.iter().filter_map(|home| home.to_str().map(str::to_owned)).collect(),
        user: place.user.clone(),
        repository: root.and_then(Path::to_str).map(str::to_owned),
        branch: root.and_then(read_branch),
        ..Setting::default()
    };
    let mut unreadable = BTreeSet::new();
    for (name, value) in environment {
        // A name that is no text cannot be used by a script either.
        let Ok(name) = name.into_string() else { continue };
        match value.into_string() {
            Ok(value) => drop(setting.environment.insert(name, value)),
            Err(_) => drop(unreadable.insert(name)),
        }
    }
    setting.unreadable = unreadable;
    Ok(setting)
}

/// The branch that is checked out at a repository's root, without running git.
///
/// `None` for a detached head, a repository without a readable `HEAD`, and formats that keep it elsewhere.
#[must_use]
pub fn read_branch(root: &Path) -> Option<String> {
    let head = read_start(&git_directory(root)?.join("HEAD"))?;
    let branch = head.trim_end().strip_prefix("ref: refs/heads/")?;
    // `reftable` leaves this name in HEAD for programs that do not know it (gitrepository-layout(5)).
    (!branch.is_empty() && branch != ".invalid").then(|| branch.to_owned())
}

/// `.git` itself, or where it points to: `gitdir: PATH` in worktrees and submodules (gitrepository-layout(5)).
pub(super) fn git_directory(root: &Path) -> Option<PathBuf> {
    let mark = root.join(".git");
    if mark.is_dir() {
        return Some(mark);
    }
    let text = read_start(&mark)?;
    Some(root.join(text.trim_end().strip_prefix("gitdir: ")?))
}

fn read_start(path: &Path) -> Option<String> {
    let file = fs::OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path).ok()?;
    let mut text = String::new();
    file.metadata().ok().filter(fs::Metadata::is_file)?;
    file.take(LONGEST_HEAD).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStringExt;

    fn place() -> Place {
        let homes = vec![PathBuf::from("/home/ann")];
        Place { uid: 1, user: "ann".into(), homes, state: PathBuf::new(), config: PathBuf::new() }
    }

    fn repository() -> tempfile::TempDir {
        let room = tempfile::tempdir().expect("a temporary directory");
        fs::create_dir_all(room.path().join("app/.git/worktrees/w")).expect("made");
        fs::create_dir_all(room.path().join("app/src")).expect("made");
        fs::create_dir_all(room.path().join("w")).expect("made");
        fs::write(room.path().join("app/.git/HEAD"), "ref: refs/heads/feature/x\n").expect("written");
        fs::write(room.path().join("app/.git/worktrees/w/HEAD"), "ref: refs/heads/w\n").expect("written");
        fs::write(room.path().join("w/.git"), "gitdir: ../app/.git/worktrees/w\n").expect("written");
        room
    }

    #[test]
    fn the_branch_is_read_in_repositories_and_worktrees() {
        let room = repository();
        let setting = read_setting(&place(), &room.path().join("app/src"), std::iter::empty()).expect("a setting");
        assert_eq!(setting.branch.as_deref(), Some("feature/x"));
        assert_eq!(setting.repository.as_deref(), room.path().join("app").to_str());
        assert_eq!(read_branch(&room.path().join("w")).as_deref(), Some("w"));
    }

    #[test]
    fn a_detached_head_and_a_pipe_in_its_place_have_no_branch() {
        let room = repository();
        let head = room.path().join("app/.git/HEAD");
        fs::write(&head, "78981922613b2afb6025042ff6bd878ac1994e85\n").expect("written");
        assert_eq!(read_branch(&room.path().join("app")), None);
        fs::remove_file(&head).expect("removed");
        nix::unistd::mkfifo(&head, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
        assert_eq!(read_branch(&room.path().join("app")), None);
    }

    #[test]
    fn a_variable_that_is_no_text_is_named_and_not_guessed() {
        let environment = [("A".into(), "1".into()), ("B".into(), OsString::from_vec(vec![0xff]))];
        let setting = read_setting(&place(), Path::new("/"), environment.into_iter()).expect("a setting");
        assert_eq!(setting.environment.get("A").map(String::as_str), Some("1"));
        assert!(!setting.environment.contains_key("B") && setting.unreadable.contains("B"));
        assert_eq!((setting.repository, setting.branch), (None, None));
    }

    #[test]
    fn a_directory_that_is_no_text_is_refused() {
        let directory = PathBuf::from(OsString::from_vec(b"/tmp/\xff".to_vec()));
        let error = read_setting(&place(), &directory, std::iter::empty()).expect_err("refused");
        assert!(error.to_string().contains("UTF-8"), "{error}");
    }
}
