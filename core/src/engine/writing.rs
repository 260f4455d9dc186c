//! Changing documents, and freezing what was changed into entries.

use super::io::Table;
use super::ledger::After;
use super::office::{Office, Opened, blank};
use super::records::{Family, PendingRecord};
use super::works::Works;
use crate::cbor;
use crate::command::{Command, RequestId};
use crate::defect::{Defect, is_on};
use crate::document::{Document, Kind, RawChange, pack};
use crate::domain::{Checklist, People, Role, Stamp, assignment, matter, visit};
use crate::entry::{Draft, Entry, Header, Payload, Sealing, SeenCheckpoint, stream_id};
use crate::ids::{DocumentId, EntryId, ItemId, Nonce, SpaceId};
use crate::problem::{Problem, Refusal};
use crate::roster::SpaceKind;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Timestamp;

/// How long after the last change the work is frozen and sent.
const FREEZE_AFTER_MS: u64 = 1_500;
/// How many bytes of changes go into one entry before they are packed.
const BATCH_BYTES: usize = 160 * 1024;

/// What came of a command that changes a document.
pub enum Outcome {
    /// It was answered, or will be when it is durable.
    Done,
    /// It waits for a document to be read from the store.
    Waits(DocumentId),
}

impl Office {
    /// Carries out a command that changes one document.
    pub fn write(&mut self, works: &mut Works, request: RequestId, command: &Command) -> Outcome {
        let (id, kind) = match command {
            Command::StartVisit { visit, .. }
            | Command::EditVisit { visit, .. }
            | Command::SubmitVisit { visit, .. }
            | Command::VoidVisit { visit, .. }
            | Command::SawVisit { visit, .. }
            | Command::SendVisitBack { visit, .. }
            | Command::ReopenVisit { visit }
            | Command::ReviewFinding { visit, .. } => (*visit, Kind::Visit),
            Command::OpenMatter { matter, .. }
            | Command::CiteInMatter { matter, .. }
            | Command::TakeFromMatter { matter, .. }
            | Command::SettleInMatter { matter, .. } => (*matter, Kind::Matter),
            Command::AssignVisits { assignment, .. }
            | Command::ReviseAssignment { assignment, .. }
            | Command::WithdrawAssignment { assignment, .. } => (*assignment, Kind::Assignment),
            _ => return Outcome::Done,
        };
        if let Err(problem) = self.may(command) {
            works.answer(request, Err(problem));
            return Outcome::Done;
        }
        if !self.documents.contains_key(&id) {
            if self.rows.contains_key(&id) {
                return Outcome::Waits(id);
            }
            let space = match command {
                Command::StartVisit { team, .. } | Command::AssignVisits { team, .. } => Some(*team),
                Command::OpenMatter { .. } => Some(self.roster.only_space(SpaceKind::Desk)),
                _ => None,
            };
            let Some(space) = space else {
                works.answer(request, Err(Problem::NotHere));
                return Outcome::Done;
            };
            let wanted = if kind == Kind::Matter { SpaceKind::Desk } else { SpaceKind::Team };
            let fits = self.roster.space(&space).is_some_and(|space| space.kind == wanted);
            if !fits || self.newest_key(&space).is_none() {
                works.answer(request, Err(Problem::NotAllowed));
                return Outcome::Done;
            }
            let actor = self.actor(works, space);
            self.documents.insert(id, blank(kind, actor, space));
        }
        self.touch(id);
        let stamp = Stamp { at: works.now, key: ItemId(works.rng.bytes()) };
        let result = match self.documents.remove(&id) {
            Some(mut opened) if opened.document.kind() == kind => {
                let unsent = SortedSet::new();
                let checklists = &self.names.checklists;
                let result = act(&mut opened.document, stamp, command, (&self.folk(&unsent), checklists));
                self.documents.insert(id, opened);
                result
            }
            other => {
                self.documents.extend(other.map(|opened| (id, opened)));
                Err(Problem::NotHere)
            }
        };
        match result {
            Ok(()) => {
                self.commit(works, id);
                works.ledger.after(After::Answer(request));
            }
            Err(problem) => {
                if !self.rows.contains_key(&id) {
                    self.documents.remove(&id);
                }
                works.answer(request, Err(problem));
            }
        }
        Outcome::Done
    }

    /// Whether this person has the role that some commands need.
    fn may(&self, command: &Command) -> Result<(), Problem> {
        match command {
            Command::SendVisitBack { .. } | Command::ReviewFinding { .. } => self.may_review(),
            Command::TakeFromMatter { .. } | Command::SettleInMatter { .. } => self.may_review(),
            Command::AssignVisits { .. }
            | Command::ReviseAssignment { .. }
            | Command::WithdrawAssignment { .. } => self.may_review(),
            Command::ReopenVisit { .. } if !self.is(Role::Inspector) => Err(Problem::NotAllowed),
            _ => Ok(()),
        }
    }

