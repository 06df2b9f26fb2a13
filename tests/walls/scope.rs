//! Where commands write, and where not, by whatever program.

use crate::fixture::{Done, Room, User, Walls, has_masks};
use crate::house::{House, err, out};
use holdpoint::confine::Width;
use holdpoint::decide::policy::{Enforcement, Missing, Wall};
use std::fs;
use std::path::Path;

/// Each tries to change something outside of the scope: `~/notes`, `~/docs`, or something beside them.
const WRITERS: &[&str] = &[
    "echo changed > ~/notes",
    "echo changed >> ~/notes",
    ": > ~/notes",
    "tee ~/notes < README.md",
    "cp README.md ~/notes",
    "cp --remove-destination README.md ~/notes",
    "mv README.md ~/notes",
    "mv -f README.md ~/docs/new",
    "ln README.md ~/docs/new",
    "ln -s README.md ~/docs/new",
    "install README.md ~/notes",
    "sed -i s/kept/changed/ ~/notes",
    "dd if=README.md of=\"$HOME/notes\" conv=notrunc",
    "truncate -s 0 ~/notes",
    "python3 -c 'import os; os.truncate(os.environ[\"HOME\"] + \"/notes\", 0)'",
    "python3 -c 'import os; os.open(os.environ[\"HOME\"] + \"/notes\", os.O_RDONLY | os.O_TRUNC)'",
    "python3 -c 'import os; os.rename(\"README.md\", os.environ[\"HOME\"] + \"/notes\")'",
    "python3 -c 'import os; os.open(os.environ[\"HOME\"], os.O_TMPFILE | os.O_WRONLY)'",
    "perl -e 'unlink \"$ENV{HOME}/notes\" or exit 1'",
    "rm ~/notes",
    "rm -rf ~/docs",
    "rmdir ~/empty",
    "mkdir ~/docs/new",
    "mkdir ~/.config/new",
    "touch ~/new",
    "touch ~/.hidden",
    "mkfifo ~/docs/new",
    "mknod ~/docs/new p",
    "mv ~/docs ~/other",
    "mv ~/docs .",
    "ln ~/notes hard && echo changed > hard",
    "ln -s ~/notes soft && echo changed > soft",
    "ln -s ~/docs dir && touch dir/new",
    "mv ~/notes notes",
    "cd ~ && echo changed > notes",
    "cd ~/docs && touch new",
    "echo changed > \"/proc/self/root$HOME/notes\"",
    "exec 3< ~/notes; echo changed > /proc/self/fd/3",
    "echo changed > ../notes",
    "tar cf t.tar --transform s/README.md/notes/ README.md && tar xf t.tar -C ~ --overwrite",
    "git init -q ~/docs/new",
    "(setsid sh -c 'echo changed > ~/notes' &); sleep 0.3; grep -q changed ~/notes",
    "sh -c 'sh -c \"echo changed > ~/notes\"'",
    "find ~/docs -type f -exec sh -c 'echo changed > \"$1\"' _ {} + ; grep -q changed ~/docs/a",
    "echo x > ~/.cargo/config.toml",
    "echo x > ~/.local/bin/git",
    "touch ~/.ssh/rc",
    "touch ../other/new",
    "echo x > ../other/README.md",
];

fn furnish(room: &Room) {
    let _ = fs::remove_dir_all(room.repository());
    let _ = fs::remove_dir_all(room.home().join("docs"));
    fs::create_dir_all(room.repository().join(".git")).expect("a repository");
    fs::create_dir_all(room.home().join("empty")).expect("a directory");
    for (path, text) in [
        ("home/shop/README.md", "hello\n"),
        ("home/notes", "kept\n"),
        ("home/docs/a", "kept\n"),
        ("home/.config/tool", "kept\n"),
        ("home/.cargo/registry/index", "kept\n"),
        ("home/.local/bin/own", "kept\n"),
        ("home/other/README.md", "kept\n"),
    ] {
        room.write(path, text);
    }
}

