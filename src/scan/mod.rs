//! Where do tokens lie?
//!
//! [`look`] reads the files below some places and says in which lines tokens stand, never what they are. The
//! [`Shelf`] remembers the files that a person had walled off, as paths, so that a start reads one small file and no more.
//!
//! What tokens look like is data, in `rules/tokens.yaml`.

mod chance;
mod form;
mod key;
mod named;
mod reader;
mod shape;
mod shelf;
mod walk;

pub use reader::Finding;
pub use shelf::{Last, Shelf, remembered};
pub use walk::{Found, Limits, Places, Report, look};
