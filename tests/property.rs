//! Properties of the judge that hold for all commands.

mod court;

use court::judge;
use holdpoint::decide::action::{self, Facts, FileFact, Kept, Need, PathFact, Rules};
use holdpoint::decide::policy::Decision;
use holdpoint::decide::syntax::shell;
use proptest::prelude::*;

/// Commands of every decision and form.
const COMMANDS: &[&str] = &[
    "ls -la",
    "git status",
    "rm -rf src",
    "rm -rf /tmp/x",
    "sqlite3 a.db 'drop table t'",
    "curl -X DELETE https://api.example.com/v1/x",
    "echo rm -rf src",
    "cat notes.txt | grep x > /dev/null",
    "X=rm; $X -rf src",
    "for f in a b; do shred $f; done",
    "if true; then rm -rf lib; fi",
    "cat <<EOF\nrm -rf src\nEOF\n",
    "$(echo rm) -rf src",
    "bash <<'EOF'\nrm -rf src\nEOF\n",
    "echo $((1+1)) \"$HOME\" ~ {a,b}",
    "truncate -s 0 a.db",
    "unknown-tool --flag value",
    "(cd lib && rm -rf x)",
    "f() { rm -rf src; }; f",
    "unclosed ' quote",
];

/// Wrappers around a text, each with `@` where the text stands, quoted as one word.
const AROUND_TEXT: &[&str] = &[
    "bash -c @",
    "sh -lc @",
    "eval @",
    "sudo bash -c @",
    "env A=1 bash -c @",
    "timeout 5 sh -c @",
    "nohup bash -c @",
    "ssh host @",
    "watch @",
    "echo @ | sh",
    "bash <<< @",
    "docker exec web sh -c @",
    "xargs -I{} bash -c @",
    "nice -n 5 bash -c @",
    "find . -exec sh -c @ \\;",
    "bash -c 'eval \"$1\"' name @",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_wrapper_never_lowers_a_verdict(
        command in prop::sample::select(COMMANDS),
        wrappers in prop::collection::vec(prop::sample::select(AROUND_TEXT), 1..3),
    ) {
        let bare = judge(command).decision;
        let mut text = command.to_owned();
        for wrapper in &wrappers {
            text = wrapper.replace('@', &shell_words::quote(&text));
        }
        let wrapped = judge(&text).decision;
        // What goes to another machine's temporary directory is as harmless there as here.
        prop_assert!(wrapped >= bare, "{bare:?} became {wrapped:?}: {text}");
    }

    #[test]
    fn a_list_is_as_strict_as_its_strictest_part(
        parts in prop::collection::vec(prop::sample::select(COMMANDS), 1..4),
    ) {
        let plain: Vec<&str> = parts.into_iter().filter(|part| !part.contains("unclosed")).collect();
        let strictest = plain.iter().map(|part| judge(part).decision).max().unwrap_or(Decision::Allow);
        let list = judge(&plain.join("\n")).decision;
        prop_assert_eq!(list, strictest, "{}", plain.join("\n"));
    }

    #[test]
    fn any_text_is_judged(text in "\\PC{0,80}") {
        let _ = judge(&text).decision;
    }

    #[test]
    fn any_soup_of_shell_is_judged(words in prop::collection::vec(prop::sample::select(&[
        "rm", "-rf", "/", "$(", ")", "`", "'", "\"", "|", "&&", ";", "{", "}", "(", "<<EOF", "\n", "EOF", "if", "then", "fi",
        "$x", "${x:-", "for", "do", "done", "case", "in", "esac", "[[", "]]", "((", "))", ">", "<(", "\\", "sudo", "bash -c",
        "x=1", "function f", "eval", "xargs", "~", "{a,b}", "*", "#", "curl", "-d", "psql -c", "sqlite3 a",
    ][..]), 0..40)) {
        let _ = judge(&words.join(" ")).decision;
    }
}

/// Commands that ask for files, paths and more, one thing leading to another.
const ASKING: &[&str] = &[
    "sh a.sh",
    "make all",
    "rm -rf target no-such",
    "mkdir x && rm -rf x",
    "git st",
    "git reset --hard",
    "cp a.sh b.sh; sh b.sh",
    "python3 a.py < notes.txt",
    "npm run build",
    "mv a.txt lib-dir",
];

proptest! {
    #[test]
    fn a_script_that_is_read_again_with_what_was_found_out_says_the_same(
        commands in prop::collection::vec(prop::sample::select(ASKING), 1..4),
    ) {
        let script = shell::read(&commands.join("; "));
        let setting = court::setting();
        let mut facts = Facts::default();
        let mut asked = Vec::new();
        let mut find_out = |need: &Need, facts: &mut Facts| {
            asked.push(need.clone());
            match need {
                Need::File(path) if path.ends_with("a.sh") => {
                    facts.files.insert(path.clone(), FileFact::Text(". ./c.sh; rm -rf out".to_owned()));
                }
                Need::File(path) => drop(facts.files.insert(path.clone(), FileFact::Missing)),
                Need::Path(path) => drop(facts.paths.insert(path.clone(), PathFact::default())),
                Need::GitConfig { directory, key } => {
                    facts.git_config.insert((directory.clone(), key.clone()), Some("!sh d.sh".to_owned()));
                }
                Need::CurrentContext(paths) => drop(facts.contexts.insert(paths.clone(), None)),
                Need::Keeping(kept) => drop(facts.kept.insert(kept.clone(), Kept::Unknown)),
            }
            true
        };
        let reading = action::read_asking(&script, &setting, &mut facts, Rules::default(), &mut find_out);
        prop_assert!(!asked.is_empty() && reading.needs.is_empty());
        prop_assert_eq!(&reading, &action::read(&script, &setting, &facts, Rules::default()));
        let times = |need: &Need| asked.iter().filter(|other| *other == need).count();
        prop_assert!(asked.iter().all(|need| times(need) == 1));
    }
}
