//! Where do commands write, beside the repository? The built-in list, and who may have which part of it.
//!
//! Pure: what stands on the machine is found out by who builds the walls.

use super::Reading;
use super::glob::matches;
use super::list::{List, Text};
use super::store_form::{Needy, Store, Writes};

#[allow(unused_imports)] // The constant names every form there is.
mod built_in {
    use super::super::compiled::Index;
    use super::super::list::{List, Text};
    use super::super::store_form::Which::{All, Last, Nothing};
    use super::super::store_form::{Needy, Shift, Stock, Store, Writes};

    include!(concat!(env!("OUT_DIR"), "/scope.rs"));
}

pub use built_in::{SHARED, STOCK};

/// What command lines of this program write.
pub(super) fn writers_of(program: &str) -> impl Iterator<Item = &'static Writes> {
    built_in::WRITERS.find(program).iter().filter_map(|place| STOCK.writers.0.get(usize::from(*place)))
}

/// Command lines of this program that need more.
pub(super) fn lines_of(program: &str) -> impl Iterator<Item = &'static Needy> {
    built_in::LINES.find(program).iter().filter_map(|place| STOCK.lines.0.get(usize::from(*place)))
}

/// The pass of a command whose work is the system: it writes everywhere.
pub const SYSTEM: &str = "scope.system";

/// What stands before the path of a pass that lets new files stand beside a file.
pub const AROUND: &str = "write-around:";

/// What stands before the path of a pass that lets a directory be made.
pub const MAKES: &str = "write-made:";

/// Does one of these programs take part?
#[must_use]
pub fn takes_part<S: AsRef<str>>(wanted: &List<Text>, programs: &[S]) -> bool {
    programs.iter().any(|program| names(wanted, program.as_ref()))
}

/// The stores of which a program takes part.
pub fn stores_of<S: AsRef<str>>(programs: &[S]) -> impl Iterator<Item = &'static Store> {
    STOCK.stores.iter().filter(move |store| takes_part(&store.programs, programs))
}

/// Is the command made of these programs alone, beside such as change nothing?
#[must_use]
pub fn is_made_of<S: AsRef<str>>(wanted: &List<Text>, programs: &[S]) -> bool {
    let mut weighty = programs.iter().map(AsRef::as_ref).filter(|name| !bears(name)).peekable();
    weighty.peek().is_some() && weighty.all(|name| names(wanted, name))
}

fn bears(name: &str) -> bool {
    names(&STOCK.bearers, name) || super::keyring::stands_beside(name)
}

/// The passes that a command's lines need beside the scope, if it may have them.
#[must_use]
pub fn openings_of(reading: &Reading) -> Vec<String> {
    let made_of = |alone: &[&str]| reading.programs.iter().all(|name| bears(name) || alone.contains(&name.as_str()));
    let open = reading.openings.iter().filter(|(_, alone)| alone.as_deref().is_none_or(made_of));
    open.map(|(pass, _)| pass.clone()).collect()
}

fn names(wanted: &List<Text>, program: &str) -> bool {
    wanted.iter().any(|pattern| matches(pattern, program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_that_takes_part_brings_its_stores() {
        let ids = |programs: &[&str]| stores_of(programs).map(|store| store.id.0).collect::<Vec<_>>();
        assert!(ids(&["cd", "cargo", "tee"]).contains(&"rust.cargo"));
        assert!(ids(&["cargo-nextest"]).contains(&"rust.cargo"));
        assert!(ids(&["cat", "make"]).is_empty());
    }

    #[test]
    fn only_a_command_of_package_managers_alone_works_on_the_system() {
        assert!(
            is_made_of(&STOCK.system, &["apt-get"]) && is_made_of(&STOCK.system, &["sudo", "env", "apt-get", "echo"])
        );
        assert!(
            !is_made_of(&STOCK.system, &["apt-get", "make"])
                && !is_made_of(&STOCK.system, &["sudo"])
                && !is_made_of::<&str>(&STOCK.system, &[])
        );
    }

    #[test]
    fn what_every_command_writes_holds_no_programs_on_the_search_path() {
        for store in STOCK.stores.iter() {
            let planted = store.shared.iter().find(|path| path.ends_with("/bin") || path.ends_with("/shims"));
            assert_eq!(planted.map(|path| path.0), None, "{}", store.id);
        }
    }
}
