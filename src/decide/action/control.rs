//! Which of home's files are read and not written, because their text runs later, outside of the walls?
//!
//! The list is that of the start-up files in `rules/places.yaml`, by which the judge holds what it can read. Walls
//! hold for what it cannot.

use super::keyring;
use super::place::PLACES;

/// What stands before a path of a pass that lets it be written.
pub const WRITE: &str = "write:";

/// The places, below a home. A glob may stand in the last name.
pub fn controls() -> impl Iterator<Item = &'static str> {
    let open = |place: &&str| PLACES.control.open.iter().any(|open| open.0 == *place);
    let own = |place: &&str| !place.starts_with("Library/");
    PLACES.startup.home.iter().map(|place| place.0).filter(move |place| !open(place) && own(place)).map(whole)
}

/// The places of a repository, below its root.
pub fn controls_of_repository() -> impl Iterator<Item = &'static str> {
    PLACES.control.repository.iter().map(|place| place.0)
}

/// Does an agent make this control file of a repository by itself, outside, while a command runs?
#[must_use]
pub fn is_made_outside(place: &str) -> bool {
    PLACES.control.made.iter().any(|made| made.0 == place)
}

/// The installers of what git keeps, if one of them takes part, with the place that it writes when it is alone.
#[must_use]
pub fn installer_among<S: AsRef<str>>(programs: &[S]) -> Option<(&'static str, &'static str)> {
    let of_git = PLACES.control.writers.iter().filter(|writer| writer.place.starts_with(".git/"));
    let mut pairs = of_git.flat_map(|writer| writer.programs.iter().map(|program| (program.0, writer.place.0)));
    pairs.find(|(program, _)| programs.iter().any(|name| name.as_ref() == *program))
}

/// `.config/fish/*` means the directory.
fn whole(place: &'static str) -> &'static str {
    place.strip_suffix("/*").unwrap_or(place)
}

/// The passes of a command that is made of nothing but these programs, beside such as write nothing.
#[must_use]
pub fn writes_for<S: AsRef<str>>(programs: &[S]) -> Vec<String> {
    let weighty: Vec<&str> = programs.iter().map(AsRef::as_ref).filter(|name| !keyring::stands_beside(name)).collect();
    if weighty.is_empty() {
        return Vec::new();
    }
    let own = |users: &[super::list::Text]| weighty.iter().all(|name| users.iter().any(|user| user.0 == *name));
    let places = PLACES.control.writers.iter().filter(|writer| own(&writer.programs));
    // A program's place has the same name in home and in a repository.
    places.flat_map(|writer| ["~", "."].map(|above| format!("{WRITE}{above}/{}", writer.place))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_up_files_are_control_files_and_what_agents_write_by_the_shell_is_none() {
        let all: Vec<&str> = controls().collect();
        for place in [".bashrc", ".config/autostart", ".config/systemd/user", ".ssh/authorized_keys", ".gitconfig"] {
            assert!(all.contains(&place), "{place}");
        }
        assert!(!all.iter().any(|place| place.contains("snapshots") || place.starts_with("Library")), "{all:?}");
        let deep = |place: &str| place.rsplit_once('/').is_some_and(|(above, _)| above.contains(['*', '?', '[']));
        assert!(!all.iter().any(|place| deep(place)), "a glob stands in the last name only: {all:?}");
    }

    #[test]
    fn a_program_writes_its_own_settings_and_nobody_else_s() {
        assert_eq!(
            writes_for(&["cd", "git"]),
            ["write:~/.gitconfig", "write:./.gitconfig", "write:~/.config/git", "write:./.config/git"]
        );
        assert_eq!(writes_for(&["claude"]), ["write:~/.claude", "write:./.claude"]);
        assert!(writes_for(&["git", "make"]).is_empty() && writes_for(&["cd"]).is_empty());
    }

    #[test]
    fn every_writer_s_place_is_one_of_a_control_file() {
        for writer in PLACES.control.writers.iter() {
            let own = |place: &str| place == writer.place.0 || keyring::below(place, &writer.place).is_some();
            assert!(controls().any(own) || writer.place.starts_with(".git/"), "{}", writer.place);
        }
    }
}
