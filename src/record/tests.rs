//! The record as a whole: written, followed, spoiled, read back.

use super::*;
use crate::decide::policy;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

fn time(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// 2026-11-21 and ten days later, in December.
const NOVEMBER: u64 = 1_795_225_000;
const DECEMBER: u64 = NOVEMBER + 10 * 86_400;

struct Desk {
    _place: tempfile::TempDir,
    record: Record,
}

fn desk() -> Desk {
    let place = tempfile::tempdir().unwrap();
    let record = Record::open(place.path()).unwrap();
    Desk { _place: place, record }
}

fn verdict(id: &str, command: &str) -> Entry {
    let allowed = policy::Verdict { decision: policy::Decision::Allow, findings: Vec::new(), observed: None };
    Entry::Verdict(Box::new(Verdict::of(id, command, command, &allowed)))
}

fn outcome(id: &str, exit: i32) -> Entry {
    Entry::Outcome(Outcome {
        id: id.to_owned(),
        exit: Some(exit),
        signal: None,
        duration_ms: 12,
        enforcement: "full".to_owned(),
        aside: Vec::new(),
    })
}

impl Desk {
    fn file(&self, name: &str) -> PathBuf {
        self.record.directory().join(name)
    }

    fn lines(&self, name: &str) -> Vec<String> {
        fs::read_to_string(self.file(name)).unwrap().lines().map(str::to_owned).collect()
    }

    fn spoil(&self, name: &str, lines: &[String]) {
        fs::write(self.file(name), lines.join("\n") + "\n").unwrap();
    }

    fn four_lines(&self) -> Vec<String> {
        for number in 0..4 {
            self.record.append(&verdict(&number.to_string(), &format!("echo {number}")), time(NOVEMBER)).unwrap();
        }
        self.lines("2026-11.jsonl")
    }

    fn fault(&self) -> String {
        verify(self.record.directory()).unwrap_err().to_string()
    }
}

#[test]
fn a_verdict_and_its_outcome_are_two_lines_that_are_read_back_as_one() {
    let desk = desk();
    desk.record.append(&verdict("a1", "git status"), time(NOVEMBER)).unwrap();
    desk.record.append(&verdict("a2", "sleep 100"), time(NOVEMBER)).unwrap();
    desk.record.append(&outcome("a1", 3), time(NOVEMBER + 1)).unwrap();
    let told = recent(desk.record.directory(), 10).unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].to_string(), "2026-11-21T01:36:40.000Z  allow  git status  exit 3, 12 ms");
    assert_eq!(told[0].lines, [desk.lines("2026-11.jsonl")[0].clone(), desk.lines("2026-11.jsonl")[2].clone()]);
    assert_eq!(told[1].outcome, None);
    assert_eq!(recent(desk.record.directory(), 1).unwrap()[0].verdict.id, "a2");
}

#[test]
fn a_line_is_json_with_time_id_and_the_hash_of_the_line_before() {
    let desk = desk();
    let lines = desk.four_lines();
    let value: serde_json::Value = serde_json::from_str(&lines[1]).unwrap();
    assert_eq!(value["line"], "verdict");
    assert_eq!(value["time"], "2026-11-21T01:36:40.000Z");
    assert_eq!(value["decision"], "allow");
    assert_eq!(value["previous"], chain::hash(lines[0].as_bytes()));
}

#[test]
fn a_whole_record_is_verified_over_several_months() {
    let desk = desk();
    desk.four_lines();
    desk.record.append(&outcome("3", 0), time(DECEMBER)).unwrap();
    desk.record.append(&outcome("2", 0), time(DECEMBER)).unwrap();
    let verified = verify(desk.record.directory()).unwrap();
    assert_eq!((verified.lines, verified.from_the_start), (6, true));
    assert_eq!(verified.head, chain::hash(desk.lines("2026-12.jsonl")[1].as_bytes()));
}

#[test]
fn a_changed_line_is_found() {
    let desk = desk();
    let mut lines = desk.four_lines();
    lines[1] = lines[1].replace("echo 1", "echo 9");
    desk.spoil("2026-11.jsonl", &lines);
    assert!(desk.fault().starts_with("2026-11.jsonl:3: this line does not follow"), "{}", desk.fault());
}

#[test]
fn a_removed_line_is_found() {
    let desk = desk();
    let mut lines = desk.four_lines();
    lines.remove(1);
    desk.spoil("2026-11.jsonl", &lines);
    assert!(desk.fault().starts_with("2026-11.jsonl:2: "), "{}", desk.fault());
}

