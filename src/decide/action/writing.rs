//! Where does a command line write, as far as its words say so? For walls that grant what the scope does not hold, and for the
//! explanation when it failed. What no list knows is not noted: walls stand all the same.

use super::glob::matches;
use super::line::{Grammar, Line};
use super::list::{List, Text};
use super::place::normalise;
use super::run::Called;
use super::scope::Scope;
use super::store::{AROUND, MAKES, lines_of, writers_of};
use super::store_form::{Needy, Which, Writes};
use super::walk::Walk;

/// How many paths are noted.
const MOST: usize = 64;

impl Walk<'_> {
    /// Notes a path that is written.
    pub(super) fn note_write(&mut self, path: Option<String>) {
        let writes = &mut self.reading.writes;
        writes.extend(path.filter(|path| !self.remote && writes.len() < MOST && !writes.contains(path)));
    }

    /// Notes what a command line writes, and what it needs beside the scope.
    pub(super) fn note_writing(&mut self, called: Called<'_>, scope: &Scope) {
        if self.remote {
            return;
        }
        for writes in writers_of(called.program) {
            self.note_operands(writes, called, scope);
        }
        for needy in lines_of(called.program).filter(|needy| has_words(called, &needy.words)) {
            self.note_need(needy, called, scope);
        }
    }

    fn note_operands(&mut self, writes: &Writes, called: Called<'_>, scope: &Scope) {
        let has_flag = |pattern: &Text| {
            called.words.iter().any(|word| word.value.known().is_some_and(|text| matches(pattern, text)))
        };
        if !has_words(called, &writes.words) || !(writes.if_flag.is_empty() || writes.if_flag.iter().any(has_flag)) {
            return;
        }
        let grammar =
            if writes.options.is_empty() { self.grammar(called) } else { Grammar::of_options(writes.options) };
        let line = Line::parse(called.words, Grammar { keywords: writes.keywords, ..grammar });
        let operands = operands(&line, &writes.words);
        let named = match writes.operands {
            Which::Nothing => &[][..],
            Which::All => &operands,
            // One operand alone is read, or says what to make.
            Which::Last => operands.get(operands.len().saturating_sub(1).max(1)..).unwrap_or_default(),
        };
        let values = line.values(&writes.options).chain(line.values(&writes.keywords));
        let paths: Vec<Option<String>> =
            named.iter().map(|operand| &operand.value).chain(values).map(|value| self.absolute(value, scope)).collect();
        paths.into_iter().for_each(|path| self.note_write(path));
    }

    fn note_need(&mut self, needy: &Needy, called: Called<'_>, scope: &Scope) {
        if let Some(file) = needy.around {
            self.note_opening(format!("{AROUND}{file}"), Some(needy.programs));
        }
        let Some(number) = needy.makes else { return };
        let line = Line::parse(called.words, self.grammar(called));
        let operands = operands(&line, &needy.words);
        let base = line.values(&[Text("-C")]).next().map(|base| self.absolute(base, scope));
        let Some(operand) = operands.get(usize::from(number).saturating_sub(1)) else { return };
        let made = match base {
            None => self.absolute(&operand.value, scope),
            Some(base) => base.zip(operand.value.known()).map(|(base, path)| normalise(&base, path)),
        };
        if let Some(path) = made {
            self.note_opening(format!("{MAKES}{path}"), None);
        }
    }

    fn note_opening(&mut self, pass: String, alone: Option<List<Text>>) {
        let openings = &mut self.reading.openings;
        if openings.len() < MOST && !openings.iter().any(|(known, _)| *known == pass) {
            openings.push((pass, alone.map(|programs| programs.iter().map(|name| name.0).collect())));
        }
    }

    /// How the program writes its options, if a pack says so.
    fn grammar(&self, called: Called<'_>) -> Grammar {
        self.rules.packs_for(called.program).next().map_or(Grammar::PLAIN, Grammar::of_pack)
    }
}

fn has_words(called: Called<'_>, words: &List<Text>) -> bool {
    words.iter().all(|wanted| called.words.iter().any(|word| word.value.known() == Some(wanted.0)))
}

/// The operands but for the words by which the line is known.
fn operands<'l>(line: &'l Line<'_>, words: &List<Text>) -> Vec<&'l super::expand::Argument> {
    let is_word = |text: Option<&str>| words.iter().any(|word| Some(word.0) == text);
    line.operands.iter().map(|operand| operand.argument).filter(|argument| !is_word(argument.value.known())).collect()
}
