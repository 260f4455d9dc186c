//! A relay that lies to a device, and a member's device that signs what no honest program would.

use super::Checker;
use super::dice::Dice;
use super::plan::{Attack, Lie};
use super::run::Run;
use crate::relay::SimRelay;
use crate::rogue::{self, Rogue};
use flate2::Compression;
use flate2::read::DeflateEncoder;
use mingcha_core::crypto::{Purpose, SealKey, SigningKey};
use mingcha_core::document::{Kind, MAX_INFLATED_BYTES};
use mingcha_core::entry::{Entry, MAX_ENTRY_BYTES, Payload};
use mingcha_core::ids::{DatasetId, DocumentId, EntryId, Nonce, SpaceId, StreamId};
use mingcha_core::log::{Checkpoint, Origin, Receipt, SignedCheckpoint};
use mingcha_core::problem::Refusal;
use mingcha_core::relay::ConnId;
use mingcha_core::roster::SpaceKind;
use mingcha_core::roster::statement::{FirstEpoch, FormTeam, Statement};
use mingcha_core::view::Access;
use mingcha_core::wire::{FromRelay, Handshake, Item, PROTOCOL, ToRelay, Trouble};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// A relay that lies.
#[derive(Default)]
pub struct Liar {
    /// To whom, and how.
    pub lie: Option<(usize, Lie)>,
    withheld: Option<Item>,
}

impl Liar {
    /// What becomes of a message on its way to somebody.
    pub fn alter(
        &mut self,
        who: usize,
        message: FromRelay,
        bytes: Vec<u8>,
        relay: &SimRelay,
        dice: &mut Dice,
    ) -> Vec<Vec<u8>> {
        let Some((_, lie)) = self.lie.filter(|(victim, _)| *victim == who) else { return vec![bytes] };
        match (lie, message) {
            (Lie::Garbage, _) if dice.below(4) == 0 => vec![vec![0xff; 10]],
            (Lie::Trouble, FromRelay::Receipts { .. }) => {
                let what = dice.one_of(&[Trouble::Full, Trouble::Failing, Trouble::Busy]);
                vec![FromRelay::Trouble { what }.encode()]
            }
            (Lie::Refuse, FromRelay::Receipts { receipts, .. }) => {
                let code = dice.one_of(&[Refusal::NotAllowed, Refusal::Gap, Refusal::TooLarge]).code();
                let refuse = |receipt: &Receipt| FromRelay::Refused { entry: receipt.entry, code }.encode();
                receipts.iter().map(refuse).collect()
            }
            (Lie::Head, FromRelay::Head { space, checkpoint }) if !checkpoint.is_empty() => {
                let key = relay.key();
                let relay = mingcha_core::ids::RelayKey(key.public());
                let Ok(real) = SignedCheckpoint::verify(&checkpoint, &relay) else { return vec![bytes] };
                let checkpoint = SignedCheckpoint::sign(&Checkpoint { root: [9; 32], ..real }, &key);
                vec![FromRelay::Head { space, checkpoint }.encode()]
            }
            (_, FromRelay::Entries { space, from, items }) if !items.is_empty() => {
                self.alter_entries(lie, space, from, items, dice)
            }
            _ => vec![bytes],
        }
    }

    fn alter_entries(
        &mut self,
        lie: Lie,
        space: SpaceId,
        from: u64,
        mut items: Vec<Item>,
        dice: &mut Dice,
    ) -> Vec<Vec<u8>> {
        let some = dice.below(items.len());
        match lie {
            Lie::Withhold => return Vec::new(),
            Lie::Reorder if items.len() > 1 => items.swap(0, some.max(1)),
            Lie::Reorder => match self.withheld.take() {
                Some(earlier) => items.push(earlier),
                None => {
                    self.withheld = items.pop();
                    return Vec::new();
                }
            },
            Lie::Repeat => items.push(items[0].clone()),
            Lie::Flip => {
                let entry = &mut items[some].entry;
                let at = dice.below(entry.len());
                entry[at] ^= 1 << dice.below(8);
            }
            Lie::Resign => items[some].entry = signed_by_another(&items[some].entry),
            _ => {}
        }
        vec![FromRelay::Entries { space, from, items }.encode()]
    }

    /// Whether a message of somebody is kept from the relay, to be answered in its place.
    pub fn swallows(&self, who: usize, bytes: &[u8]) -> bool {
        self.lie == Some((who, Lie::Receipt)) && matches!(ToRelay::decode(bytes), Ok(ToRelay::Put { .. }))
    }

