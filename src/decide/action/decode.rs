//! What a text was encoded from.
//!
//! Strict: programs differ in what they make of a text that is not quite right, and a text that one reads as harmless another
//! must not read as something else. What is not plainly and wholly encoded stays unknown.

use super::decode_form::{Decodes, Digits};
use super::run::Called;
use super::stream::Stream;
use super::value::Value;
use super::walk::{PIECE, Walk};

impl Walk<'_> {
    /// What a command line prints that decodes its input, where that input is known.
    pub(super) fn decoded_output(&mut self, called: Called<'_>, stdin: &Stream) -> Option<Value> {
        let rules = self.rules;
        let mut decoders = rules.packs_for(called.program).flat_map(|pack| pack.decodes.iter());
        // A file of the same name elsewhere is another program.
        let plain = called.path == called.program || called.path.strip_prefix("/usr/bin/") == Some(called.program);
        let decodes = decoders.find(|decodes| plain && fits(decodes, called))?;
        let text = stdin.text.as_ref()?.known()?;
        let longest = decodes.longest_line.map_or(usize::MAX, usize::from);
        if text.lines().any(|line| line.len() > longest) {
            return None;
        }
        let span = called.all.first().map_or_else(Default::default, |word| word.span);
        if !self.burn_for(text.len() / PIECE, span) {
            return None;
        }
        decode(text, decodes.digits).map(|text| Value::literal(&text))
    }
}

fn fits(decodes: &Decodes, called: Called<'_>) -> bool {
    let is_one = |alternatives: &str, word: &str| alternatives.split('|').any(|one| one == word);
    let known = || called.words.iter().map(|word| word.value.known());
    decodes.program.iter().any(|name| name.0 == called.program)
        && decodes.words.iter().all(|wanted| known().flatten().any(|word| is_one(wanted, word)))
        && known().all(|word| {
            let mut allowed = decodes.words.iter().chain(decodes.also.iter());
            word.is_some_and(|word| allowed.any(|wanted| is_one(wanted, word)))
        })
}

/// The text that this one was encoded from; `None` if it is not one that was, or not of text.
pub(super) fn decode(text: &str, digits: Digits) -> Option<String> {
    let (bits, digits_a_group) = match digits {
        Digits::Base64 => (6, 4),
        Digits::Base32 => (5, 8),
        Digits::Hex => (4, 2),
    };
    let digit_of = |byte: u8| match digits {
        Digits::Base64 => digit_of_64(byte),
        Digits::Base32 => digit_of_32(byte),
        Digits::Hex => char::from(byte).to_digit(16),
    };
    let mut bytes = Vec::with_capacity(text.len());
    let (mut buffer, mut count) = (0u32, 0u32);
    let (mut written, mut padded) = (0usize, 0usize);
    for byte in text.bytes().filter(|byte| *byte != b'\n') {
        if byte == b'=' && digits != Digits::Hex {
            padded += 1;
            continue;
        }
        // Behind padding some programs go on and others end.
        if padded > 0 {
            return None;
        }
        written += 1;
        buffer = (buffer << bits | digit_of(byte)?) & 0xffff;
        count += bits;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(buffer >> count & 0xff).ok()?);
        }
    }
    // As many digits as the last byte needs, and no bit that belongs to none.
    let whole = (written + padded).is_multiple_of(digits_a_group) && padded < digits_a_group && count < bits;
    let empty_rest = buffer & ((1 << count) - 1) == 0;
    // A shell drops these, and other readers stop at them.
    let plain = !bytes.contains(&0);
    (whole && empty_rest && plain).then(|| String::from_utf8(bytes).ok()).flatten()
}

fn digit_of_64(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

fn digit_of_32(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'2'..=b'7' => u32::from(byte - b'2') + 26,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_is_decoded() {
        for (text, digits, wanted) in [
            ("", Digits::Base64, ""),
            ("aGk=", Digits::Base64, "hi"),
            ("cm0gLXJm\nIC8K\n", Digits::Base64, "rm -rf /\n"),
            ("w6k=", Digits::Base64, "é"),
            ("NBUQ====", Digits::Base32, "hi"),
            ("6869\n0a", Digits::Hex, "hi\n"),
            ("C3A9", Digits::Hex, "é"),
        ] {
            assert_eq!(decode(text, digits).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_programs_read_in_different_ways_is_not_known() {
        for (text, digits) in [
            ("aGk", Digits::Base64),
            ("aGl=", Digits::Base64),
            ("aGk==", Digits::Base64),
            ("aGk=aGk=", Digits::Base64),
            ("a=Gk", Digits::Base64),
            ("====", Digits::Base64),
            ("aGk=!", Digits::Base64),
            ("a Gk=", Digits::Base64),
            ("aGk=\r\n", Digits::Base64),
            ("YQBi", Digits::Base64),
            ("/w==", Digits::Base64),
            ("NBUQ===", Digits::Base32),
            ("nbuq====", Digits::Base32),
            ("686", Digits::Hex),
            ("68 69", Digits::Hex),
            ("0x68", Digits::Hex),
            ("68=", Digits::Hex),
        ] {
            assert_eq!(decode(text, digits), None, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_answered_and_hexadecimal_comes_back(text in "[^\\x00]{0,40}") {
            let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
            proptest::prop_assert_eq!(decode(&hex, Digits::Hex), Some(text.clone()));
            let _ = (decode(&text, Digits::Base64), decode(&text, Digits::Base32));
        }
    }
}
