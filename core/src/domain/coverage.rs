//! How far assignments have been carried out: derived from the rows of visits, never stored.

use crate::domain::summary::AssignmentSummary;
use crate::domain::{AssignmentState, Context, VisitState, VisitSummary, assignment, limits};
use crate::ids::{DocumentId, SpaceId};
use crate::sorted::SortedMap;
use crate::time::Timestamp;
use crate::view::{
    AssignmentFilter, AssignmentRow, AssignmentStage, CoverageRow, CoverageView, Covered, Rows, Totals,
    UnitCoverage, Window,
};

/// The visits of this device, by team and unit.
pub struct Visited<'a>(Vec<(SpaceId, &'a str, DocumentId, &'a VisitSummary)>);

impl<'a> Visited<'a> {
    /// Sorts the visits that are not voided.
    #[must_use]
    pub fn new(context: &Context<'a>) -> Self {
        let visits = context.summaries.iter().filter_map(|(&id, row)| {
            let visit = row.visit()?;
            let counts = !visit.unit.is_empty() && visit.state != VisitState::Voided;
            counts.then_some((visit.space, visit.unit.as_str(), id, visit))
        });
        let mut visits: Vec<_> = visits.collect();
        visits.sort_unstable_by_key(|&(space, unit, id, visit)| (space, unit, visit.started, id));
        Self(visits)
    }

    /// The visits to a unit that count for an assignment, oldest first: those begun from it, and those of its team
    /// between its dates. A visit that found something is not the look-back on it, nor the other way round.
    fn counting(
        &self,
        id: DocumentId,
        of: &AssignmentSummary,
        unit: &str,
    ) -> impl Iterator<Item = (DocumentId, &'a VisitSummary)> {
        let place = |&(space, other, ..): &(SpaceId, &str, _, _)| (space, other).cmp(&(of.space, unit));
        let first = self.0.partition_point(|visit| place(visit).is_lt());
        let dates = of.content.from..of.content.until;
        let looks_back = of.content.mode.looks_back();
        let fits = move |visit: &VisitSummary| {
            dates.contains(&visit.started) && visit.mode.looks_back() == looks_back
        };
        self.0[first..]
            .iter()
            .take_while(move |visit| (visit.0, visit.1) == (of.space, unit))
            .filter(move |(.., visit)| visit.assignment == Some(id) || fits(visit))
            .map(|&(_, _, id, visit)| (id, visit))
    }

    /// How far a unit of an assignment has come.
    #[must_use]
    pub fn covered(&self, id: DocumentId, of: &AssignmentSummary, unit: &str) -> Covered {
        let states = self.counting(id, of, unit).map(|(_, visit)| match visit.state {
            VisitState::Draft => Covered::Begun,
            _ => Covered::Visited,
        });
        states.max().unwrap_or_default()
    }

    /// How far an assignment has come, unit by unit in its order.
    #[must_use]
    pub fn units(&self, id: DocumentId, of: &AssignmentSummary, context: &Context<'_>) -> Vec<UnitCoverage> {
        let unit = |code: &String| {
            Some(UnitCoverage {
                unit: context.unit(code)?,
                team: of.space,
                covered: self.covered(id, of, code),
                visits: self.counting(id, of, code).map(|(id, _)| id).collect(),
                findings: self.findings(id, of, code),
            })
        };
        of.content.units.iter().filter_map(unit).collect()
    }

    /// How many findings that are not struck out the visits handed in have.
    fn findings(&self, id: DocumentId, of: &AssignmentSummary, unit: &str) -> u32 {
        let handed_in = self.counting(id, of, unit).filter(|(_, visit)| visit.state != VisitState::Draft);
        handed_in.map(|(_, visit)| visit.standing().count() as u32).sum()
    }

    /// How far an assignment has come, in numbers.
    #[must_use]
    pub fn totals(&self, id: DocumentId, of: &AssignmentSummary) -> Totals {
        let mut totals = Totals::default();
        for unit in &of.content.units {
            totals.add(self.covered(id, of, unit), self.findings(id, of, unit));
        }
        totals
    }
}

impl Totals {
    fn add(&mut self, covered: Covered, findings: u32) {
        self.units += 1;
        self.visited += u32::from(covered == Covered::Visited);
        self.begun += u32::from(covered == Covered::Begun);
        self.with_findings += u32::from(findings > 0);
    }
}

