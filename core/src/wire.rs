//! The messages between a client and the relay, each one binary WebSocket message; `PROTOCOL.md` draws them.
//!
//! ```text
//! message = [ number, [ fields … ] ]      deterministic CBOR
//! ```

use crate::cbor;
use crate::cbor::decode_in_order;
use crate::crypto::{Purpose, SigningKey, hash, verify};
use crate::ids::{DeviceKey, EntryId, Incarnation, OfficeId, RelayKey, SpaceId};
use crate::log::Receipt;
use crate::time::Timestamp;
use minicbor::bytes;
use minicbor::{Decode, Encode};

/// The version of the protocol.
pub const PROTOCOL: u8 = 1;

/// The oldest version that is still spoken.
pub const PROTOCOL_MINIMUM: u8 = 1;

/// The largest message.
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

/// How many entries one message may carry.
pub const MAX_ENTRIES_PER_MESSAGE: usize = 1_024;

/// The most bytes of entries a client may let the relay send ahead.
pub const MAX_CREDIT_BYTES: u32 = 8 * 1024 * 1024;

/// Bytes that are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Larger than [`MAX_MESSAGE_BYTES`].
    #[error("message of {len} bytes exceeds the limit of {MAX_MESSAGE_BYTES}")]
    TooLarge {
        /// Its length.
        len: usize,
    },
    /// More entries than [`MAX_ENTRIES_PER_MESSAGE`].
    #[error("message with more than {MAX_ENTRIES_PER_MESSAGE} entries")]
    TooMany,
    /// Not a message.
    #[error("malformed message")]
    Malformed,
}

/// What a client says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum ToRelay {
    /// First: the version spoken, and a nonce that the relay signs.
    #[n(0)]
    Hello {
        /// [`PROTOCOL`].
        #[n(0)]
        version: u8,
        /// Random.
        #[cbor(n(1), with = "minicbor::bytes")]
        nonce: [u8; 16],
    },
    /// Proves which device this is. Needed for reading, not for putting.
    #[n(1)]
    Session {
        /// The device.
        #[n(0)]
        device: DeviceKey,
        /// Over [`Handshake`], for [`Purpose::SignSession`].
        #[cbor(n(1), with = "minicbor::bytes")]
        signature: [u8; 64],
    },
    /// Entries to be held, by whoever carries them.
    #[n(2)]
    Put {
        /// The entries' bytes.
        #[cbor(n(0), with = "crate::cbor::byte_strings")]
        entries: Vec<Vec<u8>>,
    },
    /// The genesis of an office, with the set-up token.
    #[n(3)]
    Claim {
        /// The token.
        #[cbor(n(0), with = "minicbor::bytes")]
        token: [u8; 16],
        /// The genesis entry's bytes.
        #[cbor(n(1), with = "minicbor::bytes")]
        entry: Vec<u8>,
    },
    /// Looks an invitation up.
    #[n(4)]
    Find {
        /// As the invitation's secret gives it.
        #[cbor(n(0), with = "minicbor::bytes")]
        locator: [u8; 16],
    },
    /// Wants a space's entries from a place on, and all that follow.
    #[n(5)]
    Subscribe {
        /// The space.
        #[n(0)]
        space: SpaceId,
        /// The life of the log that `from` counts in.
        #[n(1)]
        incarnation: Incarnation,
        /// The first sequence wanted.
        #[n(2)]
        from: u64,
    },
    /// Lets the relay send that many more bytes of entries.
    #[n(6)]
    Credit {
        /// How many.
        #[n(0)]
        bytes: u32,
    },
    /// Asks whether the relay is there.
    #[n(7)]
    Ping {
        /// Comes back.
        #[n(0)]
        nonce: u64,
    },
}

