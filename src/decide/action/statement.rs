//! SQL, and what other databases have in its place, that a command gives to a database: which rules apply.

use super::database::Store;
use super::expand::Argument;
use super::facts::FileFact;
use super::glob;
use super::pack::{Language, Rule, SqlWhen, Text};
use super::rewrite::Contents;
use super::run::Called;
use super::scope::Scope;
use super::sql_form::SqlDialect;
use super::stream::Stream;
use super::target::Hit;
use super::topic::Topic;
use super::value::Value;
use super::walk::Walk;
use super::{Reach, Reversal};
use crate::decide::syntax::sql::{self, Dialect, Query, Statement};
use crate::decide::syntax::{GAP, Span};
use std::collections::BTreeMap;

/// So many statements cost as much as one command.
const STATEMENTS: usize = 2;
/// The most names that are listed for one rule.
const NAMES: usize = 32;

impl Walk<'_> {
    /// SQL, or what another database has in its place, that a client is given.
    pub(super) fn read_store(
        &mut self,
        language: Language,
        text: &Value,
        called: Called<'_>,
        scope: &Scope,
        span: Span,
    ) {
        let client = self.rules.packs_for(called.program).find_map(|pack| pack.sql.map(|sql| (pack, sql)));
        let dialect = client.map_or(Dialect::Any, |(_, sql)| dialect_of(sql.dialect));
        let text = text.with_gaps("…");
        let statements = if language == Language::Redis {
            sql::read_redis(&text)
        } else if language == Language::Mongo {
            sql::read_mongo(&text)
        } else {
            sql::read_as(&text, dialect)
        };
        let store = client.map_or_else(Store::default, |(pack, sql)| self.store_of(pack, sql, called, scope));
        let queries = queries_of(&statements);
        self.check_queries(&queries, called.program, (&store, scope), span);
        for statement in &statements {
            self.run_statement(statement, (language, called), scope, span);
        }
    }

    /// What leaves the database: shell commands, files, and what was not seen.
    pub(super) fn run_statement(
        &mut self,
        statement: &Statement,
        (language, called): (Language, Called<'_>),
        scope: &Scope,
        span: Span,
    ) {
        match statement {
            Statement::Query(_) => {}
            Statement::Shell { text, .. } => {
                self.via.push(called.program.to_owned());
                self.text(text, &mut scope.clone(), &Stream::inherited(), span);
                self.via.pop();
            }
            Statement::Include { file, .. } => {
                let Some(path) = self.absolute(&gaps(file), scope) else {
                    self.unseen("sql.text.unseen", "The name of a file of SQL is not known before it runs.", span);
                    return;
                };
                match self.file_text(&path, scope) {
                    FileFact::Text(text) => {
                        self.via.push(path);
                        self.deeper(span, |walk| {
                            walk.read_store(language, &Value::literal(&text), called, scope, span)
                        });
                        self.via.pop();
                    }
                    FileFact::Missing => {}
                    FileFact::Unread => self.reading.seen_whole = false,
                }
            }
            Statement::Output { file, .. } => self.overwrite(&gaps(file), Contents::Printed, span, scope),
            Statement::Opaque { .. } => {
                self.unseen("sql.text.unseen", "SQL would run that is not known before it runs.", span);
            }
        }
    }

    /// Checks statements against the rules about SQL; each rule reports once, with the names of all that it saw.
    pub(super) fn check_queries(
        &mut self,
        queries: &[&Query],
        program: &str,
        (store, scope): (&Store, &Scope),
        span: Span,
    ) {
        if !self.burn_for(queries.len() / STATEMENTS, span) {
            return;
        }
        let verbs = Verbs::of(queries);
        for rule in self.rules_of(program, |rule| rule.when.sql.is_some()) {
            let Some(when) = rule.when.sql.filter(|when| store.lies(when)) else { continue };
            let begun = verbs.that_begin(&when.statement);
            let hit: Vec<&&Query> = queries
                .iter()
                .zip(&verbs.places)
                .filter(|(query, verb)| begun.get(**verb) == Some(&true) && sql_matches(&when, query))
                .map(|(query, _)| query)
                .collect();
            if hit.is_empty() {
                continue;
            }
            let mut names: Vec<String> = Vec::new();
            for name in hit.iter().flat_map(|query| &query.objects) {
                if names.len() < NAMES && !names.contains(name) {
                    names.push(name.clone());
                }
            }
            let mut kept = (rule.does.reach, rule.does.reversal);
            if store.serves_tests(rule, &hit, queries) {
                kept = (Reach::File, Reversal::Regenerable);
            }
            if let Some(database) = &store.file {
                match self.hit_database(rule, database, scope) {
                    Some((file, softened)) => {
                        names.insert(0, file);
                        kept = softened;
                    }
                    None => continue,
                }
            }
            self.report(rule, Hit { names, reach: kept.0, reversal: kept.1 }, span);
        }
    }

    /// A database that is a file: what is in a temporary file, in a committed one or in memory is no loss.
    fn hit_database(&mut self, rule: &Rule, database: &Argument, scope: &Scope) -> Option<(String, (Reach, Reversal))> {
        if matches!(database.value.known(), Some(":memory:" | "")) {
            return None;
        }
        if database.value.known().is_some_and(super::database::is_file_for_tests) {
            return Some((database.value.shown(), (Reach::File, Reversal::Regenerable)));
        }
        let hit = self.hit_paths(&rule.does, std::slice::from_ref(database), scope)?;
        Some((database.value.shown(), (rule.does.reach.max(hit.reach), hit.reversal)))
    }

    /// The rules of one program's packs and of those about no program.
    fn rules_of(&self, program: &str, wanted: fn(&Rule) -> bool) -> Vec<&'static Rule> {
        let packs = self.rules.packs_for(program).chain(self.rules.packs_about(Topic::Statement));
        let about = |rule: &&Rule| {
            let programs = &rule.when.program;
            wanted(rule) && (programs.is_empty() || glob::is_one_of(programs, program))
        };
        packs.flat_map(|pack| pack.rules.0).filter(about).collect()
    }
}

