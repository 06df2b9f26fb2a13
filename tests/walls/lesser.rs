//! Where less stands: the program itself on a machine that refuses namespaces, and what policy requires there.

use crate::fixture::{Room, User, Walls, has_masks};
use crate::house::{House, err, out};
use holdpoint::decide::policy::{Enforcement, Missing};
use std::process::{Command, Output};

/// Runs holdpoint where user namespaces are used up and no capability is left: in a container without privileges it is the same.
/// `None`: this machine gives no user namespace in which to limit them.
fn without_namespaces(house: &House, arguments: &[&str]) -> Option<Output> {
    const LIMIT: &str = "echo 0 > /proc/sys/user/max_user_namespaces && \
        exec setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all \"$@\"";
    let given = Command::new("unshare").args(["-Ur", "sh", "-c", LIMIT, "sh", "true"]).output();
    if !given.is_ok_and(|done| done.status.success()) {
        eprintln!("NOT TESTED: a machine without namespaces, because unshare and setpriv cannot make one here");
        return None;
    }
    let mut command = Command::new("unshare");
    command.args(["-Ur", "sh", "-c", LIMIT, "sh", env!("CARGO_BIN_EXE_holdpoint")]).args(arguments).env_clear();
    command.current_dir(house.0.path().join("home/shop")).env("HOME", house.0.path().join("home"));
    Some(command.env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin").output().expect("unshare runs"))
}

fn house(policy: &str) -> House {
    let house = House::new().policy(policy);
    house.write(".netrc", "planted-secret");
    house.write("shop/.env", "planted-secret");
    house.write("shop/.git/hooks/pre-commit", "#!/bin/sh\n");
    house.write("shop/.git/config", "");
    house
}

#[test]
fn what_landlock_alone_keeps_is_kept_and_the_rest_is_recorded() {
    let house = house("");
    let Some(done) = without_namespaces(
        &house,
        &["-c", "grep -s planted -r ../../home --include=*netrc || echo no; echo new > new; cat new"],
    ) else {
        return;
    };
    assert!(out(&done).ends_with("no\nnew\n") && !out(&done).contains("planted-secret"), "{done:?}");
    assert!(house.record().contains("partial, without repository secrets"), "{}", house.record());
}

#[test]
fn each_wall_that_policy_requires_and_that_does_not_stand_is_a_refusal() {
    for wall in ["credentials", "writes"] {
        let house = house(&format!("require: [{wall}]"));
        let Some(done) = without_namespaces(&house, &["-c", "echo it ran"]) else { return };
        assert!(!out(&done).contains("it ran"), "{wall}: {done:?}");
        assert_eq!(done.status.code(), Some(126), "{wall}: {done:?}");
        let said = err(&done);
        let why = format!("requires the wall around {wall}");
        assert!(said.contains(&why) && said.contains("holdpoint doctor"), "{wall}: {said}");
    }
}

#[test]
fn a_socket_that_cannot_be_walled_off_is_missing_from_the_wall_around_the_network() {
    let house = house("require: [network]");
    std::fs::create_dir_all(house.0.path().join("home/.gnupg")).expect("a directory");
    let socket = house.0.path().join("home/.gnupg/S.gpg-agent");
    let listening = std::os::unix::net::UnixListener::bind(socket).expect("a socket");
    let Some(done) = without_namespaces(&house, &["-c", "echo it ran"]) else { return };
    assert!(!out(&done).contains("it ran") && err(&done).contains("the wall around network"), "{done:?}");
    drop(listening);
}

#[test]
fn a_network_of_its_own_that_cannot_be_had_is_a_refusal_without_being_required() {
    let house = house("network: none");
    let Some(done) = without_namespaces(&house, &["-c", "echo it ran"]) else { return };
    assert!(!out(&done).contains("it ran") && !done.status.success(), "{done:?}");
    assert!(err(&done).contains("network"), "{done:?}");
}

#[test]
fn doctor_says_what_is_missing_and_ends_so() {
    let house = house("");
    let Some(done) = without_namespaces(&house, &["doctor"]) else { return };
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let said = out(&done);
    assert!(said.contains("LACK  masks") && said.contains("user.max_user_namespaces is 0"), "{said}");
    assert!(said.contains("LACK  walls") && said.contains("without repository secrets"), "{said}");
    // What was tried from inside and could be had is told by name.
    assert!(said.contains("LACK  reading   A COMMAND COULD REACH ") && said.contains("/shop/.env"), "{said}");
    assert!(said.contains("LACK  writing   A COMMAND COULD WRITE ") && said.contains("/shop/.git/config"), "{said}");
}

#[test]
fn a_credential_in_a_temporary_directory_does_not_close_that_to_new_files() {
    let mut room = Room::outside(User::Tester);
    room.walls = Walls::LandlockAlone;
    let place = format!("/tmp/krb5cc_{}", std::process::id());
    std::fs::write(&place, "planted").expect("written");
    let done = room.bash("t=$(mktemp) && echo works > $t && cat $t && rm $t");
    room.walls = Walls::Best;
    let best = has_masks().then(|| room.bash(&format!("cat {place}")));
    std::fs::remove_file(&place).expect("removed");
    assert_eq!(done.stdout, "works\n", "{done:?}");
    // It is said that it is not kept; with masks it is.
    assert!(
        matches!(&done.stood, Ok(Enforcement::Partial(missing)) if missing.contains(&Missing::Credentials)),
        "{done:?}"
    );
    assert!(best.is_none_or(|best| best.status() != 0 && best.stdout.is_empty()));
}

#[test]
fn what_is_planted_for_git_behind_landlock_alone_is_taken_out_when_the_command_ends() {
    let house = house("");
    // Names that only running gives, so that the walls are tried and not the judge.
    let text = "python3 -c \"import os; d = [n for n in os.listdir('.') if len(n) == 4 and n[1] == 'g'][0]; \
        f = [n for n in os.listdir(d) if n[0] == 'c'][0]; h = [n for n in os.listdir(d) if n[0] == 'h'][0]; \
        w = lambda *p: os.open(os.path.join(*p), os.O_WRONLY | os.O_CREAT | os.O_APPEND); \
        os.write(w(d, f), b'[core]\\n\\tsshCommand = ./x\\n'); os.write(w(d, h, 'post-' + 'commit'), b'x')\"; echo it ran";
    let Some(done) = without_namespaces(&house, &["-c", text]) else { return };
    if !out(&done).contains("it ran") {
        eprintln!("NOT TESTED: what is planted for git, because it was held or python3 is not here: {}", err(&done));
        return;
    }
    let git = house.0.path().join("home/shop/.git");
    let settings = std::fs::read_to_string(git.join("config")).expect("settings");
    assert!(!settings.contains("sshCommand"), "{settings} {}", err(&done));
    assert!(!git.join("hooks/post-commit").exists() && git.join("hooks/pre-commit").exists(), "{}", err(&done));
    assert!(err(&done).contains("core.sshcommand") && err(&done).contains("post-commit"), "{}", err(&done));
}

#[test]
fn git_with_a_hook_works_behind_landlock_alone_before_anybody_was_asked_anything() {
    let house = house("");
    std::fs::remove_dir_all(house.0.path().join("home/shop/.git")).expect("removed");
    house.write(".gitconfig", "[user]\n\tname = Ada\n\temail = ada@example.org\n");
    let text = "git init -q . && git commit -q --allow-empty -m first && git log --format=%s";
    let Some(done) = without_namespaces(&house, &["-c", text]) else { return };
    assert!(done.status.success() && out(&done) == "first\n", "{done:?}");
    let hook = "printf '#!/bin/sh\necho hook ran >&2\n' > h && chmod +x h && mkdir -p .git/hooks && mv h .git/hooks/post-commit";
    let home = house.0.path().join("home");
    let made = Command::new("sh").args(["-c", hook]).current_dir(home.join("shop")).status().expect("a shell runs");
    assert!(made.success());
    let Some(done) = without_namespaces(&house, &["-c", "git commit -q --allow-empty -m second"]) else { return };
    assert!(done.status.success() && err(&done) == "hook ran\n", "{done:?}");
}
