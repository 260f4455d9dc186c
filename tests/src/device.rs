//! A device: the engine with a store, a clock and a socket that can be cut.

use mingcha_core::command::{Command, RequestId};
use mingcha_core::crypto::derive;
use mingcha_core::engine::io::{
    Input, Job, JobResult, Output, Record, Selection, StoreFailure, Table, Ticket, Write,
};
use mingcha_core::engine::{Engine, jobs};
use mingcha_core::problem::Problem;
use mingcha_core::relay::ConnId;
use mingcha_core::time::Timestamp;
use mingcha_core::view::{Answer, Query, View, WatchId};
use std::collections::{BTreeMap, VecDeque};

/// What a device's storage does with transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Carries them out.
    Works,
    /// Refuses them.
    Refuses(StoreFailure),
    /// Takes them and never answers, as before a crash.
    Hangs,
}

/// See the module.
pub struct Device {
    /// For messages.
    pub name: String,
    engine: Option<Engine>,
    disk: BTreeMap<(Table, Vec<u8>), Vec<u8>>,
    inputs: VecDeque<Event>,
    wake_at: Option<Timestamp>,
    /// The connection that is open, if any.
    pub conn: Option<ConnId>,
    /// Whether connections can be made.
    pub online: bool,
    /// What its storage does.
    pub storage: Storage,
    /// How many transactions it still carries out before it refuses one, for lack of room.
    pub refuses_after: Option<usize>,
    /// How far its clock is off, in milliseconds.
    pub clock_off: i64,
    answers: BTreeMap<RequestId, Result<(), Problem>>,
    shown: BTreeMap<WatchId, Answer>,
    next_request: RequestId,
    /// Everything that it sent.
    pub sent: Vec<Vec<u8>>,
    hung: Vec<Ticket>,
    seen: Vec<String>,
}

/// What happens on a device, in order.
enum Event {
    Input(Input),
    /// The store reads: what is asked for later is read later.
    Read(Ticket, Vec<Selection>),
    /// The store carries a transaction out: until its turn comes nothing of it is durable.
    Write(Ticket, Vec<Write>),
}

/// What a device wants of the network.
pub enum Wire {
    /// A connection.
    Connect,
    /// None.
    Disconnect,
    /// A message sent.
    Send(Vec<u8>),
}

impl Device {
    /// A device with an empty store.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            engine: None,
            disk: BTreeMap::new(),
            inputs: VecDeque::new(),
            wake_at: None,
            conn: None,
            online: true,
            storage: Storage::Works,
            refuses_after: None,
            clock_off: 0,
            answers: BTreeMap::new(),
            shown: BTreeMap::new(),
            next_request: 0,
            sent: Vec::new(),
            hung: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// Everything that it was ever shown, as text.
    pub fn seen(&self) -> impl Iterator<Item = &str> {
        self.seen.iter().map(String::as_str)
    }

    /// Forgets what it sent, what it was shown and what it was answered, so that it can run for long.
    pub fn forget(&mut self) {
        self.sent.clear();
        self.seen.clear();
        self.answers.clear();
    }

    /// Its storage, which was hanging, fails what it had taken, and works again.
    pub fn fail_hung(&mut self) {
        self.storage = Storage::Works;
        for ticket in std::mem::take(&mut self.hung) {
            self.happens(Input::StoreFailed(ticket, StoreFailure::Failed));
        }
    }

