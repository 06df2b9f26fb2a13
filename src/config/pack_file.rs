//! Rule packs beside the built-in ones: the system's, the user's and a repository's.
//!
//! They lie in `packs/` beside the policy file of their layer, a repository's in `.holdpoint/packs/`. A pack adds findings and
//! takes none away, so it can only tighten, and needs no trust. One that is broken, or of which a trial fails, refuses the
//! command: what it would have held is not known.

use super::cache::Cache;
use super::caret::{Fault, find_word, word_at};
use super::error::ConfigError;
use super::find::{Found, PolicyFile, Search, policy_directories};
use super::yaml;
use crate::decide::action::pack::Pack;
use crate::decide::action::{About, Beside, Rules};
use crate::decide::policy::Origin;
use crate::decide::trial;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Where packs lie below a repository's directory.
pub const REPOSITORY_PACKS: &str = ".holdpoint/packs";
/// How many files of one directory are read.
const MOST_FILES: usize = 64;

/// What stands in the state directory in front of a pack that was checked. The pack itself is not read before a command is
/// about it.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Kept {
    /// This build of holdpoint: another reads other rules beside it.
    build: String,
    about: About,
}

/// The rules that apply in a directory.
#[derive(Debug, Clone, Default)]
pub struct Packs {
    /// The built-in ones, and those of every pack file.
    pub rules: Rules,
    /// The directories of the repository's own packs: what runs may read them and not change them.
    pub repository: Vec<PathBuf>,
}

/// Reads the pack files that apply in a directory.
///
/// # Errors
/// When a file may not be used, is broken, or is refused by its own trials.
pub fn load_packs(search: &Search, state: &Path) -> Result<Packs, ConfigError> {
    let (mut found, mut repository) = (Found::default(), Vec::new());
    for (origin, directory) in directories(search) {
        let paths = list(&directory, search)?;
        for path in &paths {
            found.add(origin, path, search)?;
        }
        if origin == Origin::Repository && !paths.is_empty() {
            repository.push(directory);
        }
    }
    if found.files.is_empty() {
        return Ok(Packs::default());
    }
    let cache = Cache::of(state, search.uid, SystemTime::now());
    let mut packs: Vec<Beside> = Vec::new();
    for mut file in found.files {
        let kept = cache.read_packed::<Kept>(&file).filter(|(kept, _)| kept.build == build());
        let pack = match kept {
            Some((kept, bytes)) => Beside::packed(kept.about, bytes),
            None => read_fresh(&mut file, &cache)?,
        };
        if let Some(other) = packs.iter().find(|other| other.name() == pack.name()) {
            let fault = format!("has the name of another pack, {}", other.name());
            return Err(unusable(&file.path, fault, "Give each pack a name of its own."));
        }
        packs.push(pack);
    }
    Ok(Packs { rules: Rules::with(packs), repository })
}

fn read_fresh(file: &mut PolicyFile, cache: &Cache<'_>) -> Result<Beside, ConfigError> {
    let (text, found) = file.read()?;
    let pack = read_pack(&text, &file.path.to_string_lossy())?;
    if let Ok(bytes) = postcard::to_allocvec(&pack) {
        cache.write_packed(&file.path, &found, &Kept { build: build(), about: About::of(&pack) }, &bytes);
    }
    Ok(Beside::read(pack))
}

/// Reads the text of a pack, and checks nothing but its form as YAML. The pack, and its text, live as long as the process.
///
/// # Errors
/// [`ConfigError::Broken`] with a report that has a caret under the fault.
pub fn parse_pack(text: String, path: &str) -> Result<Pack, ConfigError> {
    let text: &'static str = text.leak();
    yaml::read(text, "docs/rules.md").map_err(|fault: Fault| ConfigError::Broken(fault.report(text, path)))
}

/// Reads the text of a pack and tries it.
///
/// # Errors
/// [`ConfigError::Broken`] with a report that has a caret under the first flaw.
pub fn read_pack(text: &str, path: &str) -> Result<Pack, ConfigError> {
    let pack = parse_pack(text.to_owned(), path)?;
    let rules = beside_built_in(pack);
    let flaw = name_is_taken(&pack).or_else(|| trial::flaws(&pack, rules).into_iter().next());
    flaw.map_or(Ok(pack), |flaw| Err(ConfigError::Broken(show(&flaw, text, path))))
}

/// A flaw with a caret under the word that it is about.
#[must_use]
pub fn show(flaw: &trial::Flaw, text: &str, path: &str) -> String {
    let line = flaw.word.lines().next().unwrap_or_default();
    let place = find_word(text, line, 0)
        .or_else(|| text.find(line).map(|at| at..at + line.len()))
        .unwrap_or_else(|| word_at(text, 0));
    Fault::new(flaw.what.clone(), place, flaw.remedy).report(text, path)
}

/// The rules with this pack among them.
#[must_use]
pub fn beside_built_in(pack: Pack) -> Rules {
    Rules::with(vec![Beside::read(pack)])
}

/// Is there a pack of this name in holdpoint?
#[must_use]
pub fn name_is_taken(pack: &Pack) -> Option<trial::Flaw> {
    Rules::default().packs().any(|other| other.pack == pack.pack).then(|| trial::Flaw {
        what: format!("{} is the name of a pack that comes with holdpoint", pack.pack),
        word: pack.pack.0.to_owned(),
        remedy: "Choose another name.",
    })
}

/// What tells this build from others that call themselves by the same version.
fn build() -> String {
    format!("{} {}", env!("CARGO_PKG_VERSION"), env!("HOLDPOINT_RULES"))
}

fn directories(search: &Search) -> Vec<(Origin, PathBuf)> {
    let system = search.system.parent().map(|directory| (Origin::System, directory.join("packs")));
    let user = (Origin::User, search.config.join("packs"));
    let repository = policy_directories(search).into_iter().map(|at| (Origin::Repository, at.join(REPOSITORY_PACKS)));
    system.into_iter().chain([user]).chain(repository).collect()
}

/// The pack files of a directory, in the order of their names; none where there is no such directory.
fn list(directory: &Path, search: &Search) -> Result<Vec<PathBuf>, ConfigError> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        // The walls close the user's own files to what runs inside; it was judged by them outside.
        Err(error) if search.inside && error.kind() == std::io::ErrorKind::PermissionDenied => return Ok(Vec::new()),
        Err(error) => return Err(unusable(directory, format!("cannot be listed: {error}"), "Make it readable.")),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path =
            entry.map_err(|error| unusable(directory, format!("cannot be listed: {error}"), "Try again."))?.path();
        if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            paths.push(path);
        }
    }
    if paths.len() > MOST_FILES {
        return Err(unusable(
            directory,
            format!("holds more than {MOST_FILES} packs"),
            "Put several programs into one.",
        ));
    }
    paths.sort();
    Ok(paths)
}

fn unusable(path: &Path, fault: String, remedy: &str) -> ConfigError {
    ConfigError::Unusable { path: path.to_owned(), fault, remedy: remedy.to_owned() }
}
