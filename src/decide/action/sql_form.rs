//! The form of what packs say of SQL: how a client is told its database, and which statements a rule is about.
//!
//! `build.rs` includes this file, as it does [`pack`](super::pack).

use serde::{Deserialize, Serialize};

use super::list::{List, Text};

/// How a client of a database reads SQL.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct SqlClient {
    /// Whose rules of quoting and commenting apply.
    #[serde(default)]
    pub dialect: SqlDialect,
    /// The operand (counted from 0) that is the database's file. What happens to a file in a temporary place, or to none
    /// (`:memory:`), is no loss.
    #[serde(default)]
    pub database: Option<u8>,
    /// Options whose value names the database, or is its address. One that is called as databases for tests are, on this
    /// machine, is made anew for each run.
    #[serde(default)]
    pub name_option: List<Text>,
    /// The operand (counted from 0) that does so.
    #[serde(default)]
    pub name_operand: Option<u8>,
    /// The variable that does so where neither stands.
    #[serde(default)]
    pub name_variable: Option<Text>,
    /// Options whose value is the host.
    #[serde(default)]
    pub host_option: List<Text>,
    /// Variables that name the host.
    #[serde(default)]
    pub host_variables: List<Text>,
}

/// The dialects whose quoting differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SqlDialect {
    /// Not known: read as each of the others.
    #[default]
    AnySql,
    /// PostgreSQL and its kin.
    Postgres,
    /// MySQL and MariaDB.
    Mysql,
    /// SQLite.
    Sqlite,
    /// Transact-SQL.
    Tsql,
}

/// A condition on one SQL statement.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields, default)]
pub struct SqlWhen {
    /// Leading keywords: `drop table`, `drop *`, `truncate`, `delete`; words are globs.
    pub statement: List<Text>,
    /// `true`: the statement has a WHERE that can select (not `1=1`); `false`: it has none.
    pub selective: Option<bool>,
    /// Names of the object, globs.
    pub object: List<Text>,
    /// Functions that it calls, globs, with or without their schema.
    pub call: List<Text>,
    /// The host or the name of the database that its client is told, globs.
    pub place: List<Text>,
    /// Hosts and names to leave out.
    pub no_place: List<Text>,
}
