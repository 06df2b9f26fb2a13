use proptest::prelude::*;

use super::*;

/// The calls as `path(argument, name=argument)`.
fn calls(lexis: &Lexis, text: &str) -> Vec<String> {
    let all = |items: &[Term], joint: &str| items.iter().map(Term::shown).collect::<Vec<_>>().join(joint);
    let shown = |term: &Term| match (term.items(), term.choices()) {
        (Some(items), _) => format!("[{}]", all(items, " ")),
        (None, Some(items)) => all(items, "|"),
        (None, None) if matches!(term, Term::Map(_)) => term.as_json(),
        (None, None) => term.shown(),
    };
    let one = |call: &Call| {
        let places = call.arguments.iter().map(shown);
        let names = call.keywords.iter().map(|(name, value)| format!("{name}={}", shown(value)));
        format!("{}({})", call.path, places.chain(names).collect::<Vec<_>>().join(", "))
    };
    read(text, lexis, &[]).calls.iter().map(|call| one(call)).collect()
}

#[track_caller]
fn assert_calls(lexis: &Lexis, text: &str, expected: &str) {
    let found = calls(lexis, text);
    assert!(found.iter().any(|call| call == expected), "{expected} is not among {found:?} of {text}");
}

#[test]
fn names_are_followed_through_imports_and_aliases() {
    for text in [
        "import os; os.remove('a')",
        "import os as o\no.remove('a')",
        "from os import remove as r\nr('a')",
        "from os import (path,\n  remove)\nremove('a')",
        "__import__('os').remove('a')",
        "getattr(os, 'rem' + 'ove')('a')",
        "f = os.remove; f('a')",
        "import importlib; importlib.import_module('os').remove('a')",
        "list(map(os.remove, ['a']))",
    ] {
        assert_calls(&PYTHON, text, "os.remove(a)");
    }
    for text in [
        "require('fs').rmSync('a')",
        "const fs = require('node:fs'); fs.rmSync('a')",
        "const {rmSync} = require('fs'); rmSync('a')",
        "const {rmSync: r} = require(\"fs\"); r('a')",
        "import { rmSync as r } from 'fs'; r('a')",
        "import * as f from 'node:fs'\nf.rmSync('a')",
        "import fs from 'fs'; fs['rm' + 'Sync']('a')",
        "['a'].forEach(f => fs.rmSync(f))",
        "['a'].forEach(fs.rmSync)",
    ] {
        assert_calls(&JAVASCRIPT, text, "fs.rmSync(a)");
    }
}

#[test]
fn texts_are_put_together() {
    for text in [
        "f('ab')",
        "f('a' + 'b')",
        "f('a' 'b')",
        "x = 'a'\nf(x + 'b')",
        "x = 'b'\nf(f'a{x}')",
        "f(''.join(['a', 'b']))",
        "f('a%s' % 'b')",
        "f('{}{}'.format('a', 'b'))",
        "f('ba'[::-1])",
        "f(base64.b64decode('YWI=').decode())",
        "f(chr(97) + chr(98))",
        "f(bytes.fromhex('6162').decode())",
        "f('\\x61b')",
        "f('''ab''')",
        "x = 'a'; x += 'b'; f(x)",
    ] {
        assert_calls(&PYTHON, text, "f(ab)");
    }
    assert_calls(&PYTHON, "f(os.path.join('a', 'b'))", "f(a/b)");
    assert_calls(&PYTHON, "from pathlib import Path\nf(Path('a') / 'b')", "f(a/b)");
    assert_calls(&PYTHON, "f(x)", "f(…)");
    assert_calls(&PYTHON, "for x in ['a', 'b']: f(x)", "f(a|b)");
    assert_calls(&PYTHON, "x = 'a'\nif y:\n    x = 'b'\nf(x)", "f(a|b)");
    assert_calls(&JAVASCRIPT, "const x = 'b'; f(`a${x}`)", "f(ab)");
    assert_calls(&JAVASCRIPT, "f(Buffer.from('YWI=', 'base64').toString())", "f(ab)");
    assert_calls(&JAVASCRIPT, "f(['a','b'].join(''))", "f(ab)");
    assert_calls(&RUBY, "x = 'b'; f \"a#{x}\"", "f(ab)");
    assert_calls(&PERL, "my $x = 'b'; f(\"a$x\")", "f(ab)");
    assert_calls(&PERL, "f(qq{a} . q(b));", "f(ab)");
    assert_calls(&PHP, "<?php $x = 'b'; f(\"a$x\" . ''); ?>", "f(ab)");
    assert_calls(&LUA, "f('a' .. 'b')", "f(ab)");
    assert_calls(&R, "f(paste0('a', 'b'))", "f(ab)");
}

