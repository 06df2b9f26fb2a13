//! Questions to git that run nothing of the repository.
//!
//! A repository's configuration names programs: `core.fsmonitor`, hooks, filters, `core.sshCommand`. Only
//! commands are used that need none of them (no `status`, no `diff` of the working tree: those run clean filters), and
//! those that might be reached are switched off on the command line, which outranks the repository.

use crate::decide::action::Setting;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::collections::HashMap;
use std::io::Read;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where git is looked for; `$PATH` is the agent's to change.
const PLACES: [&str; 4] = ["/usr/bin/git", "/bin/git", "/usr/local/bin/git", "/run/current-system/sw/bin/git"];
/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 16 * 1024 * 1024;
/// Switched off, whatever the repository says.
const OFF: [&str; 10] = [
    "--no-pager",
    "--no-optional-locks",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.sshCommand=false",
    "-c",
    "protocol.allow=never",
];
/// Paths are names, whatever characters they have.
const LITERAL: &str = "--literal-pathspecs";
/// What decides which configuration git would read for the command itself.
const CONFIGURING: [&str; 6] =
    ["HOME", "XDG_CONFIG_HOME", "GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_CEILING_DIRECTORIES"];

/// A git that may be asked until a moment.
pub(super) struct Git {
    environment: Vec<(String, String)>,
    until: Instant,
}

/// One file of the index: its mode, the object's name, and the file's times, number and size when it was added.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Stamp {
    pub(super) mode: String,
    pub(super) object: String,
    pub(super) changed: (i64, i64),
    pub(super) modified: (i64, i64),
    pub(super) inode: u64,
    pub(super) size: u64,
}

impl Git {
    /// A git that sees the repository's configuration only.
    pub(super) fn alone(until: Instant) -> Git {
        let fixed = [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")];
        Git { environment: fixed.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(), until }
    }

    /// A git that sees the configuration that the command would see.
    pub(super) fn as_run_by(setting: &Setting, until: Instant) -> Git {
        let is_wanted = |name: &str| CONFIGURING.contains(&name) || name.starts_with("GIT_CONFIG");
        let own = setting.environment.iter().filter(|(name, _)| is_wanted(name));
        Git { environment: own.map(|(name, value)| (name.clone(), value.clone())).collect(), until }
    }

    /// A value of the configuration in a directory: `Some(None)` where there is no such key, `None` if unknown.
    pub(super) fn read_value(&self, directory: &str, key: &str) -> Option<Option<String>> {
        let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/".contains(&b));
        if !plain || key.starts_with('-') {
            return None;
        }
        match self.run(Path::new(directory), &["config", "-z", "--get", key])? {
            (0, answer) => Some(Some(String::from_utf8(answer).ok()?.trim_end_matches('\0').to_owned())),
            (1, _) => Some(None),
            _ => None,
        }
    }

    /// The index's entries at and below a path, by path relative to the root. `None` if unknown.
    pub(super) fn list_index(&self, root: &Path, path: &Path) -> Option<HashMap<PathBuf, Stamp>> {
        let path = path.to_str()?;
        match self.run(root, &[LITERAL, "ls-files", "-z", "--stage", "--debug", "--", path])? {
            (0, answer) => read_index(&answer),
            _ => None,
        }
    }

    /// Whether the index and the last commit have the same at and below a path.
    pub(super) fn is_committed(&self, root: &Path, path: &Path) -> bool {
        let Some(path) = path.to_str() else { return false };
        let asked =
            [LITERAL, "diff-index", "--cached", "--quiet", "--no-ext-diff", "--no-textconv", "HEAD", "--", path];
        self.run(root, &asked).is_some_and(|(code, _)| code == 0)
    }

    /// Whether git ignores a path.
    pub(super) fn is_ignored(&self, root: &Path, path: &Path) -> bool {
        let Some(path) = path.to_str() else { return false };
        // This command takes names as they are, but for a leading `:`, and does not know `LITERAL`.
        let path = format!("./{path}");
        self.run(root, &["check-ignore", "--quiet", "--", &path]).is_some_and(|(code, _)| code == 0)
    }

    /// The objects' names that files would have as they are on the disk, in the same order.
    pub(super) fn hash(&self, root: &Path, paths: &[&Path]) -> Option<Vec<String>> {
        let mut asked = vec!["hash-object", "--no-filters", "--"];
        for path in paths {
            asked.push(path.to_str()?);
        }
        match self.run(root, &asked)? {
            (0, answer) => Some(String::from_utf8(answer).ok()?.lines().map(str::to_owned).collect()),
            _ => None,
        }
    }

    /// The root of the working tree, by git's own word.
    pub(super) fn top_level(&self, directory: &Path) -> Option<PathBuf> {
        match self.run(directory, &["rev-parse", "--show-toplevel"])? {
            (0, answer) => Some(path_of(answer.strip_suffix(b"\n")?)),
            _ => None,
        }
    }

    /// The name of a commit's object.
    pub(super) fn resolve(&self, root: &Path, name: &str) -> Option<String> {
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/~^@{}+".contains(&b));
        if !plain || name.is_empty() || name.starts_with('-') {
            return None;
        }
        match self.run(root, &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])? {
            (0, answer) => Some(String::from_utf8(answer).ok()?.trim_end().to_owned()),
            _ => None,
        }
    }

