//! What a test before a command says of a file: behind `[ -f x ] || …` there is no `x`.

use super::scope::Scope;
use super::walk::Walk;
use crate::decide::syntax::{Command, CommandKind, Script, Word};

/// Tests that fail where nothing stands, and of which the failure says so: `-s` fails for an empty file too, of which nothing is lost.
const TESTS: [&str; 4] = ["-e", "-f", "-s", "-a"];

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// It succeeded.
    Well,
    /// It failed.
    Badly,
}

impl Walk<'_> {
    /// The file that is not there when this test ended so.
    pub(super) fn absent_file(&mut self, test: &Command, ended: Ended, scope: &mut Scope) -> Option<String> {
        let (words, in_brackets): (&[Word], bool) = if let CommandKind::Test(words) = &test.kind {
            (words, true)
        } else if let CommandKind::Simple(simple) = &test.kind
            && simple.assignments.is_empty()
        {
            (&simple.words, false)
        } else {
            return None;
        };
        if words.len() > 5 || scope.blurred {
            return None;
        }
        let arguments = self.expand_words(words, scope);
        let known: Vec<&str> = arguments.iter().map(|word| word.value.known()).collect::<Option<_>>()?;
        let inner = match known.as_slice() {
            inner if in_brackets => inner,
            ["test", inner @ ..] if scope.function("test").is_none() => inner,
            ["[", inner @ .., "]"] if scope.function("[").is_none() => inner,
            _ => return None,
        };
        let (test, file) = match (inner, ended) {
            ([test, file], Ended::Badly) | (["!", test, file], Ended::Well) => (test, file),
            _ => return None,
        };
        let word = arguments.iter().find(|word| word.value.known() == Some(file))?;
        (TESTS.contains(test) && !word.pattern && !word.many)
            .then(|| self.absolute(&word.value, scope))
            .flatten()
            .filter(|path| !self.was_moved(path, scope))
    }

    /// The same for the last command of a condition.
    pub(super) fn absent_behind(&mut self, condition: &Script, ended: Ended, scope: &mut Scope) -> Option<String> {
        match condition.commands.as_slice() {
            [only] => self.absent_file(only, ended, scope),
            _ => None,
        }
    }
}
