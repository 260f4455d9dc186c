//! One row of each document: all that lists, filters, counts and search need, so that documents are loaded only to
//! be opened or changed.
//!
//! ```text
//! ┌─────────┬──────────┐
//! │ version │ postcard │
//! │   1 B   │          │
//! └─────────┴──────────┘
//! ```
//!
//! Rows stay on their device: a row of another version is stale, and made anew.

use crate::document::{Document, Kind};
use crate::domain::checklist::YES_NO;
use crate::domain::finding::{FindingField, QUESTION, SEEN};
use crate::domain::visit::{self, Scalar};
use crate::domain::{
    AssignmentDraft, AssignmentState, Citation, Mode, People, ReviewState, Severity, VisitState, assignment,
    matter,
};
use crate::ids::{DocumentId, ItemId, MemberId, SpaceId};
use crate::time::Timestamp;
use crate::view::{Heads, Since};
use serde::{Deserialize, Serialize};

const VERSION: u8 = 3;
/// How many characters of a text a list shows.
pub const EXCERPT_CHARS: usize = 80;
/// How many characters of an answer are compared with other visits' answers.
pub const ANSWER_CHARS: usize = 40;

/// The row of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Summary {
    /// Of a visit.
    Visit(VisitSummary),
    /// Of a matter.
    Matter(MatterSummary),
    /// Of an assignment.
    Assignment(AssignmentSummary),
}

/// The row of a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VisitSummary {
    /// The team.
    pub space: SpaceId,
    /// The version it was made from.
    pub heads: Heads,
    /// The unit's code; empty when not chosen.
    pub unit: String,
    /// The mode.
    pub mode: Mode,
    /// When it began, by the device's clock.
    pub started: Timestamp,
    /// Where it stands.
    pub state: VisitState,
    /// How many fields hold several values.
    pub conflicts: u32,
    /// Whether a supervisor has read it as it is.
    pub seen: bool,
    /// Who wrote in it.
    pub authors: Vec<MemberId>,
    /// The notes.
    pub notes: String,
    /// The notes and the answers that are words, lower-cased, for search.
    pub text: String,
    /// The findings, oldest first.
    pub findings: Vec<FindingSummary>,
    /// The assignment that it was begun from.
    pub assignment: Option<DocumentId>,
    /// The checklist's id; empty when not chosen.
    pub checklist: String,
    /// The answers, by question; long ones shortened.
    pub answers: Vec<(ItemId, String)>,
    /// When it was submitted first.
    pub submitted: Option<Timestamp>,
    /// When a supervisor first read it.
    pub read: Option<Timestamp>,
    /// Whether it was changed since it was submitted.
    pub since_submitted: Since,
    /// The batches of decisions about its findings that were not undone.
    pub batches: Vec<ItemId>,
    /// The visits whose findings it re-examines.
    pub examines: Vec<DocumentId>,
}

impl VisitSummary {
    /// The findings that are not struck out.
    pub fn standing(&self) -> impl Iterator<Item = &FindingSummary> {
        self.findings.iter().filter(|finding| finding.struck == Struck::Not)
    }
}

/// A finding in the row of its visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingSummary {
    /// Which.
    pub finding: ItemId,
    /// Category code; empty when none.
    pub category: String,
    /// Severity.
    pub severity: Option<Severity>,
    /// Which window or place.
    pub place: String,
    /// Which person.
    pub person: String,
    /// What was seen.
    pub seen: String,
    /// Place, person, rule and what was seen, lower-cased, for search.
    pub text: String,
    /// Whether it was struck out.
    pub struck: Struck,
    /// The question that it belongs to.
    pub question: Option<ItemId>,
    /// Where it stands in review.
    pub review: ReviewState,
    /// Whether it was changed since it was decided on.
    pub since: Since,
    /// When the latest decision about it was made.
    pub reviewed: Option<Timestamp>,
}

/// Whether a finding was struck out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Struck {
    /// It was.
    Out,
    /// It stands.
    Not,
}

/// The row of a matter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatterSummary {
    /// The space it lies in.
    pub space: SpaceId,
    /// The version it was made from.
    pub heads: Heads,
    /// What the problem is.
    pub title: String,
    /// The unit's code.
    pub unit: String,
    /// Category code.
    pub category: String,
    /// Severity.
    pub severity: Severity,
    /// When it was opened, by the device's clock.
    pub opened: Timestamp,
    /// Who opened it.
    pub opened_by: Option<MemberId>,
    /// What it rests on.
    pub citations: Vec<Citation>,
    /// When each of these was cited first.
    pub cited: Vec<Timestamp>,
    /// Which window or place, when that was settled.
    pub place: String,
}

/// The row of an assignment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssignmentSummary {
    /// The team.
    pub space: SpaceId,
    /// The version it was made from.
    pub heads: Heads,
    /// What it asks; of several concurrent versions the last.
    pub content: AssignmentDraft,
    /// Where it stands.
    pub state: AssignmentState,
    /// When it was given, by the device's clock.
    pub assigned: Timestamp,
    /// Who gave it.
    pub assigned_by: Option<MemberId>,
}

