//! The agents that are known, the programs they are started by, and how holdpoint becomes their shell.

/// How an agent is given another shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attachment {
    /// By a variable of its environment that names the shell.
    Variable(&'static str),
    /// By a key of its own settings.
    Setting(&'static str),
    /// By a directory in front of its search path: it looks `bash` up there.
    SearchPath,
    /// Not at all: it runs `/bin/bash`, or no shell. Commands are prefixed with `holdpoint run --`.
    Prefix,
}

/// An agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agent {
    /// Its name for people.
    pub name: &'static str,
    /// The program it is started by.
    pub program: &'static str,
    /// How it is given another shell.
    pub attachment: Attachment,
}

/// All agents that are known. Each was seen to run its commands so, or documents it.
pub const ROSTER: [Agent; 13] = [
    Agent { name: "Claude Code", program: "claude", attachment: Attachment::Variable("CLAUDE_CODE_SHELL") },
    Agent { name: "OpenCode", program: "opencode", attachment: Attachment::Setting("\"shell\" in opencode.json") },
    Agent { name: "Kilo", program: "kilo", attachment: Attachment::Variable("SHELL") },
    Agent { name: "Continue", program: "cn", attachment: Attachment::Variable("SHELL") },
    Agent { name: "Aider", program: "aider", attachment: Attachment::Variable("SHELL") },
    Agent { name: "Gemini CLI", program: "gemini", attachment: Attachment::SearchPath },
    Agent { name: "Qwen Code", program: "qwen", attachment: Attachment::SearchPath },
    Agent { name: "OpenHands", program: "openhands", attachment: Attachment::SearchPath },
    Agent { name: "Codex", program: "codex", attachment: Attachment::Prefix },
    Agent { name: "Copilot CLI", program: "copilot", attachment: Attachment::Prefix },
    Agent { name: "Cline", program: "cline", attachment: Attachment::Prefix },
    Agent { name: "Cursor", program: "cursor-agent", attachment: Attachment::Prefix },
    Agent { name: "Crush", program: "crush", attachment: Attachment::Prefix },
];
