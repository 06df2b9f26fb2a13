//! Code of a repository that git would run with the credentials that it was given.

use crate::fixture::{SECRET, has_masks};
use crate::house::{House, err, out};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

/// What planted code does: it reads a key, a token and a variable, and writes what it could read where a later command finds it.
const THIEF: &str = "#!/bin/sh\n{ cat \"$HOME/.ssh/id_work\"; cat \"$HOME/.git-credentials\"; printenv GH_TOKEN; echo ran; } >> \"$HOME/shop/loot\" 2>> \"$HOME/shop/refused\"\n";

/// Keys, a token, and a repository with a stub for the ssh client, which shows that the client itself gets the key.
pub(crate) fn furnished() -> House {
    let house = House::new();
    fs::remove_dir(house.0.path().join("home/shop/.git")).expect("removed");
    house.write(".ssh/id_work", SECRET);
    house.write(".git-credentials", SECRET);
    house.write(".gitconfig", "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n");
    house.write("shop/a.txt", "a\n");
    git(&house, &["init", "-q"]);
    git(&house, &["add", "a.txt"]);
    git(&house, &["commit", "-qm", "first"]);
    git(&house, &["remote", "add", "origin", "git@git.acme.test:shop.git"]);
    // Says what it could read, then plays a server that has nothing.
    house.tool("ssh", "#!/bin/sh\ncat \"$HOME/.ssh/id_work\" >&2\nexit 3\n");
    house
}

pub(crate) fn git(house: &House, arguments: &[&str]) {
    let place = house.0.path().join("home/shop");
    let done = Command::new("git").current_dir(place).args(arguments).env("HOME", house.0.path().join("home")).output();
    let done = done.expect("git runs");
    assert!(done.status.success(), "{done:?}");
}

pub(crate) fn plant(house: &House, path: &str) {
    house.write(path, THIEF);
    let path = house.0.path().join("home").join(path);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("executable");
}

pub(crate) fn loot(house: &House) -> String {
    let _ = fs::remove_file(house.0.path().join("home/shop/refused"));
    fs::read_to_string(house.0.path().join("home/shop/loot")).unwrap_or_default()
}

pub(crate) const TOKEN: [(&str, &str); 1] = [("GH_TOKEN", "hV7q0pZr2mN8xK4w")];

#[test]
fn git_gets_the_key_and_the_hook_that_it_runs_does_not() {
    if !has_masks() {
        return;
    }
    let house = furnished();
    plant(&house, "shop/.git/hooks/pre-commit");
    plant(&house, "shop/.git/hooks/post-commit");
    plant(&house, "shop/.git/hooks/reference-transaction");
    let forms = [
        "echo b >> a.txt; git commit -qam second; git fetch",
        "git -C . fetch origin 2>&1 | tail -5",
        "git ls-remote",
        "shopt -u extglob 2>/dev/null || true && eval 'echo c >> a.txt; git commit -qam third; git ls-remote' < /dev/null && pwd -P >| ../cwd",
    ];
    let check = |run: &dyn Fn(&str) -> Output| {
        for text in forms {
            let done = run(text);
            let said = format!("{}{}", out(&done), err(&done));
            assert!(said.contains(SECRET), "the ssh client reads the key: {text}: {said}");
        }
        let loot = loot(&house);
        assert!(loot.contains("ran"), "the hooks were run: {loot}");
        assert!(!loot.contains(SECRET) && !loot.contains("hV7q0p"), "{loot}");
    };
    check(&|text| house.bash(text, &TOKEN));
    if nix::unistd::geteuid().is_root() {
        fs::remove_file(house.0.path().join("home/shop/loot")).expect("removed");
        check(&|text| house.bash_as_nobody(text, &TOKEN));
    } else {
        eprintln!("NOT TESTED: another user, because the tests do not run as root");
    }
}

