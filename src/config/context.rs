//! The name of the context that a cluster's client works on, and nothing else of the file that holds it: it is a credential.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The largest file that is searched, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;
/// The longest name.
const LONGEST: usize = 512;

/// The first current context that one of the files names. `None` where none does, or one cannot be read.
pub(super) fn find_context(files: &[String]) -> Option<String> {
    files.iter().find_map(|file| read_context(Path::new(file)))
}

fn read_context(path: &Path) -> Option<String> {
    let found = fs::metadata(path).ok().filter(|found| found.is_file() && found.len() <= LARGEST)?;
    let flags = libc::O_NONBLOCK | libc::O_NOCTTY;
    let file = fs::OpenOptions::new().read(true).custom_flags(flags).open(path).ok()?;
    let mut lines = BufReader::new(file.take(found.len())).lines();
    lines.find_map(|line| name_in(line.ok()?.as_str()).map(str::to_owned)).filter(|name| !name.is_empty())
}

/// `current-context: NAME` at the left edge, or `"current-context": "NAME"` of a file that is JSON.
fn name_in(line: &str) -> Option<&str> {
    let json = line.trim_start().strip_prefix("\"current-context\"");
    let value = json.or_else(|| line.strip_prefix("current-context"))?.trim_start().strip_prefix(':')?;
    let name = value.trim().trim_end_matches(',').trim_matches(['"', '\'']);
    (name.len() <= LONGEST).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(texts: &[&str]) -> Option<String> {
        let room = tempfile::tempdir().expect("a temporary directory");
        let files: Vec<String> = (0..texts.len())
            .map(|number| {
                let path = room.path().join(number.to_string());
                fs::write(&path, texts[number]).expect("written");
                path.to_string_lossy().into_owned()
            })
            .collect();
        find_context(&files)
    }

    #[test]
    fn the_name_is_found_in_either_form_and_in_the_first_file_that_has_one() {
        assert_eq!(told(&["apiVersion: v1\ncurrent-context: eu-prod\nusers: []\n"]).as_deref(), Some("eu-prod"));
        assert_eq!(told(&["current-context: \"a:b/c\"\n"]).as_deref(), Some("a:b/c"));
        assert_eq!(told(&["{\n  \"current-context\": \"dev\",\n}"]).as_deref(), Some("dev"));
        assert_eq!(told(&["users: []\n", "current-context: one\n", "current-context: two\n"]).as_deref(), Some("one"));
    }

    #[test]
    fn nothing_is_told_where_no_name_stands() {
        for text in [
            "",
            "current-context: ''\n",
            "  current-context: inner\n",
            "current-contexts: x\n",
            "# current-context: x\n",
        ] {
            assert_eq!(told(&[text]), None, "{text}");
        }
        assert_eq!(find_context(&["/dev/zero".to_owned(), "/no/such".to_owned(), "/proc".to_owned()]), None);
    }
}
