//! Where the relay keeps its entries.
//!
//! A [`Store`] makes groups durable and gives their entries back. The backend is [`disk::DiskStore`]: the
//! append-only log of [`log`] is the truth, the index over it can be thrown away at any time.

#[cfg(test)]
mod conformance;
pub mod disk;
mod frame;
mod index;
pub mod log;

use mingcha_core::ids::{SpaceId, StreamId};
use mingcha_core::relay::Recalled;
use mingcha_core::relay::group::{Birth, Filed, Group, SpaceGroup, StreamHead};
use mingcha_core::time::Timestamp;
use std::collections::BTreeSet;
use std::io;

/// Keeps groups of entries. Reading goes on while a group is appended; only one thread appends at a time.
pub trait Store: Send + Sync + 'static {
    /// What the store's first record says.
    fn birth(&self) -> Birth;

    /// Makes a group durable: it survives a power cut once this returns.
    ///
    /// Each space's group must begin where the space ends so far.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`]; nothing of the group is then visible to readers. After
    /// [`StoreError::Failed`] the store takes no more groups until it is opened again.
    fn append(&self, group: &Group) -> Result<(), StoreError>;

    /// The last group of every space with its time, in the order of the spaces' ids.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] or [`StoreError::Io`] when the groups cannot be read.
    fn spaces(&self) -> Result<Vec<(Timestamp, SpaceGroup)>, StoreError>;

    /// Where a stream ends; `None` for one that has no entry.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] when the index cannot be read.
    fn stream(&self, stream: StreamId) -> Result<Option<StreamHead>, StoreError>;

    /// Entries of a space from a position on, about `max_bytes` of them and at least one when there is one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] or [`StoreError::Io`] when they cannot be read.
    fn read(&self, space: SpaceId, from: u64, max_bytes: usize) -> Result<Vec<Slice>, StoreError>;

    /// What stands at some places of a stream, with its receipts, walking back from the stream's end. Places
    /// where nothing stands are left out.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] or [`StoreError::Io`] when it cannot be read.
    fn recall(&self, stream: StreamId, sequences: &BTreeSet<u64>) -> Result<Vec<Recalled>, StoreError>;

    /// Leaves the store in a state that opens quickly. Appending afterwards fails.
    ///
    /// # Errors
    ///
    /// Any [`StoreError`]; what was appended is durable all the same.
    fn close(&self) -> Result<(), StoreError>;
}

/// Consecutive entries of a space from one group, with what proves them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The relay's time of the group.
    pub at: Timestamp,
    /// The position of the first entry.
    pub from: u64,
    /// The entries.
    pub entries: Vec<Filed>,
    /// The size of the tree that `checkpoint` signs.
    pub size: u64,
    /// The group's signed checkpoint.
    pub checkpoint: Vec<u8>,
}

/// Why a store did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room is left for another segment or above the watermark.
    #[error("the disk is full")]
    Full,
    /// The folder cannot be written to.
    #[error("the folder is read-only or belongs to another user")]
    ReadOnly,
    /// Another process has the folder open.
    #[error("the folder is in use by another process")]
    InUse,
    /// A record that was written is no longer what it was.
    #[error("segment {segment} is damaged at offset {offset}")]
    Damaged {
        /// The segment's number.
        segment: u32,
        /// Where in the segment's file.
        offset: u64,
    },
    /// A newer program wrote the log.
    #[error("the log has format version {found}, this program knows {known}")]
    Version {
        /// What the log says.
        found: u32,
        /// What this program knows.
        known: u32,
    },
    /// A group is larger than a record may be.
    #[error("a record of {len} bytes is larger than the limit of {limit}")]
    TooLarge {
        /// Its size.
        len: usize,
        /// The limit.
        limit: usize,
    },
    /// A write failed in a way that leaves its outcome open: open the store again.
    #[error("an earlier write failed and its outcome is open")]
    Failed,
    /// The index could not be read or written. It is rebuilt at the next opening.
    #[error("the index failed: {0}")]
    Index(String),
    /// Anything else that the system said.
    #[error(transparent)]
    Io(io::Error),
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => Self::Full,
            Kind::ReadOnlyFilesystem | Kind::PermissionDenied => Self::ReadOnly,
            _ => Self::Io(error),
        }
    }
}
