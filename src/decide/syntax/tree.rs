//! The tree of one piece of shell text: what was written, as far as it can be known.
//!
//! The tree says nothing about what a command does. Whatever the parser did not
//! understand is an [`Opaque`](CommandKind::Opaque) node and never left out, because
//! a command that is not seen would be a command that is allowed.

use std::sync::Arc;

/// A range of bytes in the text that was read. `start <= end`, both on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// A sequence of commands, in the order in which they may run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script {
    /// The commands. `a; b`, `a & b` and a newline all give two entries.
    pub commands: Vec<Command>,
}

/// One command with its redirections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What kind of command.
    pub kind: CommandKind,
    /// Redirections that apply to the whole command, in order.
    pub redirects: Vec<Redirect>,
    /// Where it stands.
    pub span: Span,
    /// Ended by `&`.
    pub background: bool,
}

/// The kinds of command that bash knows (bash(1), SHELL GRAMMAR).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandKind {
    /// `A=1 name word …`
    Simple(Simple),
    /// `a | b | c`: the standard output of each is the standard input of the next.
    Pipeline(Vec<Command>),
    /// `a && b || c`
    AndOr {
        /// The command that always runs.
        first: Box<Command>,
        /// The commands that run depending on those before.
        rest: Vec<(Joint, Command)>,
    },
    /// `{ …; }`, also what `time` and `!` stand before.
    Group(Script),
    /// `( … )`: assignments and `cd` inside do not outlive it.
    Subshell(Script),
    /// `if`, with `elif` as a nested `If` in `otherwise`.
    If {
        /// The condition's commands: they run too.
        condition: Script,
        /// When it succeeds.
        then: Script,
        /// When it fails; empty if there is no `else`.
        otherwise: Script,
    },
    /// `while` and `until`.
    Loop {
        /// The condition's commands.
        condition: Script,
        /// The loop's commands.
        body: Script,
    },
    /// `for name in words` and `select`.
    For {
        /// The loop variable.
        variable: String,
        /// The words; `None` stands for `"$@"`.
        words: Option<Vec<Word>>,
        /// The loop's commands.
        body: Script,
    },
    /// `for ((…;…;…))`
    ForArithmetic {
        /// The expressions, kept for the substitutions inside them.
        expressions: Vec<Word>,
        /// The loop's commands.
        body: Script,
    },
    /// `case`
    Case {
        /// The word that is compared.
        subject: Word,
        /// The arms, in order. Any of them may run.
        arms: Vec<CaseArm>,
    },
    /// `name() …`: nothing runs until it is called.
    Function {
        /// The function's name.
        name: String,
        /// Its body. It is kept beyond the script for as long as the function may be called.
        body: Arc<Command>,
    },
    /// `[[ … ]]`: kept for the substitutions inside its words.
    Test(Vec<Word>),
    /// `(( … ))`: kept for the substitutions inside.
    Arithmetic(Vec<Word>),
    /// Text that was not understood. Whoever judges must hold it.
    Opaque(Opacity),
}

/// How two commands of an and-or list are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// One arm of a `case`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseArm {
    /// The patterns.
    pub patterns: Vec<Word>,
    /// The commands.
    pub body: Script,
}

/// A simple command. Both lists may be empty, not both at once unless there are redirections.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Simple {
    /// `NAME=value` before the first word; also the operands of `export`, `declare`,
    /// `local`, `readonly` and `typeset`, which are words as well.
    pub assignments: Vec<Assignment>,
    /// The command's name and its arguments, before expansion.
    pub words: Vec<Word>,
}

/// `NAME=value`, `NAME+=value`, `NAME=(…)`, `NAME[i]=value`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// What it is given.
    pub value: Assigned,
    /// `+=`
    pub append: bool,
    /// Where it stands.
    pub span: Span,
}

/// The right side of an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assigned {
    /// A word.
    Scalar(Word),
    /// `(a b c)`; keys are dropped, the words stay in order.
    Array(Vec<Word>),
    /// `NAME[index]=value`
    Element {
        /// The subscript, kept for the substitutions inside.
        index: Word,
        /// The value.
        value: Word,
    },
}

/// One redirection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The descriptor, if one was written.
    pub descriptor: Option<u32>,
    /// What is opened, and how.
    pub kind: RedirectKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of redirection (bash(1), REDIRECTION).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectKind {
    /// `< file`
    Read(Word),
    /// `> file` and `>| file`
    Write(Word),
    /// `>> file`
    Append(Word),
    /// `<> file`
    ReadWrite(Word),
    /// `&> file`, `>& file`
    WriteBoth(Word),
    /// `&>> file`
    AppendBoth(Word),
    /// `>& 2`, `<& 3`, `>& -`: no file is opened.
    Duplicate(Word),
    /// `<< end`: the body as one word; quoted delimiters give one `Quoted` piece.
    HereDocument(Word),
    /// `<<< word`
    HereString(Word),
}

/// One word before expansion: its pieces, side by side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// The pieces in order. An empty list is the empty word (`''`).
    pub pieces: Vec<Piece>,
    /// Where it stands.
    pub span: Span,
}

/// One piece of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Unquoted text. Braces, a leading tilde and glob characters in it are active.
    /// In operands of `${…}` it may contain blanks, at which the shell splits it.
    Bare(String),
    /// Text under quotes or behind a backslash, quotes removed and `$'…'` decoded: nothing in it is active.
    /// Every character behind a backslash is here, so `r\m` is `Bare("r")`, `Quoted("m")`. The empty text stands
    /// where empty quotes stand beside other pieces.
    Quoted(String),
    /// `$name`, `${name}`, `$1`, `$@`, `$?`
    Variable {
        /// The name without `$` and braces.
        name: String,
        /// Inside double quotes: no splitting.
        quoted: bool,
    },
    /// `${name:-word}` and its kin.
    Parameter {
        /// The variable. With `[…]` as written if there is another operator: `${a[@]#x}` names `a[@]`.
        name: String,
        /// The operator as written: `:-`, `-`, `:=`, `=`, `:?`, `?`, `:+`, `+`, `#`, `##`, `%`, `%%`, `/`, `//`,
        /// `^`, `^^`, `,`, `,,`, `:` (substring), `!` (indirect), `@` (transformation), `[` (array element), `length`, `keys`.
        operator: &'static str,
        /// The operands, for their own substitutions and, where simple, their value
        /// (default word; pattern; pattern and replacement; offset and length; subscript).
        /// A subscript that something runs in is the last operand.
        operands: Vec<Word>,
        /// Inside double quotes.
        quoted: bool,
    },
    /// `$(…)` and `` `…` ``
    Command {
        /// What runs.
        script: Script,
        /// Inside double quotes.
        quoted: bool,
    },
    /// `<(…)` and `>(…)`
    Process {
        /// What runs.
        script: Script,
        /// `<(…)`: the command reads what the script writes.
        reads: bool,
    },
    /// `$((…))`
    Arithmetic {
        /// The expression as a word, for the substitutions inside it.
        expression: Word,
    },
    /// Part of a word that was not understood.
    Opaque(Opacity),
}

/// Why something was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Opacity {
    /// Longer than the parser reads.
    TooLong,
    /// Nested deeper than the parser follows.
    TooDeep,
    /// bash's grammar does not have it, or the parser does not know it.
    NotUnderstood,
    /// Every shell of bash's kind refuses it, so that nothing of it runs: see `shell::refusal`.
    Refused,
    /// Not UTF-8.
    NotText,
}
