#!/bin/sh
# Builds a release of holdpoint and installs it below a prefix. Edits no start-up file and no agent's settings.
#
#   ./install.sh                 build, and install below ${PREFIX:-~/.local}
#   ./install.sh --uninstall     remove exactly what was put there
#   ./install.sh --help
#
# HOLDPOINT_BINARY=FILE installs that binary and builds nothing.
set -eu

usage() {
    cat <<'TEXT'
usage: ./install.sh [--prefix DIR] [--uninstall]

  --prefix DIR   where to install; otherwise $PREFIX, otherwise ~/.local
  --uninstall    remove what an earlier run put there, and nothing else

HOLDPOINT_BINARY=FILE installs that binary and builds nothing.
TEXT
}

say() { printf '%s\n' "$*"; }
fail() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prefix=${PREFIX:-${HOME:?HOME is not set: say --prefix DIR}/.local}
action=install
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) [ $# -ge 2 ] || fail "--prefix wants a directory"; prefix=$2; shift ;;
        --prefix=*) prefix=${1#--prefix=} ;;
        --uninstall) action=uninstall ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; fail "$1 is not an option" ;;
    esac
    shift
done
case $prefix in
    /*) ;;
    *) prefix=$PWD/$prefix ;;
esac
prefix=${prefix%/}
case $prefix in
    *"
"*) fail "a prefix with a line break in its name cannot be written down in the manifest" ;;
esac
# Every path that was put there, relative to the prefix: 'f path' for files and links, 'd path' for directories.
manifest=$prefix/share/holdpoint/manifest

# --- what was put there before --------------------------------------------------------------------------------

is_ours() { [ -f "$manifest" ] && grep -Fqx "f $1" "$manifest"; }

exists() { [ -e "$1" ] || [ -L "$1" ]; }

uninstall() {
    [ -f "$manifest" ] || fail "nothing to remove: $manifest does not exist. If it was installed elsewhere, say --prefix DIR"
    # A line that leads out of the prefix was not written here.
    list=$(grep -Ev '^. /|(/|^. )\.\.(/|$)' "$manifest") || true
    printf '%s\n' "$list" | sed -n 's/^f //p' | while IFS= read -r path; do
        if [ -d "$prefix/$path" ] && [ ! -L "$prefix/$path" ]; then
            say "left:    $prefix/$path, which is a directory now"
        elif exists "$prefix/$path"; then
            rm -f -- "$prefix/$path"
            say "removed: $prefix/$path"
        fi
    done
    # Deepest first; a directory that holds anything else stays.
    printf '%s\n' "$list" | sed -n 's/^d //p' | grep -Fvx . | LC_ALL=C sort -r | while IFS= read -r path; do
        if [ -d "$prefix/$path" ] && [ ! -L "$prefix/$path" ]; then
            rmdir -- "$prefix/$path" 2>/dev/null || say "left:    $prefix/$path, which is not empty"
        fi
    done
    # The prefix itself was made by us if the list says so.
    case "
$list
" in
        *"
d .
"*) rmdir -- "$prefix" 2>/dev/null || true ;;
    esac
    say "Records and policy in ~/.local/state/holdpoint and ~/.config/holdpoint were left: they are yours."
}

# --- build ----------------------------------------------------------------------------------------------------

# Builds for a target and prints where the binary is; fails if it cannot be built or does not start here.
build_for() {
    (cd "$here" && cargo build --release --locked --bin holdpoint --target "$1" >&2) || return 1
    candidate=$targets/$1/release/holdpoint
    "$candidate" --version >/dev/null 2>&1 || return 1
    binary=$candidate
}

has_target() { [ -d "$(rustc --print sysroot)/lib/rustlib/$1/lib" ]; }

# A static binary starts two to four times faster than one that is linked at every start, and runs on any distribution.
build() {
    command -v cargo >/dev/null 2>&1 || fail "cargo is not on PATH. Install Rust from your distribution or by rustup, then run this again"
    targets=$(cd "$here" && cargo metadata --no-deps --locked --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
    [ -n "$targets" ] || fail "cargo did not say where it builds"
    host=$(rustc -vV | sed -n 's/^host: //p')
    musl=${host%-gnu*}-musl
    if ! has_target "$musl" && command -v rustup >/dev/null 2>&1; then
        rustup target add "$musl" >/dev/null 2>&1 || true
    fi
    if has_target "$musl" && build_for "$musl"; then
        linkage="static, musl"
        return
    fi
    say "The target $musl is not here and could not be added: building against glibc." >&2
    case $host in
        *-linux-gnu*)
            # An explicit --target keeps the flag away from build scripts and procedural macros.
            if RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static" build_for "$host"; then
                linkage="static, glibc"
                return
            fi
            say "A static build against glibc failed (it wants libc.a): building the plain way." >&2
            ;;
    esac
    build_for "$host" || fail "the build failed: what cargo said stands above"
    linkage="linked against the system's libc"
}

# --- install --------------------------------------------------------------------------------------------------

# Everything that is put there: 'how source destination', the destination below the prefix.
plan() {
    cat <<TEXT
program $binary bin/holdpoint
link ../../../bin/holdpoint lib/holdpoint/bin/bash
link ../../../bin/holdpoint lib/holdpoint/bin/sh
link ../../../bin/holdpoint lib/holdpoint/bin/zsh
link ../../../bin/holdpoint lib/holdpoint/bin/holdpoint-bash
link ../../../bin/holdpoint lib/holdpoint/bin/holdpoint-zsh
text completions/holdpoint.1 share/man/man1/holdpoint.1
text completions/holdpoint.bash share/bash-completion/completions/holdpoint
text completions/_holdpoint share/zsh/site-functions/_holdpoint
text completions/holdpoint.fish share/fish/vendor_completions.d/holdpoint.fish
TEXT
}

destinations() { plan | sed 's/.* //'; }

# What stands there must be ours, or nothing. Asked of all before anything is changed.
check_room() {
    destinations | while IFS= read -r path; do
        if exists "$prefix/$path" && ! is_ours "$path"; then
            fail "$prefix/$path is there already and was not put there by install.sh: move it away, or choose another --prefix"
        fi
    done
}

# Makes a directory and those above it, and writes down each that was not there.
make_directory() {
    [ -d "$prefix/$1" ] && return 0
    case $1 in
        */*) make_directory "${1%/*}" ;;
    esac
    mkdir -- "$prefix/$1"
    printf 'd %s\n' "$1" >>"$draft"
}

