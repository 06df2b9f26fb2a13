//! Files that hold tokens: found, walled off, remembered.

use crate::fixture::{Room, SECRET, User, Walls, has_masks};
use crate::house::{House, err, out};
use std::fs;
use std::process::Command;

/// Drawn at random once; it opens nothing. In two parts, so that no file of the repository holds one.
fn token() -> String {
    ["ghp_", "hV7q0pZr2mN8xK4wT9bL3sD6fG1jC5a1B2c3"].concat()
}

fn git(house: &House, arguments: &[&str]) {
    let place = house.0.path().join("home/shop");
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
    let done = Command::new("git").current_dir(place).args(identity).args(arguments).output().expect("git runs");
    assert!(done.status.success(), "{done:?}");
}

/// A house with a token in an ignored file, one in a tracked file and one in git's settings.
fn furnished() -> House {
    let house = House::new();
    fs::remove_dir(house.0.path().join("home/shop/.git")).expect("removed");
    house.write("shop/.gitignore", "/notes.txt\n");
    house.write("shop/notes.txt", &format!("# deploy\n\ntoken: {}\n", token()));
    house.write("shop/src/app.py", &format!("KEY = '{}'\n", token()));
    house.write("shop/src/main.py", "print('hello')\n");
    git(&house, &["init", "-q"]);
    git(&house, &["add", "."]);
    git(&house, &["commit", "-qm", "all"]);
    git(&house, &["remote", "add", "origin", &["https://ada:", "gT5kk39Lm2xQ@git.acme.org/shop.git"].concat()]);
    house.write("Documents/old.txt", &format!("{}\n", token()));
    house.write(".netrc", &format!("machine x password {}\n", token()));
    house
}

#[test]
fn a_scan_says_where_tokens_lie_and_never_what_they_are() {
    let house = furnished();
    let done = house.ask(&["scan"]);
    let said = out(&done);
    assert_eq!(done.status.code(), Some(1), "{said} {}", err(&done));
    for (place, how) in [
        ("shop/notes.txt:3: GitHub token, 40 characters; OPEN", "an ignored file"),
        ("shop/src/app.py:1: GitHub token, 40 characters; OPEN to every command, tracked by git", "a tracked file"),
        ("shop/.git/config:7: password in an address, 12 characters; OPEN to every command, needed by git", "settings"),
        ("Documents/old.txt:1: GitHub token", "the home"),
    ] {
        assert!(said.contains(place), "{how}: {said}");
    }
    assert!(!said.contains(".netrc:"), "what is walled off already is not read: {said}");
    let json = out(&house.ask(&["scan", "--json"]));
    let read: serde_json::Value = serde_json::from_str(&json).expect("one JSON object");
    assert_eq!(read["open"], 4, "{json}");
    for text in [&said, &json] {
        assert!(!text.contains("hV7q0p") && !text.contains("gT5kk39") && !text.contains("a1B2c3"), "{text}");
    }
}