    /// Changes a document that is always open, making it first if it is not there.
    pub fn write_only<T>(
        &mut self,
        works: &mut Works,
        space: SpaceId,
        kind: Kind,
        act: impl FnOnce(&mut Document, Stamp) -> T,
    ) -> T {
        let id = super::office::only_document(&space, kind);
        if !self.documents.contains_key(&id) {
            let actor = self.actor(works, space);
            self.documents.insert(id, blank(kind, actor, space));
        }
        let stamp = Stamp { at: works.now, key: ItemId(works.rng.bytes()) };
        let opened = self.documents.get_mut(&id).unwrap_or_else(|| unreachable!("it was inserted above"));
        let result = act(&mut opened.document, stamp);
        self.commit(works, id);
        result
    }

    /// Puts what was changed into the store, to be frozen soon.
    pub fn commit(&mut self, works: &mut Works, id: DocumentId) {
        let Some(Opened { space, document }) = self.documents.get_mut(&id) else { return };
        let (space, kind) = (*space, document.kind() as u8);
        let changes = document.take_changes();
        if changes.is_empty() {
            return;
        }
        let nonce = self.writer(works, space).nonce;
        for change in changes {
            let record = PendingRecord { document: id, kind, space, nonce, change: change.bytes().to_vec() };
            let key = self.next_pending.to_be_bytes().to_vec();
            self.put(works, Table::Pending, key, &cbor::encode(&record));
            self.pending.insert(self.next_pending, record);
            self.next_pending += 1;
        }
        self.keep(works, id);
        self.freeze_at = Some(self.freeze_at.unwrap_or_else(|| works.now.after(FREEZE_AFTER_MS)));
    }

    /// Freezes when it is time.
    pub fn freeze_if_due(&mut self, works: &mut Works) {
        if self.freeze_at.is_some_and(|at: Timestamp| at <= works.now) {
            self.freeze(works);
        }
    }

    /// Seals and signs everything that is saved and not yet frozen.
    pub fn freeze(&mut self, works: &mut Works) {
        self.freeze_at = None;
        if self.roster.device(&self.device()).is_none() {
            return;
        }
        let mut batches: SortedMap<DocumentId, Vec<u64>> = SortedMap::new();
        let mut order = Vec::new();
        for (number, record) in &self.pending {
            let batch = batches.entry(record.document).or_insert_with(|| {
                order.push(record.document);
                Vec::new()
            });
            batch.push(*number);
        }
        for document in order {
            self.freeze_document(works, &batches[&document]);
        }
        works.stale();
    }

    fn freeze_document(&mut self, works: &mut Works, numbers: &[u64]) {
        let mut rest = numbers;
        while let Some(first) = rest.first() {
            let mut size = 0;
            let fitting = rest.iter().take_while(|number| {
                size += self.pending[number].change.len();
                size <= BATCH_BYTES
            });
            let (batch, later) = rest.split_at(fitting.count().max(1));
            rest = later;
            let PendingRecord { document, kind, space, .. } = self.pending[first];
            let records: Vec<_> = batch.iter().map(|number| &self.pending[number]).collect();
            let changes = records.iter().filter_map(|record| RawChange::parse(record.change.clone()).ok());
            let changes: Vec<_> = changes.collect();
            let nonces: SortedSet<Nonce> = records.iter().map(|record| record.nonce).collect();
            let own = self.writer(works, space).nonce;
            let carried = |nonce: &Nonce| *nonce != own && !is_on(Defect::ForgetNonces);
            let nonces = nonces.into_iter().filter(carried).collect();
            let payload = Payload::Changes { document, kind, nonces, batch: pack(&changes) };
            if self.post(works, space, &payload, document).is_err() {
                return;
            }
            for number in batch {
                self.pending.remove(number);
                works.ledger.delete(Table::Pending, number.to_be_bytes().to_vec());
            }
        }
    }

    /// Freezes a payload into the next entry of this opening's stream, and posts it.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotAllowed`] without the space's key; [`Refusal::TooLarge`].
    pub fn post(
        &mut self,
        works: &mut Works,
        space: SpaceId,
        payload: &Payload,
        document: DocumentId,
    ) -> Result<(), Refusal> {
        let (epoch, key) = self.newest_key(&space).ok_or(Refusal::NotAllowed)?;
        let key = key.clone();
        let sealed = Some(Sealing { epoch, key: &key, payload, salt: works.rng.bytes() });
        let entry = self.next_entry(works, space, &[], sealed)?;
        let number = works.post(&entry);
        self.unsent.insert(number, (document, entry.bytes().len() as u64));
        Ok(())
    }

