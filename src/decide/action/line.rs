//! One command line, taken apart into options and operands.

use super::expand::Argument;
use super::glob;
use super::likeness::{could_name, is_word, possibly};
use super::pack::{List, Pack, Rule, Text, When};
use super::value::Value;
use std::borrow::Cow;

/// An option as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flag<'a> {
    /// With its dashes: `-f`, `--force`, `-delete`.
    pub(super) name: Cow<'a, str>,
    /// Its value, where it has one.
    pub(super) value: Option<Cow<'a, Value>>,
    /// It was one of several letters behind one dash.
    bundled: bool,
    /// It is switched off: `--privileged=false`.
    off: bool,
    /// It stands behind an option that is not known to take a value, but might.
    maybe_value: bool,
}

impl<'a> Flag<'a> {
    /// An option that stands alone.
    fn switch(name: Cow<'a, str>) -> Self {
        Flag { name, value: None, bundled: false, off: false, maybe_value: false }
    }
}

/// `-x` for `x`. Most are known without being written anew.
fn short_name(letter: char) -> Cow<'static, str> {
    const ALL: &str = "-a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t-u-v-w-x-y-z\
                       -A-B-C-D-E-F-G-H-I-J-K-L-M-N-O-P-Q-R-S-T-U-V-W-X-Y-Z";
    let place = match letter {
        'a'..='z' => Some(usize::from(letter as u8 - b'a')),
        'A'..='Z' => Some(usize::from(letter as u8 - b'A') + 26),
        _ => None,
    };
    let known = place.and_then(|place| ALL.get(2 * place..2 * place + 2));
    known.map_or_else(|| Cow::Owned(format!("-{letter}")), Cow::Borrowed)
}

/// A word that is no option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operand<'a> {
    pub(super) argument: &'a Argument,
    /// It stands behind an option that is not known to take a value, but might.
    maybe_value: bool,
    /// Its place among the words.
    pub(super) index: usize,
}

/// A command line behind the program's name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line<'a> {
    /// All words behind the program's name.
    pub(super) words: &'a [Argument],
    pub(super) flags: Vec<Flag<'a>>,
    pub(super) operands: Vec<Operand<'a>>,
}

/// How a program writes its options.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grammar {
    pub(super) options_with_value: List<Text>,
    pub(super) switches: List<Text>,
    pub(super) single_dash: bool,
    pub(super) keywords: List<Text>,
    pub(super) options_first: bool,
    /// The rules whose conditions say of further options that they take no value.
    pub(super) rules: List<Rule>,
}

impl Grammar {
    /// Of this program nothing is known.
    pub(super) const PLAIN: Grammar = Grammar::of_options(List(&[]));

    /// A program of which only the options with a value are known.
    pub(super) const fn of_options(options_with_value: List<Text>) -> Self {
        Grammar {
            options_with_value,
            switches: List(&[]),
            single_dash: false,
            keywords: List(&[]),
            options_first: false,
            rules: List(&[]),
        }
    }

    /// The grammar that a pack states.
    pub(super) fn of_pack(pack: &Pack) -> Self {
        Grammar {
            options_with_value: pack.options_with_value,
            switches: pack.switches,
            single_dash: pack.single_dash,
            keywords: pack.keywords,
            options_first: pack.options_first,
            rules: pack.rules,
        }
    }

    fn takes_value(&self, name: &str) -> bool {
        self.options_with_value.iter().any(|option| **option == *name)
    }

    /// `of=FILE`: a keyword of the program with its value.
    fn keyword<'a>(&self, word: &'a Value) -> Option<(&'a str, Value)> {
        if self.keywords.is_empty() {
            return None;
        }
        let (name, _) = word.known_start().split_once('=')?;
        let known = self.keywords.iter().any(|keyword| **keyword == *name);
        if known { word.after('=').map(|value| (name, value)) } else { None }
    }

    /// Is it known of the option that the next word is not its value? What a rule asks for by its bare name is a switch.
    fn is_switch(&self, name: &str) -> bool {
        let conditions = |when: &When| [when.any_flag, when.all_flags, when.no_flag];
        ALWAYS_SWITCHES.contains(&name)
            || self.switches.iter().any(|one| **one == *name)
            || self
                .rules
                .iter()
                .any(|rule| conditions(&rule.when).iter().any(|list| list.iter().any(|one| **one == *name)))
    }
}