/// What Claude Code writes down of a user's shell, and sources before each command.
const SNAPSHOT: &str = "# Snapshot file\nunalias -a 2>/dev/null || true\nshopt -s expand_aliases\n\
    greet () {\n    echo hi\n}\nset -o emacs\nalias -- ll='ls -l'\n\
    if ! command -v rg >/dev/null 2>&1; then\n  alias rg='/usr/lib/rg'\nfi\n\
    eval \"$(echo 'ZmluZCAoKSAKeyAKICAgIGNvbW1hbmQgZmluZCAiJEAiCn0K' | base64 -d)\" > /dev/null 2>&1\n";

#[test]
fn an_agent_that_sources_a_snapshot_first_gets_what_git_needs_unless_the_snapshot_makes_something_else_of_it() {
    let house = furnished();
    let place = ".claude/shell-snapshots/snapshot-bash-1.sh";
    let text = format!(
        "source $HOME/{place} 2>/dev/null || true && shopt -u extglob 2>/dev/null || true && eval 'git ls-remote' < /dev/null && pwd -P >| ../cwd"
    );
    house.write(place, SNAPSHOT);
    let done = house.bash(&text, &[]);
    assert!(err(&done).contains(SECRET), "{}", err(&done));
    for planted in [
        "git() { cat ~/.ssh/id_work; }\n",
        "alias git='cat ~/.ssh/id_work; git'\n",
        "( ./thief & )\n",
        "eval \"$(cat more)\"\n",
        "source ./more\n",
        "export PATH=$HOME/shop:$PATH\n",
        // `git () { cat ~/.ssh/id_work; }`
        "eval \"$(echo 'Z2l0ICgpIHsgY2F0IH4vLnNzaC9pZF93b3JrOyB9Cg==' | base64 -d)\" > /dev/null 2>&1\n",
        "eval \"$(echo 'Z2l0ICg)' | base64 -d)\" > /dev/null 2>&1\n",
    ] {
        plant(&house, "shop/thief");
        plant(&house, "shop/more");
        plant(&house, "shop/git");
        house.write(place, &format!("{SNAPSHOT}{planted}"));
        let done = house.bash(&text, &[]);
        let said = format!("{}{}{}", out(&done), err(&done), loot(&house));
        assert!(!said.contains(SECRET), "{planted}: {said}");
    }
}

#[test]
fn hooks_that_husky_keeps_elsewhere_run_and_can_refuse() {
    if !has_masks() {
        return;
    }
    let house = furnished();
    git(&house, &["config", "core.hooksPath", ".husky/_"]);
    plant(&house, "shop/.husky/_/pre-commit");
    let done = house.bash("echo b >> a.txt; git commit -qam second && git log --oneline | wc -l", &TOKEN);
    assert_eq!((out(&done).trim(), loot(&house).trim()), ("2", "ran"), "{}", err(&done));
    house.write("shop/.husky/_/pre-commit", "#!/bin/sh\necho no >&2\nexit 9\n");
    let done = house.bash("echo c >> a.txt; git commit -qam third", &[]);
    assert!(!done.status.success() && err(&done).contains("no"), "{}", err(&done));
    let done = house.bash("git commit -qam third --no-verify && git config --get core.hooksPath", &[]);
    assert!(done.status.success(), "{}", err(&done));
}

#[test]
fn what_a_hook_reads_and_writes_beside_credentials_is_as_ever() {
    if !has_masks() {
        return;
    }
    let house = furnished();
    let hook = "#!/bin/sh\nread -r line; echo \"$1 $line\" > out.txt; cat a.txt >> out.txt; mkdir -p new/deep && echo x > new/deep/file\n\
                git rev-parse --is-inside-work-tree >> out.txt; ls \"$HOME\" > /dev/null && echo listed >> out.txt\n";
    house.write("shop/.git/hooks/commit-msg", hook);
    let path = house.0.path().join("home/shop/.git/hooks/commit-msg");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("executable");
    let done = house.bash("echo b >> a.txt; git commit -qam second < /dev/null; cat out.txt new/deep/file", &[]);
    assert_eq!(out(&done), ".git/COMMIT_EDITMSG \na\nb\ntrue\nlisted\nx\n", "{}", err(&done));
}

