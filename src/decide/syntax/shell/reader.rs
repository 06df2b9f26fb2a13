//! Where the reader stands in the text, and what it passes over.

use std::collections::BTreeMap;

use super::heredoc::Pending;
use super::{DEEPEST, placeholder, unknown};
use crate::decide::syntax::Patience;
use crate::decide::syntax::tree::{Opacity, Script, Span, Word};
use std::rc::Rc;

/// What a step of reading gives: its node, or why there is none.
pub(super) type Read<T> = Result<T, Opacity>;

/// A place in shell text. All steps of the grammar are methods of it, in the files beside this one.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    /// The next byte. Always on a character boundary.
    pub(super) at: usize,
    /// Shared by the readers of all texts inside this one.
    patience: Rc<Patience>,
    /// How many constructs are open.
    pub(super) depth: u32,
    /// How many `$(`, `<(` and `>(` are open in this text: in them a here-document may end before a `)`.
    pub(super) substitutions: u32,
    /// How many operands of `declare` and its kin are open; see [`Reader::simple`].
    pub(super) declarations: u32,
    /// Set when the text was taken out of another text and rewritten: the place in that other text.
    pub(super) origin: Option<Span>,
    /// Here-documents whose bodies begin after the next newline.
    pub(super) pending: Vec<Pending>,
    /// Bodies of here-documents, to be put into the tree at the end.
    pub(super) bodies: Vec<Word>,
    /// `((` that turned out not to be arithmetic, with the end that bash would assume.
    pub(super) not_arithmetic: BTreeMap<usize, usize>,
}

impl<'t> Reader<'t> {
    /// Reads all of `text`.
    pub(super) fn whole(text: &'t str) -> Self {
        Reader {
            text,
            at: 0,
            patience: Rc::new(Patience::for_length(text.len())),
            depth: 0,
            substitutions: 0,
            declarations: 0,
            origin: None,
            pending: Vec::new(),
            bodies: Vec::new(),
            not_arithmetic: BTreeMap::new(),
        }
    }

    /// Reads a text that stands inside this one, from `at` on.
    pub(super) fn inside<'u>(&self, text: &'u str, at: usize, origin: Option<Span>) -> Reader<'u> {
        let origin = self.origin.or(origin);
        let patience = Rc::clone(&self.patience);
        let (depth, declarations) = (self.depth + 1, self.declarations);
        Reader { at, patience, depth, declarations, origin, ..Reader::whole(text) }
    }

    /// Reads to the end. Never fails: what is not understood is the last command.
    pub(super) fn script(mut self) -> Script {
        let mut commands = Vec::new();
        let outcome = if self.depth > DEEPEST { Err(Opacity::TooDeep) } else { self.list(&mut commands) };
        let unread = self.at < self.text.len();
        let outcome = if unread { outcome.and(Err(Opacity::Refused)) } else { outcome };
        // It was looked at too often: what was refused for that runs all the same.
        let outcome = if self.patience.is_gone() { Err(Opacity::TooLong) } else { outcome };
        // A here-document without a line after it: bash warns and takes it as empty.
        self.read_bodies();
        if let Err(fault) = outcome {
            let opacity = self.settle(fault);
            let start = commands.last().map_or(0, |command| command.span.end);
            let end = self.origin.map_or_else(|| offset(self.text.len()), |origin| origin.end);
            commands.push(unknown(opacity, Span { start: start.min(end), end }));
        }
        let mut script = Script { commands };
        placeholder::fill(&mut script, &mut self.bodies);
        script
    }

    /// Runs one step a level deeper.
    pub(super) fn deeper<T>(&mut self, step: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= DEEPEST {
            return Err(Opacity::TooDeep);
        }
        self.depth += 1;
        let outcome = step(self);
        self.depth -= 1;
        outcome
    }

    /// The place of what began at `start` and ends here.
    pub(super) fn span(&self, start: usize) -> Span {
        self.range(start, self.at)
    }

    /// The place of what stands between two bytes.
    pub(super) fn range(&self, start: usize, end: usize) -> Span {
        self.origin.unwrap_or(Span { start: offset(start.min(end)), end: offset(end) })
    }

    /// The text between two bytes.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or("")
    }

    /// The byte at a place.
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The place behind all `\`+newline that stand at `at`: bash removes them before anything else.
    pub(super) fn joined(&self, mut at: usize) -> usize {
        while self.byte(at) == Some(b'\\') && self.byte(at + 1) == Some(b'\n') && self.looks() {
            at += 2;
        }
        at
    }

    /// The next byte, after line continuations; none, once it was looked at too often.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.at = self.joined(self.at);
        self.byte(self.at).filter(|_| self.patience.look())
    }

    /// May it still look at the text?
    pub(super) fn looks(&self) -> bool {
        self.patience.look()
    }

    /// The byte after the next, after line continuations.
    pub(super) fn second(&mut self) -> Option<u8> {
        self.at = self.joined(self.at);
        self.byte(self.joined(self.at + 1))
    }

    /// Whether the next two bytes are these.
    pub(super) fn sees(&mut self, first: u8, second: u8) -> bool {
        self.peek() == Some(first) && self.second() == Some(second)
    }

    /// Passes one ASCII byte.
    pub(super) fn bump(&mut self) {
        self.at += 1;
    }

    /// Passes the next byte if it is this one.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.bump();
        }
        found
    }

    /// Passes the next byte, which must be this one.
    pub(super) fn expect(&mut self, byte: u8) -> Read<()> {
        if self.eat(byte) { Ok(()) } else { Err(Opacity::NotUnderstood) }
    }

    /// Passes the two bytes that [`Reader::sees`] saw.
    pub(super) fn bump_two(&mut self) {
        self.at = self.joined(self.at + 1) + 1;
    }

    /// Passes one character and returns it.
    pub(super) fn character(&mut self) -> Option<&'t str> {
        let rest = self.text.get(self.at..)?;
        let length = rest.chars().next()?.len_utf8();
        self.at += length;
        rest.get(..length)
    }

    /// Passes blanks, line continuations and a comment.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.bump(),
                Some(b'#') => {
                    let rest = self.text.as_bytes().get(self.at..).unwrap_or(&[]);
                    self.at += rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
                    return;
                }
                Some(_) | None => return,
            }
        }
    }

    /// Passes blanks, comments and newlines.
    pub(super) fn newlines(&mut self) {
        self.blanks();
        while self.peek() == Some(b'\n') {
            self.newline();
            self.blanks();
        }
    }

    /// Passes a newline, and the bodies of the here-documents that begin after it.
    pub(super) fn newline(&mut self) {
        self.bump();
        self.read_bodies();
    }
}

/// A byte's place as the tree counts it. Texts are shorter than [`super::LONGEST`].
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// bash(1), DEFINITIONS: a metacharacter separates words when unquoted.
pub(super) fn is_metacharacter(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'|' | b'&' | b';' | b'(' | b')' | b'<' | b'>')
}
