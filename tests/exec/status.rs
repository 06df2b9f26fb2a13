//! Status, output, environment.

use crate::fixture::{Running, bare_bash, fresh_path};
use holdpoint::sys::process::Change;
use std::fs;

#[test]
fn an_exit_status_is_passed_on() {
    for status in [0, 1, 2, 75, 126, 127, 128, 130, 255] {
        assert_eq!(Running::bash(&format!("exit {status}")).end(), Change::Exited(status));
    }
}

#[test]
fn a_death_by_signal_is_passed_on() {
    for signal in [libc::SIGTERM, libc::SIGKILL, libc::SIGINT, libc::SIGSEGV, libc::SIGPIPE, libc::SIGUSR1] {
        assert_eq!(Running::bash(&format!("kill -{signal} $$")).end(), Change::Killed(signal));
    }
}

#[test]
fn a_program_that_is_not_there_gives_127_and_one_that_cannot_run_126() {
    assert_eq!(Running::start("/nonexistent/program", &["program"]).end(), Change::Exited(127));
    assert_eq!(Running::start("/etc/passwd", &["passwd"]).end(), Change::Exited(126));
}

#[test]
fn the_name_and_the_arguments_arrive_unchanged() {
    let running =
        Running::start("/bin/bash", &["-odd name", "-c", "printf '<%s>' \"$0\" \"$@\"", "zero", "", "a b", "ü"]);
    assert_eq!(running.end(), Change::Exited(0));
    assert_eq!(running.output(), "<zero><><a b><ü>");
    let running = Running::start(
        "/bin/bash",
        &["-bash", "--norc", "--noprofile", "-c", "echo $0; shopt -q login_shell && echo login"],
    );
    running.end();
    assert_eq!(running.output(), "-bash\nlogin\n");
}

#[test]
fn ten_megabytes_come_through() {
    let path = fresh_path("large");
    let running = Running::bash(&format!(
        "head -c 10000000 /dev/zero | tr '\\0' 'x' | tee {0} | cksum; cksum < {0}",
        path.display()
    ));
    assert_eq!(running.end(), Change::Exited(0));
    let output = running.output();
    let sums: Vec<&str> = output.lines().collect();
    assert_eq!(sums.len(), 2, "{output}");
    assert_eq!(sums[0], sums[1]);
    assert!(sums[0].ends_with("10000000"), "{output}");
    fs::remove_file(path).expect("removed");
}

#[test]
fn a_closed_pipe_ends_the_writer_as_ever() {
    // Rust ignores SIGPIPE from its start; the command must not.
    let running = Running::bash("yes | head -n1; echo ${PIPESTATUS[0]}");
    running.end();
    assert_eq!(running.output(), "y\n141\n");
}

#[test]
fn signals_and_descriptors_are_those_of_a_command_without_supervisor() {
    for text in [
        "grep -E '^(Sig(Blk|Ign|Cgt)|NoNewPrivs|Cap)' /proc/self/status",
        "ls /proc/self/fd | wc -l",
        "umask; ulimit -a",
    ] {
        let running = Running::bash(text);
        running.end();
        let bare = bare_bash(text);
        let bare = String::from_utf8_lossy(&bare.stdout);
        assert_eq!(without_own_signals(&running.output()), without_own_signals(&bare), "{text}");
    }
}

/// The C library takes two signals for itself in a process of several threads, as this one is (signal(7), "32 and 33").
fn without_own_signals(status: &str) -> String {
    let lines = status.lines().map(|line| match line.split_once(":\t") {
        Some((name, mask)) if name.starts_with("Sig") => {
            let mask = u64::from_str_radix(mask, 16).expect("a mask");
            format!("{name} {:x}\n", mask & !(0b11 << 31))
        }
        _ => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn a_background_job_outlives_the_command() {
    let path = fresh_path("late");
    let running = Running::bash(&format!("(sleep 0.3; echo late > {}) & exit 4", path.display()));
    assert_eq!(running.end(), Change::Exited(4));
    assert!(!path.exists(), "the supervisor waited for the job");
    crate::fixture::until("the job wrote", || fs::read_to_string(&path).ok().filter(|text| text == "late\n"));
}

#[test]
fn substitutions_pipes_and_here_documents_work() {
    let running = Running::bash(
        "cat <(echo one) - <<< two; cat <<E | tr a-z A-Z\nthree\nE\necho four > >(cat); wait; exec 5< /etc/hostname; read -u5 x && echo five",
    );
    assert_eq!(running.end(), Change::Exited(0));
    for line in ["one", "two", "THREE", "four", "five"] {
        assert!(running.output().lines().any(|found| found == line), "{line}: {}", running.output());
    }
}