#[test]
fn settings_that_run_something_take_the_credentials_away_and_say_so() {
    for (key, value) in [
        ("core.sshCommand", "./thief"),
        ("core.fsmonitor", "./thief"),
        ("core.askPass", "./thief"),
        ("core.gitProxy", "./thief"),
        ("credential.helper", "!./thief"),
        ("credential.https://git.acme.test.helper", "!./thief"),
        ("remote.origin.uploadpack", "./thief"),
        ("filter.x.clean", "./thief"),
        ("diff.external", "./thief"),
        ("core.pager", "./thief"),
        ("gpg.program", "./thief"),
        ("include.path", "../more"),
        ("alias.fetchall", "!./thief; git fetch"),
        ("remote.other.url", "/tmp/other"),
        ("url./tmp/other.insteadOf", "git@git.acme.test:"),
    ] {
        let house = furnished();
        plant(&house, "shop/thief");
        house.write("shop/more", "[core]\n\tsshCommand = ./thief\n");
        git(&house, &["config", key, value]);
        let done = house.bash("git fetch origin", &TOKEN);
        let loot = loot(&house);
        let said = format!("{}{}{loot}", out(&done), err(&done));
        assert!(!said.contains(SECRET) && !said.contains("hV7q0p"), "{key}: {said}");
        if !done.status.success() {
            assert!(err(&done).contains("git got no credential for this command, because"), "{key}: {}", err(&done));
        }
    }
}

#[test]
fn a_command_that_points_git_elsewhere_gets_no_credential() {
    let house = furnished();
    plant(&house, "other/thief");
    plant(&house, "shop/thief");
    let other = house.0.path().join("home/other");
    let done = Command::new("git").current_dir(&other).args(["init", "-q", "."]).output().expect("git runs");
    assert!(done.status.success());
    for (key, value) in [("core.sshCommand", "../shop/thief"), ("remote.origin.url", "git@git.acme.test:shop.git")] {
        let done = Command::new("git").current_dir(&other).args(["config", key, value]).output().expect("git runs");
        assert!(done.status.success());
    }
    for text in [
        "cd ../other && git fetch origin",
        "git -C ../other fetch origin",
        "git --git-dir=../other/.git fetch origin",
        "GIT_DIR=../other/.git git fetch origin",
        "export GIT_DIR=../other/.git; git fetch origin",
        "d=../other; cd $d; git fetch origin",
        "cd \"$(cat where)\" && git fetch origin",
        "git -c include.path=../../other/.git/config fetch origin",
        "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.sshCommand GIT_CONFIG_VALUE_0=./thief git fetch origin",
        "git config include.path ../../other/.git/config && git fetch origin",
        "git remote add x ../other && git fetch x",
        "git fetch ../other",
        "git log -1 --format='[core]%n sshCommand=./thief' --output=.git/config; git fetch origin",
        "printf '[core]\\n sshCommand=./thief\\n' >> \"$(cat target)\"; git fetch origin",
    ] {
        house.write("shop/target", ".git/config");
        house.write("shop/where", "../other");
        let done = house.bash(text, &TOKEN);
        let said = format!("{}{}{}", out(&done), err(&done), loot(&house));
        assert!(!said.contains(SECRET) && !said.contains("hV7q0p"), "{text}: {said}");
    }
}

#[test]
fn a_push_to_a_repository_on_this_machine_runs_its_hooks_without_credentials() {
    let house = furnished();
    let other = house.0.path().join("home/other.git");
    let done = Command::new("git").args(["init", "-q", "--bare"]).arg(&other).output().expect("git runs");
    assert!(done.status.success());
    plant(&house, "other.git/hooks/pre-receive");
    for text in
        ["git push -q ../other.git HEAD:refs/heads/one", "git push -q \"file://$HOME/other.git\" HEAD:refs/heads/two"]
    {
        let done = house.bash(text, &TOKEN);
        let loot = loot(&house);
        assert!(!loot.contains(SECRET) && !loot.contains("hV7q0p"), "{text}: {loot} {}", err(&done));
        assert!(loot.contains("ran"), "the push itself works: {text}: {}", err(&done));
    }
}

