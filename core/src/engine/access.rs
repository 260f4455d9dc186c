//! Who may use this device: from an empty store to an open vault, and back.

use super::founding::{self, ShownKit, Wish};
use super::io::{Job, JobResult, Record, StretchParams, Table, Ticket};
use super::joining::Lookup;
use super::ledger::After;
use super::office::Office;
use super::opening;
use super::records::{CARRIER, CarrierRecord, VAULT};
use super::vault::{HeaderError, Vault, VaultHeader, new_params};
use super::{Engine, carrier};
use crate::cbor;
use crate::code::{InvitationSecret, SetupCode};
use crate::command::{Command, RequestId};
use crate::domain::Language;
use crate::entry::Entry;
use crate::problem::{Problem, Refusal};
use crate::view::Access;
use crate::wire::{Item, ToRelay};
use zeroize::Zeroize;

/// The state of access.
pub enum Phase {
    /// The store's clear part is being read.
    Opening(Ticket),
    /// There is no vault.
    Empty(Box<Empty>),
    /// The vault is closed, over so many changes that are not packed into entries yet.
    Locked(VaultHeader, u32),
    /// The vault is being opened.
    Unlocking(Unlocking),
    /// The vault is open.
    Open(Box<Office>, Opening),
    /// Nothing can be done here.
    Broken(Problem),
}

/// Whether an open office is all there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// The new store is being written.
    Founding(VaultHeader),
    /// Documents that are always open are being read.
    Reading(Ticket, RequestId, VaultHeader),
    /// It is.
    Done,
}

/// A device without a vault.
#[derive(Default)]
pub struct Empty {
    kit: Option<ShownKit>,
    secret: Option<(RequestId, InvitationSecret)>,
    lookup: Option<Lookup>,
    /// How many lookups the relay has not answered yet: only the answer to the last one counts.
    asked: u32,
    job: Option<(Ticket, RequestId, Making)>,
}

enum Making {
    Kit { entropy: [u8; 16] },
    Office { wish: Wish, setup: SetupCode, params: StretchParams },
    Join { params: StretchParams },
}

/// A vault that is being opened.
pub struct Unlocking {
    header: VaultHeader,
    unpacked: u32,
    request: RequestId,
    step: Step,
}

enum Step {
    Stretching(Ticket),
    Reading(Ticket, Vault),
}

impl Phase {
    /// What a page sees of it; an open office is shown by itself.
    pub fn access(&self) -> Access {
        match self {
            Self::Opening(_) => Access::Opening,
            Self::Empty(empty) => match &empty.job {
                Some((_, _, Making::Office { .. } | Making::Join { .. })) => Access::Busy,
                Some((_, _, Making::Kit { .. })) | None => Access::Empty {
                    kit: empty.kit.as_ref().map(|kit| kit.words.clone()),
                    invitation: empty.lookup.as_ref().map(Lookup::preview),
                },
            },
            Self::Locked(_, unpacked) => Access::Locked { unpacked: *unpacked },
            Self::Unlocking(_) | Self::Open(..) => Access::Busy,
            Self::Broken(_) => Access::Opening,
        }
    }
}

impl Phase {
    /// Another header stands in the store of a vault that is closed.
    pub fn replace_header(&mut self, changed: VaultHeader) {
        match self {
            Self::Locked(header, _) | Self::Unlocking(Unlocking { header, .. }) => *header = changed,
            Self::Opening(_) | Self::Empty(_) | Self::Open(..) | Self::Broken(_) => {}
        }
    }
}

