//! Reads `rules/` when holdpoint is compiled and writes it down as Rust constants, so that
//! no YAML is parsed on the way of a command (300 rules of YAML take 4–13 ms).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "build/credentials.rs"]
mod credentials;
#[allow(dead_code, missing_docs, unreachable_pub)]
#[path = "build/form.rs"]
mod form;

use form::client_form::ClientFile;
use form::pack::Pack;
use form::wrapper_form::WrapperFile;

fn main() {
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let packs = read_packs(Path::new("rules/packs"));
    fs::write(out.join("packs.rs"), packs_as_rust(&packs)).expect("OUT_DIR can be written");
    let wrappers: WrapperFile = read_yaml(Path::new("rules/wrappers.yaml"));
    fs::write(out.join("wrappers.rs"), wrappers_as_rust(&wrappers)).expect("OUT_DIR can be written");
    credentials::write(&out);
    let clients: ClientFile = read_yaml(Path::new("rules/clients.yaml"));
    let clients = format!("pub(super) static CLIENTS: &[Client] = &{:?};\n", clients.clients.0);
    fs::write(out.join("clients.rs"), clients).expect("OUT_DIR can be written");
}

fn read_yaml<T: for<'de> serde::Deserialize<'de>>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()));
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All packs, in the order of their file names, with the checks that need no judge.
fn read_packs(directory: &Path) -> Vec<Pack> {
    let mut paths: Vec<PathBuf> = fs::read_dir(directory)
        .unwrap_or_else(|error| panic!("{} cannot be listed: {error}", directory.display()))
        .map(|entry| entry.expect("a directory entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    paths.sort();
    let packs: Vec<Pack> = paths.iter().map(|path| read_yaml(path)).collect();
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for pack in &packs {
        for rule in pack.rules.iter() {
            assert!(
                rule.id.split('.').count() == 3 && rule.id.starts_with(&format!("{}.", pack.pack)),
                "rule {}: an id has the form pack.noun.verb and begins with its pack, {}",
                rule.id,
                pack.pack
            );
            if let Some(other) = seen.insert(rule.id.0, pack.pack.0) {
                panic!("rule {} stands twice, in {other} and {}", rule.id, pack.pack);
            }
        }
    }
    packs
}

/// The packs as a constant, with an index from program to packs that is sorted for binary search.
fn packs_as_rust(packs: &[Pack]) -> String {
    let mut rust = String::from("pub(super) static PACKS: &[Pack] = &[\n");
    for pack in packs {
        let _ = writeln!(rust, "    {pack:?},");
    }
    rust.push_str("];\n");
    rust + &index("PROGRAMS", packs.iter().map(|pack| &*pack.programs))
}

fn wrappers_as_rust(file: &WrapperFile) -> String {
    let rust = format!("pub(super) static WRAPPERS: &[Wrapper] = &{:?};\n", file.wrappers.0);
    let rust = format!("{rust}pub(super) static EVALUABLE: List<Text> = {:?};\n", file.evaluable);
    rust + &index("WRAPPED", file.wrappers.iter().map(|wrapper| &*wrapper.programs))
}

/// A table from program to places in a list, sorted by program.
fn index<'p>(name: &str, lists: impl Iterator<Item = &'p [form::pack::Text]>) -> String {
    let mut programs: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, list) in lists.enumerate() {
        for program in list {
            programs.entry(program.0).or_default().push(place);
        }
    }
    let mut rust = format!("pub(super) static {name}: &[(&str, &[usize])] = &[\n");
    for (program, places) in programs {
        let _ = writeln!(rust, "    ({program:?}, &{places:?}),");
    }
    rust.push_str("];\n");
    rust
}
