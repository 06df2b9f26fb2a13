//! Lists that were packed into bytes when holdpoint was compiled, and are unpacked where somebody asks.
//!
//! A constant with pointers in it costs every start of a position-independent program: the loader writes each of them, and so
//! touches each page (21,000 pointers and 160 pages were a third of what `check` took). Bytes and numbers cost nothing
//! until they are read, so that more rules do not slow down the commands that they are not about. See docs/design/0005.

use serde::Deserialize;
use std::sync::OnceLock;

/// A list whose items are packed one by one.
pub(super) struct Compiled<T: 'static> {
    /// The items, one behind the other.
    pub(super) bytes: &'static [u8],
    /// Where each begins, and where the last ends.
    pub(super) bounds: &'static [u32],
    /// The items that were asked for.
    pub(super) unpacked: &'static [OnceLock<T>],
}

impl<T: Deserialize<'static>> Compiled<T> {
    /// The item at a place of the list.
    pub(super) fn get(&self, place: usize) -> Option<&'static T> {
        let slot = self.unpacked.get(place)?;
        let bytes = part(self.bounds, place).and_then(|range| self.bytes.get(range))?;
        Some(slot.get_or_init(|| unpack(bytes)))
    }

    /// Every item, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static T> {
        (0..self.unpacked.len()).filter_map(|place| self.get(place))
    }
}

/// Reads what `build.rs` packed, and read back to see that it can be.
///
/// # Panics
/// When the bytes are not what `build.rs` wrote. To go on would be to judge without rules; a judge that panics refuses.
#[allow(clippy::expect_used)]
pub(super) fn unpack<T: Deserialize<'static>>(bytes: &'static [u8]) -> T {
    postcard::from_bytes(bytes).expect("what build.rs packed can be unpacked")
}

fn part(bounds: &[u32], place: usize) -> Option<std::ops::Range<usize>> {
    let bound = |at: usize| bounds.get(at).and_then(|bound| usize::try_from(*bound).ok());
    Some(bound(place)?..bound(place + 1)?)
}

/// From names to places in a list.
pub(super) struct Index {
    /// The names in order, one behind the other.
    pub(super) names: &'static str,
    /// Where each begins, and where the last ends.
    pub(super) bounds: &'static [u32],
    /// The places of all names.
    pub(super) places: &'static [u16],
    /// Where the places of each name begin, and where the last ones end.
    pub(super) shares: &'static [u32],
    /// How many names begin with a smaller byte than this one.
    pub(super) starts: &'static [u16],
}

impl Index {
    /// The places under this name.
    pub(super) fn find(&self, name: &str) -> &'static [u16] {
        let first = name.bytes().next().map_or(0, usize::from);
        let start = |byte: usize| self.starts.get(byte).copied().map_or(0, usize::from);
        let (mut low, mut high) = (start(first), start(first + 1));
        while low < high {
            let middle = low.midpoint(high);
            match self.name(middle).cmp(name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    return part(self.shares, middle).and_then(|range| self.places.get(range)).unwrap_or(&[]);
                }
            }
        }
        &[]
    }

    /// Every name, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        (0..self.len()).map(|at| self.name(at))
    }

    fn len(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }

    fn name(&self, at: usize) -> &'static str {
        part(self.bounds, at).and_then(|range| self.names.get(range)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_with_all_of_its_places() {
        /// `a`, `ob` and `t`.
        static STARTS: [u16; 257] = {
            let mut starts = [0; 257];
            let mut byte = 0;
            while byte < 257 {
                starts[byte] = (byte > 97) as u16 + (byte > 111) as u16 + (byte > 116) as u16;
                byte += 1;
            }
            starts
        };
        let index = Index {
            names: "aobt",
            bounds: &[0, 1, 3, 4],
            places: &[1, 2, 3, 9],
            shares: &[0, 1, 3, 4],
            starts: &STARTS,
        };
        assert_eq!(index.names().collect::<Vec<_>>(), ["a", "ob", "t"]);
        assert_eq!(index.find("a"), [1]);
        assert_eq!(index.find("ob"), [2, 3]);
        assert!(index.find("").is_empty() && index.find("z").is_empty() && index.find("ab").is_empty());
    }

    #[test]
    fn an_item_is_unpacked_at_its_place_and_there_is_none_behind_the_last() {
        static SLOTS: [OnceLock<(u8, &str)>; 2] = [const { OnceLock::new() }; 2];
        let list = Compiled { bytes: b"\x07\x01a\x08\x02bc", bounds: &[0, 3, 7], unpacked: &SLOTS };
        assert_eq!(list.iter().collect::<Vec<_>>(), [&(7, "a"), &(8, "bc")]);
        assert_eq!(list.get(2), None);
    }
}
