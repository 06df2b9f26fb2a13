//! Run, and watch.
//!
//! [`run`] starts a program in a child process and waits for it as if it were not there: same process group,
//! same standard descriptors, same signals, same status. It consumes the judge's permit, so nothing
//! runs unasked, and it calls a function of the caller's between fork and exec, which builds the walls:
//! if that fails the program is not started.

mod child;
mod error;
mod launch;
mod outcome;
mod replace;
mod supervisor;

pub use error::ExecError;
pub use launch::Launch;
pub use outcome::{End, Outcome};
pub use replace::replace;
pub use supervisor::run;
