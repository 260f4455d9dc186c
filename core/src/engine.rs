//! The engine: one sans-IO state machine that every shell runs.
//!
//! A shell feeds [`io::Input`]s to [`Engine::handle`] and carries out the [`io::Output`]s in order. The browser,
//! the tests and the simulator are shells around the same engine.

mod access;
mod carrier;
mod commands;
mod founding;
mod importing;
#[cfg(feature = "sim")]
pub mod inspect;
pub mod io;
#[cfg(feature = "stretch")]
pub mod jobs;
mod joining;
mod keeping;
mod ledger;
mod office;
mod opening;
mod parcels;
mod passphrase;
mod people;
mod reading;
mod records;
mod renewing;
mod reviewing;
mod roster_work;
mod showing;
pub mod vault;
mod works;
mod writing;

use crate::command::{Command, RequestId};
use crate::crypto::{self, Purpose};
use crate::defect::{Defect, is_on};
use crate::ids::SpaceId;
use crate::log::Checkpoint;
use crate::problem::{Problem, Refusal};
use crate::sorted::SortedMap;
use crate::time::Timestamp;
use crate::view::{Access, AccessView, Answer, Link, Query, UnsentView, View, WatchId};
use access::Phase;
use carrier::Heard;
use io::{Input, Output, Persistence, Selection, StorageFacts, StoreFailure, Table};
use ledger::After;
use reading::{Frame, Progress, Taken};
use works::{Shown, Works};

/// How often what is shown is made anew while much is being read.
const SHOW_EVERY_MS: u64 = 300;
/// How many queries one page may run.
const MAX_WATCHES: usize = 64;

/// See the module.
pub struct Engine {
    works: Works,
    phase: Phase,
    watches: SortedMap<WatchId, Watch>,
    shown_at: Timestamp,
    woken_for: Option<Timestamp>,
    storage: StorageFacts,
    changing: Option<passphrase::Changing>,
}

struct Watch {
    query: Query,
    /// The hash of what was shown last: another answer is shown, the same one is not shown again.
    last: Option<[u8; 32]>,
}

impl Engine {
    /// An engine that has yet to read its store. `seed` comes from the platform's source of randomness and is
    /// never used twice: it makes this opening's streams its own.
    #[must_use]
    pub fn new(seed: [u8; 32], now: Timestamp) -> (Self, Vec<Output>) {
        let mut works = Works::new(seed, now);
        let selections = [Table::Clear, Table::Outbox, Table::Pending].map(Selection::Table);
        let ticket = works.load(selections.into());
        let mut engine = Self {
            works,
            phase: Phase::Opening(ticket),
            watches: SortedMap::new(),
            shown_at: Timestamp(0),
            woken_for: None,
            storage: StorageFacts::default(),
            changing: None,
        };
        let outputs = core::mem::take(&mut engine.works.outputs);
        (engine, outputs)
    }

    /// Feeds one thing that happened and returns everything to do about it.
    ///
    /// The engine performs no I/O; the shell carries out each [`Output`] in order and reports back with another
    /// [`Input`].
    #[must_use = "dropped outputs are lost messages"]
    pub fn handle(&mut self, now: Timestamp, input: Input) -> Vec<Output> {
        if now < self.works.now && !is_on(Defect::IgnoreClockGoingBack) {
            self.clock_went_back(now);
        }
        self.works.now = now;
        match input {
            Input::Command(request, command) => self.command(request, command),
            Input::Loaded(ticket, records) => self.loaded(ticket, records),
            Input::Stored(ticket) => {
                let after = self.works.ledger.stored(ticket);
                self.carry_on(after);
            }
            Input::StoreFailed(ticket, why) => self.store_failed(ticket, why),
            Input::JobDone(ticket, result) => self.job_done(ticket, result),
            Input::Connected => {
                let nonce = self.works.rng.bytes();
                let outputs = self.works.carrier.connected(now, nonce);
                self.works.outputs.extend(outputs);
            }
            Input::Disconnected => self.disconnected(),
            Input::Received(bytes) => self.received(&bytes),
            Input::Woke => self.woken_for = None,
            Input::Storage(facts) => {
                self.storage = facts;
                self.works.stale();
            }
            Input::Hiding => {
                if let Phase::Open(office, _) = &mut self.phase {
                    office.freeze(&mut self.works);
                }
            }
        }
        self.settle();
        core::mem::take(&mut self.works.outputs)
    }

