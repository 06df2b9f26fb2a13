//! What is said on standard error of the walls when a command failed that may have met them.
//!
//! The program that was refused says "Permission denied" and no more. What the walls can tell from outside is which of
//! the things that they keep the command names: in its text, or in the text of a script that was read for it.

use super::{Judgement, World};
use crate::confine::{Mask, Plan};
use crate::decide::action::company::asks;
use crate::decide::action::keyring::{about, stands_beside, users_of};
use crate::decide::action::store::{STOCK, takes_part};
use crate::decide::shown::Shown;
use std::fs;
use std::path::{Path, PathBuf};

/// So much of a script is searched for names.
const LONGEST: usize = 64 * 1024;
/// So many scripts.
const MOST_SCRIPTS: usize = 8;

impl World {
    /// One line on what a failed command did not get, if it looks as if that mattered.
    pub(super) fn remark_walls(&self, judgement: &Judgement, plan: &Plan, passes: &[String]) -> Option<String> {
        let named = self.named_mask(judgement, plan).map(|(mask, by)| self.remark_mask(mask, by.as_deref()));
        named.or_else(|| self.remark_rights(judgement)).or_else(|| remark_company(judgement, plan, passes))
    }

    /// A program that wanted rights which nobody but root has inside.
    fn remark_rights(&self, judgement: &Judgement) -> Option<String> {
        let wants = |program: &&String| takes_part(&STOCK.raising, std::slice::from_ref(program));
        let program = judgement.reading.programs.iter().find(wants).filter(|_| self.place.uid != 0)?;
        Some(format!(
            "holdpoint: {program} gains no rights inside the walls; what needs them is run by a person, in a terminal of their own.\n",
            program = Shown(program).cut(40)
        ))
    }

    /// The first mask that the text, or a script of it, names.
    fn named_mask<'p>(&self, judgement: &Judgement, plan: &'p Plan) -> Option<(&'p Mask, Option<String>)> {
        let here = Path::new(&self.setting.directory);
        let words = judgement.text.split(|letter: char| letter.is_whitespace() || "'\"`;|&<>()=:,".contains(letter));
        let paths: Vec<PathBuf> = words.filter(|word| word.len() > 1).map(|word| self.place_of(here, word)).collect();
        let is_named = |mask: &&Mask| paths.iter().any(|path| *path == mask.path || (path.starts_with(&mask.path)));
        if let Some(mask) = plan.masks.iter().find(is_named) {
            return Some((mask, None));
        }
        judgement.reading.consulted.iter().take(MOST_SCRIPTS).find_map(|script| {
            let text = fs::read(script).ok()?;
            let text = text.get(..text.len().min(LONGEST))?;
            let mask = plan
                .masks
                .iter()
                .find(|mask| tail_of(mask).is_some_and(|tail| memchr::memmem::find(text, tail.as_bytes()).is_some()))?;
            Some((mask, Some(script.clone())))
        })
    }

    fn place_of(&self, here: &Path, word: &str) -> PathBuf {
        let path = match (word.strip_prefix("~/"), self.place.homes.first()) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => here.join(word),
        };
        path.canonicalize().unwrap_or(path)
    }

    fn remark_mask(&self, mask: &Mask, by: Option<&str>) -> String {
        let path = Shown(&mask.path.to_string_lossy()).cut(200);
        let id = &mask.credential;
        let (what, way) = match id.as_str() {
            "holdpoint" => ("holdpoint's own".to_owned(), "it stays closed to every command".to_owned()),
            "policy.deny" => ("denied by policy".to_owned(), "`credentials.deny` in the policy names it".to_owned()),
            "scan.found" => {
                let way = format!("a person can open it by `holdpoint scan --forget {path}`");
                ("walled off, because it holds a token".to_owned(), way)
            }
            _ => {
                let about = about(id).trim_end_matches('.');
                let way = format!("a person can pass it by `credentials: {{ pass: [{id}] }}` in the policy");
                (format!("walled off ({id}: {about})"), way)
            }
        };
        let by = by.map(|script| format!(", which {} names,", Shown(script).cut(200))).unwrap_or_default();
        format!("holdpoint: {path}{by} is {what}. Trying again will not help; {way}.\n")
    }
}

/// What a script would call it: `.env`, or `.aws/credentials` in a home.
fn tail_of(mask: &Mask) -> Option<String> {
    let name = mask.path.file_name()?.to_str()?;
    if mask.in_repository {
        return (name.len() >= 4).then(|| name.to_owned());
    }
    let above = mask.path.parent()?.file_name()?.to_str()?;
    if name.starts_with('.') && name.len() >= 5 { Some(name.to_owned()) } else { Some(format!("{above}/{name}")) }
}

/// A program of the command may have a credential that is there, and did not get it for the company that it is in.
fn remark_company(judgement: &Judgement, plan: &Plan, passes: &[String]) -> Option<String> {
    let reading = &judgement.reading;
    let words: Vec<&str> = judgement.text.split_whitespace().collect();
    let asking = reading.programs.iter().filter(|program| asks(program, &words));
    for program in asking {
        let is_missed = |mask: &&Mask| {
            users_of(&mask.credential).iter().any(|user| user.0 == program) && !passes.contains(&mask.credential)
        };
        let Some(mask) = plan.masks.iter().find(is_missed) else { continue };
        let users = users_of(&mask.credential);
        let others: Vec<&str> = reading
            .programs
            .iter()
            .map(String::as_str)
            .filter(|other| !stands_beside(other) && !users.iter().any(|user| user.0 == *other))
            .take(3)
            .collect();
        let why = match (others.as_slice(), reading.seen_whole) {
            ([], true) => continue,
            ([], false) => "not everything in it is known beforehand".to_owned(),
            (others, _) => format!("{} stands beside it", Shown(&others.join(", ")).cut(80)),
        };
        let (program, id) = (Shown(program).cut(40), &mask.credential);
        return Some(format!(
            "holdpoint: {program} got no credential ({id}) in this command, because {why}; run {program} as a command of its own.\n"
        ));
    }
    None
}
