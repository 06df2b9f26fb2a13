//! Files as memory, of which only what is looked at is read.

use nix::sys::mman::{MapFlags, ProtFlags, mmap};
use std::fs::File;
use std::io;
use std::num::NonZeroUsize;

/// The bytes of a file as it is now, for as long as the process lives (mmap(2)).
///
/// To be used with files that are replaced as a whole (rename(2)) and never written in place: the bytes of one that is written
/// change underhand, and one that is cut off ends the process by SIGBUS.
///
/// # Errors
/// EACCES, ENODEV (a file system without mappings), ENOMEM …; and when it is longer than memory.
pub fn bytes_of(file: &File) -> io::Result<&'static [u8]> {
    let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    let Some(whole) = NonZeroUsize::new(length) else { return Ok(&[]) };
    // SAFETY: a new private mapping at an address of the kernel's choice, which takes nothing away from anyone. It is never
    // removed and never writable, so the slice is valid for as long as the process lives; the callers' files are replaced as
    // a whole, so its bytes stay as they are.
    let bytes = unsafe {
        let start = mmap(None, whole, ProtFlags::PROT_READ, MapFlags::MAP_PRIVATE, file, 0)?;
        std::slice::from_raw_parts(start.as_ptr().cast::<u8>(), length)
    };
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_is_seen_as_it_was_when_another_takes_its_place() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let (path, other) = (room.path().join("file"), room.path().join("other"));
        fs::write(&path, "first").expect("written");
        let bytes = bytes_of(&File::open(&path).expect("opened")).expect("mapped");
        fs::write(&other, "second").expect("written");
        fs::rename(&other, &path).expect("renamed");
        assert_eq!(bytes, b"first");
    }

    #[test]
    fn an_empty_file_has_no_bytes_and_a_directory_cannot_be_mapped() {
        let room = tempfile::tempdir().expect("a temporary directory");
        fs::write(room.path().join("empty"), "").expect("written");
        assert_eq!(bytes_of(&File::open(room.path().join("empty")).expect("opened")).expect("mapped"), b"");
        assert!(bytes_of(&File::open(room.path()).expect("opened")).is_err());
    }
}
