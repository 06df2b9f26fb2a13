//! Brace expansion: `{a,b}` and `{1..3}` (bash(1), Brace Expansion).

use crate::decide::syntax::Piece;
use std::borrow::Cow;

/// The most words that one word may become; beyond that the word stays as written.
const MOST: usize = 512;

/// One symbol of a word: an active character or a whole piece that braces do not look into.
#[derive(Debug, Clone)]
enum Symbol<'p> {
    Active(char),
    Whole(&'p Piece),
}

/// The words that one word becomes, each as pieces. Without braces, the word itself.
pub(super) fn expand(pieces: &[Piece]) -> Vec<Cow<'_, [Piece]>> {
    if !has_braces(pieces) {
        return vec![Cow::Borrowed(pieces)];
    }
    let mut symbols = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Bare(text) => symbols.extend(text.chars().map(Symbol::Active)),
            Piece::Quoted(_)
            | Piece::Variable { .. }
            | Piece::Parameter { .. }
            | Piece::Command { .. }
            | Piece::Process { .. }
            | Piece::Arithmetic { .. }
            | Piece::Opaque(_) => symbols.push(Symbol::Whole(piece)),
        }
    }
    let mut budget = MOST;
    match expand_symbols(&symbols, 0, &mut budget) {
        Some(words) => words.iter().map(|word| Cow::Owned(to_pieces(word))).collect(),
        None => vec![Cow::Borrowed(pieces)],
    }
}

/// Might the word become several?
pub(super) fn has_braces(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Bare(text) if text.contains('{')))
}

fn to_pieces(symbols: &[Symbol<'_>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for symbol in symbols {
        match symbol {
            Symbol::Active(c) => match pieces.last_mut() {
                Some(Piece::Bare(text)) => text.push(*c),
                _ => pieces.push(Piece::Bare(c.to_string())),
            },
            Symbol::Whole(piece) => pieces.push((*piece).clone()),
        }
    }
    pieces
}

/// `None` when the budget is spent or the nesting too deep.
fn expand_symbols<'p>(symbols: &[Symbol<'p>], depth: usize, budget: &mut usize) -> Option<Vec<Vec<Symbol<'p>>>> {
    if depth > 16 {
        return None;
    }
    let Some((open, close, commas)) = find_braces(symbols) else {
        return Some(vec![symbols.to_vec()]);
    };
    let before = symbols.get(..open)?;
    let inside = symbols.get(open + 1..close)?;
    let middles = if commas.is_empty() {
        sequence(inside)?.into_iter().map(|text| text.chars().map(Symbol::Active).collect()).collect()
    } else {
        let mut middles = Vec::new();
        let mut from = open + 1;
        for to in commas.into_iter().chain([close]) {
            middles.append(&mut expand_symbols(symbols.get(from..to)?, depth + 1, budget)?);
            from = to + 1;
        }
        middles
    };
    let after = expand_symbols(symbols.get(close + 1..)?, depth + 1, budget)?;
    *budget = budget.checked_sub(middles.len().checked_mul(after.len())?)?;
    let mut words = Vec::new();
    for middle in &middles {
        for end in &after {
            words.push(before.iter().chain(middle).chain(end).cloned().collect());
        }
    }
    Some(words)
}

/// The first braces that expand: their places and those of the commas between them.
fn find_braces(symbols: &[Symbol<'_>]) -> Option<(usize, usize, Vec<usize>)> {
    let mut stack: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut found: Option<(usize, usize, Vec<usize>)> = None;
    for (at, symbol) in symbols.iter().enumerate() {
        match symbol {
            Symbol::Active('{') => stack.push((at, Vec::new())),
            Symbol::Active(',') => {
                if let Some((_, commas)) = stack.last_mut() {
                    commas.push(at);
                }
            }
            Symbol::Active('}') => {
                if let Some((open, commas)) = stack.pop()
                    && (!commas.is_empty() || symbols.get(open + 1..at).and_then(sequence).is_some())
                    && found.as_ref().is_none_or(|(earlier, ..)| open < *earlier)
                {
                    let outermost = stack.is_empty();
                    found = Some((open, at, commas));
                    if outermost {
                        return found;
                    }
                }
            }
            Symbol::Active(_) | Symbol::Whole(_) => {}
        }
    }
    found
}

/// `1..5`, `a..e`, `1..9..2` as the texts that they become.
fn sequence(symbols: &[Symbol<'_>]) -> Option<Vec<String>> {
    let mut text = String::new();
    for symbol in symbols {
        match symbol {
            Symbol::Active(c) => text.push(*c),
            Symbol::Whole(_) => return None,
        }
    }
    let mut parts = text.split("..");
    let (from, to, step) = (parts.next()?, parts.next()?, parts.next());
    let step = step.map_or(Some(1), |s| s.parse::<i64>().ok().map(|n| n.saturating_abs().max(1)))?;
    if let (Ok(from), Ok(to)) = (from.parse::<i64>(), to.parse::<i64>()) {
        return numbers(from, to, step).map(|all| all.iter().map(i64::to_string).collect());
    }
    let (from, to) = (single(from)?, single(to)?);
    let all = numbers(i64::from(u32::from(from)), i64::from(u32::from(to)), step)?;
    all.iter().map(|n| u32::try_from(*n).ok().and_then(char::from_u32).map(String::from)).collect()
}

fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|c| c.is_ascii_alphabetic() && characters.next().is_none())
}

fn numbers(from: i64, to: i64, step: i64) -> Option<Vec<i64>> {
    let count = from.abs_diff(to) / step.unsigned_abs();
    if usize::try_from(count).ok()? > MOST {
        return None;
    }
    let mut all = Vec::new();
    for index in 0..=i64::try_from(count).ok()? {
        // What lies between the two ends is a number, whatever comes out on the way.
        let away = index.wrapping_mul(step);
        all.push(if from <= to { from.wrapping_add(away) } else { from.wrapping_sub(away) });
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> Vec<String> {
        let pieces = [Piece::Bare(text.to_owned())];
        expand(&pieces)
            .iter()
            .map(|word| {
                word.iter().map(|piece| if let Piece::Bare(text) = piece { text.as_str() } else { "?" }).collect()
            })
            .collect()
    }

    #[test]
    fn lists_and_sequences_expand_as_in_bash() {
        assert_eq!(expanded("{rm,-rf,/}"), ["rm", "-rf", "/"]);
        assert_eq!(expanded("a{1..3}b"), ["a1b", "a2b", "a3b"]);
        assert_eq!(expanded("{a,b{c,d}}e"), ["ae", "bce", "bde"]);
        assert_eq!(expanded("{c..a}"), ["c", "b", "a"]);
        assert_eq!(expanded("{1..3..-9223372036854775808}"), ["1"]);
        let (least, most) = (i64::MIN, i64::MAX);
        assert_eq!(
            expanded(&format!("{{{least}..{most}..{most}}}")),
            [least.to_string(), "-1".into(), "9223372036854775806".into()]
        );
    }

    #[test]
    fn braces_that_list_nothing_stay() {
        assert_eq!(expanded("{}"), ["{}"]);
        assert_eq!(expanded("{a}"), ["{a}"]);
        assert_eq!(expanded("{a,b"), ["{a,b"]);
    }

    #[test]
    fn a_word_that_would_become_too_many_stays() {
        assert_eq!(expanded("{1..100000}").len(), 1);
        assert_eq!(expanded("{1..30}{1..30}{1..30}").len(), 1);
    }
}
