//! Files of recipes: named pieces of shell text that a tool runs when it is told their names.
//!
//! Makefiles, justfiles, the scripts of `package.json` and `composer.json`, Taskfiles, Rakefiles. Each is read as far as one must to know
//! what the names that were asked for run: their texts, those of what they depend on, and variables as far as they are
//! written down. Pure, total and linear; what is not known is a gap ([`GAP`](super::GAP)).

mod include;
mod just;
mod make;
mod package;
mod rake;
mod table;
mod task;

pub use include::{Include, includes};

use super::GAP;

/// How a file of recipes is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A Makefile.
    Make,
    /// A justfile.
    Just,
    /// `package.json`.
    Package,
    /// `composer.json`.
    Composer,
    /// `Taskfile.yml`.
    Task,
    /// A Rakefile.
    Rake,
    /// Tables of TOML or INI with tasks.
    Table,
    /// Code with a function for each task: `noxfile.py`.
    Code,
}

/// What one recipe runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The recipe's name. Hostile text.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The text is Ruby, or begins with `#!`, and not shell.
    pub foreign: bool,
}

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Names of recipes, and what follows them. Empty for the default.
    pub names: Vec<String>,
    /// Variables that the command line sets.
    pub variables: Vec<(String, String)>,
    /// In tables and JSON: where the tasks stand.
    pub tables: Vec<String>,
    /// In tables: the keys whose values are run.
    pub keys: Vec<String>,
}

/// The most steps that one command runs, and how deep recipes may depend on others.
const STEPS: usize = 512;

/// What a file runs for what is asked, in order. `None` if part of it could not be followed.
#[must_use]
pub fn read(form: Form, text: &str, asked: &Asked) -> Option<Vec<Step>> {
    if form == Form::Task && !task::is_shallow(text) {
        return None;
    }
    let steps = match form {
        Form::Make => make::read(text, asked),
        Form::Just => just::read(text, asked),
        Form::Package => package::read(text, asked),
        Form::Composer => package::read_composer(text, asked),
        Form::Task => task::read(text, asked),
        Form::Rake => rake::read(text, asked),
        Form::Table => table::read(text, asked),
        Form::Code => vec![Step { name: asked.names.join(" "), text: text.to_owned(), foreign: true }],
    };
    (steps.len() <= STEPS).then_some(steps)
}

/// A file's recipes by name, as most forms have them.
#[derive(Debug, Default)]
struct Recipe {
    name: String,
    needs: Vec<String>,
    /// What is run, line by line or as one text.
    texts: Vec<String>,
    foreign: bool,
}

/// The recipes that are asked for, each behind what it needs, none twice.
fn order<'r>(recipes: &'r [Recipe], names: &[String]) -> Vec<&'r Recipe> {
    let index: std::collections::BTreeMap<&str, Vec<usize>> =
        recipes.iter().enumerate().fold(Default::default(), |mut index, (at, recipe)| {
            index.entry(recipe.name.as_str()).or_insert_with(Vec::new).push(at);
            index
        });
    let mut done = vec![false; recipes.len()];
    let mut ordered = Vec::new();
    // A stack of its own: a file may be deeper than the call stack is.
    let mut open: Vec<(usize, bool)> = Vec::new();
    for name in names.iter().rev() {
        open.extend(index.get(name.as_str()).into_iter().flatten().rev().map(|at| (*at, false)));
    }
    while let Some((at, met)) = open.pop() {
        let Some(recipe) = recipes.get(at) else { continue };
        if met {
            ordered.push(recipe);
            continue;
        }
        if done.get(at).copied().unwrap_or(true) {
            continue;
        }
        done.get_mut(at).into_iter().for_each(|done| *done = true);
        open.push((at, true));
        for need in recipe.needs.iter().rev() {
            open.extend(index.get(need.as_str()).into_iter().flatten().rev().map(|at| (*at, false)));
        }
    }
    ordered
}

fn steps<'r>(recipes: impl IntoIterator<Item = &'r Recipe>) -> Vec<Step> {
    let all = recipes.into_iter().flat_map(|recipe| {
        recipe.texts.iter().map(|text| Step { name: recipe.name.clone(), text: text.clone(), foreign: recipe.foreign })
    });
    all.take(STEPS + 1).collect()
}

/// A text with values in the place of what stands in double braces, and gaps where there is none. What is not closed is left as it is.
fn fill<'t, 'v>(text: &'t str, value_of: impl Fn(&str) -> Option<&'v String>) -> String {
    let next = |rest: &'t str| {
        let (before, behind) = rest.split_once("{{")?;
        let (name, after) = behind.split_once("}}")?;
        Some((before, name.trim(), after))
    };
    let mut made = String::new();
    let mut rest = text;
    while let Some((before, name, after)) = next(rest) {
        made.push_str(before);
        made.push_str(value_of(name).map_or(GAP.encode_utf8(&mut [0; 4]), String::as_str));
        rest = after;
    }
    made + rest
}

#[cfg(test)]
mod tests;
