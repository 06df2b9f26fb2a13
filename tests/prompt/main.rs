//! The prompt, on a real pseudo terminal: this program plays the person, and runs itself as the one who asks.
//!
//! It has no libtest harness, because the one who asks must have a single thread, as the `holdpoint` binary has.
//! `setsid --ctty` (util-linux) gives a child the terminal as its controlling one.

mod asker;
mod person;

use person::{Case, Seat, play};

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("ask") {
        asker::main(arguments.collect());
        return;
    }
    // `--exact`, `--nocapture` and the like are libtest's; the one word that is taken is a part of a name.
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    let listed = std::env::args().any(|argument| argument == "--list");
    let chosen: Vec<&Case> = CASES.iter().filter(|(name, _)| name.contains(&filter)).collect();
    if listed {
        chosen.iter().for_each(|(name, _)| println!("{name}: test"));
        return;
    }
    println!("\nrunning {} tests", chosen.len());
    let failed = chosen.iter().filter(|case| !play(case)).count();
    println!(
        "\ntest result: {}. {} passed; {failed} failed\n",
        if failed == 0 { "ok" } else { "FAILED" },
        chosen.len() - failed
    );
    if failed > 0 {
        std::process::exit(101);
    }
}

const CASES: &[Case] = &[
    ("once_lets_it_through_once", || {
        let mut seat = Seat::take(&[]);
        seat.wait_for("Run it?");
        seat.type_text("once\n");
        assert!(
            seat.result().starts_with("Once { grant: Grant { digest: \"d1\", channel: \"terminal\", by: \"ada\" }")
        );
    }),
    ("session_holds_for_the_rest_of_the_session_without_a_further_prompt", || {
        let mut seat = Seat::take(&["twice"]);
        seat.wait_for("Run it?");
        seat.type_text("session\n");
        let result = seat.result();
        assert!(result.starts_with("Session { grant: Grant { digest: \"d1\", channel: \"terminal\""), "{result}");
        assert!(result.contains("then Session { grant: Grant { digest: \"d1\", channel: \"session\""), "{result}");
    }),
    ("no_and_an_empty_line_are_no", || {
        for typed in ["no\n", "\n", "n\n", " NO \n"] {
            let mut seat = Seat::take(&[]);
            seat.wait_for("Run it?");
            seat.type_text(typed);
            assert!(seat.result().starts_with("No { because: \"ada said no at the terminal\""), "{typed:?}");
        }
    }),
    ("yes_is_not_one_of_the_words_and_after_three_tries_it_is_no", || {
        let mut seat = Seat::take(&[]);
        for _ in 0..3 {
            seat.wait_for("Run it?");
            seat.type_text("yes\n");
        }
        assert!(seat.result().starts_with("No {"));
    }),
    ("ctrl_c_is_no", || {
        let mut seat = Seat::take(&[]);
        seat.wait_for("Run it?");
        seat.type_text("on\x03");
        assert!(seat.result().contains("No { because: \"no answer was given at the terminal (it was interrupted)\""));
    }),
    ("ctrl_d_is_no", || {
        let mut seat = Seat::take(&[]);
        seat.wait_for("Run it?");
        seat.type_text("\x04");
        assert!(seat.result().contains("No { because: \"no answer was given at the terminal (end of input)\""));
    }),
    ("a_word_cut_short_by_ctrl_d_is_no_yes", || {
        let mut seat = Seat::take(&[]);
        seat.wait_for("Run it?");
        seat.type_text("once\x04\x04");
        assert!(seat.result().starts_with("No {"));
    }),
    ("a_hang_up_is_no", || {
        let mut seat = Seat::take(&[]);
        seat.wait_for("Run it?");
        seat.hang_up();
        assert!(seat.result().starts_with("No {"));
    }),
    ("what_was_typed_before_the_question_stood_there_is_ignored", || {
        let mut seat = Seat::take(&["late"]);
        seat.wait_for("ready");
        seat.type_text("once\nonce\nonce\n");
        seat.let_go();
        seat.wait_for("Run it?");
        seat.type_text("no\n");
        assert!(seat.result().starts_with("No { because: \"ada said no"));
    }),
    ("hostile_text_is_shown_and_does_not_reach_the_terminal", || {
        let mut seat = Seat::take(&["hostile"]);
        seat.wait_for("Run it?");
        let shown = seat.seen();
        assert!(shown.contains("⟨001B⟩[2J") && shown.contains("⟨202E⟩"), "{shown}");
        assert!(!shown.contains('\x1b') && !shown.contains('\u{202E}'), "{shown:?}");
        seat.type_text("no\n");
        seat.result();
    }),
    ("what_would_be_lost_is_told", || {
        let mut seat = Seat::take(&[]);
        seat.wait_for("Run it?");
        let shown = seat.seen();
        for part in [
            "git push -f origin main",
            "git.push.force: Replaces the remote branch.",
            "what      remote-ref main\r\n",
            "the repository or project",
            "312 commits",
            "no, it cannot be taken back",
            "git push --force-with-lease",
            "asked by claude-code",
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        seat.type_text("no\n");
        seat.result();
    }),
    ("what_reaches_far_runs_only_when_its_name_was_typed", || {
        for (name, wanted) in [("production", "Once {"), ("Production", "No {"), ("", "No {"), ("once", "No {")] {
            let mut seat = Seat::take(&["far"]);
            seat.wait_for("Run it?");
            seat.type_text("once\n");
            seat.wait_for("To confirm, type production");
            seat.type_text(&format!("{name}\n"));
            assert!(seat.result().starts_with(wanted), "{name}");
        }
    }),
    ("a_name_that_cannot_be_seen_is_confirmed_by_the_requests_id", || {
        let mut seat = Seat::take(&["unseen"]);
        seat.wait_for("Run it?");
        seat.type_text("once\n");
        seat.wait_for("characters that cannot be seen");
        seat.wait_for("To confirm, type ");
        let id = seat.word_behind("To confirm, type ");
        seat.type_text(&format!("{id}\n"));
        assert!(seat.result().starts_with("Once {"));
    }),
    ("an_agents_marker_sends_the_question_to_the_inbox", || {
        let mut seat = Seat::take(&["agent"]);
        assert!(seat.result().starts_with("Waiting {"));
        assert!(!seat.seen().contains("Run it?"));
    }),
    ("without_a_controlling_terminal_the_question_goes_to_the_inbox", || {
        let mut seat = Seat::take_without_terminal(&[]);
        assert!(seat.result().starts_with("Waiting {"));
    }),
    ("in_the_background_the_question_goes_to_the_inbox", || {
        let mut seat = Seat::take(&["background"]);
        assert!(seat.result().starts_with("Waiting {"));
        assert!(!seat.seen().contains("Run it?"));
    }),
    ("a_yes_from_the_inbox_is_used_without_a_prompt", || {
        let mut seat = Seat::take(&["approved"]);
        assert!(seat.result().contains("channel: \"inbox\""));
        assert!(!seat.seen().contains("Run it?"));
    }),
    ("the_terminals_mode_is_restored_whatever_the_answer", || {
        for typed in ["once\n", "no\n", "\x03", "\x04"] {
            let mut seat = Seat::take(&["raw"]);
            seat.wait_for("Run it?");
            seat.type_text(typed);
            assert!(seat.result().ends_with("mode restored"), "{typed:?}");
        }
    }),
    ("standard_input_stays_the_commands_own", || {
        let mut seat = Seat::take(&["stdin"]);
        seat.wait_for("Run it?");
        seat.type_text("no\n");
        assert!(seat.result().ends_with("stdin was \"once\\n\""));
    }),
];