/// Options that take no value in any program that a rule knows.
const ALWAYS_SWITCHES: [&str; 8] = ["--yes", "--force", "--quiet", "--verbose", "--all", "--recursive", "-y", "--help"];

impl<'a> Line<'a> {
    pub(super) fn parse(words: &'a [Argument], grammar: Grammar) -> Self {
        let options = words.iter().filter(|word| word.value.known_start().starts_with('-')).count();
        let (flags, operands) = (Vec::with_capacity(options), Vec::with_capacity(words.len() - options));
        let mut line = Line { words, flags, operands };
        let mut rest = words.iter().enumerate();
        let mut maybe_value = false;
        let mut only_operands = false;
        while let Some((index, word)) = rest.next() {
            let start = word.value.known_start();
            if start == "--" && word.value.known().is_some() {
                line.operands.extend(rest.map(|(index, argument)| Operand { argument, maybe_value: false, index }));
                break;
            }
            if !maybe_value && let Some((name, value)) = grammar.keyword(&word.value) {
                let value = Some(Cow::Owned(value));
                line.flags.push(Flag { value, maybe_value, ..Flag::switch(Cow::Borrowed(name)) });
                continue;
            }
            if !start.starts_with('-') || start == "-" || only_operands {
                line.operands.push(Operand { argument: word, maybe_value, index });
                only_operands |= grammar.options_first && !maybe_value;
                maybe_value = false;
                continue;
            }
            let behind_option = maybe_value;
            let first = line.flags.len();
            maybe_value = line.take_flag(&word.value, grammar);
            line.flags.iter_mut().skip(first).for_each(|flag| flag.maybe_value = behind_option);
            if line.flags.last().is_some_and(|flag| flag.value.is_none() && grammar.takes_value(&flag.name)) {
                maybe_value = false;
                if let (Some((_, value)), Some(flag)) = (rest.next(), line.flags.last_mut()) {
                    flag.value = Some(Cow::Borrowed(&value.value));
                }
            }
        }
        line
    }

