//! justfiles (just's manual): recipes with parameters, assignments, `{{ … }}`.

use super::super::GAP;
use super::{Asked, Recipe, Step, fill, order, steps};
use std::collections::BTreeMap;

pub(super) fn read(text: &str, asked: &Asked) -> Vec<Step> {
    let mut file = File::default();
    file.variables.extend(asked.variables.iter().cloned());
    file.read(text);
    let first = file.recipes.first().map(|recipe| recipe.recipe.name.clone());
    let names = if asked.names.is_empty() { first.into_iter().collect() } else { asked.names.clone() };
    let mut recipes = Vec::new();
    for found in &file.recipes {
        // The words behind a recipe's name are its parameters.
        let at = names.iter().position(|name| *name == found.recipe.name);
        let given = at.and_then(|at| names.get(at + 1..)).unwrap_or_default();
        let texts = found.recipe.texts.iter().map(|text| file.expand(text, &found.parameters, given)).collect();
        recipes.push(Recipe {
            name: found.recipe.name.clone(),
            needs: found.recipe.needs.clone(),
            texts,
            foreign: found.recipe.foreign,
        });
    }
    let names: Vec<String> = names.iter().map(|name| file.aliases.get(name).unwrap_or(name).clone()).collect();
    steps(order(&recipes, &names))
}

#[derive(Default)]
struct File {
    variables: BTreeMap<String, String>,
    aliases: BTreeMap<String, String>,
    recipes: Vec<Found>,
}

#[derive(Default)]
struct Found {
    recipe: Recipe,
    /// Names and default values.
    parameters: Vec<(String, Option<String>)>,
}

impl File {
    fn read(&mut self, text: &str) {
        let mut open = false;
        for line in text.lines() {
            let indented = line.starts_with([' ', '\t']);
            if indented && open {
                self.body(line.trim());
                continue;
            }
            if line.trim().is_empty() {
                continue;
            }
            open = false;
            let line = line.trim_end();
            if line.starts_with(['#', '[']) || ["set ", "import ", "mod "].iter().any(|word| line.starts_with(word)) {
                continue;
            }
            if let Some((name, value)) = line.split_once(":=") {
                let name = name.trim().trim_start_matches("export ").trim();
                match name.strip_prefix("alias ") {
                    Some(alias) => drop(self.aliases.insert(alias.trim().to_owned(), value.trim().to_owned())),
                    None if self.variables.contains_key(name) => {}
                    None => drop(self.variables.insert(name.to_owned(), literal(value))),
                }
            } else if let Some((head, needs)) = line.split_once(':') {
                open = true;
                self.recipes.push(recipe(head, needs));
            }
        }
    }

    fn body(&mut self, line: &str) {
        let Some(found) = self.recipes.last_mut() else { return };
        let recipe = &mut found.recipe;
        match recipe.texts.last_mut() {
            None if line.starts_with("#!") => {
                recipe.foreign = true;
                recipe.texts.push(line.to_owned());
            }
            Some(last) if recipe.foreign || last.ends_with('\\') => {
                last.push('\n');
                last.push_str(line);
            }
            _ if line.is_empty() => {}
            _ => recipe.texts.push(line.trim_start_matches(['@', '-']).to_owned()),
        }
    }

    fn expand(&self, text: &str, parameters: &[(String, Option<String>)], given: &[String]) -> String {
        fill(text, |name| match parameters.iter().position(|(own, _)| own == name) {
            Some(at) => given.get(at).or_else(|| parameters.get(at)?.1.as_ref()),
            None => self.variables.get(name),
        })
    }
}

/// `@name a b='x' *c: need (other 'y')`
fn recipe(head: &str, needs: &str) -> Found {
    let mut words = head.trim_start_matches('@').split_whitespace();
    let name = words.next().unwrap_or_default().to_owned();
    let parameters = words
        .map(|word| {
            let word = word.trim_start_matches(['*', '+', '$']);
            match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(literal(value))),
                None => (word.to_owned(), None),
            }
        })
        .collect();
    let needs = needs.split('#').next().unwrap_or_default();
    let needs =
        needs.split_whitespace().filter(|need| *need != "&&").map(|need| need.trim_matches(['(', ')']).to_owned());
    Found { recipe: Recipe { name, needs: needs.collect(), ..Recipe::default() }, parameters }
}

/// A quoted value, or a gap.
fn literal(value: &str) -> String {
    let value = value.trim();
    for quote in ['\'', '"'] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|inner| inner.strip_suffix(quote))
            && !inner.contains(quote)
        {
            return inner.to_owned();
        }
    }
    GAP.to_string()
}
