//! The stand-in for the cloud: one volume with its backups inside, behind an API on 127.0.0.1.

use super::exchange::{self, Request};
use super::graphql::{self, Call};
use serde_json::{Value, json};
use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The one volume.
pub(super) const VOLUME: &str = "vol-orders-prod";
/// Its backups lie inside it, and go with it: so it was, and so it is here.
const BACKUPS: [&str; 3] = ["2026-11-18", "2026-11-19", "2026-11-20"];

/// What the cloud holds, and what it was asked.
struct State {
    volumes: Vec<Value>,
    deletions: usize,
}

/// A running server. It ends when this is dropped.
pub(super) struct Cloud {
    port: u16,
    state: Arc<Mutex<State>>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Cloud {
    /// Starts to listen on a free port of the loopback address. `token` is the one that it accepts.
    ///
    /// # Errors
    /// When no port can be had.
    pub(super) fn open(token: &str) -> io::Result<Cloud> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let backups: Vec<Value> = BACKUPS.iter().map(|day| json!({ "id": format!("backup-{day}") })).collect();
        let volume = json!({ "id": VOLUME, "name": "orders, production", "sizeGB": 40, "backups": backups });
        let state = Arc::new(Mutex::new(State { volumes: vec![volume], deletions: 0 }));
        let over = Arc::new(AtomicBool::new(false));
        let (seen, ended, token) = (Arc::clone(&state), Arc::clone(&over), token.to_owned());
        let thread = std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                // A caller that hangs up harms nobody but itself.
                let _ = serve(connection, &seen, &token);
            }
        });
        Ok(Cloud { port, state, over, thread: Some(thread) })
    }

    /// Where it is reached.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/graphql/v2", self.port)
    }

    /// How many volumes and backups there are.
    pub(super) fn holdings(&self) -> (usize, usize) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let inside = |volume: &Value| volume.get("backups").and_then(Value::as_array).map_or(0, Vec::len);
        (state.volumes.len(), state.volumes.iter().map(inside).sum())
    }

    /// How many deletions reached it.
    pub(super) fn deletions(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).deletions
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // Wakes the thread from its wait for a caller.
        let woken = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok();
        if let Some(thread) = self.thread.take().filter(|_| woken) {
            let _ = thread.join();
        }
    }
}

fn serve(mut connection: TcpStream, state: &Mutex<State>, token: &str) -> io::Result<()> {
    connection.set_read_timeout(Some(Duration::from_secs(5)))?;
    connection.set_write_timeout(Some(Duration::from_secs(5)))?;
    let (status, answer) = match exchange::read(&mut connection) {
        Ok(request) => respond(&request, state, token),
        Err(error) => ("400 Bad Request", json!({ "errors": [{ "message": error.to_string() }] })),
    };
    exchange::answer(&mut connection, status, &answer.to_string())
}

fn respond(request: &Request, state: &Mutex<State>, token: &str) -> (&'static str, Value) {
    if request.path != "/graphql/v2" || request.method != "POST" {
        return ("404 Not Found", json!({ "errors": [{ "message": "Not Found" }] }));
    }
    if request.bearer.as_deref() != Some(token) {
        return ("200 OK", json!({ "errors": [{ "message": "Not Authorized" }] }));
    }
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    ("200 OK", graphql::execute(&request.body, &mut |call| resolve(call, &mut state)))
}

fn resolve(call: &Call, state: &mut State) -> Result<Value, String> {
    match &*call.name {
        "volumes" => Ok(Value::Array(state.volumes.clone())),
        "volumeDelete" => {
            let wanted = call.arguments.get("volumeId").cloned().unwrap_or_default();
            let before = state.volumes.len();
            state.volumes.retain(|volume| volume.get("id") != Some(&wanted));
            state.deletions += 1;
            if state.volumes.len() < before { Ok(Value::Bool(true)) } else { Err("Volume not found".to_owned()) }
        }
        name => Err(format!("Cannot query field {name:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    fn call(cloud: &Cloud, token: &str, query: &str) -> String {
        let body = json!({ "query": query }).to_string();
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, cloud.port)).expect("a connection");
        let head = format!("Authorization: Bearer {token}\r\nContent-Length: {}", body.len());
        write!(connection, "POST /graphql/v2 HTTP/1.1\r\n{head}\r\n\r\n{body}").expect("sent");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("an answer");
        answer
    }

    #[test]
    fn a_volume_goes_with_its_backups_when_a_deletion_reaches_the_cloud() {
        let cloud = Cloud::open("t").expect("a cloud");
        assert!(call(&cloud, "t", "query { volumes { name } }").contains("orders, production"));
        assert!(call(&cloud, "wrong", "mutation { volumeDelete(volumeId: \"x\") }").contains("Not Authorized"));
        assert_eq!((cloud.holdings(), cloud.deletions()), ((1, 3), 0));
        let answer = call(&cloud, "t", &format!("mutation {{ volumeDelete(volumeId: \"{VOLUME}\") }}"));
        assert!(answer.contains("{\"data\":{\"volumeDelete\":true}}"), "{answer}");
        assert_eq!((cloud.holdings(), cloud.deletions()), ((0, 0), 1));
    }
}
