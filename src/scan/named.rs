//! Secrets that only what stands beside them tells: a name that says so, an address with a password.

use super::chance::is_random;
use super::form::Catalogue;
use super::reader::{Manner, Met, is_dull};
use crate::decide::action::glob::matches;

/// A longer line is no line of settings: it was made by a program.
const LONGEST_LINE: usize = 4096;
/// So much of a name is looked at.
const LONGEST_NAME: usize = 64;
/// The shortest password of an address that is told.
const SHORTEST_PASSWORD: usize = 6;
/// The longest.
const LONGEST_PASSWORD: usize = 256;

/// Values that look random beside a name that says what they are.
pub(super) fn values(catalogue: &Catalogue, text: &[u8], manner: Manner) -> Vec<Met> {
    let mut met = Vec::new();
    if manner.quiet {
        return met;
    }
    let mut start = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if line.len() <= LONGEST_LINE {
            read_line(catalogue, line, manner, &mut |from, to, name| {
                met.push(Met { at: start + from..start + to, kind: format!("random text beside `{name}`") });
            });
        }
        start += line.len();
    }
    met
}

fn read_line(catalogue: &Catalogue, line: &[u8], manner: Manner, see: &mut dyn FnMut(usize, usize, &str)) {
    let mut until = 0;
    for at in signs(line) {
        if at < until {
            continue;
        }
        let Some(name) = name_before(line, at) else { continue };
        if !tells(catalogue, &name) {
            continue;
        }
        let Some((from, to)) = value_behind(line, at + 1, manner) else { continue };
        let value = String::from_utf8_lossy(line.get(from..to).unwrap_or_default());
        if is_random(&value) && !value.contains("://") && !is_path(&value) && !is_dull(catalogue, &value) {
            see(from, to, &name);
            until = to;
        }
    }
}

/// Where a name may end and a value begin: `=`, `:`, the end of a tag, a comma between texts in quotes, and the space of a
/// Dockerfile's `ENV NAME value`.
fn signs(line: &[u8]) -> impl Iterator<Item = usize> {
    let start = line.iter().position(|byte| *byte != b' ').unwrap_or(0);
    let of_docker = line.get(start..).is_some_and(|rest| rest.starts_with(b"ENV ")).then_some(start + 4);
    let space = of_docker.and_then(|from| Some(from + memchr::memchr(b' ', line.get(from..)?)?));
    line.iter().enumerate().filter_map(move |(at, byte)| {
        let is_sign = match byte {
            b'=' | b':' | b'>' => true,
            b',' => at.checked_sub(1).and_then(|before| line.get(before)).is_some_and(|byte| b"\"'".contains(byte)),
            _ => Some(at) == space,
        };
        is_sign.then_some(at)
    })
}

/// The name in front of a sign, in lower case and with `_` for `-`.
fn name_before(line: &[u8], sign: usize) -> Option<String> {
    let before = line.get(..sign)?;
    // `:=`, `=>`, `==`, `name'] =`, `"name" :`
    let end = before.iter().rposition(|byte| !b" \t\"'`]=:*".contains(byte))? + 1;
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let start = before.get(..end)?.iter().rposition(|byte| !in_name(byte)).map_or(0, |at| at + 1);
    let is_tag = line.get(sign) == Some(&b'>') && before.get(end..).is_some_and(<[u8]>::is_empty);
    if line.get(sign) == Some(&b'>') && !(is_tag && start > 0 && before.get(start - 1) == Some(&b'<')) {
        return None;
    }
    let start = start.max(end.saturating_sub(LONGEST_NAME));
    let name = before.get(start..end).filter(|name| name.len() > 2)?;
    let name = String::from_utf8_lossy(name).to_ascii_lowercase().replace('-', "_");
    Some(match name.as_str() {
        // `API key: …`
        "key" => format!("{}_key", word_before(before.get(..start)?)),
        // `<add key="ApiKey" value="…"/>`
        "value" => named_by_attribute(before.get(..start)?).unwrap_or(name),
        _ => name,
    })
}

fn word_before(before: &[u8]) -> String {
    let word = before.strip_suffix(b" ").unwrap_or_default();
    let start = word.iter().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |at| at + 1);
    String::from_utf8_lossy(word.get(start..).unwrap_or_default()).to_ascii_lowercase()
}

fn named_by_attribute(before: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(before);
    let (_, behind) = text.rsplit_once("key=\"").or_else(|| text.rsplit_once("name=\""))?;
    let (name, _) = behind.split_once('"')?;
    Some(name.to_ascii_lowercase().replace('-', "_"))
}

