//! One imported table in memory: all its texts in one string, which is also what a search reads.

use super::part::{Columns, UnitsError, inflate};
use super::{Place, UnitRow};
use crate::sorted::SortedMap;

/// How much text a table holds at most; beyond that it takes no more rows.
pub const MAX_TABLE_BYTES: usize = 64 * 1024 * 1024;

/// Between the fields of a row; no text of a table contains it.
pub(super) const FIELD: char = '\u{1f}';

/// After each row; no text of a table contains it.
pub(super) const END: char = '\u{1e}';

/// The rows of one import, as compact as searching allows.
///
/// A row lies in `text` as its fields with [`FIELD`] between them and [`END`] after the last: code, name, code in
/// lower case, name in lower case (both empty when already so), then any number of initials.
#[derive(Clone, Debug, Default)]
pub struct UnitTable {
    text: String,
    starts: Vec<u32>,
    /// For each row its place in `chains`.
    chain_of: Vec<u32>,
    /// Lists of ancestors' codes, nearest first, each code followed by [`FIELD`].
    chains: Vec<Box<str>>,
    /// Of the rows that have one.
    places: SortedMap<u32, Place>,
}

impl UnitTable {
    /// Takes all parts of an import.
    ///
    /// # Errors
    ///
    /// [`UnitsError`] when one of them is no part or the table grows beyond [`MAX_TABLE_BYTES`].
    pub fn from_parts<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> Result<Self, UnitsError> {
        let mut table = Self::default();
        parts.into_iter().try_for_each(|part| table.push_part(part.as_ref()))?;
        Ok(table)
    }

    /// Takes rows. For tests and for what was never packed; parts are faster.
    ///
    /// # Errors
    ///
    /// [`UnitsError::TooLarge`] when the table would grow beyond [`MAX_TABLE_BYTES`].
    pub fn from_rows(rows: &[UnitRow]) -> Result<Self, UnitsError> {
        let mut table = Self::default();
        table.push_columns(&Columns::of(rows))?;
        Ok(table)
    }

    /// Takes the next part, so that a long import can be taken in turns.
    ///
    /// # Errors
    ///
    /// As [`UnitTable::from_parts`]; the table is then as before.
    pub fn push_part(&mut self, part: &[u8]) -> Result<(), UnitsError> {
        let bytes = inflate(part)?;
        self.push_columns(&Columns::decode(&bytes)?)
    }

    /// A table of codes that are known as other rows' ancestors only, each with its own parent as far as known.
    pub(super) fn of_placeholders<'a>(codes: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Self {
        let mut table = Self::default();
        for (code, parent) in codes {
            table.chain_of.push(table.chains.len() as u32);
            table.chains.push(joined(parent.as_slice()));
            table.push_text(code, code, &[]);
        }
        table
    }

    /// How many rows it has, those of repeated codes included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    fn push_columns(&mut self, columns: &Columns<'_>) -> Result<(), UnitsError> {
        let texts = columns.codes.iter().chain(&columns.names).chain(columns.initials.iter().flatten());
        // A code or name may be there in lower case as well, which is at most half as long again.
        let bound = texts.map(|text| 3 * (text.len() + FIELD.len_utf8())).sum::<usize>();
        if self.text.len() + bound > MAX_TABLE_BYTES {
            return Err(UnitsError::TooLarge);
        }
        let first = self.chains.len() as u32;
        self.chains.extend(columns.chains.iter().map(|chain| joined(chain)));
        for (row, code) in columns.codes.iter().enumerate() {
            if clean(code).next().is_some() {
                self.chain_of.push(first + columns.chain_of[row]);
                if let Some(place) = columns.place(row) {
                    self.places.insert(self.starts.len() as u32, place);
                }
                self.push_text(code, columns.names[row], &columns.initials[row]);
            }
        }
        Ok(())
    }

    fn push_text(&mut self, code: &str, name: &str, initials: &[&str]) {
        self.starts.push(self.text.len() as u32);
        self.text.extend(clean(code));
        self.text.push(FIELD);
        self.text.extend(clean(name));
        for original in [code, name] {
            self.text.push(FIELD);
            if original.chars().any(|c| !c.to_lowercase().eq([c])) {
                self.text.extend(clean(original).flat_map(char::to_lowercase));
            }
        }
        for spelling in initials {
            self.text.push(FIELD);
            self.text.extend(clean(spelling));
        }
        self.text.push(END);
    }

    /// Gives back the memory that was set aside for more rows.
    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.chain_of.shrink_to_fit();
        self.chains.shrink_to_fit();
    }

    /// All texts; what a search reads.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a row's text begins.
    pub(super) fn start(&self, row: u32) -> usize {
        self.starts[row as usize] as usize
    }

    /// The row in whose text a position lies, looked for from a row at or before it.
    pub(super) fn row_at(&self, position: usize, from: u32) -> u32 {
        let later = &self.starts[from as usize..];
        from + later.partition_point(|&start| start as usize <= position) as u32 - 1
    }

    pub(super) fn code(&self, row: u32) -> &str {
        self.fields(row).next().unwrap_or_default()
    }

    pub(super) fn name(&self, row: u32) -> &str {
        self.fields(row).nth(1).unwrap_or_default()
    }

    pub(super) fn place(&self, row: u32) -> Option<Place> {
        self.places.get(&row).copied()
    }

    fn fields(&self, row: u32) -> impl Iterator<Item = &str> {
        self.text[self.start(row)..].split(FIELD)
    }

    pub(super) fn chain_of(&self, row: u32) -> u32 {
        self.chain_of[row as usize]
    }

    pub(super) fn chain_count(&self) -> usize {
        self.chains.len()
    }

    /// The codes of a list of ancestors, nearest first, none empty.
    pub(super) fn chain(&self, chain: u32) -> impl Iterator<Item = &str> + Clone {
        self.chains[chain as usize].split_terminator(FIELD)
    }
}

fn joined(chain: &[&str]) -> Box<str> {
    let mut text = String::new();
    for code in chain {
        let before = text.len();
        text.extend(clean(code));
        if text.len() > before {
            text.push(FIELD);
        }
    }
    text.into()
}

/// A text without the characters that separate fields, and all others that cannot be seen or typed.
fn clean(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_control())
}
