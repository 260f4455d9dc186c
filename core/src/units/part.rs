//! One part of an imported table: rows by columns, so that like stands beside like and deflates well.

use super::{Place, UnitRow};
use crate::sorted::SortedMap;
use flate2::Compression;
use flate2::bufread::DeflateDecoder;
use flate2::write::DeflateEncoder;
use minicbor::{CborLen, Decode, Decoder, Encode};
use std::io::{Read, Write};

/// The format's version; the first item of every part.
const VERSION: u8 = 1;

/// A part's size at most, so that sealed and padded it is far below an entry's limit of 256 KiB.
pub const MAX_PART_BYTES: usize = 200 * 1024;

/// A part's size at most once inflated; what inflates to more is refused.
pub const MAX_INFLATED_BYTES: usize = 2 * 1024 * 1024;

/// The size at most of a part's rows, each counted with all its ancestors.
pub const MAX_EXPANDED_BYTES: usize = 16 * 1024 * 1024;

/// What stands for the place of a row that has none.
const NOWHERE: i32 = i32::MAX;

/// How many rows a part has at most.
pub const MAX_PART_ROWS: usize = 65_536;

/// How long a text of a row is at most, in bytes.
pub const MAX_TEXT_BYTES: usize = 1024;

/// How many ancestors a row gives at most.
pub const MAX_PARENTS: usize = 16;

/// How many spellings of a name's initials a row has at most.
pub const MAX_INITIALS: usize = 8;

/// Why a part was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitsError {
    /// The bytes are not a part.
    #[error("malformed part")]
    Malformed,
    /// The part was written by another version of the format.
    #[error("unsupported version {found} of a part, expected {VERSION}")]
    Version {
        /// The version found.
        found: u8,
    },
    /// One of the limits is exceeded.
    #[error("part exceeds a limit")]
    TooLarge,
}

impl From<minicbor::decode::Error> for UnitsError {
    fn from(_: minicbor::decode::Error) -> Self {
        Self::Malformed
    }
}

/// Whether a row keeps to the limits of a part. Rows that do not are never packed.
#[must_use]
pub fn fits(row: &UnitRow) -> bool {
    let short = |text: &String| text.len() <= MAX_TEXT_BYTES;
    row.parents.len() <= MAX_PARENTS
        && row.initials.len() <= MAX_INITIALS
        && [&row.code, &row.name, &row.kind].into_iter().chain(&row.parents).chain(&row.initials).all(short)
}

/// A part's columns, borrowed from rows or from a part's inflated bytes.
///
/// Rows share ancestors and kinds, so both are lists of the distinct ones and a position for each row:
///
/// ```text
/// array(8 or 9): version    1
///           codes      [text]      one per row
///           names      [text]      one per row
///           chains     [[text]]    distinct lists of ancestors' codes, nearest first
///           chain of   [position]  one per row
///           kinds      [text]      distinct
///           kind of    [position]  one per row
///           initials   [[text]]    one list per row
///           places     [number]    latitude and longitude of each row in micro-degrees, both 2^31 - 1 for none;
///                                  left out where no row has one, as it always was before places were known
/// ```
///
/// in deterministic CBOR, deflated (RFC 1951).
#[derive(Debug, PartialEq, Encode, Decode, CborLen)]
pub(super) struct Columns<'b> {
    #[n(0)]
    version: u8,
    #[b(1)]
    pub codes: Vec<&'b str>,
    #[b(2)]
    pub names: Vec<&'b str>,
    #[b(3)]
    pub chains: Vec<Vec<&'b str>>,
    #[n(4)]
    pub chain_of: Vec<u32>,
    #[b(5)]
    pub kinds: Vec<&'b str>,
    #[n(6)]
    pub kind_of: Vec<u32>,
    #[b(7)]
    pub initials: Vec<Vec<&'b str>>,
    #[n(8)]
    places: Option<Vec<i32>>,
}

impl<'b> Columns<'b> {
    /// Sorts rows into columns.
    pub fn of(rows: &'b [UnitRow]) -> Self {
        let borrowed = |texts: &'b [String]| texts.iter().map(String::as_str).collect::<Vec<_>>();
        let (chains, chain_of) = distinct(rows.iter().map(|row| borrowed(&row.parents)));
        let (kinds, kind_of) = distinct(rows.iter().map(|row| row.kind.as_str()));
        Self {
            version: VERSION,
            codes: rows.iter().map(|row| row.code.as_str()).collect(),
            names: rows.iter().map(|row| row.name.as_str()).collect(),
            chains,
            chain_of,
            kinds,
            kind_of,
            initials: rows.iter().map(|row| borrowed(&row.initials)).collect(),
            places: rows
                .iter()
                .any(|row| row.place.is_some())
                .then(|| rows.iter().flat_map(numbers).collect()),
        }
    }

