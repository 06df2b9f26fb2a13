//! How each language writes comments, strings, names and calls: one small table each.

/// The lexis of one language, as far as its calls and strings depend on it.
#[derive(Debug, Clone, Copy)]
pub struct Lexis {
    /// What begins a comment that ends with the line.
    pub(super) comments: &'static [&'static str],
    /// Comments with a beginning and an end.
    pub(super) blocks: &'static [(&'static str, &'static str)],
    /// How strings are written. Longer openings stand first.
    pub(super) quotes: &'static [Quote],
    /// Words that begin a string with delimiters of its own: `qq{…}`.
    pub(super) quote_words: &'static [(&'static str, Word)],
    /// Letters that may stand before a quote: `rb'…'`. `r` reads no escapes, `f` and `t` have gaps.
    pub(super) prefixes: &'static str,
    /// Characters before the name of a variable: `$x`.
    pub(super) sigils: &'static str,
    /// Characters that a name may hold besides letters, digits and `_`.
    pub(super) letters: &'static str,
    /// Operators that put texts together.
    pub(super) joins: &'static [&'static str],
    /// What stands between an object and its member.
    pub(super) members: &'static [&'static str],
    /// What stands between the name of a keyword argument and its value.
    pub(super) keyword: &'static [&'static str],
    /// What assigns.
    pub(super) assigns: &'static [&'static str],
    /// `system "ls"`: a call needs no parentheses.
    pub(super) bare: bool,
    /// Indentation makes blocks.
    pub(super) indents: bool,
    /// `/…/` is a pattern where an operand is expected.
    pub(super) patterns: bool,
    /// What begins a here-document: `<<`.
    pub(super) here: Option<&'static str>,
    /// `a if b` behind a statement: `if` ends an expression.
    pub(super) trailing_if: bool,
    /// `print x > "file"`, `print x | "command"`.
    pub(super) redirects: bool,
    /// Code stands between `<?php` and `?>`, if the former is there.
    pub(super) tags: bool,
}

/// One way to write a string.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// A backslash takes the next character's meaning away or gives it one.
    pub(super) escapes: bool,
    pub(super) fill: Fill,
    /// It may hold line ends.
    pub(super) long: bool,
    /// The text is a shell command that is run.
    pub(super) runs: bool,
}

/// What stands for other values inside a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    Nothing,
    /// An expression between this opening and `}`.
    Expression(&'static str),
    /// `$name`, `@name`, `{$name}`, `${name}`.
    Variables,
}

/// What a word with delimiters of its own makes of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// A string without gaps.
    Plain,
    /// A string with gaps.
    Filled,
    /// A list of words.
    Words,
    /// A shell command.
    Runs,
    /// A pattern: no text.
    Pattern,
    /// A pattern and its replacement: no text.
    Replacement,
}

const fn quote(open: &'static str, close: &'static str, fill: Fill) -> Quote {
    Quote { open, close, escapes: true, fill, long: false, runs: false }
}

const fn raw(open: &'static str, close: &'static str) -> Quote {
    Quote { open, close, escapes: false, fill: Fill::Nothing, long: true, runs: false }
}

const fn long(open: &'static str, close: &'static str, fill: Fill) -> Quote {
    Quote { open, close, escapes: true, fill, long: true, runs: false }
}

const fn runs(fill: Fill) -> Quote {
    Quote { open: "`", close: "`", escapes: true, fill, long: true, runs: true }
}

/// What most languages share.
const PLAIN: Lexis = Lexis {
    comments: &["#"],
    blocks: &[],
    quotes: &[quote("\"", "\"", Fill::Nothing), quote("'", "'", Fill::Nothing)],
    quote_words: &[],
    prefixes: "",
    sigils: "",
    letters: "",
    joins: &["+"],
    members: &[".", "::"],
    keyword: &["="],
    assigns: &["=", ":="],
    bare: false,
    indents: false,
    patterns: false,
    here: None,
    trailing_if: false,
    redirects: false,
    tags: false,
};

/// Python.
pub const PYTHON: Lexis = Lexis {
    quotes: &[
        long("\"\"\"", "\"\"\"", Fill::Nothing),
        long("'''", "'''", Fill::Nothing),
        quote("\"", "\"", Fill::Nothing),
        quote("'", "'", Fill::Nothing),
    ],
    prefixes: "rbuftRBUFT",
    members: &["."],
    indents: true,
    ..PLAIN
};

/// JavaScript and TypeScript.
pub const JAVASCRIPT: Lexis = Lexis {
    comments: &["//", "#!"],
    blocks: &[("/*", "*/")],
    quotes: &[long("`", "`", Fill::Expression("${")), quote("\"", "\"", Fill::Nothing), quote("'", "'", Fill::Nothing)],
    letters: "$#",
    members: &[".", "?."],
    keyword: &[],
    assigns: &["=", "??=", "||="],
    patterns: true,
    ..PLAIN
};

/// Perl.
pub const PERL: Lexis = Lexis {
    blocks: &[("\n=pod", "\n=cut"), ("\n=head", "\n=cut"), ("\n__END__", "\0"), ("\n__DATA__", "\0")],
    quotes: &[long("\"", "\"", Fill::Variables), long("'", "'", Fill::Nothing), runs(Fill::Variables)],
    quote_words: &[
        ("q", Word::Plain),
        ("qq", Word::Filled),
        ("qw", Word::Words),
        ("qx", Word::Runs),
        ("qr", Word::Pattern),
        ("m", Word::Pattern),
        ("s", Word::Replacement),
        ("tr", Word::Replacement),
        ("y", Word::Replacement),
    ],
    sigils: "$@%",
    joins: &["."],
    members: &["->", "::"],
    keyword: &["=>"],
    assigns: &["=", "||=", "//="],
    bare: true,
    patterns: true,
    here: Some("<<"),
    trailing_if: true,
    ..PLAIN
};