    /// Whatever was to happen at a time of the clock before happens no later than it would from now on.
    fn clock_went_back(&mut self, now: Timestamp) {
        self.works.carrier.clock_went_back(now);
        self.works.ledger.clock_went_back(now);
        self.shown_at = self.shown_at.min(now);
        self.woken_for = None;
        if let Phase::Open(office, _) = &mut self.phase {
            office.clock_went_back(now);
        }
    }

    fn store_failed(&mut self, ticket: u64, why: StoreFailure) {
        let problem = match why {
            StoreFailure::Full => Problem::DeviceFull { quota: self.storage.quota },
            StoreFailure::Fenced => Problem::TakenOver,
            StoreFailure::Failed => Problem::StorageFailed,
        };
        for after in self.works.ledger.failed(self.works.now, ticket, why) {
            match after {
                After::Answer(request) => {
                    self.passphrase_kept(request);
                    self.works.answer(request, Err(problem.clone()));
                }
                After::Export(request) => self.hand_over(request, Err(problem.clone())),
                After::Send(_) | After::Credit(_) | After::Opened(_) => {}
            }
        }
        if why == StoreFailure::Fenced && !is_on(Defect::IgnoreFence) {
            self.forget_change(&Problem::TakenOver);
            if let Phase::Open(office, _) = &mut self.phase {
                office.refuse_waiting(&mut self.works, &Problem::TakenOver);
            }
            self.phase = Phase::Broken(Problem::TakenOver);
            self.works.ledger.close();
            let outputs = self.works.carrier.close(self.works.now);
            self.works.outputs.extend(outputs);
        }
        self.works.stale();
    }

    fn disconnected(&mut self) {
        let [jitter] = self.works.rng.bytes();
        self.works.carrier.disconnected(self.works.now, jitter);
        self.hung_up();
        self.works.stale();
    }

    fn received(&mut self, bytes: &[u8]) {
        let (heard, outputs) = self.works.carrier.received(self.works.now, bytes);
        self.look_whether_hung_up(&outputs);
        self.works.outputs.extend(outputs);
        if let Some(heard) = heard {
            self.heard(heard);
        }
        self.works.stale();
    }

    fn look_whether_hung_up(&mut self, outputs: &[Output]) {
        if outputs.contains(&Output::Disconnect) {
            self.hung_up();
        }
    }

    fn hung_up(&mut self) {
        if let Phase::Open(office, _) = &mut self.phase {
            office.hung_up();
            office.abandon_waiting(&mut self.works);
        }
        let why = self.works.carrier.why_down();
        self.lookup_failed(why);
    }

    fn heard(&mut self, heard: Heard) {
        match heard {
            Heard::Held(held, checkpoint) => self.held(&held, &checkpoint),
            Heard::Welcome => self.greeted(),
            Heard::Found { bundle, roster } => self.found_invitation(&bundle, roster),
            Heard::NotFound => self.found_nothing(),
            Heard::Troubled(problem) => self.lookup_failed(problem),
            Heard::Refused(number, why) => self.refused(number, why),
            Heard::Granted => {
                self.works
                    .outputs
                    .push(carrier::send(&crate::wire::ToRelay::Credit { bytes: reading::CREDIT_BYTES }));
                if let Phase::Open(office, _) = &mut self.phase {
                    office.subscribe(&mut self.works);
                }
            }
            Heard::Entries { space, from, items, bytes } => {
                self.take_in(space, Frame::Items { from, items: items.into_iter(), bytes, next: None });
            }
            Heard::Head { space, checkpoint } => self.take_in(space, Frame::Head(checkpoint)),
            Heard::ClaimRefused => self.forget(Problem::SetupUsed),
            Heard::Unserved => {}
        }
    }

    fn take_in(&mut self, space: SpaceId, frame: Frame) {
        let Phase::Open(office, _) = &mut self.phase else { return };
        if office.take_in(space, frame) == Taken::TooMuch {
            let outputs = self.works.carrier.flooded(self.works.now);
            self.works.outputs.extend(outputs);
            self.hung_up();
        }
    }