    /// Is there certainly no such ref?
    pub(super) fn is_missing(&self, root: &Path, of: &str) -> bool {
        let plain = of.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/".contains(&b));
        plain && self.run(root, &["show-ref", "--verify", "--quiet", of]).is_some_and(|(code, _)| code == 1)
    }

    /// The branch that is checked out, as a ref.
    pub(super) fn branch(&self, root: &Path) -> Option<String> {
        match self.run(root, &["symbolic-ref", "--quiet", "HEAD"])? {
            (0, answer) => Some(String::from_utf8(answer).ok()?.trim_end().to_owned()),
            _ => None,
        }
    }

    /// Whether one commit can be reached from another.
    pub(super) fn is_ancestor(&self, root: &Path, commit: &str, of: &str) -> Option<bool> {
        match self.run(root, &["merge-base", "--is-ancestor", commit, of])? {
            (0, _) => Some(true),
            (1, _) => Some(false),
            _ => None,
        }
    }

    /// Whether a commit can be reached from some ref that lies there.
    pub(super) fn is_below(&self, root: &Path, commit: &str, refs: &str) -> Option<bool> {
        let contains = format!("--contains={commit}");
        match self.run(root, &["for-each-ref", "--count=1", "--format=%(refname)", &contains, refs])? {
            (0, answer) => Some(!answer.is_empty()),
            _ => None,
        }
    }

    /// The files at and below a path that a commit has and the index has not.
    pub(super) fn list_added(&self, root: &Path, commit: &str, path: &Path) -> Option<Vec<PathBuf>> {
        let path = path.to_str()?;
        let mut asked = vec![LITERAL, "diff-index", "--cached", "--no-ext-diff", "--no-textconv", "--no-renames"];
        asked.extend(["--diff-filter=D", "--name-only", "-z", commit, "--", path]);
        self.list(root, &asked)
    }

    /// What is not tracked at and below a path, directories as a whole where nothing in them is tracked.
    pub(super) fn list_others(&self, root: &Path, path: &Path, ignored: bool) -> Option<Vec<PathBuf>> {
        let mut asked = vec![LITERAL, "ls-files", "-z", "--others", "--directory", "--no-empty-directory"];
        if !ignored {
            asked.push("--exclude-standard");
        }
        asked.extend(["--", path.to_str()?]);
        self.list(root, &asked)
    }

    /// The files that differ between two commits, with the names of their objects in the second; `None` for those that
    /// are gone, or are no plain files.
    pub(super) fn list_changes(&self, root: &Path, from: &str, to: &str) -> Option<Vec<(PathBuf, Option<String>)>> {
        let asked = ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-abbrev"];
        let answer = self.list(root, &[asked.as_slice(), &[from, to]].concat())?;
        let pairs = answer.chunks(2).map(|pair| {
            let [head, path] = pair else { return None };
            let words: Vec<&str> = head.to_str()?.strip_prefix(':')?.split(' ').collect();
            let [_, mode, _, object, _] = words.as_slice() else { return None };
            Some((path.clone(), mode.starts_with("100").then(|| (*object).to_owned())))
        });
        pairs.collect()
    }

    /// The files of a commit, with the names of their objects.
    pub(super) fn list_files(&self, root: &Path, commit: &str) -> Option<Vec<(PathBuf, Option<String>)>> {
        let answer = self.list(root, &["ls-tree", "-r", "-z", "--full-tree", commit])?;
        let entry = |line: &PathBuf| {
            let (head, path) = line.to_str()?.split_once('\t')?;
            let words: Vec<&str> = head.split(' ').collect();
            let [mode, _, object] = words.as_slice() else { return None };
            Some((PathBuf::from(path), mode.starts_with("100").then(|| (*object).to_owned())))
        };
        answer.iter().map(entry).collect()
    }

    /// What git answers, each behind a NUL.
    fn list(&self, root: &Path, asked: &[&str]) -> Option<Vec<PathBuf>> {
        match self.run(root, asked)? {
            (0, answer) => Some(answer.split(|byte| *byte == 0).filter(|one| !one.is_empty()).map(path_of).collect()),
            _ => None,
        }
    }

