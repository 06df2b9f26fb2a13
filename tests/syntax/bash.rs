//! The real bash, in an empty directory, without programs to run.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// An empty directory in which bash may do as it likes: `PATH` is empty, so nothing but builtins can run.
pub(crate) struct Bash {
    directory: tempfile::TempDir,
}

impl Bash {
    pub(crate) fn new() -> Self {
        Bash { directory: tempfile::tempdir().expect("a temporary directory") }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let program = ["/bin/bash", "/usr/bin/bash"].iter().map(PathBuf::from).find(|path| path.exists());
        let mut command = Command::new(program.expect("these tests need bash, and it is not in /bin or /usr/bin"));
        command.args(["--norc", "--noprofile"]).args(arguments);
        command.current_dir(self.directory.path()).env_clear().env("PATH", "").env("LC_ALL", "C.UTF-8");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// What a script writes to its standard output.
    pub(crate) fn output(&self, text: &str) -> Vec<u8> {
        self.command(&["-c", text]).stdout(Stdio::piped()).output().expect("bash runs").stdout
    }

    /// The script as bash prints what it has read. `None` if it refuses to read it.
    pub(crate) fn printed(&self, text: &str) -> Option<String> {
        let path = self.directory.path().join("script");
        std::fs::write(&path, text).expect("the script is written");
        let path = path.to_str().expect("a path in UTF-8");
        let output = self.command(&["--pretty-print", path]).stdout(Stdio::piped()).output().expect("bash runs");
        if output.status.success() { String::from_utf8(output.stdout).ok() } else { None }
    }

    /// Whether the text makes bash create the file `r`: the mark of a command that ran.
    pub(crate) fn creates_mark(&self, text: &str) -> bool {
        let mark = self.directory.path().join("r");
        let _ = std::fs::remove_file(&mark);
        let mut child = self.command(&["-c", text]).spawn().expect("bash runs");
        wait(&mut child);
        // What it left in the background may still be at it.
        for _ in 0..5 {
            if mark.exists() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        false
    }
}

/// Waits for a script that may never end.
fn wait(child: &mut Child) {
    for _ in 0..4000 {
        if child.try_wait().expect("bash is waited for").is_some() {
            return;
        }
        std::thread::sleep(Duration::from_micros(500));
    }
    child.kill().expect("our own child is ended");
    child.wait().expect("and waited for");
}
