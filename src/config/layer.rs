//! One policy file: from YAML to a checked [`Document`], or a report of what is wrong with it.

use super::caret::{Fault, find_word, word_at};
use super::error::ConfigError;
use super::yaml;
use crate::decide::policy::{Document, Origin};
use std::collections::BTreeSet;

/// The form's version that this holdpoint reads.
pub const VERSION: u32 = 1;
/// The largest policy file, in bytes.
pub const LARGEST: u64 = 256 * 1024;
/// The longest a held command may be told to wait, in seconds: an hour.
const LONGEST_WAIT: u64 = 3600;
/// The longest life of a request or an unused yes, in seconds: thirty days.
const LONGEST_TTL: u64 = 30 * 86_400;

/// Reads and checks the text of a policy file.
///
/// # Errors
/// [`ConfigError::Broken`] with a report that has a caret under the fault and says what to do. Unknown keys
/// are faults too: a misspelt condition would otherwise silently widen a statement.
pub fn read_document(text: &str, path: &str, origin: Origin) -> Result<Document, ConfigError> {
    let broken = |fault: Fault| ConfigError::Broken(fault.report(text, path));
    let document = parse(text).map_err(broken)?;
    match find_fault(&document, text, origin) {
        None => Ok(document),
        Some(fault) => Err(broken(fault)),
    }
}

fn parse(text: &str) -> Result<Document, Fault> {
    // A file of comments alone is an empty policy; the deserializer would call it a wrong type.
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Document::default());
    }
    yaml::read(text, "docs/policy.md")
}

/// What the types cannot say.
fn find_fault(document: &Document, text: &str, origin: Origin) -> Option<Fault> {
    let checks = [check_version, check_ids, check_patterns, check_approval, check_paths];
    checks.iter().find_map(|check| check(document, text)).or_else(|| check_repository(document, text, origin))
}

/// A fault at the `nth` time that a word stands in the text, or at its start if it is written in another form.
fn fault_at(text: &str, word: &str, nth: usize, what: String, remedy: &str) -> Option<Fault> {
    let place = find_word(text, word, nth).unwrap_or_else(|| word_at(text, 0));
    Some(Fault::new(what, place, remedy))
}

fn check_version(document: &Document, text: &str) -> Option<Fault> {
    let version = document.version.filter(|version| *version != VERSION)?;
    let what = format!("version {version} of the policy form is not known");
    fault_at(text, "version", 0, what, "This holdpoint reads `version: 1`; a newer file needs a newer holdpoint.")
}

fn check_ids(document: &Document, text: &str) -> Option<Fault> {
    let mut seen = BTreeSet::new();
    for statement in &document.statements {
        let id = statement.id.as_str();
        let fits =
            !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        if !fits {
            let what = format!("`{id}` cannot name a statement");
            return fault_at(text, id, 0, what, "An id has up to 64 letters, digits, `-`, `_` and `.`.");
        }
        if !seen.insert(id) {
            let what = format!("two statements are named `{id}`");
            return fault_at(text, id, 1, what, "Give each statement an id of its own: the record refers to it.");
        }
    }
    None
}

fn check_patterns(document: &Document, text: &str) -> Option<Fault> {
    let statement = document.statements.iter().find(|statement| {
        let when = &statement.when;
        let lists = [&when.rule, &when.resource, &when.name, &when.branch, &when.user];
        lists.iter().any(|list| list.iter().any(String::is_empty))
    })?;
    let what = format!("statement `{}` has an empty pattern", statement.id);
    fault_at(text, &statement.id, 0, what, "An empty pattern matches nothing; leave the key out to match everything.")
}

fn check_approval(document: &Document, text: &str) -> Option<Fault> {
    let approval = &document.approval;
    if approval.wait.is_some_and(|wait| wait > LONGEST_WAIT) {
        return fault_at(
            text,
            "wait",
            0,
            "approval.wait is longer than an hour".into(),
            "Write at most `1h`; 0 does not wait.",
        );
    }
    if approval.ttl.is_some_and(|ttl| ttl == 0 || ttl > LONGEST_TTL) {
        return fault_at(
            text,
            "ttl",
            0,
            "approval.ttl is not between a second and 30 days".into(),
            "Write for instance `1h`.",
        );
    }
    None
}

fn check_paths(document: &Document, text: &str) -> Option<Fault> {
    let (name, path) = document.shells.iter().find(|(_, path)| !path.starts_with('/'))?;
    let what = format!("the shell {name} is not named by an absolute path");
    fault_at(text, path, 0, what, "Write the whole path, as in `bash: /usr/bin/bash`.")
}

