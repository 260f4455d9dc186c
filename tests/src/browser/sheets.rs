//! Registers of units of the size and shape that offices have, made up.

use anyhow::Result;
use rust_xlsxwriter::Workbook;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const CHARACTERS: [char; 24] = [
    '东', '西', '南', '北', '山', '河', '湖', '桥', '安', '平', '永', '兴', '和', '明', '新', '古', '青',
    '白', '红', '金', '石', '松', '柳', '泉',
];

/// In which order a file has its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By code.
    Sorted,
    /// Mixed up.
    Mixed,
}

/// Areas 区县 and their streets 街道: codes, names, and the codes of what they belong to.
pub struct GeneratedUnits {
    areas: Vec<(u32, String)>,
    streets: Vec<(u32, String)>,
}

impl GeneratedUnits {
    /// As many as given, spread over the areas.
    #[must_use]
    pub fn new(areas: usize, streets: usize) -> Self {
        let area = |at: usize| {
            let code = (11 + at / 100) * 10_000 + (1 + at / 10 % 10) * 100 + 1 + at % 10;
            (code as u32, name(at, "区"))
        };
        let areas: Vec<_> = (0..areas).map(area).collect();
        let per_area = streets.div_ceil(areas.len());
        let street = |at: usize| {
            let code = areas[at / per_area].0 * 1_000 + 1 + (at % per_area) as u32;
            (code, name(at, "街道"))
        };
        let streets = (0..streets).map(street).collect();
        Self { areas, streets }
    }

    /// The code and name of an area.
    #[must_use]
    pub fn area(&self, at: usize) -> (String, &str) {
        (self.areas[at].0.to_string(), &self.areas[at].1)
    }

    /// The code and name of a street.
    #[must_use]
    pub fn street(&self, at: usize) -> (String, &str) {
        (self.streets[at].0.to_string(), &self.streets[at].1)
    }

    /// Writes the areas as CSV.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn areas_csv(&self, folder: &Path, order: Order) -> Result<PathBuf> {
        let mut text = String::from("code,name,cityCode,provinceCode\r\n");
        for (code, name) in ordered(&self.areas, order) {
            write!(text, "{code},\"{name}\",{},{}\r\n", code / 100, code / 10_000)?;
        }
        let path = folder.join("areas.csv");
        std::fs::write(&path, text)?;
        Ok(path)
    }

    /// Writes the streets as CSV.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn streets_csv(&self, folder: &Path, order: Order) -> Result<PathBuf> {
        let mut text = String::from("code,name,areaCode,provinceCode,cityCode\n");
        for (code, name) in ordered(&self.streets, order) {
            let area = code / 1_000;
            writeln!(text, "{code},\"{name}\",{area},{},{}", area / 10_000, area / 100)?;
        }
        let path = folder.join("streets.csv");
        std::fs::write(&path, text)?;
        Ok(path)
    }

    /// Writes the streets as XLSX, codes as numbers.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn streets_xlsx(&self, folder: &Path, order: Order) -> Result<PathBuf> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (column, name) in (0..).zip(["code", "name", "areaCode", "provinceCode", "cityCode"]) {
            sheet.write_string(0, column, name)?;
        }
        for (row, (code, name)) in (1..).zip(ordered(&self.streets, order)) {
            let area = code / 1_000;
            sheet.write_number(row, 0, *code)?;
            sheet.write_string(row, 1, name)?;
            for (column, code) in (2..).zip([area, area / 10_000, area / 100]) {
                sheet.write_number(row, column, code)?;
            }
        }
        let path = folder.join("streets.xlsx");
        book.save(&path)?;
        Ok(path)
    }
}

fn ordered<T>(rows: &[T], order: Order) -> impl Iterator<Item = &T> {
    // 7919 is prime, so that every row comes once.
    let step = if order == Order::Mixed && !rows.len().is_multiple_of(7_919) { 7_919 } else { 1 };
    (0..rows.len()).map(move |at| &rows[at * step % rows.len()])
}

fn name(at: usize, kind: &str) -> String {
    let count = CHARACTERS.len();
    let letters = [at % count, at / count % count, at / count / count % count];
    letters.into_iter().map(|at| CHARACTERS[at]).chain(kind.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_a_mixed_file_has_every_row() {
        let units = GeneratedUnits::new(2_978, 41_352);
        let codes: BTreeSet<u32> = units.areas.iter().chain(&units.streets).map(|(code, _)| *code).collect();
        assert_eq!(codes.len(), 2_978 + 41_352);
        let mixed: BTreeSet<u32> = ordered(&units.streets, Order::Mixed).map(|(code, _)| *code).collect();
        assert_eq!(mixed.len(), 41_352);
    }
}
