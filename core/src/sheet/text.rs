//! Text files: values with commas, semicolons or tabs between them, in the encodings that offices use.

use super::rows::Rows;
use super::{MAX_CELLS, MAX_COLUMNS, Mapping, Scan};
use crate::problem::{Problem, SheetLimit};
use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, GB18030, UTF_8};
use std::borrow::Cow;

/// What may stand between values.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// How many lines are looked at to find out which it is.
const SAMPLE_LINES: usize = 20;

/// Goes through a text file.
pub(super) fn scan(bytes: &[u8], mapping: Option<&Mapping>) -> Result<Scan, Problem> {
    let text = decode(bytes).ok_or(Problem::SheetUnreadable)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut rows = Rows::new(mapping);
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let mut record = StringRecord::new();
    let mut cells = 0;
    while reader.read_record(&mut record).map_err(|_| Problem::SheetUnreadable)? {
        cells += record.len() as u64;
        if cells > MAX_CELLS {
            return Err(Problem::SheetTooLarge { limit: SheetLimit::Cells(MAX_CELLS) });
        }
        lines.go_to(record.position().map_or(0, |position| position.byte() as usize));
        let values = record.iter().take(MAX_COLUMNS).map(str::to_owned).collect();
        rows.push(lines.line, values)?;
    }
    Ok(Scan { sheet: 0, rows })
}

/// Counts lines, whatever ends them.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// Goes on to where a record begins, or to the line ends that the reader left before it.
    fn go_to(&mut self, start: usize) {
        while let Some(&byte) = self.text.get(self.at) {
            let is_end = matches!(byte, b'\r' | b'\n');
            if self.at >= start && !is_end {
                break;
            }
            let is_half = byte == b'\r' && self.text.get(self.at + 1) == Some(&b'\n');
            self.line = self.line.saturating_add(u32::from(is_end && !is_half));
            self.at += 1;
        }
    }
}

/// The text of a file, if it is text.
fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let (encoding, mark) = Encoding::for_bom(bytes)
        .unwrap_or_else(|| if core::str::from_utf8(bytes).is_ok() { (UTF_8, 0) } else { (GB18030, 0) });
    let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..])?;
    let foreign =
        |c: char| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\x0b' | '\x0c' | '\r' | '\x1a');
    (!text.contains(foreign)).then_some(text)
}

/// The delimiter that occurs most outside quotes in the first lines; a comma where none does.
fn delimiter(text: &str) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for c in text.lines().take(SAMPLE_LINES).flat_map(str::chars) {
        quoted ^= c == '"';
        if let Some(which) = DELIMITERS.iter().position(|&it| it == c && !quoted) {
            counts[which] += 1;
        }
    }
    let most = (0..DELIMITERS.len()).rev().max_by_key(|&which| counts[which]).unwrap_or_default();
    DELIMITERS[most] as u8
}
