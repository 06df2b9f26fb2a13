//! Executes a GraphQL request on JSON (GraphQL specification, section 6, as far as the stand-in needs it).

use apollo_parser::Parser;
use apollo_parser::cst::{Definition, Document, Field, OperationDefinition, Selection, SelectionSet, Value as Given};
use serde_json::{Map, Value, json};

/// Deeper selections than this are not followed.
const DEEPEST: usize = 16;

/// A field at the root of an operation, with its arguments resolved.
pub(super) struct Call {
    /// The field's own name, whatever its alias.
    pub(super) name: String,
    /// Arguments by name.
    pub(super) arguments: Map<String, Value>,
}

/// Executes what a request's body asks for; `resolve` gives the whole value of a field at the root, or the
/// message of an error. The answer is a GraphQL response.
pub(super) fn execute(body: &[u8], resolve: &mut dyn FnMut(&Call) -> Result<Value, String>) -> Value {
    let Ok(request) = serde_json::from_slice::<Value>(body) else { return fault("the body is not JSON") };
    let Some(text) = request.get("query").and_then(Value::as_str) else { return fault("no query was given") };
    let tree = Parser::new(text).recursion_limit(64).token_limit(5000).parse();
    if let Some(error) = tree.errors().next() {
        return fault(error.message());
    }
    let document = tree.document();
    let Some(root) = document.definitions().find_map(operation).and_then(|operation| operation.selection_set()) else {
        return fault("no operation was given");
    };
    let variables = request.get("variables").cloned().unwrap_or_default();
    let mut data = Map::new();
    for field in fields(&root, &document, 0) {
        let call = Call { name: name_of(&field), arguments: arguments(&field, &variables) };
        match resolve(&call) {
            Ok(value) => data.insert(key_of(&field), select(&value, field.selection_set(), &document, 0)),
            Err(message) => return fault(&message),
        };
    }
    json!({ "data": data })
}

fn operation(definition: Definition) -> Option<OperationDefinition> {
    if let Definition::OperationDefinition(operation) = definition { Some(operation) } else { None }
}

fn fault(message: &str) -> Value {
    json!({ "errors": [{ "message": message }] })
}

/// The fields of a selection, through its fragments.
fn fields(set: &SelectionSet, document: &Document, depth: usize) -> Vec<Field> {
    if depth > DEEPEST {
        return Vec::new();
    }
    let inner = |set: Option<SelectionSet>| set.map(|set| fields(&set, document, depth + 1)).unwrap_or_default();
    let mut found = Vec::new();
    for selection in set.selections() {
        match selection {
            Selection::Field(field) => found.push(field),
            Selection::InlineFragment(fragment) => found.extend(inner(fragment.selection_set())),
            Selection::FragmentSpread(spread) => {
                let wanted = spread.fragment_name().and_then(|name| name.name()).map(|name| name.text().to_string());
                found.extend(inner(fragment(document, wanted.as_deref())));
            }
        }
    }
    found
}

fn fragment(document: &Document, wanted: Option<&str>) -> Option<SelectionSet> {
    document.definitions().find_map(|definition| {
        let Definition::FragmentDefinition(found) = definition else { return None };
        let name = found.fragment_name()?.name()?.text().to_string();
        (Some(&*name) == wanted).then(|| found.selection_set())?
    })
}

fn name_of(field: &Field) -> String {
    field.name().map(|name| name.text().to_string()).unwrap_or_default()
}

/// Under which name the answer is given: the alias, if there is one.
fn key_of(field: &Field) -> String {
    let alias = field.alias().and_then(|alias| alias.name()).map(|name| name.text().to_string());
    alias.unwrap_or_else(|| name_of(field))
}

fn arguments(field: &Field, variables: &Value) -> Map<String, Value> {
    let given = field.arguments().into_iter().flat_map(|all| all.arguments());
    given
        .filter_map(|argument| Some((argument.name()?.text().to_string(), value_of(argument.value()?, variables))))
        .collect()
}

/// Strings and variables, which is what the stand-in's arguments are.
fn value_of(given: Given, variables: &Value) -> Value {
    if let Given::Variable(variable) = &given {
        let name = variable.name().map(|name| name.text().to_string()).unwrap_or_default();
        return variables.get(&name).cloned().unwrap_or_default();
    }
    if let Given::StringValue(text) = given { Value::String(text.into()) } else { Value::Null }
}

/// Keeps of a value what was asked for.
fn select(value: &Value, set: Option<SelectionSet>, document: &Document, depth: usize) -> Value {
    let Some(set) = set.filter(|_| depth <= DEEPEST) else { return value.clone() };
    if let Some(items) = value.as_array() {
        return items.iter().map(|item| select(item, Some(set.clone()), document, depth + 1)).collect();
    }
    let part = |field: &Field| {
        let inner = value.get(name_of(field)).unwrap_or(&Value::Null);
        (key_of(field), select(inner, field.selection_set(), document, depth + 1))
    };
    Value::Object(fields(&set, document, depth).iter().map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(body: &Value) -> (Value, Vec<String>) {
        let mut calls = Vec::new();
        let answer = execute(body.to_string().as_bytes(), &mut |call| {
            calls.push(format!("{} {}", call.name, Value::Object(call.arguments.clone())));
            Ok(json!([{ "id": "v", "name": "n", "backups": [{ "id": "b" }] }]))
        });
        (answer, calls)
    }

    #[test]
    fn a_query_gets_what_it_asks_for() {
        let (answer, _) = run(&json!({ "query": "query { all: volumes { name backups { id } } }" }));
        assert_eq!(answer, json!({ "data": { "all": [{ "name": "n", "backups": [{ "id": "b" }] }] } }));
    }

    #[test]
    fn a_mutation_is_met_through_aliases_fragments_and_variables() {
        for query in [
            "mutation { volumeDelete(volumeId: \"v\") }",
            "mutation M($id: String!) { x: volumeDelete ( volumeId : $id ) }",
            "mutation { ... on Mutation { volumeDelete(volumeId: \"v\") } }",
            "mutation { ...f } fragment f on Mutation { volumeDelete(volumeId: \"v\") }",
        ] {
            let (_, calls) = run(&json!({ "query": query, "variables": { "id": "v" } }));
            assert_eq!(calls, ["volumeDelete {\"volumeId\":\"v\"}"], "{query}");
        }
    }

    #[test]
    fn what_is_no_request_is_an_error_and_calls_nothing() {
        for body in [json!("x"), json!({}), json!({ "query": "mutation {" }), json!({ "query": "" })] {
            let (answer, calls) = run(&body);
            assert!(answer.get("errors").is_some() && calls.is_empty(), "{body}");
        }
        let (_, calls) = run(&json!({ "query": "query { ...a } fragment a on Q { ...a }" }));
        assert!(calls.is_empty());
    }
}
