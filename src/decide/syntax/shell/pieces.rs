//! A word's pieces while it is read.

use crate::decide::syntax::tree::Piece;

/// What stands around a stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// No quotes.
    Bare,
    /// `"…"`, and what is read as if it stood there.
    Double,
    /// A here-document's body: as in `"…"`, but `"` is an ordinary character.
    Here,
}

impl Quoting {
    /// Whether the value of an expansion here is kept in one piece.
    pub(super) fn quotes(self) -> bool {
        match self {
            Self::Bare => false,
            Self::Double | Self::Here => true,
        }
    }
}

/// The pieces so far. Neighbours of one kind become one.
#[derive(Default)]
pub(super) struct Pieces {
    made: Vec<Piece>,
}

impl Pieces {
    /// Adds unquoted text.
    pub(super) fn bare(&mut self, text: &str) {
        if let Some(Piece::Bare(last)) = self.made.last_mut() {
            last.push_str(text);
        } else if !text.is_empty() {
            self.push(Piece::Bare(text.to_owned()));
        }
    }

    /// Adds quoted text. The empty text is kept: `~''root` is no home, `{a''..c}` no range.
    pub(super) fn quoted(&mut self, text: &str) {
        if let Some(Piece::Quoted(last)) = self.made.last_mut() {
            last.push_str(text);
        } else {
            self.push(Piece::Quoted(text.to_owned()));
        }
    }

    /// Adds text under this quoting.
    pub(super) fn text(&mut self, quoting: Quoting, text: &str) {
        if quoting.quotes() { self.quoted(text) } else { self.bare(text) }
    }

    /// Adds any other piece. Most words have one, and room for four would be most of what a script takes.
    pub(super) fn push(&mut self, piece: Piece) {
        if self.made.is_empty() {
            self.made.reserve_exact(1);
        }
        self.made.push(piece);
    }

    /// Adds the pieces of another word.
    pub(super) fn extend(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Bare(text) => self.bare(text),
                Piece::Quoted(text) => self.quoted(text),
                Piece::Variable { .. }
                | Piece::Parameter { .. }
                | Piece::Command { .. }
                | Piece::Process { .. }
                | Piece::Arithmetic { .. }
                | Piece::Opaque(_) => self.push(piece.clone()),
            }
        }
    }

    /// The word's pieces. A word of nothing but empty quotes has none.
    pub(super) fn finish(self) -> Vec<Piece> {
        match self.made.as_slice() {
            [Piece::Quoted(text)] if text.is_empty() => Vec::new(),
            _ => self.made,
        }
    }
}
