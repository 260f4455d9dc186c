//! The relay among clients that say anything in any order, on a disk that fails, crashing in between: what it
//! acknowledged it holds, once and in order, and it shows everybody the log that it signed.

use crate::office::{Device, Office, TEAM, invite, join, team};
use crate::script::Script;
use mingcha_core::code::{InvitationSecret, SetupCode};
use mingcha_core::crypto::Purpose;
use mingcha_core::entry::Entry;
use mingcha_core::ids::{EntryId, Incarnation, RelayKey, SpaceId, StreamId};
use mingcha_core::log::{SignedCheckpoint, Tree, leaf_hash};
use mingcha_core::relay::ConnId;
use mingcha_core::roster::Roster;
use mingcha_core::time::Timestamp;
use mingcha_core::wire::{FromRelay, Handshake, PROTOCOL, ToRelay};
use mingcha_tests::disk::Tail;
use mingcha_tests::relay::{DiskState, SimRelay, Wire};
use std::collections::{BTreeMap, BTreeSet};

/// The most things that happen.
const MOST_DEEDS: usize = 96;
const NONCE: [u8; 16] = [8; 16];

struct Bench {
    relay: SimRelay,
    key: RelayKey,
    office: Office,
    outsider: Device,
    now: Timestamp,
    next: u64,
    /// Those that are open, with what they were welcomed with.
    conns: BTreeMap<ConnId, Option<Handshake>>,
    made: Vec<Entry>,
    acknowledged: BTreeSet<EntryId>,
    heard: Vec<FromRelay>,
}

/// Every few bytes are one thing that happens.
pub fn run(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let mut bench = Bench::founded();
    for _ in 0..MOST_DEEDS {
        if script.is_over() {
            break;
        }
        bench.deed(&mut script);
    }
    bench.relay.set_disk(DiskState::Sound);
    bench.run();
    let held = bench.is_sound();
    bench.crash();
    assert_eq!(bench.is_sound(), held, "a restart changes nothing");
}

impl Bench {
    fn founded() -> Self {
        let relay = SimRelay::default();
        let key = RelayKey(relay.key().public());
        let office = Office::new(key);
        let token = SetupCode::parse(&relay.setup_code()).expect("its own code").token;
        let mut bench = Self {
            relay,
            key,
            office,
            outsider: Device::new(9),
            now: Timestamp(1_000),
            next: 0,
            conns: BTreeMap::new(),
            made: Vec::new(),
            acknowledged: BTreeSet::new(),
            heard: Vec::new(),
        };
        let conn = bench.connect();
        let mut statements = bench.office.statements.clone().into_iter();
        let entry = statements.next().expect("a genesis").bytes().to_vec();
        bench.say(conn, &ToRelay::Claim { token, entry });
        bench.run();
        for statement in statements {
            bench.say(conn, &ToRelay::Put { entries: vec![statement.bytes().to_vec()] });
            bench.run();
        }
        assert_eq!(bench.acknowledged.len(), bench.office.statements.len());
        bench
    }

    fn connect(&mut self) -> ConnId {
        let conn = ConnId(self.next);
        self.next += 1;
        self.conns.insert(conn, None);
        self.relay.opened(conn);
        self.say(conn, &ToRelay::Hello { version: PROTOCOL, nonce: NONCE });
        conn
    }

    fn say(&mut self, conn: ConnId, message: &ToRelay) {
        self.say_bytes(conn, &message.encode());
    }

    fn say_bytes(&mut self, conn: ConnId, bytes: &[u8]) {
        if self.conns.contains_key(&conn) {
            self.relay.received(conn, bytes);
        }
    }

    fn step(&mut self) -> bool {
        let Some(wires) = self.relay.step(self.now) else { return false };
        wires.into_iter().for_each(|wire| self.carry(wire));
        true
    }

    fn run(&mut self) {
        while self.step() {}
    }

    fn crash(&mut self) {
        self.relay.crash(Tail::Lost);
        self.conns.clear();
    }

    fn carry(&mut self, wire: Wire) {
        match wire {
            Wire::Close(conn) => drop(self.conns.remove(&conn)),
            Wire::Send(conn, bytes) => {
                let said = FromRelay::decode(&bytes).expect("the relay speaks well");
                match &said {
                    FromRelay::Welcome { relay, incarnation, challenge, time, office, signature, .. } => {
                        let (relay, incarnation, challenge) = (*relay, *incarnation, *challenge);
                        let (time, office) = (*time, *office);
                        let handshake =
                            Handshake { relay, incarnation, nonce: NONCE, challenge, time, office };
                        if handshake.is_welcome(signature) {
                            self.conns.insert(conn, Some(handshake));
                        }
                    }
                    FromRelay::Receipts { space, checkpoint, receipts } => {
                        for receipt in receipts {
                            receipt.verify(checkpoint, &self.key, space).expect("a sound receipt");
                            self.acknowledged.insert(receipt.entry);
                        }
                    }
                    _ => {}
                }
                self.heard.push(said);
            }
        }
    }

