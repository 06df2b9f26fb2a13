//! What a shell knows while it runs a script: variables, functions, aliases, the working directory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::facts::Setting;
use super::forked::Forked;
use super::stream::Flow;
use super::value::Value;
use crate::decide::syntax::Command;

/// A number that is not known, such as a process id: one word without a slash, so that `/tmp/x.$$` stays below `/tmp`.
/// It is no digit, lest an index or an offset be computed with it.
pub(super) const NUMBER: &str = "№";

/// The values of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bound {
    /// One value.
    Scalar(Value),
    /// An array's elements.
    List(Vec<Value>),
}

/// The most text that a variable is remembered with; a script is not longer itself.
const HEAVIEST: usize = 1 << 16;
/// The most paths that are remembered as made by the script.
const PATHS: usize = 256;

impl Bound {
    /// How much text it holds, with something for each element.
    fn weight(&self) -> usize {
        match self {
            Bound::Scalar(value) => value.weight(),
            Bound::List(values) => values.iter().map(|value| value.weight() + 4).sum(),
        }
    }
}

/// The state of one shell. A subshell works on a copy.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    variables: Forked<BTreeMap<String, Bound>>,
    /// What the values of variables carry: `x=$(env)`.
    carried: Forked<BTreeMap<String, Flow>>,
    functions: Forked<BTreeMap<String, Arc<Command>>>,
    aliases: Forked<BTreeMap<String, String>>,
    /// `$1 …`; none at the top.
    pub(super) parameters: Forked<Vec<Value>>,
    /// `$0`
    pub(super) name: Forked<String>,
    /// The working directory; unknown after `cd "$x"`.
    pub(super) directory: Forked<Value>,
    /// The working directory before the last `cd`.
    pub(super) previous: Forked<Value>,
    /// `true` once text was sourced that was not read: a variable that was not set here may be anything.
    pub(super) blurred: bool,
    /// Directories and files that the script itself made.
    pub(super) made: Forked<BTreeSet<String>>,
    /// Directories and files that the script makes unless they are there already.
    pub(super) made_if_missing: Forked<BTreeSet<String>>,
    /// Where it moved things that it did not make; `None` where that is not known.
    pub(super) moved: Forked<Vec<Option<String>>>,
    /// Files that are not there, as a test said before.
    pub(super) absent: Forked<Vec<String>>,
    /// Texts of files that the script itself wrote.
    pub(super) written: Forked<BTreeMap<String, Value>>,
    /// Files that the script made as copies of others, or as links to them.
    copied: Forked<BTreeMap<String, Copied>>,
    /// A variable was set that makes programs run what others wrote.
    pub(super) steers: bool,
    /// How many entries were compared or copied for which nobody has paid yet.
    work: usize,
}

/// Of what a file is a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Copied {
    pub(super) from: String,
    /// What stood there before is replaced: `cp` does that, `ln` and `cp -n` do not.
    pub(super) replaces: bool,
}

impl Scope {
    pub(super) fn at(setting: &Setting) -> Self {
        Scope {
            variables: Forked::default(),
            carried: Forked::default(),
            functions: Forked::default(),
            aliases: Forked::default(),
            parameters: setting.parameters.iter().skip(1).map(|word| Value::literal(word)).collect::<Vec<_>>().into(),
            name: setting.parameters.first().map_or("bash", String::as_str).to_owned().into(),
            directory: Value::literal(&setting.directory).into(),
            previous: Value::unknown().into(),
            blurred: false,
            made: Forked::default(),
            made_if_missing: Forked::default(),
            moved: Forked::default(),
            absent: Forked::default(),
            written: Forked::default(),
            copied: Forked::default(),
            steers: false,
            work: 0,
        }
    }

    /// What was spent on copies and comparisons since this was asked last, in commands.
    pub(super) fn take_work(&mut self) -> usize {
        let copied = self.variables.take_times() * self.variables.len()
            + self.carried.take_times() * self.carried.len()
            + self.functions.take_times() * self.functions.len()
            + self.aliases.take_times() * self.aliases.len()
            + self.parameters.take_times() * self.parameters.len()
            + self.made.take_times() * self.made.len()
            + self.made_if_missing.take_times() * self.made_if_missing.len()
            + self.moved.take_times() * self.moved.len()
            + self.copied.take_times() * self.copied.len()
            + self.written.take_times() * self.written.len();
        std::mem::take(&mut self.work) + copied
    }

