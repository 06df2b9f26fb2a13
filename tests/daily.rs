//! What a coding agent runs all day in a real repository, before the judge: nobody is to be asked about any of it (`tests/daily`).
//!
//! A case that fails is a false alarm: the kind is mended, not the case.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    command: String,
    why: String,
}

#[derive(serde::Deserialize)]
struct Answer {
    id: String,
    decision: String,
    rules: Vec<String>,
}

/// Committed and pushed.
const SOURCES: &[(&str, &str)] = &[
    (
        "package.json",
        r#"{"name":"shop","version":"1.2.3","scripts":{"test":"jest","build":"vite build","dev":"vite","lint":"eslint .","clean":"rimraf dist","typecheck":"tsc","migrate":"prisma migrate deploy","watch":"tsc -w","worker":"node w.js"}}"#,
    ),
    (
        "Makefile",
        "all:\n\tgcc -o build/app main.c\nclean:\n\trm -rf build *.o\ntest:\n\tpytest\ninstall:\n\tcp build/app /usr/local/bin\nbuild:\n\tgo build -o bin/shop\n",
    ),
    ("db/schema.sql", "select 1;\n"),
    ("db/seed.sql", "select 1;\n"),
    (
        ".gitignore",
        "node_modules/\ndist/\nbuild/\ntarget/\n.venv/\n*.log\ncoverage/\n__pycache__/\n*.pyc\n.env\n.env.test\ntmp/\nlogs/\nbin/\nobj/\n.next/\n.nyc_output/\n*.egg-info\n.pytest_cache\nvendor/\nnohup.out\n.gradle\ndocs/_build\n*.db\n",
    ),
];
/// Committed and pushed, with any text.
const OTHERS: &str = "src/a.ts src/b.ts src/app.ts src/index.ts src/old.ts src/utils/x.ts src/app.py src/main.rs src/a.c a.py README.md server.js main.c script.py manage.py tests/test_a.py docs/notes.md k8s/deployment.yaml tsconfig.json package-lock.json requirements.txt data.csv config/local.yml public/index.html packages/a/index.ts packages/b/index.ts Cargo.toml Cargo.lock pyproject.toml go.mod pom.xml build.gradle Gemfile composer.json CMakeLists.txt mix.exs docker-compose.yml Dockerfile";
/// Ignored.
const OUTPUT: &str = "node_modules/react/i.js dist/bundle.js build/app target/debug/shop .venv/bin/python coverage/c.json src/__pycache__/a.pyc server.log worker.log logs/app.log logs/dev.log nohup.out .env .env.test bin/shop obj/x vendor/a.php dev.db tmp/cache/x tmp/pids/server.pid docs/_build/x .pytest_cache/x .next/x";

/// A home with a repository in it, not below `/tmp`: what lies there is temporary.
struct Home(tempfile::TempDir);

