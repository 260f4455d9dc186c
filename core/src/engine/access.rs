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
use crate::ids::DocumentId;
use crate::problem::{Problem, Refusal};
use crate::view::Access;
use crate::wire::{Item, ToRelay};

/// The state of access.
pub enum Phase {
    /// The store's clear part is being read.
    Opening(Ticket),
    /// There is no vault.
    Empty(Box<Empty>),
    /// The vault is closed.
    Locked(VaultHeader),
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
            Self::Locked(_) => Access::Locked,
            Self::Unlocking(_) | Self::Open(..) => Access::Busy,
            Self::Broken(_) => Access::Opening,
        }
    }
}

impl Engine {
    pub(super) fn access_command(&mut self, request: RequestId, command: Command) {
        let result = match (command, &self.phase) {
            (Command::MakeKit { language }, Phase::Empty(_)) => self.make_kit(request, language),
            (Command::Found { setup, office, name, passphrase, proof }, Phase::Empty(_)) => {
                let wish = Wish { setup, office, name, proof };
                self.start_founding(request, wish, passphrase)
            }
            (Command::OpenInvitation { code }, Phase::Empty(_)) => self.start_lookup(request, &code),
            (Command::Join { passphrase }, Phase::Empty(_)) => self.start_joining(request, passphrase),
            (Command::Unlock { passphrase }, Phase::Locked(header)) => {
                let (header, params) = (header.clone(), header.params());
                let ticket = self.job(Job::Stretch { passphrase, params });
                self.phase = Phase::Unlocking(Unlocking { header, request, step: Step::Stretching(ticket) });
                Ok(())
            }
            (Command::Lock, Phase::Open(_, Opening::Done)) => {
                self.lock();
                self.works.answer(request, Ok(()));
                Ok(())
            }
            (Command::Lock, Phase::Locked(_)) => {
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

    fn job(&mut self, job: Job) -> Ticket {
        let ticket = self.works.ticket();
        self.works.outputs.push(super::io::Output::Job(ticket, job));
        ticket
    }

    fn make_kit(&mut self, request: RequestId, language: Language) -> Result<(), Problem> {
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
        self.works.carrier.want();
        self.look_up();
        Ok(())
    }

    /// Asks the relay for the invitation that is wanted, if there is a connection.
    pub(super) fn look_up(&mut self) {
        if self.works.carrier.handshake().is_none() {
            return;
        }
        let secret = match &self.phase {
            Phase::Empty(empty) => empty.secret.as_ref().map(|(_, secret)| secret.clone()),
            _ => None,
        };
        if let Some(secret) = secret {
            self.works.outputs.push(carrier::send(&ToRelay::Find { locator: secret.locator() }));
        }
    }

    pub(super) fn found_invitation(&mut self, bundle: &[u8], roster: Vec<Item>) {
        let Some(handshake) = self.works.carrier.handshake().copied() else { return };
        match &mut self.phase {
            Phase::Empty(empty) => {
                let Some((request, secret)) = empty.secret.take() else { return };
                let lookup = Lookup::check(secret, handshake.relay, bundle, roster)
                    .and_then(|lookup| lookup.usable(handshake.time).map(|()| lookup));
                let result = lookup.map(|lookup| empty.lookup = Some(lookup));
                self.works.answer(request, result);
            }
            Phase::Open(office, _) => {
                let Some(joining) = office.joining else { return };
                let secret = InvitationSecret(joining.secret);
                let rejoined = Lookup::check(secret, handshake.relay, bundle, roster)
                    .and_then(|lookup| office.rejoin(&mut self.works, lookup, handshake.time));
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
        match &mut self.phase {
            Phase::Empty(empty) => {
                let Some((_, request, making)) = empty.job.take_if(|(current, ..)| *current == ticket) else {
                    return;
                };
                self.made(request, making, result);
            }
            Phase::Unlocking(unlocking) if matches!(unlocking.step, Step::Stretching(at) if at == ticket) => {
                let vault = match result {
                    JobResult::Stretched(stretched) => {
                        unlocking.header.unlock(&stretched).map_err(|_| Problem::WrongPassphrase)
                    }
                    JobResult::Kit(_) | JobResult::Failed => Err(Problem::StorageFailed),
                };
                match vault {
                    Ok(vault) => {
                        let ticket = self.works.load(opening::first_selections());
                        unlocking.step = Step::Reading(ticket, vault);
                    }
                    Err(problem) => {
                        let (header, request) = (unlocking.header.clone(), unlocking.request);
                        self.phase = Phase::Locked(header);
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

    pub(super) fn loaded(&mut self, ticket: Ticket, records: &[Record]) {
        match &mut self.phase {
            Phase::Opening(awaited) if *awaited == ticket => self.read_clear(records),
            Phase::Unlocking(Unlocking { header, request, step: Step::Reading(awaited, vault) })
                if *awaited == ticket =>
            {
                let (header, request) = (header.clone(), *request);
                match opening::build(&mut self.works, vault.clone(), records) {
                    Ok(office) => {
                        let ticket = self.works.load(opening::second_selections(&office));
                        self.phase = Phase::Open(Box::new(office), Opening::Reading(ticket, request, header));
                    }
                    Err(problem) => {
                        self.phase = Phase::Locked(header);
                        self.works.answer(request, Err(problem));
                    }
                }
            }
            Phase::Open(office, opening) => match opening {
                Opening::Reading(awaited, request, header) if *awaited == ticket => {
                    office.header = Some(header.clone());
                    opening::finish(&mut self.works, office, records);
                    let request = *request;
                    *opening = Opening::Done;
                    self.works.answer(request, Ok(()));
                }
                _ => {
                    for record in records.iter().filter(|record| record.table == Table::Documents) {
                        if let Some(id) = super::records::id_of(&record.key).map(DocumentId) {
                            office.opened(&mut self.works, id, &record.value);
                        }
                    }
                    office.retry(&mut self.works);
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
            self.works.carrier.pin(record.relay, record.claim);
        }
        self.phase = match clear(VAULT).map(VaultHeader::decode) {
            None => Phase::Empty(Box::default()),
            Some(Ok(header)) => Phase::Locked(header),
            Some(Err(HeaderError::TooNew)) => Phase::Broken(Problem::StoreTooNew),
            Some(Err(HeaderError::Damaged)) => Phase::Broken(Problem::StoreDamaged),
        };
    }

    fn lock(&mut self) {
        let Phase::Open(office, _) = &mut self.phase else { return };
        let Some(header) = office.header.clone() else { return };
        office.freeze(&mut self.works);
        office.abandon_intents(&mut self.works);
        office.refuse_waiting(&mut self.works);
        self.phase = Phase::Locked(header);
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
        let Phase::Open(office, _) = &mut self.phase else { return };
        let Some(joining) = office.joining else { return };
        self.works.unpost(number);
        if matches!(why, Refusal::RosterMoved | Refusal::UnknownRosterHead) {
            let locator = InvitationSecret(joining.secret).locator();
            self.works.outputs.push(carrier::send(&ToRelay::Find { locator }));
        } else {
            let problem = match why {
                Refusal::InvitationUsed => Problem::InvitationUsed,
                Refusal::InvitationExpired => Problem::InvitationExpired,
                why => Problem::EntryRefused { why },
            };
            self.forget(problem);
        }
    }

    /// Clears a store whose join will never be taken: nothing of the office's was ever in it.
    fn forget(&mut self, problem: Problem) {
        let Phase::Open(office, _) = &self.phase else { return };
        let mut keys = vec![(Table::Clear, VAULT.to_vec()), (Table::Clear, CARRIER.to_vec())];
        keys.extend(office.state_keys().into_iter().map(|key| (Table::State, key)));
        for (table, key) in keys {
            self.works.ledger.delete(table, key);
        }
        let outbox: Vec<_> = self.works.carrier.outbox().map(|(number, _)| number).collect();
        outbox.into_iter().for_each(|number| self.works.unpost(number));
        self.works.carrier.unpin();
        self.works.carrier.set_aside(problem);
        self.phase = Phase::Empty(Box::default());
        self.works.stale();
    }
}
