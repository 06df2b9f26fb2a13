//! Does a rule apply to a request?

use super::Request;
use crate::decide::action::glob;
use crate::decide::action::pack::{HttpWhen, Text};
use crate::decide::syntax::GAP;
use crate::decide::syntax::graphql::{Operation, OperationKind};

/// Does the condition hold? What is not known counts as what would be worse, but a host of which nothing is
/// known only where the path is known to fit.
#[must_use]
pub fn http_matches(when: &HttpWhen, request: &Request) -> bool {
    any(&when.method, |glob| could_match(glob, &request.method))
        && match_host(when, request)
        && match_path(when, request)
        && match_port(when, request)
        && when.secret.is_none_or(|secret| secret == request.secret)
        && any(&when.variable, |glob| request.variables.iter().any(|name| glob::matches(glob, name)))
        && when.outside.is_none_or(|outside| outside == request.outside)
        && any(&when.query, |pair| match_pair(pair, request.query.iter().chain(&request.fields)))
        && match_body(when, request)
        && any(&when.header, |pair| match_pair(pair, request.headers.iter()))
        && match_operations(when, request)
}

/// An empty list asks nothing.
fn any(list: &[Text], holds: impl Fn(&str) -> bool) -> bool {
    list.is_empty() || list.iter().any(|text| holds(text))
}

fn is_known(text: &str) -> bool {
    !text.contains(GAP)
}

/// Nothing of it is known but perhaps a port.
fn is_unknown_host(host: &str) -> bool {
    host.contains(GAP) && !host.chars().any(char::is_alphanumeric)
}

fn match_host(when: &HttpWhen, request: &Request) -> bool {
    let host = request.host.as_str();
    let excluded =
        is_known(host) && !request.diverted && when.no_host.iter().any(|glob| glob::matches_ignoring_case(glob, host));
    if excluded {
        return false;
    }
    if is_unknown_host(host) && !when.host.is_empty() {
        // `curl -X POST $URL`: that it could be any host says nothing, unless the path is that API's own.
        return when.path.iter().any(|glob| ends_alike(glob, &request.path));
    }
    let plain = host.trim_end_matches(GAP);
    any(&when.host, |glob| could_match(glob, host) || could_match(glob, plain))
}

/// Does the path fit the pattern, or the end of it (`$BASE` may hold the front)? Two segments at least must be written out.
fn ends_alike(pattern: &str, path: &str) -> bool {
    let segments: Vec<&str> = pattern.split('/').filter(|segment| !segment.is_empty()).collect();
    (0..segments.len()).any(|from| {
        let end = segments.get(from..).unwrap_or_default();
        let own = end.iter().filter(|segment| !segment.contains('*')).count();
        own >= 2 && path_matches(&end.join("/"), path, false)
    })
}

fn match_path(when: &HttpWhen, request: &Request) -> bool {
    let base_unknown = is_unknown_host(&request.host) && !when.host.is_empty();
    // That an unknown path could be any says nothing, unless host or port say whose it is.
    let own_port = request.port.is_some_and(|port| when.port.contains(&port) && !matches!(port, 80 | 443));
    let gaps = !when.host.is_empty() || own_port;
    (base_unknown || any(&when.path, |glob| path_matches(glob, &request.path, gaps)))
        && !(is_known(&request.path) && when.no_path.iter().any(|glob| path_matches(glob, &request.path, false)))
}

fn match_port(when: &HttpWhen, request: &Request) -> bool {
    when.port.is_empty() || request.port.is_none_or(|port| when.port.contains(&port))
}

fn match_body(when: &HttpWhen, request: &Request) -> bool {
    let unseen = request.body.as_deref().is_some_and(|text| text.trim_start().starts_with(GAP));
    unseen
        || (any(&when.body_key, |glob| request.fields.iter().any(|(key, _)| could_match(glob, key)))
            && any(&when.body, |pair| match_pair(pair, request.fields.iter())))
}

/// `name=value`, or `name` alone.
fn match_pair<'r>(pair: &str, mut among: impl Iterator<Item = &'r (String, String)>) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, "*"));
    among.any(|(one, given)| could_match(name, one) && could_match(value, given))
}

fn match_operations(when: &HttpWhen, request: &Request) -> bool {
    if when.operation.is_empty() && when.field.is_empty() && when.field_word.is_empty() {
        return true;
    }
    request.operations.iter().any(|operation| match_operation(when, operation))
}

