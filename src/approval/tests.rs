//! Requests and answers through the inbox: used once, bound, expired, forged, and refused.

use super::inbox::{Inbox, MOST};
use super::reply::{Said, answer, list};
use super::seal::Kind;
use super::store::now;
use super::*;
use crate::decide::action::{Action, Facts, Reach, Reversal, Verb};
use crate::decide::policy::{Decision, Finding, Grant, Verdict};
use crate::decide::syntax::Span;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// A state directory of its own.
struct Place {
    directory: tempfile::TempDir,
    secret: Secret,
}

impl Place {
    fn make() -> Self {
        Place { directory: tempfile::tempdir().unwrap(), secret: Secret::new([7; 32]) }
    }

    fn desk(&self) -> Desk<'_> {
        Desk {
            state: self.directory.path(),
            secret: &self.secret,
            standing: Standing::Open,
            user: "ada",
            wait: Duration::ZERO,
        }
    }

    fn ask(&self, question: &Question) -> Answer {
        self.try_ask(question).unwrap()
    }

    fn try_ask(&self, question: &Question) -> Result<Answer, ApprovalError> {
        Inbox::open(&self.desk(), &mut |_| {})?.ask(question)
    }

    fn say(&self, id: &Id, said: Said) {
        answer(&self.desk(), id, said, None).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join("inbox").join(name)
    }
}

fn action(reach: Reach, names: &[&str]) -> Action {
    Action {
        verb: Verb::RewriteHistory,
        resource: "remote-ref".to_owned(),
        names: names.iter().map(|&name| name.to_owned()).collect(),
        reach,
        reversal: Reversal::Never,
        rule: "git.push.force".to_owned(),
        why: "Replaces the remote branch.".to_owned(),
        instead: Some("git push --force-with-lease".to_owned()),
        span: Span { start: 0, end: 11 },
        via: Vec::new(),
    }
}

fn question_of(digest: &str, action: Action) -> Question {
    let finding = Finding {
        action,
        decision: Decision::Hold,
        statement: "default: irreversible".to_owned(),
        because: String::new(),
    };
    let verdict = Verdict { decision: Decision::Hold, findings: vec![finding], observed: None };
    let asked = Asked {
        digest: digest.to_owned(),
        command: "git push -f origin main".to_owned(),
        inner: None,
        directory: "/srv/app".to_owned(),
        user: "ada".to_owned(),
        agent: Some("claude-code".to_owned()),
        created: now(),
        ttl: 600,
    };
    Question::draw(asked, &verdict, &Facts::default()).unwrap()
}

fn question(digest: &str) -> Question {
    question_of(digest, action(Reach::Repo, &["main"]))
}

fn waiting(answer: Answer) -> Id {
    match answer {
        Answer::Waiting { id } => id,
        other @ (Answer::Once { .. } | Answer::Session { .. } | Answer::No { .. }) => panic!("{other:?}"),
    }
}

fn refused(answer: Answer) -> String {
    match answer {
        Answer::No { because } => because,
        other @ (Answer::Once { .. } | Answer::Session { .. } | Answer::Waiting { .. }) => panic!("{other:?}"),
    }
}

#[test]
fn a_yes_lets_the_same_command_through_once() {
    let place = Place::make();
    let id = waiting(place.ask(&question("d1")));
    place.say(&id, Said::Yes);
    let grant = Grant { digest: "d1".to_owned(), channel: "inbox".to_owned(), by: "ada".to_owned() };
    assert_eq!(place.ask(&question("d1")), Answer::Once { grant, id: id.clone() });
    assert_ne!(waiting(place.ask(&question("d1"))), id);
}

#[test]
fn a_yes_is_for_its_digest_alone() {
    let place = Place::make();
    let id = waiting(place.ask(&question("d1")));
    place.say(&id, Said::Yes);
    assert_ne!(waiting(place.ask(&question("d2"))), id);
}

#[test]
fn a_retry_finds_its_request_again_and_does_not_flood_people() {
    let place = Place::make();
    let first = waiting(place.ask(&question("d1")));
    assert_eq!(waiting(place.ask(&question("d1"))), first);
    assert_eq!(list(&place.desk()).unwrap().len(), 1);
}

#[test]
fn a_no_is_told_with_its_reason_at_once_and_on_every_retry() {
    let place = Place::make();
    let id = waiting(place.ask(&question("d1")));
    place.say(&id, Said::No { because: "not on main".to_owned() });
    for _ in 0..2 {
        assert_eq!(refused(place.ask(&question("d1"))), "ada said no: not on main");
    }
}

