//! Recipes: what `make clean` or `npm run build` runs, by the file that says it.

use super::call_form::{RecipeForm, Recipes};
use super::facts::FileFact;
use super::line::Line;
use super::pack::{Language, Pack};
use super::run::{Called, GAP};
use super::scope::Scope;
use super::stream::Stream;
use super::value::Value;
use super::walk::{PIECE, Walk};
use crate::decide::syntax::Span;
use crate::decide::syntax::recipe::{self, Asked, Form, Step};

/// The most files of recipes that are read for one command: recipes may run others.
const FILES: u32 = 64;
/// How many directories above are looked into.
const ABOVE: usize = 6;
/// The most files that the files of one command name.
const INCLUDES: usize = 16;

impl Walk<'_> {
    /// Reads what a command line runs of a pack's files of recipes.
    pub(super) fn run_recipes(&mut self, pack: &'static Pack, called: Called<'_>, line: &Line<'_>, scope: &Scope) {
        for recipes in pack.recipes.iter() {
            let meant = |glob: &super::pack::Text| super::glob::matches(glob, called.program);
            if !recipes.program.is_empty() && !recipes.program.iter().any(meant) {
                continue;
            }
            let Some(asked) = asked(recipes, line) else { continue };
            let given: Vec<Value> = line.values(&recipes.text_option).cloned().collect();
            let found = self.recipe_file(recipes, called, line, scope);
            let Some((path, text)) = found.or_else(|| given.first().map(|_| (String::new(), String::new()))) else {
                continue;
            };
            let before: String = given.iter().map(|text| text.with_gaps("…") + "\n").collect();
            let text = before + &text;
            let span = called.all.first().map_or_else(Span::default, |word| word.span);
            self.recipes += 1;
            if self.recipes > FILES {
                self.unseen("shell.text.endless", "It runs recipes that run recipes, farther than is followed.", span);
                return;
            }
            let (text, asked) = self.with_includes(form_of(recipes.form), (&path, text), asked, scope);
            if !self.burn_for(text.len() / PIECE, span) {
                return;
            }
            let Some(steps) = steps_of(recipes, &text, &asked) else {
                self.unseen("shell.text.long", "It runs more recipes than are followed.", span);
                continue;
            };
            let mut inner = scope.clone();
            if let Some((directory, _)) = path.rsplit_once('/') {
                inner.directory = Value::literal(if directory.is_empty() { "/" } else { directory }).into();
            }
            self.via.push(path);
            let outer = std::mem::replace(&mut self.filed, true);
            for step in &steps {
                match language_of_tasks(recipes.form) {
                    Some(language) => self.run_tasks(language, step, &asked, (called, span), &mut inner),
                    None => self.run_step(step, called, &mut inner, span),
                }
            }
            self.filed = outer;
            self.via.pop();
        }
    }

    /// The text of a file with those that it names, and what is asked for of them.
    fn with_includes(
        &mut self,
        form: Form,
        (path, mut text): (&str, String),
        mut asked: Asked,
        scope: &Scope,
    ) -> (String, Asked) {
        let mut open: Vec<(String, recipe::Include)> = Vec::new();
        let named = |path: &str, text: &str| -> Vec<(String, recipe::Include)> {
            let directory = path.rsplit_once('/').map_or("/", |(directory, _)| directory).to_owned();
            recipe::includes(form, text).into_iter().map(|include| (directory.clone(), include)).collect()
        };
        open.extend(named(path, &text));
        let mut left = INCLUDES;
        while let Some((directory, include)) = open.pop() {
            if left == 0 {
                self.reading.seen_whole = false;
                break;
            }
            left -= 1;
            let names = include.below.as_deref().and_then(|below| names_below(below, &asked.names));
            if include.below.is_some() && names.is_none() {
                continue;
            }
            let files: Vec<String> =
                include.files.iter().map(|file| super::place::normalise(&directory, file)).collect();
            for file in files {
                let FileFact::Text(more) = self.file_text(&file, scope) else { continue };
                open.extend(named(&file, &more));
                match names {
                    // A file of its own: its recipes are asked for without what stands before their names.
                    Some(names) => (text, asked.names) = (more, names),
                    None => {
                        text.push('\n');
                        text.push_str(&more);
                    }
                }
                break;
            }
        }
        (text, asked)
    }

    /// Code with functions for tasks: what stands outside of them runs, and those that are asked for.
    fn run_tasks(
        &mut self,
        language: Language,
        step: &Step,
        asked: &Asked,
        (called, span): (Called<'_>, Span),
        scope: &mut Scope,
    ) {
        let text = Value::literal(&step.text);
        let file = self.via.last().cloned();
        self.as_module(&asked.names, |walk| {
            walk.in_file(file, |walk| walk.deeper(span, |walk| walk.read_text(language, &text, called, scope, span)))
        });
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
    fn recipe_file(
        &mut self,
        recipes: &Recipes,
        called: Called<'_>,
        line: &Line<'_>,
        scope: &Scope,
    ) -> Option<(String, String)> {
        let mut directory = Value::clone(&scope.directory);
        if let Some(named) = line.values(&recipes.directory_option).last() {
            directory = Value::literal(&self.absolute(named, scope)?);
        }
        let named = line.values(&recipes.file_option).last();
        if matches!(named.and_then(Value::known), Some("-" | "/dev/stdin")) {
            let text = self.stream_text(called.stdin, scope).filter(|_| !called.stdin.inherited);
            return text.map(|text| (String::new(), text.with_gaps("…")));
        }
        // `make -f <(printf …)`
        if let Some(shown) = named.and_then(Value::known).and_then(super::process::text_of) {
            return if let FileFact::Text(text) = shown { Some((String::new(), text)) } else { None };
        }
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
    if recipes.unless_flag.iter().any(|flag| line.has_plain_flag(flag)) || recipes.bare && !line.operands.is_empty() {
        return None;
    }
    let rest = match recipes.subcommand {
        Some(subcommand) => line.subcommand(&subcommand)?,
        None => 0,
    };
    let texts = |list: &super::pack::List<super::pack::Text>| list.iter().map(|text| text.to_string()).collect();
    let mut asked = Asked { tables: texts(&recipes.table), keys: texts(&recipes.text_key), ..Asked::default() };
    if !recipes.name_option.is_empty() {
        let named = line.values(&recipes.name_option).filter_map(Value::known);
        asked.names = named.flat_map(|names| names.split(',')).map(str::to_owned).collect();
        return (!recipes.named_only || !asked.names.is_empty()).then_some(asked);
    }
    if !recipes.name.is_empty() {
        asked.names = recipes.name.iter().map(|name| name.to_string()).collect();
        return Some(asked);
    }
    for operand in line.operands_from(rest) {
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

/// What runs of a file; `None` if that is too much to be followed.
fn steps_of(recipes: &Recipes, text: &str, asked: &Asked) -> Option<Vec<Step>> {
    let form = form_of(recipes.form);
    if !recipes.each {
        return recipe::read(form, text, asked);
    }
    let mut steps = Vec::new();
    for name in asked.names.iter().take(ABOVE * 4) {
        steps.extend(recipe::read(form, text, &Asked { names: vec![name.clone()], ..asked.clone() })?);
    }
    Some(steps)
}

fn form_of(form: RecipeForm) -> Form {
    match form {
        RecipeForm::Makefile => Form::Make,
        RecipeForm::Justfile => Form::Just,
        RecipeForm::PackageJson => Form::Package,
        RecipeForm::ComposerJson => Form::Composer,
        RecipeForm::Taskfile => Form::Task,
        RecipeForm::Rakefile => Form::Rake,
        RecipeForm::Table => Form::Table,
        RecipeForm::PythonTasks | RecipeForm::JavascriptTasks => Form::Code,
    }
}

fn language_of_tasks(form: RecipeForm) -> Option<Language> {
    match form {
        RecipeForm::PythonTasks => Some(Language::Python),
        RecipeForm::JavascriptTasks => Some(Language::Javascript),
        RecipeForm::Makefile | RecipeForm::Justfile | RecipeForm::PackageJson | RecipeForm::ComposerJson => None,
        RecipeForm::Taskfile | RecipeForm::Rakefile | RecipeForm::Table => None,
    }
}

/// The names that are asked for below a module: `tools::x`, `tools:x`, or `tools x`.
fn names_below(module: &str, names: &[String]) -> Option<Vec<String>> {
    let (first, rest) = names.split_first()?;
    if first == module {
        return Some(rest.to_vec());
    }
    let own = first.strip_prefix(module)?.strip_prefix(':')?;
    let mut names = vec![own.trim_start_matches(':').to_owned()];
    names.extend_from_slice(rest);
    Some(names)
}
