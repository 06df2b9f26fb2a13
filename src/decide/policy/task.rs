//! Pieces of work, by name, and how little each of them needs. A task only narrows: whoever chooses one gives something up.

use super::form;
use super::statement::{Document, Layer, Network, Origin, Policy};
use crate::decide::action::glob::matches;
use serde::{Deserialize, Serialize};

/// What one piece of work needs. A key that is left out narrows nothing, an empty list leaves nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Task {
    /// All that is written beside temporary directories, as far as it lies within the scope: paths of the repository, `~/…` or `/…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write: Option<Vec<String>>,
    /// All that is read of the repository and of homes, beside what is written, git's own files, and the stores of tools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<Vec<String>>,
    /// How far the network reaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<Network>,
    /// The programs that a command is made of; others are denied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programs: Option<Vec<String>>,
    /// The credentials that it may have, of those that it might have otherwise: ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Vec<String>>,
    /// On these branches it is chosen by itself: globs.
    #[serde(deserialize_with = "form::one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub branch: Vec<String>,
}

impl Policy {
    /// The tasks that were chosen, with their names.
    pub fn tasks(&self) -> impl Iterator<Item = (&str, &Task)> {
        self.layers.iter().filter_map(|layer| Some((layer.path.as_str(), layer.document.chosen.as_ref()?)))
    }

    /// The names of all tasks that layers define.
    #[must_use]
    pub fn known_tasks(&self) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.layers.iter().flat_map(|layer| layer.document.tasks.keys().map(String::as_str)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The tasks that the branch chooses.
    #[must_use]
    pub fn tasks_of_branch(&self, branch: Option<&str>) -> Vec<String> {
        let tasks = self.layers.iter().flat_map(|layer| &layer.document.tasks);
        let own = |task: &Task| branch.is_some_and(|branch| task.branch.iter().any(|glob| matches(glob, branch)));
        tasks.filter(|(_, task)| own(task)).map(|(name, _)| name.clone()).collect()
    }

    /// Lets a task narrow everything. Layers that define one of the same name narrow together, so that none makes
    /// another's wider. `false`: no layer has it.
    pub fn choose(&mut self, name: &str) -> bool {
        let defined: Vec<Task> =
            self.layers.iter().filter_map(|layer| layer.document.tasks.get(name).cloned()).collect();
        let chosen = defined.iter().map(|task| Layer {
            origin: Origin::Task,
            trusted: false,
            path: name.to_owned(),
            document: Document { network: task.network.clone(), chosen: Some(task.clone()), ..Document::default() },
        });
        let chosen: Vec<Layer> = chosen.filter(|layer| !self.layers.contains(layer)).collect();
        self.layers.extend(chosen);
        !defined.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::action::{Reading, Setting};
    use crate::decide::policy::{Decision, judge};

    fn policy() -> Policy {
        let task = |programs: &[&str], network| Task {
            programs: Some(programs.iter().map(|name| (*name).to_owned()).collect()),
            network: Some(network),
            branch: vec!["fix/*".into()],
            ..Task::default()
        };
        let layer = |trusted, task| Layer {
            origin: Origin::Repository,
            trusted,
            path: String::new(),
            document: Document { tasks: [("fix".to_owned(), task)].into(), ..Document::default() },
        };
        Policy {
            layers: vec![
                layer(true, task(&["git", "make"], Network::None)),
                layer(false, task(&["git", "rm"], Network::Open)),
            ],
        }
    }

    fn decide(policy: &Policy, programs: &[&str], seen_whole: bool) -> Decision {
        let programs = programs.iter().map(|name| (*name).to_owned()).collect();
        let reading = Reading { programs, seen_whole, ..Reading::default() };
        judge(&reading, policy, &Setting::default()).decision
    }

    #[test]
    fn a_task_denies_other_programs_and_holds_what_was_not_seen() {
        let mut policy = policy();
        assert_eq!(decide(&policy, &["curl"], true), Decision::Allow);
        assert!(policy.choose("fix"));
        assert_eq!(decide(&policy, &["git", "echo"], true), Decision::Allow);
        assert_eq!(decide(&policy, &["git"], false), Decision::Hold);
        // What one layer's task allows and the other's does not is denied: none makes another's wider.
        for program in ["curl", "make", "rm"] {
            assert_eq!(decide(&policy, &["git", program], true), Decision::Deny, "{program}");
        }
    }

    #[test]
    fn a_task_narrows_the_network_and_widens_nothing() {
        let mut policy = policy();
        assert_eq!(policy.network(), Network::Open);
        policy.choose("fix");
        assert_eq!(policy.network(), Network::None);
    }

    #[test]
    fn a_task_is_chosen_by_name_or_branch() {
        let mut policy = policy();
        assert!(!policy.choose("fox"));
        assert_eq!(policy.known_tasks(), ["fix"]);
        assert_eq!(policy.tasks_of_branch(Some("fix/a")), ["fix", "fix"]);
        assert!(policy.tasks_of_branch(Some("main")).is_empty() && policy.tasks_of_branch(None).is_empty());
    }
}
