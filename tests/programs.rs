//! Each program of which holdpoint says that it knows it: something that it destroys is held, something that it tells passes
//! (`tests/programs.jsonl`).

mod court;

use court::judge;
use holdpoint::decide::policy::Decision;
use std::collections::BTreeSet;
use std::fmt::Write as _;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    program: String,
    held: String,
    passes: String,
}

#[test]
fn what_each_program_destroys_is_held_and_what_it_tells_passes() {
    let text = include_str!("programs.jsonl");
    let rows: Vec<Row> = text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect();
    let programs: BTreeSet<&str> = rows.iter().map(|row| row.program.as_str()).collect();
    assert!(programs.len() >= 140, "{} programs", programs.len());
    let mut wrong = String::new();
    for row in &rows {
        if judge(&row.held).decision == Decision::Allow {
            writeln!(wrong, "{}: not held: {}", row.program, row.held).expect("text");
        }
        if judge(&row.passes).decision > Decision::Allow {
            writeln!(wrong, "{}: held: {}", row.program, row.passes).expect("text");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
