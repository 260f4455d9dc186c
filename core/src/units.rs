//! Units 单位: the office's register, a tree that arrives as spreadsheets.
//!
//! A spreadsheet becomes [`UnitRow`]s, these become parts small enough for entries ([`pack`], [`Packer`]), the
//! parts of one import a [`UnitTable`], and all tables together the [`Register`] that lists and finds units.

use crate::ids::DocumentId;
use serde::{Deserialize, Serialize};

mod pack;
mod part;
mod place;
mod register;
mod search;
mod table;

pub use pack::{Packer, pack, unpack};
pub use part::{
    MAX_EXPANDED_BYTES, MAX_INFLATED_BYTES, MAX_INITIALS, MAX_PARENTS, MAX_PART_BYTES, MAX_PART_ROWS,
    MAX_TEXT_BYTES, UnitsError, fits,
};
pub use place::Place;
pub use register::{First, Register};
pub use search::MAX_WORDS;
pub use table::{MAX_TABLE_BYTES, UnitTable};

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
    /// Where it is, when given.
    pub place: Option<Place>,
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
    /// Where it is, when known.
    pub place: Option<Place>,
    /// How many metres it is from where the person is, in a search that says where.
    pub distance: Option<u32>,
    /// The open assignments of this device that wait for a visit there, in a search.
    pub assignments: Vec<DocumentId>,
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
