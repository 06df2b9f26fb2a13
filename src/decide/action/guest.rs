//! What was said to a program that reads a repository's settings: where it works, and what it is told beside.
//!
//! Pure. It looks for what would make git run something that the settings on the disk do not tell.

use super::company;
use super::rider::{
    includes_more, is_elsewhere, is_local, is_never, is_settled, reads_options, runs_something, settles,
};
use super::run::Called;
use super::scope::Scope;

/// A call of git, or of a program that calls git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Where it works, as far as that is known.
    pub directory: Option<String>,
    /// What is wrong with the call, as a sentence's subject.
    pub fault: Option<String>,
    /// Does it ask another machine for something?
    pub asks: bool,
    /// Is it known to need no credential, whatever it is told: `git status`?
    pub local: bool,
    /// Does it make a repository?
    pub makes: bool,
    /// The remote that it adds, with an address elsewhere.
    pub adds: Option<String>,
    /// Operands where the first is another repository: one on this machine has hooks of its own.
    pub repositories: Vec<String>,
    /// Words that may be paths: what they lead to is for who can look.
    pub words: Vec<String>,
}

/// Of so many calls it is written down.
pub(super) const MOST_GUESTS: usize = 64;

/// Subcommands whose first operand is another repository.
const ASKING: [&str; 5] = ["push", "fetch", "pull", "clone", "ls-remote"];

/// So many words of a call are looked at, which are no longer than paths can be (PATH_MAX).
const MOST_WORDS: usize = 1024;
const LONGEST_PATH: usize = 4096;

/// Options that name a file, or the beginning of one, which is written.
const WRITING: [&str; 4] = ["--output", "--prefix", "--export-marks", "--exec-path"];

/// Does a message follow, which may be any text: `--message`, `-m`, `-am`?
fn is_before_message(option: &str) -> bool {
    option == "--message" || (option.starts_with('-') && !option.starts_with("--") && option.ends_with('m'))
}

/// Reads a call. `names_credential` says whether a word, in a directory, is or holds the path of a credential.
pub(super) fn guest(called: Called<'_>, scope: &Scope, names_credential: &mut dyn FnMut(&str, &str) -> bool) -> Guest {
    let words: Vec<Option<&str>> = called.words.iter().map(|word| word.value.known()).collect();
    let set = settles().find(|name| scope.is_set_here(name));
    let directory = scope.directory.known().map(str::to_owned);
    let fault = set.map(|name| format!("{name}, which the command sets,"));
    let asks = asks(called.program, &words);
    let mut guest = Guest { directory, fault, asks, words: paths(&words), ..Guest::nobody() };
    if guest.words.len() > MOST_WORDS {
        guest.object("one of more words than are looked at");
    }
    if reads_options(called.program) {
        guest.read(&words);
        guest.look_for_gaps(called);
    }
    let directory = guest.directory.clone().unwrap_or_default();
    if let Some(word) = words.iter().flatten().find(|word| names_credential(&directory, word)) {
        guest.object(word);
    }
    guest
}

/// What may be paths: words, what stands behind `--x=`, and behind a short option.
fn paths(words: &[Option<&str>]) -> Vec<String> {
    let known = words.iter().copied().flatten().filter(|word| word.len() <= LONGEST_PATH);
    let all = known.filter_map(|word| match word.strip_prefix("--") {
        Some(long) => long.split_once('=').map(|(_, value)| value),
        None => word.strip_prefix('-').map_or(Some(word), |short| short.get(1..)),
    });
    all.filter(|path| !path.is_empty()).map(str::to_owned).collect()
}

fn asks(program: &str, words: &[Option<&str>]) -> bool {
    let known: Vec<&str> = words.iter().copied().flatten().collect();
    company::asks(program, &known)
}

impl Guest {
    /// What stands for those that are not written down.
    pub(super) fn crowd() -> Guest {
        let fault = Some("one of more calls than are looked at".to_owned());
        Guest { fault, asks: true, ..Guest::nobody() }
    }

    fn nobody() -> Guest {
        Guest {
            directory: None,
            fault: None,
            asks: false,
            local: false,
            makes: false,
            adds: None,
            repositories: Vec::new(),
            words: Vec::new(),
        }
    }

