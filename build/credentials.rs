//! Reads `rules/credentials.yaml` and writes it down as Rust constants.

use super::form::credential::{Credential, Keyring, grow, is_glob, leaves, pairs};
use std::{fs, path::Path};

/// Writes `credentials.rs` into `out`. Stops the build, with the reason, when the list is not well formed.
pub(crate) fn write(out: &Path) {
    let path = "rules/credentials.yaml";
    let text = fs::read_to_string(path).unwrap_or_else(|fault| panic!("{path} cannot be read: {fault}"));
    let digest = digest(text.as_bytes());
    let keyring: Keyring = serde_yaml::from_str(text.leak()).unwrap_or_else(|fault| panic!("{path}: {fault}"));
    let faults = faults(&keyring);
    assert!(faults.is_empty(), "{path}:\n  {}", faults.join("\n  "));
    let credentials = keyring.credentials.0;
    let code = format!(
        "/// `rules/credentials.yaml` as it was when holdpoint was built.\n\
         pub const KEYRING: Keyring = {keyring:?};\n\
         /// Changes with its text.\n\
         pub const DIGEST: u64 = {digest};\n\
         const HOME: Branch = {:?};\n\
         const RUNTIME: Branch = {:?};\n\
         const ROOT: Branch = {:?};\n\
         const LEAVES: List<Leaf> = {:?};\n\
         const PAIRS: [u64; PAIR_WORDS] = {:?};\n",
        grow(credentials, "~"),
        grow(credentials, "%t"),
        grow(credentials, ""),
        leaves(credentials),
        pairs(&leaves(credentials)),
    )
    .replace("kind: File", "kind: Kind::File")
    .replace("kind: Socket", "kind: Kind::Socket");
    fs::write(out.join("credentials.rs"), code).expect("the build's output directory is writable");
}

/// FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): one list is told from the next, nobody is kept from forging it.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn faults(keyring: &Keyring) -> Vec<String> {
    let mut faults = Vec::new();
    if keyring.version != 1 {
        faults.push(format!("version {} is not known; it must be 1", keyring.version));
    }
    let mut seen: Vec<&str> = Vec::new();
    for credential in keyring.credentials.iter() {
        let id = credential.id.0;
        if seen.contains(&id) {
            faults.push(format!("{id} stands twice"));
        }
        seen.push(id);
        faults.extend(shape(credential).map(|fault| format!("{id}: {fault}")));
    }
    faults
}

fn shape(credential: &Credential) -> impl Iterator<Item = String> {
    let empty = credential.paths.is_empty() && credential.repository.is_empty();
    let nothing = empty.then(|| "it names neither a path nor a file of a repository".to_owned());
    let paths = credential.paths.iter().filter_map(|path| {
        let rest = path.strip_prefix('~').or_else(|| path.strip_prefix("%t")).unwrap_or(path);
        let bad = !rest.starts_with('/') || rest.split('/').skip(1).any(|name| name.is_empty() || name == "..");
        bad.then(|| format!("`{}` must begin with ~/, / or %t/ and hold no empty name and no ..", path.0))
    });
    let repository = credential.repository.iter().filter_map(|path| {
        let bad = path.starts_with('/') || path.trim_end_matches('/').split('/').any(str::is_empty);
        (bad || (is_glob(path) && path.split('/').count() > 3))
            .then(|| format!("`{}` must be a name or a short path below the repository", path.0))
    });
    nothing.into_iter().chain(paths).chain(repository)
}
