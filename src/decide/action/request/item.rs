//! httpie's and xh's request items (httpie documentation, Request items).

use super::Given;
use super::assemble::Draft;
use crate::decide::action::value::Value;
use crate::decide::syntax::GAP;

/// The separators, the longer before the shorter.
const SEPARATORS: &[&str] = &[":=@", "==@", "=@", ":=", "==", ":@", "=", ":", "@", ";"];

/// Reads `[METHOD] URL [ITEM…]`.
pub(super) fn read(operands: &[Value], given: &mut Given<'_>, draft: &mut Draft) {
    let mut rest = operands;
    if let [first, second, ..] = operands
        && is_method(first)
        && !is_item(second)
    {
        draft.method = Some(first.with_gaps("…"));
        rest = operands.get(1..).unwrap_or_default();
    }
    let Some((url, items)) = rest.split_first() else { return };
    draft.urls.push(url.clone());
    for item in items {
        take(item, given, draft);
    }
}

fn is_method(word: &Value) -> bool {
    word.is_anything()
        || word.known().is_some_and(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// `name=value` and its kin; a URL has a slash or a dot before any of them.
fn is_item(word: &Value) -> bool {
    let text = word.with_gaps("…");
    separator(&text).is_some_and(|(name, sign, behind)| {
        let port = sign == ":" && (behind.is_empty() || behind.starts_with(|c: char| c.is_ascii_digit() || c == '/'));
        !name.contains(['/', '.']) && !port && !name.is_empty() && !name.starts_with(GAP)
    })
}

/// The first separator of an item, with what stands before and behind it.
fn separator(text: &str) -> Option<(&str, &'static str, &str)> {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        escaped = character == '\\';
        let rest = text.get(at..)?;
        if let Some(sign) = SEPARATORS.iter().find(|sign| rest.starts_with(**sign)) {
            return Some((text.get(..at)?, sign, rest.get(sign.len()..)?));
        }
    }
    None
}

fn take(item: &Value, given: &mut Given<'_>, draft: &mut Draft) {
    let text = item.with_gaps("…");
    let Some((name, sign, value)) = separator(&text) else { return };
    let name = name.replace('\\', "");
    let file = Value::literal(value);
    let mut contents = |draft: &mut Draft| {
        draft.reads.push(file.clone());
        (given.file)(&file).unwrap_or_else(|| GAP.to_string())
    };
    match sign {
        "=" | ":=" => draft.pair(name, value.to_owned()),
        "=@" | ":=@" => {
            let value = contents(draft);
            draft.pair(name, value);
        }
        "==" => draft.query.push((name, value.to_owned())),
        "==@" => {
            let value = contents(draft);
            draft.query.push((name, value));
        }
        ":" | ";" => draft.headers.push((name.to_lowercase(), value.to_owned())),
        ":@" => {
            let value = contents(draft);
            draft.headers.push((name.to_lowercase(), value));
        }
        _ => {
            draft.reads.push(Value::literal(value));
            draft.pair(name, GAP.to_string());
        }
    }
}
