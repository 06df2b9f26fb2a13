//! Options and operands to requests.

use super::client::Meaning;
use super::option::{Step, scan};
use super::{Given, Request, body, config_file, item, url, wire};
use crate::decide::action::client_form::{Client, DataForm, Operands};
use crate::decide::action::value::Value;
use crate::decide::syntax::GAP;

/// How deep config files may name further ones.
const DEEPEST: u32 = 3;

/// The most requests that one command line gives.
const MOST: usize = 64;

/// What the options of one request say.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) method: Option<String>,
    pub(super) urls: Vec<Value>,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) reads: Vec<Value>,
    writes: Vec<Value>,
    saved: bool,
    operands: Vec<Value>,
    /// The body's parts as text.
    text: Option<String>,
    /// Its fields that were given one by one.
    pairs: Vec<(String, String)>,
    socket: Option<String>,
    has_body: bool,
    get: bool,
    head: bool,
    uploads: bool,
    diverted: bool,
    /// Nothing is sent.
    offline: bool,
}

impl Draft {
    /// Adds a field of the body.
    pub(super) fn pair(&mut self, name: String, value: String) {
        self.has_body = true;
        self.pairs.push((name, value));
    }

    /// Adds text to the body.
    fn add(&mut self, text: &str, joint: &str) {
        self.has_body = true;
        match &mut self.text {
            Some(known) => {
                known.push_str(joint);
                known.push_str(text);
            }
            None => self.text = Some(text.to_owned()),
        }
    }
}

/// The requests of a command line by one description of its program.
pub(super) fn requests(client: &Client, program: &str, words: &[Value], given: &mut Given<'_>) -> Vec<Request> {
    let mut drafts = vec![Draft::default()];
    read_steps(client, words, given, &mut drafts, 0);
    if !takes_subcommand(client, &mut drafts) {
        return Vec::new();
    }
    let mut requests = Vec::new();
    for mut draft in drafts.into_iter().filter(|draft| !draft.offline) {
        read_operands(client, program, given, &mut draft, &mut requests);
        for text in addresses(client, &draft) {
            if requests.len() < MOST {
                requests.push(finish(client, program, &draft, &text));
            }
        }
    }
    requests
}

/// The word that must stand first among the operands is taken away.
fn takes_subcommand(client: &Client, drafts: &mut [Draft]) -> bool {
    let Some(wanted) = client.subcommand else { return true };
    let Some(draft) = drafts.first_mut() else { return false };
    let fits = draft.operands.first().is_some_and(|word| word.known().is_none_or(|text| text == &*wanted));
    if fits {
        draft.operands.remove(0);
    }
    fits
}

fn read_steps(client: &Client, words: &[Value], given: &mut Given<'_>, drafts: &mut Vec<Draft>, depth: u32) {
    for step in scan(client, words) {
        let Some(draft) = drafts.last_mut() else { return };
        match step {
            Step::Operand(word) => draft.operands.push(word),
            Step::Option(Meaning::Next, _) => drafts.push(Draft::default()),
            Step::Option(Meaning::Config, file) if depth < DEEPEST => {
                if let Some(text) = contents(&file, given) {
                    read_steps(client, &config_file::words(&text), given, drafts, depth + 1);
                } else {
                    // What is not seen may say anything: also another method and host.
                    draft.method.get_or_insert_with(|| GAP.to_string());
                    draft.diverted = true;
                }
            }
            Step::Option(meaning, value) => read_option(meaning, &value, given, draft),
        }
    }
}

fn read_option(meaning: Meaning, value: &Value, given: &mut Given<'_>, draft: &mut Draft) {
    let text = value.with_gaps("…");
    match meaning {
        Meaning::Method => draft.method = Some(text),
        Meaning::Url => draft.urls.push(value.clone()),
        Meaning::Header => read_header(&text, draft),
        Meaning::Data(form) => read_data(form, value, given, draft),
        Meaning::Upload => {
            draft.uploads = true;
            draft.reads.push(value.clone());
        }
        Meaning::Output => draft.writes.push(value.clone()),
        Meaning::Saved => draft.saved = true,
        Meaning::Socket => draft.socket = Some(text),
        Meaning::Elsewhere => draft.diverted = true,
        Meaning::Get => draft.get = true,
        Meaning::Head => draft.head = true,
        Meaning::Offline => draft.offline = true,
        Meaning::Form | Meaning::Config | Meaning::Next | Meaning::Other | Meaning::Flag => {}
    }
}

