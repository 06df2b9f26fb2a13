//! Patterns over one piece of text: `*` any run, `?` one character, `[…]` a class.
//!
//! No recursion and no state but two marks: a failed match goes back to the last `*` only, which is enough
//! because an earlier star can never do better. The work is bounded by pattern times text.

use super::list::Text;

/// Does the whole text match the pattern? `*` crosses `/`.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let exact = |c| c;
    if differs_at_an_end(pattern.as_bytes(), text.as_bytes(), exact) {
        return false;
    }
    let (open_start, rest) = pattern.strip_prefix('*').map_or((false, pattern), |rest| (true, rest));
    let (open_end, plain) = rest.strip_suffix('*').map_or((false, rest), |rest| (true, rest));
    if is_pattern(plain) {
        return match_characters(pattern, text, exact);
    }
    match (open_start, open_end) {
        (false, false) => text == plain,
        (true, false) => text.ends_with(plain),
        (false, true) => text.starts_with(plain),
        (true, true) => text.contains(plain),
    }
}

/// Does the text stand for other texts than itself?
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'*' | b'?' | b'['))
}

/// Does the name match one of the patterns, most of which are plain names?
#[must_use]
pub(super) fn is_one_of(patterns: &[Text], name: &str) -> bool {
    patterns.iter().any(|pattern| !begins_otherwise(pattern, name) && matches(pattern, name))
}

/// Is it plain from the first byte that the pattern does not match? Most ask no more.
pub(super) fn begins_otherwise(pattern: &str, text: &str) -> bool {
    match pattern.as_bytes().first() {
        None | Some(b'*' | b'?' | b'[') => false,
        first => first != text.as_bytes().first(),
    }
}

/// [`matches`](fn@matches) without regard to the case of ASCII letters.
#[must_use]
pub fn matches_ignoring_case(pattern: &str, text: &str) -> bool {
    let fold = |c: char| c.to_ascii_lowercase();
    !differs_at_an_end(pattern.as_bytes(), text.as_bytes(), fold) && match_characters(pattern, text, fold)
}

/// Most patterns are plain words or plain at an end, and most texts are others: one byte tells. A `]` may end a class.
fn differs_at_an_end(pattern: &[u8], text: &[u8], fold: fn(char) -> char) -> bool {
    let differ = |own: Option<&u8>, other: Option<&u8>| match (own, other) {
        (Some(b'*' | b'?' | b'[' | b']'), _) | (None, _) => false,
        (Some(own), Some(other)) => fold(char::from(*own)) != fold(char::from(*other)),
        (Some(_), None) => true,
    };
    differ(pattern.first(), text.first()) || differ(pattern.last(), text.last())
}

fn match_characters(pattern: &str, text: &str, fold: fn(char) -> char) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    let mut star: Option<(&str, &str)> = None;
    loop {
        if let Some(behind) = pattern.strip_prefix('*') {
            if behind.is_empty() {
                return true;
            }
            let Some(from) = place_of_next(behind, text, fold) else { return false };
            star = Some((behind, from));
            (pattern, text) = (behind, from);
            continue;
        }
        let mut rest = text.chars();
        match (rest.next(), take_one(pattern, text, fold)) {
            (Some(_), Some(behind)) => (pattern, text) = (behind, rest.as_str()),
            (None, _) if pattern.is_empty() => return true,
            (None, _) => return false,
            (Some(_), None) => match star {
                None => return false,
                Some((behind, from)) => {
                    let mut longer = from.chars();
                    if longer.next().is_none() {
                        return false;
                    }
                    let Some(from) = place_of_next(behind, longer.as_str(), fold) else { return false };
                    star = Some((behind, from));
                    (pattern, text) = (behind, from);
                }
            },
        }
    }
}

/// The text from where the pattern behind a star may begin: where its first character stands, if that is a plain one.
fn place_of_next<'t>(pattern: &str, text: &'t str, fold: fn(char) -> char) -> Option<&'t str> {
    match pattern.chars().next() {
        None | Some('*' | '?' | '[') => Some(text),
        Some(first) => {
            let wanted = fold(first);
            text.get(text.find(|c| fold(c) == wanted)?..)
        }
    }
}

