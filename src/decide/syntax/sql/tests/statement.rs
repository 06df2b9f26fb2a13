//! Verbs and objects.

use super::{Dialect, expect, expect_among, expect_none};

#[test]
fn what_is_dropped_is_named() {
    expect(
        Dialect::Any,
        &[
            ("drop table users", &["drop table users"]),
            ("DROP TABLE IF EXISTS a, b.c, \"d e\" CASCADE;", &["drop table a b.c d e"]),
            ("drop table `shop`.`orders`", &["drop table shop.orders"]),
            ("drop table [dbo].[Orders]", &["drop table dbo.Orders"]),
            ("drop table db..t", &["drop table db..t"]),
            ("drop database prod", &["drop database prod"]),
            ("drop database if exists prod with (force)", &["drop database prod"]),
            ("drop schema public cascade; create schema public", &["drop schema public", "create schema public"]),
            ("drop materialized view v", &["drop materialized view v"]),
            ("drop foreign table f", &["drop foreign table f"]),
            ("drop temporary table t", &["drop temporary table t"]),
            ("drop index concurrently i", &["drop index i"]),
            ("drop owned by app", &["drop owned app"]),
            ("drop user 'bob'@'%'", &["drop user bob"]),
            ("drop keyspace k", &["drop keyspace k"]),
            ("drop measurement cpu", &["drop measurement cpu"]),
            ("drop retention policy p on db", &["drop retention policy"]),
            ("drop table role", &["drop table role"]),
            ("undrop table t", &["undrop table t"]),
        ],
    );
}

#[test]
fn truncation_is_named() {
    expect(
        Dialect::Any,
        &[
            ("truncate users", &["truncate users"]),
            ("truncate table only a, b restart identity cascade", &["truncate table a b"]),
            ("TRUNCATE DATABASE d", &["truncate database d"]),
            ("truncate all tables from d", &["truncate all tables d"]),
        ],
    );
}

#[test]
fn rows_are_deleted_and_updated_with_and_without_a_condition() {
    expect(
        Dialect::Any,
        &[
            ("delete from t", &["delete t all"]),
            ("delete from t where id = 5", &["delete t some"]),
            ("delete from only s.t as x where x.id = 5", &["delete s.t some"]),
            ("delete t where id=3", &["delete t some"]),
            ("delete from t limit 10", &["delete t all"]),
            ("delete from t order by id", &["delete t all"]),
            ("delete from t returning *", &["delete t all"]),
            ("delete from t using u where t.id = u.id", &["delete t some"]),
            ("delete a from a join b on a.id = b.id", &["delete a a some"]),
            ("delete a from a left join b on a.id = b.id", &["delete a a all"]),
            ("delete a, b from a inner join b where a.id = b.id", &["delete a b a some"]),
            ("delete low_priority quick from t", &["delete t all"]),
            ("update t set a = 1", &["update t all"]),
            ("update t set a = 1 where id = 2", &["update t some"]),
            ("update or ignore t set a = 1", &["update t all"]),
            ("update a join b on a.id = b.id set a.x = 1", &["update a some"]),
            ("update t set a = (select max(b) from u where u.id = t.id)", &["update t all"]),
            ("update t set a = case when b then replace(c, 'x', 'y') else c end where id = 1", &["update t some"]),
        ],
    );
}

#[test]
fn each_alteration_stands_alone() {
    expect(
        Dialect::Any,
        &[
            ("alter table t drop column c", &["alter table drop column t c"]),
            ("alter table t drop c", &["alter table drop column t c"]),
            ("alter table if exists only t drop column if exists c cascade", &["alter table drop column t c"]),
            ("alter table t add x int, drop column y", &["alter table add x int t", "alter table drop column t y"]),
            ("alter table t drop constraint c", &["alter table drop constraint t c"]),
            ("alter table t drop primary key", &["alter table drop primary t key"]),
            ("alter table t drop partition p1", &["alter table drop partition t p1"]),
            ("alter table t drop foreign key k", &["alter table drop foreign t key"]),
            ("alter table t alter column c drop not null", &["alter table alter column c drop not t"]),
            ("alter table t rename to u", &["alter table rename to u t"]),
            ("alter table t disable row level security", &["alter table disable row level security t"]),
            ("alter table t delete where 1", &["alter table delete where t"]),
            ("alter publication p drop table t", &["alter publication drop table p t"]),
            ("alter user bob with superuser", &["alter user with superuser bob"]),
            ("alter system set fsync = off", &["alter system set fsync"]),
            (
                "alter database d set default_transaction_read_only = off",
                &["alter database set default_transaction_read_only d"],
            ),
        ],
    );
}