    fn conn(&mut self, script: &mut Script<'_>) -> ConnId {
        let which = script.below(self.conns.len() + 1);
        self.conns.keys().nth(which).copied().unwrap_or_else(|| self.connect())
    }

    fn device(&mut self, script: &mut Script<'_>) -> &mut Device {
        match script.below(8) {
            0 => &mut self.outsider,
            1..4 => &mut self.office.founder,
            _ => &mut self.office.inspector,
        }
    }

    fn roster(&self) -> Roster {
        let items = self.relay.roster();
        let mut roster: Option<Roster> = None;
        for item in items {
            let entry = Entry::check(item.entry).expect("held");
            match &mut roster {
                None => roster = Some(Roster::found(&entry).expect("held")),
                Some(roster) => roster.apply(&entry, item.time).expect("held"),
            }
        }
        roster.expect("an office was founded")
    }

    fn space(&self, script: &mut Script<'_>) -> SpaceId {
        let roster = &self.office.roster;
        match script.below(5) {
            0 => roster.roster_space(),
            1 => roster.only_space(mingcha_core::roster::SpaceKind::Office),
            2 => crate::office::OTHER_TEAM,
            _ => TEAM,
        }
    }

    fn deed(&mut self, script: &mut Script<'_>) {
        match script.below(16) {
            0 => drop(self.connect()),
            1 => {
                let (conn, bytes) = (self.conn(script), script.slice());
                self.say_bytes(conn, bytes);
            }
            2 | 3 => {
                let conn = self.conn(script);
                self.log_in(script, conn);
            }
            4..7 => self.write(script),
            7 => self.put_again(script),
            8 => self.put_harmed(script),
            9 => self.state(script),
            10 => {
                let (conn, space) = (self.conn(script), self.space(script));
                let from = u64::from(script.byte() / 16);
                self.say(conn, &ToRelay::Subscribe { space, incarnation: Incarnation([0x22; 16]), from });
                self.say(conn, &ToRelay::Credit { bytes: u32::from(script.number()) });
            }
            11 => {
                for _ in 0..script.byte() {
                    self.step();
                }
            }
            12 => match script.below(4) {
                0 => self.crash(),
                1 => self.relay.set_disk(DiskState::Full),
                _ => self.relay.set_disk(DiskState::Sound),
            },
            13 => {
                let conn = self.conn(script);
                self.conns.remove(&conn);
                self.relay.closed(conn);
            }
            14 => {
                let conn = self.conn(script);
                let locator = self.office.open.locator();
                self.say(conn, &ToRelay::Find { locator });
            }
            _ => self.now = self.now.after(u64::from(script.number())),
        }
    }

    fn log_in(&mut self, script: &mut Script<'_>, conn: ConnId) {
        self.run();
        let Some(Some(handshake)) = self.conns.get(&conn).copied() else { return };
        let device = self.device(script);
        let signature = handshake.sign(Purpose::SignSession, &device.sign);
        let device = device.key();
        self.say(conn, &ToRelay::Session { device, signature });
    }

    fn write(&mut self, script: &mut Script<'_>) {
        let (space, size) = (self.space(script), usize::from(script.number() % 2_000));
        let heads: Vec<_> = self.office.statements.iter().map(Entry::id).collect();
        let head = heads[heads.len() - 1 - script.below(heads.len() * 2).min(heads.len() - 1) / 4];
        let many = 1 + script.below(6);
        let fork = script.below(12) == 0;
        let device = self.device(script);
        let before = device.clone();
        let entries: Vec<_> = (0..many).map(|_| device.write(space, head, size)).collect();
        if fork {
            *device = before;
        }
        self.put(script, entries);
    }

    fn put(&mut self, script: &mut Script<'_>, entries: Vec<Entry>) {
        let conn = self.conn(script);
        let bytes = entries.iter().map(|entry| entry.bytes().to_vec()).collect();
        self.made.extend(entries);
        if script.below(8) != 0 {
            self.say(conn, &ToRelay::Put { entries: bytes });
        }
    }

