//! Functions that call themselves, as far down as there is something to learn.
//!
//! What a call of a call of a call does is what the first one does, but for what variables and parameters say by then. So after a
//! few levels one more is walked of which nothing is known, and with it all deeper ones are. That is for functions that ask
//! something before they go deeper: one that never ends, or that goes on in the background (`:(){ :|:& };:`), is nested too deep.

use super::run::Called;
use super::scope::Scope;
use super::stream::Stream;
use super::value::Value;
use super::walk::Walk;
use crate::decide::syntax::Command;
use std::sync::Arc;

/// How many levels are walked with what is known of them.
const LEVELS: usize = 3;
/// More parameters than a function looks at by number.
const PARAMETERS: usize = 16;

/// Where a walk stands among functions and conditions.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// The bodies that are being walked, each with the conditions around its call.
    open: Vec<(Arc<Command>, u32)>,
    /// How many conditions are open: what stands in them may not run.
    conditions: u32,
    /// What is walked runs beside the shell, which does not wait for it.
    background: bool,
}

impl Walk<'_> {
    /// Walks something that does not run in every case.
    pub(super) fn on_condition<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.calls.conditions += 1;
        let result = inner(self);
        self.calls.conditions -= 1;
        result
    }

    /// Walks a command that runs in the background, or not.
    pub(super) fn in_background<T>(&mut self, background: bool, inner: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.calls.background;
        self.calls.background |= background;
        let result = inner(self);
        self.calls.background = before;
        result
    }

    pub(super) fn call_function(
        &mut self,
        body: &Arc<Command>,
        called: Called<'_>,
        scope: &mut Scope,
        stdin: &Stream,
    ) -> Stream {
        let levels: Vec<u32> = self
            .calls
            .open
            .iter()
            .filter(|(open, _)| Arc::ptr_eq(open, body))
            .map(|(_, conditions)| *conditions)
            .collect();
        let may_end = !self.calls.background && levels.last().is_some_and(|before| self.calls.conditions > *before);
        if may_end && levels.len() > LEVELS {
            return Stream::default();
        }
        let parameters = if may_end && levels.len() == LEVELS {
            scope.forget_values();
            vec![Value::unknown(); PARAMETERS]
        } else {
            super::peel::values_of(Some(called.words))
        };
        let outer = std::mem::replace(&mut scope.parameters, parameters.into());
        let span = called.all.first().map_or_else(Default::default, |word| word.span);
        self.calls.open.push((Arc::clone(body), self.calls.conditions));
        let output = self.deeper(span, |walk| walk.command(body, scope, stdin));
        self.calls.open.pop();
        scope.parameters = outer;
        output.unwrap_or_default()
    }
}
