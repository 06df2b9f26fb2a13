//! What a person says yes to, as one number.

use crate::decide::action::{Action, Facts, FileFact, Reading};
use crate::decide::shown::hex;
use sha2::{Digest, Sha256};

/// SHA-256, in hexadecimal, over the actions, the command's text, the texts of the files that were read for it, the
/// directory and the user.
///
/// A yes is bound to it: another text, place, user or effect, also by a file or variable that changed
/// in between, has another digest. Every part is preceded by its length, so that no part
/// can be moved into its neighbour.
#[must_use]
pub fn digest(reading: &Reading, facts: &Facts, text: &str, directory: &str, user: &str) -> String {
    let mut sum = Sha256::new();
    add(&mut sum, "holdpoint approval 1");
    add(&mut sum, user);
    add(&mut sum, directory);
    add(&mut sum, text);
    add_count(&mut sum, reading.actions.len());
    for action in &reading.actions {
        add_action(&mut sum, action);
    }
    for path in &reading.consulted {
        let Some(FileFact::Text(read)) = facts.files.get(path) else { continue };
        add(&mut sum, path);
        sum.update(Sha256::digest(read.as_bytes()));
    }
    hex(&sum.finalize())
}

fn add_action(sum: &mut Sha256, action: &Action) {
    for part in [action.verb.label(), &action.resource, action.reach.label(), action.reversal.label(), &action.rule] {
        add(sum, part);
    }
    for list in [&action.names, &action.via] {
        add_count(sum, list.len());
        list.iter().for_each(|part| add(sum, part));
    }
}

fn add(sum: &mut Sha256, part: &str) {
    add_count(sum, part.len());
    sum.update(part.as_bytes());
}

fn add_count(sum: &mut Sha256, count: usize) {
    sum.update((count as u64).to_be_bytes());
}
