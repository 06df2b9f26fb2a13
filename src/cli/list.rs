//! What waits, and what happened.

use super::{exit, say_failure};
use crate::approval::{self, Secret, reply};
use crate::config::place::{Place, Sources};
use crate::config::secret::read_or_make_secret;
use crate::pipeline::World;
use crate::record::{Record, recent, verify};
use std::time::Duration;

/// Lists the requests that wait.
#[must_use]
pub(super) fn pending(json: bool) -> i32 {
    let world = match World::look() {
        Ok(world) => world,
        Err(error) => return say_failure(&error, exit::FAILED),
    };
    let secret = match read_or_make_secret(&world.place) {
        Ok(secret) => Secret::new(secret),
        Err(error) => return say_failure(&error, exit::FAILED),
    };
    let waiting = match reply::list(&world.desk(&secret, Duration::ZERO)) {
        Ok(waiting) => waiting,
        Err(error) => return say_failure(&error, exit::FAILED),
    };
    if waiting.is_empty() && !json {
        println!("Nothing waits.");
    }
    for one in waiting {
        if json {
            let line = serde_json::json!({"question": one.question, "reply": one.reply});
            println!("{line}");
            continue;
        }
        let state = match one.reply.map(|reply| reply.said) {
            None => "waits",
            Some(reply::Said::Yes) => "approved, not run yet",
            Some(reply::Said::No { .. }) => "denied",
        };
        println!("{}  {state}\n{}", one.question.id, approval::describe(&one.question));
    }
    0
}

/// Shows or verifies the record.
#[must_use]
pub(super) fn log(given: &clap::ArgMatches) -> i32 {
    let place = match Place::find(&Sources::real()) {
        Ok(place) => place,
        Err(error) => return say_failure(&error, exit::FAILED),
    };
    let record = match place
        .open_state()
        .map_err(|error| error.to_string())
        .and_then(|()| Record::open(&place.state).map_err(|error| error.to_string()))
    {
        Ok(record) => record,
        Err(error) => return say_failure(&error, exit::FAILED),
    };
    if given.get_flag("verify") {
        return match verify(record.directory()) {
            Ok(verified) => {
                println!("{} lines, none changed, removed or moved; head {}", verified.lines, verified.head);
                0
            }
            Err(fault) => say_failure(&fault, exit::FAILED),
        };
    }
    let count = given.get_one::<usize>("count").copied().unwrap_or(20);
    let told = match recent(record.directory(), count) {
        Ok(told) => told,
        Err(error) => return say_failure(&error, exit::FAILED),
    };
    for one in told {
        if given.get_flag("json") {
            one.lines.iter().for_each(|line| println!("{line}"));
        } else {
            println!("{one}");
        }
    }
    0
}
