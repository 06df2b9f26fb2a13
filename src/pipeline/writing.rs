//! What is said on standard error when a command failed and walls may have kept it from writing. The kernel tells nobody what it
//! refused, so it is found out from what was judged: one line, and only where something points at it.

use super::Judgement;
use crate::confine::{Closed, Plan};
use crate::decide::action::control::installer_among;
use crate::decide::action::store::{STOCK, is_made_of, openings_of, takes_part};
use crate::decide::policy::Policy;
use crate::decide::shown::Shown;
use std::path::Path;

/// The line for a command that failed, if there is anything to say.
pub(super) fn remark(judgement: &Judgement, plan: &Plan, policy: &Policy) -> Option<String> {
    let reading = &judgement.reading;
    if let Some(line) = alone(judgement) {
        return Some(line);
    }
    let closed = reading.writes.iter().find_map(|path| Some((path, plan.closes(Path::new(path))?)));
    let (path, closed) = closed?;
    let name = Shown(path);
    let task = policy.tasks().find(|(_, task)| task.write.is_some()).map(|(task, _)| task);
    Some(match (closed, task) {
        (Closed::Outside, Some(task)) => format!(
            "holdpoint: {name} lies outside of what the task {} lets commands write; a person can add it to the task's `write` in the policy.\n",
            Shown(task)
        ),
        (Closed::Outside, None) => format!(
            "holdpoint: {name} lies outside of where this command writes ({}); a person can add it by `scope: {{ write: [{}] }}` in the policy.\n",
            places(plan),
            Shown(&to_allow(path)),
        ),
        (Closed::RunsLater, _) => format!(
            "holdpoint: {name} runs later, outside of the walls, so commands do not write it; a person can change it, or let commands by `scope: {{ write: [{name}] }}` in the policy.\n"
        ),
    })
}

/// Programs that write more when the command is made of them alone.
fn alone(judgement: &Judgement) -> Option<String> {
    let reading = &judgement.reading;
    let programs = &reading.programs;
    let told = |program: &str, what: &str| {
        Some(format!("holdpoint: {program} writes {what} only in a command of its own; run it by itself.\n"))
    };
    let given = openings_of(reading);
    if let Some((pass, Some(alone))) = reading.openings.iter().find(|(pass, _)| !given.contains(pass)) {
        let place = pass.split_once(':').map_or(pass.as_str(), |(_, place)| place);
        return told(alone.first()?, place);
    }
    if takes_part(&STOCK.system, programs) && !is_made_of(&STOCK.system, programs) {
        let program = programs.iter().find(|program| takes_part(&STOCK.system, std::slice::from_ref(program)))?;
        return told(program, "the system");
    }
    let (program, place) = installer_among(programs)?;
    let is_alone = programs.iter().all(|name| installer_among(std::slice::from_ref(name)).is_some());
    if is_alone { None } else { told(program, place) }
}

/// The kinds of places that this command writes, in few words.
fn places(plan: &Plan) -> &'static str {
    let has_caches = plan.scope.iter().any(|place| place.ends_with(".cache"));
    if has_caches {
        "the repository, temporary directories, caches and stores of tools"
    } else {
        "the repository and temporary directories"
    }
}

/// What policy would name: the directory of a file, for programs replace files; but never home itself.
fn to_allow(path: &str) -> String {
    let below_home = |above: &Path| above.parent().is_some_and(|home| home.join(".local/state/holdpoint").exists());
    let parent = Path::new(path).parent().filter(|parent| parent.is_dir() && below_home(parent));
    parent.map_or_else(|| path.to_owned(), |parent| parent.to_string_lossy().into_owned())
}
