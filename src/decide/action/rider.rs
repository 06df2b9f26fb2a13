//! Which settings of a repository make git run something?
//!
//! Pure: the text of the settings is given. Unknown is not harmless: a setting that no list has counts as one that runs
//! something, and so does a text that cannot be read to its end.

use super::glob::matches;
use crate::decide::syntax::Patience;

#[allow(unused_imports)] // The constants name every form there is.
mod built_in {
    use super::super::pack::{List, Text};
    use super::super::rider_form::{Known, Riders};

    include!(concat!(env!("OUT_DIR"), "/riders.rs"));
}

use built_in::RIDERS;

/// A setting that makes git run something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rider {
    /// `core.sshcommand`; empty where the text cannot be read.
    pub key: String,
    /// The line, from 1.
    pub line: usize,
}

/// Does one of these programs read a repository's settings?
#[must_use]
pub fn reads_settings<S: AsRef<str>>(programs: &[S]) -> bool {
    programs.iter().any(|program| RIDERS.programs.iter().any(|known| known.0 == program.as_ref()))
}

/// Are this program's options those of git(1)?
pub(super) fn reads_options(program: &str) -> bool {
    RIDERS.programs.0.first().is_some_and(|first| first.0 == program)
}

/// Does this subcommand of git's need no credential?
pub(super) fn is_local(subcommand: &str) -> bool {
    RIDERS.local.iter().any(|known| known.0 == subcommand)
}

/// Does this subcommand of git's run what it is told to, or reach other repositories in ways of its own?
pub(super) fn is_never(subcommand: &str) -> bool {
    RIDERS.never.iter().any(|known| known.0 == subcommand)
}

/// Does this option, which may be cut short (gitcli(7)), make git read what another file names?
pub(super) fn includes_more(option: &str) -> bool {
    const SHORTEST: usize = 4;
    option.len() >= SHORTEST && RIDERS.including.iter().any(|known| known.0.starts_with(option))
}

/// Is the value of this setting the name of a remote, or an address?
#[must_use]
pub fn names_remote(key: &str) -> bool {
    RIDERS.remotes.iter().any(|glob| matches(glob, key))
}

/// Is the value of this setting a file that git reads, and may show?
#[must_use]
pub fn is_file(key: &str) -> bool {
    RIDERS.files.iter().any(|glob| matches(glob, key))
}

/// Is this a command that writes hooks itself, and asks no other machine?
#[must_use]
pub fn is_plain(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let spaced = format!(" {} ", words.join(" "));
    RIDERS.plain.iter().any(|plain| spaced.contains(&format!(" {} ", plain.0)))
}

/// The names of hooks.
pub fn hooks() -> impl Iterator<Item = &'static str> {
    RIDERS.hooks.iter().map(|hook| hook.0)
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// `section.subsection.name`; section and name in lower case.
    pub key: String,
    /// Its value.
    pub value: String,
    /// The line, from 1.
    pub line: usize,
}

/// The first setting of a text that makes git run something.
#[must_use]
pub fn first_rider(text: &str) -> Option<Rider> {
    settings_of(text).err()
}

/// All settings of a text, none of which makes git run something.
///
/// # Errors
/// The first that does, or that cannot be read.
pub fn settings_of(text: &str) -> Result<Vec<Setting>, Rider> {
    let patience = Patience::for_length(text.len());
    let mut reader = Reader { rest: text, patience, line: 1, section: String::new() };
    let mut settings = Vec::new();
    loop {
        match reader.next() {
            Next::End if !reader.patience.is_gone() => return Ok(settings),
            Next::End | Next::Fault => return Err(Rider { key: String::new(), line: reader.line }),
            Next::Setting(Setting { key, value, line }) if runs_something(&key, &value) => {
                return Err(Rider { key, line });
            }
            Next::Setting(setting) => settings.push(setting),
        }
    }
}

/// Variables that change which settings git reads.
pub(super) fn settles() -> impl Iterator<Item = &'static str> {
    RIDERS.variables.iter().map(|name| name.0)
}

/// Does this setting make git run something?
pub(super) fn runs_something(key: &str, value: &str) -> bool {
    let fits = |globs: &[super::pack::Text]| globs.iter().any(|glob| matches(glob, key));
    let harmless = fits(RIDERS.harmless.0) || (fits(RIDERS.addresses.0) && is_elsewhere(value));
    let known = RIDERS
        .known
        .iter()
        .filter(|known| fits(known.keys.0))
        .any(|known| known.values.iter().any(|glob| glob.0 == value || fits_by_words(glob, value)));
    !harmless && !known
}

