//! Which of several clusters a client works on, when its command line does not say.

use super::context_form::{ContextIs, Contexts};
use super::facts::Need;
use super::glob;
use super::line::Line;
use super::pack::Pack;
use super::run::Called;
use super::scope::{Bound, Scope};
use super::walk::Walk;

/// The most files of which the first with a current context counts.
const MOST_FILES: usize = 8;

impl Walk<'_> {
    /// Is the current context known, and one of these?
    pub(super) fn is_in_context(
        &mut self,
        wanted: &ContextIs,
        pack: &Pack,
        (called, line): (Called<'_>, &Line<'_>),
        scope: &Scope,
    ) -> bool {
        let own = |contexts: &&Contexts| contexts.programs.iter().any(|program| **program == *called.program);
        let Some(contexts) = pack.contexts.iter().find(own) else { return false };
        let Some(files) = self.context_files(contexts, line, scope) else { return false };
        if !self.facts.contexts.contains_key(&files) {
            self.need(Need::CurrentContext(files.clone()));
        }
        let known = self.facts.contexts.get(&files).and_then(Option::as_deref);
        known.is_some_and(|name| {
            let fits = |globs: &[super::pack::Text]| globs.iter().any(|glob| glob::matches_ignoring_case(glob, name));
            fits(&wanted.is) && !fits(&wanted.is_not)
        })
    }

    /// The files in which the client looks for it.
    fn context_files(&self, contexts: &Contexts, line: &Line<'_>, scope: &Scope) -> Option<Vec<String>> {
        if self.remote {
            return None;
        }
        if let Some(named) = line.values(&contexts.file_option).last() {
            return Some(vec![self.absolute(named, scope)?]);
        }
        let listed = contexts.variable.and_then(|name| scope.variable(&name, self.setting));
        match listed {
            Some(Bound::Scalar(value)) if !value.is_empty() => {
                let names = value.known()?.split(':').filter(|name| !name.is_empty()).take(MOST_FILES);
                names.map(|name| self.absolute(&super::Value::literal(name), scope)).collect()
            }
            _ => {
                let home = self.setting.homes.first()?;
                Some(vec![format!("{home}/{}", contexts.file)])
            }
        }
    }
}
