//! Groups: what is staged, what is on its way to the disk, and what follows when it is there.

use super::group::{Filed, Group, SpaceGroup, StreamHead};
use super::{
    ConnId, Failure, MAX_GROUP_BYTES, MAX_GROUP_ENTRIES, MAX_RECEIPTS_PER_MESSAGE, MAX_WAITERS, Output,
    Relay, Space,
};
use crate::defect::{Defect, is_on};
use crate::entry::Entry;
use crate::ids::{EntryId, SpaceId, StreamId};
use crate::log::{Checkpoint, Origin, Receipt, SignedCheckpoint};
use crate::roster::Roster;
use crate::time::Timestamp;
use crate::wire::{FromRelay, Item};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where entries stand that are not durable yet: by stream and sequence.
type Places = BTreeMap<(StreamId, u64), Place>;

#[derive(Clone, Copy)]
struct Place {
    id: EntryId,
    space: SpaceId,
    /// From 0, among the group's entries of that space.
    index: usize,
}

/// Somebody to whom a receipt is owed.
struct Waiter {
    conn: ConnId,
    space: SpaceId,
    index: usize,
}

/// The next group.
#[derive(Default)]
pub(super) struct Staged {
    /// The time of all its entries: when the last of them came.
    at: Timestamp,
    spaces: BTreeMap<SpaceId, Vec<Filed>>,
    forks: Vec<Vec<u8>>,
    places: Places,
    waiters: Vec<Waiter>,
    bytes: usize,
    /// The statements among its entries. Once there is one the time stands, and so nothing is added: a statement
    /// is judged by readers at the same time as here.
    statements: Vec<Vec<u8>>,
}

/// The group that is on its way to the disk.
pub(super) struct Flight {
    group: Arc<Group>,
    places: Places,
    waiters: Vec<Waiter>,
    statements: Vec<Vec<u8>>,
    /// The roster with the group's statements, if it has any.
    roster: Option<Roster>,
}

impl Staged {
    pub fn has_room(&self) -> bool {
        self.statements.is_empty()
            && self.places.len() < MAX_GROUP_ENTRIES
            && self.bytes < MAX_GROUP_BYTES
            && self.waiters.len() < MAX_WAITERS
    }

    pub fn add(&mut self, at: Timestamp, conn: ConnId, space: SpaceId, filed: Filed) {
        self.at = at;
        self.bytes += filed.bytes.len();
        let entries = self.spaces.entry(space).or_default();
        let place = Place { id: filed.id, space, index: entries.len() };
        self.places.insert((filed.stream, filed.sequence), place);
        self.waiters.push(Waiter { conn, space, index: place.index });
        entries.push(filed);
    }

    pub fn add_fork(&mut self, at: Timestamp, bytes: Vec<u8>) {
        if self.statements.is_empty() {
            self.at = at;
        }
        self.bytes += bytes.len();
        self.forks.push(bytes);
    }

    pub fn seal(&mut self, statement: &Entry) {
        self.statements.push(statement.bytes().to_vec());
    }

    pub fn pending(&self, stream: &StreamId, sequence: u64) -> Option<EntryId> {
        self.places.get(&(*stream, sequence)).map(|place| place.id)
    }

    fn count(&self, space: &SpaceId) -> usize {
        self.spaces.get(space).map_or(0, Vec::len)
    }
}

impl Flight {
    pub fn pending(&self, stream: &StreamId, sequence: u64) -> Option<EntryId> {
        self.places.get(&(*stream, sequence)).map(|place| place.id)
    }

    fn count(&self, space: &SpaceId) -> usize {
        let group = self.group.spaces.iter().find(|added| added.space == *space);
        group.map_or(0, |added| added.entries.len())
    }
}

impl Relay {
    /// The position that the next entry staged for a space will have.
    pub(super) fn next_position(&self, space: &SpaceId) -> u64 {
        let flying = self.flight.as_ref().map_or(0, |flight| flight.count(space));
        self.size(space) + (flying + self.staged.count(space)) as u64
    }

    /// Notes that a receipt is owed for an entry that is staged or in flight.
    pub(super) fn wait(&mut self, conn: ConnId, entry: &Entry) {
        let key = (entry.stream(), entry.header().sequence);
        let (places, waiters) = match &mut self.flight {
            Some(flight) if flight.places.contains_key(&key) => (&flight.places, &mut flight.waiters),
            _ => (&self.staged.places, &mut self.staged.waiters),
        };
        if let Some(&Place { space, index, .. }) = places.get(&key) {
            waiters.push(Waiter { conn, space, index });
        }
    }

