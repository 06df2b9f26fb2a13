//! Gemini CLI's shell form: the command in a subshell between a line that resets options and one that keeps the status.

/// The options that are reset, and the variable for the list of background jobs, up to its value.
const HEAD: &str = "shopt -u promptvars nullglob extglob nocaseglob dotglob; ";
const JOBS: &str = "_bgpids_file=";
const TRAP: &str = "\n(\n  trap 'jobs -p > \"$_bgpids_file\"' EXIT\n";
const TAIL: &str = "\n)\n__code=$?\nexit $__code";

/// The form of versions before 2026: `{ CMD; }; __code=$?; pgrep -g 0 >FILE 2>&1; exit $__code;`
const OLD_TAIL: &str = " }; __code=$?; pgrep -g 0 >";
const OLD_END: &str = " 2>&1; exit $__code;";

/// The command that the model wrote, if a text is exactly of Gemini CLI's form.
#[must_use]
pub fn command_of(text: &str) -> Option<String> {
    let text = text.strip_prefix(HEAD).unwrap_or(text);
    in_subshell(text).or_else(|| in_braces(text)).map(str::to_owned)
}

fn in_subshell(text: &str) -> Option<&str> {
    let (place, behind) = text.strip_prefix(JOBS)?.split_once('\n')?;
    let command = behind.strip_prefix(TRAP.strip_prefix('\n')?)?.strip_suffix(TAIL)?;
    is_place(place).then_some(command)
}

fn in_braces(text: &str) -> Option<&str> {
    let (command, behind) = text.strip_prefix("{ ")?.rsplit_once(OLD_TAIL)?;
    let place = behind.strip_suffix(OLD_END)?;
    is_place(place).then(|| command.strip_suffix(';').unwrap_or(command))
}

/// A plain path, quoted or not: nothing in it that a shell would act on.
fn is_place(word: &str) -> bool {
    let quoted = |quote| word.strip_prefix(quote).and_then(|inner: &str| inner.strip_suffix(quote));
    let bare = quoted('\'').or_else(|| quoted('"')).unwrap_or(word);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    bare.starts_with('/') && bare.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(command: &str, place: &str) -> String {
        format!(
            "shopt -u promptvars nullglob extglob nocaseglob dotglob; _bgpids_file={place}\n(\n  trap 'jobs -p > \"$_bgpids_file\"' EXIT\n{command}\n)\n__code=$?\nexit $__code"
        )
    }

    #[test]
    fn the_captured_form_gives_the_inner_command() {
        for place in ["/tmp/shell_bg_1.tmp", "'/tmp/gemini/bg.tmp'", "\"/tmp/bg\""] {
            assert_eq!(command_of(&packed("git status\necho done", place)).as_deref(), Some("git status\necho done"));
        }
    }

    #[test]
    fn the_earlier_form_gives_the_inner_command() {
        let text = "{ ls -l; }; __code=$?; pgrep -g 0 >/tmp/shell_pgrep_5a63468e1d38.tmp 2>&1; exit $__code;";
        assert_eq!(command_of(text).as_deref(), Some("ls -l"));
    }

    #[test]
    fn whatever_could_hide_something_is_not_of_the_form() {
        for text in [
            packed("ls", "$(rm -rf x)"),
            packed("ls", "/tmp/a; rm -rf x"),
            format!("{}; rm x", packed("ls", "/tmp/a")),
            format!("rm x; {}", packed("ls", "/tmp/a")),
            packed("ls", "/tmp/a").replace("EXIT", "EXIT; rm x"),
            "{ ls; }; __code=$?; pgrep -g 0 >/tmp/a$(rm x) 2>&1; exit $__code;".to_owned(),
            "ls".to_owned(),
            String::new(),
        ] {
            assert_eq!(command_of(&text), None, "{text}");
        }
    }
}
