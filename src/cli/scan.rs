//! `holdpoint scan`: which files hold tokens that commands could read?

use super::{exit, say_failure};
use crate::config::wall;
use crate::decide::shown::Shown;
use crate::pipeline::{Fix, Scanned, Standing, World};
use crate::scan::Limits;
use serde_json::json;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// So many paths of one kind are listed one by one.
const MOST_LISTED: usize = 10;

/// Looks for tokens and says what was found. 0: nothing that commands can read; 1: something; 2: usage.
#[must_use]
pub(super) fn scan(given: &clap::ArgMatches) -> i32 {
    let world = match World::look() {
        Ok(world) => world,
        Err(error) => return say_failure(&error, exit::FAILED),
    };
    if world.inside || wall::inside_walls(&world.place) {
        let because = "this process runs inside holdpoint's walls; run scan in a terminal of your own";
        return say_failure(&because, exit::DENIED);
    }
    let paths: Vec<PathBuf> = given.get_many::<PathBuf>("path").unwrap_or_default().cloned().collect();
    if given.get_flag("forget") {
        return forget(&world, &paths);
    }
    if let Some(missing) = paths.iter().find(|path| !path.exists()) {
        return say_failure(&format!("there is no {}", shown(missing)), exit::USAGE);
    }
    let roots = if paths.is_empty() { world.usual_places() } else { paths };
    let fix = if given.get_flag("fix") { Fix::Yes } else { Fix::No };
    let scanned = match world.scan(&roots, Limits::default(), fix) {
        Ok(scanned) => scanned,
        Err(error) => return say_failure(&error, exit::FAILED),
    };
    let told = if given.get_flag("json") { tell_json(&scanned) } else { tell(&scanned, &roots, fix) };
    match told {
        Err(error) => say_failure(&error, exit::FAILED),
        Ok(()) => i32::from(scanned.open() > 0),
    }
}

fn forget(world: &World, paths: &[PathBuf]) -> i32 {
    if paths.is_empty() {
        return say_failure(&"--forget needs the paths of files; holdpoint scan lists them", exit::USAGE);
    }
    match world.forget_found(paths) {
        Err(error) => say_failure(&error, exit::FAILED),
        Ok(gone) if gone.is_empty() => say_failure(&"none of these files is remembered", exit::USAGE),
        Ok(gone) => {
            for path in gone {
                println!("commands can read {} again", shown(&path));
            }
            0
        }
    }
}

fn tell(scanned: &Scanned, roots: &[PathBuf], fix: Fix) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for (one, standing) in scanned.report.found.iter().zip(&scanned.standings) {
        let (kind, length) = (Shown(&one.finding.kind).cut(80), one.finding.length);
        let path = shown(&one.path);
        writeln!(out, "{path}:{}: {kind}, {length} characters; {}", one.finding.line, word_of(*standing))?;
    }
    tell_remembered(&mut out, scanned, fix)?;
    let report = &scanned.report;
    let megabytes = report.bytes / (1 << 20);
    let places: Vec<String> = roots.iter().map(|root| shown(root)).collect();
    writeln!(out, "looked through {} files ({megabytes} MiB) in {}", report.files, places.join(", "))?;
    let left_out = [
        (report.walled, "that are walled off already, not read"),
        (report.unreadable, "that could not be read"),
        (report.repositories, "with a repository of its own below a home, not looked through: name them as PATH"),
    ];
    for (count, what) in left_out.iter().filter(|(count, _)| *count > 0) {
        writeln!(out, "left out: {count} {what}")?;
    }
    tell_list(&mut out, "left out, too long to be read:", &report.long)?;
    if report.cut_short {
        writeln!(out, "left out: the rest, because a limit was reached: name fewer places")?;
    }
    advise(&mut out, scanned, fix)
}

