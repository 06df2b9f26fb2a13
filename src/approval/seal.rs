//! The approving secret, and the seal that only its holder can set.
//!
//! A sealed file is `{"body": …, "mac": "…"}`: HMAC-SHA-256 (RFC 2104) over a word for what it is and the exact bytes of the
//! body. Without the secret no request, answer or session can be made; with a wall before the secret, an agent has none.

use crate::decide::shown::hex;
use hmac::{Hmac, KeyInit, Mac};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::Sha256;
use std::fmt;

/// The approving secret: 32 random bytes.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// Takes the bytes that were read from the state directory's `secret`.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Secret(bytes)
    }

    /// The seal for a body of this kind. The kind stands first and ends in a newline, so that a sealed request
    /// can never be passed off as an answer.
    fn mac(&self, kind: Kind, body: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(kind.word().as_bytes());
        mac.update(body.as_bytes());
        Some(mac)
    }

    /// The sealed form of a value.
    pub(super) fn seal<T: Serialize>(&self, kind: Kind, value: &T) -> Option<String> {
        let body = serde_json::to_string(value).ok()?;
        let mac = hex(&self.mac(kind, &body)?.finalize().into_bytes());
        let body = RawValue::from_string(body).ok()?;
        serde_json::to_string(&Sealed { body: &body, mac }).ok()
    }

    /// The value in a sealed text; `None` where the seal is not this secret's, or anything is broken.
    pub(super) fn open<T: DeserializeOwned>(&self, kind: Kind, text: &str) -> Option<T> {
        let sealed: Sealed<'_> = serde_json::from_str(text).ok()?;
        let mac = unhex(&sealed.mac)?;
        // `verify_slice` compares in constant time.
        self.mac(kind, sealed.body.get())?.verify_slice(&mac).ok()?;
        serde_json::from_str(sealed.body.get()).ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(…)")
    }
}

/// What a sealed body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Request,
    Answer,
    Session,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Request => "holdpoint request 1\n",
            Kind::Answer => "holdpoint answer 1\n",
            Kind::Session => "holdpoint session 1\n",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    #[serde(borrow)]
    body: &'a RawValue,
    mac: String,
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    digits?.chunks(2).map(|pair| u8::try_from(pair.first()? * 16 + pair.get(1)?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::new([7; 32])
    }

    #[test]
    fn what_was_sealed_opens() {
        let text = secret().seal(Kind::Answer, &"yes").unwrap();
        assert_eq!(secret().open::<String>(Kind::Answer, &text).as_deref(), Some("yes"));
    }

    #[test]
    fn another_secret_another_kind_and_another_body_do_not_open() {
        let text = secret().seal(Kind::Request, &"no").unwrap();
        assert_eq!(Secret::new([8; 32]).open::<String>(Kind::Request, &text), None);
        assert_eq!(secret().open::<String>(Kind::Answer, &text), None);
        assert_eq!(secret().open::<String>(Kind::Request, &text.replace("no", "ja")), None);
    }

    #[test]
    fn a_missing_short_or_odd_seal_does_not_open() {
        for broken in [r#"{"body":"yes"}"#, r#"{"body":"yes","mac":""}"#, r#"{"body":"yes","mac":"abc"}"#, "", "{"] {
            assert_eq!(secret().open::<String>(Kind::Answer, broken), None, "{broken}");
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", secret()), "Secret(…)");
    }
}
