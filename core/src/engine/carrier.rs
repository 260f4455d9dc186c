//! The connection to the relay, and the outbox. It needs no keys: a locked device still sends.

use super::io::Output;
use crate::crypto::{Purpose, SigningKey};
use crate::entry::Entry;
use crate::ids::{DeviceKey, EntryId, RelayKey, SpaceId};
use crate::log::Receipt;
use crate::problem::{Problem, Refusal};
use crate::roster::statement::Statement;
use crate::time::Timestamp;
use crate::wire::{FromRelay, Handshake, Item, PROTOCOL, ToRelay, Trouble};
use std::collections::BTreeMap;

/// How much is put in one message.
const PUT_BYTES: usize = 128 * 1024;
/// How much may be put without an answer.
const UNANSWERED_BYTES: usize = 1024 * 1024;
/// The first and the longest pause before dialling again; doubled in between.
const FIRST_PAUSE_MS: u64 = 500;
const LONGEST_PAUSE_MS: u64 = 30_000;
/// After how long a silence to ask whether the relay is there, and to give the connection up.
const PING_AFTER_MS: u64 = 20_000;
const DEAD_AFTER_MS: u64 = 45_000;
/// How long to wait after the relay was busy, full or failing.
const TROUBLE_PAUSE_MS: u64 = 5_000;
/// From what difference on a clock is wrong.
const CLOCK_TOLERANCE_MS: u64 = 3_600_000;

/// What an entry of the outbox is to the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cargo {
    /// Ordinary work.
    Work,
    /// A genesis or a join: the device is unknown to the relay before it.
    Admission,
    /// Another statement of the roster.
    Statement,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Not durable here yet.
    Storing,
    Ready,
    Sent,
    Refused(Refusal),
}

/// An entry of the outbox.
#[derive(Debug)]
pub struct Outgoing {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its id.
    pub id: EntryId,
    /// Its space.
    pub space: SpaceId,
    /// What it is.
    pub cargo: Cargo,
    stage: Stage,
}

#[derive(Debug)]
enum Line {
    Down { retry_at: Timestamp, failures: u32 },
    Dialling { failures: u32 },
    Greeting { nonce: [u8; 16], failures: u32 },
    Up { handshake: Handshake, session: Session },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Session {
    None,
    Asked,
    Granted,
}

/// What a message means to the rest of the engine.
#[derive(Debug)]
pub enum Heard {
    /// The relay proved itself.
    Welcome,
    /// It knows this device.
    Granted,
    /// The relay holds these: their numbers in the outbox, to be removed.
    Held(Vec<(u64, EntryId)>),
    /// The relay will not hold this one.
    Refused(u64, Refusal),
    /// Entries of a space.
    Entries { space: SpaceId, from: u64, items: Vec<Item>, bytes: u32 },
    /// A space was sent to its end.
    Head { space: SpaceId, checkpoint: Vec<u8> },
    /// An invitation.
    Found { bundle: Vec<u8>, roster: Vec<Item> },
    /// No such invitation.
    NotFound,
    /// The set-up token is not taken.
    ClaimRefused,
    /// A subscription is not served as asked.
    Unserved,
}

/// See the module.
#[derive(Debug)]
pub struct Carrier {
    relay: Option<RelayKey>,
    claim: Option<[u8; 16]>,
    outbox: BTreeMap<u64, Outgoing>,
    line: Line,
    wanted: Wanted,
    last_contact: Option<Timestamp>,
    last_heard: Timestamp,
    pinged: Option<Timestamp>,
    held_back_until: Timestamp,
    troubles: BTreeMap<u8, Problem>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Yes,
    No,
}

impl Carrier {
    /// A carrier without an office.
    pub fn new() -> Self {
        Self {
            relay: None,
            claim: None,
            outbox: BTreeMap::new(),
            line: Line::Down { retry_at: Timestamp(0), failures: 0 },
            wanted: Wanted::No,
            last_contact: None,
            last_heard: Timestamp(0),
            pinged: None,
            held_back_until: Timestamp(0),
            troubles: BTreeMap::new(),
        }
    }

    /// Talks to this relay alone from now on.
    pub fn pin(&mut self, relay: RelayKey, claim: Option<[u8; 16]>) {
        (self.relay, self.claim, self.wanted) = (Some(relay), claim, Wanted::Yes);
    }

    /// Connects to whatever relay answers, to look an invitation up.
    pub fn want(&mut self) {
        self.wanted = Wanted::Yes;
    }

    /// Forgets the office.
    pub fn unpin(&mut self) {
        (self.relay, self.claim) = (None, None);
        self.outbox.clear();
    }

