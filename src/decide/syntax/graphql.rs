//! GraphQL documents: what an operation selects at its root (GraphQL specification, October 2021).

use super::GAP;
use crate::decide::syntax::Patience;
use apollo_parser::Parser;
use apollo_parser::cst::{self, CstNode, Definition, FragmentDefinition, Selection, SelectionSet, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The longest document that is read, in bytes.
pub const LONGEST: usize = 64 * 1024;

/// How deep selections may be nested, and how many tokens a document may have. Beyond, names are only collected.
const DEEPEST: usize = 64;
const TOKENS: usize = 12_000;
/// The most fields that are listed for one document.
const FIELDS: usize = 1_000;

/// What an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// It reads.
    Query,
    /// It changes something.
    Mutation,
    /// It listens.
    Subscription,
    /// The document, or this part of it, is not known.
    Unseen,
}

/// One operation of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// What it is.
    pub kind: OperationKind,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The fields that it selects at its root, by their real names; fragments are followed. A field without arguments
    /// that only groups others (`admin { deleteUser(id: 1) }`) is followed by these.
    pub fields: Vec<Field>,
    /// Everything was understood.
    pub complete: bool,
}

/// One field with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The field's name. Hostile text if the document was not understood.
    pub name: String,
    /// Names and values, variables resolved where they are known, as text.
    pub arguments: Vec<(String, String)>,
}

/// What stands in the place of a gap, so that the parser reads a name there.
const STANDIN: &str = "__unknown_text__";

/// Does the text begin as a document does? Much JSON has a key `query` that is none.
#[must_use]
pub fn is_document(text: &str) -> bool {
    let text = skip_ignored(text);
    if text.starts_with('{') || text.starts_with(GAP) {
        return true;
    }
    ["query", "mutation", "subscription", "fragment"].iter().any(|word| {
        text.strip_prefix(word).is_some_and(|rest| {
            let open = skip_ignored(rest);
            let named =
                rest.len() > open.len() && open.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == GAP);
            open.is_empty() || open.starts_with(['{', '(', '@', GAP]) || (named && open.contains(['{', '(', '@', GAP]))
        })
    })
}

/// Reads a document. Total: what is not understood makes an operation that is not `complete` or
/// [`OperationKind::Unseen`]. With the name of an operation that stands in the document, only that one is returned.
#[must_use]
pub fn read(text: &str, variables: Option<&str>, operation_name: Option<&str>) -> Vec<Operation> {
    if text.len() > LONGEST || text.trim().chars().all(|c| c == GAP) {
        return vec![unseen(Vec::new())];
    }
    let text = text.replace(GAP, STANDIN);
    let tree = Parser::new(&text).recursion_limit(DEEPEST).token_limit(TOKENS).parse();
    let complete = tree.errors().len() == 0;
    let mut reader = Reader { variables: read_variables(variables), fragments: BTreeMap::new(), left: FIELDS };
    let document = tree.document();
    for definition in document.definitions() {
        if let Definition::FragmentDefinition(fragment) = definition
            && let Some(name) = fragment.fragment_name().and_then(|name| name.name())
        {
            reader.fragments.insert(name.text().to_string(), fragment);
        }
    }
    let mut operations = Vec::new();
    for definition in document.definitions() {
        if let Definition::OperationDefinition(operation) = definition {
            operations.push(reader.read_operation(&operation, complete));
        }
    }
    if !complete {
        add_names(&mut operations, &text);
    }
    if operations.is_empty() {
        operations.push(unseen(Vec::new()));
    }
    let chosen = operation_name.filter(|name| operations.iter().any(|one| one.name.as_deref() == Some(name)));
    if let (Some(chosen), true) = (chosen, complete) {
        operations.retain(|one| one.name.as_deref() == Some(chosen));
    }
    operations
}

/// An operation of which at most a name is known: a persisted document.
#[must_use]
pub fn unseen(names: Vec<String>) -> Operation {
    let fields = names.into_iter().map(|name| Field { name, arguments: Vec::new() }).collect();
    Operation { kind: OperationKind::Unseen, name: None, fields, complete: false }
}

struct Reader {
    variables: BTreeMap<String, String>,
    fragments: BTreeMap<String, FragmentDefinition>,
    /// How many more fields are listed.
    left: usize,
}

impl Reader {
    fn read_operation(&mut self, operation: &cst::OperationDefinition, complete: bool) -> Operation {
        let kind = operation.operation_type().map_or(OperationKind::Query, |kind| {
            if kind.mutation_token().is_some() {
                OperationKind::Mutation
            } else if kind.subscription_token().is_some() {
                OperationKind::Subscription
            } else {
                OperationKind::Query
            }
        });
        let name = operation.name().map(|name| original(&name.text()));
        let mut fields = Vec::new();
        if let Some(selection) = operation.selection_set() {
            self.read_selection(&selection, &mut fields, &mut BTreeSet::new(), 0);
        }
        let variables = operation.variable_definitions();
        self.fill_defaults(variables.as_ref(), &mut fields);
        Operation { kind, name, fields, complete: complete && self.left > 0 }
    }

