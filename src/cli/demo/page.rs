//! What the reader sees: calm lines, coloured only where the terminal and `NO_COLOR` allow it (no-color.org).

use crate::decide::shown::Shown;
use nu_ansi_term::{Color, Style};
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

/// How wide running text is set.
const WIDTH: usize = 96;
/// The longest command and the longest line of output that are shown.
const LONGEST: usize = 400;

/// Standard output as a page.
pub(super) struct Page {
    colour: bool,
    scenes: usize,
}

impl Page {
    /// Looks at standard output once.
    pub(super) fn open() -> Page {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let able = std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Page { colour: wanted && able && io::stdout().is_terminal(), scenes: 0 }
    }

    fn paint(&self, style: Style, text: impl Display) -> String {
        if self.colour { style.paint(text.to_string()).to_string() } else { text.to_string() }
    }

    /// The first line of a scene.
    pub(super) fn scene(&mut self, title: &str) {
        self.scenes += 1;
        let number = self.paint(Style::new().dimmed(), format!("{:>2}", self.scenes));
        put(&format!("\n{number}  {}\n", self.paint(Style::new().bold(), title)));
    }

    /// Running text.
    pub(super) fn say(&self, text: &str) {
        for line in wrap(text, WIDTH) {
            put(&format!("    {line}\n"));
        }
    }

    /// A command that is about to run.
    pub(super) fn command(&self, text: &str) {
        for (number, line) in text.lines().enumerate() {
            let prompt = if number == 0 { "$" } else { " " };
            put(&format!(
                "    {}\n",
                self.paint(Color::Cyan.normal(), format!("{prompt} {}", Shown(line).cut(LONGEST)))
            ));
        }
    }

    /// What a command printed, on either stream.
    pub(super) fn output(&self, text: &str) {
        let bar = self.paint(Style::new().dimmed(), "│");
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            put(&format!("    {bar} {}\n", Shown(line).cut(LONGEST)));
        }
    }

    /// What was protected.
    pub(super) fn kept(&self, text: &str) {
        self.verdict(Color::Green.bold(), "✓", text);
    }

    /// What the reader decided.
    pub(super) fn answered(&self, text: &str) {
        self.verdict(Color::Yellow.bold(), "→", text);
    }

    /// What could not be played here.
    pub(super) fn skipped(&self, text: &str) {
        self.verdict(Color::Yellow.bold(), "–", &format!("skipped: {text}"));
    }

    /// What did not hold.
    pub(super) fn broken(&self, text: &str) {
        self.verdict(Color::Red.bold(), "✗", text);
    }

    fn verdict(&self, style: Style, sign: &str, text: &str) {
        for (number, line) in wrap(text, WIDTH).iter().enumerate() {
            let sign = if number == 0 { self.paint(style, sign) } else { " ".to_owned() };
            put(&format!("    {sign} {line}\n"));
        }
    }
}

/// A reader who closed the pipe wants no more; that is no fault of the demo.
fn put(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Breaks running text between words.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_between_words_and_long_words_stay_whole() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a bbbbbbbbbb c", 4), ["a", "bbbbbbbbbb", "c"]);
        assert_eq!(wrap("", 4), [""]);
    }
}