    /// Where the unit of the row at a position is.
    pub fn place(&self, row: usize) -> Option<Place> {
        match self.places.as_deref()?.get(2 * row..2 * row + 2)? {
            &[latitude, longitude] => Place::new(latitude, longitude),
            _ => None,
        }
    }

    /// Writes the columns down, not yet deflated.
    pub fn encode(&self) -> Vec<u8> {
        minicbor::to_vec(self).expect("memory takes every write, and nothing in a column fails to encode")
    }

    /// Reads columns that were [inflated](inflate), and checks them against each other and all limits.
    pub fn decode(bytes: &'b [u8]) -> Result<Self, UnitsError> {
        let mut version = Decoder::new(bytes);
        version.array()?;
        match version.u8()? {
            VERSION => {}
            found => return Err(UnitsError::Version { found }),
        }
        let mut decoder = Decoder::new(bytes);
        let columns: Self = decoder.decode()?;
        if decoder.position() != bytes.len() {
            return Err(UnitsError::Malformed);
        }
        columns.check()?;
        Ok(columns)
    }

    /// The kinds and ancestors' codes of the row at a position. The position must be below the number of rows.
    pub fn shared(&self, row: usize) -> (&[&'b str], &'b str) {
        (&self.chains[self.chain_of[row] as usize], self.kinds[self.kind_of[row] as usize])
    }

    fn check(&self) -> Result<(), UnitsError> {
        let rows = self.codes.len();
        let columns = [self.names.len(), self.chain_of.len(), self.kind_of.len(), self.initials.len()];
        let known = |positions: &[u32], len: usize| positions.iter().all(|&at| (at as usize) < len);
        if columns.iter().any(|&len| len != rows)
            || self.places.as_ref().is_some_and(|places| places.len() != 2 * rows)
            || !known(&self.chain_of, self.chains.len())
            || !known(&self.kind_of, self.kinds.len())
        {
            return Err(UnitsError::Malformed);
        }
        let texts = [&self.codes, &self.names, &self.kinds].into_iter().flatten();
        let mut texts = texts.chain(self.chains.iter().flatten()).chain(self.initials.iter().flatten());
        let expanded: usize = (0..rows).map(|row| self.expanded(row)).sum();
        if rows > MAX_PART_ROWS
            || expanded > MAX_EXPANDED_BYTES
            || texts.any(|text| text.len() > MAX_TEXT_BYTES)
            || self.chains.iter().any(|chain| chain.len() > MAX_PARENTS)
            || self.initials.iter().any(|initials| initials.len() > MAX_INITIALS)
        {
            return Err(UnitsError::TooLarge);
        }
        Ok(())
    }

    /// What a row takes by itself, with all its ancestors.
    fn expanded(&self, row: usize) -> usize {
        let (chain, kind) = self.shared(row);
        let lists = chain.iter().chain(&self.initials[row]).map(|text| text.len()).sum::<usize>();
        self.codes[row].len() + self.names[row].len() + kind.len() + lists
    }
}

/// A row's place as its column has it.
fn numbers(row: &UnitRow) -> [i32; 2] {
    row.place.map_or([NOWHERE; 2], |place| [place.latitude, place.longitude])
}

/// The distinct items in the order in which they first occur, and the position of each item among them.
fn distinct<T: Ord + Clone>(items: impl Iterator<Item = T>) -> (Vec<T>, Vec<u32>) {
    let mut found = Vec::new();
    let mut positions = SortedMap::new();
    let of = items
        .map(|item| {
            *positions.entry(item.clone()).or_insert_with(|| {
                found.push(item);
                found.len() as u32 - 1
            })
        })
        .collect();
    (found, of)
}

/// Deflates encoded columns.
pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("memory takes every write")
}

