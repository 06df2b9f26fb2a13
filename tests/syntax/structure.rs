//! The tree's shape: ours against what bash prints of what it has read.
//!
//! `bash --pretty-print` writes a script anew from its own tree. Read again, it must give the tree that the script gave.

use holdpoint::decide::syntax::{opacity, shell};

use crate::bash::Bash;
use crate::generate::Generator;

const SCRIPTS: &[&str] = &[
    "a",
    "a b c",
    "a; b",
    "a & b",
    "a && b || c && d",
    "a | b | c",
    "a |& b",
    "! a | b",
    "! a && b",
    "a && ! b | c",
    "{ a; b; }",
    "(a; b)",
    "( (a) )",
    "{ a; } && (b) || { c; } > f",
    "if a; then b; fi",
    "if a; then b; else c; fi",
    "if a; then b; elif c; then d; elif e; then f; else g; fi",
    "if (a) then { b; } fi",
    "while a; do b; done",
    "until a && b; do c; d; done < f",
    "for x in a b c; do d; done",
    "for x in a \"b c\" $d; do e $x; done > f",
    "for x in; do a; done",
    "for x in a; { b; }",
    "for ((i=0; i<3; i++))\ndo\n a\ndone",
    "select x in a b; do c; done",
    "case a in b) c ;; esac",
    "case $x in a | b) c ;; (d) e ;; *) f ;; esac",
    "case x in a) b ;& c) d ;;& *) ;; esac",
    "case x in (a) b; c\n;; esac",
    "f() { a; }",
    "function f { a; }",
    "function f() { a; b; } > g",
    "f () { g() { a; }; g; }",
    "[[ -n a && ( b == c* || ! -f d ) ]]",
    "[[ a =~ ^(b|c)$ ]] && d",
    "[[ a < b ]]",
    "(( a + b * (c - 1) ))",
    "((a)) && b",
    "a=1 b=2 c",
    "a=1 b=\"x y\"",
    "a=(1 2 3) b+=(4)",
    "a[1]=2 a[i+1]+=3",
    "export a=b c d=\"e f\"",
    "declare -a a=(1 2) b=3",
    "local x; local -r y=z",
    "a > f 2>&1 < g >> h",
    "a 2> f 3<> g &> h",
    "a > \"f g\" >| h",
    "a <<< \"b c\"",
    "a <<E\nb $c\nE",
    "a <<'E'\nb $c\nE",
    "a <<E | b\nc\nE\nd",
    "if a <<E; then\nb\nE\n c; fi",
    "a $(b; c | d) `e f`",
    "a \"$(b \"$(c)\")\"",
    "a <(b | c) >(d)",
    "a ${b:-$(c)} ${d#*/} ${e[1]} ${#f}",
    "coproc x { a; }",
];

/// The tree without its places.
fn shape(text: &str) -> String {
    let tree = format!("{:?}", shell::read(text));
    let mut shape = String::with_capacity(tree.len());
    let mut rest = tree.as_str();
    while let Some((before, after)) = rest.split_once("span: Span {") {
        shape.push_str(before);
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    shape.push_str(rest);
    shape
}

/// The shape without what bash writes of its own accord: descriptors, `-n` in tests, blanks.
fn compared(text: &str) -> String {
    let shape = shape(text).replace("Some(1), kind: ", "None, kind: ").replace("Some(0), kind: ", "None, kind: ");
    shape.replace("Word { pieces: [Bare(\"-n\")],  }, ", "").replace(' ', "").replace("\\n", "")
}

#[test]
fn bash_prints_the_commands_that_we_read() {
    let bash = Bash::new();
    for text in SCRIPTS {
        assert_eq!(opacity(&shell::read(text)), None, "{text}");
        let printed = bash.printed(text).unwrap_or_else(|| panic!("bash refuses {text}"));
        assert_eq!(compared(text), compared(&printed), "{text}\n---\n{printed}");
    }
}

#[test]
fn bash_reads_made_up_scripts_as_we_do() {
    let bash = Bash::new();
    let mut generator = Generator::new(3);
    let (mut understood, mut same) = (0, 0);
    while understood < 300 {
        let text = generator.list(2);
        // What bash 5.2 prints wrongly: a list behind a here-document; and what it prints in other words.
        if ["<<", "f()", "$'", "$\"", "[[", "coproc", "((", "time", "!", "$[", "@("]
            .iter()
            .any(|part| text.contains(part))
            || opacity(&shell::read(&text)).is_some()
        {
            continue;
        }
        understood += 1;
        let Some(printed) = bash.printed(&text) else { panic!("bash refuses what we read: {text}") };
        assert_eq!(compared(&text), compared(&printed), "{text}\n---\n{printed}");
        same += 1;
    }
    assert_eq!(same, understood);
}

#[test]
fn what_bash_refuses_is_opaque() {
    let refused = [
        "a;;",
        "(a",
        "a)",
        "{ a",
        "a }; }",
        "if a; fi",
        "if a then b; fi",
        "for in x; do a; done",
        "case x in a b) ;; esac",
        "a && ",
        "| a",
        "a | | b",
        "& a",
        "; a",
        "a ; ; b",
        "f() a",
        "function",
        "then a",
        "in",
        "fi",
        "done",
        "}",
        "'a",
        "\"a",
        "$(a",
        "`a",
        "${a",
        "((a",
        "a=(b",
        "a=(b | c)",
        "[[ a",
        "[[ ]]",
        "a (b)",
        "a=1 f() { b; }",
        "> ",
        "<",
        "a <",
        "while a; done",
        "esac",
        "a $(b",
        "! ! }",
        "case a in b",
        "select",
        "coproc",
        "function f",
        "a () b",
        "{a; }",
        "until",
        "do a; done",
        "a &;",
        "a &&& b",
        "(( a",
        "$((a)",
        "a() (",
    ];
    let bash = Bash::new();
    for text in refused {
        assert!(bash.printed(text).is_none_or(|printed| printed.trim().is_empty()), "bash reads {text}");
        assert!(opacity(&shell::read(text)).is_some(), "{text}: {:?}", shell::read(text));
    }
}

#[test]
fn what_stands_before_a_mistake_is_still_seen() {
    for text in ["rm x\na)\nb", "rm x; )", "rm x && { a", "rm x\necho 'b"] {
        let script = shell::read(text);
        assert!(opacity(&script).is_some(), "{text}");
        if !text.contains("&&") {
            assert!(format!("{script:?}").contains("Bare(\"rm\")"), "{text}");
        }
    }
}