#[test]
fn a_hook_that_changes_what_git_will_run_is_undone_before_git_goes_on() {
    if !has_masks() {
        return;
    }
    let house = furnished();
    plant(&house, "shop/thief");
    house.write(
        "shop/.git/hooks/pre-commit",
        "#!/bin/sh\ngit config core.sshCommand ./thief\ngit config user.nickname ada\n",
    );
    let path = house.0.path().join("home/shop/.git/hooks/pre-commit");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("executable");
    let done = house.bash("echo b >> a.txt; git commit -qam second; git fetch origin", &TOKEN);
    let loot = loot(&house);
    assert!(!loot.contains("ran"), "{loot} {}", err(&done));
    assert!(err(&done).contains(".git/config; it was put back"), "{}", err(&done));
    assert!(err(&done).contains(SECRET), "git itself still gets the key: {}", err(&done));
}

#[test]
fn git_does_not_show_the_credentials_that_it_gets() {
    let house = furnished();
    house.write("shop/where", ".ssh/id_work");
    let show = "git log -1 --format=%B; git notes show; git cat-file -p HEAD:b.txt";
    for text in [
        "git commit --allow-empty -qF ~/.ssh/id_work",
        "git commit --allow-empty -q --file=$HOME/.ssh/id_work",
        "git commit --allow-empty -qF ../.ssh/id_work",
        "git -C .. -C shop/../ --git-dir=shop/.git commit --allow-empty -qF .ssh/id_work",
        "git -C ../ fetch; git -C .. -C shop commit --allow-empty -qF ../.ssh/id_work",
        "cd ../.ssh; git -C ../shop commit --allow-empty -qF ../.ssh/id_work",
        "git fetch origin; git diff --no-index /dev/null ~/.git-credentials",
        "git fetch origin; git diff --no-index /dev/null \"$HOME/$(cat where)\"",
        "git commit --allow-empty -qF \"$HOME/$(cat where)\"",
        "git commit --allow-empty -q \"$(cat option)\"",
        "git notes add -F ~/.ssh/id_work",
        "git fetch origin; git blame --contents ~/.ssh/id_work a.txt",
        "git fetch origin; git hash-object -w ~/.ssh/id_work | git cat-file --batch",
        "git fetch origin; git interpret-trailers ~/.ssh/id_work",
        "git fetch origin; git merge-file -p a.txt a.txt ~/.ssh/id_work",
    ] {
        house.write("shop/option", "-F../.ssh/id_work");
        // The stub of the ssh client shows the key on standard error: git itself must not.
        let done = house.bash(&format!("{text} 2> /dev/null"), &[]);
        let shown = house.bash(show, &[]);
        let said = format!("{}{}", out(&done), out(&shown));
        assert!(!said.contains(SECRET), "{text}: {said}");
    }
    let done = house.bash("git commit --allow-empty -qm \"$RANDOM\" && git fetch origin", &[]);
    assert!(err(&done).contains(SECRET), "a message may be any text: {}", err(&done));
}

#[test]
fn what_needs_no_credential_gets_none() {
    if !has_masks() {
        return;
    }
    let house = furnished();
    plant(&house, "shop/thief");
    house.write("shop/.gitattributes", "*.txt diff=x\n");
    git(&house, &["config", "diff.x.textconv", "./thief"]);
    house.write("shop/a.txt", "b\n");
    let done = house.bash("git status --short; git diff; git log --oneline -p", &TOKEN);
    let loot = loot(&house);
    assert!(loot.contains("ran") && !loot.contains(SECRET) && !loot.contains("hV7q0p"), "{loot} {}", err(&done));
    assert!(done.status.success() && err(&done).is_empty(), "nothing is said: {}", err(&done));
}

