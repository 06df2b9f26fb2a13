//! Which policy files apply in a directory, and whether their owners may speak.
//!
//! A file is opened first and looked at through its descriptor, so that what was checked is what is read.

use super::error::ConfigError;
use super::layer::LARGEST;
use crate::decide::policy::Origin;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The name of a repository's policy file.
pub const REPOSITORY_FILE: &str = ".holdpoint.yaml";
/// How many directories are looked at on the way up.
const MOST_DIRECTORIES: usize = 256;

/// Where to look.
#[derive(Debug, Clone)]
pub struct Search {
    /// The system's file: `/etc/holdpoint/policy.yaml`, another in tests only.
    pub system: PathBuf,
    /// The user's policy directory: [`Place::config`](super::place::Place::config).
    pub config: PathBuf,
    /// The working directory, absolute.
    pub directory: PathBuf,
    /// The effective user.
    pub uid: u32,
    /// Who may write the system's file: 0, another in tests only.
    pub administrator: u32,
    /// Whether we run [within our own walls](super::wall::cannot_read_state): there the user's files cannot be read, and the
    /// command was judged by them outside.
    pub inside: bool,
}

/// A policy file that was opened and may be read.
#[derive(Debug)]
pub struct PolicyFile {
    /// Which layer it makes.
    pub origin: Origin,
    /// Its place: the real path of its directory, and its name.
    pub path: PathBuf,
    /// What it is, as looked up through its descriptor.
    pub found: Metadata,
    file: File,
}

/// The files that apply, the farthest first, and those that could not be read inside the walls.
#[derive(Debug, Default)]
pub struct Found {
    /// The files.
    pub files: Vec<PolicyFile>,
    /// What stands but is closed to a command inside the walls.
    pub skipped: Vec<PathBuf>,
    /// The last directory in which a file was found, and its real path.
    directory: Option<(PathBuf, PathBuf)>,
}

impl PolicyFile {
    /// The whole text, and what the file was when it had been read.
    ///
    /// # Errors
    /// When it cannot be read or is no UTF-8.
    pub fn read(&mut self) -> Result<(String, Metadata), ConfigError> {
        let mut text = String::new();
        let read = (&self.file).take(LARGEST + 1).read_to_string(&mut text).and_then(|_| self.file.metadata());
        let found = read.map_err(|error| unreadable(&self.path, &error))?;
        // The beginning of a file that is being written may be a policy with the denials missing.
        if found.len() != text.len() as u64 || text.len() as u64 > LARGEST {
            let error = io::Error::other("it changed while it was read");
            return Err(unreadable(&self.path, &error));
        }
        Ok((text, found))
    }
}

/// Opens every policy file that applies in a directory.
///
/// # Errors
/// When one of them is there but may not be used: a policy that is passed over would loosen in silence.
pub fn find_files(search: &Search) -> Result<Found, ConfigError> {
    let mut found = Found::default();
    found.add(Origin::System, &search.system, search)?;
    found.add(Origin::User, &search.config.join("policy.yaml"), search)?;
    for directory in policy_directories(search) {
        found.add(Origin::Repository, &directory.join(REPOSITORY_FILE), search)?;
    }
    Ok(found)
}

impl Found {
    pub(super) fn add(&mut self, origin: Origin, path: &Path, search: &Search) -> Result<(), ConfigError> {
        // O_NONBLOCK: a pipe of that name must not hang every command.
        let flags = libc::O_NONBLOCK | libc::O_NOCTTY;
        let file = match fs::OpenOptions::new().read(true).custom_flags(flags).open(path) {
            Ok(file) => file,
            Err(error) if is_absent(&error) => return Ok(()),
            Err(error) if search.inside && error.kind() == io::ErrorKind::PermissionDenied => {
                self.skipped.push(path.to_owned());
                return Ok(());
            }
            Err(error) => return Err(unreadable(path, &error)),
        };
        let found = file.metadata().map_err(|error| unreadable(path, &error))?;
        check_owner(origin, path, &found, search)?;
        let path = self.locate(path).map_err(|error| unreadable(path, &error))?;
        self.files.push(PolicyFile { origin, path, found, file });
        Ok(())
    }

    /// [`locate`](fn@locate), with the directory of the file before in mind: packs lie side by side.
    fn locate(&mut self, path: &Path) -> io::Result<PathBuf> {
        if let (Some((known, real)), Some(name)) = (&self.directory, path.file_name())
            && path.parent() == Some(known)
        {
            return Ok(real.join(name));
        }
        let real = locate(path)?;
        let directory = path.file_name().and(path.parent());
        self.directory = directory.zip(real.parent()).map(|(known, real)| (known.to_owned(), real.to_owned()));
        Ok(real)
    }
}

