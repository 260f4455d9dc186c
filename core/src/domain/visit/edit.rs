//! Changing a visit. Each call makes one change of the document, or none where nothing would change.

use super::VisitFact;
use super::read::{Field as Path, finding_maps, readings};
use crate::command::{FindingEdit, TextEdit, VisitEdit};
use crate::document::{Document, Handle};
use crate::domain::fact::Statement;
use crate::domain::finding::{FindingField, QUESTION, SEEN};
use crate::domain::{Mode, People, Stamp, limits};
use crate::ids::{DocumentId, ItemId};
use crate::problem::Problem;
use crate::view::Heads;

/// What a visit is begun with, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start<'a> {
    /// The mode.
    pub mode: Mode,
    /// The unit's code.
    pub unit: Option<&'a str>,
    /// The checklist.
    pub checklist: Option<ItemId>,
    /// The assignment that it is begun from.
    pub assignment: Option<DocumentId>,
}

/// Begins a visit in a new document.
///
/// # Errors
///
/// [`Problem`] if the unit's code is too long.
pub fn start(document: &mut Document, stamp: Stamp, start: Start<'_>) -> Result<(), Problem> {
    let Start { mode, unit, checklist, assignment } = start;
    limits::line(unit.unwrap_or_default())?;
    let fields = part(document, "fields")?;
    let write = document.edit(stamp.at, |edit| {
        edit.put(fields, "mode", mode.code())?;
        if let Some(unit) = unit {
            edit.put(fields, "unit", unit)?;
        }
        if let Some(checklist) = checklist {
            edit.put(fields, "checklist", &checklist.to_string())?;
        }
        edit.state(stamp.key, VisitFact::Started { assignment }.encode_fact())
    });
    write.map_err(limits::refused)
}

/// Changes a visit.
///
/// # Errors
///
/// [`Problem::TooLong`] or [`Problem::TooMany`] beyond [`limits`], [`Problem::NotHere`] for a finding or field that
/// the visit does not have.
pub fn edit(document: &mut Document, stamp: Stamp, edit: &VisitEdit) -> Result<(), Problem> {
    match edit {
        VisitEdit::Unit(unit) => set(document, stamp, "unit", unit),
        VisitEdit::Mode(mode) => set(document, stamp, "mode", mode.code()),
        VisitEdit::Checklist(checklist) => set(document, stamp, "checklist", &checklist.to_string()),
        VisitEdit::Answer { question, answer } => {
            let answer = answer.as_deref().unwrap_or_default();
            limits::answer(answer)?;
            put(document, stamp, &format!("answers/{question}"), answer)
        }
        VisitEdit::Notes(text) => {
            let notes = part(document, "notes")?;
            write_text(document, stamp, notes, text)
        }
        VisitEdit::AddFinding { finding, question } => add_finding(document, stamp, *finding, *question),
        VisitEdit::Finding { finding, field } => edit_finding(document, stamp, *finding, field),
        VisitEdit::StrikeFinding { finding } => {
            find(document, *finding)?;
            state(document, stamp, &VisitFact::Struck { finding: *finding })
        }
        VisitEdit::Choose { path, value } => choose(document, stamp, path, value),
        VisitEdit::Examine { citations, text } => super::examine::examine(document, stamp, citations, text),
    }
}

/// Submits a visit to the office.
///
/// # Errors
///
/// [`Problem::StoreDamaged`] if the document does not take the fact.
pub fn submit(document: &mut Document, stamp: Stamp) -> Result<(), Problem> {
    state(document, stamp, &VisitFact::Submitted)
}

/// Voids a mistaken visit.
///
/// # Errors
///
/// [`Problem::Empty`] or [`Problem::TooLong`] for the reason.
pub fn void(document: &mut Document, stamp: Stamp, reason: &str) -> Result<(), Problem> {
    limits::name(reason)?;
    state(document, stamp, &VisitFact::Voided { reason: reason.to_owned() })
}

/// States that a supervisor read the visit at `heads`; does nothing if a fact that counts says so already.
///
/// # Errors
///
/// [`Problem::NotHere`] if this copy does not know these heads.
pub fn saw(document: &mut Document, stamp: Stamp, heads: &Heads, people: &dyn People) -> Result<(), Problem> {
    let version = document.version(heads).ok_or(Problem::NotHere)?;
    if super::read::is_read(document, &version, people) {
        return Ok(());
    }
    state(document, stamp, &VisitFact::Seen { heads: heads.0.clone() })
}

