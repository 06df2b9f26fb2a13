//! The cellar: system calls, each behind one thin safe function, and the only `unsafe` code.
//!
//! A function here makes one call, or one indivisible dance of calls, and decides nothing. Where `nix` or
//! `landlock` already give a safe function, rooms call that.

pub mod capability;
pub mod descriptor;
pub mod directory;
pub mod filter;
pub mod landlock;
pub mod map;
pub mod mount;
pub mod namespace;
pub mod process;
pub mod signal;
pub mod startup;
pub mod terminal;
