//! The clients' own commands.

use super::{Dialect, expect, expect_among, expect_none};

#[test]
fn psql_commands_leave_sql() {
    expect(
        Dialect::Postgres,
        &[
            ("\\! rm -rf /", &["! rm -rf /"]),
            ("select 1;\n\\! rm -rf x; echo 'a'\nselect 2", &["select", "! rm -rf x; echo 'a'", "select"]),
            ("\\i drop.sql", &["< drop.sql"]),
            ("\\ir 'my file.sql'", &["< my file.sql"]),
            ("\\include x.sql\nselect 1", &["< x.sql", "select"]),
            ("\\copy t from program 'rm -rf x'", &["! rm -rf x"]),
            ("\\copy t to program 'gzip > ''x''' csv", &["! gzip > 'x'"]),
            ("\\copy (select 1) to 'out.csv' csv header", &["> out.csv"]),
            ("\\copy t from 'in.csv'", &[]),
            ("\\o |cat > x", &["! cat > x"]),
            ("\\o out.txt", &["> out.txt"]),
            ("\\o", &[]),
            ("select 1 \\g |sh", &["select", "! sh"]),
            ("select 1 \\g out", &["select", "> out"]),
            ("select 1 \\g\nselect 2", &["select", "select"]),
            ("\\set x `rm -rf y`", &["! rm -rf y"]),
            ("\\timing \\\\ drop table t;", &["drop table t"]),
            ("\\x\\dt\\! ls", &["! ls"]),
            ("\\if true\ndrop table t;\n\\endif", &["drop table t"]),
            ("select 1\\; drop table t;", &["select", "drop table t"]),
            ("\\lo_unlink 5", &["\\lo_unlink 5"]),
            ("\\dt drop*\n\\d users", &[]),
            ("\\c prod\ndrop table t", &["connect prod", "drop table t"]),
            ("\\| make-sql", &["! make-sql", "?"]),
        ],
    );
}

#[test]
fn a_result_that_is_run_is_read_and_opaque() {
    let text = "select 'drop table ' || tablename from pg_tables \\gexec";
    expect_among(Dialect::Postgres, &[(text, "drop table …"), (text, "?")]);
}

#[test]
fn rows_behind_a_copy_are_rows() {
    let text = "copy t (a) from stdin;\nit's\n5\tdrop table x;\n\\.\ndrop table y;";
    expect(Dialect::Postgres, &[(text, &["copy from stdin t", "drop table y"])]);
    // Another client goes on behind the COPY that it does not know.
    expect_among(Dialect::Any, &[("copy t from stdin;\ndrop table x;\n\\.\n", "drop table x")]);
    expect_among(Dialect::Postgres, &[("copy t from stdin;\ndrop table x;", "drop table x")]);
}

#[test]
fn sqlite_dot_commands_leave_sql() {
    expect(
        Dialect::Sqlite,
        &[
            (".shell rm -rf x", &["! rm -rf x"]),
            (".sh rm -rf x", &["! rm -rf x"]),
            (".system rm x", &["! rm x"]),
            (".read more.sql", &["< more.sql"]),
            (".read '|make-sql'", &["! make-sql", "?"]),
            (".import '|cat x' t", &["! cat x' t", "?"]),
            (".output |cat > x", &["! cat > x"]),
            (".once out.csv\nselect 1;", &["> out.csv", "select"]),
            (".output stdout", &[]),
            (".restore backup.db", &[".restore backup.db"]),
            (".open --new x.db", &[".open --new x.db"]),
            (".load ./evil", &[".load ./evil"]),
            (".backup other.db", &["> other.db"]),
            (".mode csv\n.headers on\nselect 1;", &["select"]),
            (".tables\n.schema users\n.dump", &[]),
            ("select 1;\n.shell ls\ndrop table t;", &["select", "! ls", "drop table t"]),
        ],
    );
}

#[test]
fn mysql_commands_leave_sql() {
    expect(
        Dialect::Mysql,
        &[
            ("\\! rm -rf x", &["! rm -rf x"]),
            ("system rm -rf x;", &["! rm -rf x"]),
            ("source drop.sql", &["< drop.sql"]),
            ("\\. drop.sql", &["< drop.sql"]),
            ("source drop.sql;\nselect 1", &["< drop.sql", "select"]),
            ("tee /tmp/x\nselect 1", &["> /tmp/x", "select"]),
            ("pager sh -c 'rm x'", &["! sh -c 'rm x'"]),
            ("\\P sh", &["! sh"]),
            ("select 1\\Gdrop table t", &["select", "drop table t"]),
            (
                "delimiter ;;\nselect 1;;\ndrop table t;;\ndelimiter ;\nselect 2; select 3",
                &["select", "drop table t", "select", "select"],
            ),
        ],
    );
}

#[test]
fn other_clients_commands_leave_sql() {
    expect(
        Dialect::Tsql,
        &[
            ("select 1\nGO\ndrop table t\ngo 5\nselect 2", &["select", "drop table t", "select"]),
            (":r more.sql", &["< more.sql"]),
            (":!! del x", &["! del x"]),
            ("!!dir", &["! dir"]),
            (":setvar x 1\nselect 1", &["select"]),
            (":out x.txt", &["> x.txt"]),
            ("create procedure p as delete from t; delete from u\ngo\nselect 1", &["create procedure p", "select"]),
        ],
    );
    expect_among(
        Dialect::Any,
        &[
            ("SOURCE 'more.cql'", "< more.cql"),
            ("!source more.sql", "< more.sql"),
            ("!system rm x", "! rm x"),
            ("!rm x", "! rm x"),
            ("host rm x", "! rm x"),
            ("@more.sql", "< more.sql"),
            (".shell rm x", "! rm x"),
            ("system rm x", "! rm x"),
            ("\\! rm x", "! rm x"),
            ("spool x.txt", "> x.txt"),
        ],
    );
}

#[test]
fn the_databases_own_shells_are_found() {
    expect_among(
        Dialect::Any,
        &[
            ("exec xp_cmdshell 'del x'", "! del x"),
            ("exec master..xp_cmdshell N'del x'", "! del x"),
            ("select sys_exec('rm x')", "! rm x"),
            ("copy t from program 'rm x'", "! rm x"),
        ],
    );
}

#[test]
fn commands_inside_strings_are_none() {
    expect_none(
        Dialect::Any,
        &["!", "<", ">", "?"],
        &["select '\n\\! rm x\n'", "select '\n.shell rm x\n'", "select 1 as system", "start transaction", "go home"],
    );
}
