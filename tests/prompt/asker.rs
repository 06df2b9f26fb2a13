//! The asker's side: one question on the terminal it finds, and the answer written to a file.

use holdpoint::approval::{Answer, Asked, Desk, Question, Secret, Standing, ask, reply};
use holdpoint::decide::action::{Action, Facts, Reach, Reversal, Verb};
use holdpoint::decide::policy::{Decision, Finding, Verdict};
use holdpoint::decide::syntax::Span;
use nix::sys::termios::{self, SetArg};
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

/// Asks as the words behind the state directory wish.
pub(crate) fn main(arguments: Vec<String>) {
    let (state, wishes) = arguments.split_first().unwrap();
    let wishes: Vec<&str> = wishes.iter().map(String::as_str).collect();
    let state = Path::new(state);
    if wishes.contains(&"background") {
        // A session's leader cannot leave its group, so a child in a group of its own asks.
        let mut child = Command::new(std::env::current_exe().unwrap());
        assert!(child.arg("ask").arg(state).process_group(0).status().unwrap().success());
        return;
    }
    if wishes.contains(&"stdin") {
        let (reader, writer) = nix::unistd::pipe().unwrap();
        nix::unistd::write(&writer, b"once\n").unwrap();
        nix::unistd::dup2_stdin(reader).unwrap();
    }
    let before = wishes.contains(&"raw").then(set_raw);
    if wishes.contains(&"late") {
        eprintln!("ready");
        while !state.join("go").exists() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    let mut result = put_question(state, &wishes);
    if let Some(before) = before {
        let same = termios::tcgetattr(File::open("/dev/tty").unwrap()).unwrap() == before;
        result += if same { "\nmode restored" } else { "\nmode changed" };
    }
    if wishes.contains(&"stdin") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).unwrap();
        result += &format!("\nstdin was {text:?}");
    }
    fs::write(state.join("result"), result).unwrap();
}

fn put_question(state: &Path, wishes: &[&str]) -> String {
    let secret = Secret::new([7; 32]);
    let agent = wishes.contains(&"agent");
    let standing = if agent { Standing::Agent("claude-code".to_owned()) } else { Standing::Open };
    let desk = Desk { state, secret: &secret, standing, user: "ada", wait: Duration::ZERO };
    let question = question(wishes);
    if wishes.contains(&"approved") {
        let agents = Desk { standing: Standing::Agent("claude-code".to_owned()), ..desk.clone() };
        let Ok(Answer::Waiting { id }) = ask(&agents, &question, &mut |_| {}) else { panic!("it was not filed") };
        reply::answer(&desk, &id, reply::Said::Yes, None).unwrap();
    }
    let mut result = format!("{:?}", ask(&desk, &question, &mut |_| {}).unwrap());
    if wishes.contains(&"twice") {
        result += &format!("\nthen {:?}", ask(&desk, &question, &mut |_| {}).unwrap());
    }
    result
}

fn question(wishes: &[&str]) -> Question {
    let hostile = wishes.contains(&"hostile");
    let command = if hostile { "echo \x1b[2J\u{202E}x" } else { "git push -f origin main" }.to_owned();
    let (reach, name) = if wishes.contains(&"far") {
        (Reach::Environment, "production")
    } else if wishes.contains(&"unseen") {
        (Reach::Host, "pro\u{200B}duction")
    } else {
        (Reach::Repo, if hostile { "\x1b]0;title\x07" } else { "main" })
    };
    let action = Action {
        verb: Verb::RewriteHistory,
        resource: "remote-ref".to_owned(),
        names: vec![name.to_owned()],
        reach,
        reversal: Reversal::Never,
        rule: "git.push.force".to_owned(),
        why: "Replaces the remote branch.".to_owned(),
        instead: Some("git push --force-with-lease".to_owned()),
        span: Span { start: 0, end: 8 },
        via: Vec::new(),
    };
    let finding = Finding {
        action,
        decision: Decision::Hold,
        statement: "default: irreversible".to_owned(),
        because: String::new(),
    };
    let verdict = Verdict { decision: Decision::Hold, findings: vec![finding], observed: None };
    let created = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let asked = Asked {
        digest: "d1".to_owned(),
        command,
        inner: None,
        directory: "/srv/app".to_owned(),
        user: "ada".to_owned(),
        agent: Some("claude-code".to_owned()),
        created,
        ttl: 600,
    };
    let mut question = Question::draw(asked, &verdict, &Facts::default()).unwrap();
    question.losses[0].amount = Some("312 commits".to_owned());
    question
}

/// Sets raw mode, as a full-screen agent does, and says what it is.
fn set_raw() -> termios::Termios {
    let terminal = File::open("/dev/tty").unwrap();
    let mut mode = termios::tcgetattr(&terminal).unwrap();
    termios::cfmakeraw(&mut mode);
    termios::tcsetattr(&terminal, SetArg::TCSANOW, &mode).unwrap();
    termios::tcgetattr(&terminal).unwrap()
}