/// The statements that a database would carry out, without those that its client does by itself.
pub(super) fn queries_of<'s>(statements: &'s [Statement]) -> Vec<&'s Query> {
    let query = |statement: &'s Statement| match statement {
        Statement::Query(query) => Some(query),
        Statement::Shell { .. } | Statement::Include { .. } | Statement::Output { .. } | Statement::Opaque { .. } => {
            None
        }
    };
    statements.iter().filter_map(query).collect()
}

/// Text in which gaps are written as a character.
pub(super) fn gaps(name: &str) -> Value {
    let mut value = Value::default();
    for (index, part) in name.split(GAP).enumerate() {
        if index > 0 {
            value.push_unknown();
        }
        value.push_known(part);
    }
    value
}

/// Does the condition hold? What is only defined or rolled back fulfils none.
fn sql_matches(when: &SqlWhen, query: &Query) -> bool {
    let runs = !query.deferred && !query.rolled_back;
    runs && when.selective.is_none_or(|selective| selective == query.selective)
        && any(&when.object, |pattern| query.objects.iter().any(|object| fits(pattern, object)))
        && any(&when.call, |pattern| query.calls.iter().any(|call| calls(pattern, call)))
}

/// The same dialect in the words of the reader.
fn dialect_of(dialect: SqlDialect) -> Dialect {
    match dialect {
        SqlDialect::AnySql => Dialect::Any,
        SqlDialect::Postgres => Dialect::Postgres,
        SqlDialect::Mysql => Dialect::Mysql,
        SqlDialect::Sqlite => Dialect::Sqlite,
        SqlDialect::Tsql => Dialect::Tsql,
    }
}

