//! Calls of the kernel that are refused, each made for real; and what goes on as before.

use crate::fixture::{Room, User, Walls, has_masks};
use std::process::Command;

/// Makes each call and prints its name and the error's number, 0 for success. Arguments are harmless where a call is let through. Numbers of
/// the calls come first, by machine: 64-bit x86, 64-bit ARM.
const CALLS: &str = r#"
import ctypes, os, platform, pty, fcntl
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
arm = platform.machine() == 'aarch64'
def call(name, x86, arm64, *arguments):
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(arm64 if arm else x86), *[ctypes.c_long(a) for a in arguments])
    # In one write: a process that was made all the same speaks at the same time.
    print(f'{name} {ctypes.get_errno() if result == -1 else 0}\n', end='', flush=True)
    return result
call('add_key', 248, 217, 0, 0, 0, 0, -1)
call('request_key', 249, 218, 0, 0, 0, 0)
call('keyctl', 250, 219, 0, -3, 0)
call('io_uring_setup', 425, 425, 4, 0)
call('io_uring_enter', 426, 426, -1, 0, 0, 0, 0)
call('io_uring_register', 427, 427, -1, 0, 0, 0)
call('bpf', 321, 280, 0, 0, 0)
call('perf_event_open', 298, 241, 0, 0, -1, -1, 0)
call('userfaultfd', 323, 282, -1)
call('mount', 165, 40, 0, 0, 0, 0, 0)
call('umount2', 166, 39, 0, 0)
call('pivot_root', 155, 41, 0, 0)
call('open_tree', 428, 428, -1, 0, 0)
call('move_mount', 429, 429, -1, 0, -1, 0, 0)
call('fsopen', 430, 430, 0, 0)
call('fsconfig', 431, 431, -1, 0, 0, 0, 0)
call('fsmount', 432, 432, -1, 0, 0)
call('fspick', 433, 433, -1, 0, 0)
call('mount_setattr', 442, 442, -1, 0, 0, 0, 0)
call('init_module', 175, 105, 0, 0, 0)
call('finit_module', 313, 273, -1, 0, 0)
call('delete_module', 176, 106, 0, 0)
call('kexec_load', 246, 104, 0, 1000, 0, 0)
call('open_by_handle_at', 304, 265, -1, 0, 0)
call('personality', 135, 92, 0x0400000)
call('setns', 308, 268, -1, 0)
call('clone3', 435, 435, 0, 0)
for name, flag in (('user', 0x10000000), ('mount', 0x20000), ('net', 0x40000000), ('pid', 0x20000000), ('time', 0x80)):
    child = os.fork()
    if child == 0:
        call('unshare ' + name, 272, 97, flag)
        os._exit(0)
    os.waitpid(child, 0)
ctypes.set_errno(0)
made = libc.syscall(*[ctypes.c_long(a) for a in (220 if arm else 56, 0x10000011, 0, 0, 0, 0)])
if made == 0:
    os._exit(0)
print('clone user', ctypes.get_errno() if made == -1 else 0, flush=True)
if not arm:
    import mmap
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    # push rbx; mov eax, edi; mov ebx, esi; xor ecx, ecx; int 0x80; pop rbx; cdqe; ret
    page.write(bytes.fromhex('5389f889f331c9cd805b4898c3'))
    small = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_long, ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    for name, number, argument in (('unshare', 310, 0x10000000), ('mount', 21, 0), ('keyctl', 288, 0), ('io_uring_setup', 425, 0)):
        child = os.fork()
        if child == 0:
            result = small(number, argument)
            print(f'32-bit {name} {-result if result < 0 else 0}\n', end='', flush=True)
            os._exit(0)
        os.waitpid(child, 0)
    call('x32 mount', 0x40000000 | 165, 0, 0, 0, 0, 0, 0)
child, terminal = pty.fork()
if child == 0:
    for name, request in (('TIOCSTI', 0x5412), ('TIOCLINUX', 0x541c)):
        try:
            fcntl.ioctl(0, request, b'x')
            number = 0
        except OSError as fault:
            number = fault.errno
        print(f'{name} {number}\n', end='', flush=True)
    os._exit(0)
text = b''
try:
    while True:
        text += os.read(terminal, 4096)
except OSError:
    pass
print(text.decode().replace('\r', ''), end='')
"#;

const EPERM: &str = "1";
const ENOSYS: &str = "38";

fn answers(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().filter_map(|line| line.rsplit_once(' '));
    let mut all: Vec<_> = lines.map(|(name, number)| (name.to_owned(), number.to_owned())).collect();
    // A process that was made all the same says so twice, at any time.
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|answer| seen.insert(answer.clone()));
    all
}

fn has_python() -> bool {
    let there = Command::new("python3").arg("--version").output().is_ok();
    if !there {
        eprintln!("NOT TESTED: kernel calls, because python3 is not on this machine");
    }
    there
}

