//! The relay's pure half over a store in memory. What was not committed is lost when it crashes.

use mingcha_core::code::SetupCode;
use mingcha_core::crypto::SigningKey;
use mingcha_core::ids::{Incarnation, RelayKey, SpaceId, StreamId};
use mingcha_core::relay::group::{Group, SpaceGroup, StreamHead};
use mingcha_core::relay::{ConnId, Failure, Identity, Input, Output, Recalled, Relay, check};
use mingcha_core::time::Timestamp;
use mingcha_core::wire::Item;
use std::collections::{BTreeMap, VecDeque};

/// The set-up token of every simulated relay.
const TOKEN: [u8; 16] = [0x5e; 16];

/// What survives a crash.
#[derive(Clone, Default)]
struct Disk {
    groups: Vec<Group>,
}

/// See the module.
pub struct SimRelay {
    relay: Relay,
    disk: Disk,
    inputs: VecDeque<Input>,
    full: bool,
}

/// What the relay wants of the network.
pub enum Wire {
    /// A message for a connection.
    Send(ConnId, Vec<u8>),
    /// The end of a connection.
    Close(ConnId),
}

fn identity() -> Identity {
    Identity {
        key: SigningKey::from_seed([0x11; 32]),
        incarnation: Incarnation([0x22; 16]),
        setup: Some(SetupCode::token_hash(&TOKEN)),
    }
}

impl SimRelay {
    /// A relay that was never started before.
    #[must_use]
    pub fn new() -> Self {
        let disk = Disk::default();
        Self { relay: disk.open(), disk, inputs: VecDeque::new(), full: false }
    }

    /// Another one that starts on a copy of its disk.
    #[must_use]
    pub fn copy(&self) -> Self {
        let disk = self.disk.clone();
        Self { relay: disk.open(), disk, inputs: VecDeque::new(), full: false }
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
    pub fn crash(&mut self) {
        self.inputs.clear();
        self.relay = self.disk.open();
    }

    /// Lets its disk be full from now on, or no longer.
    pub fn set_disk(&mut self, space: DiskSpace) {
        self.full = space == DiskSpace::None;
    }

    /// A connection was opened.
    pub fn opened(&mut self, conn: ConnId) {
        let mut challenge = [0; 16];
        challenge[..8].copy_from_slice(&conn.0.to_be_bytes());
        self.inputs.push_back(Input::Opened { conn, challenge });
    }

    /// A message arrived. Bytes that are none end the connection.
    pub fn received(&mut self, conn: ConnId, bytes: &[u8]) -> Option<Wire> {
        match check(bytes) {
            Ok(message) => {
                self.inputs.push_back(Input::Received { conn, message, heads: Vec::new() });
                None
            }
            Err(_) => {
                self.closed(conn);
                Some(Wire::Close(conn))
            }
        }
    }

    /// A connection is gone.
    pub fn closed(&mut self, conn: ConnId) {
        self.inputs.push_back(Input::Closed { conn });
    }

    /// Every entry that is held, by space.
    pub fn held(&self) -> impl Iterator<Item = (SpaceId, &[u8])> {
        let spaces = self.disk.groups.iter().flat_map(|group| group.spaces.iter());
        spaces.flat_map(|group| group.entries.iter().map(|filed| (group.space, &filed.bytes[..])))
    }

    /// Its signing key, for those who speak in its place.
    #[must_use]
    pub fn key(&self) -> SigningKey {
        identity().key
    }

    /// The roster's entries with their times, as the relay shows them to who joins.
    #[must_use]
    pub fn roster(&self) -> Vec<Item> {
        self.disk.statements()
    }

    /// The next input. Messages wait while the relay takes none; where streams end is looked up when their turn comes.
    fn next_input(&mut self) -> Option<Input> {
        let is_taking = self.relay.is_taking();
        let may_come = |input: &Input| is_taking || !matches!(input, Input::Received { .. });
        let next = self.inputs.iter().position(may_come)?;
        let mut input = self.inputs.remove(next)?;
        if let Input::Received { message, heads, .. } = &mut input {
            let streams = message.streams().into_iter();
            heads.extend(streams.filter_map(|stream| Some((stream, self.disk.head(&stream)?))));
        }
        Some(input)
    }

    /// Works off one input; none when there is nothing to do.
    pub fn step(&mut self, now: Timestamp) -> Option<Vec<Wire>> {
        let input = self.next_input()?;
        let mut wires = Vec::new();
        for output in self.relay.handle(now, input) {
            match output {
                Output::Send { conn, bytes } => {
                    self.inputs.push_back(Input::Sent { conn, bytes: bytes.len() });
                    wires.push(Wire::Send(conn, bytes.to_vec()));
                }
                Output::Close { conn, .. } => {
                    self.inputs.push_back(Input::Closed { conn });
                    wires.push(Wire::Close(conn));
                }
                Output::Commit(_) if self.full => {
                    self.inputs.push_back(Input::CommitFailed(Failure::Full));
                }
                Output::Commit(group) => {
                    self.disk.groups.push((*group).clone());
                    self.inputs.push_back(Input::Committed);
                }
                Output::Fetch { conn, space, from, max_bytes } => {
                    let items = Ok(self.disk.items(&space, from, max_bytes));
                    self.inputs.push_back(Input::Fetched { conn, space, from, items });
                }
                Output::Recall { conn, stream, entries } => {
                    let found = Ok(self.disk.recall(&stream));
                    self.inputs.push_back(Input::Recalled { conn, entries, found });
                }
            }
        }
        Some(wires)
    }
}

impl Default for SimRelay {
    fn default() -> Self {
        Self::new()
    }
}

/// How much room a disk has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskSpace {
    /// Enough.
    Enough,
    /// None at all.
    None,
}

