//! A command under the supervisor behaves as it does alone.

#[path = "exec/fixture.rs"]
mod fixture;
#[path = "exec/signal.rs"]
mod signal;
#[path = "exec/status.rs"]
mod status;
#[path = "exec/terminal.rs"]
mod terminal;