/// Everything in the home but the repository, with the text of files.
fn picture(room: &Room) -> Vec<String> {
    fn look(path: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(path).expect("a directory").flatten() {
            let path = entry.path();
            if path.ends_with("home/shop") || path.ends_with("holdpoint") {
                continue;
            }
            if path.is_dir() {
                found.push(format!("{}/", path.display()));
                look(&path, found);
            } else {
                found.push(format!("{}: {:?}", path.display(), fs::read(&path).unwrap_or_default()));
            }
        }
    }
    let mut found = Vec::new();
    look(&room.home(), &mut found);
    found.sort();
    found
}

fn is_refused(done: &Done) -> bool {
    done.stood.is_ok() && (done.status() != 0 || done.stderr.contains("denied") || done.stderr.contains("Read-only"))
}

#[test]
fn no_program_writes_outside_of_the_scope() {
    if !has_masks() {
        return;
    }
    let all = [Walls::Best, Walls::LandlockAlone, Walls::MasksAlone, Walls::NamespacesRefused];
    // On the grounds that are seldom used one user is enough.
    for (place, user) in User::all().into_iter().rev().enumerate() {
        for walls in all.into_iter().take(if place == 0 { all.len() } else { 1 }) {
            let mut room = Room::outside(user);
            room.walls = walls;
            furnish(&room);
            room.bash("true");
            let before = picture(&room);
            for text in WRITERS {
                furnish(&room);
                let done = room.bash(text);
                assert!(is_refused(&done), "{user:?}, {walls:?}: {text}: {done:?}");
                assert_eq!(picture(&room), before, "{user:?}, {walls:?}: {text}: {done:?}");
            }
        }
    }
}

#[test]
fn the_repository_temporary_directories_caches_and_stores_are_written() {
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone, Walls::MasksAlone] {
            let mut room = Room::outside(user);
            room.walls = walls;
            furnish(&room);
            room.write("home/.cache/tool/f", "kept\n");
            let done = room.bash(
                "echo a > a && mkdir -p d/e && mv a d/e/b && ln d/e/b c && rm c && \
                 t=$(mktemp -d) && echo x > $t/x && mv $t/x x && rmdir $t && t=$(mktemp /var/tmp/XXXXXX) && rm $t && t=$(mktemp -p /dev/shm) && rm $t && \
                 echo x > ~/.cache/tool/g && mv ~/.cache/tool/g g && echo x > ~/.cargo/registry/new && echo host >> ~/.ssh/known_hosts && \
                 echo > /dev/null && echo 0 > /proc/self/oom_score_adj && echo works",
            );
            assert_eq!(done.stdout, "works\n", "{user:?}, {walls:?}: {done:?}");
        }
    }
}

#[test]
fn what_tools_keep_for_themselves_is_theirs() {
    for user in User::all() {
        let mut room = Room::outside(user);
        furnish(&room);
        assert!(is_refused(&room.bash("echo x > ~/.cargo/bin-new")), "{user:?}");
        room.programs = vec!["cargo".into()];
        let done = room.bash("mkdir -p ~/.cargo/bin && echo x > ~/.cargo/bin/tool && cat ~/.cargo/bin/tool");
        assert_eq!(done.stdout, "x\n", "{user:?}: {done:?}");
        room.programs = vec!["pnpm".into()];
        let done = room.bash("mkdir -p ~/.local/share/pnpm/store && echo works && ls -d ~/.local/share/pnpm");
        assert!(done.stdout.starts_with("works\n"), "what was missing was made for it: {user:?}: {done:?}");
        room.programs = vec!["gem".into()];
        room.bash("true");
        assert!(!room.home().join(".gem").exists(), "what stayed empty was taken away again");
    }
}

#[test]
fn a_store_that_a_variable_moves_is_written_where_it_lies_and_a_wide_one_is_not() {
    for user in User::all() {
        let mut room = Room::outside(user);
        furnish(&room);
        let moved = room.home().join("disk/cargo");
        fs::create_dir_all(moved.join("registry")).expect("a directory");
        room.variables = vec![("CARGO_HOME".into(), moved.display().to_string())];
        let done = room.bash("echo x > $CARGO_HOME/registry/x && echo works; echo x > ~/.cargo/registry/new");
        assert!(done.stdout == "works\n" && done.stderr.contains("denied"), "{user:?}: {done:?}");
        room.variables = ["CARGO_TARGET_DIR", "TMPDIR", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "HF_HOME"]
            .map(|name| (name.to_owned(), room.home().display().to_string()))
            .to_vec();
        assert!(is_refused(&room.bash("echo changed > ~/notes")), "{user:?}");
    }
}

