//! A here-document's body is known only lines after the redirection that wants it. Until then a numbered word stands in
//! the tree; at the end the bodies take their places.

use crate::decide::syntax::tree::{
    Assigned, Command, CommandKind, Opacity, Piece, Redirect, RedirectKind, Script, Simple, Span, Word,
};

use std::sync::Arc;

/// The word that waits for a body. Were it left in the tree, it would be opaque.
pub(super) fn word(slot: usize) -> Word {
    let end = u32::try_from(slot).unwrap_or(u32::MAX);
    Word { pieces: vec![Piece::Opaque(Opacity::NotUnderstood)], span: Span { start: u32::MAX, end } }
}

/// Puts the bodies where they belong. Recursive: the tree is no deeper than [`super::DEEPEST`] allows.
pub(super) fn fill(script: &mut Script, bodies: &mut Vec<Word>) {
    if !bodies.is_empty() {
        Filler { bodies }.script(script);
    }
}

/// The same, in one word's pieces.
pub(super) fn fill_pieces(pieces: &mut [Piece], bodies: &mut Vec<Word>) {
    if !bodies.is_empty() {
        Filler { bodies }.pieces(pieces);
    }
}

struct Filler<'b> {
    bodies: &'b mut Vec<Word>,
}

impl Filler<'_> {
    fn script(&mut self, script: &mut Script) {
        for command in &mut script.commands {
            self.command(command);
        }
    }

    fn command(&mut self, command: &mut Command) {
        match &mut command.kind {
            CommandKind::Simple(simple) => self.simple(simple),
            CommandKind::Pipeline(commands) => commands.iter_mut().for_each(|command| self.command(command)),
            CommandKind::AndOr { first, rest } => {
                self.command(first);
                rest.iter_mut().for_each(|(_, command)| self.command(command));
            }
            CommandKind::Group(script) | CommandKind::Subshell(script) => self.script(script),
            CommandKind::If { condition, then, otherwise } => {
                for script in [condition, then, otherwise] {
                    self.script(script);
                }
            }
            CommandKind::Loop { condition, body } => {
                self.script(condition);
                self.script(body);
            }
            CommandKind::For { words, body, .. } => {
                self.words(words.as_deref_mut().unwrap_or(&mut []));
                self.script(body);
            }
            CommandKind::ForArithmetic { expressions, body } => {
                self.words(expressions);
                self.script(body);
            }
            CommandKind::Case { subject, arms } => {
                self.word(subject);
                for arm in arms {
                    self.words(&mut arm.patterns);
                    self.script(&mut arm.body);
                }
            }
            // Nobody else has the tree yet.
            CommandKind::Function { body, .. } => Arc::get_mut(body).into_iter().for_each(|body| self.command(body)),
            CommandKind::Test(words) | CommandKind::Arithmetic(words) => self.words(words),
            CommandKind::Opaque(_) => {}
        }
        for redirect in &mut command.redirects {
            self.redirect(redirect);
        }
    }

    fn simple(&mut self, simple: &mut Simple) {
        for assignment in &mut simple.assignments {
            match &mut assignment.value {
                Assigned::Scalar(word) => self.word(word),
                Assigned::Array(words) => self.words(words),
                Assigned::Element { index, value } => {
                    self.word(index);
                    self.word(value);
                }
            }
        }
        self.words(&mut simple.words);
    }

    fn redirect(&mut self, redirect: &mut Redirect) {
        match &mut redirect.kind {
            RedirectKind::HereDocument(word) if word.span.start == u32::MAX => {
                if let Some(body) = self.bodies.get(word.span.end as usize) {
                    *word = body.clone();
                }
            }
            RedirectKind::Read(word)
            | RedirectKind::Write(word)
            | RedirectKind::Append(word)
            | RedirectKind::ReadWrite(word)
            | RedirectKind::WriteBoth(word)
            | RedirectKind::AppendBoth(word)
            | RedirectKind::Duplicate(word)
            | RedirectKind::HereDocument(word)
            | RedirectKind::HereString(word) => self.word(word),
        }
    }

    fn words(&mut self, words: &mut [Word]) {
        for word in words {
            self.word(word);
        }
    }

    fn word(&mut self, word: &mut Word) {
        self.pieces(&mut word.pieces);
    }

    fn pieces(&mut self, pieces: &mut [Piece]) {
        for piece in pieces {
            match piece {
                Piece::Bare(_) | Piece::Quoted(_) | Piece::Variable { .. } | Piece::Opaque(_) => {}
                Piece::Parameter { operands, .. } => self.words(operands),
                Piece::Command { script, .. } | Piece::Process { script, .. } => self.script(script),
                Piece::Arithmetic { expression } => self.word(expression),
            }
        }
    }
}
