//! Recipes: what `make clean` or `npm run build` runs, by the file that says it.

use super::call_form::{RecipeForm, Recipes};
use super::facts::FileFact;
use super::line::Line;
use super::pack::{Language, Pack};
use super::run::{Called, GAP};
use super::scope::Scope;
use super::stream::Stream;
use super::value::Value;
use super::walk::Walk;
use crate::decide::syntax::Span;
use crate::decide::syntax::recipe::{self, Asked, Form, Step};

/// The most files of recipes that are read for one command: recipes may run others.
const FILES: u32 = 64;
/// How many directories above are looked into.
const ABOVE: usize = 6;

impl Walk<'_> {
    /// Reads what a command line runs of a pack's files of recipes.
    pub(super) fn run_recipes(&mut self, pack: &'static Pack, called: Called<'_>, line: &Line<'_>, scope: &Scope) {
        for recipes in pack.recipes.iter() {
            let Some(asked) = asked(recipes, line) else { continue };
            let Some((path, text)) = self.recipe_file(recipes, line, scope) else { continue };
            let span = called.all.first().map_or_else(Span::default, |word| word.span);
            self.recipes += 1;
            if self.recipes > FILES {
                self.unseen("shell.text.endless", "It runs recipes that run recipes, farther than is followed.", span);
                return;
            }
            let Some(steps) = recipe::read(form_of(recipes.form), &text, &asked) else {
                self.unseen("shell.text.long", "It runs more recipes than are followed.", span);
                continue;
            };
            let mut inner = scope.clone();
            if let Some((directory, _)) = path.rsplit_once('/') {
                inner.directory = Value::literal(if directory.is_empty() { "/" } else { directory });
            }
            self.via.push(path);
            let outer = std::mem::replace(&mut self.filed, true);
            for step in &steps {
                self.run_step(step, called, &mut inner, span);
            }
            self.filed = outer;
            self.via.pop();
        }
    }

    fn run_step(&mut self, step: &Step, called: Called<'_>, scope: &mut Scope, span: Span) {
        let text = super::statement::gaps(&step.text);
        self.via.push(step.name.clone());
        if step.foreign {
            let language = if step.text.starts_with("#!") {
                super::language::language_of(&step.text)
            } else {
                Some(Language::Ruby)
            };
            match language {
                Some(language) => {
                    self.deeper(span, |walk| walk.read_text(language, &text, called, scope, span));
                }
                None => self.reading.seen_whole = false,
            }
        } else {
            // Each line has a shell of its own; files that it makes stay.
            let mut inner = scope.clone();
            self.text(&text.with_gaps(GAP), &mut inner, &Stream::inherited(), span);
            scope.made = inner.made;
            scope.made_if_missing = inner.made_if_missing;
            scope.written = inner.written;
        }
        self.via.pop();
    }

    /// The file that is meant, and its text.
    fn recipe_file(&mut self, recipes: &Recipes, line: &Line<'_>, scope: &Scope) -> Option<(String, String)> {
        let mut directory = scope.directory.clone();
        if let Some(named) = line.values(&recipes.directory_option).last() {
            directory = Value::literal(&self.absolute(named, scope)?);
        }
        let named = line.values(&recipes.file_option).last();
        let directory = directory.known()?;
        let mut candidates: Vec<String> = Vec::new();
        match named {
            Some(file) => candidates.push(super::place::normalise(directory, file.known()?)),
            None => {
                let mut above = Some(directory.trim_end_matches('/'));
                for _ in 0..if recipes.upward { ABOVE } else { 1 } {
                    let Some(here) = above else { break };
                    candidates.extend(recipes.file.iter().map(|name| format!("{here}/{name}")));
                    above = here.rsplit_once('/').map(|(above, _)| above);
                }
            }
        }
        for path in candidates {
            match self.file_text(&path, scope) {
                FileFact::Text(text) => return Some((path, text)),
                FileFact::Missing => {}
                FileFact::Unread => {
                    self.reading.seen_whole = false;
                    return None;
                }
            }
        }
        None
    }
}

/// What the command line asks for; `None` if this entry does not apply.
fn asked(recipes: &Recipes, line: &Line<'_>) -> Option<Asked> {
    if recipes.unless_flag.iter().any(|flag| line.has_plain_flag(flag)) {
        return None;
    }
    let rest = match recipes.subcommand {
        Some(subcommand) => line.subcommand(&subcommand)?,
        None => (0..line.operands.len()).collect(),
    };
    let mut asked = Asked::default();
    if !recipes.name.is_empty() {
        asked.names = recipes.name.iter().map(|name| name.to_string()).collect();
        return Some(asked);
    }
    for operand in rest.iter().filter_map(|at| line.operands.get(*at)) {
        let text = operand.argument.value.with_gaps("…");
        match text.split_once('=') {
            Some((name, value)) if name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                asked.variables.push((name.to_owned(), value.to_owned()));
            }
            _ => asked.names.push(text),
        }
    }
    (!recipes.named_only || !asked.names.is_empty()).then_some(asked)
}

fn form_of(form: RecipeForm) -> Form {
    match form {
        RecipeForm::Makefile => Form::Make,
        RecipeForm::Justfile => Form::Just,
        RecipeForm::PackageJson => Form::Package,
        RecipeForm::ComposerJson => Form::Composer,
        RecipeForm::Taskfile => Form::Task,
        RecipeForm::Rakefile => Form::Rake,
    }
}