    /// Receipts for entries that nobody holds.
    pub fn forge_receipts(&self, bytes: &[u8], relay: &SimRelay) -> Vec<Vec<u8>> {
        let Ok(ToRelay::Put { entries }) = ToRelay::decode(bytes) else { return Vec::new() };
        let incarnation = relay.incarnation();
        let entries = entries.into_iter().filter_map(|bytes| Entry::check(bytes).ok());
        let forged = entries.map(|entry| {
            let space = entry.header().space;
            let origin = Origin { space, incarnation };
            let time = mingcha_core::time::Timestamp(1);
            let receipt = Receipt { entry: entry.id(), sequence: 0, time, path: vec![] };
            let root = mingcha_core::log::leaf_hash(&entry.id(), time);
            let key = SigningKey::from_seed([0x12; 32]);
            let checkpoint = SignedCheckpoint::sign(&Checkpoint { origin, size: 1, root }, &key);
            FromRelay::Receipts { space, checkpoint, receipts: vec![receipt] }.encode()
        });
        forged.collect()
    }
}

/// The same entry with a signature of somebody else.
fn signed_by_another(bytes: &[u8]) -> Vec<u8> {
    let mut forged = bytes.to_vec();
    let Ok(entry) = Entry::check(bytes.to_vec()) else { return forged };
    let signature = SigningKey::from_seed([6; 32]).sign(Purpose::SignEntry, &[&entry.id().0]);
    let mut decoder = minicbor::Decoder::new(bytes);
    let skipped = decoder.array().and_then(|_| decoder.skip()).and_then(|()| decoder.skip());
    if skipped.is_ok() {
        let at = decoder.position() + 2;
        forged[at..at + signature.len()].copy_from_slice(&signature);
    }
    forged
}

/// A member whose device is hostile.
pub struct Villain {
    rogue: Rogue,
    /// Its connections.
    pub conns: BTreeSet<ConnId>,
    greeted: BTreeMap<ConnId, Vec<ToRelay>>,
    /// What the relay must answer to each of its entries.
    expected: BTreeMap<EntryId, Result<(), Refusal>>,
    /// Why readers must refuse those of its entries that the relay takes.
    pub refused: BTreeMap<EntryId, Refusal>,
    /// The documents that it wrote as anybody may.
    pub honest: BTreeMap<EntryId, DocumentId>,
    acts: u64,
}

impl Run {
    /// Lets a hostile member into the first team.
    pub fn admit_villain(&mut self) {
        let Some(code) = self.invite(0) else { return };
        let (rogue, join) = Rogue::invited(&self.relay, &code);
        self.villain = Some(Villain {
            rogue,
            conns: BTreeSet::new(),
            greeted: BTreeMap::new(),
            expected: [(join.id(), Ok(()))].into(),
            refused: BTreeMap::new(),
            honest: BTreeMap::new(),
            acts: 0,
        });
        self.villain_says(vec![put(&[&join])]);
        self.settle(10_000);
    }

    /// The hostile device says something over a connection of its own.
    fn villain_says(&mut self, messages: Vec<ToRelay>) {
        let conn = self.network.number();
        let Some(villain) = &mut self.villain else { return };
        villain.conns.insert(conn);
        villain.greeted.insert(conn, messages);
        self.relay.opened(conn);
        self.relay.received(conn, &ToRelay::Hello { version: PROTOCOL, nonce: [0; 16] }.encode());
    }

    /// The relay answers the hostile device.
    pub fn villain_hears(&mut self, conn: ConnId, message: &FromRelay) {
        let Some(villain) = &mut self.villain else { return };
        let entry_of = |entry: &EntryId, told: Result<(), Refusal>| {
            let wanted = villain.expected.get(entry)?;
            // A statement that is on its way to the disk comes before the question whether this one is allowed.
            let is_overtaken = told == Err(Refusal::RosterMoved) && *wanted == Err(Refusal::NotAllowed);
            (*wanted != told && !is_overtaken)
                .then(|| format!("the relay answers {told:?} instead of {wanted:?}"))
        };
        let flaw = match message {
            FromRelay::Welcome { relay, incarnation, challenge, time, office, .. } => {
                let nonce = [0; 16];
                let (relay, incarnation, challenge) = (*relay, *incarnation, *challenge);
                let handshake =
                    Handshake { relay, incarnation, nonce, challenge, time: *time, office: *office };
                for message in villain.greeted.remove(&conn).unwrap_or_default() {
                    let message = match message {
                        ToRelay::Session { device, .. } => {
                            let signature = villain.rogue.sign_session(&handshake);
                            ToRelay::Session { device, signature }
                        }
                        other => other,
                    };
                    self.relay.received(conn, &message.encode());
                }
                None
            }
            FromRelay::Receipts { receipts, .. } => {
                receipts.iter().find_map(|receipt| entry_of(&receipt.entry, Ok(())))
            }
            FromRelay::Refused { entry, code } => entry_of(entry, Err(Refusal::from_code(*code))),
            FromRelay::Entries { .. } => Some("the relay lets it read what it may not".to_owned()),
            _ => None,
        };
        if let Some(flaw) = flaw {
            let checker = if flaw.contains("read") { Checker::Secret } else { Checker::Refused };
            self.find(checker, flaw);
        }
    }

