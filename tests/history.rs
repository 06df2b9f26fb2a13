//! What git would throw away is held only where git does not have it elsewhere: commands before the judge, in real repositories.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Command, Output};

/// A home with a clone in it: `src/a.rs`, `.gitignore`, `Cargo.toml` are committed and pushed; `topic` adds `src/b.rs`.
struct Place(tempfile::TempDir);

impl Place {
    fn build() -> Place {
        // Not below /tmp: what lies there is temporary.
        let place = Place(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory"));
        fs::create_dir_all(place.path("shop")).expect("a directory");
        place.git(&["init", "-q", "--bare", "../origin.git"]).git(&["init", "-q", "-b", "main"]);
        place.write("src/a.rs", "a").write("Cargo.toml", "[package]").write(".gitignore", "target/\n.env\n");
        place.git(&["add", "."]).git(&["commit", "-qm", "one"]);
        place.git(&["remote", "add", "origin", "../origin.git"]).git(&["push", "-q", "-u", "origin", "main"]);
        place.git(&["checkout", "-qb", "topic"]).write("src/b.rs", "b");
        place.git(&["add", "."]).git(&["commit", "-qm", "two"]).git(&["checkout", "-q", "main"]);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().canonicalize().expect("real").join(name)
    }

    fn write(&self, name: &str, text: &str) -> &Place {
        let path = self.path("shop").join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, text).expect("written");
        self
    }

    fn git(&self, asked: &[&str]) -> &Place {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
        let done = Command::new("git").current_dir(self.path("shop")).args(identity).args(asked).output();
        let done = done.expect("these tests need git");
        assert!(done.status.success(), "git {asked:?}: {done:?}");
        self
    }

    fn check(&self, text: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_holdpoint"));
        command.args(["check", text]).current_dir(self.path("shop")).env_clear();
        command.env("HOME", self.0.path()).env("PATH", "/usr/bin:/bin").output().expect("holdpoint runs")
    }

    fn passes(&self, texts: &[&str]) -> &Place {
        for text in texts {
            let said = self.check(text);
            assert_eq!(said.status.code(), Some(0), "{text}: {}", String::from_utf8_lossy(&said.stdout));
        }
        self
    }

    fn holds(&self, texts: &[&str]) -> &Place {
        for text in texts {
            assert_eq!(self.check(text).status.code(), Some(10), "{text}");
        }
        self
    }
}

/// Everything that replaces tracked files with those of the last commit.
const RESETS: [&str; 10] = [
    "git reset --hard",
    "git reset --hard HEAD",
    "git checkout .",
    "git checkout -- .",
    "git checkout HEAD -- src",
    "git checkout -f",
    "git restore .",
    "git restore -SW src",
    "git -C src checkout .",
    "git checkout -- '*.rs'",
];

#[test]
fn where_nothing_differs_from_the_last_commit_it_may_be_restored() {
    let place = Place::build();
    place.passes(&RESETS).passes(&["cd src && git restore .", "git status && git reset --hard && git clean -fd"]);
    place.write("src/a.rs", "lost").holds(&RESETS).holds(&["cd src && git restore ."]);
    place.write("src/a.rs", "a").passes(&RESETS);
    fs::remove_file(place.path("shop/src/a.rs")).expect("removed");
    place.passes(&["git reset --hard", "git checkout ."]);
}

#[test]
fn staged_work_and_changes_that_git_overlooks_are_held() {
    let place = Place::build();
    place.write("src/a.rs", "staged").git(&["add", "."]).holds(&["git reset --hard", "git checkout HEAD -- ."]);
    place.git(&["reset", "-q", "--hard"]).git(&["update-index", "--assume-unchanged", "src/a.rs"]);
    place.write("src/a.rs", "hidden").holds(&["git reset --hard", "git checkout -f topic"]);
    let place = Place::build();
    place.write("new.rs", "n").git(&["add", "-N", "new.rs"]).holds(&["git reset --hard"]);
}

