//! The playing of a plan: devices, relay, network and clock in one thread, the order of everything by chance.

use super::dice::Dice;
use super::hostile::{Liar, Villain};
use super::ledger::Ledger;
use super::members::Passphrases;
use super::network::{Down, Ends, Network, Up};
use super::plan::{Action, Plan, Rogues, What};
use super::report::{Counts, Trace};
use super::{Checker, Violation};
use crate::device::{self, Device, Records, Storage};
use crate::relay::{self, DiskState, Pace, SimRelay};
use crate::world::Network as Reach;
use mingcha_core::command::{Command, RequestId};
use mingcha_core::engine::io::Input;
use mingcha_core::ids::{DocumentId, MemberId, SpaceId};
use mingcha_core::problem::Problem;
use mingcha_core::relay::ConnId;
use mingcha_core::time::Timestamp;
use mingcha_core::view::{Answer, Query, View, VisitFilter, Window};
use mingcha_core::wire::{FromRelay, ToRelay};
use std::collections::{BTreeMap, BTreeSet};

/// When every run begins.
const BEGINNING: Timestamp = Timestamp(1_795_000_000_000);
/// How many steps a world may take to get quiet.
const MOST_STEPS: usize = 400_000;
/// The founder.
pub const FOUNDER: usize = 0;

/// The numbers under which every tab watches.
pub const ACCESS: u32 = 1;
pub const VISITS: u32 = 2;
pub const ONE: u32 = 3;
pub const OTHER: u32 = 4;

/// See the module.
pub struct Run {
    pub now: Timestamp,
    pub dice: Dice,
    pub relay: SimRelay,
    /// How far the relay's clock is off.
    pub relay_off: i64,
    pub network: Network,
    pub tabs: Vec<Tab>,
    pub people: Vec<Person>,
    pub teams: Vec<Team>,
    pub ledger: Ledger,
    pub counts: Counts,
    pub trace: Trace,
    pub liar: Liar,
    pub villain: Option<Villain>,
    pub partition: u16,
    pub shared: BTreeSet<SpaceId>,
    pub violation: Option<Violation>,
    /// Joins that were asked for.
    pub joins: BTreeSet<(usize, RequestId)>,
    /// Files that somebody was asked to carry, and those that were taken.
    pub carrying: BTreeMap<(usize, RequestId), Vec<u8>>,
    pub carried: Vec<(usize, Vec<u8>)>,
    /// Numbers never used twice.
    pub next_id: u32,
    seed: u64,
    starts: u64,
}

/// An app that was opened.
pub struct Tab {
    pub who: usize,
    pub device: Device,
}

/// A person with a device.
pub struct Person {
    /// The tab that is used.
    pub live: usize,
    /// Whether the device belongs to the office, as far as it was told.
    pub joined: bool,
    /// The team that it joined last.
    pub team: Option<usize>,
    /// The invitation that was handed over.
    pub code: Option<(String, usize)>,
    /// Into which teams it was invited.
    pub invited: BTreeSet<usize>,
    /// Whether it was invited as a supervisor.
    pub supervises: bool,
    /// The office's name for the person whose device was blocked, once somebody asked for it.
    pub blocked: Option<MemberId>,
    pub passphrase: Passphrases,
    /// Whether the relay lied to it.
    pub was_lied_to: bool,
    pub copy: Option<Copy>,
    /// The file of unsent work that the device made last.
    pub file: Option<Vec<u8>>,
    /// Whether it was lied to, or its network did what no network may: it may have to be started again.
    pub shaken: bool,
    pub online: bool,
    /// By how much the clock drifts with each action.
    pub drift: i64,
}

/// A copy of a device's store.
pub struct Copy {
    pub records: Records,
    pub saved: BTreeSet<usize>,
}

/// A team.
pub struct Team {
    pub name: String,
    pub space: SpaceId,
}

/// How some steps ended.
enum Pass {
    /// Nothing more happens within the time.
    Quiet,
    /// A promise was broken.
    Broken,
    /// There was more to do.
    Busy,
}

