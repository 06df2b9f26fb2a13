//! Which keys does the ssh agent hold? A command that may use it needs no key file that it holds.
//!
//! Only public keys are asked for and read (draft-ietf-sshm-ssh-agent, "Requesting a list of keys").

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

const REQUEST_IDENTITIES: [u8; 5] = [0, 0, 0, 1, 11];
const IDENTITIES_ANSWER: u8 = 12;
/// The longest answer that is read.
const LONGEST: usize = 256 * 1024;
/// An agent that does not answer in this time is none: ssh would wait for it as well, and key files are passed as without it.
const PATIENCE: Duration = Duration::from_millis(500);
/// So many files of a directory of keys are looked at.
const MOST_FILES: usize = 256;

/// The private keys below these homes that the agent at this socket holds, by their public ones beside them.
#[must_use]
pub fn held_keys(socket: &Path, homes: &[PathBuf]) -> Vec<PathBuf> {
    let Some(held) = ask(socket).map(|answer| identities(&answer)).filter(|held| !held.is_empty()) else {
        return Vec::new();
    };
    let directories = homes.iter().filter_map(|home| fs::read_dir(home.join(".ssh")).ok());
    let files = directories.flat_map(|listed| listed.flatten().take(MOST_FILES)).map(|entry| entry.path());
    let public = files.filter(|path| path.extension().is_some_and(|extension| extension == "pub"));
    let kept = public.filter(|path| {
        let text = fs::read_to_string(path).unwrap_or_default();
        text.split_ascii_whitespace().nth(1).is_some_and(|key| held.iter().any(|one| one == key))
    });
    kept.filter_map(|path| path.with_extension("").canonicalize().ok()).collect()
}

fn ask(socket: &Path) -> Option<Vec<u8>> {
    let mut stream = UnixStream::connect(socket).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(&REQUEST_IDENTITIES).ok()?;
    let mut length = [0; 4];
    stream.read_exact(&mut length).ok()?;
    let length = usize::try_from(u32::from_be_bytes(length)).ok().filter(|length| *length <= LONGEST)?;
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).ok()?;
    Some(answer)
}

/// The public keys of an answer, as `.pub` files have them.
fn identities(answer: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let Some((&IDENTITIES_ANSWER, mut rest)) = answer.split_first() else { return found };
    let Some(count) = take_number(&mut rest) else { return found };
    for _ in 0..count {
        let (Some(key), Some(_comment)) = (take_text(&mut rest), take_text(&mut rest)) else { return found };
        found.push(base64(key));
    }
    found
}

fn take_number(rest: &mut &[u8]) -> Option<u32> {
    let (number, behind) = rest.split_first_chunk::<4>()?;
    *rest = behind;
    Some(u32::from_be_bytes(*number))
}

fn take_text<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(take_number(rest)?).ok()?;
    let (text, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(text)
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4_usize {
            let index = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or(0);
            let letter = LETTERS.get(index).copied().unwrap_or(b'=');
            text.push(if place > three.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn a_key_that_the_agent_holds_is_told_and_others_are_not() {
        let room = tempfile::tempdir().expect("a temporary directory");
        let home = room.path().canonicalize().expect("a path");
        fs::create_dir(home.join(".ssh")).expect("a directory");
        for (name, key) in [("id_one", "one"), ("id_two", "two")] {
            fs::write(home.join(".ssh").join(name), "private").expect("a key");
            let line = format!("ssh-ed25519 {} ada@example.org\n", base64(key.as_bytes()));
            fs::write(home.join(".ssh").join(format!("{name}.pub")), line).expect("a key");
        }
        let socket = home.join("agent");
        let listener = UnixListener::bind(&socket).expect("a socket");
        let agent = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a question");
            let mut asked = [0; 5];
            stream.read_exact(&mut asked).expect("a question");
            let mut answer = vec![IDENTITIES_ANSWER, 0, 0, 0, 1, 0, 0, 0, 3];
            answer.extend(b"one\0\0\0\x04work");
            let length = u32::try_from(answer.len()).expect("short").to_be_bytes();
            stream.write_all(&[&length[..], &answer].concat()).expect("an answer");
            asked
        });
        assert_eq!(held_keys(&socket, std::slice::from_ref(&home)), [home.join(".ssh/id_one")]);
        assert_eq!(agent.join().expect("an agent"), REQUEST_IDENTITIES);
        assert!(held_keys(&home.join("nowhere"), &[home]).is_empty());
    }

    #[test]
    fn an_answer_that_is_cut_short_or_lies_about_its_length_ends() {
        for answer in [&[][..], &[12], &[12, 255, 255, 255, 255], &[12, 0, 0, 0, 9, 0, 0, 0, 200, 1], &[5, 0, 0, 0, 1]]
        {
            assert!(identities(answer).is_empty(), "{answer:?}");
        }
    }
}
