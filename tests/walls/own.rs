//! holdpoint's own state and policy.

use crate::fixture::{Room, User, Walls, has_masks};
use std::fs;

#[test]
fn the_state_directory_is_neither_read_nor_changed() {
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            for text in [
                "cat ../.local/state/holdpoint/secret",
                "echo forged > ../.local/state/holdpoint/secret",
                "echo forged > ../.local/state/holdpoint/approval",
                "mkdir ../.local/state/holdpoint/inbox",
                "rm ../.local/state/holdpoint/secret",
                "rm -rf ../.local/state/holdpoint && exit 1; exit 1",
                "mv ../.local/state/holdpoint ../.local/state/other",
                "echo 'profile: observe' > ../.config/holdpoint/policy.yaml",
                "rmdir ../.config/holdpoint && mkdir ../.config/holdpoint",
            ] {
                let done = room.bash(text);
                assert_ne!(done.status(), 0, "{user:?}, {walls:?}: {text}: {done:?}");
                assert!(!done.shows_the_secret(), "{user:?}, {walls:?}: {text}: {done:?}");
            }
            assert_eq!(fs::read_dir(room.state()).expect("still there").count(), 1, "{user:?}, {walls:?}");
            let policy = room.home().join(".config/holdpoint");
            assert_eq!(fs::read_dir(policy).expect("made by the plan").count(), 0, "{user:?}, {walls:?}");
        }
    }
}

#[test]
fn the_repository_s_policy_is_read_but_not_changed() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            room.write("home/shop/.holdpoint.yaml", "version: 1\n");
            let done = room.bash("cat .holdpoint.yaml");
            assert_eq!(done.stdout, "version: 1\n", "{user:?}, {walls:?}: {done:?}");
            for text in ["echo x >> .holdpoint.yaml", ": > .holdpoint.yaml", "sed -i s/1/2/ .holdpoint.yaml"] {
                let done = room.bash(text);
                let now = fs::read_to_string(room.repository().join(".holdpoint.yaml")).expect("still there");
                if walls == Walls::Best {
                    assert_ne!(done.status(), 0, "{user:?}: {text}: {done:?}");
                    assert_eq!(now, "version: 1\n", "{user:?}: {text}");
                }
            }
        }
    }
}

#[test]
fn the_state_of_a_home_is_closed_before_there_is_any() {
    let room = Room::new(User::Tester);
    fs::remove_dir_all(room.state()).expect("removed");
    let done = room.bash("mkdir -p ../.local/state/holdpoint/inbox && echo yes > ../.local/state/holdpoint/inbox/1");
    assert_ne!(done.status(), 0, "{done:?}");
    assert_eq!(fs::read_dir(room.state()).expect("made by the plan").count(), 0);
}
