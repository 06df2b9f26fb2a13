//! What all layers together say beside their statements: how people are asked, walls, shells.

use super::statement::{Approval, Credentials, Layer, Network, Origin, Policy, Variables, Wall};
use std::collections::{BTreeMap, BTreeSet};

/// How many seconds a held command waits for an answer, where no layer says otherwise.
pub const DEFAULT_WAIT: u64 = 100;
/// How many seconds a request, and a yes that was not used, stay good, where no layer says otherwise.
pub const DEFAULT_TTL: u64 = 3600;

impl Policy {
    /// How people are asked. Both values are there. The nearest trusted layer decides;
    /// one that is not trusted may only shorten the life of a yes.
    #[must_use]
    pub fn approval(&self) -> Approval {
        let mut wait = DEFAULT_WAIT;
        let mut ttl = DEFAULT_TTL;
        for layer in &self.layers {
            let said = &layer.document.approval;
            if layer.trusted {
                wait = said.wait.unwrap_or(wait);
                ttl = said.ttl.unwrap_or(ttl);
            } else {
                ttl = ttl.min(said.ttl.unwrap_or(ttl));
            }
        }
        Approval { wait: Some(wait), ttl: Some(ttl) }
    }

    /// The paths to wall off of all layers, and the exceptions of trusted ones.
    ///
    /// An exception opens what `rules/credentials.yaml` walls off. It does not open what a layer
    /// of policy names under `deny`: whoever builds the walls lets `deny` win.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        let deny = self.layers.iter().flat_map(|l| l.document.credentials.deny.iter().cloned()).collect();
        let pass = self.trusted_layers().flat_map(|l| l.document.credentials.pass.iter().cloned()).collect();
        Credentials { deny, pass }
    }

    /// The variables that every layer denies, and those that trusted ones pass. What is denied is not passed.
    #[must_use]
    pub fn variables(&self) -> Variables {
        let deny = self.layers.iter().flat_map(|l| l.document.env.deny.iter().cloned()).collect();
        let pass = self.trusted_layers().flat_map(|l| l.document.env.pass.iter().cloned()).collect();
        Variables { deny, pass }
    }

    /// The control files that trusted layers let commands write.
    #[must_use]
    pub fn writable(&self) -> Vec<String> {
        self.trusted_layers().flat_map(|l| l.document.scope.write.iter().cloned()).collect()
    }

    /// How far the network reaches. The nearest trusted layer decides, a layer that is not trusted narrows, and nobody goes beyond
    /// what the system's file says.
    #[must_use]
    pub fn network(&self) -> Network {
        let mut reach = Network::Open;
        let mut farthest = Network::Open;
        for layer in &self.layers {
            let Some(said) = &layer.document.network else { continue };
            reach = if layer.trusted { narrower(&farthest, said) } else { narrower(&reach, said) };
            if layer.origin == Origin::System {
                farthest = reach.clone();
            }
        }
        reach
    }

    /// The shells to run, by name. A repository never names one: it would be a program of its own choice.
    #[must_use]
    pub fn shells(&self) -> BTreeMap<String, String> {
        let own = |layer: &&Layer| match layer.origin {
            Origin::BuiltIn | Origin::System | Origin::User => true,
            Origin::Repository | Origin::Task => false,
        };
        self.trusted_layers().filter(own).flat_map(|l| l.document.shells.clone()).collect()
    }

    /// The walls without which nothing may run: whatever any layer requires.
    #[must_use]
    pub fn required(&self) -> BTreeSet<Wall> {
        self.layers.iter().flat_map(|l| l.document.require.iter().copied()).collect()
    }

    fn trusted_layers(&self) -> impl Iterator<Item = &Layer> {
        self.layers.iter().filter(|layer| layer.trusted)
    }
}

/// What both let through.
fn narrower(one: &Network, other: &Network) -> Network {
    match (one, other) {
        (Network::Ports(one), Network::Ports(other)) => Network::Ports(one.intersection(other).copied().collect()),
        _ => one.max(other).clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::statement::{Document, Scope};
    use super::*;

    fn layer(origin: Origin, trusted: bool, document: Document) -> Layer {
        Layer { origin, trusted, path: String::new(), document }
    }

    fn asking(wait: u64, ttl: u64) -> Document {
        Document { approval: Approval { wait: Some(wait), ttl: Some(ttl) }, ..Document::default() }
    }

    #[test]
    fn a_repository_that_is_not_trusted_only_shortens_the_life_of_a_yes() {
        let policy = Policy {
            layers: vec![
                layer(Origin::User, true, asking(5, 600)),
                layer(Origin::Repository, false, asking(0, 60)),
                layer(Origin::Repository, false, asking(9, 9000)),
            ],
        };
        assert_eq!(policy.approval(), Approval { wait: Some(5), ttl: Some(60) });
        assert_eq!(Policy::default().approval(), Approval { wait: Some(DEFAULT_WAIT), ttl: Some(DEFAULT_TTL) });
    }

    #[test]
    fn the_network_is_narrowed_by_everyone_and_widened_by_trusted_layers_within_the_system_s() {
        let says = |network: Network| Document { network: Some(network), ..Document::default() };
        let ports = |ports: &[u16]| Network::Ports(ports.iter().copied().collect());
        let reach = |layers: &[(Origin, bool, Network)]| {
            let layers =
                layers.iter().map(|(origin, trusted, said)| layer(*origin, *trusted, says(said.clone()))).collect();
            Policy { layers }.network()
        };
        use Origin::{Repository, System, User};
        assert_eq!(reach(&[]), Network::Open);
        assert_eq!(reach(&[(User, true, Network::None), (Repository, true, Network::Open)]), Network::Open);
        assert_eq!(reach(&[(User, true, Network::None), (Repository, false, Network::Open)]), Network::None);
        assert_eq!(reach(&[(System, true, Network::None), (User, true, Network::Open)]), Network::None);
        assert_eq!(reach(&[(System, true, ports(&[22, 443])), (User, true, ports(&[80, 443]))]), ports(&[443]));
        assert_eq!(reach(&[(User, true, ports(&[443])), (Repository, false, Network::None)]), Network::None);
    }

    #[test]
    fn a_repository_opens_no_wall_and_names_no_shell() {
        let document = Document {
            credentials: Credentials { deny: vec!["a".into()], pass: vec!["b".into()] },
            scope: Scope { write: vec!["~/.bashrc".into()] },
            env: Variables { deny: vec!["C".into()], pass: vec!["D".into()] },
            shells: [("bash".to_owned(), "/tmp/sh".to_owned())].into(),
            require: vec![Wall::Credentials],
            ..Document::default()
        };
        let policy = Policy { layers: vec![layer(Origin::Repository, false, document.clone())] };
        assert_eq!(policy.credentials(), Credentials { deny: vec!["a".into()], pass: Vec::new() });
        assert_eq!(policy.variables(), Variables { deny: vec!["C".into()], pass: Vec::new() });
        assert!(policy.writable().is_empty());
        assert!(policy.shells().is_empty());
        assert_eq!(policy.required().len(), 1);
        let policy = Policy { layers: vec![layer(Origin::Repository, true, document)] };
        assert_eq!(policy.credentials().pass, ["b"]);
        assert_eq!(policy.variables().pass, ["D"]);
        assert_eq!(policy.writable(), ["~/.bashrc"]);
        assert!(policy.shells().is_empty());
    }
}
