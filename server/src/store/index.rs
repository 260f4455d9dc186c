//! The index over the log. Everything in it can be made again from the log, and is at the least doubt: sled's
//! flush does not survive a power cut.
//!
//! ```text
//! places    space 16 B, base / 32  8 B        →  for each group that begins there: base % 32  1 B,
//!                                                segment 4 B, offset 8 B, length 4 B
//! streams   stream 16 B                       →  the stream's head, CBOR
//! meta      "reached"                         →  where the log ended when the index was last brought up to it
//! ```
//!
//! Numbers are big-endian. Groups share keys, since a key costs sled more than half a kilobyte of memory.

use super::StoreError;
use super::log::{End, Place};
use mingcha_core::cbor;
use mingcha_core::ids::{SpaceId, StreamId};
use mingcha_core::relay::group::{Group, StreamHead};
use std::fs::{self, File};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Memory for sled's cache: a larger one gained nothing when measured.
const CACHE_BYTES: u64 = 16 << 20;
const END_KEY: &[u8] = b"reached";
/// How many positions of a space share a key.
const STRETCH: u64 = 32;
/// What a group takes in the value of its key.
const PLACE_BYTES: usize = 17;

/// An open index.
pub struct Index {
    dir: PathBuf,
    db: sled::Db,
    places: sled::Tree,
    streams: sled::Tree,
    meta: sled::Tree,
}

impl Index {
    /// Opens or begins the index in a folder.
    ///
    /// # Errors
    ///
    /// [`StoreError::Index`] when sled cannot, in whatever way it says so.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        guard(|| {
            let db = sled::Config::new().path(dir).cache_capacity(CACHE_BYTES).open()?;
            Ok(Self {
                dir: dir.to_owned(),
                places: db.open_tree("places")?,
                streams: db.open_tree("streams")?,
                meta: db.open_tree("meta")?,
                db,
            })
        })
    }

    /// Up to where it knows the log; `None` when it is new.
    pub fn end(&self) -> Result<Option<End>, StoreError> {
        let value = guard(|| self.meta.get(END_KEY))?;
        Ok(value.and_then(|bytes| decode_end(&bytes)))
    }

    /// Takes note of a group that stands at `place`, after which the log ends at `end`.
    pub fn add(&self, place: Place, group: &Group, end: End) -> Result<(), StoreError> {
        let mut places = sled::Batch::default();
        let mut streams = sled::Batch::default();
        for added in &group.spaces {
            let key = stretch_key(added.space, added.base());
            let before = guard(|| self.places.get(key))?;
            let mut value = before.as_deref().unwrap_or_default().to_vec();
            // What is added again, after the index was not closed in good order, takes its own place.
            let own = (added.base() % STRETCH) as u8;
            let earlier = value.chunks_exact(PLACE_BYTES).take_while(|group| group[0] < own).count();
            value.truncate(earlier * PLACE_BYTES);
            value.push(own);
            value.extend(encode_place(place));
            places.insert(key.as_slice(), value);
            for (filed, position) in added.entries.iter().zip(added.base()..) {
                let head = StreamHead::of(added.space, filed, position);
                streams.insert(filed.stream.as_bytes(), encode_head(&head));
            }
        }
        guard(|| {
            self.places.apply_batch(places)?;
            self.streams.apply_batch(streams)?;
            self.meta.insert(END_KEY, encode_end(end).as_slice()).map(drop)
        })
    }

    /// Takes note of how far it knows the log, without a group.
    pub fn reach(&self, end: End) -> Result<(), StoreError> {
        guard(|| self.meta.insert(END_KEY, encode_end(end).as_slice()).map(drop))
    }

    /// The record with the last group of `space` that begins at or before `position`.
    pub fn group(&self, space: SpaceId, position: u64) -> Result<Option<Place>, StoreError> {
        let mut back = self.places.range(stretch_key(space, 0)..=stretch_key(space, position)).rev();
        let reach = stretch_key(space, position);
        // The group may have begun in a stretch before the position's own.
        while let Some((key, value)) = guard(|| back.next().transpose())? {
            let most = if key == reach { (position % STRETCH) as u8 } else { u8::MAX };
            let groups = value.chunks_exact(PLACE_BYTES);
            if let Some(group) = groups.take_while(|group| group[0] <= most).last() {
                return Ok(decode_place(&group[1..]));
            }
        }
        Ok(None)
    }

    /// All spaces, in order.
    pub fn spaces(&self) -> Result<Vec<SpaceId>, StoreError> {
        let mut spaces = Vec::new();
        let mut next = guard(|| self.places.first())?;
        while let Some((key, _)) = next {
            let mut space = [0; SpaceId::LEN];
            space.copy_from_slice(&key[..SpaceId::LEN]);
            spaces.push(SpaceId(space));
            next = guard(|| self.places.get_gt(stretch_key(SpaceId(space), u64::MAX)))?;
        }
        Ok(spaces)
    }

    /// Where a stream ends.
    pub fn stream(&self, stream: StreamId) -> Result<Option<StreamHead>, StoreError> {
        let value = guard(|| self.streams.get(stream.as_bytes()))?;
        value.map(|bytes| decode_head(&bytes)).transpose()
    }

    /// Writes everything and makes it durable, which sled's own flush does not.
    pub fn flush(&self) -> Result<(), StoreError> {
        guard(|| self.db.flush().map(drop))?;
        for file in fs::read_dir(&self.dir)? {
            let path = file?.path();
            if path.is_file() {
                File::open(path)?.sync_all()?;
            }
        }
        Ok(File::open(&self.dir)?.sync_all()?)
    }
}

