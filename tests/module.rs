//! Modules that code imports from beside it: what they run is judged where they are imported.

use holdpoint::decide::action::Rules;
use holdpoint::decide::policy::Decision;
use holdpoint::decide::trial::try_among;

#[track_caller]
fn assert_all(files: &[(&str, &str)], commands: &[&str], expected: Decision) {
    for command in commands {
        let verdict = try_among(files, command, Rules::default());
        let rules: Vec<&str> = verdict.findings.iter().map(|finding| finding.action.rule.as_str()).collect();
        assert_eq!(verdict.decision, expected, "{rules:?}: {command}");
    }
}

const PYTHON: [(&str, &str); 5] = [
    (
        "main.py",
        "import app.run\nfrom app.files import read\n\ndef main():\n    read('x')\n\nif __name__ == '__main__':\n    main()\n",
    ),
    ("app/__init__.py", ""),
    (
        "app/run.py",
        "from . import files\n\nclass Server:\n    def wipe(self):\n        files.clear()\n\nif __name__ == '__main__':\n    files.clear()\n",
    ),
    (
        "app/files.py",
        "import shutil\n\ndef read(path):\n    return open(path).read()\n\ndef clear():\n    shutil.rmtree('src')\n\ndef drop(path):\n    shutil.rmtree(path)\n",
    ),
    ("evil.py", "import os\nos.system('rm -rf src')\n"),
];

#[test]
fn a_module_of_python_runs_where_it_is_imported() {
    assert_all(
        &PYTHON,
        &[
            "python -c 'import evil'",
            "python -m evil",
            "python3 <<< 'import evil as e'",
            "python -c '__import__(\"evil\")'",
            "python -c 'from app.files import clear; clear()'",
            "python -c 'import app.files as f; f.clear()'",
            "python -m app.run",
            "cd app; PYTHONPATH=.. python -c 'import evil'",
        ],
        Decision::Hold,
    );
    assert_all(
        &PYTHON,
        &[
            "python main.py",
            "python -c 'import app.files'",
            "python -c 'import os, json, sys'",
            "python -m pytest",
            "python -c 'from app.files import drop; drop(x)'",
        ],
        Decision::Allow,
    );
}

#[test]
fn a_module_of_javascript_runs_where_it_is_imported() {
    let files = [
        ("evil.js", "require('fs').rmSync('src', { recursive: true })"),
        ("lib/index.js", "require('../evil')"),
        (
            "api.js",
            "const fs = require('fs');\nclass Api {\n  wipe() {\n    fs.rmSync('src');\n  }\n}\nexports.list = () => fs.readdirSync('src');\nexports.purge = async () => {\n  fs.rmSync('src');\n};\nfunction tidy() { fs.unlinkSync('a.db'); }\n",
        ),
        ("server.js", "const api = require('./api');\nimport x from './api.js';\napi.list();\n"),
    ];
    assert_all(
        &files,
        &[
            "node lib",
            "node -e 'require(\"./evil\")'",
            "node -r ./evil.js x.js",
            "node -e 'import(\"./evil.js\")'",
            "node -e 'require(\"./api\").purge()'",
            "bun -e 'import \"./evil.js\"'",
        ],
        Decision::Hold,
    );
    assert_all(
        &files,
        &["node server.js", "node -e 'require(\"./api\").list()'", "node -e 'require(\"express\")'"],
        Decision::Allow,
    );
}

#[test]
fn other_languages_import_too() {
    let files = [
        ("evil.rb", "FileUtils.rm_rf 'src'"),
        ("main.rb", "require_relative 'evil'"),
        ("Evil.pm", "package Evil; system('rm -rf src'); 1;"),
        ("main.pl", "use lib '.'; use Evil;"),
        ("evil.php", "<?php system('rm -rf src');"),
        ("main.php", "<?php require_once __DIR__ . '/evil.php';"),
        ("evil.lua", "os.execute('rm -rf src')"),
        ("main.lua", "require('evil')"),
        ("evil.tcl", "exec rm -rf src"),
        ("main.tcl", "source evil.tcl"),
    ];
    assert_all(
        &files,
        &[
            "ruby main.rb",
            "ruby -r./evil -e 1",
            "perl main.pl",
            "perl -MEvil -e 1",
            "php main.php",
            "lua main.lua",
            "lua -l evil",
            "tclsh main.tcl",
        ],
        Decision::Hold,
    );
}

#[test]
fn modules_that_import_one_another_come_to_an_end() {
    let files = [("a.py", "import b\nimport c"), ("b.py", "import a\nimport c"), ("c.py", "import a, b, c, d")];
    assert_all(&files, &["python a.py", "python -c 'import c'"], Decision::Allow);
}