    /// Adds an entry; `stored` says whether it is durable already.
    pub fn load(&mut self, number: u64, entry: &Entry, stored: Stored) {
        let cargo = match Statement::decode(entry.clear()) {
            Ok(Statement::Genesis(_) | Statement::Join(_)) => Cargo::Admission,
            Ok(_) => Cargo::Statement,
            Err(_) => Cargo::Work,
        };
        let stage = if stored == Stored::Yes { Stage::Ready } else { Stage::Storing };
        let (bytes, id, space) = (entry.bytes().to_vec(), entry.id(), entry.header().space);
        self.outbox.insert(number, Outgoing { bytes, id, space, cargo, stage });
    }

    /// An entry has become durable.
    pub fn stored(&mut self, number: u64) {
        if let Some(outgoing) = self.outbox.get_mut(&number)
            && outgoing.stage == Stage::Storing
        {
            outgoing.stage = Stage::Ready;
        }
    }

    /// Takes an entry out.
    pub fn remove(&mut self, number: u64) -> Option<Outgoing> {
        self.outbox.remove(&number)
    }

    /// The entries that wait, in order.
    pub fn outbox(&self) -> impl Iterator<Item = (u64, &Outgoing)> {
        self.outbox.iter().map(|(number, outgoing)| (*number, outgoing))
    }

    /// Whether the relay does not know this device yet.
    pub fn is_admitting(&self) -> bool {
        self.outbox.values().any(|outgoing| outgoing.cargo == Cargo::Admission)
    }

    /// When the relay last answered.
    pub fn last_contact(&self) -> Option<Timestamp> {
        self.last_contact
    }

    /// The handshake, when connected.
    pub fn handshake(&self) -> Option<&Handshake> {
        if let Line::Up { handshake, .. } = &self.line { Some(handshake) } else { None }
    }

    /// Whether a session stands.
    pub fn is_in_session(&self) -> bool {
        matches!(self.line, Line::Up { session: Session::Granted, .. })
    }

    /// What is wrong and still so.
    pub fn problems(&self) -> impl Iterator<Item = Problem> + '_ {
        let refused = self.outbox.values().filter_map(|outgoing| match outgoing.stage {
            Stage::Refused(why) => Some(Problem::EntryRefused { why }),
            _ => None,
        });
        self.troubles.values().cloned().chain(refused.take(1))
    }

    /// The socket is open: greets.
    pub fn connected(&mut self, now: Timestamp, nonce: [u8; 16]) -> Vec<Output> {
        let failures = self.failures();
        self.line = Line::Greeting { nonce, failures };
        (self.last_heard, self.pinged) = (now, None);
        vec![send(&ToRelay::Hello { version: PROTOCOL, nonce })]
    }

    /// The socket is closed: what was sent and not answered will be sent again.
    pub fn disconnected(&mut self, now: Timestamp, jitter: u8) {
        let failures = self.failures() + 1;
        let pause = (FIRST_PAUSE_MS << failures.min(10).saturating_sub(1)).min(LONGEST_PAUSE_MS);
        let retry_at = now.after(pause + pause * u64::from(jitter) / 1_024);
        self.line = Line::Down { retry_at, failures };
        for outgoing in self.outbox.values_mut().filter(|outgoing| outgoing.stage == Stage::Sent) {
            outgoing.stage = Stage::Ready;
        }
    }

    /// Closes the connection and dials again at once, for a new state of access.
    pub fn hang_up(&mut self, now: Timestamp) -> Vec<Output> {
        if matches!(self.line, Line::Down { .. }) {
            return Vec::new();
        }
        self.disconnected(now, 0);
        self.line = Line::Down { retry_at: now, failures: 0 };
        vec![Output::Disconnect]
    }

    fn failures(&self) -> u32 {
        match self.line {
            Line::Down { failures, .. } | Line::Dialling { failures } | Line::Greeting { failures, .. } => {
                failures
            }
            Line::Up { .. } => 0,
        }
    }

    /// Asks for a session.
    pub fn log_in(&mut self, key: &SigningKey) -> Vec<Output> {
        let admitting = self.is_admitting();
        let Line::Up { handshake, session: session @ Session::None } = &mut self.line else {
            return Vec::new();
        };
        if admitting {
            return Vec::new();
        }
        *session = Session::Asked;
        let signature = handshake.sign(Purpose::SignSession, key);
        vec![send(&ToRelay::Session { device: DeviceKey(key.public()), signature })]
    }

