//! Where the findings that a matter cites differ, and what was settled.

use crate::domain::MatterField;
use crate::ids::{DocumentId, ItemId, MemberId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a matter says in one field, and what its findings say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatterFieldView {
    /// Which.
    pub field: MatterField,
    /// What the matter says: what was settled last, otherwise what it was opened with.
    pub value: String,
    /// The different values of the findings in the versions cited; they stay whatever is settled.
    pub cited: Vec<CitedValue>,
    /// Who settled it, and how; more than one when it was settled concurrently.
    pub settled: Vec<SettledView>,
}

/// A value that findings give.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CitedValue {
    /// The value; empty when they give none.
    pub value: String,
    /// Which findings, each with its visit.
    pub findings: Vec<(DocumentId, ItemId)>,
}

/// A choice among values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettledView {
    /// What was chosen.
    pub chosen: String,
    /// What was not.
    pub over: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who chose.
    pub by: Option<MemberId>,
    /// Their name; empty when unknown here.
    pub name: String,
    /// When, by their clock.
    pub at: Timestamp,
}
