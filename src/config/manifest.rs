//! What can be made again, because the file that says how lies beside it.

use std::fs;
use std::path::Path;

/// How sure a directory's name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    /// Only its tool makes a directory of this name.
    Sure,
    /// People use the name too, so that git must ignore it as well.
    Shared,
}

/// A directory's name, and the files of which one lies beside it.
const MADE: [(&[&str], Name, &[&str]); 12] = [
    (&["target"], Name::Sure, &["Cargo.toml", "pom.xml", "build.sbt"]),
    (
        &[
            "node_modules",
            ".next",
            ".nuxt",
            ".svelte-kit",
            ".turbo",
            ".parcel-cache",
            ".angular",
            ".vite",
            ".nyc_output",
        ],
        Name::Sure,
        &["package.json"],
    ),
    (
        &[".venv", "venv", ".tox", ".nox", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".eggs", "htmlcov"],
        Name::Sure,
        &["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", "tox.ini"],
    ),
    (&[".gradle"], Name::Sure, &["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"]),
    (&["_build", "deps"], Name::Shared, &["mix.exs", "dune-project", "rebar.config"]),
    (&[".stack-work", "dist-newstyle"], Name::Sure, &["stack.yaml", "cabal.project"]),
    (&["zig-cache", ".zig-cache", "zig-out"], Name::Sure, &["build.zig"]),
    (&[".dart_tool"], Name::Sure, &["pubspec.yaml"]),
    (&["elm-stuff"], Name::Sure, &["elm.json"]),
    (&["Pods"], Name::Sure, &["Podfile"]),
    (&["cmake-build-debug", "cmake-build-release"], Name::Sure, &["CMakeLists.txt"]),
    (
        &["build", "dist", "out", "coverage", ".output", "storybook-static", "bin", "obj", "vendor"],
        Name::Shared,
        &[
            "package.json",
            "pyproject.toml",
            "setup.py",
            "CMakeLists.txt",
            "Makefile",
            "build.gradle",
            "build.gradle.kts",
            "pubspec.yaml",
            "composer.json",
            "go.mod",
            "meson.build",
            "Cargo.toml",
        ],
    ),
];

/// Whether the path is, or lies in, a directory that a tool makes again from a manifest beside it.
///
/// `path` is real: with a link in it, it would be another directory that is lost.
pub(super) fn is_made_again(path: &Path, ignored: Ignored) -> bool {
    path.ancestors().any(|at| {
        let (Some(name), Some(beside)) = (at.file_name().and_then(|name| name.to_str()), at.parent()) else {
            return false;
        };
        if name == "__pycache__" {
            return holds_python(beside);
        }
        MADE.iter().any(|(names, sure, manifests)| {
            names.contains(&name)
                && (*sure == Name::Sure || ignored == Ignored::Yes)
                && manifests.iter().any(|manifest| is_plain_file(&beside.join(manifest)))
        })
    })
}

/// Whether git ignores the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ignored {
    /// It does.
    Yes,
    /// It does not, or it is not known.
    No,
}

fn is_plain_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}

/// Python makes `__pycache__` beside the sources that it compiled.
fn holds_python(directory: &Path) -> bool {
    const MOST: usize = 1000;
    fs::read_dir(directory).is_ok_and(|all| {
        all.take(MOST).flatten().any(|entry| Path::new(&entry.file_name()).extension().is_some_and(|e| e == "py"))
    })
}
