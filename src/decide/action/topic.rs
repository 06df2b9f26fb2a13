//! What a pack is about, beside the programs that it names.
//!
//! `build.rs` includes this file and lists the packs of each topic, so that a command unpacks no pack that cannot concern it.

use super::pack::{List, Pack, Text, When};

/// What the rules of a pack look at where no program of theirs is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Any program's words.
    Line,
    /// Variables that are set.
    Setting,
    /// Paths that are opened.
    Path,
    /// Statements of a database's language.
    Statement,
    /// Requests, whichever program sends them.
    Request,
    /// Calls in inline code.
    Call,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Topic; 6] =
        [Topic::Line, Topic::Setting, Topic::Path, Topic::Statement, Topic::Request, Topic::Call];
}

impl Pack {
    /// Is some rule of this pack about the topic? Requests are looked at by all packs, the rest by those that name no program.
    pub fn is_about(&self, topic: Topic) -> bool {
        let everywhere = self.programs.is_empty();
        let some = |wanted: fn(&When) -> bool| self.rules.iter().any(|rule| wanted(&rule.when));
        match topic {
            Topic::Line => everywhere && some(When::is_about_line),
            Topic::Setting => everywhere && some(|when| !when.sets.is_empty()),
            Topic::Path => everywhere && some(|when| when.path.is_some()),
            Topic::Statement => everywhere && some(|when| when.sql.is_some()),
            Topic::Request => !self.speaks.is_empty() || some(|when| when.http.is_some()),
            Topic::Call => !self.calls.is_empty() || some(|when| when.call.is_some()),
        }
    }
}

impl Pack {
    /// The programs of whose command lines its rules speak, though it has none of its own; `None` if they are not all named.
    pub fn line_programs(&self) -> Option<Vec<Text>> {
        let about = self.rules.iter().filter(|rule| rule.when.is_about_line());
        let named = |program: &Text| !program.contains(['*', '?', '[']);
        let lists: Vec<List<Text>> = about.map(|rule| rule.when.program).collect();
        let all = lists.iter().all(|programs| !programs.is_empty() && programs.iter().all(named));
        all.then(|| lists.iter().flat_map(|programs| programs.iter().copied()).collect())
    }

    /// The programs of the command lines behind which some rule does not apply.
    pub fn followed(&self) -> Vec<Text> {
        let lines = self.rules.iter().flat_map(|rule| rule.when.not_after.iter());
        lines.map(|line| Text(line.0.split(' ').next().unwrap_or_default())).collect()
    }
}

impl When {
    /// Is this about a command line, and not about a request, a statement, a call or a variable?
    pub fn is_about_line(&self) -> bool {
        self.http.is_none() && self.sql.is_none() && self.call.is_none() && self.sets.is_empty()
    }
}
