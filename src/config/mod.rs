//! Whose rules apply? Policy files, trust, and facts about the world.
//!
//! This room reads the machine and hands out values: the [`place::Place`] of a user, the
//! [`Policy`](crate::decide::policy::Policy) that applies in a directory, the
//! [`Setting`](crate::decide::action::Setting) of a command, and the answers to what the walk wants to know.

mod cache;
mod caret;
mod census;
mod ceremony;
mod context;
mod error;
pub mod facts;
pub mod find;
mod git;
mod gitlink;
mod keeping;
pub mod layer;
mod likeness;
pub mod load;
mod manifest;
pub mod memory;
pub mod pack_file;
mod pattern;
pub mod place;
pub mod reach;
pub mod rider;
pub mod secret;
pub mod setting;
pub mod shell;
mod standing;
pub mod tracked;
pub mod trust;
pub mod wall;
mod yaml;

pub use error::ConfigError;
