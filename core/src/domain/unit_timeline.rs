//! What happened at a unit over the months, from rows alone.

use crate::domain::lists::{self, Search};
use crate::domain::{Context, ReviewState, VisitSummary, limits, matter};
use crate::ids::DocumentId;
use crate::sorted::SortedMap;
use crate::view::{Happened, UnitEvent, UnitTimeline, VisitFilter};
use core::cmp::Reverse;

/// What happened at a unit and at those below it, newest first.
#[must_use]
pub fn timeline(unit: &str, context: &Context<'_>) -> UnitTimeline {
    let filter = VisitFilter { unit: Some(unit.to_owned()), ..VisitFilter::default() };
    let mut search = Search::new(&filter, context);
    let mut events = Vec::new();
    for (id, visit) in lists::all_visits(context).filter(|(_, visit)| search.fits(visit)) {
        events.push((visit.started, id, Row::Visit(visit)));
        if let Some(at) = visit.standing().filter_map(|finding| finding.reviewed).max() {
            events.push((at, id, Row::Review(visit)));
        }
    }
    for (id, row) in lists::all_matters(context).filter(|(_, row)| search.lies_in(&row.unit, unit)) {
        events.push((row.opened, id, Row::Matter(row)));
    }
    events.sort_by_key(|(at, id, _)| (Reverse(*at), *id));
    let total = events.len() as u32;
    events.truncate(limits::MAX_UNIT_EVENTS);
    let event = |(at, id, row): (_, DocumentId, Row<'_>)| UnitEvent { at, what: happened(id, &row, context) };
    UnitTimeline { unit: context.unit(unit), total, events: events.into_iter().map(event).collect() }
}

enum Row<'a> {
    Visit(&'a VisitSummary),
    Review(&'a VisitSummary),
    Matter(&'a crate::domain::MatterSummary),
}

fn happened(id: DocumentId, row: &Row<'_>, context: &Context<'_>) -> Happened {
    match row {
        Row::Visit(visit) => Happened::Visited {
            visit: lists::visit_row(id, visit, context),
            severities: counted(visit.standing().map(|finding| Reverse(finding.severity)))
                .map(|(Reverse(severity), count)| (severity, count))
                .collect(),
        },
        Row::Review(visit) => {
            let states = visit.standing().map(|finding| finding.review);
            let states: Vec<(ReviewState, u32)> = counted(states).collect();
            Happened::Reviewed { visit: id, states }
        }
        Row::Matter(row) => Happened::MatterOpened(matter::row(id, row, context)),
    }
}

/// How often each occurs.
pub(super) fn counted<K: Ord>(all: impl Iterator<Item = K>) -> impl DoubleEndedIterator<Item = (K, u32)> {
    let mut counts = SortedMap::new();
    for one in all {
        *counts.entry(one).or_insert(0) += 1;
    }
    counts.into_iter()
}
