//! Other ways to a credential: other names, other paths, mounts, namespaces, processes.

use crate::fixture::{Done, Room, SECRET, User, Walls, has_masks};
use std::fs;
use std::os::unix::fs::symlink;

/// Runs the text as every user and on both kinds of ground, and lets `check` look at what came of it.
fn each(prepare: fn(&mut Room), text: &str, check: impl Fn(&Room, &Done)) {
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            prepare(&mut room);
            let done = room.bash(text);
            assert!(done.stood.is_ok(), "{user:?}, {walls:?}: {done:?}");
            assert!(!done.shows_the_secret(), "{user:?}, {walls:?}: {text}: {done:?}");
            check(&room, &done);
        }
    }
}

/// Each command of the text must fail; it is run as every user on both kinds of ground.
fn refused(prepare: fn(&mut Room), text: &str) {
    each(prepare, text, |room, done| {
        assert_ne!(done.status(), 0, "{:?}, {:?}: {text}: {done:?}", room.user, room.walls);
    });
}

fn nothing(_: &mut Room) {}

#[test]
fn a_symbolic_link_leads_to_a_refusal() {
    refused(nothing, "ln -s ../.netrc link && cat link");
    refused(|room| symlink(room.home().join(".netrc"), room.repository().join("link")).expect("a link"), "cat link");
}

#[test]
fn dots_and_proc_lead_to_the_same_file() {
    refused(nothing, "cat ../shop/../.netrc");
    refused(nothing, "cat \"/proc/self/root$SECRET_FILE\"");
    refused(nothing, "cat \"/proc/$$/root$SECRET_FILE\"");
    refused(nothing, "cat /proc/self/cwd/../.netrc");
    refused(nothing, "cd ..; cat .netrc");
    refused(nothing, "cat ../.aws/credentials");
    refused(nothing, "cd ../.aws && cat credentials");
}

#[test]
fn a_dotfile_that_is_a_link_is_masked_where_it_really_lies() {
    refused(
        |room| {
            let real = room.write("home/dotfiles/netrc", SECRET);
            fs::remove_file(room.home().join(".netrc")).expect("removed");
            symlink(real, room.home().join(".netrc")).expect("a link");
        },
        "cat ../dotfiles/netrc || cat ../.netrc",
    );
    refused(
        |room| {
            let real = room.home().join("dotfiles");
            fs::rename(room.home().join(".aws"), &real).expect("renamed");
            symlink(real, room.home().join(".aws")).expect("a link");
        },
        "cat ../dotfiles/credentials || cat ../.aws/credentials",
    );
}

#[test]
fn a_history_that_is_a_link_to_dev_null_leaves_dev_null_alone() {
    each(
        |room| symlink("/dev/null", room.home().join(".bash_history")).expect("a link"),
        "echo x > /dev/null && cat < /dev/null && echo works",
        |_, done| assert_eq!(done.stdout, "works\n", "{done:?}"),
    );
}

#[test]
fn a_second_name_in_the_repository_is_masked_as_well() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let room = Room::new(user);
        for (source, name) in [(".netrc", "data"), (".aws/credentials", "deep")] {
            let alias = room.repository().join("assets").join(name);
            fs::create_dir_all(alias.parent().expect("a parent")).expect("a directory");
            fs::hard_link(room.home().join(source), alias).expect("a hard link");
        }
        let done = room.bash("cat assets/data || cat assets/deep");
        assert!(!done.shows_the_secret(), "{user:?}: {done:?}");
        assert_ne!(done.status(), 0, "{user:?}: {done:?}");
        assert!(done.stderr.contains("assets/deep: Permission denied"), "{user:?}: {done:?}");
    }
}

#[test]
fn a_new_name_cannot_be_given_to_a_credential() {
    refused(nothing, "ln ../.netrc other && cat other");
    refused(nothing, "mv ../.netrc other && cat other");
    refused(nothing, "mv ../.aws other && cat other/credentials");
}

#[test]
fn a_parent_that_is_renamed_keeps_its_masks() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let done = Room::new(user).bash("mv apps/web apps/site && cat apps/site/.env.local");
        assert!(done.stderr.contains("Permission denied") && !done.shows_the_secret(), "{done:?}");
    }
    refused(nothing, "mv ../../home ../../house; cat ../../house/.netrc");
}

#[test]
fn masks_cannot_be_taken_off_or_put_on() {
    refused(nothing, "umount \"$SECRET_FILE\"");
    refused(nothing, "umount -l \"$SECRET_FILE\"");
    refused(nothing, "mount --bind /etc/hostname \"$SECRET_FILE\"");
    refused(nothing, "mkdir m && mount --bind .. m && cat m/.netrc");
    refused(nothing, "mkdir m && mount -t tmpfs none m");
}

