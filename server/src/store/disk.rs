//! The store on one machine's disk: the log, and the index over it.
//!
//! ```text
//! FOLDER/
//!   lock               held while a process has the folder open
//!   log/00000001.log   the truth
//!   index/             made again from the log unless `clean` says that it is whole
//!   clean              where the log ended when the store was closed in good order; gone while it is open
//! ```

use super::index::{Index, decode_end, encode_end};
use super::log::{End, Log, Options, Place, sync_parent};
use super::{Slice, Store, StoreError};
use mingcha_core::ids::{SpaceId, StreamId};
use mingcha_core::relay::Recalled;
use mingcha_core::relay::group::{Birth, Filed, Group, Record, SpaceGroup, StreamHead};
use mingcha_core::time::Timestamp;
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// More than a log's first record needs.
const MAX_BIRTH_BYTES: usize = 256;

/// A [`Store`] in a folder.
pub struct DiskStore {
    birth: Birth,
    log: Log,
    index: Index,
    phase: Mutex<Phase>,
    last_read: Mutex<Option<(Place, Arc<Group>)>>,
    /// Released when the store is dropped.
    lock: FolderLock,
}

/// Whether the store takes groups.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// The log is ahead of the index.
    Behind,
    Closed,
}

/// A folder that no other process uses, as long as this lives.
pub struct FolderLock {
    dir: PathBuf,
    _file: File,
}

impl FolderLock {
    /// Takes a folder, and makes it if it is not there.
    ///
    /// # Errors
    ///
    /// [`StoreError::InUse`] when another process has it, [`StoreError::ReadOnly`] when it cannot be written to.
    pub fn take(dir: &Path) -> Result<Self, StoreError> {
        if !dir.is_dir() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
            sync_parent(dir)?;
        }
        let file = File::options().create(true).truncate(false).write(true).open(dir.join("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { dir: dir.to_owned(), _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

impl DiskStore {
    /// Opens the store in the folder that `lock` holds, or begins one with `birth`.
    ///
    /// # Errors
    ///
    /// [`StoreError::ReadOnly`], [`StoreError::Full`], [`StoreError::Damaged`] and whatever else the system
    /// says.
    pub fn open(lock: FolderLock, options: Options, birth: Birth) -> Result<Self, StoreError> {
        let dir = lock.dir.as_path();
        let closed = read_marker(dir)?;
        let log = Log::open(&dir.join("log"), options, closed)?;
        remove_marker(dir)?;
        let birth = match log.first(MAX_BIRTH_BYTES)? {
            Some(bytes) => decode_birth(&bytes)?,
            None => {
                log.append(&Record::Birth(birth).encode())?;
                birth
            }
        };
        let index = match closed {
            Some(closed) if closed == log.end() => trusted_index(&dir.join("index"), &log),
            _ => None,
        };
        let index = match index {
            Some(index) => index,
            None => rebuilt_index(&dir.join("index"), &log)?,
        };
        Ok(Self { birth, log, index, phase: Mutex::new(Phase::Open), last_read: Mutex::new(None), lock })
    }

    /// The group with the entry at a position of a space; `None` if the space is shorter.
    fn group_at(&self, space: SpaceId, position: u64) -> Result<Option<Here>, StoreError> {
        let Some(place) = self.index.group(space, position)? else { return Ok(None) };
        let group = self.group(place)?;
        let is_it = |added: &SpaceGroup| added.space == space && added.base() <= position;
        match group.spaces.iter().position(is_it) {
            Some(index) if position < group.spaces[index].end() => Ok(Some(Here { group, index })),
            Some(_) => Ok(None),
            None => Err(StoreError::Index("it names a group of another space".into())),
        }
    }

    /// The group at a place. The last one is kept: readers take a large group in many portions.
    fn group(&self, place: Place) -> Result<Arc<Group>, StoreError> {
        let kept = || self.last_read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, group)) = kept().as_ref()
            && *at == place
        {
            return Ok(Arc::clone(group));
        }
        let group = Arc::new(decode_group(&self.log.read(place)?)?);
        *kept() = Some((place, Arc::clone(&group)));
        Ok(group)
    }
}

/// What a group adds to one space.
struct Here {
    group: Arc<Group>,
    index: usize,
}

impl Here {
    fn at(&self) -> Timestamp {
        self.group.at
    }

    fn added(&self) -> &SpaceGroup {
        &self.group.spaces[self.index]
    }
}

impl Store for DiskStore {
    fn birth(&self) -> Birth {
        self.birth
    }

    fn append(&self, group: &Group) -> Result<(), StoreError> {
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        if *phase != Phase::Open {
            return Err(StoreError::Failed);
        }
        let place = self.log.append(&Record::Group(group.clone()).encode())?;
        self.index.add(place, group, self.log.end()).inspect_err(|_| *phase = Phase::Behind)
    }

    fn spaces(&self) -> Result<Vec<(Timestamp, SpaceGroup)>, StoreError> {
        let mut last = Vec::new();
        for space in self.index.spaces()? {
            let Some(place) = self.index.group(space, u64::MAX)? else { continue };
            let group = self.group(place)?;
            let added = group.spaces.iter().find(|added| added.space == space);
            last.extend(added.map(|added| (group.at, added.clone())));
        }
        Ok(last)
    }

    fn stream(&self, stream: StreamId) -> Result<Option<StreamHead>, StoreError> {
        self.index.stream(stream)
    }

