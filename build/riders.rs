//! Reads `rules/riders.yaml` and writes it down as Rust constants.

use super::form::rider_form::Riders;
use std::{fs, path::Path};

/// Writes `riders.rs` into `out`. Stops the build, with the reason, when the list is not well formed.
pub(crate) fn write(out: &Path) {
    let path = "rules/riders.yaml";
    let text = fs::read_to_string(path).unwrap_or_else(|fault| panic!("{path} cannot be read: {fault}"));
    let riders: Riders = serde_yaml::from_str(text.leak()).unwrap_or_else(|fault| panic!("{path}: {fault}"));
    assert!(riders.version == 1, "{path}: version {} is not known; it must be 1", riders.version);
    let keys = riders
        .harmless
        .iter()
        .chain(riders.addresses.iter())
        .chain(riders.remotes.iter())
        .chain(riders.files.iter())
        .chain(riders.known.iter().flat_map(|known| known.keys.iter()));
    for key in keys {
        assert!(key.contains('.') && !key.chars().any(char::is_uppercase), "{path}: {key} is compared in lower case");
    }
    fs::write(out.join("riders.rs"), format!("pub(super) static RIDERS: Riders = {riders:?};\n"))
        .expect("the build's output directory is writable");
}