    /// A variable's values: set here, else inherited, else unset (`None`).
    pub(super) fn variable(&self, name: &str, setting: &Setting) -> Option<Bound> {
        if let Some(bound) = self.variables.get(name) {
            return Some(bound.clone());
        }
        if self.blurred && !matches!(name, "HOME" | "USER") {
            return Some(Bound::Scalar(Value::unknown()));
        }
        match name {
            "__HOLDPOINT_UNKNOWN" => Some(Bound::Scalar(Value::unknown())),
            "PWD" => Some(Bound::Scalar(Value::clone(&self.directory))),
            "HOME" => setting.homes.first().map(|home| Bound::Scalar(Value::literal(home))),
            // bash sets IFS itself and never takes it from the environment.
            "IFS" => Some(Bound::Scalar(Value::literal(" \t\n"))),
            "RANDOM" | "SECONDS" | "LINENO" | "PPID" | "BASHPID" | "EPOCHSECONDS" | "SRANDOM" | "UID" | "EUID" => {
                Some(Bound::Scalar(Value::literal(NUMBER)))
            }
            "EPOCHREALTIME" | "OLDPWD" | "REPLY" | "OPTARG" | "HOSTNAME" | "_" | "BASH_VERSION" | "BASH"
            | "PIPESTATUS" | "FUNCNAME" | "BASH_SOURCE" | "BASH_REMATCH" | "COLUMNS" | "LINES" => {
                Some(Bound::Scalar(Value::unknown()))
            }
            _ if setting.unreadable.contains(name) => Some(Bound::Scalar(Value::unknown())),
            _ => setting.environment.get(name).map(|value| Bound::Scalar(Value::literal(value))),
        }
    }

    pub(super) fn set(&mut self, name: &str, bound: Bound) {
        let bound = if bound.weight() > HEAVIEST { Bound::Scalar(Value::unknown()) } else { bound };
        self.steers |= super::variable::steering().any(|steering| steering == name);
        self.variables.insert(name.to_owned(), bound);
    }

    /// Was the variable set by the script itself?
    pub(super) fn is_set_here(&self, name: &str) -> bool {
        self.variables.contains_key(name)
    }

    /// Notes what a variable's value carries.
    pub(super) fn carry(&mut self, name: &str, flow: &Flow) {
        if flow.is_plain() {
            if self.carried.contains_key(name) {
                self.carried.remove(name);
            }
        } else {
            self.carried.insert(name.to_owned(), flow.clone());
        }
    }

    /// What a variable's value carries, if anything.
    pub(super) fn carried_by(&self, name: &str) -> Option<&Flow> {
        self.carried.get(name)
    }

    pub(super) fn set_unknown(&mut self, name: &str) {
        self.set(name, Bound::Scalar(Value::unknown()));
    }

    /// Remembers that a file is now a copy of another.
    pub(super) fn note_copy(&mut self, to: String, copied: Copied) {
        if let Some(text) = self.written.get(&copied.from).cloned() {
            self.written.insert(to, text);
        } else if self.copied.len() < PATHS {
            let from = self.copied.get(&copied.from).map_or(copied.from, |earlier| earlier.from.clone());
            self.written.remove(&to);
            self.copied.insert(to, Copied { from, ..copied });
        }
    }

    /// The file of which this one is a copy.
    pub(super) fn origin_of(&self, path: &str) -> Option<&Copied> {
        self.copied.get(path)
    }

    /// Remembers paths that the script makes, as far as there is room: what is not remembered is not taken for its own.
    pub(super) fn note_made(&mut self, paths: Vec<String>) {
        for path in paths {
            if self.made.len() < PATHS && !self.made.contains(&path) {
                self.made.insert(path);
            }
        }
    }

    /// Remembers paths that the script makes unless they are there already, as far as there is room.
    pub(super) fn note_made_if_missing(&mut self, paths: impl IntoIterator<Item = String>) {
        for path in paths {
            if self.made_if_missing.len() < PATHS && !self.made_if_missing.contains(&path) {
                self.made_if_missing.insert(path);
            }
        }
    }

    /// Did the script name this path before?
    pub(super) fn is_named(&self, path: &str) -> bool {
        self.made_if_missing.iter().any(|named| named == path)
    }

    /// Remembers where something was moved that the script did not make; `None` where that is not known. Where so many
    /// were moved that they are not remembered, any path may be one of them.
    pub(super) fn note_moved(&mut self, destination: Option<String>) {
        let destination = destination.filter(|_| self.moved.len() < PATHS);
        if !self.moved.contains(&destination) {
            self.moved.push(destination);
        }
    }

    pub(super) fn unset(&mut self, name: &str) {
        // An inherited variable must not show through again.
        self.set(name, Bound::Scalar(Value::default()));
        if self.functions.contains_key(name) {
            self.functions.remove(name);
        }
    }

