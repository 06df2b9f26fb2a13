//! A text of two kilobytes.

/// Something like a build script: functions, loops, tests, pipes, a here-document.
pub(crate) fn two_kilobytes() -> String {
    let block = "build() {\n  local name=\"$1\"\n  if [ ! -d \"out/$name\" ]; then mkdir -p \"out/$name\"; fi\n  \
                 for f in src/\"$name\"/*.c; do cc -O2 -c \"$f\" -o \"out/$name/$(basename \"$f\" .c).o\" || return 1; done\n  \
                 git log -1 --format='%h %s' | sed 's/^/built /' >> out/log.txt\n}\nbuild core && build net\n\
                 cat <<EOF > out/version.h\n#define VERSION \"1.0\"\nEOF\nrm -f out/tmp.log\n";
    block.repeat(2048 / block.len() + 1)
}
