//! What is worth following from where it is read to where it goes.
//!
//! `build.rs` includes this file, as it does [`pack`](super::pack).

use serde::{Deserialize, Serialize};

/// What a pipe, a substitution or a variable may carry besides text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Freight {
    /// Something that was read from a secret.
    Secret,
    /// The contents of a file outside the project and outside temporary places.
    Private,
    /// The contents of any file.
    Contents,
    /// The whole environment.
    Variables,
    /// A variable of the environment whose name tells a secret.
    Variable,
    /// Something that came from the network.
    Network,
    /// Something that was encoded: base64, hexadecimal.
    Encoded,
}
