//! sed scripts: the commands that run a shell (`e`), and read or write files (`r`, `w`).

use super::super::Span;
use super::Code;
use super::term::{Call, Named, Term};
use crate::decide::syntax::Patience;
use std::rc::Rc;

/// Reads a script. Its commands are calls named `e`, `r` and `w`.
pub(super) fn read(text: &str) -> Code {
    let end = (0..=super::LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let head = text.get(..end).unwrap_or_default();
    let code = Code { calls: Vec::new(), cut: head.len() < text.len() };
    let mut reader = Reader { text: head, at: 0, patience: Patience::for_length(head.len()), code };
    while !reader.rest().is_empty() {
        let before = reader.at;
        reader.command();
        reader.at = head.ceil_char_boundary(reader.at.max(before + 1));
    }
    reader.code.cut |= reader.patience.is_gone();
    reader.code
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    patience: Patience,
    code: Code,
}

impl<'a> Reader<'a> {
    /// What is not read yet; nothing, once it was looked at too often.
    fn rest(&self) -> &'a str {
        let seen = self.text.get(self.at..).filter(|_| self.patience.look());
        seen.unwrap_or_default()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn note(&mut self, name: &str, argument: &str) {
        let span = Span::default();
        let function = Named { path: name.into(), on: None };
        self.code.calls.push(Rc::new(Call::new(function, vec![Term::text(argument)], Vec::new(), span)));
    }

    /// What stands up to the end of the line.
    fn line(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find('\n').unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default().trim()
    }

    /// Text up to a delimiter that no backslash stands before.
    fn until(&mut self, delimiter: char) {
        let mut class = false;
        while let Some(next) = self.next() {
            match next {
                '\\' => drop(self.next()),
                '\n' if class => return,
                c if c == delimiter => return,
                _ => class |= next == '\n',
            }
        }
    }

    fn command(&mut self) {
        let Some(first) = self.next() else { return };
        match first {
            '/' => self.until('/'),
            '\\' => {
                if let Some(delimiter) = self.next() {
                    self.until(delimiter);
                }
            }
            '#' | ':' | 'b' | 't' | 'T' => {
                let rest = self.rest();
                let end = rest.find(|c| c == '\n' || c == ';' && first != '#').unwrap_or(rest.len());
                self.at += end;
            }
            's' => self.substitution(),
            'y' => {
                if let Some(delimiter) = self.next() {
                    self.until(delimiter);
                    self.until(delimiter);
                }
            }
            'e' | 'w' | 'W' | 'r' | 'R' => {
                let argument = self.line();
                let name = first.to_ascii_lowercase().to_string();
                // `e` alone runs what the input says.
                self.note(&name, if argument.is_empty() { "…" } else { argument });
            }
            'a' | 'i' | 'c' => {
                while self.line().ends_with('\\') && !self.rest().is_empty() {
                    self.at += 1;
                }
            }
            _ => {}
        }
    }

    /// `s/a/b/flags`: the flags `e` and `w file`.
    fn substitution(&mut self) {
        let Some(delimiter) = self.next() else { return };
        self.until(delimiter);
        let start = self.at;
        self.until(delimiter);
        let replacement = self.text.get(start..self.at.saturating_sub(delimiter.len_utf8()).max(start));
        let replacement = replacement.unwrap_or_default();
        while let Some(flag) = self.rest().chars().next() {
            match flag {
                'g' | 'p' | 'i' | 'I' | 'm' | 'M' | '0'..='9' => self.at += 1,
                'e' => {
                    self.at += 1;
                    // What matched and what surrounds it is part of the command.
                    let mut text = replacement.replace('&', "…");
                    (1..=9).for_each(|group| text = text.replace(&format!("\\{group}"), "…"));
                    self.note("e", &text);
                }
                'w' => {
                    self.at += 1;
                    let file = self.line();
                    self.note("w", file);
                }
                _ => return,
            }
        }
    }
}
