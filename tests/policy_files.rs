//! Policy files on a disk: which apply, what trust does, what a broken one does.

use holdpoint::config::find::Search;
use holdpoint::config::load::{Loaded, load_policy};
use holdpoint::config::place::Place;
use holdpoint::config::{ConfigError, trust};
use holdpoint::decide::policy::{Decision, Origin, Profile};
use std::fs;
use std::path::{Path, PathBuf};

/// A machine in a temporary directory: `etc`, a home, and a repository `app` in it.
struct World {
    _room: tempfile::TempDir,
    root: PathBuf,
    place: Place,
}

impl World {
    fn build() -> World {
        let room = tempfile::tempdir().expect("a temporary directory");
        let root = room.path().canonicalize().expect("a real path");
        for directory in ["etc", "home/.config/holdpoint", "home/app/.git", "home/app/src", "home/other/.git"] {
            fs::create_dir_all(root.join(directory)).expect("a directory");
        }
        let home = root.join("home");
        let place = Place {
            uid: nix::unistd::geteuid().as_raw(),
            user: "ann".into(),
            state: home.join(".local/state/holdpoint"),
            config: home.join(".config/holdpoint"),
            homes: vec![home],
        };
        World { _room: room, root, place }
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.root.join(name);
        fs::write(&path, text).expect("written");
        path
    }

    fn load_in(&self, directory: &str) -> Result<Loaded, ConfigError> {
        let search = Search {
            system: self.root.join("etc/policy.yaml"),
            config: self.place.config.clone(),
            directory: self.root.join(directory),
            uid: self.place.uid,
            administrator: self.place.uid,
            inside: false,
        };
        load_policy(&search, &self.place.state)
    }

    fn load(&self) -> Loaded {
        self.load_in("home/app/src").expect("loaded")
    }

    fn trust(&self, path: &Path) {
        let candidate = trust::read_candidate(path).expect("a candidate");
        trust::pin(&self.place, &candidate, 1).expect("pinned");
    }

    fn is_trusted_in(&self, directory: &str) -> bool {
        let layers = self.load_in(directory).expect("loaded").policy.layers;
        layers.iter().any(|layer| layer.origin == Origin::Repository && layer.trusted)
    }
}

const LOOSE: &str = "version: 1\nstatements:\n  - { id: all, decision: allow }\n";

#[test]
fn the_layers_are_read_from_far_to_near() {
    let world = World::build();
    world.write("etc/policy.yaml", "version: 1\nprofile: strict\n");
    world.write("home/.config/holdpoint/policy.yaml", "version: 1\napproval: { wait: 5m }\n");
    world.write("home/app/.holdpoint.yaml", LOOSE);
    let layers = world.load().policy.layers;
    let told: Vec<_> = layers.iter().map(|layer| (layer.origin, layer.trusted)).collect();
    assert_eq!(told, [(Origin::System, true), (Origin::User, true), (Origin::Repository, false)]);
    assert_eq!(layers[0].document.profile, Some(Profile::Strict));
    assert_eq!(layers[1].document.approval.wait, Some(300));
    assert_eq!(layers[2].document.statements[0].decision, Decision::Allow);
}

#[test]
fn what_is_read_twice_is_read_the_same() {
    let world = World::build();
    world.write(
        "home/app/.holdpoint.yaml",
        "profile: strict\nstatements: [{ id: a, decision: deny, when: { verb: drop } }]\n",
    );
    assert_eq!(world.load(), world.load());
}

#[test]
fn trust_lasts_until_the_file_is_edited() {
    let world = World::build();
    let file = world.write("home/app/.holdpoint.yaml", LOOSE);
    assert!(!world.is_trusted_in("home/app"));
    world.trust(&world.root.join("home/app/src"));
    assert!(world.is_trusted_in("home/app"));
    assert!(world.is_trusted_in("home/app/src"));
    fs::write(&file, format!("{LOOSE}# one letter more\n")).expect("edited");
    assert!(!world.is_trusted_in("home/app"));
    fs::write(&file, LOOSE).expect("restored");
    assert!(world.is_trusted_in("home/app"));
}

