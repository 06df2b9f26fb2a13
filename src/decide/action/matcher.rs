//! Does a rule apply to a command line?

use super::expand::Argument;
use super::likeness::possibly;
use super::line::{Line, Operand};
use super::pack::{OptionIs, PathKind, Text, When};
use super::run::Called;
use super::scope::Scope;
use super::value::Value;
use super::walk::Walk;

/// The operands behind the subcommand, if the command line fulfils everything but paths, SQL, HTTP and calls.
pub(super) fn match_line<'l, 'a>(when: &When, called: Called<'_>, line: &'l Line<'a>) -> Option<&'l [Operand<'a>]> {
    if !when.program.is_empty() && !super::glob::is_one_of(&when.program, called.program) {
        return None;
    }
    let behind = if when.subcommand.is_empty() {
        0
    } else {
        when.subcommand.iter().find_map(|pattern| line.subcommand(pattern))?
    };
    let rest = line.operands_from(behind);
    (match_flags(when, line) && match_operands(when, rest) && match_words(when, line)).then_some(rest)
}

fn match_flags(when: &When, line: &Line<'_>) -> bool {
    (when.any_flag.is_empty() || when.any_flag.iter().any(|flag| line.has_flag(flag)))
        && when.all_flags.iter().all(|flag| line.has_flag(flag))
        && !when.no_flag.iter().any(|flag| line.has_plain_flag(flag))
        && when.option.iter().all(|option| match_option(option, line))
}

fn match_option(option: &OptionIs, line: &Line<'_>) -> bool {
    line.values(&option.name).any(|value| {
        let hit = |glob: &Text| match value.known() {
            Some(text) => super::glob::matches_ignoring_case(glob, text),
            None => possibly(glob, value),
        };
        let excluded = value.known().is_some() && option.is_not.iter().any(hit);
        !excluded && (option.is.is_empty() || option.is.iter().any(hit))
    })
}

fn match_operands(when: &When, rest: &[Operand<'_>]) -> bool {
    let count = rest.len();
    let mut values = rest.iter().map(|operand| &operand.argument.value);
    let fits = |glob: &Text, value: &Value| match value.known() {
        Some(text) if when.ignore_case => super::glob::matches_ignoring_case(glob, text),
        // A word of which nothing at all is known says nothing about one narrow form: `chmod 644 $(find …)`.
        None if value.is_anything() => false,
        Some(_) | None => possibly(glob, value),
    };
    let many = || rest.iter().any(|operand| operand.argument.many);
    when.min_args.is_none_or(|least| count >= usize::from(least) || many())
        && when.max_args.is_none_or(|most| count <= usize::from(most))
        && (when.any_arg.is_empty() || values.clone().any(|value| when.any_arg.iter().any(|glob| fits(glob, value))))
        && (when.no_arg.is_empty()
            || !values.any(|value| when.no_arg.iter().any(|glob| value.known().is_some() && fits(glob, value))))
}

fn match_words(when: &When, line: &Line<'_>) -> bool {
    let mut words = line.words.iter().map(|word| &word.value);
    (when.any_word.is_empty()
        || line.words.iter().any(|word| when.any_word.iter().any(|glob| fits_word(glob, &word.value))))
        && (when.no_word.is_empty() || !words.any(|value| when.no_word.iter().any(|glob| certainly(glob, value))))
}

/// As with operands: a word of which nothing at all is known says nothing about one narrow form.
fn fits_word(glob: &str, value: &Value) -> bool {
    !value.is_anything() && possibly(glob, value)
}

/// Conditions that make a command harmless must be certain.
fn certainly(glob: &str, value: &Value) -> bool {
    value.known().is_some_and(|text| super::glob::matches(glob, text))
}

/// So many patterns on one command line cost nothing; the rest cost as much each.
const PATTERNS: usize = 24;

impl Walk<'_> {
    /// The words that are paths of a kind, as absolute paths.
    pub(super) fn paths_of_kind(&mut self, kind: PathKind, words: &[Argument], scope: &Scope) -> Vec<String> {
        let mut paths: Vec<String> = words.iter().filter_map(|word| self.absolute(&word.value, scope)).collect();
        if kind == PathKind::Credential {
            // `if=FILE`, `data=@FILE`
            let behind = |word: &Argument| [word.value.split_once('='), word.value.split_once('@')];
            let inner: Vec<Value> = words.iter().flat_map(behind).flatten().map(|(_, value)| value).collect();
            paths.extend(inner.iter().filter_map(|value| self.absolute(value, scope)));
        }
        // A pattern is tried against every credential that there is.
        let patterns = paths.iter().filter(|path| path.contains(['*', '?', '['])).count();
        let span = words.first().map_or_else(Default::default, |word| word.span);
        if patterns > PATTERNS && !self.burn_for(patterns * PATTERNS, span) {
            return Vec::new();
        }
        paths.into_iter().filter(|path| self.is_path_of_kind(kind, path)).collect()
    }
}
