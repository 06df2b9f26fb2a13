//! Words to values, in the order of bash(1), EXPANSION: braces, tilde, parameters and
//! substitutions, splitting, quote removal. File names are not expanded: a pattern stays a pattern.

use super::array::Array;
use super::brace;
use super::scope::{Bound, NUMBER, Scope};
use super::stream::Stream;
use super::value::{Part, Value};
use super::walk::{PIECE, Walk};
use crate::decide::shown::is_invisible;
use crate::decide::syntax::{Piece, Span, Word};

/// One word after expansion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Argument {
    /// Its text as far as it is known.
    pub(super) value: Value,
    /// It holds an active file name pattern.
    pub(super) pattern: bool,
    /// It is what a search found below the place that it begins with, and nothing else: `find /tmp … -exec rm {} +`.
    pub(super) found: bool,
    /// It stands for any number of words (`$unknown`, `$@` of unknown length).
    pub(super) many: bool,
    /// Where the word stands.
    pub(super) span: Span,
}

impl Argument {
    pub(super) fn literal(text: &str, span: Span) -> Self {
        Argument { value: Value::literal(text), pattern: false, found: false, many: false, span }
    }
}

/// Collects the fields that one word becomes.
pub(super) struct Fields {
    done: Vec<Argument>,
    open: Argument,
    /// The open field exists even if it is empty (something quoted stood in it).
    kept: bool,
    /// What is not quoted is split at blanks. In an assignment it is not: a script in `x=$(cat x.sh)` keeps its lines.
    splits: bool,
    /// What it is split at, where the script says so: `IFS=_; x=rm_-rf_src; $x`.
    separators: Option<Value>,
    span: Span,
}

impl Fields {
    fn at(span: Span) -> Self {
        Fields {
            done: Vec::new(),
            open: Argument::literal("", span),
            kept: false,
            splits: true,
            separators: None,
            span,
        }
    }

    fn unsplit(span: Span) -> Self {
        Fields { splits: false, ..Fields::at(span) }
    }

    fn close(&mut self) {
        if self.kept || !self.open.value.is_empty() {
            self.done.push(std::mem::replace(&mut self.open, Argument::literal("", self.span)));
        }
        self.kept = false;
    }

    pub(super) fn span(&self) -> Span {
        self.span
    }

    pub(super) fn push_quoted(&mut self, value: &Value) {
        self.open.value.append(value);
        self.kept = true;
    }

    /// Adds any number of words of which nothing is known.
    pub(super) fn push_unknown_words(&mut self) {
        self.open.value.push_unknown();
        self.open.many = true;
    }

    /// Adds any number of words that all look alike.
    fn push_lines(&mut self, each: &Value) {
        if self.open.value.is_empty() && !self.kept {
            self.open.value.append(each);
        } else {
            self.open.value.push_unknown();
        }
        self.open.many = true;
    }

    /// Adds a value that is split at blanks and whose pattern characters are active.
    fn push_split(&mut self, value: &Value) {
        if !self.splits {
            self.open.value.append(value);
            return;
        }
        for part in &value.parts {
            match part {
                Part::Unknown => {
                    self.open.value.push_unknown();
                    self.open.many = true;
                }
                Part::Known(text) => self.push_split_text(text),
            }
        }
    }

    fn push_split_text(&mut self, text: &str) {
        if let Some(separators) = self.separators.clone() {
            return self.push_split_at(separators.known(), text);
        }
        let mut pieces = text.split([' ', '\t', '\n']);
        if let Some(first) = pieces.next() {
            self.push_bare(first);
        }
        for piece in pieces {
            self.close();
            self.push_bare(piece);
        }
    }

