//! The answers to what the walk wants to know. Everything is bounded, and nothing of the repository runs.

use super::context::find_context;
use super::git::Git;
use super::keeping::find_kept;
use super::pattern::{is_followed, look_at_all};
use super::standing::look_at;
use crate::decide::action::{Facts, FileFact, Need, PathFact, PathState, Setting};
use std::fs;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// The largest file whose text is read, in bytes.
const LARGEST_TEXT: u64 = 256 * 1024;
/// The most files whose text is read for one command.
const MOST_TEXTS: usize = 64;
/// The most paths that are looked at for one command.
const MOST_PATHS: usize = 256;
/// How long files below the paths are counted, for all paths together.
const COUNTING_TIME: Duration = Duration::from_millis(200);
/// How long git is asked, for all questions together.
const GIT_TIME: Duration = Duration::from_secs(1);
/// Kernel file systems: reading a file there may act, wait, or show another process.
const NO_TEXT_BELOW: [&str; 3] = ["/proc", "/sys", "/dev"];

/// What may still be spent on answers for one command, over all rounds of questions.
///
/// Time that runs out makes a fact unknown, and an unknown fact never makes a verdict milder.
#[derive(Debug, Clone)]
pub struct Budget {
    texts: usize,
    paths: usize,
    pub(super) counting: Duration,
    pub(super) git: Duration,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { texts: MOST_TEXTS, paths: MOST_PATHS, counting: COUNTING_TIME, git: GIT_TIME }
    }
}

impl Budget {
    /// Runs something and takes the time it needed off one of the budget's parts.
    pub(super) fn spend<T>(left: &mut Duration, work: impl FnOnce(Instant) -> T) -> T {
        let start = Instant::now();
        let done = work(start + *left);
        *left = left.saturating_sub(start.elapsed());
        done
    }
}

/// Answers a need into `facts`, and says whether it could. It is asked once.
///
/// A need that cannot be answered within the budget is answered as unread or unknown; git's configuration, for which there
/// is no such word, is left out.
pub fn answer(need: &Need, setting: &Setting, facts: &mut Facts, budget: &mut Budget) -> bool {
    match need {
        Need::File(path) => drop(facts.files.insert(path.clone(), read_text(Path::new(path), budget))),
        Need::Path(path) => {
            let fact = match budget.paths.checked_sub(1) {
                None => PathFact::default(),
                Some(left) => {
                    budget.paths = left;
                    look(path, budget)
                }
            };
            facts.paths.insert(path.clone(), fact);
        }
        Need::GitConfig { directory, key } => {
            let value =
                Budget::spend(&mut budget.git, |until| Git::as_run_by(setting, until).read_value(directory, key));
            let Some(value) = value else { return false };
            facts.git_config.insert((directory.clone(), key.clone()), value);
        }
        Need::CurrentContext(files) => drop(facts.contexts.insert(files.clone(), find_context(files))),
        Need::Keeping(asked) => drop(facts.kept.insert(asked.clone(), find_kept(asked, setting, budget))),
    }
    true
}

/// Looks at a path, or at what a pattern finds where nothing has its name.
fn look(path: &str, budget: &mut Budget) -> PathFact {
    let fact = look_at(Path::new(path), budget);
    if fact.state == PathState::Missing && is_followed(path) { look_at_all(path, budget) } else { fact }
}

fn read_text(path: &Path, budget: &mut Budget) -> FileFact {
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if matches!(error.raw_os_error(), Some(libc::ENOENT | libc::ENOTDIR)) => return FileFact::Missing,
        Err(_) => return FileFact::Unread,
    };
    // Looked at before it is opened: opening a pipe would wake whoever waits to write into it.
    if !found.is_file() || found.len() > LARGEST_TEXT || budget.texts == 0 || !has_text(path) {
        return FileFact::Unread;
    }
    budget.texts -= 1;
    read_bounded(path).map_or(FileFact::Unread, FileFact::Text)
}

