//! Spreadsheets as offices have them, and as nobody should. Runs natively and in wasm.
#![cfg(feature = "sheets")]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use mingcha_core::problem::{Problem, SheetLimit};
use mingcha_core::sheet::{
    MAX_CELLS, MAX_INFLATED_BYTES, MAX_ROWS, MAX_VALUE_CHARS, Mapping, Meaning, Sheet, SkipReason, initials,
    preview, read, read_as,
};
use mingcha_core::units::{Place, UnitRow};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The shape of the public register of streets.
const STREETS: &str = "code,name,areaCode,provinceCode,cityCode\n\
    110101001,\"东华门街道\",110101,11,1101\n\
    110101002,\"景山街道\",110101,11,1101\n";

fn csv(text: &str) -> Sheet {
    read(text.as_bytes(), "units.csv").expect("a sheet")
}

fn problem(bytes: &[u8]) -> Problem {
    read(bytes, "units").expect_err("no sheet")
}

/// Rows as text: code, name, parents, kind.
fn told(sheet: &Sheet) -> Vec<String> {
    let told = |row: &UnitRow| {
        [&row.code, &row.name, &row.parents.join(" "), &row.kind].map(String::as_str).join("|")
    };
    sheet.rows.iter().map(told).collect()
}

fn utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    core::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes_of).collect()
}

#[test]
fn ancestors_are_ordered_by_the_length_of_their_codes() {
    let sheet = csv(STREETS);
    assert_eq!(told(&sheet), ["110101001|东华门街道|110101 1101 11|", "110101002|景山街道|110101 1101 11|"]);
    assert_eq!(sheet.rows[1].initials, ["jsjd"]);
    assert_eq!(sheet.skipped, []);
}

#[test]
fn every_encoding_gives_the_same_rows() {
    let (gb18030, _, _) = encoding_rs::GB18030.encode(STREETS);
    let files = [
        STREETS.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", STREETS.as_bytes()].concat(),
        gb18030.into_owned(),
        utf16(STREETS, u16::to_le_bytes),
        utf16(STREETS, u16::to_be_bytes),
    ];
    for file in files {
        assert_eq!(read(&file, "units.csv"), Ok(csv(STREETS)), "{:02x?}", &file[..4]);
    }
}

#[test]
fn every_delimiter_and_line_end_gives_the_same_rows() {
    for delimiter in [",", ";", "\t"] {
        let text = STREETS.replace(',', delimiter);
        assert_eq!(csv(&text), csv(STREETS), "{delimiter:?}");
        assert_eq!(csv(&text.replace('\n', "\r\n")), csv(STREETS), "{delimiter:?}");
    }
}

#[test]
fn quotes_line_ends_in_values_and_blank_lines_are_understood() {
    let sheet =
        csv("编码;名称;类型\n\n1;\"甲;\"\"一\"\"\n所\";局\n;;\n 2 ;\u{3000}乙 \u{a0};\n\n='3;三;\n'4;四;\n");
    assert_eq!(told(&sheet), ["1|甲;\"一\" 所||局", "2|乙||", "='3|三||", "4|四||"]);
    let sheet = csv("编码,名称\n\"=\"\"007\"\"\",邦德\n007\t,邦\n");
    assert_eq!(told(&sheet), ["007|邦||"]);
}

#[test]
fn titles_above_the_headers_are_passed_over() {
    let sheet = csv("某市单位一览表,,\n填报日期：,2026年,\n序号,单位名称,单位编码\n1,甲局,A1\n合计,1,\n");
    assert_eq!(told(&sheet), ["A1|甲局||"]);
    assert_eq!(sheet.skipped, [(5, SkipReason::NoCode)]);
}

#[test]
fn rows_that_cannot_be_units_are_reported_with_their_lines() {
    let long = "长".repeat(MAX_VALUE_CHARS + 1);
    let sheet = csv(&format!("code,name\n1,甲\n,乙\n3\n1,丁\n5,{long}\n6,\n"));
    assert_eq!(told(&sheet), ["1|丁||"]);
    let reasons = [
        (2, SkipReason::Replaced),
        (3, SkipReason::NoCode),
        (4, SkipReason::NoName),
        (6, SkipReason::TooLong),
        (7, SkipReason::NoName),
    ];
    assert_eq!(sheet.skipped, reasons);
}

