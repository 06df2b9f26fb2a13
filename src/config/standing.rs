//! What stands at a path, and whether it could be brought back.

use super::census::{Census, count};
use super::facts::Budget;
use super::find::{locate, repository_root};
use super::git::Git;
use super::likeness::Likeness;
use super::manifest::{Ignored, is_made_again};
use crate::decide::action::{PathFact, PathState};
use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

/// Looks at a path. What cannot be found out stays unknown, `false` or `None`.
pub(super) fn look_at(path: &Path, budget: &mut Budget) -> PathFact {
    let mut fact = PathFact::default();
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) => {
            fact.state = if is_absent(&error) { PathState::Missing } else { PathState::Unknown };
            fact.real = locate(path).ok().and_then(|real| tell_if_other(&real, path));
            return fact;
        }
    };
    fact.state = state_of(path, &found);
    fact.real = fs::canonicalize(path).ok().and_then(|real| tell_if_other(&real, path));
    // Whether a link's name or its target is hit depends on the command, so that nothing softens it.
    match locate(path) {
        Ok(place) if !found.is_symlink() => weigh(&place, &found, &mut fact, budget),
        _ => {}
    }
    fact
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOENT | libc::ENOTDIR))
}

fn tell_if_other(real: &Path, path: &Path) -> Option<String> {
    (real != path).then(|| real.to_string_lossy().into_owned())
}

/// What a link leads to counts; a link that leads nowhere is a file.
fn state_of(path: &Path, found: &Metadata) -> PathState {
    let kind = if found.is_symlink() { fs::metadata(path).map(|to| to.file_type()) } else { Ok(found.file_type()) };
    match kind {
        Ok(kind) if kind.is_file() => PathState::File,
        Ok(kind) if kind.is_dir() => PathState::Directory,
        Ok(_) => PathState::Special,
        Err(error) if is_absent(&error) => PathState::File,
        Err(_) => PathState::Unknown,
    }
}

/// Asks git and the manifests whether it can be had again, and counts what lies there.
fn weigh(place: &Path, found: &Metadata, fact: &mut PathFact, budget: &mut Budget) {
    let root = place.parent().and_then(repository_root);
    let inner = root.and_then(|root| place.strip_prefix(root).ok()).unwrap_or(place);
    let listed = root.map(|root| Budget::spend(&mut budget.git, |until| Git::alone(until).list_index(root, inner)));
    let tracked = match (root, listed) {
        (Some(root), Some(Some(index))) if !index.is_empty() => Some((root, Likeness::new(index))),
        (Some(root), Some(Some(_))) => {
            fact.ignored = Budget::spend(&mut budget.git, |until| Git::alone(until).is_ignored(root, inner));
            None
        }
        // git could not be asked: something tracked may lie there.
        (Some(_), _) => return tell_amount(&census_of(place, found, budget), fact),
        (None, _) => None,
    };
    fact.tracked = tracked.is_some();
    let Some((root, mut likeness)) = tracked else {
        fact.manifest_beside = is_made_again(place, if fact.ignored { Ignored::Yes } else { Ignored::No });
        // Nobody is asked about what is made again, and `node_modules` takes long to count.
        if !fact.manifest_beside || found.is_file() {
            tell_amount(&census_of(place, found, budget), fact);
        }
        return;
    };
    let census = Budget::spend(&mut budget.counting, |until| {
        count(place, found, until, &mut |path, own| likeness.meet(path.strip_prefix(root).unwrap_or(path), own))
    });
    tell_amount(&census, fact);
    fact.tracked_clean = !census.cut_short
        && census.files > 0
        && Budget::spend(&mut budget.git, |until| {
            let git = Git::alone(until);
            likeness.differing(&git, root).is_some_and(|differing| differing.is_empty())
                && git.is_committed(root, inner)
        });
}

fn census_of(place: &Path, found: &Metadata, budget: &mut Budget) -> Census {
    Budget::spend(&mut budget.counting, |until| count(place, found, until, &mut |_, _| {}))
}