impl Engine {
    pub(super) fn access_command(&mut self, request: RequestId, command: Command) {
        let result = match (command, &self.phase) {
            (
                Command::MakeKit { .. }
                | Command::Found { .. }
                | Command::OpenInvitation { .. }
                | Command::Join { .. },
                _,
            ) if self.is_busy() => Err(Problem::NotAllowed),
            (Command::MakeKit { language }, Phase::Empty(_)) => self.make_kit(request, language),
            (Command::Found { setup, office, name, passphrase, proof }, Phase::Empty(_)) => {
                let wish = Wish { setup, office, name, proof };
                self.start_founding(request, wish, passphrase)
            }
            (Command::OpenInvitation { code }, Phase::Empty(_)) => self.start_lookup(request, &code),
            (Command::Join { passphrase }, Phase::Empty(_)) => self.start_joining(request, passphrase),
            (Command::Unlock { passphrase }, Phase::Locked(header, unpacked)) => {
                let (header, unpacked, params) = (header.clone(), *unpacked, header.params());
                let ticket = self.job(Job::Stretch { passphrase, params });
                let step = Step::Stretching(ticket);
                self.phase = Phase::Unlocking(Unlocking { header, unpacked, request, step });
                Ok(())
            }
            (
                Command::Lock,
                Phase::Open(_, Opening::Done | Opening::Reading(..))
                | Phase::Unlocking(_)
                | Phase::Locked(..),
            ) => {
                self.lock();
                self.works.answer(request, Ok(()));
                Ok(())
            }
            _ => Err(Problem::NotAllowed),
        };
        if let Err(problem) = result {
            self.works.answer(request, Err(problem));
        }
        self.works.stale();
    }

    /// One job at a time: the answer to an earlier one must not be lost.
    fn is_busy(&self) -> bool {
        matches!(&self.phase, Phase::Empty(empty) if empty.job.is_some())
    }

    pub(super) fn job(&mut self, job: Job) -> Ticket {
        let ticket = self.works.ticket();
        self.works.outputs.push(super::io::Output::Job(ticket, job));
        ticket
    }

    fn make_kit(&mut self, request: RequestId, language: Language) -> Result<(), Problem> {
        // Founding comes next: the set-up code is then compared with the relay that answers.
        let outputs = self.works.carrier.want(self.works.now);
        self.works.outputs.extend(outputs);
        let entropy = self.works.rng.bytes();
        let ticket = self.job(Job::SpellKit { entropy, language });
        if let Phase::Empty(empty) = &mut self.phase {
            empty.job = Some((ticket, request, Making::Kit { entropy }));
        }
        Ok(())
    }

    fn start_founding(
        &mut self,
        request: RequestId,
        wish: Wish,
        passphrase: crate::command::Passphrase,
    ) -> Result<(), Problem> {
        let Phase::Empty(empty) = &self.phase else { return Err(Problem::NotAllowed) };
        let setup = founding::check(&wish, empty.kit.as_ref(), &passphrase)?;
        if let Some(handshake) = self.works.carrier.handshake() {
            if handshake.relay != setup.relay {
                return Err(Problem::SetupInvalid);
            } else if handshake.office.is_some() {
                return Err(Problem::SetupUsed);
            }
        }
        let params = new_params(&mut self.works.rng);
        let ticket = self.job(Job::Stretch { passphrase, params });
        if let Phase::Empty(empty) = &mut self.phase {
            empty.job = Some((ticket, request, Making::Office { wish, setup, params }));
        }
        Ok(())
    }

    fn start_lookup(&mut self, request: RequestId, code: &str) -> Result<(), Problem> {
        let secret = InvitationSecret::parse(code).map_err(|_| Problem::InvitationMistyped)?;
        if let Phase::Empty(empty) = &mut self.phase {
            if let Some((earlier, _)) = empty.secret.replace((request, secret)) {
                self.works.answer(earlier, Err(Problem::NeedsRelay));
            }
            empty.lookup = None;
        }
        let outputs = self.works.carrier.want(self.works.now);
        self.works.outputs.extend(outputs);
        self.look_up();
        Ok(())
    }

    /// The relay answers on a new connection: asks for the invitation that is wanted.
    pub(super) fn greeted(&mut self) {
        if let Phase::Empty(empty) = &mut self.phase {
            empty.asked = 0;
        }
        self.look_up();
    }

