//! Units 单位: the office's register, a tree that arrives as a spreadsheet.

use serde::{Deserialize, Serialize};

/// A unit as a spreadsheet gave it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRow {
    /// Its code, unique in the office: the name by which everything refers to it.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The codes of its ancestors, nearest first, as far as the row gives them.
    pub parents: Vec<String>,
    /// Pinyin initials of the name, lower case; several when characters have several readings.
    pub initials: Vec<String>,
    /// What kind of unit, as written; empty when not given.
    pub kind: String,
}

/// A unit for a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitSummary {
    /// Its code.
    pub code: String,
    /// Its name; its code for a placeholder.
    pub name: String,
    /// The names of its ancestors, outermost first.
    pub path: Vec<String>,
    /// Whether the register has it.
    pub origin: UnitOrigin,
}

/// How the register came to know a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnitOrigin {
    /// A row of an import.
    #[default]
    Imported,
    /// Named as a parent by other rows, and itself missing.
    Placeholder,
}