write_manifest() {
    LC_ALL=C sort -u "$draft" >"$manifest.part"
    mv -f -- "$manifest.part" "$manifest"
}

# Written beside and renamed, so that a running shell never meets half a file.
put() {
    rm -f -- "$prefix/$3.part"
    case $1 in
        link) ln -s -- "$2" "$prefix/$3.part" ;;
        program) cp -- "$2" "$prefix/$3.part" && chmod 755 "$prefix/$3.part" ;;
        text) cp -- "$here/$2" "$prefix/$3.part" && chmod 644 "$prefix/$3.part" ;;
    esac
    mv -f -- "$prefix/$3.part" "$prefix/$3"
}

# What an earlier version put there and this one does not.
remove_stale() {
    printf '%s\n' "$before" | sed -n 's/^f //p' | while IFS= read -r path; do
        destinations | grep -Fqx "$path" || [ "$path" = share/holdpoint/manifest ] || rm -f -- "$prefix/$path"
    done
}

install_all() {
    check_room
    before=$(cat "$manifest" 2>/dev/null) || before=
    draft=$(mktemp)
    trap 'rm -f -- "$draft"' EXIT
    if [ ! -d "$prefix" ]; then
        mkdir -- "$prefix" || fail "$prefix cannot be made: make the directory above it first"
        printf 'd .\n' >>"$draft"
    fi
    make_directory share/holdpoint
    for path in $(destinations); do make_directory "${path%/*}"; done
    {
        # Directories that an earlier run made are still ours.
        printf '%s\n' "$before" | sed -n '/^d /p'
        destinations | sed 's/^/f /'
        say 'f share/holdpoint/manifest'
    } >>"$draft"
    # Written down before it is done: whatever interrupts the rest, --uninstall finds it.
    write_manifest
    remove_stale
    plan | while read -r how rest; do put "$how" "${rest% *}" "${rest##* }"; done
}

tell() {
    say "Installed holdpoint ($linkage) below $prefix."
    case ":$PATH:" in
        *":$prefix/bin:"*) ;;
        *) say "$prefix/bin is not on your PATH: add it, or call $prefix/bin/holdpoint by its path." ;;
    esac
    say "For an agent: SHELL=$prefix/lib/holdpoint/bin/holdpoint-bash. README.md says where each agent wants it."
    say ""
    "$prefix/bin/holdpoint" doctor || say "holdpoint doctor found something to mend; it stands above."
}

if [ "$action" = uninstall ]; then
    uninstall
    exit 0
fi
if [ -n "${HOLDPOINT_BINARY:-}" ]; then
    binary=$HOLDPOINT_BINARY
    linkage="as given"
    [ -x "$binary" ] || fail "$binary is not a program"
else
    build
fi
for file in holdpoint.1 holdpoint.bash _holdpoint holdpoint.fish; do
    [ -f "$here/completions/$file" ] || fail "completions/$file is missing from this checkout"
done
install_all
tell
