//! Text made safe for human eyes.
//!
//! What an agent wrote is hostile until cleaned: escape sequences can clear a screen or
//! forge a prompt, bidirectional controls can show `rm` as something else (CVE-2021-42574),
//! zero-width characters can hide a difference.

use std::fmt;

/// A text that prints with control, bidirectional and zero-width characters made visible.
///
/// Newlines and tabs become `⏎` and `⇥`, so that one text stays on one line.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '\n' => out.write_str("⏎")?,
                '\t' => out.write_str("⇥")?,
                c if c.is_control() || is_invisible(c) => write!(out, "⟨{:04X}⟩", u32::from(c))?,
                c => fmt::Write::write_char(out, c)?,
            }
        }
        Ok(())
    }
}

impl Shown<'_> {
    /// The shown text cut to at most `limit` characters, with `…` where something was cut.
    #[must_use]
    pub fn cut(&self, limit: usize) -> String {
        let shown = self.to_string();
        match shown.char_indices().nth(limit) {
            None => shown,
            Some((at, _)) => format!("{}…", &shown[..at]),
        }
    }
}

/// Characters that take no room or turn the direction of text (Unicode categories Cf, Zl, Zp, and fillers).
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Bytes in hexadecimal: two lower-case digits for each.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    text.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_is_made_visible() {
        assert_eq!(Shown("\x1b[2Jrm\n").to_string(), "⟨001B⟩[2Jrm⏎");
    }

    #[test]
    fn a_direction_override_and_a_zero_width_space_are_made_visible() {
        assert_eq!(Shown("a\u{202E}b\u{200B}c").to_string(), "a⟨202E⟩b⟨200B⟩c");
    }

    #[test]
    fn a_long_text_is_cut_with_a_sign() {
        assert_eq!(Shown("abcdef").cut(3), "abc…");
        assert_eq!(Shown("abc").cut(3), "abc");
    }

    #[test]
    fn every_byte_has_two_digits() {
        assert_eq!(hex(&[0x00, 0x0a, 0xf0, 0xff]), "000af0ff");
    }
}