    /// Sends what is staged on its way to the disk, if nothing else is.
    pub(super) fn launch(&mut self, out: &mut Vec<Output>) {
        let is_empty = self.staged.spaces.is_empty() && self.staged.forks.is_empty();
        if self.flight.is_some() || is_empty {
            return;
        }
        let Staged { at, spaces, forks, places, mut waiters, statements, .. } =
            core::mem::take(&mut self.staged);
        let spaces =
            spaces.into_iter().map(|(space, entries)| self.close_space(at, space, entries)).collect();
        let group = Arc::new(Group { at, spaces, forks });
        let roster = if statements.is_empty() { None } else { self.ahead.clone() };
        out.push(Output::Commit(Arc::clone(&group)));
        if is_on(Defect::AcknowledgeBeforeFlush) {
            self.acknowledge(&group, core::mem::take(&mut waiters), out);
        }
        self.flight = Some(Flight { group, places, waiters, statements, roster });
    }

    fn close_space(&self, at: Timestamp, space: SpaceId, entries: Vec<Filed>) -> SpaceGroup {
        let before = self.spaces.get(&space).map(|space| space.tree.clone()).unwrap_or_default();
        let mut group = SpaceGroup { space, before, checkpoint: Vec::new(), entries };
        let after = group.after(at);
        let origin = Origin { space, incarnation: self.identity.incarnation };
        let checkpoint = Checkpoint { origin, size: after.size(), root: after.root() };
        group.checkpoint = SignedCheckpoint::sign(&checkpoint, &self.identity.key);
        group
    }

    /// The group is durable: it becomes part of what is known, is acknowledged, and goes to its readers.
    pub(super) fn committed(&mut self, out: &mut Vec<Output>) {
        let Some(flight) = self.flight.take() else { return };
        let Flight { group, waiters, statements, roster, .. } = flight;
        for added in &group.spaces {
            let space = Space { tree: added.after(group.at), checkpoint: added.checkpoint.clone() };
            self.spaces.insert(added.space, space);
            for filed in &added.entries {
                let is_last = |head: &StreamHead| head.position < added.end();
                let is_last = self.heads.get(&filed.stream).is_some_and(is_last);
                if is_last && !is_on(Defect::RememberEveryStream) {
                    self.heads.remove(&filed.stream);
                }
            }
        }
        if let Some(roster) = roster {
            self.roster = Some(roster);
            self.statements.extend(statements.into_iter().map(|entry| Item { time: group.at, entry }));
            if self.staged.statements.is_empty() {
                self.ahead = None;
            }
            self.recheck_readers();
            self.cut_expelled(out);
        }
        self.acknowledge(&group, waiters, out);
        for added in &group.spaces {
            self.fan_out(group.at, added, out);
        }
    }

    /// The group is not durable: it and what was staged upon it are forgotten, and everybody is told.
    pub(super) fn commit_failed(&mut self, why: Failure, out: &mut Vec<Output>) {
        let Some(flight) = self.flight.take() else { return };
        let staged = core::mem::take(&mut self.staged);
        self.ahead = None;
        self.heads.clear();
        self.forked.clear();
        let waiting: BTreeSet<_> =
            flight.waiters.iter().chain(&staged.waiters).map(|waiter| waiter.conn).collect();
        waiting.into_iter().for_each(|conn| self.failing(conn, why, out));
    }

    fn acknowledge(&mut self, group: &Group, waiters: Vec<Waiter>, out: &mut Vec<Output>) {
        let mut owed: BTreeMap<(SpaceId, ConnId), Vec<usize>> = BTreeMap::new();
        for Waiter { conn, space, index } in waiters {
            owed.entry((space, conn)).or_default().push(index);
        }
        for added in &group.spaces {
            let all = added.receipts(group.at);
            let of_space = owed.range((added.space, ConnId(0))..=(added.space, ConnId(u64::MAX)));
            for (&(space, conn), places) in of_space {
                let receipts = places.iter().filter_map(|&index| all.get(index).cloned()).collect();
                self.send_receipts(conn, space, &added.checkpoint, receipts, out);
            }
        }
    }

    pub(super) fn send_receipts(
        &mut self,
        conn: ConnId,
        space: SpaceId,
        checkpoint: &[u8],
        receipts: Vec<Receipt>,
        out: &mut Vec<Output>,
    ) {
        for some in receipts.chunks(MAX_RECEIPTS_PER_MESSAGE) {
            let message =
                FromRelay::Receipts { space, checkpoint: checkpoint.to_vec(), receipts: some.to_vec() };
            self.send(conn, &message, out);
        }
    }
}
