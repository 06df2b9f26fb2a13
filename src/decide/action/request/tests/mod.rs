//! Trials: command lines to requests, and requests against conditions.

mod condition;
mod line;

use super::{Given, Request, read};
use crate::decide::action::value::Value;

/// A word in which `…` is a gap.
fn value(word: &str) -> Value {
    let mut value = Value::default();
    for (index, part) in word.split('…').enumerate() {
        if index > 0 {
            value.push_unknown();
        }
        value.push_known(part);
    }
    value
}

/// The requests of a command line. Files: `body.json`, `mutation.json`, `curlrc`, `name.txt`.
fn requests(line: &str, stdin: Option<&str>) -> Vec<Request> {
    let words: Vec<Value> =
        shell_words::split(line).expect("a trial is well quoted").iter().map(|word| value(word)).collect();
    let Some((program, words)) = words.split_first() else { return Vec::new() };
    let stdin = stdin.map(value);
    let mut file = |name: &Value| {
        let text = match name.known()? {
            "body.json" => "{\"type\": \"power_off\"}",
            "mutation.json" => "{\"query\": \"mutation { volumeDelete(volumeId: \\\"v\\\") }\"}",
            "mutation.graphql" => "mutation { volumeDelete(volumeId: \"v\") }",
            "curlrc" => "# a comment\nrequest = DELETE\nurl = \"https://api.test/from-file\"\n-H \"X-A: b\"\n",
            "name.txt" => "from a file",
            _ => return None,
        };
        Some(text.to_owned())
    };
    read(program.known().unwrap_or_default(), words, &mut Given { stdin: stdin.as_ref(), file: &mut file })
}

/// `DELETE api.test/a ?x=1 {k=v} mutation volumeDelete`
fn shown(request: &Request) -> String {
    let mut line = format!("{} {}", request.method, request.host);
    if !matches!(request.port, Some(80 | 443) | None) {
        line.push_str(&format!(":{}", request.port.unwrap_or_default()));
    }
    line.push_str(&request.path);
    let pairs =
        |pairs: &[(String, String)]| pairs.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("&");
    if !request.query.is_empty() {
        line.push_str(&format!(" ?{}", pairs(&request.query)));
    }
    if !request.fields.is_empty() && request.operations.is_empty() {
        line.push_str(&format!(" {{{}}}", pairs(&request.fields)));
    } else if let Some(body) = request.body.as_ref().filter(|body| !body.is_empty() && request.operations.is_empty()) {
        line.push_str(&format!(" <{body}>"));
    }
    for operation in &request.operations {
        line.push_str(&format!(" {:?}", operation.kind).to_lowercase());
        for field in &operation.fields {
            line.push_str(&format!(" {}", field.name));
        }
    }
    line
}

#[track_caller]
fn expect(cases: &[(&str, &[&str])]) {
    for (line, wanted) in cases {
        let found: Vec<String> = requests(line, None).iter().map(shown).collect();
        assert_eq!(found, *wanted, "{line}");
    }
}

#[track_caller]
fn expect_with_stdin(cases: &[(&str, &str, &[&str])]) {
    for (line, stdin, wanted) in cases {
        let found: Vec<String> = requests(line, Some(stdin)).iter().map(shown).collect();
        assert_eq!(found, *wanted, "{line} < {stdin}");
    }
}
