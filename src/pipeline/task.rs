//! Which tasks are in force: those that the environment, the command line and the branch name, all together. What is chosen inside can
//! so only add to what was chosen outside, and each of them only narrows.

use crate::config::ConfigError;
use crate::config::load::Loaded;
use crate::decide::action::Setting;

/// The variable that names tasks, with commas between them.
pub(super) const VARIABLE: &str = "HOLDPOINT_TASK";

/// Lets the tasks narrow the policy, and gives their names.
///
/// Inside the walls the files of the user's policy cannot be read. A task of theirs stands there already.
pub(super) fn choose(
    loaded: &mut Loaded,
    setting: &Setting,
    asked: Option<&str>,
    inside: bool,
) -> Result<Vec<String>, ConfigError> {
    let given = setting.environment.get(VARIABLE).map(String::as_str).unwrap_or_default();
    let given = given.split(',').chain(asked).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    let mut names: Vec<String> = given.chain(loaded.policy.tasks_of_branch(setting.branch.as_deref())).collect();
    names.sort();
    names.dedup();
    for name in &names {
        if !loaded.policy.choose(name) && !inside {
            let known = match loaded.policy.known_tasks().as_slice() {
                [] => "There are none: write `tasks:` in a policy file.".to_owned(),
                known => format!("There are: {}.", known.join(", ")),
            };
            return Err(ConfigError::NoTask { name: name.clone(), known });
        }
    }
    Ok(names)
}
