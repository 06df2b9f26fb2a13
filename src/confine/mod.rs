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
mod git;
mod kin;
mod landlock;
mod mask;
mod memory;
mod mounted;
mod own;
mod plan;
mod probe;
mod proof;
mod repository;
mod request;
mod scope;
mod search;
mod setting;
mod ssh;
mod ssh_agent;
mod standing;
mod survey;
mod target;
mod task;
mod terminal;
mod twin;
mod weigh;

pub use ability::{Ability, Grounds};
pub use control::put_aside;
pub use enforce::Closed;
pub use environment::{Guarded, guarded};
pub use error::ConfineError;
pub use filter::{Filter, Opening};
pub use memory::Memory;
pub use plan::{Ground, Mask, Plan, Shape};
pub use probe::{Probe, probe};
pub use proof::{Proof, prove};
pub use request::{Own, Request, Width};
pub use ssh_agent::held_keys;
pub use weigh::{Planted, Weighed};

use std::time::SystemTime;

/// Draws the plan for one command. The memory of an earlier start saves time, and takes up what this one sees.
///
/// # Errors
/// When the walls cannot be drawn around this command: it would stand inside a credential, or holdpoint's own
/// directories cannot be made.
pub fn plan<'a>(request: &'a Request<'a>, memory: &'a mut Memory<'static>) -> Result<Plan, ConfineError> {
    plan_on(request, &Ability::look(), memory)
}

/// Draws the plan for a process that stands inside walls already, and closes what of the credentials is open to it there: by
/// Landlock alone, which needs no privilege.
///
/// # Errors
/// As for [`plan`]; and where the kernel has no Landlock but something stands open.
pub fn narrow<'a>(request: &'a Request<'a>) -> Result<Plan, ConfineError> {
    let ability = Ability { mounts: Grounds::None("walls stand already".to_owned()), ..Ability::look() };
    let mut memory = Memory::recall(&[], SystemTime::now());
    let mut found = survey::survey(request, &mut memory)?;
    found.targets.retain(|target| !mask::refuses(&target.path));
    found.closed.retain(|path| !mask::refuses(path));
    // What may only be read is so already, and so is what lies outside of the scope.
    (found.controls, found.read_only, found.git) = Default::default();
    found.scope = scope::Scope::everywhere();
    let is_open = !found.targets.is_empty() || !found.closed.is_empty();
    let plan = draw::draw(request, &ability, found)?;
    if is_open && !matches!(plan.ground, Ground::Carved(_)) {
        let error = std::io::Error::other("the kernel has no Landlock");
        return Err(ConfineError::step("closing what git was given")(error));
    }
    Ok(plan)
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
