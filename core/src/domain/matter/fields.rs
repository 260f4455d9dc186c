//! What a matter says where its findings differ: all they say stays visible, whatever is settled.

use super::{MatterFact, state};
use crate::document::Document;
use crate::domain::fact::{Stated, latest};
use crate::domain::finding::FindingField;
use crate::domain::{Context, MatterSummary, Severity, Stamp, limits};
use crate::problem::Problem;
use crate::sorted::SortedMap;
use crate::view::{CitationView, CitedValue, FindingView, MatterFieldView, SettledView};
use serde::{Deserialize, Serialize};

/// What a matter says of a finding's fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MatterField {
    /// Category code.
    Category,
    /// Severity code.
    Severity,
    /// Which window or place.
    Place,
}

impl MatterField {
    /// All fields.
    pub const ALL: [Self; 3] = [Self::Category, Self::Severity, Self::Place];

    /// The code in documents.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Category => FindingField::Category.key(),
            Self::Severity => FindingField::Severity.key(),
            Self::Place => FindingField::Place.key(),
        }
    }

    /// The field with a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }

    fn of(self, finding: &FindingView) -> &str {
        match self {
            Self::Category => &finding.category.value,
            Self::Severity => &finding.severity.value,
            Self::Place => &finding.place.value,
        }
    }

    /// Whether a value can be said in it.
    fn takes(self, value: &str) -> bool {
        self != Self::Severity || Severity::from_code(value).is_some()
    }
}

/// A choice for a field.
#[derive(Clone, Copy, Debug)]
pub struct Settling<'a> {
    /// Which field.
    pub field: MatterField,
    /// What is chosen.
    pub chosen: &'a str,
    /// What is not.
    pub over: &'a [String],
    /// Why.
    pub reason: &'a str,
}

/// Settles what a matter says in a field.
///
/// # Errors
///
/// [`Problem`] for a value that the field does not take, or beyond [`limits`].
pub fn settle(document: &mut Document, stamp: Stamp, settling: Settling<'_>) -> Result<(), Problem> {
    let Settling { field, chosen, over, reason } = settling;
    if !field.takes(chosen) {
        return Err(Problem::Empty);
    }
    limits::line(reason)?;
    limits::many(over.len(), limits::MAX_CITATIONS)?;
    over.iter().map(String::as_str).chain([chosen]).try_for_each(limits::line)?;
    let fact = MatterFact::Settled {
        field: field.code().to_owned(),
        chosen: chosen.to_owned(),
        over: over.to_vec(),
        reason: reason.to_owned(),
    };
    state(document, stamp, &fact)
}

/// The choices for a field that nobody overtook.
fn settlings<'a>(
    document: &Document,
    facts: &'a [Stated<MatterFact>],
    wanted: MatterField,
) -> Vec<(&'a Stated<MatterFact>, Settling<'a>)> {
    latest(document, facts, |fact| match fact {
        MatterFact::Settled { field, chosen, over, reason }
            if MatterField::from_code(field) == Some(wanted) && wanted.takes(chosen) =>
        {
            Some(Settling { field: wanted, chosen, over, reason })
        }
        _ => None,
    })
}

/// What was settled for a field; of concurrent choices the last in the order of facts, the same everywhere.
pub(super) fn settled<'a>(
    document: &Document,
    facts: &'a [Stated<MatterFact>],
    field: MatterField,
) -> Option<&'a str> {
    settlings(document, facts, field).pop().map(|(_, settling)| settling.chosen)
}

/// All fields, with what the cited findings say.
pub(super) fn fields(
    document: &Document,
    facts: &[Stated<MatterFact>],
    summary: &MatterSummary,
    citations: &[CitationView],
    context: &Context<'_>,
) -> Vec<MatterFieldView> {
    let view = |field: MatterField| {
        let mut values: SortedMap<&str, Vec<_>> = SortedMap::new();
        for citation in citations {
            if let Some(finding) = &citation.finding {
                values.entry(field.of(finding)).or_default().push((citation.visit, finding.finding));
            }
        }
        let settled = settlings(document, facts, field).into_iter();
        MatterFieldView {
            field,
            value: match field {
                MatterField::Category => summary.category.clone(),
                MatterField::Severity => summary.severity.code().to_owned(),
                MatterField::Place => summary.place.clone(),
            },
            cited: values
                .into_iter()
                .map(|(value, findings)| CitedValue { value: value.to_owned(), findings })
                .collect(),
            settled: settled
                .map(|(fact, settling)| SettledView {
                    chosen: settling.chosen.to_owned(),
                    over: settling.over.to_vec(),
                    reason: settling.reason.to_owned(),
                    by: fact.member(),
                    name: context.name(fact.member()),
                    at: fact.at,
                })
                .collect(),
        }
    };
    MatterField::ALL.into_iter().map(view).collect()
}