#[test]
fn every_way_to_call_is_seen() {
    assert_calls(&PYTHON, "Path('a').unlink(missing_ok=True)", "Path.unlink(missing_ok=…)");
    assert_calls(&PYTHON, "sqlite3.connect('a').cursor().execute('x')", "sqlite3.connect.cursor.execute(x)");
    assert_calls(&PYTHON, "with open('a', 'w') as f:\n  pass", "open(a, w)");
    assert_calls(&JAVASCRIPT, "fs.rm('a', {recursive: true}, () => { g('x') })", "g(x)");
    assert_calls(&JAVASCRIPT, "await fetch('u', {method: 'DELETE'})", "fetch(u, {\"method\":\"DELETE\"})");
    assert_calls(&JAVASCRIPT, "$`rm a`", "$(rm a)");
    assert_calls(&RUBY, "FileUtils.rm_rf 'a'", "FileUtils.rm_rf(a)");
    assert_calls(&RUBY, "`ls #{x}`", "`(ls …)");
    assert_calls(&RUBY, "%x(ls)", "`(ls)");
    assert_calls(&RUBY, "%w[a b].each { |f| File.delete(f) }", "File.delete(a|b)");
    assert_calls(&PERL, "unlink 'a', 'b' or die;", "unlink(a, b)");
    assert_calls(&PERL, "system(qw(rm a));", "system([rm a])");
    assert_calls(&PERL, "my $x = `ls`; unlink($x);", "`(ls)");
    assert_calls(&PHP, "unlink('a');", "unlink(a)");
    assert_calls(&LUA, "os.remove 'a'", "os.remove(a)");
    assert_calls(&R, "unlink(\"a\", recursive = TRUE)", "unlink(a, recursive=…)");
    assert_calls(&AWK, "BEGIN { system(\"rm \" \"a\") }", "system(rm a)");
    assert_calls(&AWK, "{ print $1 > \"a\" }", ">(a)");
    assert_calls(&AWK, "{ print | \"sh\" }", "|(sh)");
    assert_calls(&AWK, "BEGIN { \"date\" | getline d }", "|(date)");
}

#[test]
fn comments_and_texts_are_no_calls() {
    assert_eq!(calls(&PYTHON, "# os.remove('a')\nx = \"os.remove('a')\""), Vec::<String>::new());
    assert_eq!(calls(&JAVASCRIPT, "// f()\n/* g() */ let r = /h()'/; let x = 'i()'"), Vec::<String>::new());
    assert_eq!(calls(&LUA, "-- f()\n--[[ g() ]]"), Vec::<String>::new());
}

#[test]
fn nesting_ends_and_is_said() {
    for open in
        ["(", "[", "{", "f(", "a.b(", "x = [", "lambda: (", "`${", "f'{", "if (", "() => {", "\"#{", "not ", "- ", "?"]
    {
        for lexis in [PYTHON, JAVASCRIPT, PERL, RUBY, PHP, LUA, R, AWK] {
            for count in [10, 60, 30_000] {
                drop(read(&open.repeat(count), &lexis, &[]));
            }
        }
    }
    assert!(read(&"f(".repeat(1000), &PYTHON, &[]).cut);
    assert!(read(&"f();".repeat(50_000), &PYTHON, &[]).cut);
}

/// Pieces of every language, to be thrown together.
const SOUP: &[&str] = &[
    "import os",
    "from fs import {",
    "require('fs')",
    "const {",
    "}",
    "(",
    ")",
    "[",
    "]",
    "{",
    "'",
    "\"",
    "`",
    "${",
    "#{",
    "f'",
    "\n",
    "  ",
    ";",
    ",",
    "x = ",
    "x += ",
    "x",
    "+",
    ".",
    "..",
    "->",
    "::",
    "=>",
    ":",
    "=",
    "os.remove",
    ".rmSync",
    "unlink ",
    "system",
    "for x in ",
    "def f(a, b=",
    "function (",
    "lambda x:",
    "if ",
    "else ",
    "do |x|",
    "end",
    "<<EOT",
    "EOT",
    "qw(",
    "%w[",
    "/re/",
    "//",
    "#",
    "/*",
    "*/",
    "--[[",
    "print > ",
    "| getline",
    "<?php",
    "?>",
    "é",
    "…",
    "\\",
    "\0",
    "'a'",
    "b'\\x61'",
    "$x",
    "@y",
    "%s",
    "% x",
    "1",
    "0x7f",
    "[::-1]",
    ".join(",
    ".format(",
    "base64.b64decode(",
    "exec(",
    "await ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_soup_of_any_language_is_read_and_its_spans_lie_in_it(
        pieces in prop::collection::vec(prop::sample::select(SOUP), 0..80),
        repeat in 1usize..20,
    ) {
        let text = pieces.concat().repeat(repeat);
        for lexis in [PYTHON, JAVASCRIPT, PERL, RUBY, PHP, LUA, R, AWK] {
            for call in read(&text, &lexis, &[]).calls {
                prop_assert!(call.span.start <= call.span.end && call.span.end as usize <= text.len(), "{call:?} in {text:?}");
            }
        }
        drop(read_sed(&text));
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        for lexis in [PYTHON, JAVASCRIPT, PERL, RUBY, PHP, LUA, R, AWK] {
            drop(read(&text, &lexis, &[]));
        }
        drop(read_sed(&text));
    }

    #[test]
    fn what_stands_before_and_behind_hides_no_call(
        before in prop::sample::select(&["", "x = 1", "print('a')", "y = 'b' + z", "for q in w:\n  pass", "def g(a):\n  return a", "# it's", "\"\"\"doc 'string\"\"\""][..]),
        behind in prop::sample::select(&["", "print(')')", "# ('", "if x: y()", "z = [1, 2"][..]),
    ) {
        let text = format!("{before}\nos.remove('a')\n{behind}\n");
        let found = read(&text, &PYTHON, &[]).calls.iter().any(|call| {
            &*call.path == "os.remove" && call.arguments.first().and_then(Term::known) == Some("a")
        });
        prop_assert!(found, "{text}");
    }
}

