//! What was moved somewhere was not made there, wherever in the script that happened: `sh -c 'mv src new'; rm -rf new`.

use super::line::Line;
use super::scope::Scope;
use super::walk::Walk;
use crate::decide::syntax::code::Call;

/// Calls in inline code that move.
const CALLS: [&str; 16] = [
    "os.rename",
    "os.renames",
    "os.replace",
    "shutil.move",
    "pathlib.Path.rename",
    "pathlib.Path.replace",
    "Path.rename",
    "Path.replace",
    "fs.rename",
    "fs.renameSync",
    "fs.promises.rename",
    "fsPromises.rename",
    "File.rename",
    "FileUtils.mv",
    "FileUtils.move",
    "rename",
];
/// Ends of names of methods that do so, whatever the object.
const METHODS: [&str; 4] = [".rename", ".renameSync", ".moveSync", ".rename_to"];

impl Walk<'_> {
    /// May things stand there that were moved, and not made?
    pub(super) fn was_moved(&self, path: &str, scope: &Scope) -> bool {
        let below = |path: &str, directory: &str| {
            path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let touches = |moved: &String| below(moved, path) || below(path, moved);
        scope.was_moved(path) || self.moved.iter().any(|moved| moved.as_ref().is_none_or(touches))
    }

    /// Notes where something was moved that the script did not make.
    pub(super) fn note_brought(&mut self, place: Option<String>, scope: &mut Scope) {
        const MOST: usize = 256;
        // What is not remembered may be anything.
        let kept = place.clone().filter(|_| self.moved.len() < MOST);
        if !self.moved.contains(&kept) {
            self.moved.push(kept);
        }
        scope.note_moved(place);
    }

    /// Notes a call that moves: where to is not followed.
    pub(super) fn note_moving_call(&mut self, call: &Call) {
        let moves = CALLS.contains(&&*call.path) || METHODS.iter().any(|end| call.path.ends_with(end));
        if moves && !self.moved.contains(&None) {
            self.moved.push(None);
        }
    }

    /// `mv -t DIRECTORY a b`: the directory stands in front.
    pub(super) fn is_moved_in_front(line: &Line<'_>) -> bool {
        line.has_flag("-t") || line.has_flag("--target-directory")
    }
}