fn tell_amount(census: &Census, fact: &mut PathFact) {
    fact.files = Some(census.files);
    fact.bytes = Some(census.bytes);
    fact.at_least = census.cut_short;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;
    use std::process::Command;

    /// A repository with `src/a.rs`, `src/b.rs` and `.gitignore`, committed.
    struct World(tempfile::TempDir);

    impl World {
        fn build() -> World {
            let world = World(tempfile::tempdir().expect("a temporary directory"));
            world.write("app/src/a.rs", "a").write("app/src/b.rs", "b").write("app/.gitignore", "/build\n/.env\n");
            world.git(&["init", "-q"]).git(&["add", "."]).git(&["commit", "-q", "-m", "all"]);
            world
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().canonicalize().expect("real").join(name)
        }

        fn write(&self, name: &str, text: &str) -> &World {
            fs::create_dir_all(self.path(name).parent().expect("a parent")).expect("made");
            fs::write(self.path(name), text).expect("written");
            self
        }

        fn git(&self, asked: &[&str]) -> &World {
            let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
            let done = Command::new("git").current_dir(self.path("app")).args(identity).args(asked).status();
            assert!(done.expect("these tests need git").success(), "git {asked:?}");
            self
        }

        fn look(&self, name: &str) -> PathFact {
            look_at(&self.path(name), &mut Budget::default())
        }
    }

    #[test]
    fn what_is_committed_and_untouched_is_clean() {
        let world = World::build();
        assert!(world.look("app/src/a.rs").tracked_clean);
        let whole = world.look("app/src");
        assert!(whole.tracked_clean, "{whole:?}");
        assert_eq!((whole.state, whole.files, whole.bytes), (PathState::Directory, Some(2), Some(2)));
    }

    #[test]
    fn a_touched_file_is_clean_and_a_changed_one_is_not() {
        let world = World::build();
        world.write("app/src/a.rs", "a");
        assert!(world.look("app/src").tracked_clean, "the same text was written again");
        world.write("app/src/a.rs", "A");
        assert!(!world.look("app/src").tracked_clean);
        assert!(world.look("app/src/b.rs").tracked_clean);
    }

    #[test]
    fn an_untracked_file_or_a_staged_change_is_not_clean() {
        let world = World::build();
        world.write("app/src/new.rs", "n");
        assert!(!world.look("app/src").tracked_clean);
        world.git(&["add", "."]);
        assert!(!world.look("app/src").tracked_clean);
        world.git(&["commit", "-q", "-m", "new"]);
        assert!(world.look("app/src").tracked_clean);
    }

    #[test]
    fn a_change_that_git_was_told_to_overlook_is_seen() {
        let world = World::build();
        world.git(&["update-index", "--assume-unchanged", "src/a.rs"]).write("app/src/a.rs", "lost");
        assert!(!world.look("app/src/a.rs").tracked_clean);
    }

    #[test]
    fn the_repository_itself_is_not_clean() {
        let world = World::build();
        assert!(!world.look("app").tracked_clean);
        assert!(!world.look("app/.git").tracked_clean);
    }

    #[test]
    fn nothing_that_the_repository_names_is_run() {
        let world = World::build();
        let (trap, sign) = (world.path("trap"), world.path("sprung"));
        fs::write(&trap, format!("#!/bin/sh\ntouch '{}'\ncat\n", sign.display())).expect("written");
        fs::set_permissions(&trap, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("executable");
        let trap = trap.to_str().expect("text");
        world.write("app/.gitattributes", "* filter=trap diff=trap\n");
        for key in [
            "core.fsmonitor",
            "core.sshCommand",
            "filter.trap.clean",
            "filter.trap.process",
            "diff.external",
            "diff.trap.command",
            "diff.trap.textconv",
            "core.pager",
            "core.editor",
            "credential.helper",
        ] {
            world.git(&["config", key, trap]);
        }
        for hook in ["post-index-change", "pre-auto-gc", "reference-transaction", "fsmonitor-watchman"] {
            fs::copy(trap, world.path("app/.git/hooks").join(hook)).expect("planted");
        }
        let _ = fs::remove_file(&sign);
        world.write("app/src/a.rs", "x").write("app/.env", "x");
        for name in ["app", "app/src", "app/src/a.rs", "app/src/b.rs", "app/.env", "app/none"] {
            let _ = world.look(name);
        }
        assert!(!sign.exists(), "something of the repository was run");
        let _ = Command::new("git").current_dir(world.path("app")).arg("status").output();
        assert!(sign.exists(), "the trap is not set: this test could not have failed");
    }

    #[test]
    fn build_output_beside_its_manifest_is_made_again() {
        let world = World::build();
        world.write("app/target/debug/x", "x");
        assert!(!world.look("app/target").manifest_beside);
        world.write("app/Cargo.toml", "[package]");
        assert!(world.look("app/target").manifest_beside);
        assert!(world.look("app/target/debug").manifest_beside);
        world.write("app/build/x", "x").write("app/out/x", "x").write("app/.env", "x");
        assert!(world.look("app/build").manifest_beside, "git ignores it");
        assert!(!world.look("app/out").manifest_beside, "git does not ignore it");
        let secret = world.look("app/.env");
        assert!(secret.ignored && !secret.manifest_beside);
    }

    #[test]
    fn build_output_that_git_tracks_is_not_made_again() {
        let world = World::build();
        world.write("app/target/page.md", "x").write("app/Cargo.toml", "x").git(&["add", "."]);
        let fact = world.look("app/target");
        assert!(!fact.manifest_beside && !fact.tracked_clean, "{fact:?}");
    }

    #[test]
    fn behind_a_link_nothing_is_softened_and_the_real_path_is_told() {
        let world = World::build();
        world.write("photos/a.jpg", "x").write("app/Cargo.toml", "x");
        symlink(world.path("photos"), world.path("app/target")).expect("linked");
        let link = world.look("app/target");
        assert_eq!(link.real.as_deref(), world.path("photos").to_str());
        assert!(!link.manifest_beside && !link.tracked_clean);
        let inside = world.look("app/target/a.jpg");
        assert_eq!(inside.real.as_deref(), world.path("photos/a.jpg").to_str());
        assert!(!inside.manifest_beside);
        assert_eq!(world.look("app/target/new").real.as_deref(), world.path("photos/new").to_str());
    }

    #[test]
    fn the_kinds_of_things_are_told_apart() {
        let world = World::build();
        symlink("nowhere", world.path("dangling")).expect("linked");
        nix::unistd::mkfifo(&world.path("pipe"), nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
        assert_eq!(world.look("none").state, PathState::Missing);
        assert_eq!(world.look("app/src/a.rs/x").state, PathState::Missing);
        assert_eq!(world.look("dangling").state, PathState::File);
        assert_eq!(world.look("pipe").state, PathState::Special);
        assert_eq!(world.look("no\0name").state, PathState::Unknown);
    }

    #[test]
    fn without_time_nothing_is_softened_and_the_count_is_a_least() {
        let world = World::build();
        world.write("app/Cargo.toml", "x").write("app/target/x", "x");
        let mut budget = Budget::default();
        (budget.counting, budget.git) = (std::time::Duration::ZERO, std::time::Duration::ZERO);
        let fact = look_at(&world.path("app/src"), &mut budget);
        assert!(!fact.tracked_clean && fact.at_least, "{fact:?}");
        assert!(!look_at(&world.path("app/target"), &mut budget).manifest_beside);
    }
}
