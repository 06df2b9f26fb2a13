//! `holdpoint check`: what would be decided, and why. Nothing is run.

use super::exit;
use crate::decide::policy::{Decision, Network, Verdict, explain};
use crate::decide::shown::Shown;
use crate::pipeline::{Judgement, Walls, World};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// How the answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Words,
    Json,
    Batch,
}

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Verdict,
    Walls,
}

/// One line of `--batch` input.
#[derive(Deserialize)]
struct Asked {
    id: Value,
    command: String,
    #[serde(default)]
    cwd: Option<String>,
}

/// One answer.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    decision: &'a str,
    rules: Vec<&'a str>,
    why: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Found<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    walls: Option<Value>,
}

/// One finding in `--json`.
#[derive(Serialize)]
struct Found<'a> {
    rule: &'a str,
    decision: &'a str,
    statement: &'a str,
    verb: &'a str,
    resource: &'a str,
    names: &'a [String],
    reach: &'a str,
    reversal: &'a str,
    why: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instead: Option<&'a str>,
    /// First byte and the byte behind the last, in the text that was checked.
    span: [u32; 2],
    via: &'a [String],
}

/// Runs `check`; the result is the exit code.
#[must_use]
pub(super) fn check(arguments: &[OsString]) -> i32 {
    let mut form = Form::Words;
    let mut texts = Vec::new();
    let mut extent = Extent::Verdict;
    let mut options = true;
    for argument in arguments {
        match argument.as_bytes() {
            b"--" if options => options = false,
            b"--json" if options => form = Form::Json,
            b"--walls" if options => extent = Extent::Walls,
            b"--batch" if options => form = Form::Batch,
            [b'-', _, ..] if options => return usage(&format!("{} is no option of check", argument.display())),
            _ => texts.push(argument.as_bytes()),
        }
    }
    let world = match World::look() {
        Ok(world) => world,
        Err(error) => return super::say_failure(&error, exit::WOULD_HOLD),
    };
    match (form, texts.as_slice()) {
        (Form::Batch, _) if extent == Extent::Walls => usage("--walls tells of one text"),
        (Form::Batch, []) => answer_lines(&world),
        (Form::Words | Form::Json, [text]) => answer_one(&world, text, form, extent),
        (Form::Batch, _) => usage("--batch reads its commands from standard input"),
        (Form::Words | Form::Json, []) => usage("check needs a text: holdpoint check 'rm -rf build'"),
        (Form::Words | Form::Json, _) => usage("check takes one text: put it in quotes"),
    }
}

fn usage(what: &str) -> i32 {
    eprintln!("holdpoint: {what}; see holdpoint check --help");
    exit::USAGE
}

fn answer_one(world: &World, text: &[u8], form: Form, extent: Extent) -> i32 {
    let judgement = world.judge(text, &[]);
    let verdict = &judgement.verdict;
    let walls = (extent == Extent::Walls).then(|| world.walls(&judgement));
    let mut out = io::stdout().lock();
    // A reader that went away has seen enough; the exit code still answers.
    let _ = match form {
        Form::Json => {
            writeln!(out, "{}", to_json(&Told { walls: walls.as_ref().map(in_json), ..told(verdict, None, true) }))
        }
        Form::Words | Form::Batch => {
            print_words(&mut out, &judgement).and_then(|()| print_walls(&mut out, walls.as_ref()))
        }
    };
    match verdict.decision {
        Decision::Allow => 0,
        Decision::Hold => exit::WOULD_HOLD,
        Decision::Deny => exit::WOULD_DENY,
    }
}

fn print_words(out: &mut impl Write, judgement: &Judgement) -> io::Result<()> {
    writeln!(out, "{}", judgement.verdict.decision.label())?;
    for line in explain::for_person(&judgement.verdict, &judgement.text, &judgement.facts) {
        writeln!(out, "  {line}")?;
    }
    for path in &judgement.reading.consulted {
        writeln!(out, "  read: {}", Shown(path))?;
    }
    Ok(())
}