impl Disk {
    fn open(&self) -> Relay {
        let mut last: BTreeMap<SpaceId, (Timestamp, SpaceGroup)> = BTreeMap::new();
        for group in &self.groups {
            for space in &group.spaces {
                last.insert(space.space, (group.at, space.clone()));
            }
        }
        Relay::open(identity(), last.into_values().collect(), self.statements()).expect("its own log")
    }

    fn statements(&self) -> Vec<Item> {
        let roster = self.groups.first().and_then(|group| group.spaces.first()).map(|group| group.space);
        roster.map(|space| self.items(&space, 0, usize::MAX)).unwrap_or_default()
    }

    fn space_groups(&self, space: &SpaceId) -> impl Iterator<Item = (Timestamp, &SpaceGroup)> {
        let all = self.groups.iter().flat_map(|group| group.spaces.iter().map(|space| (group.at, space)));
        all.filter(move |(_, group)| group.space == *space)
    }

    fn head(&self, stream: &StreamId) -> Option<StreamHead> {
        let groups = self.groups.iter().rev().flat_map(|group| group.spaces.iter());
        groups.into_iter().find_map(|group| {
            let (index, filed) =
                group.entries.iter().enumerate().rfind(|(_, filed)| filed.stream == *stream)?;
            Some(StreamHead::of(group.space, filed, group.base() + index as u64))
        })
    }

    fn items(&self, space: &SpaceId, from: u64, max_bytes: usize) -> Vec<Item> {
        let all = self.space_groups(space).flat_map(|(at, group)| {
            let places = group.entries.iter().zip(group.base()..);
            places.map(move |(filed, place)| (place, Item { time: at, entry: filed.bytes.clone() }))
        });
        let mut size = 0;
        let wanted = all.filter(|(place, _)| *place >= from).take_while(|(_, item)| {
            let fits = size == 0 || size + item.entry.len() <= max_bytes;
            size += item.entry.len();
            fits
        });
        wanted.map(|(_, item)| item).collect()
    }

    fn recall(&self, stream: &StreamId) -> Vec<Recalled> {
        let groups = self.groups.iter().flat_map(|group| group.spaces.iter().map(|space| (group.at, space)));
        groups
            .map(|(at, group)| {
                let receipts = group.receipts(at);
                let own = group.entries.iter().zip(receipts).filter(|(filed, _)| filed.stream == *stream);
                let receipts = own.map(|(filed, receipt)| (filed.sequence, receipt)).collect();
                Recalled { checkpoint: group.checkpoint.clone(), receipts }
            })
            .filter(|recalled| !recalled.receipts.is_empty())
            .collect()
    }
}
