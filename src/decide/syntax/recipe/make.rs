//! Makefiles (GNU make manual): rules, variables, what `$(shell …)` runs.

use super::super::GAP;
use super::{Asked, Recipe, STEPS, Step, order, steps};
use std::collections::BTreeMap;

/// How deep variables may name variables, and how long an expansion may grow.
const DEEPEST: u32 = 16;
const LONGEST: usize = 64 * 1024;
/// How many variables are expanded in one file.
const EXPANSIONS: u32 = 20_000;

pub(super) fn read(text: &str, asked: &Asked) -> Vec<Step> {
    let mut file = File::default();
    for (name, value) in &asked.variables {
        file.variables.insert(name.clone(), value.clone());
        file.fixed.push(name.clone());
    }
    file.read(text);
    let default = file.variables.get(".DEFAULT_GOAL").cloned().or_else(|| {
        let plain = |recipe: &&Recipe| !recipe.name.starts_with('.') && !recipe.name.contains('%');
        file.recipes.iter().find(plain).map(|recipe| recipe.name.clone())
    });
    let goals: Vec<String> = if asked.names.is_empty() { default.into_iter().collect() } else { asked.names.clone() };
    let ordered = order(&file.recipes, &goals);
    let mut expanded: Vec<Recipe> = Vec::new();
    let mut left = STEPS;
    for recipe in ordered {
        let mut texts = Vec::new();
        for text in recipe.texts.iter().take(left) {
            texts.push(file.recipe_text(text, recipe));
        }
        left = left.saturating_sub(texts.len());
        expanded.push(Recipe { name: recipe.name.clone(), needs: Vec::new(), texts, foreign: false });
    }
    // What `$(shell …)` runs is run whatever the goal is.
    let mut all: Vec<Step> = file
        .shells
        .borrow()
        .iter()
        .map(|text| Step { name: "$(shell)".to_owned(), text: text.clone(), foreign: false })
        .collect();
    all.extend(steps(&expanded));
    all
}

#[derive(Default)]
struct File {
    variables: BTreeMap<String, String>,
    /// Variables that the command line sets: the file does not change them.
    fixed: Vec<String>,
    recipes: Vec<Recipe>,
    shells: std::cell::RefCell<Vec<String>>,
    /// How many variables were expanded: `a = $(b)$(b)` doubles with every line.
    spent: std::cell::Cell<u32>,
}

impl File {
    fn read(&mut self, text: &str) {
        let mut current: Vec<usize> = Vec::new();
        let mut defined: Option<(String, String)> = None;
        for line in logical_lines(text) {
            if let Some((name, body)) = &mut defined {
                if line.trim() == "endef" {
                    self.variables.insert(name.clone(), std::mem::take(body));
                    defined = None;
                } else {
                    body.push_str(&line);
                    body.push('\n');
                }
                continue;
            }
            if let Some(command) = line.strip_prefix('\t') {
                for at in &current {
                    if let Some(recipe) = self.recipes.get_mut(*at) {
                        recipe.texts.push(command.to_owned());
                    }
                }
                continue;
            }
            let line = without_comment(&line);
            let trimmed = line.trim();
            if let Some(name) = trimmed.strip_prefix("define ") {
                defined = Some((name.trim_end_matches(['=', ':', ' ']).trim().to_owned(), String::new()));
            } else if !trimmed.is_empty() && !self.assignment(trimmed) {
                current = self.rule(trimmed).unwrap_or(current);
            }
        }
    }

    /// `NAME = value`, `:=`, `?=`, `+=`, `!=`
    fn assignment(&mut self, line: &str) -> bool {
        let line = ["export ", "override ", "private "].iter().fold(line, |line, word| line.trim_start_matches(word));
        let Some(at) = line.find('=') else { return false };
        let (name, value) = (line.get(..at).unwrap_or_default(), line.get(at + 1..).unwrap_or_default().trim());
        let operator = name.trim_end_matches([':', '?', '+', '!']);
        let kind = name.get(operator.len()..).unwrap_or_default();
        let name = operator.trim();
        if name.is_empty() || name.contains([' ', '\t', ':', '#']) {
            return false;
        }
        if self.fixed.iter().any(|fixed| fixed == name) {
            return true;
        }
        let before = self.variables.get(name);
        let value = match kind {
            "+" => before.map_or_else(|| value.to_owned(), |before| format!("{before} {value}")),
            "?" => before.cloned().unwrap_or_else(|| value.to_owned()),
            "!" => {
                self.shells.borrow_mut().push(value.to_owned());
                GAP.to_string()
            }
            ":" | "::" => self.expand(value, &|_| None, 0),
            _ => value.to_owned(),
        };
        if value.len() <= LONGEST {
            self.variables.insert(name.to_owned(), value);
        }
        true
    }

