//! Carrying the plan out, in the process that becomes the command.

use super::carve;
use super::draw::not_carved;
use super::error::ConfineError;
use super::landlock::Privileges;
use super::mask;
use super::plan::{Ground, Plan};
use super::scope;
use super::task::standing_of;
use crate::decide::action::store::STOCK;
use crate::decide::policy::{Enforcement, Missing, Network};
use crate::sys::capability::{self, Capabilities, SYS_ADMIN};
use crate::sys::namespace::{self, Beside};
use crate::sys::{descriptor, filter, mount};
use nix::errno::Errno;
use nix::sys::prctl;
use nix::unistd::{AccessFlags, access};
use std::io;
use std::path::Path;

/// What walks around walls: devices, kernel memory, other processes' memory, handles, mounts.
const AROUND_WALLS: Capabilities = Capabilities::of(&[
    capability::DAC_READ_SEARCH,
    capability::SYS_MODULE,
    capability::SYS_RAWIO,
    capability::SYS_PTRACE,
    SYS_ADMIN,
    capability::SYS_BOOT,
    capability::SYS_TIME,
    capability::MKNOD,
    capability::MAC_OVERRIDE,
    capability::MAC_ADMIN,
    capability::PERFMON,
    capability::BPF,
    capability::CHECKPOINT_RESTORE,
]);

/// With these root leads its connections elsewhere than a limited network lets it: it moves interfaces between namespaces, and sends what
/// no port is asked for.
const OF_THE_NETWORK: Capabilities = Capabilities::of(&[capability::NET_ADMIN, capability::NET_RAW]);

impl Plan {
    /// Builds the walls around this process and all that it will start, for good, and says how much of them stands.
    /// To be called in a process of one thread, between fork and exec.
    ///
    /// # Errors
    /// When a step fails that the machine was thought to allow. The command must not run then.
    pub fn enforce(&self) -> Result<Enforcement, ConfineError> {
        match &self.ground {
            Ground::Nothing(why) => Ok(Enforcement::None(why.clone())),
            Ground::Carved(_) => self.close(),
            Ground::Mounts | Ground::UserNamespace { .. } => match self.enter()? {
                Entered::Yes => {
                    mask::put_up(self)?;
                    self.go_back()?;
                    self.close()
                }
                Entered::Refused(errno) => self.fall_back(errno).enforce(),
            },
        }
    }

    /// Does this plan keep a path from being written, and how?
    #[must_use]
    pub fn closes(&self, path: &Path) -> Option<Closed> {
        let (above, real) = standing_of(path)?;
        if self.read_only.iter().chain(&self.sealed).chain(&self.watched).any(|kept| real.starts_with(kept)) {
            return Some(Closed::RunsLater);
        }
        let opened = STOCK.opened.iter().any(|place| real.starts_with(place.0));
        let inside = opened || self.scope.iter().any(|place| real.starts_with(place));
        // What the user may not write anyway is none of ours, nor what lies in no directory that there is.
        let is_ours = above.parent().is_some() && access(above, AccessFlags::W_OK).is_ok();
        (!inside && is_ours).then_some(Closed::Outside)
    }

    /// Takes away what was made for the command and stayed empty.
    pub fn clear(&self) {
        scope::clear(&self.made);
    }

    /// Enters the namespaces of the ground.
    fn enter(&self) -> Result<Entered, ConfineError> {
        let with = if self.network == Network::None { Beside::Network } else { Beside::Nothing };
        let result = match &self.ground {
            Ground::UserNamespace { .. } => namespace::enter_user_namespace(with),
            Ground::Mounts | Ground::Carved(_) | Ground::Nothing(_) => namespace::enter_mount_namespace(with),
        };
        if let Err(errno) = result {
            // Containers and hardened kernels refuse in each of these ways; nothing was changed yet.
            let refused = matches!(
                errno,
                Errno::EPERM | Errno::EACCES | Errno::ENOSPC | Errno::EUSERS | Errno::ENOSYS | Errno::EINVAL
            );
            let failed = ConfineError::step("entering a namespace");
            // Namespaces that are there and used up are no ground to go without: whoever leaves enough processes behind would take
            // the masks away.
            if errno == Errno::ENOSPC && !are_switched_off() {
                return Err(ConfineError::step("entering a namespace, of which there are no more")(errno.into()));
            }
            if refused && self.network == Network::None {
                let why = format!("namespaces are refused here ({errno})");
                return Err(ConfineError::Network { why });
            }
            return if refused { Ok(Entered::Refused(errno)) } else { Err(failed(errno.into())) };
        }
        match &self.ground {
            Ground::UserNamespace { user, group } => {
                namespace::map_to_itself(*user, *group).map_err(ConfineError::step("mapping the user"))?;
            }
            // In a new user namespace mounts are slaves already (mount_namespaces(7)).
            Ground::Mounts | Ground::Carved(_) | Ground::Nothing(_) => {
                mount::stop_propagation()
                    .map_err(io::Error::from)
                    .map_err(ConfineError::step("stopping mount propagation"))?;
            }
        }
        if self.network == Network::None {
            // Only for this process and its children: a server of a test is reached, nothing else is.
            namespace::raise_loopback()
                .map_err(io::Error::from)
                .map_err(ConfineError::step("bringing up the loopback interface"))?;
        }
        Ok(Entered::Yes)
    }