    /// The next entry of this opening's stream in a space.
    pub fn next_entry(
        &mut self,
        works: &mut Works,
        space: SpaceId,
        clear: &[u8],
        sealed: Option<Sealing<'_>>,
    ) -> Result<Entry, Refusal> {
        let writer = self.writer(works, space);
        let seen = self.spaces.get(&space).and_then(|record| {
            let confirmed = record.checkpoint.as_ref()?;
            let (size, root) = (confirmed.size, confirmed.root);
            Some(SeenCheckpoint { incarnation: record.incarnation, size, root })
        });
        let (nonce, sequence, previous) = (writer.nonce, writer.sequence, writer.previous);
        let draft =
            Draft { space, nonce, sequence, previous, roster: self.roster.head(), seen, clear, sealed };
        let entry = Entry::freeze(&draft, &self.sign)?;
        self.wrote(works, space, entry.id(), sequence + 1);
        Ok(entry)
    }

    fn wrote(&mut self, works: &mut Works, space: SpaceId, entry: EntryId, sequence: u64) {
        if let Some(writer) = self.writers.get_mut(&space) {
            (writer.previous, writer.sequence) = (Some(entry), sequence);
        }
        self.last.insert(space, entry);
        self.put_state(works, Family::Last.key(&space.0), &entry.0);
    }

    /// Ends this opening's stream whose last entry the relay refused for good. What follows stands in a new one: a
    /// relay may keep what it refused, and must not have two for one place.
    pub fn end_stream(&mut self, works: &mut Works, refused: &Entry) {
        let Header { space, previous, .. } = *refused.header();
        if self.writers.get(&space).is_some_and(|writer| writer.previous == Some(refused.id())) {
            self.writers.remove(&space);
        }
        if self.last.get(&space) != Some(&refused.id()) {
            return;
        }
        let key = Family::Last.key(&space.0);
        match previous {
            Some(entry) => {
                self.last.insert(space, entry);
                self.put_state(works, key, &entry.0);
            }
            None => {
                self.last.remove(&space);
                works.ledger.delete(Table::State, key);
            }
        }
    }

    /// The clock went back to `now`: nothing waits longer than it would from now on.
    pub fn clock_went_back(&mut self, now: Timestamp) {
        self.freeze_at = self.freeze_at.map(|at| at.min(now.after(FREEZE_AFTER_MS)));
        self.intents.clock_went_back(now);
    }

    /// Whether a stream is one of this device's with the given nonces.
    pub fn is_bound(
        device: &crate::ids::DeviceKey,
        space: &SpaceId,
        nonces: &[Nonce],
        actor: crate::ids::StreamId,
    ) -> bool {
        nonces.iter().any(|nonce| stream_id(device, space, nonce) == actor)
    }
}

fn act(
    document: &mut Document,
    stamp: Stamp,
    command: &Command,
    (people, checklists): (&dyn People, &[Checklist]),
) -> Result<(), Problem> {
    match command {
        Command::StartVisit { mode, unit, checklist, assignment, .. } => {
            let (mode, unit, checklist, assignment) = (*mode, unit.as_deref(), *checklist, *assignment);
            visit::start(document, stamp, visit::Start { mode, unit, checklist, assignment })
        }
        Command::EditVisit { edit, .. } => visit::edit(document, stamp, edit),
        Command::SubmitVisit { incomplete, .. } => {
            match visit::unanswered(document, people, checklists) as u32 {
                count if count > 0 && !incomplete => Err(Problem::Unanswered { count }),
                _ => visit::submit(document, stamp),
            }
        }
        Command::VoidVisit { reason, .. } => visit::void(document, stamp, reason),
        Command::SawVisit { heads, .. } => visit::saw(document, stamp, heads, people),
        Command::OpenMatter { title, unit, category, severity, citations, .. } => {
            let opening = matter::Opening { title, unit, category, severity: *severity, citations };
            matter::open(document, stamp, opening)
        }
        Command::CiteInMatter { citations, .. } => matter::cite(document, stamp, citations),
        Command::AssignVisits { content, .. } => assignment::assign(document, stamp, content),
        Command::ReviseAssignment { content, .. } => assignment::revise(document, stamp, content),
        Command::WithdrawAssignment { reason, .. } => assignment::withdraw(document, stamp, reason),
        Command::SendVisitBack { reason, .. } => visit::send_back(document, stamp, reason, people),
        Command::ReopenVisit { .. } => visit::reopen(document, stamp, people),
        Command::ReviewFinding { heads, finding, review, .. } => {
            visit::review(document, stamp.at, &[(stamp.key, *finding)], heads, review, None)
        }
        Command::TakeFromMatter { findings, reason, .. } => {
            matter::take(document, stamp, findings, reason, people)
        }
        Command::SettleInMatter { field, chosen, over, reason, .. } => {
            matter::settle(document, stamp, matter::Settling { field: *field, chosen, over, reason })
        }
        _ => Ok(()),
    }
}
