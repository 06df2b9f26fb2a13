//! Bodies: the members of JSON, the fields of forms, and the GraphQL inside.

use super::Request;
use super::url::parameters;
use crate::decide::syntax::GAP;
use crate::decide::syntax::Patience;
use crate::decide::syntax::graphql::{self, Operation};

/// The most members that are read, and how deep.
const MEMBERS: usize = 4096;
const DEEPEST: usize = 128;

/// One member of a JSON object.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member<'a> {
    key: String,
    /// A string without its quotes; anything else as written.
    value: String,
    /// An object or list as written.
    raw: &'a str,
    /// How many objects and lists it stands in.
    depth: usize,
    /// Which element of the outermost list it stands in.
    element: usize,
}

/// Fills in the fields and operations of a request with a body. `pairs` are fields that were given one by one.
pub(super) fn fill(request: &mut Request, pairs: Vec<(String, String)>) {
    let text = request.body.clone().unwrap_or_default();
    let trimmed = text.trim_start();
    let mut operations = Vec::new();
    request.fields = pairs;
    if trimmed.starts_with(['{', '[', '"']) && !is_graphql(request) {
        let members = members(trimmed);
        operations.extend(operations_of_members(&members));
        request.fields.extend(members.into_iter().map(|member| (member.key, member.value)));
    } else if is_graphql(request) || (names_graphql(request) && graphql::is_document(trimmed)) {
        operations.extend(graphql::read(trimmed, None, None));
    } else if text.contains('=') {
        request.fields.extend(parameters(&text));
    }
    operations.extend(operations_of_pairs(&request.fields.clone(), request));
    operations.extend(operations_of_pairs(&request.query, request));
    if let Some(packed) = request.fields.iter().find(|(name, _)| name == "operations") {
        operations.extend(operations_of_members(&members(&packed.1)));
    }
    if operations.is_empty() && names_graphql(request) && trimmed.starts_with(GAP) {
        operations.push(graphql::unseen(Vec::new()));
    }
    request.operations = operations;
}

/// The body is a GraphQL document and nothing else.
fn is_graphql(request: &Request) -> bool {
    request
        .headers
        .iter()
        .any(|(name, value)| name == "content-type" && value.contains("application/graphql") && !value.contains("json"))
}

/// The path says that GraphQL is spoken there.
fn names_graphql(request: &Request) -> bool {
    let path = request.path.to_ascii_lowercase();
    path.split('/').any(|segment| segment.contains("graphql") || segment == "gql")
}

/// The operations of a GraphQL request in JSON, or of several in a list.
fn operations_of_members(members: &[Member<'_>]) -> Vec<Operation> {
    let mut operations = Vec::new();
    // In a list, each element has its own variables; the members stand in order, so the first that fits is near.
    let own = |key: &str, element: usize| {
        let from = members.partition_point(|member| member.element < element);
        let list = members.get(from..).unwrap_or_default();
        list.iter().take_while(|member| member.element == element).find(|member| member.key == key && member.depth <= 2)
    };
    for member in members.iter().filter(|member| member.depth <= 2).take(64) {
        let document = member.key == "query" && member.raw.is_empty() && graphql::is_document(&member.value);
        let variables = own("variables", member.element).map(|found| found.raw).filter(|raw| !raw.is_empty());
        let name = own("operationName", member.element).map(|found| found.value.as_str());
        if document {
            operations.extend(graphql::read(&member.value, variables, name));
        } else if member.key == "extensions" && own("query", member.element).is_none() {
            // A persisted document is known by its hash only; its name is all there is.
            operations.push(graphql::unseen(name.map(str::to_owned).into_iter().collect()));
        }
    }
    operations
}

/// The operations of a form, of `gh api graphql -f query=…`, of a URL.
fn operations_of_pairs(pairs: &[(String, String)], request: &Request) -> Vec<Operation> {
    let value = |key: &str| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let json = request.body.as_deref().is_some_and(|text| text.trim_start().starts_with(['{', '[']));
    let Some(document) = value("query").filter(|text| graphql::is_document(text) && !json) else { return Vec::new() };
    let fallback = serde_json::Map::from_iter(
        pairs.iter().filter(|(name, _)| name != "query").map(|(name, value)| (name.clone(), value.clone().into())),
    );
    let fallback = serde_json::Value::Object(fallback).to_string();
    graphql::read(document, Some(value("variables").unwrap_or(&fallback)), value("operationName"))
}

/// The members of all objects in a text that is JSON or nearly so. Linear; broken text gives what was found.
fn members(text: &str) -> Vec<Member<'_>> {
    let mut scanner = Scanner { text, at: 0, key: None, open: Vec::new(), element: 0, found: Vec::new() };
    let patience = Patience::for_length(text.len());
    while patience.look() && scanner.step() {}
    scanner.found
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The key whose value comes next.
    key: Option<String>,
    /// Objects and lists that are open: the place in `found` of the member whose value they are, and where they begin.
    open: Vec<(Option<usize>, usize)>,
    element: usize,
    found: Vec<Member<'a>>,
}

impl<'a> Scanner<'a> {
    fn step(&mut self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else { return false };
        if self.found.len() >= MEMBERS || self.open.len() > DEEPEST {
            return false;
        }
        let mut length = first.len_utf8();
        match first {
            '{' | '[' => self.enter(),
            '}' | ']' => self.leave(),
            ',' => self.key = None,
            ':' => {}
            '"' => {
                let (value, consumed) = string(rest);
                length = consumed;
                self.take_string(value, rest.get(consumed..).unwrap_or_default());
            }
            c if c.is_whitespace() => {}
            _ => {
                length = rest
                    .find(|c: char| c.is_whitespace() || matches!(c, ',' | '}' | ']' | '"' | ':'))
                    .unwrap_or(rest.len())
                    .max(length);
                let value = rest.get(..length).unwrap_or_default().to_owned();
                self.take_value(value);
            }
        }
        self.at += length;
        true
    }

    fn enter(&mut self) {
        let place = self.key.take().map(|key| {
            self.found.push(Member {
                key,
                value: String::new(),
                raw: "",
                depth: self.open.len(),
                element: self.element,
            });
            self.found.len() - 1
        });
        if self.open.len() == 1 {
            self.element += 1;
        }
        self.open.push((place, self.at));
    }

    fn leave(&mut self) {
        self.key = None;
        let Some((place, start)) = self.open.pop() else { return };
        if let Some(member) = place.and_then(|place| self.found.get_mut(place)) {
            member.raw = self.text.get(start..=self.at).unwrap_or_default();
        }
    }

    fn take_string(&mut self, value: String, behind: &str) {
        let window = behind.trim_start();
        if self.key.is_none() && window.starts_with(':') {
            self.key = Some(value);
        } else {
            self.take_value(value);
        }
    }

    fn take_value(&mut self, value: String) {
        if let Some(key) = self.key.take() {
            self.found.push(Member { key, value, raw: "", depth: self.open.len(), element: self.element });
        }
    }
}

/// A JSON string at the start of the text, decoded, and its length with quotes. One that is not closed reaches to the end.
fn string(rest: &str) -> (String, usize) {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (text, at + 1),
            '\\' => match characters.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, 't')) => text.push('\t'),
                Some((_, 'r')) => text.push('\r'),
                Some((at, 'u')) => {
                    let digits = rest.get(at + 1..at + 5).unwrap_or_default();
                    let code = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                    if let Some(code) = code {
                        text.push(code);
                        characters.nth(3);
                    }
                }
                Some((_, other)) => text.push(other),
                None => break,
            },
            other => text.push(other),
        }
    }
    (text, rest.len())
}
