//! Whose is what no list knows? A program's own, by its name.

use super::keyring::stands_beside;

/// The pass by which a command made of one program alone has what is that program's own by its name among what is not known:
/// `~/.frob`, `~/.frobrc` and `~/.config/frob` are frob's.
#[must_use]
pub fn own_of<S: AsRef<str>>(programs: &[S]) -> Option<String> {
    let mut weighty = programs.iter().map(AsRef::as_ref).filter(|program| !stands_beside(program));
    let program = weighty.next()?;
    weighty.all(|other| other == program).then(|| format!("{OWN}{program}"))
}

/// Is a file or directory of this name, which is not known, passed by a pass of [`own_of`]?
#[must_use]
pub fn is_own(pass: &str, name: &str) -> bool {
    let name = name.strip_prefix('.').unwrap_or(name);
    let stem = name.split('.').next().unwrap_or(name);
    pass.strip_prefix(OWN).is_some_and(|program| {
        [name, stem].into_iter().any(|name| name == program || name.strip_suffix("rc") == Some(program))
    })
}

/// What [`own_of`] begins with.
const OWN: &str = "own:";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_alone_has_what_bears_its_name() {
        let pass = own_of(&["cd", "frob"]).expect("a pass");
        for name in [".frob", ".frobrc", ".frob.yaml", "frob", "frob.toml"] {
            assert!(is_own(&pass, name), "{name}");
        }
        for name in [".frobnicate", ".fro", ".config", "rc"] {
            assert!(!is_own(&pass, name), "{name}");
        }
        assert_eq!(own_of(&["frob", "cat"]), None);
        assert_eq!(own_of(&["cd"]), None);
    }
}
