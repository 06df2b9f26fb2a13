//! The judge: layers, trust, profiles, and what holds for every policy.

use holdpoint::decide::action::{Action, Facts, FileFact, Reach, Reading, Reversal, Setting, Verb};
use holdpoint::decide::policy::{
    Condition, Decision, Document, Grant, Layer, Origin, Policy, Profile, Statement, digest, explain, judge, must_type,
    profile_of,
};
use holdpoint::decide::syntax::Span;
use proptest::prelude::*;

fn act(rule: &str, verb: Verb, reach: Reach, reversal: Reversal) -> Action {
    Action {
        verb,
        resource: "table".into(),
        names: vec!["users".into()],
        reach,
        reversal,
        rule: rule.into(),
        why: "All rows are gone.".into(),
        instead: Some("DELETE with a WHERE".into()),
        span: Span::default(),
        via: Vec::new(),
    }
}

fn drop_table() -> Action {
    act("sql.table.drop", Verb::Drop, Reach::Service, Reversal::Never)
}

fn clean_file() -> Action {
    act("files.file.delete", Verb::Delete, Reach::File, Reversal::History)
}

fn read(actions: impl IntoIterator<Item = Action>) -> Reading {
    Reading { actions: actions.into_iter().collect(), seen_whole: true, ..Reading::default() }
}

fn say(id: &str, decision: Decision, when: Condition) -> Statement {
    Statement { id: id.into(), decision, when, why: None }
}

fn layer(origin: Origin, statements: impl IntoIterator<Item = Statement>) -> Layer {
    let document = Document { statements: statements.into_iter().collect(), ..Document::default() };
    Layer { origin, trusted: origin != Origin::Repository, path: String::new(), document }
}

fn profile(origin: Origin, profile: Profile) -> Layer {
    let document = Document { profile: Some(profile), ..Document::default() };
    Layer { origin, trusted: origin != Origin::Repository, path: String::new(), document }
}

fn trusted(mut layer: Layer) -> Layer {
    layer.trusted = true;
    layer
}

fn decide(reading: &Reading, layers: impl IntoIterator<Item = Layer>) -> Decision {
    judge(reading, &Policy { layers: layers.into_iter().collect() }, &setting()).decision
}

fn setting() -> Setting {
    Setting {
        directory: "/home/ann/app/src".into(),
        homes: vec!["/home/ann".into()],
        user: "ann".into(),
        repository: Some("/home/ann/app".into()),
        branch: Some("main".into()),
        ..Setting::default()
    }
}

fn all(decision: Decision) -> Statement {
    say("all", decision, Condition::default())
}

fn rule(pattern: &str) -> Condition {
    Condition { rule: vec![pattern.into()], ..Condition::default() }
}

fn name(pattern: &str) -> Condition {
    Condition { name: vec![pattern.into()], ..Condition::default() }
}

#[test]
fn without_any_policy_the_irreversible_is_held_and_the_recoverable_allowed() {
    assert_eq!(decide(&read([drop_table()]), []), Decision::Hold);
    assert_eq!(decide(&read([clean_file()]), []), Decision::Allow);
    assert_eq!(decide(&read([]), []), Decision::Allow);
}

#[test]
fn a_script_is_judged_as_its_worst_action_and_that_is_told_first() {
    let verdict = judge(&read([clean_file(), drop_table()]), &Policy::default(), &setting());
    assert_eq!(verdict.decision, Decision::Hold);
    assert_eq!(verdict.findings[0].action.rule, "sql.table.drop");
    assert_eq!(verdict.findings[0].statement, "default: irreversible");
    assert_eq!(verdict.rules(), ["sql.table.drop"]);
}

#[test]
fn within_one_layer_the_strictest_statement_wins_whatever_the_order() {
    let one = layer(Origin::User, [all(Decision::Allow), say("no", Decision::Deny, rule("sql.*"))]);
    let other = layer(Origin::User, [say("no", Decision::Deny, rule("sql.*")), all(Decision::Allow)]);
    assert_eq!(decide(&read([drop_table()]), [one]), Decision::Deny);
    assert_eq!(decide(&read([drop_table()]), [other]), Decision::Deny);
}

#[test]
fn a_nearer_layer_that_is_trusted_may_loosen() {
    let user = layer(Origin::User, [all(Decision::Deny)]);
    let repository = trusted(layer(Origin::Repository, [say("mine", Decision::Allow, rule("sql.table.*"))]));
    assert_eq!(decide(&read([drop_table()]), [user, repository]), Decision::Allow);
}

