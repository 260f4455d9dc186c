//! The register: all imported tables together.

use super::search;
use super::table::UnitTable;
use super::{Place, UnitOrigin, UnitSummary};
use crate::ids::{DatasetId, DocumentId};
use crate::sorted::SortedMap;
use crate::view::{AreaView, UnitsView};

/// How many ancestors a unit is shown with at most; a chain that is longer or runs in a circle ends there.
const MAX_DEPTH: usize = 32;

/// No unit: of a row that a later one replaces, or of a parent that there is none.
pub(super) const NONE: u32 = u32::MAX;

/// All units of the office: the union of its imports by code.
///
/// Where several rows have one code, the row of the later import counts, and in one import the later row.
/// Codes that rows name as ancestors and no row has become placeholders.
#[derive(Clone, Debug, Default)]
pub struct Register {
    /// In the order of import, with the key that orders them.
    tables: Vec<((u64, DatasetId), UnitTable)>,
    /// A row for each placeholder, with its parent as far as known.
    placeholders: UnitTable,
    /// By code.
    units: Vec<Unit>,
    /// For each table, placeholders last: the unit of each of its rows, or [`NONE`].
    unit_of: Vec<Vec<u32>>,
}

/// A unit: where its row is, and which unit is its parent, or [`NONE`].
#[derive(Clone, Copy, Debug)]
struct Unit {
    table: u32,
    row: u32,
    parent: u32,
}

/// What a search puts first.
#[derive(Clone, Copy, Debug, Default)]
pub struct First<'a> {
    /// The codes of units used lately, latest first.
    pub used: &'a [String],
    /// The units that open assignments wait for, by code.
    pub assigned: &'a [(String, Vec<DocumentId>)],
    /// Where the person is.
    pub near: Option<Place>,
}

impl Register {
    /// Adds an import, or replaces it. `imported` orders imports, dataset ids settle ties: so devices that learn of
    /// them in different orders have the same register.
    pub fn insert(&mut self, dataset: DatasetId, imported: u64, mut table: UnitTable) {
        table.shrink();
        self.tables.retain(|((_, id), _)| *id != dataset);
        let place = self.tables.partition_point(|(key, _)| *key < (imported, dataset));
        self.tables.insert(place, ((imported, dataset), table));
        self.merge();
    }

    /// Takes an import back; rows that it had replaced count again. An unknown one changes nothing.
    pub fn remove(&mut self, dataset: DatasetId) {
        self.tables.retain(|((_, id), _)| *id != dataset);
        self.merge();
    }

    /// How many units there are, placeholders included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether there are no units.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// How many units are placeholders.
    #[must_use]
    pub fn placeholders(&self) -> usize {
        self.placeholders.len()
    }

