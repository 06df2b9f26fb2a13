//! A fault in a policy file, shown where it stands.
//!
//! A repository's file is written by anyone, so its text is cleaned before it is shown, one character for one
//! so that the caret stays under the fault.

use crate::decide::shown::Shown;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::ops::Range;

/// Something that is wrong in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// What is wrong, without a full stop.
    pub(super) what: String,
    /// Where, in bytes of the text.
    pub(super) place: Range<usize>,
    /// What to do about it.
    pub(super) remedy: String,
}

impl Fault {
    pub(super) fn new(what: impl Into<String>, place: Range<usize>, remedy: impl Into<String>) -> Fault {
        Fault { what: what.into(), place, remedy: remedy.into() }
    }

    /// The report: what, file:line:column, the line with a caret, what to do.
    pub(super) fn report(&self, text: &str, path: &str) -> String {
        let source: String = text.chars().map(clean_character).collect();
        let place = find_again(text, &source, &self.place);
        let (what, path) = (Shown(&self.what).to_string(), Shown(path).to_string());
        let remedy = Shown(&self.remedy).to_string();
        let closing = "Until this is corrected, holdpoint refuses to run commands that this file applies to.";
        let group = Level::ERROR
            .primary_title(&what)
            .element(Snippet::source(&source).path(&path).annotation(AnnotationKind::Primary.span(place)))
            .element(Level::HELP.message(&remedy))
            .element(Level::NOTE.message(closing));
        Renderer::plain().render(&[group])
    }
}

/// The character itself, or a stand-in where it could not be seen or would act on a terminal.
fn clean_character(character: char) -> char {
    let mut own = [0; 4];
    let own: &str = character.encode_utf8(&mut own);
    match character {
        '\n' => '\n',
        // The renderer shows a tab as four columns and would put the caret beside its mark.
        '\t' => ' ',
        c if Shown(own).to_string() == own => c,
        _ => '\u{FFFD}',
    }
}

/// The same characters' place in the cleaned text.
fn find_again(text: &str, cleaned: &str, place: &Range<usize>) -> Range<usize> {
    let count = |end: usize| text.char_indices().take_while(|(at, _)| *at < end).count();
    let offset = |nth: usize| cleaned.char_indices().nth(nth).map_or(cleaned.len(), |(at, _)| at);
    offset(count(place.start))..offset(count(place.end))
}

/// The byte at a line and column, both counted from 1, columns in characters.
pub(super) fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}

/// The word that starts at a byte: up to white space or a character that ends a plain YAML scalar.
pub(super) fn word_at(text: &str, start: usize) -> Range<usize> {
    let start = start.min(text.len());
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.find([' ', '\t', '\n', '\r', ':', ',', ']', '}', '#']).unwrap_or(rest.len());
    let least = rest.chars().next().map_or(0, char::len_utf8);
    start..start + length.max(least)
}

/// The place where a word stands for the `nth` time (from 0) as a whole word outside comments.
pub(super) fn find_word(text: &str, word: &str, nth: usize) -> Option<Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let mut places = text.match_indices(word).filter(|(at, _)| {
        let before = text.get(..*at).unwrap_or_default();
        let behind = text.get(at + word.len()..).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        !before.ends_with(is_part)
            && !behind.starts_with(is_part)
            && !line.trim_start().starts_with('#')
            && !line.contains(" #")
    });
    places.nth(nth).map(|(at, _)| at..at + word.len())
}

/// The nearest of the known words, if the typed one looks like a slip of it.
pub(super) fn guess<'k>(typed: &str, known: &[&'k str]) -> Option<&'k str> {
    let most = (typed.chars().count() / 3).max(1);
    let near = known.iter().map(|word| (count_slips(typed, word), *word)).min_by_key(|(slips, _)| *slips);
    near.filter(|(slips, _)| *slips <= most).map(|(_, word)| word)
}

/// How many letters must be changed, added, dropped or swapped with their neighbour (optimal string alignment).
fn count_slips(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().take(64).collect();
    let other: Vec<char> = other.chars().take(64).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let swapped = i > 0 && j > 0 && one.get(i - 1) == Some(b) && other.get(j - 1) == Some(a);
            let at = |line: &[usize], n: usize| line.get(n).copied().unwrap_or(usize::MAX - 1);
            let replaced = at(&last, j) + usize::from(a != b);
            let mut least = replaced.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            if swapped {
                least = least.min(at(&before, j - 1).saturating_add(1));
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_fault_and_hostile_text_is_replaced() {
        let text = "# \u{202E}x\nvérsion: 1\nprofil: strict\n";
        let place = find_word(text, "profil", 0).expect("there");
        let report =
            Fault::new("unknown key `profil`", place, "Did you mean `profile`?").report(text, "/r/.holdpoint.yaml");
        assert!(report.contains("/r/.holdpoint.yaml:3:1"), "{report}");
        let lines: Vec<&str> = report.lines().collect();
        let at = lines.iter().position(|l| l.contains("profil: strict")).expect("the line is shown");
        assert_eq!(lines[at].find("profil"), lines[at + 1].find("^^^^^^"), "{report}");
        assert!(report.contains("help: Did you mean `profile`?"), "{report}");
        assert!(!report.contains('\u{202E}'), "{report}");
    }

    #[test]
    fn a_slip_is_guessed_and_something_else_is_not() {
        let known = ["profile", "statements", "approval", "verb"];
        assert_eq!(guess("profil", &known), Some("profile"));
        assert_eq!(guess("statemnets", &known), Some("statements"));
        assert_eq!(guess("verbs", &known), Some("verb"));
        assert_eq!(guess("colour", &known), None);
    }

    #[test]
    fn a_word_is_found_as_a_whole_and_not_in_a_comment() {
        let text = "# id: a\n- id: ab\n- id: a # a\n- id: a\n";
        assert_eq!(find_word(text, "a", 0), Some(23..24));
        assert_eq!(find_word(text, "a", 1), Some(35..36));
        assert_eq!(find_word(text, "zz", 0), None);
    }

    #[test]
    fn a_line_and_column_are_counted_in_characters() {
        let text = "é: 1\nöa: x";
        assert_eq!(text.get(offset_of(text, 2, 2)..), Some("a: x"));
        assert_eq!(offset_of(text, 9, 9), text.len());
    }
}
