//! The policy as a value: what may be done, by effect.

use super::form;
use super::task::Task;
use super::verdict::Decision;
use crate::decide::action::{Reach, Reversal, Verb};
use serde::{Deserialize, Serialize};

/// Where a layer of policy comes from. Later layers are nearer; a nearer one may loosen only if it is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Compiled in.
    BuiltIn,
    /// `/etc/holdpoint/policy.yaml`
    System,
    /// `~/.config/holdpoint/policy.yaml`
    User,
    /// `.holdpoint.yaml` in the repository.
    Repository,
    /// A task that was chosen: the nearest of all, and never trusted.
    Task,
}

impl Origin {
    /// The layer's name in messages and the record.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Origin::BuiltIn => "built-in",
            Origin::System => "system",
            Origin::User => "user",
            Origin::Repository => "repository",
            Origin::Task => "task",
        }
    }
}

/// One policy file as read and checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// Where it comes from.
    pub origin: Origin,
    /// May it loosen? `false` only for a repository's file that was not trusted.
    pub trusted: bool,
    /// The path it was read from; empty for the built-in one.
    pub path: String,
    /// What it says.
    pub document: Document,
}

/// The contents of a policy file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Document {
    /// The form's version; 1.
    pub version: Option<u32>,
    /// `observe`, `default`, `strict`
    pub profile: Option<Profile>,
    /// Statements, in order.
    pub statements: Vec<Statement>,
    /// How people are asked.
    pub approval: Approval,
    /// Walls around credentials.
    pub credentials: Credentials,
    /// Where commands may write.
    pub scope: Scope,
    /// Variables of the command's environment.
    pub env: Variables,
    /// How far the network reaches.
    pub network: Option<Network>,
    /// The shells to run, by name: `bash: /usr/bin/bash`.
    pub shells: std::collections::BTreeMap<String, String>,
    /// Walls without which nothing may run.
    pub require: Vec<Wall>,
    /// Pieces of work by name, and how little each needs. One is chosen by `--task`, `HOLDPOINT_TASK` or its branches.
    pub tasks: std::collections::BTreeMap<String, Task>,
    /// The task that a layer stands for; no file says it.
    #[serde(skip)]
    pub chosen: Option<Task>,
}

/// How strict everything is that no statement mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Record what would be held; hold nothing. Walls stand all the same.
    Observe,
    /// Hold what cannot be taken back.
    Default,
    /// Hold also what a service could restore, and everything that was not understood.
    Strict,
}

impl Profile {
    /// The profile as policy writes it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Profile::Observe => "observe",
            Profile::Default => "default",
            Profile::Strict => "strict",
        }
    }
}

/// One sentence of policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// A name for messages and the record.
    pub id: String,
    /// What is decided.
    pub decision: Decision,
    /// When. An empty condition matches every action.
    #[serde(default)]
    pub when: Condition,
    /// Why, for the person.
    #[serde(default)]
    pub why: Option<String>,
}

/// Conditions of a statement; every key that is given must hold, lists are alternatives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Condition {
    /// Rule ids, globs: `git.push.*`.
    #[serde(deserialize_with = "form::one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub rule: Vec<String>,
    /// Verbs.
    #[serde(deserialize_with = "form::one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub verb: Vec<Verb>,
    /// Kinds of resource, globs.
    #[serde(deserialize_with = "form::one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub resource: Vec<String>,
    /// Names of what is hit, globs: paths, hosts, tables.
    #[serde(deserialize_with = "form::one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub name: Vec<String>,
    /// Reaches.
    #[serde(deserialize_with = "form::one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub reach: Vec<Reach>,
    /// Reversals.
    #[serde(deserialize_with = "form::one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub reversal: Vec<Reversal>,
    /// Branches that are checked out, globs.
    #[serde(deserialize_with = "form::one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub branch: Vec<String>,
    /// Users, globs.
    #[serde(deserialize_with = "form::one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub user: Vec<String>,
}

/// How people are asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Approval {
    /// How many seconds a held command waits for an answer from the inbox; 0: not at all.
    #[serde(deserialize_with = "form::seconds", skip_serializing_if = "Option::is_none")]
    pub wait: Option<u64>,
    /// How many seconds a request, and a yes that was not used, stay good.
    #[serde(deserialize_with = "form::seconds", skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u64>,
}

/// Walls around credentials.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Credentials {
    /// Further paths to wall off; `~` is home, relative paths are the repository's, globs allowed.
    pub deny: Vec<String>,
    /// Paths or credential ids of `rules/credentials.yaml` that any command may read. Loosens.
    pub pass: Vec<String>,
}

/// Variables of the command's environment, by name; globs allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Variables {
    /// Variables that no command gets.
    pub deny: Vec<String>,
    /// Variables that every command keeps although they look like a secret. Loosens.
    pub pass: Vec<String>,
}

/// Where commands may write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scope {
    /// Control files, `~/…` or `/…`, that commands may write although they run later. Loosens.
    pub write: Vec<String>,
}

/// How far the network reaches from inside the walls, the widest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    /// As far as outside.
    Open,
    /// TCP connections go to these ports only.
    Ports(std::collections::BTreeSet<u16>),
    /// To the command's own processes only.
    None,
}

/// A wall that policy may require.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wall {
    /// Credential files cannot be read.
    Credentials,
    /// Control files cannot be written.
    Writes,
    /// Sockets that equal credentials and abstract sockets of others cannot be reached, and what policy says of the network stands.
    Network,
}

impl Wall {
    /// The wall as policy writes it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Wall::Credentials => "credentials",
            Wall::Writes => "writes",
            Wall::Network => "network",
        }
    }
}

/// All layers that apply, the farthest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// The layers: built-in, system, user, repository.
    pub layers: Vec<Layer>,
}