impl Run {
    /// A world before anything happened, its office founded and its members joined.
    pub fn new(plan: &Plan) -> Self {
        let mut run = Self {
            now: BEGINNING,
            dice: Dice::new(plan.seed ^ 0x5eed),
            relay: SimRelay::new(Pace::WhenTold),
            relay_off: 0,
            network: Network::default(),
            tabs: Vec::new(),
            people: Vec::new(),
            teams: Vec::new(),
            ledger: Ledger::default(),
            counts: Counts::default(),
            trace: Trace::default(),
            liar: Liar::default(),
            villain: None,
            partition: 0,
            shared: BTreeSet::new(),
            violation: None,
            joins: BTreeSet::new(),
            carrying: BTreeMap::new(),
            carried: Vec::new(),
            next_id: 0,
            seed: plan.seed,
            starts: 0,
        };
        for who in 0..plan.people {
            run.add_person(who, plan.clocks.get(who).copied().unwrap_or_default());
        }
        run.found_office(plan.teams);
        if run.violation.is_some() {
            return run;
        }
        for who in 1..plan.members {
            run.take_in(who, (who - 1) % plan.teams);
        }
        if plan.rogue == Rogues::One {
            run.admit_villain();
        }
        if let Some(away) = plan.away {
            run.set_reach(away, Reach::Gone);
            run.count("away for the whole run");
        }
        run
    }

    /// Somebody with a device on which nothing is yet.
    pub fn add_person(&mut self, who: usize, (off, drift): (i64, i64)) {
        let mut device = Device::new(&format!("{who}"));
        device.clock_off = off;
        self.people.push(Person {
            live: self.tabs.len(),
            joined: false,
            team: None,
            code: None,
            invited: BTreeSet::new(),
            supervises: false,
            blocked: None,
            passphrase: Passphrases::default(),
            was_lied_to: false,
            copy: None,
            file: None,
            shaken: false,
            online: true,
            drift,
        });
        self.tabs.push(Tab { who, device });
        self.start(self.people[who].live);
    }

    /// Plays the actions, until something is wrong.
    pub fn play(&mut self, actions: &[Action]) {
        for action in actions {
            self.dice = Dice::new(action.salt);
            match action.what {
                What::Do(who, deed) => self.act(who % self.people.len(), deed),
                What::Fault(fault) => self.strike(fault),
            }
            self.pass(action.steps, action.time);
            for who in 0..self.people.len() {
                let (live, drift) = (self.people[who].live, self.people[who].drift);
                self.tabs[live].device.clock_off += drift;
            }
            self.check_bounds();
            if self.violation.is_some() {
                return;
            }
        }
    }

    /// Lets at most so many steps happen, and so much time pass.
    pub fn pass(&mut self, steps: usize, time: u64) {
        let until = self.now.after(time);
        self.go_on(steps, until);
        if steps > 0 && self.violation.is_none() {
            self.now = self.now.max(until.min(self.next_due().unwrap_or(until)));
        }
    }

    /// Lets everything happen that happens within some time.
    pub fn settle(&mut self, time: u64) {
        let until = self.now.after(time);
        match self.go_on(MOST_STEPS, until) {
            Pass::Quiet => self.now = until,
            Pass::Broken => {}
            Pass::Busy => self.find(Checker::Progress, "the world never gets quiet".to_owned()),
        }
    }

    fn go_on(&mut self, steps: usize, until: Timestamp) -> Pass {
        for _ in 0..steps {
            if self.violation.is_some() {
                return Pass::Broken;
            }
            if self.step() {
                continue;
            }
            match self.next_due() {
                Some(at) if at <= until => self.now = self.now.max(at),
                _ => return Pass::Quiet,
            }
        }
        Pass::Busy
    }

    fn next_due(&self) -> Option<Timestamp> {
        let tabs = self.tabs.iter().filter(|tab| tab.device.is_running());
        let wakes = tabs.filter_map(|tab| tab.device.wake_at());
        wakes.chain(self.network.next_due()).min()
    }

