//! No loop of the judgement can stand still: each asks something that runs out.

use super::source::{Source, read_below};

/// What a loop may ask: iterators and stacks, which it empties; texts and lists that become shorter; readers, which tire
/// (`Patience`).
const RUNS_OUT: [&str; 25] = [
    ".next()",
    ".next_element()",
    ".pop()",
    ".take()",
    ".split_once(",
    ".split_first(",
    ".split_at_checked(",
    "@ ..]",
    ".look()",
    ".looks()",
    ".peek()",
    ".rest()",
    ".character()",
    ".keyword()",
    ".eat_keyword(",
    ".redirect(",
    ".at_pipe()",
    ".kind(",
    ".token(",
    ".is_mark(",
    ".one_of_marks(",
    ".operator(",
    ".sees(",
    ".word()",
    ".name()",
];

/// Loops that end for another reason, by file and head.
const OTHERS: [(&str, &str); 3] = [
    // Halves what is left.
    ("src/decide/action/compiled.rs", "while low < high"),
    // Goes down a term, which is finite.
    ("src/decide/action/taken.rs", "while let Some(Term::Result(made)) = on"),
    // Closes an opened text in front of which all is read.
    ("src/decide/syntax/recipe/mod.rs", "while let Some((before, name, after)) = next(rest)"),
];

#[test]
fn every_loop_of_the_judgement_asks_something_that_runs_out() {
    let mut still: Vec<String> = Vec::new();
    for source in judgement() {
        for (line, head, whole) in loops(&source.code) {
            // To look at a text's first letter takes nothing away from it.
            let asked = whole.replace(".chars().next()", "");
            let path = source.path.to_string_lossy().into_owned();
            let is_other = OTHERS.iter().any(|(file, start)| path == *file && head.starts_with(start));
            if !is_other && !RUNS_OUT.iter().any(|form| asked.contains(form)) {
                still.push(format!("{path}:{line}: {head}"));
            }
        }
    }
    assert!(still.is_empty(), "these loops could stand still; ask a Patience:\n{}", still.join("\n"));
}

#[test]
fn every_reader_that_remembers_its_place_tires() {
    let mut tireless: Vec<String> = Vec::new();
    for source in judgement() {
        let remembers = source.code.contains("    at: usize,") || source.code.contains("    pub(super) at: usize,");
        if remembers && !source.code.contains("Patience") && !source.path.ends_with("sql/meta.rs") {
            tireless.push(source.path.display().to_string());
        }
    }
    assert!(tireless.is_empty(), "{}", tireless.join("\n"));
}

/// The sources of the judgement without their tests.
fn judgement() -> impl Iterator<Item = Source> {
    let is_test =
        |source: &Source| source.path.components().any(|part| part.as_os_str().to_string_lossy().starts_with("tests"));
    read_below(&["src/decide"]).into_iter().filter(move |source| !is_test(source)).map(|mut source| {
        if let Some(end) = source.code.find("\nmod tests {") {
            source.code.truncate(end);
        }
        source
    })
}

/// Every loop: its line, its head, and all of it.
fn loops(code: &str) -> Vec<(usize, &str, &str)> {
    let starts = ["while ", "loop {"].into_iter().flat_map(|word| code.match_indices(word));
    let alone = |at: &usize| !code[..*at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
    starts
        .map(|(at, _)| at)
        .filter(alone)
        .map(|at| {
            let rest = &code[at..];
            let whole = &rest[..end_of_block(rest)];
            let head = whole.lines().next().unwrap_or_default().trim_end_matches(['{', ' ']);
            (code[..at].matches('\n').count() + 1, head, whole)
        })
        .collect()
}

/// Where the first block ends that is not in brackets of another kind.
fn end_of_block(text: &str) -> usize {
    let (mut round, mut curly) = (0usize, 0usize);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' => round += 1,
            b')' | b']' => round = round.saturating_sub(1),
            b'{' if round == 0 || curly > 0 => curly += 1,
            b'}' if curly == 1 => return at + 1,
            b'}' if curly > 1 => curly -= 1,
            _ => {}
        }
    }
    text.len()
}

#[test]
fn a_loop_is_found_with_its_block() {
    let code =
        "fn f() {\n    while x.is_some_and(|y| { y }) {\n        if a { b() }\n    }\n    loop { c.next() }\n}\n";
    let found: Vec<(usize, &str)> = loops(code).into_iter().map(|(line, _, whole)| (line, whole)).collect();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].0, 2);
    assert!(found[0].1.ends_with("b() }\n    }"), "{}", found[0].1);
    assert_eq!(found[1], (5, "loop { c.next() }"));
}
