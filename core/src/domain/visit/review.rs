//! Review 审核: what the office says of a visit and of its findings.

use super::read::{authors_work, finding_maps, readings};
use super::{VisitFact, VisitState, facts, state};
use crate::document::{Document, Handle, Version};
use crate::domain::fact::{Stated, Statement as _, latest};
use crate::domain::finding::{FindingField, SEEN};
use crate::domain::{Context, People, Stamp, limits};
use crate::ids::ItemId;
use crate::problem::Problem;
use crate::sorted::SortedSet;
use crate::time::Timestamp;
use crate::view::{DecisionView, Heads, ReviewView, Since};
use serde::{Deserialize, Serialize};

/// Where a finding stands, derived from the facts of its visit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ReviewState {
    /// Nobody has decided, or what was decided was withdrawn.
    #[default]
    Waiting,
    /// A supervisor confirmed it.
    Confirmed,
    /// A supervisor rejected it.
    Rejected,
    /// Contradictory decisions were made concurrently; a person settles it by deciding again.
    Disputed,
    /// Its inspectors struck it out.
    Struck,
}

/// What a supervisor decides about a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Review {
    /// It is so.
    Confirm,
    /// It is not so, or does not belong here.
    Reject {
        /// Why.
        reason: String,
    },
    /// Nothing is decided any more.
    Withdraw,
}

/// A decision that nobody overtook.
struct Decision<'a> {
    state: ReviewState,
    heads: &'a [[u8; 32]],
    reason: &'a str,
    batch: Option<ItemId>,
}

/// Where a finding stands, for a row.
pub(crate) struct Standing {
    pub state: ReviewState,
    /// Whether the finding differs from the version decided on.
    pub since: Since,
    /// When the latest decision was made.
    pub at: Option<Timestamp>,
}

/// What is said about the findings of one version of a visit.
pub(crate) struct Reviewed<'a> {
    document: &'a Document,
    version: &'a Version,
    facts: &'a [Stated<VisitFact>],
    work: Vec<crate::document::Made>,
}

impl<'a> Reviewed<'a> {
    pub fn new(document: &'a Document, version: &'a Version, facts: &'a [Stated<VisitFact>]) -> Self {
        Self { document, version, facts, work: authors_work(document, version) }
    }

    /// The decisions about a finding. Those of a batch do not count from where it was undone.
    fn decisions(&self, finding: ItemId) -> Vec<(&'a Stated<VisitFact>, Decision<'a>)> {
        let picked = self.facts.iter().filter_map(|fact| {
            let (about, decision) = decision(fact.counting()?)?;
            let is_kept = about == finding && decision.batch.is_none_or(|batch| !self.is_undone(fact, batch));
            is_kept.then_some((fact, decision))
        });
        crate::domain::fact::not_overtaken(self.document, picked.collect())
    }

    fn is_undone(&self, fact: &Stated<VisitFact>, batch: ItemId) -> bool {
        self.facts.iter().any(|undoing| {
            undoing.counting() == Some(&VisitFact::ReviewUndone { batch })
                && self.document.precedes(fact.node, undoing.node)
        })
    }

    /// The batches that were not undone, those whose decisions were overtaken included: they would count again once
    /// what overtook them is undone.
    pub fn batches(&self) -> Vec<ItemId> {
        let made = self.facts.iter().filter_map(|fact| {
            let (_, decision) = decision(fact.counting()?)?;
            decision.batch.filter(|&batch| !self.is_undone(fact, batch))
        });
        made.collect::<SortedSet<_>>().into_iter().collect()
    }

    /// Where a finding stands.
    pub fn standing(&self, finding: ItemId, map: Handle) -> Standing {
        let decisions = self.decisions(finding);
        let states: SortedSet<_> = decisions.iter().map(|(_, decision)| decision.state).collect();
        let state = match (super::read::struck(self.facts, finding), states.len()) {
            (Some(_), _) => ReviewState::Struck,
            (None, 0 | 1) => states.into_iter().next().unwrap_or_default(),
            (None, _) => ReviewState::Disputed,
        };
        let on_version: Vec<_> =
            decisions.iter().filter(|(_, decision)| decision.state != ReviewState::Waiting).collect();
        let is_changed = !on_version.is_empty()
            && on_version.iter().all(|(_, decision)| self.differs(finding, map, decision.heads));
        Standing {
            state,
            since: if is_changed { Since::Changed } else { Since::Unchanged },
            at: decisions.iter().map(|(fact, _)| fact.at).max(),
        }
    }

    /// Where a finding stands, with who decided it.
    pub fn view(&self, finding: ItemId, map: Handle, context: &Context<'_>) -> ReviewView {
        let Standing { state, since, .. } = self.standing(finding, map);
        let decisions = self.decisions(finding).into_iter();
        let decisions = decisions
            .map(|(fact, decision)| DecisionView {
                state: decision.state,
                by: fact.member(),
                name: context.name(fact.member()),
                at: fact.at,
                reason: decision.reason.to_owned(),
                heads: Heads(decision.heads.to_vec()),
                batch: decision.batch,
            })
            .collect();
        ReviewView { state, since, decisions }
    }

    /// Whether a finding is not as it was at `heads`.
    fn differs(&self, finding: ItemId, map: Handle, heads: &[[u8; 32]]) -> bool {
        let Some(then) = self.document.version(&Heads(heads.to_vec())) else { return true };
        if self.work.iter().all(|made| self.document.is_in(made.node, &then)) {
            return false;
        }
        let was_there = finding_maps(self.document, &then).iter().any(|&(id, _)| id == finding);
        !was_there || self.content(map, &then) != self.content(map, self.version)
    }

