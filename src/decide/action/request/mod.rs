//! HTTP requests that a command line sends: method, host, path, body, GraphQL operations.
//!
//! How each client writes them down is data (`rules/clients.yaml`); only what is a language of its own is read here:
//! httpie's items, curl's config files and URL patterns, requests as they go over the wire.
//! Text that is not known is [`GAP`](crate::decide::syntax::GAP) in all strings.

mod assemble;
mod body;
mod client;
mod config_file;
mod item;
mod matching;
mod option;
mod url;
mod wire;

use super::value::Value;
use crate::decide::syntax::graphql::Operation;

pub use matching::http_matches;

/// One request that would be sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The client, by base name.
    pub program: String,
    /// The method in capitals. A header that overrides the method counts.
    pub method: String,
    /// The host in lower case, without port and user; `unix:PATH` for a socket; empty for `file:`.
    pub host: String,
    /// The port, if one is written; else 443 or 80 by the scheme; `None` where it is not known.
    pub port: Option<u16>,
    /// The path, decoded and without empty and dotted segments; begins with `/`.
    pub path: String,
    /// The query's parameters, decoded.
    pub query: Vec<(String, String)>,
    /// Headers: names in lower case.
    pub headers: Vec<(String, String)>,
    /// Members of a JSON body at any depth, or fields of a form.
    pub fields: Vec<(String, String)>,
    /// The body's text, if it has one.
    pub body: Option<String>,
    /// The GraphQL operations that it holds.
    pub operations: Vec<Operation>,
    /// Local files that are sent or printed.
    pub reads: Vec<Value>,
    /// Local files that are written.
    pub writes: Vec<Value>,
    /// Local files that hold the answer then, under the name that the URL gives them.
    pub saves: Vec<Value>,
    /// An option or header sends it elsewhere than its URL says.
    pub diverted: bool,
    /// Something that was read from a secret is in it. The walk knows.
    pub secret: bool,
    /// Variables of the environment whose names tell a secret and whose values are in it. The walk knows.
    pub variables: Vec<String>,
    /// A local file outside the project is sent. The walk knows.
    pub outside: bool,
}

/// What a command line is given besides its words.
pub struct Given<'a> {
    /// The text of standard input, where it is known.
    pub stdin: Option<&'a Value>,
    /// The text of a file, if it is known.
    pub file: &'a mut dyn FnMut(&Value) -> Option<String>,
}

/// The requests that a command line sends. Empty if the program is no HTTP client.
pub fn read(program: &str, words: &[Value], given: &mut Given<'_>) -> Vec<Request> {
    client::clients(program).flat_map(|client| assemble::requests(client, program, words, given)).collect()
}

/// Is the program an HTTP client whose command lines are read?
#[must_use]
pub fn is_client(program: &str) -> bool {
    client::clients(program).next().is_some()
}

impl Request {
    /// A request that is not read from a command line: one from inline code, or through a proxy.
    #[must_use]
    pub fn to(method: &str, address: &str) -> Self {
        let url = url::parse(address, None);
        let method = method.to_uppercase();
        let mut request = Request { method, host: url.host, port: url.port, path: url.path, ..Request::default() };
        request.query = url.query;
        request
    }

    /// The request with a body, of which the fields and GraphQL operations are read.
    #[must_use]
    pub fn with_body(mut self, text: &str) -> Self {
        self.body = Some(text.to_owned());
        body::fill(&mut self, Vec::new());
        self
    }

    /// What is hit, for people: what a GraphQL operation selects, or method and URL. Hostile text.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names = vec![format!("{} {}{}", self.method, self.host, self.path)];
        for field in self.operations.iter().flat_map(|operation| &operation.fields).take(32) {
            let arguments: Vec<String> =
                field.arguments.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            names.push(if arguments.is_empty() {
                field.name.clone()
            } else {
                format!("{}({})", field.name, arguments.join(", "))
            });
        }
        names
    }
}

#[cfg(test)]
mod tests;