    /// Options in front of the subcommand, then its operands (git(1)).
    fn read(&mut self, words: &[Option<&str>]) {
        let mut rest = words.iter();
        let mut subcommand = None;
        while let Some(word) = rest.next() {
            let Some(word) = word else { return self.object("a word that is not known beforehand") };
            match *word {
                "-C" => self.go(rest.next().copied().flatten()),
                "-c" => self.weigh(rest.next().copied().flatten()),
                "--git-dir" | "--work-tree" | "--exec-path" | "--config-env" => return self.object(word),
                word if ["--git-dir=", "--work-tree=", "--exec-path=", "--config-env="]
                    .iter()
                    .any(|o| word.starts_with(o)) =>
                {
                    return self.object(word);
                }
                "--namespace" | "--attr-source" | "--super-prefix" => drop(rest.next()),
                word if word.starts_with('-') => {}
                word => {
                    subcommand = Some(word);
                    break;
                }
            }
        }
        let rest: Vec<Option<&str>> = rest.copied().collect();
        let operands: Vec<Option<&str>> =
            rest.iter().copied().filter(|word| word.is_none_or(|word| !word.starts_with('-'))).collect();
        let name = subcommand.unwrap_or_default();
        self.local = is_local(name);
        self.makes = name == "init";
        if is_never(name) {
            self.object(name);
        }
        if let Some(option) = rest.iter().flatten().find(|word| includes_more(word)) {
            self.object(option);
        }
        // Each writes a file of the caller's choice: settings, too.
        if let Some(option) = rest.iter().flatten().find(|word| WRITING.iter().any(|option| word.starts_with(option))) {
            self.object(option);
        }
        match (subcommand.unwrap_or_default(), operands.as_slice()) {
            ("config", [.., key, value]) => match (key, value) {
                (Some(key), Some(value)) => self.weigh(Some(&format!("{key}={value}"))),
                _ => self.object("a setting that is not known beforehand"),
            },
            ("remote", [Some("add"), name, address]) => {
                self.look_at(*address);
                self.adds = address.is_some_and(is_elsewhere).then(|| name.unwrap_or_default().to_owned());
            }
            ("remote", [.., address]) => self.look_at(*address),
            (asking, operands) if ASKING.contains(&asking) => {
                operands.iter().take(1).for_each(|address| self.look_at(*address));
                let is_clone = asking == "clone" && operands.iter().copied().flatten().any(is_elsewhere);
                self.adds = is_clone.then(|| "origin".to_owned());
                self.repositories = operands.iter().copied().flatten().map(str::to_owned).collect();
                // `--repo=ADDRESS`, which may be cut short.
                let named = rest.iter().flatten().filter_map(|word| word.split_once('='));
                for (_, address) in named.filter(|(option, _)| option.len() > 4 && "--repo".starts_with(option)) {
                    self.look_at(Some(address));
                    self.repositories.push(address.to_owned());
                }
            }
            _ => {}
        }
        if subcommand == Some("clone") {
            for pair in rest.windows(2) {
                if let [Some("-c" | "--config"), setting] = pair {
                    self.weigh(*setting);
                }
            }
            if rest.iter().flatten().any(|word| word.starts_with("--config=")) {
                self.object("--config");
            }
        }
    }

    /// A word that is not known beforehand might name a credential, which git would show: `git commit -F "$x"`. The text of a message
    /// names none, nor does what is told to another machine, nor a word that begins as no option and no path does.
    fn look_for_gaps(&mut self, called: Called<'_>) {
        let asking =
            called.words.iter().filter_map(|word| word.value.known()).find(|word| ASKING.contains(word)).is_some();
        let mut before = "";
        for word in called.words {
            let start = word.value.known_start();
            let plain = !start.is_empty() && !start.starts_with(['-', '/', '.', '~']);
            if word.value.known().is_none() && !(plain || asking || is_before_message(before)) {
                return self.object("a word that is not known beforehand");
            }
            before = word.value.known().unwrap_or_default();
        }
    }

    fn look_at(&mut self, address: Option<&str>) {
        match address {
            None => self.object("a repository that is not known beforehand"),
            Some(address) if !is_settled(address) => self.object(address),
            Some(_) => {}
        }
    }

    fn object(&mut self, what: &str) {
        let what = what.chars().take(80).collect::<String>();
        self.fault.get_or_insert(what);
    }

    /// `-C DIRECTORY`: relative to the one before.
    fn go(&mut self, to: Option<&str>) {
        self.directory = match (to, self.directory.take()) {
            (Some(to), _) if to.starts_with('/') => Some(to.to_owned()),
            (Some(to), Some(from)) => Some(format!("{from}/{to}")),
            _ => None,
        };
    }

    /// `-c KEY=VALUE`; without a value it is true.
    fn weigh(&mut self, setting: Option<&str>) {
        let Some(setting) = setting else { return self.object("a setting that is not known beforehand") };
        let (key, value) = setting.split_once('=').unwrap_or((setting, "true"));
        if runs_something(&key.to_ascii_lowercase(), value) {
            self.object(&format!("-c {key}"));
        }
    }
}
