//! Batches of reviews: what a filter matches is decided on in slices, so that other commands come between.

use super::ledger::After;
use super::office::{Office, Opened};
use super::reading::Progress;
use super::works::Works;
use crate::command::RequestId;
use crate::document::Document;
use crate::domain::{Review, Role, Stamp, Summary, limits, lists, visit};
use crate::ids::{DocumentId, ItemId};
use crate::problem::Problem;
use crate::sorted::{SortedMap, SortedSet};
use crate::view::{FindingFilter, Heads};

/// How many visits are worked off between two looks at what people want.
const SLICE: usize = 8;

/// Batches that are being worked off, the oldest first.
pub type Batches = std::collections::VecDeque<Running>;

/// A batch that is being worked off.
pub struct Running {
    request: RequestId,
    batch: ItemId,
    work: Work,
}

enum Work {
    /// Decides about findings as they were when the batch was asked for.
    Decide { review: Review, left: Vec<Share> },
    /// Takes decisions back; which, is looked up when its turn has come.
    Undo { left: Option<Vec<DocumentId>> },
}

/// What a batch does in one visit.
struct Share {
    visit: DocumentId,
    heads: Heads,
    findings: Vec<ItemId>,
}

/// What came of a piece of a batch.
enum Piece {
    Done,
    /// A document must be read from the store first.
    Waits,
    Ended,
}

impl Office {
    /// Takes a batch of decisions in, if the filter matches as many findings as the person saw.
    pub fn review_findings(
        &mut self,
        works: &mut Works,
        request: RequestId,
        batch: ItemId,
        (filter, expected): (&FindingFilter, u32),
        review: Review,
    ) {
        match self.shares(filter, expected, &review) {
            Ok(left) => {
                self.batches.push_back(Running { request, batch, work: Work::Decide { review, left } });
            }
            Err(problem) => works.answer(request, Err(problem)),
        }
    }

    fn shares(&self, filter: &FindingFilter, expected: u32, review: &Review) -> Result<Vec<Share>, Problem> {
        self.may_review()?;
        if let Review::Reject { reason } = review {
            limits::name(reason)?;
        }
        let unsent = SortedSet::new();
        let folk = self.folk(&unsent);
        let context = self.context(&folk);
        let matching = lists::matching_findings(filter, &context);
        if matching.len() != expected as usize {
            return Err(Problem::CountDiffers { found: matching.len() as u32 });
        }
        limits::many(matching.len(), limits::MAX_REVIEWED)?;
        let mut shares: SortedMap<DocumentId, Share> = SortedMap::new();
        for found in matching {
            let (visit, heads) = (found.id, || found.visit.heads.clone());
            let share = shares.entry(visit);
            let share = share.or_insert_with(|| Share { visit, heads: heads(), findings: Vec::new() });
            share.findings.push(found.finding.finding);
        }
        Ok(shares.into_values().rev().collect())
    }

    /// Takes in that a batch is to be undone, after those that came before.
    pub fn undo_review(&mut self, works: &mut Works, request: RequestId, batch: ItemId) {
        match self.may_review() {
            Ok(()) => self.batches.push_back(Running { request, batch, work: Work::Undo { left: None } }),
            Err(problem) => works.answer(request, Err(problem)),
        }
    }

    /// Whether this person may say what the office says of findings.
    pub fn may_review(&self) -> Result<(), Problem> {
        let may = self.is(Role::Supervisor) || self.is(Role::Coordinator);
        if may { Ok(()) } else { Err(Problem::NotAllowed) }
    }

    /// Works off a slice of the oldest batch.
    pub fn work_on_batches(&mut self, works: &mut Works) -> Progress {
        let Some(mut running) = self.batches.pop_front() else { return Progress::Rests };
        for _ in 0..SLICE {
            let piece = match &mut running.work {
                Work::Decide { review, left } => self.decide(works, running.batch, review, left),
                Work::Undo { left } => {
                    let left = left.get_or_insert_with(|| self.visits_of_batch(running.batch));
                    self.undo(works, running.batch, left)
                }
            };
            match piece {
                Ok(Piece::Done) => {}
                Ok(Piece::Waits) => {
                    self.batches.push_front(running);
                    return Progress::Rests;
                }
                Ok(Piece::Ended) => {
                    works.ledger.after(After::Answer(running.request));
                    works.stale();
                    return if self.batches.is_empty() { Progress::Rests } else { Progress::More };
                }
                Err(problem) => {
                    works.answer(running.request, Err(problem));
                    return if self.batches.is_empty() { Progress::Rests } else { Progress::More };
                }
            }
        }
        self.batches.push_front(running);
        Progress::More
    }

    fn decide(
        &mut self,
        works: &mut Works,
        batch: ItemId,
        review: &Review,
        left: &mut Vec<Share>,
    ) -> Result<Piece, Problem> {
        let Some(Share { visit: id, heads, findings }) = left.last() else { return Ok(Piece::Ended) };
        let keyed: Vec<_> = findings.iter().map(|finding| (ItemId(works.rng.bytes()), *finding)).collect();
        let at = works.now;
        let done = self.change_visit(works, *id, |document| {
            visit::review(document, at, &keyed, heads, review, Some(batch))
        });
        self.next(done, left)
    }

    fn undo(
        &mut self,
        works: &mut Works,
        batch: ItemId,
        left: &mut Vec<DocumentId>,
    ) -> Result<Piece, Problem> {
        let Some(id) = left.last() else { return Ok(Piece::Ended) };
        let stamp = Stamp { at: works.now, key: ItemId(works.rng.bytes()) };
        let done = self.change_visit(works, *id, |document| visit::undo_review(document, stamp, batch));
        self.next(done, left)
    }

    fn next<T>(&self, done: Option<Result<(), Problem>>, left: &mut Vec<T>) -> Result<Piece, Problem> {
        let Some(result) = done else { return Ok(Piece::Waits) };
        result?;
        left.pop();
        Ok(Piece::Done)
    }

    /// Changes a visit; `None` while it is being read from the store.
    fn change_visit(
        &mut self,
        works: &mut Works,
        id: DocumentId,
        change: impl FnOnce(&mut Document) -> Result<(), Problem>,
    ) -> Option<Result<(), Problem>> {
        if !self.documents.contains_key(&id) && self.rows.contains_key(&id) {
            self.fetch(works, id);
            return None;
        }
        self.touch(id);
        let Some(Opened { document, .. }) = self.documents.get_mut(&id) else {
            return Some(Err(Problem::NotHere));
        };
        let result = change(document);
        self.commit(works, id);
        Some(result)
    }

    /// The visits in which decisions of a batch stand.
    fn visits_of_batch(&self, batch: ItemId) -> Vec<DocumentId> {
        let stands = |row: &Summary| row.visit().is_some_and(|visit| visit.batches.contains(&batch));
        self.summaries.iter().filter(|(_, row)| stands(row)).map(|(id, _)| *id).collect()
    }

    /// The office closes: batches end where they are. What was done of them can be undone.
    pub fn refuse_batches(&mut self, works: &mut Works, why: &Problem) {
        for running in core::mem::take(&mut self.batches) {
            works.answer(running.request, Err(why.clone()));
        }
    }
}
