//! curl's config files (curl(1), `--config`): options without their dashes, one a line.

use crate::decide::action::value::Value;

/// The words that stand for the lines of a config file.
pub(super) fn words(text: &str) -> Vec<Value> {
    let mut words = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let end = line.find(|c: char| c.is_whitespace() || c == '=' || c == ':').unwrap_or(line.len());
        let (name, rest) = line.split_at_checked(end).unwrap_or((line, ""));
        let value = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '=' || c == ':');
        let name = if name.starts_with('-') { name.to_owned() } else { format!("--{name}") };
        words.push(Value::literal(&name));
        if !value.is_empty() {
            words.push(Value::literal(&unquote(value)));
        }
    }
    words
}

/// A value in double quotes knows `\\`, `\"`, `\n`, `\r`, `\t`, `\v`; one without ends at a blank.
fn unquote(value: &str) -> String {
    let Some(inside) = value.strip_prefix('"') else {
        return value.split_whitespace().next().unwrap_or_default().to_owned();
    };
    let mut text = String::new();
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => match characters.next() {
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('t') => text.push('\t'),
                Some('v') => text.push('\u{0B}'),
                Some(other) => text.push(other),
                None => break,
            },
            other => text.push(other),
        }
    }
    text
}
