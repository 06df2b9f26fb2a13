//! What git reaches and reads by names: repositories on this machine, submodules, tools, links. None of it gets a credential.

use crate::fixture::SECRET;
use crate::house::{House, err, out};
use crate::rider::{TOKEN, furnished, git, loot, plant};
use std::process::Command;

/// Runs a text in the repository without walls.
fn sh(house: &House, text: &str) {
    let home = house.0.path().join("home");
    let done = Command::new("sh").args(["-ec", text]).current_dir(home.join("shop")).env("HOME", home).output();
    let done = done.expect("a shell runs");
    assert!(done.status.success(), "{text}: {done:?}");
}

#[test]
fn a_repository_on_this_machine_gets_no_credential_by_whatever_name_it_is_reached() {
    for (prepare, text) in [
        ("git config branch.main.pushRemote ./o.git", "git push"),
        ("git config branch.main.remote ./o.git && git config branch.main.merge refs/heads/main", "git push"),
        ("git config remote.pushDefault ./o.git", "git push"),
        ("git config remote.pushDefault o.git", "git push"),
        ("mkdir -p .git/remotes && printf 'URL: ./o.git\\nPush: main:main\\n' > .git/remotes/x", "git push x"),
        ("mkdir -p .git/branches && echo \"$PWD/o.git\" > .git/branches/y", "git push y HEAD:refs/heads/z"),
        ("true", "git push o.git main"),
        ("true", "git push o main"),
        ("true", "git push --repo=./o.git"),
        ("true", "git push --rep=o.git"),
        ("echo 'gitdir: o.git' > mark", "git push mark main"),
        (
            "true",
            "git init -q --bare new.git; git -C new.git config core.hooksPath \"$PWD/o.git/hooks\"; git push new.git main",
        ),
        ("true", "git send-pack ./o.git main; git ls-remote"),
        (
            "cp o.git/hooks/pre-receive .git/hooks/; git config branch.main.remote .; \
             git config branch.main.merge refs/heads/zz; git config push.default upstream",
            "git push",
        ),
    ] {
        let house = furnished();
        git(&house, &["init", "-q", "--bare", "o.git"]);
        plant(&house, "shop/o.git/hooks/pre-receive");
        sh(&house, prepare);
        let done = house.bash(text, &TOKEN);
        let loot = loot(&house);
        let said = format!("{}{}{loot}", out(&done), err(&done));
        assert!(!said.contains(SECRET) && !said.contains("hV7q0p"), "{prepare}: {text}: {said}");
    }
}

#[test]
fn a_submodule_that_keeps_its_settings_in_its_own_tree_is_looked_at_too() {
    for marks in ["true", "mv part/.git kept && echo 'gitdir: ../kept' > part/.git", "git mv part deep && mkdir part"] {
        let house = furnished();
        plant(&house, "shop/thief");
        sh(
            &house,
            "git init -q part && git -C part commit -q --allow-empty -m first && git -C part config core.sshCommand ../thief && \
             git -C part remote add origin git@git.acme.test:part.git && \
             printf '[submodule \"part\"]\\n\\tpath = part\\n\\turl = git@git.acme.test:part.git\\n' > .gitmodules && \
             git add part .gitmodules && git commit -qm part && git config submodule.part.active true && \
             git config submodule.part.url git@git.acme.test:part.git",
        );
        sh(&house, marks);
        for text in ["git submodule update --remote", "git fetch --recurse-submodules", "git pull --recurse-submodules"]
        {
            let done = house.bash(text, &TOKEN);
            let loot = loot(&house);
            assert!(!loot.contains(SECRET) && !loot.contains("hV7q0p"), "{marks}: {text}: {loot} {}", err(&done));
            assert!(err(&done).contains("core.sshcommand"), "{marks}: {text}: {}", err(&done));
        }
    }
}

#[test]
fn a_tool_that_git_reads_as_a_script_and_a_program_that_sends_mail_get_no_credential() {
    let house = furnished();
    plant(&house, "shop/thief");
    let up = "../".repeat(30);
    let thief = house.0.path().join("home/shop/thief").display().to_string();
    for (key, text) in [
        (Some("diff.tool"), "git difftool -y".to_owned()),
        (Some("merge.tool"), "git difftool -y; git ls-remote".to_owned()),
        (None, format!("git difftool -y -t {up}{thief}; git ls-remote")),
        (None, format!("git send-email --smtp-server={thief} --to=a@example.org -1")),
        (None, "git fetch-pack --exec=./thief . HEAD; git ls-remote".to_owned()),
    ] {
        house.write("shop/a.txt", "b\n");
        if let Some(key) = key {
            git(&house, &["config", key, &format!("{up}{thief}")]);
        }
        let done = house.bash(&text, &TOKEN);
        let loot = loot(&house);
        let said = format!("{}{}{loot}", out(&done), err(&done));
        assert!(!said.contains(SECRET) && !said.contains("hV7q0p"), "{text}: {said}");
        if let Some(key) = key {
            git(&house, &["config", "--unset", key]);
        }
    }
}

