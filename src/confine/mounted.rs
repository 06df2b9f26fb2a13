//! What is mounted where: for second paths to a credential, and for the devices under it.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// One line of `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mounted {
    /// `major:minor` of the file system.
    pub(super) device: String,
    /// The directory of the file system that is mounted.
    pub(super) root: PathBuf,
    /// Where.
    pub(super) point: PathBuf,
    /// The file system's own word for where it comes from: `/dev/sda2`.
    pub(super) source: String,
}

/// Reads the whole table; lines that are not understood are left out.
pub(super) fn read(text: &[u8]) -> Vec<Mounted> {
    text.split(|byte| *byte == b'\n').filter_map(read_line).collect()
}

fn read_line(line: &[u8]) -> Option<Mounted> {
    let mut fields = line.split(|byte| *byte == b' ');
    let device = std::str::from_utf8(fields.nth(2)?).ok()?.to_owned();
    let (root, point) = (unescape(fields.next()?), unescape(fields.next()?));
    // Optional fields end with a single hyphen; behind it stand type and source.
    fields.find(|field| *field == b"-")?;
    let source = String::from_utf8_lossy(fields.nth(1)?).into_owned();
    Some(Mounted { device, root, point, source })
}

/// Space, tab, newline and backslash are written as three octal digits.
fn unescape(field: &[u8]) -> PathBuf {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((first, behind)) = rest.split_first() {
        let octal = behind.get(..3).filter(|_| *first == b'\\').and_then(|digits| {
            let text = std::str::from_utf8(digits).ok()?;
            u8::from_str_radix(text, 8).ok()
        });
        match octal {
            Some(byte) => {
                bytes.push(byte);
                rest = behind.get(3..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    PathBuf::from(OsString::from_vec(bytes))
}

/// The paths under which a file may appear once more, because its file system is mounted more than once.
pub(super) fn other_paths(table: &[Mounted], path: &Path) -> Vec<PathBuf> {
    // The last mount on the longest prefix is the one that is seen.
    let on = table.iter().filter(|mounted| path.starts_with(&mounted.point));
    let Some(own) = on.max_by_key(|mounted| mounted.point.as_os_str().len()) else { return Vec::new() };
    let Ok(inside) = path.strip_prefix(&own.point).map(|rest| own.root.join(rest)) else { return Vec::new() };
    let twins = table.iter().filter(|mounted| mounted.device == own.device && mounted.point != own.point);
    twins.filter_map(|twin| inside.strip_prefix(&twin.root).ok().map(|rest| twin.point.join(rest))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[u8] = b"27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n\
        40 27 254:0 /home /mnt/my\\040homes rw master:1 shared:2 - ext4 /dev/vda rw\n\
        41 27 0:21 / /proc rw - proc proc rw\n\
        nonsense\n\
        42 27 8:1 / /data rw - xfs /dev/sda1 rw\n";

    #[test]
    fn a_line_is_read_with_its_escapes_and_optional_fields() {
        let table = read(TABLE);
        assert_eq!(table.len(), 4);
        let homes = Mounted {
            device: "254:0".into(),
            root: "/home".into(),
            point: "/mnt/my homes".into(),
            source: "/dev/vda".into(),
        };
        assert_eq!(table[1], homes);
    }

    #[test]
    fn a_file_appears_again_where_its_directory_is_mounted_again() {
        let table = read(TABLE);
        let twice = other_paths(&table, Path::new("/home/ada/.netrc"));
        assert_eq!(twice, [PathBuf::from("/mnt/my homes/ada/.netrc")]);
        let back = other_paths(&table, Path::new("/mnt/my homes/ada/.netrc"));
        assert_eq!(back, [PathBuf::from("/home/ada/.netrc")]);
        assert!(other_paths(&table, Path::new("/etc/shadow")).is_empty());
        assert!(other_paths(&table, Path::new("/data/.netrc")).is_empty());
    }
}