#[test]
fn the_person_is_told_which_files_would_be_lost() {
    let place = Place::build();
    place.write("src/a.rs", "lost").write("notes.txt", "mine");
    let told = |text: &str| String::from_utf8_lossy(&place.check(text).stdout).into_owned();
    assert!(told("git reset --hard").contains("shop/src/a.rs"));
    assert!(told("git clean -fd").contains("shop/notes.txt"));
}

#[test]
fn what_git_does_not_track_is_cleaned_only_where_tools_make_it_again() {
    let place = Place::build();
    place.passes(&["git clean -fd", "git clean -fdx", "git clean -f src"]);
    place.write("target/debug/x", "x").passes(&["git clean -fd", "git clean -fdx", "git clean -fdX"]);
    place.write(".env", "secret").passes(&["git clean -fd"]).holds(&["git clean -fdx", "git clean -fX"]);
    place.write("notes/a.txt", "mine").holds(&["git clean -fd", "git clean -fdx", "git clean -fd notes"]);
    place.passes(&["git clean -fd src", "cd src && git clean -fd"]);
}

#[test]
fn where_nothing_was_committed_nothing_is_kept() {
    let place = Place::build();
    fs::remove_dir_all(place.path("shop")).expect("removed");
    fs::create_dir_all(place.path("shop")).expect("made");
    place.git(&["init", "-q"]).holds(&["git clean -fd", "git reset --hard", "git branch -D main"]);
}

#[test]
fn what_a_commit_would_put_over_an_untracked_file_is_held() {
    let place = Place::build();
    place.passes(&["git checkout -f topic", "git checkout topic -- src", "git restore -s topic src"]);
    place.write("src/b.rs", "mine");
    place.holds(&["git checkout -f topic", "git reset --hard topic", "git restore -s topic src"]);
    place.holds(&["git checkout topic -- src", "git checkout topic src"]).passes(&["git reset --hard"]);
}

#[test]
fn commits_that_only_this_branch_has_are_not_left_behind() {
    let place = Place::build();
    place.passes(&["git reset --hard origin/main", "git fetch && git reset --hard origin/main"]);
    place.passes(&["git reset --hard topic"]).git(&["checkout", "-q", "topic"]).holds(&["git reset --hard HEAD~1"]);
    place.holds(&["git reset --hard main", "git reset --hard no-such-commit", "git reset --hard -- --output=x"]);
    place.git(&["push", "-q", "origin", "topic"]).passes(&["git reset --hard HEAD~1", "git reset --hard main"]);
}

#[test]
fn a_branch_is_deleted_where_a_remote_or_the_head_has_its_commits() {
    let place = Place::build();
    place.git(&["branch", "same"]).passes(&["git branch -D same"]).holds(&["git branch -D topic"]);
    place.holds(&["git branch -D same topic", "git branch -D no-such-branch", "git branch -D \"$x\""]);
    place
        .git(&["branch", "twin", "topic"])
        .holds(&["git branch -D topic twin", "git branch -D topic; git branch -D twin"]);
    place
        .git(&["merge", "-q", "topic"])
        .passes(&["git branch -D topic", "for b in topic twin; do git branch -D $b; done"]);
    place.git(&["checkout", "-q", "topic"]).holds(&["git checkout main~1 && git branch -D topic"]);
    place.git(&["push", "-q", "origin", "topic"]).passes(&["git checkout main && git branch -D topic"]);
    place.holds(&["git fetch --prune && git branch -D topic", "git branch -dr origin/topic && git branch -D topic"]);
}

#[test]
fn what_the_script_does_before_counts() {
    let place = Place::build();
    place.write("src/a.rs", "later").git(&["stash", "-q"]).passes(&["git reset --hard"]);
    place.holds(&["git stash pop && git reset --hard", "git stash apply; git checkout .", "git $x; git reset --hard"]);
    place.holds(&["git reset --soft HEAD~1 && git reset --hard", "git rm -q --cached src/a.rs && git clean -fd"]);
    place.holds(&["mv ~/notes.txt . && git clean -fd", "while make; do git reset --hard; git stash pop; done"]);
    place.holds(&["git config core.excludesFile /dev/null; git clean -fd", "git update-index -q x; git reset --hard"]);
}

