//! How much of the wall stands. Made by who builds the walls, judged against what policy requires.

use super::statement::Wall;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How much of the wall stood around a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[must_use]
pub enum Enforcement {
    /// All of it.
    Full,
    /// All but this.
    Partial(Vec<Missing>),
    /// None of it; a sentence says why.
    None(String),
}

/// A part of the wall that does not stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// Credential files in home directories and of the machine can be read.
    Credentials,
    /// Secrets in the repository can be read.
    RepositorySecrets,
    /// A second name of a credential (hard link) may lie where it was not found.
    HardLinks,
    /// Sockets that equal credentials can be connected to.
    Sockets,
    /// Abstract Unix sockets of others can be connected to (Landlock before ABI 6).
    AbstractSockets,
    /// Processes outside can be signalled (Landlock before ABI 6).
    Signals,
    /// Processes outside can be inspected where the user may (no Landlock).
    Processes,
    /// Calls of the kernel that walls do not know of are open: there is no filter (seccomp).
    KernelCalls,
    /// holdpoint's own state and policy, and control files of the repository, can be changed.
    OwnFiles,
    /// Files outside of the scope can be changed.
    Scope,
    /// Files outside of the scope can be cut short (Landlock before ABI 3).
    Truncation,
}

impl fmt::Display for Missing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Missing::Credentials => "credentials",
            Missing::RepositorySecrets => "repository secrets",
            Missing::HardLinks => "hard links",
            Missing::Sockets => "sockets",
            Missing::AbstractSockets => "abstract sockets",
            Missing::Signals => "signals",
            Missing::Processes => "other processes",
            Missing::KernelCalls => "the filter of kernel calls",
            Missing::OwnFiles => "holdpoint's own files",
            Missing::Scope => "the scope of writes",
            Missing::Truncation => "truncation outside of the scope",
        })
    }
}

impl fmt::Display for Enforcement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Enforcement::Full => out.write_str("full"),
            Enforcement::None(why) => write!(out, "none: {why}"),
            Enforcement::Partial(missing) => {
                out.write_str("partial, without ")?;
                for (place, part) in missing.iter().enumerate() {
                    write!(out, "{}{part}", if place == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

impl Enforcement {
    /// Does this wall stand?
    #[must_use]
    pub fn has(&self, wall: Wall) -> bool {
        match (self, wall) {
            (Enforcement::Full, _) => true,
            (Enforcement::None(_), _) => false,
            (Enforcement::Partial(missing), Wall::Writes) => {
                let parts = [Missing::OwnFiles, Missing::Scope, Missing::Truncation];
                !parts.iter().any(|part| missing.contains(part))
            }
            (Enforcement::Partial(missing), Wall::Credentials) => !missing.iter().any(|part| match part {
                Missing::Credentials | Missing::RepositorySecrets | Missing::HardLinks | Missing::Processes => true,
                Missing::Sockets
                | Missing::AbstractSockets
                | Missing::Signals
                | Missing::KernelCalls
                | Missing::OwnFiles
                | Missing::Scope
                | Missing::Truncation => false,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_around_credentials_stands_without_scoped_signals_but_not_without_masks_in_the_repository() {
        assert!(Enforcement::Full.has(Wall::Credentials));
        assert!(Enforcement::Partial(vec![Missing::Signals, Missing::AbstractSockets]).has(Wall::Credentials));
        assert!(!Enforcement::Partial(vec![Missing::RepositorySecrets]).has(Wall::Credentials));
        assert!(!Enforcement::None("no Landlock".into()).has(Wall::Credentials));
    }

    #[test]
    fn what_is_missing_is_named() {
        let partial = Enforcement::Partial(vec![Missing::RepositorySecrets, Missing::Sockets]);
        assert_eq!(partial.to_string(), "partial, without repository secrets, sockets");
    }
}
