//! Looking at a spreadsheet before it is imported: what its columns are taken for, and what would come of it.

use super::columns::Columns;
use super::{Scan, Sheet, SkipReason, scan};
use crate::problem::Problem;
use serde::{Deserialize, Serialize};

/// How many rows a preview shows.
pub const MAX_PREVIEW_ROWS: usize = 20;

/// How many of the rows that would be left out a preview lists.
pub const MAX_PREVIEW_SKIPPED: usize = 1_000;

/// What a column holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Meaning {
    /// Nothing that is imported.
    #[default]
    Nothing,
    /// The units' codes.
    Code,
    /// Their names.
    Name,
    /// What kind of unit each is.
    Kind,
    /// The code or the name of the unit above.
    Parent,
    /// The code of a unit further above; there may be several such columns.
    Ancestor,
    /// Degrees to the north.
    Latitude,
    /// Degrees to the east.
    Longitude,
}

impl Meaning {
    /// All meanings, in the order in which a person is offered them.
    pub const ALL: [Self; 8] = [
        Self::Nothing,
        Self::Code,
        Self::Name,
        Self::Kind,
        Self::Parent,
        Self::Ancestor,
        Self::Latitude,
        Self::Longitude,
    ];
}

/// How a file is read: as its headers say, or as a person does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Which of the visible worksheets, from 0; 0 in a text file.
    pub sheet: u32,
    /// The line or row of the headers, from 1; 0 when there are none, and the first row is a unit.
    pub line: u32,
    /// What each column holds, from the left.
    pub columns: Vec<Meaning>,
}

/// What would come of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// How the file would be read. A person may change it and look again.
    pub mapping: Mapping,
    /// The headers; where none were recognised, what they may have been meant to be.
    pub headers: Vec<String>,
    /// The first rows with the number of their line or row, counted from 1. They stand below the headers where these
    /// are known.
    pub rows: Vec<(u32, Vec<String>)>,
    /// How many units would be imported; 0 as long as no column holds codes or none names.
    pub units: u32,
    /// How many rows would be left out or imported without their place.
    pub skipped_count: u32,
    /// The first of these rows, and why.
    pub skipped: Vec<(u32, SkipReason)>,
}

/// Looks at a file, as its headers say or as a person does.
///
/// # Errors
///
/// As [`super::read`], except that headers need not be recognised.
pub fn preview(bytes: &[u8], mapping: Option<&Mapping>) -> Result<Preview, Problem> {
    let complete = mapping.filter(|mapping| Columns::mapped(&mapping.columns).is_some());
    let Scan { sheet, mut rows } = scan(bytes, complete)?;
    let width = rows.sample.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default();
    let width = width.max(rows.headers.len());
    let columns = (0..width).map(|column| match &rows.columns {
        Some(columns) => columns.meaning(column),
        None => Meaning::Nothing,
    });
    let guess = Mapping { sheet, line: rows.line, columns: columns.collect() };
    let fault = rows.fault();
    let (headers, shown) = (core::mem::take(&mut rows.headers), core::mem::take(&mut rows.sample));
    let Sheet { rows: units, mut skipped } = match fault {
        None if mapping.is_none() || complete.is_some() => rows.finish()?,
        Some(Problem::SheetEmpty) => return Err(Problem::SheetEmpty),
        None | Some(_) => Sheet::default(),
    };
    let skipped_count = skipped.len() as u32;
    skipped.truncate(MAX_PREVIEW_SKIPPED);
    let mapping = mapping.cloned().unwrap_or(guess);
    Ok(Preview { mapping, headers, rows: shown, units: units.len() as u32, skipped_count, skipped })
}

/// Reads a file as a person says.
///
/// # Errors
///
/// As [`super::read`]; [`Problem::SheetColumns`] when no column is to hold codes, or none names.
pub fn read_as(bytes: &[u8], mapping: &Mapping) -> Result<Sheet, Problem> {
    if Columns::mapped(&mapping.columns).is_none() {
        return Err(Problem::SheetColumns { found: Vec::new() });
    }
    scan(bytes, Some(mapping))?.rows.finish()
}
