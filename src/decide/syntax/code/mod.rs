//! Inline code of many languages, as far as one must read it to know what it calls.
//!
//! This is no grammar and no interpreter. Text is cut into tokens by a language's table ([`Lexis`]), statements are
//! read for imports and assignments, and every call is noted with what is known of its arguments: texts that are put
//! together are folded, everything else is unknown. A function's body counts where it stands, whether or not it is
//! called. Time is linear in the text; size, depth and the bytes that are put together are bounded, and what was not
//! read for that reason is said ([`Code::cut`]).

mod argument;
mod body;
mod chain;
mod expression;
mod fold;
mod fragment;
mod import;
mod lexis;
mod lisp;
mod reader;
mod sed;
mod table;
mod tcl;
mod term;
mod text;
mod token;
mod vim;

use super::Span;
use std::rc::Rc;

pub use lexis::{
    APPLESCRIPT, AWK, ELIXIR, ERLANG, FUNCTIONAL, JAVASCRIPT, JULIA, JVM, LUA, Lexis, OCTAVE, PERL, PHP, PYTHON, R,
    RUBY,
};
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

/// Reads a Tcl script. `given` are variables that are known from outside.
#[must_use]
pub fn read_tcl(text: &str, given: &[(&str, Term)]) -> Code {
    tcl::read(text, given)
}

/// Reads code of the Lisp family.
#[must_use]
pub fn read_lisp(text: &str) -> Code {
    lisp::read(text)
}

/// Reads Vim's own commands: calls, and lines that run a shell, which are calls named `!`.
#[must_use]
pub fn read_vim(text: &str) -> Code {
    vim::read(text)
}

#[cfg(test)]
mod tests;
