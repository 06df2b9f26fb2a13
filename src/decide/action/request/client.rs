//! The clients that are known.

use crate::decide::action::client_form::{Client, DataForm};
use crate::decide::action::compiled::{Compiled, Index};
use std::sync::OnceLock;

mod built_in {
    use super::{Client, Compiled, Index, OnceLock};

    include!(concat!(env!("OUT_DIR"), "/clients.rs"));
}

/// The descriptions of a program: `gh` has one, `az` another for each subcommand.
pub(super) fn clients(program: &str) -> impl Iterator<Item = &'static Client> {
    built_in::CALLED.find(program).iter().filter_map(|place| built_in::CLIENTS.get(usize::from(*place)))
}

/// What an option says about the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Method,
    Url,
    Header,
    Data(DataForm),
    Upload,
    Config,
    Output,
    Saved,
    Socket,
    Elsewhere,
    Get,
    Head,
    Next,
    Form,
    Offline,
    /// It takes a value and says nothing about the request.
    Other,
    /// It takes no value.
    Flag,
}

impl Meaning {
    pub(super) fn takes_value(self) -> bool {
        match self {
            Meaning::Get | Meaning::Head | Meaning::Next | Meaning::Form | Meaning::Offline => false,
            Meaning::Saved | Meaning::Flag => false,
            Meaning::Method
            | Meaning::Url
            | Meaning::Header
            | Meaning::Data(_)
            | Meaning::Upload
            | Meaning::Config
            | Meaning::Output
            | Meaning::Socket
            | Meaning::Elsewhere
            | Meaning::Other => true,
        }
    }
}

/// What an option means, by its exact name.
pub(super) fn meaning(client: &Client, name: &str) -> Option<Meaning> {
    let data = client.data.iter().find(|data| has(&data.option, name)).map(|data| Meaning::Data(data.reads));
    data.or_else(|| tables(client).into_iter().find(|(list, _)| has(list, name)).map(|(_, meaning)| meaning))
}

/// What a long option means that is cut short (`--req`), as getopt_long(3) and older curl allow. Only what
/// changes the request is looked for.
pub(super) fn abbreviated(client: &Client, name: &str) -> Option<Meaning> {
    if name.len() < 5 || !name.starts_with("--") {
        return None;
    }
    let starts = |list: &[crate::decide::action::pack::Text]| list.iter().any(|full| full.starts_with(name));
    let data = client.data.iter().find(|data| starts(&data.option)).map(|data| Meaning::Data(data.reads));
    let lists = tables(client).into_iter().take(5);
    lists.into_iter().find(|(list, _)| starts(list)).map(|(_, meaning)| meaning).or(data)
}

fn has(list: &[crate::decide::action::pack::Text], name: &str) -> bool {
    list.iter().any(|one| **one == *name)
}

type Table = (&'static [crate::decide::action::pack::Text], Meaning);

/// All lists but that of the data options; the first five change what is sent, and may be abbreviated.
fn tables(client: &Client) -> [Table; 16] {
    [
        (client.method.0, Meaning::Method),
        (client.url.0, Meaning::Url),
        (client.header.0, Meaning::Header),
        (client.upload.0, Meaning::Upload),
        (client.config.0, Meaning::Config),
        (client.output.0, Meaning::Output),
        (client.saved_by.0, Meaning::Saved),
        (client.socket.0, Meaning::Socket),
        (client.elsewhere.0, Meaning::Elsewhere),
        (client.get.0, Meaning::Get),
        (client.head.0, Meaning::Head),
        (client.next.0, Meaning::Next),
        (client.form.0, Meaning::Form),
        (client.offline.0, Meaning::Offline),
        (client.options_with_value.0, Meaning::Other),
        (client.flags.0, Meaning::Flag),
    ]
}
