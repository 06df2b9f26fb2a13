//! Which credential is a path? The built-in list, and how a path is found in it.
//!
//! Pure: homes, runtime directory, repository and environment are given. The path is taken as text; who can
//! look at the disk resolves links first and asks for the real path as well.

use super::credential::{Asking, Branch, Credential, Keyring, Kind, Leaf, Move, PAIR_WORDS, word_of};
use super::environment::Environment;
use super::glob::matches;
use super::pack::{List, Text};
use super::variable;

include!(concat!(env!("OUT_DIR"), "/credentials.rs"));

/// The tree of paths below a home directory.
pub static BELOW_HOME: Branch = HOME;
/// The tree of paths below the user's runtime directory, `/run/user/UID`.
pub static BELOW_RUNTIME: Branch = RUNTIME;
/// The tree of paths below the root.
pub static BELOW_ROOT: Branch = ROOT;
/// The patterns of repositories, and the pairs of first and last bytes that can match one.
static OF_REPOSITORIES: (List<Leaf>, [u64; PAIR_WORDS]) = (LEAVES, PAIRS);

/// What has to be known of the world to say whether a path is a credential.
#[derive(Debug, Clone, Default)]
pub struct Whereabouts<'a> {
    /// The home directories.
    pub homes: &'a [String],
    /// The repository's root.
    pub repository: Option<&'a str>,
    /// The environment, for the variables that move a store or name a credential.
    pub environment: Option<&'a Environment>,
}

/// The credential that stands at this absolute, normalised path, or above it.
///
/// A file that counts only by what it holds (see [`Credential::holds`]) counts here: the text is not known.
#[must_use]
pub fn credential_at(path: &str, whereabouts: &Whereabouts<'_>) -> Option<&'static Credential> {
    in_home(path, whereabouts.homes)
        .or_else(|| in_repository(path, whereabouts.repository?))
        .or_else(|| in_tree(&BELOW_ROOT, in_run(path).strip_prefix('/')?))
        .or_else(|| in_tree(&BELOW_RUNTIME, below_runtime(path)?))
        .or_else(|| whereabouts.environment?.credential_at(path))
}

/// Is this a directory that is made for credentials: `~/.ssh`, `~/.config/gh`? Those that hold settings of all
/// kinds beside many credentials (`~/.config`, `/etc`) are not.
#[must_use]
pub fn is_store(path: &str, whereabouts: &Whereabouts<'_>) -> bool {
    const FEW: usize = 2;
    let path = path.trim_end_matches("/*");
    whereabouts.homes.iter().filter_map(|home| below(path, home)).any(|rest| {
        let Some(branch) = branch_to(&BELOW_HOME, rest) else { return false };
        let mut found = Vec::new();
        credentials_below(branch, &mut found);
        (1..=FEW).contains(&found.len())
    })
}

/// Could a path with file name patterns name a credential: `~/.a*/cred*`, `.e*`? Those that only root can read are left
/// out, and of a repository's only hidden names are tried: `*.json` says nothing.
#[must_use]
pub fn could_be_credential(path: &str, whereabouts: &Whereabouts<'_>) -> bool {
    let homes = whereabouts.homes.iter().filter_map(|home| below(path, home));
    let in_repository = || {
        let name = whereabouts.repository.and_then(|root| below(path, root)?.rsplit('/').next());
        name.is_some_and(|name| {
            name.starts_with('.')
                && name.contains(|c: char| !matches!(c, '*' | '?' | '.'))
                && OF_REPOSITORIES.0.iter().any(|leaf| !leaf.directory && spells(name, leaf.name.0))
        })
    };
    homes.into_iter().any(|rest| pattern_in_tree(&BELOW_HOME, rest)) || in_repository()
}

/// Could a path that begins with this directory be found by [`credential_at`] or [`is_store`], repositories aside?
pub(super) fn leads_to_credential(directory: &str, whereabouts: &Whereabouts<'_>) -> bool {
    // Roots of their own, or other names for something else.
    const SPECIAL: [&str; 3] = ["run", "var", "proc"];
    let first = directory.split('/').find(|name| !name.is_empty());
    let leads = |tree: &'static Branch, path: &str| {
        let mut branches: Vec<&'static Branch> = vec![tree];
        path.split('/').filter(|name| !name.is_empty()).all(|name| {
            branches = branches.iter().flat_map(|branch| fitting(branch, name)).collect();
            !branches.is_empty()
        })
    };
    let in_home = |home: &String| match below(directory, home) {
        Some(rest) => leads(&BELOW_HOME, rest),
        None => directory == home || below(home, directory).is_some(),
    };
    first.is_none_or(|first| SPECIAL.contains(&first))
        || whereabouts.homes.iter().any(in_home)
        || leads(&BELOW_ROOT, directory)
        || whereabouts.environment.is_some_and(|environment| environment.leads_below(directory))
}

