//! The relay's pure half over a disk in memory. What was not durable may be lost when it crashes.

use crate::disk::{Disk, Tail};
use mingcha_core::code::SetupCode;
use mingcha_core::crypto::SigningKey;
use mingcha_core::ids::{Incarnation, RelayKey, SpaceId};
use mingcha_core::relay::{ConnId, Failure, Identity, Incoming, Input, Output, Relay, check};
use mingcha_core::time::Timestamp;
use mingcha_core::wire::Item;
use std::collections::VecDeque;

/// The set-up token of every simulated relay.
const TOKEN: [u8; 16] = [0x5e; 16];

/// See the module.
pub struct SimRelay {
    relay: Relay,
    /// Its disk.
    pub disk: Disk,
    /// What it asked for: taken whatever waits.
    asked: VecDeque<Input>,
    /// What came from outside: taken when it has room.
    arrived: VecDeque<Arrival>,
    state: DiskState,
    pace: Pace,
}

enum Arrival {
    Opened(ConnId),
    Message(ConnId, Incoming),
    Invalid(ConnId),
    Closed(ConnId),
    Tick,
}

/// What the relay wants of the network.
pub enum Wire {
    /// A message for a connection.
    Send(ConnId, Vec<u8>),
    /// The end of a connection.
    Close(ConnId),
}

/// When disk and network are done with what they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// At once.
    AtOnce,
    /// When [`SimRelay::flush`] and [`SimRelay::sent`] say so.
    WhenTold,
}

/// What a disk can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskState {
    /// Everything.
    Sound,
    /// It has no room.
    Full,
    /// It gives nothing back.
    Unreadable,
}

fn identity() -> Identity {
    Identity {
        key: SigningKey::from_seed([0x11; 32]),
        incarnation: Incarnation([0x22; 16]),
        setup: Some(SetupCode::token_hash(&TOKEN)),
    }
}

fn open(disk: &Disk) -> Relay {
    Relay::open(identity(), disk.last(), disk.statements()).expect("its own log")
}

impl SimRelay {
    /// A relay that was never started before.
    #[must_use]
    pub fn new(pace: Pace) -> Self {
        let disk = Disk::default();
        let (asked, arrived) = (VecDeque::new(), VecDeque::new());
        Self { relay: open(&disk), disk, asked, arrived, state: DiskState::Sound, pace }
    }

