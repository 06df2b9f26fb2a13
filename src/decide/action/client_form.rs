//! The form of `rules/clients.yaml`: how the command lines of HTTP clients are written.
//!
//! `build.rs` includes this file, as it does [`pack`](super::pack).

use serde::{Deserialize, Serialize};

use super::pack::{List, Text};

/// The whole file.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct ClientFile {
    /// The clients.
    pub clients: List<Client>,
}

/// One program, or one of its subcommands, that sends requests.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Its programs, by base name.
    #[serde(alias = "program")]
    pub programs: List<Text>,
    /// The word that must stand first among the operands: `api`.
    #[serde(default)]
    pub subcommand: Option<Text>,
    /// How URLs stand on its command line.
    #[serde(default)]
    pub operands: Operands,
    /// What a URL without a host hangs below.
    #[serde(default)]
    pub under: Option<Text>,
    /// The method when nothing says another; `GET`.
    #[serde(default)]
    pub default_method: Option<Text>,
    /// Options that name the method.
    #[serde(default)]
    pub method: List<Text>,
    /// Options that name a URL.
    #[serde(default)]
    pub url: List<Text>,
    /// Options that give a header.
    #[serde(default)]
    pub header: List<Text>,
    /// Options that give a part of the body.
    #[serde(default)]
    pub data: List<DataOption>,
    /// Options that name a file which is sent by PUT.
    #[serde(default)]
    pub upload: List<Text>,
    /// Options that name a file of further options.
    #[serde(default)]
    pub config: List<Text>,
    /// Options that name a file which is written.
    #[serde(default)]
    pub output: List<Text>,
    /// Flags with which the answer goes to a file that has the name of the URL's last segment.
    #[serde(default)]
    pub saved_by: List<Text>,
    /// The answer goes there whenever no option names another file.
    #[serde(default)]
    pub saves: bool,
    /// Options that name a socket through which the request goes.
    #[serde(default)]
    pub socket: List<Text>,
    /// Options that send the request elsewhere than its URL says.
    #[serde(default)]
    pub elsewhere: List<Text>,
    /// Flags that put the body into the query: `-G`.
    #[serde(default)]
    pub get: List<Text>,
    /// Flags that make it a HEAD request.
    #[serde(default)]
    pub head: List<Text>,
    /// Flags behind which another request begins.
    #[serde(default)]
    pub next: List<Text>,
    /// Flags that send items as a form and not as JSON.
    #[serde(default)]
    pub form: List<Text>,
    /// Flags with which nothing is sent: `--offline`.
    #[serde(default)]
    pub offline: List<Text>,
    /// Further options that take the next word as their value.
    #[serde(default)]
    pub options_with_value: List<Text>,
    /// Flags that are the beginning of an option that takes a value.
    #[serde(default)]
    pub flags: List<Text>,
}

/// How URLs stand on a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operands {
    /// Every operand is one.
    #[default]
    Urls,
    /// Every operand is one, with curl's braces and ranges.
    Patterns,
    /// The first operand is one.
    FirstUrl,
    /// A method may stand first, then the URL, then items such as `name=value`.
    Items,
    /// No operand is.
    Nothing,
    /// Standard input holds the request as it goes over the wire; the operands are host and port.
    Wire,
}

/// Options that give a part of the body.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[serde(deny_unknown_fields)]
pub struct DataOption {
    /// Their spellings.
    pub option: List<Text>,
    /// How their value is read.
    pub reads: DataForm,
}

/// How a part of the body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataForm {
    /// As it stands.
    Plain,
    /// As it stands, or `@file`.
    PlainOrFile,
    /// As JSON, or `@file`.
    Json,
    /// `content`, `=content`, `name=content`, `@file`, `name@file`.
    Urlencoded,
    /// `name=content`, `name=@file`, `name=<file`.
    Multipart,
    /// The name of a file.
    File,
    /// `name=text`, a member of a JSON object.
    Field,
    /// `name=value`, where the value may be a number, a word of JSON or `@file`.
    TypedField,
    /// A part of the query.
    Query,
}
