//! What is started.

use std::ffi::{CString, NulError, OsStr};
use std::os::unix::ffi::OsStrExt;

/// A program with its arguments, ready for execve(2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The path of the program; it is not searched for.
    pub program: CString,
    /// All arguments, the name (`argv[0]`) included.
    pub arguments: Vec<CString>,
    /// The environment as `NAME=value`; `None` is this process's own, unchanged.
    pub environment: Option<Vec<CString>>,
}

impl Launch {
    /// A program with this process's environment.
    ///
    /// # Errors
    /// When an argument holds a NUL, which no argument of a process can.
    pub fn new(
        program: impl AsRef<OsStr>,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Result<Launch, NulError> {
        let text = |text: &OsStr| CString::new(text.as_bytes());
        Ok(Launch {
            program: text(program.as_ref())?,
            arguments: arguments.into_iter().map(|argument| text(argument.as_ref())).collect::<Result<_, _>>()?,
            environment: None,
        })
    }
}
