//! Does a word name a credential that the program would show or send?
//!
//! Every word of every command is asked about, and hardly any leads to a credential: where a directory lies aside of all of
//! them, a word that stays below it is answered by that alone.

use super::facts::Setting;
use super::kind::{could_hold_credential, is_credential_outside};
use super::place::normalise;
use super::run::Called;
use super::scope::Scope;
use super::walk::Walk;

/// The directory that was asked about last, and whether it lies aside of all credentials.
#[derive(Debug, Default)]
pub(super) struct Aside {
    directory: String,
    lies_aside: bool,
}

impl Aside {
    /// Does this word, told to a program in this directory, stay below it, where no credential lies? Two dots may lead out of it.
    fn covers(&mut self, directory: &str, word: &str, setting: &Setting) -> bool {
        if word.starts_with('/') || word.as_bytes().windows(2).any(|pair| pair == b"..") {
            return false;
        }
        if self.directory != directory {
            self.lies_aside = !could_hold_credential(&normalise("/", directory), setting);
            directory.clone_into(&mut self.directory);
        }
        self.lies_aside
    }
}

impl Walk<'_> {
    /// A credential that is named as something to work on, and not as the key to work with, would be shown or sent.
    pub(super) fn note_exposure(&mut self, called: Called<'_>, scope: &Scope) {
        if self.reading.exposes || super::company::users_are_given(called.program) {
            return;
        }
        let directory = scope.directory.known().unwrap_or_default();
        let mut before = "";
        for word in called.words.iter().map(|word| word.value.known().unwrap_or_default()) {
            if self.names_credential(directory, word) && !super::company::is_key_option(before, word) {
                self.reading.exposes = true;
                return;
            }
            before = word;
        }
    }

    /// Is this word, told to a program in this directory, the path of a credential: by itself, behind `--x=`, or behind a short
    /// option?
    pub(super) fn names_credential(&mut self, directory: &str, word: &str) -> bool {
        let short = word.get(2..).filter(|_| word.starts_with('-'));
        let behind = [Some(word), word.split_once('=').map(|(_, value)| value), short];
        behind.into_iter().flatten().filter(|path| !path.is_empty()).any(|path| {
            !self.aside.covers(directory, path, self.setting)
                && is_credential_outside(&normalise(directory, path), self.setting)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(environment: &[(&str, &str)]) -> Setting {
        let mut setting = Setting { homes: vec!["/home/ann".to_owned()], ..Setting::default() };
        for (name, value) in environment {
            setting.environment.insert((*name).to_owned(), (*value).to_owned());
        }
        setting
    }

    #[test]
    fn a_project_lies_aside_and_what_leads_to_a_store_does_not() {
        let setting = setting(&[("KUBECONFIG", "/data/kube/a"), ("CARGO_HOME", "/store/cargo")]);
        for directory in ["/home/ann/shop", "/home/ann/shop/src", "/srv/shop", "/tmp/x", "/opt", "/data/other"] {
            assert!(Aside::default().covers(directory, "x/y", &setting), "{directory}");
        }
        for directory in [
            "",
            "/",
            "/home",
            "/home/ann",
            "/home/ann/.ssh",
            "/home/ann/.ssh/keys",
            "/home/ann/.config",
            "/home/ann/.frob",
            "/etc",
            "/run",
            "/run/user/1000",
            "/var",
            "/proc/1",
            "/data",
            "/data/kube",
            "/store/cargo",
            "/home/ann/shop/../.ssh",
        ] {
            assert!(!Aside::default().covers(directory, "x/y", &setting), "{directory}");
        }
        assert!(!Aside::default().covers("/srv/shop", "/home/ann/.ssh/id", &setting));
        assert!(!Aside::default().covers("/srv/shop", "a/../../../home/ann/.ssh/id", &setting));
    }

    proptest::proptest! {
        #[test]
        fn what_lies_aside_holds_no_credential(
            directory in "(/(home|ann|srv|shop|\\.ssh|\\.config|gh|etc|run|user|7|data|var|proc|self|root|\\.\\.)){0,5}",
            word in "((home|ann|id_rsa|\\.ssh|\\.netrc|\\.config|gh|hosts.yml|shadow|etc|user|7|kube|a|b|root|\\.\\.)/?){1,5}",
        ) {
            let setting = setting(&[("KUBECONFIG", "/data/kube/a"), ("CARGO_HOME", "/data/b")]);
            let aside = Aside::default().covers(&directory, &word, &setting);
            let is_one = is_credential_outside(&normalise(&directory, &word), &setting);
            proptest::prop_assert!(!(aside && is_one), "{directory} {word}");
        }
    }
}