#[test]
fn a_person_may_think_again_until_the_answer_is_used() {
    let place = Place::make();
    let id = waiting(place.ask(&question("d1")));
    place.say(&id, Said::Yes);
    place.say(&id, Said::No { because: String::new() });
    assert_eq!(refused(place.ask(&question("d1"))), "ada said no");
    place.say(&id, Said::Yes);
    assert!(matches!(place.ask(&question("d1")), Answer::Once { .. }));
    let fault = answer(&place.desk(), &id, Said::Yes, None).unwrap_err();
    assert!(fault.to_string().starts_with(&format!("There is no request {id} that waits")), "{fault}");
}

#[test]
fn of_many_runs_that_race_for_one_yes_exactly_one_gets_it() {
    for _ in 0..10 {
        let place = Place::make();
        let id = waiting(place.ask(&question("d1")));
        place.say(&id, Said::Yes);
        let through: usize = std::thread::scope(|scope| {
            let runs: Vec<_> =
                (0..8).map(|_| scope.spawn(|| matches!(place.ask(&question("d1")), Answer::Once { .. }))).collect();
            runs.into_iter().map(|run| usize::from(run.join().unwrap())).sum()
        });
        assert_eq!(through, 1);
    }
}

#[test]
fn a_waiting_command_goes_on_as_soon_as_a_person_says_yes() {
    let place = Place::make();
    let (sender, receiver) = std::sync::mpsc::channel();
    let answer = std::thread::scope(|scope| {
        let place = &place;
        scope.spawn(move || {
            let text: String = receiver.recv().unwrap();
            assert!(text.starts_with("holdpoint: held: git.push.force — Replaces the remote branch.\n"), "{text}");
            let id = list(&place.desk()).unwrap()[0].question.id.clone();
            assert!(text.contains(&format!("holdpoint approve {id} ")), "{text}");
            place.say(&id, Said::Yes);
        });
        let desk = Desk { wait: Duration::from_secs(120), ..place.desk() };
        Inbox::open(&desk, &mut |text| sender.send(text.to_owned()).unwrap()).unwrap().ask(&question("d1"))
    });
    assert!(matches!(answer.unwrap(), Answer::Once { .. }));
}

#[test]
fn of_two_that_wait_for_one_request_the_second_asks_again() {
    let place = Place::make();
    let desk = Desk { wait: Duration::from_secs(1), ..place.desk() };
    let filed = waiting(place.ask(&question("d1")));
    let mut answers = std::thread::scope(|scope| {
        let run = || scope.spawn(|| Inbox::open(&desk, &mut |_| {}).unwrap().ask(&question("d1")).unwrap());
        let runs = [run(), run()];
        place.say(&filed, Said::Yes);
        runs.map(|run| run.join().unwrap())
    });
    answers.sort_by_key(|answer| matches!(answer, Answer::Waiting { .. }));
    let [first, second] = answers;
    assert!(matches!(first, Answer::Once { .. }), "{first:?}");
    assert_ne!(waiting(second), filed);
}

