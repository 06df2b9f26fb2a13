//! A word after expansion, as far as it can be known.

use super::parts::Parts;

/// What a word would be when the command runs: text that is known, with gaps where it is not.
///
/// Two known parts never stand side by side and no known part is empty, so that equal values compare equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Value {
    /// The parts in order. An empty list is the empty word.
    pub parts: Parts,
}

/// One part of a [`Value`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// This text.
    Known(String),
    /// Any text, the empty one too.
    Unknown,
}

impl Value {
    /// A value that is known whole.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        let mut value = Value::default();
        value.push_known(text);
        value
    }

    /// A value of which nothing is known.
    #[must_use]
    pub fn unknown() -> Self {
        Value { parts: Parts::one(Part::Unknown) }
    }

    /// Adds known text at the end.
    pub fn push_known(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Part::Known(last)) = self.parts.last_mut() {
            last.push_str(text);
        } else {
            self.parts.push(Part::Known(text.to_owned()));
        }
    }

    /// Adds a gap at the end.
    pub fn push_unknown(&mut self) {
        if self.parts.last() != Some(&Part::Unknown) {
            self.parts.push(Part::Unknown);
        }
    }

    /// Adds another value at the end.
    pub fn append(&mut self, other: &Value) {
        for part in &other.parts {
            match part {
                Part::Known(text) => self.push_known(text),
                Part::Unknown => self.push_unknown(),
            }
        }
    }

    /// The text, if all of it is known.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match &*self.parts {
            [] => Some(""),
            [Part::Known(text)] => Some(text),
            _ => None,
        }
    }

    /// `true` if any part is not known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.parts.contains(&Part::Unknown)
    }

    /// `true` if no part is known and there is one: the word could be anything.
    #[must_use]
    pub fn is_anything(&self) -> bool {
        self.is_unknown() && !self.parts.iter().any(|part| matches!(part, Part::Known(_)))
    }

    /// How many bytes of it are known.
    #[must_use]
    pub fn known_length(&self) -> usize {
        let length = |part: &Part| match part {
            Part::Known(text) => text.len(),
            Part::Unknown => 0,
        };
        self.parts.iter().map(length).sum()
    }

    /// What it takes to go through it: its text, and something for each of its parts.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.known_length() + 16 * self.parts.len().saturating_sub(1)
    }

    /// `true` if it is known to be empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// For people and for readers of other languages: every gap is `…`.
    #[must_use]
    pub fn shown(&self) -> String {
        self.with_gaps("…")
    }

    /// The text with `gap` in the place of every unknown part.
    #[must_use]
    pub fn with_gaps(&self, gap: &str) -> String {
        let mut text = String::new();
        for part in &self.parts {
            text.push_str(match part {
                Part::Known(known) => known,
                Part::Unknown => gap,
            });
        }
        text
    }

    /// The known text that it certainly begins with.
    #[must_use]
    pub fn known_start(&self) -> &str {
        match self.parts.first() {
            Some(Part::Known(text)) => text,
            Some(Part::Unknown) | None => "",
        }
    }

    /// The known text that it certainly ends with.
    #[must_use]
    pub fn known_end(&self) -> &str {
        match self.parts.last() {
            Some(Part::Known(text)) => text,
            Some(Part::Unknown) | None => "",
        }
    }

    /// `true` if it certainly begins with `prefix`.
    #[must_use]
    pub fn starts_with(&self, prefix: &str) -> bool {
        self.known_start().starts_with(prefix)
    }

    /// What follows `prefix`, if it certainly begins with it.
    #[must_use]
    pub fn strip_prefix(&self, prefix: &str) -> Option<Value> {
        let rest = self.known_start().strip_prefix(prefix)?;
        let mut value = Value::literal(rest);
        for part in self.parts.get(1..).unwrap_or_default() {
            value.parts.push(part.clone());
        }
        Some(value)
    }

    /// What stands behind the first `separator` that is known to stand there.
    #[must_use]
    pub fn after(&self, separator: char) -> Option<Value> {
        let (index, after) = self.parts.iter().enumerate().find_map(|(index, part)| match part {
            Part::Known(text) => text.split_once(separator).map(|(_, after)| (index, after)),
            Part::Unknown => None,
        })?;
        let mut right = Value::literal(after);
        right.parts.extend_from_slice(self.parts.get(index + 1..).unwrap_or_default());
        Some(right)
    }

    /// The two sides of the first `separator` that is known to stand there. A gap before it may hold an earlier one.
    #[must_use]
    pub fn split_once(&self, separator: char) -> Option<(Value, Value)> {
        let (index, before, after) = self.parts.iter().enumerate().find_map(|(index, part)| match part {
            Part::Known(text) => text.split_once(separator).map(|(before, after)| (index, before, after)),
            Part::Unknown => None,
        })?;
        let mut left = Value::default();
        left.parts.extend_from_slice(self.parts.get(..index).unwrap_or_default());
        left.push_known(before);
        let mut right = Value::literal(after);
        right.parts.extend_from_slice(self.parts.get(index + 1..).unwrap_or_default());
        Some((left, right))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::literal(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(before: &str, after: &str) -> Value {
        let mut value = Value::literal(before);
        value.push_unknown();
        value.push_known(after);
        value
    }

    #[test]
    fn a_word_with_a_gap_is_not_known_and_is_shown_with_an_ellipsis() {
        let value = gap("-X", "");
        assert_eq!(value.known(), None);
        assert!(value.is_unknown() && !value.is_anything());
        assert_eq!(value.shown(), "-X…");
    }

    #[test]
    fn the_empty_word_is_known() {
        assert_eq!(Value::literal("").known(), Some(""));
        assert!(!Value::default().is_unknown());
        assert!(Value::unknown().is_anything());
    }

    #[test]
    fn a_prefix_is_taken_off_and_the_gap_stays() {
        let rest = gap("--url=http://", "/x").strip_prefix("--url=").unwrap_or_default();
        assert_eq!(rest.shown(), "http://…/x");
        assert_eq!(gap("", "a").strip_prefix("a"), None);
    }

    #[test]
    fn a_value_is_split_at_a_known_separator_only() {
        let (name, value) = gap("a=", "b").split_once('=').unwrap_or_default();
        assert_eq!((name.shown().as_str(), value.shown().as_str()), ("a", "…b"));
        assert_eq!(Value::unknown().split_once('='), None);
    }
}
