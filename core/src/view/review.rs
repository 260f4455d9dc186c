//! What the office says of findings, what a visit re-examines, and how lists of both are cut and ordered.

use super::{Heads, Since};
use crate::domain::{ReviewState, Severity};
use crate::ids::{DocumentId, ItemId, MemberId};
use crate::time::Timestamp;
use crate::units::UnitSummary;
use serde::{Deserialize, Serialize};

/// Where a finding stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReviewView {
    /// Its state.
    pub state: ReviewState,
    /// Whether it was changed since it was decided on.
    pub since: Since,
    /// The decisions that nobody overtook: more than one when people decided concurrently.
    pub decisions: Vec<DecisionView>,
}

/// A decision about a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionView {
    /// What was decided; [`ReviewState::Waiting`] when an earlier decision was withdrawn.
    pub state: ReviewState,
    /// Who decided.
    pub by: Option<MemberId>,
    /// Their name; empty when unknown here.
    pub name: String,
    /// When, by their clock.
    pub at: Timestamp,
    /// Why it was rejected.
    pub reason: String,
    /// The version decided on.
    pub heads: Heads,
    /// The batch that it was decided in.
    pub batch: Option<ItemId>,
}

/// A finding that a visit re-examines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExaminedView {
    /// Its visit.
    pub visit: DocumentId,
    /// The version that was read; [`super::Query::VisitAt`] shows it.
    pub heads: Heads,
    /// Which finding.
    pub finding: ItemId,
    /// What it said; `None` when this device lacks the visit.
    pub shown: Option<ExaminedFinding>,
}

/// What a re-examined finding said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExaminedFinding {
    /// The unit, when chosen.
    pub unit: Option<UnitSummary>,
    /// When its visit began.
    pub started: Timestamp,
    /// Category code.
    pub category: String,
    /// Severity code.
    pub severity: String,
    /// Which window or place.
    pub place: String,
    /// Which person.
    pub person: String,
    /// What was seen.
    pub seen: String,
}

/// Whether findings are part of a matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Merged {
    /// No matter.
    #[default]
    Any,
    /// Those that no matter cites.
    Not,
    /// Those that a matter cites.
    Yes,
}

/// Which matters, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterFilter {
    /// Only of this unit (code) or a unit below it.
    pub unit: Option<String>,
    /// Only in this category code, or in the group it names.
    pub category: Option<String>,
    /// Only of this severity or graver.
    pub severity: Option<Severity>,
    /// Only those in which this text occurs (title, unit, who opened it, what the cited findings say),
    /// case-insensitively.
    pub text: String,
    /// In which order.
    pub order: Order,
}

/// The order of a list. What is equal in it is ordered newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// By what.
    pub key: SortKey,
    /// In which direction.
    pub direction: Direction,
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SortKey {
    /// When the visit began, or the matter was opened.
    #[default]
    Time,
    /// The unit's code, which follows the tree of units.
    Unit,
    /// The category's code; of a visit, that of its gravest finding.
    Category,
    /// The severity; of a visit, the gravest.
    Severity,
    /// Where it stands; of a finding, its review; of a matter, nothing yet.
    State,
}

/// The direction of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// The latest, last or gravest first.
    #[default]
    Descending,
    /// The earliest, first or least grave first.
    Ascending,
}

/// Where a finding stands in a list: "n of N", and its neighbours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingPlace {
    /// How many findings match in all.
    pub total: u32,
    /// Its position from 0; `None` when it does not match (any more).
    pub position: Option<u32>,
    /// The one before it.
    pub previous: Option<(DocumentId, ItemId)>,
    /// The one after it.
    pub next: Option<(DocumentId, ItemId)>,
}