#[test]
fn other_statements_have_their_words() {
    expect(
        Dialect::Any,
        &[
            ("create or replace table t as select 1", &["create or replace table t"]),
            ("create table t (a int)", &["create table t"]),
            ("create user bob with password 'x'", &["create user bob"]),
            ("grant all privileges on db.* to bob", &["grant all privileges on db.*"]),
            ("vacuum full t", &["vacuum full t"]),
            ("pragma writable_schema = on", &["pragma writable_schema on"]),
            ("pragma main.writable_schema(1)", &["pragma writable_schema 1"]),
            ("copy t to program 'curl x'", &["copy to program t", "! curl x"]),
            ("copy (select 1) to '/tmp/x'", &["copy to file"]),
            ("load data infile 'x' into table t", &["load data infile x"]),
            ("select * into outfile '/etc/x' from t", &["select into outfile /etc/x"]),
            ("merge into t using s on t.id=s.id when not matched by source then delete", &["merge delete t"]),
            ("insert overwrite table t select 1", &["insert overwrite t"]),
            ("flush tables with read lock", &["flush tables with read lock"]),
            ("purge binary logs to 'x'", &["purge binary logs to x"]),
            ("reset master", &["reset master"]),
            ("shutdown", &["shutdown"]),
            ("kill 5", &["kill"]),
            ("system drop replica 'r'", &["system drop replica r", "! drop replica 'r'"]),
            ("exec sp_configure 'x', 1", &["exec sp_configure sp_configure"]),
            ("replace into t values (1)", &["replace t"]),
        ],
    );
}

#[test]
fn statements_inside_statements_are_found() {
    expect_among(
        Dialect::Any,
        &[
            ("with d as (delete from t returning *) select * from d", "delete t all"),
            ("with d as (delete from t where id = 1 returning *), e as (delete from u) select 1", "delete u all"),
            ("with x as (select 1) delete from t", "delete t all"),
            ("with x as (select id from u) delete from t where id in (select id from x)", "delete t some"),
            ("with u as (update t set a = 1 returning *) select * from u", "update t all"),
            ("explain analyze delete from t", "delete t all"),
            ("explain (analyze, buffers) delete from t", "delete t all"),
            ("if exists (select 1 from sys.tables) drop table t", "drop table t"),
            ("if object_id('x') is not null begin drop table x end", "drop table x"),
            ("delete from a delete from b where x = 1", "delete a all"),
            ("use prod drop database x", "drop database x"),
            ("begin tran delete from t commit", "delete t all"),
            ("do $$ begin delete from t; end $$", "delete t all"),
            ("do $x$ begin if true then truncate t; end if; end $x$", "truncate t"),
            ("do language plpgsql $$ begin execute 'drop table ' || 'users'; end $$", "drop table users"),
            ("begin if x then delete t where a = 1; else truncate u; end if; end", "truncate u"),
            ("for r in select * from x loop drop table y; end loop", "drop table y"),
            ("create rule r as on delete to t do instead nothing; delete from u", "delete u all"),
        ],
    );
}

#[test]
fn a_plan_is_only_shown() {
    expect_none(
        Dialect::Any,
        &["delete", "update", "drop", "truncate"],
        &[
            "explain delete from t",
            "explain query plan delete from t",
            "explain format=json delete from t",
            "describe delete from t",
            "explain plan for delete from t",
        ],
    );
}

