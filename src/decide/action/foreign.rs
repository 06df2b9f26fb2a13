//! What inline code does.

use super::pack::Language;
use super::run::Called;
use super::scope::Scope;
use super::value::Value;
use super::walk::Walk;
use crate::decide::syntax::Span;

impl Walk<'_> {
    pub(super) fn read_code(
        &mut self,
        language: Language,
        text: &Value,
        called: Called<'_>,
        scope: &Scope,
        span: Span,
    ) {
        let _ = (language, text, called, scope, span);
    }
}