#[test]
fn another_repository_than_the_one_that_was_asked_is_not_softened() {
    let place = Place::build();
    place.holds(&[
        "GIT_DIR=x git reset --hard",
        "export GIT_WORK_TREE=/srv; git checkout .",
        "git --git-dir=x reset --hard",
    ]);
    place.holds(&[
        "git -C \"$(cat x)\" reset --hard",
        "git -C no-such-place reset --hard",
        "cd \"$(cat x)\" && git reset --hard",
    ]);
    place.holds(&["git -c core.worktree=/srv reset --hard", "git -c core.excludesFile=/dev/null clean -fd"]);
    place.holds(&["ssh host 'cd shop && git reset --hard'", "docker exec web git reset --hard"]);
    place.git(&["config", "core.worktree", "/"]).holds(&["git clean -fd", "git reset --hard"]);
}

#[test]
fn a_stash_is_dropped_where_the_working_tree_has_what_it_has() {
    let place = Place::build();
    place.write("src/a.rs", "mine").write("new.txt", "n").git(&["stash", "-q", "-u"]).holds(&["git stash drop"]);
    place.git(&["stash", "apply", "-q"]).passes(&["git stash drop", "git stash drop stash@{0}"]);
    place.holds(&["git stash clear", "git stash drop stash@{1}"]).write("new.txt", "other").holds(&["git stash drop"]);
}

#[test]
fn a_working_tree_beside_is_removed_where_it_holds_nothing_of_its_own() {
    let place = Place::build();
    place.git(&["worktree", "add", "-q", "../beside", "topic"]).passes(&["git worktree remove --force ../beside"]);
    fs::write(place.path("beside/notes.txt"), "mine").expect("written");
    place.holds(&["git worktree remove --force ../beside", "git worktree remove -f ../no-such-tree"]);
}

#[test]
fn a_history_that_the_script_made_is_its_own() {
    let place = Place::build();
    place
        .passes(&["git init -q new && cd new && git commit -qm x --allow-empty && git reset --hard && git clean -fdx"]);
    place.passes(&["git worktree add ../w topic; cd ../w; make; cd -; git worktree remove --force ../w"]);
    place.passes(&["git checkout -qb try && git merge topic; git checkout main && git branch -D try"]);
    place.holds(&["git init -q . && git branch -D topic", "git branch -D try", "echo try; git branch -D try"]);
    place
        .write("notes.txt", "mine")
        .holds(&["git init -q . && git clean -fd", "mkdir new; mv notes.txt new; cd new && git clean -fd"]);
}

#[test]
fn nothing_that_the_repository_names_is_run_to_find_out() {
    let place = Place::build();
    let (trap, sign) = (place.path("trap"), place.path("sprung"));
    fs::write(&trap, format!("#!/bin/sh\ntouch '{}'\ncat\n", sign.display())).expect("written");
    fs::set_permissions(&trap, fs::Permissions::from_mode(0o755)).expect("executable");
    place.write(".gitattributes", "* filter=trap diff=trap\n").git(&["add", "."]).git(&["commit", "-qm", "trap"]);
    place.git(&["stash", "list"]);
    let name = trap.to_str().expect("text");
    for key in ["core.fsmonitor", "filter.trap.clean", "filter.trap.process", "diff.external", "diff.trap.textconv"] {
        place.git(&["config", key, name]);
    }
    for hook in ["post-index-change", "reference-transaction", "post-checkout"] {
        symlink(&trap, place.path("shop/.git/hooks").join(hook)).expect("planted");
    }
    let _ = fs::remove_file(&sign);
    let many = ["git clean -fdx", "git branch -D topic", "git reset --hard topic", "git stash drop", "git checkout ."];
    for text in many.iter().chain(&RESETS) {
        let _ = place.check(text);
    }
    assert!(!sign.exists(), "something of the repository was run");
    let _ = Command::new("git").current_dir(place.path("shop")).args(["status"]).output();
    assert!(sign.exists(), "the trap is not set: this test could not have failed");
}
