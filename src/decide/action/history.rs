//! What a history keeps of what a command would throw away.
//!
//! All of it is found out before the script begins: behind a command that brings back a stash, unstages a file or moves something
//! here it holds no more, and a question that cannot be put leaves the rule as hard as it is written.

use super::check::hit_words;
use super::does_form::Target;
use super::effect::{Reach, Reversal};
use super::expand::Argument;
use super::facts::{Keeping, Kept, Need, PathState};
use super::history_form::{History, Left};
use super::line::{Line, Operand};
use super::matcher::match_line;
use super::pack::{Does, Pack};
use super::place::{Place, normalise, place_of};
use super::run::Called;
use super::scope::Scope;
use super::target::Hit;
use super::value::Value;
use super::walk::Walk;

/// Where branches of remotes lie: no branch that is deleted or moved here is among them.
const REMOTES: &str = "refs/remotes/";
/// Where branches lie.
const BRANCHES: &str = "refs/heads/";

/// What a command line asks of a history.
#[derive(Clone, Copy)]
pub(super) struct Asked<'l> {
    pub(super) history: Option<&'l History>,
    pub(super) line: &'l Line<'l>,
    /// The operands behind the subcommand.
    pub(super) rest: &'l [Operand<'l>],
}

impl Walk<'_> {
    /// Notes what a command leaves as it was found out.
    pub(super) fn note_left(&mut self, pack: &'static Pack, called: Called<'_>, line: &Line<'_>) {
        let Some(history) = &pack.history else { return };
        let fits = |whens: &[super::pack::When]| whens.iter().any(|when| match_line(when, called, line).is_some());
        let left = match () {
            () if fits(&history.leaves_all) => Left::All,
            () if fits(&history.leaves_files) => Left::Files,
            () => Left::Nothing,
        };
        self.left = self.left.max(left);
    }

    /// What a rule about a history hits, or `None` where nothing is lost.
    pub(super) fn hit_history(&mut self, does: &Does, asked: Asked<'_>, scope: &Scope) -> Option<Hit> {
        let mut words = hit_words(does, asked.line, asked.rest);
        for word in &mut words {
            // git reads patterns itself: that no file has such a name says nothing.
            word.pattern |= word.value.known().is_some_and(|text| text.contains(['*', '?', '[']));
        }
        let unsoftened = match does.target {
            Target::TreePaths => self.hit_paths(does, &words, scope)?,
            Target::Branches | Target::Trees | Target::Stash => {
                self.plain_hit(does, words.iter().map(|word| word.value.shown()).collect())
            }
            Target::Tree
            | Target::Untracked
            | Target::Moved
            | Target::Operands
            | Target::Repository
            | Target::Unnamed
            | Target::Paths
            | Target::LastPath
            | Target::PathsButLast
            | Target::PathsOrHere => self.plain_hit(does, self.setting.repository.iter().cloned().collect()),
        };
        if unsoftened.reversal < Reversal::Never {
            return Some(unsoftened);
        }
        if self.is_own_place(does, asked, &words, scope) {
            return Some(Hit { names: unsoftened.names, reach: Reach::File, reversal: Reversal::Regenerable });
        }
        let questions = self.questions(does, asked, &words, scope);
        let Some(questions) = questions.filter(|questions| !questions.is_empty()) else { return Some(unsoftened) };
        let mut lost = Vec::new();
        for question in questions {
            let made = matches!(&question, Keeping::Commits { of, .. } if self.names_branch(of));
            match self.kept(question) {
                Kept::AllBut(names) => lost.extend(names),
                // A branch that the script made itself, of commits that were there or that it made.
                Kept::Missing if made => {}
                Kept::Missing | Kept::Unknown => return Some(unsoftened),
            }
        }
        if lost.is_empty() {
            return Some(Hit { names: unsoftened.names, reach: unsoftened.reach, reversal: Reversal::History });
        }
        if does.target == Target::Untracked {
            // One by one: what tools make again is no loss.
            let span = crate::decide::syntax::Span::default();
            let words: Vec<Argument> = lost.iter().map(|name| Argument::literal(name, span)).collect();
            let hit = self.hit_paths(does, &words, scope)?;
            let reach = if hit.reversal < Reversal::Never { Reach::File } else { hit.reach };
            return Some(Hit { reach, ..hit });
        }
        Some(Hit { names: lost, ..unsoftened })
    }

    /// Is the whole history temporary, or did the script make it: `git init`, `git clone`, `git worktree add`?
    fn is_own_place(&mut self, does: &Does, asked: Asked<'_>, words: &[Argument], scope: &Scope) -> bool {
        let Some(directory) = asked.history.and_then(|history| self.worked_in(history, asked.line, scope)) else {
            return false;
        };
        let own = |walk: &mut Self, path: &str| {
            let temporary = place_of(path, walk.setting) == Place::Temporary;
            (temporary || walk.is_made_here(path, scope)) && !walk.was_moved(path, scope)
        };
        if does.target != Target::Trees {
            return !self.remote && own(self, &directory);
        }
        let places: Option<Vec<String>> = words.iter().map(|word| Some(normalise(&directory, plain(word)?))).collect();
        !self.remote && !words.is_empty() && places.is_some_and(|places| places.iter().all(|place| own(self, place)))
    }

    fn plain_hit(&self, does: &Does, names: Vec<String>) -> Hit {
        Hit { names, reach: does.reach, reversal: does.reversal }
    }

    /// Did an earlier command of the script name this branch?
    fn names_branch(&self, of: &str) -> bool {
        let name = of.strip_prefix(BRANCHES).unwrap_or(of);
        self.lines.iter().any(|line| line.starts_with("git ") && line.split(' ').any(|word| word == name))
    }

    fn kept(&mut self, question: Keeping) -> Kept {
        if !self.facts.kept.contains_key(&question) {
            self.need(Need::Keeping(question.clone()));
        }
        self.facts.kept.get(&question).cloned().unwrap_or_default()
    }

    /// What is to be found out; `None` where no answer would be one about this command.
    fn questions(&mut self, does: &Does, asked: Asked<'_>, words: &[Argument], scope: &Scope) -> Option<Vec<Keeping>> {
        if self.remote || self.repeated || self.left == Left::Nothing {
            return None;
        }
        let history = asked.history?;
        let directory = self.worked_in(history, asked.line, scope)?;
        if self.was_moved(&directory, scope) {
            return None;
        }
        match does.target {
            Target::Tree => {
                let commit = only_commit(words)?;
                Some(vec![Keeping::Tracked { directory, paths: Vec::new(), commit }])
            }
            Target::TreePaths => self.question_of_paths(history, asked.line, words, (directory, scope)),
            Target::Untracked => {
                let paths = words.iter().map(|word| whole_part(&directory, word)).collect::<Option<_>>()?;
                let ignored = history.ignored_option.iter().any(|option| asked.line.has_flag(option));
                Some(vec![Keeping::Untracked { directory, paths, ignored }])
            }
            Target::Moved => {
                let goal = only_commit(words)?.filter(|_| self.left == Left::All);
                let by = [REMOTES.to_owned()].into_iter().chain(goal).collect();
                Some(vec![Keeping::Commits { directory, of: "HEAD".to_owned(), by }])
            }
            Target::Branches => {
                let head = (self.left == Left::All).then(|| "HEAD".to_owned());
                let by: Vec<String> = [REMOTES.to_owned()].into_iter().chain(head).collect();
                let of = |word: &Argument| Some(format!("{BRANCHES}{}", plain(word)?));
                let names: Vec<String> = words.iter().map(of).collect::<Option<_>>()?;
                let question = |of| Keeping::Commits { directory: directory.clone(), of, by: by.clone() };
                Some(names.into_iter().map(question).collect())
            }
            Target::Trees if self.left == Left::All => {
                let places: Vec<String> =
                    words.iter().map(|word| Some(normalise(&directory, plain(word)?))).collect::<Option<_>>()?;
                Some(places.into_iter().flat_map(questions_of_tree).collect())
            }
            Target::Stash if self.left == Left::All && is_newest(words) => Some(vec![Keeping::Stash { directory }]),
            Target::Trees
            | Target::Stash
            | Target::Operands
            | Target::Repository
            | Target::Unnamed
            | Target::Paths
            | Target::LastPath
            | Target::PathsButLast
            | Target::PathsOrHere => None,
        }
    }

    /// `git checkout COMMIT -- PATH`, `git restore --source=COMMIT PATH`
    fn question_of_paths(
        &mut self,
        history: &History,
        line: &Line<'_>,
        words: &[Argument],
        (directory, scope): (String, &Scope),
    ) -> Option<Vec<Keeping>> {
        let mut commits: Vec<String> = Vec::new();
        for value in line.values(&history.commit_option) {
            commits.push(value.known()?.to_owned());
        }
        let mut paths = words;
        if let Some((first, rest)) = words.split_first()
            && commits.is_empty()
            && !first.pattern
            && (is_before_dashes(line, first) || self.is_no_path(&first.value, scope))
        {
            commits.push(plain(first)?.to_owned());
            paths = rest;
        }
        let paths: Vec<String> = paths.iter().map(|word| whole_part(&directory, word)).collect::<Option<_>>()?;
        let commit = commits.pop();
        (commits.is_empty() && !paths.is_empty()).then(|| vec![Keeping::Tracked { directory, paths, commit }])
    }

    fn is_no_path(&mut self, value: &Value, scope: &Scope) -> bool {
        let path = self.absolute(value, scope);
        path.and_then(|path| self.path_fact(&path)).is_some_and(|fact| fact.state == PathState::Missing)
    }

    /// Where the program works; `None` if that is not known, or it works by other rules there.
    fn worked_in(&self, history: &History, line: &Line<'_>, scope: &Scope) -> Option<String> {
        let elsewhere = history.elsewhere_option.iter().any(|option| line.has_flag(option))
            || history.elsewhere_variable.iter().any(|name| scope.variable(name, self.setting).is_some());
        if elsewhere || scope.blurred {
            return None;
        }
        let start = scope.directory.known()?.to_owned();
        line.values(&history.directory_option)
            .try_fold(start, |directory, named| named.known().map(|named| normalise(&directory, named)))
    }
}

