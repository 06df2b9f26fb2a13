//! What the walls cost everyday work, beside bare bash and beside bubblewrap. `just bench` prints it.
//!
//! Every variant of a work is run in turns, because a machine that others use is twice as slow a minute later. The ratio of
//! minima says what the code costs, the ratio of medians what a person meets. Nothing is asserted.

mod stage;

use stage::Stage;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs before the clock counts: files come into the cache, what directories hold is remembered.
const WARM: usize = 3;

/// Files of the large repository, and in how many directories they lie.
const FILES: (usize, usize) = (20_000, 200);

/// One way to run a text.
struct Variant {
    name: &'static str,
    /// What stands before the text.
    before: Vec<String>,
    /// `XDG_CONFIG_HOME`, where the policy lies; bare bash is given it too.
    settings: std::path::PathBuf,
}

fn main() {
    // `cargo test --benches` starts this too, to see that it starts.
    if std::env::args().any(|argument| argument == "--test") {
        println!("the work benchmark measures nothing under --test");
        return;
    }
    let stage = Stage::build();
    println!("binary            {}", stage.program.display());
    println!("work              rounds in turns; milliseconds, least and median, and how often bare bash's");
    let large = large_repository(&stage);
    let crate_directory = small_crate(&stage);
    let profiles = [
        ours(&stage, "default", ""),
        ours(&stage, "strict", "profile: strict\n"),
        ours(&stage, "observe", "profile: observe\n"),
        ours(&stage, "no network", "network: none\n"),
    ];
    let variants = |work: &Path| -> Vec<Variant> {
        [bare(&stage)].into_iter().chain([ours(&stage, "default", "")]).chain(bubblewrap(&stage, work)).collect()
    };
    let start: Vec<Variant> =
        [bare(&stage)].into_iter().chain(profiles).chain(bubblewrap(&stage, &stage.repository)).collect();
    compare(&stage, "-c true", (300, &stage.repository), "true", &start);
    compare(&stage, "-c true, among 200 directories", (200, &large), "true", &variants(&large));
    let forks = "for ((i = 0; i < 500; i++)); do /bin/true; done";
    compare(&stage, "500 forks and execs", (15, &stage.repository), forks, &variants(&stage.repository));
    compare(&stage, "git status, 20,000 files", (40, &large), "git status --short", &variants(&large));
    // Some of it is root's own.
    let find = "find /usr -type f 2> /dev/null || true";
    compare(&stage, "find /usr -type f", (12, &stage.repository), find, &variants(&stage.repository));
    match crate_directory {
        Some(crate_directory) => {
            let check = "touch src/lib.rs && cargo check --offline -q";
            compare(&stage, "cargo check", (12, &crate_directory), check, &variants(&crate_directory));
        }
        None => println!("cargo check       not measured: cargo is not on this machine"),
    }
}

fn bare(stage: &Stage) -> Variant {
    Variant { name: "bash", before: vec!["/bin/bash".into(), "-c".into()], settings: stage.home.join(".config") }
}

fn ours(stage: &Stage, name: &'static str, policy: &'static str) -> Variant {
    let settings = stage.home.join(format!(".config/{name}"));
    fs::create_dir_all(settings.join("holdpoint")).expect("a directory");
    if !policy.is_empty() {
        fs::write(settings.join("holdpoint/policy.yaml"), policy).expect("written");
    }
    Variant { name, before: vec![stage.link.display().to_string(), "-c".into()], settings }
}

/// What people write by hand for an agent: everything read-only but the work and `/tmp`, one credential hidden; and the same with
/// namespaces for processes and the network.
fn bubblewrap(stage: &Stage, work: &Path) -> Vec<Variant> {
    let there = Command::new("bwrap").arg("--version").stdout(Stdio::null()).status().is_ok_and(|end| end.success());
    if !there {
        println!("bubblewrap        not compared: bwrap is not on this machine");
        return Vec::new();
    }
    let home = stage.home.display();
    let binds = format!(
        "bwrap --die-with-parent --ro-bind / / --dev /dev --proc /proc --bind /tmp /tmp --bind {0} {0} --tmpfs {home}/.railway",
        work.display()
    );
    let words = |more: &str| format!("{binds} {more} /bin/bash -c").split_whitespace().map(str::to_owned).collect();
    vec![
        Variant { name: "bwrap", before: words(""), settings: stage.home.join(".config") },
        Variant { name: "bwrap, all apart", before: words("--unshare-all"), settings: stage.home.join(".config") },
    ]
}

