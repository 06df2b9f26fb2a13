//! URLs, as far as clients understand them (RFC 3986, and what curl and httpie add).

use crate::decide::syntax::GAP;

/// The most URLs that one pattern with braces becomes.
const MOST: usize = 32;

/// A URL, taken apart and made plain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Url {
    pub(super) scheme: String,
    pub(super) host: String,
    pub(super) port: Option<u16>,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
}

/// Takes a URL apart. `under` is what it hangs below if it names no host.
pub(super) fn parse(text: &str, under: Option<&str>) -> Url {
    let text: String = text.trim().chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
    let absolute = match (text.split_once("://"), under) {
        (Some((scheme, _)), _) if is_scheme(scheme) => text,
        (_, Some(under)) => format!("{}/{}", under.trim_end_matches('/'), text.trim_start_matches('/')),
        (_, None) if text.starts_with("//") => format!("http:{text}"),
        (_, None) if text.starts_with('/') => format!("http://localhost{text}"),
        (_, None) if text.starts_with(':') && !text.starts_with("://") => format!("http://localhost{text}"),
        (_, None) => format!("http://{}", text.trim_start_matches("://")),
    };
    let (scheme, rest) = absolute.split_once("://").unwrap_or(("http", &absolute));
    let rest = rest.split('#').next().unwrap_or_default();
    let (front, query) = rest.split_once('?').unwrap_or((rest, ""));
    // A backslash is a slash to browsers and to some clients.
    let end = front.find(['/', '\\']).unwrap_or(front.len());
    let (authority, path) = front.split_at_checked(end).unwrap_or((front, ""));
    let (host, port, tail) = read_authority(authority);
    let scheme = scheme.to_ascii_lowercase();
    let known = match scheme.as_str() {
        "https" | "wss" => Some(443),
        "http" | "ws" => Some(80),
        _ => None,
    };
    Url {
        host: if scheme == "file" { String::new() } else { host },
        port: port.or(if authority.contains(GAP) { None } else { known }),
        path: normalise(&format!("{tail}{path}")),
        query: parameters(query),
        scheme,
    }
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | GAP))
}

/// Host and port, and what a gap behind the host may hide of the path.
fn read_authority(authority: &str) -> (String, Option<u16>, String) {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    };
    // `https://api.test$PATH`; of `$BASE/x` nothing is known but what follows.
    let hides = authority.ends_with(GAP) && host.chars().any(char::is_alphanumeric);
    let tail = if hides { format!("/{GAP}") } else { String::new() };
    let digits = port.map(|port| port.trim_end_matches(GAP)).and_then(|port| port.parse().ok());
    (decode(host, false).trim_end_matches('.').to_lowercase(), digits, tail)
}

/// Decodes the path and takes out empty and dotted segments.
fn normalise(path: &str) -> String {
    let decoded = decode(path, false).replace('\\', "/");
    let mut segments: Vec<&str> = Vec::new();
    for segment in decoded.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    format!("/{}", segments.join("/"))
}

/// `a=b&c=d`, decoded.
pub(super) fn parameters(text: &str) -> Vec<(String, String)> {
    text.split('&').filter(|part| !part.is_empty()).take(4096).map(parameter).collect()
}

fn parameter(part: &str) -> (String, String) {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    (decode(name, true), decode(value, true))
}

/// Percent-decoding; what does not decode to text stays as it is.
pub(super) fn decode(text: &str, plus: bool) -> String {
    let encoded = text.contains('%') || (plus && text.contains('+'));
    if !encoded {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let pair = behind.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (first, pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            (b'+', _) if plus => {
                bytes.push(b' ');
                rest = behind;
            }
            (byte, _) => {
                bytes.push(*byte);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// curl's URL patterns (curl(1), URL): `{a,b}` gives each, `[1-9]` is a gap. More than can be listed end in gaps.
pub(super) fn expand(pattern: &str) -> Vec<String> {
    let mut urls = vec![String::new()];
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '[']) {
        let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
        urls.iter_mut().for_each(|url| url.push_str(before));
        let close = if behind.starts_with('{') { '}' } else { ']' };
        let Some((inside, tail)) = behind.get(1..).and_then(|inside| inside.split_once(close)) else {
            rest = behind;
            break;
        };
        let address = close == ']' && inside.contains(':') && !inside.contains('-');
        let choices: Vec<&str> = inside.split(',').collect();
        if address {
            urls.iter_mut().for_each(|url| url.extend(["[", inside, "]"]));
        } else if close == '}' && urls.len() * choices.len() <= MOST {
            urls = urls.iter().flat_map(|url| choices.iter().map(move |choice| format!("{url}{choice}"))).collect();
        } else {
            urls.iter_mut().for_each(|url| url.push(GAP));
        }
        rest = tail;
    }
    urls.iter_mut().for_each(|url| url.push_str(rest));
    urls
}
