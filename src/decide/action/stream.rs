//! What flows through a pipe, as far as it is known.

use super::freight::Freight;
use super::value::Value;

/// The most names of variables that a flow remembers. So many in one command tell enough.
const NAMES: usize = 64;

/// What a stream or a word carries besides text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Flow {
    /// A bit for each kind of freight.
    kinds: u8,
    /// Variables of the environment whose names tell a secret.
    pub(super) variables: Vec<String>,
}

impl Flow {
    /// A flow that carries one thing.
    pub(super) fn of(freight: Freight) -> Self {
        let mut flow = Flow::default();
        flow.add(freight);
        flow
    }

    pub(super) fn add(&mut self, freight: Freight) {
        self.kinds |= bit(freight);
    }

    /// Notes that the value of a variable of the environment is in it.
    pub(super) fn add_variable(&mut self, name: &str) {
        self.add(Freight::Variable);
        if self.variables.len() < NAMES && !self.variables.iter().any(|known| known == name) {
            self.variables.push(name.to_owned());
        }
    }

    pub(super) fn has(&self, freight: Freight) -> bool {
        self.kinds & bit(freight) != 0
    }

    /// `true` if it carries nothing of note.
    pub(super) fn is_plain(&self) -> bool {
        self.kinds == 0
    }

    /// This flow without one thing.
    pub(super) fn without(mut self, freight: Freight) -> Self {
        self.kinds &= !bit(freight);
        self
    }

    pub(super) fn and(mut self, other: &Flow) -> Flow {
        self.kinds |= other.kinds;
        other.variables.iter().for_each(|name| self.add_variable(name));
        self
    }
}

fn bit(freight: Freight) -> u8 {
    match freight {
        Freight::Secret => 1,
        Freight::Private => 1 << 1,
        Freight::Contents => 1 << 2,
        Freight::Variables => 1 << 3,
        Freight::Variable => 1 << 4,
        Freight::Network => 1 << 5,
        Freight::Encoded => 1 << 6,
    }
}

/// Standard input or output of a command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Stream {
    /// The text; `None` where it is not known.
    pub(super) text: Option<Value>,
    /// What every line of it looks like, where that is all that is known: `./….pyc`.
    pub(super) each: Option<Value>,
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
        let silent = |text: &Option<Value>| text.as_ref().is_some_and(Value::is_empty);
        let each = match (silent(&self.text), silent(&next.text)) {
            (true, _) => next.each,
            (_, true) => self.each,
            (false, false) => None,
        };
        let text = match (self.text, next.text) {
            (Some(mut text), Some(more)) => {
                text.append(&more);
                Some(text)
            }
            (None, _) | (_, None) => None,
        };
        Stream { text, each, ..Stream::unseen(self.flow.and(&next.flow)) }
    }
}
