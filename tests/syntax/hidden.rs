//! A command is seen wherever it stands, or its place is opaque.

use holdpoint::decide::syntax::{CommandKind, Piece, Script, Word, opacity, shell, visit_commands};

fn spells(word: &Word, name: &str) -> bool {
    let mut text = String::new();
    for piece in &word.pieces {
        match piece {
            Piece::Bare(part) | Piece::Quoted(part) => text.push_str(part),
            Piece::Variable { .. }
            | Piece::Parameter { .. }
            | Piece::Command { .. }
            | Piece::Process { .. }
            | Piece::Arithmetic { .. }
            | Piece::Opaque(_) => return false,
        }
    }
    text == name
}

fn shows(script: &Script, name: &str) -> bool {
    let mut found = false;
    visit_commands(script, &mut |command| {
        if let CommandKind::Simple(simple) = &command.kind {
            found |= simple.words.first().is_some_and(|word| spells(word, name));
        }
    });
    found
}

/// `RM` stands for the command.
const SEEN: &[&str] = &[
    "RM",
    "A=1 RM",
    "A=1 B=$(x) >f RM",
    ">f RM",
    "2>&1 RM",
    "x; RM",
    "x & RM",
    "x && RM",
    "x || RM",
    "x | RM",
    "x |& RM",
    "! RM",
    "! ! RM",
    "time RM",
    "time -p -- RM",
    "{ RM; }",
    "( RM )",
    "((x)) && RM",
    "if RM; then x; fi",
    "if x; then RM; fi",
    "if x; then y; else RM; fi",
    "if x; then y; elif RM; then z; fi",
    "if x; then y; elif z; then RM; fi",
    "while RM; do x; done",
    "while x; do RM; done",
    "until RM; do x; done",
    "for i in a; do RM; done",
    "for i in $(RM); do x; done",
    "for i in `RM`; { x; }",
    "for i; do RM; done",
    "for ((i=$(RM);;)); do x; done",
    "for ((;;)); do RM; done",
    "select i in a; do RM; done",
    "case $(RM) in a) ;; esac",
    "case a in $(RM)) ;; esac",
    "case a in a) RM ;; esac",
    "case a in a) ;; b) RM; esac",
    "case a in (a) x ;& b) RM ;;& esac",
    "f() { RM; }",
    "f() (RM)",
    "function f { RM; }",
    "function f() if x; then RM; fi",
    "f() { x; } > \"$(RM)\"",
    "coproc RM",
    "coproc x { RM; }",
    "coproc { RM; }",
    "x $(RM)",
    "x \"$(RM)\"",
    "x `RM`",
    "x \"`RM`\"",
    "x $(y $(RM))",
    "x `y \\`RM\\``",
    "x \"$(y \"$(RM)\")\"",
    "x ${a:-$(RM)}",
    "x \"${a:-$(RM)}\"",
    "x ${a:-${b:-$(RM)}}",
    "x ${a#$(RM)}",
    "x ${a/$(RM)/b}",
    "x ${a/b/$(RM)}",
    "x ${a:$(RM):1}",
    "x ${a:0:$(RM)}",
    "x ${a[$(RM)]}",
    "x ${#a[$(RM)]}",
    "x ${!a[$(RM)]}",
    "x \"${a:-'$(RM)'}\"",
    "x $((1 + $(RM)))",
    "x $[1 + $(RM)]",
    "x $(( '$(RM)' ))",
    "((a = $(RM)))",
    "a=$(RM)",
    "a=(1 $(RM))",
    "a=([$(RM)]=1)",
    "a+=($(RM))",
    "a[$(RM)]=1",
    "a[1]=$(RM)",
    "export a=$(RM)",
    "declare -a a=($(RM))",
    "local a=`RM`",
    "x <(RM)",
    "x >(RM)",
    "x < <(RM)",
    "x > >(RM)",
    "x >f$(RM)",
    "x <<<$(RM)",
    "x <<<\"$(RM)\"",
    "x <<E\n$(RM)\nE",
    "x <<E\n`RM`\nE",
    "x <<E\n${a:-$(RM)}\nE",
    "x <<-E\n\t$(RM)\n\tE",
    "x <<E\na\nE\nRM",
    "x <<E; RM\na\nE",
    "x <<E && RM\na\nE",
    "x <<'E'\n'\nE\nRM",
    "x <<E <<F\na\nE\nb\nF\nRM",
    "x $(y <<E\na\nE\nRM)",
    "x <<E\na\nRM E\nE\nRM",
    "[[ $(RM) ]]",
    "[[ a == $(RM) ]]",
    "[[ a =~ ($(RM)|b) ]]",
    "[[ -n a ]] && RM",
    "[[ ! ( a && $(RM) ) ]]",
    "x @(a|$(RM))",
    "x\nRM",
    "x # y\nRM",
    "x \\\n; RM",
    "x 'a\nb'\nRM",
    "x \"#\"; RM",
    "x a#b; RM",
    "x ''#; RM",
    "x \\#; RM",
    "x $'\\''; RM",
    "x ${a#\\}}; RM",
    "x ${a:-'}'}; RM",
    "x $(case a in a) b;; esac); RM",
    "x $((1<<2)); RM",
    "((1<<E))\nRM",
    "x $(( (1) ))\nRM",
    "R\\\nM",
    "\\RM",
    "'RM'",
    "\"RM\"",
    "$'RM'",
    "$'\\x52M'",
    "x;(RM)",
    "(x)&&RM",
    "{ x;};RM",
    "x&RM",
    "x|RM",
    "$(RM)",
    "\"$(RM)\"",
    "a=b $(RM) c",
    "x $\"$(RM)\"",
    "x a{b,$(RM)}",
    "exec {a[$(RM)]}>f",
    "x 1>f$(RM)",
    "x &>f$(RM)",
    "x ${ RM; }",
    "x ${| RM; }",
    "if x\nthen\n# y\nRM\nfi",
    "x |\n\n RM",
    "x &&\n# y\n RM",
    "! { RM; }",
    "x $( (RM) )",
    "x $((RM);(y))",
    "((RM);(y))",
    "x \"${a[@]/#/$(RM)}\"",
    "let a=$(RM)",
];

