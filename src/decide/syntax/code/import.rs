//! Names that come from elsewhere: imports, members taken out of objects, the elements that a loop goes through.

use super::reader::Reader;
use super::term::{Named, Term};
use super::token::Kind;

impl Reader<'_, '_> {
    /// `import a.b as c`, `from a import b as c`, `import {rm as r} from 'fs'`, `import fs from 'fs'`.
    pub(super) fn import(&mut self, first: &str) -> bool {
        let start = self.at;
        self.at += 1;
        if first == "from" || self.lexis.indents {
            return self.import_modules(first);
        }
        // JavaScript: names stand first, their module last.
        if self.is_mark(0, "(") || self.is_mark(0, ".") {
            self.at = start;
            return false;
        }
        let mut names: Vec<(String, String)> = Vec::new();
        let (mut whole, mut inner) = (None, false);
        while let Some(kind) = self.kind(0) {
            match kind {
                Kind::Text(module) => {
                    self.at += 1;
                    self.note_import(module.body, start);
                    let module = module_path(module.body);
                    names.iter().for_each(|(own, name)| self.bind(name, Term::name(&format!("{module}.{own}"))));
                    if let Some(name) = whole {
                        self.bind(name, Term::name(&module));
                    }
                    return true;
                }
                Kind::Mark("{") => inner = true,
                Kind::Mark("}") => inner = false,
                Kind::Name("from" | "type" | "as") | Kind::LineEnd | Kind::Mark("," | "*") => {}
                Kind::Name(own) if inner && self.is_name(1, "as") => {
                    if let Some(Kind::Name(name)) = self.kind(2) {
                        names.push((own.to_owned(), name.to_owned()));
                    }
                    self.at += 2;
                }
                Kind::Name(own) if inner => names.push((own.to_owned(), own.to_owned())),
                Kind::Name(own) => whole = Some(own),
                Kind::Mark(_) | Kind::Variable(_) | Kind::Number(_) | Kind::Pattern => return true,
            }
            self.at += 1;
        }
        true
    }

    /// An import is a call named `import`, with the module as it was written.
    fn note_import(&mut self, module: &str, start: usize) {
        self.call_to(Named { path: "import".into(), on: None }, vec![Term::text(module)], start);
    }

    fn import_modules(&mut self, first: &str) -> bool {
        let start = self.at;
        let mut module = String::new();
        let mut dots = String::new();
        if first == "from" {
            while self.one_of_marks(0, &[".", "..", "..."]) {
                if let Some(Kind::Mark(mark)) = self.kind(0) {
                    dots.push_str(mark);
                }
                self.at += 1;
            }
            module = self.dotted();
            let written = format!("{dots}{module}");
            self.note_import(&written, start);
            if !self.is_name(0, "import") {
                return true;
            }
            self.at += 1;
        }
        while let Some(kind) = self.kind(0) {
            match kind {
                // `from a import import`: no name, and nothing to wait for.
                Kind::Name("import") => self.at += 1,
                Kind::Name(_) => {
                    let own = self.dotted();
                    let path = if module.is_empty() { own.clone() } else { format!("{module}.{own}") };
                    if first != "from" || module.is_empty() || !dots.is_empty() {
                        self.note_import(&format!("{dots}{path}"), start);
                    } else {
                        self.note_import(&path, start);
                    }
                    if self.is_name(0, "as") {
                        self.at += 1;
                        let alias = self.dotted();
                        self.bind(&alias, Term::name(&path));
                    } else if !module.is_empty() {
                        self.bind(&own, Term::name(&path));
                    }
                }
                Kind::Mark("," | "(" | ")" | "*") => self.at += 1,
                Kind::LineEnd
                    if self.at > 0
                        && matches!(self.tokens.get(self.at - 1).map(|t| t.kind), Some(Kind::Mark("," | "("))) =>
                {
                    self.at += 1;
                }
                Kind::LineEnd | Kind::Mark(_) | Kind::Variable(_) | Kind::Number(_) | Kind::Text(_) | Kind::Pattern => {
                    break;
                }
            }
        }
        true
    }

    fn dotted(&mut self) -> String {
        let mut path = String::new();
        loop {
            match self.kind(0) {
                Some(Kind::Name("import")) if path.is_empty() || path.ends_with('.') => return path,
                Some(Kind::Name(name)) => path.push_str(name),
                Some(Kind::Mark("." | "..." | "..")) => {
                    self.at += 1;
                    continue;
                }
                _ => return path,
            }
            self.at += 1;
            if !self.is_mark(0, ".") {
                return path;
            }
            path.push('.');
        }
    }

    /// `const {rm, unlink: u} = require('fs')`
    pub(super) fn destructuring(&mut self) {
        let mut names: Vec<(&str, &str)> = Vec::new();
        self.at += 1;
        while let Some(kind) = self.kind(0) {
            match kind {
                Kind::Mark("}") => break,
                Kind::Name(own) if self.is_mark(1, ":") => {
                    if let Some(Kind::Name(name)) = self.kind(2) {
                        names.push((own, name));
                    }
                    self.at += 2;
                }
                Kind::Name(own) => names.push((own, own)),
                Kind::Variable(_) | Kind::Number(_) | Kind::Text(_) | Kind::Mark(_) | Kind::Pattern | Kind::LineEnd => {
                }
            }
            self.at += 1;
        }
        self.at += 1;
        if !self.is_mark(0, "=") {
            return;
        }
        self.at += 1;
        let from = self.expression();
        for (own, name) in names {
            let term = if let Term::Name(module) = &from {
                Term::Name(Named { path: format!("{}.{own}", module.path).into(), on: module.on.clone() })
            } else {
                from.member(own).cloned().unwrap_or(Term::Unknown)
            };
            self.bind(name, term);
        }
    }

    /// `for x in list`, `for (const x of list)`, `for my $x (@list)`, `foreach ($list as $x)`.
    pub(super) fn loop_head(&mut self) {
        let mut name = None;
        for _ in 0..8 {
            match self.kind(0) {
                Some(Kind::Name("in" | "of")) => {
                    self.at += 1;
                    break;
                }
                Some(Kind::Name("const" | "let" | "var" | "my" | "our" | "each" | "await")) | Some(Kind::Mark(",")) => {
                }
                Some(Kind::Mark("(")) if name.is_none() => {
                    // `foreach ($list as $x)`
                    if matches!(self.kind(1), Some(Kind::Variable(_))) && self.is_name(2, "as") {
                        self.at += 1;
                        break;
                    }
                }
                Some(Kind::Name(own) | Kind::Variable(own)) => name = Some(own),
                _ => break,
            }
            self.at += 1;
        }
        if matches!(self.kind(0), Some(Kind::LineEnd) | None) || self.one_of_marks(0, &["=", ";", ":", ")"]) {
            return;
        }
        let list = self.expression();
        if self.is_name(0, "as") {
            self.at += 1;
            if let Some(Kind::Variable(own) | Kind::Name(own)) = self.kind(0) {
                name = Some(own);
            }
        }
        if let Some(name) = name {
            self.bind(name, list.element());
        }
    }
}

/// A module's name as a path: `node:fs/promises` is `fs.promises`.
pub(super) fn module_path(name: &str) -> String {
    name.trim_start_matches("node:").replace('/', ".")
}
