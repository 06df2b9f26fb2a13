//! What a command is known to print, for pipes and substitutions.

use super::line::{Grammar, Line};
use super::pack::{List, Text};
use super::run::{Called, PLAIN};
use super::scope::{Copied, Scope};
use super::stream::Stream;
use super::value::Value;
use super::walk::Walk;

/// So many things that one command makes are remembered; of the rest it is not known that they are new.
const MOST_MADE: usize = 256;
/// Programs, and words of command lines, by which something that was there before comes to stand elsewhere.
const BRINGS: [&str; 27] = [
    "mv",
    "gmv",
    "ln",
    "rename",
    "prename",
    "mount",
    "umount",
    "sshfs",
    "s3fs",
    "gcsfuse",
    "bindfs",
    "rclone",
    "rm",
    "unlink",
    "rmdir",
    "--remove-source-files",
    "--remove-sent-files",
    "--remove-files",
    "--move",
    "zip",
    "find",
    "fd",
    "xargs",
    "shred",
    "truncate",
    "mmv",
    "vidir",
];
/// The most words of one command line that are noted.
const MOST_NAMED: usize = 32;

impl Walk<'_> {
    /// The standard output of a command that is no wrapper.
    pub(super) fn output_of(&mut self, called: Called<'_>, scope: &mut Scope, stdin: &Stream) -> Stream {
        let text = match called.program {
            "cat" => {
                self.note_named(called, scope);
                return self.cat(called, scope, stdin);
            }
            "tee" => {
                self.note_named(called, scope);
                self.note_spread(called, scope, stdin);
                return stdin.clone();
            }
            "echo" => Some(echo(called)),
            "printf" => printf(called),
            "pwd" => Some(Value::clone(&scope.directory)),
            "mktemp" => Some(Value::literal("/tmp/tmp.mktemp")),
            "which" | "type" => called.words.last().map(|word| word.value.clone()),
            "command" => called.words.get(1).map(|word| word.value.clone()),
            "basename" | "dirname" | "realpath" | "readlink" => file_name(called),
            "true" | ":" | "false" | "exit" | "return" | "test" | "[" | "sleep" | "mkdir" | "touch" | "chmod" => {
                Some(Value::default())
            }
            "git" => self.git_output(called),
            // What is shown is not evaluated.
            _ if self.shown => None,
            _ => self.decoded_output(called, stdin).or_else(|| evaluable(called)).or_else(|| plain_word(called)),
        };
        self.note_made(called, scope);
        let each = if text.is_none() { super::narrow::each_line(called, stdin) } else { None };
        Stream { text, each, ..Stream::unseen(stdin.flow.clone()) }
    }

    /// `cat` gives its files, or its input where a `-` or nothing stands.
    fn cat(&self, called: Called<'_>, scope: &Scope, stdin: &Stream) -> Stream {
        let line = Line::parse(called.words, PLAIN);
        let dash = |value: &Value| value.known() == Some("-");
        if line.operands.iter().all(|operand| dash(&operand.argument.value)) {
            return stdin.clone();
        }
        let paths: Option<Vec<String>> =
            line.operands.iter().map(|operand| self.absolute(&operand.argument.value, scope)).collect();
        paths.map_or_else(Stream::default, |paths| Stream::of_files(paths, stdin.flow.clone()))
    }

    /// `tee x.sh <<< 'rm -rf src'; sh x.sh`: what its files hold then.
    fn note_spread(&self, called: Called<'_>, scope: &mut Scope, stdin: &Stream) {
        let line = Line::parse(called.words, PLAIN);
        let appends = line.has_flag("-a") || line.has_flag("--append");
        let text = stdin.text.clone().unwrap_or_else(Value::unknown);
        for operand in line.operands.iter().take(MOST_NAMED) {
            let Some(path) = self.absolute(&operand.argument.value, scope) else { continue };
            scope.carry(&path, &stdin.flow);
            match scope.written.get_mut(&path) {
                Some(before) if appends => before.append(&text),
                None if appends => drop(scope.written.insert(path, Value::unknown())),
                Some(_) | None => drop(scope.written.insert(path, text.clone())),
            }
        }
    }

    fn git_output(&self, called: Called<'_>) -> Option<Value> {
        let words: Vec<&str> = called.words.iter().filter_map(|word| word.value.known()).collect();
        match words.as_slice() {
            ["rev-parse", "--show-toplevel"] => self.setting.repository.as_deref().map(Value::literal),
            ["rev-parse", "--abbrev-ref", "HEAD"] | ["branch", "--show-current"] => {
                self.setting.branch.as_deref().map(Value::literal)
            }
            _ => None,
        }
    }

    /// Directories and files that this command makes: what is made here is no loss when it is deleted here.
    fn note_made(&mut self, called: Called<'_>, scope: &mut Scope) {
        if matches!(called.program, "mkfifo" | "mknod") {
            self.note_pipes(called, scope);
        }
        // What lies behind a link was not made with it: `mkdir x && ln -s ~ x/l && rm -rf x/l/*`.
        let moves = matches!(called.program, "mv" | "gmv" | "rename" | "prename" | "ln");
        let copies = matches!(called.program, "cp" | "gcp");
        let edits = matches!(called.program, "sed" | "gsed" | "perl");
        if !self.remote && matches!(called.program, "cp" | "gcp" | "mv" | "gmv" | "ln" | "install" | "ginstall") {
            self.note_copies(called, scope);
        }
        if !self.remote {
            self.note_named(called, scope);
        }
        if self.remote || !(moves || copies || edits || matches!(called.program, "mkdir" | "touch" | "mktemp")) {
            return;
        }
        let line = Line::parse(called.words, PLAIN);
        if edits {
            self.note_kept(&line, scope);
            return;
        }
        if copies {
            let made = line.operands.iter().skip(1).next_back();
            let made = made.and_then(|last| self.absolute(&last.argument.value, scope));
            scope.note_made_if_missing(made);
            return;
        }
        if moves {
            self.note_moved(&line, scope);
            return;
        }
        let operands = line.operands.iter().take(MOST_MADE);
        let paths: Vec<String> = operands.filter_map(|operand| self.absolute(&operand.argument.value, scope)).collect();
        scope.note_made_if_missing(paths);
    }

    /// `cp /bin/rm x; ./x -rf src`: what is copied, moved or linked is the same under another name.
    fn note_copies(&self, called: Called<'_>, scope: &mut Scope) {
        const WITH_VALUE: List<Text> =
            List(&[Text("-t"), Text("--target-directory"), Text("-S"), Text("-m"), Text("-o"), Text("-g")]);
        let line = Line::parse(called.words, Grammar::of_options(WITH_VALUE));
        let mut paths: Vec<Option<String>> =
            line.operands.iter().map(|operand| self.absolute(&operand.argument.value, scope)).collect();
        let directory = line.values(&List(&[Text("-t"), Text("--target-directory")])).next();
        let target = directory.map_or_else(|| paths.pop().flatten(), |directory| self.absolute(directory, scope));
        let Some(target) = target else { return };
        let keeps = ["-n", "--no-clobber", "-u", "--update", "-i", "--interactive"];
        let forced = called.program != "ln" || line.has_flag("-f") || line.has_flag("--force");
        let replaces = forced && !keeps.iter().any(|flag| line.has_flag(flag));
        for from in paths.iter().flatten() {
            let name = from.rsplit('/').next().unwrap_or(from);
            let copied = Copied { from: from.clone(), replaces };
            // Whether the target is a directory need not be known: of the two names one does not exist.
            scope.note_copy(format!("{}/{name}", target.trim_end_matches('/')), copied.clone());
            if paths.len() == 1 {
                scope.note_copy(target.clone(), copied);
            }
        }
    }

    /// What a command names and is not there yet it makes, or nobody does: `python -m venv x`, `gcc -o x`, `git clone URL x`. What it
    /// brings there from elsewhere it does not make.
    fn note_named(&self, called: Called<'_>, scope: &mut Scope) {
        if BRINGS.contains(&called.program)
            || called.words.iter().any(|word| BRINGS.contains(&word.value.known_start()))
        {
            return;
        }
        let known =
            called.words.iter().take(MOST_NAMED).filter(|word| !word.pattern).filter_map(|word| word.value.known());
        let names = known.filter_map(|text| match text.split_once("://") {
            Some((_, address)) => address.split(['?', '#']).next()?.rsplit_once('/').map(|(_, name)| name),
            None if text.starts_with('-') => text.split_once('=').map(|(_, value)| value),
            None => Some(text),
        });
        let named = names.filter(|name| !matches!(*name, "" | "." | ".." | "/" | "*"));
        let paths: Vec<String> = named.filter_map(|name| Walk::absolute_text(name, scope)).collect();
        scope.note_made_if_missing(paths);
    }

    /// `sed -i.bak` keeps each file under a new name.
    fn note_kept(&self, line: &Line<'_>, scope: &mut Scope) {
        let suffix = line.words.iter().find_map(|word| {
            let text = word.value.known()?;
            text.strip_prefix("--in-place=")
                .or_else(|| text.strip_prefix("-i"))
                .filter(|suffix| suffix.starts_with('.'))
        });
        let Some(suffix) = suffix else { return };
        let kept = line.operands.iter().filter_map(|operand| self.absolute(&operand.argument.value, scope));
        let kept: Vec<String> = kept.map(|path| path + suffix).collect();
        scope.note_made_if_missing(kept);
    }

    /// `mkdir x && mv src x && rm -rf x`: what was moved to a new place was not made there.
    fn note_moved(&mut self, line: &Line<'_>, scope: &mut Scope) {
        let Some((last, sources)) = line.operands.split_last() else { return };
        let mut own = true;
        for source in sources {
            let path = self.absolute(&source.argument.value, scope);
            own &= path.is_some_and(|path| self.is_made_here(&path, scope) || self.is_output(&path));
        }
        let destination = self.absolute(&last.argument.value, scope);
        if Walk::is_moved_in_front(line) {
            self.note_brought(None, scope);
        } else if !own || sources.is_empty() {
            self.note_brought(destination, scope);
        } else {
            scope.note_made_if_missing(destination);
        }
    }

    /// Named pipes: what is read from one is what somebody else writes.
    fn note_pipes(&mut self, called: Called<'_>, scope: &mut Scope) {
        let line = Line::parse(called.words, PLAIN);
        let paths: Vec<String> =
            line.operands.iter().filter_map(|operand| self.absolute(&operand.argument.value, scope)).collect();
        scope.written.extend(paths.into_iter().map(|path| (path, Value::unknown())));
    }
}

