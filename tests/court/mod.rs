//! A court for tests: a made-up place where every path exists and git knows none, and the one judge.

use holdpoint::decide::action::{self, Facts, FileFact, Need, PathFact, PathState, Rules, Setting};
use holdpoint::decide::policy::{self, Policy, Verdict};
use holdpoint::decide::syntax::shell;

/// A made-up place: a repository in a home, where every path exists and git knows none.
pub(crate) fn setting() -> Setting {
    Setting {
        directory: "/home/ann/shop".to_owned(),
        homes: vec!["/home/ann".to_owned()],
        user: "ann".to_owned(),
        repository: Some("/home/ann/shop".to_owned()),
        branch: Some("main".to_owned()),
        ..Setting::default()
    }
}

/// Judges a command, answering every need with "there is a file that nobody knows", but for what [`state_of`] says.
pub(crate) fn judge(command: &str) -> Verdict {
    let (setting, mut facts) = (setting(), Facts::default());
    let script = shell::read(command);
    for _ in 0..8 {
        let reading = action::read(&script, &setting, &facts, Rules::default());
        if reading.needs.is_empty() {
            return policy::judge(&reading, &Policy::default(), &setting);
        }
        for need in reading.needs {
            match need {
                Need::File(path) => drop(facts.files.insert(path, FileFact::Missing)),
                Need::Path(path) => {
                    let fact = PathFact { state: state_of(&path), bytes: Some(10), ..PathFact::default() };
                    facts.paths.insert(path, fact);
                }
                Need::GitConfig { directory, key } => drop(facts.git_config.insert((directory, key), None)),
            }
        }
    }
    panic!("{command}: the reading never ends");
}

/// By its name a path is missing (`no-such…`, the names of branches), a directory (`…-dir`), or else a file.
fn state_of(path: &str) -> PathState {
    let name = path.rsplit('/').next().unwrap_or(path);
    let missing = name.starts_with("no-such") || matches!(name, "main" | "topic" | "HEAD" | "-" | "HEAD~1");
    match () {
        () if missing => PathState::Missing,
        () if name.ends_with("-dir") || matches!(path, "/" | "/tmp" | "/home/ann" | "/home/ann/shop") => {
            PathState::Directory
        }
        () => PathState::File,
    }
}
