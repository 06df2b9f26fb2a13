//! Reading the record back, for `holdpoint log`.

use super::chain::{Line, RecordError, months};
use super::entry::{Entry, Outcome, Verdict};
use crate::decide::policy::Decision;
use crate::decide::shown::Shown;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// How much of a command one line for a person shows, in characters.
const SHOWN: usize = 100;

/// A verdict with its outcome, if that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// When it was decided, RFC 3339.
    pub time: String,
    /// What was decided.
    pub verdict: Verdict,
    /// How it ended. `None` while it runs, where it did not run, or where its end was not seen.
    pub outcome: Option<Outcome>,
    /// The lines as they stand in the record.
    pub lines: Vec<String>,
}

/// The last `count` verdicts, oldest first, with their outcomes. A line that cannot be read is left out: `verify` finds it.
///
/// # Errors
/// Where the files cannot be read.
pub fn recent(directory: &Path, count: usize) -> Result<Vec<Told>, RecordError> {
    let mut told: VecDeque<Told> = VecDeque::new();
    let mut outcomes: HashMap<String, (Outcome, String)> = HashMap::new();
    for name in months(directory)?.iter().rev() {
        let mut verdicts = read(&directory.join(name), count.saturating_sub(told.len()), &mut outcomes)?;
        verdicts.append(&mut told);
        told = verdicts;
        if told.len() >= count {
            break;
        }
    }
    for one in &mut told {
        if let Some((outcome, line)) = outcomes.remove(&one.verdict.id) {
            one.outcome = Some(outcome);
            one.lines.push(line);
        }
    }
    Ok(told.into())
}

/// The last `count` verdicts of one file, and the outcomes of it.
fn read(
    path: &Path,
    count: usize,
    outcomes: &mut HashMap<String, (Outcome, String)>,
) -> Result<VecDeque<Told>, RecordError> {
    let mut told = VecDeque::new();
    let file = File::open(path).map_err(RecordError::at("read", path))?;
    for bytes in BufReader::new(file).split(b'\n') {
        let text = String::from_utf8_lossy(&bytes.map_err(RecordError::at("read", path))?).into_owned();
        match serde_json::from_str::<Line>(&text) {
            Ok(Line { entry: Entry::Outcome(outcome), .. }) => {
                outcomes.insert(outcome.id.clone(), (outcome, text));
            }
            Ok(Line { entry: Entry::Verdict(verdict), time, .. }) => {
                told.push_back(Told { time, verdict: *verdict, outcome: None, lines: vec![text] });
                if told.len() > count {
                    told.pop_front();
                }
            }
            Err(_) => {}
        }
    }
    Ok(told)
}

impl fmt::Display for Told {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Verdict { decision, command, rules, agent, approval, refused, .. } = &self.verdict;
        let word = match decision {
            Decision::Allow => "allow",
            Decision::Hold => "hold",
            Decision::Deny => "deny",
        };
        write!(out, "{}  {word:<5}  {}", Shown(&self.time), Shown(command).cut(SHOWN))?;
        if !rules.is_empty() {
            write!(out, "  [{}]", Shown(&rules.join(", ")))?;
        }
        if let Some(label) = agent {
            write!(out, "  by {}", Shown(label))?;
        }
        if let Some(yes) = approval {
            write!(out, "  yes from {} ({})", Shown(&yes.by), Shown(&yes.channel))?;
        }
        if let Some(because) = refused {
            write!(out, "  not run: {}", Shown(because).cut(SHOWN))?;
        }
        match &self.outcome {
            Some(Outcome { signal: Some(signal), duration_ms, .. }) => {
                write!(out, "  signal {signal}, {duration_ms} ms")
            }
            Some(Outcome { exit: Some(exit), duration_ms, .. }) => write!(out, "  exit {exit}, {duration_ms} ms"),
            Some(Outcome { exit: None, signal: None, .. }) | None => Ok(()),
        }
    }
}
