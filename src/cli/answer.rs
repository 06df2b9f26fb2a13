//! `approve`, `deny` and `trust`: what a person says, in a terminal of the person's own.

use super::{exit, say_failure};
use crate::agent;
use crate::approval::{self, Desk, Id, Question, Secret, reply};
use crate::config::place::{Place, Sources};
use crate::config::secret::read_or_make_secret;
use crate::config::{trust, wall};
use crate::decide::shown::Shown;
use crate::pipeline::World;
use crate::sys::terminal::{self as tty, HeldSignals, LineMode};
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Says yes to a request.
#[must_use]
pub(super) fn approve(id: &str, name: Option<String>) -> i32 {
    with_desk(id, |desk, id| {
        let question = reply::find(desk, id).map_err(|error| error.to_string())?;
        print!("{}", approval::describe(&question));
        let typed = name.or_else(|| ask_for_name(&question));
        reply::answer(desk, id, reply::Said::Yes, typed.as_deref()).map_err(|error| error.to_string())?;
        println!("Approved {id} for one run.");
        Ok(())
    })
}

/// Says no to a request.
#[must_use]
pub(super) fn deny(id: &str, because: Option<String>) -> i32 {
    with_desk(id, |desk, id| {
        let said = reply::Said::No { because: because.unwrap_or_default() };
        reply::answer(desk, id, said, None).map_err(|error| error.to_string())?;
        println!("Denied {id}.");
        Ok(())
    })
}

fn with_desk(id: &str, act: impl FnOnce(&Desk<'_>, &Id) -> Result<(), String>) -> i32 {
    let Some(id) = Id::parse(id) else {
        return say_failure(&format!("{} is no request's name; holdpoint pending lists them", Shown(id)), exit::USAGE);
    };
    let world = match World::look() {
        Ok(world) => world,
        Err(error) => return say_failure(&error, exit::FAILED),
    };
    if world.inside || wall::inside_walls(&world.place) || wall::ancestor_supervisor().is_some() {
        let because = "this process runs under holdpoint, so an agent may be typing; answer in a terminal of your own";
        return say_failure(&because, exit::DENIED);
    }
    let secret = match read_or_make_secret(&world.place) {
        Ok(secret) => Secret::new(secret),
        Err(error) => return say_failure(&error, exit::FAILED),
    };
    match act(&world.desk(&secret, Duration::ZERO), &id) {
        Ok(()) => 0,
        Err(because) => say_failure(&because, exit::DENIED),
    }
}

/// What reaches far is approved by typing its name.
fn ask_for_name(question: &Question) -> Option<String> {
    let wanted = question.to_type()?;
    if !io::stdin().is_terminal() {
        return None;
    }
    print!("To approve, type {}: ", wanted.text());
    io::stdout().flush().ok()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).ok()?;
    Some(line.trim_end_matches(['\n', '\r']).to_owned())
}

/// Trusts a repository's policy file, lists what is trusted, or takes trust back.
#[must_use]
pub(super) fn trust(path: &str, given: &clap::ArgMatches) -> i32 {
    let place = match Place::find(&Sources::real()) {
        Ok(place) => place,
        Err(error) => return say_failure(&error, exit::FAILED),
    };
    let done = if given.get_flag("list") {
        list_trust(&place)
    } else if given.get_flag("revoke") {
        trust::revoke(&place, Path::new(path))
            .map_err(|error| error.to_string())
            .map(|count| println!("{}", if count == 0 { "It was not trusted." } else { "The trust is taken back." }))
    } else {
        give_trust(&place, Path::new(path))
    };
    match done {
        Ok(()) => 0,
        Err(because) => say_failure(&because, exit::DENIED),
    }
}

fn list_trust(place: &Place) -> Result<(), String> {
    for pin in trust::list_pins(place).map_err(|error| error.to_string())? {
        let state = if trust::is_current(&pin) { "in force" } else { "dropped: the file was changed" };
        println!("{}  {state}", Shown(&pin.path.to_string_lossy()));
    }
    Ok(())
}

fn give_trust(place: &Place, path: &Path) -> Result<(), String> {
    let names: Vec<(String, String)> = std::env::vars().collect();
    let marker = agent::label(|name| names.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()));
    let asker = trust::Asker::find(place, marker.map(str::to_owned));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    match trust::give_trust(place, &asker, path, now, &mut ask_for_trust) {
        Ok(true) => println!("Trusted."),
        Ok(false) => return Err("Nothing was trusted.".to_owned()),
        Err(error) => return Err(error.to_string()),
    }
    Ok(())
}

/// Asks on the controlling terminal. What was typed before the question stood there is thrown away.
fn ask_for_trust(lines: &[String]) -> io::Result<bool> {
    let terminal = tty::open_controlling()?;
    let signals = HeldSignals::hold()?;
    let _mode = LineMode::set(&terminal)?;
    for line in lines {
        writeln!(&terminal, "{line}")?;
    }
    tty::flush_input(&terminal)?;
    write!(&terminal, "Trust it? Type yes: ")?;
    Ok(tty::read_line(&terminal, &signals)?.trim() == "yes")
}
