//! Does a WHERE leave any row out? `where 1=1` does not.

use super::token::{Kind, Token};

/// How deep parentheses are followed. A condition that is deeper counts as none.
const DEEPEST: u32 = 32;

/// What is known of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Truth {
    /// True for every row, or not a question about the row at all.
    Always,
    /// False for every row.
    Never,
    /// It depends on the row.
    Varies,
}

/// Has the statement, of which these are the tokens behind its verb, a condition that can leave rows out?
pub(super) fn selects(tokens: &[Token<'_>], objects: &[String]) -> bool {
    let Some(at) = outside(tokens, |token| token.is_any(&["where", "select", "insert", "exec", "declare"])) else {
        return joins(tokens, objects);
    };
    let Some(condition) = tokens.get(at + 1..).filter(|_| tokens.get(at).is_some_and(|token| token.is("where"))) else {
        return joins(tokens.get(..at).unwrap_or_default(), objects);
    };
    let ends = [
        "returning",
        "limit",
        "order",
        "group",
        "option",
        "settings",
        "output",
        "select",
        "insert",
        "exec",
        "declare",
        "commit",
        "rollback",
        "merge",
        "print",
        "go",
        "end",
    ];
    let end = outside(condition, |token| token.is_any(&ends)).unwrap_or(condition.len());
    truth(condition.get(..end).unwrap_or(condition), objects, 0) != Truth::Always
}

/// `delete a from a join b on a.x = b.x`: an inner join's condition selects as well.
fn joins(tokens: &[Token<'_>], objects: &[String]) -> bool {
    let Some(join) = outside(tokens, |token| token.is("join")) else { return false };
    let outer = tokens.get(join.saturating_sub(2)..join).unwrap_or_default();
    let Some(on) = outside(tokens, |token| token.is("on")) else { return false };
    !outer.iter().any(|token| token.is_any(&["left", "full", "cross"]))
        && truth(tokens.get(on + 1..).unwrap_or_default(), objects, 0) == Truth::Varies
}

/// The first token outside parentheses for which this holds.
fn outside(tokens: &[Token<'_>], holds: impl Fn(&Token<'_>) -> bool) -> Option<usize> {
    let mut depth = 0_usize;
    tokens.iter().position(|token| {
        if token.is_sign('(') {
            depth += 1;
        } else if token.is_sign(')') {
            depth = depth.saturating_sub(1);
        }
        depth == 0 && holds(token)
    })
}

/// The parts between tokens outside parentheses for which this holds.
fn split<'s, 'a>(tokens: &'s [Token<'a>], words: &[&str], signs: char) -> Vec<&'s [Token<'a>]> {
    let (mut parts, mut start, mut depth, mut between) = (Vec::new(), 0, 0_usize, false);
    for (at, token) in tokens.iter().enumerate() {
        if token.is_sign('(') || token.is("case") {
            depth += 1;
        } else if token.is_sign(')') || token.is("end") {
            depth = depth.saturating_sub(1);
        } else if depth > 0 {
            continue;
        } else if token.is("between") {
            between = true;
        } else if between && token.is("and") {
            between = false;
        } else if token.is_any(words) {
            parts.push(tokens.get(start..at).unwrap_or_default());
            start = at + 1;
        } else if token.is_sign(signs) && tokens.get(at + 1).is_some_and(|next| next.is_sign(signs)) {
            parts.push(tokens.get(start..at).unwrap_or_default());
            start = at + 2;
        }
    }
    parts.push(tokens.get(start..).unwrap_or_default());
    parts
}