fn has_text(path: &Path) -> bool {
    fs::canonicalize(path).is_ok_and(|real| !NO_TEXT_BELOW.iter().any(|closed| real.starts_with(closed)))
}

fn read_bounded(path: &Path) -> Option<String> {
    let flags = libc::O_NONBLOCK | libc::O_NOCTTY;
    let file = fs::OpenOptions::new().read(true).custom_flags(flags).open(path).ok()?;
    file.metadata().ok().filter(fs::Metadata::is_file)?;
    let mut text = String::new();
    file.take(LARGEST_TEXT + 1).read_to_string(&mut text).ok()?;
    (text.len() as u64 <= LARGEST_TEXT && !text.contains('\0')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn ask(path: &Path) -> FileFact {
        read_text(path, &mut Budget::default())
    }

    #[test]
    fn a_text_is_read_and_what_is_none_is_not() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let at = |name: &str| room.path().join(name);
        fs::write(at("text"), "rm -rf ö\n").expect("written");
        fs::write(at("binary"), b"\x7fELF\0").expect("written");
        fs::write(at("latin"), b"\xe4").expect("written");
        fs::write(at("long"), "x".repeat(300 * 1024)).expect("written");
        nix::unistd::mkfifo(&at("pipe"), nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
        symlink("/proc/self/environ", at("link")).expect("linked");
        assert_eq!(ask(&at("text")), FileFact::Text("rm -rf ö\n".into()));
        assert_eq!(ask(&at("none")), FileFact::Missing);
        for name in ["binary", "latin", "long", "pipe", "link", "."] {
            assert_eq!(ask(&at(name)), FileFact::Unread, "{name}");
        }
        assert_eq!(ask(Path::new("/dev/zero")), FileFact::Unread);
    }

    #[test]
    fn an_alias_of_the_repository_and_one_of_the_environment_are_read() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let done = std::process::Command::new("git").arg("-C").arg(room.path()).args(["init", "-q"]).status();
        assert!(done.expect("these tests need git").success());
        fs::write(room.path().join(".git/config"), "[alias]\n st = status -sb\n").expect("written");
        let directory = room.path().to_str().expect("text").to_owned();
        let mut setting = Setting::default();
        for (name, value) in [("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "alias.x"), ("GIT_CONFIG_VALUE_0", "!sh")]
        {
            setting.environment.insert(name.to_owned(), value.to_owned());
        }
        let mut facts = Facts::default();
        let need = |key: &str| Need::GitConfig { directory: directory.clone(), key: key.to_owned() };
        let needs = [need("alias.st"), need("alias.x"), need("alias.none"), need("alias.st; x")];
        let mut budget = Budget::default();
        assert_eq!(needs.map(|need| answer(&need, &setting, &mut facts, &mut budget)), [true, true, true, false]);
        let told = |key: &str| facts.git_config.get(&(directory.clone(), key.to_owned())).cloned();
        assert_eq!(told("alias.st"), Some(Some("status -sb".into())));
        assert_eq!(told("alias.x"), Some(Some("!sh".into())));
        assert_eq!(told("alias.none"), Some(None));
        assert_eq!(told("alias.st; x"), None);
    }

    #[test]
    fn past_the_budget_everything_is_unread_or_unknown() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let path = room.path().join("text").to_str().expect("text").to_owned();
        fs::write(&path, "true").expect("written");
        let mut facts = Facts::default();
        let mut budget = Budget { texts: 0, paths: 0, ..Budget::default() };
        let needs = [Need::File(path.clone()), Need::Path(path.clone())];
        assert!(needs.iter().all(|need| answer(need, &Setting::default(), &mut facts, &mut budget)));
        assert_eq!(facts.files.get(&path), Some(&FileFact::Unread));
        assert_eq!(facts.paths.get(&path), Some(&PathFact::default()));
    }
}
