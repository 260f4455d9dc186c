//! Readers: each has a place in every space it reads. New entries go to those who have everything before
//! them; whoever is behind, or slow, is served from the log when there is room.

use super::connection::{Cursor, Phase, Told};
use super::group::SpaceGroup;
use super::{
    CloseReason, ConnId, ENTRIES_MESSAGE_BYTES, FETCH_BYTES, Failure, MAX_AHEAD_BYTES, Output, Relay,
};
use crate::ids::SpaceId;
use crate::time::Timestamp;
use crate::wire::{FromRelay, Item, MAX_ENTRIES_PER_MESSAGE, Trouble};
use std::sync::Arc;

/// An encoded message with entries.
struct Portion {
    /// The position of its first entry.
    from: u64,
    /// How many entries.
    count: u64,
    /// What it takes of a reader's credit.
    weight: i64,
    bytes: Arc<[u8]>,
}

impl Relay {
    /// Sends a group's entries to the readers of its space who have everything before it, encoded once for all.
    pub(super) fn fan_out(&mut self, at: Timestamp, added: &SpaceGroup, out: &mut Vec<Output>) {
        let space = added.space;
        let readers: Vec<_> = self
            .connections
            .iter()
            .filter(|(_, connection)| connection.reading.contains_key(&space))
            .map(|(conn, _)| *conn)
            .collect();
        if readers.is_empty() {
            return;
        }
        let item = |filed: &super::group::Filed| Item { time: at, entry: filed.bytes.clone() };
        let portions = portions(space, added.base(), added.entries.iter().map(item).collect());
        for conn in readers {
            for portion in &portions {
                self.deliver(conn, space, portion, out);
            }
            self.pump(conn, out);
        }
    }

    /// Goes on sending to a connection: the next entries of one space from the log, and what the others owe.
    pub(super) fn pump(&mut self, conn: ConnId, out: &mut Vec<Output>) {
        let Some(connection) = self.connections.get(&conn) else { return };
        let is_owed = |(space, cursor): (&SpaceId, &Cursor)| {
            (cursor.told == Told::Nothing && cursor.next == self.size(space)).then_some(*space)
        };
        let owed: Vec<_> = connection.reading.iter().filter_map(is_owed).collect();
        owed.into_iter().for_each(|space| self.tell_head(conn, space, out));
        self.fetch(conn, out);
    }

    fn fetch(&mut self, conn: ConnId, out: &mut Vec<Output>) {
        let Some(connection) = self.connections.get(&conn) else { return };
        let has_room = connection.credit > 0 && connection.unsent < MAX_AHEAD_BYTES;
        if connection.fetching.is_some() || !has_room {
            return;
        }
        let behind = connection.reading.iter().find(|(space, cursor)| cursor.next < self.size(space));
        let Some((space, from)) = behind.map(|(space, cursor)| (*space, cursor.next)) else { return };
        let max_bytes = FETCH_BYTES.min(usize::try_from(connection.credit).unwrap_or(usize::MAX));
        if let Some(connection) = self.connections.get_mut(&conn) {
            connection.fetching = Some(space);
        }
        out.push(Output::Fetch { conn, space, from, max_bytes });
    }

    pub(super) fn fetched(
        &mut self,
        conn: ConnId,
        space: SpaceId,
        from: u64,
        items: Result<Vec<Item>, Failure>,
        out: &mut Vec<Output>,
    ) {
        let Some(connection) = self.connections.get_mut(&conn) else { return };
        connection.fetching = None;
        let items = match items {
            Ok(items) if !items.is_empty() => items,
            // The store cannot read: asking again at once would not help, and whoever comes again asks again.
            _ => {
                self.failing(conn, Failure::Failing, out);
                return self.close(conn, CloseReason::Failing, out);
            }
        };
        for portion in portions(space, from, items) {
            self.hand_over(conn, space, &portion, out);
        }
        self.pump(conn, out);
    }

    /// Hands a portion of the newest group to a reader who has everything before it and has room; otherwise
    /// the reader stays where it is.
    fn deliver(&mut self, conn: ConnId, space: SpaceId, portion: &Portion, out: &mut Vec<Output>) {
        let Some(connection) = self.connections.get(&conn) else { return };
        let has_room = connection.credit >= portion.weight && connection.unsent < MAX_AHEAD_BYTES;
        if has_room && connection.fetching != Some(space) {
            self.hand_over(conn, space, portion, out);
        }
    }

    /// Sends a portion to a reader who is to get exactly that next.
    fn hand_over(&mut self, conn: ConnId, space: SpaceId, portion: &Portion, out: &mut Vec<Output>) {
        let Some(connection) = self.connections.get_mut(&conn) else { return };
        let Some(cursor) = connection.reading.get_mut(&space).filter(|cursor| cursor.next == portion.from)
        else {
            return;
        };
        *cursor = Cursor { next: portion.from + portion.count, told: Told::Nothing };
        connection.credit -= portion.weight;
        self.send_bytes(conn, Arc::clone(&portion.bytes), out);
    }

    fn tell_head(&mut self, conn: ConnId, space: SpaceId, out: &mut Vec<Output>) {
        let checkpoint = self.spaces.get(&space).map(|space| space.checkpoint.clone()).unwrap_or_default();
        let cursor =
            self.connections.get_mut(&conn).and_then(|connection| connection.reading.get_mut(&space));
        if let Some(cursor) = cursor {
            cursor.told = Told::Head;
        }
        self.send(conn, &FromRelay::Head { space, checkpoint }, out);
    }

    /// Takes spaces away from readers whom the roster no longer lets read them.
    pub(super) fn recheck_readers(&mut self) {
        let Some(roster) = &self.roster else { return };
        for connection in self.connections.values_mut() {
            if let Phase::Session(_, device) = &connection.phase {
                connection.reading.retain(|space, _| roster.may_read(device, space));
            }
        }
    }

    /// Ends the sessions of devices that were expelled.
    pub(super) fn cut_expelled(&mut self, out: &mut Vec<Output>) {
        let Some(roster) = &self.roster else { return };
        let is_expelled =
            |phase: &Phase| matches!(phase, Phase::Session(_, device) if roster.is_expelled(device));
        let expelled = self.connections.iter().filter(|(_, connection)| is_expelled(&connection.phase));
        let expelled: Vec<_> = expelled.map(|(conn, _)| *conn).collect();
        for conn in expelled {
            self.trouble(conn, Trouble::Expelled, out);
            self.close(conn, CloseReason::Expelled, out);
        }
    }
}

/// Cuts entries into messages.
fn portions(space: SpaceId, from: u64, items: Vec<Item>) -> Vec<Portion> {
    let mut portions = Vec::new();
    let mut from = from;
    let mut rest = items.into_iter().peekable();
    while rest.peek().is_some() {
        let mut some = Vec::new();
        let mut weight = 0;
        while let Some(item) = rest.next_if(|item| {
            some.is_empty()
                || weight + item.entry.len() <= ENTRIES_MESSAGE_BYTES && some.len() < MAX_ENTRIES_PER_MESSAGE
        }) {
            weight += item.entry.len();
            some.push(item);
        }
        let count = some.len() as u64;
        let bytes = FromRelay::Entries { space, from, items: some }.encode().into();
        portions.push(Portion { from, count, weight: weight as i64, bytes });
        from += count;
    }
    portions
}
