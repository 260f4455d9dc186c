//! The connection to the relay, and the outbox. It needs no keys: a locked device still sends.

use super::io::Output;
use crate::crypto::{Purpose, SigningKey};
use crate::defect::{Defect, is_on};
use crate::entry::Entry;
use crate::ids::{DeviceKey, EntryId, RelayKey, SpaceId};
use crate::log::{Checkpoint, Origin, Receipt};
use crate::problem::{Problem, Refusal};
use crate::roster::statement::Statement;
use crate::sorted::SortedMap;
use crate::time::Timestamp;
use crate::wire::{FromRelay, Handshake, Item, PROTOCOL, ToRelay, Trouble};

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
/// How long to wait after the relay missed what stands before an entry.
const GAP_PAUSE_MS: u64 = 500;
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
    /// What came out of a file: this device only carries it.
    Carried,
}

/// The numbers in the outbox of what came out of files begin here.
pub const FIRST_CARRIED: u64 = 1 << 63;

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
    /// The relay holds these: their numbers in the outbox, to be removed, and its checkpoint that says so.
    Held(Vec<u64>, Checkpoint),
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
    /// The relay cannot do what it was asked for.
    Troubled(Problem),
}

/// See the module.
#[derive(Debug)]
pub struct Carrier {
    relay: Option<RelayKey>,
    claim: Option<[u8; 16]>,
    outbox: SortedMap<u64, Outgoing>,
    line: Line,
    wanted: Wanted,
    last_contact: Option<Timestamp>,
    last_heard: Timestamp,
    /// The relay's time, and this device's when it was told.
    relay_clock: Option<(Timestamp, Timestamp)>,
    pinged: Option<Timestamp>,
    held_back_until: Timestamp,
    troubles: SortedMap<u8, Problem>,
    /// What ended this device's founding or joining.
    aside: Option<Problem>,
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
            outbox: SortedMap::new(),
            line: Line::Down { retry_at: Timestamp(0), failures: 0 },
            wanted: Wanted::No,
            last_contact: None,
            last_heard: Timestamp(0),
            pinged: None,
            held_back_until: Timestamp(0),
            troubles: SortedMap::new(),
            aside: None,
            relay_clock: None,
        }
    }

    /// Talks to this relay alone from now on.
    pub fn pin(&mut self, now: Timestamp, relay: RelayKey, claim: Option<[u8; 16]>) -> Vec<Output> {
        (self.relay, self.claim, self.wanted, self.aside) = (Some(relay), claim, Wanted::Yes, None);
        let is_other = self.handshake().is_some_and(|handshake| handshake.relay != relay);
        if is_other { self.hang_up(now) } else { Vec::new() }
    }

    /// Connects to whatever relay answers, without waiting any longer: a person does.
    pub fn want(&mut self, now: Timestamp) -> Vec<Output> {
        (self.wanted, self.aside) = (Wanted::Yes, None);
        if matches!(self.line, Line::Greeting { .. } | Line::Up { .. }) && self.is_dead(now) {
            return self.hang_up(now);
        }
        if let Line::Down { retry_at, .. } = &mut self.line {
            *retry_at = Timestamp(0);
        }
        Vec::new()
    }

    fn is_dead(&self, now: Timestamp) -> bool {
        self.last_heard.after(DEAD_AFTER_MS) <= now
    }

    /// Why there is no connection.
    pub fn why_down(&self) -> Problem {
        let worst = self.troubles.iter().next().filter(|(rank, _)| **rank < CLOCK_RANK);
        worst.map_or(Problem::NeedsRelay, |(_, problem)| problem.clone())
    }

    /// Never connects again: the store belongs to somebody else.
    pub fn close(&mut self, now: Timestamp) -> Vec<Output> {
        self.unpin();
        self.wanted = Wanted::No;
        self.hang_up(now)
    }

    /// The clock went back to `now`: nothing waits longer than it would from now on.
    pub fn clock_went_back(&mut self, now: Timestamp) {
        self.last_heard = self.last_heard.min(now);
        self.held_back_until = self.held_back_until.min(now.after(TROUBLE_PAUSE_MS));
        if let Line::Down { retry_at, .. } = &mut self.line {
            *retry_at = (*retry_at).min(now.after(LONGEST_PAUSE_MS));
        }
    }

    /// The relay's time now, as far as it is known.
    pub fn relay_time(&self, now: Timestamp) -> Timestamp {
        self.relay_clock.map_or(now, |(relay, then)| relay.after(now.since(then)))
    }

    /// Offers again what the relay refused.
    pub fn offer_again(&mut self) {
        let refused = |outgoing: &&mut Outgoing| matches!(outgoing.stage, Stage::Refused(_));
        self.outbox.values_mut().filter(refused).for_each(|outgoing| outgoing.stage = Stage::Ready);
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
            Err(_) if number >= FIRST_CARRIED => Cargo::Carried,
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

    /// How many came out of files.
    pub fn carried(&self) -> u32 {
        self.outbox.values().filter(|outgoing| outgoing.cargo == Cargo::Carried).count() as u32
    }

    /// The entries that a file of unsent work holds: all that are durable here and that others could send.
    pub fn unsent(&self) -> impl Iterator<Item = &[u8]> {
        let durable = self.outbox.values().filter(|outgoing| outgoing.stage != Stage::Storing);
        let work = durable.filter(|outgoing| matches!(outgoing.cargo, Cargo::Work | Cargo::Carried));
        work.map(|outgoing| &outgoing.bytes[..])
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
        self.aside.iter().chain(self.troubles.values()).cloned().chain(refused.take(1))
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
        // A relay that is in trouble is left alone for as long as was said then.
        let retry_at = now.after(pause + pause * u64::from(jitter) / 1_024).max(self.held_back_until);
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
            Line::Greeting { .. } | Line::Up { .. } if self.is_dead(now) => {
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
        if is_on(Defect::ForgetOnSending) {
            self.outbox.retain(|_, outgoing| outgoing.stage != Stage::Sent || outgoing.cargo != Cargo::Work);
        }
        outputs
    }

    /// A message arrived.
    pub fn received(&mut self, now: Timestamp, bytes: &[u8]) -> (Option<Heard>, Vec<Output>) {
        if matches!(self.line, Line::Down { .. } | Line::Dialling { .. }) {
            return (None, Vec::new());
        }
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
            // Before its welcome nobody has proved to be the relay.
            self.trouble(Problem::RelayFailing);
            return (None, self.hang_up_later(now));
        }
        self.last_contact = Some(now);
        let heard = match message {
            FromRelay::Granted => self.granted(),
            FromRelay::Receipts { space, checkpoint, receipts } => {
                self.receipts(&space, &checkpoint, &receipts)
            }
            FromRelay::Refused { entry, code } => self.refused(now, entry, Refusal::from_code(code)),
            FromRelay::Entries { items, .. } if items.is_empty() => None,
            FromRelay::Entries { space, from, items } => {
                let bytes = items.iter().map(|item| item.entry.len() as u32).sum();
                Some(Heard::Entries { space, from, items, bytes })
            }
            FromRelay::Head { space, checkpoint } => Some(Heard::Head { space, checkpoint }),
            FromRelay::Found { bundle, roster } => Some(Heard::Found { bundle, roster }),
            FromRelay::NotFound => Some(Heard::NotFound),
            FromRelay::Trouble { what: Trouble::Expelled } => {
                self.trouble(Problem::DeviceBlocked);
                return (None, self.hang_up_later(now));
            }
            FromRelay::Trouble { what: Trouble::Session } => {
                self.trouble(Problem::RelayFailing);
                return (None, self.hang_up_later(now));
            }
            FromRelay::Trouble { what } => self.troubled(now, what),
            FromRelay::Pong { time, .. } => {
                self.compare_clocks(now, time);
                None
            }
            FromRelay::Welcome { .. } => None,
        };
        (heard, Vec::new())
    }

    fn granted(&mut self) -> Option<Heard> {
        match &mut self.line {
            Line::Up { session: session @ Session::Asked, .. } => {
                *session = Session::Granted;
                self.troubles.remove(&rank(&Problem::DeviceBlocked));
                Some(Heard::Granted)
            }
            _ => None,
        }
    }

    fn compare_clocks(&mut self, now: Timestamp, relay: Timestamp) {
        self.relay_clock = Some((relay, now));
        let wrong = Problem::ClockWrong { relay };
        if now.since(relay).max(relay.since(now)) > CLOCK_TOLERANCE_MS {
            self.trouble(wrong);
        } else {
            self.troubles.remove(&rank(&wrong));
        }
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
        // Only a session shows that the device is not blocked.
        self.troubles.retain(|_, problem| *problem == Problem::DeviceBlocked);
        self.compare_clocks(now, time);
        self.offer_again();
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
        let mut vouched = None;
        for receipt in receipts {
            let number = self.outbox.iter().find(|(_, outgoing)| outgoing.id == receipt.entry);
            let Some((number, outgoing)) = number.map(|(number, outgoing)| (*number, outgoing)) else {
                continue;
            };
            let proven = receipt.verify(checkpoint, &relay, space).ok();
            let proven = proven.filter(|proven| proven.origin.incarnation == incarnation);
            match proven.filter(|_| outgoing.space == *space) {
                Some(proven) => {
                    held.push(number);
                    vouched = Some(proven);
                }
                None if is_on(Defect::TrustReceipts) => {
                    held.push(number);
                    let origin = Origin { space: *space, incarnation };
                    vouched = Some(Checkpoint { origin, size: 0, root: [0; 32] });
                }
                None => self.trouble(Problem::RelayDishonest),
            }
        }
        for number in &held {
            self.outbox.remove(number);
        }
        [Problem::RelayFull, Problem::RelayFailing, Problem::RelayBusy].iter().for_each(|gone| {
            self.troubles.remove(&rank(gone));
        });
        vouched.map(|checkpoint| Heard::Held(held, checkpoint))
    }

    fn refused(&mut self, now: Timestamp, entry: EntryId, why: Refusal) -> Option<Heard> {
        let found = self.outbox.iter().find(|(_, outgoing)| outgoing.id == entry);
        let (number, space) = found.map(|(number, outgoing)| (*number, outgoing.space))?;
        // What stands before it was lost on the way: everything is sent again, in order.
        let comes_first = |(_, outgoing): (&u64, &Outgoing)| {
            outgoing.space == space && matches!(outgoing.stage, Stage::Ready | Stage::Sent)
        };
        if why == Refusal::Gap && self.outbox.before(&number).any(comes_first) {
            let again = |outgoing: &&mut Outgoing| outgoing.space == space && outgoing.stage == Stage::Sent;
            self.outbox.values_mut().filter(again).for_each(|outgoing| outgoing.stage = Stage::Ready);
            self.held_back_until = self.held_back_until.max(now.after(GAP_PAUSE_MS));
            return None;
        }
        self.outbox.get_mut(&number)?.stage = Stage::Refused(why);
        Some(Heard::Refused(number, why))
    }

    fn troubled(&mut self, now: Timestamp, what: Trouble) -> Option<Heard> {
        let problem = match what {
            Trouble::Full => Problem::RelayFull,
            Trouble::Failing | Trouble::Unexpected | Trouble::Session | Trouble::Expelled => {
                Problem::RelayFailing
            }
            Trouble::Busy => Problem::RelayBusy,
            Trouble::Version => Problem::VersionUnknown { found: 0 },
            Trouble::Claim => {
                let mut admissions = self.outbox.values_mut();
                if let Some(genesis) = admissions.find(|outgoing| outgoing.cargo == Cargo::Admission) {
                    genesis.stage = Stage::Refused(Refusal::Statement);
                }
                return Some(Heard::ClaimRefused);
            }
            Trouble::Incarnation | Trouble::Space => return Some(Heard::Unserved),
        };
        self.trouble(problem.clone());
        self.held_back_until = now.after(TROUBLE_PAUSE_MS);
        let offered = |outgoing: &&mut Outgoing| outgoing.stage == Stage::Sent;
        for outgoing in self.outbox.values_mut().filter(offered) {
            if !is_on(Defect::NeverOfferAgain) {
                outgoing.stage = Stage::Ready;
            }
        }
        Some(Heard::Troubled(problem))
    }

    /// The relay sends more than it was let: ends the connection.
    pub fn flooded(&mut self, now: Timestamp) -> Vec<Output> {
        self.trouble(Problem::RelayFailing);
        self.hang_up_later(now)
    }

    /// Shows a problem until the next founding or joining.
    pub fn set_aside(&mut self, problem: Problem) {
        self.aside = Some(problem);
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

/// From here on, what is wrong is not the connection.
const CLOCK_RANK: u8 = 7;

/// Worst first; one of each is kept.
fn rank(problem: &Problem) -> u8 {
    match problem {
        Problem::WrongRelay => 0,
        Problem::RelayDishonest => 1,
        Problem::SetupUsed | Problem::DeviceBlocked => 2,
        Problem::VersionUnknown { .. } => 3,
        Problem::RelayFull => 4,
        Problem::RelayFailing => 5,
        Problem::RelayBusy => 6,
        Problem::ClockWrong { .. } => CLOCK_RANK,
        _ => CLOCK_RANK + 1,
    }
}

pub(super) fn send(message: &ToRelay) -> Output {
    Output::Send(message.encode())
}
