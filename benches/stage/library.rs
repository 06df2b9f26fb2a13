//! Thousands of rules that somebody might have written: packs of a program each, and one about requests in each file's place.

use std::fmt::Write as _;

/// How many rules stand in one file: as many as fit.
const EACH: usize = 250;

/// The texts of files with so many rules together.
pub(crate) fn files(rules: usize) -> Vec<String> {
    (0..rules.div_ceil(EACH)).map(|at| if at % 4 == 3 { requests(at) } else { lines(at) }).collect()
}

/// Rules about the command lines of one program.
fn lines(at: usize) -> String {
    let mut text = format!("pack: tool{at}\nabout: A program of the house, number {at}.\nprogram: tool{at}\nrules:\n");
    for rule in 0..EACH {
        let _ = writeln!(
            text,
            "  - id: tool{at}.thing{rule}.delete\n    when: {{ subcommand: \"thing{rule} rm|delete\", no_flag: [--dry-run] }}\n    \
             does: {{ verb: delete, resource: thing, reach: service, reversal: none }}\n    why: Removes thing {rule} for good.\n    \
             holds: [\"tool{at} thing{rule} rm x\", \"tool{at} thing{rule} delete x\"]\n    \
             passes: [\"tool{at} thing{rule} list\", \"tool{at} thing{rule} rm x --dry-run\"]"
        );
    }
    text
}

/// Rules about requests to one host.
fn requests(at: usize) -> String {
    let mut text = format!("pack: host{at}\nabout: A host of the house, number {at}.\nrules:\n");
    for rule in 0..EACH {
        let host = format!("host{at}.example");
        let _ = writeln!(
            text,
            "  - id: host{at}.thing{rule}.delete\n    when: {{ http: {{ method: [DELETE], host: [{host}], path: [/thing{rule}/*] }} }}\n    \
             does: {{ verb: delete, resource: thing, reach: service, reversal: none }}\n    why: Removes thing {rule} for good.\n    \
             holds: [\"curl -X DELETE https://{host}/thing{rule}/1\", \"curl -XDELETE {host}/thing{rule}/2\"]\n    \
             passes: [\"curl https://{host}/thing{rule}/1\", \"curl -X POST https://{host}/thing{rule}/1\"]"
        );
    }
    text
}
