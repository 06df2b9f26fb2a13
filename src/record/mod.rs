//! What happened? One JSON line per verdict and one per outcome, in `<state>/record/YYYY-MM.jsonl`.
//!
//! Each line names the SHA-256 of the line before it, so that a line that was changed, removed or moved is found by
//! [`verify`]. Writing cannot fail silently: [`Record::append`] returns an error, and whoever asked for something that
//! cannot be undone is refused then. The form of a line: `docs/record.md`.

mod chain;
mod entry;
mod log;
mod redact;
mod time;
mod verify;

#[cfg(test)]
mod tests;

pub use chain::{Record, RecordError};
pub use entry::{Approved, Entry, Finding, Outcome, Verdict, draw_id};
pub use log::{Told, recent};
pub use redact::redact;
pub use verify::{Fault, Verified, verify};
