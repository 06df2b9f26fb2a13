//! The rules that are in force: the built-in packs and, behind them, those of the repository.

use super::pack::{
    CallWhen, Does, HttpWhen, Language, List, OptionIs, Pack, PathKind, Reads, Rule, Speaks, SqlClient, SqlDialect,
    SqlWhen, Target, Text, When,
};
use super::wrapper_form::{Form, Wrapper};

#[allow(clippy::wildcard_imports, unused_imports)] // The constants name every variant there is.
mod built_in {
    use super::super::effect::{Reach::*, Reversal::*, Verb::*};
    use super::{
        CallWhen, Does, Form, HttpWhen, List, OptionIs, Pack, Reads, Rule, Speaks, SqlClient, SqlWhen, Text, When,
        Wrapper,
    };
    use super::{Form::*, Language::*, PathKind::*, SqlDialect::*, Target::*};

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
    pub fn packs(&self) -> impl Iterator<Item = &'static Pack> {
        built_in::PACKS.iter().chain(self.extra)
    }

    /// The packs that read command lines of this program.
    pub fn packs_for(&self, program: &str) -> impl Iterator<Item = &'static Pack> {
        let built_in = find(built_in::PROGRAMS, program).iter().filter_map(|index| built_in::PACKS.get(*index));
        built_in.chain(self.extra.iter().filter(move |pack| pack.programs.iter().any(|name| **name == *program)))
    }

    /// The packs that are about no program: they read requests, calls, settings, paths.
    pub fn packs_for_all(&self) -> impl Iterator<Item = &'static Pack> {
        self.packs().filter(|pack| pack.programs.is_empty())
    }

    /// The ways in which this program runs other commands.
    pub fn wrappers(program: &str) -> impl Iterator<Item = &'static Wrapper> {
        find(built_in::WRAPPED, program).iter().filter_map(|index| built_in::WRAPPERS.get(*index))
    }

    /// All names of programs that some pack or wrapper knows, for a command name that is only partly known.
    pub fn programs(&self) -> impl Iterator<Item = &'static str> {
        let built_in = built_in::PROGRAMS.iter().chain(built_in::WRAPPED).map(|(name, _)| *name);
        built_in.chain(self.extra.iter().flat_map(|pack| pack.programs.iter().map(|name| name.0)))
    }
}

fn find(index: &'static [(&'static str, &'static [usize])], program: &str) -> &'static [usize] {
    match index.binary_search_by(|(name, _)| (*name).cmp(program)) {
        Ok(at) => index.get(at).map_or(&[], |(_, packs)| packs),
        Err(_) => &[],
    }
}

/// Does some built-in pack or wrapper know this program?
pub(super) fn is_known(program: &str) -> bool {
    !find(built_in::PROGRAMS, program).is_empty() || !find(built_in::WRAPPED, program).is_empty()
}

/// Is the output of this command line made to be evaluated?
pub(super) fn is_evaluable(line: &str) -> bool {
    built_in::EVALUABLE.iter().any(|known| super::glob::matches(known, line))
}