/// What the relay says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum FromRelay {
    /// Answers `Hello`.
    #[n(0)]
    Welcome {
        /// The version spoken.
        #[n(0)]
        version: u8,
        /// The oldest version it takes.
        #[n(1)]
        minimum: u8,
        /// Its key.
        #[n(2)]
        relay: RelayKey,
        /// The life of its log.
        #[n(3)]
        incarnation: Incarnation,
        /// Random; a device answers it.
        #[cbor(n(4), with = "minicbor::bytes")]
        challenge: [u8; 16],
        /// Its time.
        #[n(5)]
        time: Timestamp,
        /// The office it serves, when founded.
        #[n(6)]
        office: Option<OfficeId>,
        /// Over [`Handshake`], for [`Purpose::SignWelcome`].
        #[cbor(n(7), with = "minicbor::bytes")]
        signature: [u8; 64],
    },
    /// The session stands.
    #[n(1)]
    Granted,
    /// Entries are durable.
    #[n(2)]
    Receipts {
        /// Their space.
        #[n(0)]
        space: SpaceId,
        /// The signed checkpoint that the receipts' paths lead to.
        #[cbor(n(1), with = "minicbor::bytes")]
        checkpoint: Vec<u8>,
        /// One for each entry.
        #[n(2)]
        receipts: Vec<Receipt>,
    },
    /// An entry is not held, and will not be.
    #[n(3)]
    Refused {
        /// Which.
        #[n(0)]
        entry: EntryId,
        /// [`crate::problem::Refusal::code`].
        #[n(1)]
        code: u8,
    },
    /// Entries of a subscribed space, in order and without gap.
    #[n(4)]
    Entries {
        /// The space.
        #[n(0)]
        space: SpaceId,
        /// The sequence of the first.
        #[n(1)]
        from: u64,
        /// The entries.
        #[n(2)]
        items: Vec<Item>,
    },
    /// Everything up to here was sent: the log's signed checkpoint.
    #[n(5)]
    Head {
        /// The space.
        #[n(0)]
        space: SpaceId,
        /// The checkpoint; empty for a space without entries.
        #[cbor(n(1), with = "minicbor::bytes")]
        checkpoint: Vec<u8>,
    },
    /// The invitation, and the roster so far.
    #[n(6)]
    Found {
        /// Sealed under the invitation's secret.
        #[cbor(n(0), with = "minicbor::bytes")]
        bundle: Vec<u8>,
        /// The roster's entries, from the genesis on.
        #[n(1)]
        roster: Vec<Item>,
    },
    /// No such invitation.
    #[n(7)]
    NotFound,
    /// Something is wrong that is no entry's fault.
    #[n(8)]
    Trouble {
        /// What.
        #[n(0)]
        what: Trouble,
    },
    /// Answers `Ping`.
    #[n(9)]
    Pong {
        /// As asked.
        #[n(0)]
        nonce: u64,
        /// The relay's time.
        #[n(1)]
        time: Timestamp,
    },
}

/// What the relay cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Trouble {
    /// Its disk is full: what was put is not held.
    #[n(0)]
    Full,
    /// Its disk fails: what was put is not held.
    #[n(1)]
    Failing,
    /// Too much at once: try again later. What was put and not answered is not held.
    #[n(2)]
    Busy,
    /// The client's version is not spoken here.
    #[n(3)]
    Version,
    /// The device is not known, or its signature is wrong.
    #[n(4)]
    Session,
    /// The message made no sense here.
    #[n(5)]
    Unexpected,
    /// The set-up token is wrong, or the office is founded already.
    #[n(6)]
    Claim,
    /// The subscription's incarnation is not the log's.
    #[n(7)]
    Incarnation,
    /// The device may not read the space.
    #[n(8)]
    Space,
    /// The office expelled the device.
    #[n(9)]
    Expelled,
}

/// An entry with the relay's time: a leaf of the log.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Item {
    /// When the relay took it.
    #[n(0)]
    pub time: Timestamp,
    /// Its bytes.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub entry: Vec<u8>,
}

decode_in_order!(Item { time, entry with bytes });

macro_rules! codec {
    ($name:ident, $this:ident => $entries:expr) => {
        impl $name {
            /// The message's bytes.
            #[must_use]
            pub fn encode(&self) -> Vec<u8> {
                cbor::encode(self)
            }

            /// Reads a message.
            ///
            /// # Errors
            ///
            /// [`WireError`] if it is too large or not one.
            pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
                if bytes.len() > MAX_MESSAGE_BYTES {
                    return Err(WireError::TooLarge { len: bytes.len() });
                }
                let $this: Self = cbor::decode(bytes).map_err(|_| WireError::Malformed)?;
                if $entries > MAX_ENTRIES_PER_MESSAGE { Err(WireError::TooMany) } else { Ok($this) }
            }
        }
    };
}

codec!(ToRelay, message => match &message {
    Self::Put { entries } => entries.len(),
    _ => 0,
});
codec!(FromRelay, message => match &message {
    Self::Entries { items, .. } => items.len(),
    Self::Receipts { receipts, .. } => receipts.len(),
    _ => 0,
});

/// What both sides of a connection sign, so that neither a challenge nor a session can be used elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// The relay's key.
    pub relay: RelayKey,
    /// The life of its log.
    pub incarnation: Incarnation,
    /// The client's nonce.
    pub nonce: [u8; 16],
    /// The relay's challenge.
    pub challenge: [u8; 16],
    /// The relay's time.
    pub time: Timestamp,
    /// The office, when founded.
    pub office: Option<OfficeId>,
}

impl Handshake {
    fn digest(&self) -> [u8; 32] {
        let office = self.office.map(|office| office.0).unwrap_or_default();
        let founded = [u8::from(self.office.is_some())];
        let time = self.time.0.to_be_bytes();
        let Self { relay, incarnation, nonce, challenge, .. } = self;
        hash(Purpose::SignWelcome, &[&relay.0, &incarnation.0, nonce, challenge, &time, &founded, &office])
    }

