//! The command's environment: which variables it does not get, and what is said of that.

use super::{Judgement, World};
use crate::confine::{Guarded, guarded};
use crate::decide::action::keyring::users_of;
use crate::decide::action::variable::Guard;
use crate::exec::Launch;
use std::ffi::{CString, OsString};
use std::os::unix::ffi::OsStrExt;

/// Names the variables that a command does not get, for whoever looks for one of them inside.
const WITHHELD: &str = "HOLDPOINT_WITHHELD";

impl World {
    /// Finds out which variables are guarded, and hides their values from the judge: it must neither rely on a value that the
    /// command may not get, nor take the variable for unset, nor show it.
    pub(super) fn guard_variables(&mut self) {
        // Inside, what must not be there is gone already.
        if self.inside {
            return;
        }
        let own = [Some(self.setting.directory.as_str()), self.setting.repository.as_deref()];
        let own: Vec<&str> = own.into_iter().flatten().collect();
        self.guarded = guarded(std::env::vars_os(), &own, &self.loaded.policy.variables());
        for one in &self.guarded {
            match one.guard {
                Guard::Secret(_) => {
                    self.setting.environment.remove(&one.name);
                    self.setting.unreadable.insert(one.name.clone());
                }
                Guard::Code | Guard::Policy => {
                    self.setting.environment.remove(&one.name);
                    self.setting.unreadable.remove(&one.name);
                }
                // The judge knows sockets by their paths.
                Guard::Socket(_) => {}
            }
        }
    }

    /// The variables that a command does not get. What a person let through keeps the secrets that its text names.
    pub(super) fn withheld(&self, judgement: &Judgement, passes: &[String], approved: bool) -> Vec<&Guarded> {
        let named = |one: &Guarded| approved && matches!(one.guard, Guard::Secret(_)) && expands(judgement, &one.name);
        self.guarded.iter().filter(|one| !one.is_passed(passes) && !named(one)).collect()
    }
}

/// Variables that are set, or taken out, for a command.
pub(super) type Changes = Vec<(String, Option<OsString>)>;

/// The launch with an environment of its own, if anything is taken from it or added to it.
pub(super) fn prepare(launch: &Launch, withheld: &[&Guarded], changes: &Changes) -> Launch {
    if withheld.is_empty() && changes.is_empty() {
        return launch.clone();
    }
    Launch { environment: Some(with_variables(withheld, changes)), ..launch.clone() }
}

/// This process's environment without what is withheld, and with these changes.
pub(super) fn with_variables(withheld: &[&Guarded], changes: &Changes) -> Vec<CString> {
    let is_kept = |name: &[u8]| {
        let gone = withheld.iter().any(|one| one.name.as_bytes() == name) || name == WITHHELD.as_bytes();
        !gone && !changes.iter().any(|(changed, _)| changed.as_bytes() == name)
    };
    let kept = std::env::vars_os().filter(|(name, _)| is_kept(name.as_bytes()));
    let mut pairs: Vec<Vec<u8>> =
        kept.map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes()].concat()).collect();
    if !withheld.is_empty() {
        pairs.push(format!("{WITHHELD}={}", list(withheld)).into_bytes());
    }
    let set = changes.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    pairs.extend(set.map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes()].concat()));
    pairs.into_iter().filter_map(|pair| CString::new(pair).ok()).collect()
}

/// What is said on standard error of variables that the command did not get. It stays quiet unless it matters: the text
/// expands one, or the command failed and names one or has a program that could have had it.
pub(super) fn remark(judgement: &Judgement, withheld: &[&Guarded], failed: bool) -> Option<String> {
    let matters = |one: &&&Guarded| expands(judgement, &one.name) || (failed && concerns(judgement, one));
    let told: Vec<&Guarded> = withheld.iter().filter(matters).copied().collect();
    let first = told.first()?;
    let (names, verb) = (list(&told), if told.len() == 1 { "was" } else { "were" });
    let why = match first.guard {
        Guard::Secret(id) | Guard::Socket(id) => match users_of(id) {
            [] => "no program may have it by default".to_owned(),
            users => format!("only a command made of {} alone gets it", alternatives(users)),
        },
        Guard::Code => "it runs what commands can write".to_owned(),
        Guard::Policy => "policy says so".to_owned(),
    };
    let way = match first.guard {
        Guard::Policy => String::new(),
        Guard::Secret(_) | Guard::Socket(_) | Guard::Code => {
            format!("; a person can pass it by `env: {{ pass: [{}] }}` in the policy", first.name)
        }
    };
    Some(format!("holdpoint: {names} {verb} kept from this command: {why}{way}.\n"))
}

fn list(all: &[&Guarded]) -> String {
    all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(",")
}

/// At most four names: a line is for reading.
fn alternatives(users: &[crate::decide::action::pack::Text]) -> String {
    let shown: Vec<&str> = users.iter().take(4).map(|name| name.0).collect();
    format!("{}{}", shown.join(", "), if users.len() > 4 { " …" } else { "" })
}

/// Does the text expand the variable: `$NAME`, `${NAME…`?
fn expands(judgement: &Judgement, name: &str) -> bool {
    let text = judgement.text.as_str();
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + name.len()..).unwrap_or_default();
        let ends = !after.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
        ends && (before.ends_with('$') || before.ends_with("${"))
    })
}

/// Could the command have failed for want of it?
fn concerns(judgement: &Judgement, one: &Guarded) -> bool {
    let used =
        |id: &str| judgement.reading.programs.iter().any(|program| users_of(id).iter().any(|user| user.0 == program));
    let by_program = match one.guard {
        Guard::Secret(id) => used(id),
        Guard::Socket(_) | Guard::Code | Guard::Policy => false,
    };
    by_program || judgement.text.contains(one.name.as_str())
}
