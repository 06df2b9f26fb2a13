//! Landlock, by the crate of the same name.
//!
//! On top of masks it handles changes alone, so that reading costs little more. Its domain counts as much: inside, mounts
//! cannot be changed and processes outside not be inspected.

use super::plan::{Grant, Landlock, Rights};
use landlock::{
    ABI, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, NetPort, PathBeneath, PathFd, PathFdError, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, Scope,
};
use std::io;
use std::path::Path;

/// May the process gain privileges by exec?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Privileges {
    /// As before: for root, who needs no set-user-ID program.
    Kept,
    /// No more: sudo and its like fail (PR_SET_NO_NEW_PRIVS).
    Closed,
}

impl Landlock {
    /// Puts this thread, and all that it will start, into a domain.
    pub(super) fn restrict(&self, privileges: Privileges) -> io::Result<()> {
        let abi = ABI::from(i32::from(self.abi));
        let rules = self.ruleset(abi).map_err(io::Error::other)?;
        let closed = privileges == Privileges::Closed;
        rules.no_new_privs(closed).restrict_self().map(drop).map_err(io::Error::other)
    }

    fn ruleset(&self, abi: ABI) -> Result<RulesetCreated, RulesetError> {
        let carved = !self.grants.is_empty();
        let handled = if carved { reads(abi) | changes(abi) } else { changes(abi) };
        let mut rules = Ruleset::default().set_compatibility(CompatLevel::HardRequirement).handle_access(handled)?;
        if self.scoped && self.abi >= 6 {
            rules = rules.scope(Scope::AbstractUnixSocket | Scope::Signal)?;
        }
        if self.ports.is_some() {
            rules = rules.handle_access(AccessNet::ConnectTcp)?;
        }
        let mut rules = rules.create()?;
        for port in self.ports.iter().flatten() {
            rules = rules.add_rule(NetPort::new(*port, AccessNet::ConnectTcp))?;
        }
        for grant in self.grants.iter().chain(&self.writes) {
            rules = add(rules, &grant.path, grant.rights_on(abi))?;
        }
        Ok(rules)
    }
}

fn reads(abi: ABI) -> BitFlags<AccessFs> {
    AccessFs::from_read(abi)
}

/// Every change. What a device is told by ioctl(2) is none.
fn changes(abi: ABI) -> BitFlags<AccessFs> {
    AccessFs::from_write(abi) & !BitFlags::from(AccessFs::IoctlDev)
}

impl Grant {
    fn rights_on(&self, abi: ABI) -> BitFlags<AccessFs> {
        // Block devices give what lies on them: nobody makes one here, so this one right is granted nowhere.
        let changing = changes(abi) & !BitFlags::from(AccessFs::MakeBlock);
        let all = match self.rights {
            Rights::Reading => reads(abi),
            Rights::Listing => AccessFs::ReadDir.into(),
            Rights::Changing => changing,
            Rights::Opening => changing & (AccessFs::WriteFile | AccessFs::Truncate),
        };
        if self.path.is_dir() { all } else { all & AccessFs::from_file(abi) }
    }
}

/// Adds a rule. What is not there any more needs none.
fn add(rules: RulesetCreated, path: &Path, rights: BitFlags<AccessFs>) -> Result<RulesetCreated, RulesetError> {
    match PathFd::new(path) {
        Ok(open) if !rights.is_empty() => rules.add_rule(PathBeneath::new(open, rights)),
        Ok(_) | Err(PathFdError::OpenCall { .. }) => Ok(rules),
        // An unknown fault opens nothing: the path stays without a grant.
        Err(_) => Ok(rules),
    }
}
