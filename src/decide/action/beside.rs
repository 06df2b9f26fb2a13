//! Packs beside the built-in ones, found by what they are about.
//!
//! A directory may hold thousands of rules, of which a command concerns a handful: the rest is not looked at, and what was kept
//! as bytes is not even unpacked (docs/design/0005).

use super::compiled::unpack;
use super::pack::{List, Pack, Text};
use super::topic::Topic;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What a pack is about, without its rules.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct About {
    /// The pack's name.
    pub pack: Text,
    programs: List<Text>,
    /// A flag for each of [`Topic::ALL`].
    topics: [bool; Topic::ALL.len()],
    /// The programs of whose command lines it speaks without reading them as its own; `None` for any.
    lines: Option<List<Text>>,
    /// The programs of the lines behind which some of its rules do not apply.
    follows: List<Text>,
}

impl About {
    /// What this pack is about.
    #[must_use]
    pub fn of(pack: &Pack) -> About {
        let of_lines = if pack.is_about(Topic::Line) { pack.line_programs() } else { Some(Vec::new()) };
        About {
            pack: pack.pack,
            programs: pack.programs,
            topics: Topic::ALL.map(|topic| pack.is_about(topic)),
            lines: of_lines.map(|programs| List(programs.leak())),
            follows: List(pack.followed().leak()),
        }
    }
}

/// A pack, or the bytes that are one.
#[derive(Debug)]
pub struct Beside {
    about: About,
    bytes: &'static [u8],
    pack: OnceLock<Pack>,
}

impl Beside {
    /// A pack that was read.
    #[must_use]
    pub fn read(pack: Pack) -> Beside {
        Beside { about: About::of(&pack), bytes: &[], pack: pack.into() }
    }

    /// A pack that was packed into these bytes (postcard), and what was known of it then.
    #[must_use]
    pub fn packed(about: About, bytes: &'static [u8]) -> Beside {
        Beside { about, bytes, pack: OnceLock::new() }
    }

    /// The pack's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.about.pack.0
    }

    fn pack(&self) -> &Pack {
        self.pack.get_or_init(|| unpack(self.bytes))
    }
}

/// All of them, with an index.
#[derive(Debug)]
pub(super) struct Shelf {
    packs: Vec<Beside>,
    programs: BTreeMap<&'static str, Vec<usize>>,
    topics: [Vec<usize>; Topic::ALL.len()],
    lines: BTreeMap<&'static str, Vec<usize>>,
    any_line: Vec<usize>,
    pub(super) follows: Vec<&'static str>,
}

impl Shelf {
    pub(super) fn of(packs: Vec<Beside>) -> Shelf {
        let (mut programs, mut lines) = (BTreeMap::new(), BTreeMap::new());
        let (mut any_line, mut follows) = (Vec::new(), Vec::new());
        let mut topics: [Vec<usize>; Topic::ALL.len()] = Default::default();
        for (place, beside) in packs.iter().enumerate() {
            enter(&mut programs, beside.about.programs.0, place);
            enter(&mut lines, beside.about.lines.unwrap_or_default().0, place);
            any_line.extend(beside.about.lines.is_none().then_some(place));
            follows.extend(beside.about.follows.iter().map(|program| program.0));
            for (list, about) in topics.iter_mut().zip(beside.about.topics) {
                list.extend(about.then_some(place));
            }
        }
        Shelf { packs, programs, topics, lines, any_line, follows }
    }

    fn at(&'static self, places: &'static [usize]) -> impl Iterator<Item = &'static Pack> {
        places.iter().filter_map(|place| self.packs.get(*place)).map(Beside::pack)
    }

    pub(super) fn all(&'static self) -> impl Iterator<Item = &'static Pack> {
        self.packs.iter().map(Beside::pack)
    }

    pub(super) fn of_program(&'static self, program: &str) -> impl Iterator<Item = &'static Pack> {
        self.at(self.programs.get(program).map_or(&[][..], Vec::as_slice))
    }

    pub(super) fn about(&'static self, topic: Topic) -> impl Iterator<Item = &'static Pack> {
        let places = Topic::ALL.iter().zip(&self.topics).find(|(one, _)| **one == topic);
        self.at(places.map_or(&[][..], |(_, places)| places.as_slice()))
    }

    pub(super) fn about_line_of(&'static self, program: &str) -> impl Iterator<Item = &'static Pack> {
        let named = self.lines.get(program).map_or(&[][..], Vec::as_slice);
        self.at(&self.any_line).chain(self.at(named))
    }

    pub(super) fn programs(&'static self) -> impl Iterator<Item = &'static str> {
        self.programs.keys().copied()
    }
}

fn enter(index: &mut BTreeMap<&'static str, Vec<usize>>, names: &[Text], place: usize) {
    for name in names {
        let places = index.entry(name.0).or_default();
        if places.last() != Some(&place) {
            places.push(place);
        }
    }
}
