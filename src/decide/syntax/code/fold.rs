//! What well-known functions give back when their arguments are known: paths, texts, lists, modules.

use super::super::GAP;
use super::reader::module_path;
use super::term::{Call, Named, Term};
use std::rc::Rc;

/// What is done with the arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    /// The first argument itself.
    Same,
    /// The first argument as an object that stands for a path.
    Path,
    /// Arguments joined by slashes.
    JoinPath,
    Directory,
    BaseName,
    /// This text.
    Text(&'static str),
    /// This path.
    Place(&'static str),
    /// The file names that a pattern finds.
    Found,
    /// The names in a directory.
    Listed,
    Base64,
    /// `Buffer.from(x, 'base64')`
    Encoded,
    Hex,
    Character,
    /// A module by its name.
    Module,
    /// A member of a module by its name.
    Attribute,
    Split,
    /// `join(sep, list)`
    JoinFirst,
    /// All arguments in one text, with this between them.
    Concatenate(&'static str),
    Json,
    /// A variable of the environment.
    Variable,
    Reverse,
    /// The object that was read from or written to, by its first argument.
    Range,
}

/// Functions by their dotted names.
const FUNCTIONS: &[(&[&str], Fold)] = &[
    (
        &[
            "str",
            "String",
            "os.fspath",
            "os.path.abspath",
            "os.path.realpath",
            "os.path.normpath",
            "os.path.expanduser",
            "os.path.expandvars",
            "path.normalize",
            "path.resolve",
            "File.expand_path",
            "File.realpath",
            "File.absolute_path",
            "realpath",
            "compile",
            "normalizePath",
            "path.expand",
            "list",
            "sorted",
            "tuple",
            "set",
            "Array.from",
            "Promise.resolve",
            "Object.freeze",
            "textwrap.dedent",
            "dedent",
            "bytes",
            "File.Spec.rel2abs",
            "vm.Script",
            "os.fsencode",
            "unescape",
            "decodeURIComponent",
            "sqlalchemy.text",
            "text",
            "sql",
            "psycopg2.sql.SQL",
            "psycopg.sql.SQL",
            "Array",
            "array",
            "c",
            "iter",
            "enumerate",
            "vars",
            "URL",
            "URI",
            "URI.parse",
            "url.URL",
        ],
        Fold::Same,
    ),
    (
        &[
            "pathlib.Path",
            "pathlib.PosixPath",
            "pathlib.PurePath",
            "Path",
            "Pathname",
            "Pathname.new",
            "path.Path",
            "anyio.Path",
        ],
        Fold::Path,
    ),
    (
        &[
            "os.path.join",
            "posixpath.join",
            "path.join",
            "path.posix.join",
            "path.resolve",
            "File.join",
            "file.path",
            "File.Spec.catfile",
            "File.Spec.catdir",
            "fs.path",
        ],
        Fold::JoinPath,
    ),
    (&["os.path.dirname", "path.dirname", "dirname", "File.dirname", "File.Basename.dirname"], Fold::Directory),
    (&["os.path.basename", "path.basename", "basename", "File.basename"], Fold::BaseName),
    (
        &[
            "tempfile.mkdtemp",
            "tempfile.mktemp",
            "tempfile.mkstemp",
            "tempfile.TemporaryDirectory",
            "tempfile.NamedTemporaryFile",
            "fs.mkdtempSync",
            "fs.promises.mkdtemp",
            "Dir.mktmpdir",
            "Tempfile.new",
            "Tempfile.create",
            "tempnam",
            "tmpfile",
            "tempfile",
            "os.tmpname",
            "tempdir",
            "File.Temp.tempdir",
            "File.Temp.tempfile",
        ],
        Fold::Place("/tmp/made.tmp"),
    ),
    (&["tempfile.gettempdir", "os.tmpdir", "Dir.tmpdir", "sys_get_temp_dir", "File.Spec.tmpdir"], Fold::Place("/tmp")),
    (&["os.homedir", "Dir.home", "pathlib.Path.home", "Path.home", "homedir"], Fold::Place("~")),
    (
        &[
            "os.getcwd",
            "process.cwd",
            "Dir.pwd",
            "getcwd",
            "getwd",
            "pathlib.Path.cwd",
            "Path.cwd",
            "Cwd.getcwd",
            "cwd",
            "import.meta.dirname",
        ],
        Fold::Place("."),
    ),
    (&["os.curdir"], Fold::Text(".")),
    (
        &[
            "glob.glob",
            "glob.iglob",
            "glob.sync",
            "globSync",
            "glob.globSync",
            "fg.sync",
            "fast-glob.sync",
            "Dir.glob",
            "glob",
            "Sys.glob",
            "fs.globSync",
        ],
        Fold::Found,
    ),
    (
        &[
            "os.listdir",
            "os.scandir",
            "fs.readdirSync",
            "fs.promises.readdir",
            "Dir.children",
            "Dir.entries",
            "Dir.each_child",
            "scandir",
            "list.files",
        ],
        Fold::Listed,
    ),
    (
        &[
            "base64.b64decode",
            "base64.decodebytes",
            "base64.standard_b64decode",
            "base64.urlsafe_b64decode",
            "atob",
            "Base64.decode64",
            "Base64.strict_decode64",
            "MIME.Base64.decode_base64",
            "decode_base64",
            "base64_decode",
            "binascii.a2b_base64",
        ],
        Fold::Base64,
    ),
    (&["Buffer.from", "codecs.decode"], Fold::Encoded),
    (&["bytes.fromhex", "bytearray.fromhex", "binascii.unhexlify", "binascii.a2b_hex", "hex2bin"], Fold::Hex),
    (&["chr", "String.fromCharCode", "String.fromCodePoint", "string.char"], Fold::Character),
    (
        &[
            "__import__",
            "importlib.import_module",
            "require",
            "import",
            "process.mainModule.require",
            "createRequire()",
        ],
        Fold::Module,
    ),
    (&["getattr", "Reflect.get"], Fold::Attribute),
    (&["shlex.split", "Shellwords.split", "preg_split", "explode", "split", "shellwords"], Fold::Split),
    (&["join", "implode"], Fold::JoinFirst),
    (&["paste0", "table.concat"], Fold::Concatenate("")),
    (&["paste"], Fold::Concatenate(" ")),
    (&["json.dumps", "JSON.stringify", "json_encode", "JSON.generate", "encode_json"], Fold::Json),
    (&["os.getenv", "os.environ.get", "getenv", "Sys.getenv", "ENV.fetch", "Deno.env.get"], Fold::Variable),
    (&["reversed", "strrev", "reverse"], Fold::Reverse),
];

/// Methods of texts and lists, by their last name.
const METHODS: &[(&[&str], Fold)] = &[
    (
        &[
            "decode",
            "encode",
            "strip",
            "rstrip",
            "lstrip",
            "trim",
            "toString",
            "to_s",
            "chomp",
            "expandUser",
            "expanduser",
            "resolve",
            "absolute",
            "as_posix",
            "freeze",
            "realpath",
            "to_str",
            "to_path",
            "flat",
            "slice",
            "filter",
            "reject",
            "select",
            "sort",
            "uniq",
            "values",
            "readlines",
            "href",
            "squish",
        ],
        Fold::Same,
    ),
    (&["joinpath", "join_path"], Fold::JoinPath),
    (&["split", "words"], Fold::Split),
    (&["glob", "rglob"], Fold::Found),
    (&["iterdir", "children", "each_child"], Fold::Listed),
    (&["reverse"], Fold::Reverse),
    (&["concat"], Fold::Concatenate("")),
    (&["format", "join", "replace"], Fold::Range),
    (&["to_json"], Fold::Json),
];

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
        Fold::Found => Some(Term::list(match first? {
            Term::List(items) => items.to_vec(),
            other => vec![other.clone()],
        })),
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
            let items = match arguments.get(1) {
                Some(Term::List(items)) => items.to_vec(),
                _ => arguments.get(1..)?.to_vec(),
            };
            Some(Term::text(&joined(&items, separator)))
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
            other => other.as_text().map(|text| Term::text(&text.chars().rev().collect::<String>())),
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
            "join" => match arguments.first()? {
                Term::List(items) => Some(Term::text(&joined(items, text))),
                _ => None,
            },
            "format" => Some(Term::text(&formatted(text, arguments, keywords))),
            _ => match (arguments.first()?.known(), arguments.get(1)?.as_text()) {
                (Some(from), Some(to)) if !from.is_empty() => Some(Term::text(&text.replace(from, to))),
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
        let part = match part {
            Term::List(items) => items.iter().map(Term::shown).collect::<Vec<_>>().join("/"),
            other => other.shown(),
        };
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

fn joined(items: &[Term], separator: &str) -> String {
    items.iter().map(Term::shown).collect::<Vec<_>>().join(separator)
}

fn words(text: &str) -> Term {
    let words = shell_words::split(text).unwrap_or_else(|_| text.split_whitespace().map(str::to_owned).collect());
    Term::list(words.iter().take(512).map(|word| Term::text(word)).collect())
}

/// `"rm %s" % x`
pub(super) fn percent(format: &str, values: &[Term]) -> String {
    let mut text = String::new();
    let mut values = values.iter();
    let mut characters = format.chars();
    while let Some(c) = characters.next() {
        match c {
            '%' => match characters.next() {
                Some('%') => text.push('%'),
                Some('s' | 'd' | 'i' | 'r') => {
                    text.push_str(&values.next().map_or_else(|| GAP.to_string(), Term::shown))
                }
                _ => text.push(GAP),
            },
            other => text.push(other),
        }
    }
    text
}

/// `"{} {name} {0}".format(…)`
fn formatted(format: &str, arguments: &[Term], keywords: &[(String, Term)]) -> String {
    let mut text = String::new();
    let mut next = arguments.iter();
    let mut rest = format;
    while let Some((before, behind)) = rest.split_once('{') {
        text.push_str(before);
        let Some((field, after)) = behind.split_once('}') else {
            rest = behind;
            break;
        };
        let name = field.split([':', '!']).next().unwrap_or_default();
        let value = if name.is_empty() {
            next.next()
        } else if let Ok(place) = name.parse::<usize>() {
            arguments.get(place)
        } else {
            keywords.iter().find(|(own, _)| own == name).map(|(_, value)| value)
        };
        text.push_str(&value.map_or_else(|| GAP.to_string(), Term::shown));
        rest = after;
    }
    text.push_str(rest);
    text
}

fn rot13(text: &str) -> String {
    let turn = |c: char, base: u8| char::from((u8::try_from(c).unwrap_or(base) - base + 13) % 26 + base);
    text.chars()
        .map(|c| match c {
            'a'..='z' => turn(c, b'a'),
            'A'..='Z' => turn(c, b'A'),
            other => other,
        })
        .collect()
}

fn characters(arguments: &[Term]) -> Option<Term> {
    let mut text = String::new();
    let all = match arguments {
        [Term::List(items)] => items.to_vec(),
        other => other.to_vec(),
    };
    for argument in all {
        let Term::Number(number) = argument else { return None };
        let code = match number.strip_prefix("0x") {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        text.push(char::from_u32(code.ok()?)?);
    }
    Some(Term::text(&text))
}

/// Text that was written with so many bits a digit: base64 or hexadecimal.
fn decoded(text: &str, bits: u32) -> Option<Term> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut buffer, mut count) = (0u32, 0u32);
    for c in text.chars().filter(|c| !c.is_whitespace() && *c != '=') {
        let digit = match (bits, c) {
            (4, c) => c.to_digit(16)?,
            (_, 'A'..='Z') => u32::from(c) - 65,
            (_, 'a'..='z') => u32::from(c) - 71,
            (_, '0'..='9') => u32::from(c) + 4,
            (_, '+' | '-') => 62,
            (_, '/' | '_') => 63,
            _ => return None,
        };
        buffer = (buffer << bits | digit) & 0xffff;
        count += bits;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(buffer >> count & 0xff).unwrap_or_default());
        }
    }
    String::from_utf8(bytes).ok().map(|text| Term::text(&text))
}
