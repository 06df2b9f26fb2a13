//! What a reading says already: the same thing is met again in loops and in repeated readings.
//!
//! A list that is searched from its beginning costs the square of its length, which a text can make long.

use super::{Action, Need};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The entries of a reading's lists.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// Where in the list those with a number stand.
    actions: BTreeMap<u64, Vec<usize>>,
    needs: BTreeSet<Need>,
    programs: BTreeSet<String>,
}

impl Noted {
    /// Notes that an action will be the next in the list; `false` if it stands there already.
    pub(super) fn is_new_action(&mut self, action: &Action, list: &[Action]) -> bool {
        let mut hasher = DefaultHasher::new();
        action.hash(&mut hasher);
        let places = self.actions.entry(hasher.finish()).or_default();
        let new = !places.iter().any(|place| list.get(*place) == Some(action));
        if new {
            places.push(list.len());
        }
        new
    }

    /// Notes a need; `true` if it was not noted before.
    pub(super) fn is_new_need(&mut self, need: &Need) -> bool {
        !self.needs.contains(need) && self.needs.insert(need.clone())
    }

    /// Notes a program; `true` if it was not noted before.
    pub(super) fn is_new_program(&mut self, program: &str) -> bool {
        !self.programs.contains(program) && self.programs.insert(program.to_owned())
    }
}
