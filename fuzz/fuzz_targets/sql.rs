//! SQL, and the words of its clients.

#![no_main]

use holdpoint::decide::syntax::sql;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let any = sql::read(text).len();
    for dialect in [sql::Dialect::Postgres, sql::Dialect::Mysql, sql::Dialect::Sqlite, sql::Dialect::Tsql] {
        let _ = sql::read_as(text, dialect);
    }
    assert!(any <= text.len() + 1);
});
