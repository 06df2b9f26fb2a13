//! The network, where policy limits it.

use crate::fixture::{Room, User, Walls, has_masks};
use holdpoint::decide::policy::Network;
use std::net::{TcpListener, UdpSocket};

/// bash opens a connection, or does not; without it nothing here can be tried.
fn connect(port: u16) -> String {
    format!("exec 3<> /dev/tcp/127.0.0.1/{port}")
}

const SERVER_AND_CLIENT: &str = "python3 -c '
import socket, threading
server = socket.create_server((\"127.0.0.1\", 0))
threading.Thread(target=lambda: server.accept()[0].sendall(b\"works\"), daemon=True).start()
client = socket.create_connection(server.getsockname())
print(client.recv(9).decode())
six = socket.create_server((\"::1\", 0), family=socket.AF_INET6)
print(\"six\")
'";

#[test]
fn without_a_network_nothing_outside_is_reached_and_the_command_s_own_servers_are() {
    if !has_masks() {
        return;
    }
    let outside = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = outside.local_addr().expect("an address").port();
    let datagrams = UdpSocket::bind("127.0.0.1:0").expect("a port");
    datagrams.set_nonblocking(true).expect("a setting");
    let udp = datagrams.local_addr().expect("an address").port();
    for user in User::all() {
        let mut room = Room::new(user);
        assert_eq!(room.bash(&connect(port)).status(), 0, "{user:?}: an open network reaches it");
        room.network = Network::None;
        let done = room.bash(&connect(port));
        assert!(done.stood.is_ok() && done.status() != 0, "{user:?}: {done:?}");
        // A datagram is sent to nobody without an error.
        room.bash(&format!("echo leak > /dev/udp/127.0.0.1/{udp}"));
        assert!(datagrams.recv(&mut [0; 9]).is_err(), "{user:?}: nothing arrives");
        let done = room.bash("cat /proc/net/dev | tail -n +3 | grep -vc lo:");
        assert_eq!(done.stdout.trim(), "0", "{user:?}: no interface but loopback: {done:?}");
        let done = room.bash(SERVER_AND_CLIENT);
        assert_eq!(done.stdout, "works\nsix\n", "{user:?}: {done:?}");
    }
}

#[test]
fn where_no_network_can_be_taken_away_nothing_runs() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        for walls in [Walls::LandlockAlone, Walls::NamespacesClosed, Walls::NamespacesRefused] {
            let mut room = Room::new(user);
            room.walls = walls;
            room.network = Network::None;
            let done = room.bash("echo ran");
            let why = done.stood.as_ref().expect_err("a refusal");
            assert!(
                why.contains("policy limits the network") && !done.stdout.contains("ran"),
                "{user:?}, {walls:?}: {done:?}"
            );
        }
    }
}

#[test]
fn only_named_ports_are_connected_to() {
    if holdpoint::sys::landlock::abi() < 4 {
        eprintln!("NOT TESTED: ports, because Landlock's ABI is below 4");
        return;
    }
    let (one, other) =
        (TcpListener::bind("127.0.0.1:0").expect("a port"), TcpListener::bind("127.0.0.1:0").expect("a port"));
    let [one, other] = [one, other].map(|listener| {
        let port = listener.local_addr().expect("an address").port();
        std::mem::forget(listener);
        port
    });
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            room.network = Network::Ports([one].into());
            assert_eq!(room.bash(&connect(one)).status(), 0, "{user:?}, {walls:?}");
            let done = room.bash(&connect(other));
            assert!(done.status() != 0 && done.stderr.contains("Permission denied"), "{user:?}, {walls:?}: {done:?}");
        }
        let mut room = Room::new(user);
        room.walls = Walls::MasksAlone;
        room.network = Network::Ports([one].into());
        assert!(room.bash("true").stood.is_err(), "{user:?}: without Landlock nothing runs");
    }
}
