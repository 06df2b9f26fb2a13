//! Which real shell runs a command.
//!
//! Never by `$SHELL` or `$PATH`: both lead back to holdpoint, where it is set up as the shell, and both are the
//! agent's to change.

use super::error::ConfigError;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Where each shell is looked for, in this order.
const PLACES: [(&str, &[&str]); 3] = [
    ("bash", &["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"]),
    ("sh", &["/bin/sh", "/usr/bin/sh"]),
    ("zsh", &["/bin/zsh", "/usr/bin/zsh", "/usr/local/bin/zsh"]),
];

/// Finds the real shell of this name: the one that policy names, or the first that stands in a usual place.
///
/// `named` is [`Policy::shells`](crate::decide::policy::Policy::shells); `own` is holdpoint's own executable
/// (`/proc/self/exe`), which is never taken, under whatever name or link.
///
/// # Errors
/// When policy names something that cannot be run, or nothing is found.
pub fn find_shell(name: &str, named: &BTreeMap<String, String>, own: &Path) -> Result<PathBuf, ConfigError> {
    if let Some(path) = named.get(name) {
        let path = PathBuf::from(path);
        return match find_objection(&path, own) {
            None => Ok(path),
            Some(fault) => Err(ConfigError::BadShell { name: name.to_owned(), path, fault }),
        };
    }
    let places = PLACES.iter().filter(|(own, _)| *own == name).flat_map(|(_, places)| places.iter());
    let mut found = places.map(PathBuf::from).filter(|path| find_objection(path, own).is_none());
    found.next().ok_or_else(|| ConfigError::NoShell { name: name.to_owned() })
}

/// Why this is no shell to run, as the end of a sentence.
fn find_objection(path: &Path, own: &Path) -> Option<&'static str> {
    let Ok(found) = fs::metadata(path) else { return Some("is not there") };
    if !path.is_absolute() {
        return Some("is not named by its whole path");
    }
    if !found.is_file() || found.permissions().mode() & 0o111 == 0 {
        return Some("cannot be executed");
    }
    let is_own = fs::metadata(own).is_ok_and(|own| (own.dev(), own.ino()) == (found.dev(), found.ino()));
    // Another installation would judge the same command again, and may lead back to this one.
    let real = fs::canonicalize(path).unwrap_or_default();
    let is_named_ours = real.file_name().is_some_and(|name| name == "holdpoint");
    (is_own || is_named_ours).then_some("is holdpoint itself")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct World(tempfile::TempDir);

    impl World {
        fn build() -> World {
            let room = tempfile::tempdir().expect("a temporary directory");
            for name in ["own", "bash", "holdpoint"] {
                fs::write(room.path().join(name), "#!").expect("written");
                fs::set_permissions(room.path().join(name), fs::Permissions::from_mode(0o755)).expect("executable");
            }
            World(room)
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn find(&self, path: &Path) -> Result<PathBuf, String> {
            let named = BTreeMap::from([("bash".to_owned(), path.to_str().expect("text").to_owned())]);
            find_shell("bash", &named, &self.path("own")).map_err(|error| error.to_string())
        }
    }

    #[test]
    fn the_shell_that_policy_names_is_taken() {
        let world = World::build();
        assert_eq!(world.find(&world.path("bash")), Ok(world.path("bash")));
    }

    #[test]
    fn holdpoint_is_never_its_own_shell_under_whatever_name() {
        let world = World::build();
        std::os::unix::fs::symlink(world.path("own"), world.path("link")).expect("linked");
        std::os::unix::fs::symlink(world.path("holdpoint"), world.path("zsh")).expect("linked");
        fs::hard_link(world.path("own"), world.path("hard")).expect("linked");
        for name in ["own", "link", "hard", "zsh"] {
            let error = world.find(&world.path(name)).expect_err(name);
            assert!(error.contains("is holdpoint itself"), "{error}");
        }
    }

    #[test]
    fn what_cannot_be_run_is_refused_with_its_name() {
        let world = World::build();
        fs::set_permissions(world.path("bash"), fs::Permissions::from_mode(0o644)).expect("closed");
        assert!(world.find(&world.path("bash")).expect_err("closed").contains("cannot be executed"));
        assert!(world.find(&world.path("none")).expect_err("absent").contains("is not there"));
        assert!(world.find(world.0.path()).expect_err("a directory").contains("cannot be executed"));
    }

    #[test]
    fn without_policy_the_usual_places_are_tried() {
        let none = BTreeMap::new();
        let found = find_shell("sh", &none, Path::new("/proc/self/exe")).expect("every machine has one");
        assert!(["/bin/sh", "/usr/bin/sh"].contains(&found.to_str().expect("text")));
        let error = find_shell("sh", &none, &found).map(|other| other == found);
        assert!(!error.unwrap_or(false), "a shell that is holdpoint is passed over");
        assert!(find_shell("fish", &none, Path::new("/")).expect_err("not known").to_string().contains("fish"));
    }
}
