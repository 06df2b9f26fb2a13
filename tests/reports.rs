//! What `log`, `rules`, `pending`, `check` and `doctor` print: to a reader who goes away, of a text in a text, on a machine that refuses.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const HOLDPOINT: &str = env!("CARGO_BIN_EXE_holdpoint");

fn at_home(program: &str, home: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("HOME", home)
        .current_dir(home)
        .stdin(Stdio::null());
    command
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_reader_that_goes_away_ends_a_report_in_silence() {
    let home = tempfile::tempdir().expect("a temporary directory");
    for report in [&["rules", "list"][..], &["pending"], &["log", "--verify"], &["doctor"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = at_home(HOLDPOINT, home.path()).args(report).stdout(writer).output().expect("it starts");
        assert_eq!(said(&output), "", "{report:?}");
    }
}

#[test]
fn what_is_evaluated_is_shown_as_the_place() {
    let home = tempfile::tempdir().expect("a temporary directory");
    for (command, place) in [
        ("true && eval 'cd /; rm -rf /srv/precious' && pwd", "'cd /; rm -rf /srv/precious'"),
        ("true; eval rm -rf /srv/precious; pwd", "rm -rf /srv/precious"),
    ] {
        let output = at_home(HOLDPOINT, home.path()).args(["check", command]).output().expect("it starts");
        assert!(said(&output).contains(&format!("\n  at: {place}\n")), "{}", said(&output));
    }
}

/// Inside a user namespace with a limit of one, a second one is refused, while `user.max_user_namespaces` has its usual value there.
const LIMITED: &str = "echo 1 > /proc/sys/user/max_user_namespaces && exec unshare --user --map-user=4321 \"$@\"";

#[test]
fn doctor_tries_namespaces_and_says_why_masks_are_missing() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let limited = |program: &str, arguments: &[&str]| {
        at_home("unshare", home.path())
            .args(["--user", "--map-root-user", "sh", "-c", LIMITED, "sh", program])
            .args(arguments)
            .output()
            .expect("unshare starts")
    };
    if limited("true", &[]).status.code() != Some(0) {
        println!("NOT TESTED: doctor where namespaces are refused. User namespaces cannot be limited here");
        return;
    }
    assert_ne!(fs::read_to_string("/proc/sys/user/max_user_namespaces").expect("readable").trim(), "0");
    let told = said(&limited(HOLDPOINT, &["doctor"]));
    assert!(told.contains("LACK  masks     files cannot be masked: namespaces are refused here (ENOSPC"), "{told}");
    assert!(!told.contains("user namespaces are there"), "{told}");
}
