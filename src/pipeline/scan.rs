//! Looking for tokens, and walling off the files that hold one.

use super::World;
use crate::config::place::make_private;
use crate::config::tracked::Tracked;
use crate::confine;
use crate::decide::action::Reading;
use crate::scan::{self, Found, Limits, Places, Report, Shelf};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How a file with a token stands to commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Commands can read it.
    Open,
    /// Commands can read it, and it cannot be masked: git tracks it.
    Tracked,
    /// Commands can read it, and it cannot be masked: git reads it.
    Settings,
    /// It is walled off.
    Walled,
}

/// What a look for tokens came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// What was found, and what was not looked at.
    pub report: Report,
    /// How each file of the report stands, in the same order as its tokens.
    pub standings: Vec<Standing>,
    /// Files that are walled off from now on.
    pub added: Vec<PathBuf>,
    /// Files that are remembered and no longer there.
    pub gone: Vec<PathBuf>,
    /// Files that are remembered and hold no token any more.
    pub clean: Vec<PathBuf>,
    /// No more can be remembered.
    pub full: bool,
}

impl World {
    /// Where tokens are looked for if nothing else is said: in the repository, or the working directory, and the homes.
    #[must_use]
    pub fn usual_places(&self) -> Vec<PathBuf> {
        let here = self.setting.repository.as_deref().unwrap_or(&self.setting.directory);
        let mut all: Vec<PathBuf> =
            std::iter::once(Path::new(here)).filter(|here| here.parent().is_some()).map(Path::to_owned).collect();
        all.extend(
            self.place.homes.iter().filter(|home| !all.iter().any(|root| root == *home)).cloned().collect::<Vec<_>>(),
        );
        all
    }

    /// Looks for tokens, and with `fix` walls off the files that hold one.
    ///
    /// # Errors
    /// When the walls cannot be drawn, or the state directory cannot be used.
    pub fn scan(&self, roots: &[PathBuf], limits: Limits, fix: Fix) -> Result<Scanned, String> {
        let plan = self
            .plan(
                &Reading::default(),
                &self.loaded.policy.credentials().pass,
                &mut confine::Memory::recall(&[], SystemTime::now()),
            )
            .map_err(|refusal| refusal.because)?;
        let mut shelf = Shelf::open(&self.place.state);
        let is_walled = |path: &Path| {
            let masks = plan.masks.iter().filter(|mask| !shelf.paths.contains(&mask.path));
            masks.into_iter().any(|mask| path.starts_with(&mask.path))
        };
        let real = |path: &PathBuf| path.canonicalize().ok();
        let mut all: Vec<PathBuf> = roots.iter().filter_map(real).collect();
        all.extend(shelf.paths.iter().filter(|path| path.is_file()).cloned());
        let homes: Vec<PathBuf> = self.place.homes.iter().filter_map(real).collect();
        let report = scan::look(&Places { roots: &all, homes: &homes, walled: &is_walled, limits })?;
        let tracked = Tracked::default();
        let masked = |path: &Path| plan.masks.iter().any(|mask| path.starts_with(&mask.path));
        let standings: Vec<Standing> = report.found.iter().map(|one| standing(&one.path, &tracked, &masked)).collect();
        let holds = |path: &PathBuf| report.found.iter().any(|one| one.path == *path);
        let (gone, there): (Vec<PathBuf>, Vec<PathBuf>) = shelf.paths.iter().cloned().partition(|path| !path.is_file());
        let clean: Vec<PathBuf> = there.into_iter().filter(|path| !holds(path)).collect();
        let mut added = Vec::new();
        if fix == Fix::Yes {
            shelf.forget(&[gone.clone(), clean.clone()].concat());
            let open = report.found.iter().zip(&standings).filter(|(_, standing)| **standing == Standing::Open);
            added = shelf.add(open.map(|(one, _): (&Found, _)| one.path.clone()));
            self.write_down(&shelf)?;
        }
        let full = shelf.is_full();
        let mut scanned = Scanned { report, standings, added, gone, clean, full };
        scanned.settle();
        self.note(&shelf, scanned.count(Standing::Open))?;
        Ok(scanned)
    }

    /// Lets commands read files again that were walled off because they hold a token. Gives those that were.
    ///
    /// # Errors
    /// When the state directory cannot be used.
    pub fn forget_found(&self, paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
        let mut shelf = Shelf::open(&self.place.state);
        let named: Vec<PathBuf> = paths
            .iter()
            .map(|path| path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.clone()))
            .collect();
        let gone = shelf.forget(&named);
        self.write_down(&shelf)?;
        Ok(gone)
    }

    fn write_down(&self, shelf: &Shelf) -> Result<(), String> {
        self.place.open_state().map_err(|error| error.to_string())?;
        shelf.keep().map_err(|error| format!("what was found cannot be written down: {error}"))
    }

    fn note(&self, shelf: &Shelf, open: usize) -> Result<(), String> {
        make_private(&self.place.state, self.place.uid).map_err(|error| error.to_string())?;
        shelf.note(SystemTime::now(), open).map_err(|error| format!("what was found cannot be written down: {error}"))
    }
}

/// Is what is found walled off?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fix {
    /// It is.
    Yes,
    /// It is only told.
    No,
}

impl Scanned {
    /// How many tokens commands can read.
    #[must_use]
    pub fn open(&self) -> usize {
        self.standings.iter().filter(|standing| **standing != Standing::Walled).count()
    }

    /// How many tokens stand so.
    #[must_use]
    pub fn count(&self, standing: Standing) -> usize {
        self.standings.iter().filter(|one| **one == standing).count()
    }

    fn settle(&mut self) {
        for (one, standing) in self.report.found.iter().zip(&mut self.standings) {
            if self.added.contains(&one.path) {
                *standing = Standing::Walled;
            }
        }
    }
}

fn standing(path: &Path, tracked: &Tracked, masked: &dyn Fn(&Path) -> bool) -> Standing {
    if masked(path) {
        Standing::Walled
    } else if path.ends_with(".git/config") {
        Standing::Settings
    } else if tracked.has(path) {
        Standing::Tracked
    } else {
        Standing::Open
    }
}
