//! What flows through a pipe, as far as it is known.

use super::value::Value;

/// What a stream carries besides text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Flow {
    /// Something read from a secret.
    pub(super) secret: bool,
    /// Something that came from the network.
    pub(super) network: bool,
}

impl Flow {
    pub(super) fn and(self, other: Flow) -> Flow {
        Flow { secret: self.secret || other.secret, network: self.network || other.network }
    }
}

/// Standard input or output of a command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Stream {
    /// The text; `None` where it is not known.
    pub(super) text: Option<Value>,
    /// The files whose texts it is, one behind the other; they are only read if someone runs the stream.
    pub(super) files: Vec<String>,
    /// Where it comes from.
    pub(super) flow: Flow,
    /// It is what the whole script was given: a terminal, or what the caller pipes in.
    pub(super) inherited: bool,
}

impl Stream {
    /// The input that the script itself was given.
    pub(super) fn inherited() -> Self {
        Stream { inherited: true, ..Stream::default() }
    }

    /// Text that is known.
    pub(super) fn of(text: Value) -> Self {
        Stream { text: Some(text), ..Stream::default() }
    }

    /// Text of which nothing is known but where it came from.
    pub(super) fn unseen(flow: Flow) -> Self {
        Stream { flow, ..Stream::default() }
    }

    /// The contents of files.
    pub(super) fn of_files(files: Vec<String>, flow: Flow) -> Self {
        Stream { files, flow, ..Stream::default() }
    }

    /// Known to be empty.
    pub(super) fn empty() -> Self {
        Stream::of(Value::default())
    }

    /// This stream with another behind it: what `a; b` writes.
    pub(super) fn then(self, next: Stream) -> Stream {
        let text = match (self.text, next.text) {
            (Some(mut text), Some(more)) => {
                text.append(&more);
                Some(text)
            }
            (None, _) | (_, None) => None,
        };
        Stream { text, ..Stream::unseen(self.flow.and(next.flow)) }
    }
}
