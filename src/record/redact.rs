//! Secrets taken out of a text before it is kept.
//!
//! It finds what can be told by its form: well-known prefixes, names such as `password=`, headers, passwords in URLs
//! and on the command lines of a few programs, private keys. A secret without any such sign stays. Each finder looks at
//! the text once from left to right and gives ranges; they are joined at the end.

use std::ops::Range;

/// What stands in a secret's place.
const MARK: &str = "[redacted]";

/// Beginnings of tokens, and how many characters must follow for it to be one.
const PREFIXES: &[(&str, usize)] = &[
    ("ghp_", 12),
    ("gho_", 12),
    ("ghu_", 12),
    ("ghs_", 12),
    ("ghr_", 12),
    ("github_pat_", 12),
    ("glpat-", 12),
    ("gldt-", 12),
    ("xoxa-", 10),
    ("xoxb-", 10),
    ("xoxe.", 10),
    ("xoxp-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("xapp-", 10),
    ("sk-", 16),
    ("sk_live_", 10),
    ("sk_test_", 10),
    ("rk_live_", 10),
    ("whsec_", 12),
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 20),
    ("ya29.", 12),
    ("npm_", 20),
    ("pypi-", 20),
    ("hf_", 16),
    ("dop_v1_", 16),
    ("shpat_", 16),
    ("dckr_pat_", 12),
    ("hvs.", 12),
    ("tskey-", 12),
    ("SG.", 20),
    ("AGE-SECRET-KEY-", 20),
    ("eyJ", 30),
];

/// Ends of names whose value is a secret, in lower case and with `_` for `-`.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "mysql_pwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "access_key",
    "secret_key",
    "private_key",
    "account_key",
    "accountkey",
    "credential",
    "credentials",
];

/// Names of headers whose whole value is taken out, up to the end of the quoted text or line.
const HEADERS: &[&str] = &["authorization", "cookie", "auth"];

