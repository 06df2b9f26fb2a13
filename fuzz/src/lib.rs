//! What the targets share: each throws hostile text at one reader, and looks at what must always hold.

use holdpoint::decide::action::Rules;
use holdpoint::decide::policy::Decision;
use holdpoint::decide::trial;

/// What the one judge decides about a command, in the made-up place of every trial.
pub fn decide(command: &str) -> Decision {
    trial::try_command(command, Rules::default()).decision
}

/// A command with a text as one of its words.
pub fn with_word(command: &str, text: &str) -> String {
    command.replace('@', &shell_words::quote(text))
}
