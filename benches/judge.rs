//! What it takes to judge one text, in this process: the parse, the walk, the rules, the policy. `just bench` prints it.

use holdpoint::decide::action::{self, Facts, Rules, Setting};
use holdpoint::decide::policy::{self, Policy};
use holdpoint::decide::syntax::shell;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Samples per text, and judgements per sample.
const SAMPLES: usize = 60;
const EACH: u32 = 50;

fn main() {
    let setting = Setting {
        directory: "/home/ann/shop".to_owned(),
        homes: vec!["/home/ann".to_owned()],
        user: "ann".to_owned(),
        repository: Some("/home/ann/shop".to_owned()),
        ..Setting::default()
    };
    let samples = if std::env::args().any(|argument| argument == "--test") { 1 } else { SAMPLES };
    println!("judging one text   microseconds, least and median of {samples} samples of {EACH}");
    let script = two_kilobytes();
    for (name, text) in [("git status", "git status"), ("rm -rf /", "rm -rf /"), ("a script of 2 KB", &*script)] {
        let mut times: Vec<Duration> = (0..samples).map(|_| sample(text, &setting)).collect();
        times.sort_unstable();
        let least = times.first().map_or(f64::NAN, Duration::as_secs_f64);
        let median = times.get(times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64);
        println!("  {name:<18} {:>8.1} {:>8.1}", least * 1e6, median * 1e6);
    }
}

fn sample(text: &str, setting: &Setting) -> Duration {
    let start = Instant::now();
    for _ in 0..EACH {
        let reading = action::read(&shell::read(black_box(text)), setting, &Facts::default(), Rules::default());
        let _ = black_box(policy::judge(&reading, &Policy::default(), setting));
    }
    start.elapsed() / EACH
}

/// Something like a build script: functions, loops, tests, pipes, a here-document.
fn two_kilobytes() -> String {
    let block = "build() {\n  local name=\"$1\"\n  if [ ! -d \"out/$name\" ]; then mkdir -p \"out/$name\"; fi\n  \
                 for f in src/\"$name\"/*.c; do cc -O2 -c \"$f\" -o \"out/$name/$(basename \"$f\" .c).o\" || return 1; done\n  \
                 git log -1 --format='%h %s' | sed 's/^/built /' >> out/log.txt\n}\nbuild core && build net\n\
                 cat <<EOF > out/version.h\n#define VERSION \"1.0\"\nEOF\nrm -f out/tmp.log\n";
    block.repeat(2048 / block.len() + 1)
}
