//! Secrets in the repository, and everything else that must stay as it is.

use crate::fixture::{Room, SECRET, User, Walls, has_masks};
use crate::house::House;
use std::fs;
use std::process::Command;

#[test]
fn a_secret_in_the_repository_is_refused_and_its_example_is_not() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let room = Room::new(user);
        for text in ["cat .env", "cat apps/web/.env.local", "source .env", "cp -a . ../copy && cat ../copy/.env"] {
            let done = room.bash(text);
            assert!(!done.shows_the_secret() && done.status() != 0, "{user:?}: {text}: {done:?}");
            assert!(done.stderr.contains("ermission denied"), "{user:?}: {text}: {done:?}");
        }
        let done = room.bash("cat .env.example README.md");
        assert_eq!((done.status(), done.stdout.as_str()), (0, "TOKEN=\nhello\n"), "{user:?}: {done:?}");
    }
}

#[test]
fn a_refusal_never_looks_empty_or_absent() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let room = Room::new(user);
        let done = room.bash(
            "[ -e .env ] && [ -f .env ] && [ ! -L .env ] && [ -d ../.aws ] && [ -f ../.netrc ] && echo there\n\
             cat .env || echo refused\nls ../.aws || echo refused\n: > .env || echo refused\n: >> .env || echo refused\n\
             touch ../.aws/new || echo refused\nls -a",
        );
        assert_eq!(done.stdout.matches("there").count(), 1, "{user:?}: {done:?}");
        assert_eq!(done.stdout.matches("refused").count(), 5, "{user:?}: {done:?}");
        assert!(
            done.stderr.contains("ermission denied") && !done.stderr.contains("No such file"),
            "{user:?}: {done:?}"
        );
        assert!(done.stdout.lines().any(|line| line == ".env"), "{user:?}: {done:?}");
    }
}

#[test]
fn new_files_stay_readable_beside_a_secret_in_home_and_in_the_repository() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let room = Room::new(user);
        let done = room.bash(
            "echo one > new && cat new && mkdir -p a/b && echo two > a/b/c && mv a/b/c d && cat d && rm -r a\n\
             echo three > ../fresh && cat ../fresh && mkdir ../.config/tool && echo four > ../.config/tool/x && cat ../.config/tool/x\n\
             mkdir clone && echo SECRET=own > clone/.env && cat clone/.env && mv clone ../elsewhere && cat ../elsewhere/.env",
        );
        let all = "one\ntwo\nthree\nfour\nSECRET=own\nSECRET=own\n";
        assert_eq!((done.status(), done.stdout.as_str()), (0, all), "{user:?}: {done:?}");
    }
}

#[test]
fn nothing_is_left_behind_in_the_repository_or_the_home() {
    for user in User::all() {
        let room = Room::new(user);
        let listing = |room: &Room| {
            let mut names: Vec<String> = walk(&room.home());
            names.sort();
            names
        };
        fs::create_dir_all(room.home().join(".config/holdpoint")).expect("a directory");
        let before = listing(&room);
        assert_eq!(room.bash("true").status(), 0);
        assert_eq!(before, listing(&room), "{user:?}");
    }
}

fn walk(directory: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("a directory").flatten();
    entries
        .flat_map(|entry| {
            let path = entry.path();
            let below = if path.is_dir() { walk(&path) } else { Vec::new() };
            below.into_iter().chain([path.display().to_string()])
        })
        .collect()
}

#[test]
fn a_tracked_secret_is_left_to_git() {
    if !has_masks() {
        return;
    }
    let mut room = Room::new(User::Tester);
    room.tracked = vec![room.repository().canonicalize().expect("a path").join(".env")];
    let done = room.bash("cat .env; cat apps/web/.env.local");
    assert_eq!(done.stdout, SECRET, "{done:?}");
}

