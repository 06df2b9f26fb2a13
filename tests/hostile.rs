//! Text that is meant to exhaust the judge, or to be read by a person as something else, before the judge.
//!
//! Time is not measured here, for a machine under load would fail the test; but what grows without end does not come to an end
//! at all, and what overflows the stack ends the test.

mod court;

use court::judge;
use holdpoint::decide::policy::Decision;

fn is_stopped(text: &str) -> bool {
    judge(text).decision > Decision::Allow
}

#[test]
fn nests_of_any_depth_are_held() {
    for (open, close) in [
        ("$(", ")"),
        ("( ", ")"),
        ("{ ", "; }"),
        ("`", "`"),
        ("${x:-", "}"),
        ("<(", ")"),
        ("\"$(", ")\""),
        ("$((", "))"),
        ("if ", "; then :; fi"),
        ("eval ", ""),
        ("sudo ", ""),
        ("env nice nohup timeout 1 ", ""),
        ("ssh host ", ""),
    ] {
        for count in [200, 1_000, 100_000] {
            let text = format!("{}rm -rf /{}", open.repeat(count), close.repeat(count));
            assert!(is_stopped(&text), "{count} times {open}, closed");
            assert!(is_stopped(&format!("{}rm -rf /", open.repeat(count))), "{count} times {open}, open");
        }
    }
}

#[test]
fn a_command_behind_much_that_is_harmless_is_held() {
    let assignments: Vec<String> = (0..12_000).map(|at| format!("a{at}=1")).collect();
    for text in [
        format!("{} rm -rf /", assignments.join(" ")),
        format!("{}; rm -rf /", assignments.join(";")),
        format!("{}rm -rf /", "true;".repeat(20_000)),
        format!("{}rm -rf /", "true && ".repeat(8_000)),
        format!("{}rm -rf /", "cat <<E\nx\nE\n".repeat(5_000)),
        format!("{}sh <<< 'rm -rf /'", "cat | ".repeat(9_000)),
        format!("a=({}); rm -rf /", "x ".repeat(25_000)),
        format!("exec {}; rm -rf /", "3>&1 ".repeat(10_000)),
        format!("rm -rf / {}", "> x ".repeat(10_000)),
        format!("mkdir {}; rm -rf {} /", "a ".repeat(20_000), "a ".repeat(5_000)),
        format!("cat {}; rm -rf /", "~/.*/*/*/* ".repeat(3_000)),
        format!("echo {}| xargs rm -rf", "a ".repeat(20_000)),
        format!("psql -c '{}drop table x'", "select 1;".repeat(6_000)),
        "a".repeat(1 << 20),
        format!("rm -rf /{}", "a".repeat(1 << 20)),
    ] {
        assert!(is_stopped(&text), "{:.60}", text);
    }
}

/// Each of these would fill all memory, if it were followed.
#[test]
fn what_doubles_without_end_is_held() {
    for text in [
        format!("a=xxxxxxxx; {}rm -rf /", "a=$a$a; ".repeat(60)),
        format!("a=x; {}rm -rf /", "a=\"$a$a$a$a\"; ".repeat(60)),
        format!("a=x; {}rm -rf /", "a=$(echo $a $a); ".repeat(60)),
        format!("x=a; {}rm -rf /", "x=${x//a/aa}; ".repeat(60)),
        format!("x={}; y=${{x//a/$x}}; z=${{y//a/$y}}; rm -rf /", "a".repeat(20_000)),
        format!("A=(x); {}rm -rf /", "A+=(\"${A[@]}\"); ".repeat(60)),
        format!("set -- x; {}rm -rf /", "set -- $@ $@; ".repeat(60)),
        "f() { f $* $*; }; f a; rm -rf /".to_owned(),
        "f() { f; f; }; f; rm -rf /".to_owned(),
        format!("{}rm -rf /", "for a in 1 2 3 4 5 6 7 8 9; do ".repeat(20) + ":;" + &"done;".repeat(20)),
        "rm -rf {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}/".to_owned(),
        "rm -rf /{1..99999999}".to_owned(),
        "alias a='b b' b='a a'; a; rm -rf /".to_owned(),
    ] {
        assert!(is_stopped(&text), "{:.60}", text);
    }
}

#[test]
fn characters_that_do_not_show_are_held() {
    for text in [
        "rm\t-rf\u{b}/",
        "\u{1b}[2Krm -rf /",
        "\u{1b}[2K/bin/true",
        "rm -rf / \u{1b}[8m",
        "\u{202e}rm -rf /",
        "ls \u{202e}/ fr- mr",
        "r\u{200b}m -rf /",
        "rm\u{a0}-rf\u{a0}/",
        "ls\u{8}\u{8}rm -rf /",
        "rm -rf /\r",
        "ls\r\nrm -rf /\r\n",
        "ls\u{c}-la",
    ] {
        assert!(is_stopped(text), "{text:?}");
    }
}

#[test]
fn what_people_write_in_their_languages_passes() {
    for text in [
        "echo größer",
        "ls 写真",
        "git commit -m 'ship it \u{1f680}\u{fe0f}'",
        "echo done \u{2714}\u{fe0f}",
        "grep -rn '\u{202e}' src",
        "printf '\u{1b}[1mbold\u{1b}[0m'",
        "ls\r\nls",
    ] {
        assert_eq!(judge(text).decision, Decision::Allow, "{text:?}");
    }
}
