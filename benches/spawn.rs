//! What holdpoint costs a command: time, instructions, memory, size. `just bench` prints it.
//!
//! Pairs are run in turns within one run, because a machine that others use is twice as slow a minute later. The ratio
//! of minima says what the code costs, the ratio of medians what a person meets. Nothing is asserted.

#[path = "stage/library.rs"]
mod library;
#[path = "stage/script.rs"]
mod script;
mod stage;

use stage::Stage;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often each command of a pair is run.
const ROUNDS: usize = 400;
/// How many rules stand beside holdpoint's own in the second round of checks.
const OTHERS: usize = 4_500;
/// Runs before the clock counts: files come into the cache, the state directory is made.
const WARM: usize = 20;

fn main() {
    // `cargo test --benches` starts this too, to see that it starts.
    if std::env::args().any(|argument| argument == "--test") {
        println!("the spawn benchmark measures nothing under --test");
        return;
    }
    let stage = Stage::build();
    println!("binary            {}", stage.program.display());
    size(&stage.program);
    memory(&stage);
    println!("time              {ROUNDS} rounds, in turns; microseconds");
    pair(
        &stage,
        "run",
        &[stage.shell(), "-c".into(), "true".into()],
        &["/bin/bash".into(), "-c".into(), "true".into()],
        1.6,
    );
    let check = [stage.program.display().to_string(), "check".into(), "git status".into()];
    pair(&stage, "check", &check, &["/bin/true".into()], 1.5);
    checks(&stage);
    println!("instructions      user and kernel, as far as this machine tells; the least of 5 runs");
    for (name, argv) in [
        ("holdpoint -c true", vec![stage.shell(), "-c".into(), "true".into()]),
        ("bash -c true", vec!["/bin/bash".into(), "-c".into(), "true".into()]),
        ("holdpoint check", check.to_vec()),
        ("/bin/true", vec!["/bin/true".into()]),
    ] {
        instructions(&stage, name, &argv);
    }
}

/// `check` of three texts, by the rules that come with holdpoint and by ten times as many.
fn checks(stage: &Stage) {
    let script = script::two_kilobytes();
    let texts = [("git", "git status"), ("rm", "rm -rf /"), ("2 KB", &*script)];
    for (beside, aims) in [(0, [1_000.0, 1_000.0, 2_000.0]), (OTHERS, [2_000.0, 2_000.0, 4_000.0])] {
        println!("check             against /bin/true, with {beside} rules beside holdpoint's own");
        add_rules(stage, &library::files(beside));
        for ((name, text), aim) in texts.iter().zip(aims) {
            let check = [stage.program.display().to_string(), "check".into(), (*text).to_owned()];
            let (ours, theirs) = medians(stage, &check, &["/bin/true".into()]);
            println!("  {name:<6} median  {:>8.0} more (aim: {aim})", ours - theirs);
        }
    }
}

/// Puts packs of the user's own into the home.
fn add_rules(stage: &Stage, files: &[String]) {
    let packs = stage.home.join(".config/holdpoint/packs");
    fs::create_dir_all(&packs).expect("a directory");
    for (at, text) in files.iter().enumerate() {
        fs::write(packs.join(format!("{at}.yaml")), text).expect("a pack");
    }
    if !files.is_empty() {
        // A file that was changed just now is not kept in checked form.
        std::thread::sleep(Duration::from_secs(3));
    }
}

fn size(program: &Path) {
    let bytes = fs::metadata(program).map_or(0, |found| found.len());
    println!("size              {:.2} MiB stripped (aim: 4 MiB)", mebibytes(bytes));
}

#[allow(clippy::cast_precision_loss)]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

/// The supervisor's largest resident set while its child sleeps (VmHWM, proc_pid_status(5)).
fn memory(stage: &Stage) {
    let mut child = stage.command(&[stage.shell(), "-c".into(), "sleep 1".into()]).spawn().expect("holdpoint starts");
    std::thread::sleep(Duration::from_millis(500));
    let process = format!("/proc/{}", child.id());
    let exe = fs::read_link(format!("{process}/exe")).unwrap_or_default();
    let status = fs::read_to_string(format!("{process}/status")).unwrap_or_default();
    let line = |name: &str| {
        let value = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        value.split_whitespace().next().and_then(|kibibytes| kibibytes.parse::<u64>().ok()).unwrap_or_default() * 1024
    };
    if exe.file_name() == stage.program.file_name() {
        let (most, own) = (mebibytes(line("VmHWM:")), mebibytes(line("RssAnon:")));
        println!("memory            {most:.2} MiB at most, {own:.2} MiB of it its own now (aim: 5 MiB)");
    } else {
        println!("memory            none: no supervisor stays, {} took its place", exe.display());
    }
    let _ = child.wait();
}

