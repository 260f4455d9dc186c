//! Matters 督办事项: what supervisors make of findings.

mod fields;

use crate::cbor::{decode_in_order, decode_variants};
use crate::document::{Document, Version};
use crate::domain::fact::{FactCode, Stated, Statement, latest, stated, timeline};
use crate::domain::summary::MatterSummary;
use crate::domain::{Context, People, Role, Severity, Stamp, limits};
use crate::ids::{DocumentId, ItemId, SpaceId};
use crate::problem::Problem;
use crate::sorted::SortedSet;
use crate::time::Timestamp;
use crate::view::{CitationView, FindingView, Heads, MatterRow, MatterView, ReviewView, Since, VisitView};
use minicbor::Encode;
use serde::{Deserialize, Serialize};

pub use fields::{MatterField, Settling, settle};

/// A finding in exactly the version that was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Encode)]
pub struct Citation {
    /// The visit.
    #[n(0)]
    pub visit: DocumentId,
    /// Its version.
    #[n(1)]
    pub heads: Heads,
    /// The finding.
    #[n(2)]
    pub finding: ItemId,
}

decode_in_order!(Citation { visit, heads, finding });

/// What can be stated about a matter.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub enum MatterFact {
    /// It was opened.
    #[n(0)]
    Opened {
        /// What the problem is.
        #[n(0)]
        title: String,
        /// The unit's code.
        #[n(1)]
        unit: String,
        /// Category code.
        #[n(2)]
        category: String,
        /// Severity code.
        #[n(3)]
        severity: String,
        /// What it rests on.
        #[n(4)]
        citations: Vec<Citation>,
    },
    /// It rests on more findings.
    #[n(1)]
    Cited {
        /// Which.
        #[n(0)]
        citations: Vec<Citation>,
    },
    /// It no longer rests on some findings, in whatever version.
    #[n(2)]
    Taken {
        /// Which.
        #[n(0)]
        findings: Vec<TakenFinding>,
        /// Why; may be empty.
        #[n(1)]
        reason: String,
    },
    /// Where its findings differ, one value was chosen.
    #[n(3)]
    Settled {
        /// The field's code.
        #[n(0)]
        field: String,
        /// What was chosen.
        #[n(1)]
        chosen: String,
        /// What was not.
        #[n(2)]
        over: Vec<String>,
        /// Why; may be empty.
        #[n(3)]
        reason: String,
    },
}

decode_variants!(MatterFact {
    0 Opened { title, unit, category, severity, citations },
    1 Cited { citations },
    2 Taken { findings, reason },
    3 Settled { field, chosen, over, reason },
});

/// A finding, in whatever version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub struct TakenFinding {
    /// Its visit.
    #[n(0)]
    pub visit: DocumentId,
    /// Which.
    #[n(1)]
    pub finding: ItemId,
}

decode_in_order!(TakenFinding { visit, finding });

impl MatterFact {
    fn citations(&self) -> &[Citation] {
        match self {
            Self::Opened { citations, .. } | Self::Cited { citations } => citations,
            Self::Taken { .. } | Self::Settled { .. } => &[],
        }
    }
}

impl Statement for MatterFact {
    fn stated_by(&self) -> &'static [Role] {
        &[Role::Supervisor, Role::Coordinator]
    }

    fn code(&self) -> FactCode {
        match self {
            Self::Opened { .. } => FactCode::MatterOpened,
            Self::Cited { .. } => FactCode::FindingsCited,
            Self::Taken { .. } => FactCode::FindingsTaken,
            Self::Settled { .. } => FactCode::ValueSettled,
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Opened { title, .. } => title.clone(),
            Self::Cited { citations } => citations.len().to_string(),
            Self::Taken { reason, .. } => reason.clone(),
            Self::Settled { chosen, .. } => chosen.clone(),
        }
    }
}

