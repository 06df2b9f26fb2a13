# What a developer types. `just` alone lists it.

[private]
default:
    @just --list

# Formatting, lints, tests, licences: what must hold before a change is handed in.
check:
    cargo fmt --check
    cargo clippy --all-targets --locked -- -D warnings
    cargo test --locked
    @just deny

# Licences, sources and duplicates of the dependencies.
deny:
    #!/usr/bin/env sh
    if command -v cargo-deny >/dev/null 2>&1; then
        cargo deny check
    else
        echo "NOT CHECKED: licences, sources and advisories of the dependencies. cargo-deny is not installed (cargo install cargo-deny --locked)." >&2
    fi

# Write completions, the man page, the schemas and the pages of the rules anew from what they are made from.
generate:
    HOLDPOINT_UPDATE=1 cargo test --locked --test generated

# Times, instructions, memory and size, interleaved in one run: of the static build that install.sh makes, where it can be made.
bench:
    #!/usr/bin/env sh
    set -eu
    target=$(uname -m)-unknown-linux-musl
    if [ -d "$(rustc --print target-libdir --target "$target")" ]; then
        set -- --target "$target"
    else
        echo "The target $target is not installed: a dynamically linked build is measured (rustup target add $target)." >&2
        set --
    fi
    cargo bench --locked "$@" --bench spawn
    cargo bench --locked "$@" --bench work
    cargo bench --locked "$@" --bench judge

# The nine-second incident, played on this machine.
demo:
    cargo run --release --locked -- demo

# Build a release and install it below ${PREFIX:-~/.local}.
install:
    ./install.sh

# Throw hostile text at one reader: judge, shell, sql, graphql, code, http, pack or policy (needs cargo-fuzz).
fuzz target="judge" seconds="600":
    #!/usr/bin/env sh
    set -eu
    cd fuzz
    # The sanitizer needs an unstable flag of rustc. Packs live as long as the process: what they leak is no fault.
    export RUSTC_BOOTSTRAP=1 ASAN_OPTIONS=detect_leaks=0
    cargo fuzz run "{{target}}" -- -max_total_time="{{seconds}}" -timeout=30 -max_len=3000