fn read_header(text: &str, draft: &mut Draft) {
    let Some((name, value)) = text.split_once(':') else { return };
    let name = name.trim().to_lowercase();
    draft.diverted |= name == "host" || name == "x-forwarded-host";
    draft.headers.push((name, value.trim().to_owned()));
}

/// The text of a file or of standard input.
fn contents(file: &Value, given: &mut Given<'_>) -> Option<String> {
    match file.known() {
        Some("-" | "/dev/stdin") => given.stdin.map(|text| text.with_gaps("…")),
        _ => (given.file)(file),
    }
}

/// The contents of a file that is sent, or a gap.
fn sent(file: &Value, given: &mut Given<'_>, draft: &mut Draft) -> String {
    if !matches!(file.known(), Some("-" | "/dev/stdin")) {
        draft.reads.push(file.clone());
    }
    contents(file, given).unwrap_or_else(|| GAP.to_string())
}

fn read_data(form: DataForm, value: &Value, given: &mut Given<'_>, draft: &mut Draft) {
    let text = value.with_gaps("…");
    match form {
        DataForm::Plain => draft.add(&text, "&"),
        DataForm::PlainOrFile | DataForm::Json => {
            let body = value.strip_prefix("@").map(|file| sent(&file, given, draft)).unwrap_or(text);
            draft.add(&body, if form == DataForm::Json { "" } else { "&" });
        }
        DataForm::File => {
            let body = sent(value, given, draft);
            draft.add(&body, "");
        }
        DataForm::Urlencoded => read_urlencoded(value, &text, given, draft),
        DataForm::Multipart => {
            let (name, content) = value.split_once('=').unwrap_or((value.clone(), Value::default()));
            let content = if let Some(file) = content.strip_prefix("@") {
                draft.reads.push(before_parameters(&file));
                GAP.to_string()
            } else if let Some(file) = content.strip_prefix("<") {
                sent(&before_parameters(&file), given, draft)
            } else {
                content.with_gaps("…")
            };
            draft.pair(name.with_gaps("…"), content);
        }
        DataForm::Field | DataForm::TypedField => {
            let (name, content) = value.split_once('=').unwrap_or((value.clone(), Value::default()));
            let content = match content.strip_prefix("@").filter(|_| form == DataForm::TypedField) {
                Some(file) => sent(&file, given, draft),
                None => content.with_gaps("…"),
            };
            // `a[b]=c` is the member b of the object a.
            let name = name.with_gaps("…");
            let last = name.trim_end_matches("[]").trim_end_matches(']').rsplit('[').next().unwrap_or_default();
            draft.pair(last.to_owned(), content);
        }
        DataForm::Query => match text.split_once('=') {
            Some((name, content)) => draft.query.push((name.to_owned(), content.to_owned())),
            None => draft.query.push((text, String::new())),
        },
    }
}

/// `@file;type=text/plain`
fn before_parameters(file: &Value) -> Value {
    file.split_once(';').map_or_else(|| file.clone(), |(name, _)| name)
}

fn read_urlencoded(value: &Value, text: &str, given: &mut Given<'_>, draft: &mut Draft) {
    match (text.find('='), value.split_once('@')) {
        (Some(at), _) if text.get(..at).is_some_and(|name| !name.contains('@')) => {
            let (name, content) = text.split_once('=').unwrap_or((text, ""));
            draft.pair(name.to_owned(), content.to_owned());
        }
        (_, Some((name, file))) => {
            let content = sent(&file, given, draft);
            draft.pair(name.with_gaps("…"), content);
        }
        (_, None) => draft.add(text, "&"),
    }
}