    /// The same command line with only its operands from this one on.
    pub(super) fn starting_at(&self, place: usize) -> Line<'a> {
        let operands = self.operands_from(place).to_vec();
        Line { words: self.words, flags: self.flags.clone(), operands }
    }

    /// The operands from this one on.
    pub(super) fn operands_from(&self, place: usize) -> &[Operand<'a>] {
        self.operands.get(place..).unwrap_or_default()
    }

    /// Notes one option word. `true` if the next word might be its value.
    fn take_flag(&mut self, word: &'a Value, grammar: Grammar) -> bool {
        let start = word.known_start();
        let value = word.after('=');
        let text = start.split_once('=').map_or(start, |(name, _)| name);
        let unknown_value = value.is_none();
        let long = text.starts_with("--");
        if long || text.chars().nth(2).is_none() || grammar.single_dash || grammar.takes_value(text) {
            let open = unknown_value && !grammar.is_switch(text);
            let off = value.as_ref().and_then(Value::known).is_some_and(|given| given == "false");
            let value = value.map(Cow::Owned);
            self.flags.push(Flag { value, off, ..Flag::switch(Cow::Borrowed(text)) });
            return open;
        }
        self.flags.push(Flag { value: value.map(Cow::Owned), ..Flag::switch(Cow::Borrowed(text)) });
        self.take_bundle(word, unknown_value, grammar)
    }

    /// Notes each letter of `-rf`, up to one that takes the rest as its value.
    fn take_bundle(&mut self, word: &'a Value, unknown_value: bool, grammar: Grammar) -> bool {
        let letters = word.known_start();
        let mut open = unknown_value;
        for (at, letter) in letters.char_indices().skip(1) {
            let short = short_name(letter);
            let behind = letters.get(at + letter.len_utf8()..).unwrap_or("");
            if grammar.takes_value(&short) {
                let value = (!behind.is_empty()).then(|| {
                    let mut value = Value::literal(behind);
                    value.parts.extend_from_slice(word.parts.get(1..).unwrap_or_default());
                    Cow::Owned(value)
                });
                self.flags.push(Flag { value, bundled: true, ..Flag::switch(short) });
                return false;
            }
            open = unknown_value && !grammar.is_switch(&short);
            self.flags.push(Flag { bundled: true, ..Flag::switch(short) });
        }
        open
    }

    /// Does this option stand? A long one may be abbreviated, as `getopt_long(3)` and git allow.
    pub(super) fn has_flag(&self, wanted: &str) -> bool {
        let stands = |flag: &Flag<'_>| is_flag(flag, wanted) || is_abbreviated(flag, wanted);
        self.flags.iter().any(|flag| stands(flag) && (wanted.contains('=') || !flag.off))
    }

    /// Does this option certainly stand? For conditions that make a command harmless: it is written out, is not
    /// perhaps the value of another option, and is nowhere switched off (`--dry-run=none`), for the last one counts.
    pub(super) fn has_plain_flag(&self, wanted: &str) -> bool {
        if wanted.contains('=') {
            let certain = |flag: &Flag<'_>| flag.value.as_ref().is_some_and(|value| value.known().is_some());
            return self.flags.iter().any(|flag| is_flag(flag, wanted) && !flag.maybe_value && certain(flag));
        }
        let off = |flag: &Flag<'_>| flag.value.as_deref().is_some_and(is_off);
        let mut own = self.flags.iter().filter(|flag| is_flag(flag, wanted)).peekable();
        own.peek().is_some()
            && own.all(|flag| (!flag.bundled || flag.name == wanted) && !flag.maybe_value && !off(flag))
    }

    /// Is it a question for help, and nothing else? Programs differ in what they do with `--help` among other words: some
    /// have begun by then (`kill -9 -1 --help`), and some take it for an operand.
    pub(super) fn asks_for_help(&self) -> bool {
        let alone = self.flags.iter().all(|flag| flag.name == "--help" && !flag.maybe_value);
        let last = self.words.last().is_some_and(|word| word.value.known() == Some("--help"));
        let first = self.words.first().is_some_and(|word| word.value.known() == Some("--help"));
        alone && (last || first) && self.has_plain_flag("--help")
    }

    /// The values of an option.
    pub(super) fn values<'l>(&'l self, names: &'l [Text]) -> impl Iterator<Item = &'l Value> {
        let named = |flag: &&Flag<'_>| names.iter().any(|name| **name == *flag.name);
        self.flags.iter().filter(named).filter_map(|flag| flag.value.as_deref())
    }

    /// The place of the first operand behind a subcommand pattern (`volume rm|remove`), if it stands at the front. What
    /// might be an option's value may be passed over.
    pub(super) fn subcommand(&self, pattern: &str) -> Option<usize> {
        let operand = self.operands.first()?;
        // Most patterns name something else.
        if !operand.maybe_value && !could_name(pattern, operand.argument.value.known()) {
            return None;
        }
        let (first, more) = pattern.split_once(' ').map_or((pattern, false), |(first, _)| (first, true));
        let begins = is_word(&operand.argument.value, first);
        if !operand.maybe_value && !begins {
            return None;
        }
        if !operand.maybe_value && !more {
            return Some(1);
        }
        self.subcommand_of(&pattern.split(' ').collect::<Vec<&str>>())
    }

    fn subcommand_of(&self, words: &[&str]) -> Option<usize> {
        // How many of the pattern's words may have been met; each operand takes the next one, or is passed over.
        let mut reached = vec![false; words.len() + 1];
        *reached.first_mut()? = true;
        for (at, operand) in self.operands.iter().enumerate() {
            let mut next = vec![false; words.len() + 1];
            for (count, word) in words.iter().enumerate().filter(|(count, _)| reached.get(*count) == Some(&true)) {
                // `--assignee $x`: nothing says that this is no value.
                let value_of_option = operand.maybe_value && operand.argument.value.is_anything();
                if is_word(&operand.argument.value, word) && !value_of_option {
                    next.get_mut(count + 1).into_iter().for_each(|met| *met = true);
                }
                if operand.maybe_value {
                    next.get_mut(count).into_iter().for_each(|met| *met = true);
                }
            }
            if next.last() == Some(&true) {
                return Some(at + 1);
            }
            if !next.contains(&true) {
                return None;
            }
            reached = next;
        }
        None
    }
}

/// Words that switch an option off, or that are not known.
fn is_off(value: &Value) -> bool {
    value
        .known()
        .is_none_or(|text| matches!(text.to_ascii_lowercase().as_str(), "false" | "none" | "no" | "off" | "0" | "f"))
}