fn truth(tokens: &[Token<'_>], objects: &[String], depth: u32) -> Truth {
    if depth > DEEPEST {
        return Truth::Always;
    }
    let tokens = open(tokens);
    let parts = split(tokens, &["or"], '|');
    if parts.len() > 1 {
        if parts.windows(2).any(|pair| matches!(pair, [a, b] if are_opposites(a, b))) {
            return Truth::Always;
        }
        return combine(&parts, objects, depth, Truth::Always);
    }
    let parts = split(tokens, &["and"], '&');
    if parts.len() > 1 {
        return combine(&parts, objects, depth, Truth::Never);
    }
    match tokens.split_first() {
        Some((not, rest)) if not.is("not") || not.is_sign('!') => match truth(rest, objects, depth + 1) {
            Truth::Always => Truth::Never,
            Truth::Never => Truth::Always,
            Truth::Varies => Truth::Varies,
        },
        _ if opens(tokens) => truth(tokens.get(1..tokens.len() - 1).unwrap_or_default(), objects, depth + 1),
        _ => weigh(tokens, objects),
    }
}

/// `strong` if any part is that; the other if all parts are that; else it varies.
fn combine(parts: &[&[Token<'_>]], objects: &[String], depth: u32, strong: Truth) -> Truth {
    let truths: Vec<Truth> = parts.iter().map(|part| truth(part, objects, depth + 1)).collect();
    if truths.contains(&strong) {
        strong
    } else if truths.contains(&Truth::Varies) {
        Truth::Varies
    } else if strong == Truth::Always {
        Truth::Never
    } else {
        Truth::Always
    }
}

/// One pair of parentheses around everything?
fn opens(tokens: &[Token<'_>]) -> bool {
    let mut depth = 0_usize;
    let close = tokens.iter().position(|token| {
        if token.is_sign('(') {
            depth += 1;
        } else if token.is_sign(')') {
            depth = depth.saturating_sub(1);
        }
        depth == 0
    });
    tokens.len() > 1 && tokens.first().is_some_and(|token| token.is_sign('(')) && close == Some(tokens.len() - 1)
}

/// The tokens without a leading or trailing semicolon.
fn open<'s, 'a>(tokens: &'s [Token<'a>]) -> &'s [Token<'a>] {
    match tokens.split_last() {
        Some((last, rest)) if last.is_sign(';') => rest,
        _ => tokens,
    }
}

/// `x is null` and `x is not null`; `x = 1` and `x <> 1`
fn are_opposites(one: &[Token<'_>], other: &[Token<'_>]) -> bool {
    let plain = |tokens: &[Token<'_>]| -> (Vec<String>, bool) {
        let negative = tokens.iter().any(|token| token.is("not") || token.is_sign('!') || token.is_sign('<'));
        let kept = tokens.iter().filter(|t| !(t.is("not") || (t.kind == Kind::Sign && "!<>=".contains(t.raw))));
        (kept.map(|token| token.raw.to_lowercase()).collect(), negative)
    };
    if one.len() > 8 || other.len() > 8 {
        return false;
    }
    let ((left, left_negative), (right, right_negative)) = (plain(one), plain(other));
    left == right && left_negative != right_negative && left.len() > 1
}

/// One condition without AND, OR, NOT.
fn weigh(tokens: &[Token<'_>], objects: &[String]) -> Truth {
    if let [only] = tokens {
        return match only.kind {
            Kind::Word if only.is_any(&["false", "null", "unknown", "off"]) => Truth::Never,
            Kind::Word if names_column(tokens) => Truth::Varies,
            Kind::Number if only.raw.parse() == Ok(0.0) => Truth::Never,
            Kind::Name if !only.raw.starts_with('"') => Truth::Varies,
            Kind::Word | Kind::Number | Kind::Text | Kind::Name | Kind::Sign | Kind::Gap => Truth::Always,
        };
    }
    let operator = operator(tokens);
    let (left, sign, right) = match operator {
        Some((from, to)) => (tokens.get(..from), tokens.get(from..to), tokens.get(to..)),
        None => (Some(tokens), None, None),
    };
    let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
    let sign: String = sign.unwrap_or_default().iter().map(|token| token.raw.to_lowercase()).collect();
    if !names_column(tokens) {
        return constant(left, &sign, right);
    }
    let same = operator.is_some() && are_equal(left, right);
    match sign.as_str() {
        "=" | "==" | "<=" | ">=" | "like" | "ilike" | "<=>" | "is" if same => Truth::Always,
        "<>" | "!=" | "<" | ">" if same => Truth::Never,
        "like" | "ilike" | "glob" | "~" | "regexp" | "rlike" | "similar" if matches_all(right) => Truth::Always,
        "in" if is_whole_table(right, objects) => Truth::Always,
        _ if is_key(left) && is_every_key(&sign, right) => Truth::Always,
        _ => Truth::Varies,
    }
}

/// A condition in which no column stands: it leaves out all rows or none.
fn constant(left: &[Token<'_>], sign: &str, right: &[Token<'_>]) -> Truth {
    let (Some(a), Some(b)) = (literal(left), literal(right)) else { return Truth::Always };
    let holds = match sign {
        "=" | "==" | "is" | "like" => a == b,
        "<>" | "!=" => a != b,
        "<" | ">" | "<=" | ">=" => match (a.parse::<f64>(), b.parse::<f64>()) {
            (Ok(a), Ok(b)) => match sign {
                "<" => a < b,
                ">" => a > b,
                "<=" => a <= b,
                _ => a >= b,
            },
            _ => true,
        },
        _ => true,
    };
    if holds { Truth::Always } else { Truth::Never }
}

fn literal(tokens: &[Token<'_>]) -> Option<String> {
    match tokens {
        [only] if matches!(only.kind, Kind::Number | Kind::Text) || only.is_text() => Some(only.content().into_owned()),
        [minus, only] if minus.is_sign('-') && only.kind == Kind::Number => Some(format!("-{}", only.raw)),
        _ => None,
    }
}

/// The comparison outside parentheses: from where to where.
fn operator(tokens: &[Token<'_>]) -> Option<(usize, usize)> {
    let compares = |t: &Token<'_>| t.kind == Kind::Sign && matches!(t.raw, "=" | "<" | ">" | "~" | "!");
    let words = ["like", "ilike", "glob", "is", "in", "regexp", "rlike", "similar", "between"];
    let from = outside(tokens, |token| compares(token) || token.is_any(&words))?;
    let rest = tokens.get(from..).unwrap_or_default();
    if rest.first().is_some_and(|token| token.kind == Kind::Word) {
        return Some((from, from + 1));
    }
    Some((from, from + rest.iter().take_while(|token| compares(token)).count()))
}

/// Does a column stand in it? Functions, keywords and the tables of a FROM are none.
fn names_column(tokens: &[Token<'_>]) -> bool {
    let keywords = [
        "true",
        "false",
        "null",
        "unknown",
        "not",
        "in",
        "like",
        "ilike",
        "is",
        "between",
        "exists",
        "and",
        "or",
        "select",
        "from",
        "current_date",
        "current_timestamp",
        "current_user",
        "user",
        "interval",
        "distinct",
        "dual",
        "on",
        "off",
        "glob",
        "regexp",
        "rlike",
        "similar",
        "to",
        "escape",
        "any",
        "all",
        "some",
        "cast",
        "as",
        "case",
        "when",
        "then",
        "else",
        "end",
        "date",
        "timestamp",
        "int",
        "integer",
        "text",
        "rowcount",
    ];
    tokens.iter().enumerate().any(|(at, token)| {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let called = tokens.get(at + 1).is_some_and(|next| next.is_sign('('));
        let parameter = token.raw.starts_with(['@', '$']) || before.is_some_and(|b| b.is_sign(':') || b.is_sign('%'));
        let table = before.is_some_and(|before| before.is("from"));
        match token.kind {
            Kind::Word => !called && !parameter && !table && !token.is_any(&keywords),
            Kind::Name => !called && !table && (!token.raw.starts_with('"') || before.is_none()),
            Kind::Text | Kind::Number | Kind::Sign | Kind::Gap => false,
        }
    })
}

fn are_equal(left: &[Token<'_>], right: &[Token<'_>]) -> bool {
    let bare = |tokens: &[Token<'_>]| -> String { tokens.iter().map(|token| token.content().to_lowercase()).collect() };
    !left.is_empty() && bare(left) == bare(right)
}

/// `'%'`, `'.*'`
fn matches_all(right: &[Token<'_>]) -> bool {
    let pattern = right.iter().find(|token| token.is_text()).map(Token::content).unwrap_or_default();
    !pattern.is_empty()
        && (pattern.bytes().all(|b| matches!(b, b'%' | b'*')) || matches!(&*pattern, ".*" | "." | "^" | ""))
}

/// `(select id from t)` over the table itself, without a condition.
fn is_whole_table(right: &[Token<'_>], objects: &[String]) -> bool {
    let narrows =
        right.iter().any(|token| token.is_any(&["where", "limit", "having", "join", "top", "fetch", "group"]));
    let from = right.windows(2).find(|pair| pair.first().is_some_and(|token| token.is("from")));
    let table = from.and_then(|pair| pair.get(1)).map(|token| token.content().to_lowercase());
    !narrows && table.is_some_and(|table| objects.iter().any(|object| object.to_lowercase() == table))
}

/// A column whose values are positive numbers or always there.
fn is_key(left: &[Token<'_>]) -> bool {
    let name = left.last().map(|token| token.content().to_lowercase()).unwrap_or_default();
    left.len() <= 3
        && (matches!(name.as_str(), "id" | "rowid" | "oid" | "ctid" | "uuid" | "pk") || name.ends_with("_id"))
}

/// A comparison that every key passes: `> 0`, `is not null`, `<> 0`, `< 1e9`.
fn is_every_key(sign: &str, right: &[Token<'_>]) -> bool {
    if sign == "is" {
        return matches!(right, [not, null] if not.is("not") && null.is("null"));
    }
    let Some(value) =
        literal(right).and_then(|text| if text.is_empty() { Some(0.0) } else { text.parse::<f64>().ok() })
    else {
        return false;
    };
    match sign {
        ">" | "<>" | "!=" => value <= 0.0,
        ">=" => value <= 1.0,
        "<" | "<=" => value >= 1e9,
        _ => false,
    }
}