impl Home {
    fn build() -> Home {
        let home = Home(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory"));
        home.write(".bashrc", "x");
        home.write(".cache/shop/x", "x");
        SOURCES.iter().for_each(|(name, text)| home.write(&format!("shop/{name}"), text));
        OTHERS.split(' ').for_each(|name| home.write(&format!("shop/{name}"), name));
        home.git(&["init", "-q", "--bare", "../origin.git"]);
        home.git(&["init", "-q", "-b", "main"]);
        home.git(&["add", "."]);
        home.git(&["commit", "-qm", "one"]);
        home.git(&["remote", "add", "origin", "../origin.git"]);
        home.git(&["push", "-q", "-u", "origin", "main"]);
        home.git(&["branch", "merged"]);
        home.git(&["checkout", "-qb", "topic"]);
        home.write("shop/src/a.ts", "other");
        home.git(&["commit", "-qam", "two"]);
        home.git(&["push", "-q", "-u", "origin", "topic"]);
        home.git(&["checkout", "-q", "main"]);
        // No text: what tools make is not read.
        OUTPUT.split(' ').for_each(|name| home.write(&format!("shop/{name}"), "\0"));
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().canonicalize().expect("real").join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn git(&self, asked: &[&str]) {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
        let done = Command::new("git").current_dir(self.path("shop")).args(identity).args(asked).output();
        let done = done.expect("these tests need git");
        assert!(done.status.success(), "git {asked:?}: {done:?}");
    }

    fn judge(&self, cases: &[Case]) -> Vec<Answer> {
        let mut asked = String::new();
        for (number, case) in cases.iter().enumerate() {
            writeln!(asked, "{}", serde_json::json!({ "id": number.to_string(), "command": case.command }))
                .expect("text");
        }
        let mut judge = Command::new(env!("CARGO_BIN_EXE_holdpoint"));
        judge.args(["check", "--batch"]).current_dir(self.path("shop")).env_clear();
        judge
            .env("HOME", self.path(".cache").parent().expect("a home"))
            .env("USER", "ann")
            .env("PATH", "/usr/bin:/bin");
        let mut judge = judge.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("holdpoint runs");
        let mut input = judge.stdin.take().expect("piped");
        let writer = std::thread::spawn(move || input.write_all(asked.as_bytes()));
        let said = judge.wait_with_output().expect("holdpoint answers");
        writer.join().expect("written").expect("written");
        let text = String::from_utf8(said.stdout).expect("text");
        text.lines().map(|line| serde_json::from_str(line).expect("an answer")).collect()
    }
}

fn case(command: &str) -> Case {
    Case { command: command.to_owned(), why: String::new() }
}

/// Which of the commands are held where these files stand changed or untracked.
fn held(commands: &[&str]) -> Vec<String> {
    let home = Home::build();
    let text = "a line of text\n".repeat(60);
    for name in ["src/a.ts", "package.json", "src/fresh.ts", "notes.md", "out.txt", "results.json", "kept.db"] {
        home.write(&format!("shop/{name}"), &text);
    }
    home.write("shop/VERSION", "1.2\n");
    let cases: Vec<Case> = commands.iter().map(|command| case(command)).collect();
    let answers = home.judge(&cases);
    let stopped = answers.iter().filter(|answer| answer.decision != "allow");
    stopped.map(|answer| cases[answer.id.parse::<usize>().expect("a number")].command.clone()).collect()
}

#[test]
fn files_that_are_written_over_and_over_are_written() {
    let body = "export const a = 1;\n".repeat(30);
    let mut commands: Vec<String> = ["src/a.ts", "src/fresh.ts", "notes.md"]
        .iter()
        .flat_map(|file| {
            [
                format!("cat > {file} <<'EOF'\n{body}EOF"),
                format!("cat <<EOF | tee {file}\n{body}EOF"),
                format!("tee {file} >/dev/null <<'EOF'\n{body}EOF"),
                format!("cat > /tmp/new <<'EOF'\n{body}EOF\nmv /tmp/new {file}"),
            ]
        })
        .collect();
    commands.extend(
        [
            "echo 1.3 > VERSION",
            "echo 1.3 | tee VERSION",
            "npm test > out.txt 2>&1",
            "npm test 2>&1 | tee out.txt | tail -5",
            "curl -s https://api.example.com/x | jq . > results.json",
            "node gen.js > results.json && jq length results.json",
            "jq '.version = \"2\"' package.json > p.tmp && mv p.tmp package.json",
            "tmp=$(mktemp) && jq '.a = 1' package.json > \"$tmp\" && mv \"$tmp\" package.json",
            "sed 's/a/b/' src/a.ts > /tmp/a.ts && cp /tmp/a.ts src/a.ts",
        ]
        .map(str::to_owned),
    );
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    assert_eq!(held(&commands), Vec::<String>::new());
}

#[test]
fn what_would_be_lost_under_another_text_is_asked_about() {
    let commands = [
        "echo x > notes.md",
        "> src/fresh.ts",
        ": > notes.md",
        "true > src/a.ts",
        "cat README.md > notes.md",
        "git show HEAD:src/a.ts > src/a.ts",
        "sort out.txt > out.txt",
        "cat results.json > results.json",
        "jq . package.json > package.json",
        "node gen.js > src/fresh.ts",
        "node gen.js > kept.db",
        "echo x | tee notes.md",
        "cp README.md notes.md",
        "mv README.md notes.md",
        "echo x > t && mv t notes.md",
        "echo x > notes.md > VERSION",
        "node -e \"require('fs').writeFileSync('notes.md', 'x')\"",
        "python3 -c \"open('notes.md', 'w')\"",
    ];
    assert_eq!(held(&commands), commands);
}

#[test]
fn nobody_is_asked_about_a_day_s_work() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/daily");
    let mut files: Vec<PathBuf> =
        fs::read_dir(directory).expect("the cases are there").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let text: String = files.iter().map(|file| fs::read_to_string(file).expect("a case file is text")).collect();
    let cases: Vec<Case> = text.lines().map(|line| serde_json::from_str(line).expect("a case")).collect();
    assert!(cases.len() >= 1000 && cases.iter().all(|case| case.why.ends_with('.')), "{} cases", cases.len());
    let answers = Home::build().judge(&cases);
    assert_eq!(answers.len(), cases.len());
    let mut alarms = String::new();
    for answer in answers.iter().filter(|answer| answer.decision != "allow") {
        let case = cases.get(answer.id.parse::<usize>().expect("a number")).expect("its case");
        writeln!(alarms, "{}    # {} {:?}", case.command, case.why, answer.rules).expect("text");
    }
    assert!(alarms.is_empty(), "false alarms:\n{alarms}");
}
