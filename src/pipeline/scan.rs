//! Looking for tokens, and walling off the files that hold one.

use super::World;
use crate::config::place::make_private;
use crate::config::tracked::Tracked;
use crate::confine::{self, Ground};
use crate::decide::action::Reading;
use crate::scan::{self, Found, Limits, Places, Report, Shelf};
use std::fs;
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
    /// Some of what was added cannot be kept from commands on this machine.
    pub weak: bool,
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
        let plan = self.plan_for_nobody()?;
        let mut shelf = Shelf::open(&self.place.state);
        let is_walled = |path: &Path| {
            let masks = plan.masks.iter().filter(|mask| !shelf.paths.contains(&mask.path));
            masks.into_iter().any(|mask| path.starts_with(&mask.path))
        };
        let real = |path: &PathBuf| path.canonicalize().ok();
        // What is remembered first: no limit may make it look as if it held nothing.
        let mut all: Vec<PathBuf> = shelf.paths.iter().filter(|path| path.is_file()).cloned().collect();
        all.extend(roots.iter().filter_map(real));
        let homes: Vec<PathBuf> = self.place.homes.iter().filter_map(real).collect();
        let report = scan::look(&Places { roots: &all, homes: &homes, walled: &is_walled, limits })?;
        let tracked = Tracked::default();
        let standings: Vec<Standing> =
            report.found.iter().map(|one| standing(&one.path, &tracked, &keeps(&plan))).collect();
        let holds = |path: &PathBuf| {
            let unread = report.long.contains(path) || is_walled(path) || fs::File::open(path).is_err();
            unread || report.found.iter().any(|one| one.path == *path)
        };
        let (gone, there): (Vec<PathBuf>, Vec<PathBuf>) = shelf.paths.iter().cloned().partition(|path| !path.is_file());
        let clean: Vec<PathBuf> = there.into_iter().filter(|path| !holds(path)).collect();
        let mut scanned = Scanned { report, standings, added: Vec::new(), gone, clean, full: false, weak: false };
        if fix == Fix::Yes {
            scanned.wall_off(&mut shelf);
            self.write_down(&shelf)?;
            // What the machine cannot keep from commands is not called walled off.
            let plan = self.plan_for_nobody()?;
            let found = scanned.report.found.iter();
            scanned.standings = found.map(|one| standing(&one.path, &tracked, &keeps(&plan))).collect();
            scanned.weak = scanned.added.iter().any(|path| !keeps(&plan)(path));
        }
        scanned.full = shelf.is_full();
        self.note(&shelf, scanned.count(Standing::Open))?;
        Ok(scanned)
    }

    /// The walls around a command that gets nothing but what policy passes to all.
    fn plan_for_nobody(&self) -> Result<confine::Plan, String> {
        let passes = self.loaded.policy.credentials().pass;
        let mut memory = confine::Memory::recall(&[], SystemTime::now());
        self.plan(&Reading::default(), &passes, &mut memory).map_err(|refusal| refusal.because)
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

    fn wall_off(&mut self, shelf: &mut Shelf) {
        shelf.forget(&[self.gone.clone(), self.clean.clone()].concat());
        let open = self.report.found.iter().zip(&self.standings).filter(|(_, standing)| **standing == Standing::Open);
        self.added = shelf.add(open.map(|(one, _): (&Found, _)| one.path.clone()));
    }
}

/// Which paths do these walls keep from a command? Landlock alone keeps no file of a repository.
fn keeps(plan: &confine::Plan) -> impl Fn(&Path) -> bool {
    move |path| {
        plan.masks.iter().filter(|mask| path.starts_with(&mask.path)).any(|mask| match plan.ground {
            Ground::Mounts | Ground::UserNamespace { .. } => true,
            Ground::Carved(_) => !mask.in_repository,
            Ground::Nothing(_) => false,
        })
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
