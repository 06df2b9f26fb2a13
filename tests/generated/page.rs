//! `docs/rules/`: a page for each pack.

use super::keep;
use holdpoint::decide::action::Rules;
use holdpoint::decide::action::pack::{Pack, Rule};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

#[test]
fn every_pack_has_its_page_and_there_are_no_others() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    let packs: Vec<&Pack> = Rules::default().packs().collect();
    keep(&directory.join("README.md"), list(&packs).as_bytes());
    let mut names = BTreeSet::from(["README.md".to_owned()]);
    for pack in packs {
        let name = format!("{}.md", pack.pack);
        keep(&directory.join(&name), page(pack).as_bytes());
        names.insert(name);
    }
    for entry in fs::read_dir(&directory).expect("the pages").map(|entry| entry.expect("an entry")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(names.contains(&name), "docs/rules/{name} is the page of no pack: remove it");
    }
}

fn list(packs: &[&Pack]) -> String {
    let count: usize = packs.iter().map(|pack| pack.rules.len()).sum();
    let mut text = format!(
        "# The rules\n\n{count} rules in {} packs come with holdpoint. Each page is made from its file in `rules/packs/`; \
         [rules.md](../rules.md) shows the form.\n\n| pack | about | rules |\n|---|---|---|\n",
        packs.len()
    );
    for pack in packs {
        let _ = writeln!(text, "| [{0}]({0}.md) | {1} | {2} |", pack.pack, cell(&pack.about), pack.rules.len());
    }
    text
}

fn page(pack: &Pack) -> String {
    let mut text = format!("# {}\n\n{}\n", pack.pack, pack.about);
    if !pack.programs.is_empty() {
        let programs: Vec<String> = pack.programs.iter().map(|program| format!("`{program}`")).collect();
        let _ = write!(text, "\nReads the command lines of {}.\n", programs.join(", "));
    }
    pack.rules.iter().for_each(|rule| describe(rule, &mut text));
    text
}

fn describe(rule: &Rule, text: &mut String) {
    let does = &rule.does;
    let _ = write!(text, "\n## {}\n\n{}\n\n", rule.id, rule.why);
    let (verb, reach, reversal) = (does.verb.label(), does.reach.label(), does.reversal.label());
    let _ = writeln!(text, "| verb | resource | reach | comes back |\n|---|---|---|---|");
    let _ = writeln!(text, "| {verb} | {} | {reach} | {reversal} |", cell(&does.resource));
    if let Some(instead) = rule.instead {
        let _ = write!(text, "\nInstead: {instead}\n");
    }
    let holds: Vec<&str> = rule.holds.iter().collect();
    let passes: Vec<&str> = rule.passes.iter().collect();
    for (title, trials) in [("It applies to", holds), ("and not to", passes)] {
        let _ = write!(text, "\n{title}\n\n");
        for trial in trials {
            let _ = writeln!(text, "    {}", trial.replace('\n', "\n    "));
        }
    }
}

/// A bar would end a cell of the table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
