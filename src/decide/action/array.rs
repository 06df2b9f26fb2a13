//! All elements of an array, or all parameters, as words (bash(1), Arrays; Parameter Expansion).

use super::expand::{Fields, push_list};
use super::scope::{Bound, Scope};
use super::value::Value;
use super::walk::{PIECE, Walk};
use crate::decide::syntax::{Piece, Word};

/// `${a[@]}`, `${a[*]:1:2}`, `${@#x}`: an expansion of every element.
pub(super) struct Array<'p> {
    name: &'p str,
    operator: &'p str,
    /// `*`: between quotes they become one word.
    joins: bool,
}

impl<'p> Array<'p> {
    /// The array that a parameter expansion names, if it names a whole one.
    pub(super) fn named(name: &'p str, operator: &'p str, operands: &[Word]) -> Option<Self> {
        if operator == "[" {
            let joins = is_all(operands.first()?)?;
            return Some(Array { name, operator: "", joins });
        }
        if matches!(operator, "length" | "!" | "keys") {
            return None;
        }
        let whole = [("[@]", false), ("[*]", true)].into_iter().find_map(|(end, joins)| {
            let name = name.strip_suffix(end)?;
            Some(Array { name, operator, joins })
        });
        whole.or_else(|| matches!(name, "@" | "*").then_some(Array { name, operator, joins: name == "*" }))
    }

    fn values(&self, walk: &Walk<'_>, scope: &Scope) -> Vec<Value> {
        if matches!(self.name, "@" | "*") {
            return scope.parameters.to_vec();
        }
        match scope.variable(self.name, walk.setting) {
            Some(Bound::List(values)) => values,
            Some(Bound::Scalar(value)) => vec![value],
            None => Vec::new(),
        }
    }

    /// The elements that the operator leaves. `None` if that is not known.
    fn apply(&self, mut values: Vec<Value>, operands: &[Value], own: &str) -> Option<Vec<Value>> {
        match self.operator {
            "" => Some(values),
            ":-" | "-" | ":=" | "=" => {
                Some(if values.is_empty() { operands.first().cloned().into_iter().collect() } else { values })
            }
            ":+" | "+" => {
                Some(if values.is_empty() { values } else { operands.first().cloned().into_iter().collect() })
            }
            ":?" | "?" => (!values.is_empty()).then_some(values),
            ":" => {
                let number = |at: usize| operands.get(at).and_then(Value::known)?.trim().parse::<usize>().ok();
                // The parameters are counted from the name of the script.
                if matches!(self.name, "@" | "*") {
                    values.insert(0, Value::literal(own));
                }
                let length = if operands.len() > 1 { number(1)? } else { usize::MAX };
                Some(values.into_iter().skip(number(0)?).take(length).collect())
            }
            operator => Some(values.iter().map(|value| super::parameter::apply(operator, value, operands)).collect()),
        }
    }
}

/// Is the subscript `@` or `*`? `true` for `*`.
fn is_all(subscript: &Word) -> Option<bool> {
    match subscript.pieces.as_slice() {
        [Piece::Bare(text) | Piece::Quoted(text)] if text == "@" => Some(false),
        [Piece::Bare(text) | Piece::Quoted(text)] if text == "*" => Some(true),
        _ => None,
    }
}

impl Walk<'_> {
    /// Adds the words that an array becomes.
    pub(super) fn expand_array(
        &mut self,
        array: &Array<'_>,
        operands: &[Word],
        quoted: bool,
        (scope, fields): (&mut Scope, &mut Fields),
    ) {
        let operands: Vec<Value> = match array.operator {
            "" => Vec::new(),
            _ => operands.iter().map(|word| self.expand_whole(word, scope)).collect(),
        };
        self.note_variable(array.name, scope);
        match array.apply(array.values(self, scope), &operands, &scope.name) {
            Some(values) if !self.burn_for(weight(&values), fields.span()) => fields.push_unknown_words(),
            // They are joined by the first separator, which is not looked for.
            Some(_) if quoted && array.joins && scope.is_set_here("IFS") => fields.push_quoted(&Value::unknown()),
            Some(values) if quoted && array.joins => fields.push_quoted(&joined(&values)),
            Some(values) => push_list(fields, &values, quoted),
            None => fields.push_unknown_words(),
        }
    }
}

/// What expanding so many words costs.
pub(super) fn weight(values: &[Value]) -> usize {
    values.len() + values.iter().map(Value::weight).sum::<usize>() / PIECE
}

/// The elements in one word, with blanks between them.
pub(super) fn joined(values: &[Value]) -> Value {
    let mut all = Value::default();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            all.push_known(" ");
        }
        all.append(value);
    }
    all
}
