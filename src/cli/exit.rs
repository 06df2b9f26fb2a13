//! Exit codes. Only `main` exits with them.

use crate::pipeline::Ending;

/// A command was denied or refused: what bash says of a command that cannot be executed.
pub const DENIED: i32 = 126;
/// A command is held and nobody has answered yet (`EX_TEMPFAIL`, sysexits.h).
pub const WAITING: i32 = 75;
/// holdpoint itself failed. Nothing was run.
pub const FAILED: i32 = 125;
/// `holdpoint check`: it would be held.
pub const WOULD_HOLD: i32 = 10;
/// `holdpoint check`: it would be denied.
pub const WOULD_DENY: i32 = 11;
/// `holdpoint rules`: rules have flaws.
pub const FLAWED: i32 = 1;
/// What was typed cannot be understood.
pub const USAGE: i32 = 2;

/// The exit code of a job.
#[must_use]
pub(super) fn code_of(ending: Ending) -> i32 {
    match ending {
        Ending::Ran(code) | Ending::Unstarted(code) => code,
        Ending::Denied => DENIED,
        Ending::Waiting => WAITING,
        Ending::Failed => FAILED,
    }
}
