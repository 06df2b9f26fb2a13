//! `rules/schema/`: JSON Schemas, from the types that serde reads, with what their documentation says.

use super::keep;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use syn::{Attribute, Expr, Fields, Item, ItemEnum, ItemStruct, Lit, Meta, Type};

const SOURCES: [&str; 2] = ["src/decide/action", "src/decide/policy"];

#[test]
fn the_schemas_are_those_of_the_types() {
    let definitions = definitions();
    for (name, root) in [("pack", "Pack"), ("policy", "Document")] {
        let mut text = serde_json::to_string_pretty(&schema(root, &definitions)).expect("a schema can be written");
        text.push('\n');
        let path = format!("rules/schema/{name}.json");
        keep(&Path::new(env!("CARGO_MANIFEST_DIR")).join(path), text.as_bytes());
    }
}

#[test]
fn every_pack_that_comes_with_holdpoint_has_keys_of_the_schema_alone() {
    let schema = schema("Pack", &definitions());
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/packs");
    for entry in fs::read_dir(packs).expect("the packs").map(|entry| entry.expect("an entry").path()) {
        let text = fs::read_to_string(&entry).expect("a pack");
        let pack: Value = serde_yaml::from_str(&text).expect("YAML");
        fits(&pack, &schema, &schema, &entry.display().to_string());
    }
}

/// As much of a validator as these schemas need.
fn fits(value: &Value, part: &Value, whole: &Value, place: &str) {
    if let Some(reference) = part["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return fits(value, &whole["$defs"][name], whole, place);
    }
    if let Some(either) = part["anyOf"].as_array() {
        let (one, many) = (&either[0], &either[1]["items"]);
        return match value.as_array() {
            Some(items) => items.iter().for_each(|item| fits(item, many, whole, place)),
            None => fits(value, one, whole, place),
        };
    }
    if let Some(words) = part["enum"].as_array() {
        assert!(words.contains(value), "{place}: {value} is none of {words:?}");
    }
    if let (Some(members), Some(properties)) = (value.as_object(), part["properties"].as_object()) {
        for (name, member) in members {
            assert!(properties.contains_key(name), "{place}: {name} is not in the schema");
            fits(member, &properties[name], whole, &format!("{place}, {name}"));
        }
    }
}

type Definitions = BTreeMap<String, Value>;

fn definitions() -> Definitions {
    let mut all = Definitions::new();
    let list = |source| fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(source)).expect("sources");
    let paths = SOURCES.into_iter().flat_map(list).map(|entry| entry.expect("an entry").path());
    for path in paths.filter(|path| path.is_file()) {
        let file = syn::parse_file(&fs::read_to_string(path).expect("a source file")).expect("Rust");
        for item in file.items {
            match item {
                Item::Struct(item) if is_read(&item.attrs) => drop(all.insert(item.ident.to_string(), object(&item))),
                Item::Enum(item) if is_read(&item.attrs) => drop(all.insert(item.ident.to_string(), words(&item))),
                _ => {}
            }
        }
    }
    all
}

/// The schema of a type, with the definitions that it needs.
fn schema(root: &str, all: &Definitions) -> Value {
    let mut needed: BTreeMap<String, Value> = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(name) = open.pop() {
        // What reads itself by hand says no more than that it may stand here.
        let definition = all.get(&name).cloned().unwrap_or_else(|| json!({}));
        let text = definition.to_string();
        let references = text.split("#/$defs/").skip(1).filter_map(|rest| rest.split('"').next());
        open.extend(references.filter(|other| !needed.contains_key(*other) && *other != name).map(str::to_owned));
        needed.insert(name, definition);
    }
    let mut whole = needed.remove(root).expect("the root");
    whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    whole["$defs"] = json!(needed);
    whole
}

fn is_read(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("derive") && tokens(attribute).contains("Deserialize"))
}

