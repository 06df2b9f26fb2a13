//! In what company, and with what words, does a program need its credential, use it, or show it?

use super::keyring::KEYRING;
use super::list::Text;

/// Does this program, in a command of these words, ask another machine for something that needs a credential?
#[must_use]
pub fn asks(program: &str, words: &[&str]) -> bool {
    let listed = KEYRING.asking.iter().find(|asking| asking.programs.iter().any(|name| name.0 == program));
    listed.is_none_or(|asking| words.iter().any(|word| asking.words.iter().any(|known| known.0 == *word)))
}

/// Does this option, or this word that begins with it, tell with which key to work: `-i KEY`, `--kubeconfig=PATH`?
pub(super) fn is_key_option(before: &str, word: &str) -> bool {
    let by_value = |option: &&Text| word.split_once('=').is_some_and(|(name, _)| name == option.0);
    let attached = |option: &&Text| !option.starts_with("--") && word.len() > 2 && word.starts_with(option.0);
    KEYRING.key_options.iter().any(|option| option.0 == before || by_value(&option) || attached(&option))
}

/// Is this program told which keys to work with by its operands: `ssh-add KEY`?
pub(super) fn users_are_given(program: &str) -> bool {
    KEYRING.given.iter().any(|name| name.0 == program)
}

/// Does this program only pass on what it is given on standard input, when it is given no operands?
pub(super) fn is_filter(program: &str) -> bool {
    KEYRING.filters.iter().any(|name| name.0 == program)
}