fn tell_remembered(out: &mut impl Write, scanned: &Scanned, fix: Fix) -> io::Result<()> {
    let (gone, clean) = match fix {
        Fix::Yes => ("forgotten, for it is no longer there:", "forgotten, for it holds no token any more:"),
        Fix::No => (
            "walled off once, and no longer there (--fix forgets it):",
            "walled off, and holds no token any more (--fix opens it):",
        ),
    };
    tell_list(out, gone, &scanned.gone)?;
    tell_list(out, clean, &scanned.clean)?;
    tell_list(out, "walled off from now on:", &scanned.added)
}

fn tell_list(out: &mut impl Write, what: &str, paths: &[PathBuf]) -> io::Result<()> {
    for path in paths.iter().take(MOST_LISTED) {
        writeln!(out, "{what} {}", shown(path))?;
    }
    match paths.len().saturating_sub(MOST_LISTED) {
        0 => Ok(()),
        more => writeln!(out, "{what} {more} more"),
    }
}

fn advise(out: &mut impl Write, scanned: &Scanned, fix: Fix) -> io::Result<()> {
    let count = |standing: Standing| scanned.count(standing);
    let (open, tracked, settings) = (count(Standing::Open), count(Standing::Tracked), count(Standing::Settings));
    if scanned.report.found.is_empty() {
        return writeln!(out, "no token was found");
    }
    if open > 0 && fix == Fix::No {
        writeln!(out, "{open} can be read by every command: `holdpoint scan --fix` walls their files off")?;
    }
    if open > 0 && fix == Fix::Yes && scanned.full {
        writeln!(
            out,
            "{open} can still be read by every command: no more files can be remembered; move them together"
        )?;
    }
    if tracked > 0 {
        writeln!(
            out,
            "{tracked} in files that git tracks: masking one would confuse git, and its history has the token anyway. \
             Revoke it, make a new one, and keep that out of the repository"
        )?;
    }
    if settings > 0 {
        writeln!(
            out,
            "{settings} in git's own settings, which git must read: take it out with `git remote set-url` or \
             `git config --unset`, and revoke it"
        )?;
    }
    if scanned.weak {
        writeln!(
            out,
            "some of these files cannot be kept from commands on this machine, and are remembered all the same: \
             holdpoint doctor says what is missing"
        )?;
    }
    if !scanned.added.is_empty() {
        writeln!(
            out,
            "no command reads these files from its next start on. Undo it with `holdpoint scan --forget PATH`; a token that \
             was ever readable should be revoked"
        )?;
    }
    Ok(())
}

fn tell_json(scanned: &Scanned) -> io::Result<()> {
    let found: Vec<_> = scanned
        .report
        .found
        .iter()
        .zip(&scanned.standings)
        .map(|(one, standing)| {
            json!({
                "path": one.path.to_string_lossy(),
                "line": one.finding.line,
                "kind": one.finding.kind,
                "length": one.finding.length,
                "standing": name_of(*standing),
            })
        })
        .collect();
    let texts = |paths: &[PathBuf]| paths.iter().map(|path| path.to_string_lossy().into_owned()).collect::<Vec<_>>();
    let report = &scanned.report;
    let all = json!({
        "found": found,
        "open": scanned.open(),
        "added": texts(&scanned.added),
        "gone": texts(&scanned.gone),
        "clean": texts(&scanned.clean),
        "files": report.files,
        "bytes": report.bytes,
        "left_out": {
            "walled": report.walled,
            "unreadable": report.unreadable,
            "repositories": report.repositories,
            "long": texts(&report.long),
            "cut_short": report.cut_short,
        },
    });
    writeln!(io::stdout().lock(), "{all}")
}

fn word_of(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "OPEN to every command",
        Standing::Tracked => "OPEN to every command, tracked by git",
        Standing::Settings => "OPEN to every command, needed by git",
        Standing::Walled => "walled off",
    }
}

fn name_of(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "open",
        Standing::Tracked => "tracked",
        Standing::Settings => "git-settings",
        Standing::Walled => "walled",
    }
}

fn shown(path: &Path) -> String {
    Shown(&path.to_string_lossy()).to_string()
}