#[test]
fn trust_does_not_follow_a_copy_a_move_or_a_link() {
    let world = World::build();
    let file = world.write("home/app/.holdpoint.yaml", LOOSE);
    world.trust(&file);
    fs::copy(&file, world.root.join("home/other/.holdpoint.yaml")).expect("copied");
    assert!(!world.is_trusted_in("home/other"));
    fs::remove_file(world.root.join("home/other/.holdpoint.yaml")).expect("removed");
    std::os::unix::fs::symlink(&file, world.root.join("home/other/.holdpoint.yaml")).expect("linked");
    assert!(!world.is_trusted_in("home/other"));
    fs::rename(world.root.join("home/app"), world.root.join("home/moved")).expect("moved");
    assert!(!world.is_trusted_in("home/moved"));
}

#[test]
fn trust_is_listed_and_revoked() {
    let world = World::build();
    let file = world.write("home/app/.holdpoint.yaml", LOOSE);
    world.trust(&file);
    let pins = trust::list_pins(&world.place).expect("listed");
    assert!(pins.len() == 1 && pins[0].path == file, "{pins:?}");
    assert!(trust::is_current(&pins[0]));
    assert_eq!(trust::revoke(&world.place, &world.root.join("home/app")).expect("revoked"), 1);
    assert!(!world.is_trusted_in("home/app"));
    assert_eq!(trust::revoke(&world.place, &file).expect("nothing left"), 0);
}

#[test]
fn a_pin_that_others_could_have_planted_is_not_believed() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::build();
    let file = world.write("home/app/.holdpoint.yaml", LOOSE);
    world.trust(&file);
    fs::set_permissions(world.place.state.join("trust"), fs::Permissions::from_mode(0o777)).expect("opened up");
    assert!(!world.is_trusted_in("home/app"));
}

#[test]
fn a_broken_file_refuses_and_shows_the_fault() {
    let world = World::build();
    world.write("home/app/.holdpoint.yaml", "version: 1\nprofle: strict\n");
    let report = world.load_in("home/app/src").expect_err("refused").to_string();
    assert!(report.contains("home/app/.holdpoint.yaml:2:1"), "{report}");
    assert!(report.contains("^^^^^^"), "{report}");
    assert!(report.contains("Did you mean `profile`?"), "{report}");
    assert!(world.load_in("home/other").is_ok());
}

#[test]
fn a_file_that_is_no_text_refuses() {
    let world = World::build();
    fs::write(world.root.join("home/app/.holdpoint.yaml"), b"\xff\xfe").expect("written");
    let report = world.load_in("home/app").expect_err("refused").to_string();
    assert!(report.contains("is not UTF-8 text"), "{report}");
}

#[test]
fn a_link_in_the_place_of_a_file_is_read_as_the_file() {
    let world = World::build();
    let file = world.write("home/policy-of-mine.yaml", "profile: strict\n");
    std::os::unix::fs::symlink(file, world.place.config.join("policy.yaml")).expect("linked");
    assert_eq!(world.load().policy.layers[0].document.profile, Some(Profile::Strict));
}

#[test]
fn the_example_of_the_documentation_is_read() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/policy.md")).expect("docs/policy.md");
    let example = text.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let document =
        holdpoint::config::layer::read_document(example, "docs/policy.md", Origin::User).expect("it is right");
    assert_eq!(document.statements.len(), 4);
    assert_eq!((document.approval.wait, document.approval.ttl), (Some(100), Some(3600)));
    for key in ["version", "profile", "statements", "approval", "credentials", "shells", "require"] {
        assert!(example.contains(&format!("{key}:")), "the example shows no {key}");
    }
}