/// What `eval \"$(ssh-agent -s)\"` reads: as good as nothing.
fn evaluable(called: Called<'_>) -> Option<Value> {
    const MOST_WORDS: usize = 16;
    if called.all.len() > MOST_WORDS {
        return None;
    }
    let line = super::builtin::joined(called.all);
    line.known().is_some_and(super::rules::is_evaluable).then(Value::default)
}

/// What prints one word without a slash, whatever it is: `date +%s`, `id -u`, `uname -s`.
fn plain_word(called: Called<'_>) -> Option<Value> {
    let words: Vec<&str> = called.words.iter().map(|word| word.value.known()).collect::<Option<_>>()?;
    let number = || Value::literal(super::scope::NUMBER);
    match (called.program, words.as_slice()) {
        ("date", [format]) | ("date", ["-u", format]) => date(format.strip_prefix('+')?),
        ("id", ["-u" | "-g" | "-un" | "-gn"]) | ("whoami" | "nproc" | "arch" | "uuidgen", []) => Some(number()),
        ("uname", ["-s" | "-m" | "-r"]) | ("hostname", [] | ["-s"]) | ("openssl", ["rand", "-hex", _]) => {
            Some(number())
        }
        _ => None,
    }
}

/// A date in a form that has neither blanks nor slashes: `+%Y%m%d-%H%M%S`.
fn date(format: &str) -> Option<Value> {
    let mut text = String::new();
    let mut characters = format.chars();
    while let Some(c) = characters.next() {
        match c {
            '%' if characters.next().is_some_and(|c| "YmdHMSsNFTjyuVgGHI".contains(c)) => {
                text.push_str(super::scope::NUMBER)
            }
            c if c.is_ascii_alphanumeric() || "._:-T".contains(c) => text.push(c),
            _ => return None,
        }
    }
    (!text.is_empty()).then(|| Value::literal(&text))
}

