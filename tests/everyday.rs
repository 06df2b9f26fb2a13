//! Everyday work, inside the walls and without them: the same status and the same output, and not a word of holdpoint's.

#[path = "everyday/house.rs"]
mod house;
#[path = "everyday/server.rs"]
mod server;
#[path = "everyday/work.rs"]
mod work;
