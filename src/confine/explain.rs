//! The plan in words.

use super::plan::{Ground, Plan, Shape};
use crate::decide::policy::Network;
use crate::decide::shown::Shown;
use std::fmt;
use std::path::Path;

impl fmt::Display for Ground {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ground::Mounts => out.write_str("masks in a mount namespace"),
            Ground::UserNamespace { .. } => out.write_str("masks in a user and mount namespace"),
            Ground::Carved(why) => write!(out, "Landlock alone, for {why}"),
            Ground::Nothing(why) => write!(out, "nothing, for {why}"),
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "walls: {}", self.ground)?;
        for mask in &self.masks {
            let shape = match mask.shape {
                Shape::File => "file",
                Shape::Directory => "directory",
                Shape::Socket => "socket",
                Shape::Device => "device",
            };
            writeln!(out, "  refused {shape} {} ({})", shown(&mask.path), mask.credential)?;
        }
        for path in &self.scope {
            writeln!(out, "  writable {}", shown(path))?;
        }
        for path in self.reading.iter().flatten() {
            writeln!(out, "  readable {}", shown(path))?;
        }
        for path in &self.read_only {
            writeln!(out, "  read-only {}", shown(path))?;
        }
        match &self.landlock {
            None => writeln!(out, "  no Landlock")?,
            Some(landlock) if landlock.grants.is_empty() => writeln!(out, "  Landlock ABI {}", landlock.abi)?,
            Some(landlock) => writeln!(out, "  Landlock ABI {}, {} grants", landlock.abi, landlock.grants.len())?,
        }
        for path in &self.sealed {
            writeln!(out, "  not written {}", shown(path))?;
        }
        match &self.network {
            Network::Open => {}
            Network::Ports(ports) => writeln!(out, "  TCP connects to the ports {ports:?} only")?,
            Network::None => writeln!(out, "  no network but the command's own")?,
        }
        for opening in &self.filter.openings {
            writeln!(out, "  kernel calls left open: {opening:?}")?;
        }
        for part in &self.missing {
            writeln!(out, "  missing: {part}")?;
        }
        if self.cut_short {
            writeln!(out, "  the repository is large: not every directory was searched for secrets")?;
        }
        Ok(())
    }
}

fn shown(path: &Path) -> String {
    Shown(&path.to_string_lossy()).to_string()
}