    fn put_again(&mut self, script: &mut Script<'_>) {
        let conn = self.conn(script);
        let some = (0..1 + script.below(6)).filter_map(|_| {
            let at = self.made.len().checked_sub(1 + script.below(32))?;
            Some(self.made[at].bytes().to_vec())
        });
        let entries: Vec<_> = some.collect();
        self.say(conn, &ToRelay::Put { entries });
    }

    fn put_harmed(&mut self, script: &mut Script<'_>) {
        let conn = self.conn(script);
        let Some(entry) = self.made.last() else { return };
        let mut bytes = entry.bytes().to_vec();
        let at = usize::from(script.number()) % bytes.len();
        bytes[at] ^= 1 << script.below(8);
        assert_ne!(Entry::check(bytes.clone()).map(|entry| entry.id()), Ok(entry.id()));
        self.say(conn, &ToRelay::Put { entries: vec![bytes] });
    }

    fn state(&mut self, script: &mut Script<'_>) {
        let roster = if script.below(4) == 0 { self.office.roster.clone() } else { self.roster() };
        let which = script.byte();
        let secret =
            if which & 1 == 0 { self.office.open.clone() } else { InvitationSecret([which / 32; 16]) };
        let expires = Timestamp(u64::from(script.number()) * 16);
        let by_outsider = which & 2 == 0;
        let statement = match script.below(3) {
            0 => team(SpaceId([which; 16]), &self.office.founder),
            1 => invite(&secret, which, expires),
            _ => join(&self.outsider, &secret),
        };
        let device = if by_outsider { &mut self.outsider } else { &mut self.office.founder };
        let entry = device.state(&roster, &statement);
        self.put(script, vec![entry]);
    }

    /// Whether what is held is what was acknowledged, in order, and what a reader is shown; how much it is.
    fn is_sound(&mut self) -> usize {
        let mut streams: BTreeMap<StreamId, (u64, EntryId)> = BTreeMap::new();
        let mut spaces: BTreeMap<SpaceId, Vec<EntryId>> = BTreeMap::new();
        let held: Vec<_> = self.relay.held().map(|(space, bytes)| (space, bytes.to_vec())).collect();
        for (space, bytes) in &held {
            let entry = Entry::check(bytes.clone()).expect("held");
            let header = entry.header();
            assert_eq!(header.space, *space);
            match streams.insert(entry.stream(), (header.sequence, entry.id())) {
                None => assert_eq!(header.sequence, 0),
                Some((sequence, id)) => {
                    assert_eq!((header.sequence, header.previous), (sequence + 1, Some(id)));
                }
            }
            spaces.entry(*space).or_default().push(entry.id());
        }
        let ids: BTreeSet<_> = spaces.values().flatten().copied().collect();
        assert_eq!(ids.len(), held.len(), "everything is held once");
        assert!(self.acknowledged.is_subset(&ids), "what was acknowledged is held");
        let _ = self.roster();
        for (space, ids) in spaces {
            self.is_shown(space, &ids);
        }
        held.len()
    }

    fn is_shown(&mut self, space: SpaceId, ids: &[EntryId]) {
        let conn = self.connect();
        self.run();
        let handshake = self.conns[&conn].expect("welcome");
        let founder = &self.office.founder;
        let (device, signature) = (founder.key(), handshake.sign(Purpose::SignSession, &founder.sign));
        self.say(conn, &ToRelay::Session { device, signature });
        self.say(conn, &ToRelay::Credit { bytes: 8 << 20 });
        self.run();
        self.heard.clear();
        let incarnation = handshake.incarnation;
        self.say(conn, &ToRelay::Subscribe { space, incarnation, from: 0 });
        self.run();
        let mut tree = Tree::default();
        let mut shown = Vec::new();
        for said in std::mem::take(&mut self.heard) {
            match said {
                FromRelay::Entries { space: of, from, items } if of == space => {
                    assert_eq!(from, shown.len() as u64);
                    for item in items {
                        let id = Entry::check(item.entry).expect("held").id();
                        tree.push(leaf_hash(&id, item.time));
                        shown.push(id);
                    }
                }
                FromRelay::Head { space: of, checkpoint } if of == space => {
                    let signed = SignedCheckpoint::verify(&checkpoint, &self.key).expect("signed");
                    assert_eq!((signed.size, signed.root), (tree.size(), tree.root()));
                }
                _ => {}
            }
        }
        if self.may_read(space) {
            assert_eq!(shown, ids);
        }
    }

    fn may_read(&self, space: SpaceId) -> bool {
        let roster = self.roster();
        space == roster.roster_space() || roster.may_read(&self.office.founder.key(), &space)
    }
}
