//! Judging entries. An entry is judged by its author, whoever carries it.

use super::incoming::Offered;
use super::{ConnId, Failure, MAX_RECALLS, Output, Recalled, Relay};
use crate::entry::Entry;
use crate::ids::{EntryId, SpaceId, StreamId};
use crate::log::Receipt;
use crate::problem::Refusal;
use crate::relay::group::{Filed, StreamHead};
use crate::roster::Roster;
use crate::wire::Trouble;
use std::collections::BTreeMap;

/// What is to be done with an entry.
enum Verdict {
    /// Nothing stands at its place, and its author may put it there.
    New,
    /// It is staged already; an answer is owed when that is durable.
    Pending,
    /// Something stands at its place: the same entry or another one.
    Old,
    Refused(Refusal),
}

impl Relay {
    pub(super) fn put(
        &mut self,
        conn: ConnId,
        entries: Vec<Offered>,
        heads: Vec<(StreamId, StreamHead)>,
        out: &mut Vec<Output>,
    ) {
        let known: BTreeMap<_, _> = heads.into_iter().collect();
        let mut old: BTreeMap<StreamId, Vec<Entry>> = BTreeMap::new();
        for offered in entries {
            match offered {
                Offered::Unsound { id, why } => self.refuse(conn, id, why, out),
                Offered::Sound(entry) => {
                    if let Some(entry) = self.take(conn, *entry, &known, out) {
                        old.entry(entry.stream()).or_default().push(entry);
                    }
                }
            }
        }
        self.recall(conn, old, out);
    }

    /// Founds the office: while there is none, by who holds the set-up token. The same genesis again gets its
    /// receipt again.
    pub(super) fn claim(
        &mut self,
        conn: ConnId,
        token: &[u8; 16],
        offered: Offered,
        heads: Vec<(StreamId, StreamHead)>,
        out: &mut Vec<Output>,
    ) {
        let entry = match offered {
            Offered::Unsound { id, why } => return self.refuse(conn, id, why, out),
            Offered::Sound(entry) => *entry,
        };
        if self.latest().is_some_and(|roster| roster.position(&entry.id()) == Some(0)) {
            return self.put(conn, vec![Offered::Sound(Box::new(entry))], heads, out);
        }
        if !self.may_found(token) {
            return self.trouble(conn, Trouble::Claim, out);
        }
        match Roster::found(&entry) {
            Ok(roster) if roster.relay() == self.public => {
                self.ahead = Some(roster);
                self.stage(conn, &entry, None, 0);
                self.staged.seal(&entry);
            }
            Ok(_) => self.refuse(conn, entry.id(), Refusal::Statement, out),
            Err(why) => self.refuse(conn, entry.id(), why, out),
        }
    }

    /// Stages, refuses or answers an entry; gives it back when something stands at its place in the log.
    fn take(
        &mut self,
        conn: ConnId,
        entry: Entry,
        known: &BTreeMap<StreamId, StreamHead>,
        out: &mut Vec<Output>,
    ) -> Option<Entry> {
        let stream = entry.stream();
        let head = self.heads.get(&stream).or_else(|| known.get(&stream)).copied();
        match self.judge(&entry, head) {
            Verdict::New => {
                if let Err(why) = self.admit(conn, &entry, head) {
                    self.refuse(conn, entry.id(), why, out);
                }
                None
            }
            Verdict::Pending => {
                self.wait(conn, &entry);
                None
            }
            Verdict::Old => Some(entry),
            Verdict::Refused(why) => {
                if why == Refusal::Fork {
                    self.keep_fork(&entry);
                }
                self.refuse(conn, entry.id(), why, out);
                None
            }
        }
    }

    /// Judges an entry's place in its stream, which ends at `head`.
    fn judge(&self, entry: &Entry, head: Option<StreamHead>) -> Verdict {
        let header = entry.header();
        let Some(roster) = self.latest() else { return Verdict::Refused(Refusal::UnknownSpace) };
        match self.pending(&entry.stream(), header.sequence) {
            Some(id) if id == entry.id() => return Verdict::Pending,
            Some(_) => return Verdict::Refused(Refusal::Fork),
            None => {}
        }
        // Of an expelled device nothing comes that could fill a gap.
        let is_expelled = roster.is_expelled(&header.device);
        let gap = if is_expelled { Refusal::Expelled } else { Refusal::Gap };
        match head {
            None if header.sequence == 0 => Verdict::New,
            None => Verdict::Refused(gap),
            Some(head) if header.sequence <= head.sequence => Verdict::Old,
            Some(head) if header.sequence == head.sequence + 1 && header.previous == Some(head.id) => {
                Verdict::New
            }
            Some(_) => Verdict::Refused(gap),
        }
    }

