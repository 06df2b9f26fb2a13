//! Which terminals are the command's own? Whoever opens another one reads what is typed there, and writes what is seen.

use nix::sys::stat::{FileStat, SFlag, fstat, major, minor};
use std::fs;
use std::io;
use std::os::fd::AsFd;

/// Numbers of devices: major and minor.
pub(super) struct Terminals(Vec<(u64, u64)>);

impl Terminals {
    /// Those that were handed down, and the controlling one, which `/dev/tty` opens anyway.
    pub(super) fn of_this_process() -> Terminals {
        let handed = [fstat(io::stdin().as_fd()), fstat(io::stdout().as_fd()), fstat(io::stderr().as_fd())];
        let handed = handed.into_iter().flatten().filter(is_device);
        let mut own: Vec<(u64, u64)> = handed.map(|found| numbers(&found)).collect();
        own.extend(controlling());
        Terminals(own)
    }

    /// Is this one of them?
    pub(super) fn has(&self, found: &FileStat) -> bool {
        self.0.contains(&numbers(found))
    }
}

fn is_device(found: &FileStat) -> bool {
    SFlag::from_bits_truncate(found.st_mode) & SFlag::S_IFMT == SFlag::S_IFCHR
}

fn numbers(found: &FileStat) -> (u64, u64) {
    (major(found.st_rdev), minor(found.st_rdev))
}

/// The seventh field of `/proc/self/stat`, counted behind the name's last `)` (proc_pid_stat(5)); 0: there is none.
fn controlling() -> Option<(u64, u64)> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, behind_name) = stat.rsplit_once(')')?;
    let number: i64 = behind_name.split_ascii_whitespace().nth(4)?.parse().ok()?;
    let number = u64::try_from(number).ok().filter(|number| *number != 0)?;
    Some(((number >> 8) & 0xfff, (number & 0xff) | ((number >> 12) & 0xf_ff00)))
}
