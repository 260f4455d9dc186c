//! Rows of text, from whatever kind of file, into rows of units.

use super::columns::Columns;
use super::{
    MAX_PREVIEW_ROWS, MAX_ROWS, MAX_ROWS_ABOVE, MAX_VALUE_CHARS, Mapping, Sheet, SkipReason, initials,
};
use crate::problem::{Problem, SheetLimit};
use crate::units::{MAX_PARENTS, Place, UnitRow};
use core::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How many headers are shown when none of them fits.
const HEADERS_SHOWN: usize = 12;

/// How much of each.
const HEADER_CHARS: usize = 24;

/// What stands for having no parent, unless a unit has this code.
const NO_PARENT: &[&str] = &["0", "-", "--", "/", "\\", "无", "none", "null", "NULL", "N/A"];

/// The rows of a table, top to bottom: first what stands above the headers, then the headers, then units.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub columns: Option<Columns>,
    /// The line of the headers; what stands above it is no unit.
    pub line: u32,
    /// The row with the most values above the headers: what the headers may have been meant to be.
    pub headers: Vec<String>,
    /// The first rows below the headers, or above them as long as they are not known.
    pub sample: Vec<(u32, Vec<String>)>,
    above: usize,
    rows: Vec<Row>,
    skipped: Vec<(u32, SkipReason)>,
}

#[derive(Debug)]
struct Row {
    line: u32,
    code: String,
    name: String,
    kind: String,
    parent: String,
    /// As the columns stand.
    ancestors: Vec<String>,
    /// Where it is, if the table says so.
    place: Result<Option<Place>, SkipReason>,
}

impl Rows {
    /// No rows yet, to be read as a person says, or as the headers do.
    pub fn new(mapping: Option<&Mapping>) -> Self {
        let columns = mapping.and_then(|mapping| Columns::mapped(&mapping.columns));
        Self { columns, line: mapping.map_or(0, |mapping| mapping.line), ..Self::default() }
    }

    /// Takes the next row; a blank one changes nothing.
    ///
    /// # Errors
    ///
    /// When there are too many rows, or no headers among the first ones.
    pub fn push(&mut self, line: u32, mut cells: Vec<String>) -> Result<(), Problem> {
        cells.iter_mut().for_each(clean);
        if cells.iter().all(String::is_empty) {
            return Ok(());
        }
        if self.columns.is_some() && line <= self.line {
            self.headers = cells;
            return Ok(());
        }
        if self.sample.len() < MAX_PREVIEW_ROWS {
            self.sample.push((line, cells.clone()));
        }
        match &self.columns {
            Some(columns) => {
                let row = Row::of(line, columns, cells);
                self.push_row(row)
            }
            None => {
                self.push_above(line, cells);
                Ok(())
            }
        }
    }

    /// Why there are no units in it.
    pub fn fault(&self) -> Option<Problem> {
        if self.columns.is_none() {
            return Some(self.no_headers());
        }
        (self.rows.is_empty() && self.skipped.is_empty()).then_some(Problem::SheetEmpty)
    }

    /// What the table holds.
    ///
    /// # Errors
    ///
    /// When there were no headers, or no rows below them.
    pub fn finish(mut self) -> Result<Sheet, Problem> {
        if let Some(problem) = self.fault() {
            return Err(problem);
        }
        let kept = self.drop_replaced();
        let parents = Parents::of(&kept);
        let unit = |row: &Row| UnitRow {
            code: row.code.clone(),
            name: row.name.clone(),
            parents: parents.of_row(row),
            initials: initials(&row.name),
            kind: row.kind.clone(),
            place: row.place.ok().flatten(),
        };
        let rows = kept.iter().map(unit).collect();
        self.skipped.sort_by_key(|(line, _)| *line);
        Ok(Sheet { rows, skipped: self.skipped })
    }

    fn push_above(&mut self, line: u32, cells: Vec<String>) {
        self.above += 1;
        if self.above > MAX_ROWS_ABOVE + 1 {
            return;
        }
        self.columns = Columns::of(&cells);
        let filled = |cells: &[String]| cells.iter().filter(|cell| !cell.is_empty()).count();
        if self.columns.is_some() {
            self.sample.clear();
        }
        if self.columns.is_some() || filled(&cells) > filled(&self.headers) {
            (self.line, self.headers) = (line, cells);
        }
    }

    fn push_row(&mut self, row: Row) -> Result<(), Problem> {
        if (self.rows.len() + self.skipped.len()) as u64 >= MAX_ROWS {
            return Err(Problem::SheetTooLarge { limit: SheetLimit::Rows(MAX_ROWS) });
        }
        match row.fault() {
            Some(reason) => self.skipped.push((row.line, reason)),
            None => {
                self.skipped.extend(row.place.err().map(|reason| (row.line, reason)));
                self.rows.push(row);
            }
        }
        Ok(())
    }

    fn no_headers(&self) -> Problem {
        if self.headers.is_empty() {
            return Problem::SheetEmpty;
        }
        let filled = self.headers.iter().filter(|header| !header.is_empty()).take(HEADERS_SHOWN);
        let found = filled.map(|header| header.chars().take(HEADER_CHARS).collect()).collect();
        Problem::SheetColumns { found }
    }

