//! How much of anything a person may enter. What others entered is read whatever its size.

use crate::document::DocumentError;
use crate::problem::Problem;

/// Notes, and what was seen, in UTF-16 units.
pub const MAX_TEXT: u32 = 20_000;
/// How many texts are given at once.
pub const MAX_TEXTS: u32 = 200;
/// Any other field, in characters.
pub const MAX_LINE: u32 = 500;
/// An answer to a question, in characters.
pub const MAX_ANSWER: u32 = 4_000;
/// Findings of a visit.
pub const MAX_FINDINGS: u32 = 200;
/// Questions of a checklist.
pub const MAX_QUESTIONS: u32 = 200;
/// Choices of a question.
pub const MAX_CHOICES: u32 = 30;
/// Findings cited at once.
pub const MAX_CITATIONS: u32 = 200;
/// Units of an assignment.
pub const MAX_ASSIGNED_UNITS: u32 = 500;
/// Earlier findings that an assignment has examined again.
pub const MAX_REEXAMINED: u32 = 100;
/// Units shown on a map.
pub const MAX_MAP_UNITS: usize = 5_000;
/// Areas listed.
pub const MAX_AREAS: usize = 2_000;
/// Findings decided on in one batch.
pub const MAX_REVIEWED: u32 = 2_000;
/// Proposals shown for a finding.
pub const MAX_PROPOSALS: usize = 20;
/// Visits compared for agreement.
pub const MAX_COMPARED: usize = 24;
/// Units that figures name.
pub const MAX_UNITS_IN_FIGURES: usize = 30;
/// Events of a unit that are shown.
pub const MAX_UNIT_EVENTS: usize = 500;

/// Checks a text.
pub(crate) fn text(text: &str) -> Result<(), Problem> {
    let fits = text.encode_utf16().nth(MAX_TEXT as usize).is_none();
    if fits { Ok(()) } else { Err(Problem::TooLong { limit: MAX_TEXT }) }
}

/// Checks a field.
pub(crate) fn line(line: &str) -> Result<(), Problem> {
    characters(line, MAX_LINE)
}

/// Checks an answer.
pub(crate) fn answer(answer: &str) -> Result<(), Problem> {
    characters(answer, MAX_ANSWER)
}

fn characters(text: &str, limit: u32) -> Result<(), Problem> {
    let fits = text.chars().nth(limit as usize).is_none();
    if fits { Ok(()) } else { Err(Problem::TooLong { limit }) }
}

/// Checks a field that must not be empty.
pub(crate) fn name(name: &str) -> Result<(), Problem> {
    if name.trim().is_empty() { Err(Problem::Empty) } else { line(name) }
}

/// Checks how many.
pub(crate) fn many(count: usize, limit: u32) -> Result<(), Problem> {
    if count > limit as usize { Err(Problem::TooMany { limit }) } else { Ok(()) }
}

/// What a person is told when a document does not take an edit.
pub(crate) fn refused(error: DocumentError) -> Problem {
    match error {
        DocumentError::TooLarge { limit } => Problem::TooMany { limit: limit as u32 },
        DocumentError::Malformed | DocumentError::Refused => Problem::StoreDamaged,
    }
}
