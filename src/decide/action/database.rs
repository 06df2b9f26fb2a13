//! Which database a client works on, and whether it is there for tests: what is in such a one is made anew for each run.

use super::glob;
use super::line::{Grammar, Line};
use super::pack::{Pack, Rule, SqlClient, SqlWhen, Text};
use super::place::{PLACES, is_among};
use super::run::Called;
use super::scope::{Bound, Scope};
use super::sql_form::SqlDialect;
use super::value::Value;
use super::walk::Walk;
use super::{Verb, expand::Argument};
use crate::decide::syntax::Span;
use crate::decide::syntax::sql::Query;

/// What lies inside of a database.
const INSIDE: [&str; 12] = [
    "table",
    "tables",
    "schema",
    "view",
    "materialized",
    "index",
    "sequence",
    "type",
    "function",
    "procedure",
    "trigger",
    "drop",
];
/// Statements behind which others go to another database.
const LEADS: [&str; 3] = ["use", "connect", "\\u"];

/// What statements are given to.
#[derive(Debug, Default)]
pub(super) struct Store {
    /// The file that the database is.
    pub(super) file: Option<Argument>,
    /// It is called as databases for tests are.
    for_tests: bool,
    /// A name with a dot in it names a schema of the same database.
    schemas: bool,
    /// Its server runs on this machine, or beside it under a plain name.
    near: bool,
    /// What the command line says of the host and the name.
    places: Vec<String>,
}

impl Store {
    /// A database that is a file, or of which nothing is known.
    pub(super) fn of_file(file: Option<Argument>) -> Self {
        Store { file, ..Store::default() }
    }

    /// Does the condition on the host and the name hold?
    pub(super) fn lies(&self, when: &SqlWhen) -> bool {
        let fits = |globs: &[Text], place: &String| globs.iter().any(|glob| glob::matches_ignoring_case(glob, place));
        when.place.is_empty()
            || self.places.iter().any(|place| fits(&when.place, place) && !fits(&when.no_place, place))
    }

    /// Are tests all that could miss what these statements remove? `all` are those that stand with them.
    pub(super) fn serves_tests(&self, rule: &Rule, hit: &[&&Query], all: &[&Query]) -> bool {
        let second = |query: &Query, word: &str| query.verb.get(1).is_some_and(|what| what == word);
        let whole = |query: &Query| {
            second(query, "database")
                && !query.objects.is_empty()
                && query.objects.iter().all(|name| is_for_tests(name))
        };
        // A part of the database itself; roles and other databases are not, nor what is named with another's name.
        let part = |query: &Query| {
            let known = query.verb.len() < 2 || INSIDE.iter().any(|word| second(query, word));
            known && (self.schemas || !query.objects.iter().any(|name| name.contains('.')))
        };
        let loses = matches!(rule.does.verb, Verb::Drop | Verb::Delete | Verb::Overwrite | Verb::Destroy);
        let moves = |query: &&Query| query.verb.first().is_some_and(|verb| LEADS.contains(&verb.as_str()));
        let stays = self.for_tests && !all.iter().any(moves);
        loses && self.near && hit.iter().all(|query| whole(query) || stays && part(query))
    }
}

