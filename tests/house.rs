//! The rules of the house, held against the sources: docs/house.md says what they are and why.

#[path = "house/budget.rs"]
mod budget;
#[path = "house/layer.rs"]
mod layer;
#[path = "house/page.rs"]
mod page;
#[path = "house/progress.rs"]
mod progress;
#[path = "house/source.rs"]
mod source;