#[test]
fn a_link_inside_of_a_store_leads_nowhere() {
    for user in User::all() {
        let room = Room::outside(user);
        furnish(&room);
        fs::remove_dir_all(room.home().join(".cargo/registry")).expect("removed");
        std::os::unix::fs::symlink(room.home().join("docs"), room.home().join(".cargo/registry")).expect("a link");
        assert!(is_refused(&room.bash("echo changed > ~/docs/a")), "{user:?}");
        // At the top of home nobody but the user makes links. The directory of caches is made when it is missing.
        fs::remove_dir(room.home().join(".cache")).expect("an empty directory of caches");
        fs::create_dir_all(room.home().join("disk/cache")).expect("a directory");
        std::os::unix::fs::symlink(room.home().join("disk/cache"), room.home().join(".cache")).expect("a link");
        assert_eq!(room.bash("echo x > ~/.cache/x && echo works").stdout, "works\n", "{user:?}");
    }
}

#[test]
fn in_the_strict_profile_the_repository_and_temporary_directories_are_all() {
    for user in User::all() {
        let mut room = Room::outside(user);
        furnish(&room);
        room.write("home/.cache/f", "kept\n");
        room.width = Width::Work;
        room.programs = vec!["cargo".into()];
        for text in ["echo x > ~/.cache/f", "echo x > ~/.cargo/registry/x", "echo x > ~/.cargo/x"] {
            assert!(is_refused(&room.bash(text)), "{user:?}: {text}");
        }
        assert_eq!(room.bash("echo x > x && t=$(mktemp) && cat x && rm $t").stdout, "x\n", "{user:?}");
    }
}

#[test]
fn outside_of_a_repository_the_working_directory_is_written_unless_it_is_home_or_hidden_in_it() {
    let house = House::outside();
    let home = house.0.path().join("home");
    fs::create_dir_all(home.join("plain/below")).expect("a directory");
    let done = house.bash_at("plain", "echo x > below/x && cat below/x; echo x > ../x", &[]);
    assert!(out(&done) == "x\n" && !home.join("x").exists(), "{done:?}");
    for place in ["", ".config"] {
        let done = house.bash_at(place, "echo x > x || echo refused", &[]);
        assert!(out(&done) == "refused\n", "{place}: {done:?}");
    }
}

#[test]
fn policy_adds_to_the_scope_and_a_repository_s_own_does_not() {
    let house = House::outside().policy("scope: { write: [~/docs, ~/one] }\n");
    let home = house.0.path().join("home");
    fs::create_dir_all(home.join("docs")).expect("a directory");
    for name in ["one", "two"] {
        fs::write(home.join(name), "kept\n").expect("a file");
    }
    fs::write(home.join("shop/.holdpoint.yaml"), "scope: { write: [~/two] }\n").expect("a policy");
    let done = house.bash("echo x > ~/docs/x && echo x >> ~/one && echo works; echo x >> ~/two", &[]);
    assert_eq!(out(&done), "works\n", "{done:?}");
    assert_eq!(fs::read_to_string(home.join("two")).expect("text"), "kept\n");
}

#[test]
fn package_managers_alone_write_the_system() {
    if !nix::unistd::geteuid().is_root() {
        return eprintln!("NOT TESTED: package managers, because the tests do not run as root");
    }
    let house = House::outside();
    let place = tempfile::tempdir_in("/opt").expect("a directory of the system");
    let mark = place.path().join("installed");
    for name in ["apt-get", "other"] {
        house.tool(name, &format!("#!/bin/sh\necho x > {}\n", mark.display()));
    }
    house.bash("apt-get install x && other", &[]);
    assert!(!mark.exists(), "beside another program it writes nothing there");
    let done = house.bash("apt-get update && apt-get install -y x", &[]);
    assert!(done.status.success() && mark.exists(), "{done:?}");
}

