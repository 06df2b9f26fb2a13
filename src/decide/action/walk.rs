//! The walk through a script: every command that could run is met once.

use super::absent::Ended;
use super::aside::Aside;
use super::expand::Argument;
use super::facts::{Facts, FindOut, Need, Setting};
use super::freight::Freight;
use super::history_form::Left;
use super::module::Origin;
use super::noted::Noted;
use super::opaque::{opaque_rule, opaque_why};
use super::recursion::Calls;
use super::rules::Rules;
use super::scope::{Bound, Scope};
use super::stream::{Flow, Stream};
use super::value::Value;
use super::{Action, Reach, Reading, Reversal, Verb};
use crate::decide::syntax::{CaseArm, Command, CommandKind, Joint, Opacity, Script, Simple, Span, Word, shell};
use std::sync::Arc;

/// How many commands and words are met before the walk gives up. Giving up is a hold.
pub(super) const FUEL: u32 = 44_000;
/// So many bytes of text cost as much as one command.
pub(super) const PIECE: usize = 64;
/// So many bytes of text that is read as shell cost as much as one command.
const READ: usize = 8;
/// What a stage of a pipeline costs more than a command by itself.
const STAGE: usize = 2;
/// How deep texts may stand inside texts (`bash -c "bash -c …"`), and functions call functions.
const DEEPEST: u32 = 24;
/// How many values of a `for` loop are followed one by one.
const LOOP_VALUES: usize = 24;

/// The state of one walk.
pub(super) struct Walk<'w> {
    pub(super) setting: &'w Setting,
    pub(super) facts: &'w mut Facts,
    /// Finds out what is not among the facts, and puts it there.
    find_out: &'w mut FindOut<'w>,
    pub(super) rules: Rules,
    pub(super) reading: Reading,
    /// What led here, outermost first.
    pub(super) via: Vec<String>,
    /// Where the outermost text has what is being read, once that is a text inside it.
    pub(super) anchor: Option<Span>,
    /// What the words of the command that is being expanded carry.
    pub(super) flow: Flow,
    /// What the command prints is seen: it does not go into a pipe, a file or a substitution.
    pub(super) shown: bool,
    /// A descriptor leads over the network.
    pub(super) connected: bool,
    /// How many files of recipes were read.
    pub(super) recipes: u32,
    /// What is read stands in a file that was there before: somebody else may have written it.
    pub(super) filed: bool,
    /// The command stands in code of a file that was there before: a program that is not known is how programs are written.
    pub(super) lenient: bool,
    /// Where the code that is read comes from.
    pub(super) origin: Origin,
    /// The command runs on another machine or file system: facts about paths do not hold there.
    pub(super) remote: bool,
    /// The functions and conditions in which the walk stands.
    pub(super) calls: Calls,
    /// What the reading says already, to be found fast.
    pub(super) noted: Noted,
    /// Where the commands work, as far as credentials go.
    pub(super) aside: Aside,
    /// The command lines that were met before this one, as far as they are known.
    pub(super) lines: Vec<String>,
    /// Where things were moved that the script did not make; `None` where that is not known.
    pub(super) moved: Vec<Option<String>>,
    /// What the commands before this one left as it was found out.
    pub(super) left: Left,
    /// It runs any number of times: what stands behind it may come before it.
    pub(super) repeated: bool,
    /// The text is read by bash or a shell that refuses what bash refuses.
    pub(super) of_bash_kind: bool,
    fuel: u32,
    depth: u32,
    /// Inside a loop already: do not multiply.
    looping: bool,
    exhausted: bool,
}

impl<'w> Walk<'w> {
    pub(super) fn new(setting: &'w Setting, facts: &'w mut Facts, rules: Rules, find_out: &'w mut FindOut<'w>) -> Self {
        let reading = Reading { seen_whole: true, ..Reading::default() };
        Walk {
            setting,
            facts,
            find_out,
            rules,
            reading,
            via: Vec::new(),
            anchor: None,
            flow: Flow::default(),
            shown: true,
            connected: false,
            recipes: 0,
            filed: false,
            lenient: false,
            origin: Origin::default(),
            remote: false,
            of_bash_kind: !setting.other_shell,
            calls: Calls::default(),
            noted: Noted::default(),
            aside: Aside::default(),
            lines: Vec::new(),
            moved: Vec::new(),
            left: Left::All,
            repeated: false,
            fuel: FUEL,
            depth: 0,
            looping: false,
            exhausted: false,
        }
    }

