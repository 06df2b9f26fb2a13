//! git's settings, read as git reads them (git-config(1), "Syntax"), without git: a repository's own could make it run something.

use crate::decide::action::glob::matches;
use crate::decide::action::store::STOCK;
use std::fs::OpenOptions;
use std::io::Read;
use std::ops::Range;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The longest file that is read.
const LONGEST: u64 = 256 * 1024;

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    /// `section.subsection.name`, in lower case.
    pub(super) key: String,
    /// The value, without quotes; a name alone means `true`.
    pub(super) value: String,
    /// Where it stands, from its name to the end of its last line.
    pub(super) span: Range<usize>,
}

/// The text of a small regular file.
pub(super) fn read(path: &Path) -> Option<String> {
    let flags = libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_NOFOLLOW;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).ok()?;
    let mut text = String::new();
    file.metadata().ok().filter(|found| found.is_file() && found.len() <= LONGEST)?;
    file.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text)
}

/// The last value of a key, which must be in lower case.
pub(super) fn value_of(text: &str, key: &str) -> Option<String> {
    settings(text).into_iter().rev().find(|setting| setting.key == key).map(|setting| setting.value)
}

/// All settings in a text, in order. What git would refuse gives none from there on.
pub(super) fn settings(text: &str) -> Vec<Setting> {
    let mut found = Vec::new();
    let mut section = String::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let skipped = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{feff}']).len();
        let line = rest.get(skipped..).unwrap_or_default();
        at += skipped;
        let length = if line.starts_with(['#', ';']) {
            line.find('\n').unwrap_or(line.len())
        } else if let Some(header) = line.strip_prefix('[') {
            let Some((name, length)) = read_header(header) else { break };
            section = name;
            length + 1
        } else if line.is_empty() {
            0
        } else {
            let Some((name, value, length)) = read_setting(line) else { break };
            found.push(Setting { key: format!("{section}.{name}"), value, span: at..at + length });
            length
        };
        if length == 0 {
            break;
        }
        at += length;
    }
    found
}

/// `section]`, `section "subsection"]`, with its length.
fn read_header(text: &str) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut quoted = false;
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\n' => return None,
            ']' if !quoted => return Some((name.to_lowercase(), at + 1)),
            '"' => {
                if !quoted {
                    name.push('.');
                }
                quoted = !quoted;
            }
            '\\' if quoted => name.push(letters.next()?.1),
            ' ' | '\t' if !quoted => {}
            other => name.push(other),
        }
    }
    None
}

/// `name = value`, with its length up to the end of the line.
fn read_setting(text: &str) -> Option<(String, String, usize)> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(text.len());
    let name = text.get(..end).filter(|name| !name.is_empty())?.to_lowercase();
    let blank = text.get(end..)?;
    let behind = blank.trim_start_matches([' ', '\t']);
    let Some(written) = behind.strip_prefix('=') else {
        let length = text.find('\n').unwrap_or(text.len());
        return Some((name, "true".to_owned(), length));
    };
    let start = text.len() - written.len();
    let (mut value, mut quoted, mut kept) = (String::new(), false, 0);
    let mut letters = written.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\n' => return finish(name, &value, kept, start + at),
            '"' => quoted = !quoted,
            '\\' => match letters.next()?.1 {
                '\n' => continue,
                'n' => value.push('\n'),
                't' => value.push('\t'),
                'b' => value.push('\u{8}'),
                other => value.push(other),
            },
            '#' | ';' if !quoted => {
                let length = text.get(start + at..)?.find('\n').map_or(text.len(), |more| start + at + more);
                return finish(name, &value, kept, length);
            }
            ' ' | '\t' | '\r' if !quoted => {
                if !value.is_empty() {
                    value.push(letter);
                }
                continue;
            }
            other => value.push(other),
        }
        kept = value.len();
    }
    finish(name, &value, kept, text.len())
}

fn finish(name: String, value: &str, kept: usize, length: usize) -> Option<(String, String, usize)> {
    Some((name, value.get(..kept)?.to_owned(), length))
}

/// Does git run what this setting says, or go where it says?
pub(super) fn is_steering(setting: &Setting) -> bool {
    let line = format!("{}={}", setting.key, setting.value);
    let is_among = |list: &[crate::decide::action::list::Text]| list.iter().any(|pattern| matches(pattern, &line));
    is_among(&STOCK.steering) && !is_among(&STOCK.steering_but)
}
