//! Checklists 检查单.

use crate::ids::ItemId;
use serde::{Deserialize, Serialize};

/// A checklist as it is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistDraft {
    /// Random; the same for all versions of one checklist.
    pub id: ItemId,
    /// Its title.
    pub title: String,
    /// Its questions, in order.
    pub questions: Vec<Question>,
}

/// A published checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    /// The same for all its versions.
    pub id: ItemId,
    /// Counted from 1.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// Its questions, in order.
    pub questions: Vec<Question>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Random; kept when the wording changes.
    pub id: ItemId,
    /// What is asked.
    pub text: String,
    /// The answers to choose from; empty means yes, no, not applicable.
    pub choices: Vec<String>,
    /// The category code that a "no" suggests; empty for none.
    pub category: String,
}
