//! One change of a document: the bytes as their author wrote them, read strictly.
//!
//! ```text
//! ┌───────┬──────────┬──────┬───────────┬────────────────────────────────────────────────────────────┐
//! │ magic │ checksum │ type │ len (LEB) │ dependencies, actor, seq, start, time, message, actors,    │
//! │  4 B  │   4 B    │ 1 B  │           │ columns of operations                                      │
//! └───────┴──────────┴──────┴───────────┴────────────────────────────────────────────────────────────┘
//! ```
//!
//! This is Automerge's change chunk, narrowed to what our documents use: maps, text, plain values, deletions.
//! Automerge takes more than that, and panics on some of what it takes; nothing reaches it that was not read here.

use super::column::{Booleans, Cursor, Delta, Flaw, Rle};
use super::{DocumentError, skeleton};
use crate::ids::StreamId;
use core::ops::Range;
use sha2::{Digest as _, Sha256};

/// The longest change in bytes.
pub const MAX_CHANGE_BYTES: usize = 200 * 1024;
/// The most operations in one change.
pub const MAX_OPERATIONS: usize = 65_536;
/// The most predecessors that all operations of one change name together.
const MAX_PREDECESSORS: usize = 65_536;

pub(super) const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
pub(super) const TYPE_CHANGE: u8 = 1;
const ACTOR_BYTES: u64 = StreamId::LEN as u64;
const HEADER_BYTES: usize = 8;

/// One change, checked for form and size: its place in a history is checked when it is applied.
#[derive(Clone)]
pub struct RawChange {
    bytes: Vec<u8>,
    hash: [u8; 32],
    pub(super) actor: Option<StreamId>,
    pub(super) dependencies: Vec<[u8; 32]>,
    pub(super) sequence: u64,
    pub(super) start: u64,
    pub(super) time: i64,
    pub(super) operations: Vec<Operation>,
}

/// Names an operation in all documents of the same kind: Lamport counter and actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperationId {
    pub counter: u64,
    pub actor: StreamId,
}

/// What an operation is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A key of a map, as its place in the change's bytes.
    Key(Range<usize>),
    /// The beginning of a text.
    Head,
    /// An element of a text.
    Element(OperationId),
}

/// What an operation does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    MakeMap,
    MakeText,
    /// A string, as its place in the change's bytes.
    PutString(Range<usize>),
    /// A byte string, as its place in the change's bytes.
    PutBytes(Range<usize>),
    /// Any other plain value.
    PutOther,
    Delete,
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The object it is done in; `None` is the root.
    pub object: Option<OperationId>,
    pub place: Place,
    pub insert: bool,
    pub action: Action,
    pub predecessors: Vec<OperationId>,
}

impl RawChange {
    /// Reads a change.
    ///
    /// # Errors
    ///
    /// [`DocumentError`] if the bytes are too long, are not a change, or do what our documents never do.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, DocumentError> {
        if bytes.len() > MAX_CHANGE_BYTES {
            return Err(DocumentError::TooLarge { limit: MAX_CHANGE_BYTES });
        }
        read(&bytes).map_err(|Flaw| DocumentError::Malformed).map(|mut change| {
            change.bytes = bytes;
            change
        })
    }

    /// The bytes as their author wrote them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The change's hash, by which others depend on it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        self.hash
    }

    /// Its place among its actor's changes, from 1.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Who made it; `None` if the actor is not a stream's id.
    #[must_use]
    pub fn actor(&self) -> Option<StreamId> {
        self.actor
    }

    /// When it was made, by its author's clock: milliseconds since the Unix epoch, never negative.
    #[must_use]
    pub fn time(&self) -> crate::time::Timestamp {
        crate::time::Timestamp(u64::try_from(self.time).unwrap_or_default())
    }

    /// Whether this is the frozen first change of any kind of document.
    #[must_use]
    pub fn is_skeleton(&self) -> bool {
        skeleton::is_skeleton(&self.bytes)
    }

    /// The string at a place.
    pub(super) fn string(&self, range: &Range<usize>) -> Result<&str, Flaw> {
        core::str::from_utf8(&self.bytes[range.clone()]).map_err(|_| Flaw)
    }
}