    /// The plan for when namespaces are refused all the same: Landlock alone, or nothing.
    fn fall_back(&self, errno: Errno) -> Plan {
        let why = format!("namespaces are refused here ({errno})");
        let mut plan = self.clone();
        plan.ssh_settings = false;
        if plan.landlock.is_none() {
            plan.ground = Ground::Nothing(format!("{why}, and the kernel has no Landlock"));
            return plan;
        }
        plan.ground = Ground::Carved(why);
        let all = plan.masks.iter().map(|mask| (mask.path.as_path(), mask.shape));
        let missing = not_carved(all, !plan.read_only.is_empty());
        plan.missing.extend(missing);
        carve::carve(&mut plan);
        plan
    }

    /// The working directory, and every directory that was handed down open, was opened before the masks and
    /// leads past them. By their names they are seen behind the masks; what cannot be opened there is closed.
    fn go_back(&self) -> Result<(), ConfineError> {
        for (number, path) in descriptor::directories().map_err(ConfineError::step("listing open directories"))? {
            if descriptor::reopen(number, &path).is_err() {
                descriptor::close(number);
            }
        }
        nix::unistd::chdir(&self.directory)
            .map_err(io::Error::from)
            .map_err(ConfineError::step(format!("going back to {}", self.directory.display())))
    }

    /// Landlock and capabilities, from which there is no way back; then the proof.
    fn close(&self) -> Result<Enforcement, ConfineError> {
        let is_root = nix::unistd::geteuid().is_root();
        // root keeps what exec gives to set-user-ID programs: it has more without them. Landlock asks
        // for one of the two (landlock_restrict_self(2)).
        let privileges =
            if is_root && capability::effective().has(SYS_ADMIN) { Privileges::Kept } else { Privileges::Closed };
        match &self.landlock {
            Some(landlock) => landlock.restrict(privileges).map_err(ConfineError::step("restricting by Landlock"))?,
            None if privileges == Privileges::Closed => {
                prctl::set_no_new_privs().map_err(io::Error::from).map_err(ConfineError::step("closing privileges"))?;
            }
            None => {}
        }
        let filtered = self.filter_calls()?;
        if is_root {
            let network = if self.network == Network::Open { Capabilities::default() } else { OF_THE_NETWORK };
            capability::give_up(AROUND_WALLS.with(network))
                .map_err(io::Error::from)
                .map_err(ConfineError::step("giving up capabilities"))?;
        }
        mask::prove(self)?;
        let unfiltered = (!filtered).then_some(Missing::KernelCalls);
        let missing: Vec<Missing> = self.missing.iter().copied().chain(unfiltered).collect();
        Ok(if missing.is_empty() { Enforcement::Full } else { Enforcement::Partial(sorted(&missing)) })
    }

    /// Puts the filter in front of the kernel's calls. root installs it while it still has the capability for it. Says
    /// whether there is one: some kernels and containers have none.
    fn filter_calls(&self) -> Result<bool, ConfineError> {
        let Some(program) = self.filter.program() else { return Ok(false) };
        match filter::install(&program) {
            Ok(()) => Ok(true),
            Err(Errno::ENOSYS | Errno::EINVAL) => Ok(false),
            Err(errno) => Err(ConfineError::step("filtering kernel calls")(errno.into())),
        }
    }
}

/// How a path is kept from being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// It lies outside of the scope.
    Outside,
    /// It lies within, and would run later.
    RunsLater,
}

/// Is a limit of namespaces 0 (user_namespaces(7), `/proc/sys/user`)?
fn are_switched_off() -> bool {
    let limits = ["user", "mnt", "net"].map(|kind| format!("/proc/sys/user/max_{kind}_namespaces"));
    limits.iter().any(|limit| std::fs::read_to_string(limit).is_ok_and(|text| text.trim() == "0"))
}

enum Entered {
    Yes,
    Refused(Errno),
}

fn sorted(missing: &[Missing]) -> Vec<Missing> {
    let mut sorted = missing.to_vec();
    sorted.sort();
    sorted.dedup();
    sorted
}
