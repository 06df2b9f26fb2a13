//! Text to tokens, by a language's table. Linear; what is not closed reaches to its natural end.

use super::lexis::{Fill, Lexis, Quote, Word};
use crate::decide::syntax::Patience;

/// The most tokens that are read. What lies behind is not seen.
pub(super) const MOST: usize = 60_000;

/// A token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Blanks stand before it.
    pub(super) spaced: bool,
    /// The column of the first token on its line.
    pub(super) indent: usize,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Name(&'a str),
    /// The name without its sigil.
    Variable(&'a str),
    Number(&'a str),
    Text(Written<'a>),
    Mark(&'static str),
    /// A pattern: an operand without a text.
    Pattern,
    LineEnd,
}

/// A string as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written<'a> {
    pub(super) body: &'a str,
    pub(super) escapes: bool,
    pub(super) fill: Fill,
    pub(super) runs: bool,
    /// A list of words.
    pub(super) words: bool,
}

/// Operators and brackets, the longest first.
const MARKS: &[&str] = &[
    "<<<", "...", "===", "!==", "**=", "??=", "||=", "&&=", "//=", ">>>", "<=>", "?->", ":::", "<<-", "=>", "->", "::",
    "?.", "&.", "..", "==", "!=", "<=", ">=", "+=", "-=", ".=", "/=", "*=", "%=", "|=", ":=", "=~", "!~", "&&", "||",
    "??", "**", "//", "<<", ">>", "<-", "++", "--", "|>", "|&", "(", ")", "[", "]", "{", "}", ",", ";", ":", ".", "=",
    "+", "-", "*", "/", "%", "<", ">", "!", "?", "|", "&", "^", "~", "@", "\\", "$", "#", "`", "'", "\"",
];

/// The tokens of a text; `false` if not all of it was read.
pub(super) fn tokens<'a>(text: &'a str, lexis: &Lexis) -> (Vec<Token<'a>>, bool) {
    let mut scanner =
        Scanner { text, lexis, at: 0, tokens: Vec::new(), indent: 0, fresh: true, pending: Vec::new(), spaced: false };
    let patience = Patience::for_length(text.len());
    while scanner.at < text.len() && scanner.tokens.len() < MOST && patience.look() {
        scanner.step();
    }
    let whole = scanner.at >= text.len();
    (scanner.tokens, whole)
}

struct Scanner<'a, 'l> {
    text: &'a str,
    lexis: &'l Lexis,
    at: usize,
    tokens: Vec<Token<'a>>,
    /// The column of the line's first token.
    indent: usize,
    /// No token stands on this line yet.
    fresh: bool,
    spaced: bool,
    /// Here-documents whose text begins behind this line: the token that stands for it, its end word, with gaps or not.
    pending: Vec<(usize, &'a str, Fill)>,
}

impl<'a> Scanner<'a, '_> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind<'a>, length: usize) {
        if std::mem::take(&mut self.fresh) {
            let before = self.text.get(..self.at).unwrap_or_default();
            self.indent = self.at - before.rfind('\n').map_or(0, |line| line + 1);
        }
        let (start, end) = (self.at, (self.at + length).min(self.text.len()));
        self.tokens.push(Token { kind, start, end, spaced: self.spaced, indent: self.indent });
        self.spaced = false;
        self.at = end;
    }

    fn step(&mut self) {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return };
        if first == '\n' {
            if self.skip_block() {
                return;
            }
            self.push(Kind::LineEnd, 1);
            self.fresh = true;
            self.take_here_documents();
            return;
        }
        if first.is_whitespace() || rest.starts_with("\\\n") {
            self.at += if first == '\\' { 2 } else { first.len_utf8() };
            self.spaced = true;
            return;
        }
        if self.skip_block() || self.skip_comment() || self.take_here() || self.take_quote_word() || self.take_quote() {
            return;
        }
        if first.is_ascii_digit() {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            self.push(Kind::Number(rest.get(..end).unwrap_or_default()), end);
        } else if self.is_letter(first) {
            let end = rest.find(|c: char| !(self.is_letter(c) || c.is_ascii_digit())).unwrap_or(rest.len());
            self.push(Kind::Name(rest.get(..end).unwrap_or_default()), end);
        } else if self.lexis.sigils.contains(first) && self.take_variable(first) {
        } else if first == '/' && self.lexis.patterns && self.expects_operand() {
            let length = pattern_length(rest);
            self.push(Kind::Pattern, length);
        } else {
            self.take_mark(rest, first);
        }
    }

    fn take_mark(&mut self, rest: &str, first: char) {
        match MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            Some(mark) => self.push(Kind::Mark(mark), mark.len()),
            None => {
                self.at += first.len_utf8();
                self.spaced = true;
            }
        }
    }

    fn is_letter(&self, c: char) -> bool {
        c.is_alphabetic() || c == '_' || (self.lexis.letters.contains(c))
    }

    fn skip_comment(&mut self) -> bool {
        let rest = self.rest();
        // `$#array` and Ruby's `#{` are no comments; the latter stands in strings only.
        if !self.lexis.comments.iter().any(|mark| rest.starts_with(mark)) {
            return false;
        }
        self.at += rest.find('\n').unwrap_or(rest.len());
        self.spaced = true;
        true
    }

    fn skip_block(&mut self) -> bool {
        let rest = self.rest();
        let Some((open, close)) = self.lexis.blocks.iter().find(|(open, _)| rest.starts_with(open)) else {
            return false;
        };
        let inner = rest.get(open.len()..).unwrap_or_default();
        self.at += inner.find(close).map_or(rest.len(), |at| open.len() + at + close.len());
        self.spaced = true;
        true
    }

    /// Could an operand stand here, and not an operator?
    fn expects_operand(&self) -> bool {
        match self.tokens.last().map(|token| token.kind) {
            None | Some(Kind::LineEnd) => true,
            Some(Kind::Name(name)) => {
                matches!(name, "return" | "typeof" | "if" | "unless" | "and" | "or" | "not" | "split" | "grep" | "when")
            }
            Some(Kind::Variable(_) | Kind::Number(_) | Kind::Text(_) | Kind::Pattern) => false,
            Some(Kind::Mark(mark)) => !matches!(mark, ")" | "]" | "}"),
        }
    }

    fn take_quote(&mut self) -> bool {
        let rest = self.rest();
        let letters = rest.bytes().take(3).take_while(|byte| self.lexis.prefixes.contains(char::from(*byte))).count();
        let behind = rest.get(letters..).unwrap_or_default();
        let Some(quote) = self.lexis.quotes.iter().find(|quote| behind.starts_with(quote.open)) else { return false };
        let prefix = rest.get(..letters).unwrap_or_default().to_ascii_lowercase();
        let mut quote = *quote;
        let raw = prefix.contains('r');
        if prefix.contains(['f', 't']) {
            quote.fill = Fill::Expression("{");
        }
        let body = behind.get(quote.open.len()..).unwrap_or_default();
        let (inside, whole) = body_length(body, &quote);
        let text = body.get(..inside).unwrap_or_default();
        let (escapes, fill, runs) = (quote.escapes && !raw, quote.fill, quote.runs);
        let length = letters + quote.open.len() + whole;
        self.push(Kind::Text(Written { body: text, escapes, fill, runs, words: false }), length);
        true
    }

    /// `qq{…}`, `%w[…]`
    fn take_quote_word(&mut self) -> bool {
        let rest = self.rest();
        let dotted = self
            .tokens
            .last()
            .is_some_and(|token| matches!(token.kind, Kind::Mark(mark) if self.lexis.members.contains(&mark)));
        let behind_word = |word: &str| {
            let behind = rest.strip_prefix(word)?;
            let trimmed = behind.trim_start_matches([' ', '\t']);
            let open = trimmed.chars().next()?;
            let spaced = behind.len() > trimmed.len();
            let fits = !open.is_alphanumeric()
                && !open.is_whitespace()
                && !matches!(open, '_' | ',' | ';' | ')' | '=' | '}' | ']' | '>');
            (fits && !(spaced && open == '#')).then_some((rest.len() - trimmed.len(), open))
        };
        if dotted {
            return false;
        }
        let percent = rest.starts_with('%');
        if percent && !self.expects_operand() && !self.spaced {
            return false;
        }
        let words = self.lexis.quote_words.iter().rev();
        let Some((word, (at, open))) = words.filter_map(|(name, word)| Some((*word, behind_word(name)?))).next() else {
            return false;
        };
        let body = rest.get(at + open.len_utf8()..).unwrap_or_default();
        let (inside, mut whole) = delimited(body, open);
        let text = body.get(..inside).unwrap_or_default();
        let kind = match word {
            Word::Pattern | Word::Replacement => Kind::Pattern,
            Word::Plain | Word::Filled | Word::Words | Word::Runs => {
                let fill = if matches!(word, Word::Plain | Word::Words) { Fill::Nothing } else { self.filled() };
                let (runs, words) = (word == Word::Runs, word == Word::Words);
                Kind::Text(Written { body: text, escapes: word != Word::Words, fill, runs, words })
            }
        };
        if word == Word::Replacement {
            let second = body.get(whole..).unwrap_or_default();
            let gap = if closing(open) == open { 0 } else { second.find(open).map_or(0, |at| at + open.len_utf8()) };
            whole += gap + delimited(second.get(gap..).unwrap_or_default(), open).1;
        }
        self.push(kind, at + open.len_utf8() + whole);
        true
    }

    /// How this language fills gaps in strings.
    fn filled(&self) -> Fill {
        self.lexis.quotes.iter().map(|quote| quote.fill).find(|fill| *fill != Fill::Nothing).unwrap_or(Fill::Nothing)
    }

    /// `$name`, `${name}`, `@list`
    fn take_variable(&mut self, sigil: char) -> bool {
        let rest = self.rest();
        let behind = rest.get(sigil.len_utf8()..).unwrap_or_default();
        let braced = sigil == '$' && behind.starts_with('{');
        let sigils = behind.len() - behind.trim_start_matches(['$', '@']).len();
        let from = sigil.len_utf8() + if braced { 1 } else { sigils };
        let name = rest.get(from..).unwrap_or_default();
        let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
        if end == 0 && !(matches!(name.chars().next(), Some('_' | '!' | '0' | '&' | '@')) && sigil == '$') {
            return false;
        }
        // `% 3` and `%)` are operators.
        if sigil == '%' && !self.expects_operand() {
            return false;
        }
        let end = end.max(usize::from(end == 0));
        let close = usize::from(braced && name.get(end..).is_some_and(|behind| behind.starts_with('}')));
        self.push(Kind::Variable(name.get(..end).unwrap_or_default()), from + end + close);
        true
    }

    /// `<<EOT`, `<<~'EOT'`: an operand whose text begins on the next line.
    fn take_here(&mut self) -> bool {
        let Some(open) = self.lexis.here else { return false };
        let Some(behind) = self.rest().strip_prefix(open) else { return false };
        let trimmed = behind.trim_start_matches(['~', '-']);
        let trimmed = if self.lexis.tags { trimmed.trim_start_matches(' ') } else { trimmed };
        let quoted = trimmed.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let word = trimmed.get(usize::from(quoted.is_some())..).unwrap_or_default();
        let end = word.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(word.len());
        let name = word.get(..end).unwrap_or_default();
        let operand = quoted.is_some() || name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_');
        if name.is_empty() || !operand || !self.lexis.tags && !self.spaced && !self.expects_operand() {
            return false;
        }
        let fill = if quoted == Some('\'') { Fill::Nothing } else { self.filled() };
        self.pending.push((self.tokens.len(), name, fill));
        let length = open.len() + (behind.len() - trimmed.len()) + end + 2 * usize::from(quoted.is_some());
        self.push(Kind::Text(Written { body: "", escapes: true, fill, runs: false, words: false }), length);
        true
    }

    fn take_here_documents(&mut self) {
        for (index, name, fill) in std::mem::take(&mut self.pending) {
            let rest = self.rest();
            let mut length = 0;
            let mut skip = rest.len();
            for line in rest.split_inclusive('\n') {
                let bare = line.trim().trim_end_matches([';', ')', ',']);
                if bare == name {
                    skip = length + line.len();
                    break;
                }
                length += line.len();
            }
            let body = rest.get(..length).unwrap_or_default();
            if let Some(token) = self.tokens.get_mut(index) {
                let escapes = fill != Fill::Nothing;
                token.kind = Kind::Text(Written { body, escapes, fill, runs: false, words: false });
            }
            self.at += skip;
        }
    }
}