impl PartialEq for RawChange {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for RawChange {}

impl core::fmt::Debug for RawChange {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "RawChange({})", crate::ids::Digest(self.hash))
    }
}

fn read(bytes: &[u8]) -> Result<RawChange, Flaw> {
    let mut cursor = Cursor::new(bytes, 0..bytes.len());
    let magic = cursor.array::<4>()?;
    let checksum = cursor.array::<4>()?;
    let [kind] = cursor.array::<1>()?;
    let len = cursor.unsigned()?;
    if magic != MAGIC || kind != TYPE_CHANGE || len != (bytes.len() - cursor.position()) as u64 {
        return Err(Flaw);
    }
    let hash: [u8; 32] = Sha256::digest(&bytes[HEADER_BYTES..]).into();
    if checksum != hash[..4] {
        return Err(Flaw);
    }
    let dependencies = many(&mut cursor, 32, |cursor| cursor.array::<32>())?;
    let own = actor(&mut cursor)?;
    let sequence = cursor.unsigned()?;
    let start = cursor.unsigned()?;
    let time = cursor.signed()?;
    let message = cursor.unsigned()?;
    let others = many(&mut cursor, 1 + ACTOR_BYTES, actor)?;
    if message != 0 || start == 0 || u32::try_from(start).is_err() || sequence == 0 {
        return Err(Flaw);
    }
    let actors: Vec<Option<StreamId>> = core::iter::once(own).chain(others).collect();
    let columns = columns(&mut cursor)?;
    if !cursor.is_done() {
        return Err(Flaw);
    }
    let operations = operations(bytes, &columns, &actors)?;
    Ok(RawChange { bytes: Vec::new(), hash, actor: own, dependencies, sequence, start, time, operations })
}

/// A counted list whose items take at least `least` bytes each.
fn many<'a, T>(
    cursor: &mut Cursor<'a>,
    least: u64,
    read: impl Fn(&mut Cursor<'a>) -> Result<T, Flaw>,
) -> Result<Vec<T>, Flaw> {
    let count = cursor.unsigned()?;
    if count > MAX_CHANGE_BYTES as u64 / least {
        return Err(Flaw);
    }
    (0..count).map(|_| read(cursor)).collect()
}

/// An actor; one that is not a stream's id is skipped over.
fn actor(cursor: &mut Cursor<'_>) -> Result<Option<StreamId>, Flaw> {
    match cursor.unsigned()? {
        ACTOR_BYTES => cursor.array().map(|bytes| Some(StreamId(bytes))),
        len => cursor.take(len).map(|_| None),
    }
}

/// Where each column lies, in the order of [`COLUMNS`].
type Columns = [Range<usize>; COLUMNS.len()];

/// The columns we take, by their number in Automerge's format (identity shifted by four bits, and the type).
pub(super) const COLUMNS: [u64; 12] =
    [0x01, 0x02, 0x11, 0x13, 0x15, 0x34, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73];
pub(super) const OBJECT_ACTOR: usize = 0;
pub(super) const OBJECT_COUNTER: usize = 1;
pub(super) const KEY_ACTOR: usize = 2;
pub(super) const KEY_COUNTER: usize = 3;
pub(super) const KEY_STRING: usize = 4;
pub(super) const INSERT: usize = 5;
pub(super) const ACTION: usize = 6;
pub(super) const VALUE_META: usize = 7;
pub(super) const VALUE: usize = 8;
pub(super) const COUNT: usize = 9;
pub(super) const PREDECESSOR_ACTOR: usize = 10;
pub(super) const PREDECESSOR_COUNTER: usize = 11;

fn columns(cursor: &mut Cursor<'_>) -> Result<Columns, Flaw> {
    let layout = many(cursor, 2, |cursor| Ok((cursor.unsigned()?, cursor.unsigned()?)))?;
    let mut columns: Columns = core::array::from_fn(|_| 0..0);
    let mut last = None;
    for (number, len) in layout {
        let position = COLUMNS.iter().position(|&known| known == number).ok_or(Flaw)?;
        if last >= Some(position) {
            return Err(Flaw);
        }
        last = Some(position);
        columns[position] = cursor.take(len)?;
        if len == 0 {
            return Err(Flaw);
        }
    }
    Ok(columns)
}