    pub(super) fn define(&mut self, name: &str, body: Arc<Command>) {
        self.functions.insert(name.to_owned(), body);
    }

    pub(super) fn function(&self, name: &str) -> Option<Arc<Command>> {
        self.functions.get(name).cloned()
    }

    /// Of no variable is it known any more what it holds, and of no file that was written.
    pub(super) fn forget_values(&mut self) {
        self.work += self.variables.len() + self.written.len();
        self.variables.values_mut().for_each(|bound| *bound = Bound::Scalar(Value::unknown()));
        self.written.values_mut().for_each(|text| *text = Value::unknown());
        self.directory = Value::unknown().into();
        self.blurred = true;
    }

    /// The variable is again what the environment says.
    pub(super) fn forget(&mut self, name: &str) {
        self.variables.remove(name);
    }

    pub(super) fn forget_alias(&mut self, name: &str) {
        self.aliases.remove(name);
    }

    pub(super) fn copy_aliases(&mut self, from: &Scope) {
        self.aliases = from.aliases.clone();
    }

    pub(super) fn has_aliases(&self) -> bool {
        !self.aliases.is_empty()
    }

    pub(super) fn set_alias(&mut self, name: &str, text: &str) {
        self.aliases.insert(name.to_owned(), text.to_owned());
    }

    pub(super) fn alias(&self, name: &str) -> Option<&String> {
        self.aliases.get(name)
    }

    /// `true` if variables or the directory are no longer what they were.
    pub(super) fn changed_since(&self, before: &Scope) -> bool {
        self.variables != before.variables || self.directory != before.directory
    }

    /// May things stand there that were moved, and not made?
    pub(super) fn was_moved(&self, path: &str) -> bool {
        let below = |path: &str, directory: &str| {
            path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let touches = |moved: &String| below(moved, path) || below(path, moved);
        self.moved.iter().any(|moved| moved.as_ref().is_none_or(touches))
    }

    /// Joins what two ways through a script leave behind: what differs is not known.
    pub(super) fn join(&mut self, other: &Scope, setting: &Setting) {
        if !self.variables.is_same(&other.variables) {
            self.work += self.variables.len() + other.variables.len();
            for name in self.differing(other, setting) {
                self.set_unknown(&name);
            }
        }
        if self.directory != other.directory {
            self.directory = Value::unknown().into();
        }
        if self.previous != other.previous {
            self.previous = Value::unknown().into();
        }
        if !self.functions.is_same(&other.functions) {
            self.work += other.functions.len();
            for (name, body) in other.functions.iter() {
                if !self.functions.contains_key(name) {
                    self.functions.insert(name.clone(), Arc::clone(body));
                }
            }
        }
        self.blurred |= other.blurred;
        self.steers |= other.steers;
        self.join_files(other);
    }

    /// What values carry, and what was made, moved and written.
    fn join_files(&mut self, other: &Scope) {
        if !self.carried.is_same(&other.carried) {
            self.work += other.carried.len();
            for (name, flow) in other.carried.iter() {
                let both = self.carried.get(name).cloned().unwrap_or_default().and(flow);
                if self.carried.get(name) != Some(&both) {
                    self.carried.insert(name.clone(), both);
                }
            }
        }
        if !self.made.is_same(&other.made) {
            self.work += self.made.len();
            self.made.retain(|path| other.made.contains(path));
        }
        if !self.absent.is_same(&other.absent) {
            self.work += self.absent.len();
            self.absent.retain(|path| other.absent.contains(path));
        }
        if !self.moved.is_same(&other.moved) {
            other.moved.iter().for_each(|path| self.note_moved(path.clone()));
        }
        if !self.copied.is_same(&other.copied) {
            self.work += other.copied.len();
            self.copied.extend(other.copied.iter().map(|(to, from)| (to.clone(), from.clone())));
        }
        if !self.written.is_same(&other.written) {
            self.work += other.written.len();
            self.written.extend(other.written.iter().map(|(path, text)| (path.clone(), text.clone())));
        }
    }

    /// The variables that do not have the same value in both.
    fn differing(&self, other: &Scope, setting: &Setting) -> Vec<String> {
        let differs = |name: &&String| {
            let (own, theirs) = (self.variables.get(*name), other.variables.get(*name));
            match (own, theirs) {
                (Some(own), Some(theirs)) => own != theirs,
                _ => self.variable(name, setting) != other.variable(name, setting),
            }
        };
        let theirs = other.variables.keys().filter(|name| !self.variables.contains_key(*name));
        self.variables.keys().chain(theirs).filter(differs).cloned().collect()
    }
}
