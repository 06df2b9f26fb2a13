//! What `~` stands for (bash(1), Tilde Expansion).

use super::expand::Argument;
use super::scope::{Bound, Scope};
use super::value::Value;
use super::walk::Walk;
use crate::decide::syntax::{Piece, Word};

impl Walk<'_> {
    /// The value of a word that is assigned: there, `~` counts behind a colon as well, `x=a:~/b`.
    pub(super) fn expand_assigned(&mut self, word: &Word, scope: &mut Scope) -> Value {
        let behind_colon = |piece: &Piece| matches!(piece, Piece::Bare(text) if text.contains(":~"));
        if !word.pieces.iter().any(behind_colon) {
            return self.expand_whole(word, scope);
        }
        let mut value = Value::default();
        for (index, piece) in word.pieces.iter().enumerate() {
            let Piece::Bare(text) = piece else {
                let one = Word { pieces: vec![piece.clone()], span: word.span };
                value.append(&self.expand_whole(&one, scope));
                continue;
            };
            for (place, part) in text.split(':').enumerate() {
                value.push_known(if place > 0 { ":" } else { "" });
                if part.starts_with('~') && (place > 0 || index == 0) {
                    value.append(&self.expand_tilde(part, scope));
                } else {
                    value.push_known(part);
                }
            }
        }
        value
    }

    /// The arguments of a command that declares: what is assigned behind `export` and its kin is not split.
    pub(super) fn declared(&mut self, word: &Word, scope: &mut Scope) -> Option<Argument> {
        let Piece::Bare(text) = word.pieces.first()? else { return None };
        let name = text.split_once('=').map(|(name, _)| name.strip_suffix('+').unwrap_or(name))?;
        let named = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let value = named.then(|| self.expand_assigned(word, scope))?;
        Some(Argument { value, ..Argument::literal("", word.span) })
    }

    pub(super) fn expand_tilde(&self, text: &str, scope: &Scope) -> Value {
        let (user, rest) = match text.find('/') {
            Some(at) => text.split_at(at),
            None => (text, ""),
        };
        let mut value = match user {
            "~" => match scope.variable("HOME", self.setting) {
                Some(Bound::Scalar(home)) => home,
                Some(Bound::List(_)) | None => Value::unknown(),
            },
            "~+" => Value::clone(&scope.directory),
            "~-" => Value::unknown(),
            named if named.get(1..) == Some(self.setting.user.as_str()) => {
                Value::literal(self.setting.homes.last().map_or("", String::as_str))
            }
            "~root" => Value::literal("/root"),
            named => {
                let mut other = Value::literal("/home/");
                other.push_known(named.get(1..).unwrap_or(""));
                other
            }
        };
        value.push_known(rest);
        value
    }
}