    /// Signs it, as the relay ([`Purpose::SignWelcome`]) or as a device ([`Purpose::SignSession`]).
    #[must_use]
    pub fn sign(&self, purpose: Purpose, key: &SigningKey) -> [u8; 64] {
        key.sign(purpose, &[&self.digest()])
    }

    /// Whether the relay named in it signed it.
    #[must_use]
    pub fn is_welcome(&self, signature: &[u8; 64]) -> bool {
        verify(&self.relay.0, Purpose::SignWelcome, &[&self.digest()], signature)
    }

    /// Whether `device` signed it.
    #[must_use]
    pub fn is_session_of(&self, device: &DeviceKey, signature: &[u8; 64]) -> bool {
        verify(&device.0, Purpose::SignSession, &[&self.digest()], signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_to_relay() -> impl Strategy<Value = ToRelay> {
        let bytes = || prop::collection::vec(any::<u8>(), 0..40);
        prop_oneof![
            (any::<u8>(), any::<[u8; 16]>()).prop_map(|(version, nonce)| ToRelay::Hello { version, nonce }),
            prop::collection::vec(bytes(), 0..5).prop_map(|entries| ToRelay::Put { entries }),
            (any::<[u8; 16]>(), bytes()).prop_map(|(token, entry)| ToRelay::Claim { token, entry }),
            any::<[u8; 16]>().prop_map(|locator| ToRelay::Find { locator }),
            (any::<[u8; 16]>(), any::<[u8; 16]>(), any::<u64>()).prop_map(|(space, incarnation, from)| {
                ToRelay::Subscribe { space: SpaceId(space), incarnation: Incarnation(incarnation), from }
            }),
            any::<u32>().prop_map(|bytes| ToRelay::Credit { bytes }),
            any::<u64>().prop_map(|nonce| ToRelay::Ping { nonce }),
        ]
    }

    fn any_from_relay() -> impl Strategy<Value = FromRelay> {
        let item = (any::<u64>(), prop::collection::vec(any::<u8>(), 0..40))
            .prop_map(|(time, entry)| Item { time: Timestamp(time), entry });
        let receipt = (any::<[u8; 32]>(), any::<u64>(), prop::collection::vec(any::<[u8; 32]>(), 0..4))
            .prop_map(|(entry, sequence, path)| Receipt {
                entry: EntryId(entry),
                sequence,
                time: Timestamp(sequence),
                path,
            });
        prop_oneof![
            Just(FromRelay::Granted),
            Just(FromRelay::NotFound),
            (any::<[u8; 16]>(), prop::collection::vec(receipt, 0..3)).prop_map(|(space, receipts)| {
                FromRelay::Receipts { space: SpaceId(space), checkpoint: vec![1, 2], receipts }
            }),
            (any::<[u8; 16]>(), any::<u64>(), prop::collection::vec(item, 0..4))
                .prop_map(|(space, from, items)| FromRelay::Entries { space: SpaceId(space), from, items }),
            any::<u64>().prop_map(|nonce| FromRelay::Pong { nonce, time: Timestamp(nonce) }),
            Just(FromRelay::Trouble { what: Trouble::Incarnation }),
        ]
    }

    proptest! {
        #[test]
        fn decode_inverts_encode(to in any_to_relay(), from in any_from_relay()) {
            prop_assert_eq!(ToRelay::decode(&to.encode()), Ok(to));
            prop_assert_eq!(FromRelay::decode(&from.encode()), Ok(from));
        }

        #[test]
        fn decode_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
            let _ = (ToRelay::decode(&bytes).is_ok(), FromRelay::decode(&bytes).is_ok());
        }
    }

    #[test]
    fn the_bytes_of_a_ping_are_frozen() {
        assert_eq!(ToRelay::Ping { nonce: 300 }.encode(), [0x82, 7, 0x81, 0x19, 0x01, 0x2c]);
    }

    #[test]
    fn a_session_signature_serves_one_connection_of_one_relay() {
        let device = SigningKey::from_seed([1; 32]);
        let handshake = Handshake {
            relay: RelayKey([2; 32]),
            incarnation: Incarnation([3; 16]),
            nonce: [4; 16],
            challenge: [5; 16],
            time: Timestamp(6),
            office: Some(OfficeId([7; 32])),
        };
        let signature = handshake.sign(Purpose::SignSession, &device);
        let key = DeviceKey(device.public());
        assert!(handshake.is_session_of(&key, &signature));
        for other in [
            Handshake { relay: RelayKey([0; 32]), ..handshake },
            Handshake { challenge: [0; 16], ..handshake },
            Handshake { nonce: [0; 16], ..handshake },
            Handshake { office: None, ..handshake },
        ] {
            assert!(!other.is_session_of(&key, &signature));
        }
    }
}
