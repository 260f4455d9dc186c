//! A relay with everything around it in memory: what it asks for is done at once, unless a test holds it back.

use crate::office::{Device, Office};
use mingcha_core::code::SetupCode;
use mingcha_core::crypto::{Purpose, SigningKey};
use mingcha_core::entry::Entry;
use mingcha_core::ids::{Incarnation, RelayKey, SpaceId, StreamId};
use mingcha_core::problem::Refusal;
use mingcha_core::relay::group::{Group, SpaceGroup, StreamHead};
use mingcha_core::relay::{CloseReason, ConnId, Failure, Identity, Input, Output, Recalled, Relay, check};
use mingcha_core::time::Timestamp;
use mingcha_core::wire::{FromRelay, Handshake, Item, PROTOCOL, ToRelay};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

pub const TOKEN: [u8; 16] = [42; 16];
pub const INCARNATION: Incarnation = Incarnation([77; 16]);

/// What becomes of a group.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    Works,
    /// It stays on its way until the test says otherwise.
    Held,
    Fails(Failure),
}

/// Whether what is sent leaves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Network {
    Works,
    Stuck,
}

pub struct Bench {
    pub relay: Relay,
    pub key: SigningKey,
    pub now: Timestamp,
    pub disk: Disk,
    pub network: Network,
    /// Everything durable.
    pub groups: Vec<Arc<Group>>,
    flying: Option<Arc<Group>>,
    inbox: BTreeMap<ConnId, Vec<FromRelay>>,
    pub closed: Vec<(ConnId, CloseReason)>,
    next: u64,
}

impl Bench {
    /// A relay at its first start.
    pub fn new() -> Self {
        Self::of(Vec::new())
    }

    /// A relay that starts on what is durable.
    pub fn of(groups: Vec<Arc<Group>>) -> Self {
        let key = SigningKey::from_seed([99; 32]);
        let setup = Some(SetupCode::token_hash(&TOKEN));
        let identity = Identity { key: key.clone(), incarnation: INCARNATION, setup };
        let mut last: BTreeMap<SpaceId, (Timestamp, SpaceGroup)> = BTreeMap::new();
        for group in &groups {
            for added in &group.spaces {
                last.insert(added.space, (group.at, added.clone()));
            }
        }
        let founding = groups.first().and_then(|group| group.spaces.first()).map(|added| added.space);
        let statements = founding.map(|space| items(&groups, space, 0)).unwrap_or_default();
        let relay = Relay::open(identity, last.into_values().collect(), statements).unwrap();
        Self {
            relay,
            key,
            now: Timestamp(1_000),
            disk: Disk::Works,
            network: Network::Works,
            groups,
            flying: None,
            inbox: BTreeMap::new(),
            closed: Vec::new(),
            next: 0,
        }
    }

    /// A relay with an office.
    pub fn founded() -> (Self, Office) {
        let mut bench = Self::new();
        let office = Office::new(bench.public());
        let conn = bench.connect();
        bench.say(conn, &ToRelay::Claim { token: TOKEN, entry: office.statements[0].bytes().to_vec() });
        for statement in &office.statements[1..] {
            bench.put(conn, &[statement]);
        }
        assert!(bench.heard(conn).iter().all(|said| matches!(said, FromRelay::Receipts { .. })));
        (bench, office)
    }

    pub fn public(&self) -> RelayKey {
        RelayKey(self.key.public())
    }

    /// A connection on which nothing was said.
    pub fn open(&mut self) -> ConnId {
        let conn = ConnId(self.next);
        self.next += 1;
        self.feed(Input::Opened { conn, challenge: [conn.0 as u8; 16] });
        conn
    }

    /// A connection that was welcomed.
    pub fn connect(&mut self) -> ConnId {
        let conn = self.open();
        self.say(conn, &ToRelay::Hello { version: PROTOCOL, nonce: [8; 16] });
        assert!(matches!(self.heard(conn)[..], [FromRelay::Welcome { .. }]));
        conn
    }

    /// A connection with a session, and credit to read.
    pub fn session(&mut self, device: &Device) -> ConnId {
        let conn = self.open();
        self.say(conn, &ToRelay::Hello { version: PROTOCOL, nonce: [8; 16] });
        let welcome = self.heard(conn).remove(0);
        let signature = handshake(&welcome, [8; 16]).sign(Purpose::SignSession, &device.sign);
        self.say(conn, &ToRelay::Session { device: device.key(), signature });
        assert_eq!(self.heard(conn), [FromRelay::Granted]);
        self.say(conn, &ToRelay::Credit { bytes: 1 << 20 });
        conn
    }

    pub fn say(&mut self, conn: ConnId, message: &ToRelay) {
        match check(&message.encode()) {
            Ok(message) => {
                let streams = message.streams();
                let heads = streams.into_iter().filter_map(|stream| Some((stream, self.head(stream)?)));
                let heads = heads.collect();
                self.feed(Input::Received { conn, message, heads });
            }
            Err(_) => self.feed(Input::Invalid { conn }),
        }
    }

    pub fn put(&mut self, conn: ConnId, entries: &[&Entry]) {
        self.put_bytes(conn, entries.iter().map(|entry| entry.bytes().to_vec()).collect());
    }