    fn held(&mut self, held: &[u64], checkpoint: &Checkpoint) {
        for number in held {
            self.works.ledger.delete(Table::Outbox, number.to_be_bytes().to_vec());
        }
        if let Phase::Open(office, _) = &mut self.phase {
            for number in held {
                office.unsent.remove(number);
            }
            office.promised(checkpoint);
        }
        if !self.works.carrier.is_admitting() {
            self.admitted();
        }
    }

    fn refused(&mut self, number: u64, why: Refusal) {
        let outgoing = self.works.carrier.outbox().find(|(other, _)| *other == number);
        let Some((cargo, entry)) = outgoing.map(|(_, outgoing)| (outgoing.cargo, outgoing.id)) else {
            return;
        };
        match cargo {
            carrier::Cargo::Work => {}
            carrier::Cargo::Carried => {
                // It is in the file, and on the device that it came from.
                if let Phase::Open(office, _) = &mut self.phase {
                    office.ignored.insert(why);
                    self.works.unpost(number);
                }
            }
            carrier::Cargo::Statement => {
                if let Phase::Open(office, _) = &mut self.phase {
                    office.refused_statement(&mut self.works, number, entry, why);
                }
            }
            carrier::Cargo::Admission => self.admission_refused(number, why),
        }
    }

    fn carry_on(&mut self, after: Vec<After>) {
        for after in after {
            match after {
                After::Answer(request) => {
                    self.passphrase_changed(request);
                    self.works.answer(request, Ok(()));
                }
                After::Export(request) => self.hand_over(request, Ok(())),
                After::Send(number) => self.works.carrier.stored(number),
                After::Credit(bytes) => {
                    if self.works.carrier.is_in_session() {
                        self.works.outputs.push(carrier::send(&crate::wire::ToRelay::Credit { bytes }));
                    }
                }
                After::Opened(request) => self.opened(request),
            }
        }
        self.works.stale();
    }

    /// Everything that follows from a change of state: reading on, freezing, sending, storing, showing, waking.
    fn settle(&mut self) {
        let mut progress = Progress::Rests;
        if let Phase::Open(office, access::Opening::Done) = &mut self.phase {
            progress = office.read(&mut self.works);
            let others = [office.work_on_batches(&mut self.works), office.renew_rows(&mut self.works)];
            if others.contains(&Progress::More) {
                progress = Progress::More;
            }
            office.freeze_if_due(&mut self.works);
            office.work_on_roster(&mut self.works);
            if office.joining.is_none() {
                let log_in = self.works.carrier.log_in(&office.sign);
                self.works.outputs.extend(log_in);
            }
        }
        let outputs = self.works.carrier.pump(self.works.now);
        self.look_whether_hung_up(&outputs);
        self.works.outputs.extend(outputs);
        self.store();
        let show_at = self.shown_at.after(SHOW_EVERY_MS);
        if self.works.shown == Shown::Stale && (progress == Progress::Rests || show_at <= self.works.now) {
            self.show();
        }
        self.sleep(progress);
    }

    fn store(&mut self) {
        let ticket = self.works.ticket();
        let (output, after) = self.works.ledger.flush(self.works.now, ticket);
        self.works.outputs.extend(output);
        if !after.is_empty() {
            self.carry_on(after);
            let outputs = self.works.carrier.pump(self.works.now);
            self.works.outputs.extend(outputs);
        }
    }

    fn sleep(&mut self, progress: Progress) {
        let now = self.works.now;
        let [freeze, state] = match &self.phase {
            Phase::Open(office, access::Opening::Done) => [office.freeze_at, office.intents.wake_at(now)],
            _ => [None, None],
        };
        let more = (progress == Progress::More).then_some(now);
        let due = [self.works.carrier.wake_at(now), self.works.ledger.wake_at(), freeze, state, more];
        let due = due.into_iter().flatten().min();
        if let Some(due) = due.filter(|due| self.woken_for.is_none_or(|set| *due < set || set <= now)) {
            self.woken_for = Some(due);
            self.works.outputs.push(Output::WakeAt(due));
        }
    }

