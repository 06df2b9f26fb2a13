//! How a person comes to trust a repository's policy file: they see what it says and what it would loosen, and say yes.

use super::place::Place;
use super::trust::{Asker, Candidate, TrustError, check_asker, pin, read_candidate};
use crate::decide::policy::{Condition, Decision, Document, Network, Profile, Statement};
use crate::decide::shown::Shown;
use std::io;
use std::path::Path;

/// The longest text of one line, in characters.
const LONGEST_LINE: usize = 300;

/// Shows lines to the person and brings back their yes or no.
pub type Ask<'a> = dyn FnMut(&[String]) -> io::Result<bool> + 'a;

/// Asks a person for trust in the policy file at or above a path, and pins it on a yes. Gives whether it was one.
///
/// `now` is in seconds since 1970.
///
/// # Errors
/// When the asker may be an agent, there is no such file, it is broken, or the pin cannot be kept.
pub fn give_trust(place: &Place, asker: &Asker, path: &Path, now: u64, ask: &mut Ask<'_>) -> Result<bool, TrustError> {
    check_asker(asker)?;
    let candidate = read_candidate(path)?;
    if !ask(&describe(&candidate)).map_err(TrustError::Unanswered)? {
        return Ok(false);
    }
    pin(place, &candidate, now)?;
    Ok(true)
}

/// What a person reads before they trust a file. The file is written by others: all of it goes through [`Shown`].
#[must_use]
pub fn describe(candidate: &Candidate) -> Vec<String> {
    let document = &candidate.document;
    let mut lines = vec![format!("{} says:", Shown(&candidate.path.to_string_lossy()).cut(LONGEST_LINE))];
    lines.extend(document.profile.map(|profile| format!("  profile {}", profile.label())));
    lines.extend(document.statements.iter().map(tell_statement));
    lines.extend(document.credentials.deny.iter().map(|path| shown(&format!("  walls off {path}"))));
    lines.extend(document.credentials.pass.iter().map(|path| shown(&format!("  opens {path}"))));
    lines.extend(document.env.deny.iter().map(|name| shown(&format!("  takes the variable {name} out"))));
    lines.extend(document.env.pass.iter().map(|name| shown(&format!("  leaves the variable {name} in"))));
    lines.extend(document.network.as_ref().map(|reach| format!("  {}", tell_network(reach))));
    lines.extend(document.approval.wait.map(|wait| format!("  waits {wait} s for an answer")));
    lines.extend(document.approval.ttl.map(|ttl| format!("  keeps a yes for {ttl} s")));
    let loosened = find_loosening(document);
    if loosened.is_empty() {
        lines.push("It only tightens, which it does without trust as well.".to_owned());
    } else {
        lines.push("With trust it loosens:".to_owned());
        lines.extend(loosened);
    }
    lines.push("Any edit or move of the file ends the trust.".to_owned());
    lines
}

fn shown(line: &str) -> String {
    Shown(line).cut(LONGEST_LINE)
}

fn tell_network(reach: &Network) -> String {
    match reach {
        Network::Open => "the network is open".to_owned(),
        Network::Ports(ports) => format!("TCP goes to the ports {ports:?}"),
        Network::None => "there is no network".to_owned(),
    }
}

fn tell_statement(statement: &Statement) -> String {
    let why = statement.why.as_deref().map(|why| format!(" — {why}")).unwrap_or_default();
    shown(&format!("  {} {}: {}{why}", statement.decision.label(), statement.id, tell_condition(&statement.when)))
}

/// `verb drop|delete, name users`; everything that is not restricted is left out.
fn tell_condition(when: &Condition) -> String {
    let own = |list: &[String]| list.to_vec();
    let told = [
        ("rule", own(&when.rule)),
        ("verb", when.verb.iter().map(|verb| verb.label().to_owned()).collect()),
        ("resource", own(&when.resource)),
        ("name", own(&when.name)),
        ("reach", when.reach.iter().map(|reach| reach.label().to_owned()).collect()),
        ("reversal", when.reversal.iter().map(|reversal| reversal.label().to_owned()).collect()),
        ("branch", own(&when.branch)),
        ("user", own(&when.user)),
    ];
    let keys: Vec<String> = told
        .into_iter()
        .filter(|(_, all)| !all.is_empty())
        .map(|(key, all): (&str, Vec<String>)| format!("{key} {}", all.join("|")))
        .collect();
    if keys.is_empty() { "everything".to_owned() } else { keys.join(", ") }
}

