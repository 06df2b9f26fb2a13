//! The command's environment: what of it is kept from the command, and why.

use crate::decide::action::glob::matches;
use crate::decide::action::variable::{Guard, Surroundings, guard_of};
use crate::decide::policy::Variables;
use std::ffi::OsString;
use std::path::Path;

/// A variable that a command gets only if it may have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded {
    /// Its name.
    pub name: String,
    /// Why.
    pub guard: Guard,
}

/// Directories in which commands can write wherever they run, beside the repository.
const SCRATCH: [&str; 3] = ["/tmp", "/var/tmp", "/dev/shm"];

/// The variables of an environment that are guarded, `deny` and `pass` of policy considered. `own` are the working directory
/// and the repository.
#[must_use]
pub fn guarded(
    environment: impl Iterator<Item = (OsString, OsString)>,
    own: &[&str],
    policy: &Variables,
) -> Vec<Guarded> {
    let writable: Vec<String> = own.iter().copied().chain(SCRATCH).map(str::to_owned).collect();
    let exists = |path: &str| Path::new(path).exists();
    let around = Surroundings { exists: &exists, writable: &writable };
    let fits = |globs: &[String], name: &str| globs.iter().any(|glob| matches(glob, name));
    let mut all: Vec<Guarded> = environment
        .filter_map(|(name, value)| {
            // A name that is no text is nobody's: no list has it.
            let name = name.into_string().ok()?;
            let guard = if fits(&policy.deny, &name) {
                Guard::Policy
            } else if fits(&policy.pass, &name) {
                return None;
            } else {
                guard_of(&name, &value.to_string_lossy(), &around)?
            };
            Some(Guarded { name, guard })
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

impl Guarded {
    /// May a command have it that was passed these ids of credentials and families?
    #[must_use]
    pub fn is_passed(&self, passes: &[String]) -> bool {
        match self.guard {
            Guard::Secret(id) | Guard::Socket(id) => passes.iter().any(|pass| pass == id),
            Guard::Code | Guard::Policy => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(pairs: &[(&str, &str)], policy: &Variables) -> Vec<String> {
        let environment = pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        guarded(environment, &["/work"], policy).into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn policy_passes_and_denies_by_name_and_denial_wins() {
        let pairs = [("OUR_TOKEN", "hV7q0pZr2mN8"), ("X_TOKEN", "hV7q0pZr2mN8"), ("LICENCE", "1"), ("PATH", "/bin")];
        assert_eq!(names(&pairs, &Variables::default()), ["OUR_TOKEN", "X_TOKEN"]);
        let policy = Variables { deny: vec!["LICENCE".into(), "X_*".into()], pass: vec!["*_TOKEN".into()] };
        assert_eq!(names(&pairs, &policy), ["LICENCE", "X_TOKEN"]);
    }

    #[test]
    fn a_family_is_passed_by_its_id_and_code_never() {
        let secret = Guarded { name: "GH_TOKEN".into(), guard: Guard::Secret("git.github") };
        assert!(secret.is_passed(&["git.github".into()]) && !secret.is_passed(&["cloud.aws".into()]));
        let code = Guarded { name: "BASH_ENV".into(), guard: Guard::Code };
        assert!(!code.is_passed(&["git.github".into()]));
    }

    #[test]
    fn a_name_or_value_that_is_no_text_is_weighed_all_the_same() {
        use std::os::unix::ffi::OsStringExt;
        let odd = OsString::from_vec(b"hV7q0p\xffZr2mN8".to_vec());
        let environment = [(OsString::from("GH_TOKEN"), odd.clone()), (odd, OsString::from("x"))];
        let found = guarded(environment.into_iter(), &[], &Variables::default());
        assert_eq!(found.len(), 1);
    }
}