    /// Whether the app is running.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.engine.is_some()
    }

    /// What its clock shows.
    #[must_use]
    pub fn clock(&self, now: Timestamp) -> Timestamp {
        Timestamp(now.0.saturating_add_signed(self.clock_off))
    }

    /// Starts the app.
    pub fn start(&mut self, seed: [u8; 32], now: Timestamp) -> Vec<Wire> {
        let (engine, outputs) = Engine::new(seed, self.clock(now));
        self.engine = Some(engine);
        self.shown.clear();
        self.carry_out(outputs)
    }

    /// Kills the app: everything that is not in the store is lost.
    pub fn kill(&mut self) {
        self.engine = None;
        self.inputs.clear();
        self.wake_at = None;
        self.answers.clear();
        self.hung.clear();
        self.storage = Storage::Works;
    }

    /// Its store, as a thief would read it.
    pub fn disk(&self) -> impl Iterator<Item = (Table, &[u8], &[u8])> {
        self.disk.iter().map(|((table, key), value)| (*table, &key[..], &value[..]))
    }

    /// A copy of its store, to be put back later.
    #[must_use]
    pub fn copy_of_disk(&self) -> BTreeMap<(Table, Vec<u8>), Vec<u8>> {
        self.disk.clone()
    }

    /// Puts an old copy of its store back; the app must be killed first.
    pub fn restore_disk(&mut self, copy: BTreeMap<(Table, Vec<u8>), Vec<u8>>) {
        self.disk = copy;
    }

    /// Gives a command; its answer comes when the world has run.
    pub fn ask(&mut self, command: Command) -> RequestId {
        self.next_request += 1;
        self.happens(Input::Command(self.next_request, command));
        self.next_request
    }

    /// Feeds something that happened.
    pub fn feed(&mut self, input: Input) {
        if self.engine.is_some() {
            self.happens(input);
        }
    }

    /// The answer to a command.
    #[must_use]
    pub fn answer(&self, request: RequestId) -> Option<&Result<(), Problem>> {
        self.answers.get(&request)
    }

    /// Watches a query under a number.
    pub fn watch(&mut self, id: WatchId, query: Query) {
        self.shown.remove(&id);
        self.ask(Command::Watch { id, query });
    }

    /// What is shown under a number.
    #[must_use]
    pub fn shown(&self, id: WatchId) -> Option<&Answer> {
        self.shown.get(&id)
    }

    /// When it wants to be woken.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        self.wake_at.map(|at| Timestamp(at.0.saturating_add_signed(-self.clock_off)))
    }

    /// Works off one input, or wakes; none when there is nothing to do now.
    pub fn step(&mut self, now: Timestamp) -> Option<Vec<Wire>> {
        let input = match self.inputs.pop_front() {
            Some(Event::Input(input)) => input,
            Some(Event::Read(ticket, selections)) => {
                let records = selections.iter().flat_map(|selection| self.select(selection)).collect();
                self.happens(Input::Loaded(ticket, records));
                return Some(Vec::new());
            }
            Some(Event::Write(ticket, writes)) => {
                self.store(ticket, writes);
                return Some(Vec::new());
            }
            None if self.wake_at().is_some_and(|at| at <= now) => {
                self.wake_at = None;
                Input::Woke
            }
            None => return None,
        };
        let clock = self.clock(now);
        let outputs = self.engine.as_mut()?.handle(clock, input);
        Some(self.carry_out(outputs))
    }

    fn happens(&mut self, input: Input) {
        self.inputs.push_back(Event::Input(input));
    }

    fn carry_out(&mut self, outputs: Vec<Output>) -> Vec<Wire> {
        let mut wires = Vec::new();
        for output in outputs {
            match output {
                Output::Load(ticket, selections) => {
                    self.inputs.push_back(Event::Read(ticket, selections));
                }
                Output::Store(ticket, writes) => self.inputs.push_back(Event::Write(ticket, writes)),
                Output::Job(ticket, job) => {
                    self.happens(Input::JobDone(ticket, done(job)));
                }
                Output::Connect => wires.push(Wire::Connect),
                Output::Disconnect => wires.push(Wire::Disconnect),
                Output::Send(bytes) => {
                    self.sent.push(bytes.clone());
                    wires.push(Wire::Send(bytes));
                }
                Output::WakeAt(at) => self.wake_at = Some(at),
                Output::Show(View::Answer { request, result }) => {
                    self.answers.insert(request, result);
                }
                Output::Show(View::Shown { watch, answer }) => {
                    self.seen.push(format!("{answer:?}"));
                    self.shown.insert(watch, answer);
                }
            }
        }
        wires
    }

    fn store(&mut self, ticket: Ticket, writes: Vec<Write>) {
        match self.storage {
            Storage::Hangs => return self.hung.push(ticket),
            Storage::Refuses(why) => return self.happens(Input::StoreFailed(ticket, why)),
            Storage::Works => {}
        }
        match &mut self.refuses_after {
            Some(0) => {
                self.refuses_after = None;
                return self.happens(Input::StoreFailed(ticket, StoreFailure::Full));
            }
            Some(left) => *left -= 1,
            None => {}
        }
        for write in writes {
            match write {
                Write::Put(Record { table, key, value }) => {
                    self.disk.insert((table, key), value);
                }
                Write::Delete(table, key) => {
                    self.disk.remove(&(table, key));
                }
            }
        }
        self.happens(Input::Stored(ticket));
    }

    fn select(&self, selection: &Selection) -> Vec<Record> {
        let found = self.disk.iter().filter(|((table, key), _)| selection.selects(*table, key));
        found
            .map(|((table, key), value)| Record { table: *table, key: key.clone(), value: value.clone() })
            .collect()
    }
}

/// Does a job; passphrases are stretched in no time, since nobody attacks them here.
fn done(job: Job) -> JobResult {
    match job {
        Job::Stretch { passphrase, params } => {
            JobResult::Stretched(derive(&params.salt, passphrase.0.as_bytes(), b"stretched for a test"))
        }
        job @ Job::SpellKit { .. } => jobs::run(job),
    }
}
