//! `holdpoint doctor`: what stands on this machine, what does not, and why.

use super::exit;
use crate::agent::{Attachment, ROSTER};
use crate::config::place::{Place, Sources};
use crate::config::wall;
use crate::confine::{Grounds, Probe, Proof, probe};
use crate::decide::action::variable::Guard;
use crate::decide::shown::Shown;
use crate::pipeline::World;
use crate::scan::{Last, Shelf};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// So many paths are told by name.
const MOST_NAMES: usize = 8;

/// One line of the report.
struct Line {
    topic: &'static str,
    good: bool,
    text: String,
}

/// Examines the machine and prints the report. 0 if the walls stand, 1 if a part of them does not.
#[must_use]
pub(super) fn doctor(as_json: bool) -> i32 {
    let place = match Place::find(&Sources::real()) {
        Ok(place) => place,
        Err(error) => return super::say_failure(&error, exit::FAILED),
    };
    if wall::cannot_read_state(&place) {
        let because = "this process runs inside holdpoint's walls; run doctor in a terminal of your own";
        return super::say_failure(&because, exit::DENIED);
    }
    if let Err(error) = place.open_state() {
        return super::say_failure(&error, exit::FAILED);
    }
    let probed = probe(&place.state);
    let mut lines = describe_walls(&probed);
    match World::look() {
        Ok(world) => {
            lines.extend(describe_proof(&world.prove()));
            lines.push(describe_environment(&world));
            lines.extend(describe_policy(&world));
        }
        Err(error) => lines.push(Line { topic: "policy", good: false, text: error.to_string() }),
    }
    lines.push(describe_scan(&place));
    lines.push(Line { topic: "state", good: true, text: place.state.display().to_string() });
    let agents = find_agents();
    if as_json {
        println!("{}", to_json(&probed, &lines, &agents));
    } else {
        print_words(&lines, &agents);
    }
    i32::from(!lines.iter().all(|line| line.good))
}

fn describe_walls(probed: &std::io::Result<Probe>) -> Vec<Line> {
    let probe = match probed {
        Ok(probe) => probe,
        Err(error) => return vec![Line { topic: "walls", good: false, text: format!("could not be tried: {error}") }],
    };
    let mounts = match &probe.ability.mounts {
        Grounds::Privilege => (true, "mounts can be masked: this user may change them".to_owned()),
        Grounds::UserNamespace => (true, "user namespaces are there: files can be masked".to_owned()),
        Grounds::None(why) => (false, format!("files cannot be masked: {why}")),
    };
    let landlock = match probe.ability.landlock {
        0 => "there is none; the kernel needs 5.13 or later, with landlock among its security modules".to_owned(),
        abi => format!("ABI {abi}"),
    };
    let stood = match &probe.stood {
        Ok(enforcement) => enforcement.to_string(),
        Err(error) => format!("could not be built: {error}"),
    };
    let whole = matches!(&probe.stood, Ok(crate::decide::policy::Enforcement::Full));
    let canary = if probe.canary_refused { "a planted secret was refused" } else { "A PLANTED SECRET COULD BE READ" };
    vec![
        Line { topic: "kernel", good: true, text: probe.kernel.clone() },
        Line { topic: "landlock", good: probe.ability.landlock > 0, text: landlock },
        Line { topic: "masks", good: mounts.0, text: mounts.1 },
        Line { topic: "walls", good: whole, text: stood },
        Line { topic: "proof", good: probe.canary_refused, text: canary.to_owned() },
    ]
}

/// What was tried from inside the walls that a command would get here.
fn describe_proof(proof: &Result<Proof, String>) -> [Line; 2] {
    let told = |tried: usize, had: &[PathBuf], (what, done): (&str, &str)| match had {
        [] => format!("{tried} {what} tried from inside a command's walls: all refused"),
        had => {
            let names: Vec<String> = had.iter().take(MOST_NAMES).map(|path| path.display().to_string()).collect();
            let more =
                if had.len() > MOST_NAMES { format!(" and {} more", had.len() - MOST_NAMES) } else { String::new() };
            format!("A COMMAND COULD {done} {}{more}", names.join(", "))
        }
    };
    let (reading, writing) = match proof {
        Ok(proof) => (
            (proof.open.is_empty(), told(proof.secrets, &proof.open, ("credentials and sockets were", "REACH"))),
            (
                proof.written.is_empty(),
                told(proof.places, &proof.written, ("places and files outside of the scope were", "WRITE")),
            ),
        ),
        Err(error) => ((false, error.clone()), (false, error.clone())),
    };
    [("reading", reading), ("writing", writing)].map(|(topic, (good, text))| Line {
        topic,
        good,
        text: Shown(&text).to_string(),
    })
}

