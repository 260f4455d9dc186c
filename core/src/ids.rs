//! The names of things: fixed-size byte strings, each its own type.

use core::fmt;
use core::str::FromStr;
use minicbor::{CborLen, Decode, Encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Text that is not the hexadecimal form of an id of the expected length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected {expected} hexadecimal digits")]
pub struct ParseIdError {
    /// How many digits the id has.
    pub expected: usize,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, CborLen)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; $len]);

        impl $name {
            /// The id's length in bytes.
            pub const LEN: usize = $len;

            /// The id's bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let mut bytes = [0; $len];
                read_hex(text.as_bytes(), &mut bytes).map(|()| Self(bytes))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bytes(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let bytes = <&[u8]>::deserialize(deserializer)?;
                bytes.try_into().map(Self).map_err(|_| D::Error::custom("wrong length"))
            }
        }
    };
}

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

fn read_hex(digits: &[u8], bytes: &mut [u8]) -> Result<(), ParseIdError> {
    let wrong = ParseIdError { expected: bytes.len() * 2 };
    if digits.len() != bytes.len() * 2 {
        return Err(wrong);
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |c: u8| (c as char).to_digit(16).ok_or(wrong);
        *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
    }
    Ok(())
}

id!(
    /// An office: the hash of its genesis statement.
    OfficeId, 32
);
id!(
    /// An entry: the hash of its header.
    EntryId, 32
);
id!(
    /// A device: its Ed25519 verifying key.
    DeviceKey, 32
);
id!(
    /// A relay: its Ed25519 verifying key.
    RelayKey, 32
);
id!(
    /// An X25519 public key to which space keys are wrapped.
    BoxKey, 32
);
id!(
    /// A SHA-256 digest.
    Digest, 32
);
id!(
    /// A space: the unit of reading right, writing right and sync.
    SpaceId, 16
);
id!(
    /// A document: random, or derived from its space where a space has exactly one of the kind.
    DocumentId, 16
);
id!(
    /// A thing inside a document (a finding, a question, a fact): random.
    ItemId, 16
);
id!(
    /// A person of the office: random, so that the roster holds no names.
    MemberId, 16
);
id!(
    /// A table that was imported: random.
    DatasetId, 16
);
id!(
    /// What makes the streams of one opening of a store differ from all others: random.
    Nonce, 16
);
id!(
    /// A stream, and the Automerge actor of its changes: the first 16 bytes of H(device key, space, nonce).
    StreamId, 16
);
id!(
    /// One life of a relay's log: random, new after a restore or an empty start.
    Incarnation, 16
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id = SpaceId([0xa5; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("a5".parse::<SpaceId>(), Err(ParseIdError { expected: 32 }));
        assert_eq!("é".repeat(16).parse::<SpaceId>(), Err(ParseIdError { expected: 32 }));
    }
}