#[test]
fn a_repository_that_is_not_trusted_may_tighten_but_not_loosen() {
    let loose = layer(Origin::Repository, [all(Decision::Allow)]);
    assert_eq!(decide(&read([drop_table()]), [loose]), Decision::Hold);
    let tight = layer(Origin::Repository, [all(Decision::Deny)]);
    assert_eq!(decide(&read([clean_file()]), [tight]), Decision::Deny);
}

#[test]
fn what_the_system_denies_nobody_below_allows() {
    let system = layer(Origin::System, [say("no-drop", Decision::Deny, rule("sql.table.drop"))]);
    let user = layer(Origin::User, [all(Decision::Allow)]);
    let repository = trusted(layer(Origin::Repository, [all(Decision::Allow)]));
    let layers = [system, user, repository];
    let verdict = judge(&read([drop_table()]), &Policy { layers: layers.into() }, &setting());
    assert_eq!(verdict.decision, Decision::Deny);
    assert_eq!(verdict.findings[0].statement, "system: no-drop");
}

#[test]
fn a_hold_of_the_system_may_be_loosened_by_the_user() {
    let system = layer(Origin::System, [all(Decision::Hold)]);
    let user = layer(Origin::User, [all(Decision::Allow)]);
    assert_eq!(decide(&read([drop_table()]), [system, user]), Decision::Allow);
}

#[test]
fn observing_records_what_would_have_been() {
    let policy = Policy { layers: vec![profile(Origin::User, Profile::Observe)] };
    let verdict = judge(&read([drop_table()]), &policy, &setting());
    assert_eq!((verdict.decision, verdict.observed), (Decision::Allow, Some(Decision::Hold)));
    assert_eq!(profile_of(&policy), Profile::Observe);
    assert_eq!(verdict.rules(), ["sql.table.drop"]);
}

#[test]
fn a_repository_that_is_not_trusted_cannot_ask_to_observe() {
    let repository = profile(Origin::Repository, Profile::Observe);
    assert_eq!(decide(&read([drop_table()]), [repository.clone()]), Decision::Hold);
    let user = profile(Origin::User, Profile::Strict);
    let policy = Policy { layers: vec![user, repository] };
    assert_eq!(profile_of(&policy), Profile::Strict);
}

#[test]
fn a_denial_of_the_system_stands_under_a_user_who_observes() {
    let system = layer(Origin::System, [say("no-drop", Decision::Deny, rule("sql.*"))]);
    let user = profile(Origin::User, Profile::Observe);
    assert_eq!(decide(&read([drop_table()]), [system, user]), Decision::Deny);
}

#[test]
fn taking_holdpoint_down_is_denied_and_only_the_system_may_allow_it() {
    let mut tamper = act("holdpoint.state.write", Verb::Disable, Reach::Home, Reversal::Never);
    tamper.resource = "holdpoint".into();
    let reading = read([tamper]);
    assert_eq!(decide(&reading, []), Decision::Deny);
    assert_eq!(decide(&reading, [layer(Origin::User, [all(Decision::Allow)])]), Decision::Deny);
    assert_eq!(decide(&reading, [profile(Origin::System, Profile::Observe)]), Decision::Deny);
    assert_eq!(decide(&reading, [layer(Origin::System, [all(Decision::Allow)])]), Decision::Allow);
}

#[test]
fn strict_holds_what_was_not_seen_whole() {
    let reading = Reading { seen_whole: false, ..read([clean_file()]) };
    assert_eq!(decide(&reading, []), Decision::Allow);
    assert_eq!(decide(&reading, [profile(Origin::User, Profile::Strict)]), Decision::Hold);
}

#[test]
fn a_permission_by_name_covers_everything_that_is_hit_or_nothing() {
    let user = || [layer(Origin::User, [say("scratch", Decision::Allow, name("./scratch/*"))])];
    let mut action = act("files.file.delete", Verb::Delete, Reach::Repo, Reversal::Never);
    action.names = vec!["/home/ann/app/scratch/a".into(), "../scratch/b".into()];
    assert_eq!(decide(&read([action.clone()]), user()), Decision::Allow);
    action.names.push("/home/ann/app/src".into());
    assert_eq!(decide(&read([action.clone()]), user()), Decision::Hold);
    action.names = vec!["/home/ann/app/scratch/../src".into()];
    assert_eq!(decide(&read([action.clone()]), user()), Decision::Hold);
    action.names.clear();
    assert_eq!(decide(&read([action]), user()), Decision::Hold);
}

