//! Documents: an Automerge document with its history of facts.
//!
//! What others wrote reaches Automerge only after it was read and checked here ([`RawChange`], `history`), so that
//! a hostile change is refused and never a crash. Facts, findings and who did what come from the history of
//! changes; Automerge answers only what the values and texts are.

mod batch;
mod clock;
mod column;
mod edit;
mod history;
mod kept;
mod raw;
mod read;
mod skeleton;
mod text;
mod write;

#[cfg(test)]
pub(crate) mod hostile;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

use crate::defect::{Defect, is_on};
use crate::ids::StreamId;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Timestamp;
use crate::view::Heads;
use automerge::{Automerge, Change, TextEncoding};
pub(crate) use edit::Edit;
use history::History;
use kept::Kept;

pub use batch::{MAX_BATCH_CHANGES, MAX_INFLATED_BYTES, pack, unpack};
pub use raw::{MAX_CHANGE_BYTES, MAX_OPERATIONS, RawChange};
pub use read::{Child, Fact, Handle, Made, NodeId, Version};

/// A kind of document; the discriminant is its number in entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// The office: its name, checklists, imported tables.
    Office = 1,
    /// Names of people and teams.
    Directory = 2,
    /// A visit.
    Visit = 3,
    /// A matter.
    Matter = 4,
    /// An assignment.
    Assignment = 5,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Office, Self::Directory, Self::Visit, Self::Matter, Self::Assignment];

    /// The kind with a number of an entry.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|&kind| kind as u8 == number)
    }
}

/// Why bytes are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// More than a named limit allows.
    #[error("larger than {limit}")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// Not a change, a batch or a snapshot, or one that does what our documents never do.
    #[error("malformed")]
    Malformed,
    /// Automerge refused what passed our checks.
    #[error("refused by automerge")]
    Refused,
}

/// What came of applying changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// How many were new and are part of the document now.
    pub new: usize,
    /// How many wait for changes they depend on, in all.
    pub waiting: usize,
    /// How many contradict what they depend on, or another change of their author, and were dropped.
    pub refused: usize,
}

/// An Automerge document with its history.
///
/// All copies that applied the same changes read the same, in whatever order and how often the changes came. Only of
/// two changes that one actor, lying, made at the same place, the first to come is taken: copies agree on that
/// because they get their changes in the order of one log, however many at a time.
#[derive(Debug)]
pub struct Document {
    kind: Kind,
    actor: StreamId,
    automerge: Automerge,
    history: History,
    kept: Kept,
    /// In the order in which they came.
    waiting: Vec<RawChange>,
    fresh: Vec<RawChange>,
}

impl Document {
    /// A document before any change but its frozen skeleton; local changes are made by `actor`.
    #[must_use]
    pub fn new(kind: Kind, actor: StreamId) -> Self {
        let skeleton = RawChange::parse(skeleton::bytes(kind).to_vec());
        let begun = skeleton.and_then(|skeleton| Self::begin(kind, actor, &[skeleton]));
        begun.unwrap_or_else(|error| {
            unreachable!("a skeleton, whose bytes are frozen, can be applied: {error}")
        })
    }

    fn begin(kind: Kind, actor: StreamId, taken: &[RawChange]) -> Result<Self, DocumentError> {
        let mut automerge = Automerge::new_with_encoding(TextEncoding::Utf16CodeUnit);
        let mut history = History::new();
        let mut changes = Vec::new();
        for change in taken {
            history.take(change).map_err(|_| DocumentError::Malformed)?;
            changes.push(for_automerge(change)?);
        }
        automerge.apply_changes(changes).map_err(|_| DocumentError::Refused)?;
        let (kept, waiting, fresh) = (Kept::default(), Vec::new(), Vec::new());
        Ok(Self { kind, actor, automerge, history, kept, waiting, fresh })
    }

    /// Opens what [`Document::snapshot`] gave.
    ///
    /// # Errors
    ///
    /// [`DocumentError::Malformed`] if the bytes are not a snapshot of a document of this kind.
    pub fn load(kind: Kind, snapshot: &[u8], actor: StreamId) -> Result<Self, DocumentError> {
        let opened = Kept::open(snapshot)?;
        let skeleton = RawChange::parse(skeleton::bytes(kind).to_vec())?;
        let taken: Vec<_> = core::iter::once(skeleton).chain(opened.taken).collect();
        let mut document = Self::begin(kind, actor, &taken)?;
        document.kept = opened.kept;
        document.waiting = opened.waiting;
        Ok(document)
    }

    /// The document as bytes, what waits for other changes included.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        self.kept.snapshot(&self.waiting)
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The version that this copy has.
    #[must_use]
    pub fn heads(&self) -> Heads {
        Heads(self.heads_now())
    }

