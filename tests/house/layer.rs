//! Which module may name which: the table of docs/house.md, read against every path in the sources.

use crate::source::{Source, read_below};
use std::collections::BTreeSet;

/// The rooms of floor 2. They have no doors between them.
const ROOMS: [&str; 10] =
    ["config", "approval", "confine", "exec", "undo", "staging", "egress", "record", "agent", "scan"];

/// What a module may name of ours, beside itself.
fn doors_of(module: &str) -> Vec<&'static str> {
    let judgement = ["decide::syntax", "decide::action", "decide::policy", "decide::trial", "decide::shown", "decide"];
    match module {
        "sys" | "decide::syntax" | "decide::shown" => vec![],
        "decide::action" => vec!["decide::syntax", "decide::shown"],
        "decide::policy" => vec!["decide::action", "decide::shown"],
        "decide::trial" => vec!["decide::syntax", "decide::action", "decide::policy"],
        room if ROOMS.contains(&room) => [&judgement[..], &["sys"]].concat(),
        "pipeline" => [&judgement[..], &ROOMS].concat(),
        "cli" | "main" | "lib" => [&judgement[..], &ROOMS, &["sys", "pipeline", "cli"]].concat(),
        other => panic!("{other} is a module that docs/house.md does not know: give it a floor there and here"),
    }
}

/// The module that a file of `src` belongs to, as far as the table tells modules apart.
fn module_of(parts: &[&str]) -> String {
    match parts {
        ["decide", part @ ("syntax" | "action" | "policy" | "trial" | "shown"), ..] => format!("decide::{part}"),
        [first, ..] => (*first).to_owned(),
        [] => "lib".to_owned(),
    }
}

/// `src/exec/child.rs` as module names: `exec`, `child`.
fn parts_of(source: &Source) -> Vec<String> {
    let inner = source.path.strip_prefix("src").expect("below src").with_extension("");
    let mut parts: Vec<String> = inner.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    parts
}

/// Every module of ours that the code names by `crate::`, `holdpoint::` or `super::`.
fn named_in(code: &str, own: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("::") {
        let head: String = code[..at].chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let tail = &code[at + 2..];
        let behind_path = code[..at - head.len()].ends_with("::");
        match head.chars().rev().collect::<String>().as_str() {
            "crate" | "holdpoint" if !behind_path => expand(&[], tail, &mut found),
            "super" if !behind_path => climb(own, nesting(code, at), tail, &mut found),
            _ => {}
        }
    }
    found
}

/// How many inline modules (`mod tests { … }`) stand open at a place.
fn nesting(code: &str, at: usize) -> usize {
    let (mut open, mut depth) = (Vec::new(), 0_usize);
    for piece in code[..at].split_inclusive(['{', '}']) {
        if piece.ends_with('{') {
            let mut last = piece.trim_end_matches('{').split_whitespace().rev();
            let is_module = last.next().is_some() && last.next() == Some("mod");
            depth += 1;
            if is_module {
                open.push(depth);
            }
        } else if piece.ends_with('}') {
            open.retain(|level| *level < depth);
            depth = depth.saturating_sub(1);
        }
    }
    open.len()
}

/// `super::super::x` from where it stands.
fn climb(own: &[String], inline: usize, tail: &str, found: &mut BTreeSet<String>) {
    let mut rest = tail;
    let mut up = 1_usize;
    while let Some(further) = rest.trim_start().strip_prefix("super::") {
        (rest, up) = (further, up + 1);
    }
    let left = own.len().saturating_sub(up.saturating_sub(inline));
    let base: Vec<&str> = own.iter().take(left).map(String::as_str).collect();
    expand(&base, rest, found);
}

/// The modules behind a path, through `{…}` groups.
fn expand(base: &[&str], tail: &str, found: &mut BTreeSet<String>) {
    let tail = tail.trim_start();
    if let Some(group) = tail.strip_prefix('{') {
        for item in items_of(group) {
            expand(base, item, found);
        }
        return;
    }
    let end = tail.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(tail.len());
    let (name, rest) = tail.split_at(end);
    let is_module = name.starts_with(|c: char| c.is_lowercase());
    let parts: Vec<&str> = base.iter().copied().chain(is_module.then_some(name)).collect();
    match rest.trim_start().strip_prefix("::") {
        Some(deeper) if is_module && parts.len() < 2 => expand(&parts, deeper, found),
        _ => {
            found.insert(module_of(&parts));
        }
    }
}

/// The items of a `{…}` group, whose `{` is already read.
fn items_of(group: &str) -> Vec<&str> {
    let (mut items, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.retain(|item| !item.trim().is_empty());
    items
}

#[test]
fn every_module_names_only_what_its_floor_may() {
    let sources = read_below(&["src"]);
    assert!(sources.len() > 50, "the sources were not found: {} files", sources.len());
    let mut faults = Vec::new();
    for source in &sources {
        let own = parts_of(source);
        let module = module_of(&own.iter().map(String::as_str).collect::<Vec<_>>());
        if module == "decide" {
            continue; // decide/mod.rs lists its parts and nothing else.
        }
        let doors = doors_of(&module);
        for named in named_in(&source.code, &own) {
            // A macro or item at the crate's root, as in `crate::say!`, is not a module.
            if named != module && !doors.contains(&named.as_str()) {
                faults.push(format!("{}: `{module}` may not name `{named}`", source.path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "against the import rule of docs/house.md:\n{}", faults.join("\n"));
}

#[test]
fn a_forbidden_door_is_seen_in_every_form_of_path() {
    let own = ["exec".to_owned(), "child".to_owned()];
    for code in [
        "use crate::confine::plan::Plan;",
        "use crate::{decide::policy, confine::{plan, filter}};",
        "fn f() -> crate::confine::Plan {}",
        "use super::super::confine::Plan;",
        "mod tests { use super::super::super::confine; }",
        "use crate :: confine :: Plan;".replace(" :: ", "::").as_str(),
    ] {
        assert!(named_in(code, &own).contains("confine"), "{code}");
    }
    assert_eq!(named_in("use super::outcome::Outcome; mod tests { use super::*; }", &own), ["exec".to_owned()].into());
    let own = ["decide".to_owned(), "syntax".to_owned(), "tree".to_owned()];
    assert!(named_in("use super::super::action::Action;", &own).contains("decide::action"));
    assert!(doors_of("decide::syntax").is_empty());
    assert!(!doors_of("exec").contains(&"confine") && doors_of("pipeline").contains(&"confine"));
}
