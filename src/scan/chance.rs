//! Does a text look as if it were drawn at random?

/// The shortest text of which that is said.
const SHORTEST: usize = 16;
/// The longest.
const LONGEST: usize = 512;
/// The shortest hexadecimal number: 128 bits. A shorter one is an id, a colour, an address.
const SHORTEST_HEX: usize = 32;

/// Is this a text that nobody types by hand: letters and digits by turns, and many different ones?
///
/// In random text of three kinds of characters two neighbours out of three are of different kinds; in words and
/// names one of ten is.
pub(super) fn is_random(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !(SHORTEST..=LONGEST).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_graphic) {
        return false;
    }
    if is_uuid(bytes) {
        return true;
    }
    if bytes.iter().all(u8::is_ascii_hexdigit) {
        let one_case = !(bytes.iter().any(u8::is_ascii_lowercase) && bytes.iter().any(u8::is_ascii_uppercase));
        let mixed = bytes.iter().any(u8::is_ascii_digit) && bytes.iter().any(u8::is_ascii_alphabetic);
        return bytes.len() >= SHORTEST_HEX && one_case && mixed && entropy(bytes) >= 3.0;
    }
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let strange = bytes.iter().any(|byte| !byte.is_ascii_alphanumeric() && !b"+/=_-.~!@#$%^&*".contains(byte));
    digits >= 2 && letters >= 6 && !strange && turns(bytes) >= 0.25 && entropy(bytes) >= least_entropy(bytes.len())
}

/// `8-4-4-4-12` hexadecimal digits: how several platforms write a token.
fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
        && bytes.iter().any(u8::is_ascii_alphabetic)
        && entropy(bytes) >= 3.0
}

/// A short text has few characters, so that each counts for less.
fn least_entropy(length: usize) -> f64 {
    if length < 24 { 3.3 } else { 3.7 }
}

/// How often neighbours among letters and digits are of different kinds.
fn turns(bytes: &[u8]) -> f64 {
    let kinds: Vec<u8> = bytes
        .iter()
        .filter_map(|byte| match byte {
            b'0'..=b'9' => Some(0),
            b'a'..=b'z' => Some(1),
            b'A'..=b'Z' => Some(2),
            _ => None,
        })
        .collect();
    let turned = kinds.windows(2).filter(|pair| pair.first() != pair.last()).count();
    share(turned, kinds.len().saturating_sub(1))
}

/// Bits for each character, by how often each stands in the text (Shannon).
fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0_usize; 256];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let shares = counts.iter().filter(|count| **count > 0).map(|count| share(*count, bytes.len()));
    -shares.map(|share| share * share.log2()).sum::<f64>()
}

#[allow(clippy::cast_precision_loss)] // Lengths of words.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_drawn_at_random_is_told_from_what_was_typed() {
        for text in [
            "hV7q0pZr2mN8xK4w",
            "b5f8a1c2-93d4-4e6f-8a7b-1c2d3e4f5a6b",
            "9f86d081884c7d659a2feaa0c55ad015",
            "k3j5h2g8d7f6s1a0q9w4e5r6t7",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzT8p2Qd1L",
            "Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZg==",
        ] {
            assert!(is_random(text), "{text}");
        }
        for text in [
            "my-secret-token-name-v1",
            "AbstractTokenFactoryBean2",
            "correct-horse-battery-staple",
            "com.example.app.Token",
            "2024-01-01T00:00:00Z-access",
            "get_access_token_from_header",
            "aaaaaaaaaaaaaaaa1111111111111111",
            "11111111-1111-1111-1111-111111111111",
            "application/x-www-form-urlencoded",
            "sha256",
            "18446744073709551615",
            "x = [1, 2, 3]; y = 4",
        ] {
            assert!(!is_random(text), "{text}");
        }
    }
}
