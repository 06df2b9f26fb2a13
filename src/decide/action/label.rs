//! The words of effects as they are written in packs, policy and the record.

use super::effect::{Reach, Reversal, Verb};

impl Verb {
    /// The verb as packs and policy write it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Verb::Delete => "delete",
            Verb::Overwrite => "overwrite",
            Verb::RewriteHistory => "rewrite-history",
            Verb::Drop => "drop",
            Verb::Destroy => "destroy",
            Verb::Stop => "stop",
            Verb::Publish => "publish",
            Verb::Send => "send",
            Verb::ReadSecret => "read-secret",
            Verb::Grant => "grant",
            Verb::Persist => "persist",
            Verb::Escalate => "escalate",
            Verb::RunUnseen => "run-unseen",
            Verb::Disable => "disable",
        }
    }
}

impl Reach {
    /// The reach as packs and policy write it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Reach::File => "file",
            Reach::Repo => "repo",
            Reach::Home => "home",
            Reach::Host => "host",
            Reach::Service => "service",
            Reach::Environment => "environment",
            Reach::Account => "account",
        }
    }
}

impl Reversal {
    /// The reversal as packs and policy write it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Reversal::Regenerable => "regenerable",
            Reversal::History => "history",
            Reversal::Snapshot => "snapshot",
            Reversal::Remote => "remote",
            Reversal::Never => "none",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_read_back<T: serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(label: &str, meant: T) {
        assert_eq!(serde_json::from_str::<T>(&format!("\"{label}\"")).ok(), Some(meant));
    }

    #[test]
    fn labels_are_the_words_that_policy_reads() {
        use Verb as V;
        for verb in [V::Delete, V::Overwrite, V::RewriteHistory, V::Drop, V::Destroy, V::Stop, V::Publish] {
            assert_read_back(verb.label(), verb);
        }
        for verb in [V::Send, V::ReadSecret, V::Grant, V::Persist, V::Escalate, V::RunUnseen, V::Disable] {
            assert_read_back(verb.label(), verb);
        }
        use Reach as R;
        for reach in [R::File, R::Repo, R::Home, R::Host, R::Service, R::Environment, R::Account] {
            assert_read_back(reach.label(), reach);
        }
        use Reversal as B;
        for reversal in [B::Regenerable, B::History, B::Snapshot, B::Remote, B::Never] {
            assert_read_back(reversal.label(), reversal);
        }
    }
}