    /// Takes the rows, of those with one code only the last.
    fn drop_replaced(&mut self) -> Vec<Row> {
        let rows = core::mem::take(&mut self.rows);
        let last: BTreeMap<String, usize> =
            rows.iter().enumerate().map(|(at, row)| (row.code.clone(), at)).collect();
        let (kept, replaced): (Vec<_>, Vec<_>) =
            rows.into_iter().enumerate().partition(|(at, row)| last[&row.code] == *at);
        self.skipped.extend(replaced.into_iter().map(|(_, row)| (row.line, SkipReason::Replaced)));
        kept.into_iter().map(|(_, row)| row).collect()
    }
}

impl Row {
    fn of(line: u32, columns: &Columns, mut cells: Vec<String>) -> Self {
        let mut take = |column: usize| cells.get_mut(column).map(core::mem::take).unwrap_or_default();
        Self {
            line,
            code: take(columns.code),
            name: take(columns.name),
            kind: columns.kind.map(&mut take).unwrap_or_default(),
            parent: columns.parent.map(&mut take).unwrap_or_default(),
            ancestors: columns.ancestors.iter().map(|&column| take(column)).collect(),
            place: place([columns.latitude, columns.longitude].map(|column| column.map(&mut take))),
        }
    }

    /// Why the row cannot be a unit.
    fn fault(&self) -> Option<SkipReason> {
        let values = [&self.code, &self.name, &self.kind, &self.parent].into_iter().chain(&self.ancestors);
        match self {
            Self { code, .. } if code.is_empty() => Some(SkipReason::NoCode),
            Self { name, .. } if name.is_empty() => Some(SkipReason::NoName),
            _ if values.into_iter().any(|value| value.chars().count() > MAX_VALUE_CHARS) => {
                Some(SkipReason::TooLong)
            }
            _ => None,
        }
    }
}

/// A place, of degrees as a table writes them: none where both are blank.
fn place(degrees: [Option<String>; 2]) -> Result<Option<Place>, SkipReason> {
    let [latitude, longitude] = degrees.map(Option::unwrap_or_default);
    if latitude.is_empty() && longitude.is_empty() {
        return Ok(None);
    }
    let place = micro(&latitude).zip(micro(&longitude));
    let place = place.and_then(|(latitude, longitude)| Place::new(latitude, longitude));
    place.map(Some).ok_or(SkipReason::NoPlace)
}

/// Millionths of a degree; `None` for what is no number or lies beyond all degrees.
fn micro(degrees: &str) -> Option<i32> {
    let degrees: f64 = degrees.trim_end_matches('°').parse().ok()?;
    (degrees.abs() <= 180.0).then(|| (degrees * 1e6).round() as i32)
}

/// What is known of a table's parents once all of it was read.
struct Parents<'r> {
    codes: BTreeSet<&'r str>,
    /// The codes of units by name, where only one has the name: some tables name parents so.
    names: BTreeMap<&'r str, &'r str>,
    /// The columns of ancestors in order: the longer its codes, the nearer the ancestor.
    nearest_first: Vec<usize>,
}

impl<'r> Parents<'r> {
    fn of(rows: &'r [Row]) -> Self {
        let mut names: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for row in rows {
            names.entry(&row.name).and_modify(|code| *code = None).or_insert(Some(&row.code));
        }
        let columns = rows.first().map_or(0, |row| row.ancestors.len());
        let longest = |column: &usize| rows.iter().map(|row| row.ancestors[*column].len()).max();
        let mut nearest_first: Vec<usize> = (0..columns).collect();
        nearest_first.sort_by_cached_key(|column| Reverse(longest(column)));
        Self {
            codes: rows.iter().map(|row| row.code.as_str()).collect(),
            names: names.into_iter().filter_map(|(name, code)| Some((name, code?))).collect(),
            nearest_first,
        }
    }

    /// The codes of a row's ancestors, nearest first.
    fn of_row(&self, row: &'r Row) -> Vec<String> {
        let ancestors = self.nearest_first.iter().map(|&at| row.ancestors[at].as_str());
        let mut parents: Vec<&str> = Vec::new();
        for code in [self.code(&row.parent)].into_iter().chain(ancestors) {
            let is_none = code.is_empty() || NO_PARENT.contains(&code) && !self.codes.contains(code);
            if !is_none && code != row.code && !parents.contains(&code) {
                parents.push(code);
            }
        }
        parents.into_iter().take(MAX_PARENTS).map(str::to_owned).collect()
    }

    /// What a column of parents says, as a code.
    fn code(&self, parent: &'r str) -> &'r str {
        if self.codes.contains(parent) {
            return parent;
        }
        self.names.get(parent).copied().unwrap_or(parent)
    }
}

/// Makes one line without spaces around it of a value, and takes away what spreadsheets put around text that
/// looks like a number.
fn clean(cell: &mut String) {
    let hidden = |c: char| matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}');
    let shown: String = cell.chars().filter(|&c| !hidden(c)).collect();
    let line = shown.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = line.collect::<Vec<_>>().join(" ");
    let quoted = line.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let marked = line.strip_prefix('\'').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    *cell = quoted.or(marked).unwrap_or(&line).trim().to_owned();
}