    /// Takes one unit of fuel; `false` when there is none left, which holds.
    pub(super) fn burn(&mut self, span: Span) -> bool {
        self.burn_for(1, span)
    }

    /// Takes fuel for so many words or pieces of text, lest `a=$a$a` or `f() { f $* $*; }` make them double without end.
    pub(super) fn burn_for(&mut self, units: usize, span: Span) -> bool {
        match self.fuel.checked_sub(u32::try_from(units).unwrap_or(u32::MAX)) {
            Some(rest) => {
                self.fuel = rest;
                self.reading.steps = FUEL - rest;
                true
            }
            None => {
                self.fuel = 0;
                self.reading.steps = FUEL;
                if !std::mem::replace(&mut self.exhausted, true) {
                    self.unseen("shell.text.endless", "It is too long to be followed to its end.", span);
                }
                false
            }
        }
    }

    /// Takes fuel for what was spent on copies of the shell's state.
    fn pay(&mut self, scope: &mut Scope, span: Span) {
        let work = scope.take_work();
        if work > 0 {
            self.burn_for(work, span);
        }
    }

    /// Goes one text or function deeper. Too deep is a hold.
    pub(super) fn deeper<T>(&mut self, span: Span, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEEPEST {
            self.unseen("shell.text.deep", "It is nested too deep to be followed.", span);
            return None;
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        Some(result)
    }

    /// Is the text read by a shell of bash's kind, whose words mean what they say? An alias may hold the other half of
    /// what is no syntax without it.
    fn refuses(&self, scope: &Scope) -> bool {
        self.of_bash_kind && !self.remote && !scope.blurred && !scope.has_aliases()
    }

    /// Something runs that was not seen.
    pub(super) fn unseen(&mut self, rule: &str, why: &str, span: Span) {
        self.reading.seen_whole = false;
        let span = self.anchor.unwrap_or(span);
        self.push(Action {
            verb: Verb::RunUnseen,
            resource: "command".to_owned(),
            names: Vec::new(),
            reach: Reach::Repo,
            reversal: Reversal::Never,
            rule: rule.to_owned(),
            why: why.to_owned(),
            instead: Some("Write the command plainly, with literal words.".to_owned()),
            span,
            via: self.via.clone(),
        });
    }

    /// Adds an action once: loops and repeated needs meet the same one again.
    pub(super) fn push(&mut self, action: Action) {
        if self.noted.is_new_action(&action, &self.reading.actions) {
            self.reading.actions.push(action);
        }
    }

    pub(super) fn note_flow(&mut self, stream: &Stream) {
        let flow = std::mem::take(&mut self.flow);
        self.flow = flow.and(&stream.flow);
    }

    /// A file that stands for `<(…)`: its text is kept under a name that nothing else has.
    pub(super) fn keep_process_output(&mut self, output: Stream) -> Value {
        self.note_flow(&output);
        match output.text {
            Some(text) => super::process::path_for(&text),
            None => Value::literal(super::process::UNSEEN),
        }
    }

    /// Asks for a fact, once. If nobody finds it out, it is listed, for whoever reads again with the answer.
    pub(super) fn need(&mut self, need: Need) {
        if self.noted.is_new_need(&need) && !(self.find_out)(&need, self.facts) {
            self.reading.needs.push(need);
        }
    }

    /// Reads text as shell and walks it in the same shell.
    pub(super) fn text(&mut self, text: &str, scope: &mut Scope, stdin: &Stream, span: Span) -> Stream {
        let anchor = self.anchor.unwrap_or(span);
        let before = self.anchor.replace(anchor);
        let output = self.deeper(span, |walk| {
            if !walk.burn_for(text.len() / READ, span) {
                return Stream::default();
            }
            let script = shell::read(text);
            walk.script(&script, scope, stdin)
        });
        self.anchor = before;
        output.unwrap_or_default()
    }

    /// Walks a list of commands; what they write stands one behind the other.
    pub(super) fn script(&mut self, script: &Script, scope: &mut Scope, stdin: &Stream) -> Stream {
        let mut output = Stream::empty();
        for command in &script.commands {
            let written = self.command(command, scope, stdin);
            output = output.then(written);
        }
        output
    }

    pub(super) fn command(&mut self, command: &Command, scope: &mut Scope, stdin: &Stream) -> Stream {
        if !self.burn(command.span) {
            return Stream::default();
        }
        let mut redirected = self.redirects(&command.redirects, scope);
        let own = redirected.stdin.take();
        let stdin = own.as_ref().unwrap_or(stdin);
        let shown = self.shown && !redirected.hides_output();
        let output = self.in_background(command.background, |walk| {
            walk.showing(shown, |walk| walk.compound(&command.kind, command.span, scope, stdin))
        });
        let output = self.keep(redirected, output, scope);
        self.pay(scope, command.span);
        output
    }

    /// Walks something whose output a person or agent sees, or not.
    pub(super) fn showing<T>(&mut self, shown: bool, inner: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.shown, shown);
        let result = inner(self);
        self.shown = before;
        result
    }