    /// Judges the author's rights, and stages the entry.
    fn admit(&mut self, conn: ConnId, entry: &Entry, head: Option<StreamHead>) -> Result<(), Refusal> {
        let header = entry.header();
        let roster = self.latest().ok_or(Refusal::UnknownSpace)?;
        let cited = roster.position(&header.roster).ok_or(Refusal::UnknownRosterHead)?;
        if head.is_some_and(|head| u64::from(cited) < head.roster) {
            return Err(Refusal::UnknownRosterHead);
        }
        if roster.is_expelled(&header.device) {
            return Err(Refusal::Expelled);
        }
        if header.space == roster.roster_space() {
            let now = self.now;
            self.ahead_mut().ok_or(Refusal::UnknownSpace)?.apply(entry, now)?;
            self.stage(conn, entry, head, u64::from(cited));
            self.staged.seal(entry);
        } else {
            roster.may_write(header)?;
            self.stage(conn, entry, head, u64::from(cited));
        }
        Ok(())
    }

    fn stage(&mut self, conn: ConnId, entry: &Entry, head: Option<StreamHead>, roster: u64) {
        let space = entry.header().space;
        let filed = Filed {
            id: entry.id(),
            stream: entry.stream(),
            sequence: entry.header().sequence,
            roster,
            previous: head.map(|head| head.position),
            bytes: entry.bytes().to_vec(),
        };
        let position = self.next_position(&space);
        self.heads.insert(filed.stream, StreamHead::of(space, &filed, position));
        self.staged.add(self.now, conn, space, filed);
    }

    /// Asks the store what stands where these entries say they stand.
    fn recall(&mut self, conn: ConnId, old: BTreeMap<StreamId, Vec<Entry>>, out: &mut Vec<Output>) {
        for (stream, entries) in old {
            let Some(connection) = self.connections.get_mut(&conn) else { return };
            if connection.recalls >= MAX_RECALLS {
                return self.trouble(conn, Trouble::Busy, out);
            }
            connection.recalls += 1;
            out.push(Output::Recall { conn, stream, entries });
        }
    }

    /// Answers entries at whose places something stands: the same again gets its old receipt, another one is a
    /// fork.
    pub(super) fn recalled(
        &mut self,
        conn: ConnId,
        entries: Vec<Entry>,
        found: Result<Vec<Recalled>, Failure>,
        out: &mut Vec<Output>,
    ) {
        if let Some(connection) = self.connections.get_mut(&conn) {
            connection.recalls = connection.recalls.saturating_sub(1);
        }
        let found = match found {
            Ok(found) => found,
            Err(why) => return self.failing(conn, why, out),
        };
        let mut answers: BTreeMap<(SpaceId, usize), Vec<Receipt>> = BTreeMap::new();
        for entry in entries {
            match standing(&found, entry.header().sequence) {
                Some((group, receipt)) if receipt.entry == entry.id() => {
                    answers.entry((entry.header().space, group)).or_default().push(receipt.clone());
                }
                Some(_) => {
                    self.keep_fork(&entry);
                    self.refuse(conn, entry.id(), Refusal::Fork, out);
                }
                None => self.failing(conn, Failure::Failing, out),
            }
        }
        for ((space, group), receipts) in answers {
            self.send_receipts(conn, space, &found[group].checkpoint, receipts, out);
        }
    }

    /// Keeps an entry that contradicts another: one for each stream is evidence enough.
    fn keep_fork(&mut self, entry: &Entry) {
        if self.forked.insert(entry.stream()) {
            self.staged.add_fork(self.now, entry.bytes().to_vec());
        }
    }

    /// The id of what is staged or in flight at a place of a stream.
    fn pending(&self, stream: &StreamId, sequence: u64) -> Option<EntryId> {
        let flight = self.flight.as_ref().and_then(|flight| flight.pending(stream, sequence));
        flight.or_else(|| self.staged.pending(stream, sequence))
    }
}

fn standing(found: &[Recalled], sequence: u64) -> Option<(usize, &Receipt)> {
    found.iter().enumerate().find_map(|(group, recalled)| {
        let receipt = recalled.receipts.iter().find(|(at, _)| *at == sequence)?;
        Some((group, &receipt.1))
    })
}
