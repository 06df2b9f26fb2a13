//! The form of `rules/credentials.yaml`: what is a credential, where it lies, and who may use it.
//!
//! `build.rs` includes this file, reads the list when holdpoint is compiled, and writes it down as constants
//! together with the [`Branch`]es that it grows, so that neither YAML is read nor a table
//! built on the way of a command.

use serde::{Deserialize, Serialize};

use super::pack::{List, Text};

/// The whole list.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Keyring {
    /// The form's version; 1.
    pub version: u8,
    /// Variables that move a store.
    pub moves: List<Move>,
    /// Names of variables (globs) that tell a secret.
    pub secret_variables: List<Text>,
    /// Programs that take nothing away when they stand beside a permitted one.
    pub beside: List<Text>,
    /// Programs that do so when they are given nothing but short options and numbers.
    pub filters: List<Text>,
    /// Options that tell with which key to work.
    pub key_options: List<Text>,
    /// Programs that are told so by their operands.
    pub given: List<Text>,
    /// Programs that need a credential only for some of what they do.
    pub asking: List<Asking>,
    /// The credentials, in order.
    pub credentials: List<Credential>,
}

/// When a program needs a credential.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// Programs.
    pub programs: List<Text>,
    /// Words of commands that ask another machine for something.
    pub words: List<Text>,
}

/// A variable that moves a store: what lies below `place` is looked for below the variable's value as well.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// `CARGO_HOME`
    pub variable: Text,
    /// `~/.cargo`
    pub place: Text,
}

/// One credential or family of credentials.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// `cloud.aws`, never reused; policy passes credentials by it.
    pub id: Text,
    /// One sentence: what it opens.
    pub about: Text,
    /// How it is reached.
    #[serde(default)]
    pub kind: Kind,
    /// Only root can read it in the first place, so that others need not be kept from it.
    #[serde(default)]
    pub of_root: bool,
    /// Paths: `~/…`, `/…`, `%t/…`; names may be globs; a directory counts whole.
    #[serde(default)]
    pub paths: List<Text>,
    /// Names or short paths below the repository; a trailing `/` means a directory only.
    #[serde(default)]
    pub repository: List<Text>,
    /// Globs of names that are none.
    #[serde(default)]
    pub except: List<Text>,
    /// Of what its globs fit, only names that lead to no other credential count.
    #[serde(default)]
    pub rest: bool,
    /// The file counts only if a line holds one of these and no `${`.
    #[serde(default)]
    pub holds: List<Text>,
    /// Variables whose value is the path of such a credential.
    #[serde(default)]
    pub variables: List<Text>,
    /// Programs that may have it. Empty: none.
    #[serde(default)]
    pub used_by: List<Text>,
}

/// How a credential is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It is read: a file, or a directory of files.
    #[default]
    File,
    /// It is connected to.
    Socket,
}

/// One name on the way to credentials, and what lies below it.
#[derive(Debug, Clone, Copy)]
pub struct Branch {
    /// Tells it from all others of the three trees.
    pub number: u16,
    /// One component of a path, or a glob for one.
    pub name: Text,
    /// The credentials whose path ends here, by their place in [`Keyring::credentials`].
    pub ends: List<u16>,
    /// Plain names below, sorted.
    pub below: List<Branch>,
    /// Globs below.
    pub globs: List<Branch>,
    /// Globs below, for names that nothing else fits.
    pub rest: List<Branch>,
    /// Everything here and below is root's only.
    pub of_root: bool,
}

/// Does this name hold a glob's characters, or `%u`?
pub fn is_glob(name: &str) -> bool {
    name.contains(['*', '?', '[', '%'])
}

