//! Claude Code's shell form: `source SNAPSHOT … && eval 'CMD' < /dev/null && pwd -P >| /tmp/claude-XXXX-cwd`.

/// Words that stand before `eval` in every version seen, besides the snapshot's path. Nothing else may stand there:
/// what is left out of a prompt must be known to do nothing.
const PREAMBLE: &[&str] = &[
    "source",
    ".",
    "builtin",
    "command",
    "shopt",
    "-u",
    "extglob",
    "setopt",
    "NO_EXTENDED_GLOB",
    "NO_BARE_GLOB_QUAL",
    "NO_BARE_GLOB",
    "unalias",
    "unset",
    "-f",
    "--",
    "'unsetenv'",
    "2>/dev/null",
    ">/dev/null",
    "2>&1",
    "true",
    "||",
    "&&",
    "{",
    "}",
];

/// The command that the model wrote, if a text is exactly of Claude Code's form.
#[must_use]
pub fn command_of(text: &str) -> Option<String> {
    let (command, behind) = split_eval(text)?;
    let words = shell_words::split(command).ok()?;
    let [command] = <[String; 1]>::try_from(words).ok()?;
    is_ending(behind).then_some(command)
}

/// The quoted word behind `eval`, and what follows it; `None` where anything unknown stands before.
fn split_eval(text: &str) -> Option<(&str, &str)> {
    let mut rest = text.trim_start();
    loop {
        let (word, behind) = rest.split_once(' ')?;
        if word == "eval" {
            // What follows the command is looked for from the end: the command itself may hold the same words.
            let (head, _) = behind.rsplit_once(" && pwd -P >| ")?;
            let command = head.strip_suffix(" < /dev/null").unwrap_or(head);
            return Some((command, behind.get(command.len()..)?));
        }
        let plain = word.strip_prefix('\\').unwrap_or(word);
        let plain = plain.strip_suffix(';').unwrap_or(plain);
        if !PREAMBLE.contains(&plain) && !is_snapshot(plain) {
            return None;
        }
        rest = behind.trim_start_matches(' ');
    }
}

/// A snapshot of the user's shell, as Claude Code writes it at start-up: `…/shell-snapshots/snapshot-bash-….sh`.
fn is_snapshot(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '~');
    word.chars().all(plain)
        && word.ends_with(".sh")
        && word
            .rsplit_once('/')
            .is_some_and(|(directory, name)| directory.ends_with("/shell-snapshots") && name.starts_with("snapshot-"))
}

/// ` [< /dev/null ]&& pwd -P >| /tmp/claude-XXXX-cwd` and nothing behind.
fn is_ending(text: &str) -> bool {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let words = words.strip_prefix(&["<", "/dev/null"]).unwrap_or(&words);
    let ["&&", "pwd", "-P", ">|", place] = words else { return false };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    place.chars().all(plain)
        && place.rsplit_once('/').is_some_and(|(_, name)| name.starts_with("claude-") && name.ends_with("-cwd"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SNAPSHOT: &str =
        "source /root/.claude/shell-snapshots/snapshot-bash-1788851622550-x1y2z3.sh 2>/dev/null || true";
    const END: &str = "< /dev/null && pwd -P >| /tmp/claude-4704-cwd";

    #[test]
    fn the_forms_of_several_versions_give_the_inner_command() {
        for preamble in [
            String::new(),
            format!("{SNAPSHOT} && "),
            format!("{SNAPSHOT} && shopt -u extglob 2>/dev/null || true && "),
            format!(r"{SNAPSHOT} && \builtin shopt -u extglob 2>/dev/null || true && "),
            format!(
                "{SNAPSHOT} && {{ shopt -u extglob || setopt NO_EXTENDED_GLOB NO_BARE_GLOB; }} >/dev/null 2>&1 || true && "
            ),
            format!(
                r"{SNAPSHOT} && shopt -u extglob 2>/dev/null || true && {{ \builtin unalias -- 'unsetenv'; \builtin unset -f -- 'unsetenv'; }} >/dev/null 2>&1 || true && "
            ),
        ] {
            let text = format!("{preamble}eval 'git status' {END}");
            assert_eq!(command_of(&text).as_deref(), Some("git status"), "{text}");
        }
    }

    #[test]
    fn both_ways_of_quoting_a_quote_are_undone() {
        let text = format!(r#"{SNAPSHOT} && eval 'echo '"'"'a b'"'"'' {END}"#);
        assert_eq!(command_of(&text).as_deref(), Some("echo 'a b'"));
        let text = format!(r"{SNAPSHOT} && eval 'echo '\''a b'\''' {END}");
        assert_eq!(command_of(&text).as_deref(), Some("echo 'a b'"));
    }

    #[test]
    fn a_command_of_several_lines_and_with_the_endings_own_words_is_whole() {
        let text = format!("{SNAPSHOT} && eval 'cat <<E\n && pwd -P >| /tmp/claude-1-cwd\nE' {END}");
        assert_eq!(command_of(&text).as_deref(), Some("cat <<E\n && pwd -P >| /tmp/claude-1-cwd\nE"));
    }

    #[test]
    fn the_ending_without_a_null_input_is_known_too() {
        let text = "eval 'ls -l' && pwd -P >| /tmp/claude-6d76-cwd";
        assert_eq!(command_of(text).as_deref(), Some("ls -l"));
    }

    #[test]
    fn whatever_could_hide_something_is_not_of_the_form() {
        for text in [
            "rm -rf / && eval 'ls' < /dev/null && pwd -P >| /tmp/claude-1-cwd".to_owned(),
            "source /tmp/evil.sh 2>/dev/null || true && eval 'ls' < /dev/null && pwd -P >| /tmp/claude-1-cwd"
                .to_owned(),
            format!("{SNAPSHOT} && eval 'ls' 'rm x' {END}"),
            format!("{SNAPSHOT} && eval 'ls' {END}; rm -rf /"),
            format!("{SNAPSHOT} && eval 'ls' {END} && rm x"),
            format!("{SNAPSHOT} && eval 'ls' < /dev/null && rm x && pwd -P >| /tmp/claude-1-cwd"),
            format!("{SNAPSHOT} && eval 'ls' > /etc/passwd && pwd -P >| /tmp/claude-1-cwd"),
            format!("{SNAPSHOT} && eval 'ls' < /dev/null && pwd -P >| /tmp/$(rm)claude-1-cwd"),
            format!("{SNAPSHOT} && eval 'ls < /dev/null && pwd -P >| /tmp/claude-1-cwd"),
            "git status".to_owned(),
            "eval 'git status'".to_owned(),
            String::new(),
        ] {
            assert_eq!(command_of(&text), None, "{text}");
        }
    }
}
