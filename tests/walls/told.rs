//! What is told of the walls: by `doctor`, which tries them, and by `check --walls`.

use crate::fixture::{Room, User, Walls, has_masks};
use crate::house::{House, err, out};
use std::fs;
use std::process::{Command, Stdio};

#[test]
fn doctor_tries_every_credential_and_places_outside_of_the_scope_from_inside() {
    if !has_masks() {
        return;
    }
    let house = House::outside();
    house.write(".netrc", "planted-secret");
    house.write("shop/.env", "planted-secret");
    let before = names(&house);
    let said = out(&house.ask(&["doctor"]));
    for start in ["ok    proof ", "ok    reading ", "ok    writing "] {
        assert!(said.lines().any(|line| line.starts_with(start) && line.contains("refused")), "{start}: {said}");
    }
    assert!(
        !said.contains("ok    reading   0 ") && !said.contains("ok    writing   0 "),
        "something was tried: {said}"
    );
    assert_eq!(names(&house), before, "nothing is left behind");
    let told = out(&house.ask(&["doctor", "--json"]));
    let told: serde_json::Value = serde_json::from_str(&told).expect("json");
    let topics: Vec<&str> =
        told["lines"].as_array().expect("lines").iter().filter_map(|line| line["topic"].as_str()).collect();
    assert!(topics.contains(&"reading") && topics.contains(&"writing"), "{topics:?}");
}

fn names(house: &House) -> Vec<String> {
    let entries = fs::read_dir(house.0.path().join("home")).expect("a home").flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    // What holdpoint keeps of its own.
    names.retain(|name| name != ".local" && name != ".cache");
    names.sort();
    names
}

#[test]
fn check_tells_what_a_command_would_read_and_write_only_when_it_is_asked() {
    if !has_masks() {
        return;
    }
    let house = House::outside().policy("scope: { write: [~/notes] }\nnetwork: { ports: [443] }");
    house.write(".netrc", "planted-secret");
    house.write("notes/a", "");
    house.write("shop/.git/hooks/pre-commit", "");
    let home = house.0.path().join("home").canonicalize().expect("a real path").display().to_string();
    let said = out(&house.ask(&["check", "--walls", "make"]));
    assert!(said.starts_with("allow\n"), "{said}");
    for line in [
        format!("  writes: {home}/shop\n"),
        format!("  writes: {home}/notes\n"),
        format!("  reads only: {home}/shop/.git/hooks\n"),
        format!("  is refused: {home}/.netrc (net.netrc)\n"),
        "  network: TCP to ports 443\n".to_owned(),
    ] {
        assert!(said.contains(&line), "{line}: {said}");
    }
    let said = out(&house.ask(&["check", "--walls", "curl -n https://example.org"]));
    assert!(said.contains("  has: net.netrc\n") && !said.contains("(net.netrc)"), "{said}");
    assert!(!out(&house.ask(&["check", "make"])).contains("writes:"));
    let told = out(&house.ask(&["check", "--json", "--walls", "make"]));
    let told: serde_json::Value = serde_json::from_str(&told).expect("json");
    assert_eq!(told["walls"]["refused"]["net.netrc"][0], format!("{home}/.netrc"), "{told}");
    assert_eq!(house.ask(&["check", "--walls", "--batch"]).status.code(), Some(2));
}

#[test]
fn what_is_typed_at_another_terminal_is_not_read_and_nothing_is_shown_there() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        for walls in [Walls::Best, Walls::MasksAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            let name = room.write("terminal", "");
            let text = format!("tty > {}; sleep 60", name.display());
            let mut script = Command::new("script");
            let other = script.args(["-qec", &text, "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::null());
            let Ok(mut other) = other.spawn() else {
                eprintln!("NOT TESTED: another terminal, because script is not on this machine");
                return;
            };
            let patience = std::time::Instant::now();
            let terminal = loop {
                let told = fs::read_to_string(&name).unwrap_or_default().trim_end().to_owned();
                if told.starts_with("/dev/") || patience.elapsed().as_secs() > 20 {
                    break told;
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            };
            assert!(terminal.starts_with("/dev/pts/"), "{terminal}");
            room.give(&terminal);
            for text in
                [format!("exec 3< {terminal}"), format!("exec 3> {terminal}"), format!("stty -F {terminal} -echo")]
            {
                let done = room.bash(&text);
                assert!(
                    done.status() != 0 && done.stderr.contains("ermission denied"),
                    "{user:?} {walls:?}: {text}: {done:?}"
                );
            }
            let own = room.bash("script -qec 'echo typed > $(tty) && tty' /dev/null < /dev/null");
            assert!(own.status() == 0 && own.stdout.contains("/dev/pts/"), "{user:?} {walls:?}: {own:?}");
            room.passes = vec!["socket.terminals".into()];
            assert_eq!(room.bash(&format!("exec 3< {terminal}")).status(), 0, "{user:?} {walls:?}");
            other.kill().expect("it can be ended");
            other.wait().expect("it ends");
        }
    }
}

#[test]
fn who_asks_for_more_rights_is_told_that_inside_there_are_none() {
    let house = House::outside();
    house.tool("sudo", "#!/bin/sh\nexit 1\n");
    let is_root = nix::unistd::geteuid().is_root();
    let done = if is_root { house.bash_as_nobody("sudo id", &[]) } else { house.bash("sudo id", &[]) };
    assert!(err(&done).contains("sudo gains no rights inside the walls"), "{done:?}");
    if is_root {
        let house = House::outside();
        house.tool("sudo", "#!/bin/sh\nexit 1\n");
        assert!(!err(&house.bash("sudo id", &[])).contains("gains no rights"), "root has them");
    }
}
