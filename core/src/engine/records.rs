//! The records of the store: where each stands and what it holds.
//!
//! | table | key | value |
//! |---|---|---|
//! | Clear | `vault` | the vault's header |
//! | Clear | `carrier` | [`CarrierRecord`] |
//! | Outbox | number (8 B, BE) | an entry |
//! | State | `identity` | [`Identity`] |
//! | State | `joining` | [`Joining`], until the relay has taken the join |
//! | State | `r` position (4 B, BE) | a roster entry with its time |
//! | State | `s` space | [`SpaceRecord`] |
//! | State | `t` stream | [`StreamRecord`] |
//! | State | `l` space | the id of this device's last entry there |
//! | State | `i` key | [`InvitationRecord`] |
//! | State | `k` name | what the page keeps |
//! | Entries | space, sequence (8 B, BE) | an entry with its time |
//! | Documents | document | the document's history |
//! | Rows | document | [`RowRecord`] |
//! | Pending | number (8 B, BE) | [`PendingRecord`] |
//! | Datasets | dataset, part (4 B, BE) | the packed rows |

use crate::cbor::decode_in_order;
use crate::ids::{
    DeviceKey, Digest, DocumentId, EntryId, Incarnation, MemberId, Nonce, OfficeId, RelayKey, SpaceId,
};
use crate::log::Tree;
use crate::time::Timestamp;
use minicbor::{Decode, Encode, bytes};
use zeroize::Zeroize;

pub const VAULT: &[u8] = b"vault";
pub const CARRIER: &[u8] = b"carrier";
pub const IDENTITY: &[u8] = b"identity";
pub const JOINING: &[u8] = b"joining";

/// The first byte of keys in the table State that stand in families.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Roster,
    Space,
    Stream,
    Last,
    Invitation,
    Kept,
}

impl Family {
    fn letter(self) -> u8 {
        match self {
            Self::Roster => b'r',
            Self::Space => b's',
            Self::Stream => b't',
            Self::Last => b'l',
            Self::Invitation => b'i',
            Self::Kept => b'k',
        }
    }

    /// The key of a member of the family.
    pub fn key(self, rest: &[u8]) -> Vec<u8> {
        [&[self.letter()], rest].concat()
    }

    /// What of a key follows the family's letter.
    pub fn rest(self, key: &[u8]) -> Option<&[u8]> {
        key.strip_prefix(&[self.letter()])
    }
}

/// The key of an entry.
pub fn entry_key(space: &SpaceId, sequence: u64) -> Vec<u8> {
    [&space.0[..], &sequence.to_be_bytes()].concat()
}

/// What sending needs while the vault is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct CarrierRecord {
    /// The office's relay.
    #[n(0)]
    pub relay: RelayKey,
    /// The set-up token, until the genesis is held.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub claim: Option<[u8; 16]>,
}

/// Who this device is.
#[derive(Clone, Encode)]
#[cbor(array)]
pub struct Identity {
    #[n(0)]
    pub office: OfficeId,
    #[n(1)]
    pub relay: RelayKey,
    #[n(2)]
    pub member: MemberId,
    #[cbor(n(3), with = "minicbor::bytes")]
    pub sign_seed: [u8; 32],
    #[cbor(n(4), with = "minicbor::bytes")]
    pub box_seed: [u8; 32],
}

decode_in_order!(Identity { office, relay, member, sign_seed with bytes, box_seed with bytes });

impl Drop for Identity {
    fn drop(&mut self) {
        self.sign_seed.zeroize();
        self.box_seed.zeroize();
    }
}

/// A join that the relay has not taken yet: what it takes to state it again.
#[derive(Clone, Copy, Encode)]
#[cbor(array)]
pub struct Joining {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub secret: [u8; 16],
    /// The nonce of the stream in which the join stands.
    #[n(1)]
    pub nonce: Nonce,
}

decode_in_order!(Joining { secret with bytes, nonce });

/// How far a space has been read.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct SpaceRecord {
    /// The life of the log that was read.
    #[n(0)]
    pub incarnation: Incarnation,
    /// The tree of everything read; its size is the cursor.
    #[n(1)]
    pub tree: Tree,
    /// The newest checkpoint whose root the tree confirmed: size and root.
    #[n(2)]
    pub checkpoint: Option<Confirmed>,
    /// The tree at that checkpoint: reading goes on from there when the relay showed what its log does not say.
    #[n(3)]
    pub sound: Option<Tree>,
}

decode_in_order!(SpaceRecord { incarnation, tree, checkpoint, sound });

/// A checkpoint that was confirmed by reading.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct Confirmed {
    #[n(0)]
    pub size: u64,
    #[n(1)]
    pub root: Digest,
    /// The signed note, kept as evidence.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub note: Vec<u8>,
}

decode_in_order!(Confirmed { size, root, note with bytes });

/// A stream as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct StreamRecord {
    /// Whose it is.
    #[n(0)]
    pub device: DeviceKey,
    /// Its last entry; none when only changes carried by a later stream are known.
    #[n(1)]
    pub last: Option<StreamPlace>,
}

decode_in_order!(StreamRecord { device, last });

/// A place in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct StreamPlace {
    #[n(0)]
    pub sequence: u64,
    #[n(1)]
    pub entry: EntryId,
}

decode_in_order!(StreamPlace { sequence, entry });

/// An entry with the relay's time.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct HeldEntry {
    #[n(0)]
    pub time: Timestamp,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub entry: Vec<u8>,
}

decode_in_order!(HeldEntry { time, entry with bytes });

/// An invitation made on this device.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct InvitationRecord {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub secret: [u8; 16],
    #[n(1)]
    pub member: MemberId,
    #[n(2)]
    pub team: Option<SpaceId>,
    #[n(3)]
    pub name: String,
    #[n(4)]
    pub expires: Timestamp,
    /// The numbers of their roles.
    #[n(5)]
    pub roles: Option<Vec<u8>>,
}

decode_in_order!(InvitationRecord { secret with bytes, member, team, name, expires, roles });

/// What is known of a document without opening it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct RowRecord {
    #[n(0)]
    pub space: SpaceId,
    #[n(1)]
    pub kind: u8,
    /// The encoded summary, for kinds that have one.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub summary: Option<Vec<u8>>,
}

/// A change that is saved and not yet frozen into an entry.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
#[cbor(array)]
pub struct PendingRecord {
    #[n(0)]
    pub document: DocumentId,
    #[n(1)]
    pub kind: u8,
    #[n(2)]
    pub space: SpaceId,
    /// The nonce of the opening in which it was made.
    #[n(3)]
    pub nonce: Nonce,
    #[cbor(n(4), with = "minicbor::bytes")]
    pub change: Vec<u8>,
}

decode_in_order!(PendingRecord { document, kind, space, nonce, change with bytes });

/// Reads an id out of a key.
pub fn id_of<const N: usize>(rest: &[u8]) -> Option<[u8; N]> {
    rest.try_into().ok()
}
