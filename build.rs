//! Reads `rules/` when holdpoint is compiled and packs it into bytes and constants, so that
//! no YAML is parsed on the way of a command (300 rules of YAML take 4–13 ms).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "build/compile.rs"]
mod compile;
#[path = "build/credentials.rs"]
mod credentials;
#[path = "build/environment.rs"]
mod environment;
#[allow(dead_code, missing_docs, unreachable_pub)]
#[path = "build/form.rs"]
mod form;
#[path = "build/places.rs"]
mod places;
#[path = "build/riders.rs"]
mod riders;
#[path = "build/scope.rs"]
mod scope;

use compile::{List, index_of, pack};
use form::client_form::ClientFile;
use form::pack::{Pack, Text};
use form::topic::Topic;
use form::wrapper_form::WrapperFile;

fn main() {
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    pack_relocations();
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let packs = read_packs(Path::new("rules/packs"));
    List { name: "PACKS", of: "Pack", file: "packs" }.write(
        &out,
        &packs,
        ("PROGRAMS", |pack| &pack.programs),
        &(topics(&packs) + &followed(&packs)),
    );
    let wrappers: WrapperFile = read_yaml(Path::new("rules/wrappers.yaml"));
    let evaluable = format!(
        "pub(super) static EVALUABLE: &[u8] = &{:?};\npub(super) static RUN_VARIABLES: &[u8] = &{:?};\n",
        pack(&wrappers.evaluable),
        pack(&wrappers.variables)
    );
    List { name: "WRAPPERS", of: "Wrapper", file: "wrappers" }.write(
        &out,
        &wrappers.wrappers,
        ("WRAPPED", |wrapper| &wrapper.programs),
        &evaluable,
    );
    let clients: ClientFile = read_yaml(Path::new("rules/clients.yaml"));
    List { name: "CLIENTS", of: "Client", file: "clients" }.write(
        &out,
        &clients.clients,
        ("CALLED", |client| &client.programs),
        "",
    );
    credentials::write(&out);
    environment::write(&out);
    places::write(&out);
    riders::write(&out);
    scope::write(&out);
    println!("cargo:rustc-env=HOLDPOINT_RULES={:016x}", digest(&out));
}

/// A position-independent binary moves its pointers into place at each start. Packed (DT_RELR of the ELF specification), they
/// are a list of three kilobytes instead of 270, which musl has read since 1.2.4; a linker that does not know the word ignores it.
fn pack_relocations() {
    if env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|kind| kind == "musl") {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

fn read_yaml<T: serde::Deserialize<'static>>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()));
    serde_yaml::from_str(text.leak()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
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

/// The places of the packs that are about each topic, in the order of [`Topic::ALL`].
fn topics(packs: &[Pack]) -> String {
    let about =
        |topic: Topic| (0u16..).zip(packs).filter(move |(_, pack)| pack.is_about(topic)).map(|(place, _)| place);
    let places = Topic::ALL.map(|topic| about(topic).collect::<Vec<u16>>());
    let lists: Vec<String> = places.iter().map(|places| format!("&{places:?}")).collect();
    format!("pub(super) static TOPICS: [&[u16]; {}] = [{}];\n{}", places.len(), lists.join(", "), lines(packs))
}

/// The programs of the command lines behind which some rule does not apply.
fn followed(packs: &[Pack]) -> String {
    let mut programs: Vec<&str> = packs.iter().flat_map(Pack::followed).map(|program| program.0).collect();
    programs.sort_unstable();
    programs.dedup();
    format!("pub(super) static FOLLOWED: &[&str] = &{programs:?};\n")
}

/// From programs to the packs that have none of their own and speak of their command lines, and those that speak of any.
fn lines(packs: &[Pack]) -> String {
    let named = |pack: &Pack| if pack.is_about(Topic::Line) { pack.line_programs() } else { Some(Vec::new()) };
    let programs: Vec<Option<Vec<Text>>> = packs.iter().map(named).collect();
    let any: Vec<u16> = (0u16..).zip(&programs).filter(|(_, named)| named.is_none()).map(|(place, _)| place).collect();
    let index = index_of("LINES", programs.iter().map(|named| named.as_deref().unwrap_or_default()));
    format!("pub(super) static ANY_LINE: &[u16] = &{any:?};\n{index}")
}

/// A number that changes with the packs and their form (FNV-1a): what was checked against other rules is checked again.
fn digest(out: &Path) -> u64 {
    let packed = fs::read(out.join("packs.bin")).expect("it was written just now");
    let form = |name: &str| fs::read(format!("src/decide/action/{name}.rs")).expect("the form of a pack");
    packed
        .into_iter()
        .chain(
            ["pack", "does_form", "call_form", "variable_form", "context_form", "history_form"]
                .into_iter()
                .flat_map(form),
        )
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
