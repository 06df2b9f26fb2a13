//! A court for tests: the made-up place of every trial, and the one judge.

use holdpoint::decide::action::Rules;
use holdpoint::decide::policy::Verdict;
use holdpoint::decide::trial;

#[allow(unused_imports)]
pub(crate) use holdpoint::decide::trial::setting;

/// Judges a command with the built-in rules.
pub(crate) fn judge(command: &str) -> Verdict {
    trial::try_command(command, Rules::default())
}
