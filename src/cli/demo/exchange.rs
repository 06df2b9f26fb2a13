//! As much of HTTP/1.1 as `curl` needs: one request and one answer on a connection (RFC 9112).

use std::io::{self, Read, Write};

/// Most bytes of a request's head and of its body. Whatever is longer is refused.
const LONGEST_HEAD: usize = 16 * 1024;
const LONGEST_BODY: usize = 64 * 1024;

/// One request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// `POST`
    pub(super) method: String,
    /// `/graphql/v2`
    pub(super) path: String,
    /// The token behind `Authorization: Bearer`.
    pub(super) bearer: Option<String>,
    /// The body.
    pub(super) body: Vec<u8>,
}

/// Reads one request.
///
/// # Errors
/// When the connection ends early, or the request is too long or not HTTP.
pub(super) fn read(from: &mut impl Read) -> io::Result<Request> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if bytes.len() > LONGEST_HEAD || read_more(from, &mut bytes)? == 0 {
            return Err(refused("the request has no head"));
        }
    };
    let head = String::from_utf8_lossy(bytes.get(..head_end).unwrap_or_default()).into_owned();
    let length = header(&head, "content-length").map_or(Ok(0), str::parse).map_err(|_| refused("no length"))?;
    if length > LONGEST_BODY {
        return Err(refused("the body is too long"));
    }
    let mut body = bytes.split_off(head_end + 4);
    while body.len() < length {
        if read_more(from, &mut body)? == 0 {
            return Err(refused("the body ends early"));
        }
    }
    body.truncate(length);
    let mut first = head.lines().next().unwrap_or_default().split(' ').map(str::to_owned);
    let (Some(method), Some(path)) = (first.next(), first.next()) else { return Err(refused("no request line")) };
    let bearer = header(&head, "authorization").and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned);
    Ok(Request { method, path, bearer, body })
}

fn read_more(from: &mut impl Read, bytes: &mut Vec<u8>) -> io::Result<usize> {
    let mut piece = [0; 4096];
    let read = from.read(&mut piece)?;
    bytes.extend_from_slice(piece.get(..read).unwrap_or_default());
    Ok(read)
}

fn header<'h>(head: &'h str, wanted: &str) -> Option<&'h str> {
    let named = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    named.filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim()).next()
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Answers with JSON and closes.
///
/// # Errors
/// When the connection is gone.
pub(super) fn answer(to: &mut impl Write, status: &str, json: &str) -> io::Result<()> {
    let length = json.len() + 1;
    write!(
        to,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{json}\n"
    )?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_with_its_token_and_its_body() {
        let text = "POST /graphql/v2 HTTP/1.1\r\nHost: x\r\nauthorization: Bearer t0k\r\nContent-Length: 4\r\n\r\n{\"a\"ignored";
        let request = read(&mut text.as_bytes()).expect("a request");
        assert_eq!((&*request.method, &*request.path), ("POST", "/graphql/v2"));
        assert_eq!(request.bearer.as_deref(), Some("t0k"));
        assert_eq!(request.body, b"{\"a\"");
    }

    #[test]
    fn what_ends_early_or_never_ends_is_refused() {
        assert!(read(&mut "GET /".as_bytes()).is_err());
        assert!(read(&mut "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort".as_bytes()).is_err());
        assert!(read(&mut "POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n".as_bytes()).is_err());
        assert!(read(&mut io::repeat(b'a')).is_err());
    }
}
