//! The demo, as somebody without a terminal runs it: each protection must hold, on this machine, with the real programs.

use std::process::{Command, Stdio};

#[test]
fn the_demo_plays_by_itself_and_every_protection_holds() {
    let output = Command::new(env!("CARGO_BIN_EXE_holdpoint"))
        .arg("demo")
        .stdin(Stdio::null())
        .output()
        .expect("the demo starts");
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    for line in text.lines().filter(|line| line.contains("skipped")) {
        eprintln!("NOT TESTED in the demo: {}", line.trim());
    }
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("The record of all of it") && !text.contains('✗'), "{text}");
    let left: Vec<&str> = text.split_whitespace().filter(|word| word.contains("/holdpoint-demo-")).collect();
    let root = left.first().expect("the demo says where it plays");
    assert!(!std::path::Path::new(root).exists(), "{root} was not removed");
    assert!(!text.contains('\u{1b}'), "no colours without a terminal");
}