#[test]
fn a_namespace_inside_does_not_lead_out() {
    refused(nothing, "unshare -Urm sh -c 'umount \"$SECRET_FILE\"; cat \"$SECRET_FILE\"'");
    refused(nothing, "unshare -Ur cat \"$SECRET_FILE\"");
    refused(nothing, "unshare -Urmpf --mount-proc cat \"$SECRET_FILE\"");
    refused(nothing, "unshare -Um cat \"$SECRET_FILE\"");
    refused(nothing, "nsenter -t 1 -m cat \"$SECRET_FILE\"");
    refused(nothing, "nsenter -t $PPID -m cat \"$SECRET_FILE\"");
    refused(nothing, "mkdir r && chroot .. cat .netrc");
}

#[test]
fn processes_outside_are_out_of_reach() {
    // $PPID is the supervisor, which stands outside and has the whole view.
    refused(nothing, "cat \"/proc/$PPID/root$SECRET_FILE\"");
    refused(nothing, "cat \"/proc/$PPID/cwd/../.netrc\"");
    refused(nothing, "cat /proc/$PPID/environ");
    refused(nothing, "cat /proc/$PPID/maps");
    refused(nothing, "head -c1 /proc/$PPID/mem");
    refused(nothing, "ls -l /proc/$PPID/fd/");
    refused(nothing, "cat /proc/1/environ");
    each(
        nothing,
        "gdb -p $PPID -batch -ex 'info registers' 2>&1; strace -p $PPID -o log 2>&1 & sleep 0.2; kill $!",
        |_, done| {
            assert!(!done.stdout.contains("rip"), "{done:?}");
        },
    );
}

#[test]
fn processes_outside_cannot_be_signalled() {
    if holdpoint::sys::landlock::abi() < 6 {
        eprintln!("NOT TESTED: Landlock's ABI is below 6, signals are not scoped");
        return;
    }
    refused(nothing, "kill -0 $PPID");
    refused(nothing, "kill -USR1 $PPID");
    each(nothing, "sleep 5 & kill $! && wait $!; echo $?", |_, done| assert_eq!(done.stdout, "143\n", "{done:?}"));
}

#[test]
fn a_passed_signal_reaches_a_process_outside() {
    let mut room = Room::new(User::Tester);
    room.passes = vec!["process.signals".into()];
    assert_eq!(room.bash("kill -0 $PPID").status(), 0);
}

#[test]
fn a_directory_that_was_handed_down_open_is_no_way_behind_a_mask() {
    for user in User::all() {
        let mut room = Room::new(user);
        room.open = Some(room.home());
        let done = room.bash("for fd in /proc/self/fd/*; do [ -e $fd/shop ] && echo open; cat $fd/.netrc $fd/.aws/credentials; done; [ 1 = 0 ]");
        assert!(done.stdout.contains("open"), "the directory itself stays open: {done:?}");
        assert!(!done.shows_the_secret() && done.stderr.contains("Permission denied"), "{user:?}: {done:?}");
        room.open = Some(room.home().join(".aws"));
        let done = room.bash("for fd in /proc/self/fd/*; do cat $fd/credentials; done; [ 1 = 0 ]");
        assert!(!done.shows_the_secret(), "{user:?}: {done:?}");
    }
}

#[test]
fn a_second_mount_of_the_home_is_masked_as_well() {
    if !nix::unistd::Uid::effective().is_root() {
        eprintln!("NOT TESTED: a second mount of the home, because the tests do not run as root");
        return;
    }
    // A container's root often lacks the capability.
    if !std::process::Command::new("unshare").args(["--mount", "true"]).status().is_ok_and(|status| status.success()) {
        eprintln!("NOT TESTED: a second mount of the home, because root may not mount here");
        return;
    }
    let mut room = Room::new(User::Tester);
    fs::create_dir(room.room.path().join("again")).expect("a directory");
    room.mounted_again = true;
    let done =
        room.bash("[ -d ../../again/shop ] || exit 9; cat ../../again/.netrc || cat ../../again/.aws/credentials");
    assert!(done.status() == 1 && !done.shows_the_secret(), "{done:?}");
    assert_eq!(done.stderr.matches("Permission denied").count(), 2, "{done:?}");
}

