//! git's settings may change in passing (`git checkout -b x origin/x && npm test` writes a branch's), so what came to stand in
//! them is looked at when the command ends. What makes git run something, and was not there before, is taken out again.

use super::setting::{self, Setting, is_steering, settings};
use nix::fcntl::{AtFlags, OFlag, open, openat, renameat};
use nix::sys::stat::{FileStat, Mode, SFlag, fstat, fstatat};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

/// A file of settings, as it was before the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// Its path.
    pub path: PathBuf,
    /// Its text; `None`: it did not stand.
    before: Option<String>,
    /// Device and inode of the directory that holds it.
    home: (u64, u64),
}

/// What was found in a file of settings.
#[derive(Debug)]
pub struct Planted {
    /// The file.
    pub path: PathBuf,
    /// The keys.
    pub keys: Vec<String>,
    /// Were they taken out?
    pub taken_out: io::Result<()>,
}

impl Weighed {
    /// Takes note of how it is. `None`: its directory cannot be opened.
    pub(super) fn note(path: PathBuf) -> Option<Weighed> {
        let home = identity(&fstat(open_directory(path.parent()?).ok()?).ok()?);
        let before = setting::read(&path);
        Some(Weighed { path, before, home })
    }

    /// Takes out what came to stand there and makes git run something, unless the judge has read its name in the command.
    #[must_use]
    pub fn weigh(&self, judged: &str) -> Option<Planted> {
        let after = setting::read(&self.path)?;
        if self.before.as_ref() == Some(&after) {
            return None;
        }
        let known = settings(self.before.as_deref().unwrap_or_default());
        let judged = judged.to_lowercase();
        let is_planted = |setting: &Setting| {
            let same = |other: &Setting| other.key == setting.key && other.value == setting.value;
            is_steering(setting) && !known.iter().any(same) && !judged.contains(&setting.key)
        };
        let planted: Vec<Setting> = settings(&after).into_iter().filter(is_planted).collect();
        if planted.is_empty() {
            return None;
        }
        let mut keys: Vec<String> = planted.iter().map(|setting| setting.key.clone()).collect();
        keys.dedup();
        let taken_out = self.write(&without(&after, &planted, &known));
        Some(Planted { path: self.path.clone(), keys, taken_out })
    }

    /// Replaces the file in the directory that was there before: this process stands outside of the walls, and must not be led elsewhere.
    fn write(&self, text: &str) -> io::Result<()> {
        const DRAFT: &str = "config.holdpoint";
        let (Some(directory), Some(name)) = (self.path.parent(), self.path.file_name()) else { return Ok(()) };
        let directory = open_directory(directory)?;
        if identity(&fstat(&directory)?) != self.home {
            return Err(io::Error::other("its directory was exchanged"));
        }
        let old = fstatat(&directory, name, AtFlags::AT_SYMLINK_NOFOLLOW)?;
        if SFlag::from_bits_truncate(old.st_mode) & SFlag::S_IFMT != SFlag::S_IFREG {
            return Err(io::Error::other("it is no regular file any more"));
        }
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let mode = Mode::from_bits_truncate(old.st_mode & 0o777);
        let mut draft = File::from(openat(&directory, DRAFT, flags, mode)?);
        draft.write_all(text.as_bytes())?;
        Ok(renameat(&directory, DRAFT, &directory, name)?)
    }
}

fn open_directory(path: &Path) -> nix::Result<OwnedFd> {
    open(path, OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC, Mode::empty())
}

fn identity(found: &FileStat) -> (u64, u64) {
    (found.st_dev, found.st_ino)
}