    /// Asks the relay for the invitation that is wanted, if there is a connection: to join with it, or, when the
    /// relay took no join made with it, to see what became of it.
    fn look_up(&mut self) {
        if self.works.carrier.handshake().is_none() {
            return;
        }
        let secret = match &mut self.phase {
            Phase::Empty(empty) => {
                let secret = empty.secret.as_ref().map(|(_, secret)| secret.clone());
                empty.asked += u32::from(secret.is_some());
                secret
            }
            Phase::Open(office, Opening::Done) if !self.works.carrier.is_admitting() => {
                office.joining.map(|joining| InvitationSecret(joining.secret))
            }
            _ => None,
        };
        if let Some(secret) = secret {
            self.works.outputs.push(carrier::send(&ToRelay::Find { locator: secret.locator() }));
        }
    }

    /// Counts an answer to a lookup; whether it is the one to the last question.
    fn is_last_answer(&mut self) -> bool {
        let Phase::Empty(empty) = &mut self.phase else { return true };
        empty.asked = empty.asked.saturating_sub(1);
        empty.asked == 0
    }

    /// The relay knows no such invitation.
    pub(super) fn found_nothing(&mut self) {
        if !self.is_last_answer() {
            return;
        }
        match &self.phase {
            Phase::Open(office, Opening::Done)
                if office.joining.is_some() && !self.works.carrier.is_admitting() =>
            {
                self.forget(Problem::InvitationUnknown);
            }
            _ => self.lookup_failed(Problem::InvitationUnknown),
        }
    }

    pub(super) fn found_invitation(&mut self, bundle: &[u8], roster: Vec<Item>) {
        let Some(handshake) = self.works.carrier.handshake().copied() else { return };
        let time = self.works.carrier.relay_time(self.works.now);
        if !self.is_last_answer() {
            return;
        }
        match &mut self.phase {
            Phase::Empty(empty) => {
                let Some((request, secret)) = empty.secret.take() else { return };
                let lookup = Lookup::check(secret, handshake.relay, bundle, roster)
                    .and_then(|lookup| lookup.usable(time).map(|()| lookup));
                let result = lookup.map(|lookup| empty.lookup = Some(lookup));
                self.works.answer(request, result);
            }
            Phase::Open(office, Opening::Done) if !self.works.carrier.is_admitting() => {
                let Some(joining) = office.joining else { return };
                let secret = InvitationSecret(joining.secret);
                let rejoined = Lookup::check(secret, handshake.relay, bundle, roster)
                    .and_then(|lookup| office.rejoin(&mut self.works, lookup, time));
                if let Err(problem) = rejoined {
                    self.forget(problem);
                }
            }
            _ => {}
        }
    }

    pub(super) fn lookup_failed(&mut self, problem: Problem) {
        if let Phase::Empty(empty) = &mut self.phase
            && let Some((request, _)) = empty.secret.take()
        {
            self.works.answer(request, Err(problem));
        }
    }

    fn start_joining(
        &mut self,
        request: RequestId,
        passphrase: crate::command::Passphrase,
    ) -> Result<(), Problem> {
        founding::check_passphrase(&passphrase)?;
        let Phase::Empty(empty) = &self.phase else { return Err(Problem::NotAllowed) };
        if empty.lookup.is_none() {
            return Err(Problem::InvitationUnknown);
        }
        let params = new_params(&mut self.works.rng);
        let ticket = self.job(Job::Stretch { passphrase, params });
        if let Phase::Empty(empty) = &mut self.phase {
            empty.job = Some((ticket, request, Making::Join { params }));
        }
        Ok(())
    }

    pub(super) fn job_done(&mut self, ticket: Ticket, result: JobResult) {
        let Some(result) = self.change_further(ticket, result) else { return };
        match &mut self.phase {
            Phase::Empty(empty) => {
                let Some((_, request, making)) = empty.job.take_if(|(current, ..)| *current == ticket) else {
                    return;
                };
                self.made(request, making, result);
            }
            Phase::Unlocking(unlocking) if matches!(unlocking.step, Step::Stretching(at) if at == ticket) => {
                let vault = match result {
                    JobResult::Stretched(mut stretched) => {
                        let vault = unlocking.header.unlock(&stretched);
                        stretched.zeroize();
                        vault.map_err(|_| Problem::WrongPassphrase)
                    }
                    JobResult::Kit(_) | JobResult::Failed => Err(Problem::StorageFailed),
                };
                match vault {
                    Ok(vault) => {
                        let ticket = self.works.load(opening::first_selections());
                        unlocking.step = Step::Reading(ticket, vault);
                    }
                    Err(problem) => {
                        let request = unlocking.request;
                        self.phase = Phase::Locked(unlocking.header.clone(), unlocking.unpacked);
                        self.works.answer(request, Err(problem));
                    }
                }
            }
            _ => {}
        }
        self.works.stale();
    }