/// Ruby.
pub const RUBY: Lexis = Lexis {
    blocks: &[("\n=begin", "\n=end"), ("\n__END__", "\0")],
    quotes: &[long("\"", "\"", Fill::Expression("#{")), long("'", "'", Fill::Nothing), runs(Fill::Expression("#{"))],
    quote_words: &[
        ("%q", Word::Plain),
        ("%Q", Word::Filled),
        ("%w", Word::Words),
        ("%W", Word::Words),
        ("%i", Word::Words),
        ("%x", Word::Runs),
        ("%r", Word::Pattern),
    ],
    sigils: "$@",
    letters: "?!",
    members: &[".", "&.", "::"],
    keyword: &[":", "=>"],
    assigns: &["=", "||="],
    bare: true,
    patterns: true,
    here: Some("<<"),
    trailing_if: true,
    ..PLAIN
};

/// PHP.
pub const PHP: Lexis = Lexis {
    comments: &["#", "//"],
    blocks: &[("/*", "*/")],
    quotes: &[long("\"", "\"", Fill::Variables), long("'", "'", Fill::Nothing), runs(Fill::Variables)],
    sigils: "$",
    letters: "\\",
    joins: &["."],
    members: &["->", "?->", "::"],
    keyword: &[":"],
    assigns: &["=", "??="],
    here: Some("<<<"),
    tags: true,
    ..PLAIN
};

/// Lua.
pub const LUA: Lexis = Lexis {
    comments: &["--", "#!"],
    blocks: &[("--[[", "]]"), ("--[=[", "]=]")],
    quotes: &[
        raw("[==[", "]==]"),
        raw("[=[", "]=]"),
        raw("[[", "]]"),
        quote("\"", "\"", Fill::Nothing),
        quote("'", "'", Fill::Nothing),
    ],
    joins: &[".."],
    members: &[".", ":"],
    keyword: &[],
    bare: true,
    ..PLAIN
};

/// R.
pub const R: Lexis =
    Lexis { letters: ".", joins: &[], members: &["::", ":::", "$"], assigns: &["<-", "=", "<<-"], ..PLAIN };

/// awk.
pub const AWK: Lexis = Lexis {
    quotes: &[quote("\"", "\"", Fill::Nothing)],
    sigils: "$",
    joins: &[],
    members: &[],
    keyword: &[],
    assigns: &["="],
    patterns: true,
    redirects: true,
    ..PLAIN
};

/// Julia.
pub const JULIA: Lexis = Lexis {
    blocks: &[("#=", "=#")],
    quotes: &[
        long("\"\"\"", "\"\"\"", Fill::Variables),
        long("\"", "\"", Fill::Variables),
        quote("'", "'", Fill::Nothing),
        runs(Fill::Variables),
    ],
    letters: "!@",
    joins: &["*"],
    members: &["."],
    ..PLAIN
};

/// Elixir.
pub const ELIXIR: Lexis = Lexis {
    quotes: &[
        long("\"\"\"", "\"\"\"", Fill::Expression("#{")),
        long("\"", "\"", Fill::Expression("#{")),
        long("'", "'", Fill::Expression("#{")),
    ],
    letters: "?!",
    joins: &["<>"],
    members: &["."],
    keyword: &[],
    bare: true,
    ..PLAIN
};

/// Erlang.
pub const ERLANG: Lexis = Lexis { comments: &["%"], joins: &["++"], members: &[":"], keyword: &[], ..PLAIN };

/// Java, Groovy, Kotlin, Scala and their kin.
pub const JVM: Lexis = Lexis {
    comments: &["//", "#!"],
    blocks: &[("/*", "*/")],
    quotes: &[
        long("\"\"\"", "\"\"\"", Fill::Expression("${")),
        long("'''", "'''", Fill::Nothing),
        quote("\"", "\"", Fill::Expression("${")),
        quote("'", "'", Fill::Nothing),
    ],
    letters: "$",
    members: &["?.", "."],
    ..PLAIN
};

/// Octave and MATLAB.
pub const OCTAVE: Lexis = Lexis { comments: &["%", "#"], members: &["."], joins: &[], keyword: &[], ..PLAIN };

/// OCaml, Haskell and their kin.
pub const FUNCTIONAL: Lexis = Lexis {
    comments: &["--", "#!"],
    blocks: &[("{-", "-}"), ("(*", "*)")],
    quotes: &[quote("\"", "\"", Fill::Nothing)],
    joins: &["++", "^", "<>"],
    members: &["."],
    keyword: &[],
    bare: true,
    ..PLAIN
};

/// AppleScript: `do shell script "…"`.
pub const APPLESCRIPT: Lexis = Lexis {
    comments: &["--", "#"],
    blocks: &[("(*", "*)")],
    quotes: &[long("\"", "\"", Fill::Nothing)],
    joins: &["&"],
    members: &["."],
    keyword: &[],
    bare: true,
    ..PLAIN
};

/// Vim's own language, and Lua inside of it.
pub(super) const VIM: Lexis =
    Lexis { comments: &[], letters: "#", joins: &[".", ".."], members: &["."], keyword: &[], bare: true, ..PLAIN };
