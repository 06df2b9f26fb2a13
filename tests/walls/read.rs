//! Reading a planted credential, by every program at hand.

use crate::fixture::{Room, SECRET, User, Walls, has_masks};
use holdpoint::decide::policy::{Enforcement, Missing};

/// Each reads `$SECRET_FILE`. The first word is the program that must be on the machine.
const READERS: &[&str] = &[
    "cat \"$SECRET_FILE\"",
    "tac \"$SECRET_FILE\"",
    "head \"$SECRET_FILE\"",
    "tail \"$SECRET_FILE\"",
    "dd if=\"$SECRET_FILE\"",
    "od -c \"$SECRET_FILE\"",
    "cp \"$SECRET_FILE\" copy && cat copy",
    "mv \"$SECRET_FILE\" moved && cat moved",
    "ln \"$SECRET_FILE\" linked && cat linked",
    "install \"$SECRET_FILE\" copy && cat copy",
    "awk 1 \"$SECRET_FILE\"",
    "sed '' \"$SECRET_FILE\"",
    "grep . \"$SECRET_FILE\"",
    "sort \"$SECRET_FILE\"",
    "uniq \"$SECRET_FILE\"",
    "cut -c1- \"$SECRET_FILE\"",
    "paste \"$SECRET_FILE\"",
    "fold \"$SECRET_FILE\"",
    "nl \"$SECRET_FILE\"",
    "pr \"$SECRET_FILE\"",
    "rev \"$SECRET_FILE\"",
    "tr a a < \"$SECRET_FILE\"",
    "base64 -w0 \"$SECRET_FILE\" | base64 -d",
    "diff \"$SECRET_FILE\" /dev/null",
    "cmp -l \"$SECRET_FILE\" /dev/null",
    "comm \"$SECRET_FILE\" /dev/null",
    "find \"$SECRET_FILE\" -exec cat {} +",
    "tar cf - \"$SECRET_FILE\" | tar xOf - | grep .",
    "cpio -o <<< \"$SECRET_FILE\"",
    "zip - \"$SECRET_FILE\" | funzip",
    "gzip -c \"$SECRET_FILE\" | gzip -d",
    "bzip2 -c \"$SECRET_FILE\" | bzip2 -d",
    "xz -c \"$SECRET_FILE\" | xz -d",
    "xxd \"$SECRET_FILE\" | xxd -r",
    "strings \"$SECRET_FILE\"",
    "git diff --no-index /dev/null \"$SECRET_FILE\"",
    "python3 -c 'import os; print(open(os.environ[\"SECRET_FILE\"]).read())'",
    "perl -pe1 \"$SECRET_FILE\"",
    "ruby -e 'puts File.read(ENV[\"SECRET_FILE\"])'",
    "node -e 'console.log(require(\"fs\").readFileSync(process.env.SECRET_FILE, \"utf8\"))'",
    "php -r 'echo file_get_contents(getenv(\"SECRET_FILE\"));'",
    "lua -e 'print(io.open(os.getenv(\"SECRET_FILE\")):read(\"a\"))'",
    "gcc -E -x c \"$SECRET_FILE\"",
    "m4 \"$SECRET_FILE\"",
    "make -f \"$SECRET_FILE\"",
    "openssl enc -in \"$SECRET_FILE\"",
    "curl -s \"file://$SECRET_FILE\"",
    "wget -q -O- -i \"$SECRET_FILE\"; wget -O- --post-file=\"$SECRET_FILE\" http://127.0.0.1:9/",
    "psql -f \"$SECRET_FILE\" -d nowhere",
    "cat < \"$SECRET_FILE\" > /dev/tcp/127.0.0.1/9",
    "busybox cat \"$SECRET_FILE\"",
    "pigz -c \"$SECRET_FILE\" | pigz -d",
    "zstd -c \"$SECRET_FILE\" | zstd -d",
    "jq -R . \"$SECRET_FILE\"",
    "hexdump -C \"$SECRET_FILE\"",
    "sha256sum \"$SECRET_FILE\" && false",
    "expand \"$SECRET_FILE\"",
    "shuf \"$SECRET_FILE\"",
    "csplit \"$SECRET_FILE\" 1 && cat xx00",
    "join \"$SECRET_FILE\" \"$SECRET_FILE\"",
    "ptx \"$SECRET_FILE\"",
    "tsort \"$SECRET_FILE\"",
    "fmt \"$SECRET_FILE\"",
    "cksum \"$SECRET_FILE\" && false",
    "gpg --dearmor < \"$SECRET_FILE\"",
    "sqlite3 :memory: \".read $SECRET_FILE\"",
    "sqlite3 :memory: \"select readfile('$SECRET_FILE')\" | grep .",
    "vim -es -c ':%p' -c ':q!' \"$SECRET_FILE\"",
    "ex -s -c ':%p' -c ':q!' \"$SECRET_FILE\"",
    "xargs -a \"$SECRET_FILE\" echo",
    "bash \"$SECRET_FILE\"",
    "sh -c 'while read -r line; do echo \"$line\"; done < \"$SECRET_FILE\"'",
    "echo \"$(< \"$SECRET_FILE\")\"",
    "mapfile -t lines < \"$SECRET_FILE\"; echo \"${lines[@]}\"",
    "source \"$SECRET_FILE\"",
    "strace -e trace=read -s 200 cat \"$SECRET_FILE\"",
    "gdb -batch -ex \"source $SECRET_FILE\"",
    "rsync \"$SECRET_FILE\" copied && cat copied",
    "split \"$SECRET_FILE\" && cat xaa",
    "wc \"$SECRET_FILE\" && false",
    "md5sum \"$SECRET_FILE\" && false",
    "file -m \"$SECRET_FILE\" /dev/null",
    "ssh-keygen -y -f \"$SECRET_FILE\"",
    "dc \"$SECRET_FILE\"",
    "bc \"$SECRET_FILE\"",
    "tee < \"$SECRET_FILE\"",
    "less \"$SECRET_FILE\"",
    "more \"$SECRET_FILE\"",
    "script -qc 'cat $SECRET_FILE' /dev/null",
    "timeout 5 cat \"$SECRET_FILE\"",
    "env cat \"$SECRET_FILE\"",
    "nohup cat \"$SECRET_FILE\"",
    "setsid -w cat \"$SECRET_FILE\"",
];

