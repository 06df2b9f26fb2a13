//! Environment names that agents set for the commands they run.

/// Names that only one agent sets, nearest first: Kilo also sets OpenCode's, so it stands before it.
const OWN: &[(&str, &str)] = &[
    ("CLAUDECODE", "claude-code"),
    ("CLAUDE_CODE_SESSION_ID", "claude-code"),
    ("CLAUDE_CODE_CHILD_SESSION", "claude-code"),
    ("CODEX_THREAD_ID", "codex"),
    ("CODEX_SESSION_ID", "codex"),
    ("CODEX_TOOL_CALL_ID", "codex"),
    ("CODEX_CI", "codex"),
    ("CODEX_SANDBOX", "codex"),
    ("GEMINI_CLI", "gemini-cli"),
    ("QWEN_CODE", "qwen-code"),
    ("KILO", "kilo"),
    ("OPENCODE", "opencode"),
    ("COPILOT_CLI", "copilot-cli"),
    ("COPILOT_AGENT_SESSION_ID", "copilot-cli"),
    ("CLINE_CONNECTOR_CLI_LAUNCH", "cline"),
    ("CLINE_ACTIVE", "cline"),
    ("CURSOR_AGENT", "cursor"),
    ("GOOSE_TERMINAL", "goose"),
    ("CRUSH", "crush"),
    ("AMP_CURRENT_THREAD_ID", "amp"),
    ("AUGMENT_AGENT", "augment"),
    ("TRAE_AI_SHELL_ID", "trae"),
    ("VSCODE_AGENT", "vscode"),
];

/// Names that several agents set to say that some agent is there.
const ANY: &[&str] = &["AI_AGENT", "AGENT", "AGENT_SESSION_ID"];

/// Values of [`ANY`] that name an agent.
const NAMED: &[(&str, &str)] = &[
    ("claude-code", "claude-code"),
    ("goose", "goose"),
    ("crush", "crush"),
    ("amp", "amp"),
    ("warp", "warp"),
    ("opencode", "opencode"),
];

/// Which agent's marker stands in an environment, given as a way to look up a name. An empty value counts as set:
/// a marker can only make holdpoint stricter.
#[must_use]
pub fn label<'v>(lookup: impl Fn(&str) -> Option<&'v str>) -> Option<&'static str> {
    let own = OWN.iter().find(|(name, _)| lookup(name).is_some()).map(|(_, label)| *label);
    own.or_else(|| ANY.iter().find_map(|name| lookup(name)).map(name_of))
}

/// The label for a marker's value such as `claude-code_2-1-329_agent`.
fn name_of(value: &str) -> &'static str {
    let value = value.to_ascii_lowercase();
    NAMED.iter().find(|(start, _)| value.starts_with(start)).map_or("an agent", |(_, label)| label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label_of(pairs: &[(&'static str, &'static str)]) -> Option<&'static str> {
        label(|wanted| pairs.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value))
    }

    #[test]
    fn every_agent_is_recognised_by_the_names_it_was_seen_to_set() {
        for (environment, wanted) in [
            (&[("CLAUDECODE", "1"), ("AI_AGENT", "claude-code_2-1-329_agent")][..], "claude-code"),
            (&[("CODEX_CI", "1"), ("TERM", "dumb")], "codex"),
            (&[("GEMINI_CLI", "1")], "gemini-cli"),
            (&[("QWEN_CODE", "1")], "qwen-code"),
            (&[("OPENCODE", "1"), ("AGENT", "1")], "opencode"),
            (&[("KILO", "1"), ("OPENCODE", "1"), ("AGENT", "1")], "kilo"),
            (&[("COPILOT_CLI", "1")], "copilot-cli"),
            (&[("CURSOR_AGENT", "1")], "cursor"),
            (&[("AGENT", "goose")], "goose"),
            (&[("AI_AGENT", "Warp")], "warp"),
            (&[("AGENT", "1")], "an agent"),
        ] {
            assert_eq!(label_of(environment), Some(wanted), "{environment:?}");
        }
    }

    #[test]
    fn a_persons_environment_has_no_label() {
        assert_eq!(
            label_of(&[("SSH_AGENT_PID", "12"), ("TERM", "xterm"), ("EDITOR", "vi"), ("SHELL", "/bin/bash")]),
            None
        );
    }

    #[test]
    fn an_empty_marker_counts() {
        assert_eq!(label_of(&[("CLAUDECODE", "")]), Some("claude-code"));
    }
}
