//! Requests as they go over the wire (RFC 9112), given to `nc` and its kin.

use super::{Request, body, url};
use crate::decide::action::value::Value;

/// Reads the requests that standard input holds. The operands name host and port.
pub(super) fn read(program: &str, text: &str, operands: &[Value]) -> Vec<Request> {
    let named = operands.first().map(|host| host.with_gaps("…")).unwrap_or_default();
    let mut requests: Vec<Request> = Vec::new();
    let mut in_body = false;
    for line in text.lines() {
        let line = line.trim_end_matches('\r');
        if let Some((method, path)) = request_line(line) {
            let mut request = Request::to(method, path);
            request.program = program.to_owned();
            if path.starts_with('/') {
                request.host.clone_from(&named);
            }
            requests.push(request);
            in_body = false;
            continue;
        }
        let Some(request) = requests.last_mut() else { continue };
        if in_body {
            let body = request.body.get_or_insert_with(String::new);
            body.push_str(line);
            body.push('\n');
        } else if line.is_empty() {
            in_body = true;
        } else if let Some((name, value)) = line.split_once(':') {
            let (name, value) = (name.trim().to_lowercase(), value.trim().to_owned());
            if name == "host" {
                request.host = url::parse(&value, None).host;
            }
            request.headers.push((name, value));
        }
    }
    for request in &mut requests {
        body::fill(request, Vec::new());
    }
    requests
}

/// `DELETE /x HTTP/1.1`
fn request_line(line: &str) -> Option<(&str, &str)> {
    let (method, rest) = line.split_once(' ')?;
    let (path, version) = rest.rsplit_once(' ')?;
    let known = !method.is_empty() && method.chars().all(|c| c.is_ascii_alphabetic() || c == '…');
    (known && version.starts_with("HTTP/")).then_some((method, path))
}
