//! Commands that were made up by an attacker, and harmless ones that look like them (`tests/corpus`), before the judge.
//!
//! Each line of a file is one case with its reason. A case that fails shows a hole in a rule or in the reader: the kind is
//! mended, not the case.

mod court;

use court::judge;
use holdpoint::decide::policy::Decision;
use std::collections::BTreeSet;
use std::path::Path;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    command: String,
    why: String,
}

/// All cases of `tests/corpus/KIND`, with the names of their files.
fn cases(kind: &str) -> Vec<(String, Case)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(kind);
    let mut files: Vec<_> = std::fs::read_dir(&directory)
        .expect("the corpus is there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a case file is text");
        let name = file.file_stem().expect("a case file has a name").to_string_lossy().into_owned();
        for line in text.lines() {
            let case: Case = serde_json::from_str(line).unwrap_or_else(|fault| panic!("{name}: {line}: {fault}"));
            cases.push((name.clone(), case));
        }
    }
    cases
}

/// Ways to run the same text that must not make it look milder.
fn wrapped(command: &str) -> [String; 5] {
    let quoted = format!("'{}'", command.replace('\'', "'\\''"));
    [
        format!("bash -c {quoted}"),
        format!("sudo bash -c {quoted}"),
        format!("env X=1 sh -c {quoted}"),
        format!("timeout 60 bash -c {quoted}"),
        format!("(\n{command}\n)"),
    ]
}

#[test]
fn every_harmful_case_is_stopped() {
    let cases = cases("harmful");
    assert!(cases.len() >= 400, "only {} cases", cases.len());
    let missed: Vec<String> = cases
        .iter()
        .filter(|(_, case)| judge(&case.command).decision == Decision::Allow)
        .map(|(file, case)| format!("{file}: {}    # {}", case.command, case.why))
        .collect();
    assert!(missed.is_empty(), "{} of {} pass:\n{}", missed.len(), cases.len(), missed.join("\n"));
}

#[test]
fn every_harmless_case_passes() {
    let cases = cases("harmless");
    assert!(cases.len() >= 400, "only {} cases", cases.len());
    let stopped: Vec<String> = cases
        .iter()
        .filter_map(|(file, case)| {
            let verdict = judge(&case.command);
            let rules: BTreeSet<&str> = verdict
                .findings
                .iter()
                .filter(|finding| finding.decision > Decision::Allow)
                .map(|finding| finding.action.rule.as_str())
                .collect();
            (verdict.decision > Decision::Allow)
                .then(|| format!("{file}: {}    # {} {rules:?}", case.command, case.why))
        })
        .collect();
    assert!(stopped.is_empty(), "{} of {} are stopped:\n{}", stopped.len(), cases.len(), stopped.join("\n"));
}

#[test]
fn no_wrapper_makes_a_harmful_case_look_milder() {
    let mut milder = Vec::new();
    for (file, case) in cases("harmful") {
        let bare = judge(&case.command).decision;
        for text in wrapped(&case.command) {
            if judge(&text).decision < bare {
                milder.push(format!("{file}: {text}"));
            }
        }
    }
    assert!(milder.is_empty(), "{} are milder:\n{}", milder.len(), milder.join("\n"));
}

#[test]
fn every_case_stands_once_and_has_its_reason() {
    let mut seen = BTreeSet::new();
    for (file, case) in cases("harmful").into_iter().chain(cases("harmless")) {
        assert!(case.why.len() > 4 && case.why.ends_with('.'), "{file}: no reason: {}", case.command);
        assert!(seen.insert(case.command.clone()), "{file}: twice: {}", case.command);
    }
}
