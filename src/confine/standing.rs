//! Which of the places that tools share stand below a home? Only what stands costs anything: the directories on the way are
//! mostly remembered (`memory`), and each is looked at once, however many places lie below it.

use super::memory::{Memory, Purpose};
use super::search::{MOST_ENTRIES, settle};
use crate::decide::action::list::Text;
use crate::sys::directory::{Kind, Listing};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// A place that stands.
pub(super) struct Standing {
    /// As the list names it.
    pub(super) listed: &'static str,
    /// Its real path.
    pub(super) path: PathBuf,
    /// Was there a symbolic link on the way?
    pub(super) is_linked: bool,
}

/// A look at what stands.
pub(super) struct Look<'m> {
    memory: &'m mut Memory<'static>,
    listing: Listing,
    found: Vec<Standing>,
}

impl<'m> Look<'m> {
    pub(super) fn new(memory: &'m mut Memory<'static>) -> Look<'m> {
        Look { memory, listing: Listing::default(), found: Vec::new() }
    }

    /// What was found.
    pub(super) fn finish(self) -> Vec<Standing> {
        self.found
    }

    /// Looks for places (`~/…`, in the order of their names) below a home, which is given by its real path.
    pub(super) fn below_home(&mut self, home: &Path, wanted: &[Text]) {
        self.below(home, wanted, "~/".len(), false);
    }

    /// The directory stands for the first `from` bytes of each place.
    fn below(&mut self, directory: &Path, wanted: &[Text], from: usize, is_linked: bool) {
        for (name, kind) in self.met(directory, wanted, from) {
            let path = directory.join(&name);
            let Some((real, kind, _)) = settle(path.clone(), kind) else { continue };
            let is_linked = is_linked || real != path;
            let start = wanted.partition_point(|place| first(place.0, from) < &*name);
            let named = wanted.get(start..).unwrap_or_default();
            let named = named.get(..named.partition_point(|place| first(place.0, from) == &*name)).unwrap_or_default();
            match named {
                // What lies below it is granted with it.
                [whole, ..] if whole.0.len() == from + name.len() => {
                    self.found.push(Standing { listed: whole.0, path: real, is_linked });
                }
                deeper if kind == Kind::Directory => self.below(&real, deeper, from + name.len() + 1, is_linked),
                _ => {}
            }
        }
    }

    /// The names on the way that the directory may hold.
    fn met(&mut self, directory: &Path, wanted: &[Text], from: usize) -> Vec<(String, Kind)> {
        let mut names: Vec<&str> = wanted.iter().map(|place| first(place.0, from)).collect();
        names.dedup();
        let keep = &mut |name: &str, _: crate::sys::directory::Entry<'_>| names.binary_search(&name).is_ok();
        let purpose = Purpose { number: number_of(&names), most: MOST_ENTRIES, keep };
        match self.memory.see(&mut self.listing, directory, purpose) {
            Ok(seen) if !seen.cut_short => {
                let named = |name: Vec<u8>, kind| Some((String::from_utf8(name).ok()?, kind));
                seen.kept.into_iter().filter_map(|kept| named(kept.name.into_owned(), kept.kind)).collect()
            }
            // Too long to be listed, or nobody may: then each is asked for by its name.
            _ => names.iter().map(|name| ((*name).to_owned(), Kind::Unknown)).collect(),
        }
    }
}

/// The first name behind so many bytes.
fn first(place: &str, from: usize) -> &str {
    place.get(from..).unwrap_or_default().split('/').next().unwrap_or_default()
}

/// A number that tells these names from others, for the memory.
fn number_of(names: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    ("places that tools share", names).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::time::SystemTime;

    const WANTED: [Text; 5] = [
        Text("~/.ccache"),
        Text("~/.gradle"),
        Text("~/.gradle/caches"),
        Text("~/.m2/repository"),
        Text("~/.m2/wrapper"),
    ];

    fn found(home: &Path) -> Vec<(&'static str, PathBuf, bool)> {
        let mut memory = Memory::recall(&[], SystemTime::now());
        let mut look = Look::new(&mut memory);
        look.below_home(home, &WANTED);
        let mut found: Vec<_> = look.finish().into_iter().map(|one| (one.listed, one.path, one.is_linked)).collect();
        found.sort();
        found
    }

    #[test]
    fn what_stands_is_found_and_nothing_else() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let home = room.path().canonicalize().expect("a real path");
        fs::create_dir_all(home.join(".m2/wrapper")).expect("made");
        fs::create_dir_all(home.join(".m2/other")).expect("made");
        fs::write(home.join(".ccache"), "").expect("written");
        let expected =
            vec![("~/.ccache", home.join(".ccache"), false), ("~/.m2/wrapper", home.join(".m2/wrapper"), false)];
        assert_eq!(found(&home), expected);
    }

    #[test]
    fn a_place_is_given_once_with_all_below() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let home = room.path().canonicalize().expect("a real path");
        fs::create_dir_all(home.join(".gradle/caches")).expect("made");
        assert_eq!(found(&home), vec![("~/.gradle", home.join(".gradle"), false)]);
    }

    #[test]
    fn a_link_on_the_way_is_told() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let home = room.path().canonicalize().expect("a real path");
        fs::create_dir_all(home.join("disk/repository")).expect("made");
        symlink("disk", home.join(".m2")).expect("linked");
        symlink("nowhere", home.join(".gradle")).expect("linked");
        assert_eq!(found(&home), vec![("~/.m2/repository", home.join("disk/repository"), true)]);
    }
}
