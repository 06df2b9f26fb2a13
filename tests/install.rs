//! install.sh below a temporary prefix, with the binary that this test run built.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn run(prefix: &Path, home: &Path, arguments: &[&str]) -> Output {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("install.sh"))
        .args(arguments)
        .env("PREFIX", prefix)
        .env("HOME", home)
        .env("HOLDPOINT_BINARY", env!("CARGO_BIN_EXE_holdpoint"))
        .env_remove("XDG_STATE_HOME")
        .env_remove("XDG_CONFIG_HOME")
        .output()
        .expect("install.sh starts")
}

fn succeed(output: &Output) -> String {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    text
}

/// Every path below a directory, with what links point to.
fn list(directory: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut left = vec![directory.to_owned()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().map(|entry| entry.expect("an entry")) {
            let path = entry.path();
            let target = fs::read_link(&path).map(|target| format!(" -> {}", target.display())).unwrap_or_default();
            found.insert(format!("{}{target}", path.strip_prefix(directory).expect("below").display()));
            if entry.file_type().expect("a type").is_dir() {
                left.push(path);
            }
        }
    }
    found
}

#[test]
fn an_installation_is_whole_idempotent_and_can_be_taken_away() {
    let room = tempfile::tempdir().expect("a temporary directory");
    let (prefix, home) = (room.path().join("prefix with space"), room.path().join("home"));
    fs::create_dir(&home).expect("a home");
    fs::write(home.join(".bashrc"), "# mine\n").expect("a start-up file");
    succeed(&run(&prefix, &home, &[]));
    let first = list(&prefix);
    for path in [
        "bin/holdpoint",
        "lib/holdpoint/bin/bash -> ../../../bin/holdpoint",
        "lib/holdpoint/bin/holdpoint-zsh -> ../../../bin/holdpoint",
        "share/man/man1/holdpoint.1",
        "share/bash-completion/completions/holdpoint",
        "share/zsh/site-functions/_holdpoint",
        "share/fish/vendor_completions.d/holdpoint.fish",
    ] {
        assert!(first.contains(path), "{path} is missing from {first:#?}");
    }
    let started = Command::new(prefix.join("bin/holdpoint")).arg("--version").output().expect("it starts");
    assert!(String::from_utf8_lossy(&started.stdout).contains(env!("CARGO_PKG_VERSION")));

    succeed(&run(&prefix, &home, &[]));
    assert_eq!(list(&prefix), first, "a second run changes nothing");

    // What is not ours stays, and so does the directory around it.
    fs::write(prefix.join("bin/theirs"), "").expect("a foreign file");
    succeed(&run(&prefix, &home, &["--uninstall"]));
    assert_eq!(list(&prefix), ["bin".to_owned(), "bin/theirs".to_owned()].into());
    assert_eq!(fs::read_to_string(home.join(".bashrc")).expect("still there"), "# mine\n");
}

#[test]
fn a_file_that_stood_there_before_is_not_replaced() {
    let room = tempfile::tempdir().expect("a temporary directory");
    let (prefix, home) = (room.path().join("p"), room.path().join("h"));
    fs::create_dir_all(prefix.join("lib/holdpoint/bin")).expect("a prefix");
    fs::create_dir(&home).expect("a home");
    fs::write(prefix.join("lib/holdpoint/bin/zsh"), "theirs").expect("a foreign file");
    let before = list(&prefix);
    let output = run(&prefix, &home, &[]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("was not put there by install.sh"));
    assert_eq!(list(&prefix), before, "nothing was begun");
}

#[test]
fn a_manifest_that_leads_out_of_the_prefix_removes_nothing_there() {
    let room = tempfile::tempdir().expect("a temporary directory");
    let (prefix, home) = (room.path().join("p"), room.path().join("h"));
    fs::create_dir(&home).expect("a home");
    succeed(&run(&prefix, &home, &[]));
    fs::write(home.join("kept"), "").expect("a file to keep");
    let manifest = prefix.join("share/holdpoint/manifest");
    let kept = home.join("kept");
    let lines = format!(
        "{}f ../h/kept\nf share/../../h/kept\nf {}\nd ../h\n",
        fs::read_to_string(&manifest).expect("it"),
        kept.display()
    );
    fs::write(&manifest, lines).expect("planted lines");
    succeed(&run(&prefix, &home, &["--uninstall"]));
    assert!(kept.exists());
    assert!(!prefix.exists(), "what was put there is gone, the prefix too: {:?}", list(&prefix));
}
