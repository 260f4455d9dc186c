//! Changing the passphrase: the vault's key is sealed anew under what the new one gives, in one transaction.

use super::Engine;
use super::access::{Opening, Phase};
use super::founding::check_passphrase;
use super::io::{Job, JobResult, Table, Ticket};
use super::ledger::After;
use super::records::VAULT;
use super::vault::VaultHeader;
use crate::command::{Passphrase, RequestId};
use crate::crypto::SealKey;
use crate::problem::Problem;
use zeroize::Zeroize;

/// A change of the passphrase that is under way.
pub struct Changing {
    request: RequestId,
    header: VaultHeader,
    step: Step,
}

enum Step {
    /// The old one is being stretched, to see whether it is the right one.
    Old { ticket: Ticket, new: Passphrase },
    /// The new one is.
    New { ticket: Ticket, old: SealKey },
    /// This header is on its way into the store, in the place of the one before.
    Storing(VaultHeader),
}

impl Engine {
    /// Begins to change the passphrase.
    pub(super) fn change_passphrase(&mut self, request: RequestId, old: Passphrase, new: Passphrase) {
        let header = match &self.phase {
            Phase::Open(office, Opening::Done) if self.changing.is_none() => office.header.clone(),
            _ => None,
        };
        let Some(header) = header else { return self.works.answer(request, Err(Problem::NotAllowed)) };
        if let Err(problem) = check_passphrase(&new) {
            return self.works.answer(request, Err(problem));
        }
        let ticket = self.job(Job::Stretch { passphrase: old, params: header.params() });
        self.changing = Some(Changing { request, header, step: Step::Old { ticket, new } });
    }

    /// Goes on when a passphrase is stretched; gives the result back when it is for somebody else.
    pub(super) fn change_further(&mut self, ticket: Ticket, result: JobResult) -> Option<JobResult> {
        let is_awaited = |changing: &mut Changing| match &changing.step {
            Step::Old { ticket: awaited, .. } | Step::New { ticket: awaited, .. } => *awaited == ticket,
            Step::Storing(_) => false,
        };
        let Some(changing) = self.changing.take_if(is_awaited) else { return Some(result) };
        let request = changing.request;
        let JobResult::Stretched(mut stretched) = result else {
            self.works.answer(request, Err(Problem::StorageFailed));
            return None;
        };
        let next = self.take_step(changing, &stretched);
        stretched.zeroize();
        match next {
            Ok(changing) => self.changing = Some(changing),
            Err(problem) => self.works.answer(request, Err(problem)),
        }
        None
    }

    fn take_step(&mut self, changing: Changing, stretched: &[u8; 32]) -> Result<Changing, Problem> {
        let Changing { request, header, step } = changing;
        let step = match step {
            Step::Old { new, .. } => {
                header.unlock(stretched).map_err(|_| Problem::WrongPassphrase)?;
                let ticket = self.job(Job::Stretch { passphrase: new, params: header.params() });
                Step::New { ticket, old: SealKey(*stretched) }
            }
            Step::New { old, .. } => {
                let changed = header.rewrap(&old.0, stretched, &mut self.works.rng);
                let changed = changed.map_err(|_| Problem::WrongPassphrase)?;
                self.works.ledger.put(Table::Clear, VAULT.to_vec(), changed.encode());
                self.works.ledger.after(After::Answer(request));
                Step::Storing(changed)
            }
            storing @ Step::Storing(_) => storing,
        };
        Ok(Changing { request, header, step })
    }

    /// Something was answered as durable: when it is the change, it counts from now on.
    pub(super) fn passphrase_changed(&mut self, answered: RequestId) {
        let Some(changing) = self.changing.take_if(|changing| changing.request == answered) else { return };
        let Step::Storing(changed) = changing.step else { return };
        match &mut self.phase {
            Phase::Open(_, Opening::Reading(_, _, header)) => *header = changed,
            Phase::Open(office, _) => office.header = Some(changed),
            phase => phase.replace_header(changed),
        }
    }

    /// Something was answered as not stored: when it is the change, the old passphrase goes on to count, and what was
    /// to be written is not.
    pub(super) fn passphrase_kept(&mut self, answered: RequestId) {
        if let Some(changing) = self.changing.take_if(|changing| changing.request == answered) {
            self.works.ledger.put(Table::Clear, VAULT.to_vec(), changing.header.encode());
        }
    }

    /// The office closes before the change was written: it is none.
    pub(super) fn abandon_change(&mut self, why: &Problem) {
        let is_early = |changing: &mut Changing| !matches!(changing.step, Step::Storing(_));
        if let Some(changing) = self.changing.take_if(is_early) {
            self.works.answer(changing.request, Err(why.clone()));
        }
    }

    /// The store is cleared: nothing of a change goes into it any more.
    pub(super) fn forget_change(&mut self, why: &Problem) {
        self.abandon_change(why);
        self.changing = None;
    }
}
