//! Strings: escapes, and what stands in their gaps.

use super::lexis::Fill;
use super::reader::Reader;
use super::term::{Named, Term};
use super::token::Written;
use crate::decide::syntax::Patience;

impl Reader<'_, '_> {
    /// What a string is; a shell command in backquotes is noted as a call of `` ` ``.
    pub(super) fn text_of(&mut self, written: &Written<'_>, start: usize) -> Term {
        if written.words {
            return Term::list(written.body.split_whitespace().take(512).map(Term::text).collect());
        }
        let text = self.filled(written);
        let term = self.made(&text);
        if written.runs {
            return self.call_to(Named { path: "`".into(), on: None }, vec![term], start);
        }
        term
    }

    fn filled(&mut self, written: &Written<'_>) -> String {
        let body = written.body;
        let mut text = String::with_capacity(body.len());
        let mut at = 0;
        let patience = Patience::for_length(body.len());
        while let Some(rest) = body.get(at..).filter(|rest| !rest.is_empty() && patience.look()) {
            let Some(first) = rest.chars().next() else { break };
            if first == '\\' && written.escapes {
                at += unescape(rest, &mut text);
                continue;
            }
            if let Some(length) = self.gap(rest, written.fill, &mut text) {
                at += length;
                continue;
            }
            text.push(first);
            at += first.len_utf8();
        }
        text
    }

    /// Reads a gap that begins here; its length, or `None` if there is none.
    fn gap(&mut self, rest: &str, fill: Fill, text: &mut String) -> Option<usize> {
        match fill {
            Fill::Nothing => None,
            Fill::Expression(open) => {
                let inner = rest.strip_prefix(open)?;
                if open == "{" && inner.starts_with('{') {
                    text.push('{');
                    return Some(2);
                }
                let end = closing(inner);
                let code = inner.get(..end).unwrap_or_default();
                let code = if open == "{" { without_format(code) } else { code };
                let value = self.evaluated(code);
                text.push_str(&value.shown());
                Some(open.len() + end + 1)
            }
            Fill::Variables => {
                let behind = rest.strip_prefix(['$', '@'])?;
                if let Some(inner) = behind.strip_prefix('{') {
                    let end = closing(inner);
                    let name = inner.get(..end).unwrap_or_default();
                    let value = self.lookup(name.trim_start_matches('^')).unwrap_or(Term::Unknown);
                    text.push_str(&value.shown());
                    return Some(2 + end + 1);
                }
                let end = behind.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(behind.len());
                let name =
                    behind.get(..end).filter(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'))?;
                // `@example` in an address is no list that anyone set.
                if rest.starts_with('@') && self.lookup(name).is_none() {
                    return None;
                }
                let mut value = self.lookup(name).unwrap_or_else(|| Term::name(name));
                let mut length = 1 + end;
                if let Some((key, more)) = subscript(behind.get(end..).unwrap_or_default()) {
                    value = super::fold::member(&value, key).unwrap_or(Term::Unknown);
                    length += more;
                }
                text.push_str(&value.shown());
                Some(length)
            }
        }
    }

    /// An expression that stands in a string.
    fn evaluated(&mut self, code: &str) -> Term {
        let lexis = self.lexis;
        let offset = self.offset;
        self.deeper(|outer| {
            let mut reader = Reader::over(code, offset, lexis, outer.notes);
            reader.nested = true;
            let value = reader.expression();
            reader.statements();
            value
        })
    }
}

/// `{name!r:>8}`: what stands behind the expression says how it is shown.
fn without_format(code: &str) -> &str {
    let mut depth = 0u32;
    let mut quoted = None;
    for (at, c) in code.char_indices() {
        match (quoted, c) {
            (Some(quote), c) if c == quote => quoted = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quoted = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ':') if depth == 0 => return code.get(..at).unwrap_or_default(),
            (None, '!') if depth == 0 && !code.get(at + 1..).is_some_and(|rest| rest.starts_with('=')) => {
                return code.get(..at).unwrap_or_default();
            }
            (None, _) => {}
        }
    }
    code
}

/// `{HOME}` or `['HOME']` behind a variable, and its length.
fn subscript(rest: &str) -> Option<(&str, usize)> {
    let (open, close) = match rest.chars().next()? {
        '{' => ('{', '}'),
        '[' => ('[', ']'),
        _ => return None,
    };
    let inner = rest.strip_prefix(open)?;
    let end = inner.get(..inner.len().min(64)).and_then(|near| near.find(close))?;
    let key = inner.get(..end)?.trim_matches(['\'', '"']);
    key.chars().all(|c| c.is_alphanumeric() || c == '_').then_some((key, end + 2))
}

/// Where the brace that is open closes; an open end reaches to the end of the text, lest every later one look for it again.
fn closing(inner: &str) -> usize {
    let mut depth = 0u32;
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    inner.len()
}

/// One escape; its length in the source.
fn unescape(rest: &str, text: &mut String) -> usize {
    let mut characters = rest.chars().skip(1);
    let Some(next) = characters.next() else {
        text.push('\\');
        return 1;
    };
    let digits = |from: usize, most: usize, radix: u32| {
        let all = rest.get(from..).unwrap_or_default();
        let end = all.char_indices().take(most).take_while(|(_, c)| c.is_digit(radix)).count();
        let code = u32::from_str_radix(all.get(..end).unwrap_or_default(), radix).ok();
        (code.and_then(char::from_u32), from + end)
    };
    let (made, length) = match next {
        'n' => (Some('\n'), 2),
        't' => (Some('\t'), 2),
        'r' => (Some('\r'), 2),
        'e' => (Some('\u{1b}'), 2),
        '\n' => return 2,
        'x' if rest.get(2..).is_some_and(|rest| rest.starts_with('{')) => {
            let (code, end) = digits(3, 6, 16);
            (code, end + 1)
        }
        'x' => digits(2, 2, 16),
        'u' if rest.get(2..).is_some_and(|rest| rest.starts_with('{')) => {
            let (code, end) = digits(3, 6, 16);
            (code, end + 1)
        }
        'u' => digits(2, 4, 16),
        'U' => digits(2, 8, 16),
        '0'..='7' => digits(1, 3, 8),
        other => (Some(other), 1 + other.len_utf8()),
    };
    text.push(made.unwrap_or(super::super::GAP));
    length.min(rest.len())
}
