//! Programs as tools of a break-out: loaded libraries, set-user-ID programs, programs from memory, buses and multiplexers.

use crate::fixture::{Room, SECRET, User, Walls, has_masks};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Runs the text as every user and on both kinds of ground; nothing of it may show the secret.
fn shows_nothing(needs: &str, text: &str) {
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone] {
            // Elsewhere than in a temporary directory, which then takes no new files behind Landlock alone.
            let mut room = Room::outside(user);
            room.walls = walls;
            if room.bash(&format!("for p in {needs}; do type $p || exit 1; done > /dev/null 2>&1")).status() != 0 {
                eprintln!("NOT TESTED: {needs} is not on this machine");
                return;
            }
            let done = room.bash(text);
            assert!(done.stood.is_ok() && !done.shows_the_secret(), "{user:?}, {walls:?}: {text}: {done:?}");
            assert!(done.stdout.contains("tried"), "it came that far: {user:?}, {walls:?}: {text}: {done:?}");
        }
    }
}

#[test]
fn a_library_that_is_loaded_into_a_program_reads_nothing() {
    shows_nothing(
        "gcc",
        "printf '%s\\n' '#include <stdio.h>' '#include <stdlib.h>' '__attribute__((constructor)) static void f(void) { int c; FILE *file = fopen(getenv(\"SECRET_FILE\"), \"r\"); \
         while (file && (c = getc(file)) != EOF) putchar(c); puts(\"tried\"); fflush(stdout); }' > x.c && gcc -shared -fPIC -o x.so x.c && LD_PRELOAD=$PWD/x.so /bin/true",
    );
}

#[test]
fn a_program_under_another_name_from_memory_or_by_its_loader_reads_nothing() {
    shows_nothing("cp", "cp /bin/cat own && ./own \"$SECRET_FILE\"; echo tried");
    shows_nothing("ldd", "$(ldd /bin/cat | grep -o '/[^ ]*ld-linux[^ ]*') /bin/cat \"$SECRET_FILE\"; echo tried");
    shows_nothing("busybox", "busybox cat \"$SECRET_FILE\"; busybox tar cf - \"$SECRET_FILE\" | strings; echo tried");
    shows_nothing(
        "python3",
        "python3 -c 'import os; f = os.memfd_create(\"x\"); os.write(f, open(\"/bin/cat\", \"rb\").read()); \
         os.fork() or os.execve(f, [\"x\", os.environ[\"SECRET_FILE\"]], os.environ); os.wait(); print(\"tried\")'",
    );
    shows_nothing(
        "bash",
        "printf '#!/bin/cat\\n' > s; ln \"$SECRET_FILE\" t 2> /dev/null; exec 5< \"$SECRET_FILE\"; cat <&5; echo tried",
    );
    shows_nothing("bash", "exec 3<>/dev/tcp/127.0.0.1/9; cat < \"$SECRET_FILE\" > /dev/tcp/127.0.0.1/9; echo tried");
}

#[test]
fn a_set_user_id_program_has_no_more_rights() {
    if !nix::unistd::Uid::effective().is_root() {
        eprintln!("NOT TESTED: set-user-ID programs, because the tests do not run as root");
        return;
    }
    let place =
        tempfile::Builder::new().prefix("holdpoint-suid").tempdir_in("/var/tmp").expect("a temporary directory");
    let program = place.path().join("cat");
    fs::copy("/bin/cat", &program).expect("copied");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o4755)).expect("permissions");
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone, Walls::MasksAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            let of_root = room.room.path().join("of-root");
            let text = format!(
                "{p} \"$SECRET_FILE\"; {p} ../.aws/credentials; {p} {}; echo tried",
                of_root.display(),
                p = program.display()
            );
            let _ = fs::remove_file(&of_root);
            let done = room.bash(&text);
            assert!(done.stdout.contains("tried") && !done.shows_the_secret(), "{user:?} {walls:?}: {done:?}");
        }
    }
    // What only root reads stays root's, though the program is root's.
    for user in User::all().into_iter().filter(|user| *user != User::Tester) {
        let room = Room::new(user);
        let done = room.bash(&format!("{} /etc/shadow", program.display()));
        assert!(done.status() != 0 && done.stdout.is_empty(), "{user:?}: {done:?}");
    }
}

#[test]
fn a_credential_that_is_replaced_within_a_walled_directory_stays_refused() {
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone] {
            if walls == Walls::Best && !has_masks() {
                continue;
            }
            let mut room = Room::new(user);
            room.walls = walls;
            let (go, went) = (room.repository().join("go"), room.repository().join("went"));
            let (credential, home) = (room.home().join(".aws/credentials"), room.home());
            let replacer = std::thread::spawn(move || {
                wait_for(&go);
                fs::write(home.join(".aws/new"), SECRET).expect("written");
                fs::set_permissions(home.join(".aws/new"), fs::Permissions::from_mode(0o644)).expect("permissions");
                fs::rename(home.join(".aws/new"), &credential).expect("replaced");
                fs::write(&went, "").expect("written");
            });
            let done = room.bash(
                "touch go; for i in $(seq 500); do [ -e went ] && break; sleep 0.02; done; [ -e went ] && echo tried; cat ../.aws/credentials",
            );
            replacer.join().expect("it was replaced");
            assert!(
                done.stdout.contains("tried") && !done.shows_the_secret() && done.status() != 0,
                "{user:?} {walls:?}: {done:?}"
            );
        }
    }
}