fn any(list: &[Text], holds: impl Fn(&str) -> bool) -> bool {
    list.is_empty() || list.iter().any(|text| holds(text))
}

/// Do the verb's first words match the pattern's? `drop table|view` has alternatives.
fn begins(pattern: &str, verb: &[String]) -> bool {
    let mut words = verb.iter();
    pattern.split(' ').filter(|wanted| !wanted.is_empty()).all(|wanted| {
        words.next().is_some_and(|word| wanted.split('|').any(|one| glob::matches(one, word)) || word.contains(GAP))
    })
}

/// The different verbs of statements. A dump has thousands of statements and a handful of verbs.
struct Verbs<'q> {
    different: Vec<&'q [String]>,
    /// For each statement, which it has.
    places: Vec<usize>,
}

impl<'q> Verbs<'q> {
    fn of(queries: &[&'q Query]) -> Self {
        let mut known: BTreeMap<&[String], usize> = BTreeMap::new();
        let mut verbs = Verbs { different: Vec::new(), places: Vec::new() };
        for query in queries {
            let place = *known.entry(&query.verb).or_insert_with(|| {
                verbs.different.push(&query.verb);
                verbs.different.len() - 1
            });
            verbs.places.push(place);
        }
        verbs
    }

    /// For each of the different ones, whether it begins as one of the patterns says.
    fn that_begin(&self, patterns: &[Text]) -> Vec<bool> {
        self.different.iter().map(|verb| any(patterns, |pattern| begins(pattern, verb))).collect()
    }
}

/// A name that is not known could be any.
fn fits(pattern: &str, name: &str) -> bool {
    name.contains(GAP) || glob::matches_ignoring_case(pattern, name)
}

/// A function by its name alone, or with its schema if the pattern has one.
fn calls(pattern: &str, call: &str) -> bool {
    let last = call.rsplit('.').next().unwrap_or(call);
    fits(pattern, if pattern.contains('.') { call } else { last })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::syntax::sql::read;

    #[track_caller]
    fn expect(when: &'static str, matching: &[&str], other: &[&str]) {
        let when: SqlWhen = serde_yaml::from_str(when).expect("a condition is YAML");
        let hit = |text: &str| {
            let statements = read(text);
            let queries = queries_of(&statements);
            queries
                .iter()
                .any(|query| Verbs::of(&[query]).that_begin(&when.statement) == [true] && sql_matches(&when, query))
        };
        for text in matching {
            assert!(hit(text), "should match {text}: {:?}", read(text));
        }
        for text in other {
            assert!(!hit(text), "should not match {text}: {:?}", read(text));
        }
    }

    #[test]
    fn a_statement_is_told_by_its_first_words() {
        expect(
            "{ statement: [\"drop table|view\", truncate] }",
            &["drop table t", "drop view v", "truncate t", "drop … t", "select 1; drop table t"],
            &["drop index i", "create table t (a int)", "begin; truncate t; rollback", "explain drop table t"],
        );
    }

    #[test]
    fn a_condition_can_ask_for_a_where() {
        expect(
            "{ statement: delete, selective: false }",
            &["delete from t", "delete from t where 1=1"],
            &["delete from t where id = 1"],
        );
        expect("{ statement: delete, selective: true }", &["delete from t where id = 1"], &["delete from t"]);
    }

    #[test]
    fn objects_and_functions_are_compared() {
        expect(
            "{ object: [\"mysql.*\", sqlite_master] }",
            &["delete from mysql.user", "update SQLITE_MASTER set a=1", "drop table …"],
            &["delete from t"],
        );
        expect(
            "{ call: [pg_terminate_backend, \"cron.*\"] }",
            &["select pg_catalog.pg_terminate_backend(1)", "select cron.schedule('a', 'b', 'c')"],
            &["select pg_backend_pid()", "select 'pg_terminate_backend(1)'"],
        );
    }
}