#[test]
fn the_directory_of_hooks_is_no_command_s_to_change() {
    if !has_masks() {
        return;
    }
    let house = furnished();
    assert!(err(&house.bash("git ls-remote", &[])).contains(SECRET), "it is made by the first command that needs it");
    let place = "../.local/state/holdpoint-hooks";
    for text in [
        format!("rm -f {place}/pre-push"),
        format!("python3 -c \"import os; os.remove('{place}/pre-push')\""),
        format!("python3 -c \"import os; os.rename('{place}', '{place}2')\""),
        format!("cp a.txt {place}/pre-push2"),
    ] {
        let done = house.bash(&text, &[]);
        assert!(!done.status.success(), "{text}: {}", out(&done));
    }
    let hooks = house.0.path().join("home/.local/state/holdpoint-hooks");
    assert!(fs::symlink_metadata(hooks.join("pre-push")).expect("there").is_symlink());
}

#[test]
fn a_key_that_the_agent_holds_stays_closed_to_the_command_that_may_ask_the_agent() {
    let house = House::new();
    let keys = house.0.path().join("home/.ssh");
    fs::create_dir_all(&keys).expect("a directory");
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o700)).expect("closed");
    let make = |name: &str| {
        let made =
            Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(keys.join(name)).status();
        made.is_ok_and(|status| status.success())
    };
    let socket = house.0.path().join("agent");
    let agent = Command::new("ssh-agent").arg("-D").arg("-a").arg(&socket).stdout(Stdio::null()).spawn();
    let (true, true, Ok(mut agent)) = (make("id_held"), make("id_other"), agent) else {
        eprintln!("NOT TESTED: there is no ssh-keygen or no ssh-agent on this machine");
        return;
    };
    let waited = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        socket.exists()
    });
    assert!(waited, "the agent listens");
    let add = Command::new("ssh-add").arg("-q").arg(keys.join("id_held")).env("SSH_AUTH_SOCK", &socket).status();
    assert!(add.expect("ssh-add runs").success());
    house
        .tool("git", "#!/bin/sh\nhead -n1 ~/.ssh/id_held; head -n1 ~/.ssh/id_other | cut -c1-10; ssh-add -l | wc -l\n");
    let value = socket.display().to_string();
    let with_agent = house.bash("git push", &[("SSH_AUTH_SOCK", &value)]);
    let without = house.bash("git push", &[]);
    let _ = agent.kill();
    let _ = agent.wait();
    assert_eq!(out(&with_agent), "-----BEGIN\n1\n", "{}", err(&with_agent));
    assert!(err(&with_agent).contains("ermission denied"), "{}", err(&with_agent));
    assert!(out(&without).starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\n-----BEGIN\n"), "{}", out(&without));
}

#[test]
fn a_failed_command_is_told_what_it_did_not_get_and_which_form_works() {
    if !has_masks() {
        return;
    }
    let house = furnished();
    house.write("deploy", "#!/bin/sh\nexit 1\n");
    let deploy = house.0.path().join("home/shop/deploy");
    fs::write(&deploy, "#!/bin/sh\necho deployed\n").expect("written");
    fs::set_permissions(&deploy, fs::Permissions::from_mode(0o755)).expect("executable");
    house.write("shop/.env", "KEY=1\n");
    house.write(
        "shop/app.py",
        "import os\nfor name in os.listdir('.'):\n    if name == '.env':\n        print(open(name).read())\n",
    );
    for (text, told) in [
        ("git push && ./deploy", "git got no credential"),
        ("git push && ./deploy", "deploy stands beside it; run git as a command of its own"),
        ("python3 app.py", ".env, which "),
        ("python3 app.py", "is walled off (repo.dotenv:"),
        ("source .env", "Trying again will not help"),
    ] {
        let done = house.bash(text, &[]);
        assert!(err(&done).contains(told), "{text}: {}", err(&done));
        assert_eq!(err(&done).matches("holdpoint: ").count(), 1, "one line: {}", err(&done));
    }
    for text in ["git commit -m none && ./deploy", "ls nowhere", "git diff --exit-code HEAD~9", "false", "./deploy"] {
        let done = house.bash(text, &[]);
        assert!(!err(&done).contains("holdpoint"), "{text}: {}", err(&done));
    }
}