    fn heads_now(&self) -> Vec<[u8; 32]> {
        self.automerge.get_heads().into_iter().map(|hash| hash.0).collect()
    }

    /// Applies changes of others. Known ones are dropped; those whose dependencies are missing wait for them.
    ///
    /// # Errors
    ///
    /// [`DocumentError::Refused`] if Automerge does not take what passed our checks; nothing is applied then.
    pub fn apply(&mut self, changes: Vec<RawChange>) -> Result<Applied, DocumentError> {
        let (mark, before) = (self.history.len(), self.waiting.clone());
        let mut refused = 0;
        let mut known: SortedSet<_> = self.waiting.iter().map(RawChange::hash).collect();
        for change in changes {
            if change.is_skeleton() {
                refused += usize::from(change.bytes() != skeleton::bytes(self.kind));
            } else if !self.history.has(&change.hash()) && known.insert(change.hash()) {
                self.waiting.push(change);
            }
        }
        let (ready, changes): (Vec<_>, Vec<_>) = self.take_ready(&mut refused).into_iter().unzip();
        if !changes.is_empty() && self.automerge.apply_changes(changes).is_err() {
            self.history.rewind(mark);
            self.waiting = before;
            return Err(DocumentError::Refused);
        }
        ready.iter().for_each(|change| self.kept.push(change));
        let new = ready.len();
        Ok(Applied { new, waiting: self.waiting.len(), refused })
    }

    /// Takes into the history what waits for nothing any more, each after what it depends on, otherwise what came
    /// first before what came later: so it makes no difference how many changes come at a time.
    fn take_ready(&mut self, refused: &mut usize) -> Vec<(RawChange, Change)> {
        if is_on(Defect::TakeByHash) {
            self.waiting.sort_by_key(RawChange::hash);
        }
        let mut waiting: Vec<_> = core::mem::take(&mut self.waiting).into_iter().map(Some).collect();
        let mut missing = Vec::new();
        let mut dependents: SortedMap<[u8; 32], Vec<usize>> = SortedMap::new();
        let mut ready = SortedSet::new();
        for (at, change) in waiting.iter().flatten().enumerate() {
            let lacking: SortedSet<_> =
                change.dependencies.iter().filter(|dependency| !self.history.has(dependency)).collect();
            for &&dependency in &lacking {
                dependents.entry(dependency).or_default().push(at);
            }
            if lacking.is_empty() {
                ready.insert(at);
            }
            missing.push(lacking.len());
        }
        let mut taken = Vec::new();
        while let Some(at) = ready.pop_first() {
            let Some(raw) = waiting[at].take() else { continue };
            let hash = raw.hash();
            match for_automerge(&raw) {
                Ok(change) if self.history.take(&raw).is_ok() => taken.push((raw, change)),
                _ => {
                    *refused += 1;
                    continue;
                }
            }
            for dependent in dependents.remove(&hash).unwrap_or_default() {
                missing[dependent] -= 1;
                if missing[dependent] == 0 {
                    ready.insert(dependent);
                }
            }
        }
        self.waiting = waiting.into_iter().flatten().collect();
        taken
    }

    /// The local changes made since the last call, each with its own bytes.
    #[must_use]
    pub fn take_changes(&mut self) -> Vec<RawChange> {
        core::mem::take(&mut self.fresh)
    }

    /// Makes one local change of everything that `write` does, or none.
    ///
    /// # Errors
    ///
    /// [`DocumentError`] if `write` fails or does too much; the document is then as before.
    pub(crate) fn edit(
        &mut self,
        at: Timestamp,
        write: impl FnOnce(&mut Edit<'_>) -> Result<(), DocumentError>,
    ) -> Result<(), DocumentError> {
        let mut edit = Edit::begin(self);
        write(&mut edit)?;
        match edit.finish(at)? {
            Some(change) => self.take_own(change),
            None => Ok(()),
        }
    }

    /// Takes a local change as one of others is taken.
    fn take_own(&mut self, own: RawChange) -> Result<(), DocumentError> {
        let mark = self.history.len();
        let change = for_automerge(&own)?;
        self.history.take(&own).map_err(|_| DocumentError::Malformed)?;
        if self.automerge.apply_changes(vec![change]).is_err() {
            self.history.rewind(mark);
            return Err(DocumentError::Refused);
        }
        self.kept.push(&own);
        self.fresh.push(own);
        Ok(())
    }
}

/// The change as Automerge takes it.
fn for_automerge(change: &RawChange) -> Result<Change, DocumentError> {
    Change::from_bytes(change.bytes().to_vec()).map_err(|_| DocumentError::Refused)
}