    /// Another one that starts on a copy of its disk.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self { relay: open(&self.disk), disk: self.disk.clone(), ..Self::new(self.pace) }
    }

    /// One that starts on a disk.
    #[must_use]
    pub fn on(disk: Disk) -> Self {
        Self { relay: open(&disk), disk, ..Self::new(Pace::AtOnce) }
    }

    /// The code that founds its office.
    #[must_use]
    pub fn setup_code(&self) -> String {
        SetupCode { token: TOKEN, relay: RelayKey(identity().key.public()) }.to_text()
    }

    /// What a code of another token or of another relay's key, made of this seed, looks like.
    #[must_use]
    pub fn setup_code_of(&self, token: [u8; 16], seed: [u8; 32]) -> String {
        SetupCode { token, relay: RelayKey(SigningKey::from_seed(seed).public()) }.to_text()
    }

    /// Kills it and starts it again: what was under way is lost, connections too.
    pub fn crash(&mut self, tail: Tail) {
        self.asked.clear();
        self.arrived.clear();
        self.disk.crash(tail);
        self.relay = open(&self.disk);
    }

    /// Says what its disk can do from now on.
    pub fn set_disk(&mut self, state: DiskState) {
        self.state = state;
    }

    /// A connection was opened.
    pub fn opened(&mut self, conn: ConnId) {
        self.arrived.push_back(Arrival::Opened(conn));
    }

    /// Bytes arrived.
    pub fn received(&mut self, conn: ConnId, bytes: &[u8]) {
        let message = check(bytes).map(|message| Arrival::Message(conn, message));
        self.arrived.push_back(message.unwrap_or(Arrival::Invalid(conn)));
    }

    /// A connection is gone.
    pub fn closed(&mut self, conn: ConnId) {
        self.arrived.push_back(Arrival::Closed(conn));
    }

    /// Some time has passed.
    pub fn tick(&mut self) {
        self.arrived.push_back(Arrival::Tick);
    }

    /// So many bytes have left for a connection.
    pub fn sent(&mut self, conn: ConnId, bytes: usize) {
        self.asked.push_back(Input::Sent { conn, bytes });
    }

    /// What was written is durable.
    pub fn flush(&mut self) {
        if self.disk.is_dirty() {
            self.disk.sync();
            self.asked.push_back(Input::Committed);
        }
    }

    /// Every entry that is held, by space.
    pub fn held(&self) -> impl Iterator<Item = (SpaceId, &[u8])> {
        self.disk.entries().map(|(space, filed)| (space, &filed.bytes[..]))
    }

    /// Its signing key, for those who speak in its place.
    #[must_use]
    pub fn key(&self) -> SigningKey {
        identity().key
    }

    /// The life of its log.
    #[must_use]
    pub fn incarnation(&self) -> Incarnation {
        identity().incarnation
    }

    /// The roster's entries with their times, as the relay shows them to who joins.
    #[must_use]
    pub fn roster(&self) -> Vec<Item> {
        self.disk.statements()
    }

    /// What waits inside.
    #[cfg(feature = "sim")]
    #[must_use]
    pub fn waiting(&self) -> mingcha_core::relay::inspect::Waiting {
        self.relay.waiting()
    }

    /// Whether [`SimRelay::step`] would do something.
    #[must_use]
    pub fn has_work(&self) -> bool {
        !self.asked.is_empty() || self.relay.is_taking() && !self.arrived.is_empty()
    }

    /// Works off one input; none when there is nothing to do.
    pub fn step(&mut self, now: Timestamp) -> Option<Vec<Wire>> {
        if !self.has_work() {
            return None;
        }
        let input = match self.asked.pop_front() {
            Some(input) => input,
            None => {
                let arrival = self.arrived.pop_front()?;
                self.input(arrival)
            }
        };
        let mut wires = Vec::new();
        for output in self.relay.handle(now, input) {
            self.carry_out(output, &mut wires);
        }
        Some(wires)
    }

    fn input(&self, arrival: Arrival) -> Input {
        match arrival {
            Arrival::Opened(conn) => {
                let mut challenge = [0; 16];
                challenge[..8].copy_from_slice(&conn.0.to_be_bytes());
                Input::Opened { conn, challenge }
            }
            Arrival::Message(conn, message) => {
                let streams = message.streams();
                let heads = streams.iter().filter_map(|stream| Some((*stream, self.disk.head(stream)?)));
                let heads = heads.collect();
                Input::Received { conn, message, heads }
            }
            Arrival::Invalid(conn) => Input::Invalid { conn },
            Arrival::Closed(conn) => Input::Closed { conn },
            Arrival::Tick => Input::Tick,
        }
    }

    fn carry_out(&mut self, output: Output, wires: &mut Vec<Wire>) {
        match output {
            Output::Send { conn, bytes } => {
                if self.pace == Pace::AtOnce {
                    self.sent(conn, bytes.len());
                }
                wires.push(Wire::Send(conn, bytes.to_vec()));
            }
            Output::Close { conn, .. } => {
                self.closed(conn);
                wires.push(Wire::Close(conn));
            }
            Output::Commit(_) if self.state == DiskState::Full => {
                self.asked.push_back(Input::CommitFailed(Failure::Full));
            }
            Output::Commit(group) => {
                self.disk.write(&group);
                if self.pace == Pace::AtOnce {
                    self.flush();
                }
            }
            Output::Fetch { conn, space, from, max_bytes } => {
                let items = self.can_read().map(|()| self.disk.items(&space, from, max_bytes));
                self.asked.push_back(Input::Fetched { conn, space, from, items });
            }
            Output::Recall { conn, stream, entries } => {
                let found = self.can_read().map(|()| self.disk.recall(&stream));
                self.asked.push_back(Input::Recalled { conn, entries, found });
            }
        }
    }

    fn can_read(&self) -> Result<(), Failure> {
        if self.state == DiskState::Unreadable { Err(Failure::Failing) } else { Ok(()) }
    }
}

impl Default for SimRelay {
    fn default() -> Self {
        Self::new(Pace::AtOnce)
    }
}
