//! Where the dialects disagree, and where someone hides.

use super::super::{LONGEST, Statement, read, read_as};
use super::{Dialect, expect, expect_among, expect_none};

#[test]
fn comments_end_where_the_dialect_ends_them() {
    expect_among(
        Dialect::Any,
        &[
            ("drop/**/table t", "drop table t"),
            ("DrOp\tTaBlE\n t", "drop table t"),
            ("/*!50000 drop table t */", "drop table t"),
            ("/*! drop */ table t", "drop table t"),
            ("/* /* */ drop table t; */", "drop table t"),
            ("select 1 # ; \n; drop table t", "drop table t"),
            ("select 1 # ; drop table t", "drop table t"),
            ("select 1--1; drop table t", "drop table t"),
            ("select 'a\\'; drop table t; --'", "drop table t"),
            ("select 'a\\''; drop table t; --'", "drop table t"),
            ("select $$ ; drop table t; $$", "drop table t"),
            ("select [ ; drop table t; ]", "drop table t"),
            ("select ` ; drop table t; `", "drop table t"),
            ("\u{FEFF}drop table t", "drop table t"),
            ("drop\u{00A0}table t", "drop table t"),
            (";;;drop table t", "drop table t"),
            ("(drop table t)", "drop table t"),
            ("select 1; -- fine\ndrop table t", "drop table t"),
            ("select E'\\'; ' ; drop table t", "drop table t"),
        ],
    );
    expect(Dialect::Mysql, &[("# drop table t\nselect 1 -- drop table u", &["select"])]);
    expect(Dialect::Mysql, &[("select 'a\\'; drop table t; --'", &["select"])]);
    expect(Dialect::Postgres, &[("select 'a\\'; drop table t; --'", &["select", "drop table t"])]);
    expect(Dialect::Postgres, &[("/* /* */ drop table t; */ select 1", &["select"])]);
    expect(Dialect::Sqlite, &[("/* /* */ drop table t; */", &["drop table t"])]);
    expect(Dialect::Postgres, &[("select $a$ ; drop table t; $a$", &["select"])]);
}

#[test]
fn strings_that_are_run_are_read() {
    expect_among(
        Dialect::Any,
        &[
            ("execute immediate 'drop table t'", "drop table t"),
            ("exec('drop table t')", "drop table t"),
            ("exec sp_executesql N'drop table t'", "drop table t"),
            ("declare @s nvarchar(max) = N'drop table t'; exec(@s)", "drop table t"),
            ("select dblink_exec('dbname=x', 'drop table t')", "drop table t"),
            ("select cron.schedule('x', '* * * * *', $$delete from t$$)", "delete t all"),
            ("select query_to_xml('delete from t returning 1', true, true, '')", "delete t all"),
            ("exec('dr' + 'op table t')", "drop table t"),
            ("execute format('drop table %I', 'x')", "drop table"),
            ("execute immediate x", "?"),
            ("exec(@x)", "?"),
            ("prepare s from @x", "?"),
        ],
    );
    expect_none(
        Dialect::Any,
        &["drop"],
        &["select 'drop table t' as hint", "insert into notes values ($$drop table t$$)"],
    );
}

#[test]
fn unknown_text_is_opaque_where_it_could_be_a_statement() {
    expect_among(
        Dialect::Any,
        &[("…", "?"), ("select 1; …", "?"), ("… table t", "?"), ("dr… table t", "?"), ("drop … t", "drop … t")],
    );
    expect_none(
        Dialect::Any,
        &["?"],
        &["select * from …", "select … from t where id = …", "insert into t values ('…')", "{{ config() }} select 1"],
    );
}

#[test]
fn templates_and_parameters_are_tolerated() {
    expect(
        Dialect::Any,
        &[
            ("delete from {{ ref('users') }} where id = {{ id }}", &["delete {{ ref('users') }} some"]),
            ("delete from users where id = %s", &["delete users some"]),
            ("select * from t where a = :a and b = @b and c = ?", &["select"]),
        ],
    );
}

#[test]
fn a_text_longer_than_is_read_ends_opaque() {
    let text = format!("select '{}'", "é".repeat(LONGEST));
    assert!(matches!(read(&text).last(), Some(Statement::Opaque { .. })));
}

#[test]
fn spans_lie_inside_the_text_on_character_boundaries() {
    let text = "select 'é'; drop table ü; do $$ begin delete from ä; end $$; \\! écho\n";
    for statement in read_as(text, Dialect::Any) {
        let span = statement.span();
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{statement:?}");
    }
}

/// Every mark that opens something, a great many times: quadratic reading would take minutes here.
#[test]
fn hostile_text_is_read_in_linear_time() {
    let marks = [
        "(",
        "'",
        "\"",
        "`",
        "[",
        "{",
        "{{",
        "$",
        "$$",
        "$a$",
        "/*",
        "--",
        "\\",
        "\\!",
        "\n.",
        "\ngo",
        ";",
        "begin ",
        "x.",
        "x(",
        "delete from ",
        "delete from t where (",
        "not ",
        "case ",
        "or ",
        "a or b is null or ",
        "update t set ",
        "'a'||",
        "0x",
        "exec(",
        "copy t from stdin;\n",
        "create function ",
        "…",
        "alter table t drop a, ",
        "with x as (delete from t ",
        "\n@",
        "\n!a",
        "prepare p from '",
        "E'\\",
        "execute '",
    ];
    for mark in marks {
        let text = mark.repeat(20_000 / mark.len());
        let _ = read(&text);
        let _ = read_as(&text, Dialect::Tsql);
    }
}

/// Each loop over words must get on: `delete t set`, `alter temporary`, `truncate "table"` once did not.
#[test]
fn every_order_of_three_key_words_is_read_to_its_end() {
    let heads =
        ["delete", "alter", "drop", "create", "truncate", "update", "insert", "copy", "revoke", "grant", "vacuum", "x"];
    let words = [
        "set",
        "from",
        "where",
        "table",
        "\"table\"",
        "'text'",
        "temporary",
        "default",
        "event",
        "drop",
        "column",
        "by",
        "on",
        "if",
        "…",
        "(",
        ")",
        ",",
        ".",
        "*",
        "users",
        "using",
        "unique",
        "public",
        "all",
        "cascade",
        "into",
        "",
    ];
    for head in heads {
        for first in words {
            for second in words {
                let _ = read(&format!("{head} {first} {second}"));
                let _ = read(&format!("{head} users {first} {second}"));
            }
        }
    }
}

/// A delimiter of nothing ended every statement where it began.
#[test]
fn a_delimiter_without_a_word_changes_nothing() {
    for text in ["select 1\n\\d\ndrop table t;\n", "delimiter\ndrop table t;", "delimiter \n\ndrop table t;"] {
        let found = read(text);
        let drops = |one: &Statement| matches!(one, Statement::Query(query) if query.verb == ["drop", "table"]);
        assert!(found.iter().any(drops), "{text:?}: {found:?}");
    }
}