#[test]
fn a_link_or_a_setting_that_leads_to_a_key_does_not_make_git_show_it() {
    for (prepare, text) in [
        ("ln -s ../.ssh/id_work link", "git commit --allow-empty -qF link; git ls-remote 2> /dev/null; git log -1"),
        ("ln -s ../.ssh d", "git commit --allow-empty -qF d/id_work; git ls-remote 2> /dev/null; git log -1"),
        ("ln -s ../.ssh d", "git ls-remote 2> /dev/null; git diff --no-index a.txt d"),
        (
            "git config commit.template ../.ssh/id_work; git config core.editor true",
            "git commit --allow-empty -q --cleanup=verbatim; git ls-remote 2> /dev/null; git log -1",
        ),
        (
            "git config core.excludesFile ../.ssh/id_work",
            "git ls-remote 2> /dev/null; git check-ignore -v planted-secret-7391",
        ),
        (
            "printf '[include]\\n\\tpath = ../.git-credentials\\n' > inc",
            "git ls-remote 2> /dev/null; git config -f inc --includ -l",
        ),
        (
            "rm -rf .git/info/exclude; ln -s ../../../.ssh/id_work .git/info/exclude",
            "git ls-remote 2> /dev/null; git check-ignore -v planted-secret-7391",
        ),
        (
            "ln -s ../../.ssh/id_work .git/MERGE_MSG",
            "git commit --allow-empty -q --no-edit; git ls-remote 2> /dev/null; git log -1",
        ),
        ("git config core.worktree ..", "git add -A ..; git ls-remote 2> /dev/null; git cat-file -p :.ssh/id_work"),
    ] {
        let house = furnished();
        sh(&house, prepare);
        let done = house.bash(text, &TOKEN);
        // What a pattern is given it may repeat; the key itself has no number of a line in front.
        let said = format!("{}{}", out(&done), err(&done)).replace("check-ignore -v planted-secret-7391", "");
        let shown = if text.contains("check-ignore") { said.contains(":1:") } else { said.contains(SECRET) };
        assert!(!shown, "{prepare}: {text}: {said}");
    }
}

#[test]
fn work_with_other_machines_goes_on_whatever_names_are_used() {
    for (prepare, text) in [
        ("true", "git push -o ci.skip origin main"),
        ("git checkout -q -b origin", "git push -u origin origin"),
        ("mkdir docs", "git fetch origin docs"),
        ("true", "git init -q x; git clone git@git.acme.test:y.git y; cd y && git push origin main"),
        ("git remote add up git@git.acme.test:up.git", "git push up main"),
        ("git config branch.x.remote .; git config branch.x.merge refs/heads/main", "git fetch origin"),
        ("git config branch.gone.remote removed", "git fetch origin"),
        ("true", "git remote add x git@git.acme.test:x.git && git push x main"),
        (
            "rm -rf .git",
            "git init -q && git add a.txt && git commit -qm x && git remote add origin git@git.acme.test:x.git && git push -u origin main",
        ),
        (
            "ln -s a.txt b.txt; echo x > ~/.gitignore_global; git config core.excludesFile '~/.gitignore_global'",
            "git add b.txt; git fetch origin",
        ),
        (
            "git init -q part && git -C part commit -q --allow-empty -m first && git -C part remote add origin git@git.acme.test:p.git && \
             printf '[submodule \"part\"]\\n\\tpath = part\\n\\turl = git@git.acme.test:p.git\\n' > .gitmodules && git add . && \
             git commit -qm part && git submodule --quiet absorbgitdirs",
            "git fetch --recurse-submodules origin",
        ),
    ] {
        let house = furnished();
        sh(&house, prepare);
        let done = house.bash(text, &TOKEN);
        assert!(err(&done).contains(SECRET), "the ssh client reads the key: {prepare}: {text}: {}", err(&done));
    }
}