    fn read(&self, space: SpaceId, from: u64, max_bytes: usize) -> Result<Vec<Slice>, StoreError> {
        let mut slices = Vec::new();
        let (mut from, mut room) = (from, max_bytes);
        while let Some(here) = self.group_at(space, from)? {
            let group = here.added();
            let wanted = &group.entries[(from - group.base()) as usize..];
            let fitting = how_many_fit(wanted, &mut room, usize::from(slices.is_empty()));
            if fitting == 0 {
                break;
            }
            let is_cut = fitting < wanted.len();
            let entries = wanted[..fitting].to_vec();
            let checkpoint = group.checkpoint.clone();
            slices.push(Slice { at: here.at(), from, entries, size: group.end(), checkpoint });
            from += fitting as u64;
            if is_cut {
                break;
            }
        }
        Ok(slices)
    }

    fn recall(&self, stream: StreamId, sequences: &BTreeSet<u64>) -> Result<Vec<Recalled>, StoreError> {
        let mut found = Vec::new();
        let (Some(first), Some(head)) = (sequences.first(), self.index.stream(stream)?) else {
            return Ok(found);
        };
        let mut next = Some(head.position);
        while let Some(position) = next
            && let Some(here) = self.group_at(head.space, position)?
        {
            let group = here.added();
            let (standing, before) = walk_back(group, position, |sequence| sequence >= *first);
            let is_wanted = |(sequence, _): &(u64, u64)| sequences.contains(sequence);
            let wanted: Vec<_> = standing.into_iter().filter(is_wanted).collect();
            if !wanted.is_empty() {
                let all = group.receipts(here.at());
                let receipt =
                    |(sequence, place): (u64, u64)| (sequence, all[(place - group.base()) as usize].clone());
                let receipts = wanted.into_iter().map(receipt).collect();
                found.push(Recalled { checkpoint: group.checkpoint.clone(), receipts });
            }
            next = before;
        }
        Ok(found)
    }

    fn close(&self) -> Result<(), StoreError> {
        let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        if *phase != Phase::Open {
            return Ok(());
        }
        *phase = Phase::Closed;
        self.index.flush()?;
        write_marker(&self.lock.dir, self.log.end())
    }
}

/// Follows a stream back from a position through one group, as long as `goes_on`: the sequences and positions
/// there, and where it goes on in an earlier group.
fn walk_back(
    group: &SpaceGroup,
    position: u64,
    goes_on: impl Fn(u64) -> bool,
) -> (Vec<(u64, u64)>, Option<u64>) {
    let mut here = Vec::new();
    let mut next = Some(position);
    while let Some(position) = next
        && let Some(filed) = group.entry(position)
    {
        if !goes_on(filed.sequence) {
            return (here, None);
        }
        here.push((filed.sequence, position));
        next = filed.previous;
    }
    (here, next)
}

/// How many of the first entries fit into `room`, which becomes what is left; `at_least` so many do.
fn how_many_fit(entries: &[Filed], room: &mut usize, at_least: usize) -> usize {
    let fits = |&(at, filed): &(usize, &Filed)| match room.checked_sub(filed.bytes.len()) {
        Some(left) => {
            *room = left;
            true
        }
        None => {
            *room = 0;
            at < at_least
        }
    };
    entries.iter().enumerate().take_while(fits).count()
}

fn decode_group(bytes: &[u8]) -> Result<Group, StoreError> {
    match Record::decode(bytes) {
        Ok(Record::Group(group)) => Ok(group),
        _ => Err(StoreError::Index("it names a record that is no group".into())),
    }
}

fn decode_birth(bytes: &[u8]) -> Result<Birth, StoreError> {
    match Record::decode(bytes) {
        Ok(Record::Birth(birth)) => Ok(birth),
        _ => Err(StoreError::Damaged { segment: 1, offset: 0 }),
    }
}

/// The index of a store that was closed in good order, if it is what it should be.
fn trusted_index(dir: &Path, log: &Log) -> Option<Index> {
    let index = Index::open(dir).ok()?;
    let reaches = index.end().ok()? == Some(log.end());
    reaches.then_some(index)
}

fn rebuilt_index(dir: &Path, log: &Log) -> Result<Index, StoreError> {
    tracing::info!(records = log.end().number, "building the index from the log");
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let index = Index::open(dir)?;
    log.replay(|place, bytes| {
        let end = End { segment: place.segment, offset: place.offset, number: 0 };
        match Record::decode(bytes) {
            Ok(Record::Birth(_)) => Ok(()),
            Ok(Record::Group(group)) => index.add(place, &group, end),
            Err(_) => Err(StoreError::Damaged { segment: place.segment, offset: place.offset }),
        }
    })?;
    index.reach(log.end())?;
    Ok(index)
}

fn read_marker(dir: &Path) -> Result<Option<End>, StoreError> {
    match fs::read(dir.join("clean")) {
        Ok(bytes) => Ok(decode_end(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn remove_marker(dir: &Path) -> Result<(), StoreError> {
    match fs::remove_file(dir.join("clean")) {
        Ok(()) => Ok(File::open(dir)?.sync_all()?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn write_marker(dir: &Path, end: End) -> Result<(), StoreError> {
    let unfinished = dir.join("clean.new");
    let mut file = File::create(&unfinished)?;
    file.write_all(&encode_end(end))?;
    file.sync_all()?;
    fs::rename(&unfinished, dir.join("clean"))?;
    Ok(File::open(dir)?.sync_all()?)
}

#[cfg(test)]
mod tests;