fn pattern_in_tree(tree: &'static Branch, path: &str) -> bool {
    let mut branches: Vec<&'static Branch> = vec![tree];
    for name in path.split('/').filter(|name| !name.is_empty()) {
        let all = branches.iter().flat_map(|branch| branch.below.0.iter().chain(branch.globs.0));
        branches = all.filter(|branch| spells(name, branch.name.0)).collect();
        // A bare `*` names everything and means nothing in particular: `grep -rn token ~/*`.
        let particular = name.contains(|c: char| !matches!(c, '*' | '?' | '.'));
        if particular && branches.iter().any(|branch| !branch.ends.is_empty() && !branch.of_root) {
            return true;
        }
    }
    false
}

/// Could a component with a pattern become this name? A leading dot is only matched by a dot (bash(1), Pathname Expansion).
fn spells(component: &str, name: &str) -> bool {
    (component.starts_with('.') || !name.starts_with('.')) && (matches(component, name) || fits(name, component))
}

/// Do credentials lie somewhere below this directory?
#[must_use]
pub fn holds_credentials(path: &str, whereabouts: &Whereabouts<'_>) -> bool {
    let path = path.trim_end_matches("/*");
    let above = |place: &str| path.is_empty() || path == "/" || place == path || below(place, path).is_some();
    whereabouts.homes.iter().any(|home| above(home))
        || whereabouts
            .homes
            .iter()
            .filter_map(|home| below(path, home))
            .any(|rest| branch_to(&BELOW_HOME, rest).is_some())
        || path.strip_prefix('/').is_some_and(|rest| branch_to(&BELOW_ROOT, rest).is_some())
}

/// The branch at a relative path of plain names that has others below it.
fn branch_to(tree: &'static Branch, path: &str) -> Option<&'static Branch> {
    path.split('/')
        .filter(|name| !name.is_empty())
        .try_fold(tree, step_to)
        .filter(|branch| !(branch.below.is_empty() && branch.globs.is_empty()))
}

/// The different credentials below a branch. The tree is as deep as the longest path of the list.
fn credentials_below(branch: &Branch, found: &mut Vec<u16>) {
    for below in branch.below.iter().chain(branch.globs.iter()) {
        for end in below.ends.iter().filter(|end| !found.contains(end)).copied().collect::<Vec<u16>>() {
            found.push(end);
        }
        credentials_below(below, found);
    }
}

/// The credentials and families of variables that a command made of nothing but these programs may have, by id.
///
/// A program that takes nothing away (`cd`) may stand beside, but does not give anything.
#[must_use]
pub fn passes_for<S: AsRef<str>>(programs: &[S]) -> Vec<&'static str> {
    let mut weighty = programs.iter().map(AsRef::as_ref).filter(|program| !stands_beside(program)).peekable();
    if weighty.peek().is_none() {
        return Vec::new();
    }
    let weighty: Vec<&str> = weighty.collect();
    let permitted = |users: &[Text]| weighty.iter().all(|program| users.iter().any(|name| name.0 == *program));
    let credentials = KEYRING.credentials.0.iter().map(|credential| (credential.id.0, credential.used_by));
    let families = variable::families().iter().map(|family| (family.id.0, family.used_by));
    credentials.chain(families).filter(|(_, users)| permitted(users)).map(|(id, _)| id).collect()
}

/// The programs that may have a credential or a family of variables.
#[must_use]
pub fn users_of(id: &str) -> &'static [Text] {
    let credential = KEYRING.credentials.0.iter().find(|credential| credential.id.0 == id);
    let family = || variable::families().iter().find(|family| family.id.0 == id);
    credential.map(|found| found.used_by.0).or_else(|| family().map(|found| found.used_by.0)).unwrap_or_default()
}

/// What a credential opens, as a sentence; empty for an id that no list has.
#[must_use]
pub fn about(id: &str) -> &'static str {
    KEYRING.credentials.0.iter().find(|credential| credential.id.0 == id).map_or("", |credential| credential.about.0)
}

