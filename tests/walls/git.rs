//! git's own files: hooks and settings run later, outside of the walls.

use crate::fixture::{Room, User, Walls, has_masks};
use crate::house::{House, err, out};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn git(at: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=Ada", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"]);
    let done =
        command.arg("-C").arg(at).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null").output().expect("git runs");
    assert!(done.status.success(), "{arguments:?}: {done:?}");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

fn has_git() -> bool {
    let there = Command::new("git").arg("--version").output().is_ok();
    if !there {
        eprintln!("NOT TESTED: git is not on this machine");
    }
    there
}

/// A repository with a commit.
fn furnish(room: &Room) -> PathBuf {
    let root = room.repository();
    let _ = fs::remove_dir_all(root.join(".git"));
    git(&root, &["init", "-q", "-b", "main"]);
    git(&root, &["commit", "-q", "--allow-empty", "-m", "a"]);
    fs::create_dir_all(root.join(".git/hooks")).expect("a directory");
    root
}

/// Each tries to plant a hook or a setting, without a word of git in what the judge sees.
const PLANTERS: &[&str] = &[
    "echo x > .git/hooks/pre-commit",
    "mv planted .git/hooks/pre-commit",
    "ln -s ../../planted .git/hooks/pre-commit",
    "mv .git/hooks .git/old && mkdir .git/hooks",
    "rm -rf .git/hooks",
    "echo '[core] fsmonitor = x' >> .git/config",
    "cp planted .git/config",
    "mv planted .git/config",
    "mv .git/config .git/old && cp planted .git/config",
    "git config core.fsmonitor x",
    "git config alias.st '!x'",
    "mv .git .old && cp -r .old .git && echo '[core] fsmonitor = x' >> .git/config",
];

#[test]
fn no_program_plants_a_hook_or_a_setting() {
    if !has_masks() {
        return;
    }
    if !has_git() {
        return;
    }
    for user in User::all() {
        for walls in [Walls::Best, Walls::MasksAlone] {
            let mut room = Room::outside(user);
            room.walls = walls;
            let root = furnish(&room);
            let before = fs::read_to_string(root.join(".git/config")).expect("text");
            for text in PLANTERS {
                fs::write(root.join("planted"), "[core]\n\tfsmonitor = x\n").expect("a file");
                let done = room.bash(text);
                assert!(done.stood.is_ok() && done.status() != 0, "{user:?}, {walls:?}: {text}: {done:?}");
                assert_eq!(fs::read_to_string(root.join(".git/config")).expect("text"), before, "{text}: {done:?}");
                assert!(!root.join(".git/hooks/pre-commit").exists(), "{text}: {done:?}");
            }
            room.passes = vec!["write:./.git/hooks".into()];
            assert_eq!(room.bash("echo x > .git/hooks/pre-commit").status(), 0, "{user:?}: what may be written is");
        }
    }
}

#[test]
fn a_worktree_and_a_submodule_are_worked_in_and_keep_their_settings() {
    if !has_masks() {
        return;
    }
    if !has_git() {
        return;
    }
    for user in User::all() {
        let mut room = Room::outside(user);
        let root = furnish(&room);
        git(&root, &["worktree", "add", "-q", "../tree", "-b", "side"]);
        git(&room.home(), &["init", "-q", "-b", "main", "library"]);
        git(&room.home().join("library"), &["commit", "-q", "--allow-empty", "-m", "a"]);
        git(&root, &["submodule", "--quiet", "add", "../library", "lib"]);
        for work in [room.home().join("tree"), root.join("lib")] {
            room.directory.clone_from(&work);
            room.root.clone_from(&work);
            room.programs = vec!["git".into()];
            let done = room.bash(
                "git config user.name Ada && git config user.email a@example.org && echo a > a && git add a && git commit -qm b && git log --format=%s",
            );
            assert_eq!(done.stdout, "b\na\n", "{user:?}: {work:?}: {done:?}");
            room.programs.clear();
            for text in [
                "git config core.fsmonitor x",
                "echo gitdir: /tmp > .git",
                "mv .git old",
                "echo x > $(git rev-parse --git-path hooks)/pre-commit",
            ] {
                let done = room.bash(text);
                assert!(done.stood.is_ok() && done.status() != 0, "{user:?}: {work:?}: {text}: {done:?}");
            }
        }
        room.directory.clone_from(&root);
        room.root.clone_from(&root);
        let done = room.bash("git -C lib config core.fsmonitor x");
        assert_ne!(done.status(), 0, "{user:?}: a submodule's settings, from above: {done:?}");
    }
}

#[test]
fn a_git_file_that_leads_elsewhere_opens_nothing() {
    if !has_git() {
        return;
    }
    for user in User::all() {
        let mut room = Room::outside(user);
        furnish(&room);
        git(&room.home(), &["init", "-q", "-b", "main", "other"]);
        git(&room.home().join("other"), &["commit", "-q", "--allow-empty", "-m", "a"]);
        git(&room.home().join("other"), &["worktree", "add", "-q", "../real", "-b", "side"]);
        let fake = room.home().join("shop/fake");
        fs::create_dir_all(&fake).expect("a directory");
        room.directory.clone_from(&fake);
        room.root.clone_from(&fake);
        for target in ["", "other/.git", "other/.git/worktrees/real"] {
            fs::write(fake.join(".git"), format!("gitdir: {}\n", room.home().join(target).display())).expect("a file");
            let done = room.bash("touch ~/other/.git/new ~/other/new ~/new");
            assert_ne!(done.status(), 0, "{user:?}: {target}: {done:?}");
            let made = ["new", "other/new", "other/.git/new"].map(|name| room.home().join(name).exists());
            assert_eq!(made, [false; 3], "{user:?}: {target}");
        }
    }
}

#[test]
fn what_is_planted_while_git_works_is_taken_out_again_and_told() {
    if !has_git() {
        return;
    }
    let house = House::outside();
    let root = house.0.path().join("home/shop");
    git(&root, &["init", "-q", "-b", "main"]);
    git(&root, &["commit", "-q", "--allow-empty", "-m", "a"]);
    house.tool("plant", "#!/bin/sh\ngit config core.fsmonitor /tmp/x\ngit config branch.side.remote origin\n");
    let done = house.bash("git checkout -qb side && plant", &[]);
    let settings = git(&root, &["config", "--local", "--list"]);
    assert!(settings.contains("branch.side.remote=origin") && !settings.contains("fsmonitor"), "{settings}: {done:?}");
    assert!(err(&done).contains("core.fsmonitor in ") && err(&done).lines().count() == 1, "{done:?}");
    let done = house.bash("git config alias.co checkout && git config alias.ll 'log --oneline' && git remote add up ../x && git config --get alias.co", &[]);
    assert!(out(&done) == "checkout\n" && err(&done).is_empty(), "{done:?}");
}

#[test]
fn installers_of_hooks_install_them_and_others_do_not() {
    if !has_masks() {
        return;
    }
    if !has_git() {
        return;
    }
    let house = House::outside();
    let root = house.0.path().join("home/shop");
    git(&root, &["init", "-q", "-b", "main"]);
    for name in ["pre-commit", "build"] {
        house.tool(name, "#!/bin/sh\necho x > .git/hooks/pre-commit\n");
    }
    let done = house.bash("build", &[]);
    assert!(!done.status.success() && !root.join(".git/hooks/pre-commit").exists(), "{done:?}");
    let done = house.bash("pre-commit install", &[]);
    assert!(done.status.success() && root.join(".git/hooks/pre-commit").exists(), "{done:?}");
}