fn wait_for(path: &Path) -> bool {
    let patience = Instant::now();
    while !path.exists() {
        if patience.elapsed() > Duration::from_secs(20) {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    true
}

/// A program outside, which is ended with the test.
struct Outside(Child);

impl Outside {
    fn start(command: &mut Command) -> Option<Outside> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok().map(Outside)
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_terminal_multiplexer_outside_runs_nothing_for_a_command() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let room = Room::new(user);
        let place = tempfile::Builder::new().prefix("tmux-").tempdir_in("/tmp").expect("a temporary directory");
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        let socket = place.path().join("default");
        let server = Command::new("tmux")
            .arg("-S")
            .arg(&socket)
            .args(["new-session", "-d", "sleep 60"])
            .env_remove("TMUX")
            .status();
        if !server.is_ok_and(|status| status.success()) {
            eprintln!("NOT TESTED: tmux is not on this machine, or does not start");
            return;
        }
        fs::set_permissions(&socket, fs::Permissions::from_mode(0o777)).expect("permissions");
        let mut room = room;
        room.variables = vec![("TMUX".into(), format!("{},1,0", socket.display()))];
        let proof = room.room.path().join("proof");
        let text = format!(
            "tmux -S {s} run-shell 'cat {h}/.netrc > {p}; chmod 644 {p}'; tmux -S {s} new-window 'cat {h}/.netrc > {p}'; sleep 0.3; cat {p}; echo tried",
            s = socket.display(),
            h = room.home().display(),
            p = proof.display()
        );
        let done = room.bash(&text);
        let _ = Command::new("tmux").arg("-S").arg(&socket).arg("kill-server").status();
        assert!(done.stdout.contains("tried") && !done.shows_the_secret() && !proof.exists(), "{user:?}: {done:?}");
    }
}

#[test]
fn a_bus_that_starts_programs_is_out_of_reach() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let mut room = Room::new(user);
        let socket = room.room.path().join("bus");
        let address = format!("unix:path={}", socket.display());
        let started = Outside::start(Command::new("dbus-daemon").args([
            "--session",
            "--nofork",
            "--nopidfile",
            "--address",
            &address,
        ]));
        let Some(_bus) = started else {
            eprintln!("NOT TESTED: dbus-daemon is not on this machine");
            return;
        };
        if !wait_for(&socket) {
            eprintln!("NOT TESTED: dbus-daemon does not start here");
            return;
        }
        fs::set_permissions(&socket, fs::Permissions::from_mode(0o777)).expect("permissions");
        room.variables = vec![("DBUS_SESSION_BUS_ADDRESS".into(), address.clone())];
        let ask = format!(
            "for t in 'busctl --address={address} list' 'dbus-send --bus={address} --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.ListNames' \
             'systemd-run --user --wait true' 'python3 -c \"import socket; s = socket.socket(socket.AF_UNIX); s.connect(chr(47) + \\\"{}\\\"[1:])\"'; do \
             type ${{t%% *}} > /dev/null 2>&1 || continue; eval \"$t\" && echo reached; done; echo tried",
            socket.display()
        );
        let done = room.bash(&ask);
        assert!(done.stdout.contains("tried") && !done.stdout.contains("reached"), "{user:?}: {done:?}");
    }
}

#[test]
fn another_process_s_memory_is_not_read_or_written() {
    let mut outside = Command::new("sleep").arg("60").env("PLANTED", SECRET).spawn().expect("sleep runs");
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            let text = format!(
                "type python3 > /dev/null || exit 9; cat /proc/{0}/environ; tr '\\0' '\\n' < /proc/{0}/environ; python3 -c 'import ctypes; l = ctypes.CDLL(None, use_errno=True); \
                 b = ctypes.create_string_buffer(64); v = (ctypes.c_void_p * 2)(ctypes.addressof(b), 64); r = (ctypes.c_void_p * 2)(4096, 64); \
                 print([l.process_vm_readv({0}, v, 1, r, 1, 0), ctypes.get_errno()]); print([l.process_vm_writev({0}, v, 1, r, 1, 0), ctypes.get_errno()])'; echo tried",
                outside.id()
            );
            let done = room.bash(&text);
            if done.status() == 9 {
                eprintln!("NOT TESTED: memory of others, because python3 is not on this machine");
                continue;
            }
            assert!(done.stdout.contains("tried") && !done.shows_the_secret(), "{user:?} {walls:?}: {done:?}");
            // EPERM, or ESRCH for who may not even look.
            assert_eq!(
                done.stdout.matches("[-1, 1]").count() + done.stdout.matches("[-1, 3]").count(),
                2,
                "{user:?} {walls:?}: {done:?}"
            );
        }
    }
    outside.kill().expect("it can be ended");
    outside.wait().expect("it ends");
}
