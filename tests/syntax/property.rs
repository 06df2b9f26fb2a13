//! What holds for any text.

use holdpoint::decide::syntax::{Node, Script, Span, opacity, shell, visit};
use proptest::prelude::*;

use crate::generate::Generator;

fn spans(script: &Script) -> Vec<Span> {
    let mut spans = Vec::new();
    visit(script, &mut |node| match node {
        Node::Command(command) => spans.push(command.span),
        Node::Redirect(redirect) => spans.push(redirect.span),
        Node::Assignment(assignment) => spans.push(assignment.span),
        Node::Word(word) => spans.push(word.span),
        Node::Piece(_) => {}
    });
    spans
}

fn assert_spans(text: &str) {
    for span in spans(&shell::read(text)) {
        assert!(span.start <= span.end, "{span:?} in {text:?}");
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text:?}");
    }
}

/// The tree without places.
fn shapes(script: &Script) -> Vec<String> {
    let shape = |command| {
        let text = format!("{command:?}");
        let mut parts = text.split("span: Span {");
        let first = parts.next().unwrap_or("").to_owned();
        parts.fold(first, |shape, part| shape + part.split_once('}').map_or("", |(_, rest)| rest))
    };
    script.commands.iter().map(shape).collect()
}

fn assert_concatenates(first: &str, second: &str) {
    let (one, two) = (shell::read(first), shell::read(second));
    if opacity(&one).is_some() || opacity(&two).is_some() || first.contains("<<") || first.ends_with('\\') {
        return;
    }
    let both = shell::read(&format!("{first}\n{second}"));
    let mut expected = shapes(&one);
    expected.extend(shapes(&two));
    assert_eq!(shapes(&both), expected, "{first:?} and {second:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_read_and_its_spans_lie_in_it(text in "\\PC{0,60}") {
        assert_spans(&text);
    }

    #[test]
    fn any_characters_of_the_grammar_are_read(text in "[ \\n\\t;&|<>(){}$`'\"\\\\#=!*?@+\\[\\]a-e/:~1é-]{0,40}") {
        assert_spans(&text);
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let script = shell::read_bytes(&bytes);
        prop_assert!(std::str::from_utf8(&bytes).is_ok() || opacity(&script).is_some());
    }

    #[test]
    fn made_up_text_is_read_and_its_spans_lie_in_it(seed in any::<u64>()) {
        let mut generator = Generator::new(seed);
        let text = generator.list(3);
        assert_spans(&text);
        assert_spans(&generator.damaged(&text));
    }

    #[test]
    fn two_scripts_one_after_the_other_are_both(seed in any::<u64>()) {
        let mut generator = Generator::new(seed);
        assert_concatenates(&generator.list(2), &generator.list(2));
    }
}

#[test]
fn a_span_is_where_its_command_stands() {
    let text = "a && b \"$(c d)\" | e; f <<E\n$(g)\nE\n";
    let written: Vec<&str> =
        spans(&shell::read(text)).iter().map(|span| &text[span.start as usize..span.end as usize]).collect();
    for part in ["a && b \"$(c d)\" | e", "b \"$(c d)\" | e", "b \"$(c d)\"", "c d", "e", "f <<E", "<<E", "$(g)\n", "g"]
    {
        assert!(written.contains(&part), "{part:?} is not among {written:?}");
    }
}