    fn made(&mut self, request: RequestId, making: Making, result: JobResult) {
        let Phase::Empty(empty) = &mut self.phase else { return };
        let opened = match (making, result) {
            (Making::Kit { entropy }, JobResult::Kit(words)) => {
                empty.kit = Some(ShownKit { entropy, words });
                return self.works.answer(request, Ok(()));
            }
            (Making::Office { wish, setup, params }, JobResult::Stretched(stretched)) => match &empty.kit {
                Some(kit) => founding::found(&mut self.works, &wish, &setup, kit, params, &stretched),
                None => Err(Problem::KitNotProven),
            },
            (Making::Join { params }, JobResult::Stretched(stretched)) => match &empty.lookup {
                Some(lookup) => lookup.join(&mut self.works, params, &stretched),
                None => Err(Problem::InvitationUnknown),
            },
            _ => Err(Problem::StorageFailed),
        };
        match opened {
            Ok((header, office)) => {
                self.works.ledger.after(After::Opened(request));
                self.phase = Phase::Open(Box::new(office), Opening::Founding(header));
            }
            Err(problem) => self.works.answer(request, Err(problem)),
        }
    }

    /// The new store is complete.
    pub(super) fn opened(&mut self, request: RequestId) {
        if let Phase::Open(office, opening @ Opening::Founding(_)) = &mut self.phase {
            if let Opening::Founding(header) = &opening {
                office.header = Some(header.clone());
            }
            *opening = Opening::Done;
        }
        self.works.answer(request, Ok(()));
        self.works.stale();
    }

    pub(super) fn loaded(&mut self, ticket: Ticket, records: Vec<Record>) {
        let Some(records) = self.works.read(ticket, records) else { return };
        match &mut self.phase {
            Phase::Opening(awaited) if *awaited == ticket => self.read_clear(&records),
            Phase::Unlocking(Unlocking {
                header,
                unpacked,
                request,
                step: Step::Reading(awaited, vault),
            }) if *awaited == ticket => {
                let (header, unpacked, request) = (header.clone(), *unpacked, *request);
                match opening::build(&mut self.works, vault.clone(), &records) {
                    Ok(office) => {
                        let ticket = self.works.load(opening::second_selections(&office));
                        self.phase = Phase::Open(Box::new(office), Opening::Reading(ticket, request, header));
                    }
                    Err(problem) => {
                        self.phase = Phase::Locked(header, unpacked);
                        self.works.answer(request, Err(problem));
                    }
                }
            }
            Phase::Open(office, opening) => match opening {
                Opening::Reading(awaited, request, header) if *awaited == ticket => {
                    office.header = Some(header.clone());
                    opening::finish(&mut self.works, office, &records);
                    let request = *request;
                    *opening = Opening::Done;
                    self.works.answer(request, Ok(()));
                    self.works.carrier.offer_again();
                    self.look_up();
                }
                _ => {
                    if let Some(id) = office.loading.remove(&ticket) {
                        let sealed = records.first().map(|record| &record.value[..]);
                        office.opened(&mut self.works, id, sealed);
                        office.retry(&mut self.works);
                    }
                }
            },
            _ => {}
        }
        self.works.stale();
    }

