//! Other files of recipes that one names.

use super::Form;
use serde_yaml::Value;

/// A file that another one takes its recipes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// Its name, or the names that it may have, beside the file that names it.
    pub files: Vec<String>,
    /// What stands before the names of its recipes: `mod tools` makes `tools::x`.
    pub below: Option<String>,
}

/// The most files that one names.
const MOST: usize = 32;

/// What a file names. What is not written plainly is left out.
#[must_use]
pub fn includes(form: Form, text: &str) -> Vec<Include> {
    match form {
        Form::Make => lines(text, |line| {
            let rest = ["include ", "-include ", "sinclude "].iter().find_map(|word| line.strip_prefix(word))?;
            let names = rest.split('#').next().unwrap_or_default().split_whitespace();
            Some(names.filter(|name| is_plain(name)).map(|name| plain(&[name])).collect())
        }),
        Form::Just => lines(text, |line| just(line).map(|include| vec![include])),
        Form::Rake => lines(text, |line| {
            let rest = ["import ", "load ", "require_relative "].iter().find_map(|word| line.strip_prefix(word))?;
            let name = quoted(rest)?;
            Some(vec![plain(&[name, &format!("{name}.rb"), &format!("{name}.rake")])])
        }),
        Form::Task if super::task::is_shallow(text) => task(text),
        Form::Task | Form::Package | Form::Composer | Form::Table | Form::Code => Vec::new(),
    }
}

fn lines(text: &str, read: impl Fn(&str) -> Option<Vec<Include>>) -> Vec<Include> {
    text.lines().filter_map(|line| read(line.trim_end())).flatten().take(MOST).collect()
}

fn plain(names: &[&str]) -> Include {
    Include { files: names.iter().map(|name| (*name).to_owned()).collect(), below: None }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains(['$', '*', '?', '['])
}

/// `import 'x'`, `import? 'x'`, `mod x`, `mod? x 'path'`
fn just(line: &str) -> Option<Include> {
    if let Some(rest) = line.strip_prefix("import ").or_else(|| line.strip_prefix("import? ")) {
        return quoted(rest).map(|name| plain(&[name]));
    }
    let rest = line.strip_prefix("mod ").or_else(|| line.strip_prefix("mod? "))?;
    let name = rest.split_whitespace().next().filter(|name| is_plain(name))?;
    let files = match quoted(rest) {
        Some(path) => vec![path.to_owned(), format!("{path}/mod.just"), format!("{path}/justfile")],
        None => [".just", "/mod.just", "/justfile", "/.justfile"].iter().map(|end| format!("{name}{end}")).collect(),
    };
    Some(Include { files, below: Some(name.to_owned()) })
}

/// `includes: { sub: ./dir, other: { taskfile: x.yml } }`
fn task(text: &str) -> Vec<Include> {
    let Ok(file) = serde_yaml::from_str::<Value>(text) else { return Vec::new() };
    let Some(named) = file.get("includes").and_then(Value::as_mapping) else { return Vec::new() };
    let one = |(name, value): (&Value, &Value)| {
        let path = value.as_str().or_else(|| value.get("taskfile").and_then(Value::as_str))?;
        let path = path.trim_end_matches('/');
        let flat = value.get("flatten").and_then(Value::as_bool) == Some(true);
        let files = vec![path.to_owned(), format!("{path}/Taskfile.yml"), format!("{path}/Taskfile.yaml")];
        Some(Include { files, below: name.as_str().filter(|_| !flat).map(str::to_owned) })
    };
    named.iter().filter_map(one).take(MOST).collect()
}

/// The first quoted text of a line.
fn quoted(text: &str) -> Option<&str> {
    let start = text.find(['"', '\''])?;
    let quote = text.get(start..)?.chars().next()?;
    let inner = text.get(start + 1..)?;
    inner.get(..inner.find(quote)?).filter(|name| is_plain(name))
}
