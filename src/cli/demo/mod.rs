//! `holdpoint demo`: the nine-second incident, played on the reader's own machine.
//!
//! Nothing is simulated but the cloud: a server on 127.0.0.1, in this process, that speaks the part of Railway's
//! GraphQL API that matters. The shell is the machine's `bash` under this very binary, and so are `git`, `curl`,
//! `python3` and `sqlite3`. Everything lies in a temporary directory, which is removed at the end.

mod cloud;
mod exchange;
mod graphql;
mod page;
mod play;
mod scene;
mod stage;

pub(super) use play::play;
