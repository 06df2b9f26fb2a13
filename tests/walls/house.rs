//! The program itself, from the outside.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};

/// A home with a repository and a policy, and holdpoint as its shell.
pub(crate) struct House(pub(crate) tempfile::TempDir);

impl House {
    pub(crate) fn new() -> House {
        House::below(&std::env::temp_dir())
    }

    /// Not in a temporary directory, all of which commands write.
    pub(crate) fn outside() -> House {
        House::below(Path::new(env!("CARGO_TARGET_TMPDIR")))
    }

    fn below(place: &Path) -> House {
        let room = tempfile::tempdir_in(place).expect("a temporary directory");
        fs::create_dir_all(room.path().join("home/shop/.git")).expect("a repository");
        House(room).policy("")
    }

    pub(crate) fn policy(self, text: &str) -> House {
        let place = self.0.path().join("home/.config/holdpoint");
        fs::create_dir_all(&place).expect("a directory");
        fs::write(place.join("policy.yaml"), format!("approval: {{ wait: 0 }}\n{text}")).expect("a policy");
        self
    }

    /// Runs a text as a shell would, with these variables.
    pub(crate) fn bash(&self, text: &str, variables: &[(&str, &str)]) -> Output {
        self.bash_at("shop", text, variables)
    }

    /// The same in another directory of the home.
    pub(crate) fn bash_at(&self, directory: &str, text: &str, variables: &[(&str, &str)]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_holdpoint"));
        command.args(["-c", text]).env_clear().current_dir(self.0.path().join("home").join(directory));
        command
            .env("HOME", self.0.path().join("home"))
            .env("PATH", format!("{}:/usr/bin:/bin", self.0.path().display()));
        command.envs(variables.iter().copied()).output().expect("holdpoint runs")
    }

    /// The same as `nobody`, who then owns everything in the house. Only root can do that.
    pub(crate) fn bash_as_nobody(&self, text: &str, variables: &[(&str, &str)]) -> Output {
        let shell = self.0.path().join("holdpoint");
        if !shell.exists() && fs::hard_link(env!("CARGO_BIN_EXE_holdpoint"), &shell).is_err() {
            fs::copy(env!("CARGO_BIN_EXE_holdpoint"), &shell).expect("the program can be copied");
        }
        give(self.0.path(), &shell);
        let mut command = Command::new(shell);
        command.args(["-c", text]).env_clear().current_dir(self.0.path().join("home/shop"));
        command
            .env("HOME", self.0.path().join("home"))
            .env("PATH", format!("{}:/usr/bin:/bin", self.0.path().display()));
        command.uid(65534).gid(65534).envs(variables.iter().copied()).output().expect("holdpoint runs")
    }

    /// Runs holdpoint itself in the repository.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_holdpoint"));
        command.args(arguments).env_clear().current_dir(self.0.path().join("home/shop"));
        command.env("HOME", self.0.path().join("home")).env("PATH", "/usr/bin:/bin");
        command.output().expect("holdpoint runs")
    }

    /// Writes a file below the home.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join("home").join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
        put(&path, text);
    }

    pub(crate) fn record(&self) -> String {
        let place = self.0.path().join("home/.local/state/holdpoint/record");
        let files = fs::read_dir(place).expect("a record").flatten();
        files.map(|file| fs::read_to_string(file.path()).expect("lines")).collect()
    }

    /// Puts a program of this name, which shows the environment, on the search path.
    pub(crate) fn program(&self, name: &str) {
        self.tool(name, "#!/bin/sh\nenv\n");
    }

    /// Puts a program on the search path.
    pub(crate) fn tool(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        put(&path, text);
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&path, mode).expect("permissions");
    }
}

/// Writes a file. A script is written by another process: a descriptor of ours may be held for a moment by the child of another
/// test, and what is open for writing cannot be run (ETXTBSY, execve(2)).
fn put(path: &Path, text: &str) {
    if !text.starts_with("#!") {
        return fs::write(path, text).expect("a file");
    }
    let mut writer = Command::new("/bin/sh");
    writer.args(["-c", "printf %s \"$1\" > \"$2\"", "sh", text]).arg(path);
    assert!(writer.status().expect("sh").success(), "{}", path.display());
}

fn give(path: &Path, but: &Path) {
    if path == but {
        return;
    }
    std::os::unix::fs::lchown(path, Some(65534), Some(65534)).expect("root may give files away");
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        give(&entry.path(), but);
    }
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
