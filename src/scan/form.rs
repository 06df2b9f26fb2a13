//! The form of `rules/tokens.yaml`: what a token looks like, and what is none.
//!
//! It is read when a scan begins, and never on the way of a command.

use super::shape::{Shape, ShapeFault};
use serde::Deserialize;

/// The list as it was when holdpoint was built.
const TEXT: &str = include_str!("../../rules/tokens.yaml");

/// The whole list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Catalogue {
    version: u8,
    /// What has a form of its own.
    pub(super) tokens: Vec<Token>,
    /// Endings of names beside which what looks random is a secret.
    pub(super) names: Vec<String>,
    /// Endings of names that are none.
    pub(super) harmless: Vec<String>,
    /// Parts of values that nobody needs to keep.
    pub(super) dull: Vec<String>,
    /// Passwords of addresses that are none.
    pub(super) passwords: Vec<String>,
    /// Globs of hosts whose passwords are made up.
    pub(super) hosts: Vec<String>,
    /// Directories that are not looked into.
    pub(super) directories: Vec<String>,
    /// Globs of files that are not looked into.
    pub(super) files: Vec<String>,
    /// Tests and documentation.
    pub(super) quiet: Quiet,
    /// Endings of files in which only a quoted text is a value.
    pub(super) code: Vec<String>,
    /// Directories of a home that are not looked into.
    pub(super) caches: Vec<String>,
}

/// Tokens of one kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Token {
    /// What is said of it.
    pub(super) kind: String,
    /// What it looks like.
    #[serde(deserialize_with = "shapes")]
    pub(super) forms: Vec<Shape>,
    /// Made up so often for tests and documentation that it is not told there.
    #[serde(default)]
    pub(super) weak: bool,
    /// Texts of public ones.
    #[serde(default)]
    pub(super) unless: Vec<String>,
}

/// Where made-up tokens stand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Quiet {
    /// Names of directories.
    pub(super) directories: Vec<String>,
    /// Globs of files.
    pub(super) files: Vec<String>,
}

fn shapes<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Shape>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    let read = texts.iter().map(|text| Shape::read(text));
    read.collect::<Result<Vec<Shape>, ShapeFault>>().map_err(serde::de::Error::custom)
}

impl Catalogue {
    /// The list that is built in.
    ///
    /// # Errors
    /// When it is not well formed, which a test rules out.
    pub(super) fn built_in() -> Result<Catalogue, String> {
        let catalogue: Catalogue = serde_yaml::from_str(TEXT).map_err(|fault| format!("rules/tokens.yaml: {fault}"))?;
        match catalogue.version {
            1 => Ok(catalogue),
            other => Err(format!("rules/tokens.yaml: version {other} is not known; it must be 1")),
        }
    }
}
