//! Names for the outputs of process substitutions.
//!
//! `bash <(echo rm)` is given a path whose text is known. The text is carried in the path itself,
//! behind a prefix that no real path has because it holds a NUL.

use super::facts::FileFact;
use super::value::Value;

const SEEN: &str = "/dev/fd/\0";
/// The path of an output that is not known.
pub(super) const UNSEEN: &str = "/dev/fd/\u{1}";

/// A path that stands for this text.
pub(super) fn path_for(text: &Value) -> Value {
    let mut path = Value::literal(SEEN);
    path.append(text);
    path
}

/// The text behind such a path; `None` for any other path.
pub(super) fn text_of(path: &str) -> Option<FileFact> {
    if path == UNSEEN {
        return Some(FileFact::Unread);
    }
    path.strip_prefix(SEEN).map(|text| FileFact::Text(text.to_owned()))
}
