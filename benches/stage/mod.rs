//! Where the benchmark runs: a home with one credential, so that there is something to wall off, and a repository.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

/// The directories; removed when this is dropped.
pub(crate) struct Stage {
    _room: tempfile::TempDir,
    pub(crate) home: PathBuf,
    pub(crate) repository: PathBuf,
    pub(crate) link: PathBuf,
    pub(crate) program: PathBuf,
}

impl Stage {
    /// Builds it. `HOLDPOINT_BENCH_BINARY` names another binary than the one just built.
    pub(crate) fn build() -> Stage {
        // Not below `/tmp`, which commands write: a home there needs walls of its own.
        let room = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let home = room.path().join("home");
        let repository = home.join("shop");
        fs::create_dir_all(repository.join(".git/refs")).expect("a repository");
        fs::create_dir_all(repository.join(".git/objects")).expect("a repository");
        fs::write(repository.join(".git/HEAD"), "ref: refs/heads/main\n").expect("a branch");
        fs::create_dir_all(home.join(".railway")).expect("a home");
        fs::write(home.join(".railway/config.json"), "{\"token\":\"none\"}").expect("a credential");
        let built = env!("CARGO_BIN_EXE_holdpoint").into();
        let program: PathBuf = std::env::var_os("HOLDPOINT_BENCH_BINARY").map_or(built, PathBuf::from);
        let program = fs::canonicalize(program).expect("the binary is there");
        let link = room.path().join("holdpoint-bash");
        symlink(&program, &link).expect("a link");
        Stage { _room: room, home, repository, link, program }
    }
}
