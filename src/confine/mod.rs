//! Within which walls?
//!
//! [`plan`] looks at the machine and at what stands on it, and draws a [`Plan`]: a value, compared in tests and
//! printed for a person. [`Plan::enforce`] carries it out in the process that becomes the command, and
//! says how much of it stands. What cannot be built is a refusal; what the machine cannot
//! give is said beforehand.
//!
//! Three kinds of ground, the first that the machine gives (docs/design/0003-walls.md):
//! masks in a mount namespace with Landlock on top; Landlock alone, which grants everything but; or nothing.

mod ability;
mod call;
mod carve;
mod control;
mod draw;
mod enforce;
mod environment;
mod error;
mod expand;
mod explain;
mod filter;
mod kin;
mod landlock;
mod mask;
mod memory;
mod mounted;
mod own;
mod plan;
mod probe;
mod repository;
mod request;
mod search;
mod ssh;
mod survey;
mod target;
mod twin;

pub use ability::{Ability, Grounds};
pub use control::put_aside;
pub use environment::{Guarded, guarded};
pub use error::ConfineError;
pub use filter::{Filter, Opening};
pub use memory::Memory;
pub use plan::{Ground, Mask, Plan, Shape};
pub use probe::{Probe, probe};
pub use request::{Own, Request};

/// Draws the plan for one command. The memory of an earlier start saves time, and takes up what this one sees.
///
/// # Errors
/// When the walls cannot be drawn around this command: it would stand inside a credential, or holdpoint's own
/// directories cannot be made.
pub fn plan<'a>(request: &'a Request<'a>, memory: &'a mut Memory<'static>) -> Result<Plan, ConfineError> {
    plan_on(request, &Ability::look(), memory)
}

/// [`plan`] for a machine that is able to do this much; for tests and for `doctor`.
///
/// # Errors
/// As for [`plan`].
pub fn plan_on<'a>(
    request: &'a Request<'a>,
    ability: &Ability,
    memory: &'a mut Memory<'static>,
) -> Result<Plan, ConfineError> {
    let found = survey::survey(request, memory)?;
    draw::draw(request, ability, found)
}