impl Walk<'_> {
    /// The database that a client's command line names.
    pub(super) fn store_of(&self, pack: &Pack, sql: SqlClient, called: Called<'_>, scope: &Scope) -> Store {
        let line = Line::parse(called.words, Grammar::of_pack(pack));
        let empty = || Argument::literal("", Span::default());
        let operand = |place: u8| line.operands.get(usize::from(place)).map(|operand| operand.argument);
        let file = sql.database.map(|place| operand(place).map_or_else(empty, Argument::clone));
        if sql.name_option.is_empty() && sql.name_operand.is_none() {
            return Store::of_file(file);
        }
        let variable = |name: &Text| match scope.variable(name, self.setting)? {
            Bound::Scalar(value) => Some(value),
            Bound::List(_) => Some(Value::unknown()),
        };
        let mut names: Vec<Value> = line.values(&sql.name_option).cloned().collect();
        names.extend(sql.name_operand.and_then(operand).map(|argument| argument.value.clone()));
        if names.is_empty() {
            names.extend(sql.name_variable.iter().filter_map(variable));
        }
        let hosts = line.values(&sql.host_option).cloned().chain(sql.host_variables.iter().filter_map(variable));
        let hosts: Vec<Value> = hosts.collect();
        let mut near = hosts.iter().all(|host| host.known().is_some_and(is_near));
        let mut places: Vec<String> = hosts.iter().filter_map(|host| host.known().map(str::to_owned)).collect();
        // Of several texts one may lead the next to another database.
        let texts =
            pack.reads.iter().flat_map(|reads| line.values(&reads.option).chain(line.values(&reads.file_option)));
        let mut for_tests = !names.is_empty() && texts.count() < 2;
        for name in names.iter().map(|name| name.known().unwrap_or("?")) {
            let (host, name) = name.split_once("://").map_or(("", name), |(_, address)| split_address(address));
            near &= is_near(host);
            for_tests &= is_for_tests(name);
            // `host=db.example.com dbname=shop`
            let told = name.split([' ', '?', '&']).map(|part| part.rsplit_once('=').map_or(part, |(_, value)| value));
            places.extend([host].into_iter().chain(told).filter(|place| !place.is_empty()).map(str::to_owned));
        }
        for_tests &= sql.dialect != SqlDialect::AnySql;
        Store { file, for_tests, near, places, schemas: sql.dialect == SqlDialect::Postgres }
    }
}

/// The host and the name of `ann:secret@localhost:5432/shop_test`. What stands behind a question mark may name another host.
fn split_address(address: &str) -> (&str, &str) {
    let (server, name) = address.split_once('/').unwrap_or((address, ""));
    let server = server.rsplit_once('@').map_or(server, |(_, server)| server);
    let host = if server.starts_with('[') { server } else { server.split(':').next().unwrap_or(server) };
    (host, name)
}

/// Is it a database's file that is called as those for tests are: `db/shop_test.sqlite3`, `test.db`?
pub(super) fn is_file_for_tests(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    stem == "test" || is_for_tests(stem)
}

fn is_for_tests(name: &str) -> bool {
    let bare = name.trim_matches(['"', '`', '\'']);
    let plain = bare.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    plain && PLACES.test_databases.iter().any(|pattern| glob::matches_ignoring_case(pattern, bare))
}

/// A socket, this machine, or a name that only a neighbour could have (`db` beside a container).
fn is_near(host: &str) -> bool {
    host.is_empty() || host.starts_with('/') || is_among(&PLACES.near_hosts, host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_split_into_host_and_name() {
        assert_eq!(split_address("ann:pw@localhost:5432/shop_test"), ("localhost", "shop_test"));
        assert_eq!(split_address("[::1]:5432/a"), ("[::1]:5432", "a"));
        assert_eq!(split_address("db"), ("db", ""));
    }

    #[test]
    fn databases_for_tests_are_told_by_their_names() {
        for name in ["shop_test", "test_shop", "\"Shop_Test\"", "shop-test", "shop_test2"] {
            assert!(is_for_tests(name), "{name}");
        }
        for name in [
            "",
            "shop",
            "contest",
            "testimonials",
            "latest",
            "prod_test_results_live",
            "attestation",
            "host=a dbname=x_test",
            "x_test?host=a",
        ] {
            assert!(!is_for_tests(name), "{name}");
        }
        assert!(is_near("localhost") && is_near("127.0.0.1") && is_near("/run/postgresql") && is_near("db"));
        assert!(!is_near("db.example.com") && !is_near("10.0.0.5") && !is_near("prod-db") && !is_near("?"));
    }
}
