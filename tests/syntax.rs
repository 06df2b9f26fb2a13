//! Shell text to the tree, with bash itself for a judge.

#[path = "syntax/bash.rs"]
mod bash;
#[path = "syntax/expansion.rs"]
mod expansion;
#[path = "syntax/generate.rs"]
mod generate;
#[path = "syntax/hidden.rs"]
mod hidden;
#[path = "syntax/hostile.rs"]
mod hostile;
#[path = "syntax/pieces.rs"]
mod pieces;
#[path = "syntax/property.rs"]
mod property;
#[path = "syntax/refusal.rs"]
mod refusal;
#[path = "syntax/structure.rs"]
mod structure;
#[path = "syntax/twice.rs"]
mod twice;
#[path = "syntax/words.rs"]
mod words;
