//! A look inside for the simulator: what waits, and what a query would show at this moment.

use super::Engine;
use super::access::{Opening, Phase};
use super::showing::Shown;
use crate::view::{Answer, Query};

/// What waits inside an engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Records on their way into the store.
    pub writes: usize,
    /// Messages of the relay that are not worked off.
    pub frames: usize,
    /// Documents in memory.
    pub documents: usize,
    /// Documents asked of the store.
    pub loads: usize,
    /// Commands that wait for a document, or for the roster.
    pub commands: usize,
    /// Checkpoints that the relay vouched for and that were not reached by reading.
    pub promises: usize,
    /// Entries of the outbox.
    pub outbox: usize,
}

impl Engine {
    /// What waits now.
    #[must_use]
    pub fn waiting(&self) -> Waiting {
        let mut waiting = Waiting {
            writes: self.works.ledger.count(),
            outbox: self.works.carrier.outbox().count(),
            ..Waiting::default()
        };
        if let Phase::Open(office, _) = &self.phase {
            waiting.frames = office.inbox.values().flatten().count();
            waiting.documents = office.documents.len();
            waiting.loads = office.loading.len();
            waiting.commands = office.waiting.len() + office.intents.count() + office.batches.len();
            waiting.promises = office.promises.values().map(crate::sorted::SortedMap::len).sum();
        }
        waiting
    }

    /// What a query shows now; none while it cannot be answered at once.
    pub fn peek(&mut self, query: &Query) -> Option<Answer> {
        match (query, &mut self.phase) {
            (Query::Access, _) => Some(Answer::Access(self.access())),
            (query, Phase::Open(office, Opening::Done)) => match office.show(&self.works, query) {
                Shown::Answer(answer) => Some(*answer),
                Shown::Needs(_) => None,
            },
            _ => None,
        }
    }
}