/// The real path of the directory, and the name as it is.
///
/// The name is not resolved: a link in this repository to another one's trusted file is not that file.
pub(super) fn locate(path: &Path) -> io::Result<PathBuf> {
    match (path.parent(), path.file_name()) {
        (Some(directory), Some(name)) => fs::canonicalize(directory).map(|real| real.join(name)),
        _ => fs::canonicalize(path),
    }
}

/// Nothing stands there. A link that leads nowhere is absent too: it says nothing that could be obeyed.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOENT | libc::ENOTDIR))
}

fn unreadable(path: &Path, error: &io::Error) -> ConfigError {
    let (fault, remedy) = if error.kind() == io::ErrorKind::InvalidData {
        ("is not UTF-8 text".to_owned(), "Save it as UTF-8.")
    } else {
        (format!("cannot be read: {error}"), "Make it readable, or remove it.")
    };
    ConfigError::Unusable { path: path.to_owned(), fault, remedy: remedy.to_owned() }
}

/// Whoever may write a policy file decides what runs, as with sudoers(5).
fn check_owner(origin: Origin, path: &Path, found: &Metadata, search: &Search) -> Result<(), ConfigError> {
    let unusable = |fault: &str, remedy: &str| {
        Err(ConfigError::Unusable { path: path.to_owned(), fault: fault.to_owned(), remedy: remedy.to_owned() })
    };
    if !found.is_file() {
        return unusable("is no regular file", "Put a file in its place, or remove it.");
    }
    if found.len() > LARGEST {
        return unusable("is larger than 256 KiB", "Shorten it.");
    }
    match origin {
        Origin::BuiltIn | Origin::Repository | Origin::Task => Ok(()),
        Origin::System if !is_administrator(found, search) => {
            unusable("does not belong to root", "Run: chown root:root on it, after a look at what it says.")
        }
        Origin::System if found.mode() & 0o022 != 0 || is_open_to_others(path, search) => {
            unusable("can be changed by others than root", "Run: chmod go-w on it and on its directory.")
        }
        Origin::User if found.uid() != search.uid && !is_administrator(found, search) => {
            unusable("belongs to another user", "Make a copy of your own in its place.")
        }
        Origin::User if found.mode() & 0o002 != 0 => unusable("can be changed by everyone", "Run: chmod o-w on it."),
        Origin::System | Origin::User => Ok(()),
    }
}

fn is_administrator(found: &Metadata, search: &Search) -> bool {
    // Inside the walls only the user's own id is mapped and root's files look as if they were nobody's
    // (user_namespaces(7), "Unmapped user and group IDs").
    const NOBODY: u32 = 65_534;
    found.uid() == search.administrator || (search.inside && found.uid() == NOBODY)
}

/// Whether the directory lets others put a file of theirs in the place of this one.
fn is_open_to_others(path: &Path, search: &Search) -> bool {
    let directory = path.parent().map(fs::metadata);
    !directory.is_some_and(|d| d.is_ok_and(|found| is_administrator(&found, search) && found.mode() & 0o022 == 0))
}

/// The directories whose repository files apply: from the outermost repository's root down to the working directory.
///
/// The outermost and not the nearest: `mkdir sub/.git && cd sub` would otherwise shake off a repository's
/// policy. A directory above the nearest root counts only if its `.git` is this user's, root's or the
/// inner repository's owner's, or a stranger's `/tmp/.git` would rule over everyone below it.
pub(super) fn policy_directories(search: &Search) -> Vec<&Path> {
    let ancestors: Vec<&Path> = search.directory.ancestors().take(MOST_DIRECTORIES).collect();
    let mut nearest_owner = None;
    let mut top = 0;
    for (height, directory) in ancestors.iter().enumerate() {
        let Ok(mark) = fs::symlink_metadata(directory.join(".git")) else { continue };
        let inner = *nearest_owner.get_or_insert(mark.uid());
        if [inner, search.uid, search.administrator].contains(&mark.uid()) {
            top = height;
        }
    }
    let mut down: Vec<&Path> = ancestors.into_iter().take(top + 1).collect();
    down.reverse();
    down
}

