//! Rules are tried: in a made-up place, by the one judge, with the commands that they carry.

use super::action::pack::{Pack, Rule};
use super::action::{self, Facts, FileFact, Kept, Need, PathFact, PathState, Rules, Setting};
use super::policy::{self, Decision, Policy, Verdict};
use super::syntax::shell;
use std::collections::BTreeSet;
use std::fmt;

/// What is wrong with a pack, for who writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// What is wrong, without a full stop.
    pub what: String,
    /// The word of the pack's text that it is about: an id or a command.
    pub word: String,
    /// What to do about it.
    pub remedy: &'static str,
}

impl fmt::Display for Flaw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}. {}", self.what, self.remedy)
    }
}

/// The made-up place of every trial: a repository in a home.
#[must_use]
pub fn setting() -> Setting {
    Setting {
        directory: "/home/ann/shop".to_owned(),
        homes: vec!["/home/ann".to_owned()],
        user: "ann".to_owned(),
        repository: Some("/home/ann/shop".to_owned()),
        branch: Some("main".to_owned()),
        ..Setting::default()
    }
}

/// Judges a command there. Every path exists and git knows none; names that begin with `no-such` and those of branches
/// are missing, names that end with `-dir` are directories.
pub fn try_command(command: &str, rules: Rules) -> Verdict {
    try_among(&[], command, rules)
}

/// The same where these files stand in the repository, by name and text.
pub fn try_among(files: &[(&str, &str)], command: &str, rules: Rules) -> Verdict {
    let (setting, mut facts) = (setting(), Facts::default());
    let mut find_out = |need: &Need, facts: &mut Facts| {
        tell(need, files, &setting, facts);
        true
    };
    let reading = action::read_asking(&shell::read(command), &setting, &mut facts, rules, &mut find_out);
    policy::judge(&reading, &Policy::default(), &setting)
}

/// What is so in the made-up place.
fn tell(need: &Need, files: &[(&str, &str)], setting: &Setting, facts: &mut Facts) {
    match need {
        Need::File(path) => {
            let name = path.strip_prefix(&setting.directory).and_then(|name| name.strip_prefix('/'));
            let own = files.iter().find(|(own, _)| name == Some(own));
            let fact = own.map_or(FileFact::Missing, |(_, text)| FileFact::Text((*text).to_owned()));
            facts.files.insert(path.clone(), fact);
        }
        Need::Path(path) => {
            let fact = PathFact { state: state_of(path), bytes: Some(4_000), ..PathFact::default() };
            facts.paths.insert(path.clone(), fact);
        }
        Need::GitConfig { directory, key } => {
            facts.git_config.insert((directory.clone(), key.clone()), None);
        }
        Need::CurrentContext(paths) => {
            let name = paths.first().and_then(|path| path.rsplit('/').next()).map(context_of);
            facts.contexts.insert(paths.clone(), name);
        }
        Need::Keeping(asked) => drop(facts.kept.insert(asked.clone(), Kept::Unknown)),
    }
}

/// A client's file names a context that is called like the file: `prod.yaml` says `prod`.
fn context_of(name: &str) -> String {
    name.trim_end_matches(".yaml").to_owned()
}

/// By its name a path is missing (`no-such…`, the names of branches), a directory (`…-dir`), or else a file.
fn state_of(path: &str) -> PathState {
    let name = path.rsplit('/').next().unwrap_or(path);
    let missing = name.starts_with("no-such") || matches!(name, "main" | "topic" | "HEAD" | "-" | "HEAD~1");
    match () {
        () if missing => PathState::Missing,
        () if name.ends_with("-dir") || matches!(path, "/" | "/tmp" | "/home/ann" | "/home/ann/shop") => {
            PathState::Directory
        }
        () => PathState::File,
    }
}

/// Does this rule stop this command?
#[must_use]
pub fn stops(rule: &str, command: &str, rules: Rules) -> bool {
    let verdict = try_command(command, rules);
    verdict.findings.iter().any(|finding| finding.action.rule == rule && finding.decision > Decision::Allow)
}

