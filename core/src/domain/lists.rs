//! Lists, filters and search over the rows of all documents. No document is opened for them.

mod search;

use crate::domain::summary::{FindingSummary, excerpt};
use crate::domain::visit::cited_by;
use crate::domain::{
    Context, MatterSummary, ReviewState, Summary, VisitState, VisitSummary, limits, matter, taxonomy,
};
use crate::ids::{DocumentId, ItemId};
use crate::sorted::SortedSet;
use crate::time::Timestamp;
use crate::view::{
    Direction, FindingFilter, FindingPlace, FindingRow, MatterFilter, MatterRow, Merged, Order, Rows,
    SortKey, Stage, VisitFilter, VisitRow, Window,
};
use core::cmp::{Ordering, Reverse};

pub(super) use search::Search;

/// A finding with the row of its visit.
#[derive(Clone, Copy)]
pub struct Found<'a> {
    /// Its visit.
    pub id: DocumentId,
    /// The visit's row.
    pub visit: &'a VisitSummary,
    /// The finding.
    pub finding: &'a FindingSummary,
}

/// Visits, in the filter's order.
#[must_use]
pub fn visits(filter: &VisitFilter, window: Window, context: &Context<'_>) -> Rows<VisitRow> {
    let matching = matching_visits(filter, context).into_iter();
    let mut places: Vec<_> = matching
        .map(|(id, visit)| {
            let gravest = visit.standing().max_by_key(|finding| finding.severity);
            let (category, severity) =
                gravest.map_or(("", None), |finding| (finding.category.as_str(), finding.severity));
            let severity = severity.map_or(0, |severity| severity as u64 + 1);
            let key = match filter.order.key {
                SortKey::Time => Key::Number(visit.started.0),
                SortKey::Unit => Key::Text(&visit.unit),
                SortKey::Category => Key::Text(category),
                SortKey::Severity => Key::Number(severity),
                SortKey::State => Key::Number(visit.state as u64),
            };
            (Place { key, at: visit.started, id, position: 0 }, visit)
        })
        .collect();
    places.sort_by(|(a, _), (b, _)| a.compare(b, filter.order));
    rows(&places, window, |(place, visit)| visit_row(place.id, visit, context))
}

/// The visits that a filter lets through, by id.
pub(super) fn matching_visits<'a>(
    filter: &VisitFilter,
    context: &'a Context<'a>,
) -> Vec<(DocumentId, &'a VisitSummary)> {
    let mut search = Search::new(filter, context);
    all_visits(context)
        .filter(|(_, visit)| search.fits(visit) && (search.finds(visit) || search.finds_any(&visit.findings)))
        .collect()
}

/// Findings of submitted visits, in the order of the filter of visits. Struck ones are not listed but when asked for.
#[must_use]
pub fn findings(filter: &FindingFilter, window: Window, context: &Context<'_>) -> Rows<FindingRow> {
    rows(&matching_findings(filter, context), window, |found| finding_row(found, context))
}

/// Where a finding stands in a list of findings.
#[must_use]
pub fn place(
    filter: &FindingFilter,
    (visit, finding): (DocumentId, ItemId),
    context: &Context<'_>,
) -> FindingPlace {
    let all = matching_findings(filter, context);
    let name = |found: &Found<'_>| (found.id, found.finding.finding);
    let position = all.iter().position(|found| name(found) == (visit, finding));
    let beside = |at: Option<usize>| at.and_then(|at| all.get(at)).map(name);
    FindingPlace {
        total: all.len() as u32,
        position: position.map(|at| at as u32),
        previous: beside(position.and_then(|at| at.checked_sub(1))),
        next: beside(position.map(|at| at + 1)),
    }
}