/// Does this program take nothing away when it stands beside permitted ones?
#[must_use]
pub fn stands_beside(program: &str) -> bool {
    KEYRING.beside.iter().any(|name| name.0 == program)
}

/// Does the name of a variable tell that its value is a secret?
#[must_use]
pub fn tells_secret(variable: &str) -> bool {
    // Most names end here: what the list names is in capitals.
    variable.len() > 2
        && variable.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && KEYRING.secret_variables.iter().any(|pattern| matches(pattern, variable))
}

fn in_home(path: &str, homes: &[String]) -> Option<&'static Credential> {
    homes.iter().find_map(|home| in_tree(&BELOW_HOME, below(path, home)?))
}

/// The part of a path below a directory.
#[must_use]
pub fn below<'p>(path: &'p str, directory: &str) -> Option<&'p str> {
    path.strip_prefix(directory.trim_end_matches('/'))?.strip_prefix('/')
}

/// `/var/run` is `/run`.
fn in_run(path: &str) -> &str {
    match path.strip_prefix("/var") {
        Some(rest) if rest.starts_with("/run/") => rest,
        _ => path,
    }
}

/// The part of a path below any user's runtime directory.
fn below_runtime(path: &str) -> Option<&str> {
    in_run(path).strip_prefix("/run/user/")?.split_once('/').map(|(_, rest)| rest)
}

/// Follows a relative path down the tree. Reaching an end is enough: a directory counts whole.
///
/// Several branches may fit where globs stand, so they are kept side by side: as many as the list has
/// globs in one place, never more with a longer path.
pub(super) fn in_tree(tree: &'static Branch, path: &str) -> Option<&'static Credential> {
    let mut branches: Vec<&'static Branch> = vec![tree];
    for name in path.split('/').filter(|name| !name.is_empty()) {
        branches = branches.iter().flat_map(|branch| fitting(branch, name)).collect();
        let mut ends = branches.iter().flat_map(|branch| branch.ends.iter());
        if let Some(credential) = ends.find_map(|place| counted(*place, name)) {
            return Some(credential);
        }
        if branches.is_empty() {
            return None;
        }
    }
    None
}

/// The credential at a place of the list, unless the name is one of its exceptions.
#[must_use]
pub fn counted(place: u16, name: &str) -> Option<&'static Credential> {
    let credential = KEYRING.credentials.0.get(usize::from(place))?;
    (!is_except(credential, name)).then_some(credential)
}

/// Is this name an exception of the credential?
#[must_use]
pub fn is_except(credential: &Credential, name: &str) -> bool {
    credential.except.iter().any(|except| matches(except, name))
}

/// Does a name lead to a branch? [`fitting`] gives them.
#[must_use]
pub fn leads_on(branch: &'static Branch, name: &str) -> bool {
    branch.below.0.binary_search_by(|branch| branch.name.0.cmp(name)).is_ok()
        || branch.globs.0.iter().any(|branch| fits(branch.name.0, name))
        || branch.rest.0.iter().any(|branch| is_unknown(branch, name))
}

/// The branches that a name leads to.
pub fn fitting(branch: &'static Branch, name: &str) -> impl Iterator<Item = &'static Branch> {
    let below = branch.below.0;
    let plain = below.binary_search_by(|branch| branch.name.0.cmp(name)).ok().and_then(|place| below.get(place));
    let globs: Vec<&Branch> = branch.globs.0.iter().filter(|branch| fits(branch.name.0, name)).collect();
    let is_known = plain.is_some() || !globs.is_empty();
    let rest = branch.rest.0.iter().filter(|_| !is_known).filter(|branch| is_unknown(branch, name));
    let rest: Vec<&Branch> = rest.collect();
    plain.into_iter().chain(globs).chain(rest)
}

/// Does a name that nothing else fits count as a credential?
fn is_unknown(rest: &Branch, name: &str) -> bool {
    fits(rest.name.0, name) && rest.ends.iter().any(|place| counted(*place, name).is_some())
}

/// Does a pattern for one name fit? `%u` is any number. A `*` in front does not take a leading dot away from a plain name.
fn fits(pattern: &str, name: &str) -> bool {
    // A directory such as /tmp has thousands of names: most patterns are told from most of them by one byte.
    match pattern.as_bytes().first() {
        Some(b'*' | b'?' | b'[' | b'%') => {}
        own if own == name.as_bytes().first() => {}
        _ => return false,
    }
    if !pattern.contains('%') {
        return matches(pattern, name);
    }
    match pattern.split_once("%u") {
        None => matches(pattern, name),
        Some((before, behind)) => name
            .strip_prefix(before)
            .map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()))
            .is_some_and(|rest| matches(behind, rest)),
    }
}

