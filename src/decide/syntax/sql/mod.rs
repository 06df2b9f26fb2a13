//! SQL of any dialect, as far as one must read it to know what it removes.
//!
//! This is no grammar. A grammar that refuses one statement of a script loses all the others, and no
//! grammar reads what people send to a dozen kinds of database. Text is cut into tokens and statements,
//! and of each statement are found its verb, its objects and whether its WHERE selects anything. The
//! client's own commands (`\!`, `.shell`, `source`) are read as well, because they leave SQL.
//!
//! Where the dialects disagree on where a comment or a string ends, [`Dialect::Any`] reads the text in each of the
//! ways and returns what any of them finds. Time is linear in the text.

mod condition;
mod meta;
mod mongo;
mod nested;
mod psql;
mod redis;
mod segment;
mod split;
mod token;
mod transaction;
mod verb;

use super::{GAP, Span};

pub use mongo::read_mongo;
pub use redis::read_redis;

/// The longest text that is read, in bytes. What lies behind is opaque.
pub const LONGEST: usize = 256 * 1024;

/// Whose rules of quoting and commenting apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Not known: everything that one of the others would find is found.
    #[default]
    Any,
    /// PostgreSQL and its kin, with psql's backslash commands.
    Postgres,
    /// MySQL and MariaDB, with their client's commands.
    Mysql,
    /// SQLite, with its shell's dot commands.
    Sqlite,
    /// Transact-SQL, with sqlcmd's commands.
    Tsql,
}

/// One thing that the text would have done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// A statement that the database runs.
    Query(Query),
    /// A shell command that the client or the database runs: `\! cmd`, `.shell cmd`, `copy … to program 'cmd'`.
    Shell {
        /// The command, as shell text.
        text: String,
        /// Where it stands.
        span: Span,
    },
    /// A file of further statements: `\i file`, `.read file`, `source file`.
    Include {
        /// The file's name as written.
        file: String,
        /// Where it stands.
        span: Span,
    },
    /// A local file that the client writes: `\o file`, `.output file`, `tee file`.
    Output {
        /// The file's name as written.
        file: String,
        /// Where it stands.
        span: Span,
    },
    /// Something that is run and cannot be seen: `\gexec`, a statement whose first word is not known.
    Opaque {
        /// Where it stands.
        span: Span,
    },
}

/// A statement of SQL, or what in another client has its place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// What is done, in lower case and without words that change nothing (`if exists`):
    /// `drop table`, `alter table drop column`, `pragma writable_schema on`, `.restore`.
    pub verb: Vec<String>,
    /// Names of what it is done to, unquoted, parts joined by dots. Hostile text.
    pub objects: Vec<String>,
    /// It has a WHERE (or a join's ON) that can leave rows out. `false` as well for statements that have none by nature.
    pub selective: bool,
    /// Functions that it calls, in lower case, with their schema if one is written; at most 64.
    pub calls: Vec<String>,
    /// It stands in a transaction of the same text that is rolled back.
    pub rolled_back: bool,
    /// It is only defined here and not run: the body of a function, procedure, trigger or prepared statement.
    pub deferred: bool,
    /// Where it stands; for text inside a string, where the string stands.
    pub span: Span,
}

impl Statement {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Statement::Query(query) => query.span,
            Statement::Shell { span, .. }
            | Statement::Include { span, .. }
            | Statement::Output { span, .. }
            | Statement::Opaque { span } => *span,
        }
    }
}

/// Reads SQL whose dialect is not known.
#[must_use]
pub fn read(text: &str) -> Vec<Statement> {
    read_as(text, Dialect::Any)
}

/// Reads SQL of a dialect. Total: what is not understood has an empty or unknown verb, what is not seen is
/// [`Statement::Opaque`]. [`GAP`](super::GAP) stands for unknown text.
#[must_use]
pub fn read_as(text: &str, dialect: Dialect) -> Vec<Statement> {
    nested::read_at(text, dialect)
}

#[cfg(test)]
mod tests;