    /// `a b: c d ; command`. The places of the recipes that follow.
    fn rule(&mut self, line: &str) -> Option<Vec<usize>> {
        const OTHER: [&str; 8] = ["ifeq", "ifneq", "ifdef", "ifndef", "else", "endif", "include", "-include"];
        if OTHER.iter().any(|word| line.starts_with(word)) {
            return None;
        }
        let line = self.expand(line, &|_| None, 0);
        let (targets, rest) = line.split_once(':')?;
        let rest = rest.trim_start_matches([':', '&']);
        let (needs, command) = match rest.split_once(';') {
            Some((needs, command)) => (needs, Some(command.trim().to_owned())),
            None => (rest, None),
        };
        // `target: NAME = value` sets a variable there.
        if needs.contains('=') {
            return None;
        }
        let needs: Vec<String> = needs.split_whitespace().filter(|need| *need != "|").map(str::to_owned).collect();
        let mut places = Vec::new();
        for target in targets.split_whitespace().filter(|name| !name.starts_with(".PHONY")).take(64) {
            places.push(self.recipes.len());
            let texts = command.iter().cloned().collect();
            self.recipes.push(Recipe { name: target.to_owned(), needs: needs.clone(), texts, foreign: false });
        }
        Some(places)
    }

    /// A line of a recipe as the shell gets it.
    fn recipe_text(&self, text: &str, recipe: &Recipe) -> String {
        let automatic = |name: &str| match name {
            "@" => Some(recipe.name.clone()),
            "<" => recipe.needs.first().cloned(),
            "^" | "+" | "?" => Some(recipe.needs.join(" ")),
            "*" | "%" | "@D" | "@F" | "<D" | "<F" => Some(GAP.to_string()),
            _ => None,
        };
        let text = self.expand(text, &automatic, 0);
        text.trim_start_matches(['@', '-', '+', ' ', '\t']).to_owned()
    }

    /// Variables expanded as far as they are written down; one that is not set comes from the environment, or is empty.
    fn expand(&self, text: &str, automatic: &dyn Fn(&str) -> Option<String>, depth: u32) -> String {
        let mut made = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('$') {
            made.push_str(before);
            self.spent.set(self.spent.get().saturating_add(1));
            if depth > DEEPEST || made.len() > LONGEST || self.spent.get() > EXPANSIONS {
                made.push(GAP);
                return made;
            }
            let Some(first) = behind.chars().next() else {
                rest = "";
                break;
            };
            let (name, length) = match first {
                '$' => {
                    made.push('$');
                    rest = behind.get(1..).unwrap_or_default();
                    continue;
                }
                '(' | '{' => {
                    let end = closing(behind);
                    (behind.get(1..end).unwrap_or_default(), (end + 1).min(behind.len()))
                }
                one => (behind.get(..one.len_utf8()).unwrap_or_default(), one.len_utf8()),
            };
            rest = behind.get(length..).unwrap_or_default();
            made.push_str(&self.value(name, automatic, depth));
        }
        made.push_str(rest);
        made
    }

    fn value(&self, name: &str, automatic: &dyn Fn(&str) -> Option<String>, depth: u32) -> String {
        if let Some(known) = automatic(name) {
            return known;
        }
        if let Some((function, argument)) = name.split_once([' ', '\t', ',']) {
            if function == "shell" {
                let command = self.expand(argument, automatic, depth + 1);
                let mut shells = self.shells.borrow_mut();
                if shells.len() < 64 && !shells.contains(&command) {
                    shells.push(command);
                }
            }
            return match function {
                "strip" | "abspath" | "realpath" | "sort" => {
                    self.expand(argument, automatic, depth + 1).trim().to_owned()
                }
                "wildcard" => self.expand(argument, automatic, depth + 1).trim().to_owned(),
                _ => GAP.to_string(),
            };
        }
        match (name, self.variables.get(name)) {
            ("MAKE", None) => "make".to_owned(),
            ("RM", None) => "rm -f".to_owned(),
            ("CURDIR", None) => ".".to_owned(),
            ("SHELL", _) => "sh".to_owned(),
            (_, Some(value)) => self.expand(value, automatic, depth + 1),
            // `$(OBJS:.c=.o)`
            (name, None) if name.contains([':', '$', '(']) => GAP.to_string(),
            (name, None) => format!("${{{name}}}"),
        }
    }
}

/// Where the bracket that opens the text closes.
fn closing(text: &str) -> usize {
    let (open, close) = if text.starts_with('(') { ('(', ')') } else { ('{', '}') };
    let mut depth = 0u32;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    text.len()
}

fn without_comment(line: &str) -> &str {
    match line.find('#') {
        Some(at) if !line.get(..at).is_some_and(|before| before.ends_with('\\')) => line.get(..at).unwrap_or_default(),
        _ => line,
    }
}

/// Lines with their continuations. In a recipe the shell gets backslash and line end as they are.
fn logical_lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        match lines.last_mut() {
            Some(last) if open => {
                let recipe = last.starts_with('\t');
                if recipe {
                    last.push_str("\\\n");
                    last.push_str(line.strip_prefix('\t').unwrap_or(line).trim_end_matches('\\'));
                } else {
                    last.push(' ');
                    last.push_str(line.trim_start().trim_end_matches('\\'));
                }
            }
            _ => lines.push(line.strip_suffix('\\').unwrap_or(line).to_owned()),
        }
        open = line.ends_with('\\');
    }
    lines
}
