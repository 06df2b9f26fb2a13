//! What was written? Text to a [`Script`], and the other languages that stand inside one.

pub mod code;
pub mod graphql;
mod patience;
pub mod recipe;
pub mod shell;
pub mod sql;
mod tree;
mod walk;

/// The character that stands for text which is not known, in SQL, GraphQL and requests.
pub const GAP: char = '…';

pub(crate) use patience::Patience;
pub use tree::{
    Assigned, Assignment, CaseArm, Command, CommandKind, Joint, Opacity, Piece, Redirect, RedirectKind, Script, Simple,
    Span, Word,
};
pub use walk::{Node, opacity, visit, visit_commands};