#[test]
fn for_a_prohibition_by_name_one_hit_is_enough_and_an_unknown_name_is_held() {
    let user = || [layer(Origin::User, [say("notes", Decision::Deny, name("~/notes*"))])];
    let mut action = clean_file();
    action.names = vec!["/tmp/a".into(), "../../notes/today".into()];
    assert_eq!(decide(&read([action.clone()]), user()), Decision::Deny);
    action.names.clear();
    assert_eq!(decide(&read([action]), user()), Decision::Hold);
}

#[test]
fn a_statement_about_a_branch_holds_when_the_branch_is_not_known() {
    let when = Condition { branch: vec!["release/*".into()], ..Condition::default() };
    let policy = Policy { layers: vec![layer(Origin::User, [say("release", Decision::Deny, when)])] };
    let reading = read([clean_file()]);
    assert_eq!(judge(&reading, &policy, &setting()).decision, Decision::Allow);
    let on_release = Setting { branch: Some("release/2".into()), ..setting() };
    assert_eq!(judge(&reading, &policy, &on_release).decision, Decision::Deny);
    let detached = Setting { branch: None, ..setting() };
    assert_eq!(judge(&reading, &policy, &detached).decision, Decision::Hold);
    let outside = Setting { branch: None, repository: None, ..setting() };
    assert_eq!(judge(&reading, &policy, &outside).decision, Decision::Allow);
}

#[test]
fn a_statement_that_only_may_apply_does_not_loosen_an_earlier_denial() {
    let user = layer(Origin::User, [all(Decision::Deny)]);
    let when = Condition { branch: vec!["x".into()], ..Condition::default() };
    let repository = trusted(layer(Origin::Repository, [say("x", Decision::Hold, when)]));
    let policy = Policy { layers: vec![user, repository] };
    let detached = Setting { branch: None, ..setting() };
    assert_eq!(judge(&read([clean_file()]), &policy, &detached).decision, Decision::Deny);
}

#[test]
fn a_digest_binds_text_place_user_and_effects() {
    let reading = read([drop_table()]);
    let facts = Facts::default();
    let own = digest(&reading, &facts, "psql -c 'drop table users'", "/srv", "ann");
    assert_eq!(own.len(), 64);
    assert_eq!(own, digest(&reading, &facts, "psql -c 'drop table users'", "/srv", "ann"));
    let mut renamed = drop_table();
    renamed.names = vec!["user".into(), "s".into()];
    let others = [
        digest(&reading, &facts, "psql -c 'drop table user'", "/srv", "ann"),
        digest(&reading, &facts, "psql -c 'drop table users'", "/sr", "vann"),
        digest(&reading, &facts, "psql -c 'drop table users'", "/srv", "bob"),
        digest(&read([renamed]), &facts, "psql -c 'drop table users'", "/srv", "ann"),
        digest(&read([drop_table(), drop_table()]), &facts, "psql -c 'drop table users'", "/srv", "ann"),
    ];
    assert!(others.iter().all(|other| *other != own));
}

#[test]
fn a_digest_binds_the_texts_that_were_read() {
    let mut reading = read([drop_table()]);
    reading.consulted.push("/srv/x.sql".to_owned());
    let of = |text: &str| {
        let mut facts = Facts::default();
        facts.files.insert("/srv/x.sql".to_owned(), FileFact::Text(text.to_owned()));
        digest(&reading, &facts, "psql -f x.sql", "/srv", "ann")
    };
    assert_eq!(of("drop table users"), of("drop table users"));
    assert_ne!(of("drop table users"), of("drop table users; select 1"));
    assert_ne!(of("drop table users"), digest(&reading, &Facts::default(), "psql -f x.sql", "/srv", "ann"));
}

#[test]
fn a_grant_for_another_digest_releases_nothing_and_a_denial_is_never_released() {
    let grant = Grant { digest: "a".into(), channel: "terminal".into(), by: "ann".into() };
    let held = judge(&read([drop_table()]), &Policy::default(), &setting());
    assert!(held.permit().is_none());
    assert!(held.release("b", &grant).is_none());
    assert!(held.release("a", &grant).is_some());
    let policy = Policy { layers: vec![layer(Origin::User, [all(Decision::Deny)])] };
    assert!(judge(&read([drop_table()]), &policy, &setting()).release("a", &grant).is_none());
}

fn typed(actions: impl IntoIterator<Item = Action>) -> Option<String> {
    must_type(&judge(&read(actions), &Policy::default(), &setting()))
}

