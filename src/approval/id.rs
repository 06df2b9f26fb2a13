//! The name of a request: eight characters that a person reads from one screen and types on another.

use super::ApprovalError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Crockford's base 32: no `i`, `l`, `o`, `u`, which are read wrongly or spell words.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// `ab12-cd34`: forty random bits. It is a name and not a secret: an answer needs the approving secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id(String);

impl Id {
    /// A fresh one from the kernel's generator.
    ///
    /// # Errors
    /// [`ApprovalError::Random`] where getrandom(2) fails.
    pub fn draw() -> Result<Self, ApprovalError> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(|fault| ApprovalError::Random(fault.to_string()))?;
        let letters: String = bytes.iter().map(|byte| letter(*byte)).collect();
        let (left, right) = letters.split_at_checked(4).unwrap_or((letters.as_str(), ""));
        Ok(Id(format!("{left}-{right}")))
    }

    /// Reads what a person typed: capitals, a missing dash, and `o` for `0` or `i`, `l` for `1` are understood.
    ///
    /// `None` for anything else, so that a path such as `../x` never becomes a file name.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let mut letters = String::new();
        for character in typed.trim().chars().filter(|c| *c != '-') {
            let plain = match character.to_ascii_lowercase() {
                'o' => '0',
                'i' | 'l' => '1',
                other => other,
            };
            if !plain.is_ascii() || !ALPHABET.contains(&(plain as u8)) {
                return None;
            }
            letters.push(plain);
        }
        let (left, right) = letters.split_at_checked(4)?;
        (right.len() == 4).then(|| Id(format!("{left}-{right}")))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The letter for five of a byte's bits; 256 is a multiple of 32, so each is as likely as the others.
fn letter(byte: u8) -> char {
    ALPHABET.get(usize::from(byte & 31)).map_or('0', |letter| char::from(*letter))
}

impl fmt::Display for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl TryFrom<String> for Id {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Id::parse(&text).ok_or("not a request's name such as ab12-cd34")
    }
}

impl From<Id> for String {
    fn from(id: Id) -> String {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_name_has_the_form_that_is_read_back() {
        let id = Id::draw().unwrap();
        assert_eq!(id.as_str().len(), 9);
        assert_eq!(Id::parse(id.as_str()), Some(id));
    }

    #[test]
    fn two_names_differ() {
        assert_ne!(Id::draw().unwrap(), Id::draw().unwrap());
    }

    #[test]
    fn a_person_may_type_capitals_leave_out_the_dash_and_mistake_letters() {
        assert_eq!(Id::parse(" AB1o-cdL4\n").unwrap().as_str(), "ab10-cd14");
        assert_eq!(Id::parse("ab12cd34").unwrap().as_str(), "ab12-cd34");
    }

    #[test]
    fn a_path_is_no_name() {
        for bad in ["../../x", "", "ab12-cd3", "ab12-cd345", "ab12/cd34", "äb12-cd34", "secret"] {
            assert_eq!(Id::parse(bad), None, "{bad}");
        }
    }
}