#[test]
fn parents_are_codes_or_names_that_only_one_unit_has() {
    let sheet = csv(
        "单位编码,单位名称,上级单位\n0,总局,无\n1,分局,总局\n2,所,1\n3,所,所\n4,站,外单位\n5,队,0\n6,组,6\n",
    );
    assert_eq!(
        told(&sheet),
        ["0|总局||", "1|分局|0|", "2|所|1|", "3|所|所|", "4|站|外单位|", "5|队|0|", "6|组||"]
    );
    let sheet = csv("code,name,parent\n1,a,0\n2,b,-\n");
    assert_eq!(told(&sheet), ["1|a||", "2|b||"], "0 is no parent unless a unit has this code");
}

#[test]
fn files_that_are_no_sheet_of_units_say_why() {
    assert_eq!(problem(b""), Problem::SheetEmpty);
    assert_eq!(problem(b"\xef\xbb\xbf \r\n,,,\n"), Problem::SheetEmpty);
    assert_eq!(problem(b"code,name\n,\n"), Problem::SheetEmpty);
    assert_eq!(problem(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Problem::SheetUnreadable);
    assert_eq!(problem(b"code,name\n1,\xff\xff\n"), Problem::SheetUnreadable);
    assert_eq!(problem(b"PK\x03\x04 and nothing else"), Problem::SheetUnreadable);
    assert_eq!(problem(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"), Problem::SheetUnreadable);
    let found = Problem::SheetColumns { found: vec!["单位".into(), "电话".into()] };
    assert_eq!(problem("单位,电话,\n甲,1\n乙,2\n".as_bytes()), found);
}

#[test]
fn a_file_behind_a_password_is_told_from_a_damaged_one() {
    let mut file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    file.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(problem(&file), Problem::SheetEncrypted);
}

#[test]
fn rows_and_cells_have_limits() {
    let rows: String = (0..=MAX_ROWS).map(|row| format!("{row},x\n")).collect();
    assert_eq!(
        problem(format!("code,name\n{rows}").as_bytes()),
        Problem::SheetTooLarge { limit: SheetLimit::Rows(MAX_ROWS) }
    );
    let cells = ",".repeat(MAX_CELLS as usize);
    assert_eq!(
        problem(format!("code,name\n{cells}").as_bytes()),
        Problem::SheetTooLarge { limit: SheetLimit::Cells(MAX_CELLS) }
    );
}

#[test]
fn initials_keep_letters_and_digits_and_offer_several_readings() {
    assert_eq!(initials("锦江区"), ["jjq"]);
    assert_eq!(initials("110指挥中心（Ａ座 B2）"), ["110zhzxazb2"]);
    assert!(initials("重庆市").contains(&"cqs".to_owned()));
    assert!(initials("朝阳区").contains(&"cyq".to_owned()));
    assert_eq!(initials("——"), [""; 0]);
    assert!(initials(&"行长".repeat(50)).len() <= 4);
}

#[test]
fn a_country_of_streets_is_read() {
    let rows: String = (0..41_352)
        .map(|at| format!("{},\"第{at}街道\",{},{},{}\n", 110_101_000 + at, 110_101 + at / 1000, 11, 1101))
        .collect();
    let sheet = csv(&format!("code,name,areaCode,provinceCode,cityCode\n{rows}"));
    assert_eq!((sheet.rows.len(), sheet.skipped.len()), (41_352, 0));
    assert_eq!(sheet.rows[41_351].parents, ["110142", "1101", "11"]);
}

/// A workbook with one worksheet: shared strings and rows as XML.
fn workbook(strings: &str, rows: &str) -> Vec<u8> {
    zipped(&[
        ("_rels/.rels", &relationships(&[("r1", "officeDocument", "xl/workbook.xml")])),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r2"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &relationships(&[
                ("r2", "worksheet", "worksheets/sheet1.xml"),
                ("r3", "sharedStrings", "/xl/strings.xml"),
            ]),
        ),
        ("xl/strings.xml", &format!("<sst uniqueCount='99999999999999999999'>{strings}</sst>")),
        ("xl/worksheets/sheet1.xml", &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
    ])
}

fn relationships(all: &[(&str, &str, &str)]) -> String {
    let one = |(id, kind, target): &(&str, &str, &str)| {
        format!(r#"<Relationship Id="{id}" Type="http://relationships/{kind}" Target="{target}"/>"#)
    };
    format!("<Relationships>{}</Relationships>", all.iter().map(one).collect::<String>())
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in parts {
        zip.start_file(*path, SimpleFileOptions::default()).expect("a new part");
        zip.write_all(text.as_bytes()).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

const HEADERS: &str = "<row><c t='inlineStr'><is><t>编码</t></is></c><c t='str'><v>名称</v></c><c t='str'><v>上级</v></c></row>";

#[test]
fn cells_of_every_kind_become_text() {
    let strings = "<si><t>锦&amp;江_x000D_</t></si>\
        <si><r><t>青</t></r><r><rPr/><t xml:space='preserve'>羊 </t></r><rPh sb='0' eb='1'><t>qingyang</t></rPh></si>";
    let rows = format!(
        "{HEADERS}<row r='7'><c r='A7'><v>510104</v></c><c r='B7' t='s'><v>0</v></c><c r='C7'><v>5101.0</v></c></row>\
        <row><c><v>510105</v></c><c r='B8' t='s'><v>1</v></c><c t='e'><v>#REF!</v></c></row>\
        <row><c/><c t='str'><v>none</v></c></row>\
        <row r='19'><c r='A19'><v>1.10101001E8</v></c><c r='B19' t='str'><f>A1</f><v>&#38;<![CDATA[<]]></v></c></row>\
        <row r='20'><c r='A20'><v>123456789012345678</v></c><c r='B20'><v>110</v></c><c r='XFD20'><v>1</v></c></row>"
    );
    let sheet = read(&workbook(strings, &rows), "units.xlsx").expect("a workbook");
    assert_eq!(
        told(&sheet),
        ["510104|锦&江|5101|", "510105|青羊||", "110101001|&<||", "123456789012345678|110||"]
    );
    assert_eq!(sheet.skipped, [(9, SkipReason::NoCode)]);
}

#[test]
fn workbooks_that_are_damaged_or_something_else_are_refused() {
    let shared = format!("{HEADERS}<row><c t='s'><v>9</v></c></row>");
    assert_eq!(problem(&workbook("", &shared)), Problem::SheetUnreadable, "no such shared string");
    assert_eq!(problem(&workbook("", "<row><c><v>1</v>")), Problem::SheetUnreadable, "cut off");
    assert_eq!(problem(&workbook("", "<row><c><v>&what;</v></c></row>")), Problem::SheetUnreadable);
    assert_eq!(problem(&workbook("", "")), Problem::SheetEmpty);
    assert_eq!(problem(&workbook("", HEADERS)), Problem::SheetEmpty);
    assert_eq!(problem(&zipped(&[("word/document.xml", "<document/>")])), Problem::SheetUnreadable);
    let mut cut = workbook("", HEADERS);
    cut.truncate(cut.len() / 2);
    assert_eq!(problem(&cut), Problem::SheetUnreadable);
    let overflow =
        format!("{HEADERS}<row r='99999999999'><c r='ZZZZZZZZZZZZZZZZZZZZ99999999999'><v>1</v></c></row>");
    assert_eq!(problem(&workbook("", &overflow)), Problem::SheetEmpty);
}

#[test]
fn a_workbook_that_inflates_without_end_is_refused() {
    let bomb = workbook("", &" ".repeat(MAX_INFLATED_BYTES as usize + 1));
    assert!(bomb.len() < 1_000_000);
    assert_eq!(problem(&bomb), Problem::SheetTooLarge { limit: SheetLimit::Bytes(MAX_INFLATED_BYTES) });
    let strings = "<si/>".repeat(MAX_CELLS as usize + 1);
    assert_eq!(
        problem(&workbook(&strings, "")),
        Problem::SheetTooLarge { limit: SheetLimit::Cells(MAX_CELLS) }
    );
}

#[test]
fn places_are_read_and_those_that_are_none_are_listed() {
    let sheet = csv(
        "编码,名称,纬度,经度\n1,甲,34.6197,112.454\n2,乙,,\n3,丙,112.454,34.6\n4,丁,34.6,\n5,戊,北,1\n6,己,-0.0000015,180\n",
    );
    let places: Vec<_> = sheet.rows.iter().map(|row| row.place).collect();
    let none = [None; 4];
    assert_eq!(places[0], Place::new(34_619_700, 112_454_000));
    assert_eq!(places[1..5], none);
    assert_eq!(places[5], Place::new(-2, 180_000_000));
    assert_eq!(sheet.skipped, [(4, SkipReason::NoPlace), (5, SkipReason::NoPlace), (6, SkipReason::NoPlace)]);
}

#[test]
fn a_preview_says_what_columns_are_taken_for_and_what_would_come_of_it() {
    let text = "某市单位一览表,,\n单位编码,单位名称,上级,纬度,经度\n1,甲局,无,34.6,112.4\n,乙局,甲局,,\n3,丙所,甲局,99,1\n";
    let (gb18030, _, _) = encoding_rs::GB18030.encode(text);
    let files = [text.as_bytes().to_vec(), [b"\xef\xbb\xbf", text.as_bytes()].concat(), gb18030.into_owned()];
    for file in files {
        let seen = preview(&file, None).expect("a preview");
        let columns =
            [Meaning::Code, Meaning::Name, Meaning::Parent, Meaning::Latitude, Meaning::Longitude].to_vec();
        assert_eq!(seen.mapping, Mapping { sheet: 0, line: 2, columns });
        assert_eq!(seen.headers, ["单位编码", "单位名称", "上级", "纬度", "经度"]);
        assert_eq!(seen.rows[0], (3, ["1", "甲局", "无", "34.6", "112.4"].map(str::to_owned).to_vec()));
        assert_eq!((seen.rows.len(), seen.units, seen.skipped_count), (3, 2, 2));
        assert_eq!(seen.skipped, [(4, SkipReason::NoCode), (5, SkipReason::NoPlace)]);
        let sheet = read_as(&file, &seen.mapping);
        assert_eq!(sheet, read(&file, ""));
        assert_eq!(told(&sheet.expect("a sheet")), ["1|甲局||", "3|丙所|1|"]);
    }
}

#[test]
fn a_person_says_what_columns_are_that_nothing_recognises() {
    let text = "号,叫什么,归谁\n1,甲局,\n2,乙所,甲局\n";
    let seen = preview(text.as_bytes(), None).expect("a preview");
    assert_eq!((seen.units, seen.mapping.columns.clone()), (0, vec![Meaning::Nothing; 3]));
    assert_eq!((seen.mapping.line, seen.headers), (1, ["号", "叫什么", "归谁"].map(str::to_owned).to_vec()));
    let half = Mapping { columns: vec![Meaning::Code, Meaning::Nothing], ..seen.mapping.clone() };
    assert_eq!(
        preview(text.as_bytes(), Some(&half)).map(|seen| (seen.units, seen.mapping)),
        Ok((0, half.clone()))
    );
    assert_eq!(read_as(text.as_bytes(), &half), Err(Problem::SheetColumns { found: vec![] }));
    let columns = vec![Meaning::Code, Meaning::Name, Meaning::Parent];
    let whole = Mapping { columns: columns.clone(), ..seen.mapping };
    let seen = preview(text.as_bytes(), Some(&whole)).expect("a preview");
    assert_eq!((seen.units, &seen.mapping, seen.headers[0].as_str()), (2, &whole, "号"));
    assert_eq!(told(&read_as(text.as_bytes(), &whole).expect("a sheet")), ["1|甲局||", "2|乙所|1|"]);
    let bare = Mapping { line: 0, columns, ..Mapping::default() };
    assert_eq!(told(&read_as(text.as_bytes(), &bare).expect("a sheet"))[0], "号|叫什么|归谁|");
}

#[test]
fn what_a_person_says_overrides_what_headers_do() {
    let text = "code,name,id\n1,甲,A\n2,乙,B\n";
    let columns = vec![Meaning::Nothing, Meaning::Name, Meaning::Code];
    let sheet = read_as(text.as_bytes(), &Mapping { sheet: 0, line: 1, columns }).expect("a sheet");
    assert_eq!(told(&sheet), ["A|甲||", "B|乙||"]);
}
