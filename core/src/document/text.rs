//! Edits of text that keep what others wrote meanwhile.

use super::history::{Deed, Index, Spot};
use super::raw::OperationId;
use super::read::{Handle, object_id};
use super::{Document, Edit};
use crate::command::TextEdit;
use crate::ids::StreamId;
use crate::sorted::SortedMap;
use automerge::transaction::Transactable;
use automerge::{AutomergeError, ObjId, ReadDoc, ScalarValueRef, ValueRef};

/// What to do to a text as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Splice {
    /// Stretches to delete, last first: position and length in UTF-16 units.
    deletions: Vec<(usize, usize)>,
    /// Where to insert after that.
    at: usize,
    /// What to insert.
    insertion: String,
}

impl Splice {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.deletions.is_empty() && self.insertion.is_empty()
    }

    /// Does it.
    pub fn apply(&self, edit: &mut Edit<'_>, text: Handle) -> Result<(), AutomergeError> {
        let object = edit.object_id(text);
        for &(at, len) in &self.deletions {
            edit.transaction.splice_text(&object, at, len as isize, "")?;
        }
        edit.transaction.splice_text(&object, self.at, 0, &self.insertion)
    }
}

impl Document {
    /// What an edit means for the text as it is now.
    ///
    /// The person's text started from the text at `base`; what this device itself has written since is part of
    /// what the person sees, so that several edits may name the same base. Characters that others deleted stay
    /// deleted, characters that others inserted stay. With an unknown base the text now is taken as the base.
    pub(crate) fn splice(&self, text: Handle, edit: &TextEdit) -> Splice {
        let now = self.elements(text, None);
        let seen = match self.history.clock_at(&edit.base.0) {
            Some(_) if !edit.base.0.is_empty() => self.seen_elements(text, edit),
            _ => now.clone(),
        };
        let wanted: Vec<char> = edit.text.chars().collect();
        let prefix = seen.iter().zip(&wanted).take_while(|((_, a), b)| a == *b).count();
        let suffix = (seen[prefix..].iter().rev())
            .zip(wanted[prefix..].iter().rev())
            .take_while(|((_, a), b)| a == *b)
            .count();
        let mut places = SortedMap::new();
        let mut position = 0;
        for &(element, char) in &now {
            places.insert(element, (position, char.len_utf16()));
            position += char.len_utf16();
        }
        let place = |(element, _): &(Index, char)| places.get(element).copied();
        let at = seen[..prefix].iter().rev().find_map(place).map_or(0, |(at, width)| at + width);
        let mut gone: Vec<_> = seen[prefix..seen.len() - suffix].iter().filter_map(place).collect();
        gone.sort_unstable();
        let insertion = wanted[prefix..wanted.len() - suffix].iter().collect();
        Splice { deletions: stretches(&gone), at, insertion }
    }

    /// The elements of a text, now or at heads.
    fn elements(&self, text: Handle, heads: Option<&[automerge::ChangeHash]>) -> Vec<(Index, char)> {
        let object = object_id(&self.history, text);
        let range = match heads {
            None => self.automerge.list_range(&object, ..),
            Some(heads) => self.automerge.list_range_at(&object, .., heads),
        };
        range
            .filter_map(|item| {
                let index = match item.id() {
                    ObjId::Id(counter, actor, _) => {
                        let actor = StreamId(actor.to_bytes().try_into().ok()?);
                        self.history.index_of(OperationId { counter, actor })?
                    }
                    ObjId::Root => return None,
                };
                match item.value {
                    ValueRef::Scalar(ScalarValueRef::Str(text)) => Some((index, text.chars().next()?)),
                    _ => None,
                }
            })
            .collect()
    }

    /// The elements that the person sees: those at the edit's base, with what this device did since.
    fn seen_elements(&self, text: Handle, edit: &TextEdit) -> Vec<(Index, char)> {
        let heads = super::read::change_hashes(&edit.base.0);
        let mut seen = self.elements(text, Some(&heads));
        let clock = self.history.clock_at(&edit.base.0).unwrap_or_default();
        for &node in self.history.stream_after(self.actor, &clock) {
            let (first, notes) = self.history.notes_of(node);
            for (index, note) in (first..).zip(notes).filter(|(_, note)| note.object == text.0) {
                let position = match note.spot {
                    Spot::Element(element) => seen.iter().position(|&(other, _)| other == element),
                    Spot::Head | Spot::Key(_) => None,
                };
                match (note.deed, position) {
                    (Deed::Insert(char), position) => {
                        seen.insert(position.map_or(0, |position| position + 1), (index, char));
                    }
                    (Deed::Delete, Some(position)) => drop(seen.remove(position)),
                    (Deed::Delete | Deed::Make | Deed::Put, _) => {}
                }
            }
        }
        seen
    }
}

/// Joins adjoining places, last first.
fn stretches(places: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for &(at, width) in places.iter().rev() {
        match joined.last_mut() {
            Some((first, len)) if at + width == *first => (*first, *len) = (at, *len + width),
            _ => joined.push((at, width)),
        }
    }
    joined
}
