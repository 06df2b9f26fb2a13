//! The scripts of `package.json` and `composer.json`.

use super::{Asked, Recipe, Step, order, steps};
use serde_json::{Map, Value};

fn scripts(text: &str, asked: &Asked) -> Map<String, Value> {
    let parsed: Option<Value> = serde_json::from_str(text).ok();
    let Some(Value::Object(mut members)) = parsed else { return Map::new() };
    let member = asked.tables.first().map_or("scripts", String::as_str);
    let Some(Value::Object(scripts)) = members.remove(member) else { return Map::new() };
    scripts
}

/// npm and its kin: a script with those that stand before and behind it by name.
pub(super) fn read(text: &str, asked: &Asked) -> Vec<Step> {
    let scripts = scripts(text, asked);
    let mut found = Vec::new();
    let Some((name, rest)) = asked.names.split_first() else { return found };
    for (name, with) in [(format!("pre{name}"), false), (name.clone(), true), (format!("post{name}"), false)] {
        let Some(Value::String(script)) = scripts.get(&name) else { continue };
        let mut text = script.clone();
        for word in rest.iter().filter(|_| with) {
            text.push(' ');
            text.push_str(&shell_words::quote(word));
        }
        found.push(Step { name, text, foreign: false });
    }
    found
}

/// composer: a text, or several, some of which name other scripts.
pub(super) fn read_composer(text: &str, asked: &Asked) -> Vec<Step> {
    let scripts = scripts(text, asked);
    let mut recipes = Vec::new();
    for (name, script) in &scripts {
        let lines: Vec<&str> = match script {
            Value::String(text) => vec![text],
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
        };
        let mut recipe = Recipe { name: name.clone(), ..Recipe::default() };
        for line in lines {
            match line.strip_prefix('@') {
                Some(php) if php.starts_with("php ") => recipe.texts.push(php.to_owned()),
                Some(composer) if composer.starts_with("composer ") => recipe.texts.push(composer.to_owned()),
                Some(other) if other.starts_with("putenv ") => {}
                Some(other) => recipe.needs.push(other.split(' ').next().unwrap_or_default().to_owned()),
                // `Vendor\Class::method` is no command.
                None if line.contains("::") && !line.contains(' ') => {}
                None => recipe.texts.push(line.to_owned()),
            }
        }
        recipes.push(recipe);
    }
    let names: Vec<String> = asked.names.iter().take(1).cloned().collect();
    steps(order(&recipes, &names))
}