fn try_all(user: User, walls: Walls) {
    let mut room = Room::new(user);
    room.walls = walls;
    let mut tried = 0;
    for reader in READERS {
        let program = reader.split([' ', '\\']).next().unwrap_or_default();
        let there = room.bash(&format!("type {program} > /dev/null 2>&1"));
        assert!(there.stood.is_ok(), "{user:?}, {walls:?}: {there:?}");
        if there.status() != 0 {
            eprintln!("NOT TESTED: {program} is not on this machine");
            continue;
        }
        tried += 1;
        let done = room.bash(&format!("set -o pipefail; {reader}"));
        assert!(!done.shows_the_secret(), "{user:?}, {walls:?}: {reader} showed the secret: {done:?}");
        let said = format!("{}{}", done.stdout, done.stderr).to_lowercase();
        // Without Landlock a mask is a device, which some programs do not even open.
        let refused = done.status() != 0 || said.contains("permission denied") || walls == Walls::MasksAlone;
        assert!(refused, "{user:?}, {walls:?}: {reader} said that all was well: {done:?}");
        assert!(done.stood.is_ok(), "{done:?}");
    }
    eprintln!("{user:?}, {walls:?}: {tried} programs were refused");
    if tried < 60 {
        eprintln!("NOT TESTED: sixty programs, because only {tried} of them are on this machine");
    }
    assert!(tried >= 20, "too few programs on this machine to say anything: {tried}");
}

#[test]
fn no_program_reads_a_credential() {
    for user in User::all() {
        try_all(user, Walls::Best);
    }
}

#[test]
fn no_program_reads_a_credential_of_the_home_behind_landlock_alone() {
    for user in User::all() {
        try_all(user, Walls::LandlockAlone);
    }
}

#[test]
fn no_program_reads_a_credential_where_namespaces_are_closed_or_refused() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        for walls in [Walls::NamespacesClosed, Walls::NamespacesRefused] {
            let mut room = Room::new(user);
            room.walls = walls;
            for text in [
                "cat ../.netrc",
                "cat ../.aws/credentials",
                "cat ../.local/state/holdpoint/secret",
                "python3 -c 'open(\"../.netrc\")'",
            ] {
                let done = room.bash(text);
                let stood = done.stood.as_ref().expect("it ran");
                assert!(
                    matches!(stood, Enforcement::Partial(missing) if missing.contains(&Missing::RepositorySecrets)),
                    "{done:?}"
                );
                assert!(!done.shows_the_secret() && done.status() != 0, "{user:?}, {walls:?}: {text}: {done:?}");
            }
            let done = room.bash("cat README.md; echo new > new; cat new; mkdir d; mv new d/; cat d/new");
            assert_eq!(done.stdout, "hello\nnew\nnew\n", "{user:?}, {walls:?}: {done:?}");
        }
    }
}

