//! A value of which a copy is only made when somebody changes it.
//!
//! A shell's state is copied for each substitution, subshell and branch, and most of them change nothing. To copy all of it
//! each time would make `a1=1; …; (b); (b); …` cost as much as its variables times its subshells.

use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// A value that its copies have in common until one of them is changed.
#[derive(Debug, Default)]
pub(super) struct Forked<T> {
    value: Rc<T>,
    /// How often all of it was copied for a change that was made here.
    times: usize,
}

impl<T> Forked<T> {
    /// Is it certainly the same, because neither was changed since one was copied from the other?
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.value, &other.value)
    }

    /// How often it was copied since this was asked last.
    pub(super) fn take_times(&mut self) -> usize {
        std::mem::take(&mut self.times)
    }
}

impl<T> Clone for Forked<T> {
    fn clone(&self) -> Self {
        Forked { value: Rc::clone(&self.value), times: 0 }
    }
}

impl<T> From<T> for Forked<T> {
    fn from(value: T) -> Self {
        Forked { value: Rc::new(value), times: 0 }
    }
}

impl<T> Deref for Forked<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Clone> DerefMut for Forked<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.times += usize::from(Rc::strong_count(&self.value) > 1);
        Rc::make_mut(&mut self.value)
    }
}

impl<T: PartialEq> PartialEq for Forked<T> {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || *self.value == *other.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_made_when_one_of_two_is_changed_and_not_before() {
        let mut one: Forked<Vec<u8>> = vec![1].into();
        let other = one.clone();
        assert!(one.is_same(&other));
        assert_eq!(one.take_times(), 0);
        one.push(2);
        one.push(3);
        assert!(!one.is_same(&other) && one != other);
        assert_eq!((one.len(), other.len(), one.take_times(), one.take_times()), (3, 1, 1, 0));
    }
}
