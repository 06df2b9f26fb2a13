//! Text that is meant to exhaust the reader. Test threads have two megabytes of stack.

use holdpoint::decide::syntax::{Opacity, opacity, shell};

/// What nests, and what ends it.
const NESTING: &[(&str, &str)] = &[
    ("$(", ")"),
    ("( ", ")"),
    ("{ ", "; }"),
    ("${x:-", "}"),
    ("<(", ")"),
    ("\"$(", ")\""),
    ("$((", "))"),
    ("((", ") ) "),
    ("[[ $(", ") ]]"),
    ("a=($(", "))"),
    ("${a[$(", ")]}"),
    ("$[", "]"),
    ("if ", "; then x; fi"),
    ("case x in x) ", ";; esac"),
    ("f() { ", "; }"),
    ("while ", "; do x; done"),
    ("coproc ", ""),
    ("\"${x:-\"", "\"}\""),
    ("export a=$(", ")"),
    ("if x; then y; el", ""),
    ("${x/", "/}"),
    ("$(( ${x:-", "} ))"),
    ("for i in $(", "); do x; done"),
];

/// What looks as if it did.
const FLAT: &[(&str, &str)] = &[
    ("(", ")"),
    ("((", "))"),
    ("`", "`"),
    ("[[ ( ", " ]]"),
    ("a=(", ")"),
    ("a[", "]=1"),
    ("=([", "]=x)"),
    ("! ", ""),
    ("time ", ""),
    ("@(", ")"),
    ("x <<E ", "\nE\n"),
    ("x <<-E\n\t$(", ")\nE\n"),
    ("<<E\n${x:-", "}\nE\n"),
    ("$'", "'"),
    ("'", "'"),
    ("\"", "\""),
    ("\\", ""),
    ("$(( (", ") ))"),
];

#[test]
fn nesting_ends_in_an_opaque_command() {
    for (open, close) in NESTING {
        for count in [62, 63, 64, 65, 1_000, 100_000] {
            let nested = format!("{}x{}", open.repeat(count), close.repeat(count));
            assert!(count < 1_000 || opacity(&shell::read(&nested)).is_some(), "{count} times {open}");
            assert!(opacity(&shell::read(&open.repeat(count))).is_some(), "{count} times {open}, unclosed");
        }
    }
}

#[test]
fn what_looks_like_nesting_is_read_or_refused() {
    for (open, close) in FLAT {
        for count in [62, 63, 64, 65, 1_000, 5_000, 100_000] {
            let text = format!("{}x{}", open.repeat(count), close.repeat(count));
            assert!(text.len() <= shell::LONGEST || opacity(&shell::read(&text)) == Some(Opacity::TooLong));
            drop(shell::read(&open.repeat(count)));
        }
    }
}

#[test]
fn what_people_nest_is_understood() {
    for (open, close) in [
        ("$(x ", ")"),
        ("(", " )"),
        ("{ ", "; }"),
        ("${x:-", "}"),
        ("x <(", ")"),
        ("x \"$(", ")\""),
        ("if x; then ", "; fi"),
    ] {
        let text = format!("{}x{}", open.repeat(20), close.repeat(20));
        assert_eq!(opacity(&shell::read(&text)), None, "{text}");
    }
}

#[test]
fn long_lists_are_read_to_their_end() {
    let long = [
        "true;".repeat(10_000),
        "A=1 ".repeat(6_000),
        format!("x{}", " && x".repeat(10_000)),
        format!("x{}", " | x".repeat(10_000)),
        "x\n".repeat(20_000),
        format!("x {}", "y ".repeat(25_000)),
        format!("x {}", "a".repeat(50_000)),
        format!("x \"{}\"", "$a".repeat(25_000)),
        format!("a=({})", "b ".repeat(25_000)),
        "x <<E\ny\nE\n".repeat(4_000),
        format!("x {}", "{fd}>f ".repeat(7_500)),
        format!("x {}", "$(y) ".repeat(10_000)),
        format!("case x in {} esac", "a) b ;; ".repeat(5_000)),
    ];
    for text in long {
        assert_eq!(opacity(&shell::read(&text)), None, "{:.40}", text);
    }
}

#[test]
fn what_is_too_long_is_opaque() {
    for text in ["a".repeat(1 << 20), "a;".repeat(1 << 20), "a".repeat(shell::LONGEST + 1)] {
        assert_eq!(opacity(&shell::read(&text)), Some(Opacity::TooLong));
    }
    assert_eq!(opacity(&shell::read(&"a".repeat(shell::LONGEST))), None);
}

/// Every declaration's operand is in the tree twice: nested, the tree would double at each.
#[test]
fn declarations_in_declarations_do_not_multiply() {
    let text = format!("{}x{}", "export a=$(".repeat(40), ")".repeat(40));
    assert_eq!(opacity(&shell::read(&text)), Some(Opacity::TooDeep));
    let text = format!("{}x{}", "export a=$(".repeat(3), ")".repeat(3));
    assert_eq!(opacity(&shell::read(&text)), None);
}

/// Many nests beside each other, each as deep as allowed, in many steps: the work must not grow with each other's size.
#[test]
fn wide_and_deep_text_is_read() {
    for (open, close) in NESTING.iter().chain(FLAT) {
        let one = format!("{}x{};", open.repeat(30), close.repeat(30));
        let text = one.repeat(100_000 / one.len());
        drop(shell::read(&text));
    }
}