/// Is this the address of a repository on another machine? One on this machine has hooks of its own, which git runs here.
#[must_use]
pub fn is_elsewhere(address: &str) -> bool {
    const SCHEMES: [&str; 5] = ["https://", "http://", "ssh://", "git://", "git+ssh://"];
    if let Some(rest) = SCHEMES.iter().find_map(|scheme| address.strip_prefix(scheme)) {
        return !rest.is_empty() && !rest.starts_with(['-', '/']);
    }
    // `git@host:path`; before a slash there is a colon (git-clone(1), "GIT URLS").
    let Some((host, _)) = address.split_once(':') else { return false };
    !host.is_empty()
        && !host.contains('/')
        && !host.starts_with(['-', '.'])
        && !address.contains("::")
        && host != "file"
}

/// Is this the name of a repository that the settings have, or an address elsewhere?
pub(super) fn is_settled(address: &str) -> bool {
    is_elsewhere(address) || !(address.contains(['/', ':']) || address.starts_with(['.', '~']))
}

/// Does each word fit its own pattern? Whatever a shell would read otherwise fits none.
fn fits_by_words(glob: &str, value: &str) -> bool {
    let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" _./=-~".contains(&byte));
    let (globs, words) = (glob.split(' '), value.split(' '));
    plain && globs.clone().count() == words.clone().count() && globs.zip(words).all(|(glob, word)| matches(glob, word))
}

enum Next {
    Setting(Setting),
    End,
    Fault,
}

/// Reads settings as git-config(1), "Syntax", has them.
struct Reader<'a> {
    rest: &'a str,
    patience: Patience,
    line: usize,
    section: String,
}

