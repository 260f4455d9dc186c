//! The relay's disk: one growing file, of which the end may not have reached the medium yet, and an index over what
//! has.

use mingcha_core::ids::{SpaceId, StreamId};
use mingcha_core::relay::Recalled;
use mingcha_core::relay::group::{Filed, Group, Record, SpaceGroup, StreamHead};
use mingcha_core::time::Timestamp;
use mingcha_core::wire::Item;
use std::collections::BTreeMap;

const LENGTH_BYTES: usize = 4;

/// See the module.
#[derive(Clone, Default)]
pub struct Disk {
    file: Vec<u8>,
    /// How much of the file survives whatever happens.
    synced: usize,
    groups: Vec<Group>,
    /// By space: each entry with its time, in order.
    spaces: BTreeMap<SpaceId, Vec<(Timestamp, Filed)>>,
    heads: BTreeMap<StreamId, StreamHead>,
    /// By stream: the groups that hold something of it.
    places: BTreeMap<StreamId, Vec<usize>>,
}

/// What becomes of what was written and not synced when the power goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// Nothing of it is there.
    Lost,
    /// So many bytes of it are, at most all but one.
    Torn(usize),
    /// All of it is.
    Whole,
}

impl Disk {
    /// Writes a group; it is durable after [`Disk::sync`].
    pub fn write(&mut self, group: &Group) {
        let record = Record::Group(group.clone()).encode();
        self.file.extend((record.len() as u32).to_be_bytes());
        self.file.extend(record);
    }

    /// Makes everything written durable.
    pub fn sync(&mut self) {
        self.read_from(self.synced);
    }

    /// Everything on it.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.file
    }

    /// A disk with these bytes on it.
    #[must_use]
    pub fn of(bytes: Vec<u8>) -> Self {
        let mut disk = Self { file: bytes, ..Self::default() };
        disk.read_from(0);
        disk
    }

    /// Whether something is written and not durable.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.synced < self.file.len()
    }

    /// The power goes and comes back.
    pub fn crash(&mut self, tail: Tail) {
        let unsynced = self.file.len() - self.synced;
        let left = match tail {
            Tail::Lost => 0,
            Tail::Torn(bytes) => bytes.min(unsynced.saturating_sub(1)),
            Tail::Whole => unsynced,
        };
        self.file.truncate(self.synced + left);
        let file = core::mem::take(&mut self.file);
        *self = Self { file, ..Self::default() };
        self.read_from(0);
    }

    /// Takes the records from a place of the file on into the index; what is no whole record is cut off.
    fn read_from(&mut self, mut at: usize) {
        while let Some((length, rest)) = self.file[at..].split_first_chunk::<LENGTH_BYTES>() {
            let length = u32::from_be_bytes(*length) as usize;
            let Some(Ok(Record::Group(group))) = rest.get(..length).map(Record::decode) else { break };
            at += LENGTH_BYTES + length;
            self.index(group);
        }
        self.file.truncate(at);
        self.synced = at;
    }

    fn index(&mut self, group: Group) {
        for space in &group.spaces {
            let entries = self.spaces.entry(space.space).or_default();
            for (filed, position) in space.entries.iter().zip(space.base()..) {
                entries.push((group.at, filed.clone()));
                self.heads.insert(filed.stream, StreamHead::of(space.space, filed, position));
                let places = self.places.entry(filed.stream).or_default();
                if places.last() != Some(&self.groups.len()) {
                    places.push(self.groups.len());
                }
            }
        }
        self.groups.push(group);
    }

    /// The last group of every space, with its time.
    #[must_use]
    pub fn last(&self) -> Vec<(Timestamp, SpaceGroup)> {
        let mut last = BTreeMap::new();
        for group in &self.groups {
            for space in &group.spaces {
                last.insert(space.space, (group.at, space.clone()));
            }
        }
        last.into_values().collect()
    }

    /// The statements of the roster.
    #[must_use]
    pub fn statements(&self) -> Vec<Item> {
        let roster = self.groups.first().and_then(|group| group.spaces.first()).map(|group| group.space);
        roster.map(|space| self.items(&space, 0, usize::MAX)).unwrap_or_default()
    }

    /// Where a stream ends.
    #[must_use]
    pub fn head(&self, stream: &StreamId) -> Option<StreamHead> {
        self.heads.get(stream).copied()
    }

    /// Entries of a space from a position on, about so many bytes.
    #[must_use]
    pub fn items(&self, space: &SpaceId, from: u64, max_bytes: usize) -> Vec<Item> {
        let mut size = 0;
        let all = self.spaces.get(space).into_iter().flatten().skip(from as usize);
        let wanted = all.take_while(|(_, filed)| {
            let fits = size == 0 || size + filed.bytes.len() <= max_bytes;
            size += filed.bytes.len();
            fits
        });
        wanted.map(|(time, filed)| Item { time: *time, entry: filed.bytes.clone() }).collect()
    }

    /// Every entry, by space.
    pub fn entries(&self) -> impl Iterator<Item = (SpaceId, &Filed)> {
        self.spaces.iter().flat_map(|(space, entries)| entries.iter().map(|(_, filed)| (*space, filed)))
    }

    /// What stands in a stream, by group.
    #[must_use]
    pub fn recall(&self, stream: &StreamId) -> Vec<Recalled> {
        let groups = self.places.get(stream).into_iter().flatten().map(|at| &self.groups[*at]);
        let spaces = groups.flat_map(|group| group.spaces.iter().map(|space| (group.at, space)));
        let recalled = spaces.map(|(at, group)| {
            let receipts = group.receipts(at);
            let own = group.entries.iter().zip(receipts).filter(|(filed, _)| filed.stream == *stream);
            let receipts = own.map(|(filed, receipt)| (filed.sequence, receipt)).collect();
            Recalled { checkpoint: group.checkpoint.clone(), receipts }
        });
        recalled.filter(|recalled: &Recalled| !recalled.receipts.is_empty()).collect()
    }
}
