//! The environment of a command: its variables, and the credentials that they lead to.

use super::credential::{Branch, Credential};
use super::keyring::{KEYRING, below, branch_at, in_tree};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

/// Variables by name.
///
/// Which credentials they lead to is worked out once, when it is first asked, and anew when a variable changes: every
/// word of a command is asked about, and the list names hundreds of variables.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    led: OnceLock<Led>,
}

/// Where variables lead.
#[derive(Debug, Clone)]
struct Led {
    /// Directories below which a store lies that lies elsewhere without the variable.
    moved: Vec<(String, &'static Branch)>,
    /// Paths that variables name.
    named: BTreeMap<String, &'static Credential>,
}

impl Environment {
    /// The credential at this path, because a variable moved its store or names it.
    pub(super) fn credential_at(&self, path: &str) -> Option<&'static Credential> {
        let led = self.led.get_or_init(|| self.lead());
        let moved = led.moved.iter().find_map(|(directory, branch)| {
            let directory = directory.trim_end_matches('/');
            let rest = if path == directory { "" } else { below(path, directory)? };
            // A store that is a credential whole is one wherever it lies.
            let whole = branch.ends.iter().find_map(|end| KEYRING.credentials.0.get(usize::from(*end)));
            whole.or_else(|| in_tree(branch, rest))
        });
        moved.or_else(|| led.named.get(path).copied())
    }

    /// Does a variable lead to a place at or below this directory, or to one that the directory lies in?
    pub(super) fn leads_below(&self, directory: &str) -> bool {
        let led = self.led.get_or_init(|| self.lead());
        let meets = |place: &String| {
            place == directory || below(place, directory).is_some() || below(directory, place).is_some()
        };
        led.moved.iter().map(|(place, _)| place).chain(led.named.keys()).any(meets)
    }

    fn lead(&self) -> Led {
        let moved = KEYRING.moves.iter().filter_map(|shift| {
            let directory = self.variables.get(shift.variable.0).filter(|value| value.starts_with('/'))?;
            Some((directory.clone(), branch_at(shift.place.0)?))
        });
        let mut named = BTreeMap::new();
        for credential in KEYRING.credentials.iter() {
            for value in credential.variables.iter().filter_map(|variable| self.variables.get(variable.0)) {
                for path in paths_in(value) {
                    named.entry(path.to_owned()).or_insert(credential);
                }
            }
        }
        Led { moved: moved.collect(), named }
    }
}

impl Deref for Environment {
    type Target = BTreeMap<String, String>;

    fn deref(&self) -> &Self::Target {
        &self.variables
    }
}

impl DerefMut for Environment {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.led = OnceLock::new();
        &mut self.variables
    }
}

impl<const N: usize> From<[(String, String); N]> for Environment {
    fn from(variables: [(String, String); N]) -> Self {
        Environment { variables: variables.into(), led: OnceLock::new() }
    }
}

/// The absolute paths in a variable's value: a path, a list of paths, `unix:///…`, `unix:path=…,guid=…`,
/// `FILE:…`, or a path with fields behind commas as in `TMUX`.
pub fn paths_in(value: &str) -> impl Iterator<Item = &str> {
    let bare = ["unix://", "unix:path=", "FILE:"].iter().find_map(|scheme| value.strip_prefix(scheme)).unwrap_or(value);
    bare.split(':')
        .map(|one| one.split(',').next().unwrap_or(one))
        .filter(|path| path.len() > 1 && path.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::super::keyring::{Whereabouts, credential_at};
    use super::*;

    fn id_at(environment: &Environment, path: &str) -> Option<&'static str> {
        let whereabouts = Whereabouts { environment: Some(environment), ..Whereabouts::default() };
        credential_at(path, &whereabouts).map(|credential| credential.id.0)
    }

    #[test]
    fn a_moved_store_is_followed() {
        let environment = Environment::from(
            [
                ("CARGO_HOME", "/data/cargo"),
                ("XDG_CONFIG_HOME", "/data/config"),
                ("KUBECONFIG", "/data/kube/a:/data/kube/b"),
                ("DOCKER_HOST", "unix:///data/docker.sock"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        assert_eq!(id_at(&environment, "/data/cargo/credentials.toml"), Some("pkg.cargo"));
        assert_eq!(id_at(&environment, "/data/config/gh/hosts.yml"), Some("git.github"));
        assert_eq!(id_at(&environment, "/data/kube/b"), Some("cloud.kubernetes"));
        assert_eq!(id_at(&environment, "/data/docker.sock"), Some("socket.containers"));
        assert_eq!(id_at(&environment, "/data/cargo/config.toml"), None);
    }

    #[test]
    fn a_variable_that_changes_leads_elsewhere() {
        let mut environment = Environment::from([("KUBECONFIG".to_owned(), "/data/a".to_owned())]);
        assert_eq!(id_at(&environment, "/data/a"), Some("cloud.kubernetes"));
        environment.insert("KUBECONFIG".to_owned(), "/data/b".to_owned());
        assert_eq!(id_at(&environment, "/data/a"), None);
        assert_eq!(id_at(&environment, "/data/b"), Some("cloud.kubernetes"));
    }
}
