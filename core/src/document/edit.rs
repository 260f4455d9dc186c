//! Local changes: what an edit does becomes operations, and they one change, which is taken as one of others is.
//!
//! Automerge's own transactions would do the same; leaving them out saves the first load 30 KB.

use super::history::{self, Index};
use super::raw::{Action, Operation, OperationId, Place, RawChange};
use super::read::{Handle, exid, operation_id, operation_of, string};
use super::write::Draft;
use super::{Document, DocumentError};
use crate::ids::ItemId;
use crate::time::Timestamp;
use automerge::ReadDoc;
use core::ops::Range;

/// The most operations that one local change makes; what keeps it below [`super::MAX_CHANGE_BYTES`].
const MAX_LOCAL_OPERATIONS: usize = 32_768;

/// A local change being made.
pub(crate) struct Edit<'a> {
    document: &'a Document,
    dependencies: Vec<[u8; 32]>,
    /// The counter of the first operation.
    start: u64,
    operations: Vec<Operation>,
    /// What the operations' keys and values are places in.
    bytes: Vec<u8>,
}

/// A value under a key: the operation that put it there, and what it is if it is a string.
type Standing = (OperationId, Option<String>);

impl<'a> Edit<'a> {
    pub(super) fn begin(document: &'a Document) -> Self {
        let mut dependencies = document.heads_now();
        let start = document.history.last_counter(&dependencies) + 1;
        // Automerge has every change name the one before it of its actor, even where another dependency implies it.
        if let Some(own) = document.history.last_of(document.actor)
            && let Err(at) = dependencies.binary_search(&own.hash)
        {
            dependencies.insert(at, own.hash);
        }
        Self { document, dependencies, start, operations: Vec::new(), bytes: Vec::new() }
    }

    /// The change; `None` if nothing was done.
    pub(super) fn finish(self, at: Timestamp) -> Result<Option<RawChange>, DocumentError> {
        match self.operations.len() {
            0 => return Ok(None),
            1..=MAX_LOCAL_OPERATIONS => {}
            _ => return Err(DocumentError::TooLarge { limit: MAX_LOCAL_OPERATIONS }),
        }
        let draft = Draft {
            actor: self.document.actor,
            dependencies: &self.dependencies,
            sequence: self.document.history.last_of(self.document.actor).map_or(0, |own| own.sequence) + 1,
            start: self.start,
            time: i64::try_from(at.0).unwrap_or(i64::MAX),
            operations: &self.operations,
            bytes: &self.bytes,
        };
        RawChange::parse(draft.encode()).map(Some)
    }

    /// Writes a string, over all that there are.
    pub fn put(&mut self, map: Handle, key: &str, value: &str) -> Result<(), DocumentError> {
        self.put_string(self.object(map), key, value)
    }

    fn put_string(
        &mut self,
        object: Option<OperationId>,
        key: &str,
        value: &str,
    ) -> Result<(), DocumentError> {
        let mut standing = self.standing(object, key)?;
        match standing.as_slice() {
            [(_, Some(text))] if text == value => return Ok(()),
            // Of several, the others are dropped by an operation of its own, as they always were: what is written
            // then is written where nothing stands.
            [_, _, ..] => self.assign(object, key, Action::Delete, core::mem::take(&mut standing)),
            _ => {}
        }
        let value = self.keep(value.as_bytes());
        self.assign(object, key, Action::PutString(value), standing);
        Ok(())
    }

    /// Inserts a fact. A key that is used already is refused: the fact would be an overwriting, and not count.
    pub fn state(&mut self, key: ItemId, fact: Vec<u8>) -> Result<(), DocumentError> {
        let object = self.object(Handle(history::FACTS));
        let key = key.to_string();
        let standing = self.standing(object, &key)?;
        if !standing.is_empty() {
            return Err(DocumentError::Refused);
        }
        let fact = self.keep(&fact);
        self.assign(object, &key, Action::PutBytes(fact), standing);
        Ok(())
    }

    /// Creates a map with its strings and empty texts.
    pub fn create(
        &mut self,
        map: Handle,
        key: &str,
        strings: &[(&str, &str)],
        texts: &[&str],
    ) -> Result<(), DocumentError> {
        let object = self.object(map);
        let standing = self.standing(object, key)?;
        let made = Some(self.id(self.operations.len()));
        self.assign(object, key, Action::MakeMap, standing);
        for text in texts {
            let standing = self.standing(made, text)?;
            self.assign(made, text, Action::MakeText, standing);
        }
        strings.iter().try_for_each(|(key, value)| self.put_string(made, key, value))
    }

    /// Deletes an element of a text.
    pub(super) fn delete_element(&mut self, text: Handle, element: Index) -> Result<(), DocumentError> {
        let (object, id) = (self.object(text), self.element(element)?);
        let (place, predecessors) = (Place::Element(id), vec![id]);
        self.operations.push(Operation {
            object,
            place,
            insert: false,
            action: Action::Delete,
            predecessors,
        });
        Ok(())
    }

    /// Inserts into a text, after an element or at the beginning.
    pub(super) fn insert_after(
        &mut self,
        text: Handle,
        element: Option<Index>,
        insertion: &str,
    ) -> Result<(), DocumentError> {
        let object = self.object(text);
        let mut place = match element {
            Some(element) => Place::Element(self.element(element)?),
            None => Place::Head,
        };
        for char in insertion.chars() {
            let action = Action::PutString(self.keep(char.encode_utf8(&mut [0; 4]).as_bytes()));
            let next = Place::Element(self.id(self.operations.len()));
            let place = core::mem::replace(&mut place, next);
            self.operations.push(Operation { object, place, insert: true, action, predecessors: Vec::new() });
        }
        Ok(())
    }

    fn element(&self, element: Index) -> Result<OperationId, DocumentError> {
        self.document.history.id_of(element).ok_or(DocumentError::Refused)
    }

    fn assign(&mut self, object: Option<OperationId>, key: &str, action: Action, standing: Vec<Standing>) {
        let place = Place::Key(self.keep(key.as_bytes()));
        let predecessors = standing.into_iter().map(|(id, _)| id).collect();
        self.operations.push(Operation { object, place, insert: false, action, predecessors });
    }

    /// What stands under a key after what this edit did so far, in the order of the operations' ids.
    fn standing(&self, object: Option<OperationId>, key: &str) -> Result<Vec<Standing>, DocumentError> {
        let own = self.operations.iter().rposition(|operation| {
            let Place::Key(place) = &operation.place else { return false };
            operation.object == object && self.bytes[place.clone()] == *key.as_bytes()
        });
        if let Some(at) = own {
            return Ok(match &self.operations[at].action {
                Action::Delete => Vec::new(),
                Action::PutString(value) => {
                    vec![(self.id(at), String::from_utf8(self.bytes[value.clone()].to_vec()).ok())]
                }
                _ => vec![(self.id(at), None)],
            });
        }
        if object.is_some_and(|id| id.actor == self.document.actor && id.counter >= self.start) {
            return Ok(Vec::new());
        }
        let values = self.document.automerge.get_all(exid(object), key);
        let values = values.map_err(|_| DocumentError::Refused)?.into_iter();
        Ok(values.filter_map(|(value, id)| Some((operation_of(&id)?, string(&value)))).collect())
    }

    /// The id of this edit's operation at a position.
    fn id(&self, position: usize) -> OperationId {
        OperationId { counter: self.start + position as u64, actor: self.document.actor }
    }

    fn object(&self, handle: Handle) -> Option<OperationId> {
        operation_id(&self.document.history, handle)
    }

    fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        start..self.bytes.len()
    }
}
