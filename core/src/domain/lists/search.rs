//! Searching rows for a text.

use super::is_submitted;
use crate::domain::summary::{FindingSummary, Struck};
use crate::domain::{Context, MatterSummary, Summary, VisitSummary};
use crate::ids::MemberId;
use crate::sorted::SortedMap;
use crate::view::{Stage, VisitFilter};

/// One search; what it asks about units and people is asked once each.
pub struct Search<'a> {
    filter: &'a VisitFilter,
    context: &'a Context<'a>,
    text: String,
    below: SortedMap<&'a str, bool>,
    units: SortedMap<&'a str, bool>,
    people: SortedMap<MemberId, bool>,
}

impl<'a> Search<'a> {
    pub fn new(filter: &'a VisitFilter, context: &'a Context<'a>) -> Self {
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
    pub fn fits(&mut self, visit: &'a VisitSummary) -> bool {
        let filter = self.filter;
        (filter.stage == Stage::All || is_submitted(visit))
            && filter.mode.is_none_or(|mode| visit.mode == mode)
            && filter.state.is_none_or(|state| visit.state == state)
            && filter.team.is_none_or(|team| visit.space == team)
            && filter.from.is_none_or(|from| visit.started >= from)
            && filter.until.is_none_or(|until| visit.started < until)
            && filter.unit.as_deref().is_none_or(|unit| self.lies_in(&visit.unit, unit))
    }

    /// Whether a unit is `unit`, or lies below it.
    pub fn lies_in(&mut self, code: &'a str, unit: &str) -> bool {
        let units = self.context.units;
        *self.below.entry(code).or_insert_with(|| code == unit || units.is_below(code, unit))
    }

    /// Whether the text occurs in the visit outside its findings.
    pub fn finds(&mut self, visit: &'a VisitSummary) -> bool {
        visit.text.contains(&self.text)
            || self.finds_unit(&visit.unit)
            || visit.authors.iter().any(|&member| self.finds_person(member))
    }

    /// Whether the text occurs in one of the findings that stand.
    pub fn finds_any(&self, findings: &[FindingSummary]) -> bool {
        findings.iter().any(|finding| finding.struck == Struck::Not && self.finds_in(finding))
    }

    /// Whether the text occurs in a finding.
    pub fn finds_in(&self, finding: &FindingSummary) -> bool {
        finding.text.contains(&self.text)
    }

    /// Whether the text occurs in a matter, or in a finding that it cites.
    pub fn finds_matter(&mut self, matter: &'a MatterSummary) -> bool {
        matter.title.to_lowercase().contains(&self.text)
            || matter.place.to_lowercase().contains(&self.text)
            || self.finds_unit(&matter.unit)
            || matter.opened_by.is_some_and(|member| self.finds_person(member))
            || matter.citations.iter().any(|citation| {
                let visit = self.context.summaries.get(&citation.visit).and_then(Summary::visit);
                let mut findings = visit.into_iter().flat_map(|visit| &visit.findings);
                findings.any(|finding| finding.finding == citation.finding && self.finds_in(finding))
            })
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
