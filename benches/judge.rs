//! What it takes to judge one text, in this process: the parse, the walk, the rules, the policy. `just bench` prints it.

#[path = "stage/library.rs"]
mod library;
#[path = "stage/script.rs"]
mod script;

use holdpoint::config::pack_file::parse_pack;
use holdpoint::decide::action::{self, Beside, Facts, Rules, Setting};
use holdpoint::decide::policy::{self, Policy};
use holdpoint::decide::syntax::shell;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Samples per text, and judgements per sample.
const SAMPLES: usize = 60;
const EACH: u32 = 50;
/// How many rules there are in the second round.
const MANY: usize = 5_000;

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
    let script = script::two_kilobytes();
    let own = Rules::default();
    let built_in: usize = own.packs().map(|pack| pack.rules.len()).sum();
    let many = with_others(MANY.saturating_sub(built_in));
    let request = "curl -s -X POST https://api.example.com/v1/x -d a=1";
    let texts = [
        ("git status", "git status"),
        ("rm -rf /", "rm -rf /"),
        ("a script of 2 KB", &*script),
        ("a request", request),
    ];
    for (count, rules) in [(built_in, own), (many.packs().map(|pack| pack.rules.len()).sum(), many)] {
        println!(" {count} rules");
        for (name, text) in texts {
            let mut times: Vec<Duration> = (0..samples).map(|_| sample(text, &setting, rules)).collect();
            times.sort_unstable();
            let least = times.first().map_or(f64::NAN, Duration::as_secs_f64);
            let median = times.get(times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64);
            println!("  {name:<18} {:>8.1} {:>8.1}", least * 1e6, median * 1e6);
        }
    }
}

/// The built-in rules and so many others.
fn with_others(rules: usize) -> Rules {
    let files = library::files(rules).into_iter();
    Rules::with(files.map(|text| Beside::read(parse_pack(text, "a pack").expect("a pack"))).collect())
}

fn sample(text: &str, setting: &Setting, rules: Rules) -> Duration {
    let start = Instant::now();
    for _ in 0..EACH {
        let reading = action::read(&shell::read(black_box(text)), setting, &Facts::default(), rules);
        let _ = black_box(policy::judge(&reading, &Policy::default(), setting));
    }
    start.elapsed() / EACH
}
