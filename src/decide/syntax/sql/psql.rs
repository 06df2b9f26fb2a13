//! psql's backslash commands (PostgreSQL documentation, psql, Meta-Commands).

use super::meta::{Effect, Writer};
use super::token::line_length;

/// Reads the command at the start of `rest`, which begins with a backslash.
pub(super) fn read(rest: &str, writer: &mut Writer) -> Option<Effect> {
    let behind = rest.get(1..)?;
    let length = match behind.chars().next() {
        Some(';' | '\\' | '!' | '.' | '|' | '?') => 1,
        Some(c) if c.is_ascii_alphabetic() => {
            behind.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '+')).unwrap_or(behind.len())
        }
        Some(_) | None => return None,
    };
    let (name, behind) = behind.split_at_checked(length)?;
    writer.length = 1 + length;
    match name {
        ";" => return Some(Effect::End),
        "\\" | "?" => return Some(Effect::Nothing),
        "!" | "|" | "copy" => {
            let line = behind.get(..line_length(behind)).unwrap_or(behind);
            writer.length += line.len();
            run_line(name, line.trim(), writer);
            return Some(Effect::Nothing);
        }
        _ => {}
    }
    let arguments = behind.get(..arguments_length(behind)).unwrap_or_default();
    writer.length += arguments.len();
    run_backticks(arguments, writer);
    Some(run(name, arguments.trim(), writer))
}

/// The commands that take the whole line.
fn run_line(name: &str, line: &str, writer: &mut Writer) {
    match name {
        "!" => writer.shell(line),
        "|" => {
            // cockroach sql: the command's output is run as SQL.
            writer.shell(line);
            writer.opaque();
        }
        _ => copy(line, writer),
    }
}

fn run(name: &str, argument: &str, writer: &mut Writer) -> Effect {
    match name {
        "i" | "ir" | "include" | "include_relative" | "." => {
            if name != "." {
                writer.include(argument);
            }
            Effect::Nothing
        }
        "o" | "out" | "w" | "write" | "s" => {
            writer.sink(argument);
            Effect::Nothing
        }
        "g" | "gx" => {
            let target = argument.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(argument, |(_, r)| r);
            writer.sink(target);
            Effect::End
        }
        "gexec" => {
            writer.opaque();
            Effect::Generate
        }
        // What follows goes to another database.
        "c" | "connect" => {
            writer.query(&["connect"], argument);
            Effect::Nothing
        }
        "gset" | "gdesc" | "crosstabview" | "watch" | "bindx" | "parse" => Effect::End,
        "lo_unlink" => {
            writer.query(&["\\lo_unlink"], argument);
            Effect::Nothing
        }
        "lo_export" => {
            writer.output(argument.split_once(' ').map_or("", |(_, file)| file));
            Effect::Nothing
        }
        _ => Effect::Nothing,
    }
}

/// Arguments reach to the next backslash outside quotes or to the end of the line.
fn arguments_length(behind: &str) -> usize {
    let mut quote = None;
    for (at, character) in behind.char_indices() {
        match (quote, character) {
            (_, '\n' | '\r') | (None, '\\') => return at,
            (None, '\'' | '"' | '`') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    behind.len()
}

/// What stands in backticks is run by the shell.
fn run_backticks(arguments: &str, writer: &mut Writer) {
    for command in arguments.split('`').skip(1).step_by(2) {
        writer.shell(command);
    }
}

/// `\copy … from|to program 'command'`, `\copy … to 'file'`
fn copy(line: &str, writer: &mut Writer) {
    let lower = line.to_ascii_lowercase();
    if let Some(at) = [" program ", " program'"].iter().find_map(|word| lower.rfind(word)) {
        let command = line.get(at + " program".len()..).unwrap_or_default().trim();
        let quoted = command.strip_prefix('\'').and_then(|rest| rest.rsplit_once('\'')).map(|(inside, _)| inside);
        writer.shell(&quoted.unwrap_or(command).replace("''", "'"));
    } else if let Some(at) = lower.rfind(" to ") {
        writer.output(line.get(at + 4..).unwrap_or_default().split_whitespace().next().unwrap_or_default());
    }
}
