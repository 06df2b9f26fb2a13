//! Text and lists that live as long as the process, as rules are made of them.

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer};
use serde::de::{Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// A string that lives as long as the process.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Text(pub &'static str);

impl fmt::Debug for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Text({:?})", self.0)
    }
}

impl std::ops::Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

/// Only from text that lives as long as the process: it is pointed into where it stands, and leaked where it had to be put
/// together.
impl<'de: 'static> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de: 'static> Visitor<'de> for Reader {
            type Value = Text;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text, E> {
                Ok(Text(text))
            }
            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text(Box::leak(text.to_owned().into_boxed_str())))
            }
        }
        from.deserialize_str(Reader)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0)
    }
}

/// A list that lives as long as the process. In YAML one item may stand without brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct List<T: 'static>(pub &'static [T]);

impl<T> Default for List<T> {
    fn default() -> Self {
        List(&[])
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("List(&")?;
        out.debug_list().entries(self.0).finish()?;
        out.write_str(")")
    }
}

impl<T> std::ops::Deref for List<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        self.0
    }
}

/// Reads a list, or one item that stands without brackets. It keeps what is wrong with an item, and where.
struct OneOrMany<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMany<T> {
    type Value = Vec<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("one item or a list")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element()? {
            all.push(item);
        }
        Ok(all)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Vec<T>, E> {
        T::deserialize(BorrowedStrDeserializer::new(text)).map(|one| vec![one])
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        T::deserialize(text.into_deserializer()).map(|one| vec![one])
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Vec<T>, E> {
        T::deserialize(number.into_deserializer()).map(|one| vec![one])
    }
    fn visit_bool<E: Error>(self, is: bool) -> Result<Vec<T>, E> {
        T::deserialize(is.into_deserializer()).map(|one| vec![one])
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if !from.is_human_readable() {
            return Vec::deserialize(from).map(|all| List(Box::leak(all.into_boxed_slice())));
        }
        from.deserialize_any(OneOrMany(PhantomData)).map(|all| List(Box::leak(all.into_boxed_slice())))
    }
}

impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0)
    }
}

/// Commands that a rule is tried with. They are one text with a line each until somebody asks, which nobody does on the way
/// of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Trials(Text);

impl Trials {
    /// What stands between two of them: no command holds a NUL.
    const BETWEEN: char = '\0';

    /// Each command.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.0.split_terminator(Self::BETWEEN)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.iter().count()
    }
}

impl<'de: 'static> Deserialize<'de> for Trials {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if !from.is_human_readable() {
            return Text::deserialize(from).map(Trials);
        }
        let all = List::<Text>::deserialize(from)?;
        let joined: String = all.iter().flat_map(|one| [one.0, "\0"]).collect();
        Ok(Trials(Text(Box::leak(joined.into_boxed_str()))))
    }
}

impl Serialize for Trials {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { to.collect_seq(self.iter()) } else { self.0.serialize(to) }
    }
}
