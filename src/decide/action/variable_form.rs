//! The form of `rules/environment.yaml`: which variables of an environment are kept from a command.
//!
//! `build.rs` includes this file, reads the list when holdpoint is compiled and writes it down as constants.

use serde::{Deserialize, Serialize};

use super::pack::{List, Text};

/// The whole list.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Wardrobe {
    /// The form's version; 1.
    pub version: u8,
    /// Families of variables that hold a secret.
    pub secrets: List<Family>,
    /// The family of what only its name's ending tells.
    pub endings_id: Text,
    /// Endings of names, in lower case.
    pub endings: List<Text>,
    /// Globs of names that end so and are harmless.
    pub harmless: List<Text>,
    /// Values that nobody needs to keep.
    pub placeholders: Placeholders,
    /// Globs of hosts that are this machine.
    pub local_hosts: List<Text>,
    /// Variables that lead to sockets.
    pub sockets: List<Lead>,
    /// Variables that run code in every program.
    pub code: List<Text>,
    /// Variables that make a permitted program run something else.
    pub steering: List<Text>,
    /// Exported shell functions that stay.
    pub functions: List<Text>,
}

/// Variables that open the same thing.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Family {
    /// Never reused; that of a credential of `rules/credentials.yaml` where there is one.
    pub id: Text,
    /// Globs of names.
    #[serde(default)]
    pub names: List<Text>,
    /// Globs of names whose value is an address, which may carry a password.
    #[serde(default)]
    pub addresses: List<Text>,
    /// Programs that may have them, where no credential has the id.
    #[serde(default)]
    pub used_by: List<Text>,
}

/// Values that are no secret.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Placeholders {
    /// Whole values, in lower case.
    pub values: List<Text>,
    /// Words of values, in lower case.
    pub words: List<Text>,
}

/// A variable that leads to a socket.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub struct Lead {
    /// Its name.
    pub name: Text,
    /// The credential's id.
    pub of: Text,
}