#[test]
fn an_import_of_nothing_ends() {
    for text in
        ["from a import import", "from a import b as import", "import import", "from", "from . import", "import a as"]
    {
        drop(read(text, &PYTHON, &[]));
    }
}

/// The calls of a text, as `path(argument, …)`.
fn shown(code: &Code) -> Vec<String> {
    let show = |call: &Rc<Call>| {
        let arguments: Vec<String> = call.arguments.iter().map(Term::shown).collect();
        format!("{}({})", call.path, arguments.join(", "))
    };
    code.calls.iter().map(show).collect()
}

#[test]
fn tcl_is_commands_of_words_and_braces_may_hold_commands() {
    for (text, expected) in [
        ("exec rm -rf src", "exec(rm, -rf, src)"),
        ("file delete -force -- src lib", "file.delete(src, lib)"),
        ("set x rm; exec $x -rf ${y}", "exec(rm, -rf, …)"),
        ("if {$a} { exec rm a }", "exec(rm, a)"),
        ("eval [list exec rm a]", "exec(rm, a)"),
        ("exec \\x72m a", "exec(rm, a)"),
        ("exec cat a | rm b", "exec(rm, b)"),
        ("exec ls > out.txt", "exec.out(out.txt)"),
        ("open \"|rm a\"", "open.pipe(rm a)"),
        ("set a 1\nif {1} {set a 2}\nexec $a", "exec(…)"),
    ] {
        let calls = shown(&read_tcl(text, &[]));
        assert!(calls.iter().any(|call| call == expected), "{text}: {calls:?}");
    }
    assert!(!shown(&read_tcl("# exec rm a\nputs x", &[])).iter().any(|call| call.starts_with("exec")));
}

#[test]
fn a_list_of_lisp_is_a_call_of_its_first_word() {
    for (text, expected) in [
        ("(delete-file \"a\")", "delete-file(a)"),
        ("(let ((d \"src\")) (delete-directory d t))", "delete-directory(src, …)"),
        ("(let [d \"src\"] (fs/delete-tree d))", "fs.delete-tree(src)"),
        ("(def d \"a\") (uiop:run-program (str \"rm \" d))", "uiop.run-program(rm a)"),
        ("; (a)\n(b \"\\\"\") (c ?\\\" \"x\")", "c(x)"),
        ("(when t (system \"rm a\"))", "system(rm a)"),
    ] {
        let calls = shown(&read_lisp(text));
        assert!(calls.iter().any(|call| call == expected), "{text}: {calls:?}");
    }
    assert!(shown(&read_lisp("; (delete-file \"a\")\n#| (b) |#")).is_empty());
}

#[test]
fn a_line_of_vim_may_run_a_shell() {
    for (text, expected) in
        [("silent !rm a", "!(rm a)"), (":%!sh x", "!(sh x)"), ("r !rm a", "!(rm a)"), ("1,2w !rm a", "!(rm a)")]
    {
        assert!(shown(&read_vim(text)).iter().any(|call| call == expected), "{text}");
    }
    assert!(!shown(&read_vim("set number!\nq!\nw!")).iter().any(|call| call.starts_with("!(")));
}

#[test]
fn brackets_without_end_are_cut_and_do_not_take_long() {
    for open in ["[", "{", "\"[", "[list {", "$("] {
        let text = open.repeat(60_000);
        let begun = std::time::Instant::now();
        let code = read_tcl(&text, &[]);
        assert!(code.cut || code.calls.len() < 100, "{open}");
        assert!(begun.elapsed().as_secs() < 5, "{open}");
    }
    assert!(read_lisp(&"(".repeat(100_000)).cut);
    assert!(read_lisp(&"(a ".repeat(100_000)).cut);
}