    /// The unit of a code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<UnitSummary> {
        self.find(code).map(|unit| self.summary(unit))
    }

    /// Whether the second unit is among the ancestors of the first. No unit is below itself.
    #[must_use]
    pub fn is_below(&self, code: &str, ancestor: &str) -> bool {
        match (self.find(code), self.find(ancestor)) {
            (Some(unit), Some(ancestor)) => unit != ancestor && self.ancestors(unit).any(|it| it == ancestor),
            (None, _) | (_, None) => false,
        }
    }

    /// Units that have every word of `text`, the best first.
    ///
    /// A unit has a word that its name or its initials contain or its code begins with, in any case; of several
    /// words it must have one itself, the others may be its ancestors'. No words at all find every unit. First come
    /// those that are assigned; then the nearest, of several that fit words equally well; then those used, in their
    /// order; then those where a word is the whole field, begins it, or is inside it; then shorter names; then by
    /// code.
    #[must_use]
    pub fn search(&self, text: &str, first: &First<'_>, limit: u32) -> UnitsView {
        let find = |code: &String| self.find(code);
        let used: Vec<u32> = first.used.iter().filter_map(find).collect();
        let assigned = first.assigned.iter().filter_map(|(code, by)| Some((find(code)?, by))).collect();
        let ranks = search::Ranks { used: &used, assigned: &assigned, near: first.near };
        let found = search::search(self, text, &ranks, limit as usize);
        let summary = |unit| {
            let mut summary = self.summary(unit);
            summary.assignments = assigned.get(&unit).map(|by| by.to_vec()).unwrap_or_default();
            summary.distance = first.near.and_then(|near| Some(near.metres_to(summary.place?)));
            summary
        };
        UnitsView { total: found.total as u32, units: found.first.into_iter().map(summary).collect() }
    }

    /// The unit directly above a unit, by their codes.
    #[must_use]
    pub fn parent(&self, code: &str) -> Option<String> {
        let parent = self.ancestors(self.find(code)?).next()?;
        (self.code(parent) != code).then(|| self.code(parent).to_owned())
    }

    /// The units that have units below them, by code, at most so many.
    #[must_use]
    pub fn areas(&self, limit: usize) -> Vec<AreaView> {
        let mut counts = vec![(0_u32, 0_u32); self.units.len()];
        for unit in 0..self.units.len() as u32 {
            for (distance, ancestor) in self.above(unit).into_iter().enumerate() {
                let (children, below) = &mut counts[ancestor as usize];
                *children += u32::from(distance == 0);
                *below += 1;
            }
        }
        let areas = (0..).zip(counts).filter(|(_, (children, _))| *children > 0).take(limit);
        areas
            .map(|(unit, (children, below))| AreaView { unit: self.summary(unit), children, below })
            .collect()
    }

    /// The units below an area, by code, at most so many.
    #[must_use]
    pub fn below(&self, area: &str, limit: u32) -> UnitsView {
        let Some(area) = self.find(area) else { return UnitsView::default() };
        let inside = |unit: &u32| self.above(*unit).contains(&area);
        let units: Vec<u32> = (0..self.units.len() as u32).filter(inside).collect();
        let first = units.iter().take(limit as usize).map(|&unit| self.summary(unit));
        UnitsView { total: units.len() as u32, units: first.collect() }
    }

    /// All tables with the units of their rows.
    pub(super) fn searched(&self) -> impl Iterator<Item = (&UnitTable, &[u32])> {
        let tables = self.tables.iter().map(|(_, table)| table).chain([&self.placeholders]);
        tables.zip(self.unit_of.iter().map(Vec::as_slice))
    }

    /// The ancestors of a unit, nearest first, at most [`MAX_DEPTH`].
    pub(super) fn ancestors(&self, unit: u32) -> impl Iterator<Item = u32> {
        let parent = |unit: &u32| Some(self.units[*unit as usize].parent).filter(|&parent| parent != NONE);
        core::iter::successors(parent(&unit), parent).take(MAX_DEPTH)
    }

    pub(super) fn name(&self, unit: u32) -> &str {
        let Unit { table, row, .. } = self.units[unit as usize];
        self.table(table).name(row)
    }

    fn code(&self, unit: u32) -> &str {
        let Unit { table, row, .. } = self.units[unit as usize];
        self.table(table).code(row)
    }

    fn table(&self, table: u32) -> &UnitTable {
        self.tables.get(table as usize).map_or(&self.placeholders, |(_, table)| table)
    }

    fn find(&self, code: &str) -> Option<u32> {
        let found = self.units.binary_search_by(|unit| self.table(unit.table).code(unit.row).cmp(code));
        found.ok().map(|unit| unit as u32)
    }

    /// The ancestors of a unit, nearest first, each once and never the unit itself.
    fn above(&self, unit: u32) -> Vec<u32> {
        let mut above = Vec::new();
        for ancestor in self.ancestors(unit) {
            if ancestor == unit || above.contains(&ancestor) {
                break;
            }
            above.push(ancestor);
        }
        above
    }

    /// Where a unit is.
    pub(super) fn place(&self, unit: u32) -> Option<Place> {
        let Unit { table, row, .. } = self.units[unit as usize];
        self.table(table).place(row)
    }

    fn summary(&self, unit: u32) -> UnitSummary {
        let imported = (self.units[unit as usize].table as usize) < self.tables.len();
        UnitSummary {
            code: self.code(unit).to_owned(),
            name: self.name(unit).to_owned(),
            path: self.above(unit).iter().rev().map(|&ancestor| self.name(ancestor).to_owned()).collect(),
            origin: if imported { UnitOrigin::Imported } else { UnitOrigin::Placeholder },
            place: self.place(unit),
            distance: None,
            assignments: Vec::new(),
        }
    }

    /// Finds out anew which rows count, which codes are placeholders, and who is whose parent.
    fn merge(&mut self) {
        let mut tables: Vec<&UnitTable> = self.tables.iter().map(|(_, table)| table).collect();
        let mut rows = counting_rows(&tables);
        self.placeholders = placeholders(&tables, &rows);
        tables.push(&self.placeholders);
        rows.extend(rows_of(&self.placeholders, tables.len() as u32 - 1));
        rows.sort_unstable();

        self.unit_of = tables.iter().map(|table| vec![NONE; table.len()]).collect();
        for (unit, row) in rows.iter().enumerate() {
            self.unit_of[row.table as usize][row.row as usize] = unit as u32;
        }
        let parents = parents(&tables, &rows);
        let unit = |(row, parent): (&Row<'_>, u32)| Unit { table: row.table, row: row.row, parent };
        self.units = rows.iter().zip(parents).map(unit).collect();
    }
}