/// If the pattern's first element, which is no star, matches the text's first character: the pattern behind it.
fn take_one<'p>(pattern: &'p str, text: &str, fold: fn(char) -> char) -> Option<&'p str> {
    let wanted = fold(text.chars().next()?);
    let mut elements = pattern.chars();
    match elements.next()? {
        '?' => Some(elements.as_str()),
        '[' => match read_class(elements.as_str(), wanted, fold) {
            Some((true, behind)) => Some(behind),
            Some((false, _)) => None,
            // No closing bracket: the bracket stands for itself.
            None => (wanted == '[').then_some(elements.as_str()),
        },
        own => (fold(own) == wanted).then_some(elements.as_str()),
    }
}

/// Reads a class behind its `[`: whether it has the character, and the pattern behind its `]`.
///
/// `None` if it is not closed. `]` in the first place is a member; `!` or `^` in front means all others.
fn read_class(pattern: &str, wanted: char, fold: fn(char) -> char) -> Option<(bool, &str)> {
    let inverted = pattern.starts_with(['!', '^']);
    let mut rest = if inverted { pattern.get(1..)?.chars() } else { pattern.chars() };
    let mut found = false;
    let mut first = true;
    loop {
        let low = rest.next()?;
        if low == ']' && !first {
            return Some((found != inverted, rest.as_str()));
        }
        first = false;
        let mut ahead = rest.clone();
        let high = match (ahead.next(), ahead.next()) {
            (Some('-'), Some(high)) if high != ']' => {
                rest = ahead;
                high
            }
            _ => low,
        };
        found |= (fold(low)..=fold(high)).contains(&wanted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_takes_any_run_and_a_question_mark_one_character() {
        assert!(matches("git.push.*", "git.push.force"));
        assert!(matches("*", ""));
        assert!(matches("a*b*c", "a--b-b--c"));
        assert!(matches("*.rs", "src/main.rs"));
        assert!(matches("?", "ö"));
        assert!(!matches("?", ""));
        assert!(!matches("git.push.*", "git.pull.force"));
        assert!(!matches("a*b", "a-b-"));
    }

    #[test]
    fn a_class_has_members_ranges_and_a_negation() {
        assert!(matches("[ab]x", "bx"));
        assert!(matches("v[0-9]", "v7"));
        assert!(!matches("v[!0-9]", "v7"));
        assert!(matches("v[^0-9]", "vx"));
        assert!(matches("[]]", "]"));
        assert!(matches("[a-]", "-"));
        assert!(matches("*[0-9]", "abc12"));
    }

    #[test]
    fn a_class_that_is_not_closed_stands_for_itself() {
        assert!(matches("[ab", "[ab"));
        assert!(!matches("[ab", "a"));
    }

    #[test]
    fn case_counts_unless_it_is_to_be_ignored() {
        assert!(!matches("Drop", "drop"));
        assert!(matches_ignoring_case("dR*[A-C]", "Dropb"));
    }

    #[test]
    fn many_stars_over_a_long_text_end() {
        let pattern = "*a".repeat(500);
        let text = "a".repeat(20_000) + "b";
        assert!(!matches(&pattern, &text));
    }

    /// The same by the book: a star takes nothing, or one character and the rest.
    fn matches_slowly(pattern: &str, text: &str) -> bool {
        if let Some(behind) = pattern.strip_prefix('*') {
            let mut rest = text.chars();
            return matches_slowly(behind, text) || rest.next().is_some() && matches_slowly(pattern, rest.as_str());
        }
        let mut rest = text.chars();
        match (rest.next(), take_one(pattern, text, |c| c)) {
            (Some(_), Some(behind)) => matches_slowly(behind, rest.as_str()),
            (None, _) => pattern.is_empty(),
            (Some(_), None) => false,
        }
    }

    proptest::proptest! {
        #[test]
        fn short_cuts_change_no_answer(pattern in "[ab*?\\[\\]é-]{0,8}", text in "[ab\\[\\]é-]{0,8}") {
            proptest::prop_assert_eq!(matches(&pattern, &text), matches_slowly(&pattern, &text));
        }

        #[test]
        fn a_text_without_special_characters_matches_itself_only(a in "[a-c/]{0,6}", b in "[a-c/]{0,6}") {
            proptest::prop_assert_eq!(matches(&a, &b), a == b);
        }

        #[test]
        fn any_pattern_over_any_text_gives_an_answer(pattern in "\\PC{0,20}", text in "\\PC{0,20}") {
            let _ = matches(&pattern, &text);
            let own = text.contains(['[', '*', '?']) || matches(&format!("*{text}"), &text);
            proptest::prop_assert!(own, "{}", text);
        }
    }
}