fn object(item: &ItemStruct) -> Value {
    let all_optional = serde_of(&item.attrs).iter().any(|word| word == "default");
    let mut properties = Map::new();
    let mut required: Vec<String> = Vec::new();
    let Fields::Named(fields) = &item.fields else { panic!("{} has fields without names", item.ident) };
    for field in &fields.named {
        let serde = serde_of(&field.attrs);
        if serde.iter().any(|word| word == "skip") {
            continue;
        }
        let own = field.ident.as_ref().expect("a name").to_string();
        let name = serde.iter().find_map(|word| renamed(word)).unwrap_or(own);
        let mut part = match serde.iter().any(|word| word.contains("form::seconds")) {
            true => json!({"type": ["integer", "string"]}),
            false => type_of(&field.ty),
        };
        part["description"] = json!(documentation(&field.attrs));
        if let Some(alias) = serde.iter().find_map(|word| word.strip_prefix("alias = ")) {
            properties.insert(alias.trim_matches('"').to_owned(), part.clone());
        }
        let optional = all_optional || serde.iter().any(|word| word == "default") || is_option(&field.ty);
        if !optional {
            required.push(name.clone());
        }
        properties.insert(name, part);
    }
    json!({
        "description": documentation(&item.attrs),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn words(item: &ItemEnum) -> Value {
    let words: Vec<String> = item.variants.iter().map(word_of).collect();
    json!({"description": documentation(&item.attrs), "enum": words})
}

fn word_of(variant: &syn::Variant) -> String {
    let renamed = serde_of(&variant.attrs)
        .into_iter()
        .find_map(|word| word.strip_prefix("rename = ").map(|name| name.trim_matches('"').to_owned()));
    renamed.unwrap_or_else(|| {
        let mut word = String::new();
        for letter in variant.ident.to_string().chars() {
            if letter.is_uppercase() && !word.is_empty() {
                word.push('-');
            }
            word.extend(letter.to_lowercase());
        }
        word
    })
}

fn renamed(word: &str) -> Option<String> {
    word.strip_prefix("rename = ").map(|name| name.trim_matches('"').to_owned())
}

fn is_option(of: &Type) -> bool {
    name_of(of) == "Option"
}

fn name_of(of: &Type) -> String {
    match of {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

fn inner(of: &Type) -> &Type {
    let Type::Path(path) = of else { panic!("a type with a parameter") };
    let Some(syn::PathArguments::AngleBracketed(arguments)) = path.path.segments.last().map(|last| &last.arguments)
    else {
        panic!("a type with a parameter")
    };
    // Of a map, what the keys lead to.
    let Some(syn::GenericArgument::Type(inner)) = arguments.args.last() else { panic!("a type as parameter") };
    inner
}

fn type_of(of: &Type) -> Value {
    let one_or_many = |item: Value| json!({"anyOf": [item.clone(), {"type": "array", "items": item}]});
    match name_of(of).as_str() {
        "Text" | "String" => json!({"type": "string"}),
        "Trials" => one_or_many(json!({"type": "string"})),
        "bool" => json!({"type": "boolean"}),
        "u8" | "u16" | "u32" | "u64" => json!({"type": "integer"}),
        "List" | "Vec" => one_or_many(type_of(inner(of))),
        "Option" => type_of(inner(of)),
        "BTreeMap" => json!({"type": "object", "additionalProperties": type_of(inner(of))}),
        name => json!({"$ref": format!("#/$defs/{name}")}),
    }
}

fn tokens(attribute: &Attribute) -> String {
    match &attribute.meta {
        Meta::List(list) => list.tokens.to_string(),
        Meta::Path(_) | Meta::NameValue(_) => String::new(),
    }
}

/// The words of `#[serde(…)]`.
fn serde_of(attributes: &[Attribute]) -> Vec<String> {
    let serde = attributes.iter().filter(|attribute| attribute.path().is_ident("serde"));
    serde
        .flat_map(|attribute| tokens(attribute).split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>())
        .collect()
}

fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if attribute.path().is_ident("doc") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join(" ").trim().to_owned()
}