fn tells(catalogue: &Catalogue, name: &str) -> bool {
    let ends = |list: &[String]| list.iter().any(|ending| name.ends_with(ending.as_str()));
    ends(&catalogue.names) && !ends(&catalogue.harmless)
}

/// Where the value behind a sign lies.
fn value_behind(line: &[u8], at: usize, manner: Manner) -> Option<(usize, usize)> {
    let rest = line.get(at..)?;
    let mut start = at + rest.iter().position(|byte| !b" \t=>:*".contains(byte))?;
    for scheme in ["Bearer ", "bearer ", "Basic ", "token ", "Token "] {
        let quoted = line.get(start).is_some_and(|byte| b"\"'`".contains(byte));
        let behind = start + usize::from(quoted);
        if line.get(behind..).is_some_and(|rest| rest.starts_with(scheme.as_bytes())) {
            let from = behind + scheme.len();
            return Some((from, from + plain_length(line.get(from..)?)));
        }
    }
    if line.get(start).is_some_and(|byte| b"bru@".contains(byte))
        && line.get(start + 1).is_some_and(|byte| b"\"'".contains(byte))
    {
        start += 1;
    }
    let quote = line.get(start).copied().filter(|byte| b"\"'`".contains(byte));
    match quote {
        Some(quote) => {
            let from = start + 1;
            let length = memchr::memchr(quote, line.get(from..)?)?;
            Some((from, from + length))
        }
        None if line.get(at - 1) == Some(&b',') => None,
        // In a header within a text (`"X-Api-Key: …"`) the name has the quote.
        None if manner.code && !is_quoted(line, at) => None,
        None => Some((start, start + plain_length(line.get(start..)?))),
    }
}

/// Does a text that was opened before this place go on here?
fn is_quoted(line: &[u8], at: usize) -> bool {
    let before = line.get(..at).unwrap_or_default();
    ["\"", "'"].iter().any(|quote| memchr::memchr_iter(quote.as_bytes()[0], before).count() % 2 == 1)
}

fn plain_length(rest: &[u8]) -> usize {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`;,<>(){}[]|&\\".contains(byte);
    rest.iter().position(ends).unwrap_or(rest.len())
}

/// `/run/secrets/key1`, `a/b/c.txt`: slashes as in a path, and not as in base64.
fn is_path(value: &str) -> bool {
    value.starts_with(['/', '.', '~']) || value.matches('/').count() * 10 > value.len() || value.contains("./")
}

/// Passwords in addresses: `postgres://user:password@host`.
pub(super) fn addresses(catalogue: &Catalogue, text: &[u8], manner: Manner) -> Vec<Met> {
    let mut met = Vec::new();
    if manner.quiet {
        return met;
    }
    for sign in memchr::memmem::find_iter(text, b"://") {
        let start = sign + 3;
        let rest = text.get(start..).unwrap_or_default();
        let rest = rest.get(..rest.len().min(2 * LONGEST_PASSWORD)).unwrap_or_default();
        let length = rest.iter().position(|byte| byte.is_ascii_whitespace() || b"/?#\"'`<>|,;)}\\".contains(byte));
        let authority = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        let Some(at) = memchr::memrchr(b'@', authority) else { continue };
        let Some(colon) = memchr::memchr(b':', authority.get(..at).unwrap_or_default()) else { continue };
        let part =
            |from: usize, to: usize| String::from_utf8_lossy(authority.get(from..to).unwrap_or_default()).into_owned();
        let (user, password, host) = (part(0, colon), part(colon + 1, at), part(at + 1, authority.len()));
        if is_real(catalogue, &user, &password, &host) {
            met.push(Met { at: start + colon + 1..start + at, kind: "password in an address".to_owned() });
        }
    }
    met
}

fn is_real(catalogue: &Catalogue, user: &str, password: &str, host: &str) -> bool {
    let lower = password.to_ascii_lowercase();
    let host = host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    let plain = password.bytes().all(|byte| byte.is_ascii_graphic() && !b"${}[]()*%:".contains(&byte))
        || password.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'%');
    (SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&password.len())
        && plain
        && lower != user.to_ascii_lowercase()
        && host.contains('.')
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
        && !catalogue.hosts.iter().any(|glob| matches(glob, &host))
        && !catalogue.passwords.contains(&lower)
        && !is_dull(catalogue, password)
        && password.bytes().any(|byte| byte.is_ascii_digit() || !byte.is_ascii_alphanumeric())
}