/// The text without these settings, and with the values that they replaced.
fn without(text: &str, planted: &[Setting], known: &[Setting]) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut at = 0;
    for setting in planted {
        rest.push_str(text.get(at..setting.span.start).unwrap_or_default());
        at = setting.span.end;
    }
    rest.push_str(text.get(at..).unwrap_or_default());
    let stay = settings(&rest);
    let replaced = known.iter().filter(|old| {
        planted.iter().any(|setting| setting.key == old.key)
            && !stay.iter().any(|other| other.key == old.key && other.value == old.value)
    });
    for old in replaced {
        let (section, name) = old.key.rsplit_once('.').unwrap_or_default();
        let (section, inner) = section.split_once('.').unwrap_or((section, ""));
        let header = if inner.is_empty() { section.to_owned() } else { format!("{section} \"{}\"", escape(inner)) };
        rest.push_str(&format!("\n[{header}]\n\t{name} = \"{}\"\n", escape(&old.value)));
    }
    rest
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const BEFORE: &str = "[core]\n\tbare = false\n\thooksPath = .husky\n[remote \"origin\"]\n\turl = x\n";

    fn weighed(after: &str, judged: &str) -> (Option<Planted>, String) {
        let room = tempfile::tempdir().expect("a temporary directory");
        let path = room.path().join("config");
        fs::write(&path, BEFORE).expect("a file");
        let weighed = Weighed::note(path.clone()).expect("a directory");
        fs::write(&path, after).expect("a file");
        (weighed.weigh(judged), fs::read_to_string(path).expect("text"))
    }

    #[test]
    fn settings_of_branches_and_remotes_stay() {
        let after =
            format!("{BEFORE}[branch \"x\"]\n\tremote = origin\n\tmerge = refs/heads/x\n[user]\n\tname = Ada\n");
        let (planted, text) = weighed(&after, "make");
        assert!(planted.is_none() && text == after, "{planted:?}");
    }

    #[test]
    fn what_makes_git_run_something_is_taken_out_and_the_rest_stays() {
        for (line, key) in [
            ("[core] fsmonitor = sh x\n", "core.fsmonitor"),
            ("[Core]\n\tSSHCOMMAND = \"sh \\\n -c x\"\n", "core.sshcommand"),
            ("[alias]\n\tst = \"!sh x\"\n", "alias.st"),
            ("[filter \"a b\"]\nclean=x # y\n", "filter.a b.clean"),
            ("[include]path=../x\n", "include.path"),
            ("[credential \"https://x\"]\n\thelper = /tmp/x\n", "credential.https://x.helper"),
        ] {
            let (planted, text) = weighed(&format!("{BEFORE}[branch \"x\"]\n\tremote = origin\n{line}"), "make");
            let planted = planted.expect("it was found");
            assert_eq!((planted.keys.as_slice(), planted.taken_out.is_ok()), (&[key.to_owned()][..], true));
            let keys: Vec<String> = settings(&text).into_iter().map(|setting| setting.key).collect();
            assert_eq!(keys, ["core.bare", "core.hookspath", "remote.origin.url", "branch.x.remote"], "{text}");
        }
    }

    #[test]
    fn a_value_that_was_replaced_stands_again() {
        let (planted, text) = weighed(&BEFORE.replace(".husky", "/tmp/x"), "make");
        assert!(planted.is_some());
        assert_eq!(setting::value_of(&text, "core.hookspath").as_deref(), Some(".husky"), "{text}");
    }

    #[test]
    fn what_the_judge_has_read_by_name_stays() {
        let after = format!("{BEFORE}[alias]\n\tst = !sh x\n");
        assert!(weighed(&after, "git config alias.st '!sh x'").0.is_none());
    }

    #[test]
    fn git_reads_the_same_as_we_do() {
        let texts = [
            "[a]b=c\n[A \"B\"]\n\td = \"x # y\" ; z\n e\n",
            "[core]\n\tx = one \\\n two\t\n\ty = \"q\\\"\\n\" tail  # c\n[s.T]k=v",
            "; c\n[a]\n# d\nb = \"  in  \" out  \n",
        ];
        let room = tempfile::tempdir().expect("a temporary directory");
        for text in texts {
            let path = room.path().join("config");
            fs::write(&path, text).expect("a file");
            let done = std::process::Command::new("git").args(["config", "-z", "--list", "--file"]).arg(&path).output();
            let Ok(done) = done else { return eprintln!("NOT TESTED: git is not on this machine") };
            let listed = String::from_utf8(done.stdout).expect("text");
            let theirs: Vec<(String, String)> = listed
                .split_terminator('\0')
                .map(|one| one.split_once('\n').unwrap_or((one, "true")))
                .map(|(key, value)| (key.to_lowercase(), value.to_owned()))
                .collect();
            let ours: Vec<(String, String)> = settings(text).into_iter().map(|one| (one.key, one.value)).collect();
            assert_eq!(ours, theirs, "{text}");
        }
    }

    #[test]
    fn a_directory_that_was_exchanged_is_not_written_to() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let own = room.path().join("own");
        fs::create_dir(&own).expect("a directory");
        let weighed = Weighed::note(own.join("config")).expect("a directory");
        fs::rename(&own, room.path().join("old")).expect("moved");
        fs::create_dir(&own).expect("a directory");
        fs::write(own.join("config"), "[core]\n\tfsmonitor = x\n").expect("a file");
        let planted = weighed.weigh("make").expect("it was found");
        assert!(planted.taken_out.is_err());
        assert!(fs::read_to_string(own.join("config")).expect("text").contains("fsmonitor"));
    }
}
