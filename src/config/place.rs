//! Where state, policy and homes lie, and whose they are.
//!
//! A home is looked for twice, because programs do: `$HOME` for some, the password entry for others. A
//! wall around one of them only would miss a whole store, so both are listed when they differ.

use super::error::ConfigError;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Where to look things up; the real machine in production, a temporary directory in tests.
pub struct Sources<'a> {
    /// A variable of the environment.
    pub environment: &'a dyn Fn(&str) -> Option<OsString>,
    /// The effective user.
    pub uid: u32,
    /// The password file. Static binaries cannot ask the name service (NSS), so it is read directly.
    pub passwd: &'a Path,
}

/// The user and the user's places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The effective user id.
    pub uid: u32,
    /// The user's name by the password file, or the number where it has none.
    pub user: String,
    /// The homes: `$HOME` first if it is the user's, then the password entry's if it is another.
    pub homes: Vec<PathBuf>,
    /// holdpoint's state: `${XDG_STATE_HOME:-~/.local/state}/holdpoint`. It need not exist yet.
    pub state: PathBuf,
    /// The user's policy directory: `${XDG_CONFIG_HOME:-~/.config}/holdpoint`.
    pub config: PathBuf,
}

impl Sources<'static> {
    /// The machine as it is.
    #[must_use]
    pub fn real() -> Sources<'static> {
        Sources {
            environment: &|name| std::env::var_os(name),
            uid: nix::unistd::geteuid().as_raw(),
            passwd: Path::new("/etc/passwd"),
        }
    }
}

/// Where the system's policy lies.
const SYSTEM_DIRECTORY: &str = "/etc/holdpoint";

impl Place {
    /// Finds the user's places.
    ///
    /// # Errors
    /// When no home can be found: then there is no place for state, and nothing could be recorded.
    pub fn find(sources: &Sources<'_>) -> Result<Place, ConfigError> {
        let entry = read_entry(sources.passwd, sources.uid);
        let own = directory_of(sources, "HOME").filter(|home| owner_of(home) == Some(sources.uid));
        let listed = entry.as_ref().map(|e| e.home.clone()).filter(|home| home.is_absolute() && home.is_dir());
        let mut homes: Vec<PathBuf> = own.into_iter().collect();
        homes.extend(listed.filter(|home| !homes.iter().any(|own| same_file(own, home))));
        // A user without an entry, as in many containers, may have a home that is another's.
        let last = directory_of(sources, "HOME").filter(|_| homes.is_empty());
        homes.extend(last.filter(|home| home.is_dir()));
        let home = homes.first().cloned().ok_or(ConfigError::NoHome { uid: sources.uid })?;
        let moved = |variable, usual: &str| directory_of(sources, variable).unwrap_or_else(|| home.join(usual));
        Ok(Place {
            uid: sources.uid,
            user: entry.map_or_else(|| sources.uid.to_string(), |e| e.name),
            state: moved("XDG_STATE_HOME", ".local/state").join("holdpoint"),
            config: moved("XDG_CONFIG_HOME", ".config").join("holdpoint"),
            homes,
        })
    }

    /// Every directory in which holdpoint may keep state or policy for this user, for walls and for
    /// [`inside_walls`](super::wall::inside_walls): moving one by a variable must not leave the usual one open.
    #[must_use]
    pub fn own_directories(&self) -> Vec<PathBuf> {
        let mut all = vec![self.state.clone(), self.config.clone()];
        for home in &self.homes {
            for usual in [".local/state/holdpoint", ".config/holdpoint"] {
                let path = home.join(usual);
                if !all.contains(&path) {
                    all.push(path);
                }
            }
        }
        all
    }

    /// The directory of the system's policy, if there is one. Root's commands could make it, with a policy of
    /// their own in it: so for root it is made before they run, readable for everyone.
    ///
    /// # Errors
    /// When it has to be made and cannot be.
    pub fn system_directory(&self) -> Result<Option<PathBuf>, ConfigError> {
        let path = Path::new(SYSTEM_DIRECTORY);
        if self.uid != 0 || path.exists() {
            return Ok(path.exists().then(|| path.to_owned()));
        }
        match fs::DirBuilder::new().mode(0o755).create(path) {
            Ok(()) => Ok(Some(path.to_owned())),
            // Where the system is read-only, the command cannot make it either.
            Err(error) if error.kind() == std::io::ErrorKind::ReadOnlyFilesystem => Ok(None),
            Err(error) => Err(ConfigError::State { path: path.to_owned(), error }),
        }
    }

    /// Creates the state directory if needed, and makes sure that it is the user's alone (0700).
    ///
    /// # Errors
    /// When it cannot be created, or belongs to someone else.
    pub fn open_state(&self) -> Result<(), ConfigError> {
        make_private(&self.state, self.uid)
    }
}

