//! Words to pieces, exactly.

use holdpoint::decide::syntax::{Assigned, CommandKind, Piece, RedirectKind, Simple, Word, shell};

fn simple(text: &str) -> Simple {
    let script = shell::read(text);
    match script.commands.into_iter().next().map(|command| command.kind) {
        Some(CommandKind::Simple(simple)) => simple,
        other => panic!("{text} is {other:?}"),
    }
}

fn pieces(word: &str) -> Vec<Piece> {
    simple(&format!("x {word}")).words.remove(1).pieces
}

fn bare(text: &str) -> Piece {
    Piece::Bare(text.to_owned())
}

fn quoted(text: &str) -> Piece {
    Piece::Quoted(text.to_owned())
}

fn variable(name: &str, quoted: bool) -> Piece {
    Piece::Variable { name: name.to_owned(), quoted }
}

/// The operator and the operands' pieces of the only piece.
fn parameter(word: &str) -> (String, &'static str, Vec<Vec<Piece>>) {
    match pieces(word).as_slice() {
        [Piece::Parameter { name, operator, operands, .. }] => {
            (name.clone(), operator, operands.iter().map(|word| word.pieces.clone()).collect())
        }
        other => panic!("{word} is {other:?}"),
    }
}

#[test]
fn quoted_and_bare_text_lie_side_by_side() {
    assert_eq!(pieces("r\\m"), [bare("r"), quoted("m")]);
    assert_eq!(pieces("a'b c'\"d\"e"), [bare("a"), quoted("b cd"), bare("e")]);
    assert_eq!(pieces("\\*.txt"), [quoted("*"), bare(".txt")]);
    assert_eq!(pieces("~''root"), [bare("~"), quoted(""), bare("root")]);
    assert_eq!(pieces("{a,'b,c'}*"), [bare("{a,"), quoted("b,c"), bare("}*")]);
    assert_eq!(pieces("''"), []);
    assert_eq!(pieces("a\\\nb"), [bare("ab")]);
    assert_eq!(pieces("$'\\x72m'"), [quoted("rm")]);
}

#[test]
fn variables_know_whether_they_are_quoted() {
    assert_eq!(pieces("$a\"$b${c}\""), [variable("a", false), variable("b", true), variable("c", true)]);
    assert_eq!(pieces("$10$@$#"), [variable("1", false), bare("0"), variable("@", false), variable("#", false)]);
    assert_eq!(pieces("${10}${a\\\nb}"), [variable("10", false), variable("ab", false)]);
    assert_eq!(pieces("$%a$"), [bare("$%a$")]);
    assert_eq!(pieces("\"$'a'\""), [quoted("$'a'")]);
}

#[test]
fn parameters_keep_their_operands() {
    assert_eq!(parameter("${a:-b c}"), ("a".to_owned(), ":-", vec![vec![bare("b c")]]));
    assert_eq!(parameter("\"${a-b 'c'}\""), ("a".to_owned(), "-", vec![vec![quoted("b 'c'")]]));
    assert_eq!(parameter("${a##*/}"), ("a".to_owned(), "##", vec![vec![bare("*/")]]));
    assert_eq!(parameter("\"${a%'.x'}\""), ("a".to_owned(), "%", vec![vec![quoted(".x")]]));
    assert_eq!(parameter("${a//b/c}"), ("a".to_owned(), "//", vec![vec![bare("b")], vec![bare("c")]]));
    assert_eq!(parameter("${a/b}"), ("a".to_owned(), "/", vec![vec![bare("b")], vec![]]));
    assert_eq!(parameter("${a:1:-2}"), ("a".to_owned(), ":", vec![vec![quoted("1")], vec![quoted("-2")]]));
    assert_eq!(parameter("${a^^}"), ("a".to_owned(), "^^", vec![vec![]]));
    assert_eq!(parameter("${a@Q}"), ("a".to_owned(), "@", vec![vec![bare("Q")]]));
    assert_eq!(parameter("${#a}"), ("a".to_owned(), "length", vec![]));
    assert_eq!(parameter("${##}"), ("#".to_owned(), "length", vec![]));
    assert_eq!(parameter("${!a}"), ("a".to_owned(), "!", vec![]));
    assert_eq!(parameter("${!a*}"), ("a*".to_owned(), "keys", vec![]));
    assert_eq!(parameter("${!a[@]}"), ("a".to_owned(), "keys", vec![vec![quoted("@")]]));
    assert_eq!(parameter("${a[1]}"), ("a".to_owned(), "[", vec![vec![quoted("1")]]));
    assert_eq!(parameter("${a[@]#b}"), ("a[@]".to_owned(), "#", vec![vec![bare("b")]]));
    assert_eq!(parameter("${@:2}"), ("@".to_owned(), ":", vec![vec![quoted("2")]]));
    assert_eq!(parameter("${#:-a}"), ("#".to_owned(), ":-", vec![vec![bare("a")]]));
}