/// The findings that a filter lets through, in its order: the one truth for lists, counts and batches.
#[must_use]
pub fn matching_findings<'a>(filter: &FindingFilter, context: &'a Context<'a>) -> Vec<Found<'a>> {
    let submitted = VisitFilter { stage: Stage::Submitted, ..filter.visit.clone() };
    let mut search = Search::new(&submitted, context);
    let merged = if filter.merged == Merged::Any { SortedSet::new() } else { all_cited(context) };
    let order = filter.visit.order;
    let mut places = Vec::new();
    for (id, visit) in all_visits(context) {
        if !search.fits(visit) {
            continue;
        }
        let found = search.finds(visit);
        for (position, finding) in visit.findings.iter().enumerate() {
            let is_merged = || merged.contains(&(id, finding.finding));
            let wanted = finding_fits(filter, finding)
                && (filter.merged == Merged::Any || (filter.merged == Merged::Yes) == is_merged())
                && (found || search.finds_in(finding));
            if wanted {
                let key = match order.key {
                    SortKey::Time => Key::Number(visit.started.0),
                    SortKey::Unit => Key::Text(&visit.unit),
                    SortKey::Category => Key::Text(&finding.category),
                    SortKey::Severity => Key::Number(finding.severity.map_or(0, |one| one as u64 + 1)),
                    SortKey::State => Key::Number(finding.review as u64),
                };
                let place = Place { key, at: visit.started, id, position };
                places.push((place, Found { id, visit, finding }));
            }
        }
    }
    places.sort_by(|(a, _), (b, _)| a.compare(b, order));
    places.into_iter().map(|(_, found)| found).collect()
}

/// Matters, in the filter's order.
#[must_use]
pub fn matters(filter: &MatterFilter, window: Window, context: &Context<'_>) -> Rows<MatterRow> {
    let visits = VisitFilter { text: filter.text.clone(), ..VisitFilter::default() };
    let mut search = Search::new(&visits, context);
    let mut places: Vec<_> = all_matters(context)
        .filter(|(_, matter)| {
            let (category, unit) = (filter.category.as_deref(), filter.unit.as_deref());
            category.is_none_or(|wanted| taxonomy::is_within(&matter.category, wanted))
                && filter.severity.is_none_or(|least| matter.severity >= least)
                && unit.is_none_or(|unit| search.lies_in(&matter.unit, unit))
                && search.finds_matter(matter)
        })
        .map(|(id, matter)| {
            let key = match filter.order.key {
                SortKey::Time => Key::Number(matter.opened.0),
                SortKey::Unit => Key::Text(&matter.unit),
                SortKey::Category => Key::Text(&matter.category),
                SortKey::Severity => Key::Number(matter.severity as u64),
                SortKey::State => Key::Number(0),
            };
            (Place { key, at: matter.opened, id, position: 0 }, matter)
        })
        .collect();
    places.sort_by(|(a, _), (b, _)| a.compare(b, filter.order));
    rows(&places, window, |(place, summary)| matter::row(place.id, summary, context))
}

/// All submitted visits at a unit, oldest first.
#[must_use]
pub fn visits_of_unit(code: &str, context: &Context<'_>) -> Vec<DocumentId> {
    let mut visits: Vec<_> =
        all_visits(context).filter(|(_, visit)| visit.unit == code && is_submitted(visit)).collect();
    visits.sort_by_key(|&(id, visit)| (visit.started, id));
    visits.into_iter().map(|(id, _)| id).collect()
}

