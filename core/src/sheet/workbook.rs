//! Workbooks (XLSX, ECMA-376): a zip archive of XML parts, of which only the cells' values are read.

use super::rows::Rows;
use super::{MAX_CELLS, MAX_COLUMNS, MAX_INFLATED_BYTES, Mapping, Scan};
use crate::problem::{Problem, SheetLimit};
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

mod cells;
mod xml;

use cells::{Cells, shared_strings};
use xml::{Tag, Xml};

/// Goes through the visible worksheets until units are found in one, or through the one that a mapping names.
pub(super) fn scan(bytes: &[u8], mapping: Option<&Mapping>) -> Result<Scan, Problem> {
    let mut package = Package::open(bytes)?;
    let workbook = package.workbook()?;
    let strings = match &workbook.strings {
        Some(path) => shared_strings(&package.part(path)?.ok_or(Problem::SheetUnreadable)?)?,
        None => Vec::new(),
    };
    let mut other = None;
    for (sheet, path) in (0..).zip(&workbook.sheets) {
        if mapping.is_some_and(|mapping| mapping.sheet != sheet) {
            continue;
        }
        let Some(part) = package.part(path)? else { continue };
        let rows = worksheet(&part, &strings, mapping)?;
        match rows.fault() {
            None => return Ok(Scan { sheet, rows }),
            Some(Problem::SheetEmpty) => {}
            Some(_) => other = other.or(Some(Scan { sheet, rows })),
        }
    }
    other.ok_or(Problem::SheetEmpty)
}

fn worksheet(part: &str, strings: &[String], mapping: Option<&Mapping>) -> Result<Rows, Problem> {
    let mut rows = Rows::new(mapping);
    let mut cells = Cells::of(part, strings);
    while let Some((number, values)) = cells.next_row()? {
        rows.push(number, values)?;
    }
    Ok(rows)
}

/// The archive, and how much may still be inflated.
struct Package<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    budget: u64,
}

/// What the workbook's own part says.
struct Workbook {
    /// The path of the strings that cells share, if there are any.
    strings: Option<String>,
    /// The paths of worksheets that can be seen, in their order.
    sheets: Vec<String>,
}

impl<'b> Package<'b> {
    fn open(bytes: &'b [u8]) -> Result<Self, Problem> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Problem::SheetUnreadable)?;
        Ok(Self { zip, budget: MAX_INFLATED_BYTES })
    }

    /// A part's text; `None` when the archive does not have it.
    fn part(&mut self, path: &str) -> Result<Option<String>, Problem> {
        let exact = self.zip.index_for_name(path);
        let is_similar = |name: &str| name.eq_ignore_ascii_case(path);
        let similar = || self.zip.file_names().position(|name| name.is_ok_and(|name| is_similar(&name)));
        let Some(index) = exact.or_else(similar) else { return Ok(None) };
        let file = self.zip.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Problem::SheetEncrypted,
            _ => Problem::SheetUnreadable,
        })?;
        let mut text = Vec::new();
        let read = file.take(self.budget + 1).read_to_end(&mut text);
        self.budget = self
            .budget
            .checked_sub(text.len() as u64)
            .ok_or(Problem::SheetTooLarge { limit: SheetLimit::Bytes(MAX_INFLATED_BYTES) })?;
        read.map_err(|_| Problem::SheetUnreadable)?;
        String::from_utf8(text).map(Some).map_err(|_| Problem::SheetUnreadable)
    }

    /// Follows the relationships from the package to the workbook, and from there to its sheets.
    fn workbook(&mut self) -> Result<Workbook, Problem> {
        let root = self.relationships("_rels/.rels", "")?;
        let found = root.into_iter().find(|it| it.kind.ends_with("/officeDocument"));
        let path = found.ok_or(Problem::SheetUnreadable)?.target;
        let part = self.part(&path)?.ok_or(Problem::SheetUnreadable)?;
        let (folder, file) = path
            .rsplit_once('/')
            .map_or((String::new(), path.as_str()), |(folder, file)| (format!("{folder}/"), file));
        let relationships = self.relationships(&format!("{folder}_rels/{file}.rels"), &folder)?;
        let path = |id: &str| {
            let sheet = relationships.iter().find(|it| it.id == id && it.kind.ends_with("/worksheet"))?;
            Some(sheet.target.clone())
        };
        let sheets = visible_sheets(&part)?.iter().filter_map(|id| path(id)).collect();
        let strings = relationships.iter().find(|it| it.kind.ends_with("/sharedStrings"));
        Ok(Workbook { strings: strings.map(|it| it.target.clone()), sheets })
    }

    /// A part of relationships, targets resolved against a folder. None when the archive does not have it.
    fn relationships(&mut self, path: &str, folder: &str) -> Result<Vec<Relationship>, Problem> {
        let Some(part) = self.part(path)? else { return Ok(Vec::new()) };
        let mut xml = Xml::of(&part);
        let mut found = Vec::new();
        while let Some(tag) = xml.next_tag()? {
            if let Tag::Start(start) = tag
                && start.is("Relationship")
            {
                let attribute = |name| start.attribute(name).unwrap_or_default();
                let target = resolved(folder, &attribute("Target"));
                found.push(Relationship { id: attribute("Id"), kind: attribute("Type"), target });
            }
        }
        Ok(found)
    }
}

/// One part's way to another.
struct Relationship {
    id: String,
    kind: String,
    target: String,
}

/// The relationship ids of the worksheets that can be seen, in their order.
fn visible_sheets(workbook: &str) -> Result<Vec<String>, Problem> {
    let mut xml = Xml::of(workbook);
    let mut ids = Vec::new();
    while let Some(tag) = xml.next_tag()? {
        if let Tag::Start(start) = tag
            && start.is("sheet")
            && start.attribute("state").is_none_or(|state| state == "visible")
        {
            ids.extend(start.attribute("id"));
        }
    }
    Ok(ids)
}

/// A target's path in the archive: absolute, or relative to a folder.
fn resolved(folder: &str, target: &str) -> String {
    let path = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}{target}"),
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/').filter(|step| *step != ".") {
        if step == ".." {
            steps.pop();
        } else {
            steps.push(step);
        }
    }
    steps.join("/")
}
