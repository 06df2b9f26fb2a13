//! Searches by name: what `find . -name '*.pyc' -delete` can hit at most.

use super::expand::Argument;
use super::glob;
use super::list::Text;
use super::place::{PLACES, is_among};
use super::run::Called;
use super::stream::Stream;
use super::value::Value;

/// Words that end or turn round a search's conditions.
const TURNS: [&str; 5] = ["!", "-not", "-o", "-or", ","];
/// Words behind which something is done with what was found so far.
const ACTS: [&str; 9] = ["-delete", "-exec", "-execdir", "-ok", "-okdir", "-fprint", "-fprint0", "-fprintf", "-fls"];

/// What every path that the search finds looks like, if a name is asked for before anything is done, and no condition
/// is turned round: `./…/__pycache__`, `src/….pyc`. `None` if nothing is certain.
pub(super) fn found_by(words: &[Argument], by: &[Text]) -> Option<Value> {
    if by.is_empty() {
        return None;
    }
    let mut tail = None;
    let mut names = words.iter();
    let mut acted = false;
    while let Some(word) = names.next() {
        match word.value.known() {
            Some(text) if TURNS.contains(&text) => return None,
            Some(text) if ACTS.contains(&text) => acted = true,
            Some(text) if !acted && tail.is_none() && by.iter().any(|option| **option == *text) => {
                tail = tail_of(names.next()?.value.known()?);
            }
            // It may be several words, and one of them a turn.
            _ if word.many || word.value.known_start().is_empty() && word.value.is_unknown() => return None,
            Some(_) | None => {}
        }
    }
    let tail = tail?;
    let mut value = start_of(words)?;
    value.push_known("/");
    value.push_unknown();
    value.push_known(&tail);
    Some(value)
}

/// What every path looks like that is found by a name, where the name has no certain end: `/tmp/…`.
pub(super) fn found_somewhere(words: &[Argument], by: &[Text]) -> Option<Value> {
    let behind = |at: usize| words.get(at + 1).map(|word| &word.value);
    let named = |(at, word): (usize, &Argument)| {
        let asks = word.value.known().is_some_and(|text| by.iter().any(|option| **option == *text));
        asks.then(|| behind(at)).flatten()
    };
    let names = words.iter().enumerate().filter_map(named);
    if !is_by_name(words, names) {
        return None;
    }
    let mut value = start_of(words)?;
    value.push_known("/");
    value.push_unknown();
    Some(value)
}

/// Does the search find nothing but what is empty, before anything is done?
pub(super) fn is_only_empty(words: &[Argument]) -> bool {
    let known: Option<Vec<&str>> = words.iter().map(|word| word.value.known()).collect();
    known.is_some_and(|known| {
        let act = known.iter().position(|word| ACTS.contains(word)).unwrap_or(known.len());
        let empty = known.iter().position(|word| *word == "-empty");
        empty.is_some_and(|empty| empty < act) && !known.iter().any(|word| TURNS.contains(word) || *word == "(")
    })
}

/// The pattern of all that a search by name finds: `src/**/*.log`. `None` where it may find something else.
pub(super) fn found_pattern(words: &[Argument], by: &[Text]) -> Option<String> {
    let tail = found_by(words, by)?;
    let start = tail.known_start().strip_suffix('/')?.to_owned();
    let mut names = words.iter().skip_while(|word| !by.iter().any(|option| word.value.known() == Some(option)));
    let name = names.nth(1)?.value.known()?;
    (!start.is_empty() && !name.contains('/')).then(|| format!("{start}/**/{name}"))
}

/// Is a name asked for, of which something is said, and no condition turned round?
pub(super) fn is_by_name<'v>(words: &[Argument], mut names: impl Iterator<Item = &'v Value>) -> bool {
    const LEAST: usize = 3;
    let said =
        |name: &Value| name.known().is_some_and(|text| text.chars().filter(|c| c.is_alphanumeric()).count() >= LEAST);
    let turned = |word: &Argument| word.value.known().is_none_or(|text| TURNS.contains(&text));
    names.next().is_some_and(said) && names.next().is_none() && !words.iter().any(turned)
}

