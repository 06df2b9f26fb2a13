//! Work with a server of ssh on this machine, which runs outside of the walls as servers do.

use crate::house::{House, User};
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// A server that lets in whoever has one of the keys, as the user who runs the test.
struct Server {
    process: Child,
    port: u16,
    _room: tempfile::TempDir,
}

impl Server {
    fn start(keys: &str) -> Option<Server> {
        let program = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].into_iter().find(|path| Path::new(path).is_file())?;
        let room = tempfile::tempdir().expect("a temporary directory");
        let at = |name: &str| room.path().join(name).display().to_string();
        let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &at("host")]).status();
        assert!(made.expect("ssh-keygen comes with ssh").success());
        fs::write(at("known"), keys).expect("keys");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let settings = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nUsePAM no\nStrictModes no\nPidFile none\n",
            at("host"),
            at("known")
        );
        fs::write(at("settings"), settings).expect("settings");
        let process = Command::new(program).args(["-D", "-f", &at("settings"), "-E", &at("log")]).spawn().ok()?;
        let mut server = Server { process, port, _room: room };
        let began = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            if server.process.try_wait().is_ok_and(|ended| ended.is_some()) || began.elapsed() > Duration::from_secs(10)
            {
                return None;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn another_shell_on_this_machine_is_reached_by_ssh_with_the_user_s_own_key() {
    let (bare, walled) = (House::bare(User::Tester), House::walled(User::Tester));
    if Command::new("ssh").arg("-V").output().is_err() {
        eprintln!("NOT TESTED: ssh to this machine, because ssh is not on it");
        return;
    }
    let Some(server) = Server::start(&(bare.key() + &walled.key())) else {
        eprintln!("NOT TESTED: ssh to this machine, because no sshd starts on it (root's needs /run/sshd)");
        return;
    };
    let ssh = format!(
        "ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o BatchMode=yes -i ~/.ssh/id_ed25519 -p {} 127.0.0.1",
        server.port
    );
    for text in [format!("{ssh} 'echo reached; exit 3'"), format!("printf %1000s x | {ssh} 'cat | wc -c'")] {
        let (one, other) = (bare.run(&text), walled.run(&text));
        let (one, other) =
            [(&bare, one), (&walled, other)].map(|(house, done)| (house.told(&done.stdout), done.status)).into();
        if !one.0.contains("reached") && !one.0.contains("1000") {
            eprintln!("NOT TESTED: ssh to this machine, because it fails without walls as well");
            return;
        }
        assert_eq!(one, other, "{text}");
    }
    let stolen = walled.run("cat ~/.ssh/id_ed25519");
    assert!(!stolen.status.success() && stolen.stdout.is_empty(), "the key itself stays closed: {stolen:?}");
}