    fn compound(&mut self, kind: &CommandKind, span: Span, scope: &mut Scope, stdin: &Stream) -> Stream {
        match kind {
            CommandKind::Simple(simple) => self.simple(simple, span, scope, stdin),
            CommandKind::Pipeline(stages) => self.pipeline(stages, scope, stdin),
            CommandKind::AndOr { first, rest } => {
                let mut output = self.command(first, scope, stdin);
                let absent = scope.absent.clone();
                let mut test = Some(first.as_ref());
                for (joint, next) in rest {
                    let before = (*joint == Joint::Or).then(|| scope.clone());
                    let ended = if *joint == Joint::Or { Ended::Badly } else { Ended::Well };
                    // Only of the first command it is known how it ended.
                    if let Some(file) = test.take().and_then(|test| self.absent_file(test, ended, scope)) {
                        scope.absent.push(file);
                    }
                    let written = self.on_condition(|walk| walk.command(next, scope, stdin));
                    if let Some(before) = before {
                        scope.join(&before, self.setting);
                        scope.absent.clone_from(&absent);
                    }
                    output = output.then(written);
                }
                scope.absent = absent;
                output
            }
            CommandKind::Group(script) => self.script(script, scope, stdin),
            CommandKind::Subshell(script) => self.script(script, &mut scope.clone(), stdin),
            CommandKind::If { condition, then, otherwise } => {
                self.script(condition, scope, stdin);
                let absent = self.absent_behind(condition, Ended::Well, scope);
                let there = self.absent_behind(condition, Ended::Badly, scope);
                self.branches(&[(then, absent), (otherwise, there)], scope, stdin)
            }
            CommandKind::Loop { condition, body } => {
                let repeated = std::mem::replace(&mut self.repeated, true);
                self.script(condition, scope, stdin);
                self.repeated = repeated;
                self.body_of_loop(body, scope, stdin)
            }
            CommandKind::For { variable, words, body } => self.for_loop(variable, words.as_deref(), body, scope, stdin),
            CommandKind::ForArithmetic { expressions, body } => {
                self.expand_words(expressions, scope);
                self.body_of_loop(body, scope, stdin)
            }
            CommandKind::Case { subject, arms } => self.case(subject, arms, scope, stdin),
            CommandKind::Function { name, body } => {
                scope.define(name, Arc::clone(body));
                Stream::empty()
            }
            CommandKind::Test(words) | CommandKind::Arithmetic(words) => {
                self.expand_words(words, scope);
                Stream::empty()
            }
            // Nothing of it runs, if it is the shell we take it for.
            CommandKind::Opaque(Opacity::Refused) if self.refuses(scope) => {
                self.reading.seen_whole = false;
                Stream::empty()
            }
            CommandKind::Opaque(opacity) => {
                self.unseen(opaque_rule(*opacity), opaque_why(*opacity), span);
                Stream::default()
            }
        }
    }

    fn pipeline(&mut self, stages: &[Command], scope: &mut Scope, stdin: &Stream) -> Stream {
        let mut input = stdin.clone();
        for (index, stage) in stages.iter().enumerate() {
            let shown = self.shown && index + 1 == stages.len();
            if !self.burn_for(STAGE, stage.span) {
                return Stream::default();
            }
            // Each stage runs in a subshell of its own, but `lastpipe` and zsh run the last one in the shell itself.
            let before = scope.clone();
            input = self.showing(shown, |walk| walk.command(stage, scope, &input));
            scope.join(&before, self.setting);
        }
        input
    }

