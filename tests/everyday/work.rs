//! The work.

use crate::house::{House, User};

/// A piece of work: what it is, the programs without which it is left out, and its text.
type Work = (&'static str, &'static str, &'static str);

const GIT: &str = "export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=a@example.org GIT_AUTHOR_DATE=2020-01-01T00:00:00Z GIT_COMMITTER_DATE=2020-01-01T00:00:00Z; ";

const WORK: &[Work] = &[
    (
        "a repository is made, branched, merged, rebased",
        "git",
        "git init -qb main r && cd r && echo a > a && git add a && git commit -qm a && git checkout -qb side && echo b > b && git add b && git commit -qm b && git checkout -q main && echo c > c && git add c && git commit -qm c && git rebase -q main side && git checkout -q main && git merge -q side && git tag v1 && git log --format='%s %D' && git status --porcelain",
    ),
    (
        "a remote is cloned, pushed to, fetched and tracked",
        "git",
        "git init -qb main --bare o.git && git clone -q o.git c 2>&1 && cd c && echo a > a && git add . && git commit -qm a && git push -qu origin main && git checkout -qb topic && git push -qu origin topic && git fetch -q && git pull -q && git config --get branch.topic.merge && git remote add other ../o.git && git remote -v | wc -l && git branch -vv | sed 's/ [0-9a-f]* / /'",
    ),
    (
        "a repository on another machine is cloned, pushed to and fetched by ssh",
        "git",
        "git init -qb main --bare o.git && mkdir bin && printf '#!/bin/sh\nfor last; do :; done\nexec sh -c \"$last\"\n' > bin/ssh && chmod +x bin/ssh && PATH=$PWD/bin:$PATH && git clone -q ssh://host.test$PWD/o.git c 2>&1 && cd c && echo a > a && git add . && git commit -qm a && git push -qu origin main && git fetch -q && git pull -q && git ls-remote | cut -f2 && git submodule --quiet add ssh://host.test${PWD%/c}/o.git part && git submodule status | cut -c43-",
    ),
    (
        "a commit is signed with a key that was made for it",
        "git gpg",
        "export GNUPGHOME=$PWD/g && mkdir -m 700 g && gpg --batch --quiet --passphrase '' --quick-generate-key 'Ada <a@example.org>' ed25519 sign never 2> /dev/null && git init -qb main r && cd r && echo a > a && git add a && git commit -qS -m a && git log --format='%G? %s'; gpgconf --kill all",
    ),
    (
        "work is stashed and taken out again",
        "git",
        "git init -qb main r && cd r && echo a > a && git add a && git commit -qm a && echo b >> a && git stash -q && cat a && git stash pop -q && cat a && git diff --stat",
    ),
    (
        "a worktree stands beside the repository",
        "git",
        "git init -qb main r && cd r && echo a > a && git add a && git commit -qm a && git worktree add -q ../w -b side && cd ../w && echo b > b && git add b && git commit -qm b && git log --format=%s && git worktree list | wc -l",
    ),
    (
        "a submodule comes along",
        "git",
        "git init -qb main s && (cd s && echo s > s && git add s && git commit -qm s) && git init -qb main r && cd r && git -c protocol.file.allow=always submodule --quiet add ../s lib && git commit -qm lib && git submodule status | cut -c1,42- && cat lib/s",
    ),
    (
        "a hook of the repository runs at a commit",
        "git",
        "mkdir -p tpl/hooks && printf '#!/bin/sh\\necho hook ran\\n' > tpl/hooks/pre-commit && chmod +x tpl/hooks/pre-commit && git init -qb main --template=tpl r && cd r && echo a > a && git add a && git commit -qm a && git log --format=%s",
    ),
    (
        "a crate is made, built, tested",
        "cargo",
        "cargo new -q --vcs none shop --lib && cd shop && cargo test -q --offline 2>&1 | grep -c 'test result: ok' && cargo build -q --offline && ls target/debug/*.rlib | wc -l",
    ),
    (
        "make builds in parallel",
        "make gcc",
        "printf 'all: a b\\na: a.c\\n\\tgcc -o a a.c\\nb: b.c\\n\\tgcc -o b b.c\\n' > Makefile && echo 'int main(){return 3;}' | tee a.c > b.c && make -sj2 && ./a; echo $?; ./b; echo $?",
    ),
    (
        "cmake configures and builds",
        "cmake gcc",
        "printf 'cmake_minimum_required(VERSION 3.10)\\nproject(x C)\\nadd_executable(x x.c)\\n' > CMakeLists.txt && echo 'int main(){return 0;}' > x.c && cmake -S . -B b > /dev/null && cmake --build b > /dev/null && b/x && echo built",
    ),
    (
        "a virtual environment is made and used",
        "python3",
        "python3 -m venv --without-pip .venv && .venv/bin/python -c 'import sys; print(sys.prefix != sys.base_prefix)' && . .venv/bin/activate && python -c 'print(7)'",
    ),
    (
        "a package is installed into a virtual environment",
        "python3",
        "python3 -m venv .venv > /dev/null && python3 -c 'import zipfile; z = zipfile.ZipFile(\"demo-1.0-py3-none-any.whl\", \"w\"); d = \"demo-1.0.dist-info/\"; z.writestr(\"demo.py\", \"print(7)\"); z.writestr(d + \"METADATA\", \"Metadata-Version: 2.1\\nName: demo\\nVersion: 1.0\\n\"); z.writestr(d + \"WHEEL\", \"Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n\"); z.writestr(d + \"RECORD\", \"\"); z.close()' && .venv/bin/pip install -q --disable-pip-version-check --no-index ./demo-1.0-py3-none-any.whl && .venv/bin/python -m demo && .venv/bin/pip list --disable-pip-version-check 2> /dev/null | grep demo",
    ),
    (
        "a package is installed by uv",
        "uv python3",
        "uv venv -q --offline .venv && VIRTUAL_ENV=$PWD/.venv uv pip list --offline 2> /dev/null | wc -l && uv cache dir | wc -l",
    ),
    (
        "tests are run by pytest",
        "pytest",
        "printf 'def test_a(tmp_path):\n  (tmp_path / \"x\").write_text(\"1\")\n  assert (tmp_path / \"x\").read_text() == \"1\"\n' > test_a.py && pytest -q 2>&1 | grep -c '1 passed'",
    ),
    (
        "a package is installed by pnpm",
        "pnpm node",
        "mkdir dep && printf '{\"name\":\"dep\",\"version\":\"1.0.0\"}' > dep/package.json && echo 'module.exports = 7' > dep/index.js && printf '{\"name\":\"app\",\"version\":\"1.0.0\",\"scripts\":{\"test\":\"node -p 1\"},\"dependencies\":{\"dep\":\"file:dep\"}}' > package.json && pnpm install --offline --silent && pnpm test --silent",
    ),
    (
        "a server of databases is set up, started, asked and stopped",
        "bash",
        "PATH=/usr/lib/postgresql/17/bin:/usr/lib/postgresql/16/bin:/usr/lib/postgresql/15/bin:$PATH; initdb -D d -A trust -U ada > /dev/null && { postgres -D d -k $PWD -h 127.0.0.1 -p 5791 > log 2>&1 & p=$!; } && for i in $(seq 100); do pg_isready -q -h $PWD -p 5791 && break; sleep 0.1; done; psql -h 127.0.0.1 -p 5791 -U ada -d postgres -Atc 'create table t(a int); insert into t values (1), (2); select sum(a) from t' && psql -h $PWD -p 5791 -U ada -d postgres -Atc 'select 7'; kill $p; wait $p; echo $?",
    ),
    (
        "unit tests run",
        "python3",
        "printf 'import unittest\\nclass T(unittest.TestCase):\\n  def test_a(self): self.assertEqual(1, 1)\\n' > test_a.py && python3 -m unittest -q 2>&1 | grep -c OK",
    ),
    (
        "processes and threads share work",
        "python3",
        "python3 -c 'import multiprocessing as m; print(sum(m.Pool(4).map(abs, range(-99, 0))))' && python3 -c 'from concurrent.futures import ThreadPoolExecutor as T; print(sum(T(8).map(abs, range(-99, 0))))'",
    ),
    (
        "a package with a local dependency is installed, tested and run",
        "npm",
        "mkdir dep && printf '{\"name\":\"dep\",\"version\":\"1.0.0\"}' > dep/package.json && echo 'module.exports = 7' > dep/index.js && echo 'console.log(require(\"dep\"))' > test.js && printf '{\"name\":\"app\",\"version\":\"1.0.0\",\"scripts\":{\"test\":\"node test.js\",\"build\":\"echo built\"},\"dependencies\":{\"dep\":\"file:dep\"}}' > package.json && npm install --offline --no-audit --no-fund --silent && npm test --silent && npm run --silent build",
    ),
    (
        "a development server answers",
        "node curl",
        "node -e 'const s = require(\"http\").createServer((q, r) => r.end(\"works\\n\")).listen(0, \"127.0.0.1\", () => require(\"fs\").writeFileSync(\"port\", String(s.address().port)))' & for i in $(seq 100); do [ -s port ] && break; sleep 0.1; done; curl -s http://127.0.0.1:$(cat port)/; kill $!; wait $! 2> /dev/null; echo $?",
    ),
    (
        "files are served",
        "python3 curl",
        "echo works > a; python3 -c 'import http.server as h, threading, urllib.request as u; s = h.ThreadingHTTPServer((\"127.0.0.1\", 0), h.SimpleHTTPRequestHandler); h.SimpleHTTPRequestHandler.log_message = lambda *a: None; threading.Thread(target=s.serve_forever, daemon=True).start(); print(u.urlopen(f\"http://127.0.0.1:{s.server_address[1]}/a\").read())'",
    ),
    (
        "a stream is read file by file",
        "node",
        "echo works > a && node -e 'require(\"fs\").createReadStream(\"a\").pipe(process.stdout)' && node -e 'const { execSync } = require(\"child_process\"); console.log(execSync(\"cat a\").toString())' && node -e 'new (require(\"worker_threads\").Worker)(\"console.log(7)\", { eval: true })'",
    ),
    (
        "a database of one file is filled and asked",
        "sqlite3",
        "sqlite3 a.db 'create table t(a); insert into t values (1), (2); select sum(a) from t;' && sqlite3 a.db .dump | wc -l",
    ),
    ("a database's tool says its version", "psql", "psql --version | cut -d' ' -f1,2"),
    ("java is there", "java", "java -version 2>&1 | wc -l"),
    (
        "an archive is made and unpacked",
        "tar gzip",
        "mkdir d && seq 1000 > d/a && tar czf a.tgz d && mkdir e && tar xzf a.tgz -C e && cmp d/a e/d/a && tar tzf a.tgz",
    ),
    ("a zip is made", "zip unzip", "seq 9 > a && zip -q a.zip a && unzip -l a.zip | tail -1 | tr -s ' '"),
    ("a directory is mirrored", "rsync", "mkdir -p a/b && seq 9 > a/b/c && rsync -a a/ d/ && diff -r a d && echo same"),
    (
        "here-documents, here-strings and substitutions",
        "bash",
        "cat <<< here; cat << END\nthere $((1 + 2))\nEND\ndiff <(seq 3) <(seq 4); echo $(echo nested $(echo deep)); cat < <(echo last)",
    ),
    (
        "jobs run in the background",
        "bash",
        "(sleep 0.3; echo late) & echo early; wait; sleep 5 & kill $!; wait $! 2> /dev/null; echo $?",
    ),
    (
        "traps and statuses",
        "bash",
        "trap 'echo left' EXIT; false | true | false; echo ${PIPESTATUS[@]}; (exit 7); echo $?; set -o pipefail; false | cat; echo $?",
    ),
    (
        "arrays, loops, functions",
        "bash",
        "f() { local a=(\"$@\"); echo ${#a[@]} ${a[-1]}; }; f one 'two three' four; for i in {1..3}; do printf '%s ' $i; done; echo; declare -A m=([k]=v); echo ${m[k]}",
    ),
    (
        "ten thousand files",
        "bash",
        "mkdir d && (cd d && seq 10000 | xargs touch) && ls d | wc -l && find d -type f -name '*7' | wc -l && find d -type f -delete && ls d | wc -l",
    ),
    ("large output", "bash", "seq 500000 | tail -1; seq 300000 | cksum"),
    (
        "lines are edited",
        "sed awk perl",
        "seq 9 > a && sed -i 2d a && awk '{ s += $1 } END { print s }' a && perl -i -pe 's/9/ten/' a && cat a | tr '\\n' ' '",
    ),
    (
        "a patch is made and applied",
        "diff patch",
        "seq 9 > a && sed s/5/five/ a > b; diff -u --label a --label b a b > p; patch -s a p && cmp a b && echo same",
    ),
    ("work is spread", "xargs", "seq 20 | xargs -P4 -I{} sh -c 'echo $(({} * 2))' | sort -n | tail -1"),
    ("a command is given some time", "timeout", "timeout 0.2 sleep 5; echo $?; timeout 5 echo fine"),
    ("a lock is taken", "flock", "flock lock echo locked && flock -n lock echo again"),
    (
        "temporary files",
        "mktemp",
        "t=$(mktemp) && echo x > $t && cat $t && rm $t && d=$(mktemp -d) && mv $d d && ls -d d",
    ),
    (
        "links, modes and times",
        "stat",
        "echo a > a && ln -s a b && ln a c && chmod 640 a && touch -d @0 a && stat -c '%a %h %Y' a && cat b && readlink b && mkdir -m 700 d && stat -c %a d && umask 077 && touch e && stat -c %a e",
    ),
    (
        "caches and tools' own places in home are used",
        "bash",
        "mkdir -p ~/.cache/tool && echo x > ~/.cache/tool/f && cat ~/.cache/tool/f && ln ~/.cache/tool/f linked && mv linked ~/.cache/tool/g && cat ~/.cache/tool/g && t=$(mktemp) && mv ~/.cache/tool/g $t && mv $t ~/.cache/tool/h && ls ~/.cache/tool",
    ),
    (
        "a worktree is made beside the repository that is worked in, and worked in",
        "git",
        "git init -qb main . && echo a > a && git add a && git commit -qm a && git worktree add -q ../beside -b side && cd ../beside && echo b > b && git add b && git commit -qm b && git log --format=%s && git worktree list | wc -l && cat b",
    ),
    (
        "a branch is tracked while something else runs",
        "git",
        "git init -qb main --bare o.git && git clone -q o.git c 2>&1 && cd c && echo a > a && git add . && git commit -qm a && git push -qu origin main && git push -q origin main:side && git fetch -q && git checkout -qb side origin/side && python3 -c 'print(7)' && git config --get branch.side.merge && git remote add other ../o.git && git config user.name Ada && git config --get user.name",
    ),
    (
        "a crate is built with a home of cargo's own",
        "cargo",
        "cargo new -q --vcs none shop && cd shop && CARGO_HOME=$PWD/.cargo-home cargo build -q --offline && ls target/debug/shop",
    ),
    (
        "a package is packed with a fresh cache",
        "npm",
        "echo '{\"name\":\"a\",\"version\":\"1.0.0\"}' > package.json && npm pack --silent && ls -d ~/.npm",
    ),
    (
        "a program of go is built with fresh caches",
        "go",
        "printf 'module x\\n\\ngo 1.20\\n' > go.mod && printf 'package main\\n\\nfunc main() { println(7) }\\n' > main.go && GOFLAGS=-mod=mod go build -buildvcs=false -o x . && ./x 2>&1",
    ),
    (
        "git's own settings are changed",
        "git",
        "git config --global user.name Ada && git config --global --get user.name && git config --global alias.st status && cat ~/.gitconfig",
    ),
    (
        "output goes to where it was sent",
        "bash",
        "echo one > /dev/stderr; echo two > /dev/stdout; echo three | tee /dev/stderr; : > /dev/null; echo four >> /proc/self/fd/1",
    ),
    (
        "shared memory and sockets are made",
        "python3",
        "python3 -c 'import socket, tempfile; tempfile.NamedTemporaryFile(dir=\"/dev/shm\").write(b\"x\"); d = tempfile.mkdtemp(); x = socket.socket(socket.AF_UNIX); x.bind(d + \"/s\"); print(7)' && mkfifo p && (echo a > p & cat p)",
    ),
    (
        "keys and certificates are made",
        "openssl",
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout k.key -out c.crt -subj /CN=x -days 1 2> /dev/null && openssl x509 -in c.crt -noout -subject && openssl verify -CAfile c.crt c.crt",
    ),
    (
        "a key pair is made",
        "ssh-keygen",
        "ssh-keygen -q -t ed25519 -N '' -f key && ssh-keygen -lf key.pub | cut -d' ' -f1",
    ),
    (
        "a docker client without an engine says so",
        "docker",
        "docker --version | cut -d' ' -f1; docker ps 2>&1 | grep -ci 'cannot connect\\|failed to connect\\|no such file'",
    ),
    ("a terminal is had", "script", "script -qec 'tty > /dev/null && echo terminal' /dev/null | tr -d '\\r'"),
    ("limits and priorities", "nice", "ulimit -n 256 && ulimit -n && nice -n 5 nice"),
    (
        "the machine is looked at",
        "ps",
        "ps -o comm= -p $$ | wc -l; uname -s; df -P . | wc -l; id -u | wc -l; nproc | wc -l; ls /proc/self/fd | wc -l > /dev/null; whoami",
    ),
    (
        "a debugger runs a program",
        "gdb gcc",
        "echo 'int main(){return 3;}' > a.c && gcc -g a.c -o a && gdb -batch -ex run ./a 2>&1 | grep -c 'exited with code 03'",
    ),
    (
        "exported variables and functions reach children",
        "bash",
        "export A=1 npm_config_loglevel=silent CARGO_TERM_COLOR=never; f() { echo $A; }; export -f f; bash -c 'f; echo $npm_config_loglevel $CARGO_TERM_COLOR'",
    ),
    (
        "a program is compiled and installed in the project",
        "gcc install",
        "echo 'int main(){return 0;}' > a.c && gcc a.c -o a && mkdir -p bin && install -m 755 a bin/a && PATH=$PWD/bin:$PATH && a && echo ran",
    ),
];

/// Does the machine have these programs?
fn has(programs: &str) -> bool {
    let there = |program: &str| {
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).any(|part| part.join(program).is_file())
    };
    programs.split(' ').all(there)
}

