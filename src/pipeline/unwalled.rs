//! A machine on which no wall can be built at all: that commands run with the judge alone is said, once in a boot.

use super::World;
use crate::decide::policy::Enforcement;
use std::fs;

/// Where it is written down that it was said, and when: a file of the state directory.
const SAID: &str = "unwalled";

/// Tells one boot of the machine from another (random(4)).
const BOOT: &str = "/proc/sys/kernel/random/boot_id";

impl World {
    /// The line for standard error, if nothing stood around the command and it was not said yet.
    pub(super) fn remark_unwalled(&self, enforcement: &Enforcement) -> Option<String> {
        let Enforcement::None(why) = enforcement else { return None };
        let boot = fs::read_to_string(BOOT).unwrap_or_default();
        let mark = self.place.state.join(SAID);
        if fs::read_to_string(&mark).is_ok_and(|said| said == boot) {
            return None;
        }
        let _ = fs::write(&mark, &boot);
        Some(format!(
            "holdpoint: no wall stands around commands on this machine ({why}); they run with the judge alone. A person can have them refused by `require: [credentials]` \
             in the policy. This is said once.\n"
        ))
    }
}
