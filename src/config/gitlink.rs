//! Which submodules does a repository's index have? Their working trees have settings of their own, which git reads when it goes there.
//!
//! The index is read as gitformat-index(5) has it, without git: a repository's settings could make git run something.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The longest index that is read, in bytes: some 2,000,000 files.
const LONGEST: u64 = 256 * 1024 * 1024;

/// The mode of an entry that is a submodule.
const SUBMODULE: u32 = 0o160_000;

/// The paths of submodules in the index of a git directory. `None`: it cannot be read.
pub(super) fn submodules(git: &Path) -> Option<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in indexes(git) {
        let Ok(known) = fs::metadata(&path) else { continue };
        if known.len() > LONGEST {
            return None;
        }
        let bytes = fs::read(&path).ok()?;
        // Objects have names of 20 bytes, or of 32 where the repository says so.
        found.extend(read(&bytes, 20).or_else(|| read(&bytes, 32))?);
    }
    found.sort();
    found.dedup();
    Some(found)
}

/// The index, and the larger parts that it may share with others (gitformat-index(5), "Split index").
fn indexes(git: &Path) -> Vec<PathBuf> {
    let mut all = vec![git.join("index")];
    let entries = fs::read_dir(git).into_iter().flatten().flatten();
    let is_shared = |name: &OsStr| name.as_bytes().starts_with(b"sharedindex.");
    all.extend(entries.filter(|entry| is_shared(&entry.file_name())).map(|entry| entry.path()));
    all
}

/// The submodules of an index, if all of it can be read with names of objects of this length.
fn read(bytes: &[u8], object: usize) -> Option<Vec<PathBuf>> {
    let mut found = Vec::new();
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let version = number(4).filter(|_| bytes.starts_with(b"DIRC"))?;
    let mut name: Vec<u8> = Vec::new();
    let mut at = 12;
    for _ in 0..number(8)? {
        let mode = number(at + 24)?;
        let flags = at + 40 + object;
        let is_long = bytes.get(flags)? & 0x40 != 0;
        let start = flags + if is_long && version >= 3 { 4 } else { 2 };
        let end = match version {
            2 | 3 => {
                let length = bytes.get(start..)?.iter().position(|byte| *byte == 0)?;
                name = bytes.get(start..start + length)?.to_vec();
                // One to eight NULs, up to a multiple of eight.
                at + (start + length - at) / 8 * 8 + 8
            }
            4 => {
                let (dropped, start) = read_number(bytes, start)?;
                let length = bytes.get(start..)?.iter().position(|byte| *byte == 0)?;
                name.truncate(name.len().checked_sub(dropped)?);
                name.extend_from_slice(bytes.get(start..start + length)?);
                start + length + 1
            }
            _ => return None,
        };
        if !matches!(mode >> 12, 0o04 | 0o10 | 0o12 | 0o16) {
            return None;
        }
        if mode == SUBMODULE {
            found.push(PathBuf::from(OsStr::from_bytes(&name)));
        }
        at = end;
    }
    Some(found)
}

/// A number of variable length, as in OFS_DELTA entries (gitformat-pack(5)), and where it ends.
fn read_number(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut byte = *bytes.get(at)?;
    let mut number = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        at += 1;
        byte = *bytes.get(at)?;
        number = number.checked_add(1)?.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
    }
    Some((number, at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn git(at: &Path, asked: &[&str]) {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
        let done = Command::new("git").current_dir(at).args(identity).args(asked).output().expect("git runs");
        assert!(done.status.success(), "{asked:?}: {done:?}");
    }

    #[test]
    fn submodules_are_found_in_every_form_of_an_index() {
        for setting in ["index.version=2", "index.version=3", "index.version=4", "core.splitIndex=true"] {
            for format in ["sha1", "sha256"] {
                let room = tempfile::tempdir().expect("a temporary directory");
                git(room.path(), &["init", "-q", "--object-format", format]);
                for name in ["parts/one", "parts/two with words"] {
                    let part = room.path().join(name);
                    fs::create_dir_all(&part).expect("a directory");
                    git(&part, &["init", "-q", "--object-format", format]);
                    git(&part, &["commit", "-q", "--allow-empty", "-m", "first"]);
                }
                for number in 0..300 {
                    fs::write(room.path().join(format!("file{number}")), "x").expect("a file");
                }
                git(room.path(), &["-c", setting, "-c", "advice.addEmbeddedRepo=false", "add", "."]);

                let found = submodules(&room.path().join(".git")).expect("an index that can be read");
                assert_eq!(
                    found,
                    [PathBuf::from("parts/one"), PathBuf::from("parts/two with words")],
                    "{setting} {format}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_index_is_not_read() {
        let room = tempfile::tempdir().expect("a temporary directory");
        assert_eq!(submodules(room.path()), Some(Vec::new()), "there is none");
        for text in [&b""[..], b"DIRC", b"DIRC\0\0\0\x09\0\0\0\x01", b"DIRC\0\0\0\x02\xff\xff\xff\xff", b"x"] {
            fs::write(room.path().join("index"), text).expect("written");
            assert_eq!(submodules(room.path()), None, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>) {
            let _ = read(&[b"DIRC\0\0\0\x04\0\0\0\x03", bytes.as_slice()].concat(), 20);
        }
    }
}