/// What a matter is opened with.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// What the problem is.
    pub title: &'a str,
    /// The unit's code.
    pub unit: &'a str,
    /// Category code.
    pub category: &'a str,
    /// Severity.
    pub severity: Severity,
    /// The findings it rests on, in the versions read.
    pub citations: &'a [Citation],
}

/// Opens a matter in a new document.
///
/// # Errors
///
/// [`Problem`] if the title or the citations are missing or beyond [`limits`].
pub fn open(document: &mut Document, stamp: Stamp, opening: Opening<'_>) -> Result<(), Problem> {
    limits::name(opening.title)?;
    limits::line(opening.unit)?;
    limits::line(opening.category)?;
    check(opening.citations)?;
    let fact = MatterFact::Opened {
        title: opening.title.to_owned(),
        unit: opening.unit.to_owned(),
        category: opening.category.to_owned(),
        severity: opening.severity.code().to_owned(),
        citations: opening.citations.to_vec(),
    };
    state(document, stamp, &fact)
}

/// Lets a matter rest on more findings.
///
/// # Errors
///
/// [`Problem`] if there is none, or too many.
pub fn cite(document: &mut Document, stamp: Stamp, citations: &[Citation]) -> Result<(), Problem> {
    check(citations)?;
    state(document, stamp, &MatterFact::Cited { citations: citations.to_vec() })
}

/// Takes findings out of a matter again.
///
/// # Errors
///
/// [`Problem`] if there is none, or too many, or the reason is too long; [`Problem::NotHere`] for one that the matter
/// does not cite.
pub fn take(
    document: &mut Document,
    stamp: Stamp,
    findings: &[(DocumentId, ItemId)],
    reason: &str,
    people: &dyn People,
) -> Result<(), Problem> {
    limits::line(reason)?;
    if findings.is_empty() {
        return Err(Problem::Empty);
    }
    limits::many(findings.len(), limits::MAX_CITATIONS)?;
    let facts = stated(document, &document.now(), people);
    let cited = citations(document, &facts);
    let is_cited = |&(visit, finding): &(DocumentId, ItemId)| {
        cited.iter().any(|(_, citation)| (citation.visit, citation.finding) == (visit, finding))
    };
    if !findings.iter().all(is_cited) {
        return Err(Problem::NotHere);
    }
    let findings = findings.iter().map(|&(visit, finding)| TakenFinding { visit, finding }).collect();
    state(document, stamp, &MatterFact::Taken { findings, reason: reason.to_owned() })
}

fn state(document: &mut Document, stamp: Stamp, fact: &MatterFact) -> Result<(), Problem> {
    let bytes = fact.encode_fact();
    document.edit(stamp.at, |edit| edit.state(stamp.key, bytes)).map_err(limits::refused)
}

fn check(citations: &[Citation]) -> Result<(), Problem> {
    if citations.is_empty() {
        return Err(Problem::Empty);
    }
    limits::many(citations.len(), limits::MAX_CITATIONS)
}

/// The row of a matter; `None` before anybody with the right to has opened it.
#[must_use]
pub fn summary(document: &Document, space: SpaceId, people: &dyn People) -> Option<MatterSummary> {
    let facts = stated(document, &document.now(), people);
    summary_of(document, space, &facts)
}

fn summary_of(document: &Document, space: SpaceId, facts: &[Stated<MatterFact>]) -> Option<MatterSummary> {
    let (fact, (title, unit, category, severity)) = latest(document, facts, |fact| match fact {
        MatterFact::Opened { title, unit, category, severity, .. } => Some((title, unit, category, severity)),
        _ => None,
    })
    .pop()?;
    let settled = |field| fields::settled(document, facts, field);
    let category = settled(MatterField::Category).unwrap_or(category);
    let severity = settled(MatterField::Severity).unwrap_or(severity);
    let cited = citations(document, facts);
    Some(MatterSummary {
        space,
        heads: document.heads(),
        title: title.clone(),
        unit: unit.clone(),
        category: category.to_owned(),
        severity: Severity::from_code(severity).unwrap_or(Severity::Minor),
        opened: fact.at,
        opened_by: fact.member(),
        place: settled(MatterField::Place).unwrap_or_default().to_owned(),
        cited: cited.iter().map(|(fact, _)| fact.at).collect::<Vec<Timestamp>>(),
        citations: cited.into_iter().map(|(_, citation)| citation.clone()).collect(),
    })
}

