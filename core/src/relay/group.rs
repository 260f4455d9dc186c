//! What a relay's log holds: one [`Record`] per durable write.
//!
//! ```text
//! Birth  [0, [incarnation 16 B, relay key 32 B, time]]            the first record, once
//! Group  [1, [time, [space group …], [forked entry …]]]           one per group commit
//!
//! space group  [space 16 B, tree before, checkpoint bytes, [filed …]]
//! tree         [size, [peak 32 B …]]
//! filed        [id 32 B, stream 16 B, sequence, roster, previous | null, entry bytes]
//! ```
//!
//! Deterministic CBOR. With the space's tree before the group, the leaves of the group give every inclusion
//! path to the group's checkpoint, so an old receipt can be made again from its record alone. `previous` is
//! the position in the space of the stream's entry before, so that an entry is found by stream and sequence
//! without an index key of its own.

use crate::cbor;
use crate::ids::{EntryId, Incarnation, RelayKey, SpaceId, StreamId};
use crate::log::{Hash, Receipt, Tree, leaf_hash};
use crate::time::Timestamp;
use minicbor::{Decode, Encode};

/// One durable write.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Record {
    /// The log begins.
    #[n(0)]
    Birth(#[n(0)] Birth),
    /// Entries were accepted.
    #[n(1)]
    Group(#[n(0)] Group),
}

/// What the first record of a log says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Birth {
    /// This life of the log: random.
    #[n(0)]
    pub incarnation: Incarnation,
    /// The relay that signs its checkpoints.
    #[n(1)]
    pub relay: RelayKey,
    /// When.
    #[n(2)]
    pub at: Timestamp,
}

/// The entries that one write made durable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Group {
    /// The relay's time, the same for all entries: part of every leaf.
    #[n(0)]
    pub at: Timestamp,
    /// The spaces written to, each once.
    #[n(1)]
    pub spaces: Vec<SpaceGroup>,
    /// Evidence: entries refused because another stands at the same place of their stream.
    #[cbor(n(2), with = "crate::cbor::byte_strings")]
    pub forks: Vec<Vec<u8>>,
}

/// The entries that a group adds to one space.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SpaceGroup {
    /// Which space.
    #[n(0)]
    pub space: SpaceId,
    /// The space's tree before the group.
    #[n(1)]
    pub before: Tree,
    /// The signed checkpoint of the tree after the group.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub checkpoint: Vec<u8>,
    /// The entries, in order.
    #[n(3)]
    pub entries: Vec<Filed>,
}

impl SpaceGroup {
    /// The position of the first entry.
    #[must_use]
    pub fn base(&self) -> u64 {
        self.before.size()
    }

    /// The position after the last entry.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.base().saturating_add(self.entries.len() as u64)
    }

    /// The space's tree after the group, which was written at `at`.
    #[must_use]
    pub fn after(&self, at: Timestamp) -> Tree {
        self.before.extend(self.leaves(at)).tree()
    }

    /// The receipts of all entries, in order, with paths to the group's checkpoint.
    #[must_use]
    pub fn receipts(&self, at: Timestamp) -> Vec<Receipt> {
        let paths = self.before.extend(self.leaves(at)).paths();
        let places = self.entries.iter().zip(self.base()..).zip(paths);
        places
            .map(|((filed, sequence), path)| Receipt { entry: filed.id, sequence, time: at, path })
            .collect()
    }

    fn leaves(&self, at: Timestamp) -> Vec<Hash> {
        self.entries.iter().map(|filed| leaf_hash(&filed.id, at)).collect()
    }

    /// The entry at a position of the space, if it is in this group.
    #[must_use]
    pub fn entry(&self, position: u64) -> Option<&Filed> {
        let index = usize::try_from(position.checked_sub(self.base())?).ok()?;
        self.entries.get(index)
    }
}

/// An entry where it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Filed {
    /// Its id.
    #[n(0)]
    pub id: EntryId,
    /// Its stream.
    #[n(1)]
    pub stream: StreamId,
    /// Its place in the stream, from 0.
    #[n(2)]
    pub sequence: u64,
    /// How far along the roster the head is that it cites.
    #[n(3)]
    pub roster: u64,
    /// The position in the space of the stream's entry before it; none for a stream's first.
    #[n(4)]
    pub previous: Option<u64>,
    /// The entry as it came.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

/// Where a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct StreamHead {
    /// The space it runs in.
    #[n(0)]
    pub space: SpaceId,
    /// Its last entry.
    #[n(1)]
    pub id: EntryId,
    /// That entry's place in the stream.
    #[n(2)]
    pub sequence: u64,
    /// How far along the roster the head is that it cites.
    #[n(3)]
    pub roster: u64,
    /// Its position in the space.
    #[n(4)]
    pub position: u64,
}

impl StreamHead {
    /// Where the stream ends once `filed` stands at `position` of `space`.
    #[must_use]
    pub fn of(space: SpaceId, filed: &Filed, position: u64) -> Self {
        Self { space, id: filed.id, sequence: filed.sequence, roster: filed.roster, position }
    }
}

