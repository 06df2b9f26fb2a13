//! Where the demo is played: a home with a token, a repository, a database, and bash behind holdpoint.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Who could answer a question about a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seat {
    /// A person at the terminal from which the demo was started.
    Person,
    /// Nobody: an agent's marker stands in the environment, as it does for an agent's commands.
    Nobody,
}

/// The directories, and the binary that is tried. Everything is removed when this is dropped.
pub(super) struct Stage {
    root: PathBuf,
    shell: PathBuf,
    program: PathBuf,
    /// The token in the file that is to stay unread.
    pub(super) token: String,
}

/// How a command ended.
pub(super) struct Ran {
    /// The exit status; `None` for a signal.
    pub(super) status: Option<i32>,
    /// What it printed.
    pub(super) out: String,
    /// What was said on standard error.
    pub(super) err: String,
}

impl Stage {
    /// Builds it below the directory for temporary files.
    ///
    /// # Errors
    /// When something cannot be made; the text says what.
    pub(super) fn build(token: &str) -> Result<Stage, String> {
        let program =
            std::env::current_exe().map_err(|error| format!("this program's own path is not known: {error}"))?;
        let above = std::env::temp_dir();
        let root = nix::unistd::mkdtemp(&above.join("holdpoint-demo-XXXXXX"))
            .map_err(|error| format!("no directory can be made in {}: {error}", above.display()))?;
        // The walls follow real paths, and /tmp may be a link.
        let root = fs::canonicalize(&root).unwrap_or(root);
        let shell = root.join("bin/holdpoint-bash");
        let stage = Stage { root, shell, program, token: token.to_owned() };
        stage.furnish().map_err(|error| format!("{} cannot be furnished: {error}", stage.root.display()))?;
        Ok(stage)
    }

    fn furnish(&self) -> io::Result<()> {
        for directory in ["bin", "home/.railway", "home/.config/holdpoint", "home/shop/uploads"] {
            fs::create_dir_all(self.root.join(directory))?;
        }
        symlink(&self.program, &self.shell)?;
        let file = self.token_file();
        fs::write(&file, format!("{{\"user\": {{\"token\": \"{}\"}}}}\n", self.token))?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?;
        // Where nobody sits, nobody is waited for.
        fs::write(self.root.join("home/.config/holdpoint/policy.yaml"), "version: 1\napproval: { wait: 0 }\n")?;
        let shop = self.repository();
        fs::write(shop.join("README.md"), "# Shop\n")?;
        fs::write(shop.join(".gitignore"), "uploads/\nshop.db\nsettings.json\n")?;
        symlink("../.railway/config.json", shop.join("settings.json"))?;
        for (name, bytes) in [("invoice-1001.pdf", 18_211), ("invoice-1002.pdf", 20_480), ("invoice-1003.pdf", 17_904)]
        {
            fs::write(shop.join("uploads").join(name), vec![b'%'; bytes])?;
        }
        Ok(())
    }

    /// Where it stands.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The repository in which the commands run.
    pub(super) fn repository(&self) -> PathBuf {
        self.root.join("home/shop")
    }

    /// The file that holds the token.
    pub(super) fn token_file(&self) -> PathBuf {
        self.root.join("home/.railway/config.json")
    }

    /// Runs a text by `bash -c` behind holdpoint, as an agent does.
    ///
    /// # Errors
    /// When the shell cannot be started.
    pub(super) fn run(&self, text: &str, seat: Seat) -> io::Result<Ran> {
        let mut command = self.bare(&self.shell);
        command.args(["-c", text]);
        if seat == Seat::Nobody {
            command.env("AI_AGENT", "holdpoint-demo");
        }
        command.output().map(Ran::from)
    }

    /// Runs one of holdpoint's own commands in the same world, as the reader would in a terminal of their own.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn ask(&self, arguments: &[&str]) -> io::Result<Ran> {
        self.bare(&self.program).args(arguments).output().map(Ran::from)
    }

    /// Runs a program without holdpoint, to set the stage and to look at it afterwards.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn arrange(&self, program: &str, arguments: &[&str]) -> io::Result<Ran> {
        self.bare(Path::new(program)).args(arguments).output().map(Ran::from)
    }

    /// A command in the repository, with an environment of its own: none of the reader's variables, homes or proxies.
    fn bare(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.repository()).env_clear().stdin(Stdio::null());
        for name in ["PATH", "TERM", "LANG", "LC_ALL", "USER", "LOGNAME", "LD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.env("HOME", self.root.join("home")).env("SHELL", &self.shell).env("GIT_CONFIG_NOSYSTEM", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "demo").env(format!("GIT_{role}_EMAIL"), "demo@localhost");
        }
        command
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ran { status: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

/// Is a program on the search path?
pub(super) fn is_here(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let executable = |path: PathBuf| path.metadata().is_ok_and(|f| f.is_file() && f.permissions().mode() & 0o111 != 0);
    std::env::split_paths(&path).any(|directory| executable(directory.join(program)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stage_is_furnished_and_leaves_nothing_behind() {
        let stage = Stage::build("t0ken").expect("a stage");
        let root = stage.root().to_owned();
        assert!(
            fs::read_to_string(stage.repository().join("settings.json")).expect("through the link").contains("t0ken")
        );
        assert_eq!(fs::read_dir(stage.repository().join("uploads")).expect("uploads").count(), 3);
        drop(stage);
        assert!(!root.exists());
    }

    #[test]
    fn nothing_of_the_reader_is_handed_on_but_what_is_needed() {
        let stage = Stage::build("t0ken").expect("a stage");
        let ran = stage.arrange("env", &[]).expect("env runs");
        let home = format!("HOME={}", stage.root().join("home").display());
        assert!(ran.out.lines().any(|line| line == home), "{}", ran.out);
        assert!(!ran.out.contains("CARGO_MANIFEST_DIR"));
    }
}
