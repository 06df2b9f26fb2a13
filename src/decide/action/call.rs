//! Does a rule apply to a call in inline code, and what is hit then?

use super::call_form::CallWhen;
use super::does_form::Target;
use super::expand::Argument;
use super::foreign::{Inline, names};
use super::glob;
use super::pack::{List, Rule, Text};
use super::scope::Scope;
use super::target::Hit;
use super::walk::Walk;
use crate::decide::syntax::code::{Call, Term};

/// The arguments of a call that something is said of.
pub(super) struct Places {
    pub(super) at: List<u8>,
    pub(super) keyword: List<Text>,
    pub(super) receiver: bool,
    pub(super) every: bool,
}

impl Places {
    /// These arguments, as they stand.
    pub(super) fn terms<'c>(&self, call: &'c Call) -> Vec<&'c Term> {
        let mut terms: Vec<&Term> = Vec::new();
        if self.receiver {
            terms.extend(call.on.as_deref());
        }
        if self.every {
            terms.extend(call.arguments.iter().filter(|argument| !matches!(argument, Term::Map(_))));
        } else if !self.at.is_empty() {
            terms.extend(self.at.iter().filter_map(|at| call.arguments.get(usize::from(*at))));
        } else if !self.receiver {
            terms.extend(call.arguments.first());
        }
        terms.extend(self.keyword.iter().filter_map(|name| call.keyword(name)));
        terms
    }
}

impl Walk<'_> {
    /// Checks one rule against one call.
    pub(super) fn check_call(&mut self, rule: &'static Rule, call: &Call, inline: &Inline<'_>, scope: &Scope) {
        let Some(when) = rule.when.call.filter(|when| fits(when, call)) else { return };
        let places = Places { at: when.at, keyword: when.keyword, receiver: when.receiver, every: when.every };
        let terms = places.terms(call);
        let mut words: Vec<Argument> = terms.iter().flat_map(|term| self.words_of(term, inline.span)).collect();
        if when.receiver && call.on.is_none() && words.is_empty() {
            // `x.unlink()` of an object of which nothing is known.
            words.push(Argument { value: super::Value::unknown(), ..Argument::literal("", inline.span) });
        }
        let nothing_known = !words.is_empty() && words.iter().all(|word| word.value.is_anything());
        if self.origin.is_module() && nothing_known {
            // What a module's function is given stands with whoever calls it.
            self.reading.seen_whole = false;
            return;
        }
        let does = rule.does;
        let hit = match does.target {
            Target::Unnamed => Some(Hit { names: Vec::new(), reach: does.reach, reversal: does.reversal }),
            Target::Operands => {
                let names = words.iter().map(|word| word.value.shown()).collect();
                Some(Hit { names, reach: does.reach, reversal: does.reversal })
            }
            Target::Repository
            | Target::Tree
            | Target::TreePaths
            | Target::Untracked
            | Target::Moved
            | Target::Branches
            | Target::Trees
            | Target::Stash => {
                let names = self.setting.repository.iter().cloned().collect();
                Some(Hit { names, reach: does.reach, reversal: does.reversal })
            }
            Target::Paths | Target::LastPath | Target::PathsButLast | Target::PathsOrHere => {
                self.hit_paths(&does, &words, scope)
            }
        };
        if let Some(hit) = hit {
            self.report(rule, hit, inline.span);
        }
    }
}

fn fits(when: &CallWhen, call: &Call) -> bool {
    let named = when.name.iter().any(|pattern| names(pattern, &call.path));
    let first = match call.arguments.first() {
        Some(Term::Number(number)) => Some(&**number),
        other => other.and_then(Term::known),
    };
    named
        && (when.argument.is_empty()
            || first.is_some_and(|text| when.argument.iter().any(|pattern| glob::matches(pattern, text))))
        && (when.any_argument.is_empty() || has_argument(call, &when.any_argument))
        && !has_argument(call, &when.no_argument)
}

/// Does some argument or keyword match one of the patterns? `shell=True` is compared as it is written.
pub(super) fn has_argument(call: &Call, patterns: &[Text]) -> bool {
    let shown = |term: &Term| match term {
        Term::Name(named) => Some(named.path.to_string()),
        Term::Text(text) | Term::Path(text) | Term::Number(text) => Some(text.to_string()),
        Term::List(_) | Term::Map(_) | Term::OneOf(_) | Term::Result(_) | Term::Unknown => None,
    };
    patterns.iter().any(|pattern| match pattern.split_once('=') {
        Some((name, wanted)) => {
            let value = call.keyword(name).map(|term| shown(term).unwrap_or_else(|| "…".to_owned()));
            value.is_some_and(|text| text == "…" || glob::matches_ignoring_case(wanted, &text))
        }
        None => call.arguments.iter().filter_map(shown).any(|text| glob::matches(pattern, &text)),
    })
}
