//! Workbooks as a spreadsheet program writes them, and damaged files of every kind.
#![cfg(all(feature = "sheets", not(target_arch = "wasm32")))]

use mingcha_core::problem::Problem;
use mingcha_core::sheet::{Sheet, read};
use proptest::prelude::*;
use proptest::sample::Index;
use rust_xlsxwriter::{Format, Workbook};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A cell to be written: text, or a number.
enum Cell<'a> {
    Text(&'a str),
    Number(f64),
}

use Cell::{Number, Text};

fn workbook(sheets: &[&[&[Cell<'_>]]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for rows in sheets {
        let sheet = workbook.add_worksheet();
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*cells) {
                let written = match cell {
                    Text(text) => sheet.write(row, column, *text),
                    Number(number) => sheet.write(row, column, *number),
                };
                written.expect("a cell");
            }
        }
    }
    workbook.save_to_buffer().expect("memory")
}

fn sheet(bytes: &[u8]) -> Sheet {
    read(bytes, "units.xlsx").expect("a sheet")
}

const HEADERS: &[Cell<'_>] = &[Text("code"), Text("name"), Text("cityCode"), Text("provinceCode")];

#[test]
fn numbers_become_codes_without_a_fraction() {
    let row: &[Cell<'_>] = &[Number(110_101.0), Text("东城区"), Number(1101.0), Text("11")];
    let sheet = sheet(&workbook(&[&[HEADERS, row]]));
    let unit = &sheet.rows[0];
    assert_eq!((unit.code.as_str(), unit.name.as_str()), ("110101", "东城区"));
    assert_eq!(unit.parents, ["1101", "11"]);
}

#[test]
fn the_first_worksheet_with_units_is_taken() {
    let notes: &[&[Cell<'_>]] = &[&[Text("how to fill in this table")]];
    let units: &[&[Cell<'_>]] = &[HEADERS, &[Text("1"), Text("甲")]];
    assert_eq!(sheet(&workbook(&[&[], notes, units])).rows.len(), 1);
    let found = vec!["how to fill in this tabl".to_owned()];
    assert_eq!(read(&workbook(&[&[], notes]), "").expect_err("no units"), Problem::SheetColumns { found });
    assert_eq!(read(&workbook(&[&[]]), "").expect_err("no rows"), Problem::SheetEmpty);
}

#[test]
fn hidden_worksheets_are_passed_over() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write(0, 0, "visible").expect("a cell");
    let hidden = workbook.add_worksheet().set_hidden(true);
    hidden.write_row(0, 0, ["code", "name"]).expect("cells");
    hidden.write_row(1, 0, ["1", "甲"]).expect("cells");
    let bytes = workbook.save_to_buffer().expect("memory");
    assert!(matches!(read(&bytes, ""), Err(Problem::SheetColumns { .. })));
}

#[test]
fn a_title_over_merged_cells_and_formatted_blank_rows_do_no_harm() {
    let mut workbook = Workbook::new();
    let sheet_of_units = workbook.add_worksheet();
    let bold = Format::new().set_bold();
    sheet_of_units.merge_range(0, 0, 0, 2, "某市单位一览表", &bold).expect("a title");
    sheet_of_units.write_row_with_format(1, 0, ["单位编码", "单位名称", "单位类型"], &bold).expect("headers");
    sheet_of_units.write_row(4, 0, ["A1", "  甲局 ", "局"]).expect("a row");
    for row in 5..2_000 {
        sheet_of_units.write_blank(row, 0, &bold).expect("a blank cell");
    }
    let sheet = sheet(&workbook.save_to_buffer().expect("memory"));
    assert_eq!((sheet.rows.len(), sheet.skipped.len()), (1, 0));
    assert_eq!((sheet.rows[0].name.as_str(), sheet.rows[0].kind.as_str()), ("甲局", "局"));
}

#[test]
fn a_country_of_streets_in_a_workbook_is_the_same_as_in_text() {
    let mut text = "code,name,areaCode,provinceCode,cityCode\n".to_owned();
    let mut workbook = Workbook::new();
    let streets = workbook.add_worksheet();
    streets.write_row(0, 0, ["code", "name", "areaCode", "provinceCode", "cityCode"]).expect("headers");
    for at in 0..41_352_u32 {
        let (code, name, area) = (110_101_001 + at, format!("第{at}街道"), 110_101 + at / 14);
        text += &format!("{code},\"{name}\",{area},11,1101\n");
        let row = at + 1;
        streets.write(row, 0, code).and_then(|it| it.write(row, 1, name)).expect("cells");
        streets.write_row(row, 2, [area, 11, 1101]).expect("cells");
    }
    let bytes = workbook.save_to_buffer().expect("memory");
    assert_eq!(read(&bytes, "streets.xlsx"), read(text.as_bytes(), "streets.csv"));
}

/// What somebody may do to bytes.
#[derive(Clone, Debug)]
enum Damage {
    Set(Index, u8),
    Cut(Index),
    Remove(Index, u8),
    Repeat(Index, u8),
    Insert(Index, Vec<u8>),
}

impl Damage {
    fn to(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let len = bytes.len();
        let range = |at: &Index, count: u8| {
            let at = at.index(len);
            at..(at + usize::from(count)).min(len)
        };
        match self {
            Self::Set(at, byte) => bytes[range(at, 1)].fill(*byte),
            Self::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Self::Remove(at, count) => drop(bytes.drain(range(at, *count))),
            Self::Repeat(at, count) => {
                let range = range(at, *count);
                let end = range.end;
                let piece = bytes[range].to_vec();
                drop(bytes.splice(end..end, piece));
            }
            Self::Insert(at, piece) => {
                let at = at.index(bytes.len());
                drop(bytes.splice(at..at, piece.clone()));
            }
        }
    }
}

fn any_damage() -> impl Strategy<Value = Vec<Damage>> {
    let at = any::<Index>;
    let telling = prop::sample::select(vec![
        "<",
        "\"",
        "&#0;",
        "99999999999999999999",
        "-1",
        "<c>",
        "</row>",
        "\0",
        "锦",
    ]);
    let one = prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        at().prop_map(Damage::Cut),
        (at(), any::<u8>()).prop_map(|(at, count)| Damage::Remove(at, count)),
        (at(), any::<u8>()).prop_map(|(at, count)| Damage::Repeat(at, count)),
        (at(), telling).prop_map(|(at, text)| Damage::Insert(at, text.as_bytes().to_vec())),
    ];
    prop::collection::vec(one, 1..5)
}

fn small_workbook() -> Vec<u8> {
    let rows: &[&[Cell<'_>]] = &[
        HEADERS,
        &[Number(110_101.0), Text("东城区"), Number(1101.0), Number(11.0)],
        &[Text("110102"), Text("西 城 & 区"), Number(1101.5), Text("")],
    ];
    workbook(&[rows, rows])
}

/// The parts of a zip archive.
fn unzipped(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let count = zip.len();
    let part = |index| {
        let mut file = zip.by_index(index).expect("a part");
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("memory");
        (file.name().expect("a name").into_owned(), content)
    };
    (0..count).map(part).collect()
}

fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in parts {
        zip.start_file(path.as_str(), SimpleFileOptions::default()).expect("a new part");
        zip.write_all(content).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

proptest! {
    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        let _ = read(&bytes, "");
        let _ = read(&[b"code,name\n", bytes.as_slice()].concat(), "");
        let _ = read(&[b"PK\x03\x04", bytes.as_slice()].concat(), "");
        let _ = read(&[b"\xff\xfe", bytes.as_slice()].concat(), "");
    }

    #[test]
    fn any_text_is_read_or_refused(rows in "(\\PC{0,8}[,;\t\"\n]){0,40}") {
        let read = read(format!("code,name,parent\n{rows}").as_bytes(), "");
        let known = matches!(
            read, Ok(_) | Err(Problem::SheetEmpty | Problem::SheetColumns { .. } | Problem::SheetUnreadable)
        );
        prop_assert!(known, "{:?}", read);
    }

    #[test]
    fn a_damaged_archive_never_panics(damage in any_damage()) {
        let mut bytes = small_workbook();
        damage.iter().for_each(|damage| damage.to(&mut bytes));
        let _ = read(&bytes, "");
    }

    #[test]
    fn damaged_parts_of_an_archive_never_panic(which in any::<Index>(), damage in any_damage()) {
        let mut parts = unzipped(&small_workbook());
        let needed = ["_rels/.rels", "workbook.xml", "workbook.xml.rels", "sharedStrings.xml", "sheet1.xml"];
        let part = needed[which.index(needed.len())];
        for (_, content) in parts.iter_mut().filter(|(path, _)| path.ends_with(part)) {
            damage.iter().for_each(|damage| damage.to(content));
        }
        let _ = read(&zipped(&parts), "");
    }

    #[test]
    fn a_damaged_text_never_panics(damage in any_damage()) {
        let text = "code,name,areaCode,cityCode\n110101001,\"东华门街道\",110101,1101\n110101002,\"景山\",110101,1101\n";
        let mut bytes = text.as_bytes().to_vec();
        damage.iter().for_each(|damage| damage.to(&mut bytes));
        let _ = read(&bytes, "");
    }
}
