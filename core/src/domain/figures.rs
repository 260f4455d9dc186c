//! Figures for charts, counted from rows.

use crate::domain::unit_timeline::counted;
use crate::domain::{Context, ReviewState, limits, lists};
use crate::ids::{DocumentId, ItemId};
use crate::sorted::SortedMap;
use crate::time::Timestamp;
use crate::view::{FiguresView, FindingFilter, IsoWeek, Median, Stage, VisitFilter};
use core::cmp::Reverse;

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;
/// The end of the year 9999: a clock may say anything.
const LATEST_MS: i64 = 253_402_300_799_999;

/// Figures over the findings that a filter lets through, and the visits that its filter of visits does. Weeks begin
/// on Mondays of clocks that are `offset` minutes ahead of universal time.
#[must_use]
pub fn figures(filter: &FindingFilter, offset: i16, context: &Context<'_>) -> FiguresView {
    let submitted = VisitFilter { stage: Stage::Submitted, ..filter.visit.clone() };
    let visits = lists::matching_visits(&submitted, context);
    let found = lists::matching_findings(filter, context);
    let mut by_category: Vec<_> =
        counted(found.iter().map(|found| found.finding.category.as_str())).collect();
    by_category.sort_by_key(|(_, count)| Reverse(*count));
    let mut by_unit: Vec<_> = counted(found.iter().map(|found| found.visit.unit.as_str())).collect();
    by_unit.sort_by_key(|(_, count)| Reverse(*count));
    by_unit.truncate(limits::MAX_UNITS_IN_FIGURES);
    let severities = counted(found.iter().map(|found| Reverse(found.finding.severity)));
    let first_cited = first_cited(context);
    let confirmed = || found.iter().filter(|found| found.finding.review == ReviewState::Confirmed);
    let to_matter = confirmed().map(|found| {
        let cited = first_cited.get(&(found.id, found.finding.finding)).copied();
        (found.finding.reviewed, cited)
    });
    FiguresView {
        visits: visits.len() as u32,
        findings: found.len() as u32,
        by_category: by_category.into_iter().map(|(code, count)| (code.to_owned(), count)).collect(),
        by_unit: by_unit.into_iter().map(|(code, count)| (context.unit(code), count)).collect(),
        by_week: counted(found.iter().map(|found| iso_week(found.visit.started, offset))).collect(),
        by_severity: severities.map(|(Reverse(severity), count)| (severity, count)).collect(),
        to_submitted: median(visits.iter().map(|(_, visit)| (Some(visit.started), visit.submitted))),
        to_read: median(visits.iter().map(|(_, visit)| (visit.submitted, visit.read))),
        to_confirmed: median(confirmed().map(|found| (found.visit.read, found.finding.reviewed))),
        to_matter: median(to_matter),
    }
}

/// When each finding was first cited by a matter.
fn first_cited(context: &Context<'_>) -> SortedMap<(DocumentId, ItemId), Timestamp> {
    let cited =
        lists::all_matters(context).flat_map(|(_, matter)| matter.citations.iter().zip(&matter.cited));
    let mut cited: Vec<_> = cited.map(|(citation, at)| ((citation.visit, citation.finding), *at)).collect();
    cited.sort_unstable();
    cited.dedup_by_key(|(finding, _)| *finding);
    cited.into_iter().collect()
}

/// The median of the times between two moments; cases in which one is missing, or the second comes first, count for
/// nothing. Of two in the middle the mean.
fn median(cases: impl Iterator<Item = (Option<Timestamp>, Option<Timestamp>)>) -> Median {
    let between = |(from, to): (Option<Timestamp>, Option<Timestamp>)| to?.0.checked_sub(from?.0);
    let mut times: Vec<u64> = cases.filter_map(between).collect();
    times.sort_unstable();
    let Some(last) = times.len().checked_sub(1) else { return Median::default() };
    let (low, high) = (times[last / 2], times[times.len() / 2]);
    Median { millis: low + (high - low) / 2, of: times.len() as u32 }
}

/// The week of ISO 8601 in which a moment lies.
fn iso_week(at: Timestamp, offset: i16) -> IsoWeek {
    let local = i64::try_from(at.0).unwrap_or(i64::MAX).min(LATEST_MS) + i64::from(offset) * MINUTE_MS;
    let day = local.div_euclid(DAY_MS);
    // 1 January 1970 was a Thursday; the week belongs to the year in which its Thursday lies.
    let thursday = day - (day + 3).rem_euclid(7) + 3;
    let year = year_of(thursday);
    let week = (thursday - first_day(year)) / 7 + 1;
    IsoWeek { year: u32::try_from(year).unwrap_or_default(), week: week as u32 }
}

fn year_of(day: i64) -> i64 {
    let guess = 1969 + (day * 400).div_euclid(146_097);
    let later = (1..).map(|more| guess + more).take_while(|year| first_day(*year) <= day);
    later.last().unwrap_or(guess)
}

/// The day on which a year begins, counted from 1 January 1970.
fn first_day(year: i64) -> i64 {
    let before = year - 1;
    let leaps = |year: i64| year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    (year - 1970) * 365 + leaps(before) - leaps(1969)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_those_of_iso_8601() {
        let week = |day: i64, offset| {
            let IsoWeek { year, week } = iso_week(Timestamp((day * DAY_MS) as u64), offset);
            (year, week)
        };
        assert_eq!(week(0, 0), (1970, 1));
        assert_eq!(week(first_day(2021), 0), (2020, 53), "1 January 2021 was a Friday");
        assert_eq!(week(first_day(2024), 0), (2024, 1), "1 January 2024 was a Monday");
        assert_eq!(week(first_day(2025) - 2, 0), (2025, 1), "30 December 2024 was a Monday");
        assert_eq!(week(first_day(2024) - 1, 0), (2023, 52));
        let evening = Timestamp((first_day(2024) * DAY_MS) as u64 - 3_600_000);
        assert_eq!(iso_week(evening, 480), IsoWeek { year: 2024, week: 1 }, "already Monday in the east");
        assert_eq!(week(20_779, 0), (2026, 47), "22 November 2026 is a Sunday");
    }

    #[test]
    fn a_median_says_how_many_cases_it_rests_on() {
        let case = |from: u64, to: u64| (Some(Timestamp(from)), Some(Timestamp(to)));
        let cases = [case(0, 9), case(5, 4), (None, Some(Timestamp(1))), case(0, 1), case(1, 4), case(0, 5)];
        assert_eq!(median(cases.into_iter()), Median { millis: 4, of: 4 });
        assert_eq!(median([].into_iter()), Median::default());
    }
}
