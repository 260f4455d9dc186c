//! Entries: what travels and rests, the same bytes on phone, wire and relay.
//!
//! ```text
//! entry = [ header, clear, signature, payload ]            CBOR array of four byte strings
//!
//! header = [ version, suite, space, epoch, device, nonce, sequence, previous, roster, seen,
//!            salt, commitment, hash of clear, length of payload, hash of payload ]
//! id        = H(entry, header)
//! signature = Ed25519(device, H(sign-entry, id))           not part of the id
//! payload   = seal(entry key, nonce 0, header without the last field, padded content)
//! entry key = HKDF(salt, epoch key); commitment = H(entry-key, entry key)
//! ```

pub mod parcel;
mod payload;

pub use payload::{MAX_NONCES, Payload};

use crate::cbor::{self, decode_in_order};
use crate::crypto::{Purpose, SUITE_1, SealKey, SigningKey, derive, hash, open, seal, short_hash, verify};
use crate::defect::{Defect, is_on};
use crate::ids::{DeviceKey, Digest, EntryId, Incarnation, Nonce, SpaceId, StreamId};
use crate::problem::Refusal;
use minicbor::bytes::{self, ByteArray, ByteSlice};
use minicbor::{Decode, Encode};

/// The version of entries.
pub const VERSION: u8 = 1;

/// The largest entry, all parts together.
pub const MAX_ENTRY_BYTES: usize = 256 * 1024;

/// The bytes that the last field of a header takes: it is left out of the associated data.
const LAST_FIELD_BYTES: usize = 34;

/// What stands in clear before a payload, and is signed.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Header {
    /// [`VERSION`].
    #[n(0)]
    pub version: u8,
    /// The suite of all primitives.
    #[n(1)]
    pub suite: u8,
    /// The space that it belongs to.
    #[n(2)]
    pub space: SpaceId,
    /// The epoch of the space's key.
    #[n(3)]
    pub epoch: u32,
    /// The author.
    #[n(4)]
    pub device: DeviceKey,
    /// What tells the author's streams apart.
    #[n(5)]
    pub nonce: Nonce,
    /// The place in the stream, from 0.
    #[n(6)]
    pub sequence: u64,
    /// The entry before it in the stream; for the first, the last of the author's earlier stream in the space.
    #[n(7)]
    pub previous: Option<EntryId>,
    /// The latest roster statement that the author knew; zeros in a genesis.
    #[n(8)]
    pub roster: EntryId,
    /// The newest checkpoint of the space that the author had seen: bounds the entry's time from below.
    #[n(9)]
    pub seen: Option<SeenCheckpoint>,
    /// Makes the entry's key its own.
    #[cbor(n(10), with = "minicbor::bytes")]
    pub salt: [u8; 32],
    /// Commits to the entry's key; zeros without a payload.
    #[n(11)]
    pub commitment: Digest,
    /// Hash of the clear part.
    #[n(12)]
    pub clear_hash: Digest,
    /// Length of the sealed payload.
    #[n(13)]
    pub payload_len: u32,
    /// Hash of the sealed payload.
    #[n(14)]
    pub payload_hash: Digest,
}

decode_in_order!(Header { version, suite, space, epoch, device, nonce, sequence, previous, roster, seen, salt with bytes, commitment, clear_hash, payload_len, payload_hash });

/// A checkpoint as it is carried in headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct SeenCheckpoint {
    /// Of which life of the log.
    #[n(0)]
    pub incarnation: Incarnation,
    /// How many leaves.
    #[n(1)]
    pub size: u64,
    /// The root.
    #[n(2)]
    pub root: Digest,
}

decode_in_order!(SeenCheckpoint { incarnation, size, root });

#[derive(Encode, Decode)]
#[cbor(array)]
struct Frame<'a> {
    #[b(0)]
    header: &'a ByteSlice,
    #[b(1)]
    clear: &'a ByteSlice,
    #[n(2)]
    signature: ByteArray<64>,
    #[b(3)]
    payload: &'a ByteSlice,
}

/// An entry whose form, hashes and signature were checked: [`Entry::check`] is the only way from bytes to it.
///
/// That its author may write where it says is for [`crate::roster::Roster`] to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    bytes: Vec<u8>,
    id: EntryId,
    header: Header,
    associated: Vec<u8>,
    clear: Vec<u8>,
    payload: core::ops::Range<usize>,
}