/// A text without the secrets that can be told by their form.
#[must_use]
pub fn redact(text: &str) -> String {
    let mut found: Vec<Range<usize>> = Vec::new();
    private_keys(text, &mut found);
    urls(text, &mut found);
    tokens(text, &mut found);
    named(text, &mut found);
    words(text, &mut found);
    if found.is_empty() {
        return text.to_owned();
    }
    found.sort_by_key(|range| range.start);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for range in found {
        if range.start >= at {
            out.push_str(text.get(at..range.start).unwrap_or_default());
            out.push_str(MARK);
        }
        at = at.max(range.end);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// `-----BEGIN … PRIVATE KEY-----` up to its end, or the text's.
fn private_keys(text: &str, found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(start) = find(text, at, "PRIVATE KEY-----") {
        let body = start.saturating_add("PRIVATE KEY-----".len());
        let end = find(text, body, "-----END").unwrap_or(text.len());
        found.push(body..end);
        // The closing line has the same words in it.
        at = find(text, end.saturating_add(8), "-----").unwrap_or(text.len());
    }
}

/// `https://user:password@host`: the password, or all before the `@` where there is no colon (a token as user).
fn urls(text: &str, found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(scheme) = find(text, at, "://") {
        let start = scheme.saturating_add(3);
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.find(|c: char| c.is_whitespace() || "/?#'\"`<>|".contains(c)).unwrap_or(rest.len());
        let authority = rest.get(..length).unwrap_or_default();
        at = start.saturating_add(length);
        let Some((user, _)) = authority.rsplit_once('@') else { continue };
        let http = is_http(text.get(..scheme).unwrap_or_default());
        match user.find(':') {
            Some(colon) => found.push(start.saturating_add(colon).saturating_add(1)..start.saturating_add(user.len())),
            None if http => found.push(start..start.saturating_add(user.len())),
            None => {}
        }
    }
}

/// Tokens by their beginning.
fn tokens(text: &str, found: &mut Vec<Range<usize>>) {
    let mut before = ' ';
    let mut until = 0;
    for (at, character) in text.char_indices() {
        let begins = !before.is_alphanumeric() && before != '_';
        before = character;
        if at < until || !begins || !"gxswrAayphdStEe".contains(character) {
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        let Some((prefix, least)) = PREFIXES.iter().find(|(prefix, _)| rest.starts_with(prefix)) else { continue };
        let body = rest.get(prefix.len()..).unwrap_or_default();
        let length = body.find(|c: char| !c.is_ascii_alphanumeric() && !"_-.".contains(c)).unwrap_or(body.len());
        let start = at.saturating_add(prefix.len());
        until = start.saturating_add(length);
        if length >= *least {
            found.push(start..until);
        }
    }
}

/// `name=value`, `name: value`, `"name": "value"` where the name says that it is a secret.
fn named(text: &str, found: &mut Vec<Range<usize>>) {
    let (mut name_start, mut until) = (0, 0);
    for (at, character) in text.char_indices() {
        // Inside a value no further name is looked for, so that every character is looked at twice at most.
        if at < until {
            name_start = until;
        } else if character == '=' || character == ':' {
            let name = text.get(name_start..at).unwrap_or_default().trim_end_matches(['"', '\'', ' ']);
            let behind = at.saturating_add(1);
            let value = match (is_header(name), is_secret_name(name)) {
                (true, _) => line_value(text, behind),
                (false, true) => value(text, behind),
                (false, false) => behind..behind,
            };
            until = value.end;
            keep(text, value, found);
            name_start = behind;
        } else if !character.is_ascii_alphanumeric() && !"_-.\"' ".contains(character) {
            name_start = at.saturating_add(character.len_utf8());
        }
    }
}

/// The last word of a name is compared; `X-Api-Key` and `aws_secret_access_key` end as the list has it.
fn ends_as(name: &str, list: &[&str]) -> bool {
    let start = name.len().saturating_sub(40);
    let end = name.get(name.ceil_char_boundary(start)..).unwrap_or_default();
    let end = end.to_ascii_lowercase().replace('-', "_");
    let word = end.rsplit([' ', '"', '\'', '.']).next().unwrap_or_default();
    list.iter().any(|item| word.ends_with(item))
}

fn is_secret_name(name: &str) -> bool {
    ends_as(name, NAMES)
}

fn is_header(name: &str) -> bool {
    ends_as(name, HEADERS)
}

/// Keeps a value as a secret, unless it is empty or a variable (`$TOKEN`).
fn keep(text: &str, value: Range<usize>, found: &mut Vec<Range<usize>>) {
    if text.get(value.clone()).is_some_and(|value| !value.is_empty() && !value.starts_with('$')) {
        found.push(value);
    }
}

/// The value behind a name: a quoted text, or up to what ends a word.
fn value(text: &str, at: usize) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    let trimmed = rest.trim_start_matches([' ', '\t']);
    let start = at.saturating_add(rest.len()).saturating_sub(trimmed.len());
    let quote = trimmed.chars().next().filter(|first| matches!(first, '"' | '\''));
    if let Some(quote) = quote {
        let (start, inner) = (start.saturating_add(1), trimmed.get(1..).unwrap_or_default());
        return start..start.saturating_add(inner.find(quote).unwrap_or(inner.len()));
    }
    let ends = |c: char| c.is_whitespace() || "\"'`&;|)<>,}".contains(c);
    start..start.saturating_add(trimmed.find(ends).unwrap_or(trimmed.len()))
}

/// A header's value: behind its scheme's word (`Bearer`, `Basic`, `token`) up to a quote or the line's end.
fn line_value(text: &str, at: usize) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    let trimmed = rest.trim_start_matches([' ', '\t', '"', '\'']);
    let length = trimmed.find(['"', '\'', '\n', '`']).unwrap_or(trimmed.len());
    let all = trimmed.get(..length).unwrap_or_default();
    let credentials = all.split_once(' ').map_or(all, |(_, behind)| behind);
    let end = at.saturating_add(rest.len()).saturating_sub(trimmed.len()).saturating_add(length);
    end.saturating_sub(credentials.len())..end
}

/// Values that stand in the next word: `--password X`, `-u user:X`, `sshpass -p X`, `mysql -pX`, `IDENTIFIED BY 'X'`, `Bearer X`.
fn words(text: &str, found: &mut Vec<Range<usize>>) {
    let (mut database, mut sshpass) = (false, false);
    let mut at = 0_usize;
    for word in text.split_inclusive(char::is_whitespace) {
        let start = at;
        at = at.saturating_add(word.len());
        let word = word.trim_end();
        let program = word.rsplit('/').next().unwrap_or_default();
        database |= program.starts_with("mysql") || program.starts_with("mariadb");
        sshpass |= program == "sshpass";
        let lower = word.to_ascii_lowercase();
        let behind = text.get(at..).unwrap_or_default();
        if (database || sshpass) && word.len() > 2 && word.starts_with("-p") {
            keep(text, value(text, start.saturating_add(2)), found);
        } else if lower.starts_with("--") && is_secret_name(&lower) || sshpass && word == "-p" {
            if !behind.starts_with('-') {
                keep(text, value(text, at), found);
            }
        } else if word == "-u" || word == "--user" {
            keep(text, behind_colon(text, value(text, at)), found);
        } else if lower == "bearer" || matches!(lower.as_str(), "by" | "password") && behind.starts_with(['\'', '"']) {
            // Behind BY and PASSWORD (SQL) only a quoted text is a secret.
            keep(text, value(text, at), found);
        }
    }
}

/// `user:password`: the password.
fn behind_colon(text: &str, word: Range<usize>) -> Range<usize> {
    let colon = text.get(word.clone()).and_then(|word| word.find(':'));
    colon.map_or(word.end..word.end, |colon| word.start.saturating_add(colon).saturating_add(1)..word.end)
}

fn find(text: &str, from: usize, what: &str) -> Option<usize> {
    text.get(from..)?.find(what).map(|at| from.saturating_add(at))
}

/// Does a text end, in whatever case, in `http` or `https`?
fn is_http(text: &str) -> bool {
    let end = text.get(text.ceil_char_boundary(text.len().saturating_sub(5))..).unwrap_or_default();
    let end = end.to_ascii_lowercase();
    end.strip_suffix('s').unwrap_or(&end).ends_with("http")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_known_form_are_taken_out() {
        for (text, wanted) in [
            ("gh auth login ghp_0123456789abcdefABCDEF", "gh auth login ghp_[redacted]"),
            ("gh auth login --with-token ghp_0123456789abcdefABCDEF", "gh auth login --with-token [redacted]"),
            ("x=github_pat_11AAAA0000_abcdefghijkl y", "x=github_pat_[redacted] y"),
            (
                "curl -H 'Authorization: Bearer abc.def' https://x",
                "curl -H 'Authorization: Bearer [redacted]' https://x",
            ),
            ("curl -H \"Authorization: Basic dTpw\" x", "curl -H \"Authorization: Basic [redacted]\" x"),
            ("curl -H 'X-Api-Key: k123' x", "curl -H 'X-Api-Key: [redacted]' x"),
            ("curl -u me:hunter2 x", "curl -u me:[redacted] x"),
            ("git clone https://me:hunter2@host/r", "git clone https://me:[redacted]@host/r"),
            ("git clone https://abcdef@host/r", "git clone https://[redacted]@host/r"),
            ("psql postgres://u:p@db/x", "psql postgres://u:[redacted]@db/x"),
            ("PGPASSWORD=hunter2 psql", "PGPASSWORD=[redacted] psql"),
            ("app --password=hunter2 -v", "app --password=[redacted] -v"),
            ("app --api-key 'a b' -v", "app --api-key '[redacted]' -v"),
            ("mysql -uroot -phunter2 db", "mysql -uroot -p[redacted] db"),
            ("sshpass -p hunter2 ssh h", "sshpass -p [redacted] ssh h"),
            ("curl -d '{\"token\": \"t1\", \"a\": 1}'", "curl -d '{\"token\": \"[redacted]\", \"a\": 1}'"),
            ("curl 'x?a=1&access_token=t&b=2'", "curl 'x?a=1&access_token=[redacted]&b=2'"),
            ("ALTER USER a PASSWORD 'p'", "ALTER USER a PASSWORD '[redacted]'"),
            ("CREATE USER a IDENTIFIED BY 'p';", "CREATE USER a IDENTIFIED BY '[redacted]';"),
            ("aws configure set aws_secret_access_key=abcd", "aws configure set aws_secret_access_key=[redacted]"),
            ("echo AKIA0123456789ABCDEF", "echo AKIA[redacted]"),
            (
                "cat <<E\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nE",
                "cat <<E\n-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----\nE",
            ),
        ] {
            assert_eq!(redact(text), wanted);
        }
    }

    #[test]
    fn ordinary_commands_stay_as_they_are() {
        for text in [
            "git push --force origin main",
            "ssh git@host 'ls'",
            "git clone ssh://git@host/r",
            "cargo test -p holdpoint --lib",
            "docker run -p 80:80 x",
            "curl -H \"Authorization: Bearer $TOKEN\" x",
            "export API_KEY=$OTHER",
            "export PASSWORD=",
            "rsync -a a/ b:/srv",
            "echo sk-",
            "grep -rn password src",
            "PWD=/srv ls",
            "git commit -m 'made by hand'",
            "",
        ] {
            assert_eq!(redact(text), text);
        }
    }

    #[test]
    fn any_text_is_read_without_a_fault() {
        for text in [
            "é=ü:ß",
            "token=é",
            "\"'=:'\"",
            "://@",
            "https://:@",
            "-u",
            "--password",
            "password:",
            "Bearer ",
            "é://é:é@é",
        ] {
            let _ = redact(text);
        }
    }
}