pub(super) fn all_visits<'a>(
    context: &Context<'a>,
) -> impl Iterator<Item = (DocumentId, &'a VisitSummary)> + use<'a> {
    context.summaries.iter().filter_map(|(&id, row)| Some((id, row.visit()?)))
}

pub(super) fn all_matters<'a>(
    context: &Context<'a>,
) -> impl Iterator<Item = (DocumentId, &'a MatterSummary)> + use<'a> {
    context.summaries.iter().filter_map(|(&id, row)| Some((id, row.matter()?)))
}

/// Every finding that a matter cites.
fn all_cited(context: &Context<'_>) -> SortedSet<(DocumentId, ItemId)> {
    let cited = all_matters(context).flat_map(|(_, matter)| &matter.citations);
    let mut cited: Vec<_> = cited.map(|citation| (citation.visit, citation.finding)).collect();
    cited.sort_unstable();
    cited.into_iter().collect()
}

/// Whether the office is to look at a visit: a disputed one too, since a person must settle it.
pub(super) fn is_submitted(visit: &VisitSummary) -> bool {
    matches!(visit.state, VisitState::Submitted | VisitState::Disputed)
}

pub(super) fn rows<T, R>(matching: &[T], window: Window, row: impl FnMut(&T) -> R) -> Rows<R> {
    let first = (window.first as usize).min(matching.len());
    let count = (window.count as usize).min(matching.len() - first);
    Rows {
        total: matching.len() as u32,
        first: window.first,
        rows: matching[first..first + count].iter().map(row).collect(),
    }
}

fn finding_fits(filter: &FindingFilter, finding: &FindingSummary) -> bool {
    let category = filter.category.as_deref();
    let stands = match filter.review {
        None => finding.review != ReviewState::Struck,
        Some(state) => finding.review == state,
    };
    stands
        && category.is_none_or(|category| taxonomy::is_within(&finding.category, category))
        && filter.severity.is_none_or(|least| finding.severity >= Some(least))
}

/// What a list is sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Number(u64),
    Text(&'a str),
}

/// Where something belongs in a list.
struct Place<'a> {
    key: Key<'a>,
    at: Timestamp,
    id: DocumentId,
    position: usize,
}

impl Place<'_> {
    fn compare(&self, other: &Self, order: Order) -> Ordering {
        let by_key = self.key.cmp(&other.key);
        let by_key = if order.direction == Direction::Ascending { by_key } else { by_key.reverse() };
        let rest = |place: &Self| (Reverse(place.at), place.id, place.position);
        by_key.then_with(|| rest(self).cmp(&rest(other)))
    }
}

/// The notes of visits, and what was seen of findings, in full; empty for what is not here.
#[must_use]
pub fn texts(asked: &[(DocumentId, Option<ItemId>)], context: &Context<'_>) -> Vec<String> {
    let text = |(id, finding): &(DocumentId, Option<ItemId>)| {
        let visit = context.summaries.get(id).and_then(Summary::visit)?;
        Some(match finding {
            None => visit.notes.clone(),
            Some(finding) => visit.findings.iter().find(|one| one.finding == *finding)?.seen.clone(),
        })
    };
    asked.iter().take(limits::MAX_TEXTS as usize).map(|one| text(one).unwrap_or_default()).collect()
}

/// A visit in a list.
pub(super) fn visit_row(id: DocumentId, visit: &VisitSummary, context: &Context<'_>) -> VisitRow {
    let waiting = visit.standing().filter(|finding| finding.review == ReviewState::Waiting);
    VisitRow {
        visit: id,
        team: visit.space,
        team_name: context.team_name(visit.space),
        unit: context.unit(&visit.unit),
        mode: visit.mode,
        started: visit.started,
        state: visit.state,
        findings: visit.standing().count() as u32,
        gravest: visit.standing().filter_map(|finding| finding.severity).max(),
        conflicts: visit.conflicts,
        tick: context.people.tick(id, visit.seen),
        excerpt: excerpt(&visit.notes),
        assignment: visit.assignment,
        since_submitted: visit.since_submitted,
        waiting: waiting.count() as u32,
    }
}

/// A finding in a list.
pub(super) fn finding_row(found: &Found<'_>, context: &Context<'_>) -> FindingRow {
    let Found { id, visit, finding } = *found;
    FindingRow {
        visit: id,
        heads: visit.heads.clone(),
        finding: finding.finding,
        team_name: context.team_name(visit.space),
        unit: context.unit(&visit.unit),
        started: visit.started,
        category: finding.category.clone(),
        severity: finding.severity,
        place: finding.place.clone(),
        person: finding.person.clone(),
        excerpt: excerpt(&finding.seen),
        matters: cited_by(context, id, finding.finding),
        question: finding.question,
        authors: visit.authors.iter().map(|&member| (member, context.name(Some(member)))).collect(),
        review: finding.review,
        since: finding.since,
    }
}