/// A row and its code, in the order of codes, and of equal codes the one that counts last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row<'a> {
    code: &'a str,
    table: u32,
    row: u32,
}

fn rows_of(table: &UnitTable, number: u32) -> impl Iterator<Item = Row<'_>> {
    (0..table.len() as u32).map(move |row| Row { code: table.code(row), table: number, row })
}

/// The rows that count, by code.
fn counting_rows<'a>(tables: &[&'a UnitTable]) -> Vec<Row<'a>> {
    let numbered = tables.iter().zip(0..);
    let mut rows: Vec<Row<'a>> = numbered.flat_map(|(table, number)| rows_of(table, number)).collect();
    // Stable, since it is faster on tables that are in order already.
    rows.sort();
    rows.reverse();
    rows.dedup_by_key(|row| row.code);
    rows.reverse();
    rows
}

fn find(rows: &[Row<'_>], code: &str) -> Option<usize> {
    rows.binary_search_by(|row| row.code.cmp(code)).ok()
}

/// A table of the codes that counting rows name as ancestors and that are no row's.
fn placeholders(tables: &[&UnitTable], rows: &[Row<'_>]) -> UnitTable {
    let mut named: Vec<Vec<bool>> = tables.iter().map(|table| vec![false; table.chain_count()]).collect();
    for row in rows {
        named[row.table as usize][tables[row.table as usize].chain_of(row.row) as usize] = true;
    }
    let mut missing: SortedMap<&str, Option<&str>> = SortedMap::new();
    for (table, named) in tables.iter().zip(&named) {
        for chain in (0..).zip(named).filter_map(|(chain, named)| named.then_some(chain)) {
            let codes = table.chain(chain);
            for (at, code) in codes.clone().enumerate() {
                if find(rows, code).is_none() {
                    let parent = codes.clone().skip(at + 1).find(|&parent| parent != code);
                    let known = missing.entry(code).or_default();
                    *known = parent.or(*known);
                }
            }
        }
    }
    UnitTable::of_placeholders(missing)
}

/// The unit of each row's nearest ancestor, or [`NONE`].
fn parents(tables: &[&UnitTable], rows: &[Row<'_>]) -> Vec<u32> {
    let unit = |code: &str| find(rows, code).map_or(NONE, |unit| unit as u32);
    // Most rows share their ancestors with others, so each list's first code is looked up once.
    let first = |table: &UnitTable, chain| table.chain(chain).next().map_or(NONE, unit);
    let firsts: Vec<Vec<u32>> = tables
        .iter()
        .map(|table| (0..table.chain_count() as u32).map(|chain| first(table, chain)).collect())
        .collect();
    let parent = |row: &Row<'_>| {
        let table = tables[row.table as usize];
        let chain = table.chain_of(row.row);
        match table.chain(chain).find(|&code| code != row.code) {
            Some(code) if table.chain(chain).next() != Some(code) => unit(code),
            Some(_) => firsts[row.table as usize][chain as usize],
            None => NONE,
        }
    };
    rows.iter().map(parent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sorted::SortedSet;
    use crate::units::UnitRow;
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// Few codes and names, so that rows meet: as parents, as repetitions, as circles.
    fn any_row() -> impl Strategy<Value = UnitRow> {
        (("[a-cA]{1,2}", "[abB锦江]{0,3}"), vec("[a-cA]{1,2}", 0..3), vec("[ab]{0,2}", 0..3)).prop_map(
            |((code, name), parents, initials)| UnitRow {
                code,
                name,
                parents,
                initials,
                kind: String::new(),
                place: None,
            },
        )
    }

    fn any_imports() -> impl Strategy<Value = Vec<(u8, u64, Vec<UnitRow>)>> {
        vec((0..4_u8, 0..3_u64, vec(any_row(), 0..6)), 0..6)
    }

    fn register(imports: &[(u8, u64, Vec<UnitRow>)]) -> Register {
        let mut register = Register::default();
        for (id, imported, rows) in imports {
            let table = UnitTable::from_rows(rows).expect("a small table");
            register.insert(DatasetId([*id; 16]), *imported, table);
        }
        register
    }

    /// The rows that count, found the slow way.
    fn expected(imports: &[(u8, u64, Vec<UnitRow>)]) -> SortedMap<String, UnitRow> {
        let latest: SortedMap<u8, usize> = (0..).zip(imports).map(|(at, (id, ..))| (*id, at)).collect();
        let mut latest: Vec<_> = latest.into_values().map(|at| &imports[at]).collect();
        latest.sort_by_key(|(id, imported, _)| (*imported, *id));
        latest.into_iter().flat_map(|(.., rows)| rows).map(|row| (row.code.clone(), row.clone())).collect()
    }

    fn has(row: &UnitRow, word: &str) -> bool {
        let inside = |text: &String| text.to_lowercase().contains(word);
        inside(&row.name) || row.initials.iter().any(inside) || row.code.to_lowercase().starts_with(word)
    }

    proptest! {
        #[test]
        fn a_register_is_the_union_of_its_imports(imports in any_imports()) {
            let register = register(&imports);
            let expected = expected(&imports);
            for (code, row) in &expected {
                let unit = register.get(code).expect("imported");
                prop_assert_eq!((unit.name.as_str(), unit.origin), (row.name.as_str(), UnitOrigin::Imported));
                let parent = row.parents.iter().find(|parent| *parent != code);
                if let Some(parent) = parent.and_then(|parent| register.get(parent)) {
                    prop_assert_eq!(unit.path.last(), Some(&parent.name));
                    prop_assert!(register.is_below(code, &parent.code));
                } else {
                    prop_assert_eq!((parent, unit.path.len()), (None, 0));
                }
            }
            let named = expected.values().flat_map(|row| row.parents.iter());
            let missing: SortedSet<&String> = named.filter(|code| !expected.contains_key(*code)).collect();
            prop_assert_eq!(register.placeholders(), missing.len());
            prop_assert_eq!(register.len(), expected.len() + missing.len());
            for code in missing {
                let unit = register.get(code).expect("a placeholder");
                prop_assert_eq!((unit.name.as_str(), unit.origin), (code.as_str(), UnitOrigin::Placeholder));
            }
        }

        #[test]
        fn a_word_finds_what_has_it(imports in any_imports(), word in "[abcB锦]{1,2}") {
            let register = register(&imports);
            let mut expected = expected(&imports);
            for code in register.search("", &First::default(), u32::MAX).units.into_iter().map(|unit| unit.code) {
                let placeholder = UnitRow { name: code.clone(), code: code.clone(), ..UnitRow::default() };
                expected.entry(code).or_insert(placeholder);
            }
            let lower = word.to_lowercase();
            let having: SortedSet<&String> =
                expected.iter().filter(|(_, row)| has(row, &lower)).map(|(code, _)| code).collect();
            let view = register.search(&word, &First::default(), u32::MAX);
            let found: SortedSet<&String> = view.units.iter().map(|unit| &unit.code).collect();
            prop_assert_eq!(&found, &having);
            prop_assert_eq!(view.total as usize, having.len());
            let first = register.search(&word, &First::default(), 2).units;
            prop_assert_eq!(&first[..], &view.units[..first.len()]);
        }

        #[test]
        fn removing_an_import_is_as_if_it_had_never_been(imports in any_imports(), id in 0..4_u8) {
            let mut with = register(&imports);
            with.remove(DatasetId([id; 16]));
            let without: Vec<_> = imports.into_iter().filter(|(other, ..)| *other != id).collect();
            prop_assert_eq!(
                with.search("", &First::default(), u32::MAX),
                register(&without).search("", &First::default(), u32::MAX)
            );
        }
    }
}
