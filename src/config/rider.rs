//! What a repository's settings would make git run, and the directory from which its hooks run in narrower walls.

use super::error::ConfigError;
use super::find::repository_root;
use super::gitlink::submodules;
use super::place::{Place, make_private};
use super::reach::{Ground, Made};
use super::setting::git_directory;
use crate::decide::action::Guest;
use crate::decide::action::rider::{Setting, hooks, settings_of};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};

/// The longest settings that are read, in bytes.
const LONGEST: u64 = 256 * 1024;
/// So many submodules' settings are read.
const MOST_MODULES: usize = 512;

/// The directory of hooks, beside that of holdpoint's state.
const HOOKS: &str = "holdpoint-hooks";

/// The first thing that the repository of a directory would make git run: a sentence's subject, such as
/// `core.sshcommand (/home/ada/shop/.git/config:7)`.
#[must_use]
pub fn rider_of(directory: &Path) -> Option<String> {
    settings_at(directory).err()
}

/// The first thing that a call of git would make ride along.
#[must_use]
pub fn rider_with(guest: &Guest, made: &Made, is_closed: &dyn Fn(&Path) -> bool) -> Option<String> {
    let directory = Path::new(guest.directory.as_deref()?);
    let settings = match settings_at(directory) {
        Ok(settings) => settings,
        Err(rider) => return Some(rider),
    };
    let git = directories_of(directory).unwrap_or_default();
    Ground { directory, settings: &settings, git: &git, made, is_closed }.look(guest)
}

/// All settings of a directory's repository with their files, or what among them makes git run something.
fn settings_at(directory: &Path) -> Result<Vec<(PathBuf, Setting)>, String> {
    if let Some(root) = repository_root(directory)
        && git_directory(root).is_none()
    {
        return Err(format!("{} cannot be read", root.join(".git").display()));
    }
    let Some(directories) = directories_of(directory) else {
        return Err("a submodule that cannot be read, or one of more than are looked at,".to_owned());
    };
    let mut all = Vec::new();
    for path in files_in(&directories) {
        let found = settings_in(&path)?;
        all.extend(found.into_iter().map(|setting| (path.clone(), setting)));
    }
    Ok(all)
}

/// Where the settings of a directory's repository lie: its own, those of its worktree, of the main tree and of submodules.
fn places_of(directory: &Path) -> Vec<PathBuf> {
    files_in(&directories_of(directory).unwrap_or_default())
}

fn files_in(directories: &[PathBuf]) -> Vec<PathBuf> {
    directories.iter().flat_map(|directory| ["config", "config.worktree"].map(|name| directory.join(name))).collect()
}

/// Git's own directories of a repository, each once. `None`: there are more, or one cannot be read.
fn directories_of(directory: &Path) -> Option<Vec<PathBuf>> {
    let Some(root) = repository_root(directory) else { return Some(Vec::new()) };
    let Some(own) = git_directory(root) else { return Some(Vec::new()) };
    let common = common_of(&own);
    let mut directories: Vec<PathBuf> = vec![own.clone()];
    directories.extend((common != own).then(|| common.clone()));
    add_modules(&common.join("modules"), &mut directories);
    // A submodule's working tree may have a git directory in it, or name one anywhere.
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut seen = BTreeSet::from([real(root)]);
    let mut open = vec![(root.to_owned(), own)];
    while let Some((tree, git)) = open.pop() {
        for path in submodules(&git)? {
            let tree = tree.join(path);
            let Some(git) = git_directory(&tree).filter(|_| seen.insert(real(&tree))) else { continue };
            if !directories.iter().any(|known| real(known) == real(&git)) {
                directories.push(git.clone());
                add_modules(&git.join("modules"), &mut directories);
            }
            if seen.len() >= MOST_MODULES {
                return None;
            }
            open.push((tree, git));
        }
    }
    (directories.len() < MOST_MODULES).then_some(directories)
}

/// The settings of a directory's repository as they are; `None` for a file that is not there.
#[must_use]
pub fn texts_of(directory: &Path) -> Vec<(PathBuf, Option<Vec<u8>>)> {
    places_of(directory).into_iter().map(|path| (path.clone(), fs::read(&path).ok())).collect()
}

/// Puts settings back that make git run something now and did not before. Gives those that were.
#[must_use]
pub fn put_back(directory: &Path, before: &[(PathBuf, Option<Vec<u8>>)]) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = before.iter().map(|(path, _)| path.clone()).collect();
    all.extend(places_of(directory).into_iter().filter(|path| !before.iter().any(|(known, _)| known == path)));
    let changed = all.into_iter().filter(|path| rider_in(path).is_some());
    changed.filter(|path| restore(path, before).is_ok()).collect()
}

fn restore(path: &Path, before: &[(PathBuf, Option<Vec<u8>>)]) -> io::Result<()> {
    let known = before.iter().find(|(known, _)| known == path).and_then(|(_, text)| text.as_ref());
    let Some(text) = known else { return fs::remove_file(path) };
    let draft = path.with_extension("holdpoint");
    fs::write(&draft, text)?;
    fs::rename(draft, path)
}

