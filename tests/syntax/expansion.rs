//! What words are worth: expansions that holdpoint takes for known are what bash makes of them.

use crate::bash::Bash;
use crate::generate::Generator;
use holdpoint::config::pack_file::parse_pack;
use holdpoint::decide::action::{self, Beside, Facts, Rules, Setting};
use holdpoint::decide::syntax::shell;

/// What is set before anything else.
const START: &str = "HOME=/h; v='a b'; w=x; e=; n=3; l=$'one\\ntwo'; p=/usr/lib/x.tar.gz; s='  lead  '; r=v; \
                     A=(1 '2 3' '' z); set -- p1 'p 2' ''";

const STEPS: &[&str] = &[
    "x=$v",
    "x=\"$l\"",
    "x=$l",
    "x=$(printf 'a\\nb\\n')",
    "x=\"$(printf 'a  b')\"",
    "x=$(printf 'a  b')",
    "x=${e:-q  r}",
    "x=${u-$l}",
    "x+=$w",
    "x=$v$l",
    "x=~/y",
    "x=$p:~/z",
    "A+=(\"$v\")",
    "A=($v)",
    "A=(\"$@\" $s)",
    "set -- $v \"$l\"",
    "shift",
    "x=${p##*/}",
    "x=${l/$'\\n'/ }",
    "v=$x",
    "w=$v",
    "e=$w",
    "x=",
    "unset x",
    "x=$s",
    "x=\"$s\"",
    "export x=$v",
    "export x=\"$l\"",
    "x=$(echo $l)",
    "x=$(echo \"$l\")",
    "x=`echo $v`",
    "x=$'\\x41'",
    "x={a,b}",
    "x=$((n + 1))",
    "n=$((n * 2))",
    "x=$1",
    "x=$2$3",
    "local_x=1",
    "x=${x:-d}",
    ": ${x:=f g}",
    "x=${v// /_}",
    "f() { x=$1; }; f \"$v\"",
    "f() { set -- in; x=$1; }; f",
    "for i in $v; do x=$i; done",
    "for i in \"$v\"; do x=$i; done",
    "(x=inner; v=inner)",
    "{ x=group; }",
    "true && x=and",
    "IFS=:; x=$p:q:r",
    "x=$(cat <<E\n$v\n$l\nE\n)",
    "x=$(cat <<'E'\n$v\n\tz\nE\n)",
    "x=$(cat <<< \"$v\")",
    "read -r x <<< \"$v\"",
];

const WORDS: &[&str] = &[
    "$v",
    "\"$v\"",
    "${v}",
    "${w}y",
    "$e",
    "\"$e\"",
    "${e:-d f}",
    "\"${e:-d f}\"",
    "${e-d}",
    "${u:-u1 u2}",
    "${u-$v}",
    "\"${u:-$v}\"",
    "${w:+alt er}",
    "\"${w:+$l}\"",
    "${p##*/}",
    "${p%.*}",
    "${p%%.*}",
    "${p#/}",
    "${v// /_}",
    "${v/a/b}",
    "\"${v/ /$w}\"",
    "${v^}",
    "${v^^}",
    "${p,,}",
    "${#v}",
    "${v:1}",
    "${v:0:1}",
    "\"${v:1}\"",
    "\"${A[@]}\"",
    "${A[@]}",
    "\"${A[*]}\"",
    "${A[*]}",
    "${A[1]}",
    "\"${A[1]}\"",
    "${#A[@]}",
    "\"${A[@]:1:2}\"",
    "\"$@\"",
    "$@",
    "\"$*\"",
    "$*",
    "$1",
    "\"$2\"",
    "\"$3\"",
    "${@:2}",
    "\"${@:1:1}\"",
    "$#",
    "$((n+1))",
    "$((n*2))",
    "{a,b}{1,2}",
    "x{1..3}",
    "{3..1}",
    "{a..c}",
    "~",
    "\"~\"",
    "~/d",
    "a{,b}",
    "$v{x,y}",
    "\"$l\"",
    "$l",
    "`echo \"$v\"`",
    "$(echo $v)",
    "\"$(printf 'a\\nb\\n')\"",
    "$(printf 'a\\nb\\n')",
    "${!r}",
    "\"${!r}\"",
    "$x",
    "\"$x\"",
    "a$x",
    "\"$x\"b",
    "'$x'",
    "\\$x",
    "$s",
    "\"$s\"",
    "a$s",
    "${s}b",
    "$x$s",
    "\"${x:-none}\"",
    "${x:+set}",
    "plain",
    "''",
    "\"\"",
    "''$e",
    "$e$e",
    "\"$x$v\"",
    "\"${l%%two}\"",
    "\"${l#*e}\"",
    "-- -a",
    "b\\ c",
    "$'d\\te'",
];

/// One rule, which names every word behind `probe --`.
fn probe() -> Rules {
    let pack = "pack: probe\nabout: Shows the words of a command.\nprogram: probe\nrules:\n  - id: probe.word.show\n    when: {}\n    \
                does: { verb: delete, resource: word, reach: service, reversal: none }\n    why: It is a probe.\n";
    Rules::with(vec![Beside::read(parse_pack(pack.to_owned(), "probe").expect("a pack"))])
}

/// The words that `probe` would get; `None` if one of them is not known.
fn ours(text: &str, rules: Rules) -> Option<Vec<String>> {
    let setting = Setting { directory: "/d".to_owned(), ..Setting::default() };
    let reading = action::read(&shell::read(text), &setting, &Facts::default(), rules);
    let action = reading.actions.into_iter().rev().find(|action| action.rule == "probe.word.show")?;
    let known = !action.names.iter().any(|name| name.contains(['…', '№']));
    known.then_some(action.names)
}

#[test]
fn what_is_known_of_words_is_what_bash_makes_of_them() {
    let rules = probe();
    let mut generator = Generator::new(11);
    let mut compared = 0;
    let scripts: Vec<(String, Vec<String>)> = (0..1500)
        .filter_map(|_| {
            let steps: Vec<&str> = (0..generator.below(4)).map(|_| generator.pick(STEPS)).collect();
            let words: Vec<&str> = (0..1 + generator.below(3)).map(|_| generator.pick(WORDS)).collect();
            let text = format!("{START}\n{}\nprobe -- {}\n", steps.join("\n"), words.join(" "));
            let names = ours(&text, rules)?;
            Some((text, names))
        })
        .collect();
    for batch in scripts.chunks(40) {
        let mut text = "probe() { shift; printf '%s\\0' \"$#\" \"$@\"; }\ncat() { local t; IFS= read -rd '' t; printf '%s' \"$t\"; }\n".to_owned();
        let mut expected: Vec<String> = Vec::new();
        for (script, names) in batch {
            text += &format!("( {script} )\n");
            expected.push(names.len().to_string());
            // Without arguments, printf still writes one empty string for its format.
            expected.extend(names.iter().cloned());
        }
        let output = String::from_utf8(Bash::new().output(&text)).expect("UTF-8 in, UTF-8 out");
        let mut fields: Vec<&str> = output.split('\0').collect();
        assert_eq!(fields.pop(), Some(""), "bash ended early in:\n{text}");
        let mut place = 0;
        for (script, names) in batch {
            let end = place + 1 + names.len();
            let theirs = fields.get(place + 1..end).unwrap_or_default();
            assert_eq!(
                (fields.get(place), theirs),
                (Some(&&*names.len().to_string()), &names.iter().map(String::as_str).collect::<Vec<_>>()[..]),
                "{script}"
            );
            place = end;
            compared += 1;
        }
    }
    assert!(compared > 800, "only {compared} were known");
}
