//! The form of what packs say of programs that print what their input was encoded from.
//!
//! `build.rs` includes this file, as it does [`pack`](super::pack).

use serde::{Deserialize, Serialize};

use super::list::{List, Text};

/// A command line that prints what its standard input was encoded from, and nothing else. Where that input is known, so is
/// what comes out, and whoever runs it is read as if it stood there.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Decodes {
    /// The programs.
    pub program: List<Text>,
    /// Words that must stand, each with its alternatives: `-d|-D|--decode`.
    pub words: List<Text>,
    /// Further words that may stand. With any other, a file's name too, nothing is known of the output.
    #[serde(default)]
    pub also: List<Text>,
    /// The longest line that it reads whole, in bytes.
    #[serde(default)]
    pub longest_line: Option<u16>,
    /// How it was encoded.
    pub digits: Digits,
}

/// What stands for a few bits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Digits {
    /// Base 64 of RFC 4648, with its padding.
    Base64,
    /// Base 32 of RFC 4648, with its padding.
    Base32,
    /// Two hexadecimal digits a byte.
    Hex,
}
