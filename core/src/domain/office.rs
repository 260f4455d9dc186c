//! The office: its name, its checklists, its imported tables.

use crate::cbor::decode_variants;
use crate::document::Document;
use crate::domain::checklist::{self, Checklist, ChecklistDraft, Question};
use crate::domain::fact::{FactCode, Stated, Statement, latest, stated};
use crate::domain::{People, Role, Stamp, limits};
use crate::ids::{DatasetId, ItemId};
use crate::problem::Problem;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Timestamp;
use crate::view::{ImportState, ImportView};
use minicbor::Encode;

/// What can be stated about the office.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub enum OfficeFact {
    /// It was named.
    #[n(0)]
    Named {
        /// Its name.
        #[n(0)]
        name: String,
    },
    /// A checklist, or a new version of one.
    #[n(1)]
    ChecklistPublished {
        /// The whole of it.
        #[n(0)]
        checklist: ChecklistDraft,
    },
    /// A table was imported: all its parts are in.
    #[n(2)]
    DatasetPublished {
        /// Which.
        #[n(0)]
        dataset: DatasetId,
        /// What the person calls it.
        #[n(1)]
        name: String,
        /// How many rows.
        #[n(2)]
        rows: u32,
        /// How many parts.
        #[n(3)]
        parts: u32,
    },
    /// An import was taken back.
    #[n(3)]
    DatasetWithdrawn {
        /// Which.
        #[n(0)]
        dataset: DatasetId,
    },
}

decode_variants!(OfficeFact {
    0 Named { name },
    1 ChecklistPublished { checklist },
    2 DatasetPublished { dataset, name, rows, parts },
    3 DatasetWithdrawn { dataset },
});

impl Statement for OfficeFact {
    fn stated_by(&self) -> &'static [Role] {
        &[Role::Coordinator]
    }

    fn code(&self) -> FactCode {
        match self {
            Self::Named { .. } => FactCode::OfficeNamed,
            Self::ChecklistPublished { .. } => FactCode::ChecklistPublished,
            Self::DatasetPublished { .. } => FactCode::DatasetPublished,
            Self::DatasetWithdrawn { .. } => FactCode::DatasetWithdrawn,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Named { name } | Self::DatasetPublished { name, .. } => name.clone(),
            Self::ChecklistPublished { checklist } => checklist.title.clone(),
            Self::DatasetWithdrawn { .. } => String::new(),
        }
    }
}

/// An imported table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Which.
    pub dataset: DatasetId,
    /// What the person calls it.
    pub name: String,
    /// How many rows.
    pub rows: u32,
    /// How many parts.
    pub parts: u32,
    /// When, by the importer's clock.
    pub at: Timestamp,
    /// Whether it is in use.
    pub state: ImportState,
}

impl From<Import> for ImportView {
    fn from(import: Import) -> Self {
        let Import { dataset, name, rows, at, state, .. } = import;
        Self { dataset, name, rows, at, state }
    }
}

/// Names the office.
///
/// # Errors
///
/// [`Problem`] if the name is empty or too long.
pub fn set_name(document: &mut Document, stamp: Stamp, name: &str) -> Result<(), Problem> {
    limits::name(name)?;
    state(document, stamp, &OfficeFact::Named { name: name.to_owned() })
}

/// Publishes a checklist, or a new version of one.
///
/// # Errors
///
/// As [`checklist`] says: [`Problem`] if it has no title or no questions, or one of them cannot be asked.
pub fn publish_checklist(
    document: &mut Document,
    stamp: Stamp,
    checklist: &ChecklistDraft,
) -> Result<(), Problem> {
    checklist::check(checklist)?;
    state(document, stamp, &OfficeFact::ChecklistPublished { checklist: checklist.clone() })
}

/// Puts an imported table into use, whose parts were written before.
///
/// # Errors
///
/// [`Problem`] if the name is empty or too long.
pub fn publish_dataset(
    document: &mut Document,
    stamp: Stamp,
    dataset: DatasetId,
    name: &str,
    (rows, parts): (u32, u32),
) -> Result<(), Problem> {
    limits::name(name)?;
    state(document, stamp, &OfficeFact::DatasetPublished { dataset, name: name.to_owned(), rows, parts })
}

/// Takes an import back.
///
/// # Errors
///
/// [`Problem::StoreDamaged`] if the document does not take the fact.
pub fn withdraw_dataset(document: &mut Document, stamp: Stamp, dataset: DatasetId) -> Result<(), Problem> {
    state(document, stamp, &OfficeFact::DatasetWithdrawn { dataset })
}

fn state(document: &mut Document, stamp: Stamp, fact: &OfficeFact) -> Result<(), Problem> {
    let bytes = fact.encode_fact();
    document.edit(stamp.at, |edit| edit.state(stamp.key, bytes)).map_err(limits::refused)
}

fn facts(document: &Document, people: &dyn People) -> Vec<Stated<OfficeFact>> {
    stated(document, &document.now(), people)
}

/// The office's name.
#[must_use]
pub fn name(document: &Document, people: &dyn People) -> Option<String> {
    let facts = facts(document, people);
    let names = latest(document, &facts, |fact| match fact {
        OfficeFact::Named { name } => Some(name),
        _ => None,
    });
    names.last().map(|(_, name)| (*name).clone())
}

/// All versions of all checklists, oldest first.
#[must_use]
pub fn checklists(document: &Document, people: &dyn People) -> Vec<Checklist> {
    let mut versions: SortedMap<ItemId, u32> = SortedMap::new();
    let facts = facts(document, people);
    let published = facts.iter().filter_map(|fact| match fact.counting()? {
        OfficeFact::ChecklistPublished { checklist } => Some(checklist.clone()),
        _ => None,
    });
    published
        .map(|ChecklistDraft { id, title, questions }| {
            let version = versions.entry(id).or_default();
            *version += 1;
            let questions = questions.into_iter().map(Question::read).collect();
            Checklist { id, version: *version, title, questions }
        })
        .collect()
}

/// The imported tables, oldest first.
#[must_use]
pub fn imports(document: &Document, people: &dyn People) -> Vec<Import> {
    let facts = facts(document, people);
    let counting = || facts.iter().filter_map(|fact| Some((fact, fact.counting()?)));
    let withdrawn: SortedSet<DatasetId> = counting()
        .filter_map(|(_, fact)| match fact {
            OfficeFact::DatasetWithdrawn { dataset } => Some(*dataset),
            _ => None,
        })
        .collect();
    let mut known = SortedSet::new();
    counting()
        .filter_map(|(fact, what)| match what {
            OfficeFact::DatasetPublished { dataset, name, rows, parts } => Some(Import {
                dataset: *dataset,
                name: name.clone(),
                rows: *rows,
                parts: *parts,
                at: fact.at,
                state: match withdrawn.contains(dataset) {
                    true => ImportState::Withdrawn,
                    false => ImportState::Done,
                },
            }),
            _ => None,
        })
        .filter(|import| known.insert(import.dataset))
        .collect()
}
