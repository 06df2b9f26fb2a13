//! A text to what it does: each dialect's reading, the SQL inside its strings, and what is only defined.

use super::meta::span;
use super::segment::{self, Frame};
use super::split::{Piece, Source, split};
use super::token::{Kind, Token};
use super::transaction::{self, Role, Step};
use super::{Dialect, GAP, LONGEST, Query, Span, Statement, verb};
use crate::decide::syntax::Patience;
use std::collections::{BTreeMap, BTreeSet};

/// How deep strings inside strings are read.
const DEEPEST: u32 = 3;

/// Functions and procedures that run a string as SQL.
const RUNNERS: &[&str] = &[
    "dblink",
    "dblink_exec",
    "dblink_send_query",
    "sp_executesql",
    "exec",
    "execute",
    "executeimmediate",
    "schedule",
    "schedule_in_database",
    "run_command_on_workers",
    "run_command_on_shards",
    "run_command_on_placements",
    "query_to_xml",
    "query_to_xmlschema",
    "postgres_execute",
    "mysql_execute",
    "postgres_query",
    "mysql_query",
    "sqlite_exec",
    "eval",
    "exec_sql",
    "query",
    "openquery",
    "openrowset",
    "immediate",
];

/// Functions and procedures that run a string as a shell command.
const SHELLS: &[&str] = &["xp_cmdshell", "sys_exec", "sys_eval", "system"];