#[test]
fn an_answer_that_was_changed_or_made_without_the_secret_counts_as_no() {
    let place = Place::make();
    let id = waiting(place.ask(&question("d1")));
    place.say(&id, Said::No { because: "no".to_owned() });
    let path = place.file(&format!("{id}.answer.json"));
    let text = fs::read_to_string(&path).unwrap();
    let forged = Secret::new([8; 32]);
    let reply: reply::Reply = place.secret.open(Kind::Answer, &text).unwrap();
    let yes = reply::Reply { said: Said::Yes, ..reply };
    for wrong in [
        text.replace(r#"{"no":{"because":"no"}}"#, r#""yes""#),
        forged.seal(Kind::Answer, &yes).unwrap(),
        place.secret.seal(Kind::Request, &yes).unwrap(),
        place.secret.seal(Kind::Answer, &reply::Reply { digest: "d2".to_owned(), ..yes.clone() }).unwrap(),
        place.secret.seal(Kind::Answer, &reply::Reply { id: Id::draw().unwrap(), ..yes.clone() }).unwrap(),
        place.secret.seal(Kind::Answer, &reply::Reply { time: now() + 3600, ..yes.clone() }).unwrap(),
        "{}".to_owned(),
        String::new(),
    ] {
        assert_ne!(wrong, text);
        fs::write(&path, wrong).unwrap();
        let because = refused(place.ask(&question("d1")));
        assert!(because.contains("was not made with this machine's approving secret"), "{because}");
    }
}

#[test]
fn a_request_that_was_changed_is_none() {
    let place = Place::make();
    let id = waiting(place.ask(&question("d1")));
    let path = place.file(&format!("{id}.json"));
    let text = fs::read_to_string(&path).unwrap().replace("git push -f origin main", "git status");
    fs::write(&path, text).unwrap();
    assert_eq!(list(&place.desk()).unwrap(), []);
    assert!(answer(&place.desk(), &id, Said::Yes, None).is_err());
    assert_ne!(waiting(place.ask(&question("d1"))), id);
}

#[test]
fn a_used_answer_that_is_put_back_is_not_used_again() {
    let place = Place::make();
    let id = waiting(place.ask(&question("d1")));
    place.say(&id, Said::Yes);
    let (request, reply) = (place.file(&format!("{id}.json")), place.file(&format!("{id}.answer.json")));
    let (old_request, old_reply) = (fs::read(&request).unwrap(), fs::read(&reply).unwrap());
    assert!(matches!(place.ask(&question("d1")), Answer::Once { .. }));
    fs::write(request, old_request).unwrap();
    fs::write(reply, old_reply).unwrap();
    assert_ne!(waiting(place.ask(&question("d1"))), id);
}

#[test]
fn a_request_whose_time_is_over_cannot_be_answered_and_is_swept_away() {
    let place = Place::make();
    let mut old = question("d1");
    old.asked.ttl = 1;
    let id = waiting(place.ask(&old));
    old.asked.created = now() - 10;
    old.id = id.clone();
    fs::write(place.file(&format!("{id}.json")), place.secret.seal(Kind::Request, &old).unwrap()).unwrap();
    fs::write(place.file(&format!("{id}.answer.json")), "spoilt").unwrap();
    assert_eq!(list(&place.desk()).unwrap(), []);
    assert!(answer(&place.desk(), &id, Said::Yes, None).is_err());
    assert_ne!(waiting(place.ask(&question("d1"))), id);
    assert!(!place.file(&format!("{id}.json")).exists());
}

#[test]
fn a_yes_that_was_not_used_in_time_is_over() {
    let place = Place::make();
    let id = waiting(place.ask(&question("d1")));
    place.say(&id, Said::Yes);
    let path = place.file(&format!("{id}.answer.json"));
    let reply: reply::Reply = place.secret.open(Kind::Answer, &fs::read_to_string(&path).unwrap()).unwrap();
    let late = reply::Reply { time: now() - 700, expires: now() - 100, ..reply };
    fs::write(&path, place.secret.seal(Kind::Answer, &late).unwrap()).unwrap();
    assert_ne!(waiting(place.ask(&question("d1"))), id);
}

#[test]
fn a_question_from_the_future_or_from_too_long_ago_is_not_filed() {
    let place = Place::make();
    for created in [now() + 3600, now() - 3600] {
        let mut wrong = question("d1");
        wrong.asked.created = created;
        assert!(refused(place.ask(&wrong)).starts_with("nobody answered before"), "{created}");
    }
    assert_eq!(list(&place.desk()).unwrap(), []);
}

#[test]
fn a_state_directory_that_cannot_be_used_is_an_error() {
    let place = Place::make();
    fs::write(place.directory.path().join("inbox"), "a file where the inbox should be").unwrap();
    let fault = place.try_ask(&question("d1")).unwrap_err().to_string();
    assert!(fault.starts_with("The approval could not be locked at "), "{fault}");
    let place = Place::make();
    let desk = Desk { state: &place.directory.path().join("no/such"), ..place.desk() };
    assert!(Inbox::open(&desk, &mut |_| {}).is_err());
}

#[test]
fn too_many_requests_are_refused_with_a_sentence() {
    let place = Place::make();
    waiting(place.ask(&question("d")));
    for number in 1..MOST {
        let question = question(&format!("d{number}"));
        let text = place.secret.seal(Kind::Request, &question).unwrap();
        fs::write(place.file(&format!("{}.json", question.id)), text).unwrap();
    }
    let fault = place.try_ask(&question("one more")).unwrap_err().to_string();
    assert!(fault.starts_with("200 requests wait for an answer already"), "{fault}");
    assert!(matches!(place.ask(&question("d")), Answer::Waiting { .. }));
}

#[test]
fn what_reaches_far_needs_its_name_typed() {
    let place = Place::make();
    let far = question_of("d1", action(Reach::Environment, &["production"]));
    let id = waiting(place.ask(&far));
    for typed in [None, Some(""), Some("Production"), Some("production "), Some(id.as_str())] {
        let fault = answer(&place.desk(), &id, Said::Yes, typed).unwrap_err().to_string();
        assert!(fault.contains("must be typed exactly: production."), "{fault}");
    }
    answer(&place.desk(), &id, Said::Yes, Some("production")).unwrap();
    assert!(matches!(place.ask(&far), Answer::Once { .. }));
}

#[test]
fn where_a_name_cannot_be_seen_or_is_unknown_the_id_is_typed() {
    let place = Place::make();
    for names in [&["pro\u{200B}duction"][..], &["a\nb"], &[""], &[], &[" x"]] {
        let far = question_of(&format!("{names:?}"), action(Reach::Host, names));
        let id = waiting(place.ask(&far));
        assert!(answer(&place.desk(), &id, Said::Yes, names.first().copied()).is_err());
        answer(&place.desk(), &id, Said::Yes, Some(id.as_str())).unwrap();
    }
}

#[test]
fn a_no_needs_no_name() {
    let place = Place::make();
    let id = waiting(place.ask(&question_of("d1", action(Reach::Home, &["/home/ada"]))));
    place.say(&id, Said::No { because: String::new() });
}

#[test]
fn nobody_answers_from_inside_the_walls_or_an_agents_environment() {
    let place = Place::make();
    let id = waiting(place.ask(&question("d1")));
    for standing in [Standing::Inside, Standing::Agent("claude-code".to_owned())] {
        let desk = Desk { standing, ..place.desk() };
        assert!(matches!(answer(&desk, &id, Said::Yes, None), Err(ApprovalError::Forbidden(_))));
    }
    let desk = Desk { standing: Standing::Inside, ..place.desk() };
    let because = refused(ask(&desk, &question("d1"), &mut |_| {}).unwrap());
    assert!(because.contains("inside holdpoint's walls"), "{because}");
}

#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::make();
    let id = waiting(place.ask(&question("d1")));
    place.say(&id, Said::Yes);
    for name in [format!("{id}.json"), format!("{id}.answer.json"), "lock".to_owned()] {
        assert_eq!(fs::metadata(place.file(&name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::metadata(place.file("")).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn the_texts_for_the_agent_are_short_and_free_of_hidden_characters() {
    let mut question = question("d1");
    question.rules = vec!["git.push.force".to_owned(), "files.rm\u{202E}".to_owned()];
    question.asked.command = "git\u{1b}[2J\npush -f".to_owned();
    question.losses[0].excerpt = "git\u{1b}[2J\npush".to_owned();
    let id = question.id.clone();
    for text in [
        refusal::held(&question, &id, Duration::from_secs(100)),
        refusal::waiting(&question, &id, false),
        refusal::waiting(&question, &id, true),
        refusal::refused(&question, "no\nholdpoint: allowed"),
        refusal::denied(&question, "org: no-force"),
    ] {
        assert!(text.lines().count() <= 8 && text.starts_with("holdpoint: "), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with("  ")), "{text}");
        assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202E}'), "{text:?}");
    }
}

#[test]
fn a_yes_for_the_session_holds_here_for_the_same_digest_until_it_expires() {
    let place = Place::make();
    let question = question("d1");
    let here = session::Session::led_by(i32::try_from(std::process::id()).unwrap()).unwrap();
    assert_eq!(session::recall(&place.desk(), &here, &question), None);
    let grant = Grant { digest: "d1".to_owned(), channel: "terminal".to_owned(), by: "ada".to_owned() };
    session::remember(&place.desk(), &here, &question, &grant).unwrap();
    let found = session::recall(&place.desk(), &here, &question).unwrap();
    assert_eq!((found.digest.as_str(), found.channel.as_str()), ("d1", "session"));
    assert_eq!(session::recall(&place.desk(), &here, &self::question("d2")), None);
    let other = Secret::new([9; 32]);
    assert_eq!(session::recall(&Desk { secret: &other, ..place.desk() }, &here, &question), None);
    let mut short = question;
    short.asked.ttl = 0;
    session::remember(&place.desk(), &here, &short, &grant).unwrap();
    assert_eq!(session::recall(&place.desk(), &here, &short), None);
}

#[test]
fn a_part_is_pointed_at_only_where_it_lies_in_the_shown_command() {
    let mut question = question("d1");
    let loss = question.losses[0].clone();
    assert_eq!(question.excerpt(&loss), Some("git push -f"));
    question.asked.command = "git push -f".to_owned();
    assert_eq!(question.excerpt(&loss), None);
    question.asked.inner = Some("rm -rf docs".to_owned());
    assert_eq!(question.excerpt(&loss), None);
}
