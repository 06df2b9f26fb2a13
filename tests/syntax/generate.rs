//! Random shell text, the same in every run: commands inside words inside commands, then a few characters changed.

const CHARACTERS: &[&str] = &[
    "a", "x", "1", "b c", "\\'", "'", "\"", "\\\"", "\\\\", "\\$", "\\`", "#", "}", "{", ")", "(", "]", "[", "/", ":",
    "\\}", "*", "?", "~", "\n", "\\\n", "=", "+", "@", "!", "$", "`", "<", ">", "|", "&", ";", "\\x24", "\\x27", "$'",
    "%", " ",
];
const OPERATORS: &[&str] =
    &[":-", "-", ":=", "=", ":?", "?", ":+", "+", "#", "##", "%", "%%", "/", "//", "/#", "^", "^^", ",", ":", "~", "@"];
const MARKS: &[&str] = &["$(:>r)", "`:>r`", "<(:>r)", "${x:-$(:>r)}", "$((1+$(:>r)))", ">(:>r)", "\"$(:>r)\""];
const PLAIN: &[&str] = &["a", "x", "$x", "1", "''", "\"\"", "\\a", "$1", "a$x"];

/// A source of text: an xorshift generator.
pub(crate) struct Generator {
    state: u64,
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Generator { state: seed.wrapping_mul(7919) | 1 }
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 17).expect("64 bits") % limit
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn characters(&mut self, depth: usize) -> String {
        let count = self.below(4);
        (0..count)
            .map(|_| if self.below(2) == 0 { self.pick(CHARACTERS).to_owned() } else { self.piece(depth) })
            .collect()
    }

    pub(crate) fn word(&mut self, depth: usize) -> String {
        let count = 1 + self.below(3);
        (0..count).map(|_| self.piece(depth)).collect()
    }

    fn piece(&mut self, depth: usize) -> String {
        let Some(depth) = depth.checked_sub(1) else {
            return if self.below(4) == 0 { self.pick(MARKS) } else { self.pick(PLAIN) }.to_owned();
        };
        match self.below(22) {
            0 => format!("\"{}\"", self.characters(depth)),
            1 => format!("'{}'", self.characters(depth)),
            2 => format!("$'{}'", self.characters(depth)),
            3 => format!("$( {} )", self.list(depth)),
            4 => format!("`{}`", self.list(depth)),
            5 => format!("${{x{}{}}}", self.pick(OPERATORS), self.characters(depth)),
            6 => format!("\"${{x{}{}}}\"", self.pick(OPERATORS), self.characters(depth)),
            7 => format!("${{a[{}]}}", self.characters(depth)),
            8 => format!("${{x/{}/{}}}", self.characters(depth), self.characters(depth)),
            9 => format!("$(({}))", self.characters(depth)),
            10 => format!("$[{}]", self.characters(depth)),
            11 => format!("<({})", self.list(depth)),
            12 => format!("@({})", self.characters(depth)),
            13 => self.pick(MARKS).to_owned(),
            14 => self.pick(CHARACTERS).to_owned(),
            15 => format!("$({})", self.command(depth)),
            16 => format!("\"`{}`\"", self.list(depth)),
            17 => format!("$\"{}\"", self.characters(depth)),
            18 => format!("${{!x{}}}", self.characters(depth)),
            _ => self.pick(PLAIN).to_owned(),
        }
    }

    pub(crate) fn list(&mut self, depth: usize) -> String {
        let mut list = self.command(depth);
        for _ in 0..self.below(2) {
            list += self.pick(&[";", "\n", " && ", "||", "|", " & ", "; ", " |& ", " # c\n", "#c\n"]);
            list += &self.command(depth);
        }
        list
    }

    fn command(&mut self, depth: usize) -> String {
        let Some(depth) = depth.checked_sub(1) else {
            return self.pick(&[":", ":>r", ": a", ": $x", "a=1"]).to_owned();
        };
        match self.below(22) {
            0 => format!("{{ {}; }}", self.list(depth)),
            1 => format!("({})", self.list(depth)),
            2 => format!("if {}; then {}; fi", self.list(depth), self.list(depth)),
            3 => format!("for x in {}; do {}; done", self.word(depth), self.list(depth)),
            4 => format!("case {} in {}) {};; *) :;; esac", self.word(depth), self.word(depth), self.list(depth)),
            5 => format!("[[ {} == {} ]]", self.word(depth), self.word(depth)),
            6 => format!("[[ {} =~ {} ]]", self.word(depth), self.word(depth)),
            7 => format!("(({}))", self.characters(depth)),
            8 => format!("f() {{ {}; }}; f", self.list(depth)),
            9 => format!("a={} :", self.word(depth)),
            10 => format!("a=({} {})", self.word(depth), self.word(depth)),
            11 => format!("a[{}]={}", self.characters(depth), self.word(depth)),
            12 => format!("export a={}", self.word(depth)),
            13 => format!("declare -a a=({})", self.word(depth)),
            14 => {
                let end = self.pick(&["E", "'E'", "\\E", "-E", "-'E'"]);
                format!(": <<{end}\n{}\nE\n", self.characters(depth))
            }
            15 => format!(": <<<{}", self.word(depth)),
            16 => format!(": >{} >&{}", self.word(depth), self.word(depth)),
            17 => format!("! {}", self.command(depth)),
            18 => format!("time {}", self.command(depth)),
            19 => format!(": <<E {}\n{}\nE\n{}", self.word(depth), self.characters(depth), self.command(depth)),
            20 => format!("coproc {}", self.command(depth)),
            _ => format!(": {} {}", self.word(depth), self.word(depth)),
        }
    }

    /// The text with up to three characters added, taken out or replaced.
    pub(crate) fn damaged(&mut self, text: &str) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..self.below(4) {
            let at = self.below(characters.len().max(1)).min(characters.len());
            let one = self.pick(CHARACTERS).chars().next().unwrap_or(' ');
            match self.below(3) {
                0 if at < characters.len() => drop(characters.remove(at)),
                1 if at < characters.len() => characters[at] = one,
                _ => characters.insert(at, one),
            }
        }
        characters.into_iter().collect()
    }
}
