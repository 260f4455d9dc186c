//! What every part of the engine works with: the time, randomness, the store's ledger, the connection, and the
//! outputs that gather up.

use super::carrier::{Carrier, FIRST_CARRIED, Outgoing, Stored};
use super::io::{Output, Record, Selection, Table, Ticket};
use super::ledger::Ledger;
use crate::command::RequestId;
use crate::crypto::Rng;
use crate::defect::{Defect, is_on};
use crate::entry::Entry;
use crate::problem::Problem;
use crate::sorted::SortedMap;
use crate::time::Timestamp;
use crate::view::View;

/// See the module.
#[derive(Debug)]
pub struct Works {
    /// The time of the input being handled.
    pub now: Timestamp,
    /// Randomness.
    pub rng: Rng,
    /// What is on its way into the store.
    pub ledger: Ledger,
    /// The connection.
    pub carrier: Carrier,
    /// What to do, in order.
    pub outputs: Vec<Output>,
    /// Whether what is shown may have changed.
    pub shown: Shown,
    loads: SortedMap<Ticket, Vec<Selection>>,
    tickets: Ticket,
    outbox: u64,
    carried: u64,
}

/// Whether what is shown may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It has not.
    Fresh,
    /// It may have.
    Stale,
}

impl Works {
    /// New, with a seed from the shell.
    pub fn new(seed: [u8; 32], now: Timestamp) -> Self {
        Self {
            now,
            rng: Rng::new(seed),
            ledger: Ledger::default(),
            carrier: Carrier::new(),
            outputs: Vec::new(),
            shown: Shown::Stale,
            loads: SortedMap::new(),
            tickets: 0,
            outbox: 0,
            carried: FIRST_CARRIED,
        }
    }

    /// A ticket never used before.
    pub fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        self.tickets
    }

    /// Asks for records.
    pub fn load(&mut self, selections: Vec<Selection>) -> Ticket {
        let ticket = self.ticket();
        self.loads.insert(ticket, selections.clone());
        self.outputs.push(Output::Load(ticket, selections));
        ticket
    }

    /// The records asked for under a ticket, as they will be once everything put so far is durable; none when
    /// nothing was asked for under it.
    pub fn read(&mut self, ticket: Ticket, records: Vec<Record>) -> Option<Vec<Record>> {
        let selections = self.loads.remove(&ticket)?;
        Some(self.ledger.overlay(&selections, records))
    }

    /// Answers a command.
    pub fn answer(&mut self, request: RequestId, result: Result<(), Problem>) {
        self.outputs.push(Output::Show(View::Answer { request, result }));
    }

    /// Whether what is shown must be looked at again.
    pub fn stale(&mut self) {
        self.shown = Shown::Stale;
    }

    /// Numbers of the outbox begin after those found in the store.
    pub fn outbox_from(&mut self, next: u64) {
        let numbers = if next > FIRST_CARRIED { &mut self.carried } else { &mut self.outbox };
        *numbers = (*numbers).max(next);
    }

    /// Puts an entry into the outbox: it is sent once it is durable.
    pub fn post(&mut self, entry: &Entry) -> u64 {
        let number = self.outbox;
        self.outbox += 1;
        self.put_out(number, entry);
        number
    }

    /// Puts an entry of a file into the outbox.
    pub fn carry(&mut self, entry: &Entry) {
        let number = self.carried;
        self.carried += 1;
        self.put_out(number, entry);
    }

    fn put_out(&mut self, number: u64, entry: &Entry) {
        let stored = if is_on(Defect::SendBeforeDurable) { Stored::Yes } else { Stored::NotYet };
        self.carrier.load(number, entry, stored);
        self.ledger.put(Table::Outbox, number.to_be_bytes().to_vec(), entry.bytes().to_vec());
        self.ledger.after(super::ledger::After::Send(number));
    }

    /// Takes an entry out of the outbox.
    pub fn unpost(&mut self, number: u64) -> Option<Outgoing> {
        self.ledger.delete(Table::Outbox, number.to_be_bytes().to_vec());
        self.carrier.remove(number)
    }
}
