//! What bash runs is seen. Here bash does run it: the command makes the file `r`, and nothing else can be run.

use holdpoint::decide::syntax::{Node, Piece, RedirectKind, opacity, shell, visit};

use crate::bash::Bash;
use crate::generate::Generator;

/// Whether a redirection into `r`, or into a name that is not known, is in the tree, or something is opaque.
fn is_seen(text: &str) -> bool {
    let script = shell::read(text);
    let mut seen = opacity(&script).is_some();
    visit(&script, &mut |node| match node {
        Node::Redirect(redirect) => match &redirect.kind {
            RedirectKind::Write(word)
            | RedirectKind::Append(word)
            | RedirectKind::ReadWrite(word)
            | RedirectKind::WriteBoth(word)
            | RedirectKind::AppendBoth(word) => {
                let known = |piece: &Piece| matches!(piece, Piece::Bare(_) | Piece::Quoted(_));
                seen |= !word.pieces.iter().all(known);
                seen |= matches!(word.pieces.as_slice(), [Piece::Bare(text) | Piece::Quoted(text)] if text == "r");
            }
            RedirectKind::Read(_)
            | RedirectKind::Duplicate(_)
            | RedirectKind::HereDocument(_)
            | RedirectKind::HereString(_) => {}
        },
        Node::Command(_) | Node::Assignment(_) | Node::Word(_) | Node::Piece(_) => {}
    });
    seen
}

/// bash runs the command in every one of these, though most look as if it were quoted or commented out.
const RUN: &[(&str, &str)] = &[
    ("the word of >& is expanded a second time", "echo >&'$(:>r)'"),
    ("and so is a variable's value", "x='$(:>r)'; echo >&$x"),
    ("also with the descriptor written out", "x='$(:>r)'; echo 1>&\"$x\""),
    ("single quotes do not quote in double-quoted defaults", ": \"${x:-'$(:>r)'}\""),
    ("nor in arithmetic", ": $(( '$(:>r)' ))"),
    ("nor in subscripts", "a['$(:>r)']=1"),
    ("decoded text is expanded", ": \"${x:-$'\\x24(:>r)'}\""),
    ("and in arithmetic", "(($'$(:>r)'))"),
    ("quotes in decoded text do not end there", ": $(( $'\\'' ))\n:>r\n: ' ))' 'z'"),
    ("a continued line in backquotes is joined first", "`>&1#\\\\\\\n #f$(:>r) `"),
    ("a word goes on after an array, so # begins no comment", "a=(1)# $(:>r)"),
    ("a mistake in an array ends its line only", "a=(@(b) \"\n:>r\n\")"),
    ("and in a function, which then does not begin", "f() { a=(b|\n:>r\n)\n}"),
    ("a brace ends a parameter before its bracket", ": ${a[}\n:>r\n]}"),
    ("parentheses in braces count in arithmetic", "((1; ${x:-)}; :>r;\n 2) )"),
    ("a key of an array may be a process substitution", "a=([<(:>r)]=1)"),
    ("braces end functions' names", "function f+(:>r)\nf+"),
    ("a bang before parentheses is no pattern", "!(:>r)"),
    ("a body may end before a parenthesis", ": $(: <<E\nx\nE\n:>r)"),
    ("a here-document's end may be joined from two lines", ": <<EF\nE\\\nF\n:>r"),
    ("a quoted body does not go on after a backslash", ": <<'E'\n\\\nE\n:>r"),
    ("tabs before the end count only for <<-", ": <<-E\n\tE\n:>r"),
    ("a delimiter in backquotes is taken as it stands", ": <<`a`\n`a`\n:>r"),
    ("a comment ends with its line, even behind a backslash", ": # \\\n:>r"),
    ("$ and a continued line", ": $\\\n(:>r)"),
    ("an operator over two lines", ": &\\\n& :>r"),
    ("a keyword over two lines", "i\\\nf :>r; then :; fi"),
];

#[test]
fn what_bash_reads_twice_is_seen_or_opaque() {
    let bash = Bash::new();
    for (why, text) in RUN {
        assert!(bash.creates_mark(text), "bash does not run it, so the case proves nothing: {why}: {text}");
        assert!(is_seen(text), "{why}: {text}: {:?}", shell::read(text));
    }
}

/// bash counts parentheses before it takes `$((…))` for arithmetic, and here they do not add up: it runs what `case` writes.
#[test]
fn arithmetic_that_does_not_add_up_is_opaque() {
    let text = "f() { :>r; }; : $(( $(case x in x) echo f;; esac) ))";
    assert!(Bash::new().creates_mark(text));
    assert!(opacity(&shell::read(text)).is_some());
}

#[test]
fn what_bash_runs_of_made_up_text_is_seen_or_opaque() {
    let bash = Bash::new();
    let mut generator = Generator::new(4);
    let mut tried = 0;
    for _ in 0..30_000 {
        let depth = 2 + generator.below(3);
        let list = generator.list(depth);
        let text = generator.damaged(&list);
        if !text.contains(":>r") || is_seen(&text) {
            continue;
        }
        tried += 1;
        assert!(!bash.creates_mark(&text), "bash runs what is not seen in:\n{text}\n{text:?}");
    }
    assert!(tried > 100, "only {tried} texts hid their command");
}
