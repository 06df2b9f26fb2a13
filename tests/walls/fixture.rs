//! A home, a repository and a way to run a command inside walls around them.
//!
//! The test process forks; the child takes on a user, builds walls by the library's own functions
//! and runs the command; its output goes to files. Nothing of the tester's own home is touched.

use holdpoint::confine::{Ability, Ground, Mask, Memory, Own, Plan, Request, Width, plan_on};
use holdpoint::decide::policy::{Decision, Enforcement, Network, Permit, Task, Verdict};
use holdpoint::exec::{self, Launch};
use holdpoint::sys::capability::{self, Capabilities};
use holdpoint::sys::namespace::Beside;
use holdpoint::sys::process::{self, Change, Side};
use holdpoint::sys::{mount, namespace};
use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use nix::unistd::{Gid, Uid, dup2_stderr, dup2_stdin, dup2_stdout, setgroups, setresgid, setresuid};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Text that no command may show.
pub(crate) const SECRET: &str = "planted-secret-7391";

/// Who runs the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum User {
    /// Whoever runs the tests.
    Tester,
    /// `nobody`, if the tester is root.
    Nobody,
    /// A user with a number that no one has, if the tester is root.
    Stranger,
}

impl User {
    /// Every user as whom this machine lets the tests run; says which are left out.
    pub(crate) fn all() -> Vec<User> {
        if Uid::effective().is_root() {
            return vec![User::Tester, User::Nobody, User::Stranger];
        }
        eprintln!("NOT TESTED: root and other users, because the tests do not run as root");
        vec![User::Tester]
    }

    fn number(self) -> u32 {
        match self {
            User::Tester => Uid::effective().as_raw(),
            User::Nobody => 65534,
            User::Stranger => 54321,
        }
    }
}

/// Which walls are to be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walls {
    /// What the machine gives.
    Best,
    /// As if namespaces were closed.
    LandlockAlone,
    /// As if there were no Landlock.
    MasksAlone,
    /// The kernel says that namespaces are closed (`user.max_user_namespaces` is 0).
    NamespacesClosed,
    /// The kernel seems to allow namespaces and then refuses (`user.max_mnt_namespaces` is 0).
    NamespacesRefused,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) change: Change,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// What stood, or why nothing ran.
    pub(crate) stood: Result<Enforcement, String>,
}

impl Done {
    pub(crate) fn status(&self) -> i32 {
        match self.change {
            Change::Exited(code) => code,
            Change::Killed(signal) | Change::Stopped(signal) => 128 + signal,
        }
    }

    pub(crate) fn shows_the_secret(&self) -> bool {
        self.stdout.contains(SECRET) || self.stderr.contains(SECRET)
    }
}

/// Does this machine let files be masked? It says so, if not, with the test that is left out: in a user namespace without a map, and in
/// many containers, there is no way to mount.
pub(crate) fn has_masks() -> bool {
    static ANSWER: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    let why = ANSWER.get_or_init(|| {
        let room = tempfile::tempdir().expect("a temporary directory");
        match holdpoint::confine::probe(room.path()).expect("a probe").ground {
            Ground::Mounts | Ground::UserNamespace { .. } => None,
            Ground::Carved(why) | Ground::Nothing(why) => Some(why),
        }
    });
    if let Some(why) = why {
        let current = std::thread::current();
        eprintln!("NOT TESTED: {}: no file can be masked on this machine: {why}", current.name().unwrap_or("a test"));
    }
    why.is_none()
}

/// A temporary home with a repository in it.
pub(crate) struct Room {
    pub(crate) room: tempfile::TempDir,
    pub(crate) user: User,
    pub(crate) walls: Walls,
    pub(crate) passes: Vec<String>,
    pub(crate) programs: Vec<String>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) width: Width,
    pub(crate) deny: Vec<String>,
    pub(crate) found: Vec<PathBuf>,
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) network: Network,
    pub(crate) directory: PathBuf,
    /// The root of the repository that the directory lies in.
    pub(crate) root: PathBuf,
    pub(crate) tracked: Vec<PathBuf>,
    /// A directory that is handed down open, as this descriptor.
    pub(crate) open: Option<PathBuf>,
    /// Is the home mounted once more, at `again` beside it, in a namespace of the test's own?
    pub(crate) mounted_again: bool,
}

impl Room {
    /// A home in a temporary directory, all of which commands write.
    pub(crate) fn new(user: User) -> Room {
        Room::below(Path::new("/tmp"), user)
    }

    /// A home elsewhere, as homes are.
    pub(crate) fn outside(user: User) -> Room {
        Room::below(Path::new(env!("CARGO_TARGET_TMPDIR")), user)
    }