    /// Does one of the things that can happen now; whether there was one.
    fn step(&mut self) -> bool {
        let mut can: Vec<Thing> = Vec::new();
        if self.relay.has_work() {
            can.push(Thing::Relay);
        }
        if self.relay.disk.is_dirty() {
            can.push(Thing::Flush);
        }
        let tabs = self.tabs.iter().enumerate().filter(|(_, tab)| tab.device.has_work(self.now));
        can.extend(tabs.map(|(tab, _)| Thing::Tab(tab)));
        for (conn, line) in &self.network.lines {
            if line.up.front().is_some_and(|(at, _)| *at <= self.now) {
                can.push(Thing::Up(*conn));
            }
            if line.down.front().is_some_and(|(at, _)| *at <= self.now) {
                can.push(Thing::Down(*conn));
            }
            if line.breaks_at.is_some_and(|at| at <= self.now) {
                can.push(Thing::Break(*conn));
            }
        }
        if can.is_empty() {
            return false;
        }
        let thing = can[self.dice.below(can.len())];
        self.counts.steps += 1;
        self.trace.add(&[thing.number(), self.now.0]);
        match thing {
            Thing::Relay => self.step_relay(),
            Thing::Flush => self.relay.flush(),
            Thing::Tab(tab) => self.step_tab(tab),
            Thing::Up(conn) => self.arrive_up(conn),
            Thing::Down(conn) => self.arrive_down(conn),
            Thing::Break(conn) => self.cut(conn),
        }
        true
    }

    fn step_relay(&mut self) {
        let now = Timestamp(self.now.0.saturating_add_signed(self.relay_off));
        for wire in self.relay.step(now).unwrap_or_default() {
            match wire {
                relay::Wire::Send(conn, bytes) => self.relay_says(conn, bytes),
                relay::Wire::Close(conn) => self.network.close_down(self.now, conn),
            }
        }
    }

    fn relay_says(&mut self, conn: ConnId, bytes: Vec<u8>) {
        self.trace.add_bytes(&bytes);
        let message = FromRelay::decode(&bytes);
        let Ok(message) = message else { return self.find(Checker::Sound, "no message".to_owned()) };
        if self.villain.as_ref().is_some_and(|villain| villain.conns.contains(&conn)) {
            self.relay.sent(conn, bytes.len());
            return self.villain_hears(conn, &message);
        }
        let Some(line) = self.network.lines.get(&conn) else { return self.relay.sent(conn, bytes.len()) };
        let who = self.tabs[line.tab].who;
        if let FromRelay::Entries { space, .. } = &message
            && !self.may_read(who, space)
        {
            self.find(Checker::Secret, format!("the relay sends {who} entries of a space of others"));
        }
        let size = bytes.len();
        for bytes in self.liar.alter(who, message, bytes, &self.relay, &mut self.dice) {
            let mishaps = self.network.send_down(&mut self.dice, self.now, conn, bytes);
            self.shake(who, &mishaps);
        }
        let line = &self.network.lines[&conn];
        if line.slow == 0 && line.ends == Ends::Joined {
            self.relay.sent(conn, size);
        }
    }

    pub fn step_tab(&mut self, tab: usize) {
        let was_fenced = self.tabs[tab].device.fenced;
        let wires = self.tabs[tab].device.step(self.now).unwrap_or_default();
        // What it says into a connection that it has ended reaches nobody.
        let is_connected = self.tabs[tab].device.conn.is_some();
        let goes_on = |wire: &device::Wire| match wire {
            device::Wire::Connect => true,
            device::Wire::Send(_) => is_connected,
            device::Wire::Disconnect => false,
        };
        if was_fenced && wires.iter().any(goes_on) {
            self.find(Checker::Saved, "a tab that was taken over goes on".to_owned());
        }
        self.device_says(tab, wires);
    }

    /// Carries out what a device wants of the network, and notes what it showed.
    pub fn device_says(&mut self, tab: usize, wires: Vec<device::Wire>) {
        let who = self.tabs[tab].who;
        for wire in wires {
            match wire {
                device::Wire::Connect => self.dial(tab),
                device::Wire::Disconnect => self.hang_up(tab),
                device::Wire::Send(bytes) => {
                    self.trace.add_bytes(&bytes);
                    self.is_durable(tab, &bytes);
                    let Some(conn) = self.tabs[tab].device.conn else { continue };
                    if self.liar.swallows(who, &bytes) {
                        for answer in self.liar.forge_receipts(&bytes, &self.relay) {
                            self.network.send_down(&mut self.dice, self.now, conn, answer);
                        }
                        continue;
                    }
                    let mishaps = self.network.send_up(&mut self.dice, self.now, conn, bytes);
                    self.shake(who, &mishaps);
                }
            }
        }
        self.tabs[tab].device.sent.clear();
        for view in core::mem::take(&mut self.tabs[tab].device.news) {
            match view {
                View::Answer { request, result } => self.answered(tab, request, &result),
                View::Shown { answer, .. } => self.shown(who, tab, &answer),
                View::File { bytes, .. } => self.people[who].file = Some(bytes),
            }
        }
    }