#[test]
fn every_call_that_is_listed_is_refused() {
    if !has_masks() {
        return;
    }
    if !has_python() {
        return;
    }
    let bare = Command::new("python3").args(["-c", CALLS]).output().expect("python runs");
    let bare = answers(&String::from_utf8_lossy(&bare.stdout));
    assert!(bare.len() > 35, "{bare:?}");
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone, Walls::MasksAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            room.write("home/shop/calls.py", CALLS);
            let done = room.run("/usr/bin/python3", &["python3", "calls.py"]);
            let inside = answers(&done.stdout);
            assert_eq!(inside.len(), bare.len(), "{user:?}, {walls:?}: {done:?}");
            for (name, number) in inside {
                let absent = ["io_uring_", "clone3", "x32", "32-bit io_uring"];
                let wanted = if absent.iter().any(|start| name.starts_with(start)) { ENOSYS } else { EPERM };
                assert_eq!(number, wanted, "{user:?}, {walls:?}: {name}");
            }
        }
    }
    // What the machine refuses by itself to whoever runs the tests, the filter was not needed for.
    let by_itself: Vec<&str> = bare
        .iter()
        .filter(|(_, number)| [EPERM, ENOSYS].contains(&number.as_str()))
        .map(|(name, _)| name.as_str())
        .collect();
    if !by_itself.is_empty() {
        eprintln!("NOT TESTED: this machine refuses by itself: {}", by_itself.join(", "));
    }
    assert!(by_itself.len() < bare.len() / 2 || !nix::unistd::Uid::effective().is_root(), "{by_itself:?}");
}

/// What must go on: each prints `works`.
const EVERYDAY: &[&str] = &[
    "python3 -c 'import threading; t = threading.Thread(target=print, args=(\"works\",)); t.start(); t.join()'",
    "python3 -c 'import subprocess; print(subprocess.check_output([\"echo\", \"works\"], text=True))'",
    "python3 -c 'import multiprocessing as m; p = m.Pool(2); print(\"works\" if p.map(abs, [-1, -2]) == [1, 2] else 0)'",
    "python3 -c 'import asyncio; asyncio.run(asyncio.sleep(0)); print(\"works\")'",
    "node -e 'require(\"fs\").readFile(\"README.md\", (e) => console.log(e || \"works\"))'",
    "perl -e 'my $p = fork // die; if (!$p) { exit 3 } waitpid $p, 0; print $? >> 8 == 3 ? \"works\\n\" : 0'",
    "strace -o log -f sh -c 'echo works'",
    "gdb -batch -ex run --args /bin/echo works",
    "setarch -R echo works",
    "setarch \"$(uname -m)\" echo works",
    "sleep 0.1 & wait $! && echo works",
    "script -qec 'stty size > /dev/null && echo works' /dev/null",
    "printf 'int main(){return 0;}' > a.c && gcc a.c -o a.out && ./a.out && echo works",
    "go version > /dev/null && echo works",
    "java -version 2> /dev/null && echo works",
    "openssl rand -hex 4 > /dev/null && echo works",
    "sqlite3 base.db 'create table t(a); insert into t values (1); select \"works\" from t'",
    "mkdir dir && tar cf a.tar dir && tar tf a.tar > /dev/null && echo works",
    "seq 3 | xargs -P3 -I{} true && echo works",
    "timeout 5 echo works",
    "curl -s file://$PWD/README.md > /dev/null && echo works",
];

#[test]
fn threads_children_debuggers_and_runtimes_go_on() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let mut room = Room::new(user);
        room.directory = room.repository();
        let mut tried = 0;
        for text in EVERYDAY {
            let program = text.split(' ').next().unwrap_or_default();
            if room.bash(&format!("type {program} > /dev/null 2>&1")).status() != 0 {
                eprintln!("NOT TESTED: {program} is not on this machine");
                continue;
            }
            let done = room.bash(text);
            assert!(done.stdout.contains("works") && done.status() == 0, "{user:?}: {text}: {done:?}");
            tried += 1;
        }
        assert!(tried >= 8, "too few programs on this machine to say anything");
    }
}

#[test]
fn what_policy_passes_is_let_through() {
    if !has_python() {
        return;
    }
    let mut room = Room::new(User::Tester);
    let text = "python3 -c 'import ctypes; print(ctypes.CDLL(None).syscall(425, 4, 0), ctypes.CDLL(None).unshare(0x40000000))'";
    assert_eq!(room.bash(text).stdout, "-1 -1\n");
    room.passes = vec!["kernel.namespaces".into()];
    let namespace = room.bash("unshare -Ur echo inside");
    if Command::new("unshare").args(["-Ur", "true"]).output().is_ok_and(|bare| bare.status.success()) {
        assert_eq!(namespace.stdout, "inside\n", "{namespace:?}");
    } else {
        eprintln!("NOT TESTED: user namespaces are closed on this machine");
    }
    let done = room.bash("unshare -Urm sh -c 'umount \"$SECRET_FILE\"; cat \"$SECRET_FILE\"'");
    assert!(!done.shows_the_secret() && done.status() != 0, "the walls hold in a namespace as well: {done:?}");
}
