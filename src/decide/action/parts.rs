//! The parts of a value. Nearly every word has one, and one needs no list of its own.

use super::value::Part;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};

/// Parts in order, like a `Vec` of them.
#[derive(Debug, Clone, Default)]
pub struct Parts(Held);

#[derive(Debug, Clone, Default)]
enum Held {
    #[default]
    None,
    One([Part; 1]),
    Many(Vec<Part>),
}

impl Parts {
    /// A single one.
    pub(super) fn one(part: Part) -> Self {
        Parts(Held::One([part]))
    }

    /// Adds one at the end.
    pub(super) fn push(&mut self, part: Part) {
        self.0 = match std::mem::take(&mut self.0) {
            Held::None => Held::One([part]),
            Held::One([first]) => Held::Many(vec![first, part]),
            Held::Many(mut parts) => {
                parts.push(part);
                Held::Many(parts)
            }
        };
    }

    /// Takes the last one.
    pub(super) fn pop(&mut self) -> Option<Part> {
        match std::mem::take(&mut self.0) {
            Held::None => None,
            Held::One([part]) => Some(part),
            Held::Many(mut parts) => {
                let last = parts.pop();
                self.0 = Held::Many(parts);
                last
            }
        }
    }

    /// Adds copies of these at the end.
    pub(super) fn extend_from_slice(&mut self, parts: &[Part]) {
        parts.iter().for_each(|part| self.push(part.clone()));
    }
}

impl Deref for Parts {
    type Target = [Part];
    fn deref(&self) -> &[Part] {
        match &self.0 {
            Held::None => &[],
            Held::One(part) => part,
            Held::Many(parts) => parts,
        }
    }
}

impl DerefMut for Parts {
    fn deref_mut(&mut self) -> &mut [Part] {
        match &mut self.0 {
            Held::None => &mut [],
            Held::One(part) => part,
            Held::Many(parts) => parts,
        }
    }
}

impl<'p> IntoIterator for &'p Parts {
    type Item = &'p Part;
    type IntoIter = std::slice::Iter<'p, Part>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Parts {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Parts {}

impl PartialOrd for Parts {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Parts {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl Hash for Parts {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_equal_however_they_came_about() {
        let known = |text: &str| Part::Known(text.to_owned());
        let mut grown = Parts::default();
        for part in [known("a"), Part::Unknown, known("b")] {
            grown.push(part);
        }
        assert_eq!(grown.len(), 3);
        assert_eq!((grown.pop(), grown.pop()), (Some(known("b")), Some(Part::Unknown)));
        assert_eq!(grown, Parts::one(known("a")));
        assert_eq!((grown.pop(), grown.pop()), (Some(known("a")), None));
        assert_eq!(grown, Parts::default());
    }
}