    /// From now on the relay lies to somebody who is in.
    pub fn begin_lying(&mut self, who: usize, lie: Lie) {
        let is_open = matches!(self.access(who), Some(Access::Open(_)));
        let is_admitted = self.device(who).waiting().outbox == 0;
        if self.people[who].joined && is_open && is_admitted {
            self.stop_lying();
            self.people[who].shaken = true;
            self.lie_to(who, lie);
        }
    }

    /// Lies to somebody, whoever it is.
    pub fn lie_to(&mut self, who: usize, lie: Lie) {
        self.count(match lie {
            Lie::Withhold => "relay withholds",
            Lie::Reorder => "relay reorders",
            Lie::Repeat => "relay repeats",
            Lie::Flip | Lie::Resign | Lie::Receipt | Lie::Head => "relay forges",
            Lie::Refuse | Lie::Trouble | Lie::Garbage => "relay talks nonsense",
        });
        self.people[who].was_lied_to = true;
        self.liar.lie = Some((who, lie));
    }

    /// The relay no longer lies.
    pub fn stop_lying(&mut self) {
        let Liar { lie, .. } = core::mem::take(&mut self.liar);
        if let Some((who, _)) = lie {
            self.cut_all(who);
        }
    }

    /// The hostile device does something.
    pub fn attack(&mut self, attack: Attack) {
        let Some(mut villain) = self.villain.take() else { return };
        self.count(attack.name());
        let messages = self.prepare(&mut villain, attack);
        self.villain = Some(villain);
        self.villain_says(messages);
    }

