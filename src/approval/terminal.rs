//! A prompt on the controlling terminal.
//!
//! It is used only where a person is sure to sit at it: no agent's marker, not inside the walls, in the foreground. Standard
//! input, output and error stay untouched, so it works while they are pipes. The answer is a whole word and not
//! one key: a person who was typing something else when the prompt came must not say yes by it.

use super::desk::{Answer, Channel, Desk, Standing};
use super::present::describe;
use super::question::Typed;
use super::{ApprovalError, Question};
use crate::decide::policy::Grant;
use crate::sys::terminal::{self as tty, HeldSignals, LineMode};
use console::Term;
use dialoguer::theme::{SimpleTheme, Theme};
use std::fs::File;
use std::io;

/// How often a word that is none of the choices is asked again.
const TRIES: usize = 3;

/// The controlling terminal as a channel.
#[derive(Debug)]
pub struct Terminal {
    file: File,
    person: String,
}

/// What was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Once,
    Session,
    No,
    /// Yes, but without the name that had to be typed.
    Unnamed,
}

impl Terminal {
    /// The terminal, if a person can be asked there.
    #[must_use]
    pub fn open(desk: &Desk<'_>) -> Option<Self> {
        if desk.standing != Standing::Open {
            return None;
        }
        let file = tty::open_controlling().ok()?;
        tty::in_foreground(&file).then(|| Terminal { file, person: desk.user.to_owned() })
    }

    /// Shows a question and has its name typed, for `holdpoint approve`. `None` for a no, Ctrl-C, or any error.
    #[must_use]
    pub fn confirm(&mut self, question: &Question) -> Option<String> {
        self.seated(|seat| {
            seat.say(&describe(question))?;
            seat.name(question)
        })
        .ok()
        .flatten()
    }

    /// Runs something with the terminal in line mode and signals held; both are put back on every way out.
    fn seated<T>(&self, act: impl FnOnce(&Seat<'_>) -> io::Result<T>) -> io::Result<T> {
        let signals = HeldSignals::hold()?;
        let _mode = LineMode::set(&self.file)?;
        let term = Term::read_write_pair(self.file.try_clone()?, self.file.try_clone()?);
        act(&Seat { file: &self.file, signals: &signals, term })
    }
}

impl Channel for Terminal {
    fn ask(&mut self, question: &Question) -> Result<Answer, ApprovalError> {
        let chosen = self.seated(|seat| {
            seat.say(&describe(question))?;
            let choice = seat.choose()?;
            let named = choice == Choice::No || seat.name(question)?.is_some();
            Ok(if named { choice } else { Choice::Unnamed })
        });
        let grant =
            || Grant { digest: question.asked.digest.clone(), channel: "terminal".to_owned(), by: self.person.clone() };
        Ok(match chosen {
            Ok(Choice::Once) => Answer::Once { grant: grant(), id: question.id.clone() },
            Ok(Choice::Session) => Answer::Session { grant: grant(), id: question.id.clone() },
            Ok(Choice::No) => Answer::No { because: format!("{} said no at the terminal", self.person) },
            Ok(Choice::Unnamed) => Answer::No { because: "its name was not typed at the terminal".to_owned() },
            Err(fault) => Answer::No { because: format!("no answer was given at the terminal ({})", reason(&fault)) },
        })
    }
}

/// Why no line was read, in a person's words.
fn reason(fault: &io::Error) -> String {
    let kind = fault.kind();
    if kind == io::ErrorKind::Interrupted {
        "it was interrupted".to_owned()
    } else if kind == io::ErrorKind::UnexpectedEof {
        "end of input".to_owned()
    } else {
        fault.to_string()
    }
}

/// The terminal while it is being used.
struct Seat<'a> {
    file: &'a File,
    signals: &'a HeldSignals,
    term: Term,
}

impl Seat<'_> {
    fn say(&self, text: &str) -> io::Result<()> {
        self.term.write_str(&format!("\n{text}\n"))
    }

    /// Throws away what was typed before the question stood there, prints a prompt in dialoguer's form, and reads a line.
    fn read(&self, prompt: &str, default: Option<&str>) -> io::Result<String> {
        let mut line = String::new();
        SimpleTheme.format_input_prompt(&mut line, prompt, default).map_err(io::Error::other)?;
        tty::flush_input(self.file)?;
        self.term.write_str(&line)?;
        tty::read_line(self.file, self.signals)
    }

    fn choose(&self) -> io::Result<Choice> {
        for _ in 0..TRIES {
            let word = self.read("Run it? Type once, session or no", Some("no"))?.trim().to_lowercase();
            match word.as_str() {
                "once" => return Ok(Choice::Once),
                "session" => return Ok(Choice::Session),
                "" | "no" | "n" => return Ok(Choice::No),
                _ => self.term.write_line("Please type one of the words once, session, no.")?,
            }
        }
        Ok(Choice::No)
    }

    /// Has the name typed that the question asks for; `None` where another was typed.
    fn name(&self, question: &Question) -> io::Result<Option<String>> {
        let Some(wanted) = question.to_type() else { return Ok(Some(String::new())) };
        if let Typed::Id(_) = wanted {
            self.term.write_line(
                "Its name is unknown, very long or has characters that cannot be seen; the request's name stands for it.",
            )?;
        }
        let typed = self.read(&format!("It reaches far. To confirm, type {}", wanted.text()), None)?;
        Ok(wanted.matches(&typed).then_some(typed))
    }
}
