//! Names that a program's configuration gives to command lines: `git -c alias.x='!rm -rf src' x`.

use super::call_form::Aliases;
use super::facts::Need;
use super::line::Line;
use super::run::{Called, GAP, join_text};
use super::scope::Scope;
use super::stream::Stream;
use super::value::Value;
use super::walk::Walk;
use crate::decide::syntax::Span;

impl Walk<'_> {
    /// Reads what an alias stands for. Text behind a `!` is the shell's, anything else is the program's.
    pub(super) fn run_alias(
        &mut self,
        aliases: &Aliases,
        called: Called<'_>,
        line: &Line<'_>,
        (scope, stdin): (&mut Scope, &Stream),
    ) {
        let Some(first) = line.operands.first().filter(|_| called.program == &*aliases.program) else { return };
        let Some(name) = first.argument.value.known().filter(|name| is_name(name)) else { return };
        if aliases.own.iter().any(|own| **own == *name) {
            return;
        }
        let key = format!("{}{name}", aliases.key.0);
        let Some(value) = self.alias_value(aliases, &key, line, scope) else { return };
        let words: Vec<Value> = called.words.iter().skip(first.index + 1).map(|word| word.value.clone()).collect();
        let text = value.with_gaps(GAP);
        let text = match text.strip_prefix('!') {
            Some(shell) => join_text(shell, &words),
            None => join_text(&format!("{} {text}", aliases.program), &words),
        };
        let span = called.all.first().map_or_else(Span::default, |word| word.span);
        self.via.push(format!("{} {name}", aliases.program));
        if value.is_anything() {
            self.unseen("shell.text.unseen", "The text that would be run is not known before it runs.", span);
        } else {
            self.text(&text, &mut scope.clone(), stdin, span);
        }
        self.via.pop();
    }

    /// What the key is set to, on the command line or in the configuration.
    fn alias_value(&mut self, aliases: &Aliases, key: &str, line: &Line<'_>, scope: &Scope) -> Option<Value> {
        let set = line.values(&aliases.option).filter_map(|value| value.split_once('='));
        let own = set.filter(|(name, _)| name.known().is_some_and(|name| name.eq_ignore_ascii_case(key)));
        if let Some((_, value)) = own.last() {
            return Some(value);
        }
        if self.remote {
            return None;
        }
        let directory = match line.values(&aliases.directory_option).last() {
            Some(named) => self.absolute(named, scope)?,
            None => scope.directory.known()?.to_owned(),
        };
        let asked = (directory, key.to_owned());
        if !self.facts.git_config.contains_key(&asked) {
            self.need(Need::GitConfig { directory: asked.0.clone(), key: asked.1.clone() });
        }
        self.facts.git_config.get(&asked)?.as_deref().map(Value::literal)
    }
}

/// Could this be the name of an alias?
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}