/// Reads a text as each of the dialects it may be.
pub(super) fn read_at(text: &str, dialect: Dialect) -> Vec<Statement> {
    let end = (0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let (head, tail) = text.split_at_checked(end).unwrap_or(("", text));
    let passes: &[Dialect] = match dialect {
        Dialect::Any if is_ambiguous(head) => &[Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite],
        Dialect::Any | Dialect::Postgres => &[Dialect::Postgres],
        Dialect::Mysql => &[Dialect::Mysql],
        Dialect::Sqlite => &[Dialect::Sqlite],
        Dialect::Tsql => &[Dialect::Tsql],
    };
    let readings = passes.iter().map(|pass| read_pass(Source { text: head, dialect: *pass, client: Some(dialect) }, 0));
    let mut statements = merge(readings);
    if !tail.is_empty() {
        statements.push(Statement::Opaque { span: span(end, text.len()) });
    }
    statements
}

/// Could the dialects disagree on this text?
fn is_ambiguous(text: &str) -> bool {
    let marks = ["\\", "#", "--", "/*", "$$", "\n.", "trigger", "source", "system", "delimiter", "tee ", "pager", "$"];
    let lower = text.to_ascii_lowercase();
    text.starts_with('.') || marks.iter().any(|mark| lower.contains(mark))
}

/// Everything that any reading found. Where two found the same, what is worse holds.
fn merge(readings: impl Iterator<Item = Vec<Statement>>) -> Vec<Statement> {
    let mut places: BTreeMap<(Span, String), usize> = BTreeMap::new();
    let mut all: Vec<Statement> = Vec::new();
    for reading in readings {
        for statement in reading {
            let place = *places.entry((statement.span(), key(&statement))).or_insert(all.len());
            match (all.get_mut(place), statement) {
                (Some(Statement::Query(known)), Statement::Query(found)) => {
                    known.selective &= found.selective;
                    known.rolled_back &= found.rolled_back;
                    known.deferred &= found.deferred;
                }
                (Some(_), _) => {}
                (None, statement) => all.push(statement),
            }
        }
    }
    all
}

fn key(statement: &Statement) -> String {
    match statement {
        Statement::Query(query) => query.verb.join(" "),
        Statement::Shell { text, .. } => format!("!{text}"),
        Statement::Include { file, .. } => format!("<{file}"),
        Statement::Output { file, .. } => format!(">{file}"),
        Statement::Opaque { .. } => "?".to_owned(),
    }
}

/// Reads a text by one dialect's rules.
fn read_pass(source: Source<'_>, depth: u32) -> Vec<Statement> {
    let mut pass = Pass::default();
    for piece in split(source) {
        let start = pass.statements.len();
        let role = match piece {
            Piece::Direct(statements) => {
                pass.statements.extend(statements);
                Role::Breaks
            }
            Piece::Tokens { tokens, generated } => {
                pass.read_statement(&tokens, generated);
                transaction::role(&tokens, source.dialect)
            }
        };
        pass.steps.push(Step { statements: start..pass.statements.len(), role });
    }
    transaction::mark(&mut pass.statements, &pass.steps);
    pass.read_literals(source, depth);
    pass.call_routines();
    pass.statements
}

/// A string that may be SQL.
struct Literal {
    text: String,
    span: Span,
    /// It is run as SQL for certain.
    runs: bool,
    frame: Frame,
}

#[derive(Default)]
struct Pass {
    statements: Vec<Statement>,
    steps: Vec<Step>,
    literals: Vec<Literal>,
    /// Something is run that was put together elsewhere in the text.
    dynamic: bool,
    /// Where statements stand that run when a name is called.
    waiting: Vec<(usize, String)>,
    /// What is called, and inside which routine.
    calls: Vec<(Option<String>, Vec<String>)>,
}

impl Pass {
    fn read_statement(&mut self, tokens: &[Token<'_>], generated: bool) {
        let tokens = skip_template(tokens);
        let frame = segment::frame(tokens);
        let cuts = if frame == Frame::Never { vec![tokens] } else { segment::cut(tokens) };
        self.dynamic |= generated;
        for (index, cut) in cuts.into_iter().enumerate() {
            self.read_cut(cut, index == 0, &frame);
            let runs = generated || runs_strings(cut);
            self.dynamic |= is_dynamic(cut);
            for (text, span) in literals(cut) {
                self.literals.push(Literal { text, span, runs, frame: frame.clone() });
            }
            self.read_shell(cut, &frame);
        }
    }

    fn read_cut(&mut self, cut: &[Token<'_>], first: bool, frame: &Frame) {
        let Some(head) = cut.first() else { return };
        if first && head.raw.contains(GAP) && head.is_name() {
            self.statements.push(Statement::Opaque { span: span(head.start, head.end()) });
            return;
        }
        let Some(queries) = verb::describe(cut) else {
            self.statements.push(Statement::Opaque { span: span(head.start, head.end()) });
            return;
        };
        for mut query in queries {
            if query.verb.is_empty() && query.calls.is_empty() {
                continue;
            }
            let routine = match frame {
                Frame::WhenCalled(name) => Some(name.clone()),
                Frame::Runs | Frame::Never => None,
            };
            let mut called: Vec<String> = query.calls.iter().map(|call| last_part(call)).collect();
            if query.verb.first().is_some_and(|head| head == "exec") {
                called.extend(query.verb.get(1).cloned());
            }
            if query
                .verb
                .first()
                .is_some_and(|head| matches!(head.as_str(), "insert" | "update" | "delete" | "replace"))
            {
                called.extend(query.objects.iter().map(|object| format!("on {}", last_part(object))));
            }
            if let (Some(name), false) = (&routine, first) {
                query.deferred = true;
                self.waiting.push((self.statements.len(), name.clone()));
            }
            self.calls.push((routine, called));
            self.statements.push(Statement::Query(query));
        }
    }

    /// Strings that are run by a shell on the database's machine.
    fn read_shell(&mut self, cut: &[Token<'_>], frame: &Frame) {
        if *frame != Frame::Runs {
            return;
        }
        for (at, token) in cut.iter().enumerate() {
            let program = token.is("program") && cut.first().is_some_and(|head| head.is("copy"));
            if program || SHELLS.iter().any(|name| token.is_name() && token.content().eq_ignore_ascii_case(name)) {
                let mut behind = cut.get(at + 1..).unwrap_or_default().iter().skip_while(|next| next.is_sign('('));
                let text = behind.next().filter(|text| text.is_text());
                if let Some(text) = text {
                    self.statements.push(Statement::Shell {
                        text: text.content().into_owned(),
                        span: span(text.start, text.end()),
                    });
                }
            }
        }
    }

    fn read_literals(&mut self, source: Source<'_>, depth: u32) {
        let mut understood = false;
        for literal in std::mem::take(&mut self.literals) {
            if !(literal.runs || self.dynamic) || literal.text.len() < 4 || depth >= DEEPEST {
                continue;
            }
            let inside = Source { text: &literal.text, client: None, ..source };
            for mut statement in read_pass(inside, depth + 1) {
                let known = is_known(&statement);
                understood |= known;
                if !(known || (literal.runs && matches!(statement, Statement::Opaque { .. }))) {
                    continue;
                }
                place(&mut statement, literal.span);
                match (&mut statement, &literal.frame) {
                    (Statement::Query(query), Frame::WhenCalled(name)) => {
                        query.deferred = true;
                        let called = query.calls.iter().map(|call| last_part(call)).collect();
                        self.calls.push((Some(name.clone()), called));
                        self.waiting.push((self.statements.len(), name.clone()));
                    }
                    (Statement::Query(_), Frame::Never) => continue,
                    _ => {}
                }
                self.statements.push(statement);
            }
        }
        if self.dynamic && !understood && !self.statements.iter().any(|s| matches!(s, Statement::Opaque { .. })) {
            let whole = span(0, source.text.len());
            self.statements.push(Statement::Opaque { span: whole });
        }
    }

    /// What is defined here and called here runs.
    fn call_routines(&mut self) {
        let mut called: BTreeSet<String> = BTreeSet::new();
        // A routine may call the next; chains longer than this are not followed.
        for _ in 0..4 {
            for (routine, calls) in &self.calls {
                if routine.as_ref().is_none_or(|routine| called.contains(routine)) {
                    called.extend(calls.iter().cloned());
                }
            }
        }
        for (at, name) in &self.waiting {
            if let Some(Statement::Query(query)) = self.statements.get_mut(*at) {
                query.deferred &= !called.contains(name);
            }
        }
    }
}

fn place(statement: &mut Statement, at: Span) {
    match statement {
        Statement::Query(Query { span, .. })
        | Statement::Shell { span, .. }
        | Statement::Include { span, .. }
        | Statement::Output { span, .. }
        | Statement::Opaque { span } => *span = at,
    }
}

/// Does it begin as a statement does? Most strings do not.
fn is_known(statement: &Statement) -> bool {
    let heads = [
        "drop", "truncate", "delete", "update", "alter", "create", "grant", "revoke", "merge", "insert", "exec",
        "copy", "select", "with", "vacuum", "do", "set", "begin", "refresh", "reindex", "analyze", "notify", "kill",
        "shutdown",
    ];
    match statement {
        Statement::Query(query) => query.verb.first().is_some_and(|head| heads.contains(&head.as_str())),
        Statement::Shell { .. } => true,
        Statement::Include { .. } | Statement::Output { .. } | Statement::Opaque { .. } => false,
    }
}

fn last_part(name: &str) -> String {
    name.rsplit('.').next().unwrap_or_default().to_lowercase()
}

/// A template's marks at the start of a statement are skipped.
fn skip_template<'s, 'a>(tokens: &'s [Token<'a>]) -> &'s [Token<'a>] {
    let from = tokens.iter().position(|token| !(token.kind == Kind::Name && token.raw.starts_with('{')));
    tokens.get(from.unwrap_or(0)..).unwrap_or_default()
}

/// Are the strings of this statement run as SQL?
fn runs_strings(cut: &[Token<'_>]) -> bool {
    let head = cut.first().is_some_and(|head| {
        head.is_any(&["do", "exec", "execute", "prepare", "immediate"])
            || (head.is_any(&["create", "alter"]) && cut.iter().take(6).any(|t| t.is_any(&["function", "procedure"])))
    });
    head || cut.windows(2).any(|pair| {
        let [name, next] = pair else { return false };
        let runner = name.is_name() && RUNNERS.iter().any(|runner| name.content().eq_ignore_ascii_case(runner));
        runner && (next.is_sign('(') || next.kind == Kind::Text)
    })
}

/// Does it run what a variable or an expression holds?
fn is_dynamic(cut: &[Token<'_>]) -> bool {
    let (Some(head), Some(next)) = (cut.first(), cut.get(1)) else { return false };
    let varies = |token: &Token<'_>| token.raw.starts_with('@') || token.is_sign('(') || token.kind == Kind::Gap;
    if head.is_any(&["exec", "execute"]) {
        let behind = if next.is("immediate") { cut.get(2) } else { Some(next) };
        return varies(next) && !is_call(cut)
            || (next.is("immediate") && behind.is_some_and(|t| !t.is_text()))
            || next.is("format")
            || next.is("sp_executesql");
    }
    let from = cut.iter().position(|token| token.is("from")).and_then(|at| cut.get(at + 1));
    head.is("prepare") && from.is_some_and(varies) && !cut.iter().any(|token| token.is("as"))
}

/// `exec @status = procedure`: the variable takes the result.
fn is_call(cut: &[Token<'_>]) -> bool {
    cut.get(1).is_some_and(|token| token.raw.starts_with('@')) && cut.get(2).is_some_and(|token| token.is_sign('='))
}

/// The strings of a statement. What is joined to one by `||`, `+`, by standing beside it or inside `concat(…)` is one text,
/// with gaps for what is no string.
fn literals(cut: &[Token<'_>]) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    let mut at = 0;
    let patience = Patience::for_length(cut.len());
    while let Some(token) = cut.get(at).filter(|_| patience.look()) {
        let Some(mut text) = literal(token) else {
            at += 1;
            continue;
        };
        let concat = at.checked_sub(2).and_then(|from| cut.get(from)).is_some_and(|name| name.is("concat"));
        let mut end = at + 1;
        while patience.look() {
            let rest = cut.get(end..).unwrap_or_default();
            let joint = match rest {
                [a, b, ..] if a.is_sign('|') && b.is_sign('|') => 2,
                [a, ..] if a.is_sign('+') || (concat && a.is_sign(',')) => 1,
                [a, ..] if a.kind == Kind::Text => 0,
                _ => break,
            };
            let operand = rest.get(joint..).unwrap_or_default();
            match operand.first().and_then(literal) {
                Some(more) => text.push_str(&more),
                None => text.push(GAP),
            }
            end += joint + operand_length(operand);
        }
        found.push((text, span(token.start, cut.get(end - 1).map_or(token.end(), Token::end))));
        at = end;
    }
    found
}

/// The tokens of one operand: a name with its dots and its arguments, or one token.
fn operand_length(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        if token.is_sign('(') {
            depth += 1;
        } else if token.is_sign(')') {
            depth = depth.saturating_sub(1);
        }
        let goes_on =
            tokens.get(at + 1).is_some_and(|next| next.is_sign('(') || next.is_sign('.')) || token.is_sign('.');
        if depth == 0 && !(goes_on && token.kind != Kind::Text) {
            return at + 1;
        }
    }
    tokens.len().max(1)
}

/// A string's text; a hexadecimal number is one in MySQL.
fn literal(token: &Token<'_>) -> Option<String> {
    if token.is_text() {
        let prefix = token.raw.starts_with(['x', 'X']);
        return Some(token.content().into_owned())
            .map(|text| if prefix { decode_hex(&text).unwrap_or(text) } else { text });
    }
    let digits = token.raw.get(2..).filter(|_| token.kind == Kind::Number && token.raw.starts_with("0x"))?;
    decode_hex(digits)
}

fn decode_hex(digits: &str) -> Option<String> {
    let nibbles: Option<Vec<u8>> = digits.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let bytes = nibbles?.chunks(2).map(|pair| pair.iter().fold(0_u8, |byte, nibble| (byte << 4) | nibble)).collect();
    String::from_utf8(bytes).ok().filter(|text| !text.is_empty())
}