fn compare(stage: &Stage, work: &str, (rounds, directory): (usize, &Path), text: &str, variants: &[Variant]) {
    println!("  {work} ({rounds} rounds)");
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); variants.len()];
    for round in 0..rounds + WARM {
        for (variant, times) in variants.iter().zip(&mut times) {
            let spent = spend(stage, variant, directory, text);
            if round >= WARM {
                times.push(spent);
            }
        }
    }
    let mut least_and_median = times.iter_mut().map(|times| {
        times.sort_unstable();
        (millis(times.first()), millis(times.get(times.len() / 2)))
    });
    let Some(base) = least_and_median.next() else { return };
    for (variant, (least, median)) in variants.iter().zip([base].into_iter().chain(least_and_median)) {
        let (of_least, of_median) = (least / base.0, median / base.1);
        println!("    {:<18} {least:>9.2} {median:>9.2}   {of_least:>6.2} {of_median:>6.2} times", variant.name);
    }
}

fn millis(time: Option<&Duration>) -> f64 {
    time.map_or(f64::NAN, Duration::as_secs_f64) * 1e3
}

/// From before the spawn to after the wait.
fn spend(stage: &Stage, variant: &Variant, directory: &Path, text: &str) -> Duration {
    let (program, arguments) = variant.before.split_first().expect("a program");
    let mut command = Command::new(program);
    command.args(arguments).arg(text).current_dir(directory).env_clear().env("HOME", &stage.home);
    command.env("XDG_CONFIG_HOME", &variant.settings);
    command.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", toolchain().join("bin").display()));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let start = Instant::now();
    let output = command.output().expect("the command starts");
    let spent = start.elapsed();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} of {text}: {}: {told}", variant.name, output.status);
    spent
}

/// The directory of the toolchain that builds this.
fn toolchain() -> std::path::PathBuf {
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).stderr(Stdio::null()).output();
    sysroot.map(|output| String::from_utf8_lossy(&output.stdout).trim().into()).unwrap_or_default()
}

fn large_repository(stage: &Stage) -> std::path::PathBuf {
    let root = stage.home.join("large");
    let (files, directories) = FILES;
    for directory in 0..directories {
        let path = root.join(format!("d{directory:03}"));
        fs::create_dir_all(&path).expect("a directory");
        for file in 0..files / directories {
            fs::write(path.join(format!("f{file:03}.txt")), "text\n").expect("a file");
        }
    }
    git(&root, &["init", "-q"]);
    git(&root, &["add", "."]);
    git(&root, &["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-qm", "all"]);
    root
}

fn git(directory: &Path, arguments: &[&str]) {
    let done = Command::new("git").args(arguments).current_dir(directory).status();
    assert!(done.is_ok_and(|end| end.success()), "git {arguments:?}");
}

fn small_crate(stage: &Stage) -> Option<std::path::PathBuf> {
    let root = stage.home.join("crate");
    if !toolchain().join("bin/cargo").exists() {
        return None;
    }
    fs::create_dir_all(root.join("src")).expect("a directory");
    fs::create_dir_all(root.join(".git/refs")).expect("a directory");
    fs::create_dir_all(root.join(".git/objects")).expect("a directory");
    fs::write(root.join(".git/HEAD"), "ref: refs/heads/main\n").expect("a branch");
    fs::write(root.join("Cargo.toml"), "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2024\"\n")
        .expect("written");
    let functions: String =
        (0..200).map(|n| format!("/// Adds.\npub fn add{n}(a: u32) -> u32 {{ a.wrapping_add({n}) }}\n")).collect();
    fs::write(root.join("src/lib.rs"), functions).expect("written");
    Some(root)
}
