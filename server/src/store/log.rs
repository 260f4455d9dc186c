//! The append-only log: numbered segment files of records, each durable before [`Log::append`] returns.
//!
//! A write that was under way when the power went is found at the next opening, since nothing whole
//! follows it, and is cut off: it was never acknowledged. A record that is not whole and has a whole one
//! after it was damaged later, and the log does not open. The bytes are drawn in [`super::frame`].

use super::StoreError;
use super::frame::{self, RECORD_HEADER_BYTES, SEGMENT_HEADER_BYTES, Salt, SegmentHeader};
use rustix::fs::FallocateFlags;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

/// The largest record: a group of entries with room for what stands around them.
pub const MAX_RECORD_BYTES: usize = 8 << 20;
/// Size of a segment file, reserved on the disk when it is created.
pub const SEGMENT_BYTES: u64 = 64 << 20;
/// Free space below which nothing is written any more, so that reading and the index go on.
pub const RESERVE_BYTES: u64 = 64 << 20;
/// What the names of segment files end in.
const EXTENSION: &str = "log";

/// Sizes that tests make small.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// See [`SEGMENT_BYTES`].
    pub segment_bytes: u64,
    /// See [`RESERVE_BYTES`].
    pub reserve_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { segment_bytes: SEGMENT_BYTES, reserve_bytes: RESERVE_BYTES }
    }
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The segment's number.
    pub segment: u32,
    /// Where in the segment's file.
    pub offset: u64,
    /// The payload's length.
    pub length: u32,
}

/// Where the next record goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct End {
    /// The segment's number.
    pub segment: u32,
    /// Where in the segment's file.
    pub offset: u64,
    /// The record's number.
    pub number: u64,
}

/// An open log. Any number of readers beside one [`Log::append`] at a time.
pub struct Log {
    dir: PathBuf,
    options: Options,
    writer: Mutex<Writer>,
    /// Every segment's header, oldest first.
    segments: RwLock<BTreeMap<u32, SegmentHeader>>,
}

struct Writer {
    file: File,
    /// Bytes up to which the file may be filled.
    capacity: u64,
    end: End,
    health: Health,
}

/// Whether the log knows what its file holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Health {
    Sound,
    /// A write or flush failed and could not be undone.
    Unknown,
}

impl Log {
    /// Opens the log of a folder, or begins one, and cuts off a write that was never finished.
    ///
    /// The caller sees to it that no other process has the folder open. `closed` is the end that was noted
    /// when the log was last closed in good order, if it was: a log that is shorter has lost records.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] when the last segment or any segment's header is not what was written, and
    /// whatever the system says.
    pub fn open(dir: &Path, options: Options, closed: Option<End>) -> Result<Self, StoreError> {
        if !dir.is_dir() {
            fs::create_dir(dir)?;
            sync_parent(dir)?;
        }
        let mut segments = read_headers(dir)?;
        if segments.is_empty() {
            let header = SegmentHeader { segment: 1, first: 0, salt: new_salt()? };
            create_segment(dir, &header, options.segment_bytes)?;
            segments.insert(1, header);
        }
        let Some((_, last)) = segments.last_key_value() else {
            unreachable!("a segment was created when there was none")
        };
        let writer = open_last(dir, last, closed)?;
        Ok(Self { dir: dir.to_owned(), options, writer: Mutex::new(writer), segments: RwLock::new(segments) })
    }

    /// Where the next record goes.
    pub fn end(&self) -> End {
        self.lock().end
    }

    /// Appends a record; it is durable when this returns.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] and the like leave the log as it was, and a later call may succeed. When what
    /// was written cannot be undone, this and every later call fails, with [`StoreError::Failed`] from then on.
    pub fn append(&self, payload: &[u8]) -> Result<Place, StoreError> {
        let mut writer = self.lock();
        if writer.health == Health::Unknown {
            return Err(StoreError::Failed);
        }
        let limit = MAX_RECORD_BYTES
            .min(self.options.segment_bytes as usize - SEGMENT_HEADER_BYTES - RECORD_HEADER_BYTES);
        if payload.len() > limit {
            return Err(StoreError::TooLarge { len: payload.len(), limit });
        }
        self.check_room()?;
        if writer.end.offset + (RECORD_HEADER_BYTES + payload.len()) as u64 > writer.capacity {
            self.next_segment(&mut writer)?;
        }
        let End { segment, offset, number } = writer.end;
        let bytes = frame::encode_record(&self.salt(segment)?, offset, number, payload);
        writer.write(&bytes)?;
        Ok(Place { segment, offset, length: payload.len() as u32 })
    }