/// Does one piece of work in both homes. `Ok`: it is the same, and works; an error says how it differs.
fn compare(user: User, (what, programs, text): &Work) -> Result<bool, String> {
    let text = format!("{}{text}", if programs.contains("git") { GIT } else { "" });
    let (bare, walled) = (House::bare(user), House::walled(user));
    let (one, other) = (bare.run(&text), walled.run(&text));
    let said = walled.told(&other.stderr);
    let same = (bare.told(&one.stdout), bare.told(&one.stderr), one.status)
        == (walled.told(&other.stdout), said.clone(), other.status);
    if !same || said.contains("holdpoint:") {
        return Err(format!("{user:?}: {what}: {one:?} became {other:?}"));
    }
    if !one.status.success() {
        eprintln!("NOT TESTED: {user:?}: {what}: it fails without walls as well: {}", bare.told(&one.stderr));
    }
    Ok(one.status.success())
}

#[test]
fn everyday_work_is_the_same_inside_the_walls() {
    let (there, absent): (Vec<&Work>, Vec<&Work>) = WORK.iter().partition(|(_, programs, _)| has(programs));
    for (what, programs, _) in absent {
        eprintln!("NOT TESTED: {what}, because {programs} is not on this machine");
    }
    for user in User::all() {
        let parts: Vec<&[&Work]> = there.chunks(there.len().div_ceil(4)).collect();
        let results: Vec<Result<bool, String>> = std::thread::scope(|scope| {
            let all: Vec<_> = parts
                .iter()
                .map(|part| scope.spawn(|| part.iter().map(|work| compare(user, work)).collect::<Vec<_>>()))
                .collect();
            all.into_iter().flat_map(|one| one.join().expect("no panic")).collect()
        });
        let faults: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).collect();
        assert!(faults.is_empty(), "{faults:#?}");
        let done = results.iter().filter(|result| **result == Ok(true)).count();
        eprintln!("{user:?}: {done} pieces of work are the same");
        assert!(done >= 20, "too few programs on this machine to say anything");
    }
}
