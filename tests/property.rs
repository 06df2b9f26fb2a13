//! Properties of the judge that hold for all commands.

mod court;

use court::judge;
use holdpoint::decide::policy::Decision;
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
