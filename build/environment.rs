//! Reads `rules/environment.yaml` and writes it down as Rust constants.

use super::form::credential::Keyring;
use super::form::pack::Text;
use super::form::variable_form::{Family, Wardrobe};
use std::{fs, path::Path};

/// Writes `environment.rs` into `out`: the list, and the plain names of its families, sorted for binary search. Stops the
/// build, with the reason, when the list is not well formed.
pub(crate) fn write(out: &Path) {
    let wardrobe: Wardrobe = read("rules/environment.yaml");
    let keyring: Keyring = read("rules/credentials.yaml");
    let faults = faults(&wardrobe, &keyring);
    assert!(faults.is_empty(), "rules/environment.yaml:\n  {}", faults.join("\n  "));
    let code = format!(
        "pub(super) static WARDROBE: Wardrobe = {wardrobe:?};\n\
         /// Plain names with their family's place, sorted.\n\
         pub(super) static NAMES: &[(&str, u16)] = &{:?};\n\
         /// Globs of names with their family's place.\n\
         pub(super) static GLOBS: &[(&str, u16)] = &{:?};\n\
         /// Globs of addresses with their family's place.\n\
         pub(super) static ADDRESSES: &[(&str, u16)] = &{:?};\n",
        plain_names(wardrobe.secrets.0),
        placed(wardrobe.secrets.0, |family| family.names.0, |name| name.contains('*')),
        placed(wardrobe.secrets.0, |family| family.addresses.0, |_| true),
    );
    fs::write(out.join("environment.rs"), code).expect("the build's output directory is writable");
}

fn read<T: serde::Deserialize<'static>>(path: &str) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|fault| panic!("{path} cannot be read: {fault}"));
    serde_yaml::from_str(text.leak()).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

fn plain_names(families: &[Family]) -> Vec<(&'static str, u16)> {
    let mut names = placed(families, |family| family.names.0, |name| !name.contains('*'));
    names.sort_unstable();
    names
}

/// Names of families, each with its family's place.
fn placed(
    families: &[Family],
    of: fn(&Family) -> &'static [Text],
    wanted: fn(&str) -> bool,
) -> Vec<(&'static str, u16)> {
    let named = |(place, family)| of(family).iter().map(move |name: &Text| (name.0, place));
    (0u16..).zip(families).flat_map(named).filter(|(name, _)| wanted(name)).collect()
}

fn faults(wardrobe: &Wardrobe, keyring: &Keyring) -> Vec<String> {
    let mut faults = Vec::new();
    if wardrobe.version != 1 {
        faults.push(format!("version {} is not known; it must be 1", wardrobe.version));
    }
    let credential = |id: &str| keyring.credentials.iter().find(|credential| credential.id.0 == id);
    let mut ids: Vec<&str> = Vec::new();
    for family in wardrobe.secrets.iter() {
        if ids.contains(&family.id.0) {
            faults.push(format!("{} stands twice", family.id));
        }
        ids.push(family.id.0);
        if family.names.is_empty() && family.addresses.is_empty() {
            faults.push(format!("{} names no variable", family.id));
        }
        if credential(&family.id).is_some() && !family.used_by.is_empty() {
            faults.push(format!("{}: rules/credentials.yaml says which programs may have it", family.id));
        }
    }
    let names = plain_names(wardrobe.secrets.0);
    let twice = names.windows(2).filter(|pair| pair.first().map(|one| one.0) == pair.last().map(|one| one.0));
    faults.extend(twice.flatten().map(|(name, _)| format!("{name} stands twice")));
    let strays = wardrobe.sockets.iter().filter(|lead| credential(&lead.of).is_none());
    faults.extend(strays.map(|lead| format!("{} leads to {}, which is no credential", lead.name, lead.of)));
    let words = [wardrobe.endings, wardrobe.placeholders.values, wardrobe.placeholders.words];
    let capitals = words.iter().flat_map(|list| list.iter()).filter(|word| word.chars().any(char::is_uppercase));
    faults.extend(capitals.map(|word| format!("{word} is compared in lower case")));
    faults
}