/// Every assignment of this device.
fn all<'a>(context: &Context<'a>) -> impl Iterator<Item = (DocumentId, &'a AssignmentSummary)> + use<'a> {
    context.summaries.iter().filter_map(|(&id, row)| Some((id, row.assignment()?)))
}

fn stage(of: &AssignmentSummary, now: Timestamp) -> AssignmentStage {
    match of.state {
        AssignmentState::Withdrawn => AssignmentStage::Withdrawn,
        _ if of.content.until <= now => AssignmentStage::Over,
        _ => AssignmentStage::Open,
    }
}

/// Assignments: the open ones first, and of these those that end soonest; then the others, newest first.
#[must_use]
pub fn assignments(
    filter: &AssignmentFilter,
    window: Window,
    now: Timestamp,
    context: &Context<'_>,
) -> Rows<AssignmentRow> {
    let fits = |of: &AssignmentSummary| {
        filter.team.is_none_or(|team| of.space == team)
            && (filter.stage == AssignmentStage::All || filter.stage == stage(of, now))
            && filter.unit.as_ref().is_none_or(|unit| of.content.units.contains(unit))
    };
    let mut matching: Vec<_> = all(context).filter(|(_, of)| fits(of)).collect();
    matching.sort_by_key(|&(id, of)| {
        let is_open = stage(of, now) == AssignmentStage::Open;
        let until = of.content.until.0;
        (!is_open, if is_open { until } else { u64::MAX - until }, id)
    });
    let visited = Visited::new(context);
    super::lists::rows(&matching, window, |&(id, of)| assignment::row(id, of, &visited, context))
}

/// The units that open assignments of this device still wait to be visited, each with those assignments.
#[must_use]
pub fn waiting(now: Timestamp, context: &Context<'_>) -> Vec<(String, Vec<DocumentId>)> {
    let visited = Visited::new(context);
    let mut units: SortedMap<String, Vec<DocumentId>> = SortedMap::new();
    for (id, of) in all(context).filter(|(_, of)| stage(of, now) == AssignmentStage::Open) {
        for unit in &of.content.units {
            if visited.covered(id, of, unit) != Covered::Visited {
                units.entry(unit.clone()).or_default().push(id);
            }
        }
    }
    units.into_iter().collect()
}

/// How far all assignments between two moments have come, by area and team, and unit by unit for a map.
///
/// An area is what a unit's nearest ancestor is; a unit without one is its own. A unit that several assignments give
/// to one team counts once, with the best that came of it.
#[must_use]
pub fn coverage(from: Timestamp, until: Timestamp, context: &Context<'_>) -> CoverageView {
    let visited = Visited::new(context);
    let overlaps = |of: &AssignmentSummary| {
        of.state != AssignmentState::Withdrawn && of.content.from < until && from < of.content.until
    };
    let mut units: SortedMap<(SpaceId, String), UnitCoverage> = SortedMap::new();
    for (id, of) in all(context).filter(|(_, of)| overlaps(of)) {
        for unit in visited.units(id, of, context) {
            let key = (of.space, unit.unit.code.clone());
            let known = units.entry(key).or_insert_with(|| unit.clone());
            known.covered = known.covered.max(unit.covered);
            known.findings = known.findings.max(unit.findings);
            known.visits.extend(unit.visits);
            known.visits.sort_unstable();
            known.visits.dedup();
        }
    }
    let mut areas: SortedMap<(String, SpaceId), Totals> = SortedMap::new();
    let mut totals = Totals::default();
    for ((team, code), unit) in &units {
        let area = context.units.parent(code).unwrap_or_else(|| code.clone());
        areas.entry((area, *team)).or_default().add(unit.covered, unit.findings);
        totals.add(unit.covered, unit.findings);
    }
    let areas = areas.into_iter().filter_map(|((area, team), totals)| {
        let team_name = context.team_name(team);
        Some(CoverageRow { area: context.unit(&area)?, team, team_name, totals })
    });
    let unplaced = units.values().filter(|unit| unit.unit.place.is_none()).count() as u32;
    let placed = units.into_values().filter(|unit| unit.unit.place.is_some());
    let placed = placed.take(limits::MAX_MAP_UNITS).collect();
    CoverageView { totals, areas: areas.collect(), units: placed, unplaced }
}
