//! Reads `rules/places.yaml` and writes it down as a Rust constant.

use super::form::place_form::Places;
use std::{fs, path::Path};

/// Writes `places.rs` into `out`.
pub(crate) fn write(out: &Path) {
    let places: Places = super::read_yaml(Path::new("rules/places.yaml"));
    let code = format!(
        "/// `rules/places.yaml` as it was when holdpoint was built.\npub(in crate::decide::action) static PLACES: Places = {places:?};\n"
    );
    fs::write(out.join("places.rs"), code).expect("the build's output directory is writable");
}
