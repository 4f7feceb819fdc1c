//! Identifiers, each with a type of its own so that they can't be mixed up.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            pub fn new(name: impl AsRef<str>) -> Self {
                Self(name.as_ref().into())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    )*};
}

names! {
    /// A deck: its file name without `.toml`.
    DeckId
    /// A question within its deck, such as `consensus-paxos-raft.001`.
    QuestionId
    /// One of the eight competencies, or `tips`, or `role`.
    CompetencyId
    /// A part of a competency, unique over the whole blueprint.
    FacetId
    /// A knowledge point of a facet, such as `consensus-paxos-raft/kp7`.
    PointId
    /// A tip of the source document, such as `tip-6-design-for-failure`.
    TipId
    /// A session; sorts by the time it was started.
    SessionId
}

/// A person within one history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub i64);

impl PersonId {
    /// The person of every new history, called "you".
    pub const YOU: PersonId = PersonId(1);
}

/// An option, step, or entry of a matching: its index in the deck file, from 0.
///
/// It is independent of the order on the screen and keeps its meaning while the
/// question's [`Fingerprint`] stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChoiceId(pub u8);

impl ChoiceId {
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Returns the ids of the first `n` entries, in file order.
    ///
    /// `n` is at most 255, the limit for entries of a question.
    pub fn first(n: usize) -> impl Iterator<Item = ChoiceId> {
        (0..=u8::MAX).take(n).map(ChoiceId)
    }
}

/// A hash of a question's content: the first 16 bytes of the BLAKE3 hash of its text in the deck.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    pub fn of(text: &str) -> Self {
        let mut first = [0; 16];
        first.copy_from_slice(&blake3::hash(text.as_bytes()).as_bytes()[..16]);
        Self(first)
    }

    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Parses 32 hexadecimal digits, as written by [`fmt::Display`].
    pub fn parse(hex: &str) -> Option<Self> {
        let value = u128::from_str_radix(hex, 16).ok()?;
        (hex.len() == 32).then_some(Self(value.to_be_bytes()))
    }
}

impl From<[u8; 16]> for Fingerprint {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let hex = String::deserialize(from)?;
        Self::parse(&hex)
            .ok_or_else(|| serde::de::Error::custom("a fingerprint is 32 hexadecimal digits"))
    }
}