/// The length of a string's text, and with its closing quote.
fn body_length(body: &str, quote: &Quote) -> (usize, usize) {
    let mut at = 0;
    let mut open = 0u32;
    let patience = Patience::for_length(body.len());
    while let Some(rest) = body.get(at..).filter(|rest| !rest.is_empty() && patience.look()) {
        if open == 0 && rest.starts_with(quote.close) {
            return (at, at + quote.close.len());
        }
        let Some(first) = rest.chars().next() else { break };
        if first == '\n' && !quote.long {
            return (at, at);
        }
        if first == '\\' && (quote.escapes) {
            at += 1;
            at += body.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            continue;
        }
        // A template's expression may hold the quote that ends the template.
        if let Fill::Expression(start) = quote.fill
            && quote.long
            && start.len() > 1
            && (open > 0 && first == '{' || rest.starts_with(start))
        {
            open += 1;
            at += if rest.starts_with(start) { start.len() } else { 1 };
            continue;
        }
        if open > 0 && first == '}' {
            open -= 1;
        }
        at += first.len_utf8();
    }
    (body.len(), body.len())
}

fn closing(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        other => other,
    }
}

/// The length of a text between delimiters that may nest, and with the closing one.
fn delimited(body: &str, open: char) -> (usize, usize) {
    let close = closing(open);
    let mut depth = 0u32;
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == close && depth == 0 => return (at, at + c.len_utf8()),
            _ if c == close => depth -= 1,
            _ if c == open => depth += 1,
            _ => {}
        }
    }
    (body.len(), body.len())
}

/// The longest pattern, in bytes.
const LONGEST_PATTERN: usize = 512;

/// `/…/flags`, on one line.
fn pattern_length(rest: &str) -> usize {
    let (mut escaped, mut class) = (false, false);
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            // Bounded, lest every slash of a long line look through all of it.
            '\n' => return 1,
            _ if at > LONGEST_PATTERN => return 1,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '/' if !class => {
                let behind = rest.get(at + 1..).unwrap_or_default();
                let flags = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
                return at + 1 + flags;
            }
            _ => {}
        }
    }
    1
}
