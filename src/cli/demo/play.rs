//! From the first line to the last: the stage, the scenes in order, the record, and what it came to.

use super::cloud::Cloud;
use super::page::Page;
use super::scene::{End, SCENES, Scene, Set};
use super::stage::{Seat, Stage, is_here};
use std::io::{self, IsTerminal};

/// How many scenes ended in which way.
#[derive(Debug, Default)]
struct Tally {
    kept: usize,
    answered: usize,
    skipped: usize,
    broken: usize,
}

/// Plays the demo. 0 if every protection held, 1 if one did not, and the code of a failure if it could not be played.
#[must_use]
pub(in crate::cli) fn play() -> i32 {
    match perform(&mut Page::open()) {
        Ok(tally) => i32::from(tally.broken > 0),
        Err(error) => super::super::say_failure(&error, super::super::exit::FAILED),
    }
}

fn perform(page: &mut Page) -> Result<Tally, String> {
    let draw = || getrandom::u64().map(|drawn| format!("rw_{drawn:016x}")).map_err(|error| error.to_string());
    let (token, other_token) = (draw()?, draw()?);
    let stage = Stage::build(&token)?;
    let cloud = Cloud::open(&other_token).map_err(|error| format!("no port on 127.0.0.1 can be had: {error}"))?;
    let seat = if is_terminal() { Seat::Person } else { Seat::Nobody };
    introduce(page, &stage, &cloud, seat);
    let mut tally = Tally::default();
    for scene in &SCENES {
        page.scene(scene.title);
        page.say(scene.before);
        let missing: Vec<&str> = scene.needs.iter().copied().filter(|program| !is_here(program)).collect();
        if missing.is_empty() {
            let set = Set { stage: &stage, cloud: &cloud, page, seat, other_token: &other_token };
            play_scene(scene, &set, &mut tally);
        } else {
            page.skipped(&format!("{} is not on this machine", missing.join(" and ")));
            tally.skipped += 1;
        }
    }
    page.scene("The record of all of it");
    let set = Set { stage: &stage, cloud: &cloud, page, seat, other_token: &other_token };
    match show_record(&set) {
        Ok(()) => tally.kept += 1,
        Err(fault) => {
            page.broken(&fault);
            tally.broken += 1;
        }
    }
    conclude(page, &stage, &tally);
    Ok(tally)
}

/// A person can be asked if standard input and output are a terminal.
fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

fn introduce(page: &Page, stage: &Stage, cloud: &Cloud, seat: Seat) {
    page.say("holdpoint demo: nine seconds in which an agent deletes a company's production volume, and every backup with it.");
    page.say(&format!(
        "The only thing simulated is the cloud, at {}. The repository, the home, the token file and the database lie in {} and \
         are removed at the end; bash, git, curl, python3 and sqlite3 are this machine's own, under this very binary.",
        cloud.url(),
        stage.root().display()
    ));
    if seat == Seat::Nobody {
        page.say("There is no terminal here, so nobody can be asked: what is held stays held.");
    }
}

fn play_scene(scene: &Scene, set: &Set<'_>, tally: &mut Tally) {
    match (scene.play)(set) {
        Ok(End::Kept(text)) => {
            set.page.kept(&text);
            tally.kept += 1;
        }
        Ok(End::Answered(text)) => {
            set.page.answered(&text);
            tally.answered += 1;
        }
        Ok(End::Broken(text)) | Err(text) => {
            set.page.broken(&text);
            tally.broken += 1;
        }
    }
}

/// Shows what was written down, and that it is whole and holds no secret.
fn show_record(set: &Set<'_>) -> Result<(), String> {
    let told = set.ask(&["log", "-n", "50"])?;
    let verified = set.ask(&["log", "--verify"])?;
    if told.status != Some(0) || !told.out.contains("rm -rf uploads") {
        return Err("a command is missing from the record".to_owned());
    }
    if [&*set.stage.token, set.other_token].iter().any(|secret| told.out.contains(secret)) {
        return Err("the record holds a token".to_owned());
    }
    if verified.status != Some(0) {
        return Err("the record could not be verified".to_owned());
    }
    set.page.kept("Every command is there, with what was decided and how it ended, and without the tokens.");
    Ok(())
}

fn conclude(page: &mut Page, stage: &Stage, tally: &Tally) {
    page.scene("What it came to");
    let Tally { kept, answered, skipped, broken } = tally;
    let mut parts = vec![format!("{kept} held")];
    for (count, word) in [(answered, "answered by you"), (skipped, "skipped"), (broken, "BROKEN")] {
        if *count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    let text = format!("{}. {} is removed now.", parts.join(", "), stage.root().display());
    if *broken > 0 {
        page.broken(&text);
        page.say("holdpoint doctor says which walls stand on this machine, and why one does not.");
    } else {
        page.kept(&text);
        page.say("Next: ./install.sh, then give an agent the shell (README.md). holdpoint check 'COMMAND' asks about any command.");
    }
}
