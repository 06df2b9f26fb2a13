//! Taskfiles (taskfile.dev): tasks with commands, dependencies and calls of one another.

use super::{Asked, Recipe, Step, fill, order, steps};
use serde_yaml::Value;
use std::collections::BTreeMap;

pub(super) fn read(text: &str, asked: &Asked) -> Vec<Step> {
    let Ok(file) = serde_yaml::from_str::<Value>(text) else { return Vec::new() };
    let mut variables = variables_of(file.get("vars"));
    variables.extend(asked.variables.iter().cloned());
    let Some(tasks) = file.get("tasks").and_then(Value::as_mapping) else { return Vec::new() };
    let mut recipes = Vec::new();
    for (name, task) in tasks {
        let Some(name) = name.as_str() else { continue };
        let mut known = variables.clone();
        known.extend(variables_of(task.get("vars")));
        let mut recipe = Recipe { name: name.to_owned(), ..Recipe::default() };
        for need in list(task.get("deps")) {
            let named = need.as_str().or_else(|| need.get("task").and_then(Value::as_str));
            recipe.needs.extend(named.map(str::to_owned));
        }
        let commands =
            if task.is_string() || task.is_sequence() { Some(task) } else { task.get("cmds").or(task.get("cmd")) };
        for command in list(commands) {
            if let Some(text) = command.as_str().or_else(|| command.get("cmd").and_then(Value::as_str)) {
                recipe.texts.push(filled(text, &known));
            }
            let other = command.get("task").or_else(|| command.get("defer")?.get("task")).and_then(Value::as_str);
            recipe.needs.extend(other.map(str::to_owned));
            let deferred = command.get("defer").and_then(Value::as_str);
            recipe.texts.extend(deferred.map(|text| filled(text, &known)));
        }
        recipes.push(recipe);
    }
    let default = || vec!["default".to_owned()];
    let names = if asked.names.is_empty() { default() } else { asked.names.clone() };
    steps(order(&recipes, &names))
}

/// Is it small and flat enough for the YAML reader, whose time grows faster than the text?
pub(super) fn is_shallow(text: &str) -> bool {
    const LONGEST: usize = 64 * 1024;
    const BRACKETS: usize = 2000;
    text.len() <= LONGEST && text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() <= BRACKETS
}

/// The items of a list, or the one thing that stands in its place.
fn list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None => Vec::new(),
        Some(value) => value.as_sequence().map_or_else(|| vec![value], |items| items.iter().collect()),
    }
}

fn variables_of(value: Option<&Value>) -> BTreeMap<String, String> {
    let Some(mapping) = value.and_then(Value::as_mapping) else { return BTreeMap::new() };
    let one = |(name, value): (&Value, &Value)| Some((name.as_str()?.to_owned(), value.as_str()?.to_owned()));
    mapping.iter().filter_map(one).collect()
}

/// `{{.NAME}}`
fn filled(text: &str, variables: &BTreeMap<String, String>) -> String {
    fill(text, |name| variables.get(name.trim_start_matches('.')))
}
