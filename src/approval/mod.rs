//! Who says yes? Channels that the agent cannot answer.
//!
//! A held command becomes a [`Question`]; [`ask`] finds a channel for it and comes back with an [`Answer`].
//! Only [`Answer::Once`] and [`Answer::Session`] carry a [`Grant`](crate::decide::policy::Grant), which the judge alone turns into a permit;
//! whatever goes wrong on the way is an error or a no, never a yes.
//!
//! - [`terminal`]: a prompt on the controlling terminal, where a person is sure to sit at it.
//! - [`inbox`]: a request in the state directory, answered from another terminal by [`reply`].
//! - [`session`]: a yes that holds for the rest of a terminal session.
//!
//! The reasons, and the attacks each part stops: `docs/design/0004-approval.md`.

mod desk;
mod error;
mod id;
mod present;
mod question;
mod seal;
mod store;

pub mod inbox;
pub mod refusal;
pub mod reply;
pub mod session;
pub mod terminal;

#[cfg(test)]
mod tests;

pub use desk::{Answer, Channel, Desk, Standing, ask};
pub use error::ApprovalError;
pub use id::Id;
pub use present::describe;
pub use question::{Asked, Loss, Question};
pub use seal::Secret;