fn rider_in(path: &Path) -> Option<String> {
    settings_in(path).err()
}

fn settings_in(path: &Path) -> Result<Vec<Setting>, String> {
    let unread = || format!("{} cannot be read", path.display());
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(_) => return Err(unread()),
    };
    let text = if found.is_file() && found.len() <= LONGEST { fs::read_to_string(path).ok() } else { None };
    let text = text.ok_or_else(unread)?;
    settings_of(&text).map_err(|rider| {
        let key = if rider.key.is_empty() { "a line that is not understood" } else { &rider.key };
        format!("{key} ({}:{})", path.display(), rider.line)
    })
}

/// A submodule's settings lie in `modules/NAME`, and those of its own submodules below that; a name may have slashes.
fn add_modules(modules: &Path, directories: &mut Vec<PathBuf>) {
    let mut open = vec![modules.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
            let path = entry.path();
            if directories.len() >= MOST_MODULES || !path.is_dir() {
                continue;
            }
            if path.join("HEAD").exists() {
                open.push(path.join("modules"));
                directories.push(path);
            } else {
                open.push(path);
            }
        }
    }
}

/// The directory of hooks, if it was made. Whatever a command is made of, it may not change what git will run.
#[must_use]
pub fn made_hook_directory(place: &Place) -> Option<PathBuf> {
    let directory = place.state.with_file_name(HOOKS);
    fs::symlink_metadata(&directory).is_ok_and(|found| found.is_dir()).then_some(directory)
}

/// The directory with a link to holdpoint for each hook, made where it is missing or not as holdpoint made it.
///
/// It stands read-only in every command's walls, so that what git finds there is holdpoint.
///
/// # Errors
/// When it belongs to somebody else or cannot be made.
pub fn hook_directory(place: &Place) -> Result<PathBuf, ConfigError> {
    let directory = place.state.with_file_name(HOOKS);
    let failed = |error| ConfigError::State { path: place.state.with_file_name(HOOKS), error };
    let found = fs::symlink_metadata(&directory);
    if !found.as_ref().is_ok_and(|found| found.is_dir() && found.uid() == place.uid) {
        if found.is_ok() {
            return Err(ConfigError::Tampered { path: directory, fault: "it is no directory of this user's" });
        }
        make_private(&directory, place.uid)?;
    }
    let program = std::env::current_exe().map_err(failed)?;
    for name in hooks() {
        let link = directory.join(name);
        if fs::read_link(&link).is_ok_and(|target| target == program) {
            continue;
        }
        let draft = directory.join(format!(".{name}.{}", std::process::id()));
        let _ = fs::remove_file(&draft);
        symlink(&program, &draft).and_then(|()| fs::rename(&draft, &link)).map_err(failed)?;
    }
    Ok(directory)
}

/// Does a repository leave objects with its remote (git-clone(1), `--filter`), so that looking at them asks another machine?
#[must_use]
pub fn is_partial(directory: &Path) -> bool {
    let Some(own) = repository_root(directory).and_then(git_directory) else { return false };
    let settings = fs::read_to_string(common_of(&own).join("config")).unwrap_or_default();
    settings.to_ascii_lowercase().contains("promisor")
}

fn common_of(own: &Path) -> PathBuf {
    fs::read_to_string(own.join("commondir")).map_or_else(|_| own.to_owned(), |text| own.join(text.trim_end()))
}

/// Is there certainly no hook of this name in a git directory, with these settings of the user's beside? Where any of the
/// settings names another directory of hooks it is not certain.
#[must_use]
pub fn is_absent(git: &Path, name: &str, global: &[PathBuf]) -> bool {
    let common = common_of(git);
    let own = [common.join("config"), git.join("config.worktree"), PathBuf::from("/etc/gitconfig")];
    let moved = own.iter().chain(global).any(|path| match fs::read(path) {
        Ok(text) => {
            let text = String::from_utf8_lossy(&text).to_ascii_lowercase();
            text.contains("hookspath") || text.contains("include")
        }
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    });
    !moved && common.join("HEAD").exists() && fs::symlink_metadata(common.join("hooks").join(name)).is_err()
}