    pub fn put_bytes(&mut self, conn: ConnId, entries: Vec<Vec<u8>>) {
        self.say(conn, &ToRelay::Put { entries });
    }

    /// Puts one entry and tells why it was refused; `None` when it was acknowledged.
    pub fn refusal(&mut self, conn: ConnId, entry: &Entry) -> Option<Refusal> {
        self.put(conn, &[entry]);
        match self.heard(conn)[..] {
            [FromRelay::Refused { entry: id, code }] => {
                assert_eq!(id, entry.id());
                Some(Refusal::from_code(code))
            }
            [FromRelay::Receipts { .. }] => None,
            ref other => panic!("neither refused nor acknowledged: {other:?}"),
        }
    }

    pub fn subscribe(&mut self, conn: ConnId, space: SpaceId, from: u64) {
        self.say(conn, &ToRelay::Subscribe { space, incarnation: INCARNATION, from });
    }

    /// What was said to a connection since the last time.
    pub fn heard(&mut self, conn: ConnId) -> Vec<FromRelay> {
        self.inbox.remove(&conn).unwrap_or_default()
    }

    /// Lets the group that was held become durable.
    pub fn release(&mut self) {
        let group = self.flying.take().unwrap();
        self.groups.push(group);
        self.feed(Input::Committed);
    }

    /// Lets the group that was held be lost.
    pub fn forget_flight(&mut self) {
        self.flying = None;
    }

    pub fn is_flying(&self) -> bool {
        self.flying.is_some()
    }

    /// The entries of a space that are durable.
    pub fn items(&self, space: SpaceId) -> Vec<Item> {
        items(&self.groups, space, 0)
    }

    pub fn feed(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for output in self.relay.handle(self.now, input) {
                inputs.extend(self.carry_out(output));
            }
        }
    }

    fn carry_out(&mut self, output: Output) -> Option<Input> {
        match output {
            Output::Send { conn, bytes } => {
                self.inbox.entry(conn).or_default().push(FromRelay::decode(&bytes).unwrap());
                (self.network == Network::Works).then_some(Input::Sent { conn, bytes: bytes.len() })
            }
            Output::Close { conn, why } => {
                self.closed.push((conn, why));
                None
            }
            Output::Commit(group) => match self.disk {
                Disk::Works => {
                    self.groups.push(group);
                    Some(Input::Committed)
                }
                Disk::Held => {
                    assert!(self.flying.replace(group).is_none(), "one at a time");
                    None
                }
                Disk::Fails(why) => Some(Input::CommitFailed(why)),
            },
            Output::Fetch { conn, space, from, max_bytes } => {
                let mut room = max_bytes;
                let mut items = items(&self.groups, space, from as usize);
                let fits = |item: &Item| {
                    let before = room;
                    room = room.saturating_sub(item.entry.len());
                    before > 0
                };
                let count = items.iter().map(fits).take_while(|fits| *fits).count();
                items.truncate(count.max(1));
                Some(Input::Fetched { conn, space, from, items: Ok(items) })
            }
            Output::Recall { conn, stream, entries } => {
                let wanted = entries.iter().map(|entry| entry.header().sequence).collect();
                let found = Ok(self.recall(stream, &wanted));
                Some(Input::Recalled { conn, entries, found })
            }
        }
    }

    fn head(&self, stream: StreamId) -> Option<StreamHead> {
        let added = self.groups.iter().flat_map(|group| &group.spaces);
        let filed =
            added.flat_map(|added| added.entries.iter().zip(added.base()..).map(|it| (added.space, it)));
        let of_stream = filed.filter(|(_, (filed, _))| filed.stream == stream);
        of_stream.last().map(|(space, (filed, position))| StreamHead::of(space, filed, position))
    }

    fn recall(&self, stream: StreamId, wanted: &BTreeSet<u64>) -> Vec<Recalled> {
        let mut found = Vec::new();
        for group in &self.groups {
            for added in &group.spaces {
                let entries = added.entries.iter().zip(added.receipts(group.at));
                let here =
                    entries.filter(|(filed, _)| filed.stream == stream && wanted.contains(&filed.sequence));
                let receipts = here.map(|(filed, receipt)| (filed.sequence, receipt)).collect();
                found.push(Recalled { checkpoint: added.checkpoint.clone(), receipts });
            }
        }
        found
    }
}

pub fn handshake(welcome: &FromRelay, nonce: [u8; 16]) -> Handshake {
    let &FromRelay::Welcome { relay, incarnation, challenge, time, office, signature, .. } = welcome else {
        panic!("not welcome: {welcome:?}")
    };
    let handshake = Handshake { relay, incarnation, nonce, challenge, time, office };
    assert!(handshake.is_welcome(&signature));
    handshake
}

fn items(groups: &[Arc<Group>], space: SpaceId, from: usize) -> Vec<Item> {
    let added = groups.iter().flat_map(|group| group.spaces.iter().map(|added| (group.at, added)));
    let of_space = added.filter(|(_, added)| added.space == space);
    let all = of_space.flat_map(|(at, added)| {
        added.entries.iter().map(move |filed| Item { time: at, entry: filed.bytes.clone() })
    });
    all.skip(from).collect()
}