/// Calls sled, which panics where others return errors.
fn guard<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, StoreError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(StoreError::Index(error.to_string())),
        Err(_) => Err(StoreError::Index("sled panicked".into())),
    }
}

/// The key of the groups that begin where a position is.
fn stretch_key(space: SpaceId, position: u64) -> [u8; SpaceId::LEN + 8] {
    let mut key = [0; SpaceId::LEN + 8];
    key[..SpaceId::LEN].copy_from_slice(space.as_bytes());
    key[SpaceId::LEN..].copy_from_slice(&(position / STRETCH).to_be_bytes());
    key
}

fn encode_place(place: Place) -> Vec<u8> {
    let Place { segment, offset, length } = place;
    [&segment.to_be_bytes()[..], &offset.to_be_bytes(), &length.to_be_bytes()].concat()
}

fn decode_place(bytes: &[u8]) -> Option<Place> {
    let (segment, rest) = bytes.split_first_chunk()?;
    let (offset, rest) = rest.split_first_chunk()?;
    let length = rest.first_chunk()?;
    Some(Place {
        segment: u32::from_be_bytes(*segment),
        offset: u64::from_be_bytes(*offset),
        length: u32::from_be_bytes(*length),
    })
}

/// The bytes of a log's end, here and in the marker of a store that was closed in good order.
pub fn encode_end(end: End) -> Vec<u8> {
    let End { segment, offset, number } = end;
    [&segment.to_be_bytes()[..], &offset.to_be_bytes(), &number.to_be_bytes()].concat()
}

/// Reads what [`encode_end`] wrote.
pub fn decode_end(bytes: &[u8]) -> Option<End> {
    let (segment, rest) = bytes.split_first_chunk()?;
    let (offset, rest) = rest.split_first_chunk()?;
    let (number, rest) = rest.split_first_chunk()?;
    rest.is_empty().then_some(End {
        segment: u32::from_be_bytes(*segment),
        offset: u64::from_be_bytes(*offset),
        number: u64::from_be_bytes(*number),
    })
}

fn encode_head(head: &StreamHead) -> Vec<u8> {
    cbor::encode(head)
}

fn decode_head(bytes: &[u8]) -> Result<StreamHead, StoreError> {
    cbor::decode(bytes).map_err(|error| StoreError::Index(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::conformance::{filed, group};

    const STREAM: StreamId = StreamId([3; 16]);

    #[test]
    fn every_position_leads_to_its_group_however_groups_lie_across_stretches() {
        let folder = tempfile::tempdir().expect("a folder");
        let index = Index::open(folder.path()).expect("an index");
        let spaces = [SpaceId([1; 16]), SpaceId([2; 16])];
        let mut next = [0; 2];
        let mut all = Vec::new();
        for number in 0..60 {
            let (at, length) = ((number % 2) as usize, [1, 2, 31, 33, 1, 100, 7][number as usize % 7]);
            let base = next[at];
            let entries: Vec<_> = (base..base + length).map(|n| filed(STREAM, n, None, 1)).collect();
            let place = Place { segment: 7, offset: number, length: 9 };
            let end = End { segment: 7, offset: number + 1, number };
            // After an unclean end the last groups are added once more.
            for _ in 0..1 + number % 3 {
                index.add(place, &group(spaces[at], base, entries.clone()), end).expect("added");
            }
            all.extend((base..base + length).map(|position| (spaces[at], position, number)));
            next[at] = base + length;
        }
        for (space, position, number) in all {
            let place = index.group(space, position).expect("readable").expect("a place");
            assert_eq!(place.offset, number, "{space:?} {position}");
        }
        assert_eq!(index.spaces().expect("readable"), spaces);
        assert!(index.group(SpaceId([9; 16]), 5).expect("readable").is_none());
    }
}
