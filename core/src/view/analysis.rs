//! What is worked out from many visits: proposals, agreement, a unit's timeline, and figures.

use super::{FindingRow, MatterRow, VisitRow};
use crate::domain::{ReviewState, Severity};
use crate::ids::{DocumentId, ItemId};
use crate::time::Timestamp;
use crate::units::UnitSummary;
use serde::{Deserialize, Serialize};

/// Something that is likely the same problem as a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// What.
    pub what: Proposed,
    /// How likely, from 0 to 100.
    pub score: u8,
    /// Why, weightiest first.
    pub reasons: Vec<Likeness>,
}

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Proposed {
    /// Another finding.
    Finding(FindingRow),
    /// A matter to add the finding to.
    Matter(MatterRow),
}

/// Why something is likely the same problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Likeness {
    /// At the same unit.
    SameUnit,
    /// At a unit above or below.
    NearUnit,
    /// In the same category.
    SameCategory,
    /// In the same group of categories.
    SameGroup,
    /// So many days apart.
    DaysApart(u32),
    /// At the same window or place.
    SamePlace,
    /// The same person is named.
    SamePerson,
    /// So many per cent of the pairs of characters are common.
    SimilarText(u8),
}

/// Which visits are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Compared {
    /// The submitted ones at a unit, by its code.
    Unit(String),
    /// Those whose findings a matter cites.
    Matter(DocumentId),
}

/// How far the visits that used one checklist agree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgreementView {
    /// The checklist.
    pub checklist: ItemId,
    /// Its title; empty when unknown.
    pub title: String,
    /// The visits, oldest first.
    pub visits: Vec<VisitRow>,
    /// The questions that were answered in any of them.
    pub questions: Vec<QuestionAgreement>,
    /// Of all pairs of answers to one question, how many of a thousand are the same; `None` without a pair.
    pub agreement: Option<u32>,
    /// Agreement beyond chance, in thousandths; `None` where it is not defined.
    pub kappa: Option<Kappa>,
}

/// How far visits agree on a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionAgreement {
    /// Which.
    pub question: ItemId,
    /// What is asked; empty when unknown.
    pub text: String,
    /// The answers, in the order of the visits; empty where there is none.
    pub answers: Vec<String>,
    /// Of all pairs of answers, how many of a thousand are the same; `None` without a pair.
    pub agreement: Option<u32>,
}

/// Agreement beyond chance: 1000 is perfect, 0 what chance would give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kappa {
    /// By whose measure.
    pub measure: Measure,
    /// Thousandths.
    pub value: i32,
    /// How many questions it rests on: those answered in every visit.
    pub questions: u32,
}

/// A measure of agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// Of two visits.
    Cohen,
    /// Of three visits or more.
    Fleiss,
}

/// What happened at a unit and at those below it, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UnitTimeline {
    /// The unit.
    pub unit: Option<UnitSummary>,
    /// How much happened in all.
    pub total: u32,
    /// The newest of it.
    pub events: Vec<UnitEvent>,
}

/// Something that happened at a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitEvent {
    /// When, by the clock of whoever did it.
    pub at: Timestamp,
    /// What.
    pub what: Happened,
}

/// What happened at a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Happened {
    /// A visit was begun.
    Visited {
        /// The visit.
        visit: VisitRow,
        /// Its findings by severity, gravest first; those not struck out.
        severities: Vec<(Option<Severity>, u32)>,
    },
    /// The findings of a visit were decided on; at the time of the latest decision.
    Reviewed {
        /// The visit.
        visit: DocumentId,
        /// How its findings stand, by state.
        states: Vec<(ReviewState, u32)>,
    },
    /// A matter was opened.
    MatterOpened(MatterRow),
}

/// Figures for charts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FiguresView {
    /// How many visits match.
    pub visits: u32,
    /// How many findings match; what stands below adds up to it, units beyond the first thirty excepted.
    pub findings: u32,
    /// Findings by category code, most first; empty code for none.
    pub by_category: Vec<(String, u32)>,
    /// Findings by unit, most first, at most thirty.
    pub by_unit: Vec<(Option<UnitSummary>, u32)>,
    /// Findings by the ISO week in which their visit began, oldest first; weeks without any are left out.
    pub by_week: Vec<(IsoWeek, u32)>,
    /// Findings by severity, gravest first.
    pub by_severity: Vec<(Option<Severity>, u32)>,
    /// From a visit's beginning to its submission.
    pub to_submitted: Median,
    /// From there to its first reading.
    pub to_read: Median,
    /// From there to a finding's confirmation.
    pub to_confirmed: Median,
    /// From there to the first matter that cites it.
    pub to_matter: Median,
}

/// A week of ISO 8601: it begins on Monday, and the year is that of its Thursday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IsoWeek {
    /// The year.
    pub year: u32,
    /// From 1 to 53.
    pub week: u32,
}

/// A median, with how many cases it rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Median {
    /// Milliseconds; nothing when it rests on no case.
    pub millis: u64,
    /// How many cases.
    pub of: u32,
}