impl Summary {
    /// The row as bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let row = postcard::to_extend(self, vec![VERSION]);
        row.unwrap_or_else(|error| unreachable!("a Vec takes all bytes: {error}"))
    }

    /// Reads a row; `None` if another version of the program made it, or it is damaged.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (&VERSION, rest) = bytes.split_first()? else { return None };
        match postcard::take_from_bytes(rest) {
            Ok((row, [])) => Some(row),
            _ => None,
        }
    }

    /// The version of the document that the row was made from.
    #[must_use]
    pub fn heads(&self) -> &Heads {
        match self {
            Self::Visit(visit) => &visit.heads,
            Self::Matter(matter) => &matter.heads,
            Self::Assignment(assignment) => &assignment.heads,
        }
    }

    /// The visit's row, if it is one.
    #[must_use]
    pub fn visit(&self) -> Option<&VisitSummary> {
        match self {
            Self::Visit(visit) => Some(visit),
            Self::Matter(_) | Self::Assignment(_) => None,
        }
    }

    /// The matter's row, if it is one.
    #[must_use]
    pub fn matter(&self) -> Option<&MatterSummary> {
        match self {
            Self::Matter(matter) => Some(matter),
            Self::Visit(_) | Self::Assignment(_) => None,
        }
    }

    /// The assignment's row, if it is one.
    #[must_use]
    pub fn assignment(&self) -> Option<&AssignmentSummary> {
        match self {
            Self::Assignment(assignment) => Some(assignment),
            Self::Visit(_) | Self::Matter(_) => None,
        }
    }
}

/// Makes the row of a document; `None` for kinds without rows, and for a matter or an assignment before anybody who
/// may has stated what it is.
#[must_use]
pub fn of(document: &Document, space: SpaceId, people: &dyn People) -> Option<Summary> {
    match document.kind() {
        Kind::Visit => Some(Summary::Visit(of_visit(document, space, people))),
        Kind::Matter => matter::summary(document, space, people).map(Summary::Matter),
        Kind::Assignment => assignment::summary(document, space, people).map(Summary::Assignment),
        Kind::Office | Kind::Directory => None,
    }
}

fn of_visit(document: &Document, space: SpaceId, people: &dyn People) -> VisitSummary {
    let version = document.now();
    let facts = visit::facts(document, &version, people);
    let mut conflicts = 0;
    let mut value = |scalar: Scalar| {
        conflicts += u32::from(scalar.disputed);
        scalar.value
    };
    let mut field = |part: &str, key: &str| {
        let map = document.part(part);
        map.map(|map| value(visit::scalar(document, map, key, &version))).unwrap_or_default()
    };
    let (unit, mode) = (field("fields", "unit"), field("fields", "mode"));
    let checklist = field("fields", "checklist");
    let notes = document.part("notes").map(|notes| document.text(notes, &version)).unwrap_or_default();
    let mut text = notes.to_lowercase();
    let mut answers = Vec::new();
    if let Some(map) = document.part("answers") {
        for question in document.keys(map, &version) {
            let whole = field("answers", &question);
            if !YES_NO.contains(&&whole[..]) {
                text.push('\n');
                text.push_str(&whole.to_lowercase());
            }
            let answer: String = whole.chars().take(ANSWER_CHARS).collect();
            if let Some(question) = question.parse().ok().filter(|_| !answer.is_empty()) {
                answers.push((question, answer));
            }
        }
    }
    let reviewed = visit::Reviewed::new(document, &version, &facts);
    let findings = visit::finding_maps(document, &version)
        .into_iter()
        .map(|(finding, map)| {
            let [category, severity, place, person, rule] =
                FindingField::ALL.map(|field| value(visit::scalar(document, map, field.key(), &version)));
            let seen = document.child_text(map, SEEN, &version);
            let seen = seen.map(|seen| document.text(seen, &version)).unwrap_or_default();
            let standing = reviewed.standing(finding, map);
            FindingSummary {
                finding,
                category,
                severity: Severity::from_code(&severity),
                text: format!("{place}\n{person}\n{rule}\n{seen}").to_lowercase(),
                seen,
                place,
                person,
                struck: match visit::struck(&facts, finding) {
                    Some(_) => Struck::Out,
                    None => Struck::Not,
                },
                question: visit::scalar(document, map, QUESTION, &version).value.parse().ok(),
                review: standing.state,
                since: standing.since,
                reviewed: standing.at,
            }
        })
        .collect();
    let state = visit::state(document, &facts);
    let (examines, _) = visit::examined(document, &facts);
    VisitSummary {
        assignment: visit::assignment(&facts),
        space,
        heads: document.heads(),
        unit,
        mode: Mode::from_code(&mode).unwrap_or_default(),
        started: visit::started(&facts),
        state,
        checklist,
        answers,
        submitted: visit::first_submitted(&facts),
        read: visit::first_read(&facts),
        since_submitted: visit::since_submitted(document, &version, &facts, state),
        batches: reviewed.batches(),
        examines: examines.into_iter().map(|citation| citation.visit).collect(),
        conflicts,
        seen: visit::is_read(document, &version, people),
        authors: visit::authors(document, &version, people),
        notes,
        text,
        findings,
    }
}

/// The first words of a text, on one line.
#[must_use]
pub fn excerpt(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.char_indices().nth(EXCERPT_CHARS) {
        Some((end, _)) => format!("{}…", flat[..end].trim_end()),
        None => flat,
    }
}
