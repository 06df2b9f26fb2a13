//! What well-known functions give back when their arguments are known: paths, texts, lists, modules.

use super::super::GAP;
use super::fragment;
use super::fragment::{characters, decoded, formatted, joined, rot13, words};
use super::import::module_path;
use super::table::{FUNCTIONS, Fold, METHODS};
use super::term::{Call, LONGEST, Named, Term};
use std::rc::Rc;

fn fold_of(table: &[(&[&str], Fold)], name: &str) -> Option<Fold> {
    table.iter().find(|(names, _)| names.contains(&name)).map(|(_, fold)| *fold)
}

/// What a call gives back, if that can be known.
pub(super) fn call(named: &Named, arguments: &[Term], keywords: &[(String, Term)]) -> Option<Term> {
    if let Some(on) = named.on.as_deref() {
        let method = named.path.rsplit('.').next().unwrap_or_default();
        return match on {
            Term::Text(_) | Term::Path(_) | Term::List(_) | Term::OneOf(_) | Term::Map(_) => {
                method_call(on, method, arguments, keywords)
            }
            Term::Number(_) | Term::Name(_) | Term::Result(_) | Term::Unknown => None,
        };
    }
    let fold = fold_of(FUNCTIONS, &named.path)?;
    // `path.resolve(a, b)` joins; with one argument it is that.
    let fold =
        if fold == Fold::Same && arguments.len() > 1 && &*named.path == "path.resolve" { Fold::JoinPath } else { fold };
    if let [Term::OneOf(each), rest @ ..] = arguments
        && each.len() <= 8
    {
        return Some(Term::one_of(each.iter().map(|one| {
            let mut own = vec![one.clone()];
            own.extend_from_slice(rest);
            apply(fold, &own).unwrap_or(Term::Unknown)
        })));
    }
    apply(fold, arguments)
}

fn apply(fold: Fold, arguments: &[Term]) -> Option<Term> {
    let first = arguments.first();
    let text = || first.and_then(Term::as_text);
    match fold {
        Fold::Same => first.cloned(),
        Fold::Path => Some(match arguments {
            [] => Term::Path(".".into()),
            [Term::Unknown | Term::Result(_) | Term::Name(_)] => Term::Path(GAP.to_string().into()),
            all => Term::Path(join_paths(all)?.into()),
        }),
        Fold::JoinPath => join_paths(arguments).map(|path| Term::text(&path)),
        Fold::Directory => text().map(|path| Term::text(directory_of(path))),
        Fold::BaseName => text().map(|path| Term::text(path.rsplit('/').next().unwrap_or(path))),
        Fold::Text(text) => Some(Term::text(text)),
        Fold::Place(path) => Some(Term::Path(path.into())),
        Fold::Found => {
            first.map(|first| Term::list(first.items().map_or_else(|| vec![first.clone()], <[Term]>::to_vec)))
        }
        Fold::Listed => Some(Term::list(vec![Term::text("*")])),
        Fold::Base64 => decoded(text()?, 6),
        Fold::Encoded => match arguments.get(1).and_then(Term::known) {
            Some("base64" | "base64url") => decoded(text()?, 6),
            Some("hex") => decoded(text()?, 4),
            Some("rot13" | "rot_13") => Some(Term::text(&rot13(text()?))),
            _ => first.cloned(),
        },
        Fold::Hex => decoded(text()?, 4),
        Fold::Character => characters(arguments),
        Fold::Module => Some(Term::name(&module_path(text()?))),
        Fold::Attribute => member(first?, arguments.get(1)?.as_text().unwrap_or("…")),
        Fold::Split => text().map(words),
        Fold::JoinFirst => {
            let separator = text()?;
            let items = arguments.get(1).and_then(Term::items).or(arguments.get(1..))?;
            Some(Term::text(&joined(items, separator)))
        }
        Fold::Concatenate(separator) => match arguments {
            [Term::List(items), ..] => Some(Term::text(&joined(items, separator))),
            all => Some(Term::text(&joined(all, separator))),
        },
        Fold::Json => first.map(|term| Term::text(&term.as_json())),
        Fold::Variable => {
            variable(text()?).or_else(|| arguments.get(1).map(|other| Term::one_of([Term::Unknown, other.clone()])))
        }
        Fold::Reverse => match first? {
            Term::List(items) => Some(Term::list(items.iter().rev().cloned().collect())),
            Term::Text(text) => Some(Term::text(&text.chars().rev().collect::<String>())),
            Term::Path(_) | Term::Number(_) | Term::Map(_) | Term::OneOf(_) | Term::Name(_) => None,
            Term::Result(_) | Term::Unknown => None,
        },
        Fold::Range => None,
    }
}