fn in_repository(path: &str, root: &str) -> Option<&'static Credential> {
    let names: Vec<&str> = below(path, root)?.split('/').filter(|name| !name.is_empty()).collect();
    (0..names.len()).find_map(|at| {
        let (above, name) = (names.get(..at)?, *names.get(at)?);
        let file = (at + 1 == names.len()).then_some(Entry::File);
        file.into_iter().chain([Entry::Directory]).find_map(|entry| in_repository_by_name(above, name, entry).next())
    })
}

/// What stands in a directory under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A file, or a link to something.
    File,
    /// A directory.
    Directory,
}

/// The credentials of a repository that a name may be, met below directories of these names, outermost first.
pub fn in_repository_by_name<S: AsRef<str>>(
    above: &[S],
    name: &str,
    entry: Entry,
) -> impl Iterator<Item = &'static Credential> {
    let (leaves, _) = &OF_REPOSITORIES;
    let leaves = if can_match(name) { leaves.0 } else { &[] };
    leaves.iter().filter(move |leaf| fits_leaf(leaf, above, name, entry)).filter_map(move |leaf| {
        let credential = KEYRING.credentials.0.get(usize::from(leaf.place))?;
        (leaf.directory || !is_except(credential, name)).then_some(credential)
    })
}

fn can_match(name: &str) -> bool {
    let bytes = name.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    OF_REPOSITORIES.1.get(word_of(*first, *last)).is_some_and(|word| word & (1 << (last % 64)) != 0)
}

fn fits_leaf<S: AsRef<str>>(leaf: &Leaf, above: &[S], name: &str, entry: Entry) -> bool {
    leaf.directory == (entry == Entry::Directory)
        && matches(leaf.name.0, name)
        && leaf.above.len() <= above.len()
        && leaf.above.iter().rev().zip(above.iter().rev()).all(|(pattern, name)| matches(pattern, name.as_ref()))
}

/// The branch at a place such as `~/.config`, or `%t`.
#[must_use]
pub fn branch_at(place: &str) -> Option<&'static Branch> {
    let (tree, rest) = match place.strip_prefix('~') {
        Some(rest) => (&BELOW_HOME, rest),
        None => (&BELOW_RUNTIME, place.strip_prefix("%t")?),
    };
    rest.split('/').filter(|name| !name.is_empty()).try_fold(tree, step_to)
}