    /// All that a finding says.
    fn content(&self, map: Handle, version: &Version) -> Vec<String> {
        let document = self.document;
        let values = |field: FindingField| readings(document, map, field.key(), version);
        let fields = FindingField::ALL.into_iter().flat_map(|field| {
            let key = core::iter::once(field.key().to_owned());
            key.chain(values(field).into_iter().map(|(value, _)| value))
        });
        let seen = document.child_text(map, SEEN, version).map(|seen| document.text(seen, version));
        fields.chain(seen).collect()
    }
}

/// What a fact decides, about which finding.
fn decision(fact: &VisitFact) -> Option<(ItemId, Decision<'_>)> {
    let (finding, state, heads, reason, batch) = match fact {
        VisitFact::Confirmed { finding, heads, batch } => {
            (finding, ReviewState::Confirmed, &heads[..], "", batch)
        }
        VisitFact::Rejected { finding, heads, reason, batch } => {
            (finding, ReviewState::Rejected, &heads[..], &reason[..], batch)
        }
        VisitFact::ReviewWithdrawn { finding, batch } => (finding, ReviewState::Waiting, &[][..], "", batch),
        _ => return None,
    };
    Some((*finding, Decision { state, heads, reason, batch: *batch }))
}

/// Whether the visit was changed by its authors after it was submitted. Nobody is kept from correcting a submitted
/// visit; that it was done is shown.
pub(crate) fn since_submitted(
    document: &Document,
    version: &Version,
    facts: &[Stated<VisitFact>],
    state: VisitState,
) -> Since {
    if !matches!(state, VisitState::Submitted | VisitState::Disputed) {
        return Since::Unchanged;
    }
    let submitted = latest(document, facts, |fact| (*fact == VisitFact::Submitted).then_some(()));
    let was_known = |made: crate::document::Made| {
        let known = |(fact, ()): &(&Stated<VisitFact>, ())| {
            fact.node == made.node || document.precedes(made.node, fact.node)
        };
        submitted.iter().any(known)
    };
    let mut work = authors_work(document, version).into_iter();
    if work.all(was_known) { Since::Unchanged } else { Since::Changed }
}

/// Why the visit was sent back, as long as nobody went on with it.
pub(super) fn sent_back(document: &Document, facts: &[Stated<VisitFact>]) -> String {
    let reasons = latest(document, facts, |fact| match fact {
        VisitFact::SentBack { reason } => Some(Some(reason.as_str())),
        VisitFact::Submitted | VisitFact::Reopened | VisitFact::Voided { .. } => Some(None),
        _ => None,
    });
    reasons.into_iter().filter_map(|(_, reason)| reason).collect::<Vec<_>>().join("\n")
}

/// Sends a submitted visit back to its inspectors.
///
/// # Errors
///
/// [`Problem::Empty`] or [`Problem::TooLong`] for the reason, [`Problem::NotNow`] if it is not submitted.
pub fn send_back(
    document: &mut Document,
    stamp: Stamp,
    reason: &str,
    people: &dyn People,
) -> Result<(), Problem> {
    limits::name(reason)?;
    stands(document, people, &[VisitState::Submitted, VisitState::Disputed])?;
    super::edit::state(document, stamp, &VisitFact::SentBack { reason: reason.to_owned() })
}

/// Takes up work on a visit that was sent back.
///
/// # Errors
///
/// [`Problem::NotNow`] if it was not.
pub fn reopen(document: &mut Document, stamp: Stamp, people: &dyn People) -> Result<(), Problem> {
    stands(document, people, &[VisitState::SentBack])?;
    super::edit::state(document, stamp, &VisitFact::Reopened)
}

fn stands(document: &Document, people: &dyn People, wanted: &[VisitState]) -> Result<(), Problem> {
    let facts = facts(document, &document.now(), people);
    if wanted.contains(&state(document, &facts)) { Ok(()) } else { Err(Problem::NotNow) }
}

/// Decides about findings as they were at `heads`, in one change. Each comes with the random key of its fact.
///
/// # Errors
///
/// [`Problem::Empty`] or [`Problem::TooLong`] for the reason, [`Problem::NotHere`] for a finding or version that this
/// copy does not have.
pub fn review(
    document: &mut Document,
    at: Timestamp,
    findings: &[(ItemId, ItemId)],
    heads: &Heads,
    review: &Review,
    batch: Option<ItemId>,
) -> Result<(), Problem> {
    if let Review::Reject { reason } = review {
        limits::name(reason)?;
    }
    let version = document.version(heads).ok_or(Problem::NotHere)?;
    let known = finding_maps(document, &version);
    let mut stated = Vec::new();
    for &(key, finding) in findings {
        if known.iter().all(|&(id, _)| id != finding) {
            return Err(Problem::NotHere);
        }
        let heads = heads.0.clone();
        let fact = match review {
            Review::Confirm => VisitFact::Confirmed { finding, heads, batch },
            Review::Reject { reason } => {
                VisitFact::Rejected { finding, heads, reason: reason.clone(), batch }
            }
            Review::Withdraw => VisitFact::ReviewWithdrawn { finding, batch },
        };
        stated.push((key, fact.encode_fact()));
    }
    let write =
        document.edit(at, |edit| stated.into_iter().try_for_each(|(key, fact)| edit.state(key, fact)));
    write.map_err(limits::refused)
}

/// Takes back what was decided in a batch: what stood before it counts again.
///
/// # Errors
///
/// [`Problem::StoreDamaged`] if the document does not take the fact.
pub fn undo_review(document: &mut Document, stamp: Stamp, batch: ItemId) -> Result<(), Problem> {
    super::edit::state(document, stamp, &VisitFact::ReviewUndone { batch })
}
