//! Control files: what runs later, outside of the walls, is read and not written.

use crate::fixture::{Room, User, Walls, has_masks};
use crate::house::{House, err, out};
use std::fs;
use std::os::unix::fs::symlink;

const PLANTED: &str = "echo planted";

/// Each tries to put text into `~/.bashrc`, which stands.
const WRITERS: &[&str] = &[
    "echo 'echo planted' >> ~/.bashrc",
    "echo 'echo planted' > ~/.bashrc",
    "printf 'echo planted' | tee -a ~/.bashrc",
    "cp planted ~/.bashrc",
    "cp -f planted ~/.bashrc",
    "cp --remove-destination planted ~/.bashrc",
    "mv planted ~/.bashrc",
    "mv -f planted ~/.bashrc",
    "ln -f planted ~/.bashrc",
    "ln -sf $PWD/planted ~/.bashrc",
    "install planted ~/.bashrc",
    "sed -i '$ a echo planted' ~/.bashrc",
    "perl -i -pe 's/^/echo planted\\n/' ~/.bashrc",
    "dd if=planted of=\"$HOME/.bashrc\" conv=notrunc",
    "python3 -c 'import os; open(os.environ[\"HOME\"] + \"/.bashrc\", \"a\").write(\"echo planted\")'",
    "python3 -c 'import os; os.rename(\"planted\", os.environ[\"HOME\"] + \"/.bashrc\")'",
    "rm ~/.bashrc && cp planted ~/.bashrc",
    "mv ~/.bashrc ~/.old && cp planted ~/.bashrc",
    "truncate -s 0 ~/.bashrc",
    "tar cf t.tar --transform s/planted/.bashrc/ planted && tar xf t.tar -C ~ --overwrite",
    "ln ~/.bashrc other && echo 'echo planted' >> other",
    "ln -s ~/.bashrc other && echo 'echo planted' >> other",
    "echo 'echo planted' >> \"/proc/self/root$HOME/.bashrc\"",
    "exec 3< ~/.bashrc; echo 'echo planted' >> /proc/self/fd/3",
    "cd ~ && echo 'echo planted' >> .bashrc",
    "echo 'echo planted' > ~/.config/autostart/x.desktop",
    "mkdir ~/.config/systemd/user/default.target.wants",
    "rm -rf ~/.config/autostart && mkdir ~/.config/autostart",
    "mv ~/.config/autostart ~/.config/old && mkdir ~/.config/autostart",
    "echo key >> ~/.ssh/authorized_keys",
    "echo '{}' > ~/.claude/settings.json",
];

fn furnish(room: &Room) {
    let planted = room.repository();
    for leftover in ["other", "t.tar"] {
        let _ = fs::remove_file(planted.join(leftover));
    }
    if room.home().join(".bashrc").exists() {
        room.write("home/shop/planted", PLANTED);
        return;
    }
    room.write("home/.bashrc", "alias ll='ls -l'\n");
    room.write("home/.ssh/authorized_keys", "a key\n");
    room.write("home/.claude/settings.json", "{ \"permissions\": {} }\n");
    room.write("home/.config/autostart/own.desktop", "[Desktop Entry]\n");
    room.write("home/.config/systemd/user/own.service", "[Unit]\n");
    room.write("home/.config/git/ignore", "*.swp\n");
    room.write("home/shop/planted", PLANTED);
}

#[test]
fn no_program_writes_a_control_file() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone, Walls::MasksAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            for text in WRITERS {
                furnish(&room);
                let done = room.bash(text);
                assert!(done.stood.is_ok(), "{user:?}, {walls:?}: {text}: {done:?}");
                // perl complains and says that all was well.
                let refused =
                    done.status() != 0 || done.stderr.contains("ermission denied") || done.stderr.contains("nplace");
                assert!(refused, "{user:?}, {walls:?}: {text}: {done:?}");
                let read = |path: &str| fs::read_to_string(room.home().join(path)).expect("it still stands");
                assert_eq!(read(".bashrc"), "alias ll='ls -l'\n", "{user:?}, {walls:?}: {text}");
                assert_eq!(read(".ssh/authorized_keys"), "a key\n", "{user:?}, {walls:?}: {text}");
                assert_eq!(read(".claude/settings.json"), "{ \"permissions\": {} }\n", "{user:?}, {walls:?}: {text}");
                let names = |path: &str| fs::read_dir(room.home().join(path)).expect("it still stands").count();
                assert_eq!((names(".config/autostart"), names(".config/systemd/user")), (1, 1), "{text}");
            }
        }
    }
}

