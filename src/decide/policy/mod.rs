//! May it be done? From [`Action`](crate::decide::action::Action)s and a [`Policy`] to a [`Verdict`].

pub mod explain;

mod condition;
mod digest;
mod enforcement;
mod form;
mod judge;
mod merge;
mod profile;
mod statement;
mod task;
mod term;
mod told;
mod verdict;

pub use digest::digest;
pub use enforcement::{Enforcement, Missing};
pub use judge::{judge, profile_of};
pub use merge::{DEFAULT_TTL, DEFAULT_WAIT};
pub use statement::{
    Approval, Condition, Credentials, Document, Layer, Network, Origin, Policy, Profile, Scope, Statement, Variables,
    Wall,
};
pub use task::Task;
pub use term::must_type;
pub use verdict::{Decision, Finding, Grant, Permit, Verdict};
