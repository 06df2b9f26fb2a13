//! Texts that are put together, taken apart and decoded.

use super::super::GAP;
use super::term::{LONGEST, Term};

pub(super) fn joined(items: &[Term], separator: &str) -> String {
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        // What is longer is not known anyway: a list may name one long text many times.
        if text.len() > LONGEST {
            break;
        }
        text.push_str(if index > 0 { separator } else { "" });
        text.push_str(&item.shown());
    }
    text
}

pub(super) fn words(text: &str) -> Term {
    let words = shell_words::split(text).unwrap_or_else(|_| text.split_whitespace().map(str::to_owned).collect());
    Term::list(words.iter().take(512).map(|word| Term::text(word)).collect())
}

/// `"rm %s" % x`
pub(super) fn percent(format: &str, values: &[Term]) -> String {
    let mut text = String::new();
    let mut values = values.iter();
    let mut characters = format.chars();
    while let Some(c) = characters.next().filter(|_| text.len() <= LONGEST) {
        match c {
            '%' => match characters.next() {
                Some('%') => text.push('%'),
                Some('s' | 'd' | 'i' | 'r') => {
                    text.push_str(&values.next().map_or_else(|| GAP.to_string(), Term::shown))
                }
                _ => text.push(GAP),
            },
            other => text.push(other),
        }
    }
    text
}

/// `"{} {name} {0}".format(…)`
pub(super) fn formatted(format: &str, arguments: &[Term], keywords: &[(String, Term)]) -> String {
    let mut text = String::new();
    let mut next = arguments.iter();
    let mut rest = format;
    while let Some((before, behind)) = rest.split_once('{').filter(|_| text.len() <= LONGEST) {
        text.push_str(before);
        let Some((field, after)) = behind.split_once('}') else {
            rest = behind;
            break;
        };
        let name = field.split([':', '!']).next().unwrap_or_default();
        let value = if name.is_empty() {
            next.next()
        } else if let Ok(place) = name.parse::<usize>() {
            arguments.get(place)
        } else {
            keywords.iter().find(|(own, _)| own == name).map(|(_, value)| value)
        };
        text.push_str(&value.map_or_else(|| GAP.to_string(), Term::shown));
        rest = after;
    }
    text.push_str(rest);
    text
}

pub(super) fn rot13(text: &str) -> String {
    let turn = |c: char, base: u8| char::from((u8::try_from(c).unwrap_or(base) - base + 13) % 26 + base);
    text.chars()
        .map(|c| match c {
            'a'..='z' => turn(c, b'a'),
            'A'..='Z' => turn(c, b'A'),
            other => other,
        })
        .collect()
}

pub(super) fn characters(arguments: &[Term]) -> Option<Term> {
    let mut text = String::new();
    let all = match arguments {
        [Term::List(items)] => items.to_vec(),
        other => other.to_vec(),
    };
    for argument in all {
        let Term::Number(number) = argument else { return None };
        let code = match number.strip_prefix("0x") {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        text.push(char::from_u32(code.ok()?)?);
    }
    Some(Term::text(&text))
}

/// Text that was written with so many bits a digit: base64 or hexadecimal.
pub(super) fn decoded(text: &str, bits: u32) -> Option<Term> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut buffer, mut count) = (0u32, 0u32);
    for c in text.chars().filter(|c| !c.is_whitespace() && *c != '=') {
        let digit = match (bits, c) {
            (4, c) => c.to_digit(16)?,
            (_, 'A'..='Z') => u32::from(c) - 65,
            (_, 'a'..='z') => u32::from(c) - 71,
            (_, '0'..='9') => u32::from(c) + 4,
            (_, '+' | '-') => 62,
            (_, '/' | '_') => 63,
            _ => return None,
        };
        buffer = (buffer << bits | digit) & 0xffff;
        count += bits;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(buffer >> count & 0xff).unwrap_or_default());
        }
    }
    String::from_utf8(bytes).ok().map(|text| Term::text(&text))
}

/// A text with another in the place of a part; `None` if that grows too long.
pub(super) fn replaced(text: &str, from: &str, to: &str) -> Option<String> {
    let count = text.matches(from).count();
    (count.saturating_mul(to.len()).saturating_add(text.len()) <= LONGEST).then(|| text.replace(from, to))
}
