//! What a file name pattern finds, and whether all of it could be brought back.

use super::facts::Budget;
use super::standing::look_at;
use crate::decide::action::{PathFact, PathState, glob};
use std::fs;
use std::path::PathBuf;

/// The most paths that a pattern may find.
const MOST_FOUND: usize = 48;
/// The most entries of directories that are compared.
const MOST_COMPARED: usize = 60_000;

/// Is it a pattern that is followed? One with brackets, with groups or across directories is not.
pub(super) fn is_followed(path: &str) -> bool {
    path.contains(['*', '?'])
        && !path.split('/').any(|part| part.contains("**") && part != "**")
        && !path.contains(['[', ']', '(', ')', '|', '\\', '{', '}', '^'])
}

/// What holds of all that a pattern finds: of names that begin with a dot too, and without regard to case, so that no setting of the
/// shell's finds more. Nothing is known where it finds too much.
pub(super) fn look_at_all(pattern: &str, budget: &mut Budget) -> PathFact {
    let Some(found) = find(pattern) else { return PathFact::default() };
    let mut whole: Option<PathFact> = None;
    for path in &found {
        let fact = look_at(path, budget);
        // A link may lead elsewhere.
        if fact.real.is_some() {
            return PathFact { state: fact.state, ..PathFact::default() };
        }
        whole = Some(whole.map_or(fact.clone(), |whole| both(&whole, &fact)));
    }
    whole.unwrap_or(PathFact { state: PathState::Missing, ..PathFact::default() })
}

fn both(one: &PathFact, other: &PathFact) -> PathFact {
    let sum = |one: Option<u64>, other: Option<u64>| Some(one?.saturating_add(other?));
    PathFact {
        state: if one.state == other.state { one.state } else { PathState::Unknown },
        real: None,
        tracked_clean: one.tracked_clean && other.tracked_clean,
        tracked: one.tracked || other.tracked,
        ignored: one.ignored && other.ignored,
        manifest_beside: one.manifest_beside && other.manifest_beside,
        files: sum(one.files, other.files),
        bytes: sum(one.bytes, other.bytes),
        at_least: one.at_least || other.at_least,
    }
}

/// The paths that a pattern finds; `None` if they are too many, or a directory cannot be read.
fn find(pattern: &str) -> Option<Vec<PathBuf>> {
    let mut found = vec![PathBuf::from("/")];
    let mut compared = 0;
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        let mut next = Vec::new();
        if part == "**" {
            found = all_below(found, &mut compared)?;
            continue;
        }
        for directory in &found {
            if !part.contains(['*', '?']) {
                next.extend(Some(directory.join(part)).filter(|path| fs::symlink_metadata(path).is_ok()));
                continue;
            }
            if !directory.is_dir() {
                continue;
            }
            for entry in fs::read_dir(directory).ok()? {
                compared += 1;
                let name = entry.ok()?.file_name();
                if glob::matches_ignoring_case(part, &name.to_string_lossy()) {
                    next.push(directory.join(name));
                }
                if compared > MOST_COMPARED || next.len() > MOST_FOUND {
                    return None;
                }
            }
        }
        found = next;
    }
    Some(found)
}

/// These directories and all below them; links are not followed.
fn all_below(open: Vec<PathBuf>, compared: &mut usize) -> Option<Vec<PathBuf>> {
    let mut open: Vec<PathBuf> = open.into_iter().filter(|path| path.is_dir()).collect();
    let mut found = Vec::new();
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).ok()? {
            let entry = entry.ok()?;
            *compared += 1;
            if *compared > MOST_COMPARED {
                return None;
            }
            if entry.file_type().ok()?.is_dir() {
                open.push(entry.path());
            }
        }
        found.push(directory);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    struct World(tempfile::TempDir);

    impl World {
        fn build() -> World {
            let world = World(tempfile::tempdir().expect("a temporary directory"));
            for (name, text) in
                [(".gitignore", "*.log\n"), ("src/a.rs", "a"), ("src/B.RS", "b"), ("a.log", "x"), (".b.log", "y")]
            {
                fs::create_dir_all(world.path(name).parent().expect("a parent")).expect("made");
                fs::write(world.path(name), text).expect("written");
            }
            world.git(&["init", "-q"]).git(&["add", "."]).git(&["commit", "-qm", "all"]);
            world
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().canonicalize().expect("real").join(name)
        }

        fn git(&self, asked: &[&str]) -> &World {
            let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
            let done = Command::new("git").current_dir(self.path("")).args(identity).args(asked).status();
            assert!(done.expect("these tests need git").success(), "git {asked:?}");
            self
        }

        fn look(&self, pattern: &str) -> PathFact {
            let pattern = format!("{}{pattern}", self.path("").to_str().expect("text"));
            look_at_all(&pattern, &mut Budget::default())
        }
    }

    #[test]
    fn what_holds_of_all_that_is_found_holds_of_the_pattern() {
        let world = World::build();
        let sources = world.look("src/*.rs");
        assert!(sources.tracked_clean, "{sources:?}");
        assert_eq!((sources.state, sources.files), (PathState::File, Some(2)), "case does not count");
        let logs = world.look("*.log");
        assert!(logs.ignored && logs.files == Some(2), "a dot in front does not count: {logs:?}");
        assert_eq!(world.look("*.none").state, PathState::Missing);
        assert_eq!(world.look("**/*.rs").files, Some(2));
        fs::write(world.path("src/c.rs"), "new").expect("written");
        assert!(!world.look("src/*.rs").tracked_clean && !world.look("s?c/*").tracked_clean);
    }

    #[test]
    fn what_is_too_much_or_leads_elsewhere_is_not_known() {
        let world = World::build();
        symlink("/etc", world.path("z.log")).expect("linked");
        assert!(!world.look("*.log").ignored);
        for number in 0..60 {
            fs::write(world.path(&format!("src/{number}.rs")), "x").expect("written");
        }
        assert_eq!(world.look("src/*"), PathFact::default());
        assert!(
            !is_followed("/a/b**/c") && !is_followed("/a/[ab]*") && !is_followed("/a/+(x|*)") && !is_followed("/a/b")
        );
        assert!(is_followed("/a/*.log"));
    }
}