/// The root of the repository in which a directory lies: the nearest one with a `.git`.
#[must_use]
pub fn repository_root(directory: &Path) -> Option<&Path> {
    directory.ancestors().take(MOST_DIRECTORIES).find(|at| fs::symlink_metadata(at.join(".git")).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    struct World {
        room: tempfile::TempDir,
        search: Search,
    }

    impl World {
        fn build() -> World {
            let room = tempfile::tempdir().expect("a temporary directory");
            let at = room.path().canonicalize().expect("a real path");
            fs::create_dir_all(at.join("etc")).expect("a directory");
            fs::create_dir_all(at.join("config")).expect("a directory");
            fs::create_dir_all(at.join("app/src/deep")).expect("a directory");
            let uid = nix::unistd::geteuid().as_raw();
            let search = Search {
                system: at.join("etc/policy.yaml"),
                config: at.join("config"),
                directory: at.join("app/src/deep"),
                uid,
                administrator: uid,
                inside: false,
            };
            World { room, search }
        }

        fn write(self, name: &str, mode: u32) -> World {
            let path = self.room.path().join(name);
            fs::write(&path, "version: 1\n").expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("mode set");
            self
        }

        fn mark(self, name: &str) -> World {
            fs::create_dir_all(self.room.path().join(name).join(".git")).expect("a repository");
            self
        }

        fn found(&self) -> Vec<String> {
            let root = self.room.path().canonicalize().expect("a real path");
            let found = find_files(&self.search).expect("found");
            let tell = |f: &PolicyFile| f.path.strip_prefix(&root).expect("inside").display().to_string();
            found.files.iter().map(tell).collect()
        }

        fn refusal(&self) -> String {
            find_files(&self.search).expect_err("refused").to_string()
        }
    }

    #[test]
    fn all_layers_are_found_from_far_to_near() {
        let world = World::build().mark("app").write("etc/policy.yaml", 0o644).write("config/policy.yaml", 0o600);
        let world = world.write("app/.holdpoint.yaml", 0o644).write("app/src/.holdpoint.yaml", 0o644);
        let all = ["etc/policy.yaml", "config/policy.yaml", "app/.holdpoint.yaml", "app/src/.holdpoint.yaml"];
        assert_eq!(world.found(), all);
        assert_eq!(
            repository_root(&world.search.directory),
            Some(world.search.directory.ancestors().nth(2).expect("app"))
        );
    }

    #[test]
    fn without_a_repository_only_the_working_directory_counts() {
        let world = World::build().write("app/.holdpoint.yaml", 0o644).write("app/src/deep/.holdpoint.yaml", 0o644);
        assert_eq!(world.found(), ["app/src/deep/.holdpoint.yaml"]);
    }

    #[test]
    fn a_repository_made_inside_another_does_not_shake_off_its_policy() {
        let world = World::build().mark("app").mark("app/src/deep").write("app/.holdpoint.yaml", 0o644);
        assert_eq!(world.found(), ["app/.holdpoint.yaml"]);
    }

    #[test]
    fn a_file_that_others_may_change_is_refused() {
        assert!(World::build().write("etc/policy.yaml", 0o664).refusal().contains("chmod go-w"));
        assert!(World::build().write("config/policy.yaml", 0o646).refusal().contains("chmod o-w"));
        let world = World::build().write("etc/policy.yaml", 0o644);
        fs::set_permissions(world.room.path().join("etc"), fs::Permissions::from_mode(0o777)).expect("opened up");
        assert!(world.refusal().contains("its directory"));
    }

    #[test]
    fn a_system_file_of_someone_else_is_refused() {
        let mut world = World::build().write("etc/policy.yaml", 0o644);
        world.search.administrator += 1;
        assert!(world.refusal().contains("does not belong to root"));
    }

    #[test]
    fn inside_the_walls_a_closed_file_is_passed_over_and_outside_it_is_refused() {
        if nix::unistd::geteuid().is_root() {
            println!("NOT TRIED as root, whom no mode refuses: a policy file that cannot be read");
            return;
        }
        let mut world = World::build().write("config/policy.yaml", 0o000);
        assert!(world.refusal().contains("cannot be read"));
        world.search.inside = true;
        let found = find_files(&world.search).expect("found");
        assert_eq!((found.files.len(), found.skipped.len()), (0, 1));
    }

    #[test]
    fn a_pipe_a_directory_and_a_huge_file_are_refused_and_do_not_hang() {
        let world = World::build();
        let path = world.search.config.join("policy.yaml");
        nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
        assert!(world.refusal().contains("no regular file"));
        fs::remove_file(&path).expect("removed");
        fs::create_dir(&path).expect("a directory");
        assert!(world.refusal().contains("no regular file"));
        fs::remove_dir(&path).expect("removed");
        fs::write(&path, vec![b'#'; 300 * 1024]).expect("written");
        assert!(world.refusal().contains("larger than"));
    }
}