#[test]
fn assignments_stand_before_the_command_and_in_declarations() {
    let read = simple("A=1 B+='2 3' c D=4");
    let names: Vec<(&str, bool)> = read.assignments.iter().map(|one| (one.name.as_str(), one.append)).collect();
    assert_eq!(names, [("A", false), ("B", true)]);
    assert_eq!(read.words.len(), 2);

    let read = simple("export -x A=1 \"B=$c\" d E=(1 2)");
    let names: Vec<&str> = read.assignments.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(read.words.len(), 6);
    assert_eq!(names.len(), 3);
    for name in ["A", "B", "E"] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    let value = |name: &str| read.assignments.iter().find(|one| one.name == name).map(|one| one.value.clone());
    assert!(matches!(value("B"), Some(Assigned::Scalar(Word { pieces, .. })) if pieces == [variable("c", true)]));
    assert!(matches!(value("E"), Some(Assigned::Array(words)) if words.len() == 2));
}

#[test]
fn what_only_looks_like_an_assignment_is_a_word() {
    for text in ["\\A=1", "'A'=1", "A\\=1", "1A=1", "A-B=1", "A =1", "A[1] =2", "$A=1", "=1"] {
        assert!(simple(text).assignments.is_empty(), "{text}");
    }
}

#[test]
fn redirections_name_their_files() {
    let text = "x <a >b >>c 2>d >|e <>f &>g &>>h >&i 3>&1 <&- >&2- <<<j 10>k {l}>m";
    let script = shell::read(text);
    let redirects = &script.commands[0].redirects;
    let kinds: Vec<(Option<u32>, &str)> = redirects
        .iter()
        .map(|redirect| {
            let kind = match &redirect.kind {
                RedirectKind::Read(_) => "read",
                RedirectKind::Write(_) => "write",
                RedirectKind::Append(_) => "append",
                RedirectKind::ReadWrite(_) => "both ways",
                RedirectKind::WriteBoth(_) => "write both",
                RedirectKind::AppendBoth(_) => "append both",
                RedirectKind::Duplicate(_) => "duplicate",
                RedirectKind::HereDocument(_) => "document",
                RedirectKind::HereString(_) => "string",
            };
            (redirect.descriptor, kind)
        })
        .collect();
    let expected = [
        (None, "read"),
        (None, "write"),
        (None, "append"),
        (Some(2), "write"),
        (None, "write"),
        (None, "both ways"),
        (None, "write both"),
        (None, "append both"),
        (None, "write both"),
        (Some(3), "duplicate"),
        (Some(0), "duplicate"),
        (None, "duplicate"),
        (None, "string"),
        (Some(10), "write"),
        (None, "write"),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(simple(text).words.len(), 1);
}

#[test]
fn numbers_that_are_no_descriptors_are_words() {
    assert_eq!(simple("x 1 >f").words.len(), 2);
    assert_eq!(simple("x a1>f").words.len(), 2);
    assert_eq!(simple("x 99999999999>f").words.len(), 2);
    assert_eq!(simple("x \\1>f").words.len(), 2);
}

#[test]
fn a_background_command_is_marked() {
    let script = shell::read("a && b & c");
    let marks: Vec<bool> = script.commands.iter().map(|command| command.background).collect();
    assert_eq!(marks, [true, false]);
}