    fn below(place: &Path, user: User) -> Room {
        let room = tempfile::Builder::new().prefix("holdpoint-walls").tempdir_in(place).expect("a temporary directory");
        fs::set_permissions(room.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        let room = Room {
            directory: room.path().join("home/shop"),
            root: room.path().join("home/shop"),
            room,
            user,
            walls: Walls::Best,
            passes: Vec::new(),
            programs: Vec::new(),
            tasks: Vec::new(),
            width: Width::Tools,
            deny: Vec::new(),
            found: Vec::new(),
            variables: Vec::new(),
            network: Network::Open,
            tracked: Vec::new(),
            open: None,
            mounted_again: false,
        };
        fs::create_dir_all(room.repository().join(".git")).expect("a repository");
        fs::create_dir_all(room.state()).expect("a state directory");
        room.write("home/.aws/credentials", SECRET);
        room.write("home/.netrc", SECRET);
        room.write("home/.ssh/id_ed25519", SECRET);
        room.write("home/.ssh/known_hosts", "a host");
        room.write("home/.gitconfig", "[user]\n\tname = Ada\n\temail = ada@example.org\n");
        room.write("home/shop/.env", SECRET);
        room.write("home/shop/.env.example", "TOKEN=\n");
        room.write("home/shop/apps/web/.env.local", SECRET);
        room.write("home/shop/README.md", "hello\n");
        room.write("home/.local/state/holdpoint/secret", SECRET);
        room
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.room.path().join("home")
    }

    pub(crate) fn repository(&self) -> PathBuf {
        self.home().join("shop")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.home().join(".local/state/holdpoint")
    }

    pub(crate) fn write(&self, path: &str, text: &str) -> PathBuf {
        self.write_bytes(path.as_bytes(), text)
    }

    /// [`write`](Self::write), under a name that need not be text.
    pub(crate) fn write_bytes(&self, path: &[u8], text: &str) -> PathBuf {
        let path = self.room.path().join(OsStr::from_bytes(path));
        fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
        fs::write(&path, text).expect("a file");
        path
    }

    /// Runs bash with this text inside the walls.
    pub(crate) fn bash(&self, text: &str) -> Done {
        self.run("/bin/bash", &["bash", "-c", text])
    }

    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> Done {
        self.give_to_user();
        let outputs = ["stdout", "stderr", "stood"].map(|name| self.room.path().join(format!(".{name}")));
        for path in &outputs {
            fs::write(path, "").expect("an output file");
            fs::set_permissions(path, fs::Permissions::from_mode(0o666)).expect("permissions");
        }
        let child = match process::fork().expect("a child") {
            Side::Child => self.become_command(program, arguments, &outputs),
            Side::Parent(child) => child,
        };
        let change = process::wait(child).expect("a status");
        let read = |path: &Path| String::from_utf8_lossy(&fs::read(path).expect("an output")).into_owned();
        let stood = read(&outputs[2]);
        Done {
            change,
            stdout: read(&outputs[0]),
            stderr: read(&outputs[1]),
            stood: serde_json::from_str(&stood).unwrap_or_else(|_| Err(format!("no report: {stood}"))),
        }
    }

    /// Gives a device to the user who runs commands.
    pub(crate) fn give(&self, device: &str) {
        if self.user != User::Tester {
            std::os::unix::fs::chown(device, Some(self.user.number()), None).expect("root may give devices away");
        }
    }

    fn give_to_user(&self) {
        if self.user != User::Tester {
            let owner = self.user.number();
            chown_all(self.room.path(), owner);
        }
    }

    fn become_command(&self, program: &str, arguments: &[&str], outputs: &[PathBuf; 3]) -> ! {
        let writable = OFlag::O_WRONLY | OFlag::O_APPEND | OFlag::O_CLOEXEC;
        dup2_stdout(open(&outputs[0], writable, Mode::empty()).expect("an output")).expect("standard output");
        dup2_stderr(open(&outputs[1], writable, Mode::empty()).expect("an output")).expect("standard error");
        dup2_stdin(open("/dev/null", OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty()).expect("/dev/null"))
            .expect("standard input");
        if self.user != User::Tester {
            let (user, group) = (Uid::from_raw(self.user.number()), Gid::from_raw(self.user.number()));
            setgroups(&[]).expect("groups");
            setresgid(group, group, group).expect("a group");
            setresuid(user, user, user).expect("a user");
            // A change of user makes a process one that others may not inspect, as after a set-user-ID program.
            nix::sys::prctl::set_dumpable(true).expect("dumpable");
        }
        nix::unistd::chdir(&self.directory).expect("the working directory");
        if self.mounted_again {
            namespace::enter_mount_namespace(Beside::Nothing).expect("a namespace");
            mount::stop_propagation().expect("private mounts");
            mount::bind(&self.home(), &self.room.path().join("again")).expect("a mount");
        }
        if let Some(path) = &self.open {
            let opened = open(path, OFlag::O_RDONLY | OFlag::O_DIRECTORY, Mode::empty()).expect("a directory");
            // Given to the command: it stays open until this process ends.
            std::mem::forget(opened);
        }
        let mut launch = Launch::new(program, arguments).expect("arguments");
        launch.environment = Some(self.environment());
        let (stood, status) = match self.walled(&launch) {
            Ok((outcome, enforcement)) => (Ok(enforcement), outcome.mirror_after(&outputs[2])),
            Err(fault) => (Err(fault.0), fault.1),
        };
        let stood: Result<Enforcement, String> = stood;
        fs::write(&outputs[2], serde_json::to_string(&stood).expect("json")).expect("the report");
        process::end(status)
    }

    fn walled(&self, launch: &Launch) -> Result<(exec::Outcome, Enforcement), (String, i32)> {
        let mut ability = Ability::look();
        match self.walls {
            Walls::Best => {}
            Walls::LandlockAlone => ability.mounts = holdpoint::confine::Grounds::None("a test says so".into()),
            Walls::MasksAlone => ability.landlock = 0,
            Walls::NamespacesClosed | Walls::NamespacesRefused => {
                limit_namespaces(self.walls);
                ability = Ability::look();
                let closed = matches!(ability.mounts, holdpoint::confine::Grounds::None(_));
                assert_eq!(closed, self.walls == Walls::NamespacesClosed, "{ability:?}");
            }
        }
        let homes = [self.home()];
        let repository = self.root.clone();
        let closed = [self.state(), self.home().join(".config/holdpoint")];
        let read_only = [repository.join(".holdpoint.yaml")];
        let request = Request {
            homes: &homes,
            repository: Some(&repository),
            directory: &self.directory,
            environment: &|name| self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.into()),
            tracked: &|path| self.tracked.iter().any(|tracked| tracked == path),
            own: Own { closed: &closed, read_only: &read_only },
            passes: &self.passes,
            programs: &self.programs,
            tasks: &self.tasks.iter().collect::<Vec<_>>(),
            width: self.width,
            network: self.network.clone(),
            deny: &self.deny,
            found: &self.found,
            kept: &[],
        };
        // An hour from now every directory may be remembered: the plan must be the one that no memory gave.
        let later = SystemTime::now() + Duration::from_secs(3600);
        let mut memory = Memory::recall(&[], later);
        let first = plan_on(&request, &ability, &mut memory).map_err(|fault| (fault.to_string(), 126))?;
        let remembered: &'static [u8] = memory.news().unwrap_or_default().leak();
        let mut memory = Memory::recall(remembered, later);
        first.clear();
        let plan = plan_on(&request, &ability, &mut memory).map_err(|fault| (fault.to_string(), 126))?;
        // Other tests make and remove files beside this room all the while.
        let of_this_room = |plan: &Plan| -> Vec<Mask> {
            plan.masks.iter().filter(|mask| mask.path.starts_with(self.home())).cloned().collect()
        };
        assert_eq!(of_this_room(&plan), of_this_room(&first), "what is remembered changes nothing");
        let ran = exec::run(permit(), launch, || plan.enforce());
        plan.clear();
        ran.map_err(|fault| (fault.to_string(), i32::from(fault.status())))
    }