/// Grows the tree of all paths that begin with `start` (`~`, `%t`, or nothing for the root).
pub fn grow(credentials: &[Credential], start: &str) -> Branch {
    let mut paths: Vec<(Vec<&'static str>, u16)> = Vec::new();
    for (place, credential) in (0u16..).zip(credentials) {
        for path in credential.paths.iter() {
            if let Some(rest) = path.0.strip_prefix(start).and_then(|rest| rest.strip_prefix('/')) {
                paths.push((rest.split('/').collect(), place));
            }
        }
    }
    paths.sort();
    let mut next = match start {
        "~" => 0,
        "%t" => 0x4000,
        _ => 0x8000,
    };
    branch(start_text(start), &paths, credentials, &mut next)
}

fn start_text(start: &str) -> Text {
    Text(Box::leak(start.to_owned().into_boxed_str()))
}

/// Recursion is as deep as the longest path of the list.
fn branch(name: Text, paths: &[(Vec<&'static str>, u16)], credentials: &[Credential], next: &mut u16) -> Branch {
    let number = *next;
    *next += 1;
    let mut ends: Vec<u16> = Vec::new();
    let mut below: Vec<Branch> = Vec::new();
    let mut globs: Vec<Branch> = Vec::new();
    let mut rests: Vec<Branch> = Vec::new();
    let mut rest = paths;
    while let Some(((components, place), others)) = rest.split_first() {
        let Some((first, _)) = components.split_first() else {
            ends.push(*place);
            rest = others;
            continue;
        };
        let same = rest.iter().take_while(|(path, _)| path.first() == Some(first)).count();
        let (group, others) = rest.split_at(same);
        let tails: Vec<(Vec<&'static str>, u16)> =
            group.iter().map(|(path, place)| (path.iter().skip(1).copied().collect(), *place)).collect();
        let grown = branch(Text(first), &tails, credentials, next);
        let is_rest = |place: &u16| credentials.get(usize::from(*place)).is_some_and(|credential| credential.rest);
        if is_glob(first) && grown.ends.iter().all(is_rest) && !grown.ends.is_empty() {
            rests.push(grown);
        } else if is_glob(first) {
            globs.push(grown);
        } else {
            below.push(grown);
        }
        rest = others;
    }
    let of_root = ends.iter().all(|place| credentials.get(usize::from(*place)).is_some_and(|found| found.of_root))
        && below.iter().chain(&globs).chain(&rests).all(|branch| branch.of_root);
    Branch { number, name, ends: leak(ends), below: leak(below), globs: leak(globs), rest: leak(rests), of_root }
}

fn leak<T>(all: Vec<T>) -> List<T> {
    List(Box::leak(all.into_boxed_slice()))
}

/// A pattern for something in a repository, split for quick refusal.
#[derive(Debug, Clone, Copy)]
pub struct Leaf {
    /// The pattern of its last name.
    pub name: Text,
    /// The patterns of the names above, outermost first.
    pub above: List<Text>,
    /// A directory, not a file.
    pub directory: bool,
    /// The credential, by its place in [`Keyring::credentials`].
    pub place: u16,
}

/// How many words [`pairs`] has: a bit for each pair of a first and a last byte.
pub const PAIR_WORDS: usize = 1024;

/// All patterns of repositories.
pub fn leaves(credentials: &[Credential]) -> List<Leaf> {
    let mut leaves = Vec::new();
    for (place, credential) in (0u16..).zip(credentials) {
        for pattern in credential.repository.iter() {
            let mut names: Vec<Text> = pattern.0.trim_end_matches('/').split('/').map(Text).collect();
            let name = names.pop().unwrap_or_default();
            leaves.push(Leaf { name, above: leak(names), directory: pattern.ends_with('/'), place });
        }
    }
    leak(leaves)
}

/// Which pairs of a name's first and last byte can match a leaf at all. Most names are refused by one look at it.
pub fn pairs(leaves: &[Leaf]) -> [u64; PAIR_WORDS] {
    let mut words = [0; PAIR_WORDS];
    for leaf in leaves {
        let bytes = leaf.name.0.as_bytes();
        let literal = |byte: Option<&u8>| byte.copied().filter(|byte| !b"*?[]%".contains(byte));
        let (first, last) = (literal(bytes.first()), literal(bytes.last()));
        let range = |byte: Option<u8>| byte.map_or(0..=u8::MAX, |byte| byte..=byte);
        for first in range(first) {
            for last in range(last) {
                if let Some(word) = words.get_mut(word_of(first, last)) {
                    *word |= 1 << (last % 64);
                }
            }
        }
    }
    words
}

/// The word in which a pair has its bit.
pub fn word_of(first: u8, last: u8) -> usize {
    usize::from(first) * 4 + usize::from(last / 64)
}