#[test]
fn the_device_under_a_file_system_and_the_kernel_s_doors_are_closed_to_root() {
    if !nix::unistd::Uid::effective().is_root() {
        eprintln!("NOT TESTED: what root may do, because the tests do not run as root");
        return;
    }
    let room = Room::new(User::Tester);
    let text = "set -- $(findmnt -no SOURCE -T .); [ -b \"$1\" ] || [ -f \"$1\" ] || exit 9; head -c1 \"$1\"";
    let done = room.bash(text);
    match done.status() {
        9 => eprintln!("NOT TESTED: temporary files lie on no device that can be named: {done:?}"),
        _ => assert!(done.status() == 1 && done.stderr.contains("ermission denied"), "{done:?}"),
    }
    // The limits of namespaces would take the masks away from the next command.
    let doors = [
        "kernel/core_pattern",
        "kernel/modprobe",
        "kernel/poweroff_cmd",
        "user/max_mnt_namespaces",
        "fs/suid_dumpable",
    ];
    for door in doors.map(|name| format!("/proc/sys/{name}")).iter().map(String::as_str).chain(["/proc/sysrq-trigger"])
    {
        if !std::path::Path::new(door).exists() {
            eprintln!("NOT TESTED: {door} is not on this machine");
            continue;
        }
        // Opened for writing, and nothing is written.
        let done = room.bash(&format!("exec 3>> {door}"));
        // root without CAP_SYS_RESOURCE is not let that far.
        let refused = done.stderr.contains("Read-only") || done.stderr.contains("Permission denied");
        assert!(done.status() != 0 && refused, "{door}: {done:?}");
    }
}

#[test]
fn root_gives_up_what_walks_around_walls() {
    if !nix::unistd::Uid::effective().is_root() {
        eprintln!("NOT TESTED: what root may do, because the tests do not run as root");
        return;
    }
    // capabilities(7), by number: the last is the clock, by which it is told that a directory has not changed.
    let gone = [("DAC_READ_SEARCH", 2), ("SYS_MODULE", 16), ("SYS_RAWIO", 17), ("SYS_PTRACE", 19), ("SYS_ADMIN", 21)];
    let gone = gone.iter().chain(&[("SYS_BOOT", 22), ("MKNOD", 27), ("PERFMON", 38), ("BPF", 39), ("SYS_TIME", 25)]);
    for walls in [Walls::Best, Walls::LandlockAlone, Walls::MasksAlone] {
        let mut room = Room::new(User::Tester);
        room.walls = walls;
        let done = room.bash("grep -E '^Cap(Inh|Prm|Eff|Bnd|Amb)' /proc/self/status");
        let sets: Vec<u64> = done
            .stdout
            .lines()
            .filter_map(|line| line.rsplit('\t').next())
            .filter_map(|set| u64::from_str_radix(set, 16).ok())
            .collect();
        assert_eq!(sets.len(), 5, "{done:?}");
        for (name, number) in gone.clone() {
            assert!(sets.iter().all(|set| set & (1_u64 << number) == 0), "{walls:?}: {name}: {done:?}");
        }
        if walls != Walls::LandlockAlone {
            // With these root would move interfaces of the machine into a network of its own.
            room.network = holdpoint::decide::policy::Network::None;
            let done = room.bash("grep ^CapEff /proc/self/status");
            let left = u64::from_str_radix(done.stdout.trim_end().rsplit('\t').next().unwrap_or_default(), 16);
            assert!(left.is_ok_and(|left| left & 0x3000 == 0), "NET_ADMIN, NET_RAW: {done:?}");
            room.network = holdpoint::decide::policy::Network::Open;
        }
        let done = room.bash("date -s @$(date +%s)");
        assert!(done.status() != 0 && done.stderr.contains("not permitted"), "{walls:?}: {done:?}");
    }
}

#[test]
fn devices_and_handles_do_not_lead_around() {
    refused(nothing, "mknod disk b 254 0 && head -c1 disk");
    refused(nothing, "mknod disk b 8 0 && head -c1 disk");
    refused(nothing, "head -c1 /dev/mem");
    refused(nothing, "head -c1 /proc/kcore");
}

#[test]
fn a_process_that_outlives_the_command_is_walled_in_as_well() {
    each(
        nothing,
        "(setsid sh -c 'sleep 0.3; cat \"$SECRET_FILE\" > late 2>&1; echo done >> late' &) ; exit 0",
        |room, _| {
            let late = room.repository().join("late");
            let patience = std::time::Instant::now();
            let text = loop {
                let text = fs::read_to_string(&late).unwrap_or_default();
                if text.contains("done") || patience.elapsed().as_secs() > 30 {
                    break text;
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            };
            assert!(text.contains("done") && !text.contains(SECRET), "{:?}: {text}", room.walls);
        },
    );
}

#[test]
fn the_working_directory_is_no_way_behind_a_mask() {
    for user in User::all() {
        let mut room = Room::new(user);
        room.directory = room.home().join(".aws");
        let done = room.bash("cat credentials");
        let why = done.stood.expect_err("nothing may run there");
        assert!(why.contains("cloud.aws") && why.contains("working directory"), "{why}");
    }
}