#[test]
fn what_a_scan_walls_off_no_command_reads_until_it_is_forgotten() {
    if !has_masks() {
        return;
    }
    let house = furnished();
    let read = "cat notes.txt; cat ../Documents/old.txt; cat src/main.py; git status --porcelain";
    assert!(out(&house.bash(read, &[])).contains(&token()));
    for _ in 0..2 {
        let done = house.ask(&["scan", "--fix"]);
        assert_eq!(done.status.code(), Some(1), "two cannot be masked: {}", out(&done));
        assert!(out(&done).contains("notes.txt:3: GitHub token, 40 characters; walled off"), "{}", out(&done));
    }
    let done = house.bash(read, &[]);
    assert_eq!(out(&done), "print('hello')\n", "{}", err(&done));
    assert_eq!(err(&done).matches("ermission denied").count(), 2, "{}", err(&done));
    let script = "python3 -c \"print(open('notes.txt').read())\"; cp notes.txt copy; cat copy";
    assert!(!out(&house.bash(script, &[])).contains(&token()));
    let doctor = out(&house.ask(&["doctor"]));
    assert!(doctor.contains("2 files are walled off for a token in them"), "{doctor}");
    let done = house.ask(&["scan", "--forget", "notes.txt"]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    assert!(out(&house.bash(read, &[])).contains(&token()));
    assert_eq!(house.ask(&["scan", "--forget", "notes.txt"]).status.code(), Some(2), "it is forgotten already");
}

#[test]
fn a_file_that_moved_or_lost_its_token_is_told() {
    if !has_masks() {
        return;
    }
    let house = furnished();
    house.ask(&["scan", "--fix"]);
    let home = house.0.path().join("home");
    fs::rename(home.join("shop/notes.txt"), home.join("shop/moved.txt")).expect("moved");
    house.write("Documents/old.txt", "nothing\n");
    let said = out(&house.ask(&["scan"]));
    assert!(said.contains("walled off once, and no longer there (--fix forgets it): "), "{said}");
    assert!(said.contains("holds no token any more (--fix opens it): "), "{said}");
    assert!(said.contains("moved.txt:3: GitHub token, 40 characters; OPEN"), "{said}");
    let said = out(&house.ask(&["scan", "--fix"]));
    assert!(said.contains("moved.txt:3: GitHub token, 40 characters; walled off"), "{said}");
    let read = house.bash("cat moved.txt; cat ../Documents/old.txt", &[]);
    assert_eq!(out(&read), "nothing\n", "{}", err(&read));
}

#[test]
fn a_scan_without_tokens_ends_well_and_a_wrong_one_says_so() {
    let house = House::new();
    house.write("shop/src/main.py", "print('hello')\n");
    let done = house.ask(&["scan", "."]);
    assert_eq!((done.status.code(), err(&done).as_str()), (Some(0), ""), "{}", out(&done));
    assert!(out(&done).contains("no token was found"), "{}", out(&done));
    for wrong in [&["scan", "no-such-place"][..], &["scan", "--forget"], &["scan", "--fix", "--forget", "x"]] {
        assert_eq!(house.ask(wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn a_command_can_neither_scan_nor_change_what_is_remembered() {
    if !has_masks() {
        return;
    }
    let house = furnished();
    house.ask(&["scan", "--fix"]);
    let program = env!("CARGO_BIN_EXE_holdpoint");
    let state = "../.local/state/holdpoint/scan";
    for text in [
        format!("{program} scan --forget notes.txt"),
        format!("{program} scan"),
        format!("cat {state}/paths"),
        format!("echo > {state}/paths"),
        format!("python3 -c \"import shutil; shutil.rmtree('{state}')\""),
    ] {
        let done = house.bash(&text, &[]);
        assert!(!done.status.success(), "{text}: {} {}", out(&done), err(&done));
    }
    assert!(!out(&house.bash("cat notes.txt", &[])).contains(&token()));
}

#[test]
fn a_found_file_is_refused_to_every_user_and_files_beside_it_are_not() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            let found = [room.write("home/.config/tool/state.txt", SECRET), room.write("home/shop/notes.txt", SECRET)];
            room.found = found.iter().map(|path| path.canonicalize().expect("a path")).collect();
            room.found.push(room.home().join("gone"));
            let done = room.bash("cat ../.config/tool/state.txt");
            assert!(!done.shows_the_secret() && done.status() != 0, "{user:?}, {walls:?}: {done:?}");
            let done = room.bash("cat README.md; echo new > new && cat new");
            assert_eq!(done.stdout, "hello\nnew\n", "{user:?}, {walls:?}: {done:?}");
            let done = room.bash("cat notes.txt");
            let kept = walls == Walls::Best;
            assert_eq!(!done.shows_the_secret(), kept, "{user:?}, {walls:?}: {done:?}");
            room.passes = vec!["scan.found".into()];
            assert!(room.bash("cat notes.txt").shows_the_secret(), "policy passes it");
        }
    }
}

#[test]
fn what_git_tracks_by_now_is_left_to_it() {
    let mut room = Room::new(User::Tester);
    let path = room.write("home/shop/notes.txt", SECRET).canonicalize().expect("a path");
    (room.found, room.tracked) = (vec![path.clone()], vec![path]);
    assert!(room.bash("cat notes.txt").shows_the_secret());
}

#[test]
fn secrets_of_other_working_trees_are_refused() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let mut room = Room::new(user);
        fs::remove_dir_all(room.repository().join(".git")).expect("removed");
        let at = room.repository();
        let git = |arguments: &[&str]| {
            let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"];
            let done = Command::new("git").current_dir(&at).args(identity).args(arguments).output().expect("git runs");
            assert!(done.status.success(), "{done:?}");
        };
        git(&["init", "-q", "-b", "main"]);
        git(&["commit", "-q", "--allow-empty", "-m", "first"]);
        git(&["clone", "-q", ".", "../other"]);
        git(&["submodule", "--quiet", "add", "../other", "parts/one"]);
        git(&["worktree", "add", "-q", "../tree"]);
        room.write("home/tree/.env", SECRET);
        room.write("home/shop/parts/one/.env", SECRET);
        for (from, secrets) in [
            ("home/shop", [".env", "../tree/.env", "parts/one/.env"]),
            ("home/tree", [".env", "../shop/.env", "../shop/parts/one/.env"]),
            ("home/shop/parts/one", [".env", "../../.env", "../../apps/web/.env.local"]),
        ] {
            for secret in secrets {
                room.directory = room.room.path().join(from);
                room.root = room.directory.clone();
                let done = room.bash(&format!("cat {secret}"));
                assert!(!done.shows_the_secret(), "{user:?}, from {from}: {secret}: {done:?}");
                assert!(done.stderr.contains("ermission denied"), "{user:?}, from {from}: {secret}: {done:?}");
            }
        }
    }
}