    /// What is due: dialling, asking whether the relay is there, sending what waits.
    pub fn pump(&mut self, now: Timestamp) -> Vec<Output> {
        match self.line {
            Line::Down { retry_at, failures } if self.wanted == Wanted::Yes && retry_at <= now => {
                self.line = Line::Dialling { failures };
                vec![Output::Connect]
            }
            Line::Down { .. } | Line::Dialling { .. } => Vec::new(),
            Line::Greeting { .. } | Line::Up { .. } if self.last_heard.after(DEAD_AFTER_MS) <= now => {
                let mut outputs = self.hang_up(now);
                self.line = Line::Down { retry_at: now.after(FIRST_PAUSE_MS), failures: 1 };
                outputs.truncate(1);
                outputs
            }
            Line::Greeting { .. } => Vec::new(),
            Line::Up { .. } => {
                let mut outputs = self.put(now);
                if self.pinged.is_none() && self.last_heard.after(PING_AFTER_MS) <= now {
                    self.pinged = Some(now);
                    outputs.push(send(&ToRelay::Ping { nonce: now.0 }));
                }
                outputs
            }
        }
    }

    /// When something will be due.
    pub fn wake_at(&self, now: Timestamp) -> Option<Timestamp> {
        match &self.line {
            Line::Down { retry_at, .. } if self.wanted == Wanted::Yes => Some(*retry_at),
            Line::Down { .. } | Line::Dialling { .. } => None,
            Line::Greeting { .. } => Some(self.last_heard.after(DEAD_AFTER_MS)),
            Line::Up { .. } if self.pinged.is_some() => Some(self.last_heard.after(DEAD_AFTER_MS)),
            Line::Up { .. } => {
                let ping = self.last_heard.after(PING_AFTER_MS);
                let held_back =
                    Some(self.held_back_until).filter(|until| *until > now && !self.outbox.is_empty());
                Some(held_back.map_or(ping, |until| until.min(ping)))
            }
        }
    }

    fn put(&mut self, now: Timestamp) -> Vec<Output> {
        if now < self.held_back_until {
            return Vec::new();
        }
        let sent = self.outbox.values().filter(|outgoing| outgoing.stage == Stage::Sent);
        let mut room = UNANSWERED_BYTES.saturating_sub(sent.map(|outgoing| outgoing.bytes.len()).sum());
        let mut outputs = Vec::new();
        let mut entries: Vec<Vec<u8>> = Vec::new();
        let mut size = 0;
        let in_admission = self.is_admitting();
        for outgoing in self.outbox.values_mut().filter(|outgoing| outgoing.stage == Stage::Ready) {
            if room == 0 || in_admission && outgoing.cargo != Cargo::Admission {
                break;
            }
            outgoing.stage = Stage::Sent;
            room = room.saturating_sub(outgoing.bytes.len());
            if let (Cargo::Admission, Some(token)) = (outgoing.cargo, self.claim) {
                outputs.push(send(&ToRelay::Claim { token, entry: outgoing.bytes.clone() }));
                continue;
            }
            if size + outgoing.bytes.len() > PUT_BYTES && !entries.is_empty() {
                outputs.push(send(&ToRelay::Put { entries: core::mem::take(&mut entries) }));
                size = 0;
            }
            size += outgoing.bytes.len();
            entries.push(outgoing.bytes.clone());
        }
        if !entries.is_empty() {
            outputs.push(send(&ToRelay::Put { entries }));
        }
        outputs
    }

    /// A message arrived.
    pub fn received(&mut self, now: Timestamp, bytes: &[u8]) -> (Option<Heard>, Vec<Output>) {
        self.last_heard = now;
        self.pinged = None;
        let Ok(message) = FromRelay::decode(bytes) else {
            self.trouble(Problem::RelayFailing);
            return (None, self.hang_up_later(now));
        };
        if let (Line::Greeting { nonce, .. }, FromRelay::Welcome { .. }) = (&self.line, &message) {
            let nonce = *nonce;
            return self.welcome(now, nonce, message);
        }
        if !matches!(self.line, Line::Up { .. }) {
            return match message {
                FromRelay::Trouble { what } => (self.troubled(now, what), self.hang_up_later(now)),
                _ => (None, Vec::new()),
            };
        }
        self.last_contact = Some(now);
        let heard = match message {
            FromRelay::Granted => {
                if let Line::Up { session, .. } = &mut self.line {
                    *session = Session::Granted;
                }
                Some(Heard::Granted)
            }
            FromRelay::Receipts { space, checkpoint, receipts } => {
                self.receipts(&space, &checkpoint, &receipts)
            }
            FromRelay::Refused { entry, code } => self.refused(entry, Refusal::from_code(code)),
            FromRelay::Entries { space, from, items } => {
                Some(Heard::Entries { space, from, items, bytes: bytes.len() as u32 })
            }
            FromRelay::Head { space, checkpoint } => Some(Heard::Head { space, checkpoint }),
            FromRelay::Found { bundle, roster } => Some(Heard::Found { bundle, roster }),
            FromRelay::NotFound => Some(Heard::NotFound),
            FromRelay::Trouble { what } => self.troubled(now, what),
            FromRelay::Pong { .. } | FromRelay::Welcome { .. } => None,
        };
        (heard, Vec::new())
    }