fn method_call(on: &Term, method: &str, arguments: &[Term], keywords: &[(String, Term)]) -> Option<Term> {
    let fold = fold_of(METHODS, method)?;
    match (fold, on) {
        (Fold::Same, _) => Some(on.clone()),
        (Fold::JoinPath, _) => {
            let mut all = vec![on.clone()];
            all.extend_from_slice(arguments);
            join_paths(&all).map(|path| Term::Path(path.into()))
        }
        (Fold::Found | Fold::Listed, Term::Path(_)) => {
            let pattern = arguments.first().cloned().filter(|_| fold == Fold::Found);
            let all = [on.clone(), pattern.unwrap_or_else(|| Term::text("*"))];
            Some(Term::list(vec![Term::Path(join_paths(&all)?.into())]))
        }
        (Fold::Split, Term::Text(text)) => match arguments.first().and_then(Term::known) {
            None | Some(" ") => Some(words(text)),
            Some("") => {
                Some(Term::list(text.chars().take(512).map(|c| Term::text(c.encode_utf8(&mut [0; 4]))).collect()))
            }
            Some(separator) => Some(Term::list(text.split(separator).take(512).map(Term::text).collect())),
        },
        (Fold::Reverse | Fold::Json, _) => apply(fold, std::slice::from_ref(on)),
        (Fold::Concatenate(separator), Term::Text(_)) => {
            let mut all = vec![on.clone()];
            all.extend_from_slice(arguments);
            Some(Term::text(&joined(&all, separator)))
        }
        (Fold::Range, Term::Text(text)) => match method {
            "join" => arguments.first()?.items().map(|items| Term::text(&joined(items, text))),
            "format" => Some(Term::text(&formatted(text, arguments, keywords))),
            _ => match (arguments.first()?.known(), arguments.get(1)?.as_text()) {
                (Some(from), Some(to)) if !from.is_empty() => {
                    fragment::replaced(text, from, to).map(|text| Term::text(&text))
                }
                _ => None,
            },
        },
        (Fold::Range, Term::List(items)) if method == "join" => {
            let separator = arguments.first().map_or(Some(","), Term::as_text)?;
            Some(Term::text(&joined(items, separator)))
        }
        _ => None,
    }
}

/// What a method gives its block, one after the other: `Dir.glob('x') { |f| … }`.
pub(super) fn yielded(call: &Call) -> Term {
    let named = Named { path: Rc::clone(&call.path), on: call.on.clone() };
    self::call(&named, &call.arguments, &call.keywords).map_or(Term::Unknown, |term| term.element())
}

/// The member of a term.
pub(super) fn member(term: &Term, name: &str) -> Option<Term> {
    let on = |path: String| Some(Term::Name(Named { path: path.into(), on: Some(Rc::new(term.clone())) }));
    match term {
        Term::Name(named) => {
            let path = format!("{}.{name}", named.path);
            let environment =
                matches!(&*named.path, "os.environ" | "process.env" | "ENV" | "Bun.env" | "_ENV" | "_SERVER");
            if environment && let Some(known) = variable(name) {
                return Some(known);
            }
            let longest = path.len() <= 256;
            longest.then(|| Term::Name(Named { path: path.into(), on: named.on.clone() }))
        }
        Term::Map(_) => term.member(name).cloned().or_else(|| on(format!("map.{name}"))),
        Term::Path(path) => match name {
            "parent" => Some(Term::Path(directory_of(path).into())),
            "name" if &**path == "/tmp/made.tmp" => Some(term.clone()),
            "name" => Some(Term::text(path.rsplit('/').next().unwrap_or(path))),
            _ => on(format!("Path.{name}")),
        },
        Term::Text(_) => on(format!("str.{name}")),
        Term::List(_) => on(format!("list.{name}")),
        Term::OneOf(all) => match all.first()? {
            Term::Path(_) => on(format!("Path.{name}")),
            Term::Name(_) | Term::Result(_) => {
                Some(Term::one_of(all.iter().map(|one| member(one, name).unwrap_or(Term::Unknown))))
            }
            Term::Text(_) | Term::Number(_) | Term::List(_) | Term::Map(_) | Term::OneOf(_) | Term::Unknown => {
                on(format!("str.{name}"))
            }
        },
        Term::Result(call) if call.path.len() <= 256 => on(format!("{}.{name}", call.path)),
        Term::Result(_) => None,
        Term::Number(_) => on(format!("number.{name}")),
        Term::Unknown => on(format!("_.{name}")),
    }
}

/// Variables of the environment that are known everywhere.
fn variable(name: &str) -> Option<Term> {
    match name {
        "HOME" => Some(Term::text("~")),
        "TMPDIR" | "TEMP" | "TMP" => Some(Term::text("/tmp")),
        "PWD" => Some(Term::text(".")),
        _ => None,
    }
}

/// Parts joined by slashes; an absolute one begins anew. `None` if there is none.
pub(super) fn join_paths(parts: &[Term]) -> Option<String> {
    let mut path = String::new();
    for part in parts {
        let part = part.items().map_or_else(|| part.shown(), |items| joined(items, "/"));
        if path.len() > LONGEST {
            return None;
        }
        if part.starts_with('/') || part.starts_with('~') {
            path.clear();
        }
        if !path.is_empty() && !path.ends_with('/') {
            path.push('/');
        }
        path.push_str(&part);
    }
    (!parts.is_empty()).then_some(path)
}

fn directory_of(path: &str) -> &str {
    match path.trim_end_matches('/').rsplit_once('/') {
        Some(("", _)) => "/",
        Some((directory, _)) => directory,
        None => ".",
    }
}