#[test]
fn a_command_is_seen_wherever_it_stands() {
    for template in SEEN {
        let text = template.replace("RM", "rm").replace("\\x52M", "\\x72m").replace("R\\\nM", "r\\\nm");
        let script = shell::read(&text);
        assert!(shows(&script, "rm"), "{text}: {script:?}");
        assert_eq!(opacity(&script), None, "{text}");
    }
}

#[test]
fn what_is_quoted_is_no_command() {
    for text in [
        "x '$(rm)'",
        "x \"\\$(rm)\"",
        "x \\$\\(rm\\)",
        "x # rm",
        "x '\nrm\n'",
        "x <<'E'\n$(rm)\nrm\nE",
        "x <<E\nrm\n\\$(rm)\nE",
        "x $'$(rm)'",
        "x \"'rm'\"",
    ] {
        let script = shell::read(text);
        assert!(!shows(&script, "rm"), "{text}");
        assert_eq!(opacity(&script), None, "{text}");
    }
}

#[test]
fn every_prefix_of_a_script_shows_its_commands_or_is_opaque() {
    let text = "x <<E && y \"$(z `rm a` ${b:-'c'})\" | { w; }\nd $(rm)\nE\nrm b";
    for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
        let Some(prefix) = text.get(..end) else { continue };
        let script = shell::read(prefix);
        if prefix.contains("`rm a`") {
            assert!(shows(&script, "rm") || opacity(&script).is_some(), "{prefix}");
        }
    }
}

/// Text that has commands in places where bash's own end is found by other rules than ours could be.
#[test]
fn deep_parameters_hide_nothing() {
    for depth in 1..40 {
        for (open, close) in [
            ("${a:-", "}"),
            ("\"${a:-", "}\""),
            ("$(x ", ")"),
            ("$((1+", "))"),
            ("\"$(x ", ")\""),
            ("${a[", "]}"),
            ("<(x ", ")"),
        ] {
            let text = format!("x {}$(rm){}", open.repeat(depth), close.repeat(depth));
            let script = shell::read(&text);
            assert!(shows(&script, "rm") || opacity(&script).is_some(), "{text}");
        }
    }
}
