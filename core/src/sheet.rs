//! Spreadsheets: files as offices have them, read into rows of units; and tables written for them.

use crate::problem::{Problem, SheetLimit};
use crate::units::UnitRow;
use serde::{Deserialize, Serialize};

mod columns;
pub mod export;
mod initials;
mod preview;
mod rows;
mod text;
mod workbook;

pub use initials::{MAX_SPELLINGS, initials};
pub use preview::{MAX_PREVIEW_ROWS, MAX_PREVIEW_SKIPPED, Mapping, Meaning, Preview, preview, read_as};

/// The size of a file at most.
pub const MAX_FILE_BYTES: u64 = 64_000_000;

/// How much of a workbook is inflated at most.
pub const MAX_INFLATED_BYTES: u64 = 128_000_000;

/// How many rows are taken at most; blank ones do not count.
pub const MAX_ROWS: u64 = 200_000;

/// How many cells are looked at at most.
pub const MAX_CELLS: u64 = 4_000_000;

/// How many columns are looked at; what stands further right is ignored.
pub const MAX_COLUMNS: usize = 256;

/// How many rows may stand above the headers: titles, dates, remarks.
pub const MAX_ROWS_ABOVE: usize = 10;

/// How long a code, name or kind is at most, in characters.
pub const MAX_VALUE_CHARS: usize = 200;

/// What a spreadsheet holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its units in their order, each code once.
    pub rows: Vec<UnitRow>,
    /// Rows that were left out, or of which something was: number of the line or row, counted from 1, and why.
    pub skipped: Vec<(u32, SkipReason)>,
}

/// Why a row was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SkipReason {
    /// It has no code.
    NoCode,
    /// It has no name.
    NoName,
    /// A later row has the same code and replaces it.
    Replaced,
    /// A value is longer than [`MAX_VALUE_CHARS`].
    TooLong,
    /// Its latitude and longitude are no place on earth: the unit is taken without them.
    NoPlace,
}

/// Reads a file: XLSX, or text with commas, semicolons or tabs between values, in UTF-8, GB 18030, or UTF-16 with
/// a byte order mark. What it is shows in its bytes; its name does not matter.
///
/// The first row that has a header for codes and one for names, in Chinese or English, says which column is which;
/// see [`Sheet`] for what becomes of the rows below it.
///
/// # Errors
///
/// One of the problems whose names begin with `Sheet`.
pub fn read(bytes: &[u8], _name: &str) -> Result<Sheet, Problem> {
    scan(bytes, None)?.rows.finish()
}

/// A file's table: the first one in which units are found, or else the first that has anything.
struct Scan {
    /// Which worksheet it is, from 0.
    sheet: u32,
    rows: rows::Rows,
}

/// Goes through a file; with a mapping, its rows are read as that says.
fn scan(bytes: &[u8], mapping: Option<&Mapping>) -> Result<Scan, Problem> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Problem::SheetTooLarge { limit: SheetLimit::Bytes(MAX_FILE_BYTES) });
    }
    match Format::of(bytes) {
        Format::Nothing => Err(Problem::SheetEmpty),
        Format::Encrypted => Err(Problem::SheetEncrypted),
        Format::Compound => Err(Problem::SheetUnreadable),
        Format::Zip => workbook::scan(bytes, mapping),
        Format::Text => text::scan(bytes, mapping),
    }
}

/// What a file is, by its bytes.
enum Format {
    /// Empty.
    Nothing,
    /// An Office file behind a password.
    Encrypted,
    /// Another file of Office's old container.
    Compound,
    /// A zip archive: a workbook, or something else.
    Zip,
    /// Probably text.
    Text,
}

impl Format {
    fn of(bytes: &[u8]) -> Self {
        const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
        const ENCRYPTED_PACKAGE: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
        if bytes.is_empty() {
            Self::Nothing
        } else if bytes.starts_with(b"PK") {
            Self::Zip
        } else if !bytes.starts_with(COMPOUND) {
            Self::Text
        } else if bytes.windows(ENCRYPTED_PACKAGE.len()).any(|window| window == ENCRYPTED_PACKAGE) {
            Self::Encrypted
        } else {
            Self::Compound
        }
    }
}