#[test]
fn the_name_of_what_reaches_farthest_must_be_typed() {
    let mut home = act("files.tree.delete", Verb::Delete, Reach::Home, Reversal::Never);
    home.names = vec!["/home/ann/photos".into()];
    let mut volume = act("railway.volume.delete", Verb::Destroy, Reach::Environment, Reversal::Never);
    volume.names = vec!["vol_1".into(), "vol_2".into()];
    assert_eq!(typed([drop_table()]), None);
    assert_eq!(typed([home.clone()]).as_deref(), Some("/home/ann/photos"));
    assert_eq!(typed([home, volume.clone()]).as_deref(), Some("vol_1"));
    volume.names.clear();
    assert_eq!(typed([volume]).as_deref(), Some(""), "a name is asked for though none is known");
}

#[test]
fn the_person_is_told_what_is_lost_how_much_and_whether_it_comes_back() {
    use holdpoint::decide::action::PathFact;
    let mut action = act("files.tree.delete", Verb::Delete, Reach::Home, Reversal::Never);
    action.names = vec!["/home/ann/a".into(), "/home/ann/b\u{202E}".into()];
    action.span = Span { start: 8, end: 14 };
    let mut facts = Facts::default();
    let known = PathFact { files: Some(1204), bytes: Some(19_200_000), ..PathFact::default() };
    facts.paths.insert("/home/ann/a".into(), known);
    let verdict = judge(&read([action]), &Policy::default(), &setting());
    let lines: Vec<String> =
        explain::for_person(&verdict, "true && rm ~/* \x1b[2J", &facts).iter().map(ToString::to_string).collect();
    assert!(lines.contains(&"command: true && rm ~/* ⟨001B⟩[2J".to_owned()), "{lines:?}");
    assert!(lines.contains(&"at: rm ~/*".to_owned()), "{lines:?}");
    assert!(lines.contains(&"how much: 2 names, at least 1204 files, at least 18.3 MiB".to_owned()), "{lines:?}");
    assert!(lines.contains(&"comes back: no".to_owned()), "{lines:?}");
    assert!(lines.iter().all(|l| !l.contains('\u{202E}')), "{lines:?}");
}

#[test]
fn a_variable_that_is_no_text_is_unknown_and_not_unset() {
    use holdpoint::decide::action::{self, Facts, Rules};
    let script = holdpoint::decide::syntax::shell::read("rm -rf \"$KEPT\"");
    let decide = |setting: &Setting| {
        let reading = action::read(&script, setting, &Facts::default(), Rules::default());
        judge(&reading, &Policy::default(), setting).decision
    };
    let set = Setting { environment: [("KEPT".to_owned(), "/tmp/y".to_owned())].into(), ..setting() };
    assert_eq!(decide(&set), Decision::Allow);
    let kept = Setting { unreadable: ["KEPT".to_owned()].into(), ..setting() };
    assert_eq!(decide(&kept), Decision::Hold);
}

// What holds for every policy and every reading.

fn any_verb() -> impl Strategy<Value = Verb> {
    prop::sample::select(vec![
        Verb::Delete,
        Verb::RewriteHistory,
        Verb::Drop,
        Verb::Stop,
        Verb::ReadSecret,
        Verb::RunUnseen,
        Verb::Disable,
    ])
}

fn any_reach() -> impl Strategy<Value = Reach> {
    prop::sample::select(vec![Reach::File, Reach::Repo, Reach::Home, Reach::Service, Reach::Account])
}

fn any_reversal() -> impl Strategy<Value = Reversal> {
    prop::sample::select(vec![
        Reversal::Regenerable,
        Reversal::History,
        Reversal::Snapshot,
        Reversal::Remote,
        Reversal::Never,
    ])
}

fn any_decision() -> impl Strategy<Value = Decision> {
    prop::sample::select(vec![Decision::Allow, Decision::Hold, Decision::Deny])
}

prop_compose! {
    fn any_action()(
        verb in any_verb(),
        reach in any_reach(),
        reversal in any_reversal(),
        resource in prop::sample::select(vec!["table", "holdpoint", "file"]),
        rule in prop::sample::select(vec!["a.b.c", "a.b.d", "x.y.z"]),
        names in prop::collection::vec(prop::sample::select(vec!["a", "b", "../c", "*"]), 0..3),
    ) -> Action {
        let names = names.into_iter().map(str::to_owned).collect();
        Action { resource: resource.into(), names, ..act(rule, verb, reach, reversal) }
    }
}

prop_compose! {
    fn any_reading()(actions in prop::collection::vec(any_action(), 0..5), seen_whole in any::<bool>()) -> Reading {
        Reading { seen_whole, ..read(actions) }
    }
}

