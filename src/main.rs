//! The `holdpoint` binary.

fn main() {
    std::process::exit(holdpoint::cli::enter(std::env::args_os()));
}