/// What every line looks like that a search prints, or that is left of such lines.
pub(super) fn each_line(called: Called<'_>, stdin: &Stream) -> Option<Value> {
    const BY: [Text; 2] = [Text("-name"), Text("-iname")];
    const WRITES: [&str; 9] = ["-exec", "-execdir", "-ok", "-okdir", "-printf", "-fprintf", "-ls", "-fls", "-delete"];
    let words = called.words;
    let is_print = |word: &Argument| matches!(word.value.known(), Some("-print" | "-print0"));
    let plain = words.iter().all(|word| word.value.known().is_some());
    match called.program {
        "find" | "gfind" | "bfs" => {
            let early = words.iter().rev().skip(1).any(is_print);
            let other = words.iter().any(|word| word.value.known().is_some_and(|text| WRITES.contains(&text)));
            if early || other || !plain { None } else { found_by(words, &BY) }
        }
        // What is passed on line by line.
        "sort" | "uniq" | "head" | "tail" | "tac" | "shuf" | "cat"
            if words.iter().all(|word| is_selection(word.value.known())) =>
        {
            stdin.each.clone()
        }
        "grep" | "egrep" | "fgrep" => match words.iter().filter(|word| !word.value.starts_with("-")).count() {
            1 if words.iter().all(|word| is_choice(word.value.known())) => stdin.each.clone(),
            _ => None,
        },
        _ => None,
    }
}

/// Options with which lines are chosen or put in order, and stay as they are.
fn is_selection(word: Option<&str>) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    word.is_some_and(|text| {
        matches!(text, "-n" | "-u" | "-r" | "-z") || is_number(text.trim_start_matches(['-', '+', 'n']))
    })
}

/// A pattern, or an option with which whole lines are printed.
fn is_choice(word: Option<&str>) -> bool {
    word.is_some_and(|text| {
        !text.starts_with('-') || matches!(text, "-v" | "-i" | "-E" | "-F" | "-e" | "-z" | "-vE" | "-iv" | "-vi")
    })
}

/// The end of every name that the pattern matches: `.pyc` for `*.pyc`, `/target` for `target`.
fn tail_of(pattern: &str) -> Option<String> {
    let end = pattern.rsplit(['*', '?', ']']).next().unwrap_or("");
    let whole = end.len() == pattern.len() && !pattern.contains(['[', '\\']);
    match (whole, end.is_empty()) {
        (_, true) => None,
        (true, false) => Some(format!("/{end}")),
        (false, false) => Some(end.to_owned()),
    }
}

/// Where the search begins: one place, or the working directory.
fn start_of(words: &[Argument]) -> Option<Value> {
    let is_place = |word: &&Argument| !matches!(word.value.known_start().chars().next(), Some('-' | '(' | '!'));
    let places: Vec<&Argument> =
        words.iter().skip_while(|word| matches!(word.value.known(), Some("-H" | "-P"))).take_while(is_place).collect();
    match places.as_slice() {
        [] => Some(Value::literal(".")),
        [one] if !one.pattern => one.value.known().map(|path| Value::literal(path.trim_end_matches('/'))),
        [_, ..] => None,
    }
}

/// Does the value name what only tools make, and make again, whatever stands before it?
pub(super) fn is_leftover(value: &Value) -> bool {
    let end = value.known_end();
    match end.rsplit_once('/') {
        Some((_, name)) => is_among(&PLACES.leftovers, name),
        // The name begins before what is known of it.
        None => PLACES.leftovers.iter().any(|pattern| pattern.starts_with('*') && glob::matches(pattern, end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::syntax::Span;

    fn found(text: &str) -> Option<String> {
        let words: Vec<Argument> = text.split(' ').map(|word| Argument::literal(word, Span::default())).collect();
        found_by(&words, &[Text("-name")]).map(|value| value.shown())
    }

    #[test]
    fn a_name_before_the_deed_says_what_is_found() {
        assert_eq!(found(". -name *.pyc -delete").as_deref(), Some("./….pyc"));
        assert_eq!(found("src/ -type d -name __pycache__ -exec rm -rf {} +").as_deref(), Some("src/…/__pycache__"));
        assert_eq!(found("-name *.o -delete").as_deref(), Some("./….o"));
    }

    #[test]
    fn a_name_behind_the_deed_or_turned_round_says_nothing() {
        assert_eq!(found(". -delete -name *.pyc"), None);
        assert_eq!(found(". ! -name *.pyc -delete"), None);
        assert_eq!(found(". -name *.pyc -o -type f -delete"), None);
        assert_eq!(found(". -name * -delete"), None);
        assert_eq!(found("a b -name *.pyc -delete"), None);
    }
}