/// What the matter rests on, oldest first, each with the fact that cited it first. What was taken out is cited again
/// only by who knows that, or did not know of it.
fn citations<'a>(
    document: &Document,
    facts: &'a [Stated<MatterFact>],
) -> Vec<(&'a Stated<MatterFact>, &'a Citation)> {
    let is_taken = |cited: &Stated<MatterFact>, citation: &Citation| {
        facts.iter().any(|taking| match taking.counting() {
            Some(MatterFact::Taken { findings, .. }) => {
                let taken = TakenFinding { visit: citation.visit, finding: citation.finding };
                findings.contains(&taken) && document.precedes(cited.node, taking.node)
            }
            _ => false,
        })
    };
    let mut known = SortedSet::new();
    let counting = facts.iter().filter_map(|fact| Some((fact, fact.counting()?)));
    counting
        .flat_map(|(fact, what)| what.citations().iter().map(move |citation| (fact, citation)))
        .filter(|(fact, citation)| !is_taken(fact, citation))
        .filter(|(_, citation)| known.insert(*citation))
        .collect()
}

/// A matter as it is now; `None` before anybody with the right to has opened it.
///
/// `cited` shows a visit in a version, or as it is now when given none.
#[must_use]
pub fn view(
    document: &Document,
    id: DocumentId,
    space: SpaceId,
    context: &Context<'_>,
    cited: &mut dyn FnMut(DocumentId, Option<&Heads>) -> Option<VisitView>,
) -> Option<MatterView> {
    let version: Version = document.now();
    let facts = stated(document, &version, context.people);
    let summary = summary_of(document, space, &facts)?;
    let citations: Vec<_> = citations(document, &facts)
        .into_iter()
        .map(|(fact, citation)| {
            let then = cited(citation.visit, Some(&citation.heads));
            let now = cited(citation.visit, None);
            citation_view(citation, context.name(fact.member()), then, now)
        })
        .collect();
    Some(MatterView {
        row: row(id, &summary, context),
        opened_by: context.name(summary.opened_by),
        fields: fields::fields(document, &facts, &summary, &citations, context),
        citations,
        timeline: timeline(&facts, context),
    })
}

fn citation_view(
    citation: &Citation,
    cited_by: String,
    then: Option<VisitView>,
    now: Option<VisitView>,
) -> CitationView {
    let find = |visit: Option<VisitView>| {
        let findings = visit.map(|visit| visit.findings).unwrap_or_default();
        findings.into_iter().find(|finding| finding.finding == citation.finding)
    };
    let (team_name, started) =
        then.as_ref().map(|visit| (visit.team_name.clone(), visit.started)).unwrap_or_default();
    let (finding, today) = (find(then), find(now));
    let said = |finding: &Option<FindingView>| {
        finding.clone().map(|finding| FindingView { review: ReviewView::default(), ..finding })
    };
    CitationView {
        visit: citation.visit,
        heads: citation.heads.clone(),
        since: if said(&finding) == said(&today) { Since::Unchanged } else { Since::Changed },
        finding,
        team_name,
        started,
        cited_by,
    }
}

/// A matter in a list.
#[must_use]
pub fn row(id: DocumentId, summary: &MatterSummary, context: &Context<'_>) -> MatterRow {
    MatterRow {
        matter: id,
        title: summary.title.clone(),
        unit: context.unit(&summary.unit),
        category: summary.category.clone(),
        severity: summary.severity,
        opened: summary.opened,
        citations: summary.citations.len() as u32,
        tick: context.people.tick(id, false),
    }
}
