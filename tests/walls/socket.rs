//! Sockets: those that equal credentials, and all others.

use crate::fixture::{Room, User, Walls, has_masks};
use std::os::unix::net::UnixListener;
use std::path::Path;

/// Connects to a path with python; 0: connected.
fn connect(room: &Room, path: &Path) -> Option<i32> {
    let text = format!(
        "command -v python3 > /dev/null || exit 9; python3 -c \"import socket; s = socket.socket(socket.AF_UNIX); s.connect('{}')\"",
        path.display()
    );
    let done = room.bash(&text);
    assert!(done.stood.is_ok(), "{done:?}");
    match done.status() {
        9 => {
            eprintln!("NOT TESTED: sockets, because python3 is not on this machine");
            None
        }
        status => Some(status),
    }
}

fn listen(room: &Room, path: &str) -> UnixListener {
    let path = room.room.path().join(path);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
    UnixListener::bind(path).expect("a socket")
}

#[test]
fn a_container_engine_s_socket_is_refused_and_a_database_s_is_not() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let room = Room::new(user);
        let _engine = listen(&room, "home/.docker/run/docker.sock");
        let _database = listen(&room, "home/shop/tmp/.s.PGSQL.5432");
        let Some(status) = connect(&room, &room.home().join(".docker/run/docker.sock")) else { return };
        assert_ne!(status, 0, "{user:?}");
        assert_eq!(connect(&room, &room.repository().join("tmp/.s.PGSQL.5432")), Some(0), "{user:?}");
    }
}

#[test]
fn the_ssh_agent_named_by_the_environment_is_refused_unless_it_is_passed() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let mut room = Room::new(user);
        let _agent = listen(&room, "run/agent.7");
        let path = room.room.path().join("run/agent.7");
        room.variables = vec![("SSH_AUTH_SOCK".into(), path.display().to_string())];
        let Some(status) = connect(&room, &path) else { return };
        assert_ne!(status, 0, "{user:?}");
        room.passes = vec!["socket.ssh-agent".into()];
        assert_eq!(connect(&room, &path), Some(0), "{user:?}");
    }
}

#[test]
fn a_shared_connection_among_the_ssh_keys_is_refused() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let room = Room::new(user);
        let _shared = listen(&room, "home/.ssh/cm-ada@example.org:22");
        let Some(status) = connect(&room, &room.home().join(".ssh/cm-ada@example.org:22")) else { return };
        assert_ne!(status, 0, "{user:?}");
    }
}

#[test]
fn an_abstract_socket_outside_is_refused() {
    use std::os::linux::net::SocketAddrExt;
    if holdpoint::sys::landlock::abi() < 6 {
        eprintln!("NOT TESTED: Landlock's ABI is below 6, abstract sockets are not scoped");
        return;
    }
    let name = format!("holdpoint-test-{}", std::process::id());
    let address = std::os::unix::net::SocketAddr::from_abstract_name(&name).expect("a name");
    let _listener = UnixListener::bind_addr(&address).expect("a socket");
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            let text =
                format!("python3 -c \"import socket; s = socket.socket(socket.AF_UNIX); s.connect('\\0{name}')\"");
            let done = room.bash(&text);
            assert_ne!(done.status(), 0, "{user:?}, {walls:?}: {done:?}");
        }
    }
}