/// What commands do not get of the environment in which doctor was started. Code in it is worth a look.
fn describe_environment(world: &World) -> Line {
    let named = |wanted: fn(&Guard) -> bool| {
        let names: Vec<&str> =
            world.guarded.iter().filter(|one| wanted(&one.guard)).map(|one| one.name.as_str()).collect();
        names.join(", ")
    };
    let secrets = named(|guard| matches!(guard, Guard::Secret(_) | Guard::Policy));
    let sockets = named(|guard| matches!(guard, Guard::Socket(_)));
    let code = named(|guard| matches!(guard, Guard::Code));
    let parts = [
        ("kept from commands that may not have them: ", secrets),
        ("gone with their sockets: ", sockets),
        ("taken out, because they run what commands can write: ", code.clone()),
    ];
    let told: Vec<String> =
        parts.iter().filter(|part| !part.1.is_empty()).map(|(what, names)| format!("{what}{names}")).collect();
    let text = if told.is_empty() { "no secret and no code in it".to_owned() } else { told.join("; ") };
    Line { topic: "env", good: code.is_empty(), text: Shown(&text).to_string() }
}

/// When it was looked for tokens last, and what came of it.
fn describe_scan(place: &Place) -> Line {
    let now = SystemTime::now();
    let shelf = Shelf::open(&place.state);
    let walled = match shelf.paths.len() {
        0 => "no file is walled off for a token in it".to_owned(),
        1 => "1 file is walled off for a token in it".to_owned(),
        many => format!("{many} files are walled off for a token in them"),
    };
    let text = match shelf.last(now) {
        None => "never; holdpoint scan finds files with tokens that commands can read".to_owned(),
        Some(Last { ago, open: 0 }) => format!("{}; {walled}", age(ago)),
        Some(Last { ago, open }) => {
            format!("{}; commands could read {open} tokens then (holdpoint scan lists them); {walled}", age(ago))
        }
    };
    let good = shelf.last(now).is_none_or(|last| last.open == 0);
    Line { topic: "scan", good, text }
}

fn age(ago: Duration) -> String {
    match ago.as_secs() / 86_400 {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days => format!("{days} days ago"),
    }
}

fn describe_policy(world: &World) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for layer in &world.loaded.policy.layers {
        let trust =
            if layer.trusted { "in force" } else { "in force, may only tighten (holdpoint trust lets it loosen)" };
        let text = format!("{} ({}): {trust}", Shown(&layer.path), layer.origin.label());
        lines.push(Line { topic: "policy", good: true, text });
    }
    let known = world.loaded.policy.known_tasks();
    if !known.is_empty() {
        let chosen = if world.tasks.is_empty() { "none is chosen".to_owned() } else { world.tasks.join(", ") };
        let text = format!("{}; in force: {}", Shown(&known.join(", ")), Shown(&chosen));
        lines.push(Line { topic: "tasks", good: true, text });
    }
    if lines.is_empty() {
        lines.push(Line { topic: "policy", good: true, text: "no file; the built-in default applies".to_owned() });
    }
    lines
}

/// The agents whose programs are on the search path: name, program, how to attach.
fn find_agents() -> Vec<(&'static str, PathBuf, String)> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = |program: &str| std::env::split_paths(&path).map(|part| part.join(program)).find(|at| at.is_file());
    let shells = shell_directory();
    ROSTER
        .iter()
        .filter_map(|agent| {
            let bash = shells.join("holdpoint-bash");
            let attach = match agent.attachment {
                Attachment::Variable(name) => format!("{name}={}", bash.display()),
                Attachment::Setting(key) => format!("{key}: {}", bash.display()),
                Attachment::SearchPath => format!("PATH={}:$PATH", shells.display()),
                Attachment::Prefix => "runs /bin/bash itself: prefix commands with holdpoint run --".to_owned(),
            };
            Some((agent.name, found(agent.program)?, attach))
        })
        .collect()
}

/// Where `install.sh` puts the links: `lib/holdpoint/bin` beside the `bin` that this program lies in.
fn shell_directory() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    let prefix = own.parent().and_then(Path::parent).unwrap_or(Path::new("/usr/local"));
    prefix.join("lib/holdpoint/bin")
}

fn print_words(lines: &[Line], agents: &[(&str, PathBuf, String)]) {
    for line in lines {
        let mark = if line.good { "ok  " } else { "LACK" };
        println!("{mark}  {:<9} {}", line.topic, line.text);
    }
    for (name, program, attach) in agents {
        println!("ok    agent     {name} ({}): {attach}", program.display());
    }
    if agents.is_empty() {
        println!("ok    agent     none found on the search path");
    }
}

fn to_json(probed: &std::io::Result<Probe>, lines: &[Line], agents: &[(&str, PathBuf, String)]) -> Value {
    let probe = probed.as_ref().ok();
    json!({
        "kernel": probe.map(|probe| &probe.kernel),
        "landlock_abi": probe.map(|probe| probe.ability.landlock),
        "enforcement": probe.and_then(|probe| probe.stood.as_ref().ok()),
        "canary_refused": probe.map(|probe| probe.canary_refused),
        "lines": lines.iter().map(|line| json!({"topic": line.topic, "ok": line.good, "text": line.text})).collect::<Vec<_>>(),
        "agents": agents.iter().map(|(name, program, attach)| json!({"name": name, "program": program, "attach": attach})).collect::<Vec<_>>(),
    })
}