    fn welcome(
        &mut self,
        now: Timestamp,
        nonce: [u8; 16],
        message: FromRelay,
    ) -> (Option<Heard>, Vec<Output>) {
        let FromRelay::Welcome { version, minimum, relay, incarnation, challenge, time, office, signature } =
            message
        else {
            return (None, Vec::new());
        };
        if minimum > PROTOCOL || version < PROTOCOL {
            self.trouble(Problem::VersionUnknown { found: version });
            return (None, self.hang_up_later(now));
        }
        let handshake = Handshake { relay, incarnation, nonce, challenge, time, office };
        if !handshake.is_welcome(&signature) || self.relay.is_some_and(|pinned| pinned != relay) {
            self.trouble(Problem::WrongRelay);
            return (None, self.hang_up_later(now));
        }
        self.troubles.clear();
        if now.since(time) > CLOCK_TOLERANCE_MS || time.since(now) > CLOCK_TOLERANCE_MS {
            self.trouble(Problem::ClockWrong { relay: time });
        }
        self.last_contact = Some(now);
        self.line = Line::Up { handshake, session: Session::None };
        (Some(Heard::Welcome), Vec::new())
    }

    fn hang_up_later(&mut self, now: Timestamp) -> Vec<Output> {
        self.disconnected(now, 0);
        self.line = Line::Down { retry_at: now.after(LONGEST_PAUSE_MS), failures: 3 };
        vec![Output::Disconnect]
    }

    fn receipts(&mut self, space: &SpaceId, checkpoint: &[u8], receipts: &[Receipt]) -> Option<Heard> {
        let Line::Up { handshake, .. } = &self.line else { return None };
        let (relay, incarnation) = (handshake.relay, handshake.incarnation);
        let mut held = Vec::new();
        for receipt in receipts {
            let number = self.outbox.iter().find(|(_, outgoing)| outgoing.id == receipt.entry);
            let Some((number, outgoing)) = number.map(|(number, outgoing)| (*number, outgoing)) else {
                continue;
            };
            let proven = receipt.verify(checkpoint, &relay, space);
            let is_proven = outgoing.space == *space
                && proven.is_ok_and(|checkpoint| checkpoint.origin.incarnation == incarnation);
            if is_proven {
                held.push((number, receipt.entry));
            } else {
                self.trouble(Problem::RelayDishonest);
            }
        }
        for (number, _) in &held {
            self.outbox.remove(number);
        }
        [Problem::RelayFull, Problem::RelayFailing, Problem::RelayBusy].iter().for_each(|gone| {
            self.troubles.remove(&rank(gone));
        });
        (!held.is_empty()).then_some(Heard::Held(held))
    }

    fn refused(&mut self, entry: EntryId, why: Refusal) -> Option<Heard> {
        let (number, outgoing) = self.outbox.iter_mut().find(|(_, outgoing)| outgoing.id == entry)?;
        outgoing.stage = Stage::Refused(why);
        Some(Heard::Refused(*number, why))
    }

    fn troubled(&mut self, now: Timestamp, what: Trouble) -> Option<Heard> {
        let problem = match what {
            Trouble::Full => Problem::RelayFull,
            Trouble::Failing | Trouble::Unexpected | Trouble::Session => Problem::RelayFailing,
            Trouble::Busy => Problem::RelayBusy,
            Trouble::Version => Problem::VersionUnknown { found: 0 },
            Trouble::Claim => {
                self.trouble(Problem::SetupUsed);
                return Some(Heard::ClaimRefused);
            }
            Trouble::Incarnation | Trouble::Space => return Some(Heard::Unserved),
        };
        self.trouble(problem);
        self.held_back_until = now.after(TROUBLE_PAUSE_MS);
        for outgoing in self.outbox.values_mut().filter(|outgoing| outgoing.stage == Stage::Sent) {
            outgoing.stage = Stage::Ready;
        }
        None
    }

    /// Shows a problem until the next welcome.
    pub fn set_aside(&mut self, problem: Problem) {
        self.trouble(problem);
    }

    fn trouble(&mut self, problem: Problem) {
        self.troubles.insert(rank(&problem), problem);
    }

    /// The genesis is held: the token has served.
    pub fn claimed(&mut self) {
        self.claim = None;
    }
}

/// Whether something is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is.
    Yes,
    /// It will be.
    NotYet,
}

/// Worst first; one of each is kept.
fn rank(problem: &Problem) -> u8 {
    match problem {
        Problem::WrongRelay => 0,
        Problem::RelayDishonest => 1,
        Problem::SetupUsed => 2,
        Problem::VersionUnknown { .. } => 3,
        Problem::RelayFull => 4,
        Problem::RelayFailing => 5,
        Problem::RelayBusy => 6,
        _ => 7,
    }
}

pub(super) fn send(message: &ToRelay) -> Output {
    Output::Send(message.encode())
}
