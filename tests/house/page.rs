//! Pages that lead nowhere, and a test command that is not the one that is run.

use std::fs;
use std::path::{Path, PathBuf};

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let below = |directory: &str| fs::read_dir(root.join(directory)).into_iter().flatten();
    let all = ["", "docs", "docs/design"].into_iter().flat_map(below).map(|entry| entry.expect("an entry").path());
    all.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// What stands between `](` and `)`.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link)
}

#[test]
fn every_link_of_the_pages_leads_somewhere() {
    let pages = pages();
    assert!(pages.len() > 8, "the pages were not found: {pages:?}");
    let mut broken = Vec::new();
    for page in &pages {
        let text = fs::read_to_string(page).expect("a page is text");
        for link in links(&text).filter(|link| !link.contains("://")) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !page.parent().expect("a directory").join(file).exists() {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

#[test]
fn every_design_note_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/design");
    let list = fs::read_to_string(root.join("README.md")).expect("the list of design notes");
    for entry in fs::read_dir(&root).expect("design notes").map(|entry| entry.expect("an entry")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(
            name == "README.md" || list.contains(&format!("]({name})")),
            "docs/design/README.md does not list {name}"
        );
    }
}

#[test]
fn the_readme_s_test_command_is_what_is_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in ["README.md", ".ci/run", "justfile"] {
        let text = fs::read_to_string(root.join(file)).expect("a file of the repository");
        assert!(text.lines().any(|line| line.trim() == "cargo test --locked"), "{file}");
    }
    let demo = fs::read_to_string(root.join("README.md")).expect("the README");
    assert!(demo.lines().any(|line| line == "cargo run --release -- demo"));
}