    fn environment(&self) -> Vec<std::ffi::CString> {
        let own = [
            ("HOME", self.home().display().to_string()),
            ("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin".to_owned()),
            ("LC_ALL", "C".to_owned()),
            ("SECRET_FILE", self.home().join(".netrc").display().to_string()),
        ];
        let own = own.iter().map(|(name, value)| format!("{name}={value}"));
        let more = self.variables.iter().map(|(name, value)| format!("{name}={value}"));
        own.chain(more).map(|entry| std::ffi::CString::new(entry).expect("no NUL")).collect()
    }
}

/// Goes into a user namespace and sets its limits (user_namespaces(7), `/proc/sys/user`).
fn limit_namespaces(walls: Walls) {
    let (user, group) = (Uid::effective().as_raw(), Gid::effective().as_raw());
    namespace::enter_user_namespace(Beside::Nothing).expect("a user namespace to limit namespaces in");
    namespace::map_to_itself(user, group).expect("a map");
    let limit = if walls == Walls::NamespacesClosed { "max_user_namespaces" } else { "max_mnt_namespaces" };
    fs::write(format!("/proc/sys/user/{limit}"), "0").expect("the limit is the namespace's own");
    if walls == Walls::NamespacesClosed {
        capability::give_up(Capabilities(u64::MAX)).expect("what is one's own can be given up");
    }
}

/// Lets an outcome end as the supervisor would, after the report is written.
trait MirrorAfter {
    fn mirror_after(&self, report: &Path) -> i32;
}

impl MirrorAfter for exec::Outcome {
    fn mirror_after(&self, _report: &Path) -> i32 {
        self.status()
    }
}

/// The judge's permission, for a verdict that found nothing.
pub(crate) fn permit() -> Permit {
    Verdict { decision: Decision::Allow, findings: Vec::new(), observed: None }.permit().expect("an allowed verdict")
}

fn chown_all(path: &Path, owner: u32) {
    std::os::unix::fs::lchown(path, Some(owner), Some(owner)).expect("root may give files away");
    let is_directory = fs::symlink_metadata(path).expect("a file").is_dir();
    if is_directory {
        for entry in fs::read_dir(path).expect("a directory") {
            chown_all(&entry.expect("an entry").path(), owner);
        }
    }
}
