//! Two homes alike: in one bash runs alone, in the other holdpoint stands in front of it.

use nix::unistd::Uid;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Who works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum User {
    /// Whoever runs the tests.
    Tester,
    /// `nobody`, if the tester is root.
    Nobody,
}

impl User {
    /// Every user as whom the machine lets the tests run; says which are left out.
    pub(crate) fn all() -> Vec<User> {
        if Uid::effective().is_root() {
            return vec![User::Tester, User::Nobody];
        }
        eprintln!("NOT TESTED: root and nobody, because the tests do not run as root");
        vec![User::Tester]
    }
}

/// A home with an empty directory in it to work in.
pub(crate) struct House {
    room: tempfile::TempDir,
    user: User,
    shell: PathBuf,
}

impl House {
    /// A home in which bash runs alone.
    pub(crate) fn bare(user: User) -> House {
        House::new(user, |_| PathBuf::from("/bin/bash"))
    }

    /// A home in which holdpoint stands in front of bash.
    pub(crate) fn walled(user: User) -> House {
        let house = House::new(user, |room| {
            // Where every user can run it.
            let shell = room.join("holdpoint");
            let source = Path::new(env!("CARGO_BIN_EXE_holdpoint"));
            if fs::hard_link(source, &shell).is_err() {
                fs::copy(source, &shell).expect("the program can be copied");
            }
            shell
        });
        let place = house.home().join(".config/holdpoint");
        fs::create_dir_all(&place).expect("a directory");
        fs::write(place.join("policy.yaml"), "approval: { wait: 0 }\n").expect("a policy");
        house.give(&house.home());
        house
    }

    fn new(user: User, shell: impl Fn(&Path) -> PathBuf) -> House {
        // Not in a temporary directory, all of which commands write.
        let place = env!("CARGO_TARGET_TMPDIR");
        let room = tempfile::Builder::new().prefix("everyday").tempdir_in(place).expect("a temporary directory");
        fs::set_permissions(room.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        fs::create_dir_all(room.path().join("home/work")).expect("a directory");
        let shell = shell(room.path());
        let house = House { room, user, shell };
        house.give(&house.home());
        house
    }

    /// Makes a pair of ssh keys for the user, and gives the public one.
    pub(crate) fn key(&self) -> String {
        let place = self.home().join(".ssh");
        fs::create_dir_all(&place).expect("a directory");
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(place.join("id_ed25519"));
        assert!(command.status().expect("ssh-keygen runs").success());
        fs::read_to_string(place.join("id_ed25519.pub")).expect("a key")
    }

    fn home(&self) -> PathBuf {
        self.room.path().join("home")
    }

    fn give(&self, path: &Path) {
        if self.user == User::Nobody {
            std::os::unix::fs::lchown(path, Some(65534), Some(65534)).expect("root may give files away");
            for entry in fs::read_dir(path).into_iter().flatten().flatten() {
                self.give(&entry.path());
            }
        }
    }

    /// Runs a text in the directory to work in.
    pub(crate) fn run(&self, text: &str) -> Output {
        let mut command = Command::new(&self.shell);
        command.arg0("bash").args(["-c", text]).env_clear().current_dir(self.home().join("work"));
        command.env("HOME", self.home()).env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("LC_ALL", "C").env("TERM", "dumb");
        for name in ["CARGO_HOME", "RUSTUP_HOME"] {
            let usual = PathBuf::from(std::env::var("HOME").unwrap_or_default())
                .join(format!(".{}", name.trim_end_matches("_HOME").to_lowercase()));
            command.env(name, std::env::var(name).map(PathBuf::from).unwrap_or(usual));
        }
        if self.user == User::Nobody {
            command.uid(65534).gid(65534);
        }
        command.output().expect("the shell runs")
    }

    /// What was printed, with the home's own path taken out.
    pub(crate) fn told(&self, text: &[u8]) -> String {
        String::from_utf8_lossy(text).replace(&self.room.path().display().to_string(), "ROOM")
    }
}