    fn show(&mut self) {
        self.works.shown = Shown::Fresh;
        self.shown_at = self.works.now;
        let ids: Vec<_> = self.watches.keys().copied().collect();
        for id in ids {
            self.show_watch(id);
        }
    }

    fn show_watch(&mut self, id: WatchId) {
        let Some(query) = self.watches.get(&id).map(|watch| watch.query.clone()) else { return };
        let answer = match (&query, &mut self.phase) {
            (Query::Access, _) => Answer::Access(self.access()),
            (query, Phase::Open(office, access::Opening::Done)) => match office.show(&self.works, query) {
                showing::Shown::Answer(answer) => *answer,
                showing::Shown::Needs(documents) => {
                    for document in documents {
                        office.fetch(&mut self.works, document);
                    }
                    return;
                }
            },
            (Query::Unsent, _) => Answer::Unsent(self.locked_unsent()),
            _ => return,
        };
        // Plain data has an encoding.
        let hash = crypto::hash(Purpose::Answer, &[&postcard::to_allocvec(&answer).unwrap_or_default()]);
        if let Some(watch) = self.watches.get_mut(&id)
            && watch.last.replace(hash) != Some(hash)
        {
            self.works.outputs.push(Output::Show(View::Shown { watch: id, answer }));
        }
    }

    fn locked_unsent(&self) -> UnsentView {
        let bytes = self.works.carrier.outbox().map(|(_, outgoing)| outgoing.bytes.len() as u64).sum();
        let failures = self.works.carrier.problems().collect();
        let (last_contact, carried) = (self.works.carrier.last_contact(), self.works.carrier.carried());
        UnsentView { items: Vec::new(), bytes, last_contact, failures, carried }
    }

    fn access(&self) -> AccessView {
        let mut problems: Vec<_> = match self.works.ledger.failure() {
            Some(StoreFailure::Full) => vec![Problem::DeviceFull { quota: self.storage.quota }],
            Some(StoreFailure::Failed) => vec![Problem::StorageFailed],
            Some(StoreFailure::Fenced) | None => Vec::new(),
        };
        if let Phase::Broken(problem) = &self.phase {
            problems.push(problem.clone());
        }
        problems.extend(self.works.carrier.problems());
        let offline = Link::Offline { last_contact: self.works.carrier.last_contact() };
        let (link, unsent) = match &self.phase {
            Phase::Open(office, _) => {
                problems.extend(office.problems());
                (office.link(&self.works), office.unsent_visits())
            }
            _ => {
                let link = if self.works.carrier.handshake().is_some() { Link::Live } else { offline };
                (link, self.works.carrier.outbox().count() as u32)
            }
        };
        if self.storage.persistent == Some(Persistence::Refused) && matches!(self.phase, Phase::Open(..)) {
            problems.push(Problem::NotPersistent);
        }
        let access = match &self.phase {
            Phase::Open(office, access::Opening::Done) => Access::Open(office.myself()),
            phase => phase.access(),
        };
        AccessView { access, link, unsent, problems }
    }

    fn command(&mut self, request: RequestId, command: Command) {
        match command {
            Command::Watch { id, query } => {
                if self.watches.len() < MAX_WATCHES || self.watches.contains_key(&id) {
                    self.watches.insert(id, Watch { query, last: None });
                    self.show_watch(id);
                }
            }
            Command::Unwatch { id } => {
                self.watches.remove(&id);
            }
            Command::MakeKit { .. }
            | Command::Found { .. }
            | Command::OpenInvitation { .. }
            | Command::Join { .. }
            | Command::Unlock { .. }
            | Command::Lock => self.access_command(request, command),
            Command::ChangePassphrase { old, new } => self.change_passphrase(request, old, new),
            Command::ExportUnsent => self.export(request),
            command => self.office_command(request, command),
        }
    }

    fn office_command(&mut self, request: RequestId, command: Command) {
        let Phase::Open(office, access::Opening::Done) = &mut self.phase else {
            return self.works.answer(request, Err(Problem::NotAllowed));
        };
        office.carry_out(&mut self.works, request, command);
        self.works.stale();
    }
}