/// What an author fixes when freezing an entry.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// The space.
    pub space: SpaceId,
    /// The stream's nonce.
    pub nonce: Nonce,
    /// The place in the stream.
    pub sequence: u64,
    /// The entry before it.
    pub previous: Option<EntryId>,
    /// The roster head.
    pub roster: EntryId,
    /// The newest checkpoint seen.
    pub seen: Option<SeenCheckpoint>,
    /// The clear part.
    pub clear: &'a [u8],
    /// What is sealed, and with which epoch's key.
    pub sealed: Option<Sealing<'a>>,
}

/// A payload to be sealed.
#[derive(Clone, Debug)]
pub struct Sealing<'a> {
    /// The epoch.
    pub epoch: u32,
    /// Its key.
    pub key: &'a SealKey,
    /// The content.
    pub payload: &'a Payload,
    /// Random.
    pub salt: [u8; 32],
}

impl Entry {
    /// Seals and signs. The result is frozen: it is never encoded again.
    ///
    /// # Errors
    ///
    /// [`Refusal::TooLarge`] if it would exceed [`MAX_ENTRY_BYTES`].
    pub fn freeze(draft: &Draft<'_>, device: &SigningKey) -> Result<Self, Refusal> {
        let none = Sealing { epoch: 0, key: &SealKey([0; 32]), payload: &Payload::Nothing, salt: [0; 32] };
        let sealing = draft.sealed.as_ref().unwrap_or(&none);
        let key = entry_key(&sealing.salt, sealing.key);
        let plain = sealing.payload.padded();
        let sealed_len = if draft.sealed.is_some() { plain.len() + crate::crypto::TAG_LEN } else { 0 };
        let mut header = Header {
            version: VERSION,
            suite: SUITE_1,
            space: draft.space,
            epoch: sealing.epoch,
            device: DeviceKey(device.public()),
            nonce: draft.nonce,
            sequence: draft.sequence,
            previous: draft.previous,
            roster: draft.roster,
            seen: draft.seen,
            salt: sealing.salt,
            commitment: if draft.sealed.is_some() { commitment(&key) } else { Digest([0; 32]) },
            clear_hash: part_hash(draft.clear),
            payload_len: u32::try_from(sealed_len).map_err(|_| Refusal::TooLarge)?,
            payload_hash: Digest([0; 32]),
        };
        let associated = associated(&cbor::encode(&header));
        let payload =
            if draft.sealed.is_some() { seal(&key, [0; 12], &associated, &plain) } else { Vec::new() };
        header.payload_hash = part_hash(&payload);
        let header = cbor::encode(&header);
        let id = EntryId(hash(Purpose::Entry, &[&header]));
        let bytes = cbor::encode(&Frame {
            header: header[..].into(),
            clear: draft.clear.into(),
            signature: device.sign(Purpose::SignEntry, &[&id.0]).into(),
            payload: payload[..].into(),
        });
        Self::check(bytes)
    }

    /// Checks everything that can be checked without a roster or a key: form, limits, hashes, signature.
    ///
    /// # Errors
    ///
    /// [`Refusal::TooLarge`], [`Refusal::Malformed`], [`Refusal::UnknownVersion`] or
    /// [`Refusal::WrongSignature`].
    pub fn check(bytes: Vec<u8>) -> Result<Self, Refusal> {
        if bytes.len() > MAX_ENTRY_BYTES {
            return Err(Refusal::TooLarge);
        }
        let frame: Frame<'_> = cbor::decode(&bytes).map_err(|_| Refusal::Malformed)?;
        let header: Header = cbor::decode(frame.header).map_err(|_| Refusal::Malformed)?;
        if (header.version, header.suite) != (VERSION, SUITE_1) {
            return Err(Refusal::UnknownVersion);
        }
        let payload = (bytes.len() - frame.payload.len())..bytes.len();
        let is_sound = cbor::encode(&header) == frame.header[..]
            && cbor::encode(&frame) == bytes
            && header.clear_hash == part_hash(frame.clear)
            && header.payload_hash == part_hash(frame.payload)
            && header.payload_len as usize == frame.payload.len();
        if !is_sound {
            return Err(Refusal::Malformed);
        }
        let id = EntryId(hash(Purpose::Entry, &[frame.header]));
        let is_signed = verify(&header.device.0, Purpose::SignEntry, &[&id.0], &frame.signature);
        if !is_signed && !is_on(Defect::AcceptAnySignature) {
            return Err(Refusal::WrongSignature);
        }
        let (associated, clear) = (associated(frame.header), frame.clear.to_vec());
        Ok(Self { id, header, associated, clear, payload, bytes })
    }