    fn branches(&mut self, branches: &[(&Script, Option<String>)], scope: &mut Scope, stdin: &Stream) -> Stream {
        let start = scope.clone();
        let mut joined: Option<Scope> = None;
        let mut output: Option<Stream> = None;
        for (branch, absent) in branches {
            let mut inner = start.clone();
            if let Some(file) = absent {
                inner.absent.push(file.clone());
            }
            let written = self.on_condition(|walk| walk.script(branch, &mut inner, stdin));
            output = Some(match output {
                None => written,
                Some(earlier) if earlier == written => earlier,
                Some(earlier) => Stream::unseen(earlier.flow.and(&written.flow)),
            });
            match &mut joined {
                None => joined = Some(inner),
                Some(joined) => joined.join(&inner, self.setting),
            }
        }
        let absent = start.absent.clone();
        *scope = joined.unwrap_or(start);
        scope.absent = absent;
        output.unwrap_or_default()
    }

    /// A body that runs any number of times: twice is enough to see what it assigns, once with what it
    /// found and once with what it left.
    fn body_of_loop(&mut self, body: &Script, scope: &mut Scope, stdin: &Stream) -> Stream {
        let before = scope.clone();
        let repeated = std::mem::replace(&mut self.repeated, true);
        let output = self.on_condition(|walk| walk.script(body, scope, stdin));
        scope.join(&before, self.setting);
        if scope.changed_since(&before) && !self.looping {
            self.looping = true;
            self.on_condition(|walk| walk.script(body, scope, stdin));
            self.looping = false;
            scope.join(&before, self.setting);
        }
        self.repeated = repeated;
        Stream::unseen(output.flow)
    }

    fn for_loop(
        &mut self,
        variable: &str,
        words: Option<&[Word]>,
        body: &Script,
        scope: &mut Scope,
        stdin: &Stream,
    ) -> Stream {
        let span = Span::default();
        let values: Vec<Argument> = match words {
            Some(words) => self.expand_words(words, scope),
            None => scope
                .parameters
                .iter()
                .map(|value| Argument { value: value.clone(), ..Argument::literal("", span) })
                .collect(),
        };
        if values.is_empty() {
            return Stream::empty();
        }
        // Each word of a file is one value: a list of names is no leak of the file.
        let carried = self.flow.clone().without(Freight::Contents);
        let each = !self.looping && values.len() <= LOOP_VALUES && !values.iter().any(|value| value.many);
        if !each {
            scope.set(variable, Bound::Scalar(common_value(&values)));
            scope.carry(variable, &carried);
            return self.body_of_loop(body, scope, stdin);
        }
        let outer = std::mem::replace(&mut self.looping, values.len() > 1);
        let mut flow = Flow::default();
        for value in values {
            scope.set(variable, Bound::Scalar(value.value));
            scope.carry(variable, &carried);
            flow = flow.and(&self.script(body, scope, stdin).flow);
        }
        self.looping = outer;
        Stream::unseen(flow)
    }

    fn case(&mut self, subject: &Word, arms: &[CaseArm], scope: &mut Scope, stdin: &Stream) -> Stream {
        self.expand_whole(subject, scope);
        for arm in arms {
            for pattern in &arm.patterns {
                self.expand_whole(pattern, scope);
            }
        }
        let none = Script::default();
        let mut branches: Vec<(&Script, Option<String>)> = arms.iter().map(|arm| (&arm.body, None)).collect();
        branches.push((&none, None));
        self.branches(&branches, scope, stdin)
    }

    fn simple(&mut self, simple: &Simple, span: Span, scope: &mut Scope, stdin: &Stream) -> Stream {
        let outer_flow = std::mem::take(&mut self.flow);
        let arguments = self.expand_command(&simple.words, scope);
        let own: Vec<(String, Bound)> =
            simple.assignments.iter().filter_map(|assignment| self.assignment(assignment, scope)).collect();
        let output = if arguments.is_empty() {
            self.check_settings(&own, None, span);
            self.run_variables(&own, scope, span);
            for (name, bound) in own {
                scope.set(&name, bound);
                // `x=$(cat secret)` carries what the substitution read.
                scope.carry(&name, &self.flow);
            }
            // `$(<file)` is the file's text (bash(1), Command Substitution).
            if simple.words.is_empty() && simple.assignments.is_empty() && !stdin.inherited {
                self.flow = outer_flow;
                return stdin.clone();
            }
            Stream::empty()
        } else {
            self.run(&arguments, &own, scope, stdin)
        };
        self.flow = outer_flow;
        output
    }
}

/// What all values of a loop that is not followed one by one have in common.
fn common_value(values: &[Argument]) -> Value {
    match values {
        [only] => only.value.clone(),
        _ => Value::unknown(),
    }
}
