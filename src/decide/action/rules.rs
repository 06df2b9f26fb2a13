//! The rules that are in force: the built-in packs and, behind them, those of the repository.

use super::beside::{Beside, Shelf};
use super::compiled::{Compiled, Index, unpack};
use super::pack::{List, Pack, Text};
use super::topic::Topic;
use super::wrapper_form::Wrapper;
use std::sync::OnceLock;

mod built_in {
    use super::{Compiled, Index, OnceLock, Pack, Wrapper};

    include!(concat!(env!("OUT_DIR"), "/packs.rs"));
    include!(concat!(env!("OUT_DIR"), "/wrappers.rs"));
}

/// The packs that are asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules {
    /// Packs beside the built-in ones.
    beside: Option<&'static Shelf>,
}

impl Rules {
    /// The built-in packs and these. They live as long as the process.
    #[must_use]
    pub fn with(packs: Vec<Beside>) -> Rules {
        Rules { beside: (!packs.is_empty()).then(|| &*Box::leak(Box::new(Shelf::of(packs)))) }
    }

    /// Every pack in force.
    pub fn packs(self) -> impl Iterator<Item = &'static Pack> {
        built_in::PACKS.iter().chain(self.beside.into_iter().flat_map(Shelf::all))
    }

    /// The packs that read command lines of this program.
    pub fn packs_for(&self, program: &str) -> impl Iterator<Item = &'static Pack> {
        let built_in =
            built_in::PROGRAMS.find(program).iter().filter_map(|place| built_in::PACKS.get(usize::from(*place)));
        built_in.chain(self.beside.into_iter().flat_map(move |shelf| shelf.of_program(program)))
    }

    /// The packs that are about something else than a program of theirs.
    pub fn packs_about(&self, topic: Topic) -> impl Iterator<Item = &'static Pack> {
        let places = Topic::ALL.iter().zip(built_in::TOPICS).find(|(one, _)| **one == topic);
        let places = places.map_or(&[][..], |(_, places)| places);
        let built_in = places.iter().filter_map(|place| built_in::PACKS.get(usize::from(*place)));
        built_in.chain(self.beside.into_iter().flat_map(move |shelf| shelf.about(topic)))
    }

    /// The packs of no program of their own some rule of which is about command lines of this program.
    pub fn packs_about_line_of(&self, program: &str) -> impl Iterator<Item = &'static Pack> {
        let places = built_in::ANY_LINE.iter().chain(built_in::LINES.find(program));
        let built_in = places.filter_map(|place| built_in::PACKS.get(usize::from(*place)));
        built_in.chain(self.beside.into_iter().flat_map(move |shelf| shelf.about_line_of(program)))
    }

    /// Does some rule ask whether a command line of this program went before?
    #[must_use]
    pub fn is_followed(&self, program: &str) -> bool {
        let beside = self.beside.into_iter().flat_map(|shelf| shelf.follows.iter());
        built_in::FOLLOWED.iter().chain(beside).any(|first| super::glob::matches(first, program))
    }

    /// The ways in which this program runs other commands.
    pub fn wrappers(program: &str) -> impl Iterator<Item = &'static Wrapper> {
        built_in::WRAPPED.find(program).iter().filter_map(|place| built_in::WRAPPERS.get(usize::from(*place)))
    }

    /// All names of programs that some pack or wrapper knows, for a command name that is only partly known.
    pub fn programs(&self) -> impl Iterator<Item = &'static str> {
        let built_in = built_in::PROGRAMS.names().chain(built_in::WRAPPED.names());
        built_in.chain(self.beside.into_iter().flat_map(Shelf::programs))
    }
}

/// Does some built-in pack or wrapper know this program?
pub(super) fn is_known(program: &str) -> bool {
    !built_in::PROGRAMS.find(program).is_empty() || !built_in::WRAPPED.find(program).is_empty()
}

/// Is the value of this variable a command that programs run?
pub(super) fn is_run(variable: &str) -> bool {
    static RUN: OnceLock<List<Text>> = OnceLock::new();
    RUN.get_or_init(|| unpack(built_in::RUN_VARIABLES)).iter().any(|known| **known == *variable)
}

/// Is the output of this command line made to be evaluated?
pub(super) fn is_evaluable(line: &str) -> bool {
    static EVALUABLE: OnceLock<List<Text>> = OnceLock::new();
    EVALUABLE.get_or_init(|| unpack(built_in::EVALUABLE)).iter().any(|known| super::glob::matches(known, line))
}