#[test]
fn two_lines_that_changed_places_are_found() {
    let desk = desk();
    let mut lines = desk.four_lines();
    lines.swap(1, 2);
    desk.spoil("2026-11.jsonl", &lines);
    assert!(desk.fault().starts_with("2026-11.jsonl:2: "), "{}", desk.fault());
}

#[test]
fn a_month_cut_short_is_found_by_the_next_month_and_a_removed_first_month_is_told() {
    let desk = desk();
    let lines = desk.four_lines();
    desk.record.append(&outcome("3", 0), time(DECEMBER)).unwrap();
    desk.spoil("2026-11.jsonl", &lines[..3]);
    assert!(desk.fault().starts_with("2026-12.jsonl:1: "), "{}", desk.fault());
    fs::remove_file(desk.file("2026-11.jsonl")).unwrap();
    let verified = verify(desk.record.directory()).unwrap();
    assert_eq!((verified.lines, verified.from_the_start), (1, false));
}

#[test]
fn a_torn_line_stays_and_is_found_while_later_lines_are_whole() {
    let desk = desk();
    let lines = desk.four_lines();
    let half = lines[3].get(..40).unwrap();
    fs::write(desk.file("2026-11.jsonl"), lines[..3].join("\n") + "\n" + half).unwrap();
    desk.record.append(&outcome("3", 0), time(NOVEMBER)).unwrap();
    let now = desk.lines("2026-11.jsonl");
    assert_eq!(now[3], half);
    assert!(now[4].contains(&chain::hash(half.as_bytes())));
    assert!(desk.fault().starts_with("2026-11.jsonl:4: this is no line"), "{}", desk.fault());
}

#[test]
fn a_clock_that_was_set_back_still_appends_to_the_newest_file() {
    let desk = desk();
    desk.record.append(&verdict("d", "ls"), time(DECEMBER)).unwrap();
    desk.record.append(&verdict("n", "ls"), time(NOVEMBER)).unwrap();
    assert_eq!(desk.lines("2026-12.jsonl").len(), 2);
    assert_eq!(verify(desk.record.directory()).unwrap().lines, 2);
}

#[test]
fn many_writers_at_once_make_one_unbroken_chain() {
    let desk = desk();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let record = desk.record.clone();
            scope.spawn(move || {
                for number in 0..50 {
                    record.append(&verdict(&format!("{writer}-{number}"), "true"), time(NOVEMBER)).unwrap();
                }
            });
        }
    });
    assert_eq!(verify(desk.record.directory()).unwrap().lines, 200);
}

#[test]
fn a_long_command_is_cut_and_known_by_its_hash() {
    let desk = desk();
    let long = format!("echo {}", "é".repeat(40_000));
    desk.record.append(&verdict("l", &long), time(NOVEMBER)).unwrap();
    desk.record.append(&verdict("m", &long), time(NOVEMBER)).unwrap();
    let line = &desk.lines("2026-11.jsonl")[0];
    assert!(line.len() < 9_000, "{}", line.len());
    assert!(line.contains(&chain::hash(long.as_bytes())));
    assert_eq!(verify(desk.record.directory()).unwrap().lines, 2);
}

#[test]
fn a_secret_in_a_command_is_not_written() {
    let desk = desk();
    desk.record.append(&verdict("s", "curl -u me:hunter2 https://x"), time(NOVEMBER)).unwrap();
    let line = &desk.lines("2026-11.jsonl")[0];
    assert!(line.contains("me:[redacted]") && !line.contains("hunter2"), "{line}");
}

#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    desk.four_lines();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(desk.file("2026-11.jsonl")), 0o600);
    assert_eq!(mode(desk.record.directory().to_path_buf()), 0o700);
}

#[test]
fn a_link_in_the_place_of_a_file_is_refused() {
    let desk = desk();
    let elsewhere = desk.file("elsewhere");
    std::os::unix::fs::symlink(&elsewhere, desk.file("2026-11.jsonl")).unwrap();
    let fault = desk.record.append(&verdict("x", "ls"), time(NOVEMBER)).unwrap_err();
    assert!(fault.to_string().contains("could not be opened at"), "{fault}");
    assert!(!elsewhere.exists());
}

#[test]
fn a_missing_directory_is_an_error() {
    let desk = desk();
    fs::remove_dir_all(desk.record.directory()).unwrap();
    assert!(desk.record.append(&verdict("x", "ls"), time(NOVEMBER)).is_err());
    assert!(Record::open(&desk.file("no/such")).is_err());
}