/// What the operands say: URLs, items, or nothing.
fn read_operands(
    client: &Client,
    program: &str,
    given: &mut Given<'_>,
    draft: &mut Draft,
    requests: &mut Vec<Request>,
) {
    let operands = std::mem::take(&mut draft.operands);
    match client.operands {
        Operands::Urls | Operands::Patterns => draft.urls.extend(operands),
        Operands::FirstUrl => draft.urls.extend(operands.into_iter().take(1)),
        Operands::Items => {
            if let Some(stdin) = given.stdin.filter(|stdin| !stdin.is_empty()) {
                draft.add(&stdin.with_gaps("…"), "");
            }
            item::read(&operands, given, draft);
        }
        Operands::Nothing => {}
        Operands::Wire => {
            let text = given.stdin.map(|stdin| stdin.with_gaps("…")).unwrap_or_default();
            let named: Vec<Value> = operands.into_iter().chain(std::mem::take(&mut draft.urls)).collect();
            requests.extend(wire::read(program, &text, &named));
        }
    }
}

/// The URLs of one draft, patterns written out.
fn addresses(client: &Client, draft: &Draft) -> Vec<String> {
    let texts = draft.urls.iter().map(|value| value.with_gaps("…"));
    if client.operands == Operands::Patterns {
        texts.flat_map(|text| url::expand(&text)).take(MOST).collect()
    } else {
        texts.take(MOST).collect()
    }
}

fn finish(client: &Client, program: &str, draft: &Draft, address: &str) -> Request {
    let parsed = url::parse(address, client.under.as_deref());
    let mut request = Request {
        program: program.to_owned(),
        host: parsed.host,
        port: parsed.port,
        path: parsed.path,
        query: parsed.query,
        headers: draft.headers.clone(),
        reads: draft.reads.clone(),
        writes: draft.writes.clone(),
        diverted: draft.diverted,
        ..Request::default()
    };
    if draft.saved || client.saves && draft.writes.is_empty() {
        let name = request.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        request.saves.push(Value::literal(if name.is_empty() { "index.html" } else { name }));
    }
    if parsed.scheme == "file" {
        request.reads.push(Value::literal(&request.path));
    }
    request.query.extend(draft.query.iter().cloned());
    if let Some(socket) = &draft.socket {
        request.host = format!("unix:{socket}");
    }
    request.method = method(client, draft);
    let mut pairs = draft.pairs.clone();
    if draft.get {
        request.query.append(&mut pairs);
        request.query.extend(draft.text.iter().flat_map(|text| url::parameters(text)));
    } else if draft.has_body {
        request.body = Some(draft.text.clone().unwrap_or_default());
    }
    body::fill(&mut request, pairs);
    override_method(&mut request);
    request
}

fn method(client: &Client, draft: &Draft) -> String {
    let written = draft.method.as_ref().map(|method| method.trim().to_uppercase());
    written.unwrap_or_else(|| {
        let by_options = if draft.head {
            Some("HEAD")
        } else if draft.get {
            Some("GET")
        } else if draft.uploads {
            Some("PUT")
        } else if draft.has_body {
            Some("POST")
        } else {
            None
        };
        by_options.or(client.default_method.as_deref()).unwrap_or("GET").to_owned()
    })
}

/// Frameworks let a header or a field say the method (`X-HTTP-Method-Override`, Rails' `_method`).
fn override_method(request: &mut Request) {
    let names = ["x-http-method-override", "x-http-method", "x-method-override"];
    let header = request.headers.iter().find(|(name, _)| names.contains(&name.as_str())).map(|(_, value)| value);
    let mut fields = request.fields.iter().chain(&request.query);
    let field = fields.find(|(name, _)| name == "_method").map(|(_, value)| value);
    if let Some(method) = header.or(field).filter(|_| request.method != "GET" && request.method != "HEAD") {
        request.method = method.trim().to_uppercase();
    }
}