fn echo(called: Called<'_>) -> Value {
    let mut words = called.words;
    let mut newline = true;
    let mut escapes = false;
    while let Some((first, rest)) = words.split_first() {
        match first.value.known() {
            Some("-n") => newline = false,
            Some("-e") => escapes = true,
            Some("-ne" | "-en") => (newline, escapes) = (false, true),
            Some("-E") => escapes = false,
            Some(_) | None => break,
        }
        words = rest;
    }
    let mut text = super::builtin::joined(words);
    if escapes {
        text = text
            .known()
            .map_or_else(Value::unknown, |known| unescape(known).map_or_else(Value::unknown, |t| Value::literal(&t)));
    }
    if newline {
        text.push_known("\n");
    }
    text
}

/// `printf` with `%s`, `%b`, `%d`, `%%` and escapes; anything else is not known.
fn printf(called: Called<'_>) -> Option<Value> {
    let mut words = called.words.iter().skip_while(|word| word.value.known() == Some("--"));
    let format = unescape(words.next()?.value.known()?)?;
    let arguments: Vec<&Value> = words.map(|word| &word.value).collect();
    let mut output = Value::default();
    let mut next = arguments.iter();
    // The format is used again while arguments are left (printf(1)); each argument at most once.
    for _ in 0..=arguments.len().min(64) {
        let mut characters = format.chars();
        while let Some(c) = characters.next() {
            if c != '%' {
                output.push_known(c.encode_utf8(&mut [0; 4]));
                continue;
            }
            match characters.next()? {
                '%' => output.push_known("%"),
                's' | 'd' | 'q' | 'i' => {
                    if let Some(value) = next.next() {
                        output.append(value);
                    }
                }
                'b' => output.push_known(&unescape(next.next().map_or(Some(""), |value| value.known())?)?),
                _ => return None,
            }
        }
        if next.len() == 0 || arguments.is_empty() {
            break;
        }
    }
    Some(output)
}

