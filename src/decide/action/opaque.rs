//! What is said of text that was not understood.

use crate::decide::syntax::Opacity;

/// The rule that holds it.
pub(super) fn opaque_rule(opacity: Opacity) -> &'static str {
    match opacity {
        Opacity::TooLong => "shell.text.long",
        Opacity::TooDeep => "shell.text.deep",
        Opacity::NotUnderstood | Opacity::Refused => "shell.text.unread",
        Opacity::NotText => "shell.text.binary",
    }
}

/// Why it is held.
pub(super) fn opaque_why(opacity: Opacity) -> &'static str {
    match opacity {
        Opacity::TooLong => "It is longer than 64 KiB and was not read.",
        Opacity::TooDeep => "It is nested too deep to be read.",
        Opacity::NotUnderstood | Opacity::Refused => "Part of it is no shell syntax that holdpoint understands.",
        Opacity::NotText => "It is not UTF-8 text.",
    }
}
