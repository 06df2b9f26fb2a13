//! Where a path lies, from its text alone.

use super::facts::Setting;
use super::glob;
use super::list::Text;

/// Kinds of places, as far as deleting there is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// `/dev/null` and the like: nothing is lost.
    Sink,
    /// Below a directory for temporary files.
    Temporary,
    /// Inside the repository, or below the working directory where there is none.
    Project,
    /// The repository's root, the working directory, or what holds its history.
    ProjectItself,
    /// A cache in home.
    Cache,
    /// Elsewhere in home.
    Home,
    /// Home itself, or what holds homes.
    HomeItself,
    /// A system's directory or device.
    Host,
}

mod written {
    use super::super::list::{List, Text};
    use super::super::place_form::{Control, Places, Whereabouts, Writer};

    include!(concat!(env!("OUT_DIR"), "/places.rs"));
}

/// `rules/places.yaml`
pub(super) use written::PLACES;

/// Where an absolute, normalised path lies.
pub(super) fn place_of(path: &str, setting: &Setting) -> Place {
    if is_among(&PLACES.sinks, path) {
        return Place::Sink;
    }
    let pattern_root = path.trim_end_matches(['*', '/', '.', '?']);
    let path = if pattern_root.is_empty() { "/" } else { pattern_root };
    if path == "/" {
        return Place::Host;
    }
    let project = setting.repository.as_deref().unwrap_or(&setting.directory);
    if is_below(path, project) && !is_home(project, setting) && !is_shallow(project) {
        let history = path.strip_prefix(project).is_some_and(|rest| rest == "/.git" || rest.starts_with("/.git/"));
        return if history { Place::ProjectItself } else { Place::Project };
    }
    // Whoever works in a temporary directory has its work there.
    let whole_project = path == project || is_below(project, path);
    if whole_project && !PLACES.temporary.iter().any(|directory| **directory == *path) {
        return if is_home(path, setting) || is_shallow(path) { Place::HomeItself } else { Place::ProjectItself };
    }
    // A TMPDIR that holds a home or the project would make all of it temporary.
    let own = setting.environment.get("TMPDIR").map(|directory| directory.trim_end_matches('/'));
    let holds = |directory: &str| {
        let inside = |path: &str| path == directory || is_below(path, directory);
        inside(project) || setting.homes.iter().any(|home| inside(home))
    };
    let temporary = own
        .filter(|directory| !holds(directory))
        .into_iter()
        .chain(PLACES.temporary.iter().map(|directory| directory.0));
    for directory in temporary.filter(|directory| directory.len() > 1) {
        if is_below(path, directory.trim_end_matches('/')) {
            return Place::Temporary;
        }
    }
    in_home(path, setting)
}

/// Is it a system's directory or file, or home itself?
pub(super) fn is_system(path: &str, setting: &Setting) -> bool {
    match place_of(path, setting) {
        Place::HomeItself => true,
        Place::Host => {
            let root = path.trim_end_matches(['*', '/', '.', '?']).is_empty();
            root || PLACES.system.iter().any(|own| *path == **own || is_below(path, own))
        }
        Place::Sink | Place::Temporary | Place::Project | Place::ProjectItself | Place::Cache | Place::Home => false,
    }
}

fn in_home(path: &str, setting: &Setting) -> Place {
    for home in &setting.homes {
        if path == home || is_below(home, path) {
            return Place::HomeItself;
        }
        if let Some(rest) = path.strip_prefix(home.as_str()).and_then(|rest| rest.strip_prefix('/')) {
            let cache = is_among(&PLACES.caches, rest);
            return if cache { Place::Cache } else { Place::Home };
        }
    }
    if path.starts_with("/home/") || path.starts_with("/Users/") { Place::Home } else { Place::Host }
}

fn is_home(path: &str, setting: &Setting) -> bool {
    setting.homes.iter().any(|home| home == path)
}

/// `/`, `/home`, `/srv`: too near the root to be a project.
fn is_shallow(path: &str) -> bool {
    path.matches('/').count() < 2 || path == "/"
}

fn is_below(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/') && rest.len() > 1)
}

/// Does a component of the path have the name of build output? Whether it is some is a fact; a name alone is not enough.
pub(super) fn is_named_like_output(path: &str) -> bool {
    path.split('/').any(|component| is_among(&PLACES.output, component))
}

/// Does a component of the path have a name that programs give to what they write while they run?
pub(super) fn is_named_like_scratch(path: &str) -> bool {
    path.split('/').any(|component| is_among(&PLACES.scratch, component))
}

