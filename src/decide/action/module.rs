//! Modules that code imports from beside it: they run with it.
//!
//! Packages that were installed are not read. Of a module counts what runs when it is imported, and the functions whose
//! names are called by what imports it: a library is no reason to ask, and neither is what nobody calls.

use super::call_form::Modules;
use super::facts::FileFact;
use super::foreign::Inline;
use super::glob;
use super::pack::Language;
use super::scope::{Bound, Scope};
use super::value::Value;
use super::walk::Walk;
use crate::decide::syntax::code::{Call, Code, Term};
use std::collections::BTreeSet;
use std::rc::Rc;

/// How deep modules are followed into one another. What lies deeper is not seen.
const DEEPEST: usize = 5;
/// The most modules that are read for one command.
const MOST: usize = 32;
/// How many bytes of modules are read for one command.
const BYTES: usize = 512 * 1024;
/// How often functions are followed to further functions.
const ROUNDS: usize = 12;
/// Where the code that is read comes from.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    /// The file in which it stands.
    pub(super) file: Option<String>,
    /// The directory of the program that was started.
    root: Option<String>,
    /// How many imports led here.
    depth: usize,
    /// Names of functions that are called by what led here.
    called: BTreeSet<String>,
    /// Modules that were read.
    read: BTreeSet<String>,
    /// How many bytes they had.
    bytes: usize,
}

impl Origin {
    /// Does the code stand in a module, and not in the program itself?
    pub(super) fn is_module(&self) -> bool {
        self.depth > 0
    }
}