#[test]
fn git_works_beside_a_masked_file() {
    if !has_masks() {
        return;
    }
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("NOT TESTED: git is not on this machine");
        return;
    }
    for user in User::all() {
        let room = Room::new(user);
        fs::remove_dir_all(room.repository().join(".git")).expect("removed");
        room.write("home/shop/.gitignore", ".env*\n!.env.example\n");
        let done = room.bash(
            "git init -q -b main . && git add -A && git commit -qm first && git status --porcelain && \
             echo more >> README.md && git commit -qam second && git checkout -q -b side && git log --oneline | wc -l && \
             git clone -q . ../clone && cat ../clone/README.md && git stash list && git gc -q && git fsck",
        );
        assert_eq!(done.status(), 0, "{user:?}: {done:?}");
        assert_eq!(done.stdout.split_whitespace().collect::<Vec<_>>(), ["2", "hello", "more"], "{user:?}: {done:?}");
    }
}

#[test]
fn what_policy_denies_is_refused_too() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let mut room = Room::new(user);
        room.write("home/notes/plan.txt", SECRET);
        room.write("home/shop/deep/er/customers.csv", SECRET);
        room.write("home/shop/keys/one.txt", SECRET);
        room.deny = vec!["~/notes".into(), "*.csv".into(), "keys/*.txt".into()];
        for text in ["cat ../notes/plan.txt", "cat deep/er/customers.csv", "cat keys/one.txt"] {
            let done = room.bash(text);
            assert!(!done.shows_the_secret() && done.status() != 0, "{user:?}: {text}: {done:?}");
        }
    }
}

#[test]
fn what_is_passed_can_be_read_and_nothing_else() {
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            room.passes = vec!["cloud.aws".into(), "~/.netrc".into()];
            let done = room.bash(
                "cat ../.aws/credentials; cat ../.netrc; cat ../.ssh/id_ed25519 && exit 7; cat ../.ssh/known_hosts",
            );
            assert_eq!(done.stdout, format!("{SECRET}{SECRET}a host"), "{user:?}, {walls:?}: {done:?}");
        }
    }
}

#[test]
fn public_certificates_and_settings_without_a_token_stay_readable() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let room = Room::new(user);
        room.write("home/shop/server.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n");
        room.write("home/shop/private.pem", &format!("-----BEGIN PRIVATE KEY-----\n{SECRET}\n"));
        room.write("home/.npmrc", "registry=https://registry.example.org/\n//r.example.org/:_authToken=${NPM_TOKEN}\n");
        room.write("home/shop/.npmrc", &format!("//r.example.org/:_authToken={SECRET}\n"));
        room.write("home/.bashrc", "alias ll='ls -l'\n");
        let done =
            room.bash("cat server.pem ../.npmrc ../.bashrc > /dev/null && echo fine; cat private.pem; cat .npmrc");
        assert_eq!(done.stdout, "fine\n", "{user:?}: {done:?}");
        assert!(!done.shows_the_secret(), "{user:?}: {done:?}");
    }
}

#[test]
fn a_secret_that_comes_after_an_earlier_start_looked_is_refused() {
    if !has_masks() {
        return;
    }
    let house = House::new();
    let (home, repository) = (house.0.path().join("home"), house.0.path().join("home/shop"));
    fs::create_dir_all(repository.join("deep/er")).expect("directories");
    house.tool("show", "#!/bin/sh\ncat deep/er/.env\ncat ~/.frob\n");
    assert_eq!(house.bash("true", &[]).status.code(), Some(0));
    // Only what has not changed for two seconds is remembered.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert_eq!(house.bash("true", &[]).status.code(), Some(0));
    if fs::read_dir(home.join(".local/state/holdpoint/cache/directories")).is_err() {
        eprintln!(
            "NOT TESTED: what an earlier start remembers, because the temporary directory is on a file system without times to trust"
        );
    }
    fs::write(repository.join("deep/er/.env"), SECRET).expect("written");
    fs::write(home.join(".frob"), SECRET).expect("written");
    let done = house.bash("show", &[]);
    assert!(!String::from_utf8_lossy(&done.stdout).contains(SECRET.trim()), "{done:?}");
    assert_eq!(String::from_utf8_lossy(&done.stderr).matches("ermission denied").count(), 2, "{done:?}");
}

#[test]
fn a_secret_of_a_part_of_a_large_repository_is_refused() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let room = Room::new(user);
        room.write("home/shop/apps/web/config/credentials/production.key", SECRET);
        let done = room.bash("cat apps/web/config/credentials/production.key");
        assert!(!done.shows_the_secret() && done.stderr.contains("Permission denied"), "{user:?}: {done:?}");
    }
}
