//! Reads `rules/scope.yaml` and writes it down as a Rust constant.

use super::form::store_form::Stock;
use std::{fs, path::Path};

/// Writes `scope.rs` into `out`. Stops the build, with the reason, when the list is not well formed.
pub(crate) fn write(out: &Path) {
    let stock: Stock = super::read_yaml(Path::new("rules/scope.yaml"));
    let faults = faults(&stock);
    assert!(faults.is_empty(), "rules/scope.yaml:\n  {}", faults.join("\n  "));
    let code =
        format!("/// `rules/scope.yaml` as it was when holdpoint was built.\npub static STOCK: Stock = {stock:?};\n");
    fs::write(out.join("scope.rs"), code).expect("the build's output directory is writable");
}

fn faults(stock: &Stock) -> Vec<String> {
    let mut faults = Vec::new();
    if stock.version != 1 {
        faults.push(format!("version {} is not known; it must be 1", stock.version));
    }
    let mut ids: Vec<&str> = Vec::new();
    for store in stock.stores.iter() {
        if ids.contains(&store.id.0) {
            faults.push(format!("{} stands twice", store.id));
        }
        ids.push(store.id.0);
        if !store.own.is_empty() && store.programs.is_empty() {
            faults.push(format!("{}: who may write what is its own?", store.id));
        }
        let paths = store.shared.iter().chain(store.own.iter()).chain(store.files.iter());
        let strays =
            paths.filter(|path| !(path.starts_with("~/") || path.starts_with('/')) || path.contains(['*', '?']));
        faults.extend(strays.map(|path| format!("{}: {path} is no plain path of home or of the machine", store.id)));
    }
    faults
}
