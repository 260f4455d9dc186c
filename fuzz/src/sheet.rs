//! Spreadsheets as somebody may hand them in, and parts of imported tables as a member may send them.

use crate::script::Script;
use flate2::Compression;
use flate2::read::DeflateEncoder;
use mingcha_core::ids::DatasetId;
use mingcha_core::sheet;
use mingcha_core::units::{First, Register, UnitTable, pack, unpack};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The files that a workbook is made of.
const FILES: [&str; 6] = [
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/worksheets/sheet1.xml",
];

/// The first byte says whether the rest is a file, the files in a workbook, a part, or a part before it is deflated.
pub fn run(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    match script.below(4) {
        0 => file(script.rest()),
        1 => file(&workbook(&mut script)),
        2 => part(script.rest()),
        _ => {
            let mut deflated = Vec::new();
            let read = DeflateEncoder::new(script.rest(), Compression::fast()).read_to_end(&mut deflated);
            read.expect("memory");
            part(&deflated);
        }
    }
}

fn file(bytes: &[u8]) {
    if let Ok(seen) = sheet::preview(bytes, None)
        && seen.units > 0
    {
        assert_eq!(sheet::read_as(bytes, &seen.mapping), sheet::read(bytes, "units"), "as it was previewed");
    }
    let Ok(sheet) = sheet::read(bytes, "units") else { return };
    let parts = pack(&sheet.rows);
    let rows: Vec<_> = parts.iter().flat_map(|part| unpack(part).expect("its own part")).collect();
    assert_eq!(rows, sheet.rows, "what was read can be packed");
    let _ = UnitTable::from_parts(&parts).expect("its own parts");
}

fn workbook(script: &mut Script<'_>) -> Vec<u8> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    while !script.is_over() {
        let name = FILES[script.below(FILES.len())];
        let content = script.slice();
        if zip.start_file(name, stored).is_ok() {
            zip.write_all(content).expect("memory");
        }
    }
    zip.finish().expect("memory").into_inner()
}

fn part(bytes: &[u8]) {
    let rows = unpack(bytes);
    let table = UnitTable::from_parts([bytes]);
    let (Ok(rows), Ok(table)) = (rows, table) else { return };
    // A row whose code cannot be seen names no unit.
    let named = rows.iter().filter(|row| row.code.chars().any(|c| !c.is_control())).count();
    assert_eq!(named, table.len());
    let mut register = Register::default();
    register.insert(DatasetId([1; 16]), 1, table);
    for row in rows.iter().take(8) {
        let _ = register.search(
            &row.name,
            &First { used: std::slice::from_ref(&row.code), ..First::default() },
            10,
        );
        let _ = register.get(&row.code);
        let _ = row.parents.iter().filter(|parent| register.is_below(&row.code, parent)).count();
    }
}