/// Backslash escapes as `echo -e` and `printf` read them.
fn unescape(text: &str) -> Option<String> {
    let mut output = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '\\' {
            output.push(c);
            continue;
        }
        match characters.next() {
            None => output.push('\\'),
            Some('n') => output.push('\n'),
            Some('t') => output.push('\t'),
            Some('r') => output.push('\r'),
            Some('e' | 'E') => output.push('\u{1b}'),
            Some('a') => output.push('\u{7}'),
            Some('c') => break,
            Some('\\') => output.push('\\'),
            Some('x') => output.push(number(&mut characters, 16, 2)?),
            Some('u') => output.push(number(&mut characters, 16, 4)?),
            Some('U') => output.push(number(&mut characters, 16, 8)?),
            Some('0') => output.push(number(&mut characters, 8, 3)?),
            Some(digit @ '1'..='7') => {
                let rest = octal(digit, &mut characters)?;
                output.push(rest);
            }
            Some(other) => {
                output.push('\\');
                output.push(other);
            }
        }
    }
    Some(output)
}

fn octal(first: char, characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    let mut value = first.to_digit(8)?;
    for _ in 0..2 {
        let Some(digit) = characters.peek().and_then(|c| c.to_digit(8)) else { break };
        value = value * 8 + digit;
        characters.next();
    }
    char::from_u32(value)
}

fn number(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, radix: u32, most: u32) -> Option<char> {
    let mut value = 0_u32;
    for _ in 0..most {
        let Some(digit) = characters.peek().and_then(|c| c.to_digit(radix)) else { break };
        value = value * radix + digit;
        characters.next();
    }
    char::from_u32(value)
}

fn file_name(called: Called<'_>) -> Option<Value> {
    let line = Line::parse(called.words, PLAIN);
    let path = line.operands.first()?.argument.value.known()?;
    let trimmed = path.trim_end_matches('/');
    let text = match called.program {
        "basename" => trimmed.rsplit('/').next()?,
        "dirname" => {
            trimmed.rsplit_once('/').map_or(".", |(directory, _)| if directory.is_empty() { "/" } else { directory })
        }
        _ => path,
    };
    Some(Value::literal(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_as_printf_does() {
        assert_eq!(unescape("\\x72\\155 -rf\\n").as_deref(), Some("rm -rf\n"));
        assert_eq!(unescape("a\\").as_deref(), Some("a\\"));
        assert_eq!(unescape("\\U00110000"), None);
    }
}
