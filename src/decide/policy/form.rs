//! The forms in which a policy file may write a value: one item for a list, `5m` for seconds.

use super::statement::Network;
use serde::de::{Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

/// Reads a list, or one item that stands without brackets.
///
/// An empty list is an error: read as "none of these" it would match nothing, and as "not given" everything.
pub(super) fn one_or_many<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Items<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
        type Value = Vec<T>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("a word or a list of words")
        }

        fn visit_str<E: Error>(self, one: &str) -> Result<Vec<T>, E> {
            T::deserialize(one.into_deserializer()).map(|item| vec![item])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Vec<T>, A::Error> {
            let mut items = Vec::new();
            while let Some(item) = all.next_element()? {
                items.push(item);
            }
            if items.is_empty() {
                return Err(A::Error::custom("an empty list matches nothing, leave the key out to match everything"));
            }
            Ok(items)
        }
    }

    from.deserialize_any(Items(PhantomData))
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reach;

        impl<'de> Visitor<'de> for Reach {
            type Value = Network;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("`open`, `none` or `{ ports: [443] }`")
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Network, E> {
                match word {
                    "open" => Ok(Network::Open),
                    "none" => Ok(Network::None),
                    _ => Err(E::invalid_value(Unexpected::Str(word), &self)),
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Network, A::Error> {
                Err(A::Error::custom(
                    "hosts cannot be told apart by this holdpoint, so a list of them would be no wall; write `none`, `open` or `{ ports: [443] }`",
                ))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Network, A::Error> {
                match all.next_entry::<String, BTreeSet<u16>>()? {
                    Some((key, ports)) if key == "ports" && all.next_key::<String>()?.is_none() => {
                        Ok(Network::Ports(ports))
                    }
                    _ => Err(A::Error::custom("`network` has no other key than `ports`")),
                }
            }
        }

        from.deserialize_any(Reach)
    }
}

/// Reads seconds: `100`, `100s`, `5m`, `1h`, `2d`.
pub(super) fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    struct Seconds;

    impl Visitor<'_> for Seconds {
        type Value = u64;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("seconds, as `100`, `100s`, `5m`, `1h` or `2d`")
        }

        fn visit_u64<E: Error>(self, count: u64) -> Result<u64, E> {
            Ok(count)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<u64, E> {
            read_seconds(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
        }
    }

    from.deserialize_any(Seconds).map(Some)
}

fn read_seconds(text: &str) -> Option<u64> {
    let (count, unit) = match text.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(count) => (count, text.chars().next_back()?),
        None => (text, 's'),
    };
    let factor = match unit {
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => 1,
    };
    if !count.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    count.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::super::statement::Approval;
    use super::*;

    #[test]
    fn seconds_have_units() {
        for (text, meant) in [("100", 100), ("100s", 100), ("5m", 300), ("1h", 3600), ("2d", 172_800), ("0", 0)] {
            assert_eq!(read_seconds(text), Some(meant), "{text}");
        }
        for text in ["", "s", "-1", "1.5h", "1 h", "+3", "99999999999999999999", "9999999999999999d", "1w"] {
            assert_eq!(read_seconds(text), None, "{text}");
        }
    }

    #[test]
    fn the_network_is_a_word_or_ports() {
        let read = |text: &str| serde_yaml::from_str::<Network>(text).map_err(|fault| fault.to_string());
        assert_eq!(read("open"), Ok(Network::Open));
        assert_eq!(read("none"), Ok(Network::None));
        assert_eq!(read("{ ports: [443, 22] }"), Ok(Network::Ports([22, 443].into())));
        assert!(read("[api.example.org]").is_err_and(|fault| fault.contains("hosts cannot be told apart")));
        for fault in ["closed", "{ hosts: [a] }", "{ ports: [70000] }", "{ ports: [1], hosts: [a] }", "{}"] {
            assert!(read(fault).is_err(), "{fault}");
        }
    }

    #[test]
    fn what_was_written_is_read_again() {
        for network in [Network::Open, Network::None, Network::Ports([443].into())] {
            let text = serde_json::to_string(&network).expect("written");
            assert_eq!(serde_json::from_str::<Network>(&text).expect("read"), network);
        }
        let approval = Approval { wait: Some(7), ttl: None };
        let text = serde_json::to_string(&approval).expect("written");
        assert_eq!(serde_json::from_str::<Approval>(&text).expect("read"), approval);
    }
}