#[test]
fn what_does_not_stand_is_said() {
    if !has_masks() {
        return;
    }
    let mut room = Room::outside(User::Tester);
    furnish(&room);
    room.write("home/shop/.git/config", "");
    for (walls, missing) in [
        (Walls::Best, None),
        (Walls::MasksAlone, Some(Missing::Processes)),
        (Walls::LandlockAlone, Some(Missing::OwnFiles)),
    ] {
        room.walls = walls;
        let stood = room.bash("true").stood.expect("something stands");
        assert_eq!(stood.has(Wall::Writes), missing.is_none(), "{walls:?}: {stood:?}");
        if let (Some(missing), Enforcement::Partial(parts)) = (missing, &stood) {
            assert!(parts.contains(&missing), "{walls:?}: {stood:?}");
        }
    }
    assert!(!Enforcement::Partial(vec![Missing::Scope]).has(Wall::Writes));
    assert!(!Enforcement::Partial(vec![Missing::Truncation]).has(Wall::Writes));
}

#[test]
fn what_was_kept_from_being_written_is_explained_in_one_line_and_only_when_the_command_failed() {
    let house = House::outside();
    let home = house.0.path().join("home");
    fs::create_dir_all(home.join("docs")).expect("a directory");
    fs::create_dir_all(home.join("shop/.vscode")).expect("a directory");
    fs::write(home.join("shop/.vscode/tasks.json"), "{}\n").expect("a file");
    house.tool("apt-get", "#!/bin/sh\nexit 1\n");
    house.tool("pre-commit", "#!/bin/sh\nexit 1\n");
    let told = |text: &str| {
        let done = house.bash(text, &[]);
        let lines: Vec<String> =
            err(&done).lines().filter(|line| line.starts_with("holdpoint:")).map(str::to_owned).collect();
        assert!(lines.len() <= 1, "{text}: {done:?}");
        (done.status.success(), lines.concat())
    };
    for (text, parts) in [
        ("echo x > ~/new", &["/new lies outside of where this command writes", "the repository, temporary"][..]),
        ("echo x >> ~/docs/a", &["/docs/a lies outside", "/home/docs] }` in the policy"]),
        ("mkdir ~/made", &["/made lies outside"]),
        ("cp .vscode/tasks.json ~/docs/", &["/docs lies outside"]),
        ("cd ~ && touch notes", &["/notes lies outside"]),
        ("git init -q ~/docs/made", &["/docs/made lies outside"]),
        ("apt-get install -y x && python3 -c 1", &["apt-get writes the system only in a command of its own"]),
        ("true | cat && pre-commit install", &["pre-commit writes .git/hooks only in a command of its own"]),
    ] {
        let (good, line) = told(text);
        assert!(!good && parts.iter().all(|part| line.contains(part)), "{text}: {line:?}");
    }
    for text in [
        "echo x > new && cat new",
        "false",
        "cat ~/nothing",
        "ls /nowhere",
        "echo x > ~/new || true",
        "touch /nowhere/x",
    ] {
        let (_, line) = told(text);
        assert!(line.is_empty(), "{text}: {line}");
    }
    let house = house.policy("scope: { write: [~/docs] }\n");
    assert!(house.bash("echo x >> ~/docs/a && cat ~/docs/a", &[]).status.success(), "the line was true");
}

#[test]
fn what_comes_to_stand_where_an_editor_or_agent_runs_it_is_moved_away() {
    let house = House::outside();
    let root = house.0.path().join("home/shop");
    house.tool("plant", "#!/bin/sh\nmkdir -p .vscode .claude && echo x > .vscode/tasks.json && echo x > .mcp.json && echo x > .claude/settings.local.json\n");
    let done = house.bash("plant", &[]);
    let stand = [".vscode/tasks.json", ".mcp.json", ".claude/settings.local.json"].map(|name| root.join(name).exists());
    // The last is the agent's own to make, outside, at the same time.
    assert_eq!(stand, [false, false, true], "{done:?}");
    assert!(err(&done).lines().count() == 2 && err(&done).contains(".mcp.json would run later"), "{done:?}");
}