    /// Runs git: its exit status and standard output. `None` if it could not be run, was killed, or took too long.
    fn run(&self, directory: &Path, asked: &[&str]) -> Option<(i32, Vec<u8>)> {
        let program = PLACES.iter().find(|place| Path::new(place).exists())?;
        if Instant::now() >= self.until {
            return None;
        }
        let mut child = Command::new(program)
            .arg("-C")
            .arg(directory)
            .args(OFF)
            .args(asked)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C")
            .env("GIT_TERMINAL_PROMPT", "0")
            // A partial clone would fetch what is missing, through programs that its configuration names.
            .env("GIT_NO_LAZY_FETCH", "1")
            // What `refs/replace` says is no commit that anybody can go back to.
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let answer = read_until(&mut child, self.until);
        if answer.is_none() {
            let _ = child.kill();
        }
        // Its output has ended or it was killed: this does not wait for long.
        let status = child.wait().ok()?;
        Some((status.code()?, answer?))
    }
}

fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes))
}

fn read_until(child: &mut Child, until: Instant) -> Option<Vec<u8>> {
    let mut output = child.stdout.take()?;
    let mut answer = Vec::new();
    let mut piece = [0; 16 * 1024];
    loop {
        let left = until.checked_duration_since(Instant::now())?.max(Duration::from_millis(1));
        let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
        let ready = poll(&mut [PollFd::new(output.as_fd(), PollFlags::POLLIN)], timeout);
        match ready {
            Err(nix::errno::Errno::EINTR) => continue,
            Err(_) | Ok(0) => return None,
            Ok(_) => {}
        }
        match output.read(&mut piece).ok()? {
            0 => return Some(answer),
            count => answer.extend_from_slice(piece.get(..count)?),
        }
        if answer.len() > LONGEST_ANSWER {
            return None;
        }
    }
}

/// Reads `MODE OBJECT STAGE<tab>PATH<nul>` and the five lines of numbers behind each (git-ls-files(1), `--debug`).
///
/// `None` if anything is not as expected: that form may change, and is then no evidence.
fn read_index(answer: &[u8]) -> Option<HashMap<PathBuf, Stamp>> {
    use std::os::unix::ffi::OsStrExt;
    let mut entries = HashMap::new();
    let mut rest = answer;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == 0)?;
        let (head, behind) = (rest.get(..end)?, rest.get(end + 1..)?);
        let tab = head.iter().position(|byte| *byte == b'\t')?;
        let mut words = std::str::from_utf8(head.get(..tab)?).ok()?.split(' ');
        let (mode, object, stage) = (words.next()?, words.next()?, words.next()?);
        if stage != "0" {
            return None;
        }
        let path = PathBuf::from(std::ffi::OsStr::from_bytes(head.get(tab + 1..)?));
        let mut stamp = Stamp { mode: mode.to_owned(), object: object.to_owned(), ..Stamp::default() };
        rest = read_stamp(behind, &mut stamp)?;
        entries.insert(path, stamp);
    }
    Some(entries)
}

fn read_stamp<'a>(text: &'a [u8], stamp: &mut Stamp) -> Option<&'a [u8]> {
    let mut lines = text.splitn(6, |byte| *byte == b'\n');
    let mut next = || std::str::from_utf8(lines.next()?).ok();
    stamp.changed = read_time(next()?.strip_prefix("  ctime: ")?)?;
    stamp.modified = read_time(next()?.strip_prefix("  mtime: ")?)?;
    stamp.inode = next()?.split_once("ino: ")?.1.parse().ok()?;
    next()?;
    stamp.size = next()?.strip_prefix("  size: ")?.split('\t').next()?.parse().ok()?;
    lines.next()
}

fn read_time(text: &str) -> Option<(i64, i64)> {
    let (seconds, nanoseconds) = text.split_once(':')?;
    Some((seconds.parse().ok()?, nanoseconds.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_read_with_names_of_any_kind() {
        let debug = "  ctime: 5:6\n  mtime: 7:8\n  dev: 1\tino: 99\n  uid: 0\tgid: 0\n  size: 3\tflags: 0\n";
        let answer = format!("100644 ab12 0\td/a\nb\0{debug}120000 cd34 0\té\0{debug}");
        let entries = read_index(answer.as_bytes()).expect("read");
        let stamp = entries.get(Path::new("d/a\nb")).expect("there");
        assert_eq!((stamp.changed, stamp.modified, stamp.inode, stamp.size), ((5, 6), (7, 8), 99, 3));
        assert_eq!(entries.get(Path::new("é")).map(|s| s.mode.as_str()), Some("120000"));
    }

    #[test]
    fn an_index_in_another_form_or_with_conflicts_is_no_evidence() {
        assert_eq!(read_index(b"100644 ab12 0\ta\0  size: 3\n"), None);
        assert_eq!(read_index(b"100644 ab12 2\ta\0"), None);
        assert_eq!(read_index(b"nonsense"), None);
        assert_eq!(read_index(b""), Some(HashMap::new()));
    }

    #[test]
    fn past_the_moment_nothing_is_asked() {
        let git = Git::alone(Instant::now());
        assert_eq!(git.read_value("/", "user.name"), None);
    }
}
