//! What a token looks like: texts and runs of characters, one behind the other.
//!
//! A shape is matched from left to right without going back, so that looking for all of them takes time in
//! proportion to the text. What a range would take too much of is written so that it cannot.

use std::fmt;

/// One part of a shape.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Exactly this text.
    Text(Vec<u8>),
    /// So many characters of a class.
    Run { class: Class, least: usize, most: usize },
}

/// Characters of which a run is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    LowerHex,
    Hex,
    LowerAlphanumeric,
    UpperAlphanumeric,
    Alphanumeric,
    Word,
    Wide,
    Base64,
}

impl Class {
    fn of(letter: char) -> Option<Class> {
        Some(match letter {
            'd' => Class::Digit,
            'h' => Class::LowerHex,
            'x' => Class::Hex,
            'l' => Class::LowerAlphanumeric,
            'u' => Class::UpperAlphanumeric,
            'a' => Class::Alphanumeric,
            'w' => Class::Word,
            'p' => Class::Wide,
            'b' => Class::Base64,
            _ => return None,
        })
    }

    fn has(self, byte: u8) -> bool {
        match self {
            Class::Digit => byte.is_ascii_digit(),
            Class::LowerHex => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
            Class::Hex => byte.is_ascii_hexdigit(),
            Class::LowerAlphanumeric => byte.is_ascii_digit() || byte.is_ascii_lowercase(),
            Class::UpperAlphanumeric => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            Class::Alphanumeric => byte.is_ascii_alphanumeric(),
            Class::Word => byte.is_ascii_alphanumeric() || b"_-".contains(&byte),
            Class::Wide => byte.is_ascii_alphanumeric() || b"_-.=".contains(&byte),
            Class::Base64 => byte.is_ascii_alphanumeric() || b"+/=".contains(&byte),
        }
    }
}

/// A shape that cannot be read.
#[derive(Debug)]
pub(super) struct ShapeFault(String);

impl fmt::Display for ShapeFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}` is no form of a token", self.0)
    }
}

/// The form of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape(Vec<Piece>);

impl Shape {
    /// Reads `ghp_{a36}`.
    pub(super) fn read(text: &str) -> Result<Shape, ShapeFault> {
        let fault = || ShapeFault(text.to_owned());
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let open = rest.find('{').unwrap_or(rest.len());
            let (plain, behind) = rest.split_at(open);
            if !plain.is_empty() {
                pieces.push(Piece::Text(plain.as_bytes().to_vec()));
            }
            let Some(run) = behind.strip_prefix('{') else { break };
            let (inner, behind) = run.split_once('}').ok_or_else(fault)?;
            pieces.push(read_run(inner).ok_or_else(fault)?);
            rest = behind;
        }
        if pieces.is_empty() { Err(fault()) } else { Ok(Shape(pieces)) }
    }

    /// May it begin with this byte?
    pub(super) fn begins_with(&self, byte: u8) -> bool {
        match self.0.first() {
            Some(Piece::Text(text)) => text.first() == Some(&byte),
            Some(Piece::Run { class, .. }) => class.has(byte),
            None => false,
        }
    }

    /// Matches at the beginning of these bytes: where it ends, and where the text in front of its first run ends.
    pub(super) fn fit(&self, bytes: &[u8]) -> Option<(usize, usize)> {
        let mut at = 0;
        let mut last = None;
        for piece in &self.0 {
            let rest = bytes.get(at..)?;
            at += match piece {
                Piece::Text(text) => {
                    last = None;
                    rest.starts_with(text).then_some(text.len())?
                }
                Piece::Run { class, least, most } => {
                    last = Some(*class);
                    let length = rest.iter().take(*most).take_while(|byte| class.has(**byte)).count();
                    (length >= *least).then_some(length)?
                }
            };
        }
        let goes_on = bytes.get(at).is_some_and(|byte| {
            byte.is_ascii_alphanumeric() || *byte == b'_' || last.is_some_and(|class| class.has(*byte))
        });
        let lead = match self.0.first() {
            Some(Piece::Text(text)) => text.len(),
            Some(Piece::Run { .. }) | None => 0,
        };
        (!goes_on).then_some((at, lead))
    }
}

#[cfg(test)]
impl Shape {
    /// A text of this form. `draw` gives numbers below what it is given.
    pub(super) fn draw(&self, draw: &mut dyn FnMut(usize) -> usize) -> String {
        let mut text = Vec::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(plain) => text.extend_from_slice(plain),
                Piece::Run { class, least, .. } => {
                    let letters: Vec<u8> =
                        (33..127).filter(|byte| class.has(*byte) && !b"-_.=/+".contains(byte)).collect();
                    text.extend((0..*least).map(|_| letters[draw(letters.len())]));
                }
            }
        }
        String::from_utf8(text).expect("ASCII")
    }
}

/// `a36`, `a20-40`, `a20+`.
fn read_run(text: &str) -> Option<Piece> {
    /// The longest run that `+` stands for.
    const LONGEST: usize = 4096;
    let mut letters = text.chars();
    let class = Class::of(letters.next()?)?;
    let count = letters.as_str();
    let (least, most) = if let Some(least) = count.strip_suffix('+') {
        (least.parse().ok()?, LONGEST)
    } else if let Some((least, most)) = count.split_once('-') {
        (least.parse().ok()?, most.parse().ok()?)
    } else {
        let exact = count.parse().ok()?;
        (exact, exact)
    };
    (least > 0 && least <= most).then_some(Piece::Run { class, least, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(shape: &str, text: &str) -> Option<usize> {
        Shape::read(shape).expect("a shape").fit(text.as_bytes()).map(|(end, _)| end)
    }

    #[test]
    fn a_shape_fits_as_it_is_written() {
        assert_eq!(end("ab_{d3}", "ab_123"), Some(6));
        assert_eq!(end("ab_{d3}", "ab_123."), Some(6));
        assert_eq!(end("ab_{d3}", "ab_1234"), None);
        assert_eq!(end("ab_{d3}", "ab_123x"), None);
        assert_eq!(end("ab_{d2-4}!{x1}", "ab_123!F"), Some(8));
        assert_eq!(end("{d1+}:AA{w2}", "12345:AA_-"), Some(10));
        assert_eq!(end("k{w2}", "kab-"), None);
    }

    #[test]
    fn what_is_no_shape_is_refused() {
        for text in ["", "a{", "a{z3}", "a{d}", "a{d0}", "a{d4-2}", "a{}"] {
            assert!(Shape::read(text).is_err(), "{text}");
        }
    }
}
