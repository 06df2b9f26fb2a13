//! Tasks: what is chosen narrows, and nothing that is chosen inside widens it again.

use crate::fixture::{Room, User, Walls, has_masks};
use crate::house::{House, err, out};
use holdpoint::decide::policy::Task;
use std::fs;

fn list(items: &[&str]) -> Option<Vec<String>> {
    Some(items.iter().map(|item| (*item).to_owned()).collect())
}

#[test]
fn a_task_writes_and_reads_what_it_names_and_nothing_else() {
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone] {
            let mut room = Room::outside(user);
            room.walls = walls;
            room.write("home/shop/migrations/1.sql", "one\n");
            room.write("home/shop/src/a", "source\n");
            room.write("home/shop/schema.sql", "schema\n");
            room.write("home/notes", "note\n");
            room.tasks = vec![Task { write: list(&["migrations/", "~"]), ..Task::default() }];
            let done = room.bash(
                "echo two > migrations/2.sql && cat src/a migrations/2.sql && t=$(mktemp) && rm $t && echo works",
            );
            assert_eq!(done.stdout, "source\ntwo\nworks\n", "{user:?}, {walls:?}: {done:?}");
            room.tasks = vec![Task { write: list(&["migrations"]), read: list(&["schema.sql"]), ..Task::default() }];
            let done = room.bash("cat schema.sql migrations/1.sql && echo works");
            assert_eq!(done.stdout, "schema\none\nworks\n", "{user:?}, {walls:?}: {done:?}");
            for text in [
                "echo x > src/b",
                "echo x > schema.sql",
                "touch new",
                "cat src/a",
                "cat ../notes",
                "cd src && cat a",
                "ls ~",
            ] {
                let done = room.bash(text);
                assert!(done.stood.is_ok() && done.status() != 0, "{user:?}, {walls:?}: {text}: {done:?}");
            }
            // Two tasks at once: what both leave.
            room.tasks.push(Task { write: list(&["src"]), read: list(&["src", "schema.sql"]), ..Task::default() });
            for text in ["echo x > src/b", "echo x > migrations/3.sql", "cat src/a"] {
                let done = room.bash(text);
                assert!(done.stood.is_ok() && done.status() != 0, "{user:?}, {walls:?}: {text}: {done:?}");
            }
            assert_eq!(room.bash("cat schema.sql").stdout, "schema\n", "{user:?}, {walls:?}");
        }
    }
}

#[test]
fn without_landlock_a_task_that_limits_reading_does_not_run() {
    let mut room = Room::outside(User::Tester);
    room.walls = Walls::MasksAlone;
    room.tasks = vec![Task { read: list(&["src"]), ..Task::default() }];
    assert!(room.bash("true").stood.expect_err("refused").contains("the task limits what is read"));
}

const TASKS: &str = "tasks:
  fix: { write: [migrations/], network: none, programs: [cat, mkdir, touch, plant], credentials: [] }
  read-only: { write: [] }
  release: { branch: release/*, write: [] }
";

fn house() -> House {
    let house = House::outside().policy(TASKS);
    fs::create_dir_all(house.0.path().join("home/shop/src")).expect("a directory");
    house.tool("plant", "#!/bin/sh\nHOLDPOINT_TASK= touch src/x\n");
    house
}

#[test]
fn a_task_is_chosen_by_the_environment_and_holds_for_all_that_the_command_starts() {
    if !has_masks() {
        return;
    }
    let house = house();
    let task = [("HOLDPOINT_TASK", "fix")];
    let done = house.bash("touch migrations/1 && cat migrations/1 && echo works", &task);
    assert_eq!(out(&done), "works\n", "{done:?}");
    for text in ["touch src/x", "plant", "HOLDPOINT_TASK=read-only touch src/x"] {
        let done = house.bash(text, &task);
        assert!(!done.status.success() && !house.0.path().join("home/shop/src/x").exists(), "{text}: {done:?}");
    }
    let done = house.bash("touch src/x", &task);
    assert!(err(&done).contains("outside of what the task fix lets commands write"), "{done:?}");
    let done = house.bash("ls src", &task);
    assert!(done.status.code() == Some(126) && err(&done).contains("task fix"), "other programs are denied: {done:?}");
    let done = house.bash("touch migrations/2", &[("HOLDPOINT_TASK", "fix,read-only")]);
    assert!(!done.status.success(), "both together: {done:?}");
    assert!(house.bash("touch src/x", &[]).status.success(), "without a task it may");
}

#[test]
fn a_task_that_policy_does_not_have_is_a_refusal() {
    let house = house();
    let done = house.bash("echo ran", &[("HOLDPOINT_TASK", "fox")]);
    assert!(out(&done).is_empty() && done.status.code() == Some(125), "{done:?}");
    assert!(
        err(&done).contains("no task `fox`") && err(&done).contains("There are: fix, read-only, release."),
        "{done:?}"
    );
}

#[test]
fn a_task_is_chosen_on_the_command_line_or_by_the_branch() {
    if !has_masks() {
        return;
    }
    let house = house();
    let run = |arguments: &[&str]| house.ask(arguments);
    let done = run(&["run", "--task", "read-only", "--", "touch", "src/y"]);
    assert!(!done.status.success() && !house.0.path().join("home/shop/src/y").exists(), "{done:?}");
    let done = run(&["run", "--task=fix", "-c", "touch migrations/9 && echo $HOLDPOINT_TASK"]);
    assert_eq!(out(&done), "fix\n", "{done:?}");
    assert!(err(&run(&["run", "--task"])).contains("--task needs the name"));
    fs::write(house.0.path().join("home/shop/.git/HEAD"), "ref: refs/heads/release/1\n").expect("a branch");
    let done = house.bash("touch src/z", &[]);
    assert!(!done.status.success(), "{done:?}");
    assert!(err(&done).contains("lies outside"), "{done:?}");
}

#[test]
fn a_repository_s_task_of_the_same_name_makes_nothing_wider() {
    let house = house();
    fs::write(
        house.0.path().join("home/shop/.holdpoint.yaml"),
        "tasks: { fix: { write: [src/], programs: [ls, touch] } }\n",
    )
    .expect("a policy");
    let task = [("HOLDPOINT_TASK", "fix")];
    for text in ["touch src/x", "touch migrations/1", "ls src"] {
        let done = house.bash(text, &task);
        assert!(!done.status.success(), "{text}: {done:?}");
    }
}
