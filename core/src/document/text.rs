//! Edits of text that keep what others wrote meanwhile.

use super::history::{Deed, Index, Spot};
use super::read::{Handle, object_id, operation_of};
use super::{Document, DocumentError, Edit};
use crate::command::TextEdit;
use crate::sorted::SortedMap;
use automerge::{ReadDoc, ScalarValueRef, ValueRef};

/// What to do to a text as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Splice {
    /// Elements to delete.
    deletions: Vec<Index>,
    /// The element to insert after; `None` is the beginning.
    after: Option<Index>,
    /// What to insert.
    insertion: String,
}

impl Splice {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.deletions.is_empty() && self.insertion.is_empty()
    }

    /// Does it.
    pub fn apply(&self, edit: &mut Edit<'_>, text: Handle) -> Result<(), DocumentError> {
        self.deletions.iter().try_for_each(|&element| edit.delete_element(text, element))?;
        edit.insert_after(text, self.after, &self.insertion)
    }
}

impl Document {
    /// What an edit means for the text as it is now.
    ///
    /// The person's text started from the text at `base`; what this device itself has written since is part of
    /// what the person sees, so that several edits may name the same base. Characters that others deleted stay
    /// deleted, characters that others inserted stay. With an unknown base the text now is taken as the base.
    pub(crate) fn splice(&self, text: Handle, edit: &TextEdit) -> Splice {
        let wanted: Vec<char> = edit.text.chars().collect();
        if self.wrote_alone(text, edit) {
            self.splice_now(text, &wanted)
        } else {
            self.splice_seen(text, edit, &wanted)
        }
    }

    /// Whether nobody else has written in the text since the edit's base, so that what the person sees is the text
    /// as it is now.
    fn wrote_alone(&self, text: Handle, edit: &TextEdit) -> bool {
        let clock = match self.history.clock_at(&edit.base.0) {
            Some(clock) if !edit.base.0.is_empty() => clock,
            _ => return true,
        };
        (0..self.history.len())
            .filter(|&node| !self.history.within(node, &clock) && self.history.actor_of(node) != self.actor)
            .all(|node| self.history.notes_of(node).1.iter().all(|note| note.object != text.0))
    }

    /// Looks up only the elements that it names: a keystroke in a long text costs no walk through all of them.
    fn splice_now(&self, text: Handle, wanted: &[char]) -> Splice {
        let object = object_id(&self.history, text);
        let now: Vec<char> = self.automerge.text(&object).unwrap_or_default().chars().collect();
        let (prefix, suffix) = unchanged(now.iter(), wanted);
        let mut position = now[..prefix].iter().map(|char| char.len_utf16()).sum::<usize>();
        let element = |position: usize| {
            let values = self.automerge.get_all(&object, position).ok()?;
            self.history.index_of(operation_of(&values.last()?.1)?)
        };
        let after = now[..prefix].last().and_then(|char| element(position - char.len_utf16()));
        let mut deletions = Vec::new();
        for char in &now[prefix..now.len() - suffix] {
            deletions.extend(element(position));
            position += char.len_utf16();
        }
        Splice { deletions, after, insertion: wanted[prefix..wanted.len() - suffix].iter().collect() }
    }

    pub(super) fn splice_seen(&self, text: Handle, edit: &TextEdit, wanted: &[char]) -> Splice {
        let (now, seen) = (self.elements(text, None), self.seen_elements(text, edit));
        let (prefix, suffix) = unchanged(seen.iter().map(|(_, char)| char), wanted);
        let mut places = SortedMap::new();
        for (position, &(element, _)) in now.iter().enumerate() {
            places.insert(element, position);
        }
        let place = |(element, _): &(Index, char)| places.get(element).copied();
        let after = seen[..prefix].iter().rev().find_map(place).map(|position| now[position].0);
        let mut gone: Vec<_> = seen[prefix..seen.len() - suffix].iter().filter_map(place).collect();
        gone.sort_unstable();
        // The last stretch first, as it always was.
        let stretches = gone.chunk_by(|before, after| before + 1 == *after).rev();
        let deletions = stretches.flatten().map(|&position| now[position].0).collect();
        Splice { deletions, after, insertion: wanted[prefix..wanted.len() - suffix].iter().collect() }
    }

    /// The elements of a text, now or at heads.
    pub(super) fn elements(
        &self,
        text: Handle,
        heads: Option<&[automerge::ChangeHash]>,
    ) -> Vec<(Index, char)> {
        let object = object_id(&self.history, text);
        let range = match heads {
            None => self.automerge.list_range(&object, ..),
            Some(heads) => self.automerge.list_range_at(&object, .., heads),
        };
        range
            .filter_map(|item| {
                let index = self.history.index_of(operation_of(&item.id())?)?;
                match item.value {
                    ValueRef::Scalar(ScalarValueRef::Str(text)) => Some((index, text.chars().next()?)),
                    _ => None,
                }
            })
            .collect()
    }

    /// The elements that the person sees: those at the edit's base, with what this device did since.
    pub(super) fn seen_elements(&self, text: Handle, edit: &TextEdit) -> Vec<(Index, char)> {
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

/// How much of a text stays at its beginning and at its end.
fn unchanged<'a>(
    seen: impl DoubleEndedIterator<Item = &'a char> + ExactSizeIterator + Clone,
    wanted: &[char],
) -> (usize, usize) {
    let prefix = seen.clone().zip(wanted).take_while(|(a, b)| a == b).count();
    let (seen, wanted) = (seen.skip(prefix).rev(), wanted[prefix..].iter().rev());
    (prefix, seen.zip(wanted).take_while(|(a, b)| a == b).count())
}
