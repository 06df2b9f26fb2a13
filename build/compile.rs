//! Packs lists into bytes, with an index by name. `src/decide/action/compiled.rs` reads them.

use super::form::pack::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};
use std::{fs, path::Path};

/// A list to be packed: the constant's name, its items' type, and the files' name.
pub(crate) struct List {
    pub(crate) name: &'static str,
    pub(crate) of: &'static str,
    pub(crate) file: &'static str,
}

impl List {
    /// Writes the items as bytes and what reads them as Rust, with an index from the names of each item to its place.
    pub(crate) fn write<T: Serialize + Deserialize<'static>>(
        &self,
        out: &Path,
        items: &[T],
        (index, names): (&str, impl Fn(&T) -> &[Text]),
        more: &str,
    ) {
        let mut bytes: Vec<u8> = Vec::new();
        let mut bounds = vec![0];
        for item in items {
            bytes.extend(pack(item));
            bounds.push(bytes.len());
        }
        let Self { name, of, file } = self;
        let mut rust = format!(
            "pub(super) static {name}: Compiled<{of}> = Compiled {{\n    \
             bytes: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}.bin\")),\n    \
             bounds: &{bounds:?},\n    \
             unpacked: {{ static SLOTS: [OnceLock<{of}>; {}] = [const {{ OnceLock::new() }}; {}]; &SLOTS }},\n}};\n",
            items.len(),
            items.len()
        );
        rust.push_str(&index_of(index, items.iter().map(names)));
        rust.push_str(more);
        fs::write(out.join(format!("{file}.bin")), bytes).expect("OUT_DIR can be written");
        fs::write(out.join(format!("{file}.rs")), rust).expect("OUT_DIR can be written");
    }
}

/// One value as bytes, which were read back to see that they can be.
pub(crate) fn pack<T: Serialize + Deserialize<'static>>(value: &T) -> Vec<u8> {
    let bytes = postcard::to_allocvec(value).expect("a rule can be packed");
    let again: T = postcard::from_bytes(bytes.clone().leak()).expect("a packed rule can be unpacked");
    assert!(postcard::to_allocvec(&again).as_ref() == Ok(&bytes), "a rule is the same when it was unpacked");
    bytes
}

/// From the names of each item to its place, as Rust.
pub(crate) fn index_of<'p>(name: &str, lists: impl Iterator<Item = &'p [Text]>) -> String {
    let mut found: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, names) in lists.enumerate() {
        for name in names {
            let places = found.entry(name.0).or_default();
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
    }
    let begins_before = |byte: u16| found.keys().filter(|name| name.bytes().next().map_or(0, u16::from) < byte).count();
    let starts: Vec<usize> = (0..=256).map(begins_before).collect();
    let (mut text, mut bounds, mut places, mut shares) = (String::new(), vec![0], Vec::new(), vec![0]);
    for (name, at) in found {
        text.push_str(name);
        bounds.push(text.len());
        places.extend(at);
        shares.push(places.len());
    }
    let mut rust = format!("pub(super) static {name}: Index = Index {{\n    names: {text:?},\n");
    for (field, numbers) in [("bounds", &bounds), ("places", &places), ("shares", &shares), ("starts", &starts)] {
        let _ = writeln!(rust, "    {field}: &{:?},", numbers as &dyn Debug);
    }
    rust.push_str("};\n");
    rust
}