    fn read_selection(
        &mut self,
        set: &SelectionSet,
        fields: &mut Vec<Field>,
        seen: &mut BTreeSet<String>,
        depth: usize,
    ) {
        if depth > DEEPEST {
            return;
        }
        for selection in set.selections() {
            match selection {
                Selection::Field(field) => self.read_field(&field, fields, seen, depth),
                Selection::InlineFragment(inline) => {
                    if let Some(inner) = inline.selection_set() {
                        self.read_selection(&inner, fields, seen, depth + 1);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.fragment_name().and_then(|name| name.name()).map(|name| name.text().to_string());
                    // A fragment that was followed already adds nothing, and may spread itself.
                    let Some(name) = name.filter(|name| seen.insert(name.clone())) else { continue };
                    let inner = self.fragments.get(&name).and_then(FragmentDefinition::selection_set);
                    match inner {
                        Some(inner) => self.read_selection(&inner, fields, seen, depth + 1),
                        None => self.push(fields, Field { name: GAP.to_string(), arguments: Vec::new() }),
                    }
                }
            }
        }
    }

    fn read_field(&mut self, field: &cst::Field, fields: &mut Vec<Field>, seen: &mut BTreeSet<String>, depth: usize) {
        let Some(name) = field.name() else { return };
        let given = field.arguments();
        let arguments: Vec<(String, String)> = given
            .iter()
            .flat_map(|list| list.arguments())
            .filter_map(|argument| self.read_argument(&argument))
            .collect();
        self.push(fields, Field { name: original(&name.text()), arguments });
        // `mutation { volume { delete(id: 1) } }`: the API's mutations stand below a name that groups them.
        if given.is_none()
            && depth < 3
            && let Some(inner) = field.selection_set()
        {
            let grouped = inner.selections().any(|one| matches!(one, Selection::Field(f) if f.arguments().is_some()));
            if grouped {
                self.read_selection(&inner, fields, seen, depth + 1);
            }
        }
    }

    fn push(&mut self, fields: &mut Vec<Field>, field: Field) {
        if self.left > 0 {
            self.left -= 1;
            fields.push(field);
        }
    }

    fn read_argument(&self, argument: &cst::Argument) -> Option<(String, String)> {
        let name = original(&argument.name()?.text());
        let value = argument.value()?;
        let written = value.syntax().text().to_string();
        let shown = if let Value::Variable(variable) = &value {
            let variable = variable.name().map(|name| name.text().to_string()).unwrap_or_default();
            self.variables.get(&variable).cloned().unwrap_or_else(|| format!("${variable}"))
        } else if let Value::StringValue(_) = &value {
            written.trim().trim_matches('"').to_owned()
        } else {
            self.resolve(written.trim())
        };
        Some((name, original(&shown)))
    }

    /// Puts known variables into an object or list: `{id: $id}`.
    fn resolve(&self, written: &str) -> String {
        let mut text = String::new();
        let mut rest = written;
        while let Some((before, behind)) = rest.split_once('$') {
            let end = behind.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(behind.len());
            let (name, tail) = behind.split_at_checked(end).unwrap_or((behind, ""));
            text.push_str(before);
            match self.variables.get(name) {
                Some(value) => text.push_str(value),
                None => text.extend(["$", name]),
            }
            rest = tail;
        }
        text + rest
    }

    /// Variables that were not given take the defaults of the operation.
    fn fill_defaults(&self, variables: Option<&cst::VariableDefinitions>, fields: &mut [Field]) {
        let mut defaults = BTreeMap::new();
        for variable in variables.iter().flat_map(|list| list.variable_definitions()) {
            let name = variable.variable().and_then(|v| v.name()).map(|name| format!("${}", name.text()));
            let value = variable.default_value().and_then(|default| default.value());
            if let (Some(name), Some(value)) = (name, value) {
                defaults.insert(name, value.syntax().text().to_string().trim().trim_matches('"').to_owned());
            }
        }
        for (_, value) in fields.iter_mut().flat_map(|field| field.arguments.iter_mut()) {
            if let Some(default) = defaults.get(value) {
                value.clone_from(default);
            }
        }
    }
}

/// The variables of a request, each as text.
fn read_variables(json: Option<&str>) -> BTreeMap<String, String> {
    let Some(Ok(serde_json::Value::Object(map))) = json.map(serde_json::from_str) else { return BTreeMap::new() };
    map.into_iter()
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (name, text)
        })
        .collect()
}

fn original(text: &str) -> String {
    text.replace(STANDIN, "…")
}

/// White space, commas and comments mean nothing in GraphQL.
fn skip_ignored(text: &str) -> &str {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',' || c == '\u{FEFF}');
        match rest.strip_prefix('#') {
            Some(comment) => rest = comment.split_once(['\n', '\r']).map_or("", |(_, behind)| behind),
            None => return rest,
        }
    }
}

/// Where a document was not understood, every name before a parenthesis or a brace may be a field: the parser may
/// have left out what stands behind its first error.
fn add_names(operations: &mut Vec<Operation>, text: &str) {
    let kind = if skip_ignored(text).starts_with("mutation") || text.contains("mutation") {
        OperationKind::Mutation
    } else {
        OperationKind::Query
    };
    let mut fields: Vec<Field> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut rest = text;
    let patience = Patience::for_length(text.len());
    while let Some(first) = rest.chars().next().filter(|_| patience.look()) {
        let length = match first {
            '"' => string_length(rest),
            '#' => rest.find(['\n', '\r']).unwrap_or(rest.len()),
            c if c.is_alphabetic() || c == '_' => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                let (name, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
                let called = behind.trim_start().starts_with(['(', '{', '}']) || behind.trim().is_empty();
                let keyword = matches!(name, "query" | "mutation" | "subscription" | "fragment" | "on");
                if called && !keyword && fields.len() < FIELDS && seen.insert(name.to_owned()) {
                    fields.push(Field { name: original(name), arguments: Vec::new() });
                }
                end
            }
            c => c.len_utf8(),
        };
        rest = rest.get(length.max(1)..).unwrap_or("");
    }
    operations.push(Operation { kind, name: None, fields, complete: false });
}

fn string_length(rest: &str) -> usize {
    if let Some(block) = rest.strip_prefix("\"\"\"") {
        return block.find("\"\"\"").map_or(rest.len(), |at| at + 6);
    }
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' | '\n' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests;
