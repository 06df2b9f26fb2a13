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
        match self {
            Enforcement::Full => true,
            Enforcement::None(_) => false,
            Enforcement::Partial(missing) => !missing.iter().any(|part| part.breaches().contains(&wall)),
        }
    }
}

impl Missing {
    /// The walls that have a way past them without this part. A limit of the network itself that cannot stand is refused
    /// beforehand, required or not.
    fn breaches(self) -> &'static [Wall] {
        match self {
            Missing::Credentials | Missing::RepositorySecrets | Missing::HardLinks => &[Wall::Credentials],
            Missing::OwnFiles | Missing::Scope | Missing::Truncation => &[Wall::Writes],
            Missing::Sockets | Missing::AbstractSockets => &[Wall::Network],
            // Who can trace a process outside, or type into its terminal, does there what he likes.
            Missing::Processes | Missing::KernelCalls => &[Wall::Credentials, Wall::Writes, Wall::Network],
            Missing::Signals => &[],
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
    fn each_missing_part_is_missing_from_the_wall_that_it_belongs_to() {
        let walls = |part| -> Vec<&str> {
            let partial = Enforcement::Partial(vec![part]);
            let all = [Wall::Credentials, Wall::Writes, Wall::Network];
            all.into_iter().filter(|wall| !partial.has(*wall)).map(Wall::label).collect()
        };
        for part in [Missing::Credentials, Missing::RepositorySecrets, Missing::HardLinks] {
            assert_eq!(walls(part), ["credentials"], "{part}");
        }
        for part in [Missing::OwnFiles, Missing::Scope, Missing::Truncation] {
            assert_eq!(walls(part), ["writes"], "{part}");
        }
        for part in [Missing::Sockets, Missing::AbstractSockets] {
            assert_eq!(walls(part), ["network"], "{part}");
        }
        for part in [Missing::Processes, Missing::KernelCalls] {
            assert_eq!(walls(part), ["credentials", "writes", "network"], "{part}");
        }
        let none = Enforcement::None("no Landlock".into());
        assert!(![Wall::Credentials, Wall::Writes, Wall::Network].into_iter().any(|wall| none.has(wall)));
    }

    #[test]
    fn what_is_missing_is_named() {
        let partial = Enforcement::Partial(vec![Missing::RepositorySecrets, Missing::Sockets]);
        assert_eq!(partial.to_string(), "partial, without repository secrets, sockets");
    }
}