fn operations(bytes: &[u8], columns: &Columns, actors: &[Option<StreamId>]) -> Result<Vec<Operation>, Flaw> {
    let column = |index: usize| columns[index].clone();
    let name = |counter: u64, actor: u64| {
        let actor = usize::try_from(actor).ok().and_then(|index| actors.get(index)).copied().flatten();
        match actor {
            Some(actor) if counter > 0 => Ok(OperationId { counter, actor }),
            _ => Err(Flaw),
        }
    };
    let mut object_actor = Rle::<u64>::new(bytes, column(OBJECT_ACTOR));
    let mut object_counter = Rle::<u64>::new(bytes, column(OBJECT_COUNTER));
    let mut key_actor = Rle::<u64>::new(bytes, column(KEY_ACTOR));
    let mut key_counter = Delta::new(bytes, column(KEY_COUNTER));
    let mut key_string = Rle::<Range<usize>>::new(bytes, column(KEY_STRING));
    let mut insert = Booleans::new(bytes, column(INSERT));
    let mut action = Rle::<u64>::new(bytes, column(ACTION));
    let mut value_meta = Rle::<u64>::new(bytes, column(VALUE_META));
    let mut value = Cursor::new(bytes, column(VALUE));
    let mut count = Rle::<u64>::new(bytes, column(COUNT));
    let mut predecessor_actor = Rle::<u64>::new(bytes, column(PREDECESSOR_ACTOR));
    let mut predecessor_counter = Delta::new(bytes, column(PREDECESSOR_COUNTER));
    let mut left = MAX_PREDECESSORS as u64;
    let mut operations = Vec::new();
    while !action.is_done() {
        if operations.len() == MAX_OPERATIONS {
            return Err(Flaw);
        }
        let object = match (object_actor.next()?, object_counter.next()?) {
            (None, None) => None,
            (Some(actor), Some(counter)) => Some(name(counter, actor)?),
            _ => return Err(Flaw),
        };
        let place = match (key_actor.next()?, key_counter.next()?, key_string.next()?) {
            (None, None, Some(key)) => Place::Key(key),
            (None, Some(0), None) => Place::Head,
            (Some(actor), Some(counter), None) => Place::Element(name(counter, actor)?),
            _ => return Err(Flaw),
        };
        let insert = insert.next()?;
        let meta = value_meta.next()?.ok_or(Flaw)?;
        let value = value.take(meta >> 4)?;
        let action = action_of(action.next()?.ok_or(Flaw)?, (meta & 0xf) as u8, value)?;
        let predecessors = count.next()?.unwrap_or_default();
        left = left.checked_sub(predecessors).ok_or(Flaw)?;
        let predecessors = (0..predecessors)
            .map(|_| match (predecessor_counter.next()?, predecessor_actor.next()?) {
                (Some(counter), Some(actor)) => name(counter, actor),
                _ => Err(Flaw),
            })
            .collect::<Result<Vec<_>, Flaw>>()?;
        operations.push(Operation { object, place, insert, action, predecessors });
    }
    let numbers = [object_actor, object_counter, key_actor, value_meta, count, predecessor_actor];
    let all_read = numbers.iter().all(Rle::is_done)
        && key_counter.is_done()
        && key_string.is_done()
        && insert.is_done()
        && value.is_done()
        && predecessor_counter.is_done();
    if all_read { Ok(operations) } else { Err(Flaw) }
}

/// What numbers of action and value type mean. Lists, tables, counters, marks and unknown types are refused.
fn action_of(action: u64, value_type: u8, value: Range<usize>) -> Result<Action, Flaw> {
    const NULL: u8 = 0;
    match (action, value_type) {
        (0, NULL) if value.is_empty() => Ok(Action::MakeMap),
        (4, NULL) if value.is_empty() => Ok(Action::MakeText),
        (3, NULL) if value.is_empty() => Ok(Action::Delete),
        (1, NULL..=2) if value.is_empty() => Ok(Action::PutOther),
        (1, 3..=5 | 9) => Ok(Action::PutOther),
        (1, 6) => Ok(Action::PutString(value)),
        (1, 7) => Ok(Action::PutBytes(value)),
        _ => Err(Flaw),
    }
}
