//! Text that is meant to exhaust the judge, or to be read by a person as something else, before the judge.
//!
//! Time is not measured here, for a machine under load would fail the test; but what grows without end does not come to an end
//! at all, and what overflows the stack ends the test.

mod court;

use court::judge;
use holdpoint::decide::action::{self, Facts, Rules, Setting};
use holdpoint::decide::policy::Decision;
use holdpoint::decide::syntax::shell;

fn is_stopped(text: &str) -> bool {
    judge(text).decision > Decision::Allow
}

#[test]
fn nests_of_any_depth_are_held() {
    for (open, close) in [
        ("$(", ")"),
        ("( ", ")"),
        ("(", ")"),
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

/// bash computes what stands in two parentheses; dash and busybox run it in two subshells.
#[test]
fn what_is_no_arithmetic_is_judged_as_commands_too() {
    for text in [
        "((rm -rf /))",
        "((((rm -rf /))))",
        "(((rm -rf src)))",
        "if ((rm -rf src)); then :; fi",
        "((cd / && rm -rf *))",
    ] {
        assert!(is_stopped(text), "{text}");
        assert!(is_stopped(&format!("sh -c '{text}'")), "{text}");
    }
    for text in
        ["((i++))", "(( a > b )) && echo more", "while ((i < 10)); do ((i += 2)); done", "((x = y[i - 1] << 2, z--))"]
    {
        assert_eq!(judge(text).decision, Decision::Allow, "{text}");
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
        format!("{}rm -rf /", "cd a; ".repeat(8_000)),
        format!("ls {}; rm -rf /", each(6_000, |at| format!("> f{at} "))),
        format!("{}rm -rf /", each(3_000, |at| format!("cp a{at} a{at}b; "))),
        format!("{}rm -rf /", each(3_000, |at| format!("mv a{at} b{at}; "))),
        format!("{}rm -rf /", each(2_000, |at| format!("alias a{at}=b; a{at}; "))),
        format!("{}rm -rf /", each(2_000, |at| format!("a{at}=1; (b=1); "))),
        format!("sed {} f; rm -rf /", "-e s/a/b/e ".repeat(4_000)),
        format!("vim {}; rm -rf /", "-c '!ls' ".repeat(5_000)),
        format!("cat {}/etc/shadow; rm -rf /", "/proc/1/root".repeat(5_000)),
        format!("python3 -c '{}'; rm -rf /", each(2_000, |at| format!("if a:\n x = {at}\n"))),
        format!("node -e 'a{}'; rm -rf /", ".then(x)".repeat(6_000)),
        format!("x=a; {}eval \"$x\"; rm -rf /", "x=\"$x;$x\"; ".repeat(30)),
        format!("psql -c '{}drop table x'", "select 1;".repeat(6_000)),
        "a".repeat(1 << 20),
        format!("rm -rf /{}", "a".repeat(1 << 20)),
    ] {
        assert!(is_stopped(&text), "{:.60}", text);
    }
}

fn each(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

/// What a text costs grows with its length and not with its square: whoever writes twice as much is followed half as far.
#[test]
fn twice_the_text_costs_twice_the_steps() {
    let pieces = [
        ":;",
        "a=1;",
        "a=$b;",
        "cat |",
        "true &&",
        "true ||",
        "x=1 ||",
        "(x=1);",
        "rm x;",
        "rm $x;",
        "> x",
        "x ",
        "x=$(y);",
        "cat <<E\nx\nE\n",
        "mkdir a; rm -rf a;",
        "export a=1;",
        "cd x;",
        "f() { x; };",
        "[[ a ]];",
        "((a));",
        "echo {a,b};",
        "psql -c 'drop table a';",
        "curl x;",
        "for a in b; do c; done;",
        "if a; then b; else c; fi;",
        "case a in b) c;; esac;",
        "sudo x;",
        "bash -c x;",
        "eval x;",
        "a+=(b);",
        "mv a b;",
        "cp a b;",
        "alias a=b;",
        "git push;",
        "sed -e s/a/b/ f;",
        "python3 -c 'f(1)';",
        "echo bHM= | base64 -d | sh;",
        "cat <<< x;",
        "local a=1;",
    ];
    for piece in pieces {
        let steps = |count: usize| steps_of(&format!("{}:", piece.repeat(count)));
        let (once, twice) = (steps(100), steps(200));
        assert!(once > 50 && twice <= 2 * once + 50, "{piece}: {once} and {twice} steps");
    }
}

fn steps_of(text: &str) -> u32 {
    let setting = Setting { directory: "/home/ann/shop".to_owned(), ..Setting::default() };
    action::read(&shell::read(text), &setting, &Facts::default(), Rules::default()).steps
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
fn a_function_that_calls_itself_is_followed_as_far_as_there_is_something_to_learn() {
    for text in [
        "down() { if [ $1 -gt 0 ]; then echo $1; down $(($1 - 1)); fi; }; down 5",
        "walk() { for f in \"$1\"/*; do [ -d \"$f\" ] && walk \"$f\"; echo \"$f\"; done; }; walk .",
    ] {
        assert_eq!(judge(text).decision, Decision::Allow, "{text}");
    }
    for text in [
        ":(){ :|:& };:",
        "f() { f; }; f",
        "f() { [ -e x ] && f & }; f",
        "f() { [ $1 ] && rm -rf \"$5\"; [ $1 ] && f $2 $3 $4 $5 $1; }; f src a b c d",
        "f() { e=$d; d=$c; c=$b; b=$a; a=src; [ $1 ] && rm -rf \"$e\"; [ $1 ] && f; }; f",
        "f() { [ $1 ] && cd ..; [ $1 ] && rm -rf shop; [ $1 ] && f; }; f",
        "f() { [ $1 ] && sh x; echo \"$t\" > x; t=\"$u\"; u='rm -rf src'; [ $1 ] && f; }; f",
    ] {
        assert!(is_stopped(text), "{text}");
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

/// An assignment splits nothing: the second line is no operand of the first.
#[test]
fn the_lines_of_a_text_that_is_kept_in_a_variable_are_lines() {
    for text in [
        "f=$(printf 'echo a\\nrm -rf src\\n'); eval \"$f\"",
        "f=$(cat <<'E'\necho a\nrm -rf src\nE\n)\neval \"$f\"",
        "f=$(cat <<'E'\necho a\nrm -rf src\nE\n)\ng=$f; bash -c \"$g\"",
        "f=${x:-$(printf 'echo a\\nrm -rf src')}; eval \"$f\"",
    ] {
        assert!(is_stopped(text), "{text}");
    }
    let harmless = "f=$(cat <<'E'\nA=1\nw () {\n\techo \"$*\" >&2\n}\nE\n)\neval \"$f\"; w a";
    assert_eq!(judge(harmless).decision, Decision::Allow);
}

#[test]
fn what_goes_through_another_descriptor_and_is_run_is_held() {
    for text in [
        "exec 3> x.sh; echo 'rm -rf src' >&3; sh x.sh",
        "exec > x.sh; echo 'rm -rf src'; sh x.sh",
        "coproc sh; echo 'rm -rf src' >&\"${COPROC[1]}\"",
        "coproc RUN { bash; }; echo 'rm -rf src' >&\"${RUN[1]}\"",
    ] {
        assert!(is_stopped(text), "{text}");
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
        "echo ${NAME:-not set}",
        "[[ $line =~ ^(a b|c) ]] && echo found",
    ] {
        assert_eq!(judge(text).decision, Decision::Allow, "{text:?}");
    }
}