/// Creates a directory with 0700, or checks that an existing one is the user's and closed to others.
///
/// # Errors
/// When it cannot be created, or belongs to someone else.
pub fn make_private(path: &Path, uid: u32) -> Result<(), ConfigError> {
    let failed = |error| ConfigError::State { path: path.to_owned(), error };
    // XDG base directories are created with 0700 too (XDG Base Directory Specification, "Referencing").
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
    let found = fs::metadata(path).map_err(failed)?;
    if found.uid() != uid {
        return Err(ConfigError::StateOfAnother { path: path.to_owned(), owner: found.uid() });
    }
    if found.mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(failed)?;
    }
    Ok(())
}

struct Entry {
    name: String,
    home: PathBuf,
}

/// The first entry of a password file for a user: `name:x:uid:gid:comment:home:shell` (passwd(5)).
fn read_entry(passwd: &Path, uid: u32) -> Option<Entry> {
    let text = fs::read(passwd).ok()?;
    text.split(|byte| *byte == b'\n').find_map(|line| {
        let mut fields = line.split(|byte| *byte == b':');
        let name = std::str::from_utf8(fields.next()?).ok()?;
        let number: u32 = std::str::from_utf8(fields.nth(1)?).ok()?.parse().ok()?;
        let home = fields.nth(2)?;
        let own = number == uid && !name.is_empty();
        own.then(|| Entry { name: name.to_owned(), home: std::ffi::OsStr::from_bytes(home).into() })
    })
}

fn directory_of(sources: &Sources<'_>, variable: &str) -> Option<PathBuf> {
    // The XDG specification tells to ignore relative paths; for HOME a relative one would follow the agent's `cd`.
    (sources.environment)(variable).map(PathBuf::from).filter(|path| path.is_absolute())
}

fn owner_of(path: &Path) -> Option<u32> {
    fs::metadata(path).ok().filter(fs::Metadata::is_dir).map(|found| found.uid())
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct World {
        room: tempfile::TempDir,
        variables: Vec<(&'static str, PathBuf)>,
    }

    impl World {
        fn build() -> World {
            let room = tempfile::tempdir().expect("a temporary directory");
            for name in ["ann", "moved"] {
                fs::create_dir(room.path().join(name)).expect("a home");
            }
            let uid = nix::unistd::geteuid();
            let passwd =
                format!("other:x:4242:1::/nowhere:/bin/sh\nann:x:{uid}:1:A:{}/ann:/bin/sh\n", room.path().display());
            fs::write(room.path().join("passwd"), passwd).expect("a password file");
            World { room, variables: Vec::new() }
        }

        fn set(mut self, name: &'static str, value: &str) -> World {
            let value = value.strip_prefix('=').map_or_else(|| self.room.path().join(value), PathBuf::from);
            self.variables.push((name, value));
            self
        }

        fn find_as(&self, uid: u32) -> Result<Place, ConfigError> {
            let environment = |name: &str| {
                self.variables.iter().find(|(own, _)| *own == name).map(|(_, value)| value.clone().into_os_string())
            };
            Place::find(&Sources { environment: &environment, uid, passwd: &self.room.path().join("passwd") })
        }

        fn find(&self) -> Place {
            self.find_as(nix::unistd::geteuid().as_raw()).expect("a place")
        }

        fn path(&self, name: &str) -> PathBuf {
            self.room.path().join(name)
        }
    }

    #[test]
    fn home_and_the_password_entrys_home_are_both_listed_when_they_differ() {
        let world = World::build().set("HOME", "moved");
        let place = world.find();
        assert_eq!(place.homes, [world.path("moved"), world.path("ann")]);
        assert_eq!(place.state, world.path("moved/.local/state/holdpoint"));
        assert_eq!(place.user, "ann");
        assert!(place.own_directories().contains(&world.path("ann/.config/holdpoint")));
        assert_eq!(World::build().set("HOME", "ann").find().homes.len(), 1);
    }

    #[test]
    fn a_home_that_is_relative_or_missing_is_not_believed() {
        for bad in ["=relative", "gone"] {
            let world = World::build().set("HOME", bad);
            assert_eq!(world.find().homes, [world.path("ann")], "{bad}");
        }
    }

    #[test]
    fn the_xdg_directories_are_respected_if_absolute() {
        let world = World::build().set("HOME", "ann").set("XDG_STATE_HOME", "s").set("XDG_CONFIG_HOME", "=c");
        let place = world.find();
        assert_eq!(place.state, world.path("s/holdpoint"));
        assert_eq!(place.config, world.path("ann/.config/holdpoint"));
    }

    #[test]
    fn a_user_without_entry_and_home_is_told_so() {
        let error = World::build().find_as(77_777).expect_err("no home");
        assert!(error.to_string().contains("77777"), "{error}");
    }

    #[test]
    fn the_state_directory_is_private_even_if_it_was_open() {
        let world = World::build().set("HOME", "ann");
        let place = world.find();
        place.open_state().expect("created");
        fs::set_permissions(&place.state, fs::Permissions::from_mode(0o755)).expect("opened up");
        place.open_state().expect("closed again");
        assert_eq!(fs::metadata(&place.state).expect("there").mode() & 0o777, 0o700);
    }
}
