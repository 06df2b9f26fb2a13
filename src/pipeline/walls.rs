//! The walls that a command would get, told and tried without running anything.

use super::{Judgement, World};
use crate::confine::{self, Ground, Plan, Proof};
use crate::decide::policy::{Missing, Network};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Walls around one command, as far as a person may want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walls {
    /// On what they stand.
    pub ground: String,
    /// Where it writes.
    pub writes: Vec<PathBuf>,
    /// What within these places it does not write.
    pub kept: Vec<PathBuf>,
    /// What it does not read, by the credential's id.
    pub refused: BTreeMap<String, Vec<PathBuf>>,
    /// The places that it reads, if a task says so.
    pub reads: Option<Vec<PathBuf>>,
    /// Credentials that it has, by id or path.
    pub passed: Vec<String>,
    /// How far its network reaches.
    pub network: Network,
    /// What does not stand.
    pub missing: Vec<Missing>,
}

impl World {
    /// The walls that a judged command would get without a person's yes.
    ///
    /// # Errors
    /// Why they could not be drawn: then the command would not run either.
    pub fn walls(&self, judgement: &Judgement) -> Result<Walls, String> {
        let (plan, passes) = self.draw(judgement)?;
        plan.clear();
        Ok(told(plan, passes))
    }

    /// Tries the walls of a command that is made of nothing, from inside.
    ///
    /// # Errors
    /// When they cannot be drawn, or nothing can be tried.
    pub fn prove(&self) -> Result<Proof, String> {
        let (plan, _) = self.draw(&self.judge(b"", &[]))?;
        let proof = confine::prove(&plan, &self.place.homes);
        plan.clear();
        proof.map_err(|error| format!("nothing could be tried: {error}"))
    }

    fn draw(&self, judgement: &Judgement) -> Result<(Plan, Vec<String>), String> {
        if self.inside {
            return Err("this process stands inside walls already".to_owned());
        }
        let passes = self.passes(judgement, false, &self.escort(judgement));
        let plan = self.plan(&judgement.reading, &passes, &mut self.recall()).map_err(|refusal| refusal.because)?;
        Ok((plan, passes))
    }
}

fn told(plan: Plan, passes: Vec<String>) -> Walls {
    let mut refused: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for mask in plan.masks {
        refused.entry(mask.credential).or_default().push(mask.path);
    }
    let ground = match &plan.ground {
        Ground::Mounts => "masks in a mount namespace".to_owned(),
        Ground::UserNamespace { .. } => "masks in a user namespace".to_owned(),
        Ground::Carved(why) => format!("no masks: {why}"),
        Ground::Nothing(why) => format!("nothing: {why}"),
    };
    let ground = match &plan.landlock {
        Some(landlock) => format!("{ground}; Landlock, ABI {}", landlock.abi),
        None => ground,
    };
    // What is passed for writing shows among the places.
    let mut passed: Vec<String> = passes.into_iter().filter(|pass| !pass.starts_with("write")).collect();
    passed.sort();
    passed.dedup();
    let inside = |path: &PathBuf| plan.scope.iter().any(|place| path.starts_with(place));
    let kept = plan.read_only.into_iter().chain(plan.sealed).filter(inside).collect();
    let (writes, reads, network, missing) = (plan.scope.clone(), plan.reading, plan.network, plan.missing);
    Walls { ground, writes, kept, refused, reads, passed, network, missing }
}