impl Walk<'_> {
    /// Reads something that stands in a file, or in none.
    pub(super) fn in_file<T>(&mut self, file: Option<String>, inner: impl FnOnce(&mut Self) -> T) -> T {
        let root = (self.origin.file.clone(), self.origin.root.clone());
        if self.origin.depth == 0 {
            self.origin.root = file.as_deref().map(directory_of).map(str::to_owned);
        }
        self.origin.file = file;
        let result = inner(self);
        (self.origin.file, self.origin.root) = root;
        result
    }

    /// Reads a file of tasks as a module of which these functions are called.
    pub(super) fn as_module(&mut self, names: &[String], inner: impl FnOnce(&mut Self) -> Option<()>) {
        let outer = self.origin.called.clone();
        self.origin.called.extend(names.iter().map(|name| name.replace('-', "_")));
        self.origin.depth += 1;
        inner(self);
        self.origin.depth -= 1;
        self.origin.called = outer;
    }

    /// Where a language's modules stand.
    pub(super) fn modules_of(&self, language: Language) -> Option<&'static Modules> {
        let packs = self.rules.packs_about(super::topic::Topic::Call);
        packs.filter(|pack| pack.language.contains(&language)).find_map(|pack| pack.modules.as_ref())
    }

    /// Reads the modules that a call names.
    pub(super) fn import(&mut self, terms: &[Term], modules: &Modules, inline: &Inline<'_>, scope: &mut Scope) {
        for term in terms {
            let name = if let Term::Name(named) = term { Some(&*named.path) } else { term.known() };
            let Some((path, text)) = name.and_then(|name| self.module_text(name, modules, scope)) else { continue };
            if !self.origin.read.insert(path.clone()) {
                continue;
            }
            self.origin.bytes += text.known_length();
            let filed = !scope.written.contains_key(&path);
            let outer = std::mem::replace(&mut self.filed, filed);
            self.origin.depth += 1;
            self.via.push(path.clone());
            self.in_file(Some(path), |walk| {
                walk.deeper(inline.span, |walk| {
                    walk.read_code(inline.language, &text, inline.called, scope, inline.span);
                })
            });
            self.via.pop();
            self.origin.depth -= 1;
            self.filed = outer;
        }
    }

    /// The file of a module and its text, if it lies beside the code that names it.
    pub(super) fn module_text(&mut self, name: &str, modules: &Modules, scope: &Scope) -> Option<(String, Value)> {
        if name.is_empty() || !modules.local.is_empty() && !modules.local.iter().any(|glob| glob::matches(glob, name)) {
            return None;
        }
        if self.origin.depth >= DEEPEST || self.origin.read.len() >= MOST || self.origin.bytes > BYTES {
            self.reading.seen_whole = false;
            return None;
        }
        for directory in self.directories(name, modules, scope) {
            let base = super::place::normalise(&directory, &relative(name, modules));
            for suffix in modules.suffix.iter() {
                let path = format!("{base}{suffix}");
                if let Some(text) = scope.written.get(&path) {
                    return Some((path, text.clone()));
                }
                match self.file_text(&path, scope) {
                    FileFact::Text(text) => return Some((path, Value::literal(&text))),
                    FileFact::Missing => {}
                    FileFact::Unread => {
                        // A directory has the name without its suffix.
                        self.reading.seen_whole &= suffix.is_empty();
                    }
                }
            }
        }
        None
    }

    /// Where a module is looked for: beside the file that names it, beside the program, where the program runs, and
    /// where a variable says.
    fn directories(&self, name: &str, modules: &Modules, scope: &Scope) -> Vec<String> {
        let beside = self.origin.file.as_deref().map(|file| directory_of(file).to_owned());
        if modules.separator.is_some() && name.starts_with('.') {
            return beside.into_iter().collect();
        }
        let here = scope.directory.known().map(str::to_owned);
        let mut all: Vec<String> = beside.into_iter().chain(self.origin.root.clone()).chain(here).collect();
        let variable = modules.path.and_then(|variable| scope.variable(&variable, self.setting));
        if let Some(Bound::Scalar(value)) = variable {
            let listed = value.known().unwrap_or_default().split(':').filter(|one| !one.is_empty()).take(4);
            let from = scope.directory.known().unwrap_or("/");
            all.extend(listed.map(|one| super::place::normalise(from, one)));
        }
        let mut seen = BTreeSet::new();
        all.retain(|directory| seen.insert(directory.clone()));
        all
    }

    /// The calls that count: of the program all, of a module what runs when it is imported or is called by name.
    pub(super) fn live_calls(&mut self, code: &Code) -> Vec<Rc<Call>> {
        if self.origin.depth == 0 {
            let named =
                code.calls.iter().any(|call| matches!(&*call.path, "import" | "require" | "use" | "require_relative"));
            if named {
                code.calls.iter().for_each(|call| note_names(call, &mut self.origin.called));
            }
            return code.calls.clone();
        }
        let mut live: Vec<(usize, Rc<Call>)> = Vec::new();
        let mut left: Vec<(usize, &Rc<Call>)> = code.calls.iter().enumerate().collect();
        for _ in 0..ROUNDS {
            let runs = |call: &Call| call.inside.as_deref().is_none_or(|name| self.origin.called.contains(name));
            let (now, later): (Vec<_>, Vec<_>) = left.into_iter().partition(|(_, call)| runs(call));
            left = later;
            if now.is_empty() {
                break;
            }
            now.iter().for_each(|(_, call)| note_names(call, &mut self.origin.called));
            live.extend(now.into_iter().map(|(at, call)| (at, Rc::clone(call))));
        }
        live.sort_by_key(|(at, _)| *at);
        live.into_iter().map(|(_, call)| call).collect()
    }
}

/// The names of the function that is called and of those that are given to it.
fn note_names(call: &Call, names: &mut BTreeSet<String>) {
    let last = |path: &str| path.trim_end_matches("()").rsplit(['.', ':']).next().unwrap_or_default().to_owned();
    names.insert(last(&call.path));
    for argument in &call.arguments {
        if let Term::Name(named) = argument {
            names.insert(last(&named.path));
        }
    }
}

fn directory_of(file: &str) -> &str {
    match file.rsplit_once('/') {
        Some(("", _)) | None => "/",
        Some((directory, _)) => directory,
    }
}

/// A module's name as a path: `..a.b` is `../a/b`.
fn relative(name: &str, modules: &Modules) -> String {
    let Some(separator) = modules.separator else { return name.to_owned() };
    let rest = name.trim_start_matches('.');
    let up = (name.len() - rest.len()).saturating_sub(1);
    format!("{}{}", "../".repeat(up.min(8)), rest.replace("::", "/").replace(separator.0, "/"))
}