    /// What is sent is durable on the device before.
    fn is_durable(&mut self, tab: usize, bytes: &[u8]) {
        let device = &self.tabs[tab].device;
        let is_live = self.people[self.tabs[tab].who].live == tab;
        if let Ok(ToRelay::Put { entries }) = ToRelay::decode(bytes)
            && is_live
            && entries.iter().any(|entry| !device.has_in_outbox(entry))
        {
            self.find(Checker::Saved, "an entry is sent before it is durable".to_owned());
        }
    }

    fn answered(&mut self, tab: usize, request: RequestId, result: &Result<(), Problem>) {
        self.ledger.answered(tab, request, result);
        self.passphrase_answered(tab, request, result);
        if let Some(file) = self.carrying.remove(&(tab, request)).filter(|_| result.is_ok()) {
            self.carried.push((self.tabs[tab].who, file));
        }
        if self.joins.remove(&(tab, request)) && result.is_ok() {
            let who = self.tabs[tab].who;
            self.people[who].joined = true;
        }
    }

    fn shown(&mut self, who: usize, tab: usize, answer: &Answer) {
        if let Answer::Visits(rows) = answer {
            self.ledger.shown(who, tab, &rows.rows);
            if rows.rows.iter().any(|row| !self.may_read(who, &row.team)) {
                self.find(Checker::Secret, format!("{who} is shown a visit of another team"));
            }
        }
    }

    /// Whether somebody may read a space.
    pub fn may_read(&self, who: usize, space: &SpaceId) -> bool {
        who == FOUNDER
            || self.people[who].supervises
            || self.shared.contains(space)
            || self.people[who].invited.iter().any(|team| self.teams[*team].space == *space)
    }

    fn shake(&mut self, who: usize, mishaps: &[super::network::Mishap]) {
        for mishap in mishaps {
            self.people[who].shaken = true;
            self.count(match mishap {
                super::network::Mishap::Lost => "message lost",
                super::network::Mishap::Doubled => "message doubled",
                super::network::Mishap::Overtaken => "message overtaken",
            });
        }
    }

    fn dial(&mut self, tab: usize) {
        let person = &self.people[self.tabs[tab].who];
        let is_cut_off = self.partition & (1 << self.tabs[tab].who) != 0;
        if !person.online {
            return self.tabs[tab].device.feed(Input::Disconnected);
        }
        let delay = if self.network.weather.delay == 0 { 0 } else { self.dice.below(200) as u64 };
        let conn = self.network.dial(tab, self.now.after(delay));
        if is_cut_off && let Some(line) = self.network.lines.get_mut(&conn) {
            line.down = [(self.now.after(20_000), Down::Closed)].into();
        }
        self.tabs[tab].device.conn = Some(conn);
    }

    /// A tab ends its connection.
    pub fn hang_up(&mut self, tab: usize) {
        if let Some(conn) = self.tabs[tab].device.conn.take() {
            self.network.close_up(self.now, conn);
        }
    }

    fn arrive_up(&mut self, conn: ConnId) {
        let Some(line) = self.network.lines.get_mut(&conn) else { return };
        match line.up.pop_front() {
            Some((_, Up::Message(bytes))) => self.relay.received(conn, &bytes),
            Some((_, Up::Closed)) => {
                self.relay.closed(conn);
                self.network.lines.remove(&conn);
            }
            None => {}
        }
    }

    fn arrive_down(&mut self, conn: ConnId) {
        let Some(line) = self.network.lines.get_mut(&conn) else { return };
        let (tab, slow) = (line.tab, line.slow);
        let Some((_, down)) = line.down.pop_front() else { return };
        let device = &mut self.tabs[tab].device;
        let is_current = device.conn == Some(conn);
        match down {
            Down::Connected => {
                self.relay.opened(conn);
                device.feed(Input::Connected);
            }
            Down::Message(bytes) => {
                if slow > 0 {
                    self.relay.sent(conn, bytes.len());
                }
                if is_current {
                    device.feed(Input::Received(bytes));
                }
            }
            Down::Closed => {
                self.network.lines.remove(&conn);
                if is_current {
                    device.conn = None;
                    device.feed(Input::Disconnected);
                }
            }
        }
    }

