//! One adapter per agent: how it is recognised, and what its command lines look like.
//!
//! A marker is a label and no proof: a command can set or clear it. So it may only ever make holdpoint stricter
//! (the terminal is not used) or a message clearer, never looser. The same holds for the inner command: it is shown
//! to a person, while the judge reads the whole text.

pub mod claude;
pub mod gemini;
mod marker;
mod roster;

pub use marker::label;

pub use roster::{Agent, Attachment, ROSTER};
use std::borrow::Cow;

/// The part of a command's text that the model wrote, where an agent packs it into a form of its own. For showing
/// only: what is judged and run is the whole text.
#[must_use]
pub fn inner_command(text: &str) -> Option<String> {
    claude::command_of(text).or_else(|| gemini::command_of(text))
}

/// Globs, below a home directory, of files that an agent writes itself and sources before each command. They hold what
/// the user's own start-up files say, and are too long to be read each time.
pub const SOURCED: [&str; 1] = [".claude/shell-snapshots/snapshot-*.sh"];

/// The part of a text that is the same when an agent runs the same command again: Claude Code's and Gemini CLI's forms
/// name a fresh temporary file each time. What a person said yes to is bound to this and to the actions of the
/// whole text, so that a yes is found again.
#[must_use]
pub fn lasting_text(text: &str) -> Cow<'_, str> {
    inner_command(text).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_command_run_again_by_an_agent_has_the_same_lasting_text() {
        let run = |token: &str| format!("eval 'git push -f' < /dev/null && pwd -P >| /tmp/claude-{token}-cwd");
        assert_eq!(lasting_text(&run("4704")), lasting_text(&run("6d76")));
        assert_eq!(lasting_text(&run("4704")), "git push -f");
    }

    #[test]
    fn a_text_of_no_agents_form_lasts_as_it_is() {
        let text = "git push -f; pwd -P >| /tmp/claude-4704-cwd";
        assert_eq!(lasting_text(text), text);
    }
}