/// Everything that is wrong with a pack. `rules` hold the pack itself.
#[must_use]
pub fn flaws(pack: &Pack, rules: Rules) -> Vec<Flaw> {
    let mut flaws = flaws_of_form(pack, rules);
    flaws.extend(flaws_of_trials(pack, rules));
    flaws
}

/// What is wrong with the form of a pack's rules, and with what they advise.
#[must_use]
pub fn flaws_of_form(pack: &Pack, rules: Rules) -> Vec<Flaw> {
    let others = rules.packs().filter(|other| other.pack != pack.pack).flat_map(|other| other.rules.0);
    let mut taken: BTreeSet<&str> = others.map(|rule| rule.id.0).collect();
    let mut flaws = Vec::new();
    for rule in pack.rules.iter() {
        flaws.extend(flaw_of_id(pack, rule));
        if !taken.insert(rule.id.0) {
            let what = format!("two rules are named {}", rule.id);
            flaws.push(flaw(rule, what, "An id names one rule and is never reused."));
        }
        flaws.extend(flaw_of_text(rule));
        flaws.extend(flaw_of_advice(rule, rules));
    }
    flaws
}

/// The trials that do not end as they should.
#[must_use]
pub fn flaws_of_trials(pack: &Pack, rules: Rules) -> Vec<Flaw> {
    pack.rules.iter().flat_map(|rule| trial_flaws(rule, rules)).collect()
}

fn flaw(rule: &Rule, what: String, remedy: &'static str) -> Flaw {
    Flaw { what, word: rule.id.0.to_owned(), remedy }
}

fn flaw_of_id(pack: &Pack, rule: &Rule) -> Option<Flaw> {
    let parts: Vec<&str> = rule.id.split('.').collect();
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_name = |part: &&str| !part.is_empty() && part.bytes().all(is_letter);
    let fits = parts.len() == 3 && parts.iter().all(is_name) && parts.first() == Some(&pack.pack.0);
    (!fits).then(|| {
        let what = format!("{} is no id of pack {}", rule.id, pack.pack);
        flaw(rule, what, "An id is pack.noun.verb, in small letters, digits and dashes, and begins with its pack.")
    })
}

fn flaw_of_text(rule: &Rule) -> Option<Flaw> {
    if rule.holds.count() < 2 || rule.passes.count() < 2 {
        let what = format!("{} has too few trials", rule.id);
        let remedy = "Give at least two commands under `holds` and two under `passes`, one of them a look-alike.";
        return Some(flaw(rule, what, remedy));
    }
    (!rule.why.trim_end().ends_with('.')).then(|| {
        let what = format!("the `why` of {} is no sentence", rule.id);
        flaw(rule, what, "Say what would be lost, for the person who is asked, and end it with a full stop.")
    })
}

fn flaw_of_advice(rule: &Rule, rules: Rules) -> Option<Flaw> {
    // What stands behind a colon and a blank is a command; without one the whole may be.
    let command = rule.instead.map(|instead| instead.0.rsplit(": ").next().unwrap_or(instead.0))?;
    stops(&rule.id, command, rules).then(|| Flaw {
        what: format!("{} holds its own alternative: {command}", rule.id),
        word: command.to_owned(),
        remedy: "What is advised must pass.",
    })
}

fn trial_flaws(rule: &Rule, rules: Rules) -> Vec<Flaw> {
    let found = |what: &str, command: &str, remedy| Flaw {
        what: format!("{} {what}: {command}", rule.id),
        word: command.to_owned(),
        remedy,
    };
    let missed = rule.holds.iter().filter(|command| !stops(&rule.id, command, rules));
    let missed = missed.map(|command| found("does not hold", command, "Widen `when`, or move it to `passes`."));
    let alarms = rule.passes.iter().filter(|command| stops(&rule.id, command, rules));
    let alarms =
        alarms.map(|command| found("holds what should pass", command, "Narrow `when`, or move it to `holds`."));
    missed.chain(alarms).collect()
}
