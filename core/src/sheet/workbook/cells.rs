//! A worksheet's cells, row by row.

use super::xml::{Start, Tag, Xml};
use super::{MAX_CELLS, MAX_COLUMNS};
use crate::problem::{Problem, SheetLimit};

/// The rows of a worksheet's part.
pub(super) struct Cells<'t> {
    xml: Xml<'t>,
    strings: &'t [String],
    /// The number of the row that was read last.
    row: u32,
    /// How many cells there were.
    count: u64,
}

/// What a cell's value is written as.
enum Kind {
    /// A number.
    Number,
    /// A position among the shared strings.
    Shared,
    /// The text itself.
    Text,
    /// An error such as `#REF!`: no value.
    Error,
}

impl<'t> Cells<'t> {
    pub fn of(part: &'t str, strings: &'t [String]) -> Self {
        Self { xml: Xml::of(part), strings, row: 0, count: 0 }
    }

    /// The next row's number, counted from 1, and its values from the first column on.
    pub fn next_row(&mut self) -> Result<Option<(u32, Vec<String>)>, Problem> {
        while let Some(tag) = self.xml.next_tag()? {
            match tag {
                Tag::Start(start) if start.is("row") => {
                    let number = start.attribute("r").and_then(|number| number.parse().ok());
                    self.row = number.unwrap_or_else(|| self.row.saturating_add(1));
                    return Ok(Some((self.row, self.values()?)));
                }
                Tag::End(name) if name == "sheetData" => return Ok(None),
                Tag::Start(_) | Tag::End(_) | Tag::Text(_) => {}
            }
        }
        Ok(None)
    }

    /// The values up to the end of the row.
    fn values(&mut self) -> Result<Vec<String>, Problem> {
        let mut values: Vec<String> = Vec::new();
        let mut next = 0;
        while let Some(tag) = self.xml.next_tag()? {
            match tag {
                Tag::Start(start) if start.is("c") => {
                    self.count += 1;
                    if self.count > MAX_CELLS {
                        return Err(Problem::SheetTooLarge { limit: SheetLimit::Cells(MAX_CELLS) });
                    }
                    let column = start.attribute("r").and_then(|place| column(&place)).unwrap_or(next);
                    next = column.saturating_add(1);
                    let value = self.value(&start)?;
                    if column < MAX_COLUMNS && !value.is_empty() {
                        values.resize(values.len().max(next), String::new());
                        values[column] = value;
                    }
                }
                Tag::End(name) if name == "row" => return Ok(values),
                Tag::Start(_) | Tag::End(_) | Tag::Text(_) => {}
            }
        }
        Err(Problem::SheetUnreadable)
    }

    /// The value up to the end of the cell.
    fn value(&mut self, cell: &Start<'_>) -> Result<String, Problem> {
        let kind = Kind::of(cell);
        let text = text_of(&mut self.xml, "c", &["v", "t"])?;
        Ok(match kind {
            Kind::Error => String::new(),
            Kind::Text => unescaped(text),
            Kind::Number => number(text.trim()),
            Kind::Shared if text.trim().is_empty() => String::new(),
            Kind::Shared => {
                let position = text.trim().parse::<usize>().ok();
                position.and_then(|at| self.strings.get(at)).ok_or(Problem::SheetUnreadable)?.clone()
            }
        })
    }
}

impl Kind {
    fn of(cell: &Start<'_>) -> Self {
        match cell.attribute("t").as_deref() {
            None | Some("n") => Self::Number,
            Some("s") => Self::Shared,
            Some("e") => Self::Error,
            Some(_) => Self::Text,
        }
    }
}

/// The strings that cells name by position.
pub(super) fn shared_strings(part: &str) -> Result<Vec<String>, Problem> {
    let mut xml = Xml::of(part);
    let mut strings = Vec::new();
    while let Some(tag) = xml.next_tag()? {
        if let Tag::Start(start) = tag
            && start.is("si")
        {
            if strings.len() as u64 >= MAX_CELLS {
                return Err(Problem::SheetTooLarge { limit: SheetLimit::Cells(MAX_CELLS) });
            }
            strings.push(unescaped(text_of(&mut xml, "si", &["t"])?));
        }
    }
    Ok(strings)
}

/// The text inside some elements up to the end of the element `end`, without hints on pronunciation.
fn text_of(xml: &mut Xml<'_>, end: &str, inside: &[&str]) -> Result<String, Problem> {
    let mut text = String::new();
    let mut open: Vec<String> = Vec::new();
    while let Some(tag) = xml.next_tag()? {
        match tag {
            Tag::Start(start) => open.push(start.name()),
            Tag::Text(piece) => {
                let wanted = open.last().is_some_and(|name| inside.contains(&name.as_str()));
                if wanted && !open.iter().any(|name| name == "rPh") {
                    text.push_str(&piece);
                }
            }
            Tag::End(_) if !open.is_empty() => {
                open.pop();
            }
            Tag::End(name) if name == end => return Ok(text),
            Tag::End(_) => return Err(Problem::SheetUnreadable),
        }
    }
    Err(Problem::SheetUnreadable)
}

/// The column of a place such as `AB12`, from 0.
fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let column = letters.fold(0_usize, |column, letter| {
        let digit = usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        column.saturating_mul(26).saturating_add(digit)
    });
    column.checked_sub(1)
}

/// A number as a code: whole numbers without a fraction or exponent.
fn number(text: &str) -> String {
    /// Up to here a number has all its digits.
    const WHOLE: f64 = 1e15;
    match text.parse::<f64>() {
        Ok(value) if text.contains(['.', 'e', 'E']) && value.abs() < WHOLE => value.to_string(),
        Ok(value) if value.fract() == 0.0 && text.contains(['.', 'e', 'E']) => format!("{value:.0}"),
        Ok(_) | Err(_) => text.to_owned(),
    }
}

/// Text without the escapes of line ends that Excel writes.
fn unescaped(text: String) -> String {
    if text.contains("_x00") { text.replace("_x000D_", " ").replace("_x000A_", " ") } else { text }
}
