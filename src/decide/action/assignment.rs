//! `NAME=value`: what a variable is given.

use super::scope::{Bound, Scope};
use super::value::Value;
use super::walk::Walk;
use crate::decide::syntax::{Assigned, Assignment};

impl Walk<'_> {
    /// The name and value of an assignment, with `+=` and arrays resolved.
    pub(super) fn assignment(&mut self, assignment: &Assignment, scope: &mut Scope) -> Option<(String, Bound)> {
        let before = || scope.variable(&assignment.name, self.setting);
        let bound = match &assignment.value {
            Assigned::Scalar(word) if assignment.append => {
                let before = match before() {
                    Some(Bound::Scalar(value)) => value,
                    Some(Bound::List(_)) => Value::unknown(),
                    None => Value::default(),
                };
                let mut value = before;
                value.append(&self.expand_assigned(word, scope));
                Bound::Scalar(value)
            }
            Assigned::Scalar(word) => {
                let value = self.expand_assigned(word, scope);
                self.check_subscript(&value, word.span);
                Bound::Scalar(value)
            }
            Assigned::Array(words) => {
                if !self.burn_for(super::run::price(words.len()), assignment.span) {
                    return Some((assignment.name.clone(), Bound::Scalar(Value::unknown())));
                }
                let mut values = match before() {
                    Some(Bound::List(values)) if assignment.append => values,
                    Some(_) | None => Vec::new(),
                };
                values.extend(self.expand_words(words, scope).into_iter().map(|argument| argument.value));
                Bound::List(values)
            }
            Assigned::Element { index, value } => {
                self.expand_whole(index, scope);
                self.expand_whole(value, scope);
                Bound::Scalar(Value::unknown())
            }
        };
        Some((assignment.name.clone(), bound))
    }
}
