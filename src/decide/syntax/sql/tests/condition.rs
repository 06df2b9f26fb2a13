//! Does a WHERE select?

use super::super::{Dialect, Statement, read_as};

#[track_caller]
fn expect_selective(selective: bool, conditions: &[&str]) {
    for condition in conditions {
        for text in [format!("delete from t where {condition}"), format!("update t set a = 1 where {condition};")] {
            let statements = read_as(&text, Dialect::Postgres);
            let Some(Statement::Query(query)) = statements.first() else { panic!("{text}: {statements:?}") };
            assert_eq!(query.selective, selective, "{text}");
        }
    }
}

#[test]
fn a_condition_on_a_column_selects() {
    expect_selective(
        true,
        &[
            "id = 1",
            "id = $1",
            "id = ?",
            "id = :id",
            "id = …",
            "id in (1, 2)",
            "id in (…)",
            "name like 'a%'",
            "name = 'x' or name = 'y'",
            "1 = 1 and id = 5",
            "true and not deleted",
            "created_at < now() - interval '30 days'",
            "id between 1 and 10",
            "exists (select 1 from u where u.id = t.id)",
            "id in (select id from old_ones)",
            "id in (select id from t where stale)",
            "deleted",
            "not active",
            "expires is not null",
            "(a, b) in ((1, 2))",
            "a = 'it''s' -- all of it",
            "lower(email) = 'x'",
            "current of c",
            "\"Id\" = 5",
            "user_id = 7 returning id",
            "a > 0",
            "a.x <> 1",
            "length(name) > 5",
        ],
    );
}

#[test]
fn a_condition_that_every_row_meets_does_not_select() {
    expect_selective(
        false,
        &[
            "1=1",
            "1",
            "true",
            "TRUE",
            "(true)",
            "((1=1))",
            "not false",
            "not 1=2",
            "'a' = 'a'",
            "1 < 2",
            "1 <> 2",
            "id = id",
            "t.id = t.id",
            "id >= id",
            "id = 5 or 1=1",
            "id = 5 or true",
            "1=1 and 2=2",
            "id is not null",
            "user_id > 0",
            "id <> -1",
            "id >= 1",
            "id < 99999999999",
            "name like '%'",
            "name is null or name is not null",
            "a = 1 or a <> 1",
            "now() > '2000-01-01'",
            "random() >= 0",
            "exists (select 1)",
            "id in (select id from t)",
            "1 in (1)",
            "coalesce(a, 1) = coalesce(a, 1)",
            "…",
            "$1",
            "not (1 = 0)",
            "1=1 --",
            "'1'",
            "2 between 1 and 3",
            "length('a') = 1",
        ],
    );
}

#[test]
fn a_condition_nested_deeper_than_is_followed_does_not_select() {
    let deep = format!("{}id = 1{}", "(".repeat(100), ")".repeat(100));
    expect_selective(false, &[&deep]);
}
