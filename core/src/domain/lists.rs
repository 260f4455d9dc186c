//! Lists, filters and search over the rows of all documents. No document is opened for them.

use crate::domain::summary::{FindingSummary, Struck};
use crate::domain::visit::cited_by;
use crate::domain::{Context, VisitState, VisitSummary, matter, taxonomy};
use crate::ids::{DocumentId, MemberId};
use crate::sorted::SortedMap;
use crate::view::{FindingFilter, FindingRow, MatterRow, Rows, Stage, VisitFilter, VisitRow, Window};
use core::cmp::Reverse;

/// Visits, newest first.
#[must_use]
pub fn visits(filter: &VisitFilter, window: Window, context: &Context<'_>) -> Rows<VisitRow> {
    let mut search = Search::new(filter, context);
    let mut matching: Vec<_> = all_visits(context)
        .filter(|(_, visit)| search.fits(visit) && (search.finds(visit) || search.finds_any(&visit.findings)))
        .collect();
    matching.sort_by_key(|&(id, visit)| (Reverse(visit.started), id));
    rows(&matching, window, |&(id, visit)| visit_row(id, visit, context))
}

/// Findings of submitted visits, newest first. Struck ones are not listed.
#[must_use]
pub fn findings(filter: &FindingFilter, window: Window, context: &Context<'_>) -> Rows<FindingRow> {
    let submitted = VisitFilter { stage: Stage::Submitted, ..filter.visit.clone() };
    let mut search = Search::new(&submitted, context);
    let mut matching = Vec::new();
    for (id, visit) in all_visits(context) {
        if !search.fits(visit) {
            continue;
        }
        let found = search.finds(visit);
        for (position, finding) in visit.standing().enumerate() {
            let wanted = finding_fits(filter, finding) && (found || search.finds_in(finding));
            if wanted {
                matching.push((Reverse(visit.started), id, position, visit, finding));
            }
        }
    }
    matching.sort_by_key(|&(started, id, position, ..)| (started, id, position));
    rows(&matching, window, |&(_, id, _, visit, finding)| finding_row(id, visit, finding, context))
}

/// Matters, newest first.
#[must_use]
pub fn matters(window: Window, context: &Context<'_>) -> Rows<MatterRow> {
    let rows_of_matters = context.summaries.iter().filter_map(|(&id, row)| Some((id, row.matter()?)));
    let mut matching: Vec<_> = rows_of_matters.collect();
    matching.sort_by_key(|&(id, matter)| (Reverse(matter.opened), id));
    rows(&matching, window, |&(id, summary)| matter::row(id, summary, context))
}

/// All submitted visits at a unit, oldest first.
#[must_use]
pub fn visits_of_unit(code: &str, context: &Context<'_>) -> Vec<DocumentId> {
    let mut visits: Vec<_> =
        all_visits(context).filter(|(_, visit)| visit.unit == code && is_submitted(visit)).collect();
    visits.sort_by_key(|&(id, visit)| (visit.started, id));
    visits.into_iter().map(|(id, _)| id).collect()
}

fn all_visits<'a>(context: &Context<'a>) -> impl Iterator<Item = (DocumentId, &'a VisitSummary)> + use<'a> {
    context.summaries.iter().filter_map(|(&id, row)| Some((id, row.visit()?)))
}

/// Whether the office is to look at a visit: a disputed one too, since a person must settle it.
fn is_submitted(visit: &VisitSummary) -> bool {
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
    category.is_none_or(|category| taxonomy::is_within(&finding.category, category))
        && filter.severity.is_none_or(|least| finding.severity >= Some(least))
}

/// One search; what it asks about units and people is asked once each.
struct Search<'a> {
    filter: &'a VisitFilter,
    context: &'a Context<'a>,
    text: String,
    below: SortedMap<&'a str, bool>,
    units: SortedMap<&'a str, bool>,
    people: SortedMap<MemberId, bool>,
}

impl<'a> Search<'a> {
    fn new(filter: &'a VisitFilter, context: &'a Context<'a>) -> Self {
        Self {
            filter,
            context,
            text: filter.text.trim().to_lowercase(),
            below: SortedMap::new(),
            units: SortedMap::new(),
            people: SortedMap::new(),
        }
    }

    /// Whether all but the text fits.
    fn fits(&mut self, visit: &'a VisitSummary) -> bool {
        let filter = self.filter;
        (filter.stage == Stage::All || is_submitted(visit))
            && filter.mode.is_none_or(|mode| visit.mode == mode)
            && filter.team.is_none_or(|team| visit.space == team)
            && filter.from.is_none_or(|from| visit.started >= from)
            && filter.until.is_none_or(|until| visit.started < until)
            && filter.unit.as_deref().is_none_or(|unit| self.lies_in(&visit.unit, unit))
    }

    fn lies_in(&mut self, code: &'a str, unit: &str) -> bool {
        let units = self.context.units;
        *self.below.entry(code).or_insert_with(|| code == unit || units.is_below(code, unit))
    }

    /// Whether the text occurs in the visit outside its findings.
    fn finds(&mut self, visit: &'a VisitSummary) -> bool {
        visit.notes.contains(&self.text)
            || self.finds_unit(&visit.unit)
            || visit.authors.iter().any(|&member| self.finds_person(member))
    }

    fn finds_any(&self, findings: &[FindingSummary]) -> bool {
        findings.iter().any(|finding| finding.struck == Struck::Not && self.finds_in(finding))
    }

    fn finds_in(&self, finding: &FindingSummary) -> bool {
        finding.text.contains(&self.text)
    }

    fn finds_unit(&mut self, code: &'a str) -> bool {
        let (text, context) = (&self.text, self.context);
        let found = || {
            context.unit(code).is_some_and(|unit| {
                let mut names = [&unit.code, &unit.name].into_iter().chain(&unit.path);
                names.any(|name| name.to_lowercase().contains(text))
            })
        };
        *self.units.entry(code).or_insert_with(found)
    }

    fn finds_person(&mut self, member: MemberId) -> bool {
        let (text, context) = (&self.text, self.context);
        let found = || context.name(Some(member)).to_lowercase().contains(text);
        *self.people.entry(member).or_insert_with(found)
    }
}

fn visit_row(id: DocumentId, visit: &VisitSummary, context: &Context<'_>) -> VisitRow {
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
        excerpt: visit.excerpt.clone(),
        assignment: visit.assignment,
    }
}

fn finding_row(
    id: DocumentId,
    visit: &VisitSummary,
    finding: &FindingSummary,
    context: &Context<'_>,
) -> FindingRow {
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
        excerpt: finding.excerpt.clone(),
        matters: cited_by(context, id, finding.finding),
    }
}