#[test]
fn words_that_only_look_like_statements_are_none() {
    expect_none(
        Dialect::Any,
        &["delete", "drop", "truncate", "update", "alter table drop", "!"],
        &[
            "select 'drop table users'",
            "select 1 -- drop table users",
            "select 1 /* drop table users */",
            "select \"drop table x\" from t",
            "grant delete on t to bob",
            "grant select, update, delete on all tables in schema public to app",
            "revoke drop on db.* from bob",
            "create table t (id int references u on delete cascade on update cascade)",
            "insert into log values ('delete from t; drop table t')",
            "insert into t values (1) on conflict (id) do update set a = excluded.a",
            "insert into t values (1) on duplicate key update a = 2",
            "select * from t for update",
            "select deleted, dropped from truncated",
            "comment on table t is 'drop table t'",
            "show create table t",
            "create policy p on t for delete using (true)",
            "select replace(a, 'delete from', '') from t",
            "select truncate(1.5, 1)",
            "merge into t using s on t.id = s.id when matched then update set a = 1",
            "alter table t alter column c drop default",
            "select count(*) from t where note = 'it''s; drop table t'",
            "create trigger a after delete on t for each row execute function f()",
            "select case when a then replace(b, 'c', 'd') else truncate(e, 2) end from t",
        ],
    );
}

#[test]
fn what_is_defined_runs_when_it_is_called() {
    expect_none(
        Dialect::Postgres,
        &["delete", "drop"],
        &[
            "create function f() returns void as $$ begin delete from t; end $$ language plpgsql",
            "create or replace procedure p() begin atomic delete from t; end",
            "prepare p as delete from t",
            "create rule r as on insert to t do also delete from u",
            "create function f() returns trigger as $$ begin execute 'drop table x'; end $$ language plpgsql; select 1",
        ],
    );
    expect_among(
        Dialect::Postgres,
        &[
            (
                "create function f() returns void as $$ begin delete from t; end $$ language plpgsql; select f()",
                "delete t all",
            ),
            ("prepare p as delete from t; execute p", "delete t all"),
            (
                "create function g() returns void as 'begin drop table t; end' language plpgsql;
                 create function f() returns void as 'begin perform g(); end' language plpgsql; select public.f();",
                "drop table t",
            ),
        ],
    );
    expect_among(
        Dialect::Mysql,
        &[
            ("delimiter //\ncreate procedure p() begin delete from t; end//\ndelimiter ;\ncall p();", "delete t all"),
            ("prepare s from 'drop table t'; execute s", "drop table t"),
            ("set @q = 'drop table t'; prepare s from @q; execute s", "drop table t"),
            ("set @q = concat('drop', ' table t'); prepare s from @q; execute s;", "drop table t"),
            ("set @q = 0x64726f70207461626c652074; prepare s from @q; execute s;", "drop table t"),
        ],
    );
    expect_none(
        Dialect::Mysql,
        &["delete"],
        &["delimiter //\ncreate trigger g before insert on t for each row begin delete from u; end//\ndelimiter ;"],
    );
    expect_none(
        Dialect::Sqlite,
        &["delete"],
        &[
            "create trigger g after insert on t begin delete from u; update v set a = case when 1 then 2 end; end; select 1",
        ],
    );
}

#[test]
fn a_trigger_runs_when_its_table_is_written() {
    expect_among(
        Dialect::Sqlite,
        &[("create trigger g after insert on t begin delete from u; end; insert into t values (1);", "delete u all")],
    );
}

#[test]
fn what_is_rolled_back_is_harmless() {
    let gone: &[&str] = &["delete", "drop", "update"];
    expect_none(
        Dialect::Postgres,
        gone,
        &[
            "begin; delete from t; rollback;",
            "begin; drop table t; select count(*) from u; rollback",
            "start transaction; update t set a = 1; savepoint s; delete from u; rollback to s; rollback work;",
        ],
    );
    expect_none(Dialect::Mysql, gone, &["begin; delete from t; rollback;"]);
    expect_among(
        Dialect::Postgres,
        &[
            ("begin; delete from t; commit; rollback", "delete t all"),
            ("begin; delete from t;", "delete t all"),
            ("delete from t; begin; rollback", "delete t all"),
            ("begin; delete from t; \\i other.sql\nrollback;", "delete t all"),
            ("begin; delete from t; rollback to s; commit", "delete t all"),
            ("begin; delete from t; call p(); rollback", "delete t all"),
            ("begin; select dblink_exec('c', 'drop table t'); rollback", "drop table t"),
        ],
    );
    expect_among(
        Dialect::Mysql,
        &[
            ("begin; drop table t; rollback", "drop table t"),
            ("begin; delete from t; create table u (a int); rollback", "delete t all"),
            ("begin; delete from t; set autocommit = 1; rollback", "delete t all"),
        ],
    );
}
