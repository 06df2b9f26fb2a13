//! Every node of a tree, in the order of the text.

use super::tree::{
    Assigned, Assignment, CaseArm, Command, CommandKind, Opacity, Piece, Redirect, RedirectKind, Script, Word,
};

/// A node of the tree.
#[derive(Debug, Clone, Copy)]
pub enum Node<'t> {
    /// A command, at any depth: also in substitutions, functions and here-documents.
    Command(&'t Command),
    /// A redirection.
    Redirect(&'t Redirect),
    /// An assignment.
    Assignment(&'t Assignment),
    /// A word.
    Word(&'t Word),
    /// A piece of a word.
    Piece(&'t Piece),
}

/// Shows every node of `script` to `visit`, each before what is inside it. Does not recurse.
///
/// The operands of `declare` and its kin are met twice, once as words and once as assignments.
pub fn visit<'t>(script: &'t Script, visit: &mut impl FnMut(Node<'t>)) {
    let mut open = Open { nodes: Vec::new() };
    open.script(script);
    open.nodes.reverse();
    while let Some(node) = open.nodes.pop() {
        visit(node);
        let before = open.nodes.len();
        open.inside(node);
        if let Some(added) = open.nodes.get_mut(before..) {
            added.reverse();
        }
    }
}

/// Shows every command of `script` to `see`, at any depth.
pub fn visit_commands<'t>(script: &'t Script, see: &mut impl FnMut(&'t Command)) {
    visit(script, &mut |node| match node {
        Node::Command(command) => see(command),
        Node::Redirect(_) | Node::Assignment(_) | Node::Word(_) | Node::Piece(_) => {}
    });
}

/// The first part that was not understood. `None` if every command of the script is in the tree.
#[must_use]
pub fn opacity(script: &Script) -> Option<Opacity> {
    let mut found = None;
    visit(script, &mut |node| match node {
        Node::Command(Command { kind: CommandKind::Opaque(opacity), .. }) | Node::Piece(Piece::Opaque(opacity)) => {
            found = found.or(Some(*opacity));
        }
        Node::Command(_) | Node::Redirect(_) | Node::Assignment(_) | Node::Word(_) | Node::Piece(_) => {}
    });
    found
}

/// The nodes that are yet to be shown; the last is next.
struct Open<'t> {
    nodes: Vec<Node<'t>>,
}

impl<'t> Open<'t> {
    fn script(&mut self, script: &'t Script) {
        self.commands(&script.commands);
    }

    fn commands(&mut self, commands: &'t [Command]) {
        self.nodes.extend(commands.iter().map(Node::Command));
    }

    fn words(&mut self, words: &'t [Word]) {
        self.nodes.extend(words.iter().map(Node::Word));
    }

    fn inside(&mut self, node: Node<'t>) {
        match node {
            Node::Command(command) => self.command(command),
            Node::Redirect(redirect) => self.redirect(redirect),
            Node::Assignment(assignment) => match &assignment.value {
                Assigned::Scalar(word) => self.nodes.push(Node::Word(word)),
                Assigned::Array(words) => self.words(words),
                Assigned::Element { index, value } => self.nodes.extend([Node::Word(index), Node::Word(value)]),
            },
            Node::Word(word) => self.nodes.extend(word.pieces.iter().map(Node::Piece)),
            Node::Piece(piece) => match piece {
                Piece::Bare(_) | Piece::Quoted(_) | Piece::Variable { .. } | Piece::Opaque(_) => {}
                Piece::Parameter { operands, .. } => self.words(operands),
                Piece::Command { script, .. } | Piece::Process { script, .. } => self.script(script),
                Piece::Arithmetic { expression } => self.nodes.push(Node::Word(expression)),
            },
        }
    }

    fn redirect(&mut self, redirect: &'t Redirect) {
        match &redirect.kind {
            RedirectKind::Read(word)
            | RedirectKind::Write(word)
            | RedirectKind::Append(word)
            | RedirectKind::ReadWrite(word)
            | RedirectKind::WriteBoth(word)
            | RedirectKind::AppendBoth(word)
            | RedirectKind::Duplicate(word)
            | RedirectKind::HereDocument(word)
            | RedirectKind::HereString(word) => self.nodes.push(Node::Word(word)),
        }
    }

    fn command(&mut self, command: &'t Command) {
        match &command.kind {
            CommandKind::Simple(simple) => {
                self.nodes.extend(simple.assignments.iter().map(Node::Assignment));
                self.words(&simple.words);
            }
            CommandKind::Pipeline(commands) => self.commands(commands),
            CommandKind::AndOr { first, rest } => {
                self.nodes.push(Node::Command(first));
                self.nodes.extend(rest.iter().map(|(_, command)| Node::Command(command)));
            }
            CommandKind::Group(script) | CommandKind::Subshell(script) => self.script(script),
            CommandKind::If { condition, then, otherwise } => {
                for script in [condition, then, otherwise] {
                    self.script(script);
                }
            }
            CommandKind::Loop { condition, body } => {
                self.script(condition);
                self.script(body);
            }
            CommandKind::For { words, body, .. } => {
                self.words(words.as_deref().unwrap_or(&[]));
                self.script(body);
            }
            CommandKind::ForArithmetic { expressions, body } => {
                self.words(expressions);
                self.script(body);
            }
            CommandKind::Case { subject, arms } => {
                self.nodes.push(Node::Word(subject));
                for CaseArm { patterns, body } in arms {
                    self.words(patterns);
                    self.script(body);
                }
            }
            CommandKind::Function { body, .. } => self.nodes.push(Node::Command(body)),
            CommandKind::Test(words) | CommandKind::Arithmetic(words) => self.words(words),
            CommandKind::Opaque(_) => {}
        }
        self.nodes.extend(command.redirects.iter().map(Node::Redirect));
    }
}
