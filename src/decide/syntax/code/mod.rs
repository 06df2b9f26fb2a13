//! Inline code of many languages, as far as one must read it to know what it calls.
//!
//! This is no grammar and no interpreter. Text is cut into tokens by a language's table ([`Lexis`]), statements are
//! read for imports and assignments, and every call is noted with what is known of its arguments: texts that are put
//! together are folded, everything else is unknown. A function's body counts where it stands, whether or not it is
//! called. Time is linear in the text; size, depth and the bytes that are put together are bounded, and what was not
//! read for that reason is said ([`Code::cut`]).

mod argument;
mod chain;
mod expression;
mod fold;
mod fragment;
mod import;
mod lexis;
mod reader;
mod sed;
mod table;
mod term;
mod text;
mod token;

use super::Span;
use std::rc::Rc;

pub use lexis::{AWK, JAVASCRIPT, LUA, Lexis, PERL, PHP, PYTHON, R, RUBY};
pub use term::{Call, Many, Named, Term};

/// The longest text that is read, in bytes.
pub const LONGEST: usize = 256 * 1024;

/// What was read of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Code {
    /// The calls, in the order of the text; those among arguments stand before the call that they are given to.
    pub calls: Vec<Rc<Call>>,
    /// Part of it was too long or too deep to be read.
    pub cut: bool,
}

/// Reads code. `given` are names that are known from outside, such as `sys.argv`.
#[must_use]
pub fn read(text: &str, lexis: &Lexis, given: &[(&str, Term)]) -> Code {
    reader::read(text, lexis, given)
}

/// Reads a sed script. Its commands are calls named `e`, `r` and `w`.
#[must_use]
pub fn read_sed(text: &str) -> Code {
    sed::read(text)
}

#[cfg(test)]
mod tests;
