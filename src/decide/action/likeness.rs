//! Could a word that is known in part, or whole, be what a pattern asks for?

use super::expand::Argument;
use super::glob;
use super::value::{Part, Value};

/// Could this word be one of the alternatives with which a subcommand pattern begins, by its first byte?
pub(super) fn could_name(pattern: &str, word: Option<&str>) -> bool {
    let Some(first) = word.and_then(|word| word.bytes().next()) else { return true };
    let mut before = b'|';
    pattern.bytes().take_while(|byte| *byte != b' ').any(|byte| {
        let begins = std::mem::replace(&mut before, byte) == b'|';
        begins && (byte == first || matches!(byte, b'*' | b'?' | b'['))
    })
}

/// Is an operand one of a subcommand's alternatives, or could it be?
pub(super) fn is_word(value: &Value, alternatives: &str) -> bool {
    match value.known() {
        Some(text) => alternatives.split('|').any(|one| glob::matches(one, text)),
        None => could_match(value, alternatives),
    }
}

/// Is or could any of these words be what a subcommand pattern begins with?
pub(super) fn is_among_words(pattern: &str, words: &[Argument]) -> bool {
    let first = pattern.split(' ').next().unwrap_or(pattern);
    words.iter().any(|word| is_word(&word.value, first))
}

/// Could a partly known value match one of the alternatives?
fn could_match(value: &Value, alternatives: &str) -> bool {
    alternatives.split('|').any(|one| possibly(one, value))
}

/// Does the value match, or could it where it is not known? What is known at the front and at the end must fit.
pub(super) fn possibly(pattern: &str, value: &Value) -> bool {
    match value.known() {
        Some(text) => glob::matches(pattern, text),
        // The other way round: what is known of the value is the pattern, and its gaps are stars.
        None if !pattern.contains(['*', '?', '[']) => glob::matches(&as_pattern(value), pattern),
        None => {
            let literal = pattern.split(['*', '?', '[']).next().unwrap_or("");
            let tail = pattern.rsplit(['*', '?', ']']).next().unwrap_or("");
            let (start, end) = (value.known_start(), value.known_end());
            let open = literal.len() < pattern.len();
            // `*/inet/tcp/*` says nothing of a word in which nothing of it is seen.
            let open_ended = pattern.starts_with('*') && pattern.ends_with('*');
            if open_ended && !value.is_anything() && !shows_part(pattern, value) {
                return false;
            }
            let begins = if start.len() <= literal.len() {
                literal.starts_with(start)
            } else {
                open && start.starts_with(literal)
            };
            begins && if end.len() <= tail.len() { tail.ends_with(end) } else { open && end.ends_with(tail) }
        }
    }
}

/// Is a piece of the pattern's own text in what is known of the value, or cut off by a gap?
fn shows_part(pattern: &str, value: &Value) -> bool {
    const LEAST: usize = 3;
    let known = |part: &Part| match part {
        Part::Known(text) => Some(text.clone()),
        Part::Unknown => None,
    };
    let texts: Vec<String> = value.parts.iter().filter_map(known).collect();
    let cut = |text: &str, piece: &str| {
        (LEAST..piece.len()).any(|length| {
            piece.get(..length).is_some_and(|start| text.ends_with(start))
                || piece.get(piece.len() - length..).is_some_and(|end| text.starts_with(end))
        })
    };
    let mut pieces = pattern.split(['*', '?', '[', ']']).filter(|piece| !piece.is_empty()).peekable();
    pieces.peek().is_none() || pieces.any(|piece| texts.iter().any(|text| text.contains(piece) || cut(text, piece)))
}

/// A value as a pattern: any text for a gap, everything else for itself.
fn as_pattern(value: &Value) -> String {
    let mut pattern = String::new();
    for part in &value.parts {
        match part {
            Part::Unknown => pattern.push('*'),
            Part::Known(text) => {
                for c in text.chars() {
                    match c {
                        '*' | '?' | '[' => pattern.extend(['[', c, ']']),
                        c => pattern.push(c),
                    }
                }
            }
        }
    }
    pattern
}