/// What the file could make milder than the layers before it, whatever these say.
fn find_loosening(document: &Document) -> Vec<String> {
    let mut lines = Vec::new();
    match document.profile {
        Some(Profile::Observe) => lines.push("  everything: it is recorded and no longer held".to_owned()),
        Some(Profile::Default) => lines.push("  a profile of yours that is strict".to_owned()),
        Some(Profile::Strict) | None => {}
    }
    for statement in &document.statements {
        let what = match statement.decision {
            Decision::Allow => "runs without a question",
            Decision::Hold => "may be approved though your own policy denies it",
            Decision::Deny => continue,
        };
        lines.push(shown(&format!("  {}: {what}: {}", statement.id, tell_condition(&statement.when))));
    }
    lines.extend(document.credentials.pass.iter().map(|path| shown(&format!("  every command can read {path}"))));
    lines.extend(document.scope.write.iter().map(|path| shown(&format!("  every command can write {path}"))));
    lines.extend(document.env.pass.iter().map(|name| shown(&format!("  every command gets the variable {name}"))));
    lines.extend(
        document
            .network
            .as_ref()
            .filter(|reach| **reach != Network::None)
            .map(|reach| format!("  {}", tell_network(reach))),
    );
    if document.approval.ttl.is_some() || document.approval.wait.is_some() {
        lines.push("  how long is waited, and how long a yes stays good".to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    struct World {
        room: tempfile::TempDir,
        place: Place,
    }

    impl World {
        fn build(text: &str) -> World {
            let room = tempfile::tempdir().expect("a temporary directory");
            fs::write(room.path().join(".holdpoint.yaml"), text).expect("written");
            let state = room.path().join("state");
            let uid = nix::unistd::geteuid().as_raw();
            let place = Place { uid, user: "ann".into(), homes: Vec::new(), config: state.join("c"), state };
            World { room, place }
        }

        fn ask(&self, asker: &Asker, answer: bool) -> (Result<bool, TrustError>, Vec<String>) {
            let mut told = Vec::new();
            let given = give_trust(&self.place, asker, self.room.path(), 1, &mut |lines| {
                told = lines.to_vec();
                Ok(answer)
            });
            (given, told)
        }

        fn pins(&self) -> usize {
            super::super::trust::list_pins(&self.place).expect("listed").len()
        }
    }

    fn person() -> Asker {
        Asker { at_terminal: true, ..Asker::default() }
    }

    #[test]
    fn a_person_sees_what_is_loosened_and_only_a_yes_pins() {
        let world = World::build(
            "profile: observe\nstatements:\n  - { id: scratch, decision: allow, when: { verb: drop, name: scratch }, why: Ours }\n  - { id: no, decision: deny, when: { rule: 'aws.*' } }\ncredentials: { pass: [~/.netrc] }\n",
        );
        let (given, told) = world.ask(&person(), false);
        assert!(matches!(given, Ok(false)), "{given:?}");
        assert_eq!(world.pins(), 0);
        let told = told.join("\n");
        for line in [
            "  allow scratch: verb drop, name scratch — Ours",
            "  deny no: rule aws.*",
            "  everything: it is recorded and no longer held",
            "  scratch: runs without a question: verb drop, name scratch",
            "  every command can read ~/.netrc",
        ] {
            assert!(told.contains(line), "{told}");
        }
        assert!(!told.contains("no: may"), "{told}");
        assert!(matches!(world.ask(&person(), true).0, Ok(true)));
        assert_eq!(world.pins(), 1);
    }

    #[test]
    fn a_file_that_only_tightens_is_called_so_and_hostile_text_is_made_visible() {
        let world = World::build("statements:\n  - { id: no, decision: deny, why: \"a\\e[2Jb\\u202E\" }\n");
        let told = world.ask(&person(), false).1.join("\n");
        assert!(told.contains("It only tightens"), "{told}");
        assert!(told.contains("deny no: everything — a⟨001B⟩[2Jb⟨202E⟩"), "{told}");
    }

    #[test]
    fn an_agent_is_not_even_asked() {
        let world = World::build("");
        let (given, told) = world.ask(&Asker { marker: Some("CLAUDECODE".into()), ..person() }, true);
        assert!(matches!(given, Err(TrustError::AgentMarked(_))), "{given:?}");
        assert!(told.is_empty());
        assert_eq!(world.pins(), 0);
    }
}
