//! The rules that are in force: the built-in packs and, behind them, those of the repository.

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
    pub extra: &'static [Pack],
}

impl Rules {
    /// Every pack in force.
    pub fn packs(self) -> impl Iterator<Item = &'static Pack> {
        built_in::PACKS.iter().chain(self.extra)
    }

    /// The packs that read command lines of this program.
    pub fn packs_for(&self, program: &str) -> impl Iterator<Item = &'static Pack> {
        let built_in =
            built_in::PROGRAMS.find(program).iter().filter_map(|place| built_in::PACKS.get(usize::from(*place)));
        built_in.chain(self.extra.iter().filter(move |pack| pack.programs.iter().any(|name| **name == *program)))
    }

    /// The packs that are about something else than a program of theirs.
    pub fn packs_about(&self, topic: Topic) -> impl Iterator<Item = &'static Pack> {
        let places = Topic::ALL.iter().zip(built_in::TOPICS).find(|(one, _)| **one == topic);
        let places = places.map_or(&[][..], |(_, places)| places);
        let built_in = places.iter().filter_map(|place| built_in::PACKS.get(usize::from(*place)));
        built_in.chain(self.extra.iter().filter(move |pack| pack.is_about(topic)))
    }

    /// The ways in which this program runs other commands.
    pub fn wrappers(program: &str) -> impl Iterator<Item = &'static Wrapper> {
        built_in::WRAPPED.find(program).iter().filter_map(|place| built_in::WRAPPERS.get(usize::from(*place)))
    }

    /// All names of programs that some pack or wrapper knows, for a command name that is only partly known.
    pub fn programs(&self) -> impl Iterator<Item = &'static str> {
        let built_in = built_in::PROGRAMS.names().chain(built_in::WRAPPED.names());
        built_in.chain(self.extra.iter().flat_map(|pack| pack.programs.iter().map(|name| name.0)))
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