#[test]
fn control_files_are_read_and_everything_beside_them_is_written() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        for walls in [Walls::Best, Walls::MasksAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            furnish(&room);
            let done = room.bash(
                "source ~/.bashrc && cat ~/.config/systemd/user/own.service ~/.claude/settings.json && echo new > ~/.config/new && \
                 echo new > ~/.newrc && mkdir -p ~/.claude/shell-snapshots && echo new > ~/.claude/shell-snapshots/snapshot-bash-1.sh && \
                 echo host >> ~/.ssh/known_hosts && mkdir ~/.local/bin && echo works",
            );
            assert!(done.stdout.ends_with("works\n") && done.status() == 0, "{user:?}, {walls:?}: {done:?}");
        }
    }
}

#[test]
fn a_credential_inside_a_control_directory_stays_masked() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone, Walls::MasksAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            furnish(&room);
            room.write("home/.config/git/credentials", crate::fixture::SECRET);
            let done = room.bash("cat ~/.config/git/ignore; cat ~/.config/git/credentials");
            assert!(done.stdout.contains("swp") && !done.shows_the_secret(), "{user:?}, {walls:?}: {done:?}");
        }
    }
}

#[test]
fn a_dotfile_that_is_a_link_is_kept_where_it_lies_unless_that_is_the_repository_at_work() {
    for user in User::all() {
        let room = Room::new(user);
        room.write("home/dotfiles/bashrc", "own\n");
        room.write("home/shop/profile", "own\n");
        symlink(room.home().join("dotfiles/bashrc"), room.home().join(".bashrc")).expect("a link");
        symlink(room.repository().join("profile"), room.home().join(".profile")).expect("a link");
        let done = room.bash("echo planted >> ../dotfiles/bashrc; echo planted >> ~/.bashrc; echo edited >> profile");
        assert_eq!(
            fs::read_to_string(room.home().join("dotfiles/bashrc")).expect("text"),
            "own\n",
            "{user:?}: {done:?}"
        );
        assert_eq!(
            fs::read_to_string(room.repository().join("profile")).expect("text"),
            "own\nedited\n",
            "{user:?}: {done:?}"
        );
    }
}

#[test]
fn what_policy_or_its_own_program_may_write_is_written() {
    let mut room = Room::new(User::Tester);
    furnish(&room);
    room.passes = vec!["write:~/.bashrc".into(), "write:~/.claude".into()];
    let done = room.bash(
        "echo more >> ~/.bashrc && echo '{}' > ~/.claude/settings.json && echo works; echo x >> ~/.config/autostart/x",
    );
    assert_eq!(done.stdout, "works\n", "{done:?}");
    assert!(!room.home().join(".config/autostart/x").exists());
}

