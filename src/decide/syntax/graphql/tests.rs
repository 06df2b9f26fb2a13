use super::*;

/// `mutation volumeDelete(volumeId=x) b`: one line for each operation, `?` behind those that were not understood.
fn lines(text: &str, variables: Option<&str>, name: Option<&str>) -> Vec<String> {
    read(text, variables, name)
        .iter()
        .map(|operation| {
            let mut line = format!("{:?}", operation.kind).to_lowercase();
            for field in &operation.fields {
                line.push(' ');
                line.push_str(&field.name);
                if !field.arguments.is_empty() {
                    let shown: Vec<String> = field.arguments.iter().map(|(n, v)| format!("{n}={v}")).collect();
                    line.push_str(&format!("({})", shown.join(",")));
                }
            }
            if !operation.complete {
                line.push_str(" ?");
            }
            line
        })
        .collect()
}

#[track_caller]
fn expect(cases: &[(&str, &[&str])]) {
    for (text, wanted) in cases {
        assert_eq!(lines(text, None, None), *wanted, "{text}");
    }
}

#[test]
fn the_real_field_is_found_whatever_it_is_called() {
    expect(&[
        ("mutation { volumeDelete(volumeId: \"v1\") }", &["mutation volumeDelete(volumeId=v1)"]),
        ("mutation{volumeDelete(volumeId:\"v1\")}", &["mutation volumeDelete(volumeId=v1)"]),
        ("mutation { ok: volumeDelete(volumeId: \"v1\") }", &["mutation volumeDelete(volumeId=v1)"]),
        ("mutation M($v: String!) { volumeDelete(volumeId: $v) }", &["mutation volumeDelete(volumeId=$v)"]),
        ("mutation M($v: String = \"d\") { volumeDelete(volumeId: $v) }", &["mutation volumeDelete(volumeId=d)"]),
        (
            "mutation { ...F } fragment F on Mutation { volumeDelete(volumeId: 1) }",
            &["mutation volumeDelete(volumeId=1)"],
        ),
        ("mutation { ... on Mutation { volumeDelete } }", &["mutation volumeDelete"]),
        ("mutation { ... @include(if: true) { volumeDelete } }", &["mutation volumeDelete"]),
        ("#c\n,,mutation\n#c\n{\tvolumeDelete,}", &["mutation volumeDelete"]),
        ("query Q { volumes { id } }", &["query volumes"]),
        ("{ volumes { id } }", &["query volumes"]),
        ("subscription { deleted }", &["subscription deleted"]),
        ("mutation { a b c }", &["mutation a b c"]),
        ("mutation { volume { delete(id: 1) { ok } } }", &["mutation volume delete(id=1)"]),
        ("mutation { createLink(a: 1) { deleteUrl } }", &["mutation createLink(a=1)"]),
        ("mutation { createLink { deleteUrl } }", &["mutation createLink"]),
        ("mutation { f(input: {id: \"x\", all: true}) }", &["mutation f(input={id: \"x\", all: true})"]),
    ]);
}

#[test]
fn fragments_that_spread_themselves_end() {
    expect(&[
        ("mutation { ...A } fragment A on M { ...B } fragment B on M { ...A x }", &["mutation x"]),
        ("mutation { ...Missing }", &["mutation …"]),
    ]);
}

#[test]
fn variables_are_resolved() {
    let text =
        "mutation M($v: ID!, $i: In) { volumeDelete(volumeId: $v) other(input: {id: $v, k: $z}) more(input: $i) }";
    let found = lines(text, Some("{\"v\": \"vol-1\", \"i\": {\"a\": 1}}"), None);
    assert_eq!(found, ["mutation volumeDelete(volumeId=vol-1) other(input={id: vol-1, k: $z}) more(input={\"a\":1})"]);
}

#[test]
fn only_the_named_operation_runs() {
    let text = "query A { volumes } mutation B { volumeDelete }";
    assert_eq!(lines(text, None, Some("A")), ["query volumes"]);
    assert_eq!(lines(text, None, Some("B")), ["mutation volumeDelete"]);
    assert_eq!(lines(text, None, Some("…")), ["query volumes", "mutation volumeDelete"]);
    assert_eq!(lines(text, None, None), ["query volumes", "mutation volumeDelete"]);
}

#[track_caller]
fn expect_field(text: &str, field: &str) {
    let operations = read(text, None, None);
    let found = operations.iter().any(|o| o.kind != OperationKind::Query && o.fields.iter().any(|f| f.name == field));
    assert!(found, "{text}: {operations:?}");
}

#[test]
fn broken_text_still_gives_what_was_found() {
    for text in [
        "mutation { volumeDelete(volumeId: \"v",
        "mutation { volumeDelete(",
        "mutation { volumeDelete",
        "mutation { volumeDelete(volumeId: <%= id %>) }",
        "mutation { ok(a: %s) volumeDelete(id: %d) }",
        "mutation { ok(a: ~) } } volumeDelete(id: 1) {",
        "mutation … { volumeDelete(id: …) }",
        "mutation M($a: …) { … volumeDelete }",
    ] {
        expect_field(text, "volumeDelete");
    }
    assert!(!read("mutation { volumeDelete(", None, None).iter().any(|operation| operation.complete));
}

#[test]
fn text_that_is_not_known_is_unseen() {
    expect(&[("…", &["unseen ?"]), (" … ", &["unseen ?"]), ("type A { b: C }", &["unseen ?"])]);
    let long = format!("mutation {{ a }} #{}", "x".repeat(LONGEST));
    assert_eq!(lines(&long, None, None), ["unseen ?"]);
    expect_field("mutation { … }", "…");
    expect_field("mutation { …(id: 1) }", "…");
    expect_field("mutation { volume…(id: 1) }", "volume…");
}

#[test]
fn a_document_is_told_from_other_text() {
    for text in [
        "{ a }",
        "query { a }",
        "mutation M { a }",
        " #x\nmutation M($a: B) { c }",
        "…",
        "fragment F on T { a }",
        "query Q @d { a }",
    ] {
        assert!(is_document(text), "{text}");
    }
    for text in ["delete me", "", "select 1", "mutation of genes", "queryable", "query string", "status:open"] {
        assert!(!is_document(text), "{text}");
    }
}

#[test]
fn hostile_documents_are_read_in_linear_time() {
    for mark in [
        "{",
        "mutation{",
        "a{",
        "...",
        "...A ",
        "\"",
        "\"\"\"",
        "#",
        "$",
        "a(",
        "[",
        "…",
        "query A ",
        "a:",
        "@a",
        "fragment A on B{...A ",
    ] {
        let text = mark.repeat(LONGEST / mark.len());
        assert!(!read(&text, None, None).is_empty());
    }
}