/// Is this the hook that Git LFS puts into a repository (git-lfs-install(1)), which only calls `git lfs` and needs what git has?
#[must_use]
pub fn is_large_file_hook(hook: &Path, name: &str) -> bool {
    const LONGEST_HOOK: u64 = 4096;
    let short = fs::metadata(hook).is_ok_and(|found| found.len() <= LONGEST_HOOK);
    let Some(text) = short.then(|| fs::read_to_string(hook).ok()).flatten() else { return false };
    let call = format!("git lfs {name} \"$@\"");
    // None of it is run, so it may say what it likes; what it does beside would be left out.
    let says_more =
        |line: &str| !(line.is_empty() || line.starts_with(['#']) || line.starts_with("command -v git-lfs "));
    text.lines().any(|line| line == call) && !text.lines().any(|line| line != call && says_more(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    struct World(tempfile::TempDir);

    impl World {
        fn build() -> World {
            let world = World(tempfile::tempdir().expect("a temporary directory"));
            for name in ["shop", "part"] {
                fs::create_dir(world.path(name)).expect("a directory");
                world.git(name, &["init", "-q"]);
                world.git(name, &["commit", "-q", "--allow-empty", "-m", "first"]);
            }
            let part = world.path("part").display().to_string();
            world.git("shop", &["submodule", "--quiet", "add", &part, "parts/one"]);
            world.git("shop", &["config", "submodule.parts/one.url", "git@git.acme.org:part.git"]);
            world.git("shop/parts/one", &["remote", "set-url", "origin", "https://git.acme.org/part.git"]);
            world.git("shop", &["remote", "add", "origin", "git@git.acme.org:shop.git"]);
            world.git("shop", &["worktree", "add", "-q", "../tree"]);
            world
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn git(&self, at: &str, asked: &[&str]) {
            let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"];
            let done =
                Command::new("git").current_dir(self.path(at)).args(identity).args(asked).output().expect("git runs");
            assert!(done.status.success(), "{done:?}");
        }
    }

    #[test]
    fn a_repository_as_git_makes_it_carries_no_rider() {
        let world = World::build();
        for at in ["shop", "shop/parts/one", "tree", "part", "."] {
            assert_eq!(rider_of(&world.path(at)), None, "{at}");
        }
    }

    #[test]
    fn a_rider_is_found_in_the_main_tree_a_worktree_and_a_submodule() {
        for (planted, at) in [("shop", "tree"), ("tree", "shop"), ("shop/parts/one", "shop"), ("shop", "shop")] {
            let world = World::build();
            world.git(planted, &["config", "core.sshCommand", "./x"]);
            let told = rider_of(&world.path(at)).expect("found");
            assert!(told.starts_with("core.sshcommand (") && told.ends_with(')'), "{planted}, {at}: {told}");
        }
    }

    #[test]
    fn settings_that_cannot_be_read_count() {
        let world = World::build();
        fs::write(world.path("shop/.git/config"), b"[core]\n\xff\n").expect("written");
        assert!(rider_of(&world.path("shop")).expect("found").contains("cannot be read"));
    }

    #[test]
    fn settings_that_came_to_run_something_are_put_back() {
        let world = World::build();
        let shop = world.path("shop");
        let before = texts_of(&shop);
        world.git("shop", &["config", "user.name", "Ada"]);
        assert!(put_back(&shop, &before).is_empty(), "what runs nothing stays");
        world.git("shop", &["config", "core.sshCommand", "./x"]);
        fs::write(shop.join(".git/config.worktree"), "[alias]\nx = !x\n").expect("settings");
        assert_eq!(put_back(&shop, &before), [shop.join(".git/config"), shop.join(".git/config.worktree")]);
        assert_eq!((rider_of(&shop), texts_of(&shop)), (None, before));
    }

    #[test]
    fn a_hook_that_is_not_there_is_told_only_where_that_is_certain() {
        let world = World::build();
        let (git, tree) = (world.path("shop/.git"), world.path("shop/.git/worktrees/tree"));
        let global = [world.path("gitconfig")];
        assert!(is_absent(&git, "pre-push", &global) && is_absent(&tree, "pre-push", &global));
        fs::write(git.join("hooks/pre-push"), "x").expect("a hook");
        assert!(!is_absent(&git, "pre-push", &global) && !is_absent(&tree, "pre-push", &global));
        assert!(is_absent(&git, "post-merge", &global));
        fs::write(&global[0], "[core]\nhooksPath = x\n").expect("settings");
        assert!(!is_absent(&git, "post-merge", &global));
        assert!(!is_absent(&world.path("nowhere"), "post-merge", &[]));
    }

    #[test]
    fn the_hooks_directory_is_mended() {
        let world = World::build();
        let uid = nix::unistd::geteuid().as_raw();
        let (state, config) = (world.path("state/holdpoint"), world.path("config"));
        let place = Place { uid, user: String::new(), homes: Vec::new(), state, config };
        let made = hook_directory(&place).expect("made");
        let own = std::env::current_exe().expect("a program");
        assert_eq!(fs::read_link(made.join("pre-push")).expect("a link"), own);
        fs::remove_file(made.join("pre-push")).expect("removed");
        fs::write(made.join("pre-push"), "#!/bin/sh\n./x\n").expect("planted");
        hook_directory(&place).expect("mended");
        assert_eq!(fs::read_link(made.join("pre-push")).expect("a link"), own);
        fs::remove_dir_all(&made).expect("removed");
        symlink(world.path("shop"), &made).expect("a link");
        assert!(hook_directory(&place).is_err());
    }
}