#[test]
fn what_is_made_where_it_would_run_later_is_moved_away_and_told() {
    if !has_masks() {
        return;
    }
    let house = House::new();
    let home = house.0.path().join("home");
    // By a program that the judge does not read.
    house.tool("plant", "#!/bin/sh\nmkdir -p ~/.config/autostart && echo x > ~/.config/autostart/x.desktop\necho planted > ~/.bash_profile\nmkdir -p ~/.cache && echo fine > ~/.cache/ourtool\n");
    let done = house.bash("plant", &[]);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert!(!home.join(".bash_profile").exists() && !home.join(".config/autostart").exists(), "{done:?}");
    assert!(home.join(".cache/ourtool").exists(), "what runs nothing stays");
    assert!(err(&done).contains("/.bash_profile would run later") && err(&done).lines().count() == 2, "{done:?}");
    let aside = home.join(".local/state/holdpoint/aside");
    assert_eq!(fs::read_to_string(aside.join(".bash_profile.1")).expect("kept"), "planted\n");
    assert!(
        house.record().contains("\"aside\":[") && house.record().contains("/.bash_profile\""),
        "{}",
        house.record()
    );
    let done = house.bash("cat ~/.local/state/holdpoint/aside/.bash_profile.1", &[]);
    assert!(!out(&done).contains("planted"), "commands cannot reach it there: {done:?}");
    let house = house.policy("scope: { write: [~/.bash_profile, ~/.config/autostart] }\n");
    let done = house.bash("plant", &[]);
    assert!(home.join(".bash_profile").exists() && err(&done).is_empty(), "{done:?}");
}

#[test]
fn git_keeps_its_settings_and_a_command_that_is_not_git_s_alone_does_not_change_them() {
    if !has_masks() {
        return;
    }
    if std::process::Command::new("git").arg("--version").output().is_err() {
        eprintln!("NOT TESTED: git is not on this machine");
        return;
    }
    let house = House::new();
    let settings = house.0.path().join("home/.gitconfig");
    for name in ["Ada", "Eve"] {
        let done = house.bash(&format!("cd . && git config --global user.name {name}"), &[]);
        assert!(done.status.success() && err(&done).is_empty(), "{done:?}");
        assert!(fs::read_to_string(&settings).expect("made and then changed").contains(name));
    }
    house.tool("build", "#!/bin/sh\ngit config --global user.name Mallory\n");
    let done = house.bash("build", &[]);
    assert!(!done.status.success() && !fs::read_to_string(&settings).expect("text").contains("Mallory"), "{done:?}");
    // In the repository git works as ever, whatever stands beside it.
    let done = house.bash("git init -q . && git remote add origin /nowhere && git checkout -qb side && git config user.email a@example.org && echo works | cat", &[]);
    assert_eq!(out(&done), "works\n", "{done:?}");
}

#[test]
fn settings_of_agents_in_the_repository_are_not_written_unless_git_changes_what_it_tracks_or_their_agent_its_own() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        for walls in [Walls::Best, Walls::MasksAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            let local = room.write("home/shop/.claude/settings.local.json", "{}\n");
            let tracked = room.write("home/shop/.claude/settings.json", "{}\n");
            room.write("home/shop/.claude/hooks/own.sh", "true\n");
            room.write("home/shop/.mcp.json", "{}\n");
            room.tracked = vec![tracked.clone()];
            for text in [
                "echo planted > .claude/settings.local.json",
                "echo planted > new && mv -f new .claude/settings.local.json",
                "rm -f .claude/settings.local.json",
                "mv .claude/hooks .claude/old && mkdir .claude/hooks",
                "echo planted > .claude/hooks/new.sh",
                "python3 -c 'open(\".mcp.json\", \"w\").write(\"planted\")'",
                "sed -i 's/.*/planted/' .mcp.json",
                "echo planted > .claude/settings.json",
            ] {
                let done = room.bash(text);
                assert!(done.stood.is_ok() && done.status() != 0, "{user:?}, {walls:?}: {text}: {done:?}");
            }
            assert_eq!(fs::read_to_string(&local).expect("it still stands"), "{}\n", "{user:?}, {walls:?}");
            room.programs = vec!["git".into()];
            let done = room.bash(
                "cat .claude/settings.local.json && echo changed > .claude/settings.json && echo new > .claude/notes",
            );
            assert_eq!((done.status(), done.stdout.as_str()), (0, "{}\n"), "{user:?}, {walls:?}: {done:?}");
            room.passes = vec!["write:./.claude".into()];
            assert_eq!(room.bash("echo own > .claude/settings.local.json").status(), 0, "{user:?}, {walls:?}");
        }
    }
}