/// What the command could do once it ran, a line each.
fn print_walls(out: &mut impl Write, walls: Option<&Result<Walls, String>>) -> io::Result<()> {
    let walls = match walls {
        None => return Ok(()),
        Some(Err(because)) => return writeln!(out, "  walls: none could be drawn: {}", Shown(because)),
        Some(Ok(walls)) => walls,
    };
    let shown = |path: &PathBuf| Shown(&path.to_string_lossy()).to_string();
    let mut lines = vec![format!("walls: {}", Shown(&walls.ground))];
    lines.extend(walls.missing.iter().map(|part| format!("missing: {part}")));
    lines.push(format!("network: {}", network(&walls.network)));
    lines.extend(walls.passed.iter().map(|pass| format!("has: {}", Shown(pass))));
    lines.extend(walls.writes.iter().map(|path| format!("writes: {}", shown(path))));
    lines.extend(walls.kept.iter().map(|path| format!("reads only: {}", shown(path))));
    lines.extend(walls.reads.iter().flatten().map(|path| format!("reads no more than: {}", shown(path))));
    for (credential, paths) in &walls.refused {
        lines.extend(paths.iter().map(|path| format!("is refused: {} ({})", shown(path), Shown(credential))));
    }
    lines.iter().try_for_each(|line| writeln!(out, "  {line}"))
}

fn network(network: &Network) -> String {
    match network {
        Network::Open => "open".to_owned(),
        Network::None => "none".to_owned(),
        Network::Ports(ports) => {
            let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
            format!("TCP to ports {}", ports.join(", "))
        }
    }
}

fn in_json(walls: &Result<Walls, String>) -> Value {
    match walls {
        Err(because) => json!({ "none": because }),
        Ok(walls) => json!({
            "ground": walls.ground,
            "missing": walls.missing,
            "network": network(&walls.network),
            "has": walls.passed,
            "writes": walls.writes.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
            "reads_only": walls.kept.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
            "reads_no_more_than": walls.reads.as_ref().map(|paths| paths.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>()),
            "refused": walls.refused.iter().map(|(id, paths)| (id.clone(), paths.iter().map(|path| path.to_string_lossy()).collect())).collect::<BTreeMap<String, Vec<_>>>(),
        }),
    }
}

fn answer_lines(world: &World) -> i32 {
    let mut elsewhere: HashMap<String, Option<World>> = HashMap::new();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().split(b'\n') {
        let Ok(line) = line else { return exit::USAGE };
        if line.is_empty() {
            continue;
        }
        let asked: Asked = match serde_json::from_slice(&line) {
            Ok(asked) => asked,
            Err(error) => return usage(&format!("a line is no {{\"id\",\"command\"}}: {error}")),
        };
        let there = asked.cwd.as_ref().map(|cwd| {
            elsewhere.entry(cwd.clone()).or_insert_with(|| world.from_directory(Path::new(cwd)).ok()).as_ref()
        });
        let answer = match there {
            Some(None) => unusable(asked.id),
            Some(Some(there)) => {
                to_json(&told(&there.judge(asked.command.as_bytes(), &[]).verdict, Some(asked.id), false))
            }
            None => to_json(&told(&world.judge(asked.command.as_bytes(), &[]).verdict, Some(asked.id), false)),
        };
        if writeln!(out, "{answer}").is_err() {
            break;
        }
    }
    let _ = out.flush();
    0
}

/// A directory whose policy cannot be used holds everything.
fn unusable(id: Value) -> String {
    let why = "the directory or its policy cannot be used".to_owned();
    to_json(&Told { id: Some(id), decision: "hold", rules: Vec::new(), why, findings: Vec::new(), walls: None })
}

fn told(verdict: &Verdict, id: Option<Value>, in_full: bool) -> Told<'_> {
    let why = verdict.findings.iter().find(|finding| finding.decision > Decision::Allow).map(|f| f.action.why.clone());
    let findings = if in_full { verdict.findings.iter().map(found).collect() } else { Vec::new() };
    Told {
        id,
        decision: verdict.decision.label(),
        rules: verdict.rules(),
        why: why.unwrap_or_default(),
        findings,
        walls: None,
    }
}

fn found(finding: &crate::decide::policy::Finding) -> Found<'_> {
    let action = &finding.action;
    Found {
        rule: &action.rule,
        decision: finding.decision.label(),
        statement: &finding.statement,
        verb: action.verb.label(),
        resource: &action.resource,
        names: &action.names,
        reach: action.reach.label(),
        reversal: action.reversal.label(),
        why: &action.why,
        instead: action.instead.as_deref(),
        span: [action.span.start, action.span.end],
        via: &action.via,
    }
}

fn to_json(told: &Told<'_>) -> String {
    // Strings and numbers only: this cannot fail, and if it did, an empty line holds nothing up.
    serde_json::to_string(told).unwrap_or_else(|_| "{\"decision\":\"hold\"}".to_owned())
}