fn is_flag(flag: &Flag<'_>, wanted: &str) -> bool {
    if *flag.name == *wanted {
        return true;
    }
    let Some(plain) = wanted.find(['=', '*', '?', '[']) else { return false };
    if !flag.name.starts_with(wanted.get(..plain).unwrap_or(wanted)) {
        return false;
    }
    if let Some((name, value)) = wanted.split_once('=') {
        return *flag.name == *name && flag.value.as_deref().is_some_and(|given| possibly(value, given));
    }
    wanted.contains(['*', '?']) && glob::matches(wanted, &flag.name)
}

fn is_abbreviated(flag: &Flag<'_>, wanted: &str) -> bool {
    let typed = &*flag.name;
    if typed.len() < 5 || !typed.starts_with("--") || !wanted.starts_with(typed) {
        return false;
    }
    let (name, fits) = match wanted.split_once('=') {
        Some((name, value)) => (name, flag.value.as_deref().is_some_and(|given| possibly(value, given))),
        None => (wanted, true),
    };
    fits && name.len() > typed.len() && name.starts_with(typed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::syntax::Span;

    fn words(text: &str) -> Vec<Argument> {
        text.split(' ').map(|word| Argument::literal(word, Span::default())).collect()
    }

    const GIT: Grammar = Grammar::of_options(List(&[Text("-C"), Text("-m")]));

    #[test]
    fn options_in_a_bundle_and_values_are_told_apart() {
        let words = words("-C /srv push -fm text origin");
        let line = Line::parse(&words, GIT);
        assert!(line.has_flag("-f") && line.has_flag("-m"));
        let operands: Vec<_> = line.operands.iter().filter_map(|o| o.argument.value.known()).collect();
        assert_eq!(operands, ["push", "origin"]);
    }

    #[test]
    fn a_long_option_may_be_abbreviated_where_that_is_the_stricter_reading() {
        let words = words("push --forc");
        let line = Line::parse(&words, GIT);
        assert!(line.has_flag("--force"));
        assert!(!line.has_plain_flag("--force"));
    }

    #[test]
    fn an_option_that_is_switched_off_again_makes_nothing_harmless() {
        let (on, off) = (words("rm --dry-run=client"), words("rm --dry-run=client --dry-run=none"));
        assert!(Line::parse(&on, GIT).has_plain_flag("--dry-run"));
        assert!(!Line::parse(&off, GIT).has_plain_flag("--dry-run"));
        let (off, both) = (words("run --privileged=false"), words("run --privileged=false --privileged"));
        assert!(!Line::parse(&off, GIT).has_flag("--privileged"));
        assert!(Line::parse(&both, GIT).has_flag("--privileged"));
    }

    #[test]
    fn an_option_with_another_value_is_not_taken_for_an_abbreviation() {
        let words = words("run --cap-add=NET_ADMIN");
        let line = Line::parse(&words, GIT);
        assert!(line.has_flag("--cap-add=NET_*"));
        assert!(!line.has_flag("--cap-add=ALL"));
    }

    #[test]
    fn help_beside_other_options_makes_nothing_harmless() {
        for (text, asks) in [
            ("destroy --help", true),
            ("--help push", true),
            ("destroy -auto-approve --help", false),
            ("-9 -1 --help", false),
            ("commit -m --help", false),
            ("rm --help a", false),
        ] {
            let words = words(text);
            assert_eq!(Line::parse(&words, GIT).asks_for_help(), asks, "{text}");
        }
    }

    #[test]
    fn a_subcommand_is_found_behind_an_option_of_which_nothing_is_known() {
        let words = words("--zone a compute delete x");
        let line = Line::parse(&words, GIT);
        assert_eq!(line.subcommand("compute delete|destroy"), Some(3));
        assert_eq!(line.subcommand("delete"), None);
    }

    #[test]
    fn a_word_that_is_known_in_part_matches_what_it_could_be() {
        let mut value = Value::literal("del");
        value.push_unknown();
        assert!(possibly("delete", &value));
        assert!(!possibly("list", &value));
        assert!(possibly("*", &Value::unknown()));
        let mut copy = Value::unknown();
        copy.push_known(".bak");
        assert!(!possibly("/proc/*/environ", &copy));
        assert!(possibly("/srv/*.bak", &copy) && possibly("*", &copy));
        let mut renamed = Value::unknown();
        renamed.push_known("-");
        renamed.push_unknown();
        assert!(!possibly("/dev/null", &renamed));
        assert!(possibly("delete-user", &renamed));
    }
}
