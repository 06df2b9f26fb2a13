//! Is what stands in `((…))` an arithmetic expression at all (bash(1), ARITHMETIC EVALUATION)?
//!
//! bash finds out when it runs it, and then complains. dash, busybox and others take two parentheses for two subshells:
//! `((rm -rf x))` runs `rm` there. What can be no expression is read as commands as well.

use crate::decide::syntax::tree::Piece;

/// What the next token may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// A number, a name, a sign or a parenthesis.
    Operand,
    /// An operator, or the end.
    Operator,
}

/// How far a reader of tokens has come.
struct Expression {
    wanted: Wanted,
    /// The last token was a name, a number or an expansion, and nothing stood behind it: more of it may follow.
    joins: bool,
    /// How many parentheses are open.
    open: usize,
    /// How many brackets of a subscript are open; what stands in them is not looked at.
    subscripts: usize,
    /// Nothing but blanks was met.
    empty: bool,
}

/// Could the pieces be an expression, whatever their expansions give?
pub(super) fn is_expression(pieces: &[Piece]) -> bool {
    let mut expression = Expression { wanted: Wanted::Operand, joins: false, open: 0, subscripts: 0, empty: true };
    let fits = pieces.iter().all(|piece| match piece {
        Piece::Bare(text) | Piece::Quoted(text) => expression.takes_text(text),
        Piece::Variable { .. }
        | Piece::Parameter { .. }
        | Piece::Command { .. }
        | Piece::Process { .. }
        | Piece::Arithmetic { .. }
        | Piece::Opaque(_) => expression.takes_operand(),
    });
    let ended = expression.empty || expression.wanted == Wanted::Operator;
    fits && ended && expression.open == 0 && expression.subscripts == 0
}

impl Expression {
    /// `x`, `10`, `$x`: not behind another one, but for `x$y`.
    fn takes_operand(&mut self) -> bool {
        let fits = self.wanted == Wanted::Operand || self.joins || self.subscripts > 0;
        (self.wanted, self.joins, self.empty) = (Wanted::Operator, true, false);
        fits
    }

    fn takes_text(&mut self, text: &str) -> bool {
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let length = token(rest).max(next.len_utf8());
            let Some((token, behind)) = rest.split_at_checked(length) else { return false };
            // `reboot -f`: nobody subtracts so.
            let option = token == "-" && self.wanted == Wanted::Operator && !self.joins;
            if option && behind.starts_with(char::is_alphabetic) || !self.takes(token) {
                return false;
            }
            rest = behind;
        }
        true
    }

    fn takes(&mut self, token: &str) -> bool {
        let first = token.chars().next().unwrap_or(' ');
        if self.subscripts > 0 {
            match first {
                '[' => self.subscripts += 1,
                ']' => self.subscripts -= 1,
                _ => {}
            }
            return true;
        }
        if first.is_whitespace() || matches!(first, '"' | '\'') {
            self.joins &= !first.is_whitespace();
            return true;
        }
        if first.is_alphanumeric() || first == '_' {
            return self.takes_operand();
        }
        let joined = std::mem::replace(&mut self.joins, false);
        self.empty = false;
        match (first, self.wanted) {
            ('[', Wanted::Operator) if joined => {
                self.subscripts = 1;
                true
            }
            ('(', Wanted::Operand) => {
                self.open += 1;
                true
            }
            (')', Wanted::Operator) if self.open > 0 => {
                self.open -= 1;
                true
            }
            ('+' | '-' | '!' | '~', Wanted::Operand) => true,
            ('+' | '-', Wanted::Operator) if token.len() == 2 && token.ends_with(first) => true,
            (
                '+' | '-' | '*' | '/' | '%' | '<' | '>' | '=' | '!' | '&' | '|' | '^' | '?' | ':' | ',',
                Wanted::Operator,
            ) if token != "!" => {
                self.wanted = Wanted::Operand;
                true
            }
            _ => false,
        }
    }
}

/// How long the token is that stands at the front: a name or number, an operator, or one character.
fn token(text: &str) -> usize {
    const OPERATORS: [&str; 25] = [
        "<<=", ">>=", "**", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "*=", "/=", "%=", "+=", "-=",
        "&=", "^=", "|=", "=", "<", ">", "!",
    ];
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '#' | '@' | '.');
    let named = text.find(|c| !word(c)).unwrap_or(text.len());
    let operator = OPERATORS.iter().find(|operator| text.starts_with(**operator));
    let begins = text.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    if begins { named } else { operator.map_or(1, |operator| operator.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(text: &str) -> bool {
        is_expression(&[Piece::Quoted(text.to_owned())])
    }

    #[test]
    fn what_people_compute_is_an_expression() {
        for text in [
            "",
            "i++",
            " i = 0, j=1 ",
            "a > b && c <= 3",
            "++i",
            "-x - -y",
            "a ? b : c",
            "(a + b) * 2 ** c",
            "x <<= 2",
            "a[i + 1] == 3",
            "m[some key]++",
            "10#08 + 0xff + 16#ab",
            "!done",
            "~a & (b|c) ^ d",
            "a,b",
            "x = y = 2",
            "i++ < 3",
            "a - 1",
        ] {
            assert!(is(text), "{text}");
        }
    }

    #[test]
    fn what_only_a_command_can_be_is_none() {
        for text in [
            "rm -rf /",
            "rm x",
            "rm -rf src",
            "(rm -rf /)",
            "a; b",
            "reboot -f",
            "echo a b",
            "{ a; }",
            "a &",
            "x y",
            "cd ..",
            "a b)",
        ] {
            assert!(!is(text), "{text}");
        }
    }

    #[test]
    fn an_expansion_is_an_operand_and_no_operator() {
        let variable = || Piece::Variable { name: "x".to_owned(), quoted: true };
        let text = |text: &str| Piece::Quoted(text.to_owned());
        assert!(is_expression(&[text("a"), variable(), text(" + 1")]));
        assert!(is_expression(&[variable(), variable()]));
        assert!(!is_expression(&[text("rm "), variable()]));
        assert!(!is_expression(&[text("rm -rf "), variable()]));
    }
}