fn medians(stage: &Stage, ours: &[String], theirs: &[String]) -> (f64, f64) {
    let (ours, theirs) = times(stage, ours, theirs);
    (micros(ours.get(ours.len() / 2)), micros(theirs.get(theirs.len() / 2)))
}

fn times(stage: &Stage, ours: &[String], theirs: &[String]) -> (Vec<Duration>, Vec<Duration>) {
    for _ in 0..WARM {
        spend(stage, ours);
        spend(stage, theirs);
    }
    let (mut a, mut b): (Vec<Duration>, Vec<Duration>) =
        (0..ROUNDS).map(|_| (spend(stage, ours), spend(stage, theirs))).unzip();
    a.sort_unstable();
    b.sort_unstable();
    (a, b)
}

fn pair(stage: &Stage, name: &str, ours: &[String], theirs: &[String], aim: f64) {
    let (a, b) = times(stage, ours, theirs);
    let show = |all: &[Duration]| (micros(all.first()), micros(all.get(all.len() / 2)));
    let ((least, median), (their_least, their_median)) = (show(&a), show(&b));
    println!("  {name:<6} least   {least:>8.0} against {their_least:>7.0}: {:.2} times", least / their_least);
    println!(
        "  {name:<6} median  {median:>8.0} against {their_median:>7.0}: {:.2} times (aim: {aim})",
        median / their_median
    );
}

fn micros(time: Option<&Duration>) -> f64 {
    time.map_or(f64::NAN, Duration::as_secs_f64) * 1e6
}

/// From before the spawn to after the wait.
fn spend(stage: &Stage, argv: &[String]) -> Duration {
    let mut command = stage.command(argv);
    let start = Instant::now();
    let status = command.status().expect("the command starts");
    let spent = start.elapsed();
    // `check` says by its code whether it would be held; a refusal to start is another.
    assert!(matches!(status.code(), Some(0 | 10..=19)), "{argv:?} ended with {status}");
    spent
}

/// Counts by `perf stat`, children included; where that is not to be had, by callgrind, which sees our own process only.
fn instructions(stage: &Stage, name: &str, argv: &[String]) {
    let counted = (0..5).filter_map(|_| perf(stage, argv)).min().map(|count| (count, "perf"));
    match counted.or_else(|| Some((callgrind(stage, argv)?, "callgrind, without its children"))) {
        Some((count, by)) => println!("  {name:<18} {count:>12} ({by})"),
        None => println!("  {name:<18} not counted: neither perf stat nor valgrind works here"),
    }
}

fn perf(stage: &Stage, argv: &[String]) -> Option<u64> {
    let mut words: Vec<String> = ["perf", "stat", "-x,", "-e", "instructions", "--"].map(String::from).into();
    words.extend_from_slice(argv);
    let output = stage.command(&words).stderr(Stdio::piped()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.lines().find(|line| line.contains("instructions"))?.split(',').next()?.parse().ok()
}

fn callgrind(stage: &Stage, argv: &[String]) -> Option<u64> {
    let mut words: Vec<String> =
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"].map(String::from).into();
    words.extend_from_slice(argv);
    let output = stage.command(&words).stderr(Stdio::piped()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.lines().find_map(|line| line.split_once("Collected :"))?.1.trim().parse().ok()
}

impl Stage {
    /// A command in the stage's repository and home, without input and output.
    fn command(&self, argv: &[String]) -> Command {
        let (program, arguments) = argv.split_first().expect("a program");
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.repository).env_clear();
        command.env("HOME", &self.home).env("PATH", "/usr/local/bin:/usr/bin:/bin");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn shell(&self) -> String {
        self.link.display().to_string()
    }
}