/// Inflates a part, to at most [`MAX_INFLATED_BYTES`].
pub(super) fn inflate(part: &[u8]) -> Result<Vec<u8>, UnitsError> {
    if part.len() > MAX_PART_BYTES {
        return Err(UnitsError::TooLarge);
    }
    let mut bytes = Vec::new();
    let mut bounded = DeflateDecoder::new(part).take(MAX_INFLATED_BYTES as u64 + 1);
    bounded.read_to_end(&mut bytes).map_err(|_| UnitsError::Malformed)?;
    if bytes.len() > MAX_INFLATED_BYTES {
        return Err(UnitsError::TooLarge);
    }
    if bounded.into_inner().total_in() != part.len() as u64 {
        return Err(UnitsError::Malformed);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{pack, unpack};
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn any_row() -> impl Strategy<Value = UnitRow> {
        let text = "[a-c\\u{1f}街道]{0,3}";
        let place = proptest::option::of((-90_000_000..=90_000_000, -180_000_000..=180_000_000));
        (text, text, vec(text, 0..4), vec(text, 0..4), text, place).prop_map(
            |(code, name, parents, initials, kind, place)| {
                let place = place.and_then(|(latitude, longitude)| Place::new(latitude, longitude));
                UnitRow { code, name, parents, initials, kind, place }
            },
        )
    }

    proptest! {
        #[test]
        fn unpacking_inverts_packing(rows in vec(any_row(), 0..50)) {
            let parts = pack(&rows);
            let unpacked: Result<Vec<_>, _> = parts.iter().map(|part| unpack(part)).collect();
            prop_assert_eq!(unpacked.map(|parts| parts.concat()), Ok(rows));
        }

        #[test]
        fn unpacking_never_panics(bytes in vec(any::<u8>(), 0..256)) {
            let _ = unpack(&bytes);
            let _ = unpack(&deflate(&bytes));
        }

        #[test]
        fn unpacking_damaged_columns_never_panics(
            rows in vec(any_row(), 1..9), damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        ) {
            let mut bytes = Columns::of(&rows).encode();
            for (at, byte) in damage {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = unpack(&deflate(&bytes));
        }
    }

    fn office() -> UnitRow {
        UnitRow {
            code: "7".into(),
            name: "局".into(),
            parents: vec!["1".into()],
            initials: vec!["j".into()],
            kind: "A".into(),
            place: None,
        }
    }

    #[test]
    fn the_columns_of_a_part_are_frozen() {
        let hall = UnitRow { code: "8".into(), ..office() };
        let expected = b"\x88\x01\x82\x617\x618\x82\x63\xe5\xb1\x80\x63\xe5\xb1\x80\x81\x81\x611\x82\0\0\x81\x61A\x82\0\0\x82\x81\x61j\x81\x61j";
        assert_eq!(Columns::of(&[office(), hall]).encode(), expected);
    }

    #[test]
    fn a_part_written_long_ago_is_read() {
        // Deflated as one stored block, so that it does not depend on a library's choices.
        let part = b"\x01\x19\0\xe6\xff\x88\x01\x81\x617\x81\x63\xe5\xb1\x80\x81\x81\x611\x81\0\x81\x61A\x81\0\x81\x81\x61j";
        assert_eq!(unpack(part), Ok(vec![office()]));
    }

    #[test]
    fn places_stand_in_a_column_of_their_own_and_only_where_there_are_any() {
        let hall = UnitRow { code: "8".into(), place: Place::new(34_619_700, -1), ..office() };
        let rows = [office(), hall];
        let bytes = Columns::of(&rows).encode();
        assert_eq!(bytes[0], 0x89);
        assert!(bytes.ends_with(b"\x84\x1a\x7f\xff\xff\xff\x1a\x7f\xff\xff\xff\x1a\x02\x10\x41\x34\x20"));
        assert_eq!(unpack(&deflate(&bytes)).as_deref(), Ok(&rows[..]));
        assert_eq!(Columns::of(&rows[..1]).encode()[0], 0x88);
    }

    #[test]
    fn a_place_that_is_nowhere_on_earth_is_none() {
        let rows = [office()];
        let columns = Columns { places: Some(vec![90_000_001, 0]), ..Columns::of(&rows) };
        assert_eq!(unpack(&deflate(&columns.encode())), Ok(rows.to_vec()));
    }

    #[test]
    fn a_part_that_inflates_beyond_the_limit_is_refused() {
        assert_eq!(unpack(&deflate(&vec![0; MAX_INFLATED_BYTES + 1])), Err(UnitsError::TooLarge));
    }

    #[test]
    fn another_version_is_named() {
        let columns = Columns { version: 2, ..Columns::of(&[]) };
        assert_eq!(unpack(&deflate(&columns.encode())), Err(UnitsError::Version { found: 2 }));
    }

    #[test]
    fn rows_that_share_more_than_memory_holds_are_refused() {
        let long = "x".repeat(MAX_TEXT_BYTES);
        let columns = Columns {
            version: VERSION,
            codes: vec!["1"; 10_000],
            names: vec![""; 10_000],
            chains: vec![vec![long.as_str(); MAX_PARENTS]],
            chain_of: vec![0; 10_000],
            kinds: vec![""],
            kind_of: vec![0; 10_000],
            initials: vec![vec![]; 10_000],
            places: None,
        };
        assert_eq!(unpack(&deflate(&columns.encode())), Err(UnitsError::TooLarge));
    }

    #[test]
    fn columns_that_do_not_fit_each_other_are_refused() {
        let rows = [office()];
        let columns = || Columns::of(&rows);
        let broken = [
            Columns { names: vec![], ..columns() },
            Columns { initials: vec![vec![]; 2], ..columns() },
            Columns { places: Some(vec![1]), ..columns() },
            Columns { chain_of: vec![1], ..columns() },
            Columns { kind_of: vec![u32::MAX], ..columns() },
        ];
        for columns in broken {
            assert_eq!(unpack(&deflate(&columns.encode())), Err(UnitsError::Malformed), "{columns:?}");
        }
    }
}
