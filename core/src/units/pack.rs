//! Rows into parts and back.

use super::UnitRow;
use super::part::{
    Columns, MAX_EXPANDED_BYTES, MAX_PART_BYTES, MAX_PART_ROWS, UnitsError, deflate, fits, inflate,
};
use crate::sorted::SortedSet;

/// How much a part holds before it is deflated: what usually deflates to well below [`MAX_PART_BYTES`].
const RAW_PART_BYTES: usize = 640 * 1024;

/// What an encoded row takes beside its texts: their heads and its positions.
const RAW_ROW_BYTES: usize = 16;

/// What an encoded place takes.
const RAW_PLACE_BYTES: usize = 10;

/// Packs all rows of an import, in order.
///
/// Rows that do not [fit](fits) are left out.
#[must_use]
pub fn pack(rows: &[UnitRow]) -> Vec<Vec<u8>> {
    let mut packer = Packer::default();
    let mut parts = packer.push(rows);
    parts.extend(packer.finish());
    parts
}

/// Unpacks the rows of a part, in order.
///
/// # Errors
///
/// [`UnitsError`] when the bytes are no part, of another version, or beyond a limit.
pub fn unpack(part: &[u8]) -> Result<Vec<UnitRow>, UnitsError> {
    let bytes = inflate(part)?;
    let columns = Columns::decode(&bytes)?;
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    let row = |at: usize| {
        let (chain, kind) = columns.shared(at);
        UnitRow {
            code: columns.codes[at].to_owned(),
            name: columns.names[at].to_owned(),
            parents: owned(chain),
            initials: owned(&columns.initials[at]),
            kind: kind.to_owned(),
            place: columns.place(at),
        }
    };
    Ok((0..columns.codes.len()).map(row).collect())
}

/// Packs rows that arrive in pieces.
#[derive(Clone, Debug, Default)]
pub struct Packer {
    rows: Vec<UnitRow>,
    /// The ancestors seen in this part: a part holds each list once.
    chains: SortedSet<Vec<String>>,
    raw: usize,
    expanded: usize,
}

impl Packer {
    /// Takes more rows and gives the parts that are full. Rows that do not [fit](fits) are left out.
    #[must_use = "the parts hold rows that the packer no longer has"]
    pub fn push(&mut self, rows: &[UnitRow]) -> Vec<Vec<u8>> {
        let mut parts = Vec::new();
        for row in rows.iter().filter(|row| fits(row)) {
            self.add(row);
            if self.is_full() {
                parts.extend(core::mem::take(self).finish());
            }
        }
        parts
    }

    /// Gives the last part, or several where the rows deflate badly; none when there are no rows left.
    #[must_use = "the parts hold the last rows"]
    pub fn finish(self) -> Vec<Vec<u8>> {
        let mut parts = Vec::new();
        seal(&self.rows, &mut parts);
        parts
    }

    fn add(&mut self, row: &UnitRow) {
        let size = |texts: &[String]| texts.iter().map(String::len).sum::<usize>();
        let own = row.code.len() + row.name.len() + row.kind.len() + size(&row.initials);
        self.raw += own + RAW_ROW_BYTES + row.place.map_or(0, |_| RAW_PLACE_BYTES);
        if !self.chains.contains(&row.parents) {
            self.chains.insert(row.parents.clone());
            self.raw += size(&row.parents);
        }
        self.expanded += own + size(&row.parents);
        self.rows.push(row.clone());
    }

    /// Whether one more row could exceed a limit.
    fn is_full(&self) -> bool {
        let largest = MAX_EXPANDED_BYTES / 2;
        self.raw >= RAW_PART_BYTES || self.expanded >= largest || self.rows.len() >= MAX_PART_ROWS
    }
}

/// Makes one part of the rows, or halves them until each part is small enough.
fn seal(rows: &[UnitRow], parts: &mut Vec<Vec<u8>>) {
    if rows.is_empty() {
        return;
    }
    let part = deflate(&Columns::of(rows).encode());
    if part.len() <= MAX_PART_BYTES {
        parts.push(part);
        return;
    }
    // A single row fits always: it has at most 27 texts of 1 KiB.
    let (first, second) = rows.split_at(rows.len() / 2);
    seal(first, parts);
    seal(second, parts);
}
