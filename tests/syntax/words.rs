//! Words without substitutions: ours against what bash gives to a command.

use holdpoint::decide::syntax::{CommandKind, Opacity, Piece, Word, opacity, shell};

use crate::bash::Bash;
use crate::generate::Generator;

/// What the words are written from.
const PARTS: &[&str] = &[
    "a",
    "rm",
    "-rf",
    "é",
    "日本",
    "b c",
    "\\ ",
    "\\a",
    "\\\\",
    "\\'",
    "\\\"",
    "\\$",
    "\\`",
    "\\*",
    "\\{",
    "\\}",
    "\\~",
    "\\#",
    "\\(",
    "\\;",
    "\\é",
    "\\\n",
    "''",
    "'a b'",
    "'\\'",
    "'$x'",
    "'\"'",
    "'\n'",
    "'`a`'",
    "'é'",
    "\"\"",
    "\"a b\"",
    "\"'\"",
    "\"\\\"\"",
    "\"\\\\\"",
    "\"\\$x\"",
    "\"\\`a\\`\"",
    "\"\\a\"",
    "\"\\\n\"",
    "\"\\'\"",
    "\"é\\é\"",
    "\"!\"",
    "$'a'",
    "$'\\n\\t'",
    "$'\\x41\\x4a1'",
    "$'\\101\\60'",
    "$'\\u00e9\\u41'",
    "$'\\U1F600'",
    "$'\\'\\\"'",
    "$'\\e\\E\\a\\b\\f\\r\\v'",
    "$'\\cA\\c?'",
    "$'\\q\\x'",
    "$'\\x{41}z'",
    "$'a\\0b'",
    "$\"b\"",
    "$\"a b\"",
    "#",
    "=",
    ":",
    "a=b",
    "%",
    "$",
];

/// Words that once were, or could be, read wrong.
const WRITTEN: &[&str] = &[
    "r\\m",
    "'r'm",
    "r''m",
    "\"r\"'m'",
    "$'\\x72\\x6d'",
    "$'\\162m'",
    "r\\\nm",
    "\"r\\\nm\"",
    "'r\\\nm'",
    "\\r\\m",
    "a\\",
    "$'\\c\\\\'",
    "$'\\c'",
    "$'\\777x'",
    "$'\\x{}z'",
    "$'\\x{6d'",
    "$'\\u'",
    "$'\\18'",
    "$'\\?'",
    "a#b",
    "\\#a",
    "''#a",
    "a=\"b c\"",
    "--x='a b'\\ c",
    "a\\=b",
    "$\"a\\\"b\"",
    "\"$\"",
    "\"a$\"",
    "a$",
    "$'a\nb'",
    "\"a\nb\"",
    "\\\n",
    "''''",
    "'a''b'\"c\"",
];

/// The word's text, if it is the same whatever the shell's state.
fn known(word: &Word) -> Option<String> {
    let mut text = String::new();
    for piece in &word.pieces {
        match piece {
            Piece::Bare(part) if part.contains(['*', '?', '[', '{', '}', '~']) => return None,
            Piece::Bare(part) | Piece::Quoted(part) => text.push_str(part),
            Piece::Variable { .. }
            | Piece::Parameter { .. }
            | Piece::Command { .. }
            | Piece::Process { .. }
            | Piece::Arithmetic { .. }
            | Piece::Opaque(_) => return None,
        }
    }
    Some(text)
}

/// The known words of `p WORDS`.
fn ours(words: &str) -> Option<Vec<String>> {
    let script = shell::read(&format!("p {words}"));
    let [command] = script.commands.as_slice() else { return None };
    let CommandKind::Simple(simple) = &command.kind else { return None };
    if !command.redirects.is_empty() {
        return None;
    }
    simple.words.iter().skip(1).map(known).collect()
}

fn assert_agreement(written: &[String]) -> usize {
    let read: Vec<(&String, Vec<String>)> = written.iter().filter_map(|text| Some((text, ours(text)?))).collect();
    for batch in read.chunks(50) {
        let mut text = String::from("p() { printf '%s\\0' \"$#\" \"$@\"; }\n");
        let mut expected = Vec::new();
        for (written, words) in batch {
            text += &format!("p {written}\n");
            expected.push(words.len().to_string());
            // Without arguments, printf still writes one empty string for its format.
            expected.extend(words.iter().cloned());
        }
        let output = Bash::new().output(&text);
        let output = String::from_utf8(output).expect("UTF-8 in, UTF-8 out");
        let mut fields: Vec<&str> = output.split('\0').collect();
        assert_eq!(fields.pop(), Some(""), "bash ended early in:\n{text}");
        assert_eq!(fields, expected, "in:\n{text}");
    }
    read.len()
}

#[test]
fn quotes_are_removed_as_bash_removes_them() {
    let written: Vec<String> =
        WRITTEN.iter().filter(|word| !word.ends_with('\\')).map(|word| (*word).to_owned()).collect();
    let read = assert_agreement(&written);
    assert!(read >= written.len() - 2, "only {read} of {} words were known", written.len());
}

#[test]
fn made_up_words_are_what_bash_makes_of_them() {
    let mut generator = Generator::new(1);
    let mut written = Vec::new();
    for _ in 0..3000 {
        let count = 1 + generator.below(5);
        let parts: Vec<&str> = (0..count).map(|_| generator.pick(PARTS)).collect();
        let glue = if generator.below(3) == 0 { " " } else { "" };
        written.push(parts.join(glue));
    }
    let read = assert_agreement(&written);
    assert!(read > 2000, "only {read} of 3000 were known");
}

#[test]
fn the_text_of_here_documents_is_what_bash_makes_of_it() {
    let mut generator = Generator::new(2);
    let mut compared = 0;
    for round in 0..150 {
        let lines: Vec<&str> = (0..4).map(|_| generator.pick(PARTS)).collect();
        let (operator, delimiter) = [("<<", "E"), ("<<", "'E'"), ("<<-", "E"), ("<<-", "\\E")][round % 4];
        let text = format!("read -rd '' x {operator}{delimiter}\n\t{}\nE\nprintf '%s' \"$x\"\n", lines.join("\n\t"));
        let script = shell::read(&text);
        if opacity(&script).is_some() {
            continue;
        }
        let redirect = script.commands.first().and_then(|command| command.redirects.first()).expect("a redirection");
        let holdpoint::decide::syntax::RedirectKind::HereDocument(body) = &redirect.kind else {
            panic!("{redirect:?}")
        };
        let Some(ours) = known(body) else { continue };
        let theirs = String::from_utf8(Bash::new().output(&text)).expect("UTF-8");
        let blank = |character| matches!(character, ' ' | '\t' | '\n');
        assert_eq!(ours.trim_matches(blank), theirs.trim_matches(blank), "{text}");
        compared += 1;
    }
    assert!(compared > 60, "only {compared} were understood");
}

#[test]
fn bytes_that_are_no_text_are_not_guessed() {
    let script = shell::read_bytes(b"rm \xff");
    assert_eq!(opacity(&script), Some(Opacity::NotText));
    assert_eq!(opacity(&shell::read("rm $'\\xff'")), Some(Opacity::NotText));
    assert_eq!(opacity(&shell::read("rm \0 -rf")), Some(Opacity::NotText));
    assert_eq!(opacity(&shell::read_bytes(b"rm x")), None);
}
