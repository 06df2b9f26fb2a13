//! Going through directories and reading what may hold a token.
//!
//! What tools make or fetch is passed over, and so is what is walled off already: nothing is read that no command could
//! read. Limits are on numbers and sizes, and what was left out is said.

use super::form::Catalogue;
use super::reader::{Finding, Manner, Reader};
use crate::decide::action::glob::matches;
use nix::fcntl::OFlag;
use std::collections::BTreeSet;
use std::fs::{self, Metadata, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// How much is read of a file to tell text from other things.
const BEGINNING: usize = 8192;

/// Where to look, and what is known of it.
pub struct Places<'a> {
    /// Files and directories, by their real paths.
    pub roots: &'a [PathBuf],
    /// Homes: in them caches and other repositories are passed over.
    pub homes: &'a [PathBuf],
    /// Is this path out of every command's reach already?
    pub walled: &'a dyn Fn(&Path) -> bool,
    /// How far to go.
    pub limits: Limits,
}

/// How far to go.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// So many files are read.
    pub files: usize,
    /// So many bytes of them.
    pub bytes: u64,
    /// A longer file is not read.
    pub longest: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { files: 200_000, bytes: 4 << 30, longest: 4 << 20 }
    }
}

/// One token in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file, by its real path.
    pub path: PathBuf,
    /// The line and what stands in it.
    pub finding: Finding,
}

/// What was found, and what was not looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Tokens, by path and line.
    pub found: Vec<Found>,
    /// How many files were read.
    pub files: usize,
    /// How many bytes.
    pub bytes: u64,
    /// Files that are too long to be read.
    pub long: Vec<PathBuf>,
    /// Files and directories that could not be read.
    pub unreadable: usize,
    /// Files and directories that are walled off already.
    pub walled: usize,
    /// Other repositories below a home.
    pub repositories: usize,
    /// A limit was reached.
    pub cut_short: bool,
}

/// Looks for tokens.
///
/// # Errors
/// When the list of what tokens look like is not well formed, which the tests rule out.
pub fn look(places: &Places<'_>) -> Result<Report, String> {
    let reader = Reader::new()?;
    let mut walk = Walk { places, reader: &reader, report: Report::default(), seen: BTreeSet::new() };
    for root in places.roots {
        walk.begin(root);
    }
    let mut report = walk.report;
    report.found.sort_by(|a, b| (&a.path, &a.finding).cmp(&(&b.path, &b.finding)));
    Ok(report)
}

struct Walk<'a> {
    places: &'a Places<'a>,
    reader: &'a Reader,
    report: Report,
    /// Devices and inodes: places may overlap, and files may have several names.
    seen: BTreeSet<(u64, u64)>,
}

/// A directory or file that is still to be looked at.
struct Step {
    path: PathBuf,
    /// Tests or documentation lie here.
    quiet: bool,
}

impl Walk<'_> {
    fn begin(&mut self, root: &Path) {
        let mut open = vec![Step { path: root.to_owned(), quiet: false }];
        while let Some(step) = open.pop() {
            if self.report.files >= self.places.limits.files || self.report.bytes >= self.places.limits.bytes {
                self.report.cut_short = true;
                return;
            }
            let Ok(found) = fs::symlink_metadata(&step.path) else {
                self.report.unreadable += 1;
                continue;
            };
            let is_new = found.is_dir() || found.is_file();
            if !is_new || !self.seen.insert((found.dev(), found.ino())) {
                continue;
            }
            if (self.places.walled)(&step.path) {
                self.report.walled += 1;
            } else if found.is_file() {
                self.read(&step, &found);
            } else if step.path == root || self.is_worth_a_look(&step.path) {
                self.list(&step, &mut open);
            }
        }
    }

    fn list(&mut self, step: &Step, open: &mut Vec<Step>) {
        let Ok(listed) = fs::read_dir(&step.path) else {
            self.report.unreadable += 1;
            return;
        };
        let quiet = &self.reader.catalogue.quiet.directories;
        // In the order of their names, the first on top.
        let mut below: Vec<Step> = listed
            .flatten()
            .map(|entry| {
                let is_quiet = quiet.iter().any(|name| entry.file_name() == name.as_str());
                Step { path: entry.path(), quiet: step.quiet || is_quiet }
            })
            .collect();
        below.sort_by(|a, b| b.path.cmp(&a.path));
        open.append(&mut below);
    }

    fn is_worth_a_look(&mut self, directory: &Path) -> bool {
        let catalogue = &self.reader.catalogue;
        let Some(name) = directory.file_name().map(|name| name.to_string_lossy()) else { return true };
        if name == ".git" {
            // Its settings alone may hold a token: in the address of a remote repository, in a header.
            let settings = Step { path: directory.join("config"), quiet: false };
            if let Ok(found) = fs::symlink_metadata(&settings.path)
                && found.is_file()
            {
                self.read(&settings, &found);
            }
            return false;
        }
        if catalogue.directories.iter().any(|passed| *passed == name) {
            return false;
        }
        let Some(rest) = self.places.homes.iter().find_map(|home| directory.strip_prefix(home).ok()) else {
            return true;
        };
        if catalogue.caches.iter().any(|cache| Path::new(cache) == rest) {
            return false;
        }
        let in_place =
            self.places.roots.iter().any(|root| {
                directory.starts_with(root) && !self.places.homes.iter().any(|home| home.starts_with(root))
            });
        let is_another = !in_place && directory.join(".git").symlink_metadata().is_ok();
        self.report.repositories += usize::from(is_another);
        !is_another
    }

    fn read(&mut self, step: &Step, found: &Metadata) {
        let name = step.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let catalogue = &self.reader.catalogue;
        if catalogue.files.iter().any(|glob| matches(glob, &name)) {
            return;
        }
        let manner = manner_of(catalogue, &name, step.quiet);
        if found.len() > self.places.limits.longest {
            if read_start(&step.path, BEGINNING).is_ok_and(|start| is_text(&start)) {
                self.report.long.push(step.path.clone());
            }
            return;
        }
        let Ok(text) = read_start(&step.path, usize::try_from(self.places.limits.longest).unwrap_or(usize::MAX)) else {
            self.report.unreadable += 1;
            return;
        };
        if !is_text(&text) {
            return;
        }
        self.report.files += 1;
        self.report.bytes += text.len() as u64;
        let findings = self.reader.read(&text, manner);
        self.report.found.extend(findings.into_iter().map(|finding| Found { path: step.path.clone(), finding }));
    }
}

fn manner_of(catalogue: &Catalogue, name: &str, quiet: bool) -> Manner {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    Manner {
        quiet: quiet || catalogue.quiet.files.iter().any(|glob| matches(glob, name)),
        code: catalogue.code.iter().any(|known| known == ending),
    }
}

/// Text has no NUL in its beginning, as git tells it.
fn is_text(start: &[u8]) -> bool {
    !start.iter().take(BEGINNING).any(|byte| *byte == 0)
}

fn read_start(path: &Path, most: usize) -> std::io::Result<Vec<u8>> {
    let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits()).open(path)?;
    let mut start = Vec::new();
    file.take(most as u64).read_to_end(&mut start)?;
    Ok(start)
}
