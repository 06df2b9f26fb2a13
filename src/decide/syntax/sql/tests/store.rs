//! Databases that speak no SQL.

use super::super::{Statement, read_mongo, read_redis};
use super::line;

#[track_caller]
fn expect(read: fn(&str) -> Vec<Statement>, cases: &[(&str, &[&str])]) {
    for (text, wanted) in cases {
        let found: Vec<String> = read(text).iter().filter_map(line).collect();
        assert_eq!(found, *wanted, "{text}");
    }
}

#[test]
fn redis_commands_are_read_line_by_line() {
    expect(
        read_redis,
        &[
            ("FLUSHALL", &["flushall"]),
            ("flushdb async\n", &["flushdb async"]),
            ("GET 'a b'\nDEL \"k\\\"1\" k2", &["get a b", "del k\"1 k2"]),
            ("CONFIG SET dir /tmp", &["config set dir /tmp"]),
            ("3 FLUSHALL", &["flushall"]),
            ("EVAL \"return redis.call('FLUSHALL')\" 0", &["flushall", "eval return redis.call('FLUSHALL') 0"]),
            ("… x", &["?"]),
            ("DEL …", &["del …"]),
            ("\n  \nPING", &["ping"]),
            ("SET k 'FLUSHALL'", &["set k FLUSHALL"]),
        ],
    );
}

#[test]
fn calls_of_the_mongo_shell_are_read() {
    expect(
        read_mongo,
        &[
            ("db.dropDatabase()", &["dropdatabase db"]),
            ("db.users.drop()", &["drop db.users"]),
            ("db['users'].drop()", &["drop db[users]"]),
            ("db.getCollection('users').drop()", &["getcollection db", "drop db.getCollection(users)"]),
            ("db . users\n.drop ( )", &["drop db.users"]),
            ("// db.users.drop()\n/* db.dropDatabase() */ db.users.find({a: 'db.x.drop()'})", &["find db.users"]),
            ("db.adminCommand({dropDatabase: 1})", &["admincommand dropdatabase db"]),
            ("db.runCommand({ 'drop': 'users' })", &["runcommand drop db"]),
            ("print('x'); load('more.js')", &["print", "< more.js"]),
            ("…", &["?"]),
        ],
    );
}

#[test]
fn an_empty_filter_selects_nothing() {
    for (text, selective) in [
        ("db.users.deleteMany({})", false),
        ("db.users.deleteMany({ })", false),
        ("db.users.remove()", false),
        ("db.users.deleteMany({}, {w: 1})", false),
        ("db.users.deleteMany({a: 1})", true),
        ("db.users.deleteMany(filter)", true),
    ] {
        let statements = read_mongo(text);
        let Some(Statement::Query(query)) = statements.first() else { panic!("{text}: {statements:?}") };
        assert_eq!(query.selective, selective, "{text}");
    }
}

/// A mark that opens something, a great many times: quadratic reading would take minutes here.
#[test]
fn hostile_text_is_read_in_linear_time() {
    for mark in ["(", "a.", "a(", "'", "\"", "`", "/*", "[", "a[", "{", "\\", "\n", "eval 'call(", "…", "db.a.b("] {
        let text = mark.repeat(50_000 / mark.len());
        let _ = read_mongo(&text);
        let _ = read_redis(&text);
    }
}
