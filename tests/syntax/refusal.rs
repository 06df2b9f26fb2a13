//! What is said to be refused, bash refuses; what only we do not understand is not said to be.

use holdpoint::decide::syntax::{Opacity, opacity, shell};

use crate::bash::Bash;
use crate::generate::Generator;

const REFUSED: &[&str] = &[
    "find . ( -name a -o -name b ) -print",
    "find /home -name '*.jpg",
    "grep -r \"text to search",
    "watch wc -l <file-name>",
    "<Ctrl b><c>",
    "(find . -name x | sort",
    "if true; then echo a; else echo b fi",
    "SELECT COUNT(*) FROM users",
    "db.users.find()",
    "my_function() { echo a }",
    "echo a; done",
    "echo a && && echo b",
    "echo a; ; echo b",
    "ls )",
];

/// Not one of these is certain: a shell may run a part of it, or reads it otherwise than we do.
const NOT_CERTAIN: &[&str] = &[
    "ls )\n:>r",
    ":>r\nls )",
    "x <<E )\nE",
    "coproc $x { :>r; }",
    "a[1]=(b $(:>r))",
    "echo $'\\'' '; :>r #",
    "[[ a ; :>r",
    "echo \"${x#'}\" '; :>r",
    "alias f=':>r #'; f )",
    "select x in a; do :>r",
    "`)`",
];

#[test]
fn a_line_that_no_shell_can_read_is_refused() {
    let bash = Bash::new();
    for text in REFUSED {
        assert_eq!(opacity(&shell::read(text)), Some(Opacity::Refused), "{text}");
        assert_eq!(bash.printed(text), None, "bash accepts {text}");
    }
}

#[test]
fn what_is_not_certain_is_unread() {
    for text in NOT_CERTAIN {
        assert_ne!(opacity(&shell::read(text)), Some(Opacity::Refused), "{text}");
    }
}

#[test]
fn bash_runs_nothing_of_what_is_refused() {
    let bash = Bash::new();
    let mut generator = Generator::new(77);
    let mut refused = 0;
    for _ in 0..60_000 {
        let text = generator.list(3);
        let text = generator.damaged(&text);
        if text.contains('\n') || opacity(&shell::read(&text)) != Some(Opacity::Refused) {
            continue;
        }
        refused += 1;
        assert!(!bash.creates_mark(&text), "bash runs a part of {text:?}");
        if refused >= 300 {
            break;
        }
    }
    assert!(refused >= 100, "only {refused} texts were refused");
}