/// A whole working tree: what it has that is not committed, not tracked, or on no branch of a remote.
fn questions_of_tree(directory: String) -> [Keeping; 3] {
    [
        Keeping::Tracked { directory: directory.clone(), paths: Vec::new(), commit: None },
        Keeping::Untracked { directory: directory.clone(), paths: Vec::new(), ignored: true },
        Keeping::Commits { directory, of: "HEAD".to_owned(), by: vec![REMOTES.to_owned(), BRANCHES.to_owned()] },
    ]
}

/// At most one operand, which is a commit.
fn only_commit(words: &[Argument]) -> Option<Option<String>> {
    match words {
        [] => Some(None),
        [commit] => Some(Some(plain(commit)?.to_owned())),
        _ => None,
    }
}

fn plain(word: &Argument) -> Option<&str> {
    word.value.known().filter(|text| !word.pattern && !word.many && !text.is_empty())
}

/// The path, or the directory of a pattern. `None` for magic: `:(top)`.
fn whole_part(directory: &str, word: &Argument) -> Option<String> {
    let text = word.value.known().filter(|text| !text.is_empty() && !text.starts_with(':'))?;
    let literal = text.split(['*', '?', '[', '\\']).next().unwrap_or_default();
    let whole =
        if literal.len() == text.len() { text } else { literal.rsplit_once('/').map_or(".", |(before, _)| before) };
    (!(whole.is_empty() && text.starts_with('/'))).then(|| normalise(directory, whole))
}

/// Does the operand stand before `--`?
fn is_before_dashes(line: &Line<'_>, operand: &Argument) -> bool {
    let place = line.operands.iter().find(|own| own.argument == operand).map(|own| own.index);
    let dashes = line.words.iter().position(|word| word.value.known() == Some("--"));
    matches!((place, dashes), (Some(place), Some(dashes)) if place < dashes)
}

/// Is the newest stash named, or none?
fn is_newest(words: &[Argument]) -> bool {
    match words {
        [] => true,
        [only] => matches!(plain(only), Some("stash@{0}" | "0")),
        _ => false,
    }
}
