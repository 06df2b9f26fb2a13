//! holdpoint is the shell that a coding agent gets.
//!
//! ```text
//! argv · hook JSON · stdin
//!         │
//!         ▼
//! decide::syntax   what was written?    Script
//!         ▼
//! decide::action   what would it do?    [Action]
//!         ▼
//! decide::policy   may it be done?      Verdict ── Deny ──────────────────┐
//!         │ Allow                          │ Hold                         │
//!         │                          approval   who says yes?  Grant      │
//!         ▼                                ▼                              │
//!       Permit  ◄──────────────────────────┘                              │
//!         ▼                                                               │
//! confine          within which walls?     Plan → Enforcement             │
//!         ▼                                                               │
//! exec             run, and watch          Outcome                        │
//!         ▼                                                               ▼
//! record           what happened?          Entry  ◄───────────────────────┘
//! ```
//!
//! [`pipeline`] is the stair between these rooms and is read first.

pub mod agent;
pub mod approval;
pub mod cli;
pub mod config;
pub mod confine;
pub mod decide;
pub mod exec;
pub mod pipeline;
pub mod record;
pub mod scan;
#[allow(unsafe_code)] // The only exception: see the module's contract.
pub mod sys;