/// The path inside the project or home: where these lie says nothing about what is in them (`~/build/shop/.env`).
pub(super) fn inner_part<'p>(path: &'p str, setting: &Setting) -> &'p str {
    let project = setting.repository.as_deref().unwrap_or(&setting.directory);
    let mut around = std::iter::once(project).chain(setting.homes.iter().map(String::as_str));
    around.find_map(|place| path.strip_prefix(place)?.strip_prefix('/')).unwrap_or(path)
}

/// Does one of the patterns match?
pub(super) fn is_among(patterns: &[Text], text: &str) -> bool {
    patterns.iter().any(|pattern| !glob::begins_otherwise(pattern, text) && glob::matches(pattern, text))
}

/// A path made absolute and normalised, without looking at links: `/proc/self/root` prefixes are taken off.
pub(super) fn normalise(directory: &str, path: &str) -> String {
    let mut normal = String::with_capacity(directory.len() + path.len() + 2);
    let above = if path.starts_with('/') {
        ""
    } else if is_plain(directory) {
        normal.push_str(directory);
        ""
    } else {
        directory
    };
    for part in above.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => normal.truncate(normal.rfind('/').unwrap_or(0)),
            part => {
                normal.push('/');
                normal.push_str(part);
            }
        }
    }
    let roots = std::iter::successors(process_root(&normal), |before| {
        Some(before + process_root(normal.get(*before..).unwrap_or_default())?)
    });
    if let Some(length) = roots.last() {
        normal.drain(..length);
    }
    if normal.is_empty() {
        normal.push('/');
    }
    normal
}

/// Is it plain that nothing of the path is to be taken out? Nearly every directory is so, and every word is looked for in one.
fn is_plain(path: &str) -> bool {
    let bytes = path.as_bytes();
    path.starts_with('/') && !path.ends_with('/') && !bytes.windows(2).any(|pair| matches!(pair, b"//" | b"/."))
}

/// How long the prefix `/proc/…/root` of a normal path is, if it has one.
fn process_root(path: &str) -> Option<usize> {
    let (process, rest) = path.strip_prefix("/proc/")?.split_once('/')?;
    let whole = rest == "root" || rest.starts_with("root/");
    whole.then_some("/proc/".len() + process.len() + "/root".len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting() -> Setting {
        Setting {
            directory: "/home/ann/shop/api".to_owned(),
            homes: vec!["/home/ann".to_owned()],
            repository: Some("/home/ann/shop".to_owned()),
            ..Setting::default()
        }
    }

    #[test]
    fn places_are_told_apart_by_text() {
        let at = |path: &str| place_of(path, &setting());
        assert_eq!(at("/dev/null"), Place::Sink);
        assert_eq!(at("/tmp/x"), Place::Temporary);
        assert_eq!(at("/home/ann/shop/api/x"), Place::Project);
        assert_eq!(at("/home/ann/shop"), Place::ProjectItself);
        assert_eq!(at("/home/ann/shop/.git"), Place::ProjectItself);
        assert_eq!(at("/home/ann"), Place::HomeItself);
        assert_eq!(at("/home"), Place::HomeItself);
        assert_eq!(at("/home/ann/.cache/pip"), Place::Cache);
        assert_eq!(at("/home/ann/Documents"), Place::Home);
        assert_eq!(at("/"), Place::Host);
        assert_eq!(at("/*"), Place::Host);
        assert_eq!(at("/etc/passwd"), Place::Host);
    }

    #[test]
    fn dots_and_proc_roots_are_taken_out() {
        assert_eq!(normalise("/a/b", "../c/./d"), "/a/c/d");
        assert_eq!(normalise("/a", "/proc/self/root/etc/passwd"), "/etc/passwd");
        assert_eq!(normalise("/a", "../../../.."), "/");
        assert_eq!(normalise("/a", "/proc/1/root/proc/2/root"), "/");
        assert_eq!(normalise("/a", "/proc/self/rooted"), "/proc/self/rooted");
        assert_eq!(normalise("/", "a//b/"), "/a/b");
    }

    proptest::proptest! {
        #[test]
        fn a_plain_directory_is_as_good_as_any(directory in "(/(a|bc|proc|self|root|\\.|\\.\\.|\\.d)?){0,6}", path in "(/|a|\\.|b/){0,8}") {
            // A doubled slash is never plain.
            let doubled = directory.replacen('/', "//", 1);
            proptest::prop_assert_eq!(normalise(&directory, &path), normalise(&doubled, &path));
        }
    }
}
