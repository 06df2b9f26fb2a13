//! Tasks in tables: `pyproject.toml`, `mise.toml`, `pixi.toml`, `tox.ini`.
//!
//! Lines are enough: sections, `name = value`, and values that go on. It is no reader of TOML.

use super::{Asked, Recipe, Step, order, steps};

/// Reads the tables that are asked for. `tool.poe.tasks` has a task on each line; `tasks.*` is a task by itself.
pub(super) fn read(text: &str, asked: &Asked) -> Vec<Step> {
    let mut recipes: Vec<Recipe> = Vec::new();
    let mut section = Section::Other;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            section = section_of(name.trim_matches(['[', ' ']), asked);
            continue;
        }
        let Some((key, value)) = trimmed.split_once('=') else { continue };
        let key = key.trim().trim_matches(['"', '\'']);
        let mut value = value.trim().to_owned();
        let opener = ["\"\"\"", "'''", "["].into_iter().find(|open| value.starts_with(open));
        let closer = opener.map(|open| if open == "[" { "]" } else { open });
        let is_open = |value: &str| match (opener, closer) {
            (Some(open), Some(close)) => !value.get(open.len()..).unwrap_or_default().contains(close),
            // An INI value goes on in indented lines.
            (None, _) | (_, None) => false,
        };
        while is_open(&value) || lines.peek().is_some_and(|next| next.starts_with([' ', '\t']) && closer.is_none()) {
            let Some(next) = lines.next() else { break };
            value.push('\n');
            value.push_str(next.trim());
        }
        match &section {
            Section::Tasks => recipes.push(recipe(key, &value, asked)),
            Section::Task(name) if asked.keys.iter().any(|wanted| wanted == key) => {
                recipes.push(Recipe { name: name.clone(), texts: texts_of(&value), ..Recipe::default() });
            }
            Section::Task(name) if matches!(key, "depends" | "depends_on" | "deps" | "dependencies") => {
                recipes.push(Recipe { name: name.clone(), needs: strings(&value), ..Recipe::default() });
            }
            Section::Task(_) | Section::Other => {}
        }
    }
    let names: Vec<String> = match asked.names.first() {
        Some(first) => first.split(',').map(str::to_owned).collect(),
        None => recipes.iter().map(|recipe| recipe.name.clone()).collect(),
    };
    steps(order(&recipes, &names))
}

enum Section {
    /// Each line is a task.
    Tasks,
    /// The table is one task.
    Task(String),
    Other,
}

fn section_of(name: &str, asked: &Asked) -> Section {
    for table in &asked.tables {
        match table.split_once('*') {
            None if name == table => return Section::Tasks,
            None => {
                // `[tool.poe.tasks.clean]`
                if let Some(own) = name.strip_prefix(table.as_str()).and_then(|rest| rest.strip_prefix('.')) {
                    return Section::Task(own.trim_matches(['"', '\'']).to_owned());
                }
            }
            Some((before, behind)) => {
                let own = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
                if let Some(own) = own.filter(|own| !own.contains('.') || before.ends_with(':')) {
                    // `[tool.hatch.envs.*.scripts]` names the tasks on its lines.
                    return if behind.is_empty() {
                        Section::Task(own.trim_matches(['"', '\'']).to_owned())
                    } else {
                        Section::Tasks
                    };
                }
            }
        }
    }
    Section::Other
}

/// `name = "text"`, `name = ["other", "text"]`, `name = { cmd = "text", deps = [] }`
fn recipe(name: &str, value: &str, asked: &Asked) -> Recipe {
    let mut recipe = Recipe { name: name.to_owned(), ..Recipe::default() };
    if let Some(inner) = value.strip_prefix('{') {
        for key in &asked.keys {
            let at = inner.match_indices(key.as_str()).find(|(at, _)| {
                let before = inner.get(..*at).unwrap_or_default().trim_end();
                let behind = inner.get(at + key.len()..).unwrap_or_default().trim_start();
                (before.is_empty() || before.ends_with(',')) && behind.starts_with('=')
            });
            if let Some((at, _)) = at {
                let behind =
                    inner.get(at + key.len()..).unwrap_or_default().trim_start().trim_start_matches('=').trim_start();
                let one = if behind.starts_with('[') {
                    texts_of(behind)
                } else {
                    strings(behind).into_iter().take(1).collect()
                };
                recipe.texts.extend(one);
            }
        }
        return recipe;
    }
    recipe.texts = texts_of(value);
    if value.starts_with('[') {
        // A list names other tasks, or is a list of texts.
        recipe.needs = recipe.texts.clone();
    }
    recipe
}

/// The texts of a value: each string of a list, each line of a text, or the value itself.
fn texts_of(value: &str) -> Vec<String> {
    let value = value.trim();
    if value.starts_with('[') {
        return strings(value);
    }
    for quote in ["\"\"\"", "'''", "\"", "'"] {
        if let Some(inner) = value.strip_prefix(quote) {
            let end = inner.rfind(quote).unwrap_or(inner.len());
            return vec![unescaped(inner.get(..end).unwrap_or_default(), quote)];
        }
    }
    vec![value.to_owned()]
}

/// All quoted texts of a value.
fn strings(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some(start) = rest.find(['"', '\'']) {
        let (_, quoted) = rest.split_at_checked(start).unwrap_or_default();
        let quote = if quoted.starts_with('"') { '"' } else { '\'' };
        let inner = quoted.get(1..).unwrap_or_default();
        let mut escaped = false;
        let end = inner.find(|c: char| {
            let ends = c == quote && !escaped;
            escaped = c == '\\' && !escaped && quote == '"';
            ends
        });
        let end = end.unwrap_or(inner.len());
        found.push(unescaped(inner.get(..end).unwrap_or_default(), if quote == '"' { "\"" } else { "'" }));
        rest = inner.get(end + 1..).unwrap_or_default();
    }
    found
}

fn unescaped(text: &str, quote: &str) -> String {
    if quote.starts_with('"') {
        text.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\")
    } else {
        text.to_owned()
    }
}