    fn prepare(&mut self, villain: &mut Villain, attack: Attack) -> Vec<ToRelay> {
        villain.acts += 1;
        let mut nonce = [0xe1; 16];
        nonce[..8].copy_from_slice(&villain.acts.to_be_bytes());
        villain.rogue.begin_stream(Nonce(nonce));
        let (relay, team) = (&self.relay, self.teams[0].space);
        let roster = rogue::roster(relay);
        let document = DocumentId(nonce);
        let visit = villain.rogue.visit(document, team);
        // Readers refuse these, each for its reason; the relay, which cannot look inside, takes them.
        let batch = |batch: Vec<u8>| {
            let kind = Kind::Visit as u8;
            Payload::Changes { document, kind, nonces: vec![], batch }
        };
        let inside = match attack {
            Attack::WrongKey => Some((visit.clone(), Refusal::WrongSeal)),
            Attack::NoPayload => Some((batch(b"no batch".to_vec()), Refusal::MalformedPayload)),
            Attack::Bomb => Some((batch(bomb()), Refusal::MalformedPayload)),
            Attack::ForeignActor => {
                let changes = rogue::begun(StreamId([0x77; 16]));
                Some((rogue::changes(document, Kind::Visit, &changes), Refusal::ForeignActor))
            }
            Attack::WrongKind => Some((rogue::changes(document, Kind::Office, &[]), Refusal::NotAllowed)),
            _ => None,
        };
        if let Some((payload, why)) = inside {
            let entry = match attack {
                Attack::WrongKey => villain.rogue.sealed(relay, team, &payload, &SealKey([1; 32])),
                _ => villain.rogue.entry(relay, team, &payload),
            };
            villain.expected.insert(entry.id(), Ok(()));
            villain.refused.insert(entry.id(), why);
            return vec![put(&[&entry])];
        }
        match attack {
            Attack::Fork => {
                let first = villain.rogue.entry(relay, team, &visit);
                villain.rogue.begin_stream(Nonce(nonce));
                let second = villain.rogue.entry(relay, team, &Payload::Nothing);
                villain.honest.insert(first.id(), document);
                villain.expected.insert(first.id(), Ok(()));
                villain.expected.insert(second.id(), Err(Refusal::Fork));
                vec![put(&[&first, &second])]
            }
            Attack::Twins => {
                // Whoever is there gets one after the other, and whoever comes later both at once.
                let first = villain.rogue.entry(relay, team, &visit);
                let other = rogue::begun_at(villain.rogue.actor(team), "410998");
                let second = villain.rogue.entry(relay, team, &rogue::changes(document, Kind::Visit, &other));
                // Of the second there is no telling: when the first is lost it leaves a gap.
                villain.expected.insert(first.id(), Ok(()));
                vec![put(&[&first]), put(&[&second])]
            }
            Attack::Replay => {
                let all: Vec<_> = self.relay.held().map(|(_, bytes)| bytes.to_vec()).collect();
                let some = all[self.dice.below(all.len())].clone();
                vec![ToRelay::Put { entries: vec![some] }]
            }
            Attack::Pry => {
                let mut spaces = vec![roster.only_space(SpaceKind::Desk)];
                spaces.extend(self.teams[1..].iter().map(|team| team.space));
                let device = villain.rogue.device();
                let incarnation = self.relay.incarnation();
                let wanted =
                    spaces.into_iter().map(|space| ToRelay::Subscribe { space, incarnation, from: 0 });
                let session = [ToRelay::Session { device, signature: [0; 64] }];
                session.into_iter().chain([ToRelay::Credit { bytes: 1 << 20 }]).chain(wanted).collect()
            }
            Attack::TooLarge => {
                let entry = villain.rogue.entry(relay, team, &visit);
                let mut bytes = entry.bytes().to_vec();
                bytes.resize(MAX_ENTRY_BYTES + 1, 0);
                villain.expected.insert(entry.id(), Err(Refusal::TooLarge));
                vec![ToRelay::Put { entries: vec![bytes] }]
            }
            Attack::WrongSignature => {
                let entry = villain.rogue.entry(relay, team, &visit);
                villain.expected.insert(entry.id(), Err(Refusal::WrongSignature));
                vec![ToRelay::Put { entries: vec![signed_by_another(entry.bytes())] }]
            }
            other => {
                let (entry, told) = outside(villain, relay, other, team, &visit);
                if told.is_ok() {
                    villain.honest.insert(entry.id(), document);
                }
                villain.expected.insert(entry.id(), told);
                vec![put(&[&entry])]
            }
        }
    }
}

/// An entry that is sound in itself, and what the relay must say to it.
fn outside(
    villain: &mut Villain,
    relay: &SimRelay,
    attack: Attack,
    team: SpaceId,
    visit: &Payload,
) -> (Entry, Result<(), Refusal>) {
    let rogue = &mut villain.rogue;
    let roster = rogue::roster(relay);
    match attack {
        Attack::WrongSpace => {
            let part = Payload::DatasetPart { dataset: DatasetId([1; 16]), index: 0, part: vec![1] };
            let office = roster.only_space(SpaceKind::Office);
            (rogue.entry(relay, office, &part), Err(Refusal::NotAllowed))
        }
        Attack::UnknownHead => (rogue.citing_nothing(team), Err(Refusal::UnknownRosterHead)),
        Attack::Gap => {
            let _ = rogue.entry(relay, team, visit);
            (rogue.entry(relay, team, visit), Err(Refusal::Gap))
        }
        Attack::Statement => {
            let commitment = mingcha_core::ids::Digest([7; 32]);
            let epoch = FirstEpoch { kind: SpaceKind::Team, commitment, public: None, wraps: vec![] };
            let statement = Statement::FormTeam(FormTeam { space: SpaceId([0xe5; 16]), epoch });
            let entry = rogue.state(relay, &statement);
            let told = roster.clone().apply(&entry, mingcha_core::time::Timestamp(0));
            (entry, told)
        }
        _ => (rogue.entry(relay, team, visit), Ok(())),
    }
}

/// A batch that inflates to more than anybody may send.
fn bomb() -> Vec<u8> {
    let zeros = vec![0; MAX_INFLATED_BYTES + 1];
    let mut bytes = vec![1];
    DeflateEncoder::new(&zeros[..], Compression::fast()).read_to_end(&mut bytes).expect("memory");
    bytes
}

fn put(entries: &[&Entry]) -> ToRelay {
    ToRelay::Put { entries: entries.iter().map(|entry| entry.bytes().to_vec()).collect() }
}