prop_compose! {
    fn any_statement()(
        decision in any_decision(),
        rule in prop::collection::vec(prop::sample::select(vec!["a.*", "*.z", "a.b.c"]), 0..2),
        verb in prop::collection::vec(any_verb(), 0..2),
        reach in prop::collection::vec(any_reach(), 0..2),
        name in prop::collection::vec(prop::sample::select(vec!["a", "*", "./c", "[ab]"]), 0..2),
        branch in prop::collection::vec(prop::sample::select(vec!["main", "x"]), 0..2),
    ) -> Statement {
        let own = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
        let when = Condition { rule: own(rule), verb, reach, name: own(name), branch: own(branch), ..Condition::default() };
        say("s", decision, when)
    }
}

prop_compose! {
    fn any_layer()(
        origin in prop::sample::select(vec![Origin::System, Origin::User, Origin::Repository]),
        trust in any::<bool>(),
        profile in prop::option::of(prop::sample::select(vec![Profile::Observe, Profile::Default, Profile::Strict])),
        statements in prop::collection::vec(any_statement(), 0..4),
    ) -> Layer {
        let document = Document { profile, statements, ..Document::default() };
        Layer { origin, trusted: trust || origin != Origin::Repository, path: String::new(), document }
    }
}

prop_compose! {
    fn any_policy()(mut layers in prop::collection::vec(any_layer(), 0..4)) -> Policy {
        layers.sort_by_key(|layer| layer.origin);
        Policy { layers }
    }
}

prop_compose! {
    fn any_setting()(
        branch in prop::option::of(prop::sample::select(vec!["main", "x"])),
        inside in any::<bool>(),
    ) -> Setting {
        let repository = inside.then(|| "/home/ann/app".to_owned());
        Setting { branch: branch.filter(|_| inside).map(str::to_owned), repository, ..setting() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_layer_that_is_not_trusted_never_lowers_a_verdict(
        reading in any_reading(), policy in any_policy(), added in any_layer(), place in 0_usize..5, setting in any_setting(),
    ) {
        let before = judge(&reading, &policy, &setting);
        let mut layers = policy.layers;
        layers.insert(place.min(layers.len()), Layer { origin: Origin::Repository, trusted: false, ..added });
        let after = judge(&reading, &Policy { layers }, &setting);
        prop_assert!(after.decision >= before.decision, "{:?} became {:?}", before, after);
    }

    #[test]
    fn the_verdict_of_two_readings_is_the_stricter_of_both(
        one in any_reading(), other in any_reading(), policy in any_policy(), setting in any_setting(),
    ) {
        let both = Reading {
            seen_whole: one.seen_whole && other.seen_whole,
            ..read(one.actions.iter().chain(&other.actions).cloned())
        };
        let (first, second) = (judge(&one, &policy, &setting), judge(&other, &policy, &setting));
        let joined = judge(&both, &policy, &setting);
        prop_assert_eq!(joined.decision, first.decision.max(second.decision));
        prop_assert_eq!(joined.observed, first.observed.max(second.observed));
    }

    #[test]
    fn observing_changes_nothing_but_the_decision(
        reading in any_reading(), policy in any_policy(), setting in any_setting(),
    ) {
        let mut layers = policy.layers;
        layers.iter_mut().filter(|l| l.document.profile == Some(Profile::Observe)).for_each(|l| l.document.profile = None);
        let before = judge(&reading, &Policy { layers: layers.clone() }, &setting);
        layers.push(trusted(profile(Origin::Repository, Profile::Observe)));
        let after = judge(&reading, &Policy { layers }, &setting);
        prop_assert_eq!(after.observed, Some(before.decision));
        prop_assert_eq!(after.findings, before.findings);
        prop_assert!(after.decision <= before.decision);
        prop_assert_ne!(after.decision, Decision::Hold);
    }

    #[test]
    fn strict_is_never_milder_than_default(
        reading in any_reading(), statements in prop::collection::vec(any_statement(), 0..3), setting in any_setting(),
    ) {
        let with = |asked| Policy { layers: vec![profile(Origin::System, asked), layer(Origin::User, statements.clone())] };
        let (mild, strict) = (judge(&reading, &with(Profile::Default), &setting), judge(&reading, &with(Profile::Strict), &setting));
        prop_assert!(strict.decision >= mild.decision);
    }

    #[test]
    fn no_layer_below_lowers_a_denial_of_the_system(
        reading in any_reading(), below in prop::collection::vec(any_layer(), 0..4), setting in any_setting(),
    ) {
        prop_assume!(!reading.actions.is_empty());
        let mut layers = vec![layer(Origin::System, [all(Decision::Deny)])];
        layers.extend(below.into_iter().filter(|l| l.origin != Origin::System));
        prop_assert_eq!(judge(&reading, &Policy { layers }, &setting).decision, Decision::Deny);
    }
}
