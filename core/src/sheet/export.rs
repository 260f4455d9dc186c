//! Tables as files for a spreadsheet: CSV that Excel opens as UTF-8, and XLSX.

use crate::problem::Problem;
use crate::time::Timestamp;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use serde::{Deserialize, Serialize};

/// The longest text of a cell that Excel takes, in UTF-16 units.
const MAX_CELL: usize = 32_767;
/// The longest name of a sheet, in characters.
const MAX_SHEET_NAME: usize = 31;
/// How wide a column is at most, in pixels.
const MAX_WIDTH_PIXELS: u32 = 420;

/// A table to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// What the sheet is called.
    pub title: String,
    /// The heads of the columns.
    pub columns: Vec<String>,
    /// The rows, each with a value for every column.
    pub rows: Vec<Vec<Value>>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
    /// A moment, shifted so that read as UTC it is the person's local time.
    Time(Timestamp),
}

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Values with commas between, UTF-8 with a byte order mark, without which Excel takes it for another encoding.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Form {
    /// How the file's name ends.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

/// Writes a table; `now` is when, as [`Value::Time`].
///
/// # Errors
///
/// [`Problem::TooMany`] if there are more rows than a sheet takes.
pub fn write(table: &Table, form: Form, now: Timestamp) -> Result<Vec<u8>, Problem> {
    match form {
        Form::Csv => Ok(csv(table)),
        Form::Xlsx => xlsx(table, now).map_err(|_| Problem::TooMany { limit: 1_048_575 }),
    }
}

fn csv(table: &Table) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    // Writing into memory, and as many values in each row as it has, has no way to fail.
    let _ = writer.write_record(table.columns.iter().map(|text| harmless(text)));
    for row in &table.rows {
        let _ = writer.write_record(row.iter().map(|value| match value {
            Value::Text(text) => harmless(text),
            Value::Number(number) => number.to_string(),
            Value::Time(at) => moment(*at),
        }));
    }
    writer.into_inner().unwrap_or_default()
}

/// A text that a spreadsheet does not take for a formula: what people write must not run on the desk.
fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

/// `2026-11-22 14:05`.
fn moment(at: Timestamp) -> String {
    let (date, minutes) = (at.0 / 86_400_000, at.0 / 60_000 % 1_440);
    let (year, month, day) = civil(date);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", minutes / 60, minutes % 60)
}

/// The date of a day counted from 1970-01-01 in the Gregorian calendar. The method is Howard Hinnant's
/// `civil_from_days`.
fn civil(day: u64) -> (u64, u64, u64) {
    let shifted = day + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

fn xlsx(table: &Table, now: Timestamp) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_timestamp((now.0 / 1_000) as i64)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let (bold, time) = (Format::new().set_bold(), Format::new().set_num_format("yyyy-mm-dd hh:mm"));
    let sheet = workbook.add_worksheet();
    sheet.set_name(sheet_name(&table.title))?;
    for (at, column) in table.columns.iter().enumerate() {
        sheet.write_string_with_format(0, at as u16, column, &bold)?;
    }
    for (row, values) in table.rows.iter().enumerate() {
        let row = u32::try_from(row + 1).unwrap_or(u32::MAX);
        for (at, value) in values.iter().enumerate() {
            let at = at as u16;
            match value {
                Value::Text(text) => sheet.write_string(row, at, fitting(text))?,
                Value::Number(number) => sheet.write_number(row, at, *number as f64)?,
                Value::Time(moment) => {
                    let moment = ExcelDateTime::from_timestamp((moment.0 / 1_000) as i64)?;
                    sheet.write_datetime_with_format(row, at, moment, &time)?
                }
            };
        }
    }
    if let (Some(last), true) = (table.columns.len().checked_sub(1), !table.rows.is_empty()) {
        sheet.autofilter(0, 0, table.rows.len() as u32, last as u16)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_autofit_max_width(MAX_WIDTH_PIXELS);
    sheet.autofit();
    workbook.save_to_buffer()
}

/// A name that Excel takes.
fn sheet_name(title: &str) -> String {
    let allowed = title.chars().filter(|letter| !"[]:*?/\\'".contains(*letter));
    let name: String = allowed.take(MAX_SHEET_NAME).collect();
    if name.trim().is_empty() { "1".to_owned() } else { name }
}

fn fitting(text: &str) -> String {
    let mut left = MAX_CELL;
    let fits = |letter: &char| {
        let units = letter.len_utf16();
        let fits = units <= left;
        left = if fits { left - units } else { 0 };
        fits
    };
    text.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet;

    fn table() -> Table {
        Table {
            title: "问题 [1/2]".into(),
            columns: vec!["时间".into(), "看到什么".into(), "走访".into()],
            rows: vec![
                vec![
                    Value::Time(Timestamp(1_795_356_300_000)),
                    Value::Text("无人应答,\"等\"\n十分钟".into()),
                    Value::Number(3),
                ],
                vec![Value::Time(Timestamp(0)), Value::Text("=HYPERLINK(1)".into()), Value::Number(-1)],
            ],
        }
    }

    #[test]
    fn csv_begins_with_the_mark_quotes_what_it_must_and_runs_nothing() {
        let bytes = write(&table(), Form::Csv, Timestamp(0)).expect("written");
        let text = String::from_utf8(bytes).expect("UTF-8");
        let wanted = "\u{feff}时间,看到什么,走访\r\n\
                      2026-11-22 14:05,\"无人应答,\"\"等\"\"\n十分钟\",3\r\n\
                      1970-01-01 00:00,'=HYPERLINK(1),-1\r\n";
        assert_eq!(text, wanted);
    }

    #[test]
    fn a_workbook_is_one_that_this_program_reads() {
        let text = |text: &str| Value::Text(text.into());
        let table = Table {
            title: "单位 [1/2]".into(),
            columns: vec!["单位代码".into(), "单位名称".into(), "走访".into()],
            rows: vec![
                vec![
                    Value::Number(410_305),
                    text("市行政服务中心"),
                    Value::Time(Timestamp(1_795_356_300_000)),
                ],
                vec![Value::Number(410_306), text("=1+1"), Value::Number(2)],
            ],
        };
        let bytes = write(&table, Form::Xlsx, Timestamp(0)).expect("written");
        let rows = sheet::read(&bytes, "units.xlsx").expect("a workbook").rows;
        let read: Vec<_> = rows.iter().map(|row| (row.code.as_str(), row.name.as_str())).collect();
        assert_eq!(read, [("410305", "市行政服务中心"), ("410306", "=1+1")]);
    }

    #[test]
    fn too_long_a_text_is_cut_and_not_refused() {
        let rows = vec![vec![Value::Text("𠮷".repeat(20_000))]];
        let table = Table { title: String::new(), columns: vec!["a".into()], rows };
        assert!(write(&table, Form::Xlsx, Timestamp(0)).is_ok());
        assert_eq!(fitting(&"𠮷".repeat(20_000)).encode_utf16().count(), 32_766);
    }

    #[test]
    fn days_become_dates() {
        for (day, date) in [(0, (1970, 1, 1)), (11_016, (2000, 2, 29)), (20_779, (2026, 11, 22))] {
            assert_eq!(civil(day), date);
        }
    }
}