    fn read_clear(&mut self, records: &[Record]) {
        let clear = |key: &[u8]| {
            let mut found = records.iter().filter(|record| record.table == Table::Clear && record.key == key);
            found.next().map(|record| &record.value[..])
        };
        let outbox = records.iter().filter(|record| record.table == Table::Outbox);
        for record in outbox {
            let number = super::records::id_of(&record.key).map(u64::from_be_bytes);
            if let (Some(number), Ok(entry)) = (number, Entry::check(record.value.clone())) {
                self.works.carrier.load(number, &entry, carrier::Stored::Yes);
                self.works.outbox_from(number + 1);
            }
        }
        if let Some(record) = clear(CARRIER).and_then(|bytes| cbor::decode::<CarrierRecord>(bytes).ok()) {
            let outputs = self.works.carrier.pin(self.works.now, record.relay, record.claim);
            self.works.outputs.extend(outputs);
        }
        self.phase = match clear(VAULT).map(VaultHeader::decode) {
            None => Phase::Empty(Box::default()),
            Some(Ok(header)) => {
                let unpacked = records.iter().filter(|record| record.table == Table::Pending).count();
                Phase::Locked(header, unpacked as u32)
            }
            Some(Err(HeaderError::TooNew)) => Phase::Broken(Problem::StoreTooNew),
            Some(Err(HeaderError::Damaged)) => Phase::Broken(Problem::StoreDamaged),
        };
    }

    fn lock(&mut self) {
        self.abandon_change(&Problem::NotAllowed);
        let (header, unpacked) = match &mut self.phase {
            Phase::Open(office, opening) => {
                let header = match opening {
                    Opening::Reading(_, unlocking, header) => {
                        self.works.answer(*unlocking, Err(Problem::NotAllowed));
                        Some(header.clone())
                    }
                    Opening::Founding(_) | Opening::Done => office.header.clone(),
                };
                let Some(header) = header else { return };
                office.freeze(&mut self.works);
                office.refuse_waiting(&mut self.works, &Problem::NotAllowed);
                (header, office.pending.len() as u32)
            }
            Phase::Unlocking(unlocking) => {
                self.works.answer(unlocking.request, Err(Problem::NotAllowed));
                (unlocking.header.clone(), unlocking.unpacked)
            }
            _ => return,
        };
        self.phase = Phase::Locked(header, unpacked);
        for watch in self.watches.values_mut() {
            watch.last = None;
        }
        let outputs = self.works.carrier.hang_up(self.works.now);
        self.works.outputs.extend(outputs);
    }

    /// The relay took this device in: the session can begin.
    pub(super) fn admitted(&mut self) {
        self.works.carrier.claimed();
        if let Phase::Open(office, _) = &mut self.phase {
            office.joined(&mut self.works);
            let record = CarrierRecord { relay: office.me.relay, claim: None };
            if !office.is_admitted {
                office.is_admitted = true;
                self.works.ledger.put(Table::Clear, CARRIER.to_vec(), cbor::encode(&record));
            }
        }
    }

    /// The relay refused this device's genesis or join.
    pub(super) fn admission_refused(&mut self, number: u64, why: Refusal) {
        let Phase::Open(office, Opening::Done) = &mut self.phase else { return };
        if office.joining.is_none() {
            return;
        }
        self.works.unpost(number);
        if matches!(why, Refusal::RosterMoved | Refusal::UnknownRosterHead) {
            self.look_up();
        } else {
            let problem = match why {
                Refusal::InvitationUsed => Problem::InvitationUsed,
                Refusal::InvitationExpired => Problem::InvitationExpired,
                Refusal::InvitationWithdrawn => Problem::InvitationWithdrawn,
                why => Problem::EntryRefused { why },
            };
            self.forget(problem);
        }
    }

    /// Clears a store whose genesis or join will never be taken: nothing of a living office was ever in it.
    pub(super) fn forget(&mut self, problem: Problem) {
        if !matches!(self.phase, Phase::Open(_, Opening::Done)) {
            return;
        }
        self.forget_change(&problem);
        let Phase::Open(office, _) = &mut self.phase else { return };
        office.refuse_waiting(&mut self.works, &problem);
        let clear = [VAULT, CARRIER].map(|key| (Table::Clear, key.to_vec()));
        for (table, key) in clear.into_iter().chain(office.record_keys()) {
            self.works.ledger.delete(table, key);
        }
        let outbox: Vec<_> = self.works.carrier.outbox().map(|(number, _)| number).collect();
        for number in outbox {
            self.works.unpost(number);
        }
        self.works.carrier.unpin();
        self.works.carrier.set_aside(problem);
        self.phase = Phase::Empty(Box::default());
        self.works.stale();
    }
}
