//! YAML that people write, with its faults shown where they stand.

use super::caret::{Fault, find_word, guess, offset_of, word_at};
use serde::Deserialize;
use std::ops::Range;

/// Reads a value. `page` names the page that shows its form.
pub(super) fn read<'t, T: Deserialize<'t>>(text: &'t str, page: &str) -> Result<T, Fault> {
    serde_yaml::from_str(text).map_err(|error| {
        let start = error.location().map_or(0, |at| offset_of(text, at.line(), at.column()));
        translate(&error.to_string(), text, start, page)
    })
}

/// The parser's message as a fault: its list of known words becomes a guess.
fn translate(message: &str, text: &str, start: usize, page: &str) -> Fault {
    let message = match message.rfind(" at line ") {
        Some(end) => message.get(..end).unwrap_or(message),
        None => message,
    };
    let Some((what, known)) = message.split_once(", expected ") else {
        let what = message.trim_end_matches('.');
        return Fault::new(what, word_at(text, start), format!("Correct the YAML; {page} shows the form."));
    };
    let known: Vec<&str> = quoted(known).collect();
    let typed = quoted(what).last().filter(|_| what.contains("unknown"));
    let place = typed.and_then(|word| find_from(text, word, start)).unwrap_or_else(|| word_at(text, start));
    let remedy = match (typed.and_then(|word| guess(word, &known)), known.is_empty()) {
        (Some(meant), _) => format!("Did you mean `{meant}`?"),
        (None, false) => format!("What may stand here: {}.", known.join(", ")),
        (None, true) => format!("Expected {}.", message.split_once(", expected ").map_or("", |(_, e)| e)),
    };
    let what = what.replace("unknown field", "unknown key").replace("unknown variant", "unknown word");
    Fault::new(what, place, remedy)
}

fn find_from(text: &str, word: &str, start: usize) -> Option<Range<usize>> {
    let rest = text.get(start..)?;
    find_word(rest, word, 0).map(|place| place.start + start..place.end + start)
}

/// The words between backticks.
fn quoted(message: &str) -> impl Iterator<Item = &str> {
    message.split('`').skip(1).step_by(2)
}