/// Bytes that are not a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a record of the log")]
pub struct RecordError;

impl Record {
    /// The bytes that the log stores: see the module's drawing.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// Reads what [`Record::encode`] wrote.
    ///
    /// # Errors
    ///
    /// [`RecordError`] if the bytes are not exactly one record.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        cbor::decode(bytes).map_err(|_| RecordError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::root_from_path;
    use proptest::prelude::*;

    fn tree(size: u64) -> Tree {
        let mut tree = Tree::default();
        (0..size).for_each(|n| tree.push([n as u8; 32]));
        tree
    }

    fn any_filed() -> impl Strategy<Value = Filed> {
        let numbers = (any::<u64>(), any::<u64>(), any::<Option<u64>>());
        (any::<[u8; 32]>(), any::<[u8; 16]>(), numbers, prop::collection::vec(any::<u8>(), 0..200)).prop_map(
            |(id, stream, (sequence, roster, previous), bytes)| Filed {
                id: EntryId(id),
                stream: StreamId(stream),
                sequence,
                roster,
                previous,
                bytes,
            },
        )
    }

    fn any_space_group() -> impl Strategy<Value = SpaceGroup> {
        (
            any::<[u8; 16]>(),
            0_u64..40,
            prop::collection::vec(any::<u8>(), 0..300),
            prop::collection::vec(any_filed(), 0..4),
        )
            .prop_map(|(space, size, checkpoint, entries)| SpaceGroup {
                space: SpaceId(space),
                before: tree(size),
                checkpoint,
                entries,
            })
    }

    fn any_record() -> impl Strategy<Value = Record> {
        let bytes = prop::collection::vec(any::<u8>(), 0..40);
        (any::<u64>(), prop::collection::vec(any_space_group(), 0..3), prop::collection::vec(bytes, 0..3))
            .prop_map(|(at, spaces, forks)| Record::Group(Group { at: Timestamp(at), spaces, forks }))
    }

    proptest! {
        #[test]
        fn decode_inverts_encode(record in any_record()) {
            prop_assert_eq!(Record::decode(&record.encode()), Ok(record));
        }

        #[test]
        fn decode_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
            let _ = Record::decode(&bytes);
        }

        #[test]
        fn every_receipt_of_a_group_leads_to_its_root(group in any_space_group(), at: u64) {
            let at = Timestamp(at);
            let after = group.after(at);
            prop_assert_eq!(group.receipts(at).len(), group.entries.len());
            for receipt in group.receipts(at) {
                let leaf = leaf_hash(&receipt.entry, at);
                let root = root_from_path(leaf, receipt.sequence, after.size(), &receipt.path);
                prop_assert_eq!(root, Some(after.root()));
            }
        }

        #[test]
        fn a_record_cut_short_or_run_on_is_refused(record in any_record(), cut in any::<prop::sample::Index>()) {
            let mut bytes = record.encode();
            prop_assert_eq!(Record::decode(&bytes[..cut.index(bytes.len())]), Err(RecordError));
            bytes.push(0);
            prop_assert_eq!(Record::decode(&bytes), Err(RecordError));
        }
    }

    #[test]
    fn birth_bytes_are_frozen() {
        let birth = Birth { incarnation: Incarnation([1; 16]), relay: RelayKey([2; 32]), at: Timestamp(3) };
        let mut expected = vec![0x82, 0x00, 0x81, 0x83, 0x50];
        expected.extend([1; 16]);
        expected.extend([0x58, 0x20]);
        expected.extend([2; 32]);
        expected.push(3);
        assert_eq!(Record::Birth(birth).encode(), expected);
    }

    #[test]
    fn group_bytes_are_frozen() {
        let filed = Filed {
            id: EntryId([5; 32]),
            stream: StreamId([6; 16]),
            sequence: 7,
            roster: 8,
            previous: None,
            bytes: vec![9],
        };
        let space = SpaceGroup {
            space: SpaceId([1; 16]),
            before: {
                let mut tree = Tree::default();
                tree.push([3; 32]);
                tree
            },
            checkpoint: vec![4],
            entries: vec![filed],
        };
        let group = Group { at: Timestamp(10), spaces: vec![space], forks: vec![vec![11, 12]] };
        let mut expected = vec![0x82, 0x01, 0x81, 0x83, 10, 0x81, 0x84, 0x50];
        expected.extend([1; 16]);
        expected.extend([0x82, 0x01, 0x81, 0x58, 0x20]);
        expected.extend([3; 32]);
        expected.extend([0x41, 4, 0x81, 0x86, 0x58, 0x20]);
        expected.extend([5; 32]);
        expected.push(0x50);
        expected.extend([6; 16]);
        expected.extend([7, 8, 0xf6, 0x41, 9, 0x81, 0x42, 11, 12]);
        assert_eq!(Record::Group(group).encode(), expected);
    }
}
