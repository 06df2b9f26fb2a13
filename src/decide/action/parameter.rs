//! The operators of `${name…}` that change a value (bash(1), Parameter Expansion).

use super::glob;
use super::value::Value;

/// What is longer after a replacement is not known.
const LONGEST_RESULT: usize = 1 << 16;

/// Applies an operator to a known value. What cannot be computed is not known.
pub(super) fn apply(operator: &str, current: &Value, operands: &[Value]) -> Value {
    let known = |index: usize| operands.get(index).map_or(Some(""), Value::known);
    let (Some(text), Some(first), Some(second)) = (current.known(), known(0), known(1)) else {
        return Value::unknown();
    };
    let changed = match operator {
        "#" | "##" | "%" | "%%" => Some(strip(operator, text, first)),
        "/" if literal(first) => Some(text.replacen(first, second, 1)),
        "//" if literal(first) => {
            // `${x//a/$x}` would grow with the square of its length.
            let grown = text.len() / first.len() * second.len();
            (grown <= LONGEST_RESULT).then(|| text.replace(first, second))
        }
        "^^" if first.is_empty() => Some(text.to_uppercase()),
        ",," if first.is_empty() => Some(text.to_lowercase()),
        "^" if first.is_empty() => Some(change_first(text, |c| c.to_uppercase().collect())),
        "," if first.is_empty() => Some(change_first(text, |c| c.to_lowercase().collect())),
        ":" => substring(text, first, operands.get(1).map(|_| second)),
        "length" => Some(text.chars().count().to_string()),
        _ => None,
    };
    changed.map_or_else(Value::unknown, |text| Value::literal(&text))
}

/// Does the result tell of the value no more than whether there is one, its length or a few characters?
pub(super) fn tells_little(operator: &str, operands: &[Value]) -> bool {
    const FEW: usize = 6;
    match operator {
        ":+" | "+" | "length" => true,
        ":" => operands
            .get(1)
            .and_then(Value::known)
            .is_some_and(|length| length.trim().parse::<usize>().is_ok_and(|length| length <= FEW)),
        _ => false,
    }
}

fn literal(pattern: &str) -> bool {
    !pattern.is_empty() && !pattern.contains(['*', '?', '[', '#', '%', '\\'])
}

fn change_first(text: &str, change: impl Fn(char) -> String) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| change(first) + characters.as_str())
}

/// Removes the shortest (`#`, `%`) or longest (`##`, `%%`) start or end that the pattern matches.
fn strip(operator: &str, text: &str, pattern: &str) -> String {
    // Beyond this length trying each cut would be quadratic; a variable's value is rarely longer.
    const LONGEST: usize = 1024;
    if text.len() > LONGEST {
        return text.to_owned();
    }
    let mut cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    if matches!(operator, "##" | "%") {
        cuts.reverse();
    }
    for at in cuts {
        let (before, after) = text.split_at(at);
        let (cut, rest) = if operator.starts_with('#') { (before, after) } else { (after, before) };
        if glob::matches(pattern, cut) {
            return rest.to_owned();
        }
    }
    text.to_owned()
}

fn substring(text: &str, offset: &str, length: Option<&str>) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    let count = i64::try_from(characters.len()).ok()?;
    let from: i64 = offset.trim().parse().ok()?;
    let from = if from < 0 { count.checked_add(from)? } else { from };
    if from < 0 || from > count {
        return Some(String::new());
    }
    let to = match length {
        None => count,
        Some(length) => {
            let length: i64 = length.trim().parse().ok()?;
            if length < 0 { count.checked_add(length)? } else { from.checked_add(length)?.min(count) }
        }
    };
    let slice = characters.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)?;
    Some(slice.iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(operator: &str, current: &str, operands: &[&str]) -> Option<String> {
        let operands: Vec<Value> = operands.iter().map(|text| Value::literal(text)).collect();
        apply(operator, &Value::literal(current), &operands).known().map(str::to_owned)
    }

    #[test]
    fn a_command_name_cut_out_of_a_string_is_known() {
        assert_eq!(applied(":", "farm", &["2", "2"]).as_deref(), Some("rm"));
        assert_eq!(applied("##", "/usr/bin/rm", &["*/"]).as_deref(), Some("rm"));
        assert_eq!(applied("%", "rm.sh", &[".*"]).as_deref(), Some("rm"));
        assert_eq!(applied("//", "rXm", &["X", ""]).as_deref(), Some("rm"));
    }

    #[test]
    fn what_cannot_be_computed_is_not_known() {
        assert_eq!(applied("@", "x", &["Q"]), None);
        assert_eq!(applied(":", "abc", &["x"]), None);
    }
}