    /// Reads a record back.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] if it is not what was written.
    pub fn read(&self, place: Place) -> Result<Vec<u8>, StoreError> {
        let Place { segment, offset, length } = place;
        let damaged = StoreError::Damaged { segment, offset };
        if length as usize > MAX_RECORD_BYTES {
            return Err(damaged);
        }
        let mut bytes = vec![0; RECORD_HEADER_BYTES + length as usize];
        match File::open(segment_path(&self.dir, segment))?.read_exact_at(&mut bytes, offset) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(damaged),
            result => result?,
        }
        let whole = frame::decode_record(&self.salt(segment)?, offset, &bytes)
            .is_some_and(|record| record.payload.len() == length as usize);
        if !whole {
            return Err(damaged);
        }
        bytes.drain(..RECORD_HEADER_BYTES);
        Ok(bytes)
    }

    /// The first record's payload; `None` in an empty log.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] if it is larger than `at_most` or not what was written.
    pub fn first(&self, at_most: usize) -> Result<Option<Vec<u8>>, StoreError> {
        if self.end().number == 0 {
            return Ok(None);
        }
        let (segment, offset) = (1, SEGMENT_HEADER_BYTES as u64);
        let mut bytes = vec![0; RECORD_HEADER_BYTES + at_most];
        let read = File::open(segment_path(&self.dir, segment))?.read_at(&mut bytes, offset)?;
        let record = frame::decode_record(&self.salt(segment)?, offset, &bytes[..read]);
        let record = record.filter(|record| record.number == 0);
        record.map(|record| Some(record.payload.to_vec())).ok_or(StoreError::Damaged { segment, offset })
    }

    /// Goes through every record from the first on.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] at the first one that is missing or not what was written; what `each` says.
    pub fn replay(
        &self,
        mut each: impl FnMut(Place, &[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let headers: Vec<_> = read_lock(&self.segments).values().copied().collect();
        let end = self.end();
        for (at, header) in headers.iter().enumerate() {
            let bytes = fs::read(segment_path(&self.dir, header.segment))?;
            let scanned = scan(&bytes, header, &mut each)?;
            let expected = headers.get(at + 1).map_or(end.number, |next| next.first);
            if scanned.number != expected || scanned.litter.is_some() {
                return Err(StoreError::Damaged { segment: header.segment, offset: scanned.offset });
            }
        }
        Ok(())
    }

    fn next_segment(&self, writer: &mut Writer) -> Result<(), StoreError> {
        let segment = writer.end.segment + 1;
        let header = SegmentHeader { segment, first: writer.end.number, salt: new_salt()? };
        writer.file = create_segment(&self.dir, &header, self.options.segment_bytes)?;
        writer.capacity = self.options.segment_bytes;
        writer.end = End { segment, offset: SEGMENT_HEADER_BYTES as u64, number: header.first };
        self.segments.write().unwrap_or_else(PoisonError::into_inner).insert(segment, header);
        Ok(())
    }

    fn check_room(&self) -> Result<(), StoreError> {
        let disk = rustix::fs::statvfs(&self.dir).map_err(io::Error::from)?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        if free < self.options.reserve_bytes { Err(StoreError::Full) } else { Ok(()) }
    }

    fn salt(&self, segment: u32) -> Result<Salt, StoreError> {
        let segments = read_lock(&self.segments);
        segments.get(&segment).map(|header| header.salt).ok_or(StoreError::Damaged { segment, offset: 0 })
    }

    fn lock(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writer {
    /// Writes and flushes at the end, and moves the end; or leaves the file as it was.
    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        if let Err(error) = self.file.write_all_at(bytes, self.end.offset) {
            self.undo(bytes.len());
            return Err(error.into());
        }
        if cfg!(not(feature = "unsynced"))
            && let Err(error) = self.file.sync_data()
        {
            // After a failed flush the system may have dropped the pages: nobody knows what is on the disk.
            self.health = Health::Unknown;
            return Err(error.into());
        }
        self.end.offset += bytes.len() as u64;
        self.end.number += 1;
        Ok(())
    }

    fn undo(&mut self, len: usize) {
        let undone =
            self.file.write_all_at(&vec![0; len], self.end.offset).and_then(|()| self.file.sync_data());
        if undone.is_err() {
            self.health = Health::Unknown;
        }
    }
}

/// What a segment was found to hold.
struct Scanned {
    /// Where its last whole record ends.
    offset: u64,
    /// The number after that record's.
    number: u64,
    /// Where the bytes end that stand after it and are no record.
    litter: Option<u64>,
}

fn scan(
    bytes: &[u8],
    header: &SegmentHeader,
    each: &mut impl FnMut(Place, &[u8]) -> Result<(), StoreError>,
) -> Result<Scanned, StoreError> {
    let mut at = SEGMENT_HEADER_BYTES;
    let mut number = header.first;
    let segment = header.segment;
    while let Some(record) =
        frame::decode_record(&header.salt, at as u64, bytes.get(at..).unwrap_or_default())
    {
        if record.number != number {
            return Err(StoreError::Damaged { segment, offset: at as u64 });
        }
        each(Place { segment, offset: at as u64, length: record.payload.len() as u32 }, record.payload)?;
        at += RECORD_HEADER_BYTES + record.payload.len();
        number += 1;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let litter = last_nonzero(rest).map(|last| at + last + 1);
    if let Some(until) = litter
        && frame::holds_record(&header.salt, at as u64, &bytes[at..until])
    {
        return Err(StoreError::Damaged { segment, offset: at as u64 });
    }
    Ok(Scanned { offset: at as u64, number, litter: litter.map(|until| until as u64) })
}

/// Where the last byte stands that is not zero. Nearly all are: they are passed over a page at a time.
fn last_nonzero(bytes: &[u8]) -> Option<usize> {
    const PAGE: [u8; 4096] = [0; 4096];
    let page = bytes.chunks(PAGE.len()).rposition(|page| page != &PAGE[..page.len()])?;
    let start = page * PAGE.len();
    let last = bytes[start..].iter().take(PAGE.len()).rposition(|&byte| byte != 0)?;
    Some(start + last)
}

fn open_last(dir: &Path, header: &SegmentHeader, closed: Option<End>) -> Result<Writer, StoreError> {
    let path = segment_path(dir, header.segment);
    let file = OpenOptions::new().read(true).write(true).open(&path)?;
    let bytes = fs::read(&path)?;
    let scanned = scan(&bytes, header, &mut |_, _| Ok(()))?;
    let end = End { segment: header.segment, offset: scanned.offset, number: scanned.number };
    if closed.is_some_and(|closed| end < closed) {
        return Err(StoreError::Damaged { segment: end.segment, offset: end.offset });
    }
    if let Some(until) = scanned.litter {
        let torn = until - scanned.offset;
        tracing::warn!(
            segment = header.segment,
            offset = scanned.offset,
            torn,
            "cut off an unfinished write"
        );
        file.write_all_at(&vec![0; torn as usize], scanned.offset)?;
        file.sync_all()?;
    }
    Ok(Writer { file, capacity: bytes.len() as u64, end, health: Health::Sound })
}

/// The headers of all segments. Files whose creation was not finished are removed.
fn read_headers(dir: &Path) -> Result<BTreeMap<u32, SegmentHeader>, StoreError> {
    let mut headers = BTreeMap::new();
    for file in fs::read_dir(dir)? {
        let path = file?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        let number = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
        match (extension, number) {
            (Some("new"), _) => fs::remove_file(&path)?,
            (Some(EXTENSION), Some(segment)) => {
                let mut bytes = [0; SEGMENT_HEADER_BYTES];
                match File::open(&path)?.read_exact_at(&mut bytes, 0) {
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                        return Err(StoreError::Damaged { segment, offset: 0 });
                    }
                    result => result?,
                }
                headers.insert(segment, SegmentHeader::decode(&bytes, segment)?);
            }
            _ => {}
        }
    }
    let gap = headers.keys().zip(1..).find(|&(&segment, expected)| segment != expected);
    match gap {
        Some((_, expected)) => Err(StoreError::Damaged { segment: expected, offset: 0 }),
        None => Ok(headers),
    }
}

/// Creates a segment under another name and gives it its own when it is whole, so that a segment either
/// exists with its header or does not exist.
fn create_segment(dir: &Path, header: &SegmentHeader, size: u64) -> Result<File, StoreError> {
    let path = segment_path(dir, header.segment);
    let unfinished = path.with_extension("new");
    let create = || -> io::Result<File> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&unfinished)?;
        rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, size)?;
        file.write_all_at(&header.encode(), 0)?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)?;
        File::open(dir)?.sync_all()?;
        Ok(file)
    };
    create().map_err(|error| {
        // What is left under the other name is removed at the next opening at the latest.
        let _ = fs::remove_file(&unfinished);
        error.into()
    })
}

fn segment_path(dir: &Path, segment: u32) -> PathBuf {
    dir.join(format!("{segment:08}.{EXTENSION}"))
}

fn new_salt() -> Result<Salt, StoreError> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| StoreError::Io(io::Error::other(error)))?;
    Ok(salt)
}

/// Makes the creation or renaming of `path` durable.
pub fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

fn read_lock<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
