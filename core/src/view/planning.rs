//! What is shown of assignments, of how far they have come, and of the areas they are planned by.

use crate::domain::{AssignmentDraft, AssignmentState, Citation, Mode, Severity};
use crate::ids::{DocumentId, ItemId, SpaceId};
use crate::time::Timestamp;
use crate::units::UnitSummary;
use crate::view::{FactView, Tick};
use serde::{Deserialize, Serialize};

/// Which assignments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentFilter {
    /// At which stage.
    pub stage: AssignmentStage,
    /// Only of this team.
    pub team: Option<SpaceId>,
    /// Only with this unit (code).
    pub unit: Option<String>,
}

/// A stage of assignments to look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AssignmentStage {
    /// All that this device has.
    #[default]
    All,
    /// Neither over nor withdrawn.
    Open,
    /// Their last day has passed.
    Over,
    /// Taken back.
    Withdrawn,
}

/// How far a unit of an assignment has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Covered {
    /// Nobody has begun a visit that this device knows of.
    #[default]
    Waiting,
    /// A visit was begun and not handed in.
    Begun,
    /// A visit was handed in.
    Visited,
}

/// How many units have come how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Units in all.
    pub units: u32,
    /// Where a visit was handed in.
    pub visited: u32,
    /// Where a visit was begun only.
    pub begun: u32,
    /// Where a visit that was handed in has findings that are not struck out.
    pub with_findings: u32,
}

/// One assignment in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssignmentRow {
    /// Which.
    pub assignment: DocumentId,
    /// The team.
    pub team: SpaceId,
    /// The team's name.
    pub team_name: String,
    /// What it is called.
    pub title: String,
    /// Visits begun at or after count.
    pub from: Timestamp,
    /// Visits begun before count.
    pub until: Timestamp,
    /// How to visit.
    pub mode: Mode,
    /// The checklist to go through.
    pub checklist: Option<ItemId>,
    /// Where it stands.
    pub state: AssignmentState,
    /// How many earlier findings are to be examined again.
    pub again: u32,
    /// How far it has come.
    pub covered: Totals,
    /// When it was given, by the device's clock.
    pub assigned: Timestamp,
    /// Who gave it; empty when unknown here.
    pub assigned_by: String,
    /// How far it has come to others.
    pub tick: Tick,
}

/// An assignment as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssignmentView {
    /// Its row, made of the last of `versions`.
    pub row: AssignmentRow,
    /// What it asks: one version, or several that were stated without knowledge of each other.
    pub versions: Vec<AssignmentVersion>,
    /// What is examined again.
    pub again: Vec<ReexaminedView>,
    /// How far each of its units has come, in its order.
    pub units: Vec<UnitCoverage>,
    /// What was done to it, oldest first.
    pub timeline: Vec<FactView>,
}

/// What an assignment asks, as somebody stated it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssignmentVersion {
    /// Who stated it; empty when unknown here.
    pub by: String,
    /// When, by the device's clock.
    pub at: Timestamp,
    /// The whole of it.
    pub content: AssignmentDraft,
}

/// Something that is examined again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReexaminedView {
    /// The unit.
    pub unit: Option<UnitSummary>,
    /// What was wrong.
    pub text: String,
    /// How grave it was.
    pub severity: Severity,
    /// The finding, in the version that was read.
    pub citation: Option<Citation>,
}

/// How far a unit of an assignment has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitCoverage {
    /// The unit.
    pub unit: UnitSummary,
    /// The team that is asked.
    pub team: SpaceId,
    /// How far.
    pub covered: Covered,
    /// The visits that count, drafts included.
    pub visits: Vec<DocumentId>,
    /// Findings of those handed in that are not struck out.
    pub findings: u32,
}

/// What a visit shows of the assignment that it was begun from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VisitAssignment {
    /// Which.
    pub assignment: DocumentId,
    /// What it is called.
    pub title: String,
    /// Visits begun before count.
    pub until: Timestamp,
    /// What to look at.
    pub look_at: String,
    /// Where it stands.
    pub state: AssignmentState,
    /// What is examined again at the visit's unit.
    pub again: Vec<ReexaminedView>,
}

/// How far all assignments of a time have come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CoverageView {
    /// In all; a unit counts once for each team.
    pub totals: Totals,
    /// By area and team.
    pub areas: Vec<CoverageRow>,
    /// The units whose place is known, for a map.
    pub units: Vec<UnitCoverage>,
    /// How many have no known place.
    pub unplaced: u32,
}

/// How far a team has come in an area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoverageRow {
    /// The area: what is directly above the units, or a unit that has nothing above it.
    pub area: UnitSummary,
    /// The team.
    pub team: SpaceId,
    /// The team's name.
    pub team_name: String,
    /// How far.
    pub totals: Totals,
}

/// A unit with units below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AreaView {
    /// The unit.
    pub unit: UnitSummary,
    /// How many are directly below it.
    pub children: u32,
    /// How many are below it in all.
    pub below: u32,
}
