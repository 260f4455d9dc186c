//! What is on its way into the store: one transaction at a time, everything else gathered behind it.
//!
//! A transaction that fails is not forgotten: its writes go with the next one, under what was written since.

use super::io::{Output, Record, Selection, StoreFailure, Table, Ticket, Write};
use crate::command::RequestId;
use crate::defect::{Defect, is_on};
use crate::ids::DocumentId;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Timestamp;

/// How long to wait before a failed transaction is tried again.
const RETRY_MS: u64 = 3_000;

/// What to do once writes are durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// Answer a command.
    Answer(RequestId),
    /// Hand over a file of what is unsent, and answer.
    Export(RequestId),
    /// An entry of the outbox may be sent.
    Send(u64),
    /// Received bytes are worked off: the relay may send that many more.
    Credit(u32),
    /// The new store is complete: show it open.
    Opened(RequestId),
}

impl After {
    /// Whether a person waits for it.
    fn is_awaited(&self) -> bool {
        matches!(self, Self::Answer(_) | Self::Export(_))
    }
}

#[derive(Debug, Default)]
struct Batch {
    writes: SortedMap<(Table, Vec<u8>), Option<Vec<u8>>>,
    after: Vec<After>,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Ledger {
    in_flight: Option<(Ticket, Batch)>,
    queued: Batch,
    retry_at: Option<Timestamp>,
    failure: Option<StoreFailure>,
    closed: Closed,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Closed {
    #[default]
    No,
    Yes,
}

impl Ledger {
    /// Puts a record with the next transaction.
    pub fn put(&mut self, table: Table, key: Vec<u8>, value: Vec<u8>) {
        self.queued.writes.insert((table, key), Some(value));
    }

    /// Removes a record with the next transaction.
    pub fn delete(&mut self, table: Table, key: Vec<u8>) {
        self.queued.writes.insert((table, key), None);
    }

    /// Does something once everything put so far is durable.
    pub fn after(&mut self, after: After) {
        self.queued.after.push(after);
    }

    /// What failed last, until a transaction succeeds.
    pub fn failure(&self) -> Option<StoreFailure> {
        self.failure
    }

    /// The documents of which something is not durable yet.
    pub fn writing(&self) -> SortedSet<DocumentId> {
        let keys = self.batches().flat_map(|batch| batch.writes.keys());
        let documents = keys.filter(|(table, _)| *table == Table::Documents);
        documents.filter_map(|(_, key)| key[..].try_into().ok().map(DocumentId)).collect()
    }

    /// Brings records that were read in line with what is not durable yet, since a read does not see that.
    pub fn overlay(&self, selections: &[Selection], records: Vec<Record>) -> Vec<Record> {
        let found = records.into_iter().map(|Record { table, key, value }| ((table, key), value));
        let mut found: SortedMap<_, _> = found.collect();
        for ((table, key), value) in self.batches().flat_map(|batch| batch.writes.iter()) {
            if !selections.iter().any(|selection| selection.selects(*table, key)) {
                continue;
            }
            match value {
                Some(value) => found.insert((*table, key.clone()), value.clone()),
                None => found.remove(&(*table, key.clone())),
            };
        }
        found.into_iter().map(|((table, key), value)| Record { table, key, value }).collect()
    }

    /// How many records are not durable yet.
    #[cfg(feature = "sim")]
    pub fn count(&self) -> usize {
        self.batches().map(|batch| batch.writes.len()).sum()
    }

    /// What is not durable yet, oldest first.
    fn batches(&self) -> impl Iterator<Item = &Batch> {
        self.in_flight.iter().map(|(_, batch)| batch).chain([&self.queued])
    }

    /// Writes nothing any more: the store belongs to somebody else.
    pub fn close(&mut self) {
        *self = Self { closed: Closed::Yes, ..Self::default() };
    }

    /// The clock went back to `now`: nothing waits longer than it would from now on.
    pub fn clock_went_back(&mut self, now: Timestamp) {
        self.retry_at = self.retry_at.map(|at| at.min(now.after(RETRY_MS)));
    }

    /// When a failed transaction is tried again.
    pub fn wake_at(&self) -> Option<Timestamp> {
        self.retry_at.filter(|_| self.in_flight.is_none())
    }

    /// Starts the next transaction if none is under way and there is something to write. What was to be done
    /// after nothing is returned to be done at once.
    pub fn flush(&mut self, now: Timestamp, ticket: Ticket) -> (Option<Output>, Vec<After>) {
        if self.closed == Closed::Yes {
            self.queued = Batch::default();
        }
        if self.in_flight.is_some() || self.retry_at.is_some_and(|at| now < at) {
            return (None, Vec::new());
        }
        let mut batch = core::mem::take(&mut self.queued);
        if batch.writes.is_empty() {
            return (None, batch.after);
        }
        let early =
            if is_on(Defect::AnswerBeforeDurable) { core::mem::take(&mut batch.after) } else { Vec::new() };
        let writes = batch.writes.iter().map(|((table, key), value)| match value {
            Some(value) => Write::Put(Record { table: *table, key: key.clone(), value: value.clone() }),
            None => Write::Delete(*table, key.clone()),
        });
        let output = Output::Store(ticket, writes.collect());
        self.in_flight = Some((ticket, batch));
        self.retry_at = None;
        (Some(output), early)
    }

    /// A transaction is durable.
    pub fn stored(&mut self, ticket: Ticket) -> Vec<After> {
        match self.in_flight.take() {
            Some((current, batch)) if current == ticket => {
                self.failure = None;
                batch.after
            }
            other => {
                self.in_flight = other;
                Vec::new()
            }
        }
    }

    /// A transaction failed. Its writes stay; those who wait for an answer get one now.
    pub fn failed(&mut self, now: Timestamp, ticket: Ticket, why: StoreFailure) -> Vec<After> {
        let Some((current, mut batch)) = self.in_flight.take() else { return Vec::new() };
        if current != ticket {
            self.in_flight = Some((current, batch));
            return Vec::new();
        }
        if is_on(Defect::ForgetFailedWrites) {
            batch.writes.clear();
        }
        self.failure = Some(why);
        self.retry_at = Some(now.after(RETRY_MS));
        let later = core::mem::take(&mut self.queued);
        batch.writes.extend(later.writes);
        let (answers, rest): (Vec<_>, Vec<_>) =
            batch.after.into_iter().chain(later.after).partition(After::is_awaited);
        self.queued = Batch { writes: batch.writes, after: rest };
        answers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writes(output: Option<Output>) -> Vec<Write> {
        match output {
            Some(Output::Store(_, writes)) => writes,
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_failed_transaction_goes_with_the_next_under_what_came_since() {
        let mut ledger = Ledger::default();
        let put = |value: u8| Write::Put(Record { table: Table::State, key: vec![1], value: vec![value] });
        ledger.put(Table::State, vec![1], vec![1]);
        ledger.put(Table::State, vec![2], vec![9]);
        ledger.after(After::Answer(7));
        ledger.after(After::Send(8));
        assert_eq!(writes(ledger.flush(Timestamp(0), 1).0).len(), 2);
        ledger.put(Table::State, vec![1], vec![2]);
        assert_eq!(ledger.failed(Timestamp(0), 1, StoreFailure::Full), [After::Answer(7)]);
        assert_eq!(ledger.failure(), Some(StoreFailure::Full));
        assert!(writes(ledger.flush(Timestamp(1), 2).0).is_empty());
        let again = writes(ledger.flush(Timestamp(RETRY_MS), 3).0);
        assert_eq!(again.len(), 2);
        assert!(again.contains(&put(2)));
        assert_eq!(ledger.stored(3), [After::Send(8)]);
        assert_eq!(ledger.failure(), None);
        assert!(ledger.flush(Timestamp(RETRY_MS), 4).0.is_none());
    }

    #[test]
    fn one_transaction_is_under_way_at_a_time() {
        let mut ledger = Ledger::default();
        ledger.put(Table::State, vec![1], vec![1]);
        assert!(ledger.flush(Timestamp(0), 1).0.is_some());
        ledger.put(Table::State, vec![2], vec![2]);
        assert!(ledger.flush(Timestamp(0), 2).0.is_none());
        assert_eq!(ledger.stored(2), []);
        assert_eq!(ledger.stored(1), []);
        assert_eq!(writes(ledger.flush(Timestamp(0), 3).0).len(), 1);
    }
}