    /// Where separators other than blanks stand side by side there are empty words between them: these are not counted.
    fn push_split_at(&mut self, separators: Option<&str>, text: &str) {
        let Some(separators) = separators else { return self.push_unknown_words() };
        let separates = |c: char| separators.contains(c);
        let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n');
        let mut before = None;
        let mut empty = false;
        for c in text.chars() {
            empty |= separates(c) && !is_blank(c) && before.is_some_and(separates);
            before = Some(c);
        }
        if empty || (text.starts_with(separates) && !text.starts_with(is_blank)) {
            return self.push_unknown_words();
        }
        let mut pieces = text.split(separates);
        if let Some(first) = pieces.next() {
            self.push_bare(first);
        }
        for piece in pieces {
            self.close();
            self.push_bare(piece);
        }
    }

    fn push_bare(&mut self, text: &str) {
        self.open.pattern |= is_pattern(text);
        self.open.value.push_known(text);
    }
}

impl Walk<'_> {
    /// All arguments that a list of words becomes.
    pub(super) fn expand_words(&mut self, words: &[Word], scope: &mut Scope) -> Vec<Argument> {
        let mut arguments = Vec::with_capacity(words.len());
        for word in words {
            self.expand_word(word, scope, &mut arguments);
        }
        arguments
    }

    /// The arguments of a command. What is assigned behind `export` and its kin is not split.
    pub(super) fn expand_command(&mut self, words: &[Word], scope: &mut Scope) -> Vec<Argument> {
        let declares = matches!(words.first().map(|name| name.pieces.as_slice()), Some([Piece::Bare(name)])
            if matches!(name.as_str(), "declare" | "export" | "local" | "readonly" | "typeset"));
        if !declares {
            return self.expand_words(words, scope);
        }
        let mut arguments = Vec::with_capacity(words.len());
        for word in words {
            match self.declared(word, scope) {
                Some(argument) => arguments.push(argument),
                None => self.expand_word(word, scope, &mut arguments),
            }
        }
        arguments
    }

    fn expand_word(&mut self, word: &Word, scope: &mut Scope, into: &mut Vec<Argument>) {
        if let [Piece::Bare(text)] = word.pieces.as_slice()
            && !text.contains(['{', '~', '*', '?', '['])
        {
            self.check_hidden(text, word.span);
            into.push(Argument::literal(text, word.span));
            return;
        }
        if word.pieces.is_empty() {
            into.push(Argument::literal("", word.span));
        } else if brace::has_braces(&word.pieces) {
            for pieces in brace::expand(&word.pieces) {
                self.expand_pieces(&pieces, word.span, scope, into);
            }
        } else {
            self.expand_pieces(&word.pieces, word.span, scope, into);
        }
    }

    fn expand_pieces(&mut self, pieces: &[Piece], span: Span, scope: &mut Scope, into: &mut Vec<Argument>) {
        let mut fields = Fields::at(span);
        // Behind those of the words before, in the same list.
        fields.done = std::mem::take(into);
        fields.separators = scope.is_set_here("IFS").then(|| self.variable_value("IFS", scope));
        for (index, piece) in pieces.iter().enumerate() {
            self.expand_piece(piece, index == 0, scope, &mut fields);
        }
        fields.close();
        *into = fields.done;
    }

    /// The value of a word where no splitting happens: assignments, redirections, here-documents, `case`.
    pub(super) fn expand_whole(&mut self, word: &Word, scope: &mut Scope) -> Value {
        let mut value = Value::default();
        for (index, piece) in word.pieces.iter().enumerate() {
            if let Piece::Quoted(text) = piece {
                value.push_known(text);
                continue;
            }
            let mut fields = Fields::unsplit(word.span);
            self.expand_piece(piece, index == 0, scope, &mut fields);
            fields.close();
            for (at, field) in fields.done.iter().enumerate() {
                if at > 0 {
                    value.push_known(" ");
                }
                value.append(&field.value);
            }
        }
        value
    }

    fn expand_piece(&mut self, piece: &Piece, first: bool, scope: &mut Scope, fields: &mut Fields) {
        match piece {
            Piece::Bare(text) if first && text.starts_with('~') => {
                let value = self.expand_tilde(text, scope);
                fields.open.pattern |= is_pattern(text);
                fields.push_quoted(&value);
            }
            Piece::Bare(text) => {
                self.check_hidden(text, fields.span);
                fields.push_bare(text);
            }
            Piece::Quoted(text) => {
                fields.open.value.push_known(text);
                fields.kept = true;
            }
            Piece::Variable { name, quoted } => self.expand_variable(name, *quoted, scope, fields),
            Piece::Parameter { name, operator, operands, quoted } => {
                if let Some(array) = Array::named(name, operator, operands) {
                    return self.expand_array(&array, operands, *quoted, (scope, fields));
                }
                let value = self.expand_parameter(name, operator, operands, scope);
                push(fields, &value, *quoted);
            }
            Piece::Command { script, quoted } => {
                let mut inner = scope.clone();
                let output = self.showing(false, |walk| walk.script(script, &mut inner, &Stream::inherited()));
                self.note_flow(&output);
                if let (Some(each), false) = (&output.each, *quoted) {
                    return fields.push_lines(each);
                }
                let value = output.text.map_or_else(Value::unknown, |text| trim_newlines(&text));
                push(fields, &value, *quoted);
            }
            Piece::Process { script, reads } => {
                let mut inner = scope.clone();
                // `tee >(bash)`: what is written there is not known here.
                let stdin = if *reads { Stream::inherited() } else { Stream::default() };
                let output = self.showing(false, |walk| walk.script(script, &mut inner, &stdin));
                let path = if *reads { self.keep_process_output(output) } else { Value::literal("/dev/fd/63") };
                fields.push_quoted(&path);
            }
            Piece::Arithmetic { expression } => {
                let inner = self.expand_whole(expression, scope);
                let number = inner.known().and_then(|text| text.trim().parse::<i64>().ok());
                fields.push_quoted(&number.map_or_else(Value::unknown, |n| Value::literal(&n.to_string())));
            }
            Piece::Opaque(_) => {
                self.reading.seen_whole = false;
                fields.open.many = true;
                fields.push_quoted(&Value::unknown());
            }
        }
    }

    /// Characters that do not show, outside of quotes: what a person reads is not what would run.
    fn check_hidden(&mut self, text: &str, span: Span) {
        let hides = |c: char| {
            let of_emoji = matches!(c, '\u{FE0F}' | '\u{200D}');
            // Blanks stand in the operands of `${x:-a b}`, where everyone sees them.
            let of_text = matches!(c, '\r' | ' ' | '\t' | '\n');
            (c.is_whitespace() || c.is_control()) && !of_text || is_invisible(c) && !of_emoji
        };
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) && text.contains(hides) {
            self.unseen("shell.text.hidden", "It holds characters that do not show.", span);
        }
    }

    fn expand_variable(&mut self, name: &str, quoted: bool, scope: &Scope, fields: &mut Fields) {
        if matches!(name, "@" | "*") {
            if !self.burn_for(super::array::weight(&scope.parameters), fields.span) {
                return fields.push_unknown_words();
            }
            // `"$*"` is one word.
            if quoted && name == "*" {
                return fields.push_quoted(&self.joined_parameters(scope));
            }
            return push_list(fields, &scope.parameters, quoted);
        }
        self.note_variable(name, scope);
        let mut value = self.variable_value(name, scope);
        if !self.burn_for(value.weight() / PIECE, fields.span) {
            value = Value::unknown();
        }
        if quoted {
            // An unset variable in quotes is an empty word, not no word.
            fields.push_quoted(&value);
        } else {
            fields.push_split(&value);
        }
    }

    /// All parameters with the first separator between them; it is not looked for where the script sets some.
    fn joined_parameters(&self, scope: &Scope) -> Value {
        if scope.is_set_here("IFS") { Value::unknown() } else { super::array::joined(&scope.parameters) }
    }

    /// Notes what a variable's value carries into the command.
    pub(super) fn note_variable(&mut self, name: &str, scope: &Scope) {
        if let Some(carried) = scope.carried_by(name) {
            self.flow = std::mem::take(&mut self.flow).and(carried);
        }
        if !scope.is_set_here(name) && super::keyring::tells_secret(name) {
            self.flow.add_variable(name);
        }
    }

    /// The value of `$name` in a string.
    fn variable_value(&self, name: &str, scope: &Scope) -> Value {
        if let Ok(number) = name.parse::<usize>() {
            return match number.checked_sub(1) {
                None => Value::literal(&scope.name),
                Some(index) => scope.parameters.get(index).cloned().unwrap_or_default(),
            };
        }
        match name {
            "#" => Value::literal(&scope.parameters.len().to_string()),
            "?" | "$" | "!" => Value::literal(NUMBER),
            "-" => Value::unknown(),
            "@" | "*" => super::array::joined(&scope.parameters),
            // An element with an operator behind it: `${a[1]%x}`.
            _ if name.contains('[') => Value::unknown(),
            _ => match scope.variable(name, self.setting) {
                Some(Bound::Scalar(value)) => value,
                Some(Bound::List(values)) => values.first().cloned().unwrap_or_default(),
                None => Value::default(),
            },
        }
    }

    /// `${name operator operands}`. The operands are walked in any case: they may hold substitutions.
    fn expand_parameter(&mut self, name: &str, operator: &str, operands: &[Word], scope: &mut Scope) -> Value {
        let values: Vec<Value> = operands.iter().map(|word| self.expand_whole(word, scope)).collect();
        let operand = values.first().cloned().unwrap_or_default();
        let current = self.variable_value(name, scope);
        let unset = scope.variable(name, self.setting).is_none() && name.parse::<usize>().is_err();
        if !super::parameter::tells_little(operator, &values) {
            self.note_variable(name, scope);
        }
        match operator {
            ":-" | "-" | ":=" | "=" => {
                let missing = if operator.starts_with(':') { current.is_empty() } else { unset };
                let value = if missing { operand } else { current };
                if operator.ends_with('=') {
                    scope.set(name, Bound::Scalar(value.clone()));
                }
                value
            }
            ":+" | "+" if current.is_empty() => Value::default(),
            ":+" | "+" => operand,
            ":?" | "?" => {
                if current.is_empty() {
                    Value::unknown()
                } else {
                    current
                }
            }
            "[" => self.array_element(name, &operand, scope),
            "!" => match current.known() {
                Some(pointed) if !pointed.is_empty() => {
                    let pointed = pointed.to_owned();
                    self.note_variable(&pointed, scope);
                    self.variable_value(&pointed, scope)
                }
                Some(_) | None => Value::unknown(),
            },
            _ => super::parameter::apply(operator, &current, &values),
        }
    }

    fn array_element(&self, name: &str, index: &Value, scope: &Scope) -> Value {
        let Some(Bound::List(values)) = scope.variable(name, self.setting) else {
            return match index.known() {
                Some("0" | "@" | "*") => self.variable_value(name, scope),
                Some(_) | None => Value::unknown(),
            };
        };
        match index.known() {
            Some("@" | "*") => super::array::joined(&values),
            Some(number) => number
                .trim()
                .parse::<usize>()
                .ok()
                .and_then(|at| values.get(at).cloned())
                .unwrap_or_else(Value::unknown),
            None => Value::unknown(),
        }
    }
}

pub(super) fn push(fields: &mut Fields, value: &Value, quoted: bool) {
    if quoted {
        fields.push_quoted(value);
    } else {
        fields.push_split(value);
    }
}

/// `"$@"` gives one field for each; unquoted, each is split again.
pub(super) fn push_list(fields: &mut Fields, values: &[Value], whole: bool) {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            fields.close();
        }
        push(fields, value, whole);
    }
}

fn trim_newlines(text: &Value) -> Value {
    let mut value = text.clone();
    if let Some(Part::Known(last)) = value.parts.last_mut() {
        let kept = last.trim_end_matches('\n').len();
        last.truncate(kept);
        if last.is_empty() {
            value.parts.pop();
        }
    }
    value
}
/// Does the text hold a file name pattern? A bracket that is not closed is none: `[` is a command.
fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?']) || text.split_once('[').is_some_and(|(_, rest)| rest.contains(']'))
}
