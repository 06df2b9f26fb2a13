//! What the packs say of a command, as actions.

use super::does_form::Target;
use super::effect::{Reach, Reversal};
use super::expand::Argument;
use super::freight::Freight;
use super::history::Asked;
use super::line::{Line, Operand};
use super::matcher::match_line;
use super::pack::{Does, Pack, Rule, When};
use super::place::{Place, place_of};
use super::run::{Called, PLAIN};
use super::scope::{Bound, Scope};
use super::target::Hit;
use super::topic::Topic;
use super::value::Value;
use super::walk::Walk;
use super::{Action, glob};
use crate::decide::syntax::Span;

impl Walk<'_> {
    /// Checks the rules of one pack against a command line.
    pub(super) fn check_rules(&mut self, pack: &'static Pack, called: Called<'_>, line: &Line<'_>, scope: &Scope) {
        if line.asks_for_help() || pack.only_tells.iter().any(|flag| line.has_plain_flag(flag)) {
            return;
        }
        for rule in pack.rules.iter().filter(|rule| rule.when.is_about_line()) {
            let Some(rest) = self.match_command(&rule.when, called, line) else { continue };
            if !self.stands(&rule.when, scope) || rule.when.to_another && self.is_own(rest) {
                continue;
            }
            let wanted = rule.when.context.as_ref();
            if wanted.is_some_and(|wanted| !self.is_in_context(wanted, pack, (called, line), scope)) {
                continue;
            }
            let span = called.all.first().map_or_else(Span::default, |first| Span {
                start: first.span.start,
                end: called.all.last().map_or(first.span.end, |last| last.span.end),
            });
            if let Some(kind) = rule.when.path {
                let mut words = hit_words(&rule.does, line, rest);
                if rule.does.target == Target::LastPath && rest.len() == words.len() {
                    words = self.destinations(&words, scope);
                }
                if rule.does.target == Target::Paths {
                    words.extend(option_values(line, span));
                }
                let paths = self.paths_of_kind(kind, &words, scope);
                if !paths.is_empty() {
                    let hit = Hit { names: paths, reach: rule.does.reach, reversal: rule.does.reversal };
                    self.report(rule, hit, span);
                }
                continue;
            }
            let asked = Asked { history: pack.history.as_ref(), line, rest };
            if let Some(hit) = self.hit(rule, asked, scope)
                && !self.rewrites((rule, &hit), (called, line, rest), scope)
            {
                self.report(rule, hit, span);
            }
        }
    }

    /// Does the first operand name the user who runs the command: `$USER`, `ann:ann`, `$(id -u):$(id -g)`?
    fn is_own(&self, rest: &[Operand<'_>]) -> bool {
        let Some(owner) = rest.first().and_then(|operand| operand.argument.value.known()) else { return false };
        let (user, group) = owner.split_once([':', '.']).unwrap_or((owner, ""));
        let own = self.setting.environment.get("USER");
        let is_user = |name: &str| {
            name == self.setting.user || own.is_some_and(|own| own == name) || name == super::scope::NUMBER
        };
        !self.remote && is_user(user) && (group.is_empty() || is_user(group) || matches!(group, "users" | "staff"))
    }

    /// Do the conditions on what surrounds the command hold?
    fn stands(&self, when: &When, scope: &Scope) -> bool {
        let protected = |glob: &super::pack::Text| match &self.setting.branch {
            Some(branch) => glob::matches(glob, branch),
            // Without a branch git pushes nothing that is not named.
            None => false,
        };
        let has_value = |wanted: &super::pack::Text| {
            let (name, pattern) = wanted.split_once('=').unwrap_or((wanted, "*"));
            match scope.variable(name, self.setting) {
                // A value of which nothing is known says nothing about one narrow form.
                Some(Bound::Scalar(value)) => !value.is_anything() && super::likeness::possibly(pattern, &value),
                Some(Bound::List(_)) | None => false,
            }
        };
        let is_set = |unwanted: &super::pack::Text| {
            let (name, pattern) = unwanted.split_once('=').unwrap_or((unwanted, "*"));
            match scope.variable(name, self.setting) {
                Some(Bound::Scalar(value)) => value.known().is_some_and(|value| glob::matches(pattern, value)),
                Some(Bound::List(_)) | None => false,
            }
        };
        let done = |glob: &super::pack::Text| self.lines.iter().any(|line| glob::matches(glob, line));
        !when.not_after.iter().any(done)
            && !when.without.iter().any(is_set)
            && (when.branch.is_empty() || when.branch.iter().any(protected))
            && (when.with.is_empty() || when.with.iter().any(has_value))
    }

    /// Checks the rules that are about any program's operands.
    pub(super) fn check_everywhere(&mut self, called: Called<'_>, scope: &Scope) {
        let rules = self.rules;
        let mut packs = rules.packs_about_line_of(called.program).peekable();
        if packs.peek().is_none() {
            return;
        }
        let line = Line::parse(called.words, PLAIN);
        for pack in packs {
            self.check_rules(pack, called, &line, scope);
        }
    }

    /// The operands behind the subcommand, if a rule's condition on the command line and on what flows in holds.
    fn match_command<'l, 'a>(&self, when: &When, called: Called<'_>, line: &'l Line<'a>) -> Option<&'l [Operand<'a>]> {
        let rest = match_line(when, called, line)?;
        let flows = |freight: &Freight| self.flow.has(*freight) || called.stdin.flow.has(*freight);
        let inherits = called.stdin.inherited;
        (when.shown.is_none_or(|shown| shown == self.shown)
            && when.inherits.is_none_or(|wanted| wanted == inherits)
            && (when.word_flow.is_empty() || when.word_flow.iter().any(|freight| self.flow.has(*freight)))
            && (when.flow.is_empty() || when.flow.iter().any(flows)))
        .then_some(rest)
    }

    /// Notes what a command's output carries, as the pack says.
    pub(super) fn note_carried(&mut self, pack: &'static Pack, called: Called<'_>, line: &Line<'_>, scope: &Scope) {
        for carries in pack.carries.iter() {
            let Some(rest) = self.match_command(&carries.when, called, line) else { continue };
            let words = || rest.iter().map(|operand| operand.argument.clone()).collect::<Vec<Argument>>();
            if carries.when.path.is_none_or(|kind| !self.paths_of_kind(kind, &words(), scope).is_empty()) {
                self.flow.add(carries.what);
            }
        }
    }

    /// Checks variables that are set before a command or exported.
    pub(super) fn check_settings(&mut self, own: &[(String, Bound)], program: Option<&str>, span: Span) {
        if own.is_empty() {
            return;
        }
        let rules = self.rules;
        let packs = rules.packs_about(Topic::Setting);
        for rule in packs.flat_map(|pack| pack.rules.iter()).filter(|rule| !rule.when.sets.is_empty()) {
            let when = rule.when.program;
            if !when.is_empty() && !program.is_some_and(|own| glob::is_one_of(&when, own)) {
                continue;
            }
            for (name, bound) in own {
                if !rule.when.sets.iter().any(|wanted| sets(wanted, name, bound)) {
                    continue;
                }
                let hit = Hit { names: vec![name.clone()], reach: rule.does.reach, reversal: rule.does.reversal };
                self.report(rule, hit, span);
            }
        }
    }

    /// Turns a rule that applies into an action.
    pub(super) fn report(&mut self, rule: &Rule, hit: Hit, span: Span) {
        if rule.does.verb == super::Verb::ReadSecret {
            self.flow.add(Freight::Secret);
        }
        self.push(Action {
            verb: rule.does.verb,
            resource: rule.does.resource.to_string(),
            names: hit.names,
            reach: hit.reach,
            reversal: hit.reversal,
            rule: rule.id.to_string(),
            why: rule.why.to_string(),
            instead: rule.instead.map(|text| text.to_string()),
            span: self.anchor.unwrap_or(span),
            via: self.via.clone(),
        });
    }

    /// What a rule's targets are, and what can be said of them. `None` if nothing is hit.
    fn hit(&mut self, rule: &Rule, asked: Asked<'_>, scope: &Scope) -> Option<Hit> {
        let (does, line, rest) = (rule.does, asked.line, asked.rest);
        let words = hit_words(&does, line, rest);
        if let Some(found) = super::narrow::found_by(line.words, &does.narrowed_by)
            && self.is_leftover(&does, &found, scope)
        {
            return Some(Hit { names: vec![found.shown()], reach: Reach::File, reversal: Reversal::Regenerable });
        }
        let own = |word: &Argument| {
            self.absolute(&word.value, scope).is_some_and(|path| is_own(place_of(&path, self.setting)))
        };
        if !does.narrowed_by.is_empty() && super::narrow::is_only_empty(line.words) && words.iter().all(own) {
            return None;
        }
        if let Some(pattern) = super::narrow::found_pattern(line.words, &does.narrowed_by)
            && !self.remote
        {
            let span = words.first().map_or_else(Span::default, |word| word.span);
            let found = Argument { pattern: true, ..Argument::literal(&pattern, span) };
            return self.hit_paths(&does, &[found], scope);
        }
        if super::narrow::is_by_name(line.words, line.values(&does.narrowed_by)) && self.all_temporary(&words, scope) {
            let names = words.iter().map(|word| word.value.shown()).collect();
            return Some(Hit { names, reach: Reach::File, reversal: Reversal::Regenerable });
        }
        let plain = |names: Vec<String>| Some(Hit { names, reach: does.reach, reversal: does.reversal });
        match does.target {
            Target::Operands => plain(words.iter().map(|argument| argument.value.shown()).collect()),
            Target::Unnamed => plain(Vec::new()),
            Target::Repository => plain(self.setting.repository.iter().cloned().collect()),
            Target::LastPath if rest.len() == words.len() => self.hit_destination(&does, &words, scope),
            Target::PathsOrHere if words.is_empty() => {
                let here = Argument { value: Value::clone(&scope.directory), ..Argument::literal("", Span::default()) };
                self.hit_paths(&does, &[here], scope)
            }
            Target::Paths | Target::PathsOrHere | Target::LastPath | Target::PathsButLast => {
                self.hit_paths(&does, &words, scope)
            }
            Target::Tree
            | Target::TreePaths
            | Target::Untracked
            | Target::Moved
            | Target::Branches
            | Target::Trees
            | Target::Stash => self.hit_history(&does, asked, scope),
        }
    }

    /// Is each of these a directory for temporary files?
    fn all_temporary(&self, words: &[Argument], scope: &Scope) -> bool {
        let is_one = |path: String| super::place::PLACES.temporary.iter().any(|own| **own == *path);
        let own = |word: &Argument| !word.pattern && self.absolute(&word.value, scope).is_some_and(is_one);
        !words.is_empty() && scope.moved.is_empty() && self.moved.is_empty() && !self.remote && words.iter().all(own)
    }

    /// What `mv a b DIRECTORY` or `cp a FILE` replaces.
    fn hit_destination(&mut self, does: &Does, words: &[Argument], scope: &Scope) -> Option<Hit> {
        let destinations = self.destinations(words, scope);
        self.hit_paths(does, &destinations, scope)
    }

    /// Where `cp a FILE` or `mv a b DIRECTORY` puts things: the last word, or in that directory what has the others' names.
    fn destinations(&mut self, words: &[Argument], scope: &Scope) -> Vec<Argument> {
        let Some((last, sources)) = words.split_last() else { return Vec::new() };
        let Some(directory) = self.absolute(&last.value, scope).filter(|path| self.is_directory(path)) else {
            return vec![last.clone()];
        };
        let inside = |source: &Argument| {
            let name = source.value.known()?.trim_end_matches('/').rsplit('/').next()?;
            (!matches!(name, "" | "." | "..")).then(|| Argument {
                value: Value::literal(&format!("{directory}/{name}")),
                pattern: source.pattern && name.contains(['*', '?', '[']),
                ..source.clone()
            })
        };
        sources.iter().filter_map(inside).collect()
    }
}

/// Places where what is empty is nobody else's: the system's directories are there to be mounted on.
fn is_own(place: Place) -> bool {
    matches!(place, Place::Project | Place::ProjectItself | Place::Temporary | Place::Cache)
}

/// The words that name what is hit: values of options, or else operands.
pub(super) fn hit_words(does: &Does, line: &Line<'_>, rest: &[Operand<'_>]) -> Vec<Argument> {
    let span = line.words.first().map_or_else(Span::default, |word| word.span);
    let named: Vec<Argument> = line
        .values(&does.named_by)
        .map(|value| Argument { value: value.clone(), ..Argument::literal("", span) })
        .collect();
    if !named.is_empty() {
        return named;
    }
    let mut operands: Vec<Argument> = rest.iter().map(|operand| operand.argument.clone()).collect();
    if does.target == Target::PathsButLast {
        operands.pop();
    }
    operands
}

/// The values that are written behind options: `--file=x`.
fn option_values(line: &Line<'_>, span: Span) -> impl Iterator<Item = Argument> {
    let values = line.flags.iter().filter_map(|flag| flag.value.as_deref());
    values.map(move |value| Argument { value: value.clone(), ..Argument::literal("", span) })
}

/// `LD_PRELOAD` or `NODE_ENV=prod*`
fn sets(wanted: &str, name: &str, bound: &Bound) -> bool {
    if glob::begins_otherwise(wanted, name) {
        return false;
    }
    match wanted.split_once('=') {
        None => glob::matches(wanted, name),
        Some((wanted, pattern)) => {
            glob::matches(wanted, name)
                && match bound {
                    Bound::Scalar(value) => super::likeness::possibly(pattern, value),
                    Bound::List(_) => true,
                }
        }
    }
}

/// Raises what a rule says at least.
pub(super) fn farther(at_least: Reach, found: Reach) -> Reach {
    at_least.max(found)
}

/// What several targets have in common: the hardest to take back.
pub(super) fn hardest(reversals: impl Iterator<Item = Reversal>) -> Option<Reversal> {
    reversals.max()
}