fn match_operation(when: &HttpWhen, operation: &Operation) -> bool {
    let kind = match operation.kind {
        OperationKind::Query => "query",
        OperationKind::Mutation => "mutation",
        OperationKind::Subscription => "subscription",
        OperationKind::Unseen => "unseen",
    };
    let asks_field = !(when.field.is_empty() && when.field_word.is_empty());
    // Of a persisted document the name is known, and not the kind.
    let unseen = operation.kind == OperationKind::Unseen && asks_field;
    if !unseen && !any(&when.operation, |one| one == kind) {
        return false;
    }
    !asks_field
        || operation.fields.iter().any(|field| {
            any(&when.field, |glob| could_match(glob, &field.name))
                && any(&when.field_word, |word| {
                    field.name.contains(GAP) || words(&field.name).iter().any(|own| glob::matches(word, own))
                })
        })
}

/// The words of a name: `volumeDelete`, `delete_users`, `HTTPRouteRemove`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        let lower_next = characters.peek().is_some_and(|next| next.is_lowercase());
        let begins = !before.is_alphabetic() || (character.is_uppercase() && (before.is_lowercase() || lower_next));
        if character.is_alphabetic() {
            match words.last_mut() {
                Some(word) if !begins => word.extend(character.to_lowercase()),
                _ => words.push(character.to_lowercase().collect()),
            }
        }
        before = character;
    }
    words
}

/// Does the text match, or could it where it has gaps? Without regard to case.
fn could_match(pattern: &str, text: &str) -> bool {
    if is_known(text) {
        return glob::matches_ignoring_case(pattern, text);
    }
    // Both have runs that stand for anything: one row of a table for each character of the pattern.
    let text: Vec<char> = text.chars().take(256).map(|c| c.to_ascii_lowercase()).collect();
    let mut row: Vec<bool> = (0..=text.len()).map(|at| text.iter().take(at).all(|c| *c == GAP)).collect();
    for wanted in pattern.chars().take(256).map(|c| c.to_ascii_lowercase()) {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            let above = row.get(at).copied().unwrap_or(false);
            let (left, corner) = match at.checked_sub(1) {
                Some(left) => (next.get(left).copied().unwrap_or(false), row.get(left).copied().unwrap_or(false)),
                None => (false, false),
            };
            let own = at.checked_sub(1).and_then(|at| text.get(at)).copied();
            let holds = match (wanted, own) {
                ('*', _) => above || left,
                (_, Some(GAP)) => above || left,
                (wanted, Some(own)) => corner && (wanted == own || matches!(wanted, '?' | '[')),
                (_, None) => false,
            };
            if let Some(cell) = next.get_mut(at) {
                *cell = holds;
            }
        }
        row = next;
    }
    row.last().copied().unwrap_or(false)
}

/// Segment by segment: `*` is within one, `**` is any number of them. With `gaps`, a gap may be any segments.
fn path_matches(pattern: &str, path: &str, gaps: bool) -> bool {
    let pattern: Vec<&str> = pattern.split('/').filter(|segment| !segment.is_empty()).take(32).collect();
    let path: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).take(64).collect();
    // reach[j]: the pattern so far matches the first j segments.
    let mut reach: Vec<bool> = vec![false; path.len() + 1];
    if let Some(first) = reach.first_mut() {
        *first = true;
    }
    for wanted in pattern {
        let mut next = vec![false; path.len() + 1];
        for at in 0..=path.len() {
            let before = at.checked_sub(1);
            let own = before.and_then(|at| path.get(at)).copied();
            let left = before.and_then(|left| next.get(left)).copied().unwrap_or(false);
            let corner = before.and_then(|left| reach.get(left)).copied().unwrap_or(false);
            let above = reach.get(at).copied().unwrap_or(false);
            let holds = if wanted == "**" {
                above || left
            } else {
                own.is_some_and(|own| {
                    // A segment that is nothing but a gap may also stand for several, or for none.
                    let open = gaps && is_open(own);
                    (corner && segment_matches(wanted, own, gaps)) || (open && (left || above))
                })
            };
            if let Some(cell) = next.get_mut(at) {
                *cell = holds;
            }
        }
        reach = next;
    }
    reach.last().copied().unwrap_or(false)
}

fn is_open(segment: &str) -> bool {
    segment.chars().all(|c| c == GAP)
}

fn segment_matches(pattern: &str, segment: &str, gaps: bool) -> bool {
    if gaps || is_known(segment) {
        return could_match(pattern, segment);
    }
    // What is not known is a name, and no word of the API: the gap is a letter like any other.
    glob::matches_ignoring_case(pattern, segment)
}