fn check_repository(document: &Document, text: &str, origin: Origin) -> Option<Fault> {
    if origin != Origin::Repository || document.shells.is_empty() {
        return None;
    }
    let what = "a repository cannot name the shells to run".to_owned();
    fault_at(
        text,
        "shells",
        0,
        what,
        "Move `shells:` to ~/.config/holdpoint/policy.yaml or /etc/holdpoint/policy.yaml.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(text: &str) -> String {
        match read_document(text, "/r/policy.yaml", Origin::Repository) {
            Ok(document) => panic!("{text:?} was read as {document:?}"),
            Err(error) => error.to_string(),
        }
    }

    fn assert_fault(text: &str, place: &str, remedy: &str) {
        let report = report(text);
        assert!(report.contains(&format!("/r/policy.yaml:{place}\n")), "{report}");
        assert!(report.contains(remedy), "{report}");
        assert!(report.contains('^'), "{report}");
    }

    #[test]
    fn an_unknown_key_or_word_is_shown_with_the_nearest_known_one() {
        assert_fault("version: 1\nprofil: strict\n", "2:1", "Did you mean `profile`?");
        assert_fault("version: 1\nprofile: stric\n", "2:10", "Did you mean `strict`?");
        let one = "statements:\n  - id: a\n    decision: allow\n    when: { verb: [delete, rewrite-hist] }\n";
        assert_fault(one, "4:28", "Did you mean `rewrite-history`?");
        assert_fault("colour: red\n", "1:1", "What may stand here: version, profile, statements");
        let one = "statements:\n  - id: ä\n    decison: allow\n";
        assert_fault(one, "3:5", "Did you mean `decision`?");
    }

    #[test]
    fn yaml_that_cannot_be_read_is_shown_where_it_ends_to_make_sense() {
        assert_fault("version: 1\nprofile: [strict\n", "2:10", "");
        assert_fault("version: 1\n\tprofile: strict\n", "2:1", "");
        assert_fault("- a\n", "1:1", "");
        assert_fault("version: 1\n---\nversion: 1\n", "1:1", "");
    }

    #[test]
    fn a_version_that_is_not_known_is_refused() {
        assert_fault("# version\nversion: 2\n", "2:1", "This holdpoint reads `version: 1`");
        assert_fault("version: one\n", "1:10", "");
    }

    #[test]
    fn two_statements_of_one_name_are_refused_at_the_second() {
        let text = "statements:\n  - { id: a, decision: hold }\n  - { id: a, decision: deny }\n";
        assert_fault(text, "3:11", "id of its own");
        assert_fault("statements:\n  - { id: 'a b', decision: hold }\n", "2:12", "An id has up to 64");
    }

    #[test]
    fn a_condition_that_matches_nothing_or_everything_by_mistake_is_refused() {
        let text = "statements:\n  - id: a\n    decision: allow\n    when: { verb: [] }\n";
        assert_fault(text, "4:19", "");
        let text = "statements:\n  - id: a\n    decision: allow\n    when: { name: [''] }\n";
        assert_fault(text, "2:9", "leave the key out");
    }

    #[test]
    fn a_repository_names_no_shell() {
        assert_fault("shells: { bash: /tmp/sh }\n", "1:1", "Move `shells:`");
        let own = read_document("shells: { bash: /bin/bash }\n", "p", Origin::User).expect("the user may");
        assert_eq!(own.shells["bash"], "/bin/bash");
    }

    #[test]
    fn times_have_units_and_limits() {
        let read = |text| read_document(text, "p", Origin::User).map(|d| (d.approval.wait, d.approval.ttl));
        assert_eq!(read("approval: { wait: 5m, ttl: 1h }\n").ok(), Some((Some(300), Some(3600))));
        assert_eq!(read("approval: { wait: 0 }\n").ok(), Some((Some(0), None)));
        assert_fault("approval:\n  wait: 2h\n", "2:3", "at most `1h`");
        assert_fault("approval:\n  ttl: 0\n", "2:3", "");
        assert_fault("approval:\n  ttl: soon\n", "2:8", "100s");
    }

    #[test]
    fn a_word_may_stand_for_a_list_of_one_and_an_empty_file_says_nothing() {
        let text =
            "statements:\n  - id: a\n    decision: deny\n    when: { verb: drop, rule: 'sql.*', branch: [no] }\n";
        let when = read_document(text, "p", Origin::User).expect("read").statements.remove(0).when;
        assert_eq!((when.verb.len(), when.rule[0].as_str(), when.branch[0].as_str()), (1, "sql.*", "no"));
        assert_eq!(read_document("# nothing\n\n", "p", Origin::User).ok(), Some(Document::default()));
        assert_eq!(read_document("", "p", Origin::User).ok(), Some(Document::default()));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reading_fall_over(text in "[a-z:\\-\\[\\]{}#&*!|>'\"%@` \n\t\u{e9}\u{202e}]{0,60}") {
            let _ = read_document(&text, "p", Origin::Repository);
        }
    }
}