pub(super) fn state(document: &mut Document, stamp: Stamp, fact: &VisitFact) -> Result<(), Problem> {
    let bytes = fact.encode_fact();
    document.edit(stamp.at, |edit| edit.state(stamp.key, bytes)).map_err(limits::refused)
}

fn set(document: &mut Document, stamp: Stamp, path: &str, value: &str) -> Result<(), Problem> {
    limits::line(value)?;
    put(document, stamp, path, value)
}

fn put(document: &mut Document, stamp: Stamp, path: &str, value: &str) -> Result<(), Problem> {
    let Path { map, key } = Path::at(document, path).ok_or(Problem::NotHere)?;
    let values = readings(document, map, &key, &document.now());
    if values.iter().map(|(value, _)| value.as_str()).eq([value]) || (values.is_empty() && value.is_empty()) {
        return Ok(());
    }
    document.edit(stamp.at, |edit| edit.put(map, &key, value)).map_err(limits::refused)
}

fn choose(document: &mut Document, stamp: Stamp, path: &str, value: &str) -> Result<(), Problem> {
    limits::answer(value)?;
    let Path { map, key } = Path::at(document, path).ok_or(Problem::NotHere)?;
    let values = readings(document, map, &key, &document.now());
    let over = values.into_iter().map(|(other, _)| other).filter(|other| other != value).collect();
    let fact = VisitFact::Chose { path: path.to_owned(), chosen: value.to_owned(), over };
    let write = document.edit(stamp.at, |edit| {
        edit.put(map, &key, value)?;
        edit.state(stamp.key, fact.encode_fact())
    });
    write.map_err(limits::refused)
}

fn write_text(document: &mut Document, stamp: Stamp, text: Handle, wanted: &TextEdit) -> Result<(), Problem> {
    limits::text(&wanted.text)?;
    let splice = document.splice(text, wanted);
    if splice.is_empty() {
        return Ok(());
    }
    document.edit(stamp.at, |edit| splice.apply(edit, text)).map_err(limits::refused)
}

fn add_finding(
    document: &mut Document,
    stamp: Stamp,
    finding: ItemId,
    question: Option<ItemId>,
) -> Result<(), Problem> {
    let known = finding_maps(document, &document.now());
    if known.iter().any(|&(id, _)| id == finding) {
        return Ok(());
    }
    limits::many(known.len() + 1, limits::MAX_FINDINGS)?;
    let findings = part(document, "findings")?;
    let question = question.map(|question| question.to_string());
    let strings: Vec<_> = question.iter().map(|question| (QUESTION, question.as_str())).collect();
    let write =
        document.edit(stamp.at, |edit| edit.create(findings, &finding.to_string(), &strings, &[SEEN]));
    write.map_err(limits::refused)
}

fn edit_finding(
    document: &mut Document,
    stamp: Stamp,
    finding: ItemId,
    edit: &FindingEdit,
) -> Result<(), Problem> {
    let (field, value) = match edit {
        FindingEdit::Category(code) => (FindingField::Category, code.as_str()),
        FindingEdit::Severity(severity) => (FindingField::Severity, severity.code()),
        FindingEdit::Place(place) => (FindingField::Place, place.as_str()),
        FindingEdit::Person(person) => (FindingField::Person, person.as_str()),
        FindingEdit::Rule(rule) => (FindingField::Rule, rule.as_str()),
        FindingEdit::Seen(text) => {
            let map = find(document, finding)?;
            let seen = document.child_text(map, SEEN, &document.now()).ok_or(Problem::NotHere)?;
            return write_text(document, stamp, seen, text);
        }
    };
    set(document, stamp, &format!("findings/{finding}/{}", field.key()), value)
}

fn find(document: &Document, finding: ItemId) -> Result<Handle, Problem> {
    let known = finding_maps(document, &document.now());
    known.into_iter().find(|&(id, _)| id == finding).map(|(_, map)| map).ok_or(Problem::NotHere)
}

fn part(document: &Document, name: &str) -> Result<Handle, Problem> {
    document.part(name).ok_or(Problem::NotHere)
}
