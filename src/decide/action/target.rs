//! What a command hits: paths with what facts say of them.

use super::Action;
use super::check::{farther, hardest};
use super::effect::{Reach, Reversal, Verb};
use super::expand::Argument;
use super::facts::{Need, PathFact, PathState};
use super::pack::{Does, PathKind};
use super::place::{Place, inner_part, is_named_like_output, is_named_like_scratch, normalise, place_of};
use super::rewrite::Contents;
use super::scope::Scope;
use super::topic::Topic;
use super::value::Value;
use super::walk::Walk;
use crate::decide::syntax::Span;

/// What is hit, how far it reaches and whether it comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) names: Vec<String>,
    pub(super) reach: Reach,
    pub(super) reversal: Reversal,
}

/// What it costs to find out what a rule hits, beside its operands.
const HIT: usize = 12;
/// So many paths that would be hit cost as much as one command.
const OPERANDS: usize = 2;
/// To look for a path among so many that were moved costs as much as one command.
const MOVED: usize = 16;
/// What looking at a path that is opened costs, in commands.
const OPENING: usize = 20;

impl Walk<'_> {
    /// A value as an absolute path; `None` if it is not known.
    pub(super) fn absolute(&self, value: &Value, scope: &Scope) -> Option<String> {
        Walk::absolute_text(value.known()?, scope)
    }

    /// A text as an absolute path.
    pub(super) fn absolute_text(path: &str, scope: &Scope) -> Option<String> {
        if path.starts_with("/dev/fd/") {
            return Some(path.to_owned());
        }
        if path.starts_with('/') {
            return Some(normalise("/", path));
        }
        scope.directory.known().map(|directory| normalise(directory, path))
    }

    /// What a rule hits whose operands are paths. `None` if nothing of it is lost.
    pub(super) fn hit_paths(&mut self, does: &Does, operands: &[Argument], scope: &Scope) -> Option<Hit> {
        let mut hits = Vec::new();
        let span = operands.first().map_or_else(Span::default, |first| first.span);
        if !self.burn_for(HIT + operands.len() / OPERANDS, span) {
            return None;
        }
        for operand in operands {
            let mut name = operand.value.shown();
            // No path is called nothing.
            if operand.value.known() == Some("") && !does.known_only {
                continue;
            }
            if does.other_machines && lies_elsewhere(&name) {
                hits.push((name, Reach::Service, does.reversal));
                continue;
            }
            let one = match self.absolute(&operand.value, scope) {
                Some(_) if operand.pattern && self.is_leftover(does, &operand.value, scope) => {
                    Some((Reach::File, Reversal::Regenerable))
                }
                Some(path) => {
                    let hit = self.hit_path(does, &path, operand.pattern, scope);
                    name = path;
                    hit
                }
                None if does.known_only && !self.starts_in_system(&operand.value) => None,
                None if self.is_leftover(does, &operand.value, scope)
                    || self.is_found_below_temporary(operand, scope) =>
                {
                    Some((Reach::File, Reversal::Regenerable))
                }
                // What is not known may hold `/..`, behind `/tmp/` too.
                None => Some((Reach::Repo, does.reversal)),
            };
            if let Some((reach, reversal)) = one {
                hits.push((name, reach, reversal));
            }
        }
        let reversal = hardest(hits.iter().map(|(.., reversal)| *reversal))?;
        let reach = hits.iter().map(|(_, reach, _)| *reach).max().unwrap_or(does.reach);
        let names = hits.into_iter().filter(|(.., own)| *own == reversal).map(|(name, ..)| name).collect();
        Some(Hit { names, reach: farther(does.reach, reach), reversal })
    }

    /// Is it something in the project that only tools make: `./…/__pycache__`?
    pub(super) fn is_leftover(&self, does: &Does, value: &Value, scope: &Scope) -> bool {
        let start = match value.known_start().trim_end_matches('/') {
            "" if value.starts_with("/") => return false,
            start => Value::literal(start),
        };
        let place = self.absolute(&start, scope).map(|path| place_of(&path, self.setting));
        let own = matches!(place, Some(Place::Project | Place::ProjectItself | Place::Temporary | Place::Cache));
        own && does.verb == Verb::Delete && super::narrow::is_leftover(value)
    }

    /// Was it found in a directory for temporary files, into which nothing was moved?
    fn is_found_below_temporary(&self, operand: &Argument, scope: &Scope) -> bool {
        let start = format!("{}x", operand.value.known_start());
        operand.found
            && !self.remote
            && scope.moved.is_empty()
            && self.moved.is_empty()
            && start.starts_with('/')
            && place_of(&normalise("/", &start), self.setting) == Place::Temporary
    }

    /// Does a name that is known in part certainly begin in a system's directory? `/etc/$name`
    fn starts_in_system(&self, value: &Value) -> bool {
        let start = value.known_start();
        start.starts_with('/') && super::place::is_system(start, self.setting)
    }

    /// One path: how far and how hard, or `None` if nothing is lost.
    fn hit_path(&mut self, does: &Does, path: &str, pattern: bool, scope: &Scope) -> Option<(Reach, Reversal)> {
        if does.verb == Verb::Overwrite && !pattern && scope.absent.iter().any(|absent| absent == path) {
            return None;
        }
        let place = place_of(path, self.setting);
        if does.verb == Verb::Delete && !pattern && super::place::is_among(&super::place::PLACES.stale, path) {
            return Some((Reach::File, Reversal::Regenerable));
        }
        let made_here = self.is_made_here(path, scope) || pattern && self.are_made_here(path, scope);
        if made_here && place != Place::Host {
            return Some((Reach::File, Reversal::Regenerable));
        }
        if matches!(place, Place::Temporary | Place::Cache) && self.was_moved(path, scope) {
            return Some((Reach::Repo, does.reversal));
        }
        if self.remote {
            // On another machine nothing is known but the text.
            return match place {
                Place::Sink => None,
                _ if does.verb == Verb::Delete && super::narrow::is_leftover(&Value::literal(path)) => {
                    Some((Reach::File, Reversal::Regenerable))
                }
                Place::Temporary => Some((Reach::File, Reversal::Regenerable)),
                Place::Project | Place::ProjectItself | Place::Cache | Place::Home => {
                    Some((Reach::Host, does.reversal))
                }
                Place::HomeItself | Place::Host => Some((Reach::Host, does.reversal)),
            };
        }
        if matches!(place, Place::Temporary | Place::Cache | Place::Project | Place::Home)
            && let Some(real) = self.path_fact(path).and_then(|fact| fact.real)
            && real != path
            && place_of(&real, self.setting) != place
        {
            // A link in a temporary directory leads wherever it leads.
            return self.hit_path(does, &real, pattern, scope);
        }
        match place {
            Place::Sink => None,
            Place::Temporary | Place::Cache => Some((Reach::File, Reversal::Regenerable)),
            // `${f%.rs}.txt` of a pattern: no name that could be looked up.
            Place::Project if does.known_only && (pattern || path.contains('*')) => None,
            Place::Project => self.hit_project(does, path, pattern),
            Place::ProjectItself => Some((Reach::Repo, does.reversal)),
            Place::Home => Some((Reach::Home, self.softened(does, path, pattern)?)),
            Place::HomeItself => Some((Reach::Home, does.reversal)),
            Place::Host => Some((Reach::Host, self.softened_host(does, path, pattern)?)),
        }
    }

    /// A system's path: only writing where nothing stands loses nothing.
    fn softened_host(&mut self, does: &Does, path: &str, pattern: bool) -> Option<Reversal> {
        let plain_file = !path.starts_with("/dev/") && !pattern;
        if does.verb == Verb::Overwrite && plain_file {
            let missing = self.path_fact(path).is_some_and(|fact| fact.state == PathState::Missing);
            return (!missing).then_some(does.reversal);
        }
        Some(does.reversal)
    }

    /// Did the script itself make the path, or a directory above it, where nothing stood before?
    pub(super) fn is_made_here(&mut self, path: &str, scope: &Scope) -> bool {
        let moved = scope.moved.len() + self.moved.len();
        if !self.burn_for(moved / MOVED, Span::default()) || self.was_moved(path, scope) {
            return false;
        }
        // The path, and every directory above it.
        let mut places = std::iter::successors(Some(path), |below| Some(below.rsplit_once('/')?.0));
        places.any(|place| {
            scope.made.contains(place)
                || scope.made_if_missing.contains(place) && self.state_of(place) == Some(PathState::Missing)
        })
    }

    /// Does a pattern that finds nothing now match what the script made?
    fn are_made_here(&mut self, pattern: &str, scope: &Scope) -> bool {
        let made = scope.made.iter().chain(scope.made_if_missing.iter());
        made.clone().any(|path| super::glob::matches(pattern, path))
            && scope.moved.is_empty()
            && self.moved.is_empty()
            && self.path_fact(pattern).is_some_and(|fact| fact.state == PathState::Missing)
    }

    fn hit_project(&mut self, does: &Does, path: &str, pattern: bool) -> Option<(Reach, Reversal)> {
        Some((Reach::File, self.softened(does, path, pattern)?))
    }

    /// The rule's reversal, made milder by what is known of the path. `None` if nothing stands there.
    fn softened(&mut self, does: &Does, path: &str, pattern: bool) -> Option<Reversal> {
        let Some(fact) = self.path_fact(path) else {
            return Some(does.reversal);
        };
        if fact.tracked_clean {
            return Some(Reversal::History);
        }
        // Where nothing stands, only a tool's output can come to stand under such a name.
        let inner = inner_part(path, self.setting);
        let followed = !pattern || !path.contains(['[', '(', '\\']);
        let leftover = fact.state == PathState::Missing && followed && is_named_like_output(inner);
        if self.is_made_again(path, &fact) || leftover {
            return Some(Reversal::Regenerable);
        }
        // Overwriting what is not there loses nothing. A deletion keeps its weight: between the question and the run something
        // may come to stand there, and a command is asked about before it is sent to where the files are.
        if fact.state == PathState::Missing && !pattern && does.verb == Verb::Overwrite {
            return None;
        }
        Some(does.reversal)
    }

    /// Build output that git ignores or that a manifest explains; what programs write while they run, where git ignores it.
    fn is_made_again(&self, path: &str, fact: &PathFact) -> bool {
        let inner = inner_part(path, self.setting);
        is_named_like_output(inner) && (fact.ignored || fact.manifest_beside)
            || is_named_like_scratch(inner) && fact.ignored
    }

    /// Is it build output that stands there?
    pub(super) fn is_output(&mut self, path: &str) -> bool {
        place_of(path, self.setting) == Place::Project
            && self.path_fact(path).is_some_and(|fact| fact.real.is_none() && self.is_made_again(path, &fact))
    }

    pub(super) fn path_fact(&mut self, path: &str) -> Option<PathFact> {
        self.look_at(path).cloned()
    }

    fn state_of(&mut self, path: &str) -> Option<PathState> {
        self.look_at(path).map(|fact| fact.state)
    }

    fn look_at(&mut self, path: &str) -> Option<&PathFact> {
        if !self.facts.paths.contains_key(path) {
            self.need(Need::Path(path.to_owned()));
        }
        self.facts.paths.get(path)
    }

    /// Is a directory known to stand there?
    pub(super) fn is_directory(&mut self, path: &str) -> bool {
        self.state_of(path) == Some(PathState::Directory)
    }

    /// `> file`: what stood there is lost.
    pub(super) fn overwrite(&mut self, target: &Value, contents: Contents, span: Span, scope: &Scope) {
        if let Some(path) = self.absolute(target, scope) {
            self.overwrite_path(&path, contents, span, scope);
        }
    }

    /// The same of a path.
    pub(super) fn overwrite_path(&mut self, path: &str, contents: Contents, span: Span, scope: &Scope) {
        let does = Does {
            verb: Verb::Overwrite,
            resource: super::pack::Text("file"),
            reach: Reach::File,
            reversal: Reversal::Never,
            target: super::does_form::Target::Paths,
            named_by: super::pack::List(&[]),
            narrowed_by: super::pack::List(&[]),
            known_only: true,
            other_machines: false,
        };
        // The agent's own: a snapshot that it makes anew holds what this shell says.
        let snapshot = self.setting.unread_sources.iter().any(|own| super::glob::matches(own, path));
        if !(snapshot && self.is_new_file(path, scope)) {
            self.check_written(path, span);
        }
        let Some((reach, reversal)) = self.hit_redirect(&does, path, scope) else { return };
        if reversal == Reversal::Never && self.is_rewritten(path, contents) {
            return;
        }
        self.push(Action {
            verb: Verb::Overwrite,
            resource: "file".to_owned(),
            names: vec![path.to_owned()],
            reach,
            reversal,
            rule: "files.redirect.overwrite".to_owned(),
            why: "Replaces the whole contents of a file that exists.".to_owned(),
            instead: Some("Append with >>, or write to a new file.".to_owned()),
            span: self.anchor.unwrap_or(span),
            via: self.via.clone(),
        });
    }

    /// A redirection hits only what is known to exist.
    fn hit_redirect(&mut self, does: &Does, path: &str, scope: &Scope) -> Option<(Reach, Reversal)> {
        if scope.made.iter().chain(scope.absent.iter()).any(|own| own == path) {
            return None;
        }
        match place_of(path, self.setting) {
            Place::Sink | Place::Temporary | Place::Cache => None,
            Place::Host if super::kind::is_kernel(path) => Some((Reach::Host, does.reversal)),
            Place::Host if path.starts_with("/dev/") && super::kind::is_device(path) => {
                Some((Reach::Host, does.reversal))
            }
            place @ (Place::Project | Place::ProjectItself | Place::Home | Place::HomeItself | Place::Host) => {
                let fact = self.path_fact(path)?;
                match fact.state {
                    PathState::Missing | PathState::Directory => None,
                    PathState::File | PathState::Special | PathState::Unknown if fact.tracked_clean => {
                        Some((Reach::File, Reversal::History))
                    }
                    PathState::File if self.is_made_again(path, &fact) => Some((Reach::File, Reversal::Regenerable)),
                    PathState::File | PathState::Special | PathState::Unknown => {
                        let empty = fact.bytes == Some(0) && fact.state == PathState::File;
                        let reach = match place {
                            Place::Host => Reach::Host,
                            Place::Home | Place::HomeItself => Reach::Home,
                            Place::Sink | Place::Temporary | Place::Cache | Place::Project | Place::ProjectItself => {
                                Reach::File
                            }
                        };
                        (!empty).then_some((reach, does.reversal))
                    }
                }
            }
        }
    }

    /// `>> file`: nothing is lost, but something may be planted.
    pub(super) fn append_to(&mut self, target: &Value, span: Span, scope: &Scope) {
        if let Some(path) = self.absolute(target, scope) {
            self.append_path(&path, span, scope);
        }
    }

    /// The same of a path.
    pub(super) fn append_path(&mut self, path: &str, span: Span, scope: &Scope) {
        let snapshot = self.setting.unread_sources.iter().any(|own| super::glob::matches(own, path));
        if !(snapshot && self.is_new_file(path, scope)) {
            self.check_written(path, span);
        }
    }

    /// Is it a file that the script makes, and that was not there before?
    fn is_new_file(&mut self, path: &str, scope: &Scope) -> bool {
        !self.was_moved(path, scope) && self.path_fact(path).is_some_and(|fact| fact.state == PathState::Missing)
    }

    /// Checks what a redirection writes to against the rules about paths that are written.
    pub(super) fn check_written(&mut self, path: &str, span: Span) {
        self.check_opened(path, &[Verb::Persist, Verb::Disable, Verb::Destroy], span);
    }

    /// Checks a path that a redirection opens against the rules about paths, those that do one of these.
    pub(super) fn check_opened(&mut self, path: &str, verbs: &[Verb], span: Span) {
        let rules = self.rules;
        let mut told = Vec::new();
        // Each kind is a list of patterns: it is asked once.
        let mut asked: Vec<(PathKind, bool)> = Vec::new();
        if !self.burn_for(OPENING, span) {
            return;
        }
        for rule in rules.packs_about(Topic::Path).flat_map(|pack| pack.rules.iter()) {
            let Some(kind) = rule.when.path else { continue };
            // Several rules say the same of different programs; here there is none.
            let fact = (kind, rule.does.verb);
            if !verbs.contains(&rule.does.verb) || told.contains(&fact) {
                continue;
            }
            let known = asked.iter().find(|(one, _)| *one == kind).map(|(_, is)| *is);
            let is = known.unwrap_or_else(|| self.is_path_of_kind(kind, path));
            if known.is_none() {
                asked.push((kind, is));
            }
            if is {
                told.push(fact);
                let hit = Hit { names: vec![path.to_owned()], reach: rule.does.reach, reversal: rule.does.reversal };
                self.report(rule, hit, span);
            }
        }
    }

    /// Is the path of this kind?
    pub(super) fn is_path_of_kind(&mut self, kind: PathKind, path: &str) -> bool {
        match kind {
            PathKind::Credential => super::kind::is_credential(path, self.setting),
            PathKind::AboveCredential => super::kind::is_above_credential(path, self.setting),
            PathKind::Outside => super::kind::is_outside(path, self.setting),
            PathKind::Kernel => super::kind::is_kernel(path),
            PathKind::Device => super::kind::is_device(path),
            PathKind::Startup => super::kind::is_startup(path, self.setting),
            PathKind::Holdpoint => super::kind::is_holdpoint(path, self.setting),
            PathKind::Existing => self
                .path_fact(path)
                .is_some_and(|fact| matches!(fact.state, PathState::File | PathState::Directory | PathState::Special)),
            PathKind::System => super::place::is_system(path, self.setting),
        }
    }
}

/// `HOST:PATH`, `USER@HOST::MODULE`, `rsync://HOST/MODULE`: a colon that no slash stands before.
fn lies_elsewhere(operand: &str) -> bool {
    operand.split('/').next().is_some_and(|first| first.contains(':'))
}