impl Reader<'_> {
    fn next(&mut self) -> Next {
        loop {
            self.skip_space();
            match self.peek() {
                None => return Next::End,
                Some('#' | ';') => self.skip_line(),
                Some('[') => match self.read_section() {
                    Some(section) => self.section = section,
                    None => return Next::Fault,
                },
                Some(letter) if letter.is_ascii_alphabetic() && !self.section.is_empty() => return self.read_setting(),
                Some(_) => return Next::Fault,
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next().filter(|_| self.patience.look())
    }

    fn take(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.rest = self.rest.get(letter.len_utf8()..).unwrap_or_default();
        self.line += usize::from(letter == '\n');
        Some(letter)
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.take();
        }
    }

    fn skip_line(&mut self) {
        while self.take().is_some_and(|letter| letter != '\n') {}
    }

    /// `[core]`, `[remote "origin"]`, `[branch.main]`.
    fn read_section(&mut self) -> Option<String> {
        self.take();
        let mut name = String::new();
        loop {
            match self.take()? {
                ']' => return (!name.is_empty()).then_some(name),
                letter if letter.is_ascii_alphanumeric() || letter == '-' || letter == '.' => {
                    name.push(letter.to_ascii_lowercase());
                }
                ' ' | '\t' => {
                    while matches!(self.peek(), Some(' ' | '\t')) {
                        self.take();
                    }
                    (self.take()? == '"').then_some(())?;
                    name.push('.');
                    name.push_str(&self.read_subsection()?);
                    return (self.take()? == ']').then_some(name);
                }
                _ => return None,
            }
        }
    }

    fn read_subsection(&mut self) -> Option<String> {
        let mut name = String::new();
        loop {
            match self.take()? {
                '"' => return Some(name),
                '\n' => return None,
                '\\' => name.push(self.take()?),
                letter => name.push(letter),
            }
        }
    }

    fn read_setting(&mut self) -> Next {
        let line = self.line;
        let mut name = String::new();
        while let Some(letter) = self.peek().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-') {
            name.push(letter.to_ascii_lowercase());
            self.take();
        }
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.take();
        }
        let key = format!("{}.{name}", self.section);
        match self.peek() {
            None | Some('\n' | '\r' | '#' | ';') => Next::Setting(Setting { key, value: "true".to_owned(), line }),
            Some('=') => {
                self.take();
                match self.read_value() {
                    Some(value) => Next::Setting(Setting { key, value, line }),
                    None => Next::Fault,
                }
            }
            Some(_) => Next::Fault,
        }
    }

    fn read_value(&mut self) -> Option<String> {
        let (mut value, mut quoted, mut kept) = (String::new(), false, 0);
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.take();
        }
        loop {
            match self.take() {
                None | Some('\n') if quoted => return None,
                None | Some('\n') => break,
                Some('#' | ';') if !quoted => {
                    self.skip_line();
                    break;
                }
                Some('"') => quoted = !quoted,
                Some('\\') => match self.take()? {
                    '\n' => continue,
                    'n' => value.push('\n'),
                    't' => value.push('\t'),
                    'b' => value.push('\u{8}'),
                    other @ ('"' | '\\') => value.push(other),
                    _ => return None,
                },
                Some(letter) => value.push(letter),
            }
            if quoted || !value.ends_with([' ', '\t', '\r']) {
                kept = value.len();
            }
        }
        value.truncate(kept);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: &str = "\
[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false ; a comment
\tfsmonitor
\thooksPath = .husky/_
[remote \"origin\"]
\turl = git@github.com:acme/shop.git
\tfetch = +refs/heads/*:refs/remotes/origin/*
[branch \"feat/x.y\"]
\tremote = origin
\tvscode-merge-base = origin/main
[user]
\tname = \"Ada \\\"L\\\" Lovelace\" # quoted
\temail = ada@example.org
[lfs \"https://x.example.org/info/lfs\"]
\taccess = basic
[filter \"lfs\"]
\tsmudge = git-lfs smudge -- %f
\trequired = true
[commit] gpgsign = true
[core]
\tsshCommand = ssh -i ~/.ssh/work
";

    #[test]
    fn everyday_settings_run_nothing() {
        assert_eq!(first_rider(USUAL), None);
        assert_eq!(first_rider(""), None);
        assert_eq!(first_rider("# nothing\n\n"), None);
    }

    #[test]
    fn a_setting_that_runs_something_is_found_with_its_line() {
        for (setting, key) in [
            ("[core]\nsshCommand = ./x", "core.sshcommand"),
            ("[core]\nsshcommand = \"ssh -i k; ./x\"", "core.sshcommand"),
            ("[core]\nsshcommand = ssh -o ProxyCommand=./x", "core.sshcommand"),
            ("[core]\nsshcommand = ssh -i k -o ProxyCommand=./x", "core.sshcommand"),
            ("[http]\nsslVerify = false", "http.sslverify"),
            ("[remote \"o\"]\nurl = /tmp/x", "remote.o.url"),
            ("[remote \"o\"]\nurl = ../x.git", "remote.o.url"),
            ("[remote \"o\"]\nurl = file:///tmp/x", "remote.o.url"),
            ("[remote \"o\"]\nurl = ext::sh -c x", "remote.o.url"),
            ("[url \"/tmp/x\"]\ninsteadOf = https://github.com/", "url./tmp/x.insteadof"),
            ("[gc]\nrecentObjectsHook = ./x", "gc.recentobjectshook"),
            ("[core] \n fsmonitor = .git/watch", "core.fsmonitor"),
            ("[core]\npager = ./p", "core.pager"),
            ("[core]\nEDITOR = sh -c x", "core.editor"),
            ("[credential]\nhelper = !f() { ./x; }; f", "credential.helper"),
            ("[credential \"https://x\"]\nhelper = \"cache --timeout=1;./x\"", "credential.https://x.helper"),
            ("[alias]\nst = status", "alias.st"),
            ("[gpg]\nprogram = ./x", "gpg.program"),
            ("[diff \"x\"]\ntextconv = ./x", "diff.x.textconv"),
            ("[merge \"x\"]\ndriver = ./x %O", "merge.x.driver"),
            ("[filter \"x\"]\nsmudge = cat", "filter.x.smudge"),
            ("[remote \"o\"]\nreceivepack = ./x", "remote.o.receivepack"),
            ("[include]\npath = ../settings", "include.path"),
            ("[includeIf \"gitdir:~/\"]\npath = x", "includeif.gitdir:~/.path"),
            ("[protocol \"ext\"]\nallow = always", "protocol.ext.allow"),
            ("[never.heard]\nof = it", "never.heard.of"),
            ("[core]\naskpass = ./x", "core.askpass"),
            ("[submodule \"x\"]\nupdate = !./x", "submodule.x.update"),
            ("[core]\npager = \\\n ./p", "core.pager"),
            ("[core]\nsshCommand = \"./x\" #ssh", "core.sshcommand"),
        ] {
            assert_eq!(first_rider(setting).expect(setting), Rider { key: key.to_owned(), line: 2 }, "{setting}");
        }
    }

    #[test]
    fn what_cannot_be_read_counts_as_running_something() {
        for text in
            ["x = 1", "[core", "[]\nx", "[core]\nx y", "[core]\nname = \"open", "[core]\n= 1", "[a \"b]\n", "\u{0}"]
        {
            assert_eq!(first_rider(text).map(|rider| rider.key), Some(String::new()), "{text:?}");
        }
    }

    #[test]
    fn what_writes_hooks_itself_is_plain() {
        assert!(is_plain("git  lfs install --local") && !is_plain("git lfs push origin") && !is_plain("git push"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "[\\[\\]a-z\" =.\\\\\n#;\u{e9}]{0,60}") {
            let _ = first_rider(&text);
        }
    }
}
