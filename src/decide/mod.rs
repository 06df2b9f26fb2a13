//! The judgement: from a command's text to a verdict. Pure and total: no input, no output, no clock,
//! no environment, no panic; limits on size and depth end in an opaque node, and that in a hold.

// What reads or changes the world is listed in clippy.toml, each with its reason. Unit tests may print and panic.
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros))]

pub mod action;
pub mod policy;
pub mod shown;
pub mod syntax;
pub mod trial;