    /// The bytes, as they came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The clear part.
    #[must_use]
    pub fn clear(&self) -> &[u8] {
        &self.clear
    }

    /// The sealed payload.
    #[must_use]
    pub fn sealed(&self) -> &[u8] {
        &self.bytes[self.payload.clone()]
    }

    /// The stream that it stands in.
    #[must_use]
    pub fn stream(&self) -> StreamId {
        stream_id(&self.header.device, &self.header.space, &self.header.nonce)
    }

    /// Opens the payload with its epoch's key.
    ///
    /// # Errors
    ///
    /// [`Refusal::WrongSeal`] if the key is not the one committed to, or does not open it;
    /// [`Refusal::MalformedPayload`] if what it opens is not a payload.
    pub fn open(&self, epoch_key: &SealKey) -> Result<Payload, Refusal> {
        let key = entry_key(&self.header.salt, epoch_key);
        if commitment(&key) != self.header.commitment {
            return Err(Refusal::WrongSeal);
        }
        let plain = open(&key, [0; 12], &self.associated, self.sealed()).map_err(|_| Refusal::WrongSeal)?;
        Payload::from_padded(&plain)
    }
}

/// The id of a stream, which is also the Automerge actor of its changes.
#[must_use]
pub fn stream_id(device: &DeviceKey, space: &SpaceId, nonce: &Nonce) -> StreamId {
    StreamId(short_hash(Purpose::Stream, &[&device.0, &space.0, &nonce.0]))
}

fn entry_key(salt: &[u8; 32], epoch_key: &SealKey) -> SealKey {
    SealKey(derive(salt, &epoch_key.0, b"mingcha/1/entry-key"))
}

fn commitment(key: &SealKey) -> Digest {
    Digest(hash(Purpose::EntryKey, &[&key.0]))
}

fn part_hash(part: &[u8]) -> Digest {
    Digest(hash(Purpose::Part, &[part]))
}

fn associated(header: &[u8]) -> Vec<u8> {
    header[..header.len().saturating_sub(LAST_FIELD_BYTES)].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DocumentId;
    use proptest::prelude::*;

    const KEY: SealKey = SealKey([5; 32]);

    fn payload(batch: Vec<u8>) -> Payload {
        Payload::Changes { document: DocumentId([1; 16]), kind: 3, nonces: vec![Nonce([2; 16])], batch }
    }

    fn frozen(payload: &Payload) -> Entry {
        let seen = SeenCheckpoint { incarnation: Incarnation([1; 16]), size: 9, root: Digest([2; 32]) };
        let draft = Draft {
            space: SpaceId([3; 16]),
            nonce: Nonce([4; 16]),
            sequence: 7,
            previous: Some(EntryId([6; 32])),
            roster: EntryId([8; 32]),
            seen: Some(seen),
            clear: b"clear",
            sealed: Some(Sealing { epoch: 2, key: &KEY, payload, salt: [9; 32] }),
        };
        Entry::freeze(&draft, &SigningKey::from_seed([1; 32])).expect("small enough")
    }

    proptest! {
        #[test]
        fn a_frozen_entry_is_checked_and_opened(batch in prop::collection::vec(any::<u8>(), 0..600)) {
            let payload = payload(batch);
            let entry = frozen(&payload);
            let again = Entry::check(entry.bytes().to_vec());
            prop_assert_eq!(again.as_ref(), Ok(&entry));
            prop_assert_eq!(entry.open(&KEY), Ok(payload));
            prop_assert_eq!(entry.open(&SealKey([6; 32])), Err(Refusal::WrongSeal));
        }

        #[test]
        fn a_flipped_bit_is_refused(at in 0_usize..10_000, bit in 0_u8..8) {
            let mut bytes = frozen(&payload(vec![1; 100])).bytes().to_vec();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            prop_assert!(Entry::check(bytes).is_err());
        }

        #[test]
        fn checking_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = Entry::check(bytes);
        }
    }

    #[test]
    fn an_oversized_entry_is_neither_made_nor_taken() {
        assert_eq!(Entry::check(vec![0; MAX_ENTRY_BYTES + 1]), Err(Refusal::TooLarge));
    }

    #[test]
    fn an_unknown_version_is_named() {
        let entry = frozen(&payload(vec![]));
        let mut bytes = entry.bytes().to_vec();
        let at = bytes.windows(3).position(|w| w == [0x8f, 1, 1]).expect("the header's start");
        bytes[at + 1] = 2;
        assert_eq!(Entry::check(bytes), Err(Refusal::UnknownVersion));
    }
}
