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
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

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
    disk: Rc<RefCell<Store>>,
    /// Which opening of the store this is: what an older one writes is refused.
    generation: u64,
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
    /// Everything that it was told and shown, in order.
    pub news: Vec<View>,
    /// The file that it was handed last.
    pub file: Option<Vec<u8>>,
    /// Whether it was told that its store belongs to another tab.
    pub fenced: bool,
}

/// A store, of which several tabs may be open.
#[derive(Default)]
struct Store {
    records: Records,
    generation: u64,
}

/// The records of a store.
pub type Records = BTreeMap<(Table, Vec<u8>), Vec<u8>>;

/// What becomes of a transaction that is under way when the app is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transaction {
    /// Nothing of it is there.
    Lost,
    /// All of it is.
    Whole,
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
            disk: Rc::default(),
            generation: 0,
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
            news: Vec::new(),
            file: None,
            fenced: false,
        }
    }

    /// Another tab of the same device; the app is not started in it.
    #[must_use]
    pub fn another_tab(&self) -> Self {
        let tab = Self::new(&self.name);
        Self { disk: Rc::clone(&self.disk), clock_off: self.clock_off, online: self.online, ..tab }
    }

    /// Everything that it was ever shown, as text.
    pub fn seen(&self) -> impl Iterator<Item = String> {
        self.news.iter().filter_map(|view| match view {
            View::Shown { answer, .. } => Some(format!("{answer:?}")),
            View::Answer { .. } | View::File { .. } => None,
        })
    }

    /// Forgets what it sent, what it was shown and what it was answered, so that it can run for long.
    pub fn forget(&mut self) {
        self.sent.clear();
        self.news.clear();
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

    /// When its clock shows a time, unless it is set meanwhile.
    fn when(&self, clock: Timestamp) -> Timestamp {
        Timestamp(clock.0.saturating_add_signed(-self.clock_off))
    }

    /// Starts the app.
    pub fn start(&mut self, seed: [u8; 32], now: Timestamp) -> Vec<Wire> {
        let (engine, outputs) = Engine::new(seed, self.clock(now));
        self.engine = Some(engine);
        let mut disk = self.disk.borrow_mut();
        disk.generation += 1;
        self.generation = disk.generation;
        drop(disk);
        self.fenced = false;
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

    /// Kills the app like [`Device::kill`], in the middle of the transaction that is under way, if any.
    pub fn crash(&mut self, transaction: Transaction) {
        let under_way = self.inputs.iter_mut().find_map(|event| match event {
            Event::Write(_, writes) => Some(core::mem::take(writes)),
            Event::Input(_) | Event::Read(..) => None,
        });
        if transaction == Transaction::Whole && self.storage == Storage::Works {
            self.write(under_way.unwrap_or_default());
        }
        self.kill();
    }

    /// A copy of its store, to be put back later; also what a thief would read.
    #[must_use]
    pub fn copy_of_disk(&self) -> Records {
        self.disk.borrow().records.clone()
    }

    /// How much its store holds.
    #[must_use]
    pub fn stored_bytes(&self) -> usize {
        self.disk.borrow().records.iter().map(|((_, key), value)| key.len() + value.len()).sum()
    }

    /// Puts an old copy of its store back; the app must be killed first.
    pub fn restore_disk(&mut self, copy: Records) {
        self.disk.borrow_mut().records = copy;
    }

    /// Whether its store holds this entry in its outbox.
    #[must_use]
    pub fn has_in_outbox(&self, entry: &[u8]) -> bool {
        let disk = self.disk.borrow();
        let outbox = disk.records.range((Table::Outbox, Vec::new())..(Table::State, Vec::new()));
        outbox.into_iter().any(|(_, value)| value == entry)
    }

    /// The number that the next command will have.
    #[must_use]
    pub fn next_request(&self) -> RequestId {
        self.next_request + 1
    }

    /// Gives a command before everything else that waits, and carries it out.
    pub fn perform(&mut self, command: Command, now: Timestamp) -> (RequestId, Vec<Wire>) {
        self.next_request += 1;
        let (clock, input) = (self.clock(now), Input::Command(self.next_request, command));
        let outputs = self.engine.as_mut().map(|engine| engine.handle(clock, input));
        (self.next_request, self.carry_out(outputs.unwrap_or_default()))
    }

    /// What a query shows at this moment.
    #[cfg(feature = "sim")]
    pub fn peek(&mut self, query: &Query) -> Option<Answer> {
        self.engine.as_mut()?.peek(query)
    }

    /// What waits inside the engine.
    #[cfg(feature = "sim")]
    #[must_use]
    pub fn waiting(&self) -> mingcha_core::engine::inspect::Waiting {
        self.engine.as_ref().map(Engine::waiting).unwrap_or_default()
    }

    /// Whether [`Device::step`] would do something.
    #[must_use]
    pub fn has_work(&self, now: Timestamp) -> bool {
        let wakes = self.engine.is_some() && self.wake_at().is_some_and(|at| at <= now);
        !self.inputs.is_empty() || wakes
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

    /// When it wants to be woken. A timer runs on whatever is done to the clock.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        self.wake_at
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
        let is_fence = matches!(input, Input::StoreFailed(_, StoreFailure::Fenced));
        let outputs = self.engine.as_mut()?.handle(clock, input);
        self.fenced |= is_fence;
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
                Output::WakeAt(at) => self.wake_at = Some(self.when(at)),
                Output::Show(view) => {
                    self.news.push(view.clone());
                    match view {
                        View::Answer { request, result } => drop(self.answers.insert(request, result)),
                        View::Shown { watch, answer } => drop(self.shown.insert(watch, answer)),
                        View::File { bytes, .. } => self.file = Some(bytes),
                    }
                }
            }
        }
        wires
    }

    fn store(&mut self, ticket: Ticket, writes: Vec<Write>) {
        if self.generation != self.disk.borrow().generation {
            return self.happens(Input::StoreFailed(ticket, StoreFailure::Fenced));
        }
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
        self.write(writes);
        self.happens(Input::Stored(ticket));
    }

    fn write(&mut self, writes: Vec<Write>) {
        let records = &mut self.disk.borrow_mut().records;
        for write in writes {
            match write {
                Write::Put(Record { table, key, value }) => drop(records.insert((table, key), value)),
                Write::Delete(table, key) => drop(records.remove(&(table, key))),
            }
        }
    }

    fn select(&self, selection: &Selection) -> Vec<Record> {
        let disk = self.disk.borrow();
        let found = disk.records.iter().filter(|((table, key), _)| selection.selects(*table, key));
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
