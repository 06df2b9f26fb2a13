//! Signals to the supervisor, and deaths.

use crate::fixture::{Running, fresh_path, is_gone, until};
use holdpoint::sys::process::Change;
use holdpoint::sys::signal::send;
use std::fs;

#[test]
fn a_signal_to_the_supervisor_alone_reaches_the_command() {
    for (name, number) in [
        ("TERM", libc::SIGTERM),
        ("HUP", libc::SIGHUP),
        ("USR1", libc::SIGUSR1),
        ("USR2", libc::SIGUSR2),
        ("INT", libc::SIGINT),
        ("WINCH", libc::SIGWINCH),
    ] {
        let running = Running::bash(&format!(
            "trap 'echo caught {name}; exit 9' {name}; echo ready; while :; do sleep 0.02; done"
        ));
        running.until("ready");
        send(running.supervisor, number).expect("the supervisor runs");
        assert_eq!(running.end(), Change::Exited(9), "{name}");
        assert_eq!(running.output().matches("caught").count(), 1, "{name}: {}", running.output());
    }
}

#[test]
fn a_signal_that_ends_the_command_ends_the_supervisor_likewise() {
    for number in [libc::SIGTERM, libc::SIGHUP, libc::SIGUSR1, libc::SIGALRM, libc::SIGRTMIN() + 3] {
        let running = Running::bash("echo ready; exec sleep 60");
        running.until("ready");
        send(running.supervisor, number).expect("the supervisor runs");
        assert_eq!(running.end(), Change::Killed(number));
    }
}

#[test]
fn a_command_that_ignores_a_signal_goes_on() {
    let running = Running::bash("trap '' TERM; echo ready; sleep 0.3; echo still here");
    running.until("ready");
    send(running.supervisor, libc::SIGTERM).expect("the supervisor runs");
    assert_eq!(running.end(), Change::Exited(0));
    assert!(running.output().contains("still here"));
}

#[test]
fn the_command_dies_with_a_supervisor_that_is_killed() {
    let path = fresh_path("process");
    let running = Running::bash(&format!("echo $$ > {}; echo ready; exec sleep 60", path.display()));
    running.until("ready");
    let command: i32 = fs::read_to_string(&path).expect("a file").trim().parse().expect("a number");
    send(running.supervisor, libc::SIGKILL).expect("the supervisor runs");
    assert_eq!(running.end(), Change::Killed(libc::SIGKILL));
    until("the command is gone", || is_gone(command).then_some(()));
}

#[test]
fn a_killed_command_is_mirrored() {
    let path = fresh_path("process");
    let running = Running::bash(&format!("echo $$ > {}; echo ready; exec sleep 60", path.display()));
    running.until("ready");
    let command: i32 = fs::read_to_string(&path).expect("a file").trim().parse().expect("a number");
    send(command, libc::SIGKILL).expect("the command runs");
    assert_eq!(running.end(), Change::Killed(libc::SIGKILL));
}

#[test]
fn the_command_is_in_the_supervisor_s_process_group() {
    let running = Running::bash("ps -o pgid= -p $$; ps -o pgid= -p $PPID");
    running.end();
    let output = running.output();
    let groups: Vec<&str> = output.split_whitespace().collect();
    if groups.is_empty() {
        eprintln!("NOT TESTED: ps is not on this machine");
        return;
    }
    assert_eq!(groups.len(), 2, "{output}");
    assert_eq!(groups[0], groups[1]);
}
