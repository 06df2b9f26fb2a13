//! Reads `rules/scope.yaml` and writes it down as a Rust constant.

use super::compile::index_of;
use super::form::list::{List, Text};
use super::form::store_form::Stock;
use std::{fs, path::Path};

/// Writes `scope.rs` into `out`. Stops the build, with the reason, when the list is not well formed.
pub(crate) fn write(out: &Path) {
    let stock: Stock = super::read_yaml(Path::new("rules/scope.yaml"));
    let faults = faults(&stock);
    assert!(faults.is_empty(), "rules/scope.yaml:\n  {}", faults.join("\n  "));
    let shared = List(shared(&stock).leak());
    let mut code = format!(
        "/// `rules/scope.yaml` as it was when holdpoint was built.\npub static STOCK: Stock = {stock:?};\n\
         /// Every place below a home that tools share, in the order of its names.\n\
         pub static SHARED: List<Text> = {shared:?};\n"
    );
    code.push_str(&index_of("WRITERS", stock.writers.iter().map(|writes| writes.programs.0)));
    code.push_str(&index_of("LINES", stock.lines.iter().map(|needy| needy.programs.0)));
    fs::write(out.join("scope.rs"), code).expect("the build's output directory is writable");
}

/// What every command may write below a home, name by name in order.
fn shared(stock: &Stock) -> Vec<Text> {
    let places = stock.stores.iter().flat_map(|store| store.shared.iter().chain(store.files.iter()));
    let mut places: Vec<Text> = places.copied().collect();
    places.sort_by(|a, b| a.split('/').cmp(b.split('/')));
    places.dedup();
    places
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
        let outside = store.shared.iter().chain(store.files.iter()).filter(|path| !path.starts_with("~/"));
        faults.extend(outside.map(|path| format!("{}: {path} lies in no home, so it cannot be everybody's", store.id)));
    }
    faults
}
