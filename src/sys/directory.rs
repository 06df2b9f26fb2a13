//! Reading directories with few calls and no allocation for each name.

use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use serde::{Deserialize, Serialize};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;

/// What a directory's entry says of a name (getdents(2)). File systems may not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A socket.
    Socket,
    /// A block device.
    Block,
    /// Something else.
    Other,
    /// The file system does not say.
    Unknown,
}

/// One entry, as long as the listing is not read on.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Its name, without NUL.
    pub name: &'a [u8],
    /// What it is.
    pub kind: Kind,
    /// Its inode's number; of what lies below, where it is a mount point.
    pub inode: u64,
}

/// What the C library's readdir reads at once, in bytes.
const ROOM: usize = 32 * 1024;

/// An open directory and the room for its entries.
#[derive(Default)]
pub struct Listing {
    /// Empty until something is listed: most starts of a command list nothing.
    room: Vec<u8>,
}

impl Listing {
    /// Calls `see` with each entry but `.` and `..` until it answers `false`.
    ///
    /// # Errors
    /// ENOENT, ENOTDIR, EACCES … (open(2), getdents(2)).
    pub fn read(&mut self, path: &Path, mut see: impl FnMut(Entry<'_>) -> bool) -> Result<(), Errno> {
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC | OFlag::O_NONBLOCK;
        let directory = open(path, flags, Mode::empty())?;
        self.room.resize(ROOM, 0);
        loop {
            let filled = self.fill(&directory)?;
            let mut rest = self.room.get(..filled).unwrap_or_default();
            if rest.is_empty() {
                return Ok(());
            }
            while let Some((entry, behind)) = split(rest) {
                if entry.name != b"." && entry.name != b".." && !see(entry) {
                    return Ok(());
                }
                rest = behind;
            }
        }
    }

    fn fill(&mut self, directory: &OwnedFd) -> Result<usize, Errno> {
        // SAFETY: the kernel writes at most `len` bytes to our room, and says how many.
        let filled = unsafe {
            libc::syscall(libc::SYS_getdents64, directory.as_raw_fd(), self.room.as_mut_ptr(), self.room.len())
        };
        Errno::result(filled).map(|filled| usize::try_from(filled).unwrap_or(0))
    }
}

/// The first `struct linux_dirent64`: inode, offset, length of the record, type, name with NUL.
fn split(records: &[u8]) -> Option<(Entry<'_>, &[u8])> {
    let inode = u64::from_ne_bytes(records.get(..8)?.try_into().ok()?);
    let length = usize::from(u16::from_ne_bytes(records.get(16..18)?.try_into().ok()?));
    let (record, behind) = (records.get(..length)?, records.get(length..)?);
    let name = record.get(19..)?.split(|byte| *byte == 0).next()?;
    let kind = match *record.get(18)? {
        libc::DT_REG => Kind::File,
        libc::DT_DIR => Kind::Directory,
        libc::DT_LNK => Kind::Link,
        libc::DT_SOCK => Kind::Socket,
        libc::DT_BLK => Kind::Block,
        libc::DT_UNKNOWN => Kind::Unknown,
        _ => Kind::Other,
    };
    Some((Entry { name, kind, inode }, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_seen_once_with_its_kind() {
        let room = tempfile::tempdir().expect("a temporary directory");
        std::fs::create_dir(room.path().join("below")).expect("a directory");
        for number in 0..2000 {
            std::fs::write(room.path().join(format!("file{number:04}")), "").expect("a file");
        }
        std::os::unix::fs::symlink("below", room.path().join("link")).expect("a link");
        let (mut files, mut others) = (Vec::new(), Vec::new());
        let seen = Listing::default().read(room.path(), |entry| {
            if entry.kind == Kind::File {
                files.push(entry.name.to_vec());
            } else {
                others.push((entry.name.to_vec(), entry.kind));
            }
            true
        });
        assert_eq!(seen, Ok(()));
        files.sort();
        files.dedup();
        others.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(files.len(), 2000);
        assert_eq!(others, [(b"below".to_vec(), Kind::Directory), (b"link".to_vec(), Kind::Link)]);
    }

    #[test]
    fn what_is_no_directory_is_refused() {
        assert_eq!(Listing::default().read(Path::new("/etc/passwd"), |_| true), Err(Errno::ENOTDIR));
    }
}
