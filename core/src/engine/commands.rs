//! What people ask of an open office.

use super::importing::part_key;
use super::io::Table;
use super::ledger::After;
use super::office::Office;
use super::records::{Family, IDENTITY, JOINING};
use super::roster_work::{Guest, What};
use super::works::Works;
use super::writing::Outcome;
use crate::command::{Command, RequestId};
use crate::defect::{Defect, is_on};
use crate::document::Kind;
use crate::domain::{Role, office};
use crate::problem::Problem;
use crate::roster::SpaceKind;

impl Office {
    /// Carries a command out, now or when the document that it needs has been read.
    pub fn carry_out(&mut self, works: &mut Works, request: RequestId, command: Command) {
        match command {
            Command::ImportUnits { dataset, name, rows, part } => {
                self.import(works, request, dataset, &name, &rows, part);
            }
            Command::WithdrawUnits { dataset } => {
                self.rule(works, request, |document, stamp| {
                    office::withdraw_dataset(document, stamp, dataset)
                });
                self.refresh_register(works);
            }
            Command::PublishChecklist { checklist } => {
                self.rule(works, request, |document, stamp| {
                    office::publish_checklist(document, stamp, &checklist)
                });
            }
            Command::FormTeam { name } => self.intend(works, request, What::Team { name }),
            Command::Invite { roles, team, name, days } => {
                self.intend(works, request, What::Invitation(Guest { roles, team, name, days }));
            }
            Command::Keep { name, value } => self.keep_for_page(works, request, name, value),
            Command::LetIn { device } => self.intend(works, request, What::LetIn { device }),
            Command::BlockDevice { device } => self.intend(works, request, What::Block { device }),
            Command::WithdrawInvitation { invitation } => {
                self.intend(works, request, What::Withdrawal { invitation });
            }
            Command::ImportUnsent { file } => self.take_parcel(works, request, &file),
            Command::ReviewFindings { batch, filter, expected, review } => {
                self.review_findings(works, request, batch, (&filter, expected), review);
            }
            Command::UndoReview { batch } => self.undo_review(works, request, batch),
            command => {
                if let Outcome::Waits(document) = self.write(works, request, &command) {
                    self.fetch(works, document);
                    self.waiting.push((request, command));
                }
            }
        }
    }

    /// Adds a fact to the office's document, as coordinators may.
    fn rule(
        &mut self,
        works: &mut Works,
        request: RequestId,
        act: impl FnOnce(&mut crate::document::Document, crate::domain::Stamp) -> Result<(), Problem>,
    ) {
        if !self.is(Role::Coordinator) {
            return works.answer(request, Err(Problem::NotAllowed));
        }
        let space = self.roster.only_space(SpaceKind::Office);
        match self.write_only(works, space, Kind::Office, act) {
            Ok(()) => works.ledger.after(After::Answer(request)),
            Err(problem) => works.answer(request, Err(problem)),
        }
    }

    /// A document was read: tries what waited again.
    pub fn retry(&mut self, works: &mut Works) {
        for (request, command) in core::mem::take(&mut self.waiting) {
            if is_on(Defect::RepeatWaiting) {
                self.carry_out(works, request, command.clone());
            }
            self.carry_out(works, request, command);
        }
    }

    /// The office closes: what waits is refused, since nobody can carry it out.
    pub fn refuse_waiting(&mut self, works: &mut Works, why: &Problem) {
        self.abandon_intents(works);
        self.refuse_batches(works, why);
        for (request, _) in core::mem::take(&mut self.waiting) {
            works.answer(request, Err(why.clone()));
        }
    }

    /// The places of all sealed records, those of read entries excepted.
    pub fn record_keys(&self) -> Vec<(Table, Vec<u8>)> {
        let documents = self
            .rows
            .keys()
            .flat_map(|id| [Table::Documents, Table::Rows].map(|table| (table, id.0.to_vec())));
        let pending = self.pending.keys().map(|number| (Table::Pending, number.to_be_bytes().to_vec()));
        let parts = self.datasets.iter().flat_map(|(dataset, parts)| {
            parts.keys().map(|index| (Table::Datasets, part_key(dataset, *index)))
        });
        let state = self.state_keys().into_iter().map(|key| (Table::State, key));
        documents.chain(pending).chain(parts).chain(state).collect()
    }

    fn state_keys(&self) -> Vec<Vec<u8>> {
        let roster = (0..self.roster.len()).map(|position| Family::Roster.key(&position.to_be_bytes()));
        let spaces = self.spaces.keys().map(|space| Family::Space.key(&space.0));
        let streams = self.streams.keys().map(|stream| Family::Stream.key(&stream.0));
        let last = self.last.keys().map(|space| Family::Last.key(&space.0));
        let only = [IDENTITY.to_vec(), JOINING.to_vec()];
        let invitations = self.invitations.keys().map(|sign| Family::Invitation.key(sign));
        let kept = self.kept.keys().map(|name| Family::Kept.key(name.as_bytes()));
        let all = only.into_iter().chain(roster).chain(spaces).chain(streams).chain(last);
        all.chain(invitations).chain(kept).collect()
    }
}