/// The branch of this plain name. They are sorted.
fn step_to(branch: &'static Branch, name: &str) -> Option<&'static Branch> {
    let place = branch.below.0.binary_search_by(|below| below.name.0.cmp(name)).ok()?;
    branch.below.0.get(place)
}

#[cfg(test)]
mod tests {
    use super::super::credential::grow;
    use super::*;

    fn at(path: &str) -> Option<&'static str> {
        let homes = ["/home/ada".to_owned()];
        let whereabouts = Whereabouts { homes: &homes, repository: Some("/home/ada/shop"), environment: None };
        credential_at(path, &whereabouts).map(|credential| credential.id.0)
    }

    /// They are looked up by halves.
    #[test]
    fn the_names_below_a_branch_are_sorted() {
        let mut open = vec![&BELOW_HOME, &BELOW_RUNTIME, &BELOW_ROOT];
        while let Some(branch) = open.pop() {
            assert!(branch.below.0.is_sorted_by_key(|below| below.name.0), "{}", branch.name);
            open.extend(branch.below.0.iter().chain(branch.globs.0).chain(branch.rest.0));
        }
    }

    #[test]
    fn a_credential_is_found_at_its_path_and_below_its_directory() {
        assert_eq!(at("/home/ada/.aws/credentials"), Some("cloud.aws"));
        assert_eq!(at("/home/ada/.aws"), Some("cloud.aws"));
        assert_eq!(at("/home/ada/.config/gh/hosts.yml"), Some("git.github"));
        assert_eq!(at("/home/ada/.ssh/id_ed25519"), Some("ssh.keys"));
        assert_eq!(at("/home/ada/.ssh/work/id_rsa"), Some("ssh.keys"));
        assert_eq!(at("/home/ada/.psql_history"), Some("history.shells"));
        assert_eq!(at("/etc/shadow-"), Some("key.host"));
        assert_eq!(at("/var/run/docker.sock"), Some("socket.containers"));
        assert_eq!(at("/run/user/1000/bus"), Some("socket.session-bus"));
        assert_eq!(at("/tmp/tmux-1000/default"), Some("socket.multiplexers"));
    }

    #[test]
    fn a_harmless_neighbour_is_none() {
        for path in [
            "/home/ada",
            "/home/ada/.ssh",
            "/home/ada/.ssh/known_hosts",
            "/home/ada/.ssh/config",
            "/home/ada/.ssh/id_ed25519.pub",
            "/home/ada/.config",
            "/home/ada/.config/git/config",
            "/home/ada/.gitconfig",
            "/home/ada/.bashrc",
            "/home/ada/.cargo/config.toml",
            "/home/ada/.cargo/registry/index",
            "/home/ada/awsome",
            "/home/eve/.aws/credentials",
            "/etc/passwd",
            "/tmp/tmux-x/default",
            "/run/postgresql/.s.PGSQL.5432",
        ] {
            assert_eq!(at(path), None, "{path}");
        }
    }

    #[test]
    fn a_secret_of_the_repository_is_found_by_name_at_any_depth() {
        assert_eq!(at("/home/ada/shop/.env"), Some("repo.dotenv"));
        assert_eq!(at("/home/ada/shop/apps/web/.env.local"), Some("repo.dotenv"));
        assert_eq!(at("/home/ada/shop/config/master.key"), Some("repo.rails"));
        assert_eq!(at("/home/ada/shop/deploy/secrets/token"), Some("repo.secrets"));
        assert_eq!(at("/home/ada/shop/.env.example"), None);
        assert_eq!(at("/home/ada/shop/src/main.rs"), None);
        assert_eq!(at("/home/ada/other/.env"), None);
    }

    #[test]
    fn only_a_command_of_permitted_programs_gets_a_credential() {
        assert!(passes_for(&["git"]).contains(&"ssh.keys"));
        assert!(passes_for(&["cd", "git"]).contains(&"ssh.keys"));
        assert!(!passes_for(&["git", "./deploy"]).contains(&"ssh.keys"));
        assert!(passes_for(&["cd"]).is_empty());
        assert!(passes_for::<&str>(&[]).is_empty());
        assert!(!passes_for(&["docker"]).contains(&"socket.containers"));
        assert!(passes_for(&["aws"]).contains(&"cloud.aws"));
        assert!(passes_for(&["cat"]).is_empty());
    }

    #[test]
    fn the_tree_that_was_compiled_in_is_the_one_that_grows_from_the_list() {
        let ends = |branch: &Branch| format!("{branch:?}");
        assert_eq!(ends(&grow(KEYRING.credentials.0, "~")), ends(&BELOW_HOME));
        assert_eq!(ends(&grow(KEYRING.credentials.0, "%t")), ends(&BELOW_RUNTIME));
        assert_eq!(ends(&grow(KEYRING.credentials.0, "")), ends(&BELOW_ROOT));
    }

    #[test]
    fn what_no_list_knows_in_home_counts_as_a_credential() {
        for path in [".frob", ".frobrc", ".frob/sub/file", ".config/frob/auth.json", ".local/share/frob/token"] {
            assert!(at(&format!("/home/ada/{path}")).is_some_and(|id| id.starts_with("unknown.")), "{path}");
        }
        for path in [
            ".bashrc",
            ".vim/plugin",
            ".config/nvim/init.lua",
            ".local/share/pnpm/store",
            ".docker",
            ".config/gh",
            "frob",
            ".local/bin/x",
        ] {
            assert_eq!(at(&format!("/home/ada/{path}")).filter(|id| id.starts_with("unknown.")), None, "{path}");
        }
    }

    #[test]
    fn every_move_leads_to_a_branch() {
        for shift in KEYRING.moves.iter() {
            assert!(branch_at(shift.place.0).is_some(), "{}", shift.place.0);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_path_is_answered(path in "[/a-z.*?%\u{e9}-]{0,60}") {
            let homes = ["/home/ada".to_owned(), String::new()];
            let whereabouts = Whereabouts { homes: &homes, repository: Some("/"), environment: None };
            let _ = credential_at(&path, &whereabouts);
        }
    }
}