    /// A connection breaks: the device hears of it at once, the relay when what is on its way has arrived.
    pub fn cut(&mut self, conn: ConnId) {
        let Some(line) = self.network.lines.get_mut(&conn) else { return };
        line.breaks_at = None;
        let tab = line.tab;
        if self.dice.below(2) == 0 {
            line.up.clear();
        }
        self.network.close_up(self.now, conn);
        let device = &mut self.tabs[tab].device;
        if device.conn == Some(conn) {
            device.conn = None;
            device.feed(Input::Disconnected);
        }
    }

    /// Starts the app in a tab, and watches what a page watches.
    pub fn start(&mut self, tab: usize) {
        self.starts += 1;
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seed.to_be_bytes());
        seed[8..16].copy_from_slice(&self.starts.to_be_bytes());
        let wires = self.tabs[tab].device.start(seed, self.now);
        self.device_says(tab, wires);
        let all = Query::Visits(VisitFilter::default(), Window { first: 0, count: 1_000 });
        for (id, query) in [(ACCESS, Query::Access), (VISITS, all)] {
            self.ask_in(tab, Command::Watch { id, query });
        }
    }

    /// Gives a command in a tab.
    pub fn ask_in(&mut self, tab: usize, command: Command) -> RequestId {
        let (request, wires) = self.tabs[tab].device.perform(command, self.now);
        self.device_says(tab, wires);
        request
    }

    /// The device that somebody uses.
    pub fn device(&mut self, who: usize) -> &mut Device {
        let live = self.people[who].live;
        &mut self.tabs[live].device
    }

    /// Takes somebody off the network, or puts them back.
    pub fn set_reach(&mut self, who: usize, reach: Reach) {
        self.people[who].online = reach == Reach::There;
        if reach == Reach::Gone {
            self.cut_all(who);
        }
    }

    /// Breaks all connections of somebody.
    pub fn cut_all(&mut self, who: usize) {
        for tab in 0..self.tabs.len() {
            if self.tabs[tab].who == who {
                self.network.of(tab).into_iter().for_each(|conn| self.cut(conn));
            }
        }
    }

    /// Ends all that goes wrong.
    pub fn heal(&mut self) {
        self.network.weather = super::network::Weather::default();
        self.relay.set_disk(DiskState::Sound);
        self.partition = 0;
        self.liar = Liar::default();
        for who in 0..self.people.len() {
            self.people[who].online = true;
            self.people[who].drift = 0;
            let device = self.device(who);
            device.fail_hung();
            device.storage = Storage::Works;
        }
        let lines: Vec<_> = self.network.lines.iter().collect();
        let broken = |(conn, line): (&&ConnId, &&super::network::Line)| {
            (line.ends != Ends::Joined || line.slow > 0 || line.breaks_at.is_some()).then_some(**conn)
        };
        let broken: Vec<_> = lines.iter().filter_map(|(conn, line)| broken((conn, line))).collect();
        broken.into_iter().for_each(|conn| self.cut(conn));
    }

    /// Counts something that went wrong, or was done.
    pub fn count(&mut self, what: &'static str) {
        *self.counts.faults.entry(what).or_default() += 1;
    }

    /// Notes a promise that was broken; the first one counts.
    pub fn find(&mut self, checker: Checker, what: String) {
        self.violation.get_or_insert(Violation { checker, what });
    }

    /// A number never used before.
    pub fn number(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    /// An id never used before.
    pub fn id(&mut self) -> [u8; 16] {
        let mut id = [0x1d; 16];
        id[..4].copy_from_slice(&self.number().to_be_bytes());
        id
    }

    /// A document's id never used before.
    pub fn document(&mut self) -> DocumentId {
        DocumentId(self.id())
    }
}

/// Something that can happen now.
#[derive(Clone, Copy)]
enum Thing {
    Relay,
    Flush,
    Tab(usize),
    Up(ConnId),
    Down(ConnId),
    Break(ConnId),
}

impl Thing {
    fn number(self) -> u64 {
        match self {
            Self::Relay => 1,
            Self::Flush => 2,
            Self::Tab(tab) => 3 + ((tab as u64) << 8),
            Self::Up(conn) => 4 + (conn.0 << 8),
            Self::Down(conn) => 5 + (conn.0 << 8),
            Self::Break(conn) => 6 + (conn.0 << 8),
        }
    }
}
