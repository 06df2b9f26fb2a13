//! A client's words to options and operands.

use super::client::{Meaning, abbreviated, meaning};
use crate::decide::action::client_form::Client;
use crate::decide::action::value::{Part, Value};

/// One step of a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// An option that means something, with its value.
    Option(Meaning, Value),
    /// A word that is no option.
    Operand(Value),
}

/// Takes the words apart.
pub(super) fn scan(client: &Client, words: &[Value]) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if word.known() == Some("--") {
            steps.extend(rest.by_ref().cloned().map(Step::Operand));
            break;
        }
        let start = word.known_start();
        if !start.starts_with('-') || word.known() == Some("-") {
            steps.push(Step::Operand(word.clone()));
            continue;
        }
        let (name, glued) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word.clone(), None),
        };
        let named = name.known().and_then(|name| meaning(client, name).or_else(|| abbreviated(client, name)));
        if let Some(meaning) = named {
            take(&mut steps, meaning, glued, &mut rest);
        } else if !start.starts_with("--") {
            scan_letters(client, word, &mut rest, &mut steps);
        }
    }
    steps
}

fn take<'w>(steps: &mut Vec<Step>, meaning: Meaning, glued: Option<Value>, rest: &mut impl Iterator<Item = &'w Value>) {
    let value = if meaning.takes_value() { glued.or_else(|| rest.next().cloned()) } else { None };
    steps.push(Step::Option(meaning, value.unwrap_or_default()));
}

/// `-sXDELETE`: letters behind one dash, the last of which may take the rest of the word.
fn scan_letters<'w>(client: &Client, word: &Value, rest: &mut impl Iterator<Item = &'w Value>, steps: &mut Vec<Step>) {
    let letters = word.known_start();
    for (at, letter) in letters.char_indices().skip(1) {
        let Some(meaning) = meaning(client, &format!("-{letter}")) else { continue };
        if !meaning.takes_value() {
            take(steps, meaning, None, rest);
            continue;
        }
        let behind = letters.get(at + letter.len_utf8()..).unwrap_or_default();
        let mut value = Value::literal(behind);
        value.parts.extend_from_slice(word.parts.get(1..).unwrap_or_default());
        take(steps, meaning, (!value.is_empty()).then_some(value), rest);
        return;
    }
    // `-$X`: letters that are not known could be any option; what stands in front was read.
    if word.parts.contains(&Part::Unknown) {
        steps.push(Step::Option(Meaning::Other, Value::unknown()));
    }
}
