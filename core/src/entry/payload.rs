//! What an entry seals.
//!
//! ```text
//! ┌──────────────┬─────────┬───────────────────────┐
//! │ len (u32 BE) │ content │ zeros, to padme(…)    │
//! │     4 B      │  len B  │                       │
//! └──────────────┴─────────┴───────────────────────┘
//! content = CBOR [ number, [ fields … ] ]
//! ```

use crate::cbor;
use crate::crypto::padme;
use crate::ids::{DatasetId, DocumentId, Nonce};
use crate::problem::Refusal;
use minicbor::{Decode, Encode};

/// How many earlier openings of a store one entry may carry changes of.
pub const MAX_NONCES: usize = 64;

const LENGTH_BYTES: usize = 4;

/// The content of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Payload {
    /// Nothing: the entry is its clear part.
    #[n(0)]
    Nothing,
    /// Changes of one document.
    #[n(1)]
    Changes {
        /// The document.
        #[n(0)]
        document: DocumentId,
        /// The number of its kind.
        #[n(1)]
        kind: u8,
        /// The nonces, besides the header's, under which the author made some of these changes.
        #[n(2)]
        nonces: Vec<Nonce>,
        /// The changes, deflated.
        #[cbor(n(3), with = "minicbor::bytes")]
        batch: Vec<u8>,
    },
    /// A part of an imported table.
    #[n(2)]
    DatasetPart {
        /// The table.
        #[n(0)]
        dataset: DatasetId,
        /// Which part, from 0.
        #[n(1)]
        index: u32,
        /// The rows, packed.
        #[cbor(n(2), with = "minicbor::bytes")]
        part: Vec<u8>,
    },
}

impl Payload {
    /// The bytes that are sealed.
    pub(super) fn padded(&self) -> Vec<u8> {
        let content = cbor::encode(self);
        let mut bytes = (content.len() as u32).to_be_bytes().to_vec();
        bytes.extend_from_slice(&content);
        bytes.resize(padme(bytes.len()), 0);
        bytes
    }

    /// Reads what [`Payload::padded`] wrote.
    pub(super) fn from_padded(bytes: &[u8]) -> Result<Self, Refusal> {
        let (len, rest) = bytes.split_first_chunk::<LENGTH_BYTES>().ok_or(Refusal::MalformedPayload)?;
        let content = rest.get(..u32::from_be_bytes(*len) as usize).ok_or(Refusal::MalformedPayload)?;
        let payload = cbor::decode(content).map_err(|_| Refusal::MalformedPayload)?;
        match &payload {
            Self::Changes { nonces, .. } if nonces.len() > MAX_NONCES => Err(Refusal::MalformedPayload),
            _ => Ok(payload),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reading_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Payload::from_padded(&bytes);
        }
    }

    #[test]
    fn the_bytes_are_frozen() {
        let part = Payload::DatasetPart { dataset: DatasetId([1; 16]), index: 2, part: vec![3] };
        let expected = [&[0, 0, 0, 23, 0x82, 2, 0x83, 0x50][..], &[1; 16], &[2, 0x41, 3], &[0]].concat();
        assert_eq!(part.padded(), expected);
    }
}