#[test]
fn no_program_reads_a_credential_behind_masks_alone() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        try_all(user, Walls::MasksAlone);
    }
}

#[test]
fn everything_stands_where_the_machine_gives_everything() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        let done = Room::new(user).bash("true");
        if holdpoint::sys::landlock::abi() < 6 {
            eprintln!("NOT TESTED: Landlock's ABI is below 6");
            assert!(matches!(done.stood, Ok(Enforcement::Partial(_))), "{done:?}");
        } else {
            assert_eq!(done.stood, Ok(Enforcement::Full), "{user:?}: {done:?}");
        }
    }
}

#[test]
fn what_no_list_knows_in_home_is_refused_and_what_is_known_to_be_harmless_is_read() {
    const UNKNOWN: [&str; 5] =
        [".frob", ".frobrc", ".config/frob/auth.json", ".config/frob.toml", ".local/share/frob/token.json"];
    const HARMLESS: [&str; 8] = [
        ".bashrc",
        ".vimrc",
        ".npm/_cacache/x",
        ".cargo/config.toml",
        ".config/nvim/init.lua",
        ".local/share/pnpm/x",
        ".local/bin/x",
        ".cache/tool/x",
    ];
    for walls in [Walls::Best, Walls::LandlockAlone] {
        for user in User::all() {
            let mut room = Room::new(user);
            room.walls = walls;
            room.write("home/.frob/token", SECRET);
            for path in UNKNOWN.iter().skip(1) {
                room.write(&format!("home/{path}"), SECRET);
            }
            for path in HARMLESS {
                room.write(&format!("home/{path}"), "plain\n");
            }
            let done = room.bash("cat ~/.frob/token || cat ~/.frob/* || grep -r . ~/.frob");
            assert!(!done.shows_the_secret() && done.status() != 0, "{user:?} {walls:?}: {done:?}");
            for path in UNKNOWN.iter().skip(1) {
                let done = room.bash(&format!("cat ~/{path}"));
                assert!(!done.shows_the_secret() && done.status() != 0, "{user:?} {walls:?}: {path}: {done:?}");
            }
            for path in HARMLESS {
                let done = room.bash(&format!("cat ~/{path}"));
                assert_eq!(
                    (done.status(), done.stdout.as_str()),
                    (0, "plain\n"),
                    "{user:?} {walls:?}: {path}: {done:?}"
                );
            }
            room.passes = vec!["own:frob".into(), "~/.config/frob.toml".into()];
            let done = room.bash("cat ~/.frob/token ~/.frobrc ~/.config/frob/auth.json ~/.config/frob.toml");
            assert!(done.shows_the_secret() && done.status() == 0, "{user:?} {walls:?}: {done:?}");
        }
    }
}

#[test]
fn names_that_are_no_text_are_refused_as_others_are() {
    if !has_masks() {
        return;
    }
    for user in User::all() {
        for walls in [Walls::Best, Walls::LandlockAlone] {
            let mut room = Room::new(user);
            room.walls = walls;
            room.write_bytes(b"home/.frob\xff", SECRET);
            room.write_bytes(b"home/.config/\xfefrob/auth.json", SECRET);
            room.write_bytes(b"home/.local/share/fr\xffob", SECRET);
            let done =
                room.bash("cat ~/.frob* $'../.config/\\xfefrob/auth.json' ~/.local/share/fr*; cat $'../.frob\\xff'");
            assert!(!done.shows_the_secret(), "{user:?} {walls:?}: {done:?}");
            assert_eq!(done.stderr.matches("Permission denied").count(), 4, "{user:?} {walls:?}: {done:?}");
        }
        let mut room = Room::new(user);
        room.deny = vec!["~/notes/*.txt".into(), "*.secret".into()];
        room.write_bytes(b"home/shop/\xffapp/.env", SECRET);
        room.write_bytes(b"home/shop/.env.\xff", SECRET);
        room.write_bytes(b"home/shop/\xff.secret", SECRET);
        room.write_bytes(b"home/notes/\xff.txt", SECRET);
        let done = room.bash("cat *app/.env .env.?* *.secret ../notes/*.txt");
        assert!(!done.shows_the_secret(), "{user:?}: {done:?}");
        // `.env.example` is read.
        assert_eq!(done.stderr.matches("Permission denied").count(), 4, "{user:?}: {done:?}");
    }
}
